//! Against a double of Tokyo Tyrant, and the double against a real one.

mod double;
mod keys;
mod replication;
mod transcripts;

use std::{sync::Arc, time::Duration};

use banyan_sources::{Deadlines, Link, snapshot};
use banyan_topology::{FaultKind, Part, ServerKind};
use tokio::{io::AsyncWriteExt, net::TcpStream};

use self::double::Double;
use crate::server::Watch;

#[tokio::test]
async fn facts() {
    let double = Double::start("on-memory hash", 1, 8).await;
    double.put("user:1", "alice");
    double.put("user:2", "bob");
    let link = Arc::new(Link::new(double.target()));
    let mut watch = Watch::quick(&link);
    let first = watch.until(|_| true).await;
    assert_eq!(first.server.kind, ServerKind::TokyoTyrant);
    assert_eq!(first.server.version, "1.1.41");
    assert_eq!(first.server.databases.get(&0), Some(&2));
    assert_eq!(first.sections["stat"]["type"], "on-memory hash");
    // It tells no connections. The kernel does, to those who may ask it.
    let withheld = first.withheld.iter().find(|withheld| withheld.part == Part::Clients);
    match withheld {
        Some(withheld) => {
            assert!(withheld.reason.contains("tells no connections"));
            assert_eq!(first.server.connected_clients, None);
        }
        None => {
            assert_eq!(first.server.connected_clients, Some(first.clients.len() as u64));
            assert!(first.clients.values().any(|client| client.own), "{:?}", first.clients);
        }
    }
    let replication = first.replication.unwrap();
    assert!(replication.is_master && first.fleet.is_none());

    watch.until(|topology| topology.server.ops_per_sec == Some(0)).await;
    for n in 0..100 {
        double.put(&format!("user:{n}"), "x");
    }
    let busy = watch.until(|topology| topology.server.ops_per_sec > Some(0)).await;
    assert_eq!(busy.server.run_id, first.server.run_id);
    assert!(double.state().counts.keys().all(|name| ["put", "stat"].contains(name)));
}

#[tokio::test]
async fn held_workers_are_told_as_such() {
    let double = Double::start("B+ tree", 1, 2).await;
    let look = async || {
        let deadlines = Deadlines { command: Duration::from_millis(300), ..Deadlines::default() };
        snapshot(&Link::new(double.target()), deadlines).await
    };
    assert!(look().await.is_ok());
    // A replica's stream, and half a request: one worker each.
    let mut replica = TcpStream::connect(("127.0.0.1", double.port)).await.unwrap();
    replica.write_all(b"\xc8\xa0").await.unwrap();
    assert!(look().await.is_ok());
    let mut half = TcpStream::connect(("127.0.0.1", double.port)).await.unwrap();
    half.write_all(b"\xc8\x30\0\0\0\x0ause").await.unwrap();
    let mut looked = look().await;
    // The server may not have begun with the half request.
    for _ in 0..20 {
        if looked.is_err() {
            break;
        }
        looked = look().await;
    }
    let fault = looked.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Timeout);
    assert!(fault.detail.contains("workers held"), "{fault}");
    drop(half);
    let patient = snapshot(&Link::new(double.target()), Deadlines::default()).await;
    assert!(patient.is_ok(), "{patient:?}");

    // Two deadlines, one after the other.
    let deadlines = Deadlines::default();
    assert!(deadlines.connect + deadlines.command <= Duration::from_secs(8));
}
