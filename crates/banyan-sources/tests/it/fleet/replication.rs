use std::{sync::Arc, time::Duration};

use banyan_sources::{Deadlines, Link, PollOptions, demo::PrivateServer, snapshot};
use banyan_topology::{ClientState, FleetKind, Health, NodeRole, Reach, Topology, node_of};

use super::{fleet, is_polled_as, node_at, signal};
use crate::server::{Plain, Watch, redis};

/// Master, its replica, and the replica of that.
async fn chain() -> Option<[PrivateServer; 3]> {
    let fast = ["--repl-diskless-sync-delay", "0", "--repl-ping-replica-period", "1"];
    let master = redis(&fast).await?;
    let below = |port: u16| {
        let port = port.to_string();
        async move {
            let more = ["--replicaof", "127.0.0.1", &port];
            redis(&[&fast[..], &more].concat()).await
        }
    };
    let replica = below(master.port).await?;
    let last = below(replica.port).await?;
    Some([master, replica, last])
}

fn is_whole(topology: &Topology, servers: &[PrivateServer; 3]) -> bool {
    let role = |at: usize, role| is_polled_as(topology, servers[at].port, role);
    let is_online = |at: usize| {
        node_at(topology, servers[at].port).is_some_and(|(_, node)| node.state == "online")
    };
    role(0, NodeRole::Master)
        && role(1, NodeRole::Replica)
        && role(2, NodeRole::Replica)
        && is_online(1)
        && is_online(2)
}

#[tokio::test]
async fn a_chain_is_walked_from_any_of_its_servers() {
    let Some(servers) = chain().await else { return };
    Plain::open(servers[0].port).say("SET a 1");
    let mut worker = Plain::open(servers[2].port);
    worker.say("CLIENT SETNAME reader");
    for seed in &servers {
        let link = Arc::new(Link::new(seed.target.clone()));
        let mut watch = Watch::quick(&link);
        let is_copied = |t: &Topology| node_at(t, servers[2].port).unwrap().1.keys == Some(1);
        let topology = watch.until(|t| is_whole(t, &servers) && is_copied(t)).await;
        let fleet = fleet(&topology);
        assert_eq!((fleet.kind, fleet.nodes.len()), (FleetKind::Replication, 3));
        assert_eq!(fleet.nodes[0].addr, format!("127.0.0.1:{}", seed.port));
        let master_of = |at: usize| {
            let (_, node) = node_at(&topology, servers[at].port).unwrap();
            node.master.map(|master| fleet.nodes[usize::from(master)].addr.clone())
        };
        let addr = |at: usize| Some(format!("127.0.0.1:{}", servers[at].port));
        assert_eq!([master_of(0), master_of(1), master_of(2)], [None, addr(0), addr(1)]);
        assert_eq!(fleet.total.keys, Some(1), "copies are not counted");
        let (last, node) = node_at(&topology, servers[2].port).unwrap();
        assert!(node.lag_bytes.is_some() && node.lag_secs == Some(0) && node.offset.is_some());
        assert!(node.cost.unwrap().commands > 0 && node.server.is_some());

        // Each server's connections are there, under its index.
        let reader = topology.clients.values().find(|client| client.name == "reader").unwrap();
        assert_eq!(usize::from(node_of(reader.id)), last);
        let own: Vec<_> = topology.clients.values().filter(|client| client.own).collect();
        assert_eq!(own.len(), 3);
        let links = topology.clients.values().filter(|c| c.state == ClientState::Replica);
        assert_eq!(links.count(), 2);
        watch.shutdown.cancel();
    }
    // What one look finds is the same.
    let link = Link::new(servers[1].target.clone());
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert!(is_whole(&topology, &servers));
}

#[tokio::test]
async fn a_hung_replica_delays_nobody() {
    let Some(servers) = chain().await else { return };
    let link = Arc::new(Link::new(servers[0].target.clone()));
    let options = PollOptions {
        interval: Duration::from_millis(50),
        budget: 1.0,
        deadlines: Deadlines { command: Duration::from_secs(2), ..Deadlines::default() },
        ..PollOptions::default()
    };
    let mut watch = Watch::of(&link, options);
    watch.until(|t| is_whole(t, &servers)).await;
    let hung = servers[1].pid().unwrap();
    signal(hung, "-STOP");
    // While its deadline runs, the others go on: many pictures, each with news of the master.
    let before = watch.until(|_| true).await.taken_at_millis;
    let mut pictures = 0;
    let failed = watch
        .until(|t| {
            pictures += 1;
            matches!(node_at(t, servers[1].port), Some((_, n)) if matches!(n.reach, Reach::Failed(_)))
        })
        .await;
    assert!(pictures > 3, "{pictures}");
    assert!(failed.taken_at_millis > before);
    assert_eq!(node_at(&failed, servers[0].port).unwrap().1.reach, Reach::Polled);
    assert_eq!(node_at(&failed, servers[2].port).unwrap().1.reach, Reach::Polled);
    let (index, _) = node_at(&failed, servers[1].port).unwrap();
    assert!(!failed.clients.keys().any(|id| usize::from(node_of(*id)) == index));
    signal(hung, "-CONT");
    watch.until(|t| is_whole(t, &servers)).await;
    watch.shutdown.cancel();
    // Nothing of it stays behind on any of them.
    for server in &servers {
        while is_watched(server.port) {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

/// Whether a server has a connection of ours.
fn is_watched(port: u16) -> bool {
    let mut client = Plain::open(port);
    client.send("CLIENT LIST");
    let lines = std::iter::from_fn(|| Some(client.read()).filter(|line| !line.is_empty()));
    lines.filter(|line| line.contains(" name=banyan ")).count() > 0
}

#[tokio::test]
async fn the_seed_may_die_and_the_others_are_seen_until_all_are_gone() {
    let Some(mut servers) = chain().await else { return };
    let link = Arc::new(Link::new(servers[0].target.clone()));
    let mut watch = Watch::quick(&link);
    let whole = watch.until(|t| is_whole(t, &servers)).await;
    let index = |t: &Topology, port: u16| node_at(t, port).unwrap().0;
    let [_, one, two] = [0, 1, 2].map(|at| index(&whole, servers[at].port));
    servers[0].kill().await;
    let without = watch
        .until(|t| {
            let [seed, ..] = fleet(t).nodes.as_slice() else { return false };
            matches!(seed.reach, Reach::Failed(_))
                && node_at(t, servers[1].port).is_some_and(|(_, node)| node.state == "down")
        })
        .await;
    assert_eq!(index(&without, servers[1].port), one);
    assert_eq!(index(&without, servers[2].port), two);
    assert_eq!(without.server.run_id, whole.server.run_id);
    servers[1].kill().await;
    servers[2].kill().await;
    let down = watch.until_health(|health| matches!(health, Health::Down { .. })).await;
    assert!(matches!(down, Health::Down { since_millis: Some(_), .. }));
    watch.shutdown.cancel();
}

#[tokio::test]
async fn a_replica_that_its_master_forgot_is_no_master() {
    let Some(mut servers) = chain().await else { return };
    let link = Arc::new(Link::new(servers[0].target.clone()));
    let mut watch = Watch::quick(&link);
    let whole = watch.until(|t| is_whole(t, &servers)).await;
    let (index, before) = node_at(&whole, servers[1].port).unwrap();
    assert_eq!((before.role, before.down_since_millis), (NodeRole::Replica, None));
    servers[1].kill().await;
    let is_forgotten = |t: &Topology| {
        let replicas = fleet(t).nodes[0].replication.as_ref().unwrap().replicas.len();
        let node = node_at(t, servers[1].port).unwrap().1;
        replicas == 0 && matches!(node.reach, Reach::Failed(_))
    };
    let without = watch.until(is_forgotten).await;
    let (now, node) = node_at(&without, servers[1].port).unwrap();
    assert_eq!((now, node.role, node.master), (index, NodeRole::Replica, Some(0)));
    assert!(node.down_since_millis.is_some(), "{node:?}");
    // What copied from it is its replica still, and no copies are counted.
    let last = node_at(&without, servers[2].port).unwrap().1;
    assert_eq!((last.role, last.master.map(usize::from)), (NodeRole::Replica, Some(index)));
    watch.shutdown.cancel();
    // Another watch of the same link remembers.
    let mut again = Watch::quick(&link);
    let topology = again
        .until(|t| {
            node_at(t, servers[1].port).is_some_and(|(_, n)| matches!(n.reach, Reach::Failed(_)))
        })
        .await;
    assert_eq!(node_at(&topology, servers[1].port).unwrap().1.role, NodeRole::Replica);
    again.shutdown.cancel();
}

#[tokio::test]
async fn whom_nobody_names_any_more_gives_its_place_to_another() {
    let Some(mut servers) = chain().await else { return };
    let link = Arc::new(Link::new(servers[0].target.clone()));
    let options = PollOptions {
        interval: Duration::from_millis(50),
        budget: 1.0,
        grace: Duration::from_millis(1500),
        ..PollOptions::default()
    };
    let mut watch = Watch::of(&link, options);
    let whole = watch.until(|t| is_whole(t, &servers)).await;
    let index = node_at(&whole, servers[2].port).unwrap().0;
    servers[2].kill().await;
    watch.until(|t| matches!(node_at(t, servers[2].port).unwrap().1.reach, Reach::Failed(_))).await;
    // Nobody looks for it any more, and it is shown as gone.
    let gone = watch.until(|t| node_at(t, servers[2].port).unwrap().1.reach == Reach::Told).await;
    let (now, node) = node_at(&gone, servers[2].port).unwrap();
    assert_eq!((now, node.role), (index, NodeRole::Replica));
    assert!(node.down_since_millis.is_some(), "{node:?}");
    // The next that comes has its place.
    let port = servers[1].port.to_string();
    let Some(next) = redis(&["--replicaof", "127.0.0.1", &port]).await else { return };
    let topology = watch.until(|t| is_polled_as(t, next.port, NodeRole::Replica)).await;
    assert_eq!(node_at(&topology, next.port).unwrap().0, index);
    assert_eq!(fleet(&topology).nodes.len(), 3);
    assert_eq!(node_at(&topology, next.port).unwrap().1.down_since_millis, None);
    watch.shutdown.cancel();
}

/// What says that it is a replica which listens at this port, and never was.
fn comes_and_goes(master: u16, port: u16) -> Plain {
    let mut client = Plain::open(master);
    assert_eq!(client.say(&format!("REPLCONF listening-port {port}")), "+OK");
    client.send("PSYNC ? -1");
    client
}

#[tokio::test]
async fn after_many_that_came_and_went_the_next_is_polled() {
    let Some(master) = redis(&["--repl-diskless-sync-delay", "0"]).await else { return };
    let link = Arc::new(Link::new(master.target.clone()));
    let mut watch = Watch::quick(&link);
    let failed = |t: &Topology| {
        let nodes = t.fleet.iter().flat_map(|fleet| &fleet.nodes);
        nodes.filter(|node| matches!(node.reach, Reach::Failed(_))).count()
    };
    // More than are polled at once, at ports where nobody listens.
    let passing: Vec<Plain> = (1..=140).map(|port| comes_and_goes(master.port, port)).collect();
    watch.until(|t| failed(t) >= 120).await;
    let port = master.port.to_string();
    let Some(replica) = redis(&["--replicaof", "127.0.0.1", &port]).await else { return };
    let full = watch.until(|t| node_at(t, replica.port).is_some()).await;
    assert_eq!(node_at(&full, replica.port).unwrap().1.reach, Reach::Told, "there is a limit");
    drop(passing);
    let topology = watch.until(|t| is_polled_as(t, replica.port, NodeRole::Replica)).await;
    let roles = fleet(&topology).nodes.iter().skip(1).map(|node| node.role);
    assert!(roles.into_iter().all(|role| role == NodeRole::Replica), "none was promoted");
    watch.shutdown.cancel();
}
