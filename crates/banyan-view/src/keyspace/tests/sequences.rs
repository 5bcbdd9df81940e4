//! Whatever sequence of snapshots leads to a moment, its picture is that of a world made afresh, with
//! nothing kept but the order of siblings; and whatever looks different lies in the change.

use std::collections::BTreeMap;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{Card, CardSource as _, Ink, Landmark, Shape};
use banyan_topology::{KeyFacts, KeyType, Keyspace, KeyspaceDelta, Part, PrefixTrie, Withheld};
use proptest::prelude::*;

use crate::{
    keyspace::{KeyspaceWorld, chains, tests::keyspace, tree::Tree, update},
    picture::Picture,
    world::{Words, World as _},
};

/// What is known of a key: none, if it is not there.
type Fact = Option<(KeyType, u64, Option<u64>)>;

#[derive(Clone, Debug)]
struct Snapshot {
    /// Keys that differ from the snapshot before.
    changes: Vec<(String, Fact)>,
    rows: usize,
    is_complete: bool,
    is_sized: bool,
    delimiter: &'static str,
}

fn any_key() -> impl Strategy<Value = String> {
    let parts = prop::sample::select(vec!["a", "b", "user", "", "17", "x"]);
    prop::collection::vec(parts, 1..4).prop_map(|parts| parts.join(":"))
}

fn any_fact() -> impl Strategy<Value = Fact> {
    let types = prop::sample::select(vec![KeyType::String, KeyType::String, KeyType::Hash]);
    let bytes = prop_oneof![Just(0), 1..3_000_u64, 1_000_000..9_000_000_u64];
    let ttls = prop::option::of(prop_oneof![1..200_u64, 3_000..200_000_u64]);
    prop::option::weighted(0.8, (types, bytes, ttls))
}

fn any_snapshot() -> impl Strategy<Value = Snapshot> {
    let changes = prop::collection::vec((any_key(), any_fact()), 0..12);
    let rows = prop::sample::select(vec![100, 100, 100, 9]);
    let delimiters = prop::sample::select(vec![":", ":", ":", ":", "/"]);
    let flags = (prop::bool::weighted(0.8), prop::bool::weighted(0.9));
    (changes, rows, flags, delimiters).prop_map(
        |(changes, rows, (is_complete, is_sized), delimiter)| Snapshot {
            changes,
            rows,
            is_complete,
            is_sized,
            delimiter,
        },
    )
}

fn keyspace_of(keys: &BTreeMap<String, Fact>, snapshot: &Snapshot) -> Keyspace {
    let mut trie = PrefixTrie::new(snapshot.delimiter);
    for (key, fact) in keys {
        if let Some((key_type, bytes, ttl_secs)) = *fact {
            trie.insert(None, key.as_bytes(), KeyFacts { key_type, bytes, ttl_secs });
        }
    }
    let withheld = Withheld { part: Part::KeyBytes, reason: "NOPERM".into() };
    Keyspace {
        delimiter: snapshot.delimiter.into(),
        seen: trie.keys(),
        total: Some(trie.keys() + 5),
        complete: snapshot.is_complete,
        nodes: trie.rows(snapshot.rows),
        withheld: if snapshot.is_sized { Vec::new() } else { vec![withheld] },
        ..keyspace(&[])
    }
}

/// The world of a snapshot, of which nothing is known but the order that siblings had.
fn afresh(told: Keyspace, earlier: Option<&Tree>) -> KeyspaceWorld {
    let (keyspace, _) = chains::joined(told);
    let tree = Tree::new(&keyspace, earlier);
    let looks = update::looks(&keyspace, &Words::english(), |_, _| None);
    KeyspaceWorld::laid_out(keyspace, tree, looks, Words::english())
}

#[derive(Debug, PartialEq)]
struct Seen {
    rect: Rect,
    card: Card,
    tint: Ink,
    shape: Shape,
    looks: u64,
    block: banyan_layout::geometry::Size,
    parent: Option<String>,
    children: Vec<String>,
    line: Option<Vec<Point>>,
}

/// All that is seen of each node, by its id: numbers of nodes are nobody's business.
fn seen(world: &KeyspaceWorld) -> BTreeMap<String, Seen> {
    let scene = &world.scene;
    let look_at = |node: u32| {
        let at = node as usize;
        let mut card = Card::default();
        world.card(node, &mut card);
        let children = world.tree.children.row(at).iter();
        let line = world.lines[at].map(|line| scene.routes.line(line as usize).to_vec());
        let seen = Seen {
            rect: scene.boxes[at],
            card,
            tint: scene.tints[at],
            shape: scene.shapes[at],
            looks: world.looks[at],
            block: world.blocks[at],
            parent: world.parent(node).map(|parent| world.id_of(parent)),
            children: children.map(|&child| world.id_of(child)).collect(),
            line,
        };
        (world.id_of(node), seen)
    };
    (0..scene.len() as u32).map(look_at).collect()
}

fn landmarks(world: &KeyspaceWorld) -> Vec<&Landmark> {
    let mut landmarks: Vec<&Landmark> = world.scene.landmarks.iter().collect();
    landmarks.sort_by_key(|landmark| (landmark.region.x, landmark.region.y, &landmark.text));
    landmarks
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn every_sequence_leads_to_the_same_picture(
        snapshots in prop::collection::vec(any_snapshot(), 2..12),
    ) {
        let mut keys = BTreeMap::new();
        keys.extend(snapshots[0].changes.clone());
        let first = keyspace_of(&keys, &snapshots[0]);
        let mut world = KeyspaceWorld::new(first.clone(), Words::english());
        // Another one is told what is different alone.
        let mut led = KeyspaceWorld::new(first.clone(), Words::english());
        let mut told = first.clone();
        let mut fresh = afresh(first, None);
        for snapshot in &snapshots[1..] {
            keys.extend(snapshot.changes.clone());
            let keyspace = keyspace_of(&keys, snapshot);
            let before = (Picture::of(&world.scene, &world), seen(&world));
            let is_first_end = keyspace.complete && !fresh.keyspace.complete;
            let ids_before: Vec<String> =
                (0..world.scene.len() as u32).map(|node| world.id_of(node)).collect();

            fresh = afresh(keyspace.clone(), (!is_first_end).then_some(&fresh.tree));
            let delta = KeyspaceDelta::between(&told, &keyspace);
            let change = world.update(keyspace.clone());
            let change_led = led.apply(delta);
            prop_assert_eq!(change_led.as_ref(), Some(&change));
            prop_assert_eq!(seen(&led), seen(&world));
            prop_assert_eq!(&led.keyspace, &world.keyspace);
            told = keyspace;

            let after = seen(&world);
            prop_assert_eq!(&after, &seen(&fresh));
            prop_assert_eq!(landmarks(&world), landmarks(&fresh));
            prop_assert_eq!(world.scene.bounds, fresh.scene.bounds);
            let is_in = |rects: &[Rect], rect: &Rect| rects.iter().any(|all| all.union(rect) == *all);
            for rect in before.0.changes(&Picture::of(&world.scene, &world)) {
                let is_told = is_in(&change.dirty, &rect) || is_in(&change.read, &rect);
                prop_assert!(is_told, "{:?} in {:?}", rect, change);
            }
            for (id, now) in &after {
                let was = before.1.get(id);
                if was.is_none_or(|was| (was.tint, was.shape) != (now.tint, now.shape)) {
                    prop_assert!(is_in(&change.dirty, &now.rect), "{} in {:?}", id, change);
                }
                let found = world.find(id).map(|node| world.id_of(node));
                prop_assert_eq!(found.as_ref(), Some(id));
            }
            if !is_first_end && before.1.keys().eq(after.keys()) {
                prop_assert!(!change.is_new_layout);
                for (node, id) in (0u32..).zip(&ids_before) {
                    prop_assert_eq!(&world.id_of(node), id, "nodes keep their numbers");
                }
            }
        }
    }
}
