//! The keys that stand out of a trie.

use std::{cmp::Reverse, collections::BinaryHeap};

use super::{
    KeyEntry,
    trie::{PART_HEAD_BYTES, PrefixTrie, ROOT},
};
use crate::printable::printable;

/// Bytes of a key in a list.
const MAX_KEY_BYTES: usize = 256;

impl PrefixTrie {
    /// The keys that take most, biggest first; of equals, those met first. Keys whose size is not
    /// known are not among them. `db` is the database where keys do not stand below theirs.
    pub fn biggest(&self, limit: usize, db: u32) -> Vec<KeyEntry> {
        let mut heaviest: BinaryHeap<Reverse<(u64, Reverse<u32>)>> = BinaryHeap::new();
        for (index, node) in self.nodes.iter().enumerate() {
            if !node.is_live_key() {
                continue;
            }
            let entry = Reverse((self.bytes(index as u32), Reverse(index as u32)));
            if entry.0.0 == 0 {
                continue;
            }
            if heaviest.len() < limit {
                heaviest.push(entry);
            } else if heaviest.peek().is_some_and(|lightest| entry < *lightest) {
                heaviest.pop();
                heaviest.push(entry);
            }
        }
        heaviest.into_sorted_vec().into_iter().map(|entry| self.entry(entry.0.1.0, db)).collect()
    }

    fn entry(&self, index: u32, only_db: u32) -> KeyEntry {
        let Some(node) = self.nodes.get(index as usize) else { return KeyEntry::default() };
        let (db, key) = self.full_key(index);
        KeyEntry {
            db: db.unwrap_or(only_db),
            key: printable(&key, MAX_KEY_BYTES),
            key_type: node.type_index() as u8,
            bytes: self.bytes(index),
            ttl_secs: node.ttl_secs(),
            idle_secs: None,
        }
    }

    /// The database and the bytes of a key, those parts cut that the trie keeps cut.
    fn full_key(&self, index: u32) -> (Option<u32>, Vec<u8>) {
        let mut parts: Vec<&[u8]> = Vec::new();
        let mut database = None;
        let mut at = index;
        while at != ROOT {
            let Some(node) = self.nodes.get(at as usize) else { break };
            let part = self.part(node);
            if node.is_database() {
                let digits = part.get(2..).and_then(|digits| str::from_utf8(digits).ok());
                database = digits.and_then(|digits| digits.parse().ok());
            } else if node.is_cut() {
                parts.push("…".as_bytes());
                parts.push(part.get(..PART_HEAD_BYTES).unwrap_or(part));
            } else {
                parts.push(part);
            }
            if node.parent != ROOT && !self.is_database_at(node.parent) {
                parts.push(&self.delimiter);
            }
            at = node.parent;
        }
        parts.reverse();
        (database, parts.concat())
    }

    fn is_database_at(&self, index: u32) -> bool {
        self.nodes.get(index as usize).is_some_and(super::trie::Node::is_database)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyspace::{KeyFacts, KeyType};

    #[test]
    fn the_biggest_keys_with_their_whole_names() {
        let mut trie = PrefixTrie::new(":");
        for n in 0..50_u64 {
            let facts = KeyFacts { key_type: KeyType::Hash, bytes: n, ttl_secs: Some(n) };
            trie.insert(Some((n % 2) as u32 * 3), format!("user:{n}:name").as_bytes(), facts);
        }
        let entry = |n: u64| KeyEntry {
            db: (n % 2) as u32 * 3,
            key: format!("user:{n}:name"),
            key_type: KeyType::Hash as u8,
            bytes: n,
            ttl_secs: Some(n),
            idle_secs: None,
        };
        assert_eq!(trie.biggest(2, 0), [entry(49), entry(48)]);
        assert_eq!(trie.biggest(100, 0).len(), 49, "a size of zero is an unknown size");
        assert!(trie.remove(Some(3), b"user:49:name"));
        assert_eq!(trie.biggest(1, 0), [entry(48)]);
    }

    #[test]
    fn keys_with_odd_parts() {
        let mut trie = PrefixTrie::new(":");
        let facts = KeyFacts { key_type: KeyType::String, bytes: 9, ttl_secs: None };
        let long = [b"a:".as_slice(), &[b'k'; 300], b":z"].concat();
        for key in [b"".as_slice(), b":", b"a::b", b"\xff", &long] {
            trie.insert(None, key, facts);
        }
        let keys: Vec<String> = trie.biggest(10, 0).into_iter().map(|entry| entry.key).collect();
        assert_eq!(keys[..4], ["", ":", "a::b", "\\xff"]);
        assert!(keys[4].starts_with("a:kkk") && keys[4].contains('k'), "{}", keys[4]);
    }
}
