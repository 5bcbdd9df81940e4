//! The choice of who stands at whose side and at which end.
//!
//! A greedy matching: couples that ask for the fewest ends first. Those refused try again at the
//! price of an end held for somebody simple, of one of the two leaving their siblings, or of one
//! leaving with company.

use super::super::SiblingOrder;
use super::super::kin::{DisjointSets, Kin, NONE};
use super::Chains;
use crate::csr::Csr;

/// Sibships meet as long as their chain has no more persons than this: in an intermarried
/// population one chain would take a whole generation, and its order nobody could untangle.
const LONGEST_CHAIN: u32 = 60;

/// The choice of who stands beside whom, in the making.
pub(super) struct Matching {
    /// Unit -> members in birth order; `NONE` where one has left.
    core: Csr,
    union_of: Vec<u32>,
    unit_of: Vec<u32>,
    /// Members of a unit who have not left.
    present: Vec<u32>,
    /// Unit -> the couples that hold its ends: (member, partner outside).
    held: Vec<[(u32, u32); 2]>,
    /// (whom, who).
    attached: Vec<(u32, u32)>,
    /// Person -> neighbours by couples so far.
    sides: Vec<u8>,
    /// Person -> couples within the row.
    couples: Vec<u32>,
    is_attached: Vec<bool>,
    has_attached: Vec<bool>,
    /// Persons to whom somebody with attached persons of their own is attached.
    has_guests: Vec<bool>,
    glued: Vec<u32>,
    joined: DisjointSets,
    /// Persons of a chain in the making, at its set's representative.
    size: Vec<u32>,
    birth_order: SiblingOrder,
}

const FREE: (u32, u32) = (NONE, NONE);

impl Matching {
    pub(super) fn new(kin: &Kin, rows: &[u32], birth_order: SiblingOrder) -> Self {
        let (mut core, mut union_of) = (Csr::default(), Vec::new());
        let mut unit_of = vec![NONE; kin.persons];
        let mut batch: Vec<u32> = Vec::new();
        for union in 0..kin.unions() {
            batch.clear();
            batch.extend(kin.sound_children(union).filter(|&c| unit_of[c as usize] == NONE));
            // Siblings whom a marriage has moved to another row make a unit of their own.
            batch.sort_by_key(|&child| rows[child as usize]);
            for same_row in batch.chunk_by(|&a, &b| rows[a as usize] == rows[b as usize]) {
                same_row.iter().for_each(|&child| unit_of[child as usize] = core.len() as u32);
                core.push(same_row.iter().copied());
                union_of.push(union as u32);
            }
        }
        for person in 0..kin.persons as u32 {
            if unit_of[person as usize] == NONE {
                unit_of[person as usize] = core.len() as u32;
                core.push([person]);
                union_of.push(NONE);
            }
        }
        let mut joined = DisjointSets::new(kin.persons);
        let mut size = vec![1; kin.persons];
        for unit in core.rows() {
            unit.windows(2).for_each(|pair| {
                joined.join(pair[0], pair[1]);
            });
            if let Some(&first) = unit.first() {
                size[joined.find(first) as usize] = unit.len() as u32;
            }
        }
        let mut couples = vec![0; kin.persons];
        for &(a, b, _) in &kin.couples {
            if rows[a as usize] == rows[b as usize] {
                couples[a as usize] += 1;
                couples[b as usize] += 1;
            }
        }
        Self {
            present: core.rows().map(|row| row.len() as u32).collect(),
            held: vec![[FREE; 2]; core.len()],
            attached: Vec::new(),
            sides: vec![0; kin.persons],
            couples,
            is_attached: vec![false; kin.persons],
            has_attached: vec![false; kin.persons],
            has_guests: vec![false; kin.persons],
            glued: vec![NONE; kin.persons],
            joined,
            size,
            core,
            union_of,
            unit_of,
            birth_order,
        }
    }

    pub(super) fn run(&mut self, kin: &Kin, rows: &[u32]) {
        let mut heavy = Vec::new();
        for &(a, b, _) in &kin.couples {
            if rows[a as usize] != rows[b as usize] {
                continue;
            }
            let (first, second) = kin.in_order(a, b);
            if self.unit_of[a as usize] == self.unit_of[b as usize] {
                if self.glued[a as usize] == NONE && self.glued[b as usize] == NONE {
                    (self.glued[a as usize], self.glued[b as usize]) = (b, a);
                }
            } else if self.is_attached[a as usize] || self.is_attached[b as usize] {
                // Who came to somebody already brings nobody along.
                heavy.push((first, second));
            } else if self.is_light(second) {
                self.attach(first, second);
            } else if kin.is_strict && self.may_leave(second) {
                self.leave(second);
                self.attach(first, second);
            } else if self.is_light(first) {
                self.attach(second, first);
            } else {
                heavy.push((first, second));
            }
        }
        // Ends are scarce: those couples first that ask for one end only, then those between
        // sibships that few others ask for.
        let mut asked = vec![0u32; self.core.len()];
        for &(a, b) in &heavy {
            asked[self.unit_of[a as usize] as usize] += 1;
            asked[self.unit_of[b as usize] as usize] += 1;
        }
        heavy.sort_by_key(|&(a, b)| {
            let (a, b) = (self.unit_of[a as usize] as usize, self.unit_of[b as usize] as usize);
            let ends = u32::from(self.present[a] > 1) + u32::from(self.present[b] > 1);
            (ends, asked[a] + asked[b])
        });
        let mut refused = Vec::new();
        for &(a, b) in &heavy {
            if self.may_hold(a) && self.may_hold(b) && self.join(a, b) {
                self.hold(a, b);
                self.hold(b, a);
            } else {
                refused.push((a, b));
            }
        }
        for &(a, b) in &refused {
            if self.can_hold_after_release(a) && self.can_hold_after_release(b) && self.join(a, b) {
                self.release_for(a);
                self.release_for(b);
                self.hold(a, b);
                self.hold(b, a);
                continue;
            }
            let orders = if kin.is_strict { &[(a, b)][..] } else { &[(a, b), (b, a)] };
            let attached = orders.iter().any(|&(stays, goes)| {
                let can = self.may_leave(goes) && !self.is_attached[stays as usize];
                if can {
                    self.leave(goes);
                    self.attach(stays, goes);
                }
                can
            });
            if attached || self.is_attached[a as usize] || self.is_attached[b as usize] {
                continue;
            }
            self.unite_with_company(a, b);
        }
    }

    /// Brings a couple together where both have others who stand with them: one leaves their
    /// siblings with all of those.
    fn unite_with_company(&mut self, a: u32, b: u32) {
        let held = |matching: &Self, person: u32| {
            let held = matching.held[matching.unit_of[person as usize] as usize];
            held.iter().filter(|held| held.0 == person).count()
        };
        for (stays, goes) in [(a, b), (b, a)] {
            let free = held(self, goes) < 2 && self.glued[goes as usize] == NONE;
            if free && self.may_hold(stays) && self.join(a, b) {
                self.leave(goes);
                self.hold(stays, goes);
                self.hold(goes, stays);
                return;
            }
        }
        for (stays, goes) in [(a, b), (b, a)] {
            if held(self, goes) == 1 {
                self.release(goes);
            }
            let free = held(self, goes) == 0 && self.glued[goes as usize] == NONE;
            if free && !self.has_guests[goes as usize] {
                self.leave(goes);
                self.attach(stays, goes);
                self.has_guests[stays as usize] = true;
                return;
            }
        }
    }

    /// Makes one chain of two; false where they are one already, or it would grow too long.
    fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.joined.find(a), self.joined.find(b));
        let fits = a != b && self.size[a as usize] + self.size[b as usize] <= LONGEST_CHAIN;
        if fits {
            self.unite(a, b);
        }
        fits
    }

    fn unite(&mut self, a: u32, b: u32) {
        let (a, b) = (self.joined.find(a), self.joined.find(b));
        if self.joined.join(a, b) {
            let whole = self.joined.find(a) as usize;
            self.size[whole] = self.size[a as usize] + self.size[b as usize];
        }
    }

    /// Nobody's child on this chart, and of one couple only.
    fn is_light(&self, person: u32) -> bool {
        self.union_of[self.unit_of[person as usize] as usize] == NONE
            && self.couples[person as usize] == 1
    }

    fn attach(&mut self, whom: u32, who: u32) {
        self.attached.push((whom, who));
        self.is_attached[who as usize] = true;
        self.has_attached[whom as usize] = true;
        self.sides[whom as usize] = self.sides[whom as usize].saturating_add(1);
        self.sides[who as usize] = self.sides[who as usize].saturating_add(1);
        self.unite(whom, who);
    }

    /// Whether a couple can stand at an end of this person's unit.
    fn may_hold(&self, person: u32) -> bool {
        let unit = self.unit_of[person as usize] as usize;
        let held = &self.held[unit];
        if self.is_attached[person as usize] || held[1] != FREE {
            return false;
        }
        if self.present[unit] < 2 {
            return true;
        }
        let row = self.core.row(unit);
        let outermost = row.first() == Some(&person) || row.last() == Some(&person);
        held[0].0 != person && (outermost || self.birth_order == SiblingOrder::Free)
    }

    /// Which of a unit's ends is held for a partner who could as well be attached: one with
    /// neither siblings nor others beside them. `by` is the holder to look for first.
    fn releasable(&self, by: u32) -> Option<usize> {
        let unit = self.unit_of[by as usize] as usize;
        let simple = |&slot: &usize| {
            let (member, partner) = self.held[unit][slot];
            member != NONE
                && self.sides[partner as usize] == 1
                && !self.has_attached[partner as usize]
                && !self.is_attached[member as usize]
                && self.present[self.unit_of[partner as usize] as usize] == 1
        };
        (0..2).filter(simple).min_by_key(|&slot| self.held[unit][slot].0 != by)
    }

    fn can_hold_after_release(&self, person: u32) -> bool {
        if self.is_attached[person as usize] || self.birth_order == SiblingOrder::Birth {
            return false;
        }
        let unit = self.unit_of[person as usize] as usize;
        let Some(slot) = self.releasable(person) else { return self.may_hold(person) };
        // One end per person in a sibship.
        let other = self.held[unit][1 - slot].0;
        self.may_hold(person) || self.present[unit] < 2 || other != person
    }

    fn release_for(&mut self, person: u32) {
        if !self.may_hold(person) {
            self.release(person);
        }
    }

    /// Frees an end of a person's unit; its partner is attached instead.
    fn release(&mut self, person: u32) {
        let unit = self.unit_of[person as usize] as usize;
        let Some(slot) = self.releasable(person) else { return };
        let (member, partner) = self.held[unit][slot];
        self.held[unit] = [self.held[unit][1 - slot], FREE];
        self.held[self.unit_of[partner as usize] as usize] = [FREE; 2];
        for one in [member, partner] {
            self.sides[one as usize] = self.sides[one as usize].saturating_sub(1);
        }
        self.attach(member, partner);
    }

    fn hold(&mut self, person: u32, partner: u32) {
        let held = &mut self.held[self.unit_of[person as usize] as usize];
        let slot = usize::from(held[0] != FREE);
        held[slot] = (person, partner);
        self.sides[person as usize] = self.sides[person as usize].saturating_add(1);
    }

    /// Whether a person can go and be attached to a partner: nobody hangs on them.
    fn may_leave(&self, person: u32) -> bool {
        let person = person as usize;
        self.sides[person] == 0
            && !self.has_attached[person]
            && !self.is_attached[person]
            && self.glued[person] == NONE
            && self.held[self.unit_of[person] as usize]
                .iter()
                .all(|&(member, _)| member != person as u32)
    }

    /// Takes a person out of their sibship, with the couples whose end they hold. An only child
    /// leaves nobody behind and keeps the unit.
    fn leave(&mut self, person: u32) {
        let unit = self.unit_of[person as usize] as usize;
        if self.present[unit] < 2 {
            return;
        }
        self.present[unit] -= 1;
        let range = self.core.starts[unit] as usize..self.core.starts[unit + 1] as usize;
        for member in &mut self.core.items[range] {
            if *member == person {
                *member = NONE;
            }
        }
        self.unit_of[person as usize] = self.core.len() as u32;
        self.core.push([person]);
        self.union_of.push(NONE);
        self.present.push(1);
        let mut held = self.held[unit];
        held.sort_by_key(|held| held.0 != person);
        if held[0].0 == person {
            self.held[unit] = [held[1], FREE];
            self.held.push([held[0], FREE]);
        } else {
            self.held.push([FREE; 2]);
        }
    }

    /// Walks from end to end and writes the chains down.
    pub(super) fn assemble(self, kin: &Kin, birth_order: SiblingOrder) -> Chains {
        let count = self.core.len();
        let mut core = Csr::default();
        for row in self.core.rows() {
            core.push(row.iter().copied().filter(|&member| member != NONE));
        }
        let mut birth = vec![0; kin.persons];
        for row in core.rows() {
            row.iter().enumerate().for_each(|(at, &member)| birth[member as usize] = at as u32);
        }
        let mut units = Csr::default();
        let mut ends = vec![[NONE; 2]; count];
        let mut done = vec![false; count];
        let mut walk: Vec<u32> = Vec::new();
        for start in 0..count {
            let alone = core.row(start).iter().all(|&m| self.is_attached[m as usize]);
            // A chain starts at a unit with a free end; joins never close a ring.
            if done[start] || alone || self.held[start][1] != FREE {
                continue;
            }
            walk.clear();
            let (mut unit, mut entered) = (start, NONE);
            loop {
                done[unit] = true;
                walk.push(unit as u32);
                let [a, b] = self.held[unit];
                // Leave by the couple by which the walk did not come.
                let (left, right) = if entered == NONE {
                    (FREE, a)
                } else if a.1 == entered {
                    (a, b)
                } else {
                    (b, a)
                };
                ends[unit] = [left.0, right.0];
                if right == FREE {
                    break;
                }
                entered = right.0;
                unit = self.unit_of[right.1 as usize] as usize;
            }
            units.push(walk.iter().copied());
        }
        let mut attached = self.attached;
        // Those who bring somebody along stand outermost, but for those whose side was chosen.
        attached.sort_by_key(|&(whom, who)| {
            let side = match kin.sides.is_left(who, whom) {
                Some(true) => 0,
                None => 1,
                Some(false) => 2,
            };
            (whom, side, self.has_attached[who as usize])
        });
        let mut host: Vec<u32> = (0..kin.persons as u32).collect();
        attached.iter().for_each(|&(whom, who)| host[who as usize] = whom);
        let mut chains = Chains {
            units,
            core,
            union_of: self.union_of,
            ends,
            attached: Csr::grouped(kin.persons, &attached),
            host,
            unit_of: self.unit_of,
            birth,
            glued: self.glued,
            members: Csr::default(),
            chain_of: vec![NONE; kin.persons],
            place: vec![0; kin.persons],
            rank: kin.rank.clone(),
            sides: kin.sides.clone(),
            fixed: Vec::new(),
            birth_order,
            loose: Vec::new(),
        };
        for unit in 0..count {
            if birth_order == SiblingOrder::Free {
                chains.sort_unit(unit, |_| 0);
            } else {
                chains.face_ends(unit);
            }
        }
        chains.line_up_all();
        chains.fix_sides();
        chains
    }
}
