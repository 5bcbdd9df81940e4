//! What a way looks like to somebody who names it: generations, sexes, who is older.

use super::{Genealogy, PersonId, Step, StepKind, Way};
use crate::person::Sex;

/// A way cut where it changes from blood to partners.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Shape {
    pub legs: Vec<Leg>,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Leg {
    /// Up, then down: at least one of them.
    Blood(Blood),
    /// To a partner.
    Partner(Sex),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Blood {
    /// The sexes of those who are passed on the way up, the nearest first.
    pub up: Vec<Sex>,
    /// The sexes of those who are passed on the way down; the last is who is named.
    pub down: Vec<Sex>,
    /// Of a way up and down: the same parents on both sides, rather than one alone.
    pub is_full: bool,
    /// Whether every step is by birth.
    pub by_birth: bool,
    /// Whether who is named is older than the one of the same generation on the way up.
    pub seniority: Seniority,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Seniority {
    #[default]
    Unknown,
    Elder,
    Younger,
}

impl Blood {
    /// Who is named.
    pub fn sex(&self) -> Sex {
        self.down.last().or(self.up.last()).copied().unwrap_or_default()
    }
}

impl Shape {
    /// The shape of a way that begins at `from`.
    pub fn of(genealogy: &Genealogy, from: PersonId, way: &Way) -> Self {
        let sex = |person: PersonId| genealogy.person(person).map_or(Sex::Unknown, |p| p.sex);
        let mut legs = Vec::new();
        let mut at = from;
        let mut rest = way.steps.as_slice();
        while let Some(first) = rest.first() {
            if first.kind == StepKind::Across {
                legs.push(Leg::Partner(sex(first.to)));
                at = first.to;
                rest = rest.get(1..).unwrap_or_default();
                continue;
            }
            let up = rest.iter().take_while(|step| step.kind.is_up()).count();
            let after = rest.get(up..).unwrap_or_default();
            let down = after.iter().take_while(|step| step.kind.is_down()).count();
            let (leg, others) = rest.split_at(up + down);
            legs.push(Leg::Blood(blood(genealogy, at, leg, up)));
            at = leg.last().map_or(at, |step| step.to);
            rest = others;
        }
        Self { legs }
    }
}

fn blood(genealogy: &Genealogy, from: PersonId, leg: &[Step], up: usize) -> Blood {
    let sex = |step: &Step| genealogy.person(step.to).map_or(Sex::Unknown, |person| person.sex);
    let (above, below) = leg.split_at(up);
    // Children of one family are full siblings though it may record one parent alone.
    let is_full = match (above.last(), below.first()) {
        (Some(top), Some(first)) => top.union == first.union,
        _ => false,
    };
    // The one on the way up who is as far below the top as who is named.
    let peer = up.checked_sub(below.len()).map(|place| match place {
        0 => from,
        place => above.get(place - 1).map_or(from, |step| step.to),
    });
    let named = leg.last().map_or(from, |step| step.to);
    let seniority = match peer {
        Some(peer) if !below.is_empty() => seniority(genealogy, named, peer),
        _ => Seniority::Unknown,
    };
    Blood {
        up: above.iter().map(sex).collect(),
        down: below.iter().map(sex).collect(),
        is_full,
        by_birth: leg.iter().all(|step| step.kind.by_birth()),
        seniority,
    }
}

/// Whether one is older than another: by their births, if whatever days are meant say so, else by the
/// order in which the children of both's parents are shown.
fn seniority(genealogy: &Genealogy, one: PersonId, other: PersonId) -> Seniority {
    let [(first, last), (other_first, other_last)] =
        [one, other].map(|person| genealogy.born(person).bounds());
    let is_before = |end: Option<i32>, start: Option<i32>| {
        end.zip(start).is_some_and(|(end, start)| end < start)
    };
    if is_before(last, other_first) {
        return Seniority::Elder;
    }
    if is_before(other_last, first) {
        return Seniority::Younger;
    }
    for link in genealogy.parent_unions(one) {
        let children = genealogy.children_by_birth(link.union);
        let place = |person: PersonId| children.iter().position(|&child| child == person);
        if let (Some(one), Some(other)) = (place(one), place(other)) {
            return if one < other { Seniority::Elder } else { Seniority::Younger };
        }
    }
    Seniority::Unknown
}
