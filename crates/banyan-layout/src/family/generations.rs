//! A row for everyone: partners share one, children stand below their parents.
//!
//! Union-find over partners makes classes; the longest path over the classes gives rows, and a
//! second pass pulls ancestors of late branches down to their children. Where the partners of a
//! union cannot share a row (one descends from the other), that union loses its alignment. Then
//! siblings are brought to one row too, where that makes no circle; and the broadest rows of tall
//! charts give to their neighbours.

use std::collections::BTreeMap;

use super::kin::{DisjointSets, Kin, NONE};
use crate::csr::Csr;

mod relief;
mod siblings;
mod simplex;

/// The row of every person; the top row of each component is 0.
pub(super) fn rows(kin: &Kin) -> Vec<u32> {
    let mut class = classes(kin);
    let (down, _, order) = graph(kin, &class);
    let mut row = longest_paths(&down, &order);
    siblings::align(kin, &mut class, &down, &mut row);
    let (down, up, order) = graph(kin, &class);
    let mut row = longest_paths(&down, &order);
    tighten(&order, &down, &up, &mut row);
    simplex::shorten(&down, &up, &mut row);
    balance(kin, &class, &down, &up, &mut row);
    relief::relieve(kin, &class, &down, &up, &mut row);
    let mut top = vec![i64::MAX; kin.component_sizes.len()];
    for person in 0..kin.persons {
        let top = &mut top[kin.component[person] as usize];
        *top = (*top).min(row[class[person] as usize]);
    }
    (0..kin.persons)
        .map(|p| (row[class[p] as usize] - top[kin.component[p] as usize]) as u32)
        .collect()
}

/// The links between classes in both directions, and the classes from the top down.
fn graph(kin: &Kin, class: &[u32]) -> (Csr, Csr, Vec<u32>) {
    let count = class.iter().max().map_or(0, |&last| last as usize + 1);
    let down = class_links(kin, class, count);
    let up = down.transposed(count);
    let order = topological(&down, &up);
    (down, up, order)
}

fn longest_paths(down: &Csr, order: &[u32]) -> Vec<i64> {
    let mut row = vec![0i64; down.len()];
    for &c in order {
        for &below in down.row(c as usize) {
            row[below as usize] = row[below as usize].max(row[c as usize] + 1);
        }
    }
    row
}

/// Moves classes towards the side with more links, never past a neighbour: ancestors of a
/// branch that joins late come down to it.
fn tighten(order: &[u32], down: &Csr, up: &Csr, row: &mut [i64]) {
    for _ in 0..3 {
        for &c in order.iter().rev() {
            let below = down.row(c as usize);
            let Some(lowest) = below.iter().map(|&b| row[b as usize] - 1).min() else { continue };
            if below.len() >= up.row(c as usize).len() {
                row[c as usize] = lowest;
            }
        }
        for &c in order {
            let above = up.row(c as usize);
            let Some(highest) = above.iter().map(|&a| row[a as usize] + 1).max() else { continue };
            if above.len() > down.row(c as usize).len() {
                row[c as usize] = highest;
            }
        }
    }
}

/// Classes that as many links hold from above as from below go to the row, of those they may stand
/// on, that has the fewest persons: no links get longer, and the broadest row narrower.
fn balance(kin: &Kin, class: &[u32], down: &Csr, up: &Csr, row: &mut [i64]) {
    let mut size = vec![0i64; down.len()];
    // Persons per row of each component.
    let mut crowd: BTreeMap<(u32, i64), i64> = BTreeMap::new();
    let mut component = vec![0; down.len()];
    for (&own, &whole) in class.iter().zip(&kin.component) {
        let own = own as usize;
        size[own] += 1;
        component[own] = whole;
        *crowd.entry((whole, row[own])).or_default() += 1;
    }
    for c in 0..down.len() {
        if down.row(c).len() != up.row(c).len() || down.row(c).is_empty() {
            continue;
        }
        let highest = up.row(c).iter().map(|&above| row[above as usize] + 1).max();
        let lowest = down.row(c).iter().map(|&below| row[below as usize] - 1).min();
        let (Some(highest), Some(lowest)) = (highest, lowest) else { continue };
        let of = |at: i64| crowd.get(&(component[c], at)).copied().unwrap_or(0);
        let now = of(row[c]) - size[c];
        let best = (highest..=lowest).min_by_key(|&at| of(at)).filter(|&at| of(at) < now);
        if let Some(best) = best {
            *crowd.entry((component[c], row[c])).or_default() -= size[c];
            *crowd.entry((component[c], best)).or_default() += size[c];
            row[c] = best;
        }
    }
}

/// Class -> classes of the children, one entry per sound parent-child link.
fn class_links(kin: &Kin, class: &[u32], count: usize) -> Csr {
    let mut links = Vec::with_capacity(kin.children.items.len());
    for union in 0..kin.unions() {
        let mut last = NONE;
        for &partner in kin.partners.row(union) {
            let above = class[partner as usize];
            // Aligned partners are one class: one link is enough.
            if std::mem::replace(&mut last, above) != above {
                links.extend(kin.sound_children(union).map(|c| (above, class[c as usize])));
            }
        }
    }
    Csr::grouped(count, &links)
}

/// Kahn's order. What a circle holds back is left out; [`classes`] leaves none.
fn topological(down: &Csr, up: &Csr) -> Vec<u32> {
    let mut waiting: Vec<u32> = up.rows().map(|row| row.len() as u32).collect();
    let mut order: Vec<u32> =
        (0..down.len() as u32).filter(|&c| waiting[c as usize] == 0).collect();
    let mut at = 0;
    while let Some(&c) = order.get(at) {
        at += 1;
        for &below in down.row(c as usize) {
            waiting[below as usize] -= 1;
            if waiting[below as usize] == 0 {
                order.push(below);
            }
        }
    }
    order
}

/// Person -> class, numbered densely. The links between classes have no circle.
fn classes(kin: &Kin) -> Vec<u32> {
    let mut sets = DisjointSets::new(kin.persons);
    for &(a, b, _) in &kin.couples {
        sets.join(a, b);
    }
    let class = dense(&mut sets, kin.persons);
    let core = circular_classes(kin, &class);
    if !core.contains(&true) {
        return class;
    }
    // Couples outside the circular part stay; those inside come back one by one, as long as
    // neither partner's class descends from the other's.
    let mut sets = DisjointSets::new(kin.persons);
    let mut ring: Vec<u32> = (0..kin.persons as u32).collect();
    let mut contested = Vec::new();
    for &(a, b, _) in &kin.couples {
        if core[class[a as usize] as usize] {
            contested.push((a, b));
        } else {
            sets.join(a, b);
        }
    }
    let mut search =
        Search { seen: vec![NONE; kin.persons], stack: Vec::new(), budget: 50_000_000 };
    for (round, &(a, b)) in contested.iter().enumerate() {
        let stamp = 2 * round as u32;
        if sets.find(a) == sets.find(b)
            || search.descends(kin, &ring, a, b, stamp)
            || search.descends(kin, &ring, b, a, stamp + 1)
        {
            continue;
        }
        sets.join(a, b);
        ring.swap(a as usize, b as usize);
    }
    dense(&mut sets, kin.persons)
}

fn dense(sets: &mut DisjointSets, persons: usize) -> Vec<u32> {
    let mut class = vec![0; persons];
    let mut next = 0;
    for person in 0..persons as u32 {
        let first = sets.find(person);
        // The representative is the lowest index, so it has been numbered.
        class[person as usize] = if first == person {
            next += 1;
            next - 1
        } else {
            class[first as usize]
        };
    }
    class
}

/// The classes left when those without parents, and those without children, have been taken
/// away again and again: circles and what lies between circles.
fn circular_classes(kin: &Kin, class: &[u32]) -> Vec<bool> {
    let count = class.iter().max().map_or(0, |&last| last as usize + 1);
    let down = class_links(kin, class, count);
    let up = down.transposed(count);
    let mut core = vec![true; count];
    for c in topological(&down, &up) {
        core[c as usize] = false;
    }
    if core.contains(&true) {
        for c in topological(&up, &down) {
            core[c as usize] = false;
        }
    }
    core
}

/// A walk down through classes, whose members are linked in rings.
struct Search {
    /// The last walk that came by, per person.
    seen: Vec<u32>,
    stack: Vec<u32>,
    /// Steps left over all walks; a file that exceeds it loses alignments, not time.
    budget: u64,
}

impl Search {
    /// Whether anybody of `to`'s ring descends from anybody of `from`'s ring. True also where
    /// the budget is spent.
    fn descends(&mut self, kin: &Kin, ring: &[u32], from: u32, to: u32, stamp: u32) -> bool {
        self.stack.clear();
        let mut found = self.enter(ring, from, to, stamp);
        while let (false, Some(person)) = (found, self.stack.pop()) {
            for &union in kin.unions_of.row(person as usize) {
                for child in kin.sound_children(union as usize) {
                    if self.budget == 0 {
                        return true;
                    }
                    self.budget -= 1;
                    if self.seen[child as usize] != stamp {
                        found |= self.enter(ring, child, to, stamp);
                    }
                    // A child in the starting class is a circle through the start.
                    found |= child == to;
                }
            }
        }
        found
    }

    fn enter(&mut self, ring: &[u32], person: u32, to: u32, stamp: u32) -> bool {
        let mut found = false;
        let mut at = person;
        loop {
            self.seen[at as usize] = stamp;
            self.stack.push(at);
            found |= at == to;
            at = ring[at as usize];
            if at == person {
                return found;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::KinGraph;
    use super::*;

    fn check(persons: u32, unions: &[(&[u32], &[u32])], expect: &[u32]) {
        let mut graph = KinGraph { persons, ..KinGraph::default() };
        for (partners, children) in unions {
            graph.union_partners.push(partners.iter().copied());
            graph.union_children.push(children.iter().copied());
        }
        assert_eq!(rows(&Kin::new(&graph)), expect, "{unions:?}");
    }

    #[test]
    fn rows_of_small_families() {
        check(0, &[], &[]);
        check(3, &[(&[0, 1], &[2])], &[0, 0, 1]);
        // A spouse's parents come down to the row above the couple.
        check(
            6,
            &[(&[0], &[1]), (&[1], &[2]), (&[2, 3], &[]), (&[4, 5], &[3])],
            &[0, 1, 2, 2, 1, 1],
        );
        // Marrying the own grandchild: no alignment, but rows.
        check(3, &[(&[0], &[1]), (&[1], &[2]), (&[0, 2], &[])], &[0, 1, 2]);
        // Two who are each other's parents.
        check(2, &[(&[0], &[1]), (&[1], &[0])], &[0, 1]);
        // Uncle and niece: the uncle stands with his wife, a row below his sister.
        check(5, &[(&[0], &[1, 2]), (&[2], &[3]), (&[1, 3], &[4])], &[0, 2, 1, 2, 3]);
    }
}
