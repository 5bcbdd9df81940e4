//! How many bytes a browser is sent of a server's keys at each moment: as a whole, and as what is
//! different.
//!
//! ```sh
//! cargo run --release -p banyan-protocol --example updates -- [keys]
//! ```

#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::collections::BTreeMap;

use banyan_protocol::{TargetId, ToBrowser, encode};
use banyan_topology::{KeyFacts, KeyType, Keyspace, KeyspaceDelta, PrefixTrie};

/// Rows that the bridge sends at most.
const ROWS: usize = 20_000;
/// Of so many keys one is different, comes or goes.
const RARE: u64 = 1_000;

struct Server {
    trie: PrefixTrie,
    keys: u64,
    told: Keyspace,
    number: u64,
}

fn main() {
    let keys = std::env::args().nth(1).and_then(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let told = Keyspace { delimiter: ":".into(), total: Some(keys), ..Keyspace::default() };
    let mut server = Server { trie: PrefixTrie::new(":"), keys, told, number: 0 };
    println!("{keys} keys, at most {ROWS} rows\n{:>44}  {:>8}  {:>8}", "", "whole", "delta");

    // A first walk, of which a browser sees estimates.
    for percent in [20, 40, 60, 80] {
        server.meet(keys / 100 * (percent - 20)..keys / 100 * percent, |_| 0);
        server.tell(&format!("estimate, {percent} % met"), false);
    }
    server.meet(keys / 100 * 80..keys, |_| 0);
    server.tell("the first walk is over", true);
    server.tell("nothing is different", true);
    server.meet((0..keys).step_by(RARE as usize), |_| 300);
    server.tell(&format!("one key of {RARE} grows"), true);
    for key in (1..keys).step_by(RARE as usize) {
        server.trie.remove(None, name(key).as_bytes());
    }
    server.meet(keys..keys + keys / RARE, |_| 0);
    server.tell(&format!("one key of {RARE} goes, another comes"), true);
    server.meet(0..keys, |key| if key % RARE == 0 { 300 } else { 0 });
    server.tell("a walk later, each time to live is shorter", true);
}

/// Seven of ten keys are of users, the next ones of sessions, queues and locks.
fn name(key: u64) -> String {
    // Spread, as a hash table meets them.
    let number = key.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
    match key % 100 {
        0..70 => format!("user:{}:{key}:profile", number % 500),
        70..95 => format!("session:{:02x}:{key}", number % 256),
        95..99 => format!("queue:{}:{key}", number % 40),
        _ => format!("lock:{key}"),
    }
}

impl Server {
    fn meet(&mut self, keys: impl Iterator<Item = u64>, more_bytes: impl Fn(u64) -> u64) {
        for key in keys {
            let (key_type, ttl) = match key % 100 {
                0..70 => (KeyType::Hash, None),
                70..95 => (KeyType::String, Some(3_600)),
                95..99 => (KeyType::List, None),
                _ => (KeyType::String, Some(30)),
            };
            let bytes = 80 + key * 37 % 900 + more_bytes(key);
            let ttl_secs = ttl.map(|secs: u64| secs.saturating_sub(self.number));
            self.trie.insert(None, name(key).as_bytes(), KeyFacts { key_type, bytes, ttl_secs });
        }
    }

    fn tell(&mut self, what: &str, complete: bool) {
        self.number += 1;
        let (nodes, estimate) = if complete {
            (self.trie.rows(ROWS), None)
        } else {
            let (nodes, estimate) =
                self.trie.estimated_rows(ROWS, &BTreeMap::from([(None, self.keys)]));
            (nodes, Some(estimate))
        };
        let mut later = Keyspace {
            taken_at_millis: 1_700_000_000_000 + self.number * 1_000,
            delimiter: ":".into(),
            seen: self.trie.keys(),
            total: Some(self.keys),
            complete,
            nodes,
            estimate,
            biggest: self.trie.biggest(100, 0),
            ..Keyspace::default()
        };
        later.assign_roles(|_, _| Default::default());
        let (target, number) = (TargetId("target".into()), self.number);
        let delta = Box::new(KeyspaceDelta::between(&self.told, &later));
        let delta = encode(&ToBrowser::KeyspaceDelta { target: target.clone(), number, delta });
        self.told = later.clone();
        let keyspace = Box::new(later);
        let whole = encode(&ToBrowser::Keyspace { target, number, keyspace });
        println!("{what:>44}  {:>8}  {:>8}", whole.len(), delta.len());
    }
}
