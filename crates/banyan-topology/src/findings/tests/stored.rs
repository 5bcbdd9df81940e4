//! What is stored, and who waits for it.

use super::*;
use crate::{
    Consumer, ConsumerGroup, Lock, LockQuorum, Part, PrefixNode, Queue, Role, Stream, Touch,
    WaitSource, Waiting, Window, Withheld,
};

fn row(parent: u32, name: &str, keys: u64, with_ttl: u64) -> PrefixNode {
    PrefixNode { parent, name: name.into(), keys, with_ttl, ..PrefixNode::default() }
}

fn key(parent: u32, name: &str, bytes: u64) -> PrefixNode {
    PrefixNode { is_key: true, bytes, ..row(parent, name, 1, 0) }
}

/// Rows below a root.
fn keyspace(rows: impl IntoIterator<Item = PrefixNode>) -> Keyspace {
    let nodes = std::iter::once(row(0, "", 0, 0)).chain(rows).collect();
    Keyspace { taken_at_millis: START, delimiter: ":".into(), nodes, ..Keyspace::default() }
}

fn at_once(topology: &Topology, keyspace: &Keyspace) -> Vec<Finding> {
    Observer::new().look(topology, Some(keyspace))
}

#[test]
fn big_keys() {
    let big = |bytes| at_once(&redis(), &keyspace([row(0, "a", 9, 9), key(1, "b", bytes)]));
    let findings = big(10_000_000);
    assert_eq!(rules(&findings), ["big_key"]);
    assert_eq!(findings[0].subject, Subject::Key { db: 0, key: "a:b".into() });
    assert_eq!(findings[0].severity, Severity::Notice);
    assert_eq!(big(100_000_000)[0].severity, Severity::Warning);
    assert_eq!(big(9_999_999), []);
}

#[test]
fn keys_of_several_databases_have_their_names() {
    let database = PrefixNode { database: Some(3), ..row(0, "db3", 9, 0) };
    let rows = [database, row(1, "a", 9, 0), key(2, "b", 10_000_000)];
    let findings = at_once(&redis(), &keyspace(rows));
    assert_eq!(findings[0].subject, Subject::Key { db: 3, key: "a:b".into() });
}

#[test]
fn keys_that_stay_among_keys_that_do_not() {
    let of = |keys, with_ttl, policy: Option<&str>| {
        let mut topology = redis();
        topology.server.eviction_policy = policy.map(str::to_owned);
        at_once(&topology, &keyspace([row(0, "user", keys, with_ttl)]))
    };
    let findings = of(100, 95, None);
    assert_eq!(rules(&findings), ["keys_without_ttl"]);
    assert_eq!(findings[0].severity, Severity::Notice);
    assert_eq!(of(100, 95, Some("volatile-lru"))[0].severity, Severity::Warning);
    // By its name it is a cache, and nothing in it ends; told once, for all below it.
    let cache = PrefixNode { role: Some(Role::CachedRow), ..row(0, "cache", 200, 0) };
    let users = PrefixNode { role: Some(Role::CachedRow), ..row(1, "user", 150, 0) };
    let findings = at_once(&redis(), &keyspace([cache.clone(), users]));
    assert_eq!(rules(&findings), ["keys_without_ttl"]);
    let mut unknown = keyspace([cache.clone()]);
    unknown.withheld = vec![Withheld { part: Part::KeyTtls, reason: "NOPERM".into() }];
    assert_eq!(at_once(&redis(), &unknown), []);
    let estimated = PrefixNode { keys_error: 3, ..cache };
    assert_eq!(at_once(&redis(), &keyspace([estimated])), []);
    for (keys, with_ttl) in [(100, 96), (99, 60), (100, 100), (100, 49), (100, 0)] {
        assert_eq!(of(keys, with_ttl, None), [], "{with_ttl} of {keys}");
    }
}

#[test]
fn rules_over_keys_end_with_the_next_keyspace() {
    let mut observer = Observer::new();
    let mut topology = redis();
    let mut keys = keyspace([key(0, "b", 10_000_000)]);
    assert_eq!(observer.look(&topology, Some(&keys)).len(), 1);
    topology.taken_at_millis += 500;
    assert_eq!(observer.look(&topology, Some(&keys)).len(), 1);
    keys = keyspace([key(0, "b", 10)]);
    keys.taken_at_millis += 900;
    topology.taken_at_millis += REST_MILLIS;
    assert_eq!(observer.look(&topology, Some(&keys)).len(), 1);
    topology.taken_at_millis += REST_MILLIS;
    assert_eq!(observer.look(&topology, Some(&keys)), []);
}

#[test]
fn consumers_that_wait_for_nothing() {
    let waiting = |secs: u64, source| {
        let since_millis = START - secs * 1000;
        let mut topology = redis();
        let waiting = vec![Waiting { client: 7, source, since_millis }];
        topology.workload.queues = vec![Queue { db: 0, key: "jbos".into(), waiting }];
        topology
    };
    let long = waiting(1_800, WaitSource::Seen);
    assert_eq!(rules(&once(&long)), ["consumers_without_queue"]);
    assert_eq!(once(&waiting(1_799, WaitSource::Seen)), []);
    // A hint is not a fact.
    assert_eq!(once(&waiting(9_000, WaitSource::Length)), []);
    assert_eq!(at_once(&long, &keyspace([key(0, "jbos", 9)])), []);
    let mut fed = long;
    fed.workload.touches =
        vec![Touch { client: 8, db: 0, prefix: "jb".into(), reads: 0, writes: 1 }];
    assert_eq!(once(&fed), []);
}

#[test]
fn locks() {
    let lock = |ttl_millis, held_secs: u64| {
        let since_millis = START - held_secs * 1000;
        let holder = Some("ann".to_owned());
        let key = "lock:a".into();
        let lock = Lock { db: 0, key, holder, ttl_millis, since_millis, quorum: None };
        Keyspace { locks: vec![lock], ..keyspace([]) }
    };
    let endless = at_once(&redis(), &lock(None, 9));
    assert_eq!(rules(&endless), ["lock_without_ttl"]);
    assert_eq!(fact(&endless, Rule::LockWithoutTtl, "holder"), "ann");
    assert_eq!(at_once(&redis(), &lock(Some(9_000), 299)), []);
    assert_eq!(rules(&at_once(&redis(), &lock(Some(9_000), 300))), ["lock_held_long"]);
    // Where nobody looked into the locks, their rows tell.
    let row = |with_ttl| PrefixNode { role: Some(Role::Lock), with_ttl, ..key(0, "lock:a", 90) };
    assert_eq!(rules(&at_once(&redis(), &keyspace([row(0)]))), ["lock_without_ttl"]);
    assert_eq!(at_once(&redis(), &keyspace([row(1)])), []);
}

#[test]
fn locks_that_most_servers_do_not_have() {
    let lock = |held, held_secs: u64| {
        let lock = Lock {
            key: "lock:a".into(),
            ttl_millis: Some(90_000),
            since_millis: START - held_secs * 1000,
            quorum: Some(LockQuorum { held, servers: 5, is_by_value: false, unreached: 1 }),
            ..Lock::default()
        };
        let row = PrefixNode { role: Some(Role::Lock), ..key(0, "lock:a", 90) };
        Keyspace { locks: vec![lock], ..keyspace([row]) }
    };
    let told = at_once(&redis(), &lock(2, 5));
    assert_eq!(rules(&told), ["lock_on_minority"]);
    assert_eq!(fact(&told, Rule::LockOnMinority, "same_ends"), "2 / 5");
    assert_eq!(fact(&told, Rule::LockOnMinority, "ttl_secs"), "90");
    assert_eq!(at_once(&redis(), &lock(2, 4)), [], "it may be being taken back");
    assert_eq!(at_once(&redis(), &lock(3, 60)), []);
    assert_eq!(rules(&at_once(&redis(), &lock(3, 300))), ["lock_held_long"]);
    assert_eq!(rules(&at_once(&redis(), &lock(2, 300))), ["lock_on_minority"]);

    let mut keyspace = lock(3, 0);
    keyspace.tell_quorums();
    let told = [Evidence::new("same_ends", "3 / 5"), Evidence::new("unreached_servers", 1)];
    assert_eq!(keyspace.nodes.last().unwrap().evidence, told);
}

#[test]
fn work_that_nobody_takes() {
    let queue = PrefixNode { role: Some(Role::TaskQueue), ..key(0, "jobs", 900) };
    let keys = keyspace([queue]);
    let at = |looks: u64, command: &str, change: fn(&mut Topology)| {
        let mut observer = Observer::new();
        let mut topology = with(redis(), [Client { command: command.into(), ..client(7, 9, 1) }]);
        change(&mut topology);
        let mut findings = Vec::new();
        for look in 0..looks {
            topology.taken_at_millis = START + look * 500;
            findings = observer.look(&topology, Some(&keys));
        }
        findings
    };
    assert_eq!(rules(&at(9, "lpush", |_| {})), ["queue_without_consumers"]);
    assert_eq!(at(8, "lpush", |_| {}), []);
    assert_eq!(at(9, "brpop", |_| {}), []);
    assert_eq!(
        at(9, "lpush", |it| {
            let touch = Touch { client: 7, db: 0, prefix: "jo".into(), reads: 1, writes: 0 };
            it.workload.touches = vec![touch];
        }),
        []
    );
    assert_eq!(
        at(9, "lpush", |it| {
            it.withheld = vec![Withheld { part: Part::Clients, reason: "NOPERM".into() }];
        }),
        []
    );
}

#[test]
fn the_prefix_that_changes_most() {
    let hot = |name: &str, heat| PrefixNode { heat: Some(heat), ..row(0, name, 9, 9) };
    let of = |hot_heat: u64, other: u64| {
        let mut keys = keyspace([hot("user", hot_heat), hot("job", other)]);
        keys.nodes[0].heat = Some(hot_heat + other);
        at_once(&redis(), &keys)
    };
    let findings = of(100_000, 100_000 - 1);
    assert_eq!(rules(&findings), ["hot_prefix"]);
    assert_eq!(fact(&findings, Rule::HotPrefix, "events_per_sec"), "100");
    assert_eq!(of(99_999, 10), []);
    assert_eq!(of(400_000, 500_000)[0].subject, Subject::Prefix { db: 0, prefix: "job".into() });
}

#[test]
fn groups_of_streams_without_consumers() {
    let group = |pending, lag, away_secs: Option<u64>| {
        let consumer =
            |secs| Consumer { name: "c".into(), pending, seen_at_millis: START - secs * 1000 };
        let consumers = away_secs.map(consumer).into_iter().collect();
        let groups = vec![ConsumerGroup { name: "g".into(), pending, lag, consumers }];
        let mut topology = redis();
        topology.workload.streams =
            vec![Stream { db: 2, key: "events".into(), entries: 9, groups }];
        once(&topology)
    };
    assert_eq!(rules(&group(1, None, None)), ["queue_without_consumers"]);
    assert_eq!(group(0, Some(5), Some(600)).len(), 1);
    assert_eq!(group(0, Some(5), Some(599)), []);
    assert_eq!(group(0, Some(0), None), []);
    assert_eq!(group(0, None, None), []);
}

#[test]
fn the_prefix_where_most_commands_go() {
    let touched = |hot: u64, other: u64, millis: u64| {
        let touch = |prefix: &str, reads| Touch {
            client: 7,
            db: 0,
            prefix: prefix.into(),
            reads,
            writes: 0,
        };
        let mut topology = redis();
        topology.workload.touches = vec![touch("user:", hot), touch("job:", other)];
        let (from_millis, to_millis) = (START - millis, START);
        topology.workload.window =
            Some(Window { from_millis, to_millis, commands: 0, missed: 0, bytes: 0 });
        topology
    };
    let findings = once(&touched(200, 200 - 1, 2_000));
    assert_eq!(rules(&findings), ["hot_prefix"]);
    assert_eq!(fact(&findings, Rule::HotPrefix, "reads_per_sec"), "100");
    assert_eq!(once(&touched(199, 1, 2_000)), []);
    assert_eq!(once(&touched(200, 150, 9_000)), []);
    let mut unknown = touched(200, 10, 1_000);
    unknown.workload.window = None;
    assert_eq!(once(&unknown), []);
}
