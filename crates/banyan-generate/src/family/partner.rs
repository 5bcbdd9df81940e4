//! Who marries whom.

use std::mem;

use super::{NONE, society::Society, village::Village};

/// How many of those who might marry are looked at.
const MOST_LOOKED_AT: u32 = 16;
/// Who was due to marry last is looked at first.
const MOST_WAITING: usize = 120;

impl Society {
    /// Who marries somebody: seldom a cousin, sometimes a neighbour, mostly someone from elsewhere.
    pub(super) fn partner(&mut self, village: &mut Village, id: u32, month: i32) -> Option<u32> {
        let person = *self.person(id)?;
        let wanted = usize::from(!person.is_male);
        if self.random.percent(7)
            && let Some(cousin) = self.cousin(id, month)
        {
            return Some(cousin);
        }
        if self.random.percent(14) {
            let waiting = mem::take(&mut village.waiting[wanted]);
            let recent = waiting.len().saturating_sub(MOST_WAITING);
            let found = self.among(&waiting, recent, id, month);
            village.waiting[wanted] = waiting;
            if let Some(place) = found {
                return Some(village.waiting[wanted].swap_remove(place));
            }
        }
        if self.random.percent(4) {
            let neighbours = mem::take(&mut self.neighbours);
            let same_age = neighbours.partition_point(|&other| {
                self.person(other).is_some_and(|other| other.born + 60 < person.born)
            });
            let found = self.among(&neighbours, same_age, id, month);
            let found = found.and_then(|place| neighbours.get(place).copied());
            self.neighbours = neighbours;
            if found.is_some() {
                return found;
            }
        }
        let gap = self.random.near_middle(-4 * 12, 10 * 12);
        let born = i32::from(person.born) + if person.is_male { gap } else { -gap };
        // Nobody marries before sixteen.
        let stranger = self.stranger(!person.is_male, born.min(month - 17 * 12))?;
        self.live_until(stranger, month + 12 * 8);
        Some(stranger)
    }

    /// The place of a fitting partner in a list, from `start` on.
    fn among(&mut self, list: &[u32], start: usize, id: u32, month: i32) -> Option<usize> {
        let length = list.len().checked_sub(start)?.min(MOST_WAITING) as u32;
        for _ in 0..MOST_LOOKED_AT {
            let place = start + self.random.below(length) as usize;
            if list.get(place).is_some_and(|&other| self.do_fit(id, other, month)) {
                return Some(place);
            }
        }
        None
    }

    /// A cousin of the first or second degree who fits.
    fn cousin(&mut self, id: u32, month: i32) -> Option<u32> {
        let up = 1 + self.random.below(2);
        let mut ancestor = id;
        for _ in 0..up {
            let union = *self.union(self.person(ancestor)?.born_to)?;
            ancestor = if self.random.percent(50) { union.husband } else { union.wife };
        }
        let mut cousin = self.other_child(self.person(ancestor)?.born_to, ancestor)?;
        for _ in 0..up {
            let union = self.latest.get(cousin as usize).copied()?;
            cousin = self.other_child(union, id)?;
        }
        self.do_fit(id, cousin, month).then_some(cousin)
    }

    /// Some child of a union other than `id`.
    pub(super) fn other_child(&mut self, union: u32, id: u32) -> Option<u32> {
        let (first, last) = self.union(union)?.children;
        let place = first + self.random.below(last - first);
        self.family
            .children
            .get(place as usize)
            .copied()
            .filter(|&child| child != id && place < last)
    }

    /// Whether two may marry: free, of age, alive, not siblings, not of two generations.
    fn do_fit(&self, one: u32, other: u32, month: i32) -> bool {
        let (Some(a), Some(b)) = (self.person(one), self.person(other)) else { return false };
        let gap = if a.is_male { b.born - a.born } else { a.born - b.born };
        let parents =
            |union: u32| self.union(union).map_or([NONE; 2], |union| [union.husband, union.wife]);
        let families = [parents(a.born_to), parents(a.adopted_by)].concat();
        let shares_parent = [parents(b.born_to), parents(b.adopted_by)]
            .concat()
            .iter()
            .any(|&parent| parent == one || (parent != NONE && families.contains(&parent)));
        one != other
            && a.is_male != b.is_male
            && (-6 * 12..=15 * 12).contains(&gap)
            && i32::from(b.born) + 16 * 12 <= month
            && i32::from(b.died) > month
            && self.is_free.get(other as usize) == Some(&true)
            && !shares_parent
            && !families.contains(&other)
    }
}
