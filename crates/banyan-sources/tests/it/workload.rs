use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use banyan_sources::{
    Deadlines, Link, WalkOptions,
    demo::{NotStarted, run_memcached_workload, run_redis_workload, start_memcached},
    keys, snapshot,
};
use banyan_topology::{ClientState, ServerKind};
use tokio_util::sync::CancellationToken;

use crate::server::{Watch, named, redis};

#[tokio::test]
async fn the_shop_lives() {
    let Some(server) = redis(&[]).await else { return };
    let begin = Instant::now();
    let shutdown = CancellationToken::new();
    let shop = tokio::spawn(run_redis_workload(server.port, 7, shutdown.clone()));
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let has = |t: &banyan_topology::Topology, state| t.clients.values().any(|c| c.state == state);
    let topology = watch
        .until(|t| {
            t.clients.len() >= 38
                && t.server.databases.len() == 3
                && [
                    ClientState::Blocked,
                    ClientState::Subscriber,
                    ClientState::InMulti,
                    ClientState::Idle,
                ]
                .iter()
                .all(|state| has(t, *state))
        })
        .await;
    assert_eq!(named(&topology, "billing-worker").unwrap().command, "brpop");
    assert_eq!(named(&topology, "analytics").unwrap().db, Some(2));

    // The impatient client comes back with another id.
    let id = named(&topology, "legacy-report").unwrap().id;
    watch.until(|t| named(t, "legacy-report").is_some_and(|client| client.id > id)).await;

    // Each actor comes to its turn, at a pace of its own.
    loop {
        let options = WalkOptions { budget: 1.0, ..WalkOptions::default() };
        let keyspace = keys(&link, options, |_| {}).await.unwrap();
        let root = &keyspace.nodes[0];
        if root.keys > 2000 && root.types.iter().take(6).all(|count| *count > 0) {
            break;
        }
        assert!(begin.elapsed() < Duration::from_secs(120), "{root:?}");
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
    shutdown.cancel();
    shop.await.unwrap();
    watch.until(|t| t.clients.len() == 1).await;
}

#[tokio::test]
async fn memcached_too() {
    let server = match start_memcached().await {
        Ok(server) => server,
        Err(NotStarted::NotInstalled { program }) => return println!("skipped: no {program}"),
        Err(error) => panic!("{error}"),
    };
    let shutdown = CancellationToken::new();
    let workload = tokio::spawn(run_memcached_workload(server.port, 7, shutdown.clone()));
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let topology =
        watch.until(|t| t.clients.len() == 13 && t.server.databases.get(&0) > Some(&5)).await;
    assert_eq!(topology.server.kind, ServerKind::Memcached);
    assert_eq!(topology.clients.values().filter(|client| client.own).count(), 1);
    shutdown.cancel();
    workload.await.unwrap();
    watch.until(|t| t.clients.len() == 1).await;
    watch.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(snapshot(&link, Deadlines::default()).await.is_ok());
}
