//! Whatever sequence of changes leads to a moment, its picture is the same; and whatever looks
//! different from the moment before lies in a dirty rectangle.

use std::collections::BTreeMap;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{Card, CardSource, Scene, SceneParts};
use banyan_topology::{Client, ClientId, ClientState, Delta, Topology};
use proptest::prelude::*;

use super::{NOW, cards, client, fleets, topology};
use crate::{
    connections::{ConnectionsWorld, GroupBy},
    picture::Picture,
    world::{Words, World as _},
};

const STATES: [ClientState; 8] = [
    ClientState::Idle,
    ClientState::Active,
    ClientState::Active,
    ClientState::Blocked,
    ClientState::InMulti,
    ClientState::Subscriber,
    ClientState::Replica,
    ClientState::Closing,
];

/// One update: time that passes, connections that come or change, connections that go.
#[derive(Clone, Debug)]
struct Step {
    millis: u64,
    changed: Vec<Client>,
    gone: Vec<ClientId>,
    /// Which of the fleets it is from then on.
    fleet: Option<usize>,
}

fn any_client() -> impl Strategy<Value = Client> {
    let pools = prop::sample::select(vec!["", "web-1", "web-2", "mail", "banyan", "web-3"]);
    (0..40_u64, pools, 0..STATES.len(), 0..90_000_u64, 0..3_u64).prop_map(
        |(id, name, state, idle, unread)| Client {
            active_at_millis: NOW - idle,
            output_bytes: Some(unread * 4_000),
            own: name == "banyan",
            library: (id % 3 > 0).then(|| format!("lib{}", id % 3)),
            ..client(id, STATES[state], name, ["get", "brpop", "xread"][state % 3])
        },
    )
}

fn any_step() -> impl Strategy<Value = Step> {
    let times = prop_oneof![Just(0), 1..600_u64, 1_000..4_000_u64, 50_000..9_000_000_u64];
    let clients = prop::collection::vec(any_client(), 0..6);
    let fleets = prop::option::weighted(0.3, 0..5_usize);
    (times, clients, prop::collection::vec(0..40_u64, 0..5), fleets)
        .prop_map(|(millis, changed, gone, fleet)| Step { millis, changed, gone, fleet })
}

/// The picture of the same moment, built at once: with the same slots and the same memory of who
/// ended and who waited.
fn afresh(world: &ConnectionsWorld) -> ConnectionsWorld {
    let mut fresh = ConnectionsWorld::new(
        Topology { clients: BTreeMap::new(), ..world.topology.clone() },
        &world.address,
        world.group_by,
        world.words.clone(),
    );
    fresh.topology = world.topology.clone();
    fresh.seats = world.seats.afresh();
    let everybody = world.seats.everybody().collect();
    fresh.settle(&everybody);
    fresh.rearrange(&everybody);
    fresh
}

/// Whether a line of the scene runs through a point.
fn is_inked(scene: &Scene, at: Point) -> bool {
    (0..scene.routes.len()).any(|line| {
        scene.routes.line(line).windows(2).any(|ends| {
            let span = Rect::spanning(ends[0], ends[1]);
            (span.x..=span.right()).contains(&at.x) && (span.y..=span.bottom()).contains(&at.y)
        })
    })
}

/// Points between which nothing begins or ends on the lines of both scenes.
fn points_on_lines(scenes: [&Scene; 2]) -> Vec<Point> {
    let mut tracks: BTreeMap<(bool, i32), Vec<i32>> = BTreeMap::new();
    for scene in scenes {
        for line in 0..scene.routes.len() {
            for ends in scene.routes.line(line).windows(2) {
                let is_upright = ends[0].x == ends[1].x;
                for end in ends {
                    let (at, along) = if is_upright { (end.x, end.y) } else { (end.y, end.x) };
                    tracks.entry((is_upright, at)).or_default().push(along);
                }
            }
        }
    }
    let mut points = Vec::new();
    for ((is_upright, at), mut ends) in tracks {
        ends.sort_unstable();
        ends.dedup();
        let middles: Vec<i32> = ends.windows(2).map(|pair| (pair[0] + pair[1]) / 2).collect();
        for along in ends.into_iter().chain(middles) {
            points.push(if is_upright { Point::new(at, along) } else { Point::new(along, at) });
        }
    }
    points
}

fn without_lines(scene: &Scene) -> Scene {
    Scene::new(SceneParts {
        boxes: scene.boxes.clone(),
        tints: scene.tints.clone(),
        shapes: scene.shapes.clone(),
        landmarks: scene.landmarks.clone(),
        ..SceneParts::default()
    })
}

/// Nothing is written on any card.
struct Blank;

impl CardSource for Blank {
    fn card(&self, _: u32, _: &mut Card) {}
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn every_sequence_leads_to_the_same_picture(
        start in prop::collection::vec(any_client(), 0..30),
        steps in prop::collection::vec(any_step(), 1..20),
        group_by in prop::sample::select(vec![GroupBy::Kind, GroupBy::Kind, GroupBy::Library, GroupBy::Address]),
    ) {
        let mut world = ConnectionsWorld::new(topology(start), "here", group_by, Words::english());
        let mut now = NOW;
        for step in steps {
            now += step.millis;
            let mut later = Topology { taken_at_millis: now, ..world.topology.clone() };
            if let Some(fleet) = step.fleet {
                later.fleet = fleets::one_of_several(fleet);
            }
            later.clients.retain(|id, _| !step.gone.contains(id));
            later.clients.extend(step.changed.into_iter().map(|client| (client.id, client)));
            let (before, boxes) = (without_lines(&world.scene), world.scene.clone());
            let (looked, coloured) = (Picture::of(&before, &world), Picture::of(&before, &Blank));
            let change = world.apply(Delta::between(&world.topology, &later));

            let fresh = afresh(&world);
            prop_assert_eq!(&world.arrangement.nodes, &fresh.arrangement.nodes);
            prop_assert_eq!(&world.scene.boxes, &fresh.scene.boxes);
            prop_assert_eq!(&world.scene.tints, &fresh.scene.tints);
            prop_assert_eq!(&world.scene.shapes, &fresh.scene.shapes);
            prop_assert_eq!(&world.scene.routes, &fresh.scene.routes);
            prop_assert_eq!(&world.scene.route_inks, &fresh.scene.route_inks);
            prop_assert_eq!(&world.scene.landmarks, &fresh.scene.landmarks);
            prop_assert_eq!(cards(&world), cards(&fresh));

            let is_dirty = |rect: &Rect| change.dirty.iter().any(|dirty| dirty.union(rect) == *dirty);
            let is_read = |rect: &Rect| change.read.iter().any(|read| read.union(rect) == *read);
            let after = without_lines(&world.scene);
            for rect in looked.changes(&Picture::of(&after, &world)) {
                prop_assert!(is_dirty(&rect) || is_read(&rect), "{:?} in {:?}", rect, change);
            }
            for rect in coloured.changes(&Picture::of(&after, &Blank)) {
                prop_assert!(is_dirty(&rect), "a colour at {:?} in {:?}", rect, change.dirty);
            }
            for point in points_on_lines([&boxes, &world.scene]) {
                if is_inked(&boxes, point) != is_inked(&world.scene, point) {
                    let dot = Rect::new(point.x, point.y, 1, 1);
                    prop_assert!(is_dirty(&dot), "a line at {:?} in {:?}", point, change.dirty);
                }
            }
            for (from, to) in &change.moves {
                prop_assert!(boxes.boxes.contains(from) && world.scene.boxes.contains(to));
            }
            prop_assert!(change.fresh.iter().all(|rect| world.scene.boxes.contains(rect)));
            prop_assert!(change.gone.iter().all(|rect| boxes.boxes.contains(rect)
                && !world.scene.boxes.contains(rect)));
            for &id in world.topology.clients.keys() {
                let node = world.node_of_client(id).expect("everybody stands somewhere");
                prop_assert_eq!(world.find(&world.id_of(node)), Some(node));
            }
        }
    }
}

#[test]
fn one_of_ten_thousand_is_one_rectangle() {
    let pool = (0..10_000).map(|id| client(id, ClientState::Idle, "pool", "get"));
    let mut world = ConnectionsWorld::new(topology(pool), "here", GroupBy::Kind, Words::english());
    let mut delta = Delta::between(world.topology(), world.topology());
    delta.changed = vec![client(5_000, ClientState::Subscriber, "pool", "subscribe")];
    delta.changed[0].state = ClientState::Closing;
    let change = world.apply(delta);
    assert_eq!(change.dirty, [world.rect(world.node_of_client(5_000).expect("it")).inflated(4)]);
    // The strips of the group and the server get a part for the new state.
    assert_eq!(change.read.len(), 2);
    assert!(!change.is_new_layout);
}
