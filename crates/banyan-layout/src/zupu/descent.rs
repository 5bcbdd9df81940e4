//! Who descends from an ancestor, as a tree: each person once, under one parent.

use std::collections::VecDeque;

use crate::{
    csr::Csr,
    family::{KinGraph, generations},
};

/// The line of an ancestor. Its members have *places*: 0 is the ancestor, a parent comes before its
/// children, the eldest and all of theirs before the next.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Descent {
    /// Persons of the graph that it was made from.
    pub persons: u32,
    /// Place -> person.
    pub members: Vec<u32>,
    /// Place -> the place of the parent; of the ancestor 0.
    pub parents: Vec<u32>,
    /// Place -> the union that it is a child of there; of the ancestor `u32::MAX`.
    pub unions: Vec<u32>,
    /// Place -> generations below the ancestor.
    pub depths: Vec<u32>,
    /// Place -> places, by birth.
    pub children: Csr,
    /// Place -> persons who married into the line, in the order of the unions.
    pub partners: Csr,
    /// Place -> persons of the line whom it married, and who stand elsewhere.
    pub kin_partners: Csr,
}

impl Descent {
    /// The descendants of `root`, so many generations at most. Where both parents are of the line, a
    /// child hangs under the one of lower rank: the father.
    pub fn of(graph: &KinGraph, root: u32, most: Option<u32>) -> Self {
        if root >= graph.persons {
            return Self::default();
        }
        let persons = graph.persons as usize;
        let partner_in = graph.union_partners.transposed(persons);
        let is_of_line = reached(graph, &partner_in, root, most);
        let hung = hang(graph, &partner_in, &is_of_line, root, most);
        // By union, then by birth.
        let mut pairs = Vec::new();
        for parent in 0..graph.persons {
            for &union in partner_in.row(parent as usize) {
                let born = graph.union_children.row(union as usize).iter();
                let link = Some((parent, union));
                let here = born.filter(|&&child| hung.get(child as usize) == Some(&link));
                pairs.extend(here.map(|&child| (parent, child)));
            }
        }
        let children = Csr::grouped(persons, &pairs);
        Self::ordered(graph, &partner_in, &children, &hung, root)
    }

    /// Gives places, from the ancestor on, and the partners of each.
    fn ordered(
        graph: &KinGraph,
        partner_in: &Csr,
        children: &Csr,
        hung: &[Option<(u32, u32)>],
        root: u32,
    ) -> Self {
        let mut descent = Self { persons: graph.persons, ..Self::default() };
        let mut place_of = vec![u32::MAX; graph.persons as usize];
        let mut stack = vec![root];
        let mut pairs = Vec::new();
        while let Some(person) = stack.pop() {
            let Some(slot) = place_of.get_mut(person as usize).filter(|slot| **slot == u32::MAX)
            else {
                continue;
            };
            let place = descent.members.len() as u32;
            *slot = place;
            let link = hung.get(person as usize).copied().flatten();
            let parent = link.and_then(|(parent, _)| place_of.get(parent as usize)).copied();
            let parent = parent.filter(|&parent| parent < place).unwrap_or(0);
            let depth = descent.depths.get(parent as usize).map_or(0, |depth| depth + 1);
            descent.members.push(person);
            descent.parents.push(parent);
            descent.unions.push(link.map_or(u32::MAX, |(_, union)| union));
            descent.depths.push(depth);
            if place > 0 {
                pairs.push((parent, place));
            }
            stack.extend(children.row(person as usize).iter().rev());
        }
        descent.children = Csr::grouped(descent.members.len(), &pairs);
        let mut is_taken: Vec<bool> = place_of.iter().map(|&place| place != u32::MAX).collect();
        for &person in &descent.members {
            let unions = partner_in.row(person as usize).iter();
            let others = unions.flat_map(|&union| graph.union_partners.row(union as usize));
            let (mut partners, mut kin) = (Vec::new(), Vec::new());
            for &other in others.filter(|&&other| other != person) {
                let Some(taken) = is_taken.get_mut(other as usize) else { continue };
                if !std::mem::replace(taken, true) {
                    partners.push(other);
                } else if !partners.contains(&other) && !kin.contains(&other) {
                    kin.push(other);
                }
            }
            descent.partners.push(partners);
            descent.kin_partners.push(kin);
        }
        descent
    }

    pub fn is_empty(&self) -> bool {
        self.members.is_empty()
    }

    /// The places of each generation in the order of the tree.
    pub fn rows(&self) -> Csr {
        let rows = self.depths.iter().max().map_or(0, |&last| last as usize + 1);
        let pairs: Vec<(u32, u32)> = self.depths.iter().copied().zip(0u32..).collect();
        Csr::grouped(rows, &pairs)
    }
}

/// Whether each person is of the line.
fn reached(graph: &KinGraph, partner_in: &Csr, root: u32, most: Option<u32>) -> Vec<bool> {
    let mut is_seen = vec![false; graph.persons as usize];
    let mut see = |person: u32| {
        is_seen.get_mut(person as usize).is_some_and(|seen| !std::mem::replace(seen, true))
    };
    see(root);
    let mut layer = vec![root];
    let mut depth = 0;
    while !layer.is_empty() && most.is_none_or(|most| depth < most) {
        depth += 1;
        let unions = layer.iter().flat_map(|&person| partner_in.row(person as usize));
        let born = unions.flat_map(|&union| graph.union_children.row(union as usize));
        layer = born.copied().filter(|&child| see(child)).collect();
    }
    is_seen
}

/// Person -> parent and union that it hangs from. Each hangs under the parent that is wanted if that
/// one is reached without it; else (somebody is their own ancestor) under the first that is.
fn hang(
    graph: &KinGraph,
    partner_in: &Csr,
    is_of_line: &[bool],
    root: u32,
    most: Option<u32>,
) -> Vec<Option<(u32, u32)>> {
    let is_here = |person: u32| is_of_line.get(person as usize).copied().unwrap_or_default();
    let rank = |person: u32| graph.rank.get(person as usize).copied().unwrap_or_default();
    let mut wanted: Vec<Option<(u32, u32)>> = vec![None; graph.persons as usize];
    let families = graph.union_partners.rows().zip(graph.union_children.rows());
    for (union, (partners, children)) in (0u32..).zip(families) {
        let line = partners.iter().copied().filter(|&partner| is_here(partner));
        let Some(parent) = line.min_by_key(|&partner| rank(partner)) else { continue };
        for &child in children.iter().filter(|&&child| child != root && child != parent) {
            if let Some(slot @ None) = wanted.get_mut(child as usize) {
                *slot = Some((parent, union));
            }
        }
    }
    let mut hung = vec![None; graph.persons as usize];
    let mut depths = vec![u32::MAX; graph.persons as usize];
    let mut queue = VecDeque::from([(root, 0)]);
    let mut later = VecDeque::new();
    if let Some(slot) = depths.get_mut(root as usize) {
        *slot = 0;
    }
    loop {
        while let Some((person, depth)) = queue.pop_front() {
            if most.is_some_and(|most| depth >= most) {
                continue;
            }
            for &union in partner_in.row(person as usize) {
                for &child in graph.union_children.row(union as usize) {
                    let is_new = depths.get(child as usize) == Some(&u32::MAX) && child != root;
                    if !is_new {
                        continue;
                    }
                    let link = (person, union);
                    if wanted.get(child as usize).copied().flatten() == Some(link) {
                        take(&mut hung, &mut depths, &mut queue, child, link, depth + 1);
                    } else {
                        later.push_back((child, link, depth + 1));
                    }
                }
            }
        }
        let Some((child, link, depth)) = later.pop_front() else { return hung };
        if depths.get(child as usize) == Some(&u32::MAX) {
            take(&mut hung, &mut depths, &mut queue, child, link, depth);
        }
    }
}

fn take(
    hung: &mut [Option<(u32, u32)>],
    depths: &mut [u32],
    queue: &mut VecDeque<(u32, u32)>,
    child: u32,
    link: (u32, u32),
    depth: u32,
) {
    if let (Some(slot), Some(known)) =
        (hung.get_mut(child as usize), depths.get_mut(child as usize))
    {
        (*slot, *known) = (Some(link), depth);
        queue.push_back((child, depth));
    }
}

/// Who has no parents and the most descendants, counting each under its father; the first of several.
pub fn first_ancestor(graph: &KinGraph) -> Option<u32> {
    let rows = generations(graph);
    let persons = graph.persons as usize;
    let mut parents: Vec<Option<u32>> = vec![None; persons];
    let rank = |person: u32| graph.rank.get(person as usize).copied().unwrap_or_default();
    let row = |person: u32| rows.get(person as usize).copied().unwrap_or_default();
    for (partners, children) in graph.union_partners.rows().zip(graph.union_children.rows()) {
        let Some(&parent) = partners.iter().min_by_key(|&&partner| rank(partner)) else { continue };
        for &child in children {
            if let Some(slot @ None) = parents.get_mut(child as usize)
                && row(parent) < row(child)
            {
                *slot = Some(parent);
            }
        }
    }
    let mut order: Vec<u32> = (0..graph.persons).collect();
    order.sort_by_key(|&person| std::cmp::Reverse(row(person)));
    let mut sizes = vec![1u32; persons];
    for person in order {
        let size = sizes.get(person as usize).copied().unwrap_or_default();
        let parent = parents.get(person as usize).copied().flatten();
        if let Some(sum) = parent.and_then(|parent| sizes.get_mut(parent as usize)) {
            *sum += size;
        }
    }
    let first = (0u32..).zip(&parents).filter(|(_, parent)| parent.is_none());
    let size = |person: u32| sizes.get(person as usize).copied().unwrap_or_default();
    first.map(|(person, _)| person).max_by_key(|&person| (size(person), std::cmp::Reverse(person)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn graph(persons: u32, families: &[(&[u32], &[u32])]) -> KinGraph {
        // Even numbers are men.
        let rank = (0..persons).map(|person| if person % 2 == 0 { 0 } else { 2 }).collect();
        let mut graph = KinGraph { persons, rank, ..KinGraph::default() };
        for (partners, children) in families {
            graph.union_partners.push(partners.iter().copied());
            graph.union_children.push(children.iter().copied());
        }
        graph
    }

    #[test]
    fn a_child_of_cousins_hangs_under_its_father() {
        // 0 and 1 have 2 and 3; 3's daughter 5 marries 2's son 4: their child is 6.
        let graph = graph(8, &[(&[0, 1], &[3, 2]), (&[3], &[5]), (&[2], &[4]), (&[5, 4], &[6])]);
        let descent = Descent::of(&graph, 0, None);
        assert_eq!(descent.members, [0, 3, 5, 2, 4, 6], "7 is of another family");
        assert_eq!(descent.parents, [0, 0, 1, 0, 3, 4]);
        assert_eq!(descent.depths, [0, 1, 2, 1, 2, 3]);
        assert_eq!(descent.unions, [u32::MAX, 0, 1, 0, 2, 3]);
        assert_eq!(descent.partners.row(0), [1]);
        assert_eq!(
            (descent.kin_partners.row(2), descent.kin_partners.row(4)),
            (&[4][..], &[5][..])
        );
        assert_eq!(Descent::of(&graph, 0, Some(2)).members, [0, 3, 5, 2, 4]);
        assert_eq!(Descent::of(&graph, 2, None).members, [2, 4, 6]);
        assert!(Descent::of(&graph, 8, None).is_empty());
        assert_eq!(first_ancestor(&graph), Some(0));
    }

    #[test]
    fn who_is_their_own_ancestor_ends_somewhere() {
        let graph = graph(6, &[(&[0], &[2]), (&[2], &[4]), (&[4], &[2, 0])]);
        assert_eq!(Descent::of(&graph, 0, None).members, [0, 2, 4]);
        assert!(first_ancestor(&graph).is_some());
        assert_eq!(first_ancestor(&KinGraph::default()), None);
    }
}
