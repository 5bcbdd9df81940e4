//! What cannot be, or hardly: born after the mother's death, generations off, the same person twice.
//!
//! Dates are taken at their widest: a problem is one whatever days are meant. What is found may still
//! be true, a rare life or a posthumous marriage; it is where to look for mistakes.

mod lives;
mod twins;
mod words;

use serde::{Deserialize, Serialize};

use crate::{
    genealogy::Genealogy,
    lineage::{Lineage, birth_children, heir},
    person::{PersonId, UnionId},
};

/// One problem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Problem {
    pub kind: ProblemKind,
    /// Whom it is about, in the order that the kind says.
    pub persons: Vec<PersonId>,
    /// The union that it is about, if it is about one.
    pub union: Option<UnionId>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProblemKind {
    /// Everybody in a ring of ancestors.
    OwnAncestor,
    DiedBeforeBorn,
    /// The child, then the mother.
    BornAfterMotherDied,
    /// The child, then the father, who died more than 300 days before.
    BornAfterFatherDied,
    /// The parent, then the child; the parent's age was at most this, in years.
    ParentTooYoung {
        age: i32,
    },
    /// The mother, then the child; her age was at least this, in years.
    MotherTooOld {
        age: i32,
    },
    /// Who married.
    MarriedBeforeBorn,
    MarriedAfterDeath,
    /// Two partners, or a parent and a child: by their other relatives they stand so many generations
    /// further apart than this union says.
    GenerationsOff {
        generations: i32,
    },
    /// Whose given name lacks the character that their generation shares (字辈).
    OtherGenerationWord {
        word: char,
    },
    /// Persons of the same name and year of birth.
    SameNameAndBirth,
}

impl ProblemKind {
    /// A stable name for localisation and exports, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::OwnAncestor => "own_ancestor",
            Self::DiedBeforeBorn => "died_before_born",
            Self::BornAfterMotherDied => "born_after_mother_died",
            Self::BornAfterFatherDied => "born_after_father_died",
            Self::ParentTooYoung { .. } => "parent_too_young",
            Self::MotherTooOld { .. } => "mother_too_old",
            Self::MarriedBeforeBorn => "married_before_born",
            Self::MarriedAfterDeath => "married_after_death",
            Self::GenerationsOff { .. } => "generations_off",
            Self::OtherGenerationWord { .. } => "other_generation_word",
            Self::SameNameAndBirth => "same_name_and_birth",
        }
    }
}

impl Genealogy {
    /// All problems, those of a kind together. O(persons · log persons).
    pub fn problems(&self) -> Vec<Problem> {
        let rings = self.ancestry_cycles().into_iter();
        let mut problems: Vec<Problem> = rings
            .map(|persons| Problem { kind: ProblemKind::OwnAncestor, persons, union: None })
            .collect();
        lives::find(self, &mut problems);
        let mut lineage = Lineage::of_descent(self);
        words::find(self, &mut lineage, &mut problems);
        find_generations_off(self, &mut lineage, &mut problems);
        twins::find(self, &mut problems);
        problems.sort_by(|a, b| {
            let key = |problem: &Problem| (rank(problem.kind), problem.persons.first().copied());
            key(a).cmp(&key(b))
        });
        problems
    }
}

/// The place of a kind, without regard to its figures.
const fn rank(kind: ProblemKind) -> u8 {
    match kind {
        ProblemKind::OwnAncestor => 0,
        ProblemKind::DiedBeforeBorn => 1,
        ProblemKind::BornAfterMotherDied => 2,
        ProblemKind::BornAfterFatherDied => 3,
        ProblemKind::ParentTooYoung { .. } => 4,
        ProblemKind::MotherTooOld { .. } => 5,
        ProblemKind::MarriedBeforeBorn => 6,
        ProblemKind::MarriedAfterDeath => 7,
        ProblemKind::GenerationsOff { .. } => 8,
        ProblemKind::OtherGenerationWord { .. } => 9,
        ProblemKind::SameNameAndBirth => 10,
    }
}

/// Partners are taken to be of one generation. Two families that marry more than once must agree on
/// it; the later union in the file is the one that is told.
fn find_generations_off(genealogy: &Genealogy, lineage: &mut Lineage, problems: &mut Vec<Problem>) {
    for union in genealogy.union_ids() {
        let Some(head) = heir(genealogy, union) else { continue };
        let partners = genealogy.partners(union).iter().map(|&partner| (partner, 0));
        let children = birth_children(genealogy, union).map(|child| (child, 1));
        for (other, down) in partners.chain(children).filter(|&(other, _)| other != head) {
            let stands = lineage.join(head, other, down).unwrap_or(down);
            if stands != down {
                let kind = ProblemKind::GenerationsOff { generations: (stands - down).abs() };
                let persons = vec![head, other];
                problems.push(Problem { kind, persons, union: Some(union) });
            }
        }
    }
}

#[cfg(test)]
mod tests;
