//! The keys of the double.

use banyan_sources::{Link, WalkOptions, keys};
use banyan_topology::{KeyType, Keyspace, Part};

use super::double::Double;

async fn walk(double: &Double) -> Keyspace {
    let options = WalkOptions { budget: 1.0, ..WalkOptions::default() };
    keys(&Link::new(double.target()), options, |_| {}).await.unwrap()
}

/// Commands that have been counted, without the looks.
fn asked(double: &Double, name: &str) -> u64 {
    double.state().counts.get(name).copied().unwrap_or(0)
}

#[tokio::test]
async fn a_tree_is_divided_into_batches() {
    let double = Double::start("B+ tree", 1, 8).await;
    for n in 0..30_000 {
        double.put(&format!("user:{n:05}"), "value");
    }
    for n in 0..500 {
        double.put(&format!("page:{n}"), "x");
    }
    // Keys that are prefixes of others, and keys of any bytes.
    for key in ["user:", "u", "user:0", "贾府:宝玉", "\u{202e}x", "a\tb"] {
        double.put(key, "");
    }
    let keyspace = walk(&double).await;
    let root = &keyspace.nodes[0];
    assert!(keyspace.complete);
    assert_eq!((root.keys, keyspace.total), (30_506, Some(30_506)));
    assert_eq!((root.with_ttl, root.types[KeyType::String as usize]), (0, 30_506));
    assert!(root.bytes > 30_000 * 15);
    assert_eq!(asked(&double, "vsiz"), 30_506);
    assert!(asked(&double, "fwmkeys") > 10);
    assert_eq!(asked(&double, "iterinit") + asked(&double, "misc"), 0);
}

#[tokio::test]
async fn a_hash_shows_a_first_batch_and_then_all() {
    let double = Double::start("on-memory hash", 1, 8).await;
    for n in 0..30_000 {
        double.put(&format!("user:{n:05}"), "value");
    }
    let mut first = None;
    let options = WalkOptions {
        budget: 1.0,
        picture_interval: std::time::Duration::ZERO,
        ..WalkOptions::default()
    };
    let link = Link::new(double.target());
    let keyspace = keys(&link, options, |picture| {
        first.get_or_insert((picture.seen, picture.total, picture.complete));
    })
    .await
    .unwrap();
    let (seen, total, complete) = first.unwrap();
    assert!(seen <= 10_000 && total == Some(30_000) && !complete);
    assert_eq!((keyspace.nodes[0].keys, asked(&double, "fwmkeys")), (30_000, 2));
}

#[tokio::test]
async fn few_keys_are_asked_for_once() {
    let double = Double::start("table", 1, 8).await;
    double.put("row:1", "name\0alice");
    let keyspace = walk(&double).await;
    assert_eq!(asked(&double, "fwmkeys"), 1);
    assert_eq!(keyspace.nodes[0].types[KeyType::Hash as usize], 1);
}

#[tokio::test]
async fn what_a_mask_refuses_is_withheld() {
    let double = Double::start("B+ tree", 1, 8).await;
    double.put("a", "b");
    double.state().is_masked = true;
    let keyspace = walk(&double).await;
    assert_eq!(keyspace.withheld[0].part, Part::Keys);
    assert!(!keyspace.complete);
}
