//! Siblings on one row: where one of them married into a later row, the others follow.
//!
//! Rows only grow. Bringing a class down pushes its descendants; if that comes round to the
//! class that it is to be level with, one descends from the other, and the two stay apart.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::kin::{DisjointSets, Kin};
use crate::csr::Csr;

/// Joins the classes of siblings where it makes no circle; `row` must be below all parents' rows
/// in, and is left so. Classes are renumbered densely.
pub(super) fn align(kin: &Kin, class: &mut [u32], down: &Csr, row: &mut [i64]) {
    let mut levels = Levels {
        sets: DisjointSets::new(down.len()),
        ring: (0..down.len() as u32).collect(),
        down,
        row,
        queue: BinaryHeap::new(),
        undo: Vec::new(),
        budget: 20_000_000,
    };
    let mut sibships: Vec<(i64, u32)> = (0..kin.unions() as u32)
        .filter(|&union| kin.children.row(union as usize).len() > 1)
        .map(|union| {
            let rows = kin
                .sound_children(union as usize)
                .map(|child| levels.row[class[child as usize] as usize]);
            (rows.min().unwrap_or(0), union)
        })
        .collect();
    sibships.sort_unstable();
    let mut members: Vec<u32> = Vec::new();
    for (_, union) in sibships {
        members.clear();
        members.extend(kin.sound_children(union as usize).map(|child| class[child as usize]));
        // The lowest first: the others come down to it.
        members.sort_by_key(|&member| {
            let level = levels.sets.find(member);
            Reverse(levels.row[level as usize])
        });
        for at in 1..members.len() {
            levels.join(members[0], members[at]);
        }
    }
    let mut sets = levels.sets;
    let mut number = vec![u32::MAX; down.len()];
    let mut next = 0;
    for class in class {
        let number = &mut number[sets.find(*class) as usize];
        if *number == u32::MAX {
            *number = next;
            next += 1;
        }
        *class = *number;
    }
}

/// Classes that share a row whatever happens.
struct Levels<'a> {
    sets: DisjointSets,
    /// The classes of a level, each pointing to the next.
    ring: Vec<u32>,
    down: &'a Csr,
    /// The row of a level, at its representative.
    row: &'a mut [i64],
    queue: BinaryHeap<Reverse<(i64, u32)>>,
    undo: Vec<(u32, i64)>,
    /// Steps left over all pushes; beyond it siblings stay where they are.
    budget: u64,
}

impl Levels<'_> {
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    fn join(&mut self, a: u32, b: u32) {
        let (low, high) = (self.sets.find(a), self.sets.find(b));
        if low == high {
            return;
        }
        let (low, high) = if self.row[low as usize] >= self.row[high as usize] {
            (low, high)
        } else {
            (high, low)
        };
        let target = self.row[low as usize];
        if self.row[high as usize] < target && !self.push(high, target, low) {
            for &(level, row) in self.undo.iter().rev() {
                self.row[level as usize] = row;
            }
            return;
        }
        // Levels on one row do not descend from each other, so this makes no circle.
        self.sets.join(low, high);
        self.ring.swap(low as usize, high as usize);
        let level = self.sets.find(low);
        self.row[level as usize] = target;
    }

    /// Brings a level down to `target`, and what descends from it further down as needed. False
    /// where that would move `fixed`.
    fn push(&mut self, level: u32, target: i64, fixed: u32) -> bool {
        self.undo.clear();
        self.queue.clear();
        self.queue.push(Reverse((target, level)));
        while let Some(Reverse((row, level))) = self.queue.pop() {
            if self.row[level as usize] >= row {
                continue;
            }
            if level == fixed {
                return false;
            }
            self.undo.push((level, self.row[level as usize]));
            self.row[level as usize] = row;
            let mut class = level;
            loop {
                for &below in self.down.row(class as usize) {
                    if self.budget == 0 {
                        return false;
                    }
                    self.budget -= 1;
                    let below = self.sets.find(below);
                    if self.row[below as usize] <= row {
                        self.queue.push(Reverse((row + 1, below)));
                    }
                }
                class = self.ring[class as usize];
                if class == level {
                    break;
                }
            }
        }
        true
    }
}
