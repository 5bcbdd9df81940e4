mod sequences;

use banyan_topology::{
    Evidence, KeyFacts, KeyType, KeyspaceDelta, Part, PrefixNode, PrefixTrie, Role, Withheld,
};
use expect_test::expect;

use super::*;
use crate::{change::WorldChange, details::told};

pub(super) fn keyspace(keys: &[(&str, KeyType, u64, Option<u64>)]) -> Keyspace {
    let mut trie = PrefixTrie::new(":");
    for &(key, key_type, bytes, ttl_secs) in keys {
        trie.insert(None, key.as_bytes(), KeyFacts { key_type, bytes, ttl_secs });
    }
    Keyspace {
        taken_at_millis: 1,
        delimiter: ":".into(),
        seen: trie.keys(),
        total: Some(trie.keys()),
        complete: true,
        completed_at_millis: Some(1),
        nodes: trie.rows(100),
        ..Keyspace::default()
    }
}

const KEYS: [(&str, KeyType, u64, Option<u64>); 7] = [
    ("user:1:name", KeyType::String, 100, Some(7_200)),
    ("user:1:tags", KeyType::Set, 300, None),
    ("user:2:name", KeyType::String, 100, Some(60)),
    ("user", KeyType::Hash, 1_000, None),
    ("queue:mail", KeyType::List, 2_500, None),
    ("队列:邮件", KeyType::List, 100, None),
    (":odd", KeyType::String, 0, None),
];

fn world(keyspace: Keyspace) -> KeyspaceWorld {
    KeyspaceWorld::new(keyspace, Words::english())
}

fn cards(world: &KeyspaceWorld) -> String {
    let mut card = Card::default();
    let mut told = String::new();
    for node in (0u32..).take(world.scene().len()) {
        card.clear();
        world.card(node, &mut card);
        let Card { title, figure, subtitle, note, meters, strip, .. } = &card;
        let meters: Vec<String> =
            meters.iter().map(|meter| format!("{:.2}", meter.share)).collect();
        let id = world.id_of(node);
        let (meters, types) = (meters.join(" "), strip.len());
        told.push_str(&format!(
            "{id}: {title} | {figure} | {subtitle} | {note} | {meters} {types}\n"
        ));
    }
    told
}

#[test]
fn cards_say_how_many_and_how_big() {
    expect![[r#"
        keys: all keys | 7 | 4.10 kB | TTL 29 % | 1.00 4
        prefix:user: user | 3 | 500 B | TTL 67 % | 0.35 2
        prefix:user:1: 1 | 2 | 400 B | TTL 50 % | 0.31 2
        key:user:1:name: name |  | 100 B · TTL 2 h | STRING | 0.16 0
        key:user:1:tags: tags |  | 300 B | SET | 0.27 0
        key:user:2:name: 2:name |  | 100 B · TTL 1 min | STRING | 0.16 0
        key::odd: :odd |  | 0 B | STRING |  0
        key:queue:mail: queue:mail |  | 2.50 kB | LIST | 0.78 0
        key:user: user |  | 1.00 kB | HASH | 0.49 0
        key:队列:邮件: 队列:邮件 |  | 100 B | LIST | 0.16 0
    "#]]
    .assert_eq(&cards(&world(keyspace(&KEYS))));
}

#[test]
fn details_say_everything() {
    let world = world(keyspace(&KEYS));
    let details = |id: &str| told(&world.details(world.find(id).expect(id)));
    expect![[r#"
        keys = all keys ()
          KeyCount: Count(7)
          Memory: Bytes(4100)
          WithTtl: PerMille(286)
          MeanTtl: Seconds(3630)
          Completeness: PerMille(1000)
        Types
          TypeString: Count(3)
          TypeList: Count(2)
          TypeSet: Count(1)
          TypeHash: Count(1)
        TtlSpans
          TtlSpans: Share("span_1", 143)
          TtlSpans: Share("span_2", 143)
          TtlSpans: Share("span_none", 714)
    "#]]
    .assert_eq(&details("keys"));
    expect![[r#"
        prefix:user:1 = user:1 ()
          Prefix: user:1:
          KeyCount: Count(2)
          ShareOfKeys: PerMille(286)
          Memory: Bytes(400)
          ShareOfBytes: PerMille(98)
          WithTtl: PerMille(500)
          MeanTtl: Seconds(7200)
        Types
          TypeString: Count(1)
          TypeSet: Count(1)
        TtlSpans
          TtlSpans: Share("span_2", 500)
          TtlSpans: Share("span_none", 500)
    "#]]
    .assert_eq(&details("prefix:user:1"));
    expect![[r#"
        key:user:2:name = user:2:name ()
          Name: user:2:name
          KeyCount: Count(1)
          ShareOfKeys: PerMille(143)
          Memory: Bytes(100)
          ShareOfBytes: PerMille(24)
          WithTtl: PerMille(1000)
          MeanTtl: Seconds(60)
        Types
          TypeString: Count(1)
        TtlSpans
          TtlSpans: Share("span_1", 1000)
    "#]]
    .assert_eq(&details("key:user:2:name"));
}

#[test]
fn what_is_not_known_is_not_zero() {
    let mut hidden = keyspace(&KEYS);
    hidden.withheld.push(Withheld { part: Part::KeyBytes, reason: "NOPERM".into() });
    hidden.complete = false;
    hidden.total = Some(20);
    let world = world(hidden);
    let mut card = Card::default();
    world.card(0, &mut card);
    assert_eq!(card.subtitle, "7 / 20 · 35 %");
    expect![[r#"
        keys = all keys ()
          KeyCount: Count(7)
          Memory: Unknown
          WithTtl: PerMille(286)
          MeanTtl: Seconds(3630)
          Completeness: PerMille(350)
        Types
          TypeString: Count(3)
          TypeList: Count(2)
          TypeSet: Count(1)
          TypeHash: Count(1)
        TtlSpans
          TtlSpans: Share("span_1", 143)
          TtlSpans: Share("span_2", 143)
          TtlSpans: Share("span_none", 714)
    "#]]
    .assert_eq(&told(&world.details(0)));
}

#[test]
fn siblings_hold_their_order_while_numbers_change() {
    let before = [
        ("a:1", KeyType::String, 1, None),
        ("a:2", KeyType::String, 1, None),
        ("b:1", KeyType::String, 1, None),
        ("b:2", KeyType::String, 1, None),
    ];
    let after: Vec<_> = before
        .into_iter()
        .chain(["b:3", "b:4", "c:1", "c:2"].map(|key| (key, KeyType::String, 1, None)))
        .collect();
    let order = |world: &KeyspaceWorld| -> Vec<String> {
        world.tree.children.row(0).iter().map(|&node| world.id_of(node)).collect()
    };
    let mut world = world(keyspace(&before));
    assert_eq!(order(&world), ["prefix:a", "prefix:b"]);
    let change = world.update(keyspace(&after));
    assert_eq!(order(&world), ["prefix:a", "prefix:b", "prefix:c"], "b is bigger now and stays");
    assert!(change.is_new_layout);
    // The end of a first walk is the time to sort.
    world.update(Keyspace { complete: false, ..keyspace(&before) });
    world.update(keyspace(&after));
    assert_eq!(order(&world), ["prefix:b", "prefix:a", "prefix:c"]);
}

#[test]
fn only_what_changed_is_dirty() {
    let mut world = world(keyspace(&KEYS));
    assert_eq!(world.update(keyspace(&KEYS)), WorldChange::default());
    let mut keys = KEYS;
    keys[4].2 = 2_400;
    keys[5].2 = 200;
    let change = world.update(keyspace(&keys));
    assert!(!change.is_new_layout);
    assert_eq!(change.dirty, [], "the colours are the same");
    let touched = |id: &str| {
        let center = world.scene().boxes[world.find(id).expect(id) as usize].center();
        change.read.iter().any(|rect| rect.contains(center))
    };
    assert!(touched("key:queue:mail") && touched("key:队列:邮件"));
    assert!(!touched("keys") && !touched("prefix:user:1"), "the sum is the same");
}

#[test]
fn a_delta_changes_its_rows_and_no_others() {
    let first = keyspace(&KEYS);
    let mut shown = world(first.clone());
    let node = shown.find("key:user:1:name").expect("a key");
    let row = first.nodes.iter().position(|row| row.name == "name").expect("its row");
    let mut next = first.clone();
    next.nodes[row].bytes += 1;
    let change = shown.apply(KeyspaceDelta::between(&first, &next)).expect("it begins here");
    let [read] = change.read[..] else { panic!("{change:?}") };
    let card = shown.scene().boxes[node as usize];
    assert!(read.union(&card) == read && read.height < 2 * card.height, "{read:?}");
    assert!(change.dirty.is_empty() && !change.is_new_layout);
    assert_eq!(shown.keyspace().nodes[node as usize].bytes, 101);

    let mut other = world(Keyspace::default());
    assert_eq!(other.apply(KeyspaceDelta::between(&first, &next)), None);
}

#[test]
fn a_search_finds_names_before_paths() {
    let world = world(keyspace(&KEYS));
    for (query, expect) in [
        ("user", &["prefix:user", "key:user"][..]),
        ("USER:1", &["prefix:user:1"]),
        ("1:na", &["key:user:1:name"]),
        ("user:", &["prefix:user", "key:user"]),
        ("队", &["key:队列:邮件"]),
        ("name", &["key:user:1:name", "key:user:2:name"]),
        ("nothing", &[]),
        ("", &[]),
    ] {
        let found: Vec<String> =
            world.search(query, 10).into_iter().map(|node| world.id_of(node)).collect();
        assert_eq!(found, expect, "{query}");
    }
    assert_eq!(world.search("e", 1).len(), 1);
}

#[test]
fn every_node_is_found_by_its_id() {
    let world = world(keyspace(&KEYS));
    for node in (0u32..).take(world.scene().len()) {
        assert_eq!(world.find(&world.id_of(node)), Some(node));
    }
    assert_eq!(world.find("prefix:nobody"), None);
    assert_eq!(world.id_of(999), "");
}

#[test]
fn databases_stand_above_their_prefixes() {
    let mut trie = PrefixTrie::new(":");
    for database in [0, 3] {
        for key in [b"user:1", b"user:2"] {
            let facts = KeyFacts { key_type: KeyType::Hash, bytes: 9, ttl_secs: None };
            trie.insert(Some(database), key, facts);
        }
    }
    let world = world(Keyspace { nodes: trie.rows(100), ..keyspace(&[]) });
    for id in ["db0", "db3", "db3/prefix:user", "db3/key:user:1"] {
        let node = world.find(id).unwrap_or_else(|| panic!("{id}"));
        assert_eq!(world.id_of(node), id);
    }
}

#[test]
fn arrows_follow_the_tree() {
    let world = world(keyspace(&KEYS));
    let node = |id: &str| world.find(id);
    let user = node("prefix:user").expect("a prefix");
    assert_eq!(world.neighbour(user, Direction::Left), Some(0));
    assert_eq!(world.neighbour(user, Direction::Right), node("prefix:user:1"));
    assert_eq!(world.neighbour(user, Direction::Up), None, "it is the biggest");
    assert_eq!(world.neighbour(0, Direction::Left), None);
    assert_eq!(world.neighbour(0, Direction::Right), Some(user));
}

#[test]
fn foreign_rows_do_no_harm() {
    let mut broken = keyspace(&KEYS);
    for (index, row) in broken.nodes.iter_mut().enumerate() {
        row.parent = [u32::MAX, 7, 0][index % 3];
        row.keys = u64::MAX;
        row.with_ttl = 0;
        row.ttl_secs_sum = 5;
    }
    let world = world(broken);
    for node in 0..20 {
        world.details(node);
        world.summary(node);
    }
    assert_eq!(KeyspaceWorld::new(Keyspace::default(), Words::english()).scene().len(), 0);
}

#[test]
fn twenty_thousand_rows_are_updated_at_once() {
    let keys: Vec<String> = (0..20_000)
        .map(|number| format!("cache:{}:{}:{number}", number % 7, number % 300))
        .collect();
    let keys: Vec<_> = keys.iter().map(|key| (key.as_str(), KeyType::Hash, 100, None)).collect();
    let mut first = keyspace(&keys);
    first.nodes = {
        let mut trie = PrefixTrie::new(":");
        for (key, key_type, bytes, ttl_secs) in keys {
            trie.insert(None, key.as_bytes(), KeyFacts { key_type, bytes, ttl_secs });
        }
        trie.rows(20_000)
    };
    let mut world = world(first.clone());
    first.nodes[9].bytes += 1;
    let start = std::time::Instant::now();
    let change = world.update(first);
    println!("{} rows, one changed: {:?}", world.scene().len(), start.elapsed());
    assert!(!change.is_new_layout);
    let bounds = world.scene().bounds;
    let aspect = f64::from(bounds.width) / f64::from(bounds.height);
    assert!((0.8..3.2).contains(&aspect), "{bounds:?}");
}

#[test]
fn a_key_more_elsewhere_leaves_the_other_cards_alone() {
    let key = |name: String| (name, KeyType::String, 100, None);
    let keys = |more: u64| -> Vec<(String, KeyType, u64, Option<u64>)> {
        let many = (0..800).map(|id| key(format!("session:{}:{id}", id % 8)));
        many.chain((0..more).map(|id| key(format!("cache:{id}")))).collect()
    };
    let snapshot = |more: u64| {
        let keys = keys(more);
        let keys: Vec<_> = keys
            .iter()
            .map(|(name, kind, bytes, ttl)| (name.as_str(), *kind, *bytes, *ttl))
            .collect();
        keyspace(&keys)
    };
    let mut world = world(snapshot(300));
    let change = world.update(snapshot(301));
    let session = world.find("prefix:session").map(|node| world.scene().boxes[node as usize]);
    let session = session.expect("the sessions").center();
    assert!(!change.read.is_empty());
    let mut rects = change.dirty.iter().chain(&change.read);
    assert!(rects.all(|rect| !rect.contains(session)), "{change:?}");
}

#[test]
fn a_key_that_is_folded_away_is_found_by_what_is_above_it() {
    let world = world(keyspace(&KEYS));
    assert_eq!(world.find("db0/key:user:1:name"), world.find("key:user:1:name"));
    let nearest = |id: &str| world.find_near(id).map(|node| world.id_of(node));
    assert_eq!(nearest("db0/key:user:1:gone").as_deref(), Some("prefix:user:1"));
    assert_eq!(nearest("db0/key:user:9:gone").as_deref(), Some("prefix:user"));
    assert_eq!(nearest("key:user:2:name").as_deref(), Some("key:user:2:name"));
    assert_eq!(nearest("db0/key:nobody"), None);
    assert_eq!(nearest("nonsense"), None);
}

#[test]
fn estimates_roles_and_heat_are_told() {
    let mut keyspace = keyspace(&KEYS);
    let is_users = |row: &&mut PrefixNode| row.name == "user" && !row.is_key;
    let row = keyspace.nodes.iter_mut().find(is_users).expect("the users");
    row.keys_error = 12;
    row.role = Some(Role::TaskQueue);
    row.heat = Some(20_000);
    row.evidence = vec![Evidence::new("role_name", "queue")];
    let world = KeyspaceWorld::new(keyspace, Words::english());
    let node = world.find("prefix:user").expect("the users");
    let mut card = Card::default();
    world.card(node, &mut card);
    assert!(card.figure.starts_with("≈ "), "{}", card.figure);
    assert_eq!(card.note, "TASK QUEUE · TTL 67 % · ≥ 16/S");
    let details = told(&world.details(node));
    for line in ["± 12", "KeyRole: Word(TaskQueue)", "Evidence: Fact(", "Heat: 20.0"] {
        assert!(details.contains(line), "{line} is not in\n{details}");
    }
}
