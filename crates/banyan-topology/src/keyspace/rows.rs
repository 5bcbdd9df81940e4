//! The trie flattened to as many rows as a page can use.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use super::{
    PrefixNode,
    trie::{PART_HEAD_BYTES, PrefixTrie, ROOT},
};
use crate::printable::printable;

/// Bytes of a name in a row.
const MAX_NAME_BYTES: usize = 256;

impl PrefixTrie {
    /// The tree as at most `limit` rows (at least 2): the nodes with the greatest share of keys and
    /// bytes, and for each of them one row that stands for its other children.
    ///
    /// Parents come before children; siblings by keys, most first, then by name, the folded row
    /// last. Sums are exact however few rows there are.
    pub fn rows(&self, limit: usize) -> Vec<PrefixNode> {
        let sums = Sums::of(self);
        let (chosen, folded) = choose(self, &sums, limit.max(2));

        let mut children: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for &index in chosen.iter().filter(|index| **index != ROOT) {
            children.entry(self.nodes[index as usize].parent).or_default().push(index);
        }
        for siblings in children.values_mut() {
            siblings.sort_by_cached_key(|&index| {
                let node = &self.nodes[index as usize];
                (Reverse(sums.keys[index as usize]), self.part(node), node.is_key())
            });
        }

        // Rows in the order of a walk from the root; `row_of` then tells every node, chosen or not,
        // which row counts it.
        const NONE: u32 = u32::MAX;
        let mut rows: Vec<PrefixNode> = Vec::with_capacity(chosen.len() + folded.len());
        let mut row_of = vec![NONE; self.nodes.len()];
        let mut folded_row_of: BTreeMap<u32, u32> = BTreeMap::new();
        let mut todo = vec![Step::Node(ROOT, 0)];
        while let Some(step) = todo.pop() {
            let row = rows.len() as u32;
            match step {
                Step::Node(index, parent) => {
                    row_of[index as usize] = row;
                    rows.push(self.row(index, parent));
                    if folded.contains_key(&index) {
                        todo.push(Step::Folded(index, row));
                    }
                    let below = children.get(&index).map_or(&[][..], Vec::as_slice);
                    todo.extend(below.iter().rev().map(|child| Step::Node(*child, row)));
                }
                Step::Folded(index, parent) => {
                    folded_row_of.insert(index, row);
                    let count = folded.get(&index).copied().unwrap_or_default();
                    rows.push(PrefixNode { parent, folded: count, ..PrefixNode::default() });
                }
            }
        }

        for (index, node) in self.nodes.iter().enumerate() {
            if row_of[index] == NONE {
                let parent_row = row_of[node.parent as usize];
                row_of[index] = folded_row_of.get(&node.parent).copied().unwrap_or(parent_row);
            }
            if node.is_live_key() {
                let row = &mut rows[row_of[index] as usize];
                row.keys += 1;
                row.bytes += self.bytes(index as u32);
                row.types[node.type_index()] += 1;
                if let Some(secs) = node.ttl_secs() {
                    row.with_ttl += 1;
                    row.ttl_secs_sum += secs;
                }
            }
        }
        for row in (1..rows.len()).rev() {
            let (before, rest) = rows.split_at_mut(row);
            let child = &rest[0];
            let parent = &mut before[child.parent as usize];
            parent.keys += child.keys;
            parent.bytes += child.bytes;
            parent.with_ttl += child.with_ttl;
            parent.ttl_secs_sum += child.ttl_secs_sum;
            for (sum, count) in parent.types.iter_mut().zip(child.types) {
                *sum += count;
            }
        }
        rows
    }

    /// A row without its sums.
    fn row(&self, index: u32, parent: u32) -> PrefixNode {
        let node = &self.nodes[index as usize];
        let part = self.part(node);
        let mut name = printable(part, MAX_NAME_BYTES);
        if node.is_cut() {
            name = printable(&part[..PART_HEAD_BYTES], MAX_NAME_BYTES);
            name.push('…');
        }
        let database = if node.is_database() { name[2..].parse().ok() } else { None };
        PrefixNode { parent, name, is_key: node.is_key(), database, ..PrefixNode::default() }
    }
}

enum Step {
    /// A node and the row of its parent.
    Node(u32, u32),
    Folded(u32, u32),
}

/// Keys and bytes at and below every node.
struct Sums {
    keys: Vec<u32>,
    bytes: Vec<u64>,
}

impl Sums {
    fn of(trie: &PrefixTrie) -> Self {
        let mut keys = vec![0_u32; trie.nodes.len()];
        let mut bytes = vec![0_u64; trie.nodes.len()];
        // Children have greater indices than their parents.
        for (index, node) in trie.nodes.iter().enumerate().rev() {
            if node.is_live_key() {
                keys[index] += 1;
                bytes[index] += trie.bytes(index as u32);
            }
            if index != ROOT as usize {
                keys[node.parent as usize] += keys[index];
                bytes[node.parent as usize] =
                    bytes[node.parent as usize].saturating_add(bytes[index]);
            }
        }
        Self { keys, bytes }
    }

    /// Share of all keys plus share of all bytes, scaled to an integer. No child weighs more than
    /// its parent.
    fn weight(&self, index: usize) -> u128 {
        let share = |part: u64, whole: u64| u128::from(part) * u128::from(whole);
        share(u64::from(self.keys[index]), self.bytes[ROOT as usize].max(1))
            + share(self.bytes[index], u64::from(self.keys[ROOT as usize]).max(1))
    }
}

/// The nodes that get a row of their own, and how many children of each of them do not.
fn choose(trie: &PrefixTrie, sums: &Sums, limit: usize) -> (Vec<u32>, BTreeMap<u32, u64>) {
    let mut heaviest: BinaryHeap<Reverse<(u128, Reverse<u32>)>> = BinaryHeap::new();
    let mut unchosen = vec![0_u32; trie.nodes.len()];
    for (index, node) in trie.nodes.iter().enumerate() {
        if index == ROOT as usize {
            heaviest.push(Reverse((u128::MAX, Reverse(ROOT))));
            continue;
        }
        if sums.keys[index] == 0 {
            continue;
        }
        unchosen[node.parent as usize] += 1;
        let entry = Reverse((sums.weight(index), Reverse(index as u32)));
        if heaviest.len() < limit {
            heaviest.push(entry);
        } else if heaviest.peek().is_some_and(|lightest| entry < *lightest) {
            heaviest.pop();
            heaviest.push(entry);
        }
    }
    // Heaviest first and, of equals, the elder first: a parent is never after its child.
    let mut order: Vec<u32> =
        heaviest.into_sorted_vec().into_iter().map(|entry| entry.0.1.0).collect();

    let mut folded_rows = 0;
    let mut best = 1;
    for (position, &index) in order.iter().enumerate() {
        if index != ROOT {
            let left = &mut unchosen[trie.nodes[index as usize].parent as usize];
            *left -= 1;
            folded_rows -= usize::from(*left == 0);
        }
        folded_rows += usize::from(unchosen[index as usize] > 0);
        if position + 1 + folded_rows <= limit {
            best = position + 1;
        }
    }
    for index in order.drain(best..) {
        unchosen[trie.nodes[index as usize].parent as usize] += 1;
    }
    let folded = order
        .iter()
        .map(|index| (*index, u64::from(unchosen[*index as usize])))
        .filter(|(_, count)| *count > 0)
        .collect();
    (order, folded)
}
