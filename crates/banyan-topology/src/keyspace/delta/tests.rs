use proptest::prelude::*;

use super::*;
use crate::{
    Estimate, KeyFacts, KeyType, MissingServer, Part, PrefixTrie, Tracking, Withheld,
    keyspace::role::Behaviour,
};

/// What is known of a key: none, if it is not there.
type Fact = Option<(usize, u64, Option<u64>)>;

/// Keys that differ from the snapshot before, the rows there are, and a number for all else.
type Snapshot = (Vec<(u32, String, Fact)>, usize, u64);

fn any_snapshots() -> impl Strategy<Value = Vec<Snapshot>> {
    let fact = (0..7_usize, 0..3_000_u64, proptest::option::of(1..90_000_u64));
    let key = "(lock|user|a|b|)(:(1|2|x)){0,3}";
    let change = (0..2_u32, key, proptest::option::weighted(0.8, fact));
    let snapshot = (proptest::collection::vec(change, 0..12), 2..40_usize, any::<u64>());
    proptest::collection::vec(snapshot, 1..10)
}

fn walked(snapshots: Vec<Snapshot>) -> Vec<Keyspace> {
    let mut trie = PrefixTrie::new(":");
    let mut next = |(keys, limit, number): Snapshot| {
        for (db, key, fact) in keys {
            let Some((key_type, bytes, ttl_secs)) = fact else {
                trie.remove(Some(db), key.as_bytes());
                continue;
            };
            let facts = KeyFacts { key_type: KeyType::ALL[key_type], bytes, ttl_secs };
            trie.insert(Some(db), key.as_bytes(), facts);
        }
        let mut keyspace = Keyspace { nodes: trie.rows(limit), ..any_head(number) };
        for (row, node) in (0u64..).zip(&mut keyspace.nodes) {
            node.heat = (number % 3 > 0).then_some((number % 2) * row);
            node.keys_error = number % 5 / 4;
        }
        keyspace.assign_roles(|_, _| Behaviour::default());
        keyspace
    };
    snapshots.into_iter().map(&mut next).collect()
}

fn any_head(number: u64) -> Keyspace {
    let entry = |key: u64| KeyEntry { key: key.to_string(), ..KeyEntry::default() };
    Keyspace {
        taken_at_millis: number,
        delimiter: ":".into(),
        seen: number,
        total: Some(number),
        complete: number.is_multiple_of(2),
        completed_at_millis: Some(number),
        withheld: vec![Withheld { part: Part::Keys, reason: number.to_string() }],
        estimate: Some(Estimate { keys: number, ..Estimate::default() }),
        biggest: vec![entry(number % 2)],
        oldest: vec![entry(number % 3), entry(1)],
        locks: vec![Lock { since_millis: number % 2, ..Lock::default() }],
        tracking: Some(Tracking { events: number, ..Tracking::default() }),
        missing: vec![MissingServer { addr: number.to_string(), ..MissingServer::default() }],
        ..Keyspace::default()
    }
}

/// Rows that no trie would make: twins, parents that come later or are not there.
fn any_rows() -> impl Strategy<Value = Vec<PrefixNode>> {
    let row =
        (0..6_u32, "[ab]?", 0..3_u64, any::<bool>()).prop_map(|(parent, name, number, is_key)| {
            PrefixNode {
                parent,
                name,
                keys: number,
                folded: number % 2,
                is_key,
                ..PrefixNode::default()
            }
        });
    proptest::collection::vec(row, 0..8)
}

proptest! {
    #[test]
    fn deltas_lead_from_the_first_snapshot_to_the_last(snapshots in any_snapshots()) {
        let snapshots = walked(snapshots);
        let mut known = snapshots[0].clone();
        for pair in snapshots.windows(2) {
            prop_assert!(known.apply(KeyspaceDelta::between(&pair[0], &pair[1])));
            prop_assert_eq!(&known, &pair[1]);
        }
    }

    #[test]
    fn rows_of_any_kind_are_led_to_any_others(earlier in any_rows(), later in any_rows()) {
        let keyspace = |nodes: Vec<PrefixNode>| Keyspace { nodes, ..Keyspace::default() };
        let (mut known, later) = (keyspace(earlier), keyspace(later));
        prop_assert!(known.apply(KeyspaceDelta::between(&known, &later)));
        prop_assert_eq!(known, later);
    }

    #[test]
    fn what_stays_is_not_sent(snapshots in any_snapshots()) {
        for keyspace in walked(snapshots) {
            let delta = KeyspaceDelta::between(&keyspace, &keyspace);
            let head = delta.head.clone();
            prop_assert_eq!(delta, KeyspaceDelta { head, ..KeyspaceDelta::default() });
        }
    }

    /// A delta of another keyspace is refused or leads somewhere, and is no panic.
    #[test]
    fn a_delta_of_others_does_no_harm(
        earlier in any_rows(), later in any_rows(), other in any_rows(),
        at in 0..9_u32, from in any::<u32>(), count in any::<u32>(),
    ) {
        let keyspace = |nodes: Vec<PrefixNode>| Keyspace { nodes, ..Keyspace::default() };
        let mut delta = KeyspaceDelta::between(&keyspace(earlier), &keyspace(later));
        let mut known = keyspace(other.clone());
        let _ = known.apply(delta.clone());
        delta.order.get_or_insert_default().push(Run { at, from: from % 9, count });
        let _ = keyspace(other).apply(delta);
    }
}

/// One prefix outgrows another: nothing of what is below them travels.
#[test]
fn a_prefix_moves_with_all_below_it() {
    let mut trie = PrefixTrie::new(":");
    let facts = KeyFacts { key_type: KeyType::Set, bytes: 10, ttl_secs: None };
    let mut snapshot = |name: &str, keys: u64| {
        for key in 0..keys {
            trie.insert(None, format!("{name}:{key}").as_bytes(), facts);
        }
        Keyspace { nodes: trie.rows(1000), ..Keyspace::default() }
    };
    snapshot("a", 60);
    let earlier = snapshot("b", 59);
    let later = snapshot("b", 61);
    let delta = KeyspaceDelta::between(&earlier, &later);
    let runs: Vec<_> = delta.order.iter().flatten().map(|run| run.count).collect();
    let fresh: Vec<_> = delta.fresh.iter().map(|(_, row)| row.name.as_str()).collect();
    let changed: Vec<_> = delta.changed.iter().map(|change| change.row).collect();
    // The root; `b`; what is below it but for its new keys; `a` with everything.
    assert_eq!(runs.iter().sum::<u32>(), 122);
    assert!(runs.len() <= 6, "{runs:?}");
    assert_eq!(fresh, ["59", "60"]);
    assert_eq!(changed, [0, 1]);
}
