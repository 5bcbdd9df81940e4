//! Who stands beside whom.

use std::collections::{BTreeMap, BTreeSet};

use crate::family::KinGraph;
use crate::geometry::Rect;

/// The boxes of each line (equal y), sorted by x.
pub(super) struct Lines {
    lines: BTreeMap<i32, Vec<u32>>,
    /// Person -> (line, index in it).
    place: Vec<(i32, usize)>,
}

impl Lines {
    pub(super) fn new(boxes: &[Rect]) -> Self {
        let mut lines: BTreeMap<i32, Vec<u32>> = BTreeMap::new();
        for (person, rect) in boxes.iter().enumerate() {
            lines.entry(rect.y).or_default().push(person as u32);
        }
        let mut place = vec![(0, 0); boxes.len()];
        for (&y, line) in &mut lines {
            line.sort_by_key(|&person| (boxes[person as usize].x, person));
            for (at, &person) in line.iter().enumerate() {
                place[person as usize] = (y, at);
            }
        }
        Self { lines, place }
    }

    /// Whether two stand on one line with nobody between.
    pub(super) fn adjacent(&self, a: u32, b: u32) -> bool {
        let (a, b) = (self.place[a as usize], self.place[b as usize]);
        a.0 == b.0 && a.1.abs_diff(b.1) == 1
    }

    /// Whether the middle of anybody's card lies between that of a person and `x` on their line.
    pub(super) fn parted(&self, person: u32, x: i32, boxes: &[Rect]) -> bool {
        let (y, at) = self.place[person as usize];
        let own = boxes[person as usize].center().x;
        let Some(line) = self.lines.get(&y) else { return false };
        let next = if x < own { at.checked_sub(1) } else { at.checked_add(1) };
        let next = next.and_then(|next| line.get(next)).map(|&other| boxes[other as usize]);
        next.is_some_and(|next| {
            let next = next.center().x;
            if x < own { next > x } else { next < x }
        })
    }

    /// Those on the same line between two places.
    fn between(&self, y: i32, from: usize, to: usize) -> &[u32] {
        &self.lines[&y][from + 1..to]
    }
}

/// Person -> partners.
pub(super) type Partners = BTreeMap<u32, BTreeSet<u32>>;

pub(super) fn partners(couples: &[(u32, u32)]) -> Partners {
    let mut partners = Partners::new();
    for &(a, b) in couples {
        partners.entry(a).or_default().insert(b);
        partners.entry(b).or_default().insert(a);
    }
    partners
}

/// Person -> where their partners stand, in order.
pub(super) type PartnerPlaces = BTreeMap<u32, Vec<(i32, usize)>>;

pub(super) fn partner_places(lines: &Lines, partners: &Partners) -> PartnerPlaces {
    let places = |(&person, own): (&u32, &BTreeSet<u32>)| {
        let mut places: Vec<_> = own.iter().map(|&other| lines.place[other as usize]).collect();
        places.sort_unstable();
        (person, places)
    };
    partners.iter().map(places).collect()
}

/// Whether two stand on one line with nobody between but partners of one of the two. They are counted:
/// between a man and the last of his thousand wives stand all the others.
pub(super) fn one_block(lines: &Lines, places: &PartnerPlaces, a: u32, b: u32) -> bool {
    let (from, to) = (lines.place[a as usize], lines.place[b as usize]);
    let (low, high) = ((from.0, from.1.min(to.1)), (from.0, from.1.max(to.1)));
    let between = |person: u32| -> &[(i32, usize)] {
        let own = places.get(&person).map_or(&[][..], Vec::as_slice);
        let after = own.partition_point(|&place| place <= low);
        &own[after..own.partition_point(|&place| place < high).max(after)]
    };
    let (of_a, of_b) = (between(a), between(b));
    let (few, many) = if of_a.len() < of_b.len() { (of_a, of_b) } else { (of_b, of_a) };
    let of_both = few.iter().filter(|place| many.binary_search(place).is_ok()).count();
    from.0 == to.0 && of_a.len() + of_b.len() - of_both + 1 == (high.1 - low.1).max(1)
}

#[derive(Debug, Default)]
pub(super) struct Sibships {
    pub(super) sibships: usize,
    pub(super) contiguous: usize,
    pub(super) away: u64,
    /// Children of all unions, each child once.
    pub(super) children: usize,
    /// (union, child): those outside their sibship's biggest run, and links to families beyond a
    /// child's first.
    pub(super) strays: Vec<(u32, u32)>,
}

/// Looks at every sibship of two or more: its biggest run of members with nobody but their
/// partners between is at home; whoever else stands beside a partner is away; if anybody is
/// neither, the sibship is not contiguous. A child of several unions counts in the first.
pub(super) fn sibships(graph: &KinGraph, lines: &Lines, partners: &Partners) -> Sibships {
    let mut result = Sibships::default();
    let mut counted = BTreeSet::new();
    for (union, children) in graph.union_children.rows().enumerate() {
        let mut members: Vec<u32> = Vec::new();
        for &child in children.iter().filter(|&&child| child < graph.persons) {
            if counted.insert(child) {
                members.push(child);
            } else {
                result.strays.push((union as u32, child));
            }
        }
        result.children += members.len();
        if members.len() < 2 {
            continue;
        }
        result.sibships += 1;
        members.sort_by_key(|&member| lines.place[member as usize]);
        let own: BTreeSet<u32> =
            members.iter().filter_map(|member| partners.get(member)).flatten().copied().collect();
        let together = |&a: &u32, &b: &u32| {
            let (a, b) = (lines.place[a as usize], lines.place[b as usize]);
            a.0 == b.0 && lines.between(a.0, a.1, b.1).iter().all(|person| own.contains(person))
        };
        let runs: Vec<&[u32]> = members.chunk_by(together).collect();
        let longest = runs.iter().map(|run| run.len()).max().unwrap_or(0);
        let home = runs.iter().position(|run| run.len() == longest);
        let mut contiguous = true;
        for (at, run) in runs.iter().enumerate() {
            for &member in run.iter().filter(|_| Some(at) != home) {
                result.strays.push((union as u32, member));
                let with_partner = partners
                    .get(&member)
                    .is_some_and(|own| own.iter().any(|&partner| lines.adjacent(member, partner)));
                result.away += u64::from(with_partner);
                contiguous &= with_partner;
            }
        }
        result.contiguous += usize::from(contiguous);
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether person 0 and each of their partners are one block; all stand on a line in this order.
    fn blocks(order: &[u32], wives: &[u32]) -> Vec<bool> {
        let mut boxes = vec![Rect::default(); order.len()];
        for (at, &person) in (0..).zip(order) {
            boxes[person as usize] = Rect::new(at * 20, 0, 10, 10);
        }
        let couples: Vec<(u32, u32)> = wives.iter().map(|&wife| (0, wife)).collect();
        let lines = Lines::new(&boxes);
        let places = partner_places(&lines, &partners(&couples));
        couples.iter().map(|&(a, b)| one_block(&lines, &places, a, b)).collect()
    }

    #[test]
    fn only_partners_stand_between() {
        assert_eq!(blocks(&[1, 0, 2], &[1, 2]), [true, true]);
        assert_eq!(blocks(&[0, 1, 2, 3], &[1, 3]), [true, false]);
        assert_eq!(blocks(&[3, 2, 1, 0], &[1, 2, 3]), [true, true, true]);
        assert_eq!(blocks(&[1, 2, 0], &[1]), [false]);
    }

    #[test]
    fn ten_thousands_of_partners_are_counted_and_not_walked() {
        let order: Vec<u32> = (0..100_000).collect();
        assert!(blocks(&order, &order[1..]).into_iter().all(|is| is));
    }
}
