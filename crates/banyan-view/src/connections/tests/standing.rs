//! Threads and servers as groups, the dead, and what is known of one connection.

use banyan_topology::{
    Census, Evidence, Finding, Fleet, FleetKind, FleetNode, FleetTotal, NodeRole, Queue, Rule,
    Severity, Socket, Subject, TcpState, Thread, ThreadRole, Touch, WaitSource, Waiting, id_on,
};

use super::*;

fn idle(id: ClientId) -> Client {
    client(id, ClientState::Idle, "", "get")
}

fn grouped(topology: Topology, group_by: GroupBy) -> ConnectionsWorld {
    ConnectionsWorld::new(topology, "here", group_by, Words::english())
}

fn threads(owned: [&[ClientId]; 2]) -> Vec<Thread> {
    let worker = |(id, clients): (u32, &[ClientId])| Thread {
        id,
        name: "mc-worker".into(),
        clients: clients.to_vec(),
        role: ThreadRole::Worker,
        cpu_permille: Some(123),
        ..Thread::default()
    };
    let listener = Thread { id: 9, role: ThreadRole::Listener, ..Thread::default() };
    [(10, owned[0]), (11, owned[1])].map(worker).into_iter().chain([listener]).collect()
}

#[test]
fn connections_stand_with_the_thread_that_owns_them() {
    let at = |owned| Topology { threads: Some(threads(owned)), ..topology((1..=4).map(idle)) };
    let mut world = grouped(at([&[1, 2], &[3]]), GroupBy::Thread);
    let group_of = |world: &ConnectionsWorld, id| world.seats.group_of(id).unwrap().to_owned();
    assert_eq!(
        [1, 2, 3, 4].map(|id| group_of(&world, id)),
        ["thread:0:10", "thread:0:10", "thread:0:11", "rest"]
    );
    let header = world.find("group:thread:0:10").unwrap();
    let mut card = Card::default();
    world.card(header, &mut card);
    assert_eq!([card.title, card.figure, card.note], ["worker 10", "2", "10 % CPU"]);
    // The thread alone changes, no connection does.
    world.update(&at([&[1], &[2, 3, 4]]));
    assert_eq!(
        [1, 2, 3, 4].map(|id| group_of(&world, id)),
        ["thread:0:10", "thread:0:11", "thread:0:11", "thread:0:11"]
    );
    let server = told(&world.details(0));
    for line in ["worker · mc-worker 10 · 1 · 10 % CPU -> ", "listener ·  9 · 0\n"] {
        assert!(server.contains(line), "{line} is not in\n{server}");
    }
}

#[test]
fn connections_stand_with_the_server_that_holds_them() {
    let node = |addr: &str, role, master, slots: &[(u16, u16)]| FleetNode {
        addr: addr.into(),
        role,
        master,
        slots: slots.to_vec(),
        ..FleetNode::default()
    };
    let replica = FleetNode {
        lag_bytes: Some(2_000),
        state: "online".into(),
        ..node("b:2", NodeRole::Replica, Some(0), &[])
    };
    let fleet = Fleet {
        kind: FleetKind::Cluster,
        name: None,
        quorum: None,
        has_quorum: None,
        nodes: vec![node("a:1", NodeRole::Master, None, &[(0, 99)]), replica],
        events: vec![],
        uncovered: vec![],
        total: FleetTotal::default(),
    };
    let clients = [1, id_on(1, 1), id_on(1, 2)].map(idle);
    let world = grouped(Topology { fleet: Some(fleet), ..topology(clients) }, GroupBy::Node);
    let mut card = Card::default();
    world.card(world.find("group:node:1").expect("the replica"), &mut card);
    assert_eq!([card.title, card.figure, card.note], ["replica · b:2", "2", "-2.00 kB"]);
    let master = told(&world.details(world.find("group:node:0").expect("the master")));
    assert!(master.contains("Servers: master · a:1 · 100 SLOTS -> 1"), "{master}");
    assert!(master.contains("Replicas: replica · b:2 · -2.00 kB -> "), "{master}");
}

#[test]
fn the_dead_are_told_by_colour_sign_and_word() {
    let mut world = world(vec![idle(1), idle(2)]);
    let dead = Client { is_dead: Some(true), ..idle(2) };
    let change =
        world.update(&Topology { taken_at_millis: NOW + 500, ..topology([idle(1), dead]) });
    assert_eq!(change.dirty.len(), 1, "its colour is another");
    let node = world.node_of_client(2).expect("the dead");
    assert_eq!(world.scene().tints[node as usize], Ink::Dead);
    let mut card = Card::default();
    world.card(node, &mut card);
    assert_eq!(card.badge.map(|badge| badge.ink), Some(Ink::Dead));
    assert_eq!(card.note, "DEAD · DB0 · GET");
    assert_eq!(world.search("dead", 9), [node]);
}

#[test]
fn details_tell_sockets_queues_touches_and_what_is_wrong() {
    let socket = Socket {
        state: TcpState::Established,
        timer: None,
        retransmits: 3,
        unanswered_probes: Some(2),
        send_queue_bytes: 36,
        receive_queue_bytes: 0,
        round_trip_micros: Some(1_250),
        data_at_millis: None,
        acknowledged_at_millis: Some(NOW),
        retransmitted_bytes: None,
        inode: 1,
    };
    let dead = Client {
        socket: Some(socket),
        is_dead: Some(true),
        dead_evidence: vec![Evidence::new("unanswered_probes", 2)],
        ..client(1, ClientState::Blocked, "mail-1", "brpop")
    };
    let mut topology = topology([dead, client(2, ClientState::Blocked, "mail-2", "brpop")]);
    let waits = |client, source| Waiting { client, source, since_millis: NOW };
    let waiting = vec![waits(2, WaitSource::Seen), waits(1, WaitSource::Length)];
    topology.workload.queues = vec![Queue { db: 0, key: "jobs".into(), waiting }];
    topology.workload.touches =
        vec![Touch { client: 1, db: 2, prefix: "user:".into(), reads: 1_000, writes: 2 }];
    topology.findings = vec![Finding {
        rule: Rule::DeadBlockedClient,
        severity: Severity::Critical,
        subject: Subject::Client(1),
        evidence: vec![Evidence::new("queue", "jobs")],
        since_millis: NOW,
    }];
    topology.sections = [("Server".to_owned(), [("hz".to_owned(), "10".to_owned())].into())].into();
    let world = grouped(topology, GroupBy::Kind);
    let details = world.details(world.node_of_client(1).expect("the dead"));
    let text = told(&details);
    for line in [
        "Critical: Say(\"finding_dead_blocked_client\")",
        "WaitsFor: ≈ jobs · 2/2",
        "Touches: Named(\"db2 user:\", \"1,000 / 2\")",
        "Dead: Word(Yes)",
        "TcpState: ESTAB",
        "Timer: Say(\"timer_none\")",
        "RoundTrip: 1.2 ms",
    ] {
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
    let server = world.details(0);
    let queues = server.sections.iter().find(|it| it.heading == Some(Label::Queues)).unwrap();
    let order: Vec<Option<u32>> = queues.rows.iter().map(|row| row.node).collect();
    assert_eq!(order, [world.node_of_client(2), world.node_of_client(1)]);

    let chinese = tell_details(details, &world, View::Connections, Language::Chinese);
    let rows = || chinese.sections.iter().flat_map(|section| &section.rows);
    assert!(
        rows().any(|row| row.label == "严重"
            && row.value == Value::Text("已断线的客户端仍在等待任务".into()))
    );
    assert!(rows().any(|row| row.label == "未获应答的探测" && row.value == Value::Count(2)));
    let server = tell_details(server, &world, View::Connections, Language::English);
    let section = server.sections.last().expect("the server's own words");
    assert_eq!((section.heading.as_str(), section.is_folded), ("Server", true));
    assert_eq!(section.rows[0].label, "hz");
    let first = server.sections.iter().find(|it| it.heading.starts_with("Queues")).unwrap();
    let place = first.rows[0].place.as_ref().expect("the way to who waits");
    assert_eq!((place.view, place.id.as_str()), (View::Connections, "client:abc:2"));
}

#[test]
fn how_many_may_wait_is_told_where_it_is_known() {
    for (most_backlog, line) in [(None, "Backlog: 3\n"), (Some(511), "Backlog: 3 / 511\n")] {
        let mut topology = topology([idle(1)]);
        topology.census = Some(Census { backlog: 3, most_backlog, ..Census::default() });
        let text = told(&grouped(topology, GroupBy::Kind).details(0)) + "\n";
        assert!(text.contains(line), "{line} is not in\n{text}");
    }
}

#[test]
fn who_waits_for_a_key_hangs_under_it_in_order() {
    let blocked = |id| client(id, ClientState::Blocked, &format!("w-{id}"), "brpop");
    let waits = |client, source| Waiting { client, source, since_millis: NOW };
    let queue = |key: &str, ids: &[ClientId]| {
        let waiting = ids.iter().map(|&id| waits(id, WaitSource::Seen)).collect();
        Queue { db: 0, key: key.into(), waiting }
    };
    let at = |queues: Vec<Queue>| {
        let mut topology =
            topology([blocked(1), blocked(2), blocked(3), blocked(4), blocked(5), idle(6)]);
        topology.workload.queues = queues;
        topology
    };
    let first = vec![queue("jobs", &[3, 1, 2]), queue("mail", &[2, 4])];
    let mut world = grouped(at(first), GroupBy::Queue);
    let group_of = |world: &ConnectionsWorld, id| world.seats.group_of(id).unwrap().to_owned();
    assert_eq!(
        [1, 2, 3, 4, 5, 6].map(|id| group_of(&world, id)),
        ["queue:0:jobs", "queue:0:jobs", "queue:0:jobs", "queue:0:mail", "consumers", "rest"]
    );
    let title = |world: &ConnectionsWorld, id: &str| world.summary(world.find(id).expect(id)).title;
    assert_eq!(title(&world, "group:queue:0:jobs"), "jobs");
    assert_eq!(title(&world, "group:consumers"), "waits for a key that is not known");
    // In the order in which they are served, not in that of their numbers.
    let place = |world: &ConnectionsWorld, id| {
        let rect = rect(world, id);
        (rect.y, rect.x)
    };
    assert!(place(&world, 3) < place(&world, 1) && place(&world, 1) < place(&world, 2));
    assert_eq!(
        [3, 1, 2].map(|id| title(&world, &format!("client:abc:{id}"))),
        ["1. w-3", "2. w-1", "3. w-2"]
    );
    let details = told(&world.details(world.find("group:queue:0:jobs").unwrap()));
    assert!(details.contains("Queues: Named(\"jobs\", \"1. w-3\") -> "), "{details}");

    // The first is served, and works: it stays by its queue; the others move up, and their cards alone.
    let boxes = world.scene().boxes.clone();
    let mut served = at(vec![queue("jobs", &[1, 2]), queue("mail", &[2, 4])]);
    served.clients.insert(3, client(3, ClientState::Active, "w-3", "brpop"));
    let change = world.update(&served);
    assert_eq!(world.scene().boxes, boxes);
    assert!(!change.is_new_layout && change.read.len() >= 2, "{change:?}");
    assert_eq!(
        [3, 1, 2].map(|id| title(&world, &format!("client:abc:{id}"))),
        ["w-3", "1. w-1", "2. w-2"]
    );
    // It asks for another key next: there it goes.
    world.update(&at(vec![queue("jobs", &[1, 2]), queue("mail", &[2, 4, 3])]));
    assert_eq!([3, 2].map(|id| group_of(&world, id)), ["queue:0:mail", "queue:0:jobs"]);
}
