//! Broad rows of tall charts made narrower.
//!
//! One broad row makes every row of its component as wide. So whoever hangs on few links, a sibship
//! without descendants or the parents of somebody who married in, stands a row further from their
//! kin where that takes more empty room away than it makes links longer.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::super::kin::Kin;
use crate::csr::Csr;

/// A link over one more row costs as much as so many empty places. A person fewer in the broadest
/// row saves one in each row, so low charts stay as they are.
const LONGER: usize = 100;

/// Moves classes out of the broadest rows of every component, each by one row at the most, never
/// past a neighbour, nor beyond the first and the last row. O(n log n).
pub(super) fn relieve(kin: &Kin, class: &[u32], down: &Csr, up: &Csr, row: &mut [i64]) {
    let mut size = vec![0; down.len()];
    let mut component = vec![0; down.len()];
    for (&own, &whole) in class.iter().zip(&kin.component) {
        size[own as usize] += 1;
        component[own as usize] = whole;
    }
    let members: Vec<(u32, u32)> = component.into_iter().zip(0..).collect();
    for classes in Csr::grouped(kin.component_sizes.len(), &members).rows() {
        if let Some(mut crowd) = Crowd::new(classes, &size, down, up, row) {
            crowd.relieve(row);
        }
    }
}

/// The rows of one component.
struct Crowd<'a> {
    size: &'a [usize],
    down: &'a Csr,
    up: &'a Csr,
    first: i64,
    /// Persons per row, the first row first.
    persons: Vec<usize>,
    /// The classes of each row that may leave it, the best last.
    movable: Vec<Vec<u32>>,
}

impl<'a> Crowd<'a> {
    /// Nothing where nobody can be moved at a gain.
    fn new(
        classes: &[u32],
        size: &'a [usize],
        down: &'a Csr,
        up: &'a Csr,
        row: &[i64],
    ) -> Option<Self> {
        let rows = || classes.iter().map(|&class| row[class as usize]);
        let (first, last) = (rows().min()?, rows().max()?);
        if first == last {
            return None;
        }
        let height = (last - first) as usize + 1;
        let longer =
            |class: u32| up.row(class as usize).len().abs_diff(down.row(class as usize).len());
        let pays = |&&class: &&u32| LONGER * longer(class) < height * size[class as usize];
        let mut movable = vec![Vec::new(); height];
        for &class in classes.iter().filter(pays) {
            movable[(row[class as usize] - first) as usize].push(class);
        }
        if movable.iter().all(Vec::is_empty) {
            return None;
        }
        for classes in &mut movable {
            // The fewest links per person, of equals the most persons, then the first.
            classes.sort_by_key(|&class| {
                let persons = size[class as usize];
                (Reverse(longer(class) * 1_000 / persons.max(1)), persons, Reverse(class))
            });
        }
        let mut persons = vec![0; height];
        for &class in classes {
            persons[(row[class as usize] - first) as usize] += size[class as usize];
        }
        Some(Self { size, down, up, first, persons, movable })
    }

    /// Takes from the row that is the broadest, time after time, until it has nobody to give. What
    /// was moved after the component last became narrower goes back.
    fn relieve(&mut self, row: &mut [i64]) {
        let mut broadest: BinaryHeap<(usize, usize)> =
            self.persons.iter().copied().zip(0..).collect();
        let mut narrowest = usize::MAX;
        let (mut moved, mut kept) = (Vec::new(), 0);
        while let Some((persons, at)) = broadest.pop() {
            if persons != self.persons[at] {
                continue;
            }
            if persons < narrowest {
                (narrowest, kept) = (persons, moved.len());
            }
            let Some((class, to)) = self.leaver(at, row) else { break };
            let from = std::mem::replace(&mut row[class as usize], self.first + to as i64);
            moved.push((class, from));
            let size = self.size[class as usize];
            self.persons[at] -= size;
            self.persons[to] += size;
            broadest.extend([(self.persons[at], at), (self.persons[to], to)]);
        }
        for &(class, from) in &moved[kept..] {
            row[class as usize] = from;
        }
    }

    /// Who leaves a row next, and for which: down those whom more links hold from above, the others
    /// up, if that row then has fewer persons than this one had.
    fn leaver(&mut self, at: usize, row: &[i64]) -> Option<(u32, usize)> {
        while let Some(class) = self.movable[at].pop() {
            let (above, below) = (self.up.row(class as usize), self.down.row(class as usize));
            let is_down = above.len() >= below.len();
            let Some(to) = (if is_down { at.checked_add(1) } else { at.checked_sub(1) }) else {
                continue;
            };
            let Some(&persons) = self.persons.get(to) else { continue };
            let there = self.first + to as i64;
            let is_free = above.iter().all(|&other| row[other as usize] < there)
                && below.iter().all(|&other| row[other as usize] > there);
            if is_free && persons + self.size[class as usize] < self.persons[at] {
                return Some((class, to));
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::KinGraph;
    use super::*;

    /// Where the man with four wives stands: below his father, who is a brother of the one on the
    /// third row from the end of a line of `height` fathers. Beside him stand three cousins.
    fn rows_below_father(height: u32) -> u32 {
        let mut graph = KinGraph { persons: height + 8, ..KinGraph::default() };
        let mut union = |partners: &[u32], children: &[u32]| {
            graph.union_partners.push(partners.iter().copied());
            graph.union_children.push(children.iter().copied());
        };
        for father in 0..height - 1 {
            union(&[father], &[father + 1]);
        }
        let (brother, man, cousin) = (height, height + 1, height + 6);
        union(&[height - 4], &[brother]);
        union(&[height - 3], &[cousin, cousin + 1]);
        union(&[brother], &[man]);
        for wife in 1..5 {
            union(&[man, man + wife], &[]);
        }
        let rows = super::super::rows(&Kin::new(&graph));
        rows[man as usize] - rows[brother as usize]
    }

    #[test]
    fn the_broad_row_of_a_tall_chart_gives_to_the_next() {
        assert_eq!(rows_below_father(40), 2);
        // Five places on each of ten rows are not worth a longer link.
        assert_eq!(rows_below_father(10), 1);
    }
}
