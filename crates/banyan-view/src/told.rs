//! Details and findings in the words of a language, as the page shows them: it writes numbers and
//! times by the reader's habits, and knows no more of what they mean.

use banyan_layout::geometry::{Point, Rect};
use banyan_topology::{Severity, Topology};
use serde::{Deserialize, Serialize};

use crate::{
    Details, Kinship, Label, Section, Value, View, Words, World,
    findings::{self, ToldFinding, code, markdown, severity_key, tell},
    texts::Language,
};

/// Everything about one node.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldDetails {
    pub title: String,
    pub subtitle: String,
    pub sections: Vec<ToldSection>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldSection {
    /// Empty for the first section.
    pub heading: String,
    /// Shown when somebody asks for it.
    pub is_folded: bool,
    /// Of a finding: how bad it is.
    pub severity: Option<Severity>,
    pub rows: Vec<ToldRow>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldRow {
    pub label: String,
    /// What the label means; empty for most.
    pub hint: String,
    pub value: Value,
    /// What people copy into a terminal.
    pub is_code: bool,
    /// What the row is about, to go there.
    pub place: Option<Place>,
    /// The length of a bar before the value, in thousandths of the longest.
    pub share: Option<u32>,
    /// The token of the bar's colour, and of a mark before it; empty for the usual one.
    pub ink: String,
}

impl ToldRow {
    pub const fn new(label: String, value: Value) -> Self {
        Self {
            label,
            hint: String::new(),
            value,
            is_code: false,
            place: None,
            share: None,
            ink: String::new(),
        }
    }
}

/// Something in one of the views: a node, or all persons of a colour (see [`FamilyWorld::light`]).
///
/// [`FamilyWorld::light`]: crate::FamilyWorld::light
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Place {
    pub view: View,
    /// See [`World::id_of`]; of a colour `@` and its place in the legend, which no record is called; of
    /// a family that is kept [`crate::kept::OPEN`] or [`crate::kept::FORGET`], the digest, a colon and
    /// the name.
    pub id: String,
}

/// What one person is to another; see [`Kinship`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldKinship {
    pub details: ToldDetails,
    pub way: u32,
    pub ways: u32,
    /// World units.
    pub boxes: Vec<Rect>,
    pub lines: Vec<Vec<Point>>,
}

impl ToldKinship {
    /// Around everybody on the way, in world units.
    pub fn bounds(&self) -> Rect {
        self.boxes.iter().copied().reduce(|all, rect| all.union(&rect)).unwrap_or_default()
    }
}

/// What is wrong with a target, or figures about a family and what is wrong with it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToldFindings {
    /// How many there are, in a few words; of figures the title.
    pub badge: String,
    /// The worst.
    pub severity: Option<Severity>,
    pub sections: Vec<ToldSection>,
    /// What was looked at, and what could not be.
    pub notes: Vec<String>,
    pub markdown: String,
}

/// The details of `node` of `world`, which `view` shows.
pub fn tell_details(
    details: Details,
    world: &dyn World,
    view: View,
    language: Language,
) -> ToldDetails {
    let words = &Words::of(language);
    let sections = details.sections.into_iter().map(|section| {
        let Section { heading, title, is_folded, rows } = section;
        let heading = title.or_else(|| Some(label(heading?, language)));
        let rows = rows.into_iter().map(|row| {
            let place = row.node.map(|node| Place { view, id: world.id_of(node) });
            ToldRow { place, ..tell_row(row.label, row.value, words, language) }
        });
        ToldSection {
            heading: heading.unwrap_or_default(),
            is_folded,
            severity: None,
            rows: rows.collect(),
        }
    });
    let sections = sections.collect();
    ToldDetails { title: details.title, subtitle: details.subtitle, sections }
}

/// A relation as a sentence, with all that is known of it; or the question for the other person.
pub fn tell_kinship(
    kinship: Kinship,
    world: &dyn World,
    view: View,
    language: Language,
) -> ToldKinship {
    let Kinship {
        from,
        to,
        is_one,
        english,
        chinese,
        way,
        ways,
        sections,
        boxes,
        lines,
        absent: _,
    } = kinship;
    let term = match language {
        Language::English => english,
        Language::Chinese => chinese,
    };
    let key = if ways == 0 { "kin_none" } else { "kin_is" };
    let title = if is_one {
        from
    } else {
        language.say(key, &[("term", &term), ("from", &from), ("to", &to)])
    };
    let (number, count) = ((way + 1).to_string(), ways.to_string());
    let subtitle = match ways {
        _ if is_one => language.say("kin_ask", &[]),
        0 | 1 => String::new(),
        _ => language.say("kin_way", &[("way", &number), ("ways", &count)]),
    };
    let details = Details { id: String::new(), title, subtitle, sections };
    let details = tell_details(details, world, view, language);
    ToldKinship { details, way, ways, boxes, lines }
}

fn label(label: Label, language: Language) -> String {
    language.text(&format!("label_{}", label.key())).unwrap_or_default().to_owned()
}

fn tell_row(name: Label, value: Value, words: &Words, language: Language) -> ToldRow {
    let hint = language.text(&format!("hint_{}", name.key())).unwrap_or_default().to_owned();
    let row = |label, value| ToldRow { hint, is_code: is_code(name), ..ToldRow::new(label, value) };
    match value {
        Value::Word(word) => row(label(name, language), Value::Text(words.get(word).to_owned())),
        Value::Say(key) => {
            let text = language.text(&key).unwrap_or_default();
            row(label(name, language), Value::Text(text.to_owned()))
        }
        Value::Fact(fact) => {
            let label = language.text(&format!("evidence_{}", fact.name));
            let label = label.unwrap_or(&fact.name).to_owned();
            row(label, findings::value(&fact, language))
        }
        Value::Share(key, share) => {
            row(language.text(&key).unwrap_or_default().to_owned(), Value::PerMille(share))
        }
        Value::Named(label, value) => row(label, Value::Text(value)),
        value => row(label(name, language), value),
    }
}

/// What people copy into a terminal.
const fn is_code(name: Label) -> bool {
    matches!(
        name,
        Label::Address
            | Label::LastCommand
            | Label::Flags
            | Label::Prefix
            | Label::Record
            | Label::TcpState
            | Label::Named
    )
}

/// Everything that is wrong, and `notes` on what was looked at.
pub fn tell_findings(topology: &Topology, notes: Vec<String>, language: Language) -> ToldFindings {
    let told: Vec<ToldFinding> =
        topology.findings.iter().map(|finding| tell(finding, topology, language)).collect();
    let of = |severity| told.iter().filter(|it| it.severity == severity).count().to_string();
    let badge = match told.len() {
        0 => language.text("badge_none").unwrap_or_default().to_owned(),
        _ => {
            let counts = [
                (Severity::Critical, "severity_critical"),
                (Severity::Warning, "severity_warning"),
                (Severity::Notice, "severity_notice"),
            ];
            let parts = counts.into_iter().filter_map(|(severity, key)| {
                let count = of(severity);
                (count != "0")
                    .then(|| format!("{} {count}", language.text(key).unwrap_or_default()))
            });
            parts.collect::<Vec<_>>().join(" · ")
        }
    };
    ToldFindings {
        badge,
        severity: told.iter().map(|finding| finding.severity).min(),
        markdown: markdown(&told, language, as_text),
        sections: told.into_iter().map(|finding| section(finding, language)).collect(),
        notes,
    }
}

fn section(finding: ToldFinding, language: Language) -> ToldSection {
    let severity = language.text(severity_key(finding.severity)).unwrap_or_default();
    let row = |name: Label, value| ToldRow::new(label(name, language), value);
    let mut rows =
        vec![ToldRow { place: finding.place, ..row(Label::Subject, Value::Text(finding.subject)) }];
    rows.push(row(Label::Why, Value::Text(finding.explanation)));
    rows.extend(finding.evidence.into_iter().map(|(label, value)| ToldRow::new(label, value)));
    rows.push(row(Label::Remedy, Value::Text(finding.remedy)));
    ToldSection {
        heading: format!("{severity}{}{}", language.text("colon").unwrap_or(": "), finding.title),
        is_folded: false,
        severity: Some(finding.severity),
        rows,
    }
}

/// Sections as Markdown, to paste into an issue or notes.
pub(crate) fn as_markdown(
    title: &str,
    sections: &[ToldSection],
    notes: &[String],
    language: Language,
) -> String {
    let colon = language.say("colon", &[]);
    let mut out = format!("## {title}\n");
    for section in sections {
        if !section.heading.is_empty() {
            out += &format!("\n### {}\n", section.heading);
        }
        out.push('\n');
        for row in &section.rows {
            let value = as_text(&row.value);
            // Only where a row leads somewhere does the file say what stands there.
            let (label, value) = match row.place {
                Some(_) => (code(&row.label), code(&value)),
                None => (row.label.clone(), value),
            };
            out += &format!("- {label}{colon}{value}\n");
        }
    }
    notes.iter().for_each(|note| out += &format!("\n{note}\n"));
    out
}

/// A value for Markdown, where no browser writes numbers.
fn as_text(value: &Value) -> String {
    match value {
        Value::Text(text) => text.clone(),
        Value::Count(count) => crate::figures::count(*count),
        Value::Bytes(bytes) => crate::figures::bytes(*bytes),
        Value::Seconds(secs) => format!("{secs} s"),
        Value::PerMille(permille) => crate::figures::percent(u64::from(*permille), 1000),
        _ => String::new(),
    }
}
