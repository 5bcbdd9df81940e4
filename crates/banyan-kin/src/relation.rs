//! How two persons are related: the ways between them, what each is called, and how much they share.
//!
//! A way is a list of steps, each up to a parent, down to a child, or across to a partner. Ways of
//! blood go up to a common ancestor and down again; the shortest ways may pass through partners.
//! [`english`] and [`chinese`] name a way as seen from the first person: what the second is to them.

mod ancestry;
mod blood;
pub mod chinese;
mod coefficient;
pub mod english;
mod shape;
mod shortest;

use std::collections::{BTreeSet, HashMap};

use crate::{
    genealogy::Genealogy,
    person::{Pedigree, PersonId, UnionId},
};

pub use shape::{Blood, Leg, Seniority, Shape};

/// One step of a way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Step {
    pub kind: StepKind,
    /// The union that joins the two.
    pub union: UnionId,
    /// Where the step leads.
    pub to: PersonId,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum StepKind {
    /// To a parent by birth, or by another kind of link.
    Up { by_birth: bool },
    /// To a child.
    Down { by_birth: bool },
    /// To a partner.
    Across,
}

impl StepKind {
    pub const fn is_up(self) -> bool {
        matches!(self, Self::Up { .. })
    }

    pub const fn is_down(self) -> bool {
        matches!(self, Self::Down { .. })
    }

    const fn by_birth(self) -> bool {
        match self {
            Self::Up { by_birth } | Self::Down { by_birth } => by_birth,
            Self::Across => false,
        }
    }
}

/// A way from one person to another; empty from a person to themselves.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Way {
    pub steps: Vec<Step>,
    /// For a way up and down again where both parents at its top are the ancestors: the other one.
    /// Such a way stands for two.
    pub other_top: Option<PersonId>,
}

impl Way {
    /// The steps up before the first other step, and the steps down after them, if there are no
    /// others and all are by birth.
    pub fn blood_legs(&self) -> Option<(usize, usize)> {
        let up = self.steps.iter().take_while(|step| step.kind.is_up()).count();
        let down = self.steps.len() - up;
        let rest = self.steps.get(up..).unwrap_or_default();
        let is_blood = rest.iter().all(|step| step.kind.is_down())
            && self.steps.iter().all(|step| step.kind.by_birth());
        is_blood.then_some((up, down))
    }

    /// The persons on the way, both ends included.
    pub fn persons(&self, from: PersonId) -> impl Iterator<Item = PersonId> + '_ {
        std::iter::once(from).chain(self.steps.iter().map(|step| step.to))
    }

    /// The last person before the way goes down: the common ancestor of a way of blood.
    pub fn top(&self, from: PersonId) -> PersonId {
        let up = self.steps.iter().take_while(|step| step.kind.is_up());
        up.last().map_or(from, |step| step.to)
    }
}

/// At most so many ways of each kind are told.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    pub blood: usize,
    pub shortest: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self { blood: 64, shortest: 16 }
    }
}

/// All that is known of how two persons are related.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Relation {
    /// Ways of blood, the closest first. A couple of ancestors counts as one way.
    pub blood: Vec<Way>,
    /// Whether there are more than the limit.
    pub has_more_blood: bool,
    /// The shortest ways of any kind.
    pub shortest: Vec<Way>,
    pub has_more_shortest: bool,
    /// The chance that a gene of the one and the same gene of the other, drawn at random, come from
    /// one ancestor: 1/4 for siblings. `None` where the reckoning would take too long.
    pub kinship: Option<f64>,
    /// Closed rings that the ways in `blood` make among persons and unions: 0 for cousins, 1 for
    /// double cousins. With `has_more_blood` there may be more.
    pub loops: usize,
}

impl Relation {
    /// The way that names the relation best: the closest by blood, unless a way through partners is
    /// shorter, as it is for a couple of distant cousins.
    pub fn principal(&self) -> Option<&Way> {
        let blood = self.blood.first();
        let shortest = self.shortest.first();
        match (blood, shortest) {
            (Some(blood), Some(shortest)) if shortest.steps.len() < blood.steps.len() => {
                Some(shortest)
            }
            (Some(blood), _) => Some(blood),
            (None, shortest) => shortest,
        }
    }

    /// Ways that differ in kind from the principal one, closest first: second names of a relation.
    pub fn others(&self, genealogy: &Genealogy, from: PersonId) -> Vec<&Way> {
        let principal = self.principal();
        let mut seen: BTreeSet<Shape> =
            principal.map(|way| Shape::of(genealogy, from, way)).into_iter().collect();
        let mut others: Vec<&Way> = self.blood.iter().chain(&self.shortest).collect();
        others.sort_by_key(|way| way.steps.len());
        others.retain(|way| seen.insert(Shape::of(genealogy, from, way)));
        others
    }
}

impl Genealogy {
    /// How `from` and `to` are related; nothing at all if no way leads from one to the other. Takes
    /// time by the size of the genealogy.
    pub fn relate(&self, from: PersonId, to: PersonId, limits: Limits) -> Relation {
        if self.person(from).is_none() || self.person(to).is_none() {
            return Relation::default();
        }
        let (blood, has_more_blood) = blood::ways(self, from, to, limits.blood);
        let (shortest, has_more_shortest) = shortest::ways(self, from, to, limits.shortest);
        let loops = loops(from, &blood);
        let kinship = coefficient::kinship(self, from, to);
        Relation { blood, has_more_blood, shortest, has_more_shortest, kinship, loops }
    }

    /// Half of the chance that both genes of a person come from one ancestor is their own kinship
    /// beyond a half: the coefficient of inbreeding. `None` where it would take too long.
    pub fn inbreeding(&self, person: PersonId) -> Option<f64> {
        coefficient::kinship(self, person, person).map(|kinship| 2.0 * kinship - 1.0)
    }

    /// Parents by birth with the union: the first two of the first family that the person was born
    /// into.
    pub(crate) fn birth_parents(&self, person: PersonId) -> impl Iterator<Item = PersonId> + '_ {
        self.birth_union(person).into_iter().flat_map(|union| self.partners(union)).copied().take(2)
    }

    pub(crate) fn birth_union(&self, person: PersonId) -> Option<UnionId> {
        let mut links = self.parent_unions(person).iter();
        links.find(|link| link.pedigree.is_birth()).map(|link| link.union)
    }

    fn pedigree(&self, child: PersonId, union: UnionId) -> Pedigree {
        let mut links = self.parent_unions(child).iter();
        links.find(|link| link.union == union).map_or(Pedigree::Other, |link| link.pedigree)
    }
}

/// Rings of the graph that ways make: edges less vertices, and one for each piece.
fn loops(from: PersonId, ways: &[Way]) -> usize {
    if ways.is_empty() {
        return 0;
    }
    let mut edges: BTreeSet<(PersonId, UnionId)> = BTreeSet::new();
    for way in ways {
        let mut at = from;
        for step in &way.steps {
            edges.extend([(at, step.union), (step.to, step.union)]);
            at = step.to;
        }
        let up = way.steps.iter().take_while(|step| step.kind.is_up()).last();
        edges.extend(way.other_top.zip(up).map(|(other, step)| (other, step.union)));
    }
    let persons: BTreeSet<PersonId> = edges.iter().map(|edge| edge.0).collect();
    let unions: BTreeSet<UnionId> = edges.iter().map(|edge| edge.1).collect();
    // All ways begin at one person: the graph is one piece. Nobody but the ends hangs loose.
    (edges.len() + 1).saturating_sub(persons.len() + unions.len())
}

/// How far persons are from one, by steps; used by the searches.
type Distances = HashMap<PersonId, u32>;

#[cfg(test)]
mod tests;
