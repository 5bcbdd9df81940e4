mod fleets;
mod sequences;
mod standing;

use std::collections::BTreeMap;

use banyan_topology::{ClientState, ServerFacts, ServerKind};
use expect_test::expect;

use super::*;
use crate::{Label, Language, Value, View, details::told, told::tell_details};

const NOW: u64 = 1_795_300_000_000;

fn client(id: ClientId, state: ClientState, name: &str, command: &str) -> Client {
    Client {
        id,
        addr: format!("10.0.0.7:{}", 40_000 + id),
        name: name.into(),
        state,
        db: Some(0),
        opened_at_millis: NOW - 3_700_000,
        active_at_millis: NOW - 65_000,
        command: command.into(),
        user: Some("default".into()),
        output_bytes: Some(0),
        memory_bytes: Some(22_490),
        protocol: Some(2),
        flags: "N".into(),
        ..Client::default()
    }
}

fn topology(clients: impl IntoIterator<Item = Client>) -> Topology {
    Topology {
        taken_at_millis: NOW,
        server: ServerFacts {
            kind: ServerKind::Redis,
            version: "7.0.15".into(),
            run_id: "abc".into(),
            uptime_secs: Some(9),
            used_memory_bytes: Some(1_240_000),
            max_memory_bytes: Some(0),
            max_clients: Some(10_000),
            blocked_clients: Some(1),
            ops_per_sec: Some(1_350),
            databases: BTreeMap::from([(0, 1_234)]),
            ..ServerFacts::default()
        },
        clients: clients.into_iter().map(|client| (client.id, client)).collect(),
        ..Topology::default()
    }
}

fn some_clients() -> Vec<Client> {
    vec![
        client(1, ClientState::Blocked, "mail-1", "brpop"),
        client(2, ClientState::Blocked, "mail-2", "brpop"),
        client(3, ClientState::Idle, "", "get"),
        Client {
            output_bytes: Some(1 << 20),
            ..client(4, ClientState::Subscriber, "push", "subscribe")
        },
        Client { own: true, ..client(5, ClientState::Active, "banyan", "client|list") },
    ]
}

fn world(clients: Vec<Client>) -> ConnectionsWorld {
    ConnectionsWorld::new(topology(clients), "127.0.0.1:6379", GroupBy::Kind, Words::english())
}

fn cards(world: &ConnectionsWorld) -> String {
    let mut card = Card::default();
    let mut told = String::new();
    for node in (0u32..).take(world.scene().len()) {
        card.clear();
        world.card(node, &mut card);
        let Card { title, figure, subtitle, note, badge, meters, .. } = &card;
        let glyph = badge.map_or_else(String::new, |badge| format!("{:?}", badge.glyph));
        let meters: Vec<String> =
            meters.iter().map(|meter| format!("{:.2}", meter.share)).collect();
        let id = world.id_of(node);
        let meters = meters.join(" ");
        let line = format!("{id}: {title} | {figure} | {subtitle} | {note} | {glyph} {meters}");
        told.push_str(line.trim_end());
        told.push('\n');
    }
    told
}

fn rect(world: &ConnectionsWorld, id: ClientId) -> Rect {
    world.scene().boxes[world.node_of_client(id).expect("the connection") as usize]
}

#[test]
fn cards_say_what_a_connection_does() {
    expect![[r#"
        server: Redis 7.0.15 | 5 | 127.0.0.1:6379 | 1.24 MB · 1,350 OPS/S |  0.00
        group:consumers:BRPOP: blocked · BRPOP | 2 |  |  |
        client:abc:1: mail-1 | >1 min | 10.0.0.7:40001 | DB0 · BRPOP | Pause 0.62 0.33
        client:abc:2: mail-2 | >1 min | 10.0.0.7:40002 | DB0 · BRPOP | Pause 0.62 0.33
        group:subscribers: subscriber | 1 |  |  |
        client:abc:4: push | ↥ 1.05 MB | 10.0.0.7:40004 | DB0 · SUBSCRIBE | Ear 0.62 0.33 0.58
        group:rest: no name | 1 |  |  |
        client:abc:3: 10.0.0.7:40003 | >1 min |  | DB0 · GET | Dot 0.62 0.33
        group:own: Banyan | 1 |  |  |
        client:abc:5: banyan | >1 min | 10.0.0.7:40005 | DB0 · CLIENT|LIST | Play 0.62 0.33
    "#]]
    .assert_eq(&cards(&world(some_clients())));
}

#[test]
fn details_say_everything() {
    let world = world(some_clients());
    let details = |id: &str| told(&world.details(world.find(id).expect(id)));
    expect![[r#"
        server = Redis 7.0.15 (127.0.0.1:6379)
          Address: 127.0.0.1:6379
          Clients: Count(5)
          BlockedClients: Count(1)
          MaxClients: Count(10000)
          OpsPerSecond: Count(1350)
          TotalConnections: Unknown
          Memory: Bytes(1240000)
          Uptime: Seconds(9)
          Version: 7.0.15
          RunId: abc
        Keys
          Database: db0 · 1,234
        OwnConnection
          CostCommands: Count(0)
          CostMicros: Count(0)
    "#]]
    .assert_eq(&details("server"));
    expect![[r#"
        group:consumers:BRPOP = blocked · BRPOP ()
          Clients: Count(2)
          Memory: Bytes(44980)
          State: blocked · 2
        Clients
          Name: mail-1 · brpop -> 2
          Name: mail-2 · brpop -> 3
    "#]]
    .assert_eq(&details("group:consumers:BRPOP"));
    expect![[r#"
        client:abc:4 = push ()
          State: Word(Subscriber)
          LastCommand: subscribe
          Idle: Seconds(65)
          Age: Seconds(3700)
          Database: db0
        Address
          Address: 10.0.0.7:40004
          Name: push
          ClientId: 4
          User: default
          ProtocolVersion: RESP2
          Flags: N
        Memory
          OutputBuffer: Bytes(1048576)
          QueryBuffer: Unknown
          Memory: Bytes(22490)
    "#]]
    .assert_eq(&details("client:abc:4"));
}

#[test]
fn connections_keep_their_places() {
    let mut world = world(some_clients());
    let places = [1, 2, 3, 4].map(|id| rect(&world, id));
    let mut later = some_clients();
    later.remove(1);
    later.push(client(9, ClientState::Blocked, "mail-3", "brpop"));
    // A consumer at work is a consumer still.
    later[0].state = ClientState::Active;
    later[0].command = "lpush".into();
    let change = world.update(&Topology { taken_at_millis: NOW + 500, ..topology(later.clone()) });
    assert!(change.is_new_layout);
    assert_eq!([1, 2, 3, 4].map(|id| rect(&world, id)), places, "the one that left is a ghost");
    let ghost = world.node_of_client(2).expect("a ghost");
    assert_eq!(world.scene().shapes[ghost as usize], Shape::Ghost);
    world.update(&Topology { taken_at_millis: NOW + 2_500, ..topology(later.clone()) });
    assert_eq!(world.node_of_client(2), None, "ghosts fade");
    assert_eq!([1, 3, 4].map(|id| rect(&world, id)), [places[0], places[2], places[3]]);
    later.push(client(10, ClientState::Blocked, "mail-4", "brpop"));
    world.update(&Topology { taken_at_millis: NOW + 3_000, ..topology(later) });
    assert_eq!(rect(&world, 10), places[1], "the free place is taken");
}

#[test]
fn only_what_changed_is_dirty() {
    let mut world = world(some_clients());
    let same = |millis| Topology { taken_at_millis: NOW + millis, ..topology(some_clients()) };
    assert_eq!(world.update(&same(1_000)), WorldChange::default(), "a second is no change");
    let mut later = same(2_000);
    later.clients.get_mut(&3).expect("a client").command = "set".into();
    let change = world.update(&later);
    assert_eq!((change.is_new_layout, change.dirty.len()), (false, 0));
    assert_eq!(change.read, [rect(&world, 3).inflated(4)]);
    let other =
        Topology { server: ServerFacts { run_id: "def".into(), ..same(0).server }, ..same(2_500) };
    world.update(&other);
    assert_eq!(world.find("client:abc:1"), None, "numbers of another life mean nothing");
    assert!(world.find("client:def:1").is_some());
}

#[test]
fn a_newcomer_touches_no_neighbour() {
    let pool = |count| (1..=count).map(|id| client(id, ClientState::Idle, "pool", "get"));
    let mut world = world(pool(11).collect());
    let labels = world.scene().landmarks.clone();
    let change = world.update(&topology(pool(12)));
    let is_dirty = |node: u32| {
        let center = world.scene().boxes[node as usize].center();
        change.dirty.iter().chain(&change.read).any(|rect| rect.contains(center))
    };
    let dirty: Vec<String> = (0u32..)
        .take(world.scene().len())
        .filter(|&node| is_dirty(node))
        .map(|node| world.id_of(node))
        .collect();
    assert_eq!(dirty, ["server", "group:named:pool", "client:abc:12"]);
    assert_eq!(world.scene().landmarks[0].region, labels[0].region, "the name rests");
}

#[test]
fn deltas_lead_where_snapshots_lead() {
    let (mut by_delta, mut by_snapshot) = (world(some_clients()), world(some_clients()));
    let mut later = topology(some_clients().into_iter().skip(1).chain([client(
        7,
        ClientState::Idle,
        "web-1",
        "get",
    )]));
    later.taken_at_millis += 700;
    let delta = Delta::between(by_delta.topology(), &later);
    assert_eq!(by_delta.apply(delta), by_snapshot.update(&later));
    assert_eq!(cards(&by_delta), cards(&by_snapshot));
}

#[test]
fn a_search_finds_by_anything() {
    let world = world(some_clients());
    for (query, expect) in [
        ("brpop", &[1, 2][..]),
        ("mail-2", &[2]),
        ("blocked mail", &[1, 2]),
        (":40003", &[3]),
        ("#4", &[4]),
        ("db0 idle", &[3]),
        ("db3", &[]),
        ("  ", &[]),
    ] {
        let mut found: Vec<u32> = world.search(query, 10);
        let mut expect: Vec<u32> =
            expect.iter().filter_map(|&id| world.node_of_client(id)).collect();
        found.sort_unstable();
        expect.sort_unstable();
        assert_eq!(found, expect, "{query}");
    }
}

#[test]
fn every_node_is_found_by_its_id() {
    let world = world(some_clients());
    for node in (0u32..).take(world.scene().len()) {
        assert_eq!(world.find(&world.id_of(node)), Some(node));
    }
    for id in ["", "group:", "client:", "client:abc:", "client:abc:999", "nonsense"] {
        assert_eq!(world.find(id), None, "{id}");
    }
}

#[test]
fn lines_lead_to_the_server() {
    let world = world(some_clients());
    let summary = world.summary(world.node_of_client(1).expect("a client"));
    let group = world.find("group:consumers:BRPOP").expect("a group");
    assert_eq!(summary.related, [world.scene().boxes[group as usize]]);
    assert_eq!(world.summary(0).related.len(), 4);
    assert!(world.neighbour(0, Direction::Down).is_some());
}

#[test]
fn nobody_is_connected() {
    let mut world = world(Vec::new());
    assert_eq!(world.scene().len(), 1);
    world.update(&topology(some_clients()));
    world.update(&topology(Vec::new()));
    for turn in 0..40 {
        world.update(&Topology { taken_at_millis: NOW + 2_000 * turn, ..topology(Vec::new()) });
    }
    assert_eq!(world.scene().len(), 1, "empty groups go after a while");
}

#[test]
fn ten_thousand_connections_are_updated_at_once() {
    let clients = |from: u64| {
        (from..from + 10_000).map(|id| {
            client(
                id,
                [ClientState::Idle, ClientState::Active][(id % 2) as usize],
                ["pool", "web-1"][(id % 2) as usize],
                "get",
            )
        })
    };
    let mut world = world(clients(1).collect());
    let later = Topology { taken_at_millis: NOW + 500, ..topology(clients(20)) };
    let start = std::time::Instant::now();
    let change = world.update(&later);
    println!("10,000 connections, 19 came and 19 went: {:?}", start.elapsed());
    assert!(change.is_new_layout && change.dirty.len() < 120, "{}", change.dirty.len());
}
