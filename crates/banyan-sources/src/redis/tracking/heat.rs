//! How often keys change, by prefix, in bounded memory. Pure.

use std::collections::BTreeMap;

use banyan_topology::{Keyspace, printable};

/// Prefixes and keys that are counted; the coldest are forgotten.
const MOST_ENTRIES: usize = 20_000;
/// Levels of a key that are counted, besides the whole.
const MOST_LEVELS: usize = 4;
/// After this time an event counts for 1/e, in seconds.
const FADE_SECS: f64 = 30.0;
/// Bytes of a key.
const MAX_KEY_BYTES: usize = 256;

/// Events, each fading as time goes by.
pub(super) struct Heat {
    delimiter: String,
    /// By the printable text of a prefix without a delimiter at its end.
    counts: BTreeMap<String, Count>,
    all: Count,
}

#[derive(Clone, Copy, Default)]
struct Count {
    /// Events, faded, at the moment `at_millis`.
    events: f64,
    at_millis: u64,
}

impl Count {
    fn at(self, now_millis: u64) -> f64 {
        let secs = now_millis.saturating_sub(self.at_millis) as f64 / 1000.0;
        self.events * (-secs / FADE_SECS).exp()
    }

    fn add(&mut self, now_millis: u64) {
        *self = Self { events: self.at(now_millis) + 1.0, at_millis: now_millis };
    }

    /// Thousandths of an event a second.
    fn rate(self, now_millis: u64) -> u64 {
        (self.at(now_millis) / FADE_SECS * 1000.0).round() as u64
    }
}

impl Heat {
    pub(super) fn new(delimiter: &str) -> Self {
        let delimiter = printable(delimiter.as_bytes(), MAX_KEY_BYTES);
        Self { delimiter, counts: BTreeMap::new(), all: Count::default() }
    }

    pub(super) fn event(&mut self, key: &[u8], now_millis: u64) {
        self.all.add(now_millis);
        let text = printable(key, MAX_KEY_BYTES);
        let mut ends = Vec::new();
        if !self.delimiter.is_empty() {
            let levels = text.match_indices(self.delimiter.as_str()).take(MOST_LEVELS);
            ends.extend(levels.map(|(at, _)| at));
        }
        ends.push(text.len());
        for end in ends {
            let Some(prefix) = text.get(..end) else { continue };
            match self.counts.get_mut(prefix) {
                Some(count) => count.add(now_millis),
                None => {
                    self.make_room(now_millis);
                    self.counts
                        .insert(prefix.to_owned(), Count { events: 1.0, at_millis: now_millis });
                }
            }
        }
    }

    /// Forgets the colder half when there is no room.
    fn make_room(&mut self, now_millis: u64) {
        if self.counts.len() < MOST_ENTRIES {
            return;
        }
        let mut heats: Vec<f64> = self.counts.values().map(|count| count.at(now_millis)).collect();
        heats.sort_by(f64::total_cmp);
        let median = heats.get(heats.len() / 2).copied().unwrap_or_default();
        self.counts.retain(|_, count| count.at(now_millis) > median);
        if self.counts.len() >= MOST_ENTRIES {
            self.counts.clear();
        }
    }

    /// Writes the heat of every row.
    pub(super) fn apply(&self, keyspace: &mut Keyspace, now_millis: u64) {
        let texts = keyspace.texts();
        for (row, ((_, text), node)) in texts.iter().zip(&mut keyspace.nodes).enumerate() {
            let count = match row {
                0 => Some(self.all),
                // What is folded together is known by no text of its own.
                _ if node.folded > 0 || node.database.is_some() => continue,
                _ => self.counts.get(text).copied(),
            };
            node.heat = Some(count.map_or(0, |count| count.rate(now_millis)));
        }
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{KeyFacts, KeyType, PrefixTrie};

    use super::*;

    fn rows() -> Keyspace {
        let mut trie = PrefixTrie::new(":");
        let facts = KeyFacts { key_type: KeyType::String, bytes: 9, ttl_secs: None };
        for key in ["user:1:name", "user:2:name", "hits"] {
            trie.insert(None, key.as_bytes(), facts);
        }
        Keyspace { delimiter: ":".into(), nodes: trie.rows(100), ..Keyspace::default() }
    }

    #[test]
    fn events_heat_their_prefixes_and_fade() {
        let mut heat = Heat::new(":");
        for n in 0..300 {
            heat.event(b"user:1:name", n * 100);
        }
        heat.event(b"hits", 30_000);
        let mut keyspace = rows();
        heat.apply(&mut keyspace, 30_000);
        let of = |keyspace: &Keyspace, name: &str| {
            keyspace.nodes.iter().find(|row| row.name == name).unwrap().heat.unwrap()
        };
        // Ten a second for thirty seconds: 1 - 1/e of ten have come in.
        assert!((6_200..6_500).contains(&of(&keyspace, "user")), "{}", of(&keyspace, "user"));
        assert_eq!((of(&keyspace, "1"), of(&keyspace, "2")), (of(&keyspace, "user"), 0));
        assert_eq!(of(&keyspace, "hits"), 33);
        heat.apply(&mut keyspace, 330_000);
        assert_eq!(keyspace.nodes[0].heat, Some(0));
    }

    #[test]
    fn memory_is_bounded_and_the_hot_stay() {
        let mut heat = Heat::new(":");
        for n in 0..100_000_u64 {
            heat.event(format!("cold:{n}").as_bytes(), n);
            heat.event(b"hot", n);
        }
        assert!(heat.counts.len() <= MOST_ENTRIES);
        assert!(heat.counts["hot"].at(100_000) > 10_000.0);
    }
}
