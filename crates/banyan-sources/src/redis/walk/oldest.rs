//! The keys that nobody has used for longest.

use std::collections::BTreeSet;

use banyan_topology::{KeyEntry, KeyFacts, printable};

use super::NOTABLE_KEYS;

/// Bytes of a key in the list.
const MAX_KEY_BYTES: usize = 256;

/// Those of one pass; times are as old as their asking.
#[derive(Default)]
pub(crate) struct Oldest {
    /// By idle time; the least idle first.
    keys: BTreeSet<(u64, u32, Vec<u8>)>,
    facts: std::collections::BTreeMap<(u32, Vec<u8>), KeyFacts>,
}

impl Oldest {
    pub(crate) fn offer(&mut self, db: u32, key: &[u8], facts: KeyFacts, idle_secs: u64) {
        let is_full = self.keys.len() >= NOTABLE_KEYS;
        if is_full && self.keys.first().is_some_and(|least| idle_secs <= least.0) {
            return;
        }
        self.forget(db, key);
        self.keys.insert((idle_secs, db, key.to_vec()));
        self.facts.insert((db, key.to_vec()), facts);
        if self.keys.len() > NOTABLE_KEYS
            && let Some((_, db, key)) = self.keys.pop_first()
        {
            self.facts.remove(&(db, key));
        }
    }

    /// A key that was changed, or is gone.
    pub(crate) fn forget(&mut self, db: u32, key: &[u8]) {
        if self.facts.remove(&(db, key.to_vec())).is_some() {
            self.keys.retain(|(_, of_db, name)| (*of_db, name.as_slice()) != (db, key));
        }
    }

    /// Longest first.
    pub(crate) fn keys(&self) -> Vec<KeyEntry> {
        let entry = |(idle_secs, db, key): &(u64, u32, Vec<u8>)| {
            let facts = self.facts.get(&(*db, key.clone()))?;
            Some(KeyEntry {
                db: *db,
                key: printable(key, MAX_KEY_BYTES),
                key_type: facts.key_type as u8,
                bytes: facts.bytes,
                ttl_secs: facts.ttl_secs,
                idle_secs: Some(*idle_secs),
            })
        };
        self.keys.iter().rev().filter_map(entry).collect()
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::KeyType;

    use super::*;

    #[test]
    fn the_longest_unused_are_kept() {
        let mut oldest = Oldest::default();
        let facts = KeyFacts { key_type: KeyType::Set, bytes: 9, ttl_secs: None };
        for n in 0..1000_u64 {
            oldest.offer(0, format!("k{}", n * 7 % 1000).as_bytes(), facts, n * 7 % 1000);
        }
        let idle: Vec<_> = oldest.keys().iter().map(|key| key.idle_secs).collect();
        let expect: Vec<Option<u64>> = (900..1000).rev().map(Some).collect();
        assert_eq!(idle, expect);
        oldest.forget(0, b"k999");
        oldest.offer(0, b"k998", facts, 5000);
        let keys = oldest.keys();
        assert_eq!((keys[0].idle_secs, keys[1].idle_secs), (Some(5000), Some(997)));
    }
}
