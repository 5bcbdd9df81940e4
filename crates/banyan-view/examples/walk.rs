//! How fast the picture of a keyspace follows its snapshots: 20,000 rows, of which so many differ from
//! the snapshot before.
//!
//! ```sh
//! cargo run --release -p banyan-view --example walk -- [keys] [updates]
//! ```

#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::time::Instant;

use banyan_topology::{KeyFacts, KeyType, Keyspace, PrefixTrie};
use banyan_view::{KeyspaceWorld, Words, World as _};

const TURNED: &str = "2 rows change places";

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let keys = numbers.next().unwrap_or(19_000);
    let updates = numbers.next().unwrap_or(60).max(1);
    println!(
        "{:>34}  {:>7}  {:>9}  {:>7}  rectangles",
        "between snapshots", "rows", "median ms", "best"
    );
    run("nothing", keys, updates, |_, _| None);
    // As time passes, a card changes when its minute or hour does.
    run("a second of every time to live", keys, updates, |update, key| {
        Some(KeyFacts { ttl_secs: Some(90_000 - update + key % 86_400), ..facts(key) })
    });
    run("1 key of 20 grows", keys, updates, |update, key| {
        let bytes = 100 + (key * 37) % 900 + if key % 20 == 0 { update * 100 } else { 0 };
        Some(KeyFacts { bytes, ..facts(key) })
    });
    run("every key grows", keys, updates, |update, key| {
        Some(KeyFacts { bytes: facts(key).bytes + update * 100, ..facts(key) })
    });
    run(TURNED, keys, updates, |_, _| None);
    run("1 key comes, 1 goes", keys, updates, |update, key| {
        (key != update && key != keys - 1 - update).then(|| facts(key))
    });
}

fn facts(key: u64) -> KeyFacts {
    let key_type = KeyType::ALL[(key % 7) as usize];
    KeyFacts { key_type, bytes: 100 + (key * 37) % 900, ttl_secs: None }
}

/// `facts_of` an update and a key; `None` leaves all keys as they are.
fn run(name: &str, keys: u64, updates: u64, facts_of: impl Fn(u64, u64) -> Option<KeyFacts>) {
    let is_still = facts_of(0, 0).is_none() && facts_of(0, 1).is_none();
    let snapshot = |update: u64| {
        let mut trie = PrefixTrie::new(":");
        for key in 0..keys {
            let facts = if is_still { Some(facts(key)) } else { facts_of(update, key) };
            if let Some(facts) = facts {
                let name = format!("cache:{}:{}:{key}", key % 7, key % 300);
                trie.insert(None, name.as_bytes(), facts);
            }
        }
        let (seen, nodes) = (trie.keys(), trie.rows(25_000));
        Keyspace {
            delimiter: ":".into(),
            seen,
            total: Some(seen),
            complete: true,
            nodes,
            ..Keyspace::default()
        }
    };
    let mut world = KeyspaceWorld::new(snapshot(0), Words::english());
    let is_turned = name == TURNED;
    let (mut millis, mut rectangles) = (Vec::new(), 0);
    for update in 1..=updates {
        let mut next = snapshot(update);
        if is_turned && update % 2 == 1 {
            // The last two rows are keys below the same prefix.
            let last = next.nodes.len() - 1;
            next.nodes.swap(last - 1, last);
        }
        let began = Instant::now();
        let change = world.update(next);
        millis.push(began.elapsed().as_secs_f64() * 1000.0);
        rectangles += change.dirty.len() + change.read.len();
    }
    // Others may be using the machine: the median and the best.
    millis.sort_by(f64::total_cmp);
    let (median, best) = (millis[millis.len() / 2], millis[0]);
    let (rows, each) = (world.scene().len(), rectangles / millis.len());
    println!("{name:>34}  {rows:>7}  {median:>9.2}  {best:>7.2}  {each:>11}");
}
