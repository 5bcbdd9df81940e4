//! Any message.

use crate::parts::Parts;
use banyan_protocol::{FromBrowser, TargetId, TargetInfo, ToBrowser, Watch, WatchKind};
use banyan_topology::{
    Client, ClientState, Cost, Delta, Estimate, Evidence, Fault, FaultKind, Health, KeyEntry,
    Keyspace, KeyspaceDelta, Lock, LockQuorum, MissingServer, Part, PrefixNode, ReplicaFacts,
    Replication, Role, ServerFacts, ServerKind, Thread, Topology, Tracking, Withheld,
};
use proptest::{collection::vec, prelude::*, sample::select};

pub(crate) fn from_browser() -> impl Strategy<Value = FromBrowser> {
    let kind = || select(vec![WatchKind::Connections, WatchKind::Keyspace]);
    prop_oneof![
        any::<u16>().prop_map(|version| FromBrowser::Hello { version }),
        (target(), kind(), ".{0,4}").prop_map(|(target, kind, delimiter)| {
            FromBrowser::Watch(Watch { target, kind, delimiter })
        }),
        (target(), kind()).prop_map(|(target, kind)| FromBrowser::Unwatch { target, kind }),
        any::<bool>().prop_map(|visible| FromBrowser::Ping { visible }),
        target().prop_map(|target| FromBrowser::Rescan { target }),
        (target(), any::<u32>())
            .prop_map(|(target, millis)| FromBrowser::Observe { target, millis }),
    ]
}

pub(crate) fn to_browser() -> impl Strategy<Value = ToBrowser> {
    prop_oneof![
        (any::<u16>(), ".*", vec(target_info(), 0..4)).prop_map(|(version, bridge, targets)| {
            ToBrowser::Hello { version, bridge, targets }
        }),
        any::<u16>().prop_map(|version| ToBrowser::WrongVersion { version }),
        (target(), health()).prop_map(|(target, health)| ToBrowser::Health { target, health }),
        (target(), topology()).prop_map(|(target, topology)| {
            ToBrowser::Topology { target, topology: Box::new(topology) }
        }),
        (target(), topology(), topology()).prop_map(|(target, earlier, later)| {
            ToBrowser::Delta { target, delta: Box::new(Delta::between(&earlier, &later)) }
        }),
        (target(), any::<u64>(), keyspace()).prop_map(|(target, number, keyspace)| {
            ToBrowser::Keyspace { target, number, keyspace: Box::new(keyspace) }
        }),
        (target(), any::<u64>(), keyspace(), keyspace()).prop_map(
            |(target, number, earlier, later)| {
                let delta = Box::new(KeyspaceDelta::between(&earlier, &later));
                ToBrowser::KeyspaceDelta { target, number, delta }
            }
        ),
        Just(ToBrowser::Pong),
        target().prop_map(|target| ToBrowser::Refused { target }),
    ]
}

fn target() -> impl Strategy<Value = TargetId> {
    ".{0,12}".prop_map(TargetId)
}

fn target_info() -> impl Strategy<Value = TargetInfo> {
    (target(), server_kind(), ".*", any::<bool>())
        .prop_map(|(id, kind, address, demo)| TargetInfo { id, kind, address, demo })
}

fn server_kind() -> impl Strategy<Value = ServerKind> {
    use ServerKind::{Memcached, Redis, TokyoTyrant, Valkey};
    select(vec![Redis, Valkey, Memcached, TokyoTyrant])
}

fn health() -> impl Strategy<Value = Health> {
    use FaultKind::{
        Forbidden, Loading, Lost, Other, Protocol, Refused, Timeout, Unauthorized, UnknownHost,
    };
    let kinds = vec![
        Refused,
        UnknownHost,
        Timeout,
        Unauthorized,
        Forbidden,
        Lost,
        Loading,
        Protocol,
        Other,
    ];
    prop_oneof![
        Just(Health::Connecting),
        any::<u64>().prop_map(|at_millis| Health::Live { at_millis }),
        (select(kinds), ".*", any::<Option<u64>>(), any::<u64>()).prop_map(
            |(kind, detail, since_millis, retry_in_millis)| Health::Down {
                fault: Fault { kind, detail },
                since_millis,
                retry_in_millis,
            }
        ),
    ]
}

fn withheld() -> impl Strategy<Value = Vec<Withheld>> {
    let parts = vec![
        Part::Clients,
        Part::Server,
        Part::Replication,
        Part::Keys,
        Part::KeyTypes,
        Part::KeyTtls,
        Part::KeyBytes,
    ];
    vec((select(parts), ".*").prop_map(|(part, reason)| Withheld { part, reason }), 0..3)
}

fn client() -> impl Strategy<Value = Client> {
    use ClientState::{
        Active, Blocked, Closing, Idle, InMulti, Master, Monitor, Replica, Subscriber,
    };
    let states =
        vec![Active, Idle, Blocked, Subscriber, Replica, Master, Monitor, InMulti, Closing];
    let texts = (".*", ".*", ".*", ".*");
    let numbers = (any::<Option<u32>>(), any::<u64>(), any::<u64>(), any::<Option<u64>>());
    let rest = (any::<Option<String>>(), any::<Option<u32>>(), any::<Option<u8>>(), any::<bool>());
    // Few numbers, so that two moments have clients in common.
    (0..6_u64, select(states), texts, numbers, rest).prop_map(
        |(id, state, (addr, name, command, flags), (db, opened, active, bytes), rest)| {
            let (text, number, protocol, own) = rest;
            Client {
                id,
                addr,
                name,
                state,
                db,
                opened_at_millis: opened,
                active_at_millis: active,
                command,
                user: text.clone(),
                library: text.clone(),
                library_version: text.clone(),
                output_bytes: bytes,
                query_bytes: bytes,
                memory_bytes: bytes,
                subscriptions: number.unwrap_or_default(),
                queued_commands: number,
                watched_keys: number,
                protocol,
                flags,
                thread: number,
                own,
                ..Client::default()
            }
        },
    )
}

fn server() -> impl Strategy<Value = ServerFacts> {
    let databases = proptest::collection::btree_map(any::<u32>(), any::<u64>(), 0..4);
    (server_kind(), ".*", ".*", any::<Option<u64>>(), databases).prop_map(
        |(kind, version, run_id, number, databases)| ServerFacts {
            kind,
            version,
            run_id,
            uptime_secs: number,
            used_memory_bytes: number,
            max_memory_bytes: None,
            max_clients: number,
            connected_clients: number,
            blocked_clients: None,
            ops_per_sec: number,
            total_connections: number,
            databases,
            ..ServerFacts::default()
        },
    )
}

fn replication() -> impl Strategy<Value = Replication> {
    let replica = (".*", ".*", any::<Option<u64>>()).prop_map(|(addr, state, offset)| {
        ReplicaFacts { addr, state, offset, lag_bytes: offset, lag_secs: offset }
    });
    (any::<bool>(), any::<Option<String>>(), any::<Option<u64>>(), vec(replica, 0..3)).prop_map(
        |(is_master, master, offset, replicas)| Replication {
            is_master,
            link: master.clone(),
            master,
            offset,
            replicas,
            ..Replication::default()
        },
    )
}

/// Every second one with a fleet, sockets, work and findings.
fn topology() -> impl Strategy<Value = Topology> {
    (plain_topology(), any::<Option<u64>>(), ".{0,6}").prop_map(|(mut topology, first, text)| {
        if let Some(number) = first {
            Parts { number, text }.complete(&mut topology);
        }
        topology
    })
}

fn plain_topology() -> impl Strategy<Value = Topology> {
    let thread = (any::<u32>(), ".*", vec(any::<u64>(), 0..4))
        .prop_map(|(id, name, clients)| Thread { id, name, clients, ..Thread::default() });
    (
        any::<u64>(),
        server(),
        vec(client(), 0..5),
        proptest::option::of(vec(thread, 0..3)),
        proptest::option::of(replication()),
        (any::<u64>(), any::<u64>()),
        withheld(),
    )
        .prop_map(
            |(taken_at_millis, server, clients, threads, replication, cost, withheld)| Topology {
                taken_at_millis,
                server,
                clients: clients.into_iter().map(|client| (client.id, client)).collect(),
                threads,
                replication,
                cost: Cost { commands: cost.0, micros: cost.1, ..Cost::default() },
                withheld,
                ..Topology::default()
            },
        )
}

fn lock(ttl_millis: u64, since_millis: u64) -> Lock {
    let (ttl_millis, holder) = (Some(ttl_millis), Some("h".to_owned()));
    let quorum = Some(LockQuorum { held: 3, servers: 5, is_by_value: true, unreached: 1 });
    Lock { db: 1, key: "lock".to_owned(), holder, ttl_millis, since_millis, quorum }
}

fn keyspace() -> impl Strategy<Value = Keyspace> {
    let node = (".*", any::<[u64; 7]>(), any::<bool>(), any::<Option<u32>>()).prop_map(
        |(name, types, is_key, database)| PrefixNode {
            parent: 0,
            name,
            keys: types[0],
            bytes: types[1],
            with_ttl: types[2],
            ttl_secs_sum: types[3],
            types,
            is_key,
            folded: types[4],
            database,
            keys_error: types[5],
            bytes_error: types[6],
            ttls: [types[6], types[5], types[4], types[3], types[2], types[1]],
            heat: database.map(u64::from),
            role: is_key.then_some(Role::Lock),
            evidence: if is_key { vec![Evidence::new("role_name", "lock")] } else { Vec::new() },
        },
    );
    let entry = (any::<u32>(), ".*", any::<Option<u64>>()).prop_map(|(db, key, idle_secs)| {
        KeyEntry { db, key, key_type: 1, bytes: 2, ttl_secs: idle_secs, idle_secs }
    });
    let flags = (any::<bool>(), any::<Option<u64>>());
    let keys = vec(entry, 0..3);
    (any::<[u64; 3]>(), ".{0,8}", flags, vec(node, 0..5), withheld(), keys).prop_map(
        |([taken_at_millis, seen, total], delimiter, flags, nodes, withheld, keys)| Keyspace {
            taken_at_millis,
            delimiter,
            seen,
            total: Some(total),
            complete: flags.0,
            completed_at_millis: flags.1,
            nodes,
            withheld,
            cost: Cost { commands: total, micros: seen, ..Cost::default() },
            estimate: flags.1.map(|keys| Estimate { keys, total, clusters: seen }),
            biggest: keys.clone(),
            oldest: keys,
            locks: flags.1.map(|ttl| lock(ttl, total)).into_iter().collect(),
            tracking: flags.1.map(|since_millis| Tracking {
                since_millis,
                events: seen,
                missed: total,
            }),
            missing: vec![MissingServer {
                addr: "a".to_owned(),
                reason: "r".to_owned(),
                share_ppm: total as u32,
            }],
        },
    )
}
