//! The keys of a real memcached.

use std::{io::Write as _, net::TcpStream, time::Duration};

use banyan_sources::{Deadlines, Link, WalkOptions, keys, memcached::items};
use banyan_topology::{Keyspace, Part, PrefixNode};

use crate::{
    memcached::{memcached, store},
    server::Plain,
};

/// The row of a prefix at the top.
fn row<'a>(keyspace: &'a Keyspace, name: &str) -> &'a PrefixNode {
    let mut rows = keyspace.nodes.iter().skip(1);
    rows.find(|row| row.parent == 0 && row.name == name).unwrap()
}

/// Stores many items without waiting for an answer to each.
fn fill(port: u16, items: impl Iterator<Item = String>) {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).unwrap();
    let mut count = 0;
    let mut bytes = String::new();
    for key in items {
        bytes += &format!("set {key} 0 600 5 noreply\r\nvalue\r\n");
        count += 1;
        if count % 1000 == 0 {
            stream.write_all(bytes.as_bytes()).unwrap();
            bytes.clear();
        }
    }
    stream.write_all(bytes.as_bytes()).unwrap();
    // The answer comes after all of them.
    let mut client = Plain::over(stream);
    assert!(client.say("version").starts_with("VERSION"));
}

#[tokio::test]
async fn a_hundred_thousand_items_are_counted_exactly() {
    let Some(server) = memcached(&[]).await else { return };
    let names = ["user", "page", "price", "cart"];
    fill(server.port, (0..100_000).map(|n| format!("{}:{}", names[n % 4], n / 4)));
    let mut client = Plain::open(server.port);
    store(&mut client, "stays", 0, "x");
    let link = Link::new(server.target.clone());
    let mut pictures = 0;
    let options = WalkOptions { picture_interval: Duration::ZERO, ..WalkOptions::default() };
    let keyspace = keys(&link, options, |picture| {
        assert!(!picture.complete);
        assert_eq!(picture.total, Some(100_001));
        pictures += 1;
    })
    .await
    .unwrap();
    assert!(pictures > 0);
    let root = &keyspace.nodes[0];
    assert!(keyspace.complete);
    assert_eq!((root.keys, keyspace.seen, keyspace.total), (100_001, 100_001, Some(100_001)));
    assert_eq!((root.with_ttl, root.types[0]), (100_000, 100_001));
    assert!((590..=600).contains(&(root.ttl_secs_sum / 100_000)));
    assert!(root.bytes > 100_000 * 50);
    assert_eq!(row(&keyspace, "cart").keys, 25_000);
    assert_eq!(keyspace.withheld, []);
    assert!(link.meter.cost().commands < 20, "a stream, rather than questions for each");
}

#[tokio::test]
async fn an_empty_server_has_no_keys() {
    let Some(server) = memcached(&[]).await else { return };
    let keyspace = keys(&Link::new(server.target.clone()), WalkOptions::default(), |_| {}).await;
    let keyspace = keyspace.unwrap();
    assert_eq!((keyspace.nodes.len(), keyspace.complete), (1, true));
}

#[tokio::test]
async fn hostile_keys_are_told_as_they_are() {
    let Some(server) = memcached(&[]).await else { return };
    let hostile = ["a\tb", "\x1b[31mred", "\u{202e}txt.exe", "<img/src=x>", "%41", "贾府:宝玉"];
    for key in hostile {
        store(&mut Plain::open(server.port), key, 0, "x");
    }
    let keyspace = keys(&Link::new(server.target.clone()), WalkOptions::default(), |_| {}).await;
    let keyspace = keyspace.unwrap();
    assert_eq!(keyspace.nodes[0].keys, hostile.len() as u64);
    let shown = ["a\\x09b", "\\x1b[31mred", "\\xe2\\x80\\xaetxt.exe", "<img/src=x>", "%41", "贾府"];
    for name in shown {
        assert_eq!(row(&keyspace, name).keys, 1, "{name}");
    }
}

#[tokio::test]
async fn keys_that_the_server_keeps_to_itself_are_withheld() {
    for (more, reason) in [(&["-X"][..], "not allowed"), (&["-o", "no_lru_crawler"], "disabled")] {
        let Some(server) = memcached(more).await else { return };
        let link = Link::new(server.target.clone());
        let keyspace = keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
        assert!(!keyspace.complete);
        let withheld = &keyspace.withheld[0];
        assert_eq!(withheld.part, Part::Keys);
        assert!(withheld.reason.contains(reason), "{}", withheld.reason);
    }
}

#[tokio::test]
async fn a_dump_waits_for_the_one_before_it() {
    let Some(server) = memcached(&[]).await else { return };
    fill(server.port, (0..50_000).map(|n| format!("{}:{n}", "k".repeat(150))));
    // Another who dumps and does not read on for a while holds the crawler.
    let mut other = Plain::open(server.port);
    assert!(other.say("lru_crawler metadump all").starts_with("key="));
    let link = Link::new(server.target.clone());
    let walk = tokio::spawn(async move { keys(&link, WalkOptions::default(), |_| {}).await });
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(!walk.is_finished());
    drop(other);
    assert_eq!(walk.await.unwrap().unwrap().nodes[0].keys, 50_000);
}

#[tokio::test]
async fn a_dump_changes_nothing_and_uses_no_item() {
    let Some(server) = memcached(&[]).await else { return };
    let mut client = Plain::open(server.port);
    store(&mut client, "a:1", 0, "x");
    tokio::time::sleep(Duration::from_millis(2500)).await;
    keys(&Link::new(server.target.clone()), WalkOptions::default(), |_| {}).await.unwrap();
    let facts = client.say("me a:1");
    let idle_secs = facts.split(' ').find_map(|fact| fact.strip_prefix("la="));
    assert!(idle_secs.unwrap().parse::<u32>().unwrap() >= 2, "{facts}");
    assert!(facts.contains("fetch=no"), "{facts}");
}

#[tokio::test]
async fn items_are_known_by_age_and_by_name() {
    let Some(server) = memcached(&[]).await else { return };
    let mut client = Plain::open(server.port);
    store(&mut client, "old", 600, "x");
    tokio::time::sleep(Duration::from_millis(2500)).await;
    store(&mut client, "a\tb", 0, "xyz");
    let link = Link::new(server.target.clone());
    let keyspace = keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    let oldest = &keyspace.oldest[0];
    assert_eq!((oldest.key.as_str(), oldest.ttl_secs.is_some()), ("old", true));
    assert!(oldest.idle_secs >= Some(2), "{oldest:?}");

    let keys: Vec<Vec<u8>> = ["old", "a\tb", "nothing", "a b\r\nflush_all", ""]
        .map(|key| key.as_bytes().to_vec())
        .into();
    let items = items(&link, &keys, Deadlines::default()).await.unwrap();
    let known: Vec<bool> = items.iter().map(Option::is_some).collect();
    assert_eq!(known, [true, true, false, false, false]);
    let old = items[0].as_ref().unwrap();
    assert!((590..=600).contains(&old.ttl_secs.unwrap()), "{old:?}");
    assert!(old.idle_secs >= Some(2), "{old:?}");
    let other = items[1].as_ref().unwrap();
    assert_eq!((other.key.as_str(), other.ttl_secs), ("a\\x09b", None));
    assert!(other.bytes > 50);
}
