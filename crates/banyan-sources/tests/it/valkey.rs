//! A second server of the same protocol: a Valkey, where one is installed or `BANYAN_VALKEY` names
//! one. All other tests can be tried with it by `BANYAN_REDIS`.

use std::{path::Path, sync::Arc, time::Duration};

use banyan_sources::{
    Deadlines, Link, ObserveOptions, WalkOptions,
    doctor::{Verdict, examine},
    keys, observe, snapshot,
};
use banyan_topology::{Role, ServerKind};

use crate::server::{Plain, named, valkey};

#[tokio::test]
async fn a_valkey_is_told_like_a_redis() {
    let folder = tempfile::tempdir_in(Path::new(env!("CARGO_TARGET_TMPDIR"))).unwrap();
    let Some(server) = valkey(folder.path(), &[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&(0..500).map(|n| format!("SET user:{n} x")).collect::<Vec<_>>());
    client.say("SET lock:order:7 token-of-a-worker PX 90000 NX");
    client.say("XADD events 1-1 a b");
    client.read();
    assert_eq!(client.say("XGROUP CREATE events workers 0"), "+OK");
    let link = Arc::new(Link::new(server.target.clone()));

    let options = WalkOptions {
        budget: 1.0,
        tracking: Some(Duration::from_millis(1)),
        ..WalkOptions::default()
    };
    let walked = keys(&link, options, |_| {}).await.unwrap();
    assert_eq!((walked.nodes[0].keys, walked.complete), (502, true));
    assert_eq!(walked.withheld, []);
    assert!(walked.tracking.is_some());
    let [lock] = &walked.locks[..] else { panic!("{:?}", walked.locks) };
    // It lets a viewer read without a trace.
    assert_eq!(lock.holder.as_deref(), Some("token-of-a-worker"));
    assert!(walked.nodes.iter().any(|row| row.role == Some(Role::Lock)));

    let mut worker = Plain::open(server.port);
    worker.say("CLIENT SETNAME worker");
    let window = tokio::spawn({
        let link = Arc::clone(&link);
        let duration = Duration::from_secs(3);
        async move { observe(&link, &ObserveOptions { duration, ..Default::default() }).await }
    });
    while !window.is_finished() {
        worker.say("SET user:1 y");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert!(window.await.unwrap().unwrap().commands > 0);

    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert_eq!(topology.server.kind, ServerKind::Valkey);
    client.send("INFO server");
    let version = loop {
        if let Some(version) = client.read().strip_prefix("valkey_version:") {
            break version.to_owned();
        }
    };
    // Not that of the Redis that it is compatible with.
    assert_eq!(topology.server.version, version);
    assert_eq!(topology.withheld, []);
    let worker = named(&topology, "worker").unwrap();
    let touches = &topology.workload.touches;
    assert!(touches.iter().any(|touch| touch.client == worker.id && touch.prefix == "user:"));
    let [events] = &topology.workload.streams[..] else { panic!("{:?}", topology.workload) };
    assert_eq!((events.entries, events.groups.len()), (1, 1));

    let examined = examine(&link, Deadlines::default()).await.unwrap();
    assert!(
        !examined.checks.iter().any(|check| matches!(check.verdict, Verdict::Needs(_))),
        "{:?}",
        examined.checks
    );
}
