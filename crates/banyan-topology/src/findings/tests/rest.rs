//! What holds for all rules: they rest, they end, they start anew.

use super::*;
use crate::{ReplicaFacts, Replication};

fn near_limit(clients: u64) -> Topology {
    let mut topology = redis();
    topology.server.max_clients = Some(100);
    topology.server.connected_clients = Some(clients);
    topology
}

#[test]
fn a_finding_does_not_flicker_at_its_line() {
    // Around 90 of 100, it begins once and stays.
    let findings = story(40, |look| near_limit(if look % 2 == 0 { 90 } else { 88 }));
    assert_eq!(rules(&findings), ["near_client_limit"]);
    assert_eq!(findings[0].since_millis, START);
    // What trembles by less than a tenth is told as it was first.
    assert_eq!(fact(&findings, Rule::NearClientLimit, "connected_clients"), "90");
    // Below 85 it ends, a rest later.
    let falling = |look| near_limit(if look < 4 { 90 } else { 84 });
    assert_eq!(story(4 + 5, falling).len(), 1);
    assert_eq!(story(4 + 6, falling), []);
    assert_eq!(story(40, |_| near_limit(89)), []);
}

#[test]
fn a_restart_and_a_clock_that_is_set_back_start_anew() {
    let mut observer = Observer::new();
    let counting = |run_id: &str, at: u64, evicted: u64| {
        let mut topology = redis();
        topology.server.run_id = run_id.to_owned();
        topology.server.evicted_keys = Some(evicted);
        topology.taken_at_millis = at;
        topology
    };
    assert_eq!(observer.look(&counting("a", START, 5), None), []);
    assert_eq!(observer.look(&counting("a", START + 500, 9), None).len(), 1);
    assert_eq!(observer.look(&counting("b", START + 1_000, 90), None), []);
    assert_eq!(observer.watched_millis(), 0);
    assert_eq!(observer.look(&counting("b", START + 1_500, 99), None).len(), 1);
    assert_eq!(observer.look(&counting("b", START, 100), None), []);
}

#[test]
fn the_worst_comes_first_and_every_look_tells_the_same() {
    let mut topology = near_limit(99);
    topology.server.version = "6.0.5".into();
    topology.clients = [client(3, 60, 20), client(2, 60, 20)]
        .map(|client| (client.id, Client { query_bytes: Some(3), ..client }))
        .into();
    let findings = once(&topology);
    assert_eq!(
        rules(&findings),
        ["near_client_limit", "half_sent_command", "half_sent_command", "hazardous_version"]
    );
    assert_eq!(findings[1].subject, Subject::Client(2));
    assert_eq!(story(6, |_| topology.clone()), findings);
}

#[test]
fn silence_means_something_only_where_somebody_looked() {
    let judged_of = |rule: Rule, topology: &Topology, millis: u64| {
        let mut all = judged(topology, false, millis);
        all.find(|(judged, _)| *judged == rule).map(|(_, judged)| judged).unwrap()
    };
    let mut topology = redis();
    assert_eq!(judged_of(Rule::NearClientLimit, &topology, 0), Judged::Yes);
    assert_eq!(judged_of(Rule::ReconnectChurn, &topology, 5_000), Judged::NotYet(60_000));
    assert_eq!(judged_of(Rule::ReconnectChurn, &topology, 60_000), Judged::Yes);
    assert_eq!(judged_of(Rule::SlabOutOfMemory, &topology, 0), Judged::NotHere);
    // memcached with -M must not evict either.
    let mut memcached = of_kind(ServerKind::Memcached, "1.6.45");
    memcached.server.eviction_policy = Some("noeviction".into());
    assert_eq!(judged_of(Rule::NearMemoryLimit, &memcached, 0), Judged::Yes);
    let unknown = |reason: &str| Judged::Unknown(crate::Part::Sockets, reason.to_owned());
    assert_eq!(judged_of(Rule::DeadClient, &topology, 0), unknown(""));
    topology.withheld =
        vec![crate::Withheld { part: crate::Part::Sockets, reason: "another host".into() }];
    assert_eq!(judged_of(Rule::DeadClient, &topology, 0), unknown("another host"));
    topology.clients = [(7, Client { is_dead: Some(false), ..client(7, 9, 9) })].into();
    assert_eq!(judged_of(Rule::DeadClient, &topology, 0), Judged::Yes);
    assert_eq!(judged(&topology, false, 0).count(), Rule::ALL.len());

    // How the link to its master is, a Tyrant never says, replica or not.
    let mut tyrant = of_kind(ServerKind::TokyoTyrant, "1.1.41");
    tyrant.replication = Some(Replication::default());
    assert_eq!(judged_of(Rule::ReplicaLinkDown, &tyrant, 9_000), Judged::NeverTold);
    assert_eq!(judged_of(Rule::ReplicaLagging, &tyrant, 9_000), Judged::Yes);
    // Bytes behind say nothing without the backlog.
    let behind = ReplicaFacts { lag_bytes: Some(1 << 30), ..ReplicaFacts::default() };
    let replicas = vec![behind];
    let mut master = redis();
    master.replication = Some(Replication { is_master: true, replicas, ..Replication::default() });
    assert_eq!(story(9, |_| master.clone()), []);
    let unknown = Judged::Unknown(crate::Part::Replication, String::new());
    assert_eq!(judged_of(Rule::ReplicaLagging, &master, 9_000), unknown);
    master.server.backlog_bytes = Some(1 << 20);
    assert_eq!(judged_of(Rule::ReplicaLagging, &master, 9_000), Judged::Yes);
    assert_eq!(rules(&story(9, |_| master.clone())), ["replica_lagging"]);
}

#[test]
fn ten_thousand_connections_are_looked_at() {
    let many = (0..10_000).map(|id| {
        let name = format!("web-{id}");
        Client { name, db: Some(0), query_bytes: Some(0), ..client(id, 900, id % 60) }
    });
    let topology = with(redis(), many);
    let start = std::time::Instant::now();
    assert_eq!(story(20, |_| topology.clone()), []);
    println!("10,000 connections, 20 looks: {:?}", start.elapsed());
}

#[test]
fn a_finding_rests_for_a_look_however_slow_looks_are() {
    let mut observer = Observer::new();
    let mut look = |secs: u64, clients: u64| {
        let mut topology = near_limit(clients);
        topology.taken_at_millis = START + secs * 1_000;
        observer.look(&topology, None).len()
    };
    assert_eq!([look(0, 90), look(10, 90), look(20, 50), look(30, 90)], [1; 4]);
    assert_eq!([look(40, 50), look(50, 50)], [1, 0]);
}
