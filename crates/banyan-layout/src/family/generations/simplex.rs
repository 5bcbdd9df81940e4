//! Rows that make all links together as short as can be: the network simplex method (Gansner,
//! Koutsofios, North and Vo, *A technique for drawing directed graphs*, 1993).
//!
//! A tree of tight links (over one row) spans each component. Cutting one of them parts it in
//! two; where more links pull the two apart than hold them together, one part moves until another
//! link between them is tight, which takes the place of the first. When no cut gains anything,
//! no rows are better.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::ops::Range;

use super::super::kin::NONE;
use crate::csr::Csr;

/// Steps over nodes and links in all exchanges together: what bounds the time. A graph that needs
/// more keeps the rows that it has come to.
const BUDGET: u64 = 10_000_000;

/// Moves `row`, which must have every class below those above it, and keeps it so.
pub(super) fn shorten(down: &Csr, up: &Csr, row: &mut [i64]) {
    let mut tree = Tree::spanning(down, up, row);
    let mut budget = BUDGET;
    let count = down.len();
    let (mut at, mut idle) = (0, 0);
    // Going round rather than starting anew each time keeps exchanges that gain nothing from
    // going in a circle.
    while idle < count && budget > 0 {
        let gained = tree.exchange(at, row, &mut budget);
        idle = if gained { 0 } else { idle + 1 };
        at = (at + 1) % count;
    }
}

/// A rooted forest of tight links, one tree per component.
struct Tree<'a> {
    down: &'a Csr,
    up: &'a Csr,
    nodes: Vec<Node>,
    /// Tree neighbours of every node.
    near: Vec<Vec<u32>>,
    /// Nodes in preorder, so that a subtree is a range.
    order: Vec<u32>,
}

/// What is wanted together stands together: a tree is numbered node by node, in no order of memory.
struct Node {
    /// The node at the other end of the link towards the root, or `NONE`.
    parent: u32,
    /// Whether that link leads from the parent down to the node.
    hangs: bool,
    /// The place in preorder, and the nodes of the subtree.
    place: u32,
    size: u32,
    /// The links that leave a node downwards less those that enter it from above.
    own_pull: i32,
    /// The same for its subtree.
    pull: i32,
}

impl<'a> Tree<'a> {
    /// Grows trees over the shortest links first and moves what has grown so that each becomes
    /// tight.
    fn spanning(down: &'a Csr, up: &'a Csr, row: &mut [i64]) -> Self {
        let count = down.len();
        let mut tree = Self {
            down,
            up,
            nodes: (down.rows().zip(up.rows()))
                .map(|(below, above)| Node {
                    parent: NONE,
                    hangs: false,
                    place: 0,
                    size: 1,
                    own_pull: below.len() as i32 - above.len() as i32,
                    pull: 0,
                })
                .collect(),
            near: vec![Vec::new(); count],
            order: Vec::with_capacity(count),
        };
        let mut grown = vec![false; count];
        // Links out of the tree: (slack, inside, outside). The tree as a whole stands `offset`
        // lower than its rows say, so slacks are kept as they were at offset 0.
        let mut below: BinaryHeap<Reverse<(i64, u32, u32)>> = BinaryHeap::new();
        let mut above: BinaryHeap<Reverse<(i64, u32, u32)>> = BinaryHeap::new();
        for root in 0..count as u32 {
            if grown[root as usize] {
                continue;
            }
            let (mut next, mut offset) = (Some(root), 0);
            let first = tree.order.len();
            while let Some(node) = next {
                grown[node as usize] = true;
                tree.order.push(node);
                row[node as usize] -= offset;
                for &other in down.row(node as usize).iter().filter(|&&o| !grown[o as usize]) {
                    let slack = row[other as usize] - row[node as usize] - 1;
                    below.push(Reverse((slack, node, other)));
                }
                for &other in up.row(node as usize).iter().filter(|&&o| !grown[o as usize]) {
                    let slack = row[node as usize] - row[other as usize] - 1;
                    above.push(Reverse((slack, node, other)));
                }
                next = None;
                while below.peek().is_some_and(|Reverse(link)| grown[link.2 as usize]) {
                    below.pop();
                }
                while above.peek().is_some_and(|Reverse(link)| grown[link.2 as usize]) {
                    above.pop();
                }
                let down = below.peek().map(|Reverse(link)| (link.0 - offset, *link));
                let up = above.peek().map(|Reverse(link)| (link.0 + offset, *link));
                let hangs = match (down, up) {
                    (Some(down), Some(up)) => down.0 <= up.0,
                    (down, _) => down.is_some(),
                };
                if let Some((slack, (_, inside, outside))) = if hangs { down } else { up } {
                    offset += if hangs { slack } else { -slack };
                    let node = &mut tree.nodes[outside as usize];
                    (node.parent, node.hangs) = (inside, hangs);
                    tree.near[inside as usize].push(outside);
                    tree.near[outside as usize].push(inside);
                    next = Some(outside);
                }
            }
            for &node in &tree.order[first..] {
                row[node as usize] += offset;
            }
            tree.number(root, first);
        }
        tree
    }

    /// Numbers the subtree of a node from `first` on, and sums it up.
    fn number(&mut self, root: u32, first: usize) {
        let mut stack = vec![root];
        let mut at = first;
        while let Some(node) = stack.pop() {
            self.order[at] = node;
            let own = &mut self.nodes[node as usize];
            (own.place, own.size, own.pull) = (at as u32, 1, own.own_pull);
            at += 1;
            let parent = own.parent;
            for &other in self.near[node as usize].iter().filter(|&&other| other != parent) {
                self.nodes[other as usize].parent = node;
                stack.push(other);
            }
        }
        for place in (first + 1..at).rev() {
            let &Node { parent, size, pull, .. } = &self.nodes[self.order[place] as usize];
            let parent = &mut self.nodes[parent as usize];
            parent.size += size;
            parent.pull += pull;
        }
    }

    /// Takes a part out of the preorder and puts it right behind the node that it hangs on now, whose
    /// last neighbour a walk comes to first. What stood between moves up.
    fn renumber(&mut self, part: Range<usize>, inside: u32, outside: u32) {
        let beside = self.nodes[outside as usize].place as usize + 1;
        let len = part.len();
        let first = if beside <= part.start {
            self.order.copy_within(beside..part.start, beside + len);
            for &node in &self.order[beside + len..part.end] {
                self.nodes[node as usize].place += len as u32;
            }
            beside
        } else {
            self.order.copy_within(part.end..beside, part.start);
            for &node in &self.order[part.start..beside - len] {
                self.nodes[node as usize].place -= len as u32;
            }
            beside - len
        };
        self.number(inside, first);
    }

    /// Adds to the sums of a node and of all above it, but for `top`, which has it below in any case.
    fn add_above(&mut self, mut node: u32, top: u32, size: i32, pull: i32) {
        while node != top {
            let own = &mut self.nodes[node as usize];
            (own.size, own.pull) = (own.size.wrapping_add_signed(size), own.pull + pull);
            node = own.parent;
        }
    }

    fn is_within(&self, node: u32, root: usize) -> bool {
        let root = &self.nodes[root];
        self.nodes[node as usize].place.wrapping_sub(root.place) < root.size
    }

    /// Cuts the link above a node if that gains anything; false where it does not.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    fn exchange(&mut self, node: usize, row: &mut [i64], budget: &mut u64) -> bool {
        let &Node { parent, hangs, place, size, pull, .. } = &self.nodes[node];
        // A part that hangs wants down where more links leave it downwards; one that its link
        // leaves downwards wants up.
        let downwards = hangs;
        if parent == NONE || (if downwards { pull } else { -pull }) <= 0 {
            return false;
        }
        let start = place as usize;
        let part = start..start + size as usize;
        *budget = budget.saturating_sub(2 * part.len() as u64);
        // The link that is tight first.
        let mut tight: Option<(i64, u32, u32)> = None;
        for &inside in &self.order[part.clone()] {
            let links = if downwards { self.down } else { self.up };
            for &outside in links.row(inside as usize) {
                if !self.is_within(outside, node) {
                    let slack = (row[outside as usize] - row[inside as usize]).abs() - 1;
                    if tight.is_none_or(|tight| slack < tight.0) {
                        tight = Some((slack, inside, outside));
                    }
                }
            }
        }
        let Some((slack, inside, outside)) = tight else { return false };
        let by = if downwards { slack } else { -slack };
        for &moved in &self.order[part.clone()] {
            row[moved as usize] += by;
        }
        // The part hangs on the other tree by the new link from now on: everything on the way
        // from there to its old root turns round.
        self.near[node].retain(|&other| other != parent);
        self.near[parent as usize].retain(|&other| other as usize != node);
        self.near[inside as usize].push(outside);
        self.near[outside as usize].push(inside);
        let mut common = outside;
        while !self.is_within(node as u32, common as usize) {
            common = self.nodes[common as usize].parent;
        }
        let (mut above, mut at, mut hangs) = (outside, inside, !downwards);
        loop {
            let turned = &mut self.nodes[at as usize];
            let next = std::mem::replace(&mut turned.parent, above);
            let next_hangs = std::mem::replace(&mut turned.hangs, hangs);
            if at as usize == node {
                break;
            }
            (above, at, hangs) = (at, next, !next_hangs);
        }
        *budget = budget.saturating_sub(4 * u64::from(self.nodes[common as usize].size));
        self.add_above(parent, common, -(size as i32), -pull);
        self.renumber(part, inside, outside);
        self.add_above(outside, common, size as i32, pull);
        true
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn check(count: usize, links: &[(u32, u32)], row: &[i64], expect: &[i64]) {
        let down = Csr::grouped(count, links);
        let mut row = row.to_vec();
        shorten(&down, &down.transposed(count), &mut row);
        let top = row.iter().min().copied().unwrap_or(0);
        let row: Vec<i64> = row.iter().map(|row| row - top).collect();
        assert_eq!(row, expect, "{links:?}");
    }

    #[test]
    fn links_get_as_short_as_they_can() {
        check(0, &[], &[], &[]);
        // 0 -> 1 -> 2 -> 3 -> 4 is the trunk; 5 and 6 are above 7, whose child is 4.
        let links = [(0, 1), (1, 2), (2, 3), (3, 4), (5, 7), (6, 7), (7, 4)];
        check(8, &links, &[0, 1, 2, 3, 4, 0, 0, 1], &[0, 1, 2, 3, 4, 2, 2, 3]);
        // 4 has one link above and two below, and stands with the two.
        let links = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 3), (4, 3)];
        check(5, &links, &[0, 1, 2, 3, 1], &[0, 1, 2, 3, 2]);
        // A tight cluster that has to be parted: 5 stays, 4 goes down with what hangs on it.
        let links = [(0, 1), (1, 2), (2, 3), (0, 4), (4, 5), (5, 3), (5, 3), (4, 3)];
        check(6, &links, &[0, 1, 2, 3, 1, 2], &[0, 1, 2, 3, 1, 2]);
    }
    /// Every node stands before all of its subtree, which is one range, and knows what is in it.
    fn check_numbers(tree: &Tree<'_>) -> Result<(), TestCaseError> {
        for (place, &own) in tree.order.iter().enumerate() {
            let node = &tree.nodes[own as usize];
            let (mut size, mut pull) = (1, node.own_pull);
            for &other in tree.near[own as usize].iter().filter(|&&other| other != node.parent) {
                let below = &tree.nodes[other as usize];
                prop_assert!(below.parent == own && tree.is_within(other, own as usize));
                (size, pull) = (size + below.size, pull + below.pull);
            }
            prop_assert_eq!((place, size, pull), (node.place as usize, node.size, node.pull));
        }
        Ok(())
    }

    proptest! {
        #[test]
        fn a_part_that_moves_is_numbered_anew(
            links in prop::collection::vec((0u32..30, 1u32..12), 0..80),
        ) {
            let count = 42;
            let links: Vec<(u32, u32)> =
                links.into_iter().map(|(above, by)| (above, above + by)).collect();
            let down = Csr::grouped(count, &links);
            let up = down.transposed(count);
            // Nobody comes before those above them.
            let mut row: Vec<i64> = (0..count as i64).collect();
            let mut tree = Tree::spanning(&down, &up, &mut row);
            check_numbers(&tree)?;
            for node in (0..count).chain(0..count) {
                if tree.exchange(node, &mut row, &mut u64::MAX.clone()) {
                    check_numbers(&tree)?;
                }
                for &(above, below) in &links {
                    prop_assert!(row[above as usize] < row[below as usize]);
                }
            }
        }
    }
}
