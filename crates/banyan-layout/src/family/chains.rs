//! Who stands beside whom within a row.
//!
//! A *unit* is a sibship, or one person without siblings on the chart. A unit has two ends. Where
//! two units meet at a couple by their ends, everybody stands well: the couple is adjacent and
//! both sibships stay together. Units joined by their ends form a *chain*, which the later steps
//! move as a whole. A partner with no other ties can stand anywhere in a sibship, beside their
//! partner: an *attached* person. Where no end is left, one of the couple leaves their siblings
//! and is attached to the other.

use super::SiblingOrder;
use super::kin::{Kin, NONE, Sides};
use crate::csr::Csr;

mod matching;

#[derive(Clone)]
pub(super) struct Chains {
    /// Chain -> its units from left to right.
    pub(super) units: Csr,
    /// Unit -> its own members from left to right; attached persons are units of their own that
    /// are in no chain's list.
    pub(super) core: Csr,
    /// Unit -> the union that its members are children of, or `NONE`.
    pub(super) union_of: Vec<u32>,
    /// Unit -> the members who must stand at the left and the right end, or `NONE`.
    pub(super) ends: Vec<[u32; 2]>,
    /// Person -> those who are attached to them.
    pub(super) attached: Csr,
    /// Person -> whom they are attached to, or themselves.
    pub(super) host: Vec<u32>,
    pub(super) unit_of: Vec<u32>,
    /// Person -> index among the siblings.
    birth: Vec<u32>,
    /// Person -> the sibling whom they married, or `NONE`.
    glued: Vec<u32>,
    /// Chain -> persons from left to right.
    pub(super) members: Csr,
    pub(super) chain_of: Vec<u32>,
    /// Person -> index in the chain's `members`.
    pub(super) place: Vec<u32>,
    rank: Vec<u8>,
    sides: Sides,
    /// Chains that are not turned any more: somebody chose the sides of a couple in them.
    fixed: Vec<usize>,
    birth_order: SiblingOrder,
    /// Chains whose units were turned or sorted after they were written to `members`.
    loose: Vec<u32>,
}

impl Chains {
    pub(super) fn new(kin: &Kin, rows: &[u32], birth_order: SiblingOrder) -> Self {
        let mut matching = matching::Matching::new(kin, rows, birth_order);
        matching.run(kin, rows);
        matching.assemble(kin, birth_order)
    }

    pub(super) fn len(&self) -> usize {
        self.units.len()
    }

    /// Whether two neighbours in a chain belong to one couple, or to the partners of one person,
    /// rather than to one sibship.
    pub(super) fn close(&self, left: u32, right: u32) -> bool {
        let (a, b) = (self.host[left as usize], self.host[right as usize]);
        a == b
            || self.unit_of[a as usize] != self.unit_of[b as usize]
            || self.glued[a as usize] == b
    }

    /// Whom a person stands with in the end: attached persons may have attached ones themselves.
    pub(super) fn root_host(&self, person: u32) -> u32 {
        let host = self.host[person as usize];
        self.host[host as usize]
    }

    /// Orders a chain as it is in `other`, which has the same chains; `flatten` has to follow.
    pub(super) fn copy_order(&mut self, other: &Self, chain: usize) {
        let is_same = self.units.row(chain) == other.units.row(chain)
            && self.units.row(chain).iter().all(|&unit| {
                let unit = unit as usize;
                self.ends[unit] == other.ends[unit] && self.core.row(unit) == other.core.row(unit)
            });
        if is_same {
            return;
        }
        self.units.row_mut(chain).copy_from_slice(other.units.row(chain));
        for &unit in other.units.row(chain) {
            let unit = unit as usize;
            self.ends[unit] = other.ends[unit];
            self.core.row_mut(unit).copy_from_slice(other.core.row(unit));
        }
        self.loose.push(chain as u32);
    }

    /// Turns a chain round, if it may be turned.
    pub(super) fn flip(&mut self, chain: usize) {
        if !self.fixed.contains(&chain) {
            self.turn(chain);
        }
    }

    /// Turns chains so that couples whose sibships meet stand as was chosen; the first of a chain
    /// decides.
    fn fix_sides(&mut self) {
        for (left, right) in self.sides.pairs().to_vec() {
            let (a, b) = (left as usize, right as usize);
            if a.max(b) >= self.host.len() {
                continue;
            }
            let chain = self.chain_of[a] as usize;
            let is_attached = self.host[a] != left || self.host[b] != right;
            let is_met = self.chain_of[b] as usize == chain && self.unit_of[a] != self.unit_of[b];
            if is_attached || !is_met || self.fixed.contains(&chain) {
                continue;
            }
            if self.place[a] > self.place[b] {
                self.turn(chain);
                self.flatten();
            }
            self.fixed.push(chain);
        }
    }

    fn turn(&mut self, chain: usize) {
        self.units.row_mut(chain).reverse();
        for &unit in self.units.row(chain) {
            self.ends[unit as usize].swap(0, 1);
            self.core.row_mut(unit as usize).reverse();
        }
        self.loose.push(chain as u32);
    }

    /// Sorts the members of a unit by `key`, then by birth; those who hold an end keep it.
    pub(super) fn sort_unit(&mut self, unit: usize, key: impl Fn(u32) -> i64) {
        if self.birth_order == SiblingOrder::Birth {
            return;
        }
        let ends = self.ends[unit];
        let birth = &self.birth;
        let key = |&person: &u32| {
            // An only child may hold both ends.
            let end = i32::from(person == ends[1]) - i32::from(person == ends[0]);
            (end, key(person), birth[person as usize])
        };
        let row = self.core.row_mut(unit);
        if !row.is_sorted_by_key(key) {
            row.sort_by_key(key);
            self.loosen(unit);
        }
        self.bring_glued_together(unit);
    }

    /// The chain of a unit has to be written anew.
    fn loosen(&mut self, unit: usize) {
        let member = self.core.row(unit).first();
        self.loose.extend(member.map(|&member| self.chain_of[member as usize]));
    }

    fn bring_glued_together(&mut self, unit: usize) {
        let ends = self.ends[unit];
        let row = self.core.row_mut(unit);
        let mut moved = false;
        for at in 0..row.len() {
            let sibling = self.glued[row[at] as usize];
            if sibling == NONE || at > 0 && row[at - 1] == sibling {
                continue;
            }
            let Some(other) = row.iter().position(|&m| m == sibling).filter(|&o| o > at) else {
                continue;
            };
            if row[other] == ends[1] {
                row[at..other].rotate_left(1);
            } else {
                row[at + 1..=other].rotate_right(1);
            }
            moved = true;
        }
        if moved {
            self.loosen(unit);
        }
    }

    /// Writes `members`, `chain_of` and `place` for the first time.
    fn line_up_all(&mut self) {
        self.loose.clear();
        let mut line = Vec::new();
        for chain in 0..self.units.len() {
            self.line_up(chain, &mut line);
            for &person in &line {
                self.chain_of[person as usize] = chain as u32;
            }
            self.members.push(line.iter().copied());
        }
    }

    /// Writes `members` and `place` anew after units were turned or sorted. Whether any were.
    pub(super) fn flatten(&mut self) -> bool {
        let mut loose = std::mem::take(&mut self.loose);
        loose.sort_unstable();
        loose.dedup();
        let mut line = Vec::new();
        for &chain in &loose {
            self.line_up(chain as usize, &mut line);
            self.members.row_mut(chain as usize).copy_from_slice(&line);
        }
        !loose.is_empty()
    }

    /// The members of a chain, which take their places.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    fn line_up(&mut self, chain: usize, line: &mut Vec<u32>) {
        line.clear();
        for &unit in self.units.row(chain) {
            let ends = self.ends[unit as usize];
            let core = self.core.row(unit as usize);
            for (at, &person) in core.iter().enumerate() {
                let glued = self.glued[person as usize];
                let left = person == ends[0] || at > 0 && glued == core[at - 1];
                let right = person == ends[1] || core.get(at + 1) == Some(&glued);
                self.emit(person, left, right, line);
            }
        }
        for (place, &person) in (0..).zip(line.iter()) {
            self.place[person as usize] = place;
        }
    }

    /// Writes a person, those attached to them, and those attached to these; a side that is taken by another couple gets
    /// nobody unless both are.
    fn emit(&self, person: u32, left_taken: bool, right_taken: bool, line: &mut Vec<u32>) {
        let attached = self.attached.row(person as usize);
        let rank = |p: u32| self.rank[p as usize];
        let chosen = |is_left: bool| {
            attached.iter().filter(|who| self.sides.is_left(**who, person) == Some(is_left)).count()
        };
        let to_left = match attached {
            [] => 0,
            _ if left_taken => 0,
            all if right_taken => all.len(),
            [one] => usize::from(rank(*one) < rank(person)).clamp(chosen(true), 1 - chosen(false)),
            all => (all.len() / 2).clamp(chosen(true), all.len() - chosen(false)),
        };
        for &partner in attached[..to_left].iter().rev() {
            line.extend(self.attached.row(partner as usize));
            line.push(partner);
        }
        line.push(person);
        for &partner in &attached[to_left..] {
            line.push(partner);
            line.extend(self.attached.row(partner as usize));
        }
    }
}

impl Chains {
    /// In birth order, ends are met by turning the whole unit round.
    fn face_ends(&mut self, unit: usize) {
        let [left, right] = self.ends[unit];
        let row = self.core.row_mut(unit);
        let wrong = |person: u32, here: Option<&u32>| person != NONE && here != Some(&person);
        if wrong(left, row.first()) || wrong(right, row.last()) {
            row.reverse();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::{KinGraph, generations};
    use super::*;

    /// Checks the chains, each from left to right, of unions given as (partners, children). Odd
    /// persons are women.
    fn check(persons: u32, unions: &[(&[u32], &[u32])], expect: &[&[u32]]) {
        check_chosen(KinGraph { persons, ..KinGraph::default() }, unions, expect);
    }

    fn check_chosen(mut graph: KinGraph, unions: &[(&[u32], &[u32])], expect: &[&[u32]]) {
        for (partners, children) in unions {
            graph.union_partners.push(partners.iter().copied());
            graph.union_children.push(children.iter().copied());
        }
        graph.rank = (0..graph.persons).map(|person| (person % 2) as u8).collect();
        let kin = Kin::new(&graph);
        let chains = Chains::new(&kin, &generations::rows(&kin), SiblingOrder::Free);
        assert_eq!(chains.members.rows().collect::<Vec<_>>(), expect, "{unions:?}");
    }

    #[test]
    fn a_partner_from_outside_stands_within_the_sibship() {
        check(6, &[(&[0], &[2, 4, 3]), (&[4, 5], &[])], &[&[2, 4, 5, 3], &[0], &[1]]);
    }

    #[test]
    fn two_sibships_meet_by_their_ends() {
        let unions: &[(&[u32], &[u32])] = &[(&[0], &[2, 4, 6]), (&[1], &[3, 5, 7]), (&[2, 5], &[])];
        check(8, unions, &[&[4, 6, 2, 5, 3, 7], &[0], &[1]]);
    }

    #[test]
    fn where_two_brothers_marry_two_sisters_one_sister_leaves() {
        let unions: &[(&[u32], &[u32])] =
            &[(&[0], &[2, 4]), (&[1], &[3, 5]), (&[2, 3], &[]), (&[4, 5], &[])];
        check(6, unions, &[&[4, 5, 2, 3], &[0], &[1]]);
    }

    #[test]
    fn several_wives_stand_on_both_sides() {
        check(6, &[(&[0, 1], &[]), (&[0, 3], &[]), (&[0, 5], &[])], &[&[1, 0, 3, 5], &[2], &[4]]);
    }

    #[test]
    fn a_couple_stands_as_was_chosen() {
        let flipped = |persons, sides: &[(u32, u32)]| KinGraph {
            persons,
            sides: sides.to_vec(),
            ..KinGraph::default()
        };
        check_chosen(flipped(2, &[(1, 0)]), &[(&[0, 1], &[])], &[&[1, 0]]);
        check_chosen(flipped(2, &[(1, 0), (0, 1)]), &[(&[0, 1], &[])], &[&[0, 1]]);
        let unions: &[(&[u32], &[u32])] = &[(&[0], &[2, 4, 3]), (&[4, 5], &[])];
        check_chosen(flipped(6, &[(5, 4)]), unions, &[&[2, 5, 4, 3], &[0], &[1]]);
        // Where sibships meet, all of them are turned round.
        let unions: &[(&[u32], &[u32])] = &[(&[0], &[2, 4, 6]), (&[1], &[3, 5, 7]), (&[2, 5], &[])];
        check_chosen(flipped(8, &[(5, 2)]), unions, &[&[7, 3, 5, 2, 6, 4], &[0], &[1]]);
        // Of three wives the chosen one stands left.
        let wives: &[(&[u32], &[u32])] = &[(&[0, 1], &[]), (&[0, 3], &[]), (&[0, 5], &[])];
        check_chosen(flipped(6, &[(5, 0)]), wives, &[&[5, 0, 1, 3], &[2], &[4]]);
        check_chosen(flipped(2, &[(9, 0), (1, 9), (0, 0)]), &[(&[0, 1], &[])], &[&[0, 1]]);
    }

    #[test]
    fn by_rank_alone_the_wife_leaves_her_siblings() {
        let strict = KinGraph { persons: 6, is_strict: true, ..KinGraph::default() };
        let unions: &[(&[u32], &[u32])] = &[(&[0], &[2, 1, 3]), (&[4, 1], &[5])];
        check_chosen(strict, unions, &[&[2, 3], &[5], &[0], &[4, 1]]);
        check(6, unions, &[&[2, 4, 1, 3], &[5], &[0]]);
    }
}
