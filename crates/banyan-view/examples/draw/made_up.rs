//! A server and a keyspace that look like real ones, the same at every run.

use std::collections::BTreeMap;

use banyan_topology::{
    Client, ClientState, Cost, KeyFacts, KeyType, Keyspace, PrefixTrie, Replication, ServerFacts,
    ServerKind, Topology,
};

/// Numbers that look random (Lehmer's generator).
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides.max(1)
    }

    fn pick<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.roll(from.len() as u64) as usize]
    }
}

const NOW: u64 = 1_795_300_000_000;

pub(crate) fn topology(clients: u64) -> Topology {
    let mut dice = Dice(7);
    let clients: BTreeMap<u64, Client> = (0..clients)
        .map(|number| client(number + 101, &mut dice))
        .map(|client| (client.id, client))
        .collect();
    Topology {
        taken_at_millis: NOW,
        server: ServerFacts {
            kind: ServerKind::Redis,
            version: "7.0.15".into(),
            run_id: "3f2ab1c0d9e8f7a6b5c4d3e2f1a0b9c8d7e6f5a4".into(),
            uptime_secs: Some(93_784),
            used_memory_bytes: Some(148_234_880),
            max_memory_bytes: Some(268_435_456),
            max_clients: Some(10_000),
            connected_clients: Some(clients.len() as u64),
            blocked_clients: Some(9),
            ops_per_sec: Some(347),
            total_connections: Some(20_114),
            databases: BTreeMap::from([(0, 120_345), (3, 88)]),
        },
        clients,
        threads: None,
        replication: Some(Replication {
            is_master: true,
            master: None,
            link: None,
            offset: Some(1_234_567),
            replicas: Vec::new(),
        }),
        cost: Cost { commands: 1200, micros: 90_000 },
        withheld: Vec::new(),
    }
}

fn client(id: u64, dice: &mut Dice) -> Client {
    let (state, name, command, flags) = match dice.roll(20) {
        0..4 => (
            ClientState::Blocked,
            dice.pick(&["worker-mail", "worker-thumbs", "worker-billing"]),
            dice.pick(&["brpop", "brpop", "bzpopmin", "xreadgroup"]),
            "b",
        ),
        4..8 => (
            ClientState::Active,
            dice.pick(&["web-1", "web-2", "", ""]),
            dice.pick(&["get", "set", "hget", "zadd", "evalsha"]),
            "N",
        ),
        8 => (ClientState::Subscriber, "push", dice.pick(&["subscribe", "psubscribe"]), "P"),
        9 => (ClientState::InMulti, "checkout", "set", "x"),
        10 if id.is_multiple_of(3) => (ClientState::Replica, "", "replconf", "S"),
        11 if id.is_multiple_of(3) => (ClientState::Monitor, "", "monitor", "O"),
        12 if id.is_multiple_of(2) => (ClientState::Closing, "", "client|kill", "A"),
        _ => (
            ClientState::Idle,
            dice.pick(&["pool", "pool", "pool", "", ""]),
            dice.pick(&["get", "ping", "auth", "select"]),
            "N",
        ),
    };
    let open_secs = [4, 40, 900, 9_000, 70_000][dice.roll(5) as usize] + dice.roll(60);
    let idle_secs = match state {
        ClientState::Active => dice.roll(2),
        ClientState::Idle => open_secs / (1 + dice.roll(6)),
        _ => dice.roll(30),
    };
    Client {
        id,
        addr: format!("10.0.{}.{}:{}", dice.roll(3), 2 + dice.roll(9), 40_000 + dice.roll(20_000)),
        name: name.into(),
        state,
        db: Some(if dice.roll(6) == 0 { 3 } else { 0 }),
        opened_at_millis: NOW - open_secs * 1000,
        active_at_millis: NOW - idle_secs * 1000,
        command: command.into(),
        user: Some("default".into()),
        library: (dice.roll(3) > 0)
            .then(|| dice.pick(&["redis-py", "ioredis", "jedis", "go-redis"]).into()),
        library_version: Some("5.0.1".into()),
        output_bytes: Some(if dice.roll(15) == 0 { 1 << (10 + dice.roll(16)) } else { 0 }),
        query_bytes: Some(0),
        memory_bytes: Some(22_000 + dice.roll(900)),
        subscriptions: u32::from(state == ClientState::Subscriber),
        queued_commands: (state == ClientState::InMulti).then_some(3),
        watched_keys: None,
        protocol: Some(2),
        flags: flags.into(),
        thread: None,
        tcp_state: None,
        own: id == 101,
    }
}

/// About `rows` rows of the usual families of keys.
pub(crate) fn keyspace(rows: usize) -> Keyspace {
    let mut dice = Dice(11);
    let mut trie = PrefixTrie::new(":");
    for number in 0..rows as u64 {
        let (key, key_type, bytes, ttl) = match dice.roll(12) {
            0..3 => (
                format!("session:{:08x}", dice.roll(u64::MAX >> 33)),
                KeyType::Hash,
                900 + dice.roll(600),
                Some(dice.roll(86_400)),
            ),
            3..6 => (
                format!("cache:{}:{number}", dice.pick(&["user", "post", "feed", "page"])),
                KeyType::String,
                200 + dice.roll(40_000),
                Some(dice.roll(3_600)),
            ),
            6 => (
                format!("timeline:{}", dice.roll(400)),
                KeyType::SortedSet,
                2_000 + dice.roll(90_000),
                None,
            ),
            7 => (
                format!("queue:{}", dice.pick(&["mail", "thumbs", "billing", "webhooks"])),
                KeyType::List,
                400 + dice.roll(9_000),
                None,
            ),
            8 => (
                format!("lock:{}:{}", dice.pick(&["order", "cart"]), dice.roll(900)),
                KeyType::String,
                90,
                Some(dice.roll(30)),
            ),
            9 => (
                format!("tags:{}", dice.pick(&["rust", "redis", "树", "história"])),
                KeyType::Set,
                3_000,
                None,
            ),
            10 => (
                format!(
                    "user:{}:{}",
                    dice.roll(300),
                    dice.pick(&["profile", "followers", "settings"])
                ),
                KeyType::Hash,
                700,
                None,
            ),
            _ => (
                format!("events:{}", dice.pick(&["orders", "logins"])),
                KeyType::Stream,
                200_000,
                None,
            ),
        };
        trie.insert(None, key.as_bytes(), KeyFacts { key_type, bytes, ttl_secs: ttl });
    }
    Keyspace {
        taken_at_millis: NOW,
        delimiter: ":".into(),
        seen: trie.keys(),
        total: trie.keys(),
        complete: true,
        completed_at_millis: Some(NOW),
        nodes: trie.rows(rows),
        withheld: Vec::new(),
        cost: Cost::default(),
    }
}
