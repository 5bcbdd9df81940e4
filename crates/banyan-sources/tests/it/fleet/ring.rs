use std::{path::Path, sync::Arc};

use banyan_sources::{
    KeyspaceEvent, Link, Target, WalkOptions,
    demo::{NotStarted, PrivateServer, start_memcached},
    fleet::Ring,
    keys, watch_keyspace,
};
use banyan_topology::{FleetKind, Keyspace, Reach, Subject, Topology};
use tokio::sync::{Notify, mpsc};
use tokio_util::sync::CancellationToken;

use super::fleet;
use crate::server::{Plain, Watch, redis, redis_at};

async fn memcached() -> Option<PrivateServer> {
    match start_memcached().await {
        Ok(server) => Some(server),
        Err(NotStarted::NotInstalled { program }) => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{error} {:?}", Path::new(".")),
    }
}

#[tokio::test]
async fn three_memcached_behind_a_ring() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let Some(server) = memcached().await else { return };
        servers.push(server);
    }
    let mut targets: Vec<Target> = servers.iter().map(|server| server.target.clone()).collect();
    targets[2].weight = Some(2);
    let mut link = Link::new(targets[0].clone());
    link.ring.clone_from(&targets);
    let link = Arc::new(link);

    // Keys go where a client's ring says.
    let ring = Ring::of(&targets);
    let mut kept = [0_u64; 3];
    let mut clients: Vec<_> =
        servers.iter().map(|server| crate::server::Plain::open(server.port)).collect();
    for number in 0..3000 {
        let key = format!("user:{number}");
        let server = ring.server_of(key.as_bytes()).unwrap();
        kept[server] += 1;
        assert_eq!(clients[server].say(&format!("set {key} 0 0 1\r\nx")), "STORED");
    }

    let mut watch = Watch::quick(&link);
    let topology = watch
        .until(|t| {
            t.fleet.as_ref().is_some_and(|f| f.nodes.iter().all(|n| n.reach == Reach::Polled))
        })
        .await;
    let fleet_now = fleet(&topology);
    assert_eq!((fleet_now.kind, fleet_now.nodes.len()), (FleetKind::Ring, 3));
    let shares: Vec<u32> = fleet_now.nodes.iter().map(|node| node.share_ppm.unwrap()).collect();
    assert_eq!(shares.iter().sum::<u32>(), 1_000_000);
    for (share, kept) in shares.iter().zip(kept) {
        let expected = f64::from(*share) * 3000.0 / 1e6;
        assert!((expected - kept as f64).abs() < 120.0, "{shares:?} {kept}");
    }
    assert!(shares[2] > shares[0] && shares[2] > shares[1], "{shares:?}");
    for (index, server) in servers.iter().enumerate() {
        assert_eq!(fleet_now.nodes[index].addr, format!("127.0.0.1:{}", server.port));
    }
    // The same connection numbers on all three are three connections.
    assert!(topology.clients.len() >= 6, "{}", topology.clients.len());

    // Without the first, the others are there still.
    servers[0].kill().await;
    let topology = watch.until(|t| matches!(fleet(t).nodes[0].reach, Reach::Failed(_))).await;
    assert_eq!(fleet(&topology).nodes[1].reach, Reach::Polled);
    watch.shutdown.cancel();
}

/// The link of a ring of these servers.
fn ring_of(servers: &[PrivateServer]) -> Link {
    let mut link = Link::new(servers[0].target.clone());
    link.ring = servers.iter().map(|server| server.target.clone()).collect();
    link
}

fn full_speed() -> WalkOptions {
    WalkOptions { budget: 1.0, ..WalkOptions::default() }
}

/// What the ring has without its last server.
fn check_last_is_missing(keyspace: &Keyspace, link: &Link, kept: &[u64]) {
    let (last, others) = kept.split_last().unwrap();
    let all: u64 = others.iter().sum();
    assert!(*last > 0 && keyspace.complete, "{kept:?}");
    assert_eq!((keyspace.nodes[0].keys, keyspace.total), (all, Some(all)));
    let shares = Ring::of(&link.ring).shares_ppm();
    let [missing] = keyspace.missing.as_slice() else { panic!("{:?}", keyspace.missing) };
    assert_eq!(missing.addr, link.ring.last().unwrap().endpoint.to_string());
    assert_eq!(missing.share_ppm, *shares.last().unwrap());
    assert_eq!(keyspace.present_ppm(), 1_000_000 - missing.share_ppm);
    assert!(!missing.reason.is_empty());
}

/// Sets so many keys where a client's ring says; returns how many each server has.
fn fill(servers: &[PrivateServer], count: usize, line: impl Fn(&str) -> String) -> Vec<u64> {
    let targets: Vec<Target> = servers.iter().map(|server| server.target.clone()).collect();
    let ring = Ring::of(&targets);
    let mut clients: Vec<_> = servers.iter().map(|server| Plain::open(server.port)).collect();
    let mut kept = vec![0; servers.len()];
    for number in 0..count {
        let key = format!("user:{number}");
        let at = ring.server_of(key.as_bytes()).unwrap();
        kept[at] += 1;
        let reply = clients[at].say(&line(&key));
        assert!(reply == "+OK" || reply == "STORED", "{reply}");
    }
    kept
}

#[tokio::test]
async fn a_ring_without_one_memcached_has_the_keys_of_the_others() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let Some(server) = memcached().await else { return };
        servers.push(server);
    }
    let link = ring_of(&servers);
    let kept = fill(&servers, 600, |key| format!("set {key} 0 0 1\r\nx"));
    let whole = keys(&link, full_speed(), |_| {}).await.unwrap();
    assert_eq!(
        (whole.nodes[0].keys, whole.total, whole.present_ppm()),
        (600, Some(600), 1_000_000)
    );
    servers[2].kill().await;
    let keyspace = keys(&link, full_speed(), |_| {}).await.unwrap();
    check_last_is_missing(&keyspace, &link, &kept);
    for server in &mut servers[..2] {
        server.kill().await;
    }
    assert!(keys(&link, full_speed(), |_| {}).await.is_err(), "of nobody there is nothing");
}

#[tokio::test]
async fn a_server_of_a_ring_goes_and_comes_back() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let Some(server) = redis(&[]).await else { return };
        servers.push(server);
    }
    let link = Arc::new(ring_of(&servers));
    let kept = fill(&servers, 300, |key| format!("SET {key} x"));
    let port = servers[2].port;
    servers[2].kill().await;
    let (sender, mut pictures) = mpsc::unbounded_channel();
    let stop = CancellationToken::new();
    let _guard = stop.clone().drop_guard();
    let of_task = Arc::clone(&link);
    tokio::spawn(async move {
        watch_keyspace(&of_task, full_speed(), &Notify::new(), stop, |event| {
            if let KeyspaceEvent::Keyspace(keyspace) = event {
                let _ = sender.send(*keyspace);
            }
        })
        .await;
    });
    let mut next = async || -> Keyspace {
        let next = tokio::time::timeout(std::time::Duration::from_secs(30), pictures.recv());
        next.await.expect("a picture in time").unwrap()
    };
    let first = loop {
        let keyspace = next().await;
        if keyspace.complete {
            break keyspace;
        }
    };
    check_last_is_missing(&first, &link, &kept);
    // It comes back with other keys, and is walked without anybody asking.
    let Some(back) = redis_at(Some(port), &[]).await else { return };
    Plain::open(back.port).say("SET new:1 x");
    let whole = loop {
        let keyspace = next().await;
        if keyspace.missing.is_empty() {
            break keyspace;
        }
    };
    assert_eq!(whole.nodes[0].keys, kept[0] + kept[1] + 1);
}

#[tokio::test]
async fn slab_classes_of_each_memcached_are_judged() {
    let mut servers = Vec::new();
    for _ in 0..2 {
        let Some(server) = memcached().await else { return };
        servers.push(server);
    }
    let link = Arc::new(ring_of(&servers));
    let mut watch = Watch::quick(&link);
    // More than the second has room for, and as much again once its classes were looked at.
    let mut client = Plain::open(servers[1].port);
    let value = "x".repeat(100_000);
    let mut fill = || {
        for number in 0..900 {
            let reply = client.say(&format!("set big:{number} 0 0 {}\r\n{value}", value.len()));
            assert_eq!(reply, "STORED");
        }
    };
    fill();
    let of_second = format!("127.0.0.1:{} items", servers[1].port);
    let is_evicting = |t: &Topology| {
        let facts = t.sections.get(&of_second).into_iter().flatten();
        facts.into_iter().any(|(name, count)| name.ends_with(":evicted") && count != "0")
    };
    let mut observer = banyan_topology::Observer::new();
    observer.look(&watch.until(is_evicting).await, None);
    fill();
    let mut findings = Vec::new();
    watch
        .until(|t| {
            findings = observer.look(t, None);
            findings.iter().any(|it| matches!(it.subject, Subject::NodeSlabClass { node: 1, .. }))
        })
        .await;
    let is_of_first = |subject: &Subject| matches!(subject, Subject::NodeSlabClass { node: 0, .. });
    assert!(!findings.iter().any(|it| is_of_first(&it.subject)), "{findings:?}");
    watch.shutdown.cancel();
}
