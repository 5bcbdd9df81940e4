//! The trie flattened to as many rows as a page can use.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BinaryHeap},
};

use super::{
    PrefixNode,
    trie::{PART_HEAD_BYTES, PrefixTrie, ROOT},
    ttl_span,
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
        self.flatten(limit, None).rows
    }

    /// As [`Self::rows`]. For an estimate, prefixes of fewer than `least_keys` keys and single keys
    /// get no row of their own.
    pub(super) fn flatten(&self, limit: usize, least_keys: Option<u32>) -> Flat {
        let sums = Sums::of(self);
        let (chosen, folded) = choose(self, &sums, limit.max(2), least_keys);

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

        let mut squares = vec![0.0; if least_keys.is_some() { rows.len() } else { 0 }];
        for (index, node) in self.nodes.iter().enumerate() {
            if row_of[index] == NONE {
                let parent_row = row_of[node.parent as usize];
                row_of[index] = folded_row_of.get(&node.parent).copied().unwrap_or(parent_row);
            }
            if node.is_live_key() {
                let bytes = self.bytes(index as u32);
                let row = &mut rows[row_of[index] as usize];
                row.keys += 1;
                row.bytes += bytes;
                row.types[node.type_index()] += 1;
                if let Some(secs) = node.ttl_secs() {
                    row.with_ttl += 1;
                    row.ttl_secs_sum += secs;
                    row.ttls[ttl_span(secs)] += 1;
                }
                if let Some(square) = squares.get_mut(row_of[index] as usize) {
                    *square += (bytes as f64).powi(2);
                }
            }
        }
        add_up(&mut rows);
        for row in (1..squares.len()).rev() {
            squares[rows[row].parent as usize] += squares[row];
        }
        Flat { rows, row_of, squares }
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

/// A trie as rows.
pub(super) struct Flat {
    pub(super) rows: Vec<PrefixNode>,
    /// Of each node, the row that counts it.
    pub(super) row_of: Vec<u32>,
    /// Of each row, the sum of the squares of its keys' sizes; empty unless for an estimate.
    pub(super) squares: Vec<f64>,
}

/// Adds the sums of each row to its parent's.
pub(super) fn add_up(rows: &mut [PrefixNode]) {
    for row in (1..rows.len()).rev() {
        let (before, rest) = rows.split_at_mut(row);
        let child = &rest[0];
        let parent = &mut before[child.parent as usize];
        parent.keys += child.keys;
        parent.bytes += child.bytes;
        parent.with_ttl += child.with_ttl;
        parent.ttl_secs_sum += child.ttl_secs_sum;
        let sums = parent.types.iter_mut().chain(&mut parent.ttls);
        for (sum, count) in sums.zip(child.types.iter().chain(&child.ttls)) {
            *sum += count;
        }
    }
}

impl PrefixNode {
    /// Forgets what [`add_up`] adds.
    pub(super) fn clear_sums(&mut self) {
        (self.keys, self.bytes, self.with_ttl, self.ttl_secs_sum) = (0, 0, 0, 0);
        (self.types, self.ttls) = Default::default();
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
fn choose(
    trie: &PrefixTrie,
    sums: &Sums,
    limit: usize,
    least_keys: Option<u32>,
) -> (Vec<u32>, BTreeMap<u32, u64>) {
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
        let is_noise = |least| !node.is_database() && (node.is_key() || sums.keys[index] < least);
        if least_keys.is_some_and(is_noise) {
            continue;
        }
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::keyspace::{KeyFacts, KeyType, MAX_DEPTH};

    fn trie(delimiter: &str, keys: &[(Option<u32>, Vec<u8>, KeyFacts)]) -> PrefixTrie {
        let mut trie = PrefixTrie::new(delimiter);
        for (database, key, facts) in keys {
            trie.insert(*database, key, *facts);
        }
        trie
    }

    /// Keys of ten bytes each, and the rows as lines: depth, name, keys, and marks.
    #[track_caller]
    fn check(delimiter: &str, keys: &[&str], limit: usize, expect: &[&str]) {
        let facts = KeyFacts { key_type: KeyType::Set, bytes: 10, ttl_secs: None };
        let keys: Vec<_> = keys.iter().map(|key| (None, key.as_bytes().to_vec(), facts)).collect();
        let rows = trie(delimiter, &keys).rows(limit);
        let mut depths = Vec::new();
        let lines: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(index, row)| {
                let depth = if index == 0 { 0 } else { depths[row.parent as usize] + 1 };
                depths.push(depth);
                let mark = if row.is_key { " key" } else { "" };
                let folded =
                    if row.folded > 0 { format!(" +{}", row.folded) } else { String::new() };
                format!("{}{} {}{mark}{folded}", "-".repeat(depth), row.name, row.keys)
            })
            .collect();
        assert_eq!(lines, expect);
    }

    #[test]
    fn trees_of_keys() {
        check(":", &[], 10, &[" 0"]);
        check(":", &["a"], 10, &[" 1", "-a 1 key"]);
        check(
            ":",
            &["user:2:name", "b", "user:1:name", "user:1:age", "a"],
            20,
            &[
                " 5",
                "-user 3",
                "--1 2",
                "---age 1 key",
                "---name 1 key",
                "--2 1",
                "---name 1 key",
                "-a 1 key",
                "-b 1 key",
            ],
        );
        // A key beside a prefix of the same name.
        check(":", &["a:1", "a"], 10, &[" 2", "-a 1", "--1 1 key", "-a 1 key"]);
        check(
            ":",
            &["", ":", "::"],
            10,
            &[" 3", "- 2", "-- 1", "--- 1 key", "-- 1 key", "- 1 key"],
        );
        check("", &["a:b"], 10, &[" 1", "-a:b 1 key"]);
        check("::", &["a::b", "a:c"], 10, &[" 2", "-a 1", "--b 1 key", "-a:c 1 key"]);
    }

    #[test]
    fn small_siblings_are_folded() {
        let keys: Vec<String> = (0..7)
            .map(|n| format!("big:{n}"))
            .chain((0..3).map(|n| format!("mid:{n}")))
            .chain(["small".to_owned()])
            .collect();
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        check(":", &keys, 2, &[" 11", "- 11 +3"]);
        check(":", &keys, 5, &[" 11", "-big 7", "-- 7 +7", "- 4 +2"]);
        check(":", &keys, 6, &[" 11", "-big 7", "-- 7 +7", "-mid 3", "-- 3 +3", "- 1 +1"]);
        check(":", &keys, 0, &[" 11", "- 11 +3"]);
    }

    #[test]
    fn the_biggest_by_bytes_is_there_too() {
        let facts = |bytes| KeyFacts { key_type: KeyType::Hash, bytes, ttl_secs: None };
        let mut keys: Vec<_> =
            (0..1000).map(|n| (None, format!("a:{n}").into_bytes(), facts(50))).collect();
        keys.push((None, b"whale".to_vec(), facts(1 << 33)));
        let rows = trie(":", &keys).rows(5);
        let whale = rows.iter().find(|row| row.name == "whale").unwrap();
        assert_eq!((whale.bytes, rows[0].bytes), (1 << 33, 50_000 + (1 << 33)));
    }

    #[test]
    fn names_are_safe_and_depth_is_bounded() {
        let rows = trie(
            ":",
            &[
                (
                    None,
                    b"\xff\n".to_vec(),
                    KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None },
                ),
                (
                    None,
                    b":".repeat(1000),
                    KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None },
                ),
            ],
        )
        .rows(100);
        assert!(rows.iter().any(|row| row.name == "\\xff\\x0a"));
        assert_eq!(rows.len(), 1 + 1 + MAX_DEPTH);
    }

    fn any_keys() -> impl Strategy<Value = Vec<(Option<u32>, Vec<u8>, KeyFacts)>> {
        let facts = (0..7_usize, 0..1000_u64, proptest::option::of(0..100_u64)).prop_map(
            |(kind, bytes, ttl_secs)| KeyFacts { key_type: KeyType::ALL[kind], bytes, ttl_secs },
        );
        let key = "[ab:]{0,7}".prop_map(String::into_bytes);
        proptest::collection::vec((proptest::option::of(0..3_u32), key, facts), 0..80)
    }

    proptest! {
        #[test]
        fn sums_are_exact_however_few_rows(keys in any_keys(), limit in 0..60_usize) {
            let rows = trie(":", &keys).rows(limit);
            prop_assert!(rows.len() <= limit.max(2));

            let last: BTreeMap<(Option<u32>, &[u8]), KeyFacts> =
                keys.iter().map(|(db, key, facts)| ((*db, key.as_slice()), *facts)).collect();
            prop_assert_eq!(rows[0].keys, last.len() as u64);
            prop_assert_eq!(rows[0].bytes, last.values().map(|facts| facts.bytes).sum::<u64>());
            prop_assert_eq!(
                rows[0].ttl_secs_sum,
                last.values().filter_map(|facts| facts.ttl_secs).sum::<u64>()
            );
            for (index, row) in rows.iter().enumerate() {
                prop_assert!(index == 0 || (row.parent as usize) < index);
                prop_assert_eq!(row.types.iter().sum::<u64>(), row.keys);
                let children = || rows.iter().skip(1).filter(|child| child.parent as usize == index);
                if children().next().is_some() {
                    prop_assert_eq!(children().map(|child| child.keys).sum::<u64>(), row.keys);
                } else if index > 0 {
                    prop_assert!(row.is_key || row.folded > 0);
                }
                let order: Vec<_> =
                    children().map(|child| (child.folded > 0, Reverse(child.keys))).collect();
                prop_assert!(order.is_sorted());
            }
        }

        #[test]
        fn all_rows_are_there_if_they_fit(keys in any_keys()) {
            let all = trie(":", &keys);
            let rows = all.rows(10_000);
            prop_assert!(rows.iter().all(|row| row.folded == 0));
            prop_assert_eq!(rows.len(), all.nodes.len());
        }
    }
}
