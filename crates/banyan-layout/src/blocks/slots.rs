//! Who has which slot.

use std::collections::{BTreeMap, BTreeSet};

/// A group gives up capacity, and a vanished group its place, after this many changes.
const PATIENCE: u32 = 30;
const LEAST_CAPACITY: u32 = 4;

static NO_SLOTS: BTreeMap<u64, u32> = BTreeMap::new();

/// Remembers places of groups and slots of members while both come and go.
#[derive(Clone, Debug, Default)]
pub struct SlotBook {
    groups: Vec<Option<Group>>,
    places: BTreeMap<String, usize>,
}

#[derive(Clone, Debug, Default)]
struct Group {
    key: String,
    slots: BTreeMap<u64, u32>,
    free: BTreeSet<u32>,
    capacity: u32,
    /// Changes in a row with less than half the slots in use, or without a member.
    sparse: u32,
}

/// A place and the group that has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GroupSlots<'a> {
    /// Empty for a place that no group has.
    pub key: &'a str,
    /// A power of two, at least 4; 0 for a place that no group has.
    pub capacity: u32,
    /// The slot of each member, below `capacity`; empty for a group that vanished lately.
    pub slots: &'a BTreeMap<u64, u32>,
}

impl SlotBook {
    /// Lets members go and come, and returns whether anybody stands elsewhere than before.
    ///
    /// New members take the lowest free slots in the order given, new groups the lowest free
    /// place. A group's capacity doubles at once when it is full, and is cut (which moves
    /// the members beyond it to lower slots) only when less than half was used for 30 changes
    /// in a row. A vanished group keeps its place that long.
    /// O(members that come or go x log + groups).
    pub fn change(&mut self, left: &[(&str, u64)], joined: &[(&str, u64)]) -> bool {
        for (key, member) in left {
            let place = self.places.get(*key);
            if let Some(Some(group)) = place.and_then(|&place| self.groups.get_mut(place)) {
                group.free.extend(group.slots.remove(member));
            }
        }
        for (key, member) in joined {
            let place = self.place_of(key);
            if let Some(Some(group)) = self.groups.get_mut(place) {
                group.seat(*member);
            }
        }
        let mut is_other = !left.is_empty() || !joined.is_empty();
        for place in &mut self.groups {
            let Some(group) = place else { continue };
            is_other |= group.rest();
            if group.slots.is_empty() && group.sparse >= PATIENCE {
                self.places.remove(&group.key);
                *place = None;
                is_other = true;
            }
        }
        while self.groups.last().is_some_and(Option::is_none) {
            self.groups.pop();
        }
        is_other
    }

    /// The groups in the order of their places.
    pub fn groups(&self) -> impl Iterator<Item = GroupSlots<'_>> {
        self.groups.iter().map(|group| match group {
            Some(group) => {
                GroupSlots { key: &group.key, capacity: group.capacity, slots: &group.slots }
            }
            None => GroupSlots { key: "", capacity: 0, slots: &NO_SLOTS },
        })
    }

    /// Whether a group has a place, even if its last member went lately.
    pub fn has_place(&self, key: &str) -> bool {
        self.places.contains_key(key)
    }

    fn place_of(&mut self, key: &str) -> usize {
        if let Some(&place) = self.places.get(key) {
            return place;
        }
        let place = self.groups.iter().position(Option::is_none).unwrap_or(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(None);
        }
        self.groups[place] = Some(Group { key: key.to_owned(), ..Group::default() });
        self.places.insert(key.to_owned(), place);
        place
    }
}

impl Group {
    /// Gives `member` the lowest free slot, unless it has one.
    fn seat(&mut self, member: u64) {
        if self.slots.contains_key(&member) {
            return;
        }
        if self.free.is_empty() {
            let capacity = (self.capacity * 2).max(LEAST_CAPACITY);
            self.free.extend(self.capacity..capacity);
            self.capacity = capacity;
        }
        if let Some(slot) = self.free.pop_first() {
            self.slots.insert(member, slot);
        }
    }

    /// After a change: counts how long the group has been sparse, and shrinks it when that is long.
    /// Returns whether it shrank.
    fn rest(&mut self) -> bool {
        let members = self.slots.len() as u32;
        let wanted = members.max(LEAST_CAPACITY).next_power_of_two();
        let is_sparse = members == 0 || members * 2 < self.capacity && self.capacity > wanted;
        self.sparse = if is_sparse { self.sparse + 1 } else { 0 };
        let shrinks = self.sparse >= PATIENCE && self.capacity > wanted;
        if shrinks {
            self.shrink(wanted);
        }
        shrinks
    }

    fn shrink(&mut self, capacity: u32) {
        self.capacity = capacity;
        self.free.retain(|&slot| slot < capacity);
        for slot in self.slots.values_mut().filter(|slot| **slot >= capacity) {
            if let Some(lower) = self.free.pop_first() {
                *slot = lower;
            }
        }
        if !self.slots.is_empty() {
            self.sparse = 0;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Key, capacity, slots by member.
    type Told = (String, u32, Vec<(u64, u32)>);

    fn told(book: &SlotBook) -> Vec<Told> {
        let slots = |group: &GroupSlots<'_>| group.slots.iter().map(|(&m, &s)| (m, s)).collect();
        book.groups().map(|group| (group.key.to_owned(), group.capacity, slots(&group))).collect()
    }

    fn group(key: &str, capacity: u32, slots: &[(u64, u32)]) -> Told {
        (key.to_owned(), capacity, slots.to_vec())
    }

    #[test]
    fn members_keep_their_slots() {
        let mut book = SlotBook::default();
        assert!(book.change(&[], &[("a", 10), ("a", 11), ("a", 12)]));
        // 11 goes, 13 takes its slot.
        assert!(book.change(&[("a", 11)], &[("a", 13)]));
        assert_eq!(told(&book), [group("a", 4, &[(10, 0), (12, 2), (13, 1)])]);
        book.change(&[], &[("a", 14), ("a", 15)]);
        let slots = [(10, 0), (12, 2), (13, 1), (14, 3), (15, 4)];
        assert_eq!(told(&book), [group("a", 8, &slots)]);
        assert!(!book.change(&[], &[]), "nothing came and nothing went");
    }

    #[test]
    fn capacity_shrinks_only_after_a_while() {
        let mut book = SlotBook::default();
        let all: Vec<(&str, u64)> = (0..64).map(|member| ("a", member)).collect();
        book.change(&[], &all);
        book.change(&all[..60], &[]);
        for _ in 2..PATIENCE {
            assert!(!book.change(&[], &[]));
        }
        assert_eq!(told(&book), [group("a", 64, &[(60, 60), (61, 61), (62, 62), (63, 63)])]);
        assert!(book.change(&[], &[]), "everybody moves");
        assert_eq!(told(&book), [group("a", 4, &[(60, 0), (61, 1), (62, 2), (63, 3)])]);
    }

    #[test]
    fn groups_keep_their_places() {
        let mut book = SlotBook::default();
        book.change(&[], &[("b", 1), ("a", 2)]);
        let places = |book: &SlotBook| -> Vec<String> {
            book.groups().map(|group| group.key.to_owned()).collect()
        };
        book.change(&[("b", 1)], &[("c", 3)]);
        for _ in 2..PATIENCE {
            book.change(&[], &[]);
            assert_eq!(places(&book), ["b", "a", "c"]);
        }
        assert!(book.has_place("b"));
        assert!(book.change(&[], &[]));
        assert_eq!(places(&book), ["", "a", "c"]);
        assert!(!book.has_place("b"));
        book.change(&[], &[("d", 9)]);
        assert_eq!(places(&book), ["d", "a", "c"]);
    }

    #[test]
    fn a_member_given_twice_has_one_slot() {
        let mut book = SlotBook::default();
        book.change(&[("a", 1), ("b", 2)], &[("a", 7), ("a", 7), ("a", 8)]);
        assert_eq!(told(&book), [group("a", 4, &[(7, 0), (8, 1)])]);
    }
}
