//! Births, marriages and deaths in an order that no life allows.

use super::{Problem, ProblemKind};
use crate::{
    date::Date,
    fact::FactKind,
    genealogy::Genealogy,
    lineage::birth_children,
    person::{PersonId, Sex, UnionId},
};

/// Years; younger is nobody's parent.
const YOUNGEST_PARENT: i32 = 12;
/// Years; older is nobody's mother.
const OLDEST_MOTHER: i32 = 55;
/// Days from the father's death to the birth of his last child, at most.
const AFTER_FATHER: i32 = 300;

/// The first and the last day that may be meant, where they are known, as Julian day numbers.
type Bounds = (Option<i32>, Option<i32>);

pub(super) fn find(genealogy: &Genealogy, problems: &mut Vec<Problem>) {
    let mut add = |kind, persons, union| problems.push(Problem { kind, persons, union });
    for id in genealogy.person_ids() {
        if is_before(death(genealogy, id), birth(genealogy, id)) {
            add(ProblemKind::DiedBeforeBorn, vec![id], None);
        }
    }
    for union in genealogy.union_ids() {
        let marriage = genealogy.marriage(union).map_or((None, None), |fact| fact.date.bounds());
        for &partner in genealogy.partners(union) {
            if is_before(marriage, birth(genealogy, partner)) {
                add(ProblemKind::MarriedBeforeBorn, vec![partner], Some(union));
            }
            if is_before(death(genealogy, partner), marriage) {
                add(ProblemKind::MarriedAfterDeath, vec![partner], Some(union));
            }
            for (kind, child) in with_children(genealogy, partner, union) {
                let persons = match kind {
                    ProblemKind::BornAfterMotherDied | ProblemKind::BornAfterFatherDied => {
                        vec![child, partner]
                    }
                    _ => vec![partner, child],
                };
                add(kind, persons, Some(union));
            }
        }
    }
}

/// What is odd between one parent and the children of a union.
fn with_children(
    genealogy: &Genealogy,
    parent: PersonId,
    union: UnionId,
) -> Vec<(ProblemKind, PersonId)> {
    let sex = genealogy.person(parent).map(|person| person.sex);
    let (is_mother, is_father) = (sex == Some(Sex::Female), sex == Some(Sex::Male));
    let (born, died) = (birth(genealogy, parent), death(genealogy, parent));
    let mut found = Vec::new();
    for child in birth_children(genealogy, union) {
        let child_born = birth(genealogy, child);
        if is_mother && is_before(died, child_born) {
            found.push((ProblemKind::BornAfterMotherDied, child));
        }
        if is_father && is_before((None, died.1.map(|day| day + AFTER_FATHER)), child_born) {
            found.push((ProblemKind::BornAfterFatherDied, child));
        }
        if let (Some(born), Some(child_born)) = (born.0, child_born.1) {
            let age = years(child_born - born);
            if age < YOUNGEST_PARENT {
                found.push((ProblemKind::ParentTooYoung { age }, child));
            }
        }
        if let (true, Some(born), Some(child_born)) = (is_mother, born.1, child_born.0) {
            let age = years(child_born - born);
            if age > OLDEST_MOTHER {
                found.push((ProblemKind::MotherTooOld { age }, child));
            }
        }
    }
    found
}

/// Whether one thing surely was over before another.
fn is_before(one: Bounds, other: Bounds) -> bool {
    matches!((one.1, other.0), (Some(end), Some(start)) if end < start)
}

/// Who was baptised was born by then.
fn birth(genealogy: &Genealogy, id: PersonId) -> Bounds {
    first(genealogy, id, &[FactKind::Birth])
        .unwrap_or_else(|| (None, first(genealogy, id, &[FactKind::Baptism]).and_then(|day| day.1)))
}

/// Who was buried had died by then.
fn death(genealogy: &Genealogy, id: PersonId) -> Bounds {
    first(genealogy, id, &[FactKind::Death]).unwrap_or_else(|| {
        let laid = first(genealogy, id, &[FactKind::Burial, FactKind::Cremation]);
        (None, laid.and_then(|day| day.1))
    })
}

/// The bounds of the first fact of some kinds that has any.
fn first(genealogy: &Genealogy, id: PersonId, kinds: &[FactKind]) -> Option<Bounds> {
    let facts = genealogy.facts(id).iter().filter(|fact| kinds.contains(&fact.kind));
    facts.map(|fact| Date::bounds(&fact.date)).find(|&bounds| bounds != (None, None))
}

/// Days as whole years.
fn years(days: i32) -> i32 {
    (f64::from(days) / 365.2425).floor() as i32
}
