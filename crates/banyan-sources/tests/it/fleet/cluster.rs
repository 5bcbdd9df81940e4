use std::{process::Command, sync::Arc, time::Duration};

use banyan_sources::{
    Deadlines, Link, PollOptions, WalkOptions,
    demo::PrivateServer,
    fleet::{masters, slot_keys},
    keys,
};
use banyan_topology::{FleetKind, NodeRole, Reach, Topology};

use super::{fleet, folder, is_polled_as, node_at};
use crate::server::{Plain, Watch, redis};

/// Three masters and a replica of each.
async fn cluster(folder: &std::path::Path) -> Option<Vec<PrivateServer>> {
    let mut servers: Vec<PrivateServer> = Vec::new();
    for number in 0..6 {
        let file = folder.join(format!("nodes-{number}.conf"));
        let bus = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let server = redis(&[
            "--cluster-enabled",
            "yes",
            "--cluster-config-file",
            file.to_str().unwrap(),
            "--cluster-node-timeout",
            "1000",
            "--cluster-port",
            &bus.to_string(),
            "--repl-diskless-sync-delay",
            "0",
        ])
        .await?;
        servers.push(server);
    }
    let mut create = Command::new("redis-cli");
    create.args(["--cluster", "create"]);
    create.args(servers.iter().map(|server| format!("127.0.0.1:{}", server.port)));
    create.args(["--cluster-replicas", "1", "--cluster-yes"]);
    let output = match create.output() {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            println!("skipped: redis-cli is not installed");
            return None;
        }
        output => output.unwrap(),
    };
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    Some(servers)
}

fn is_whole(topology: &Topology) -> bool {
    topology.fleet.as_ref().is_some_and(|fleet| {
        let polled = fleet.nodes.iter().filter(|node| node.reach == Reach::Polled);
        let of_role = |role| fleet.nodes.iter().filter(move |node| node.role == role).count();
        polled.count() == 6
            && of_role(NodeRole::Master) == 3
            && of_role(NodeRole::Replica) == 3
            && fleet.uncovered.is_empty()
            && fleet.nodes.iter().all(|node| node.bus_links == Some(5))
    })
}

#[tokio::test]
async fn a_cluster_is_seen_from_one_seed() {
    let folder = folder();
    let Some(mut servers) = cluster(folder.path()).await else { return };
    let link = Arc::new(Link::new(servers[0].target.clone()));
    let mut watch = Watch::quick(&link);
    watch.until(is_whole).await;

    // Each key is taken by the one master that has its slot, once a new cluster takes any.
    let mut clients: Vec<Plain> = servers[..3].iter().map(|s| Plain::open(s.port)).collect();
    for number in 0..30 {
        let mut is_taken =
            || clients.iter_mut().any(|c| c.say(&format!("SET k{number} x")) == "+OK");
        while !is_taken() {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
    let topology = watch.until(|t| is_whole(t) && fleet(t).total.keys == Some(30)).await;
    let whole = fleet(&topology);
    assert_eq!(whole.kind, FleetKind::Cluster);
    let slots: u32 = whole
        .nodes
        .iter()
        .filter(|node| node.role == NodeRole::Master)
        .flat_map(|node| &node.slots)
        .map(|(first, last)| u32::from(last - first) + 1)
        .sum();
    assert_eq!(slots, 16384);
    for node in &whole.nodes {
        assert_eq!((node.id.len(), node.master.is_some()), (40, node.role == NodeRole::Replica));
        assert!(node.state == "online", "{node:?}");
    }

    let found = masters(&link, Deadlines::default()).await.unwrap();
    let mut ports: Vec<String> =
        found.links.iter().map(|link| link.target.endpoint.to_string()).collect();
    ports.sort();
    let mut expected: Vec<String> =
        servers[..3].iter().map(|server| format!("127.0.0.1:{}", server.port)).collect();
    expected.sort();
    assert_eq!((ports, found.withheld), (expected, vec![]));

    let walked = keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    assert_eq!((walked.complete, walked.total, walked.nodes[0].keys), (true, Some(30), 30));
    assert_eq!(walked.withheld, []);

    let quick = PollOptions { budget: 1.0, ..PollOptions::default() };
    let counts = slot_keys(&link, quick).await.unwrap();
    assert_eq!(counts.values().sum::<u64>(), 30);
    // CLUSTER KEYSLOT k0 is the same on every node.
    let reply = clients[0].say("CLUSTER KEYSLOT k0");
    let slot: u16 = reply.trim_start_matches(':').parse().unwrap();
    assert!(counts[&slot] >= 1);

    // A slot on its way from the first to the second.
    let id = |at: usize| node_at(&topology, servers[at].port).unwrap().1.id.clone();
    let say = |at: usize, line: String| assert_eq!(Plain::open(servers[at].port).say(&line), "+OK");
    let slot = node_at(&topology, servers[0].port).unwrap().1.slots[0].0;
    say(1, format!("CLUSTER SETSLOT {slot} IMPORTING {}", id(0)));
    say(0, format!("CLUSTER SETSLOT {slot} MIGRATING {}", id(1)));
    let moving = watch
        .until(|t| {
            [0, 1].iter().all(|at| !node_at(t, servers[*at].port).unwrap().1.migrations.is_empty())
        })
        .await;
    let migration = |at: usize| {
        let moving_slot = node_at(&moving, servers[at].port).unwrap().1.migrations[0];
        (moving_slot.slot, moving_slot.other.map(usize::from), moving_slot.is_leaving)
    };
    let index = |at: usize| Some(node_at(&moving, servers[at].port).unwrap().0);
    assert_eq!(migration(0), (slot, index(1), true));
    assert_eq!(migration(1), (slot, index(0), false));
    say(0, format!("CLUSTER SETSLOT {slot} STABLE"));
    say(1, format!("CLUSTER SETSLOT {slot} STABLE"));

    // The seed dies, and a replica takes its slots.
    let seed = servers[0].port;
    servers[0].kill().await;
    let after = watch
        .until(|t| {
            let (_, node) = node_at(t, seed).unwrap();
            let masters =
                [3, 4, 5].iter().filter(|at| is_polled_as(t, servers[**at].port, NodeRole::Master));
            matches!(node.reach, Reach::Failed(_))
                && node.state.contains("fail")
                && masters.count() == 1
                && fleet(t).uncovered.is_empty()
        })
        .await;
    let addresses =
        |t: &Topology| fleet(t).nodes.iter().map(|node| node.addr.clone()).collect::<Vec<_>>();
    assert_eq!(addresses(&after), addresses(&topology));
    let found = masters(&link, Deadlines::default()).await.unwrap();
    assert_eq!((found.links.len(), found.withheld), (3, vec![]), "others know as well");
    watch.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(50)).await;
}

#[tokio::test]
async fn a_cluster_of_one_leaves_slots_uncovered() {
    let folder = folder();
    let file = folder.path().join("nodes.conf");
    let file = file.to_str().unwrap();
    let bus = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let bus = bus.to_string();
    let more = ["--cluster-enabled", "yes", "--cluster-config-file", file, "--cluster-port", &bus];
    let Some(server) = redis(&more).await else { return };
    let mut client = Plain::open(server.port);
    assert_eq!(client.say("CLUSTER ADDSLOTSRANGE 0 99 200 16383"), "+OK");
    let link = Link::new(server.target.clone());
    let topology = banyan_sources::snapshot(&link, Deadlines::default()).await.unwrap();
    assert_eq!(fleet(&topology).uncovered, [(100, 199)]);
    assert_eq!(fleet(&topology).nodes[0].slots, [(0, 99), (200, 16383)]);
    let found = masters(&link, Deadlines::default()).await.unwrap();
    assert_eq!(found.withheld[0].reason, "nobody serves the slots 100-199");
}
