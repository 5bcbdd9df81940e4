//! A problem as a row of JSON and as a sentence.

use banyan_kin::{Genealogy, PersonId, Problem, ProblemKind};
use serde::Serialize;

use super::super::kin::PersonRow;

/// Longer lists of persons are cut in the sentence.
const NAMED: usize = 4;

#[derive(Serialize)]
pub(super) struct ProblemRow {
    pub(super) kind: &'static str,
    persons: Vec<PersonRow>,
    /// The identifier of the family's record.
    family: Option<String>,
    /// Years of an age, or generations.
    number: Option<i32>,
    word: Option<char>,
    pub(super) text: String,
}

impl ProblemRow {
    pub(super) fn new(genealogy: &Genealogy, problem: &Problem) -> Self {
        let union = problem.union.and_then(|union| genealogy.union(union));
        let (number, word) = match problem.kind {
            ProblemKind::ParentTooYoung { age } | ProblemKind::MotherTooOld { age } => {
                (Some(age), None)
            }
            ProblemKind::GenerationsOff { generations } => (Some(generations), None),
            ProblemKind::OtherGenerationWord { word } => (None, Some(word)),
            _ => (None, None),
        };
        Self {
            kind: problem.kind.code(),
            persons: problem.persons.iter().map(|&id| PersonRow::new(genealogy, id)).collect(),
            family: union
                .map(|union| genealogy.texts.get(union.xref).to_owned())
                .filter(|xref| !xref.is_empty()),
            number,
            word,
            text: sentence(genealogy, problem),
        }
    }
}

fn sentence(genealogy: &Genealogy, problem: &Problem) -> String {
    let name = |id: &PersonId| {
        let name = genealogy.display_name(*id);
        let name = if name.is_empty() { "?".to_owned() } else { name };
        format!("{name} ({})", genealogy.stable_id(*id))
    };
    let one = problem.persons.first().map(name).unwrap_or_default();
    let other = problem.persons.get(1).map(name).unwrap_or_default();
    let mut all: Vec<String> = problem.persons.iter().take(NAMED).map(name).collect();
    if problem.persons.len() > NAMED {
        all.push(format!("{} more", problem.persons.len() - NAMED));
    }
    let all = all.join(", ");
    let years = |age: i32| if age == 1 { "1 year".to_owned() } else { format!("{age} years") };
    match problem.kind {
        ProblemKind::OwnAncestor => format!("own ancestors: {all}"),
        ProblemKind::DiedBeforeBorn => format!("{one} died before being born"),
        ProblemKind::BornAfterMotherDied => {
            format!("{one} was born after {other}, the mother, died")
        }
        ProblemKind::BornAfterFatherDied => {
            format!("{one} was born long after {other}, the father, died")
        }
        ProblemKind::ParentTooYoung { age } if age < 0 => {
            format!("{one} was born after {other}, their child")
        }
        ProblemKind::ParentTooYoung { age } => {
            format!("{one} was at most {} old when {other} was born", years(age))
        }
        ProblemKind::MotherTooOld { age } => {
            format!("{one} was at least {} old when {other} was born", years(age))
        }
        ProblemKind::MarriedBeforeBorn => format!("{one} married before being born"),
        ProblemKind::MarriedAfterDeath => format!("{one} married after death"),
        ProblemKind::GenerationsOff { generations } => {
            let ending = if generations == 1 { "" } else { "s" };
            format!("{one} and {other} stand {generations} generation{ending} off by other lines")
        }
        ProblemKind::OtherGenerationWord { word } => {
            format!("{one} lacks the word of the generation, {word}")
        }
        ProblemKind::SameNameAndBirth => format!("perhaps the same: {all}"),
    }
}
