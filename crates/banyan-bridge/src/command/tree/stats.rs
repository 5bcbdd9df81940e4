//! `banyan tree stats`

mod problem;

use std::{collections::BTreeMap, path::PathBuf};

use banyan_kin::{Ages, Genealogy, NameCount, Statistics};
use serde::Serialize;

use self::problem::ProblemRow;
use crate::command::print::{self, Align};

/// Say how people of a family file lived, how complete it is, and what in it cannot be.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A GEDCOM file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let report = Report::new(&super::genealogy(&args.file)?);
    if args.json {
        return Ok(serde_json::to_string_pretty(&report)? + "\n");
    }
    Ok(readable(&report))
}

/// The JSON of figures and problems; see `docs/json.md`.
#[derive(Serialize)]
struct Report {
    #[serde(flatten)]
    statistics: Statistics,
    problems: Vec<ProblemRow>,
}

impl Report {
    fn new(genealogy: &Genealogy) -> Self {
        let problems = genealogy.problems();
        let row = |problem| ProblemRow::new(genealogy, problem);
        Self { statistics: genealogy.statistics(), problems: problems.iter().map(row).collect() }
    }
}

fn readable(report: &Report) -> String {
    let statistics = &report.statistics;
    let count = |number: u32| print::count(u64::from(number));
    let share = |number: u32| {
        let of = f64::from(statistics.persons.max(1));
        format!("{} ({})", count(number), print::percent(f64::from(number) / of))
    };
    let known = &statistics.completeness;
    let per_union =
        statistics.children_per_union.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.2}"));
    let facts = [
        ("persons", count(statistics.persons)),
        ("men", share(statistics.men)),
        ("women", share(statistics.women)),
        ("unions", count(statistics.unions)),
        ("children per union", per_union),
        ("generations", count(statistics.generations)),
        ("named", share(known.name)),
        ("sex known", share(known.sex)),
        ("birth dated", share(known.birth)),
        ("birth place known", share(known.birth_place)),
        ("known to be dead", share(known.death)),
        ("death dated", share(known.death_date)),
        ("a parent known", share(known.parents)),
        ("both parents known", share(known.both_parents)),
        ("with a source", share(known.source)),
    ];
    let ages = [
        ("at death", &statistics.life_spans),
        ("men at death", &statistics.life_spans_men),
        ("women at death", &statistics.life_spans_women),
        ("men at marriage", &statistics.marriage_age_men),
        ("women at marriage", &statistics.marriage_age_women),
        ("men at first child", &statistics.first_child_age_men),
        ("women at first child", &statistics.first_child_age_women),
    ];
    let ages = ages.map(|(what, ages)| age_row(what.to_owned(), ages, None));
    let centuries = statistics.centuries.iter().map(|century| {
        let name = match century.century {
            number if number < 0 => format!("born {} century BC", ordinal(number.unsigned_abs())),
            number => format!("born {} century", ordinal(number.unsigned_abs())),
        };
        age_row(name, &century.life_spans, Some(century.born))
    });
    let age_columns = [
        ("ages in years", Align::Left),
        ("persons", Align::Right),
        ("known", Align::Right),
        ("mean", Align::Right),
        ("median", Align::Right),
        ("least", Align::Right),
        ("most", Align::Right),
    ];
    let rows: Vec<Vec<String>> = ages.into_iter().chain(centuries).collect();
    format!(
        "{}\n{}\n{}{}{}{}\n{}",
        print::pairs(&facts),
        print::table(&age_columns, &rows),
        names("given names", &statistics.given_names),
        names("surnames", &statistics.surnames),
        names("places of birth", &statistics.spread.birth_places),
        names("generation words", &statistics.spread.generation_words),
        problems(&report.problems)
    )
}

fn age_row(what: String, ages: &Ages, persons: Option<u32>) -> Vec<String> {
    let number = |number: Option<u32>| number.map_or_else(|| "-".to_owned(), |n| n.to_string());
    vec![
        what,
        number(persons),
        ages.count.to_string(),
        ages.mean.map_or_else(|| "-".to_owned(), |mean| format!("{mean:.1}")),
        number(ages.median),
        number(ages.least),
        number(ages.most),
    ]
}

/// "1st", "2nd", "21st".
fn ordinal(number: u32) -> String {
    let ending = match (number % 10, number % 100) {
        (_, 11..=13) => "th",
        (1, _) => "st",
        (2, _) => "nd",
        (3, _) => "rd",
        _ => "th",
    };
    format!("{number}{ending}")
}

fn names(what: &str, names: &[NameCount]) -> String {
    const SHOWN: usize = 10;
    let shown = names.iter().take(SHOWN);
    let shown: Vec<String> =
        shown.map(|name| format!("{} {}", print::plain(&name.name), name.persons)).collect();
    format!("{what}: {}\n", if shown.is_empty() { "-".to_owned() } else { shown.join(", ") })
}

/// The first of each kind, with how many more there are.
fn problems(rows: &[ProblemRow]) -> String {
    const SHOWN_OF_EACH: usize = 5;
    if rows.is_empty() {
        return "no problems\n".into();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut text = format!("problems: {}\n", print::count(rows.len() as u64));
    for row in rows {
        let seen = counts.entry(row.kind).or_default();
        *seen += 1;
        if *seen <= SHOWN_OF_EACH {
            text += &format!("  {}\n", print::plain(&row.text));
        }
    }
    for (kind, seen) in counts.iter().filter(|(_, seen)| **seen > SHOWN_OF_EACH) {
        text += &format!("... and {} more of {kind}\n", seen - SHOWN_OF_EACH);
    }
    text
}
