//! The person-union graph as the layout uses it: clean, in both directions, without loops.

use super::KinGraph;
use crate::csr::Csr;

/// "No such thing" in arrays of indices.
pub(super) const NONE: u32 = u32::MAX;

pub(super) struct Kin {
    pub(super) persons: usize,
    /// Union -> partners, each once, existing persons only.
    pub(super) partners: Csr,
    /// Union -> children, each once, existing persons only, none who is a partner there.
    pub(super) children: Csr,
    /// Person -> unions as a partner.
    pub(super) unions_of: Csr,
    pub(super) rank: Vec<u8>,
    pub(super) sides: Sides,
    pub(super) is_strict: bool,
    /// Whether entry `i` of `children.items` closes a circle of descent (somebody who is their
    /// own ancestor). Such links are drawn, but no generation follows from them.
    pub(super) looping: Vec<bool>,
    /// Distinct couples: (partner, partner, first union that says so).
    pub(super) couples: Vec<(u32, u32, u32)>,
    /// Person -> the connected component, numbered by size; lone persons come last.
    pub(super) component: Vec<u32>,
    pub(super) component_sizes: Vec<u32>,
}

impl Kin {
    pub(super) fn new(graph: &KinGraph) -> Self {
        let persons = graph.persons as usize;
        let unions = graph.union_partners.len().max(graph.union_children.len());
        let (mut partners, mut children) = (Csr::default(), Csr::default());
        // The last union that mentioned a person, to drop second mentions without a set.
        let mut mentioned = vec![NONE; persons];
        for union in 0..unions {
            let mut fresh = |&person: &u32| {
                let Some(last) = mentioned.get_mut(person as usize) else { return false };
                std::mem::replace(last, union as u32) != union as u32
            };
            partners.push(graph.union_partners.row(union).iter().copied().filter(&mut fresh));
            children.push(graph.union_children.row(union).iter().copied().filter(&mut fresh));
        }
        let unions_of = partners.transposed(persons);
        let mut rank = graph.rank.clone();
        rank.resize(persons, 0);
        let looping = looping(persons, &unions_of, &children);
        let couples = couples(&partners);
        let (component, component_sizes) = components(persons, &partners, &children);
        Self {
            persons,
            partners,
            children,
            unions_of,
            rank,
            sides: Sides::new(&graph.sides),
            is_strict: graph.is_strict,
            looping,
            couples,
            component,
            component_sizes,
        }
    }

    /// Of two partners the one who keeps their place, and the other.
    pub(super) fn in_order(&self, a: u32, b: u32) -> (u32, u32) {
        let by_rank = || self.rank[a as usize] <= self.rank[b as usize];
        if self.sides.is_left(a, b).unwrap_or_else(by_rank) { (a, b) } else { (b, a) }
    }

    pub(super) fn unions(&self) -> usize {
        self.partners.len()
    }

    /// The children of a union whose links take part in descent.
    pub(super) fn sound_children(&self, union: usize) -> impl Iterator<Item = u32> {
        let start = self.children.starts[union] as usize;
        self.children
            .row(union)
            .iter()
            .enumerate()
            .filter(move |(at, _)| !self.looping[start + at])
            .map(|(_, &child)| child)
    }
}

/// Who stands left of whom, where somebody chose.
#[derive(Clone, Debug, Default)]
pub(super) struct Sides(Vec<(u32, u32)>);

impl Sides {
    fn new(chosen: &[(u32, u32)]) -> Self {
        let mut sides = chosen.to_vec();
        sides.sort_unstable();
        sides.dedup();
        // Asked for both ways round, the lower index stands left.
        let both = sides.clone();
        sides.retain(|&(a, b)| a < b || (a > b && both.binary_search(&(b, a)).is_err()));
        Self(sides)
    }

    pub(super) fn is_left(&self, who: u32, of: u32) -> Option<bool> {
        if self.0.is_empty() {
            return None;
        }
        let is_chosen = |pair| self.0.binary_search(&pair).is_ok();
        is_chosen((who, of)).then_some(true).or_else(|| is_chosen((of, who)).then_some(false))
    }

    pub(super) fn pairs(&self) -> &[(u32, u32)] {
        &self.0
    }
}

/// A group's first partner with each of the others, every pair once.
fn couples(partners: &Csr) -> Vec<(u32, u32, u32)> {
    let mut pairs = Vec::new();
    for (union, row) in partners.rows().enumerate() {
        if let Some((&first, others)) = row.split_first() {
            pairs.extend(others.iter().map(|&other| (first, other, union as u32)));
        }
    }
    // The stable sort keeps the first union of a couple that married twice.
    pairs.sort_by_key(|&(a, b, union)| (a.min(b), a.max(b), union));
    pairs.dedup_by_key(|&mut (a, b, _)| (a.min(b), a.max(b)));
    pairs.sort_by_key(|&(_, _, union)| union);
    pairs
}

/// Finds the parent-child links that go back to an ancestor on a depth-first walk downwards.
fn looping(persons: usize, unions_of: &Csr, children: &Csr) -> Vec<bool> {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let mut looping = vec![false; children.items.len()];
    let mut seen = vec![Seen::No; persons];
    // A frame is (person, which of their unions, which child in it).
    let mut stack: Vec<(u32, u32, u32)> = Vec::new();
    for start in 0..persons as u32 {
        if seen[start as usize] != Seen::No {
            continue;
        }
        seen[start as usize] = Seen::Open;
        stack.push((start, 0, 0));
        while let Some(frame) = stack.last_mut() {
            let person = frame.0 as usize;
            let Some(&union) = unions_of.row(person).get(frame.1 as usize) else {
                seen[person] = Seen::Done;
                stack.pop();
                continue;
            };
            let at = children.starts[union as usize] + frame.2;
            if at >= children.starts[union as usize + 1] {
                (frame.1, frame.2) = (frame.1 + 1, 0);
                continue;
            }
            frame.2 += 1;
            let child = children.items[at as usize];
            match seen[child as usize] {
                Seen::Open => looping[at as usize] = true,
                Seen::No => {
                    seen[child as usize] = Seen::Open;
                    stack.push((child, 0, 0));
                }
                Seen::Done => {}
            }
        }
    }
    looping
}

fn components(persons: usize, partners: &Csr, children: &Csr) -> (Vec<u32>, Vec<u32>) {
    let mut sets = DisjointSets::new(persons);
    for union in 0..partners.len() {
        let mut members = partners.row(union).iter().chain(children.row(union));
        if let Some(&first) = members.next() {
            members.for_each(|&other| {
                sets.join(first, other);
            });
        }
    }
    let mut sizes = vec![0u32; persons];
    let roots: Vec<u32> = (0..persons as u32).map(|person| sets.find(person)).collect();
    for &root in &roots {
        sizes[root as usize] += 1;
    }
    let mut order: Vec<u32> = (0..persons as u32).filter(|&p| sizes[p as usize] > 0).collect();
    order.sort_by_key(|&root| std::cmp::Reverse(sizes[root as usize]));
    let mut number = vec![0u32; persons];
    for (at, &root) in order.iter().enumerate() {
        number[root as usize] = at as u32;
    }
    (
        roots.iter().map(|&root| number[root as usize]).collect(),
        order.iter().map(|&root| sizes[root as usize]).collect(),
    )
}

/// Union-find with path halving; the lowest index of a set stands for it.
pub(super) struct DisjointSets {
    parent: Vec<u32>,
}

impl DisjointSets {
    pub(super) fn new(len: usize) -> Self {
        Self { parent: (0..len as u32).collect() }
    }

    pub(super) fn find(&mut self, mut item: u32) -> u32 {
        while self.parent[item as usize] != item {
            let above = self.parent[self.parent[item as usize] as usize];
            self.parent[item as usize] = above;
            item = above;
        }
        item
    }

    /// Joins two sets; false where they were one already.
    pub(super) fn join(&mut self, a: u32, b: u32) -> bool {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b) as usize] = a.min(b);
        a != b
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn csr(rows: &[&[u32]]) -> Csr {
        let mut csr = Csr::default();
        rows.iter().for_each(|row| csr.push(row.iter().copied()));
        csr
    }

    #[test]
    fn foreign_indices_and_second_mentions_are_dropped() {
        let kin = Kin::new(&KinGraph {
            persons: 3,
            union_partners: csr(&[&[0, 0, 9]]),
            union_children: csr(&[&[1, 0, 1, 7], &[2]]),
            ..KinGraph::default()
        });
        assert_eq!(kin.partners.row(0), [0]);
        assert_eq!(kin.children.row(0), [1]);
        assert_eq!(kin.unions(), 2);
        assert_eq!(kin.component, [0, 0, 1]);
    }

    #[test]
    fn a_circle_of_descent_is_cut_once() {
        let kin = Kin::new(&KinGraph {
            persons: 3,
            union_partners: csr(&[&[0], &[1], &[2]]),
            union_children: csr(&[&[1], &[2], &[0]]),
            ..KinGraph::default()
        });
        assert_eq!(kin.looping, [false, false, true]);
    }
}
