//! Ancestors in rings around a person, each in the half of the ring that the child before has: the
//! father's side on the left, the mother's on the right.
//!
//! Whoever is an ancestor in several ways stands where that is said first, in the ring nearest to the
//! middle; the other places only name them. Who is not known leaves a gap.

use std::collections::BTreeSet;

use crate::{
    csr::Csr,
    family::KinGraph,
    geometry::{Point, Rect},
};

mod sector;

pub use sector::{Sector, TURN};

/// More rings than this are finer than any screen.
pub const MOST_RINGS: u32 = 12;

/// Radius of the disc in the middle, and from ring to ring where names stand along it; world units.
const MIDDLE: i32 = 72;
const RING: i32 = 60;
/// Of the half disc in the middle of a half fan.
const HALF_MIDDLE: i32 = 96;
/// Left free beside a name.
const MARGIN: i32 = 20;

#[derive(Clone, Copy, Debug)]
pub struct FanRequest<'a> {
    pub graph: &'a KinGraph,
    /// Whose ancestors.
    pub of: u32,
    /// Rings at most, and never more than [`MOST_RINGS`].
    pub most: u32,
    /// Over the person alone, and not all around.
    pub is_half: bool,
    /// How long most names are, in world units.
    pub name: i32,
}

/// A place on the fan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seat {
    pub person: u32,
    /// 0 in the middle.
    pub ring: u32,
    pub sector: Sector,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Fan {
    /// Each person once, ring by ring.
    pub seats: Vec<Seat>,
    /// Where somebody would stand again.
    pub repeats: Vec<Seat>,
    pub bounds: Rect,
}

pub fn fan(request: &FanRequest<'_>) -> Fan {
    let graph = request.graph;
    let mut fan = Fan::default();
    if request.of >= graph.persons {
        return fan;
    }
    let child_in = graph.union_children.transposed(graph.persons as usize);
    let mut seen = BTreeSet::from([request.of]);
    let middle = if request.is_half { HALF_MIDDLE } else { MIDDLE };
    let mut inner = middle;
    let (start, whole) = if request.is_half { (-TURN / 4, TURN / 2) } else { (-TURN / 2, TURN) };
    let disc = Sector { inner: 0, outer: middle, from: start, sweep: whole };
    fan.seats.push(Seat { person: request.of, ring: 0, sector: disc });
    // Of the last ring: who, and in which of its equal parts.
    let mut last = vec![(request.of, 0i32)];
    for ring in 1..=request.most.min(MOST_RINGS) {
        let sweep = whole >> ring;
        let mut next = Vec::new();
        let outer = inner + thickness(inner, sweep, request.name);
        for &(child, slot) in &last {
            for (side, parent) in (0..).zip(parents(graph, &child_in, child)) {
                let Some(parent) = parent else { continue };
                let slot = 2 * slot + side;
                let sector = Sector { inner, outer, from: start + slot * sweep, sweep };
                let seat = Seat { person: parent, ring, sector };
                if seen.insert(parent) {
                    fan.seats.push(seat);
                    next.push((parent, slot));
                } else {
                    fan.repeats.push(seat);
                }
            }
        }
        if next.is_empty() {
            break;
        }
        inner = outer;
        last = next;
    }
    let all = fan.seats.iter().chain(&fan.repeats);
    fan.bounds = all.fold(Rect::default(), |all, seat| all.union(&seat.sector.bounds()));
    fan
}

/// Enough for two lines along the ring where a name fits so, else for a name across it.
fn thickness(inner: i32, sweep: i32, name: i32) -> i32 {
    let along = Sector { inner, outer: inner + RING, from: 0, sweep };
    if along.is_wide(name) { RING } else { name.max(RING) + MARGIN }
}

/// Of the first family that has parents: on the left who is or may be the father, on the right who is
/// or may be the mother.
fn parents(graph: &KinGraph, child_in: &Csr, child: u32) -> [Option<u32>; 2] {
    let unions = child_in.row(child as usize).iter();
    let mut of_unions = unions.map(|&union| graph.union_partners.row(union as usize));
    let partners = of_unions.find(|partners| !partners.is_empty()).unwrap_or_default();
    let there = partners.iter().copied().filter(|&parent| parent < graph.persons);
    let mut ranked: Vec<u32> = there.take(2).collect();
    let rank = |parent: u32| graph.rank.get(parent as usize).copied().unwrap_or_default();
    ranked.sort_by_key(|&parent| rank(parent));
    match *ranked.as_slice() {
        [] => [None, None],
        [mother] if rank(mother) > 1 => [None, Some(mother)],
        [father] => [Some(father), None],
        [father, mother, ..] if father == mother => [Some(father), None],
        [father, mother, ..] => [Some(father), Some(mother)],
    }
}

impl Sector {
    /// Whether a name of so many units can stand along the ring, if need be a little shortened.
    fn is_wide(&self, name: i32) -> bool {
        self.arc() >= 0.75 * f64::from(name) + f64::from(MARGIN)
    }

    /// A square in its midst, for whoever needs one.
    pub fn core(&self) -> Rect {
        let Point { x, y } = self.middle();
        Rect::new(x - 1, y - 1, 2, 2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Of each child its father and its mother, if they are known; men have even numbers.
    fn graph(persons: u32, families: &[([Option<u32>; 2], u32)]) -> KinGraph {
        let rank = (0..persons).map(|person| if person % 2 == 0 { 0 } else { 2 }).collect();
        let mut graph = KinGraph { persons, rank, ..KinGraph::default() };
        for (parents, child) in families {
            graph.union_partners.push(parents.iter().flatten().copied());
            graph.union_children.push([*child]);
        }
        graph
    }

    fn request(graph: &KinGraph, is_half: bool) -> FanRequest<'_> {
        FanRequest { graph, of: 0, most: 5, is_half, name: 100 }
    }

    #[test]
    fn fathers_stand_on_the_left_and_who_is_missing_leaves_a_gap() {
        let graph =
            graph(6, &[([Some(2), Some(1)], 0), ([None, Some(3)], 1), ([Some(4), None], 2)]);
        let fan = fan(&request(&graph, false));
        let seat = |person: u32| fan.seats.iter().find(|seat| seat.person == person).unwrap();
        assert!(seat(2).sector.middle().x < 0 && seat(1).sector.middle().x > 0);
        assert_eq!((seat(3).ring, seat(3).sector.sweep), (2, TURN / 4));
        assert_eq!(seat(3).sector.from, TURN / 4, "the father's quarter is empty");
        assert_eq!(seat(4).sector.from, -TURN / 2);
        assert_eq!((fan.seats.len(), fan.repeats.len()), (5, 0));
    }

    #[test]
    fn who_is_an_ancestor_twice_stands_once() {
        // The parents are brother and sister.
        let family = ([Some(4), Some(3)], 1);
        let graph = graph(5, &[([Some(2), Some(1)], 0), family, ([Some(4), Some(3)], 2)]);
        for is_half in [false, true] {
            let fan = fan(&request(&graph, is_half));
            let drawn: Vec<u32> = fan.seats.iter().map(|seat| seat.person).collect();
            assert_eq!(drawn, [0, 2, 1, 4, 3]);
            let again: Vec<u32> = fan.repeats.iter().map(|seat| seat.person).collect();
            assert_eq!(again, [4, 3]);
            assert!(!is_half || fan.bounds.bottom() <= 1, "a half fan stands on its middle");
        }
    }

    proptest! {
        #[test]
        fn everyone_stands_once_and_on_nobody(
            links in prop::collection::vec((prop::option::of(0..20u32), prop::option::of(0..20u32)), 20),
            is_half: bool,
        ) {
            let families: Vec<_> = (0u32..)
                .zip(links)
                .map(|(child, (father, mother))| ([father.map(|p| p / 2 * 2), mother.map(|p| p | 1)], child))
                .collect();
            let graph = graph(20, &families);
            let fan = fan(&request(&graph, is_half));
            prop_assert_eq!(&fan, &super::fan(&request(&graph, is_half)));
            let mut drawn: Vec<u32> = fan.seats.iter().map(|seat| seat.person).collect();
            drawn.sort_unstable();
            drawn.dedup();
            prop_assert_eq!(drawn.len(), fan.seats.len());
            let all: Vec<Sector> =
                fan.seats.iter().chain(&fan.repeats).map(|seat| seat.sector).collect();
            for (index, sector) in all.iter().enumerate() {
                let middle = sector.middle();
                let holders = all.iter().filter(|other| other.contains(middle)).count();
                prop_assert_eq!(holders, 1, "{:?} at {:?}", sector, middle);
                prop_assert!(sector.bounds().contains(middle) && fan.bounds.union(&sector.bounds()) == fan.bounds);
                for other in &all[..index] {
                    let rings = sector.inner < other.outer && other.inner < sector.outer;
                    let angles = sector.from < other.from + other.sweep
                        && other.from < sector.from + sector.sweep;
                    prop_assert!(!(rings && angles), "{:?} {:?}", sector, other);
                }
            }
        }
    }
}
