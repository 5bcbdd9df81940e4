//! `banyan tree kin`

use std::path::PathBuf;

use anyhow::bail;
use banyan_kin::{
    Genealogy, Limits, PersonId, Relation, Way,
    relation::{Shape, StepKind, chinese, english},
};
use serde::Serialize;

use crate::command::print;

/// Say how two persons of a family file are related.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A GEDCOM file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// The person who asks: the identifier of a record (I115) or a name that only one person has.
    #[arg(value_name = "A")]
    from: String,

    /// The person whose relation to A is named.
    #[arg(value_name = "B")]
    to: String,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let genealogy = super::genealogy(&args.file)?;
    let (from, to) = (person(&genealogy, &args.from)?, person(&genealogy, &args.to)?);
    let relation = genealogy.relate(from, to, Limits::default());
    let report = Report::new(&genealogy, from, to, &relation);
    if args.json {
        return Ok(serde_json::to_string_pretty(&report)? + "\n");
    }
    Ok(readable(&report))
}

/// The person that somebody means.
fn person(genealogy: &Genealogy, words: &str) -> anyhow::Result<PersonId> {
    if let Some(person) = genealogy.person_by_xref(words) {
        return Ok(person);
    }
    let found = genealogy.search(words, 6);
    let exact: Vec<PersonId> = found
        .iter()
        .copied()
        .filter(|&id| genealogy.display_name(id).eq_ignore_ascii_case(words))
        .collect();
    match (exact.as_slice(), found.as_slice()) {
        (&[person], _) | ([], &[person]) => Ok(person),
        ([], []) => bail!("nobody here is called {words:?}, and no record has this identifier"),
        _ => {
            let who = |&id: &PersonId| {
                let name = genealogy.display_name(id);
                let row = format!("{}  {name} {}", genealogy.xref(id), genealogy.life_span(id));
                format!("  {}", print::plain(&row))
            };
            let names: Vec<String> = found.iter().take(5).map(who).collect();
            bail!("several persons are called {words:?}; use an identifier:\n{}", names.join("\n"))
        }
    }
}

/// The JSON of a relation; see `docs/json.md`.
#[derive(Serialize)]
struct Report {
    from: PersonRow,
    to: PersonRow,
    related: bool,
    english: Option<String>,
    chinese: Option<String>,
    chinese_also: Vec<String>,
    /// The way that the names above are of.
    way: Option<WayRow>,
    /// Names of further ways between the two.
    others: Vec<Named>,
    kinship: Option<f64>,
    loops: usize,
    blood: Vec<WayRow>,
    more_blood: bool,
    shortest: Vec<WayRow>,
    more_shortest: bool,
}

#[derive(Serialize)]
pub(super) struct PersonRow {
    id: String,
    name: String,
    life: String,
}

impl PersonRow {
    pub(super) fn new(genealogy: &Genealogy, id: PersonId) -> Self {
        Self {
            id: genealogy.xref(id).to_owned(),
            name: genealogy.display_name(id),
            life: genealogy.life_span(id),
        }
    }
}

#[derive(Clone, PartialEq, Serialize)]
struct Named {
    english: String,
    chinese: String,
}

#[derive(Serialize)]
struct WayRow {
    #[serde(flatten)]
    named: Named,
    /// The ancestors where a way of blood turns: a couple, or one alone.
    common_ancestors: Vec<String>,
    up: usize,
    down: usize,
    steps: Vec<StepRow>,
}

#[derive(Serialize)]
struct StepRow {
    step: &'static str,
    id: String,
    name: String,
}

impl Report {
    fn new(genealogy: &Genealogy, from: PersonId, to: PersonId, relation: &Relation) -> Self {
        let row = |id: PersonId| PersonRow::new(genealogy, id);
        let named = |way: &Way| {
            let shape = Shape::of(genealogy, from, way);
            Named { english: english::name(&shape), chinese: chinese::name(&shape).name }
        };
        let ways = |ways: &[Way]| ways.iter().map(|way| way_row(genealogy, from, way)).collect();
        let principal = relation.principal().map(|way| Shape::of(genealogy, from, way));
        let term = principal.as_ref().map(chinese::name);
        Self {
            from: row(from),
            to: row(to),
            related: principal.is_some(),
            english: principal.as_ref().map(english::name),
            chinese: term.as_ref().map(|term| term.name.clone()),
            chinese_also: term.map(|term| term.also).unwrap_or_default(),
            way: relation.principal().map(|way| way_row(genealogy, from, way)),
            others: names(relation.others(genealogy, from).into_iter().map(named)),
            kinship: relation.kinship,
            loops: relation.loops,
            blood: ways(&relation.blood),
            more_blood: relation.has_more_blood,
            shortest: ways(&relation.shortest),
            more_shortest: relation.has_more_shortest,
        }
    }
}

/// The first few, each once: of persons with thousands of common ancestors the rest is a crowd.
fn names(all: impl Iterator<Item = Named>) -> Vec<Named> {
    const MOST: usize = 8;
    let mut names: Vec<Named> = Vec::new();
    for name in all {
        if names.len() < MOST && !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn way_row(genealogy: &Genealogy, from: PersonId, way: &Way) -> WayRow {
    let shape = Shape::of(genealogy, from, way);
    let legs = way.blood_legs();
    let tops = legs.map(|_| [Some(way.top(from)), way.other_top]);
    let (up, down) = legs.unwrap_or_default();
    let row = |step: &banyan_kin::relation::Step| StepRow {
        step: match step.kind {
            StepKind::Up { .. } => "parent",
            StepKind::Down { .. } => "child",
            StepKind::Across => "partner",
        },
        id: genealogy.xref(step.to).to_owned(),
        name: genealogy.display_name(step.to),
    };
    WayRow {
        named: Named { english: english::name(&shape), chinese: chinese::name(&shape).name },
        common_ancestors: (tops.into_iter().flatten().flatten())
            .map(|id| genealogy.xref(id).to_owned())
            .collect(),
        up,
        down,
        steps: way.steps.iter().map(row).collect(),
    }
}

fn readable(report: &Report) -> String {
    let person = |row: &PersonRow| print::plain(&format!("{} {} ({})", row.name, row.life, row.id));
    let mut facts = vec![("from", person(&report.from)), ("to", person(&report.to))];
    match (&report.english, &report.chinese) {
        (Some(english), Some(chinese)) => {
            let also = report.chinese_also.join("、");
            let also = if also.is_empty() { also } else { format!("（{also}）") };
            facts.push(("relation", english.clone()));
            facts.push(("称谓", format!("{chinese}{also}")));
        }
        _ => facts.push(("relation", "none that the file knows".to_owned())),
    }
    for other in &report.others {
        facts.push(("also", format!("{} {}", other.english, other.chinese)));
    }
    if let Some(kinship) = report.kinship.filter(|kinship| *kinship > 0.0) {
        facts.push(("kinship", format!("{kinship:.6}")));
        let more = if report.more_blood { " or more" } else { "" };
        facts.push(("loops", format!("{}{more}", report.loops)));
    }
    let mut text = print::pairs(&facts);
    if let Some(way) = &report.way {
        text.push('\n');
        for step in &way.steps {
            let who = print::plain(&format!("{} ({})", step.name, step.id));
            text += &format!("  {:<8} {who}\n", step.step);
        }
    }
    text
}
