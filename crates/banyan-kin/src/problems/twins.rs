//! Persons who are probably the same: one name, one year of birth.

use super::{Problem, ProblemKind};
use crate::{
    fold::fold,
    genealogy::Genealogy,
    person::{PersonId, Sex},
};

pub(super) fn find(genealogy: &Genealogy, problems: &mut Vec<Problem>) {
    let mut named: Vec<(i32, String, PersonId)> = Vec::new();
    for id in genealogy.person_ids() {
        let Some(year) = genealogy.born(id).year() else { continue };
        // Half a name is anybody's.
        let Some(name) = genealogy.names(id).first() else { continue };
        if !name.given.is_empty() && !name.surname.is_empty() {
            named.push((year, fold(&genealogy.display_name(id)), id));
        }
    }
    named.sort_unstable();
    for same in named.chunk_by(|a, b| (a.0, &a.1) == (b.0, &b.1)) {
        let persons: Vec<PersonId> = same.iter().map(|&(_, _, id)| id).collect();
        let has =
            |sex| persons.iter().any(|&id| genealogy.person(id).is_some_and(|p| p.sex == sex));
        if persons.len() > 1 && !(has(Sex::Male) && has(Sex::Female)) {
            problems.push(Problem { kind: ProblemKind::SameNameAndBirth, persons, union: None });
        }
    }
}
