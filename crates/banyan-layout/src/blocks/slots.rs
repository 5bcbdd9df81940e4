//! Who has which slot.

use std::collections::{BTreeMap, BTreeSet};

/// A group gives up capacity, and a vanished group its place, after this many updates.
const PATIENCE: u32 = 30;
const LEAST_CAPACITY: u32 = 4;

/// Remembers places of groups and slots of members over updates.
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
    /// Updates in a row with less than half the slots in use, or without the group.
    sparse: u32,
}

/// One group after an update.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GroupSlots {
    /// Empty for a place that no group has.
    pub key: String,
    /// A power of two, at least 4; 0 for a place that no group has.
    pub capacity: u32,
    /// The slot of each member, below `capacity`, in the order in which the members were given;
    /// a member given twice has one slot.
    pub slots: Vec<u32>,
}

impl SlotBook {
    /// Takes the members of all groups as they are now, and returns the groups in the order of
    /// their places.
    ///
    /// New members take the lowest free slots in the order given, new groups the lowest free
    /// place. A group's capacity doubles at once when it is full, and is cut (which moves
    /// the members beyond it to lower slots) only when less than half was used for 30 updates
    /// in a row. A vanished group keeps its place that long. O(members x log).
    pub fn update(&mut self, groups: &[(String, Vec<u64>)]) -> Vec<GroupSlots> {
        let mut present = BTreeSet::new();
        for (key, members) in groups {
            let place = self.place_of(key);
            present.insert(place);
            if let Some(group) = &mut self.groups[place] {
                group.update(members);
            }
        }
        for place in 0..self.groups.len() {
            if present.contains(&place) {
                continue;
            }
            if let Some(group) = &mut self.groups[place] {
                group.update(&[]);
                if group.sparse >= PATIENCE {
                    self.places.remove(&group.key);
                    self.groups[place] = None;
                }
            }
        }
        while self.groups.last().is_some_and(Option::is_none) {
            self.groups.pop();
        }
        let given: BTreeMap<&str, &[u64]> =
            groups.iter().map(|(key, members)| (key.as_str(), members.as_slice())).collect();
        self.groups
            .iter()
            .map(|group| {
                let Some(group) = group else { return GroupSlots::default() };
                let members = given.get(group.key.as_str()).copied().unwrap_or(&[]);
                GroupSlots {
                    key: group.key.clone(),
                    capacity: group.capacity,
                    slots: members
                        .iter()
                        .filter_map(|member| group.slots.get(member).copied())
                        .collect(),
                }
            })
            .collect()
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
    fn update(&mut self, members: &[u64]) {
        let now: BTreeSet<u64> = members.iter().copied().collect();
        self.slots.retain(|member, slot| {
            let stays = now.contains(member);
            if !stays {
                self.free.insert(*slot);
            }
            stays
        });
        let wanted = (now.len() as u32).max(LEAST_CAPACITY).next_power_of_two();
        if wanted > self.capacity {
            self.free.extend(self.capacity..wanted);
            self.capacity = wanted;
        }
        for &member in members {
            if !self.slots.contains_key(&member)
                && let Some(slot) = self.free.pop_first()
            {
                self.slots.insert(member, slot);
            }
        }
        let sparse =
            now.is_empty() || (now.len() as u32) * 2 < self.capacity && self.capacity > wanted;
        self.sparse = if sparse { self.sparse + 1 } else { 0 };
        if self.sparse >= PATIENCE && self.capacity > wanted {
            self.shrink(wanted);
        }
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

    fn group(key: &str, members: impl IntoIterator<Item = u64>) -> (String, Vec<u64>) {
        (key.to_owned(), members.into_iter().collect())
    }

    #[test]
    fn members_keep_their_slots() {
        let mut book = SlotBook::default();
        assert_eq!(book.update(&[group("a", [10, 11, 12])])[0].slots, [0, 1, 2]);
        // 11 goes, 13 takes its slot; the order of arrival in the list is of no meaning.
        assert_eq!(book.update(&[group("a", [13, 12, 10])])[0].slots, [1, 2, 0]);
        let now = book.update(&[group("a", [10, 12, 13, 14, 15])]);
        assert_eq!((now[0].slots.as_slice(), now[0].capacity), (&[0, 2, 1, 3, 4][..], 8));
    }

    #[test]
    fn capacity_shrinks_only_after_a_while() {
        let mut book = SlotBook::default();
        book.update(&[group("a", 0..64)]);
        for turn in 1..PATIENCE {
            let now = book.update(&[group("a", 60..64)]);
            assert_eq!((now[0].capacity, now[0].slots[0]), (64, 60), "{turn}");
        }
        let now = book.update(&[group("a", 60..64)]);
        assert_eq!((now[0].capacity, now[0].slots.as_slice()), (4, &[0, 1, 2, 3][..]));
    }

    #[test]
    fn groups_keep_their_places() {
        let mut book = SlotBook::default();
        book.update(&[group("b", [1]), group("a", [2])]);
        let places = |book: &mut SlotBook, groups: &[(String, Vec<u64>)]| -> Vec<String> {
            book.update(groups).into_iter().map(|group| group.key).collect()
        };
        assert_eq!(places(&mut book, &[group("c", [3]), group("a", [2])]), ["b", "a", "c"]);
        for _ in 0..PATIENCE {
            book.update(&[group("c", [3]), group("a", [2])]);
        }
        assert_eq!(places(&mut book, &[group("c", [3]), group("a", [2])]), ["", "a", "c"]);
        assert_eq!(places(&mut book, &[group("d", [9]), group("c", [3])]), ["d", "a", "c"]);
    }

    #[test]
    fn a_member_given_twice_has_one_slot() {
        let now = SlotBook::default().update(&[group("a", [7, 7, 8])]);
        assert_eq!(now[0].slots, [0, 0, 1]);
    }
}
