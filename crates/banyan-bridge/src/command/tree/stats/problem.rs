//! A problem as a row of JSON.

use banyan_kin::{Genealogy, PersonId, Problem, ProblemKind};
use banyan_view::{Language, family::problem_sentence};
use serde::Serialize;

use super::super::kin::PersonRow;

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
        let name = |id: PersonId| {
            let name = genealogy.display_name(id);
            let name = if name.is_empty() { "?".to_owned() } else { name };
            format!("{name} ({})", genealogy.stable_id(id))
        };
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
            text: problem_sentence(problem, Language::English, &name),
        }
    }
}
