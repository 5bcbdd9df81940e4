//! The servers of a fleet as a tree, and what the lines between them say.

use banyan_layout::routes::{Dash, RouteKind};
use banyan_topology::{Fleet, FleetKind, FleetTotal, Migration, NodeRole, Reach};

use super::*;

fn server(addr: &str, role: NodeRole, master: Option<u16>) -> FleetNode {
    let (addr, reach) = (addr.to_owned(), Reach::Polled);
    FleetNode { addr, role, master, reach, state: "online".into(), ..FleetNode::default() }
}

fn fleet(nodes: Vec<FleetNode>) -> Fleet {
    Fleet {
        kind: FleetKind::Replication,
        name: None,
        quorum: None,
        has_quorum: None,
        nodes,
        events: vec![],
        uncovered: vec![],
        total: FleetTotal::default(),
    }
}

/// A fleet in several states, and none.
pub(super) fn one_of_several(number: usize) -> Option<Fleet> {
    let mut nodes = chain();
    match number {
        0 => return None,
        1 => {}
        2 => nodes.truncate(2),
        3 => nodes[1].state = "send_bulk".into(),
        _ => {
            (nodes[0].role, nodes[0].master) = (NodeRole::Replica, Some(3));
            (nodes[3].role, nodes[3].master) = (NodeRole::Master, None);
            nodes[2].migrations = vec![Migration { slot: 1, other: Some(3), is_leaving: true }];
        }
    }
    Some(fleet(nodes))
}

fn shown(nodes: Vec<FleetNode>) -> Topology {
    Topology { fleet: Some(fleet(nodes)), ..topology(some_clients()) }
}

fn world_of(nodes: Vec<FleetNode>) -> ConnectionsWorld {
    ConnectionsWorld::new(shown(nodes), "here", GroupBy::Kind, Words::english())
}

/// `a` feeds `b`, which feeds `c`; `d` follows `a` too, and a Sentinel watches it.
fn chain() -> Vec<FleetNode> {
    use NodeRole::{Master, Replica, Sentinel};
    let facts = ServerFacts { backlog_bytes: Some(1 << 20), ..ServerFacts::default() };
    vec![
        FleetNode { server: Some(facts), ..server("a:1", Master, None) },
        server("b:2", Replica, Some(0)),
        server("c:3", Replica, Some(1)),
        FleetNode { lag_bytes: Some(3 << 20), ..server("d:4", Replica, Some(0)) },
        server("s:5", Sentinel, Some(0)),
    ]
}

/// The line by which a server hangs.
fn line(world: &ConnectionsWorld, addr: &str) -> (RouteKind, Ink, (u32, u32)) {
    let node = world.find(&format!("peer:{addr}")).expect(addr) as usize;
    let scene = world.scene();
    (scene.routes.kinds[node - 1], scene.route_inks[node - 1], scene.routes.ends[node - 1])
}

#[test]
fn replicas_hang_by_their_masters_and_lines_tell_how_they_are_fed() {
    let world = world_of(chain());
    let flow = RouteKind::Flow;
    assert_eq!(line(&world, "a:1"), (RouteKind::Descent, Ink::Line, (0, 1)));
    assert_eq!(line(&world, "b:2"), (flow(Dash::Whole), Ink::Replica, (1, 2)));
    assert_eq!(line(&world, "c:3"), (flow(Dash::Whole), Ink::Replica, (2, 3)));
    assert_eq!(line(&world, "d:4"), (flow(Dash::Dashed), Ink::Waiting, (1, 4)));
    assert_eq!(line(&world, "s:5"), (flow(Dash::Dotted), Ink::Subscriber, (1, 5)));
    let at = |addr: &str| world.rect(world.find(&format!("peer:{addr}")).expect(addr));
    assert!(at("a:1").right() < at("b:2").x && at("b:2").right() < at("c:3").x);
    assert_eq!((at("a:1").y, at("d:4").x), (at("b:2").y, at("b:2").x));
    assert_eq!((at("s:5").x, at("s:5").y > at("d:4").y), (at("a:1").x, true));
    for (place, rect) in world.scene().boxes.iter().enumerate() {
        let before = &world.scene().boxes[..place];
        assert!(before.iter().all(|other| !other.overlaps(rect)), "{place}");
    }
    // Each line begins at one of its ends, and ends at the other.
    for (line, &(from, to)) in world.scene().routes.ends.iter().enumerate() {
        let points = world.scene().routes.line(line);
        let touches = |node: u32, point: Option<&Point>| {
            point.is_some_and(|point| world.rect(node).inflated(1).contains(*point))
        };
        let (first, last) = (points.first(), points.last());
        let runs = |from, to| touches(from, first) && touches(to, last);
        assert!(runs(from, to) || runs(to, from), "{line}: {points:?}");
    }
    let summary = world.summary(world.find("peer:d:4").expect("it"));
    assert_eq!(summary.subtitle, "replica · LAGGING · -3.15 MB");
    assert_eq!((summary.lines.len(), summary.related), (1, vec![at("a:1")]));
    assert_eq!(world.summary(world.find("peer:a:1").expect("it")).lines.len(), 4);
    assert_eq!(world.search("sentinel", 9), [5]);
}

#[test]
fn details_of_a_server_tell_the_lag_and_lead_to_the_others() {
    let world = world_of(chain());
    let details = |addr: &str| told(&world.details(world.find(&format!("peer:{addr}")).unwrap()));
    let behind = details("d:4");
    for part in [
        "MasterLink: master · a:1 -> 1",
        "Replication: Word(Lagging)",
        "Lag: Bytes(3145728)",
        "State: online",
    ] {
        assert!(behind.contains(part), "{part} is not in\n{behind}");
    }
    let master = details("a:1");
    for part in ["Replicas: replica · b:2 -> 2", "WatchedBy: Sentinel · s:5 -> 5"] {
        assert!(master.contains(part), "{part} is not in\n{master}");
    }
}

#[test]
fn slots_on_their_way_are_lines_from_giver_to_taker() {
    let migrating = |slot, other, is_leaving| Migration { slot, other: Some(other), is_leaving };
    let mut nodes =
        vec![server("a:1", NodeRole::Master, None), server("b:2", NodeRole::Master, None)];
    nodes[0].migrations = vec![migrating(7, 1, true), migrating(8, 1, true)];
    nodes[1].migrations = vec![migrating(7, 0, false)];
    let world = world_of(nodes.clone());
    let scene = world.scene();
    let across = scene.routes.len() - 1;
    assert_eq!(across, scene.boxes.len() - 1);
    assert_eq!(scene.routes.ends[across], (1, 2));
    assert_eq!(scene.routes.kinds[across], RouteKind::Flow(Dash::Whole));
    let details = told(&world.details(2));
    assert!(details.contains("SlotsComing: a:1 · 2 -> 1"), "{details}");
    assert_eq!(world.summary(1).lines.len(), 2);
    // When they have arrived, the line goes, and what it covered is dirty.
    let gone = scene.routes.line(across).to_vec();
    let mut world = world;
    nodes[0].migrations.clear();
    nodes[1].migrations.clear();
    let change = world.update(&shown(nodes));
    for ends in gone.windows(2) {
        let span = Rect::spanning(ends[0], ends[1]);
        assert!(change.dirty.iter().any(|dirty| dirty.union(&span) == *dirty), "{span:?}");
    }
    assert!(!change.is_new_layout);
}

#[test]
fn a_failover_keeps_nodes_and_says_what_moved() {
    let mut world = world_of(chain());
    let mut nodes = chain();
    nodes[0] = FleetNode { state: "s_down".into(), ..server("a:1", NodeRole::Replica, Some(1)) };
    nodes[1] = server("b:2", NodeRole::Master, None);
    nodes[3] = server("d:4", NodeRole::Replica, Some(1));
    nodes[4].master = Some(1);
    let change = world.update(&shown(nodes));
    assert!(change.is_new_layout && change.gone.is_empty() && change.fresh.is_empty());
    assert_eq!(line(&world, "b:2"), (RouteKind::Descent, Ink::Line, (0, 2)));
    assert_eq!(line(&world, "a:1"), (RouteKind::Flow(Dash::Dotted), Ink::Dead, (2, 1)));
    assert_eq!(world.scene().tints[1], Ink::Dead);
}

#[test]
fn servers_that_copy_from_each_other_and_many_of_them_have_places() {
    let ring = vec![
        server("a:1", NodeRole::Replica, Some(1)),
        server("b:2", NodeRole::Replica, Some(0)),
        server("c:3", NodeRole::Replica, Some(9)),
    ];
    let world = world_of(ring);
    assert!(["a:1", "b:2", "c:3"].iter().all(|addr| line(&world, addr).2.0 == 0));
    let many: Vec<FleetNode> = (0..120u16)
        .map(|index| {
            let (role, master) = match index % 2 {
                0 => (NodeRole::Master, None),
                _ => (NodeRole::Replica, Some(index - 1)),
            };
            server(&format!("n:{index}"), role, master)
        })
        .collect();
    let bounds = world_of(many).scene().bounds;
    let aspect = f64::from(bounds.width) / f64::from(bounds.height);
    assert!((0.7..3.5).contains(&aspect), "{bounds:?}");
}
