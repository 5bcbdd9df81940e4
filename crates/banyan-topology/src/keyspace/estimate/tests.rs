use proptest::prelude::*;

use super::*;
use crate::keyspace::{KeyFacts, KeyType};

/// Numbers that look random, one after the other from a seed.
fn random(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let mut z = *state;
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

struct Server {
    buckets: Vec<Vec<(String, KeyFacts)>>,
}

/// How many keys a prefix has, and of how many bytes about.
type Prefix = (u32, u64);

impl Server {
    /// A hash table of at least twice as many buckets as keys.
    fn new(prefixes: &[Prefix], seed: &mut u64) -> Self {
        let keys: u32 = prefixes.iter().map(|(keys, _)| keys).sum();
        let mut buckets = vec![Vec::new(); (keys as usize * 2).next_power_of_two()];
        for (prefix, (count, bytes)) in prefixes.iter().enumerate() {
            for n in 0..*count {
                let bytes = bytes / 2 + random(seed) % bytes.max(&1);
                let ttl_secs = n.is_multiple_of(3).then_some(u64::from(n % 7200));
                let facts = KeyFacts { key_type: KeyType::ALL[prefix % 7], bytes, ttl_secs };
                let key = (format!("p{prefix}:{n}"), facts);
                let place = random(seed) as usize % buckets.len();
                buckets[place].push(key);
            }
        }
        Self { buckets }
    }

    /// What SCAN from a random cursor gives: buckets until there are ten keys.
    fn scan(&self, trie: &mut PrefixTrie, seed: &mut u64) {
        let mut at = random(seed) as usize % self.buckets.len();
        let mut count = 0;
        trie.begin_cluster();
        for _ in 0..100 {
            for (key, facts) in &self.buckets[at] {
                trie.insert(None, key.as_bytes(), *facts);
                count += 1;
            }
            at = (at + 1) % self.buckets.len();
            if count >= 10 {
                break;
            }
        }
        trie.end_cluster();
    }
}

/// How many of the intervals of rows hold the truth, and how many there are.
fn covered(prefixes: &[Prefix], scans: usize, seed: &mut u64) -> (usize, usize) {
    let server = Server::new(prefixes, seed);
    let mut trie = PrefixTrie::new(":");
    for _ in 0..scans {
        server.scan(&mut trie, seed);
    }
    let total: u64 = prefixes.iter().map(|(keys, _)| u64::from(*keys)).sum();
    let (rows, estimate) = trie.estimated_rows(100, &[(None, total)].into());
    assert_eq!((rows[0].keys, rows[0].keys_error), (total, 0));
    assert_eq!((estimate.total, estimate.clusters), (total, scans as u64));
    let mut held = (0, 0);
    for row in rows.iter().filter(|row| row.parent == 0 && row.name.starts_with('p')) {
        let prefix: usize = row.name[1..].parse().unwrap();
        let keys = u64::from(prefixes[prefix].0);
        let all = server.buckets.iter().flatten();
        let of_prefix = all.filter(|(key, _)| key.starts_with(&format!("p{prefix}:")));
        let bytes: u64 = of_prefix.map(|(_, facts)| facts.bytes).sum();
        held.0 += usize::from(row.keys.abs_diff(keys) <= row.keys_error);
        held.0 += usize::from(row.bytes.abs_diff(bytes) <= row.bytes_error);
        held.1 += 2;
    }
    held
}

#[track_caller]
fn check_coverage(prefixes: &[Prefix], scans: usize) {
    let mut seed = 42;
    let mut held = (0, 0);
    for _ in 0..30 {
        let (held_now, all_now) = covered(prefixes, scans, &mut seed);
        held = (held.0 + held_now, held.1 + all_now);
    }
    assert!(held.1 >= 30, "{held:?}");
    assert!(held.0 * 100 >= held.1 * 90, "{held:?}");
}

#[test]
fn nine_intervals_in_ten_hold_the_truth() {
    check_coverage(&[(20_000, 100), (6_000, 900), (3_000, 50), (900, 5_000), (100, 70)], 100);
    check_coverage(&[(1_000, 100); 20], 50);
    check_coverage(&[(10_000, 64)], 20);
    check_coverage(&[(15_000, 64), (60, 100_000)], 300);
}

#[test]
fn intervals_are_no_wider_than_they_must_be() {
    let mut seed = 7;
    let prefixes = [(40_000, 100), (40_000, 100), (20_000, 100)];
    let server = Server::new(&prefixes, &mut seed);
    let mut trie = PrefixTrie::new(":");
    for _ in 0..500 {
        server.scan(&mut trie, &mut seed);
    }
    let (rows, estimate) = trie.estimated_rows(100, &[(None, 100_000)].into());
    assert_eq!(rows.len(), 1 + 3 * 2, "a row and a folded row for each prefix");
    // Of 5000 keys drawn one by one the interval is 1.4 % of all keys to each side.
    for row in rows.iter().filter(|row| row.parent == 0).skip(1) {
        assert!((800..2_500).contains(&row.keys_error), "{row:?}");
    }
    assert!((800..2_000).contains(&estimate.error_of(40_000)), "{estimate:?}");
}

#[test]
fn clusters_of_one_kind_know_less() {
    let facts = KeyFacts { key_type: KeyType::String, bytes: 10, ttl_secs: None };
    let error = |is_pure: bool| {
        let mut trie = PrefixTrie::new(":");
        for cluster in 0..100 {
            trie.begin_cluster();
            for n in 0..10 {
                let prefix = if is_pure { cluster % 2 } else { n % 2 };
                trie.insert(None, format!("p{prefix}:{cluster}-{n}").as_bytes(), facts);
            }
            trie.end_cluster();
        }
        let (rows, _) = trie.estimated_rows(10, &[(None, 1_000_000)].into());
        assert_eq!(rows[1].keys, 500_000);
        rows[1].keys_error
    };
    let (mixed, pure) = (error(false), error(true));
    assert!((29_000..36_000).contains(&mixed), "{mixed}");
    assert!((3 * mixed..4 * mixed).contains(&pure), "{pure} {mixed}");
}

#[test]
fn a_pass_that_is_through_leaves_no_error() {
    let mut seed = 1;
    let server = Server::new(&[(500, 10), (500, 10)], &mut seed);
    let mut trie = PrefixTrie::new(":");
    server.scan(&mut trie, &mut seed);
    for (key, facts) in server.buckets.iter().flatten() {
        trie.insert(None, key.as_bytes(), *facts);
    }
    let (rows, estimate) = trie.estimated_rows(100, &[(None, 1000)].into());
    assert_eq!(estimate.error_of(300), 0);
    for row in rows.iter().skip(1) {
        assert_eq!((row.keys, row.keys_error, row.bytes_error), (500, 0, 0));
    }
}

#[test]
fn no_error_is_zero_before_all_keys_are_met() {
    let facts = KeyFacts { key_type: KeyType::String, bytes: 10, ttl_secs: None };
    let mut trie = PrefixTrie::new(":");
    for n in 0..99_999 {
        let prefix = if n % 100 == 0 { "few" } else { "many" };
        trie.insert(None, format!("{prefix}:{n}").as_bytes(), facts);
    }
    let (rows, estimate) = trie.estimated_rows(100, &[(None, 100_000)].into());
    let errors: Vec<u64> =
        rows.iter().filter(|row| !row.name.is_empty()).map(|row| row.keys_error).collect();
    assert_eq!(errors, [1, 1]);
    assert_eq!(estimate.error_of(1_000), 1);
}

#[test]
fn databases_are_scaled_one_by_one() {
    let mut trie = PrefixTrie::new(":");
    let facts = KeyFacts { key_type: KeyType::String, bytes: 10, ttl_secs: None };
    for n in 0..40 {
        trie.begin_cluster();
        trie.insert(Some(0), format!("a:{n}").as_bytes(), facts);
        trie.end_cluster();
        if n < 20 {
            trie.begin_cluster();
            trie.insert(Some(5), format!("b:{n}").as_bytes(), facts);
            trie.end_cluster();
        }
    }
    let totals = [(Some(0), 4_000), (Some(5), 200_000)].into();
    let (rows, _) = trie.estimated_rows(100, &totals);
    assert_eq!((rows[0].keys, rows[0].keys_error, rows[0].bytes), (204_000, 0, 2_040_000));
    let of = |name: &str| rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!((of("db0").keys, of("a").keys, of("db0").keys_error), (4_000, 4_000, 0));
    assert_eq!((of("db5").keys, of("b").keys), (200_000, 200_000));
    assert!(of("b").keys_error > of("a").keys_error);
}

proptest! {
    #[test]
    fn sums_add_up_whatever_was_met(
        keys in proptest::collection::vec(("[ab]:[ab]:[a-z]{0,3}", 0..1000_u64), 0..200),
        clusters in 1..20_usize,
        more in 0..10_000_u64,
        limit in 0..30_usize,
    ) {
        let mut trie = PrefixTrie::new(":");
        for (n, (key, bytes)) in keys.iter().enumerate() {
            if n % clusters == 0 {
                trie.end_cluster();
                trie.begin_cluster();
            }
            let facts = KeyFacts { key_type: KeyType::ALL[n % 7], bytes: *bytes, ttl_secs: None };
            trie.insert(None, key.as_bytes(), facts);
        }
        let total = trie.keys() + more;
        let (rows, _) = trie.estimated_rows(limit, &[(None, total)].into());
        prop_assert!(rows.len() <= limit.max(2));
        if trie.keys() > 0 {
            prop_assert_eq!(rows[0].keys, total);
        }
        for (index, row) in rows.iter().enumerate() {
            let children = || rows.iter().skip(1).filter(|row| row.parent as usize == index);
            if children().next().is_some() {
                prop_assert_eq!(children().map(|row| row.keys).sum::<u64>(), row.keys);
            }
            prop_assert!(row.types.iter().sum::<u64>().abs_diff(row.keys) <= 7);
        }
    }
}
