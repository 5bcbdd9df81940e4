//! Servers: limits, sockets, threads, slab classes, those that belong together.

use super::*;
use crate::{
    Census, Fault, FaultKind, Fleet, FleetKind, FleetNode, FleetTotal, NodeRole, Reach,
    ReplicaFacts, Replication, SlowCommand, TcpState, Thread, ThreadRole,
};

#[test]
fn limits_at_one_moment() {
    type Change = fn(&mut ServerFacts);
    let table: &[(&[Change], &[&str])] = &[
        (&[|it| it.is_accepting = Some(false)], &["accepting_stopped"]),
        (&[|it| it.is_accepting = Some(true)], &[]),
        (&[|it| it.connected_clients = Some(99)], &[]),
        (&[|it| it.max_clients = Some(0), |it| it.connected_clients = Some(9)], &[]),
        (
            &[|it| it.max_clients = Some(10), |it| it.connected_clients = Some(9)],
            &["near_client_limit"],
        ),
        (&[|it| it.max_clients = Some(100), |it| it.connected_clients = Some(89)], &[]),
        // Memory: only of a server that must not evict.
        (&[full, |it| it.eviction_policy = Some("noeviction".into())], &["near_memory_limit"]),
        (&[full, |it| it.eviction_policy = Some("allkeys-lru".into())], &[]),
        (&[full], &[]),
        (
            &[
                full,
                |it| it.used_memory_bytes = Some(89),
                |it| it.eviction_policy = Some("noeviction".into()),
            ],
            &[],
        ),
    ];
    for (changes, expect) in table {
        let mut topology = redis();
        for change in *changes {
            change(&mut topology.server);
        }
        assert_eq!(rules(&once(&topology)), *expect, "{:?}", topology.server);
    }
}

fn full(server: &mut ServerFacts) {
    server.used_memory_bytes = Some(90);
    server.max_memory_bytes = Some(100);
}

#[test]
fn what_servers_count() {
    let counting = |change: fn(&mut ServerFacts, u64)| {
        move |look: u64| {
            let mut topology = redis();
            change(&mut topology.server, look);
            topology
        }
    };
    let rejecting = counting(|it, look| it.rejected_connections = Some(7 + look.min(3)));
    let findings = story(5, rejecting);
    assert_eq!(rules(&findings), ["connections_rejected"]);
    assert_eq!(fact(&findings, Rule::ConnectionsRejected, "rejected"), "3");
    assert_eq!(story(140, rejecting), []);
    assert_eq!(story(5, counting(|it, _| it.rejected_connections = Some(7))), []);
    let evicting = |rate: u64| {
        story(9, move |look| {
            let mut topology = redis();
            topology.server.evicted_keys = Some(look * rate);
            topology
        })
    };
    assert_eq!(evicting(1)[0].severity, Severity::Notice);
    assert_eq!(evicting(60)[0].severity, Severity::Warning);
    assert_eq!(evicting(0), []);
}

#[test]
fn versions_with_a_known_hazard() {
    for (kind, version, expect) in [
        (ServerKind::Memcached, "1.6.18", Some("metadump_hash")),
        (ServerKind::Memcached, "1.6.19", None),
        (ServerKind::Memcached, "", None),
        (ServerKind::Redis, "6.0.5", Some("tracking_crash")),
        (ServerKind::Redis, "6.0.6", None),
        (ServerKind::Redis, "5.0.14", None),
        (ServerKind::Valkey, "6.0.5", None),
    ] {
        let findings = once(&of_kind(kind, version));
        let hazards = findings.iter().flat_map(|finding| &finding.evidence);
        let hazard = hazards.filter(|it| it.name == "hazard").map(|it| it.value.as_str()).next();
        assert_eq!(hazard, expect, "{kind:?} {version}");
    }
    let unix = Client { addr: "unix:/run/m.sock".into(), ..client(5, 1, 1) };
    let old = with(of_kind(ServerKind::Memcached, "1.5.16"), [unix]);
    assert_eq!(once(&old).len(), 2);
}

#[test]
fn a_certificate_that_nobody_checked() {
    let verified = |how: &str| {
        let facts = [("verified".to_owned(), how.to_owned())].into();
        Topology { sections: [("connection".to_owned(), facts)].into(), ..redis() }
    };
    assert_eq!(rules(&once(&verified("no"))), ["unverified_server"]);
    assert_eq!(once(&verified("yes")), []);
}

#[test]
fn commands_that_were_slow() {
    let slow = |count: u64, micros: u64, age_secs: u64| {
        let mut topology = with(redis(), [client(7, 60, 0)]);
        topology.workload.slow = (0..count)
            .map(|id| SlowCommand {
                id,
                at_millis: START - age_secs * 1000,
                micros,
                command: "KEYS *".into(),
                addr: topology.clients[&7].addr.clone(),
                name: String::new(),
            })
            .collect();
        topology
    };
    let findings = once(&slow(1, 100_000, 0));
    assert_eq!(rules(&findings), ["slow_commands"]);
    assert_eq!(findings[0].subject, Subject::Client(7));
    assert_eq!(once(&slow(1, 99_999, 0)), []);
    assert_eq!(once(&slow(9, 20_000, 0)), []);
    assert_eq!(once(&slow(10, 20_000, 0)).len(), 1);
    assert_eq!(once(&slow(1, 900_000, 301)), []);
    // It goes on as the same when the one that was slow has left.
    let mut left = slow(1, 900_000, 0);
    left.clients.clear();
    let findings = story(4, |look| if look < 2 { slow(1, 900_000, 0) } else { left.clone() });
    assert_eq!(findings.len(), 1);
    assert_eq!((&findings[0].subject, findings[0].since_millis), (&Subject::Server, START));
    let mut own = slow(1, 900_000, 0);
    own.clients.get_mut(&7).unwrap().own = true;
    assert_eq!(once(&own), []);
}

#[test]
fn sockets_that_one_side_left() {
    let left = |state: TcpState, count: u32| {
        move |_| {
            let mut topology = redis();
            let states = [(state, count), (TcpState::Established, 9)].into();
            topology.census = Some(Census { states, ..Census::default() });
            topology
        }
    };
    assert_eq!(rules(&story(9, left(TcpState::CloseWait, 3))), ["close_wait_leak"]);
    assert_eq!(story(8, left(TcpState::CloseWait, 3)), []);
    assert_eq!(story(60, left(TcpState::CloseWait, 2)), []);
    assert_eq!(rules(&story(9, left(TcpState::FinWait2, 10))), ["fin_wait_leak"]);
    assert_eq!(story(60, left(TcpState::FinWait2, 9)), []);
    // They come and go: each look sees others.
    let passing =
        |look: u64| left(TcpState::CloseWait, if look.is_multiple_of(2) { 9 } else { 0 })(look);
    assert_eq!(story(60, passing), []);
}

#[test]
fn workers_that_are_held() {
    let held = |kind, busy: usize, cpu: u32| {
        move |_| {
            let worker = |index| Thread {
                id: index as u32,
                role: ThreadRole::Worker,
                is_busy: Some(index < busy),
                cpu_permille: Some(cpu),
                ..Thread::default()
            };
            let mut topology = of_kind(kind, "1.1.41");
            topology.threads = Some((0..8).map(worker).collect());
            topology
        }
    };
    let all = story(9, held(ServerKind::TokyoTyrant, 8, 3));
    assert_eq!(rules(&all), ["workers_held"]);
    assert_eq!(all[0].severity, Severity::Critical);
    let most = story(9, held(ServerKind::TokyoTyrant, 7, 3));
    assert_eq!(most[0].severity, Severity::Warning);
    assert_eq!(story(9, held(ServerKind::TokyoTyrant, 6, 3)), []);
    assert_eq!(story(8, held(ServerKind::TokyoTyrant, 8, 3)), []);
    assert_eq!(story(9, held(ServerKind::TokyoTyrant, 8, 900)), []);
    assert_eq!(story(9, held(ServerKind::Redis, 8, 3)), []);
}

#[test]
fn slab_classes() {
    let slabs = |evicted: u64, refused: u64, age: u64| {
        let mut topology = of_kind(ServerKind::Memcached, "1.6.45");
        let items = [
            ("items:3:evicted".to_owned(), evicted.to_string()),
            ("items:3:outofmemory".to_owned(), refused.to_string()),
            ("items:3:evicted_time".to_owned(), age.to_string()),
        ];
        let slabs = [("3:chunk_size".to_owned(), "152".to_owned())];
        topology.sections =
            [("items".to_owned(), items.into()), ("slabs".to_owned(), slabs.into())].into();
        topology.server.evicted_keys = Some(evicted);
        topology
    };
    let findings = story(5, |look| slabs(look * 10, 0, 20));
    assert_eq!(rules(&findings), ["evictions"]);
    assert_eq!(findings[0].subject, Subject::SlabClass(3));
    assert_eq!(findings[0].severity, Severity::Warning);
    assert_eq!(fact(&findings, Rule::Evictions, "chunk_bytes"), "152");
    assert_eq!(story(5, |look| slabs(look * 10, 0, 9_000))[0].severity, Severity::Notice);
    assert_eq!(story(5, |_| slabs(1_000, 0, 20)), []);
    // The sections are older than the server's own count: nothing is told twice.
    let behind = |look: u64| Topology { sections: slabs(0, 0, 20).sections, ..slabs(look, 0, 20) };
    assert_eq!(story(5, behind), []);
    // Of several servers each is judged by its own classes; of one that does not tell them, by what
    // it counts itself.
    let of_many = |look: u64| {
        let of_first = slabs(0, 0, 20);
        let server = |addr: &str, evicted| {
            let server = ServerFacts { evicted_keys: Some(evicted), ..of_first.server.clone() };
            let node = node(NodeRole::Master, "", &[]);
            FleetNode { addr: addr.into(), server: Some(server), ..node }
        };
        let nodes = vec![server("a:1", 0), server("b:1", look * 10), server("c:1", look * 5)];
        let fleet = fleet(FleetKind::Ring, nodes).fleet;
        let of_second = slabs(look * 10, 7, 20).sections.into_iter();
        let of_second = of_second.map(|(section, facts)| (format!("b:1 {section}"), facts));
        let sections = of_first.sections.clone().into_iter().chain(of_second).collect();
        Topology { fleet, sections, ..of_first.clone() }
    };
    let findings = story(5, of_many);
    let told: Vec<_> = findings.iter().map(|it| (it.rule.key(), it.subject.clone())).collect();
    let class = Subject::NodeSlabClass { node: 1, class: 3 };
    let expect = [
        ("evictions", class.clone()),
        ("evictions", Subject::Node(2)),
        ("slab_out_of_memory", class),
    ];
    assert_eq!(told, expect);
    // One that answers no more is no news.
    let gone = |look: u64| if look < 4 { of_many(look) } else { slabs(0, 0, 20) };
    assert_eq!(story(12, gone), []);
    assert_eq!(story(140, |look| slabs(look.min(4), 0, 20)), []);
    let refusing = story(3, |look| slabs(0, 5 + look, 20));
    assert_eq!(rules(&refusing), ["slab_out_of_memory"]);
    assert_eq!(refusing[0].severity, Severity::Critical);
    // Long ago, perhaps: nobody has to get up for that.
    assert_eq!(story(3, |_| slabs(0, 5, 20))[0].severity, Severity::Notice);
}

#[test]
fn replicas_as_master_and_replica_tell() {
    let replica = |state: &str, bytes, secs| {
        let facts = ReplicaFacts {
            addr: "10.0.0.8:6379".into(),
            state: state.into(),
            lag_bytes: bytes,
            lag_secs: secs,
            ..ReplicaFacts::default()
        };
        Replication { is_master: true, replicas: vec![facts], ..Replication::default() }
    };
    let silent = |secs| Replication { silent_secs: Some(secs), ..Replication::default() };
    let linked = |link: &str| Replication { link: Some(link.into()), ..Replication::default() };
    let syncing = Replication { is_syncing: Some(true), ..linked("down") };
    let check = |replication: Replication, looks: u64, expect: &[&str]| {
        let mut topology = redis();
        topology.server.backlog_bytes = Some(1_000);
        topology.replication = Some(replication.clone());
        assert_eq!(rules(&story(looks, |_| topology.clone())), expect, "{replication:?}");
    };
    check(replica("online", Some(0), Some(1)), 9, &[]);
    check(replica("online", Some(999), Some(9)), 9, &[]);
    check(replica("online", None, None), 9, &[]);
    check(replica("online", Some(1_000), None), 5, &["replica_lagging"]);
    check(replica("online", Some(1_000), None), 4, &[]);
    check(replica("online", None, Some(10)), 5, &["replica_lagging"]);
    check(replica("send_bulk", None, Some(90)), 1, &["full_resync"]);
    check(syncing, 1, &["full_resync"]);
    check(linked("down"), 5, &["replica_link_down"]);
    check(linked("down"), 4, &[]);
    check(linked("up"), 9, &[]);
    check(silent(20), 5, &["replica_link_down"]);
    check(silent(19), 9, &[]);
}

fn fleet(kind: FleetKind, nodes: Vec<FleetNode>) -> Topology {
    let mut topology = redis();
    topology.fleet = Some(Fleet {
        kind,
        name: None,
        quorum: Some(2),
        has_quorum: None,
        nodes,
        events: vec![],
        uncovered: vec![],
        total: FleetTotal::default(),
    });
    topology
}

fn node(role: NodeRole, state: &str, slots: &[(u16, u16)]) -> FleetNode {
    let addr = "10.0.0.8:6379".into();
    FleetNode { role, addr, state: state.into(), slots: slots.to_vec(), ..FleetNode::default() }
}

#[test]
fn nodes_that_are_down() {
    let fault = Fault::new(FaultKind::Timeout, "");
    let failed = FleetNode { reach: Reach::Failed(fault), ..node(NodeRole::Master, "", &[]) };
    for (node, expect) in [
        (node(NodeRole::Master, "online", &[]), None),
        (node(NodeRole::Master, "master,fail", &[]), Some(Severity::Critical)),
        (node(NodeRole::Master, "master,fail?", &[]), Some(Severity::Warning)),
        (node(NodeRole::Master, "master,o_down,s_down", &[]), Some(Severity::Critical)),
        (node(NodeRole::Replica, "slave,fail", &[]), Some(Severity::Warning)),
        (node(NodeRole::Sentinel, "sentinel,s_down", &[]), Some(Severity::Warning)),
        (failed, Some(Severity::Critical)),
    ] {
        let findings = once(&fleet(FleetKind::Sentinel, vec![node.clone()]));
        assert_eq!(findings.first().map(|finding| finding.severity), expect, "{node:?}");
        assert!(findings.iter().all(|it| it.rule == Rule::NodeDown));
        assert!(findings.iter().all(|it| it.subject == Subject::Node(0)));
    }
}

#[test]
fn quorum_and_slots() {
    let mut sentinels = fleet(FleetKind::Sentinel, vec![]);
    assert_eq!(once(&sentinels), []);
    sentinels.fleet.as_mut().unwrap().has_quorum = Some(true);
    assert_eq!(once(&sentinels), []);
    sentinels.fleet.as_mut().unwrap().has_quorum = Some(false);
    assert_eq!(rules(&once(&sentinels)), ["no_quorum"]);
    let lone = FleetNode { has_quorum: Some(false), ..node(NodeRole::Master, "master", &[]) };
    sentinels.fleet.as_mut().unwrap().nodes = vec![lone];
    let findings = once(&sentinels);
    assert_eq!(rules(&findings), ["no_quorum"]);
    assert_eq!(findings[0].subject, Subject::Node(0));

    let master = |slots: &[(u16, u16)]| node(NodeRole::Master, "online", slots);
    let cluster = |nodes| once(&fleet(FleetKind::Cluster, nodes));
    assert_eq!(cluster(vec![master(&[(0, 8_000)]), master(&[(8_001, 16_383)])]), []);
    let gap = cluster(vec![master(&[(0, 8_000)]), master(&[(8_002, 16_383)])]);
    assert_eq!(rules(&gap), ["slots_uncovered"]);
    assert_eq!(fact(&gap, Rule::SlotsUncovered, "first_slot"), "8001");
    assert_eq!(cluster(vec![master(&[])]), []);
    let failed = node(NodeRole::Master, "failed", &[(8_001, 16_383)]);
    let findings = cluster(vec![master(&[(0, 8_000)]), failed]);
    assert_eq!(rules(&findings), ["node_down", "slots_uncovered"]);
}

#[test]
fn a_fleet_is_judged_node_by_node() {
    let mut near = node(NodeRole::Master, "", &[]);
    let limits = ServerFacts {
        max_clients: Some(10),
        connected_clients: Some(10),
        ..ServerFacts::default()
    };
    near.server = Some(limits);
    let mut late = node(NodeRole::Replica, "online", &[]);
    late.lag_secs = Some(60);
    let topology = fleet(FleetKind::Replication, vec![near, late]);
    let findings = story(5, |_| topology.clone());
    assert_eq!(rules(&findings), ["near_client_limit", "replica_lagging"]);
    assert_eq!(findings[0].subject, Subject::Node(0));
    assert_eq!(findings[1].subject, Subject::Node(1));
}

#[test]
fn what_another_server_has_counted_is_no_news() {
    let counting = |run_id: &str, rejected| {
        let server = ServerFacts {
            run_id: run_id.into(),
            rejected_connections: Some(rejected),
            ..ServerFacts::default()
        };
        let node = FleetNode { server: Some(server), ..node(NodeRole::Replica, "", &[]) };
        fleet(FleetKind::Replication, vec![node])
    };
    // Another server gets the place of the first one in the list.
    assert_eq!(story(6, |look| if look < 3 { counting("a", 5) } else { counting("b", 900) }), []);
    assert_eq!(rules(&story(6, |look| counting("a", look))), ["connections_rejected"]);
}
