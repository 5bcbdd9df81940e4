//! Keys of a cluster that has a table for each slot: Redis since 7.4, Valkey since 8.

use std::time::Duration;

use banyan_sources::{Link, WalkOptions, demo::PrivateServer, keys};
use tokio::time::sleep;

use super::folder;
use crate::server::{Plain, valkey};

/// Prefixes, of which the second stands in one slot.
const PREFIXES: [(&str, u64); 3] = [("user", 60_000), ("{hot}", 30_000), ("session", 10_000)];

/// One server that has all slots, if a Valkey that has tables for them is installed.
async fn cluster(folder: &std::path::Path) -> Option<PrivateServer> {
    let file = folder.join("nodes.conf");
    let bus = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let bus = bus.to_string();
    let options = [
        "--cluster-enabled",
        "yes",
        "--cluster-config-file",
        file.to_str().unwrap(),
        "--cluster-port",
        bus.as_str(),
        "--enable-debug-command",
        "yes",
    ];
    let server = valkey(folder, &options).await?;
    let mut client = Plain::open(server.port);
    assert_eq!(client.say("CLUSTER ADDSLOTSRANGE 0 16383"), "+OK");
    while client.say("TYPE x") != "+none" {
        sleep(Duration::from_millis(50)).await;
    }
    for (prefix, keys) in PREFIXES {
        assert_eq!(client.say(&format!("DEBUG POPULATE {keys} {prefix} 20")), "+OK");
    }
    Some(server)
}

#[tokio::test]
async fn slots_are_estimated_by_how_many_keys_they_have() {
    let folder = folder();
    let Some(server) = cluster(folder.path()).await else { return };
    let link = Link::new(server.target.clone());
    let mut pictures = Vec::new();
    let options = WalkOptions {
        budget: 1.0,
        picture_interval: Duration::from_millis(20),
        ..WalkOptions::default()
    };
    let counted = keys(&link, options, |picture| pictures.push(picture)).await.unwrap();
    assert!(counted.complete && counted.estimate.is_none());
    let estimated: Vec<_> = pictures.iter().filter(|it| it.estimate.is_some()).collect();
    let first = estimated.first().expect("an estimate before the walk");
    assert_eq!((first.complete, first.total), (false, Some(100_000)));
    assert!(first.estimate.is_some_and(|estimate| estimate.clusters > 500));
    for picture in estimated {
        for (prefix, keys) in PREFIXES {
            let row = picture.nodes.iter().find(|row| row.parent == 0 && row.name == prefix);
            let row = row.unwrap_or_else(|| panic!("no {prefix} in {:?}", picture.nodes));
            // The rest of the walk, which meets slot by slot, does not disturb it.
            assert!((1..5_000).contains(&row.keys_error), "{row:?}");
            assert!(row.keys.abs_diff(keys) <= 2 * row.keys_error, "{keys}: {row:?}");
        }
    }
    for (prefix, keys) in PREFIXES {
        let row = counted.nodes.iter().find(|row| row.parent == 0 && row.name == prefix);
        assert_eq!(row.map(|row| (row.keys, row.keys_error)), Some((keys, 0)));
    }
}
