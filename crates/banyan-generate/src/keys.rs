//! Made-up keys of a server, in the families of prefixes that programs like to use.

use banyan_topology::{KeyFacts, KeyType, Keyspace, PrefixTrie};

use crate::random::Random;

/// Keys that follow each other and are of one family: the parts of a user are more than one.
const RUN: u32 = 6;

/// All keys of a made-up server with their facts: exactly so many, no two the same.
pub fn keys(count: u32, seed: u64) -> impl Iterator<Item = (String, KeyFacts)> {
    (0..count).map(move |number| key(number, seed))
}

/// The same keys as a tree of at most so many rows, see [`PrefixTrie::rows`].
pub fn keyspace(count: u32, rows: usize, seed: u64) -> Keyspace {
    let mut trie = PrefixTrie::new(":");
    for (key, facts) in keys(count, seed) {
        trie.insert(None, key.as_bytes(), facts);
    }
    Keyspace {
        taken_at_millis: 1_795_300_000_000,
        delimiter: ":".to_owned(),
        seen: trie.keys(),
        total: Some(trie.keys()),
        complete: true,
        completed_at_millis: Some(1_795_300_000_000),
        nodes: trie.rows(rows),
        ..Keyspace::default()
    }
}

fn key(number: u32, seed: u64) -> (String, KeyFacts) {
    let mut random = Random::of(seed, u64::from(number / RUN));
    let family = random.below(100);
    let mut random = Random::of(seed, u64::from(number) | 1 << 32);
    // Every number gives another one, and neighbours give strangers.
    let token = number.wrapping_mul(0x9e37_79b1);
    let (run, part) = (number / RUN, number % RUN);
    let (key, key_type, bytes, ttl) = match family {
        0..25 => (format!("session:{token:08x}"), KeyType::Hash, 700, 86_400),
        25..45 => {
            let what = random.pick(&["user", "post", "feed", "page"]);
            (format!("cache:{what}:{token:08x}"), KeyType::String, 30_000, 3_600)
        }
        45..62 => {
            let parts = ["profile", "followers", "settings", "inbox", "likes", "devices"];
            let part = parts[part as usize % parts.len()];
            (format!("user:{run}:{part}"), KeyType::Hash, 800, 0)
        }
        62..72 => (format!("timeline:{number}"), KeyType::SortedSet, 60_000, 0),
        72..80 => {
            let place = random.pick(&["eu", "us", "cn"]);
            (format!("shop:{place}:cart:{token:08x}"), KeyType::Hash, 1_500, 172_800)
        }
        80..87 => {
            let what = random.pick(&["order", "cart", "stock"]);
            (format!("lock:{what}:{number}"), KeyType::String, 90, 30)
        }
        87..92 => {
            let (year, day) = (2020 + run % 7, 1 + number % 365);
            (format!("stats:{year}:{day:03}:{token:08x}"), KeyType::String, 120, 0)
        }
        92..95 => {
            let word = random.pick(&["rust", "redis", "树", "história", "été", "música"]);
            (format!("tags:{word}:{number}"), KeyType::Set, 4_000, 0)
        }
        95..97 => {
            let what = random.pick(&["mail", "thumbs", "billing", "webhooks"]);
            (format!("queue:{what}:{number}"), KeyType::List, 9_000, 0)
        }
        97..98 => (format!("events:{number}"), KeyType::Stream, 200_000, 0),
        // Programs whose keys have no prefix at all.
        _ => (format!("{token:08x}"), KeyType::String, 200, 0),
    };
    let ttl_secs = (ttl > 0).then(|| u64::from(random.below(ttl)));
    let bytes = bytes / 4 + random.below(bytes);
    (key, KeyFacts { key_type, bytes: u64::from(bytes), ttl_secs })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn keys_are_as_many_as_wanted_and_all_different() {
        for count in [0, 1, 10, 100_000] {
            let all: BTreeSet<String> = keys(count, 3).map(|(key, _)| key).collect();
            assert_eq!(all.len(), count as usize);
            let keyspace = keyspace(count, 1000, 3);
            assert_eq!(keyspace.seen, u64::from(count));
            assert!(keyspace.nodes.len() <= 1000);
        }
        assert_eq!(keyspace(5_000, 500, 1), keyspace(5_000, 500, 1));
        assert_ne!(keyspace(5_000, 500, 1).nodes, keyspace(5_000, 500, 2).nodes);
    }

    #[test]
    fn all_types_occur_and_some_have_an_end() {
        let root = &keyspace(20_000, 100, 1).nodes[0];
        assert!(root.types[..6].iter().all(|&keys| keys > 0), "{:?}", root.types);
        assert!(root.with_ttl > root.keys / 4 && root.with_ttl < root.keys);
    }
}
