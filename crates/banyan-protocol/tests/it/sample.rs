//! One message of each kind, with different values in neighbouring fields.

use crate::parts::Parts;
use banyan_protocol::{FromBrowser, TargetId, TargetInfo, ToBrowser, Watch, WatchKind};
use banyan_topology::{
    Client, ClientState, Cost, Delta, Estimate, Evidence, Fault, FaultKind, Health, KeyEntry,
    Keyspace, KeyspaceDelta, Lock, LockQuorum, MissingServer, Part, PrefixNode, ReplicaFacts,
    Replication, Role, ServerFacts, ServerKind, Thread, Topology, Tracking, Withheld,
};

fn target() -> TargetId {
    TargetId("t".into())
}

pub(crate) fn from_browser() -> Vec<FromBrowser> {
    let watch =
        |kind, delimiter: &str| Watch { target: target(), kind, delimiter: delimiter.into() };
    vec![
        FromBrowser::Hello { version: 1 },
        FromBrowser::Watch(watch(WatchKind::Connections, "")),
        FromBrowser::Watch(watch(WatchKind::Keyspace, ":")),
        FromBrowser::Unwatch { target: target(), kind: WatchKind::Keyspace },
        FromBrowser::Ping { visible: true },
        FromBrowser::Rescan { target: target() },
        FromBrowser::Observe { target: target(), millis: 2_000 },
    ]
}

pub(crate) fn to_browser() -> Vec<ToBrowser> {
    let info = |id: &str, kind, demo| TargetInfo {
        id: TargetId(id.into()),
        kind,
        address: "redis://h:1".into(),
        demo,
    };
    let targets = vec![
        info("a", ServerKind::Redis, false),
        info("b", ServerKind::Valkey, true),
        info("c", ServerKind::Memcached, true),
        info("d", ServerKind::TokyoTyrant, false),
    ];
    let fault = |kind| Health::Down {
        fault: Fault { kind, detail: "no".into() },
        since_millis: Some(5),
        retry_in_millis: 300,
    };
    let health = |health| ToBrowser::Health { target: target(), health };
    let delta = Box::new(Delta::between(&topology(1, &[1, 2]), &topology(2, &[2, 3])));
    // With a fleet, sockets, work and findings; what changes of them travels as well.
    let complete = |first, topology: Topology| {
        let mut topology = topology;
        Parts { number: first, text: "p".into() }.complete(&mut topology);
        topology
    };
    let whole = complete(100, topology(1, &[1]));
    let later = complete(101, topology(2, &[1]));
    let news = Box::new(Delta::between(&whole, &later));
    vec![
        ToBrowser::Hello { version: 1, bridge: "0.1.0".into(), targets },
        ToBrowser::WrongVersion { version: 2 },
        health(Health::Connecting),
        health(Health::Live { at_millis: 1_700_000_000_000 }),
        health(fault(FaultKind::Refused)),
        health(fault(FaultKind::Other)),
        ToBrowser::Topology { target: target(), topology: Box::new(topology(1, &[1])) },
        ToBrowser::Delta { target: target(), delta },
        ToBrowser::Topology { target: target(), topology: Box::new(whole) },
        ToBrowser::Delta { target: target(), delta: news },
        ToBrowser::Keyspace { target: target(), number: 70, keyspace: Box::new(keyspace()) },
        ToBrowser::Pong,
        ToBrowser::Refused { target: target() },
        ToBrowser::KeyspaceDelta { target: target(), number: 71, delta: Box::new(later_keys()) },
    ]
}

fn topology(taken_at_millis: u64, clients: &[u64]) -> Topology {
    Topology {
        taken_at_millis,
        server: ServerFacts {
            kind: ServerKind::Redis,
            version: "7".into(),
            run_id: "r".into(),
            uptime_secs: Some(10),
            used_memory_bytes: Some(11),
            max_memory_bytes: Some(12),
            max_clients: Some(13),
            connected_clients: Some(14),
            blocked_clients: Some(15),
            ops_per_sec: Some(16),
            total_connections: Some(17),
            databases: [(3, 18)].into(),
            ..ServerFacts::default()
        },
        clients: clients.iter().map(|&id| (id, client(id, taken_at_millis))).collect(),
        threads: Some(vec![Thread {
            id: 19,
            name: "io".into(),
            clients: vec![1, 2],
            ..Thread::default()
        }]),
        replication: Some(Replication {
            is_master: true,
            master: Some("m".into()),
            link: Some("up".into()),
            offset: Some(20),
            replicas: vec![ReplicaFacts {
                addr: "x".into(),
                state: "online".into(),
                offset: Some(21),
                lag_bytes: Some(22),
                lag_secs: Some(1),
            }],
            ..Replication::default()
        }),
        cost: Cost { commands: 23, micros: 24, ..Cost::default() },
        withheld: vec![Withheld { part: Part::Replication, reason: "n".into() }],
        ..Topology::default()
    }
}

fn client(id: u64, opened_at_millis: u64) -> Client {
    Client {
        id,
        addr: "a".into(),
        name: "n".into(),
        state: ClientState::Blocked,
        db: Some(30),
        opened_at_millis,
        active_at_millis: 31,
        command: "get".into(),
        user: Some("u".into()),
        library: Some("l".into()),
        library_version: Some("v".into()),
        output_bytes: Some(32),
        query_bytes: Some(33),
        memory_bytes: Some(34),
        subscriptions: 35,
        queued_commands: Some(36),
        watched_keys: Some(37),
        protocol: Some(3),
        flags: "b".into(),
        thread: Some(38),
        own: true,
        ..Client::default()
    }
}

fn keyspace() -> Keyspace {
    Keyspace {
        taken_at_millis: 40,
        delimiter: ":".into(),
        seen: 41,
        total: Some(42),
        complete: true,
        completed_at_millis: Some(43),
        nodes: vec![PrefixNode {
            parent: 44,
            name: "p".into(),
            keys: 45,
            bytes: 46,
            with_ttl: 47,
            ttl_secs_sum: 48,
            types: [1, 2, 3, 4, 5, 6, 7],
            is_key: true,
            folded: 49,
            database: Some(50),
            keys_error: 53,
            bytes_error: 54,
            ttls: [8, 9, 10, 11, 12, 13],
            heat: Some(55),
            role: Some(Role::Timeline),
            evidence: vec![Evidence::new("role_name", "feed")],
        }],
        withheld: vec![Withheld { part: Part::KeyBytes, reason: "n".into() }],
        cost: Cost { commands: 51, micros: 52, ..Cost::default() },
        estimate: Some(Estimate { keys: 56, total: 57, clusters: 58 }),
        biggest: vec![entry(59)],
        oldest: vec![entry(60)],
        locks: vec![Lock {
            db: 61,
            key: "l".into(),
            holder: Some("h".into()),
            ttl_millis: Some(62),
            since_millis: 63,
            quorum: Some(LockQuorum { held: 1, servers: 3, is_by_value: true, unreached: 1 }),
        }],
        tracking: Some(Tracking { since_millis: 64, events: 65, missed: 66 }),
        missing: vec![MissingServer { addr: "a".into(), reason: "r".into(), share_ppm: 67 }],
    }
}

/// A row comes, one moves and is different, and so are the lists.
fn later_keys() -> KeyspaceDelta {
    let earlier = keyspace();
    let mut later = keyspace();
    let row = later.nodes.remove(0);
    let root = PrefixNode { name: "r".into(), ..PrefixNode::default() };
    later.nodes = vec![root, PrefixNode { keys: 72, heat: None, ..row }];
    later.taken_at_millis = 73;
    later.oldest = vec![entry(74)];
    KeyspaceDelta::between(&earlier, &later)
}

fn entry(bytes: u64) -> KeyEntry {
    KeyEntry {
        db: 67,
        key: "k".into(),
        key_type: 4,
        bytes,
        ttl_secs: Some(68),
        idle_secs: Some(69),
    }
}
