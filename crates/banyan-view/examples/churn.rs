//! How fast the picture of a busy server follows it: 10,000 connections of which so many change with
//! each update.
//!
//! ```sh
//! cargo run --release -p banyan-view --example churn -- [connections] [updates]
//! ```

#![expect(clippy::print_stdout, reason = "this is what it is for")]

use std::time::Instant;

use banyan_topology::{Client, ClientId, ClientState, Delta, ServerFacts, ServerKind, Topology};
use banyan_view::{ConnectionsWorld, GroupBy, Words};

/// Milliseconds from update to update.
const STEP_MILLIS: u64 = 500;

fn main() {
    let mut numbers = std::env::args().skip(1).filter_map(|arg| arg.parse::<u64>().ok());
    let connections = numbers.next().unwrap_or(10_000);
    let updates = numbers.next().unwrap_or(200);
    println!("{connections} connections, {updates} updates each");
    println!("{:>24}  {:>9}  {:>9}  {:>7}", "changes in an update", "ms", "updates/s", "dirty");
    for (name, changed, replaced) in [
        ("1 changed", 1, 0),
        ("100 changed", 100, 0),
        ("450 changed, 50 replaced", 450, 50),
        ("1 replaced", 0, 1),
    ] {
        run(name, connections, updates, changed, replaced);
    }
}

fn run(name: &str, connections: u64, updates: u64, changed: u64, replaced: u64) {
    let start_millis = 1_795_300_000_000;
    let clients = (0..connections).map(|id| (id, client(id, start_millis - 1_000 * (id % 90_000))));
    let topology = Topology {
        taken_at_millis: start_millis,
        server: server(),
        clients: clients.collect(),
        ..Topology::default()
    };
    let mut world =
        ConnectionsWorld::new(topology, "127.0.0.1:6379", GroupBy::Kind, Words::english());
    let mut dice = 1_u64;
    let mut roll = move |below: u64| {
        dice = dice.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (dice >> 33) % below.max(1)
    };
    let mut newest = connections;
    let (mut millis, mut dirty) = (0.0, 0);
    for update in 1..=updates {
        let now = start_millis + update * STEP_MILLIS;
        let mut pick = |world: &ConnectionsWorld| {
            let from = roll(newest);
            let mut later = world.topology().clients.range(from..).map(|(id, _)| *id);
            later.next().unwrap_or_default()
        };
        let gone: Vec<ClientId> = (0..replaced).map(|_| pick(&world)).collect();
        let mut fresh: Vec<Client> = Vec::new();
        for _ in 0..changed {
            let id = pick(&world);
            let Some(client) = world.topology().clients.get(&id).filter(|_| !gone.contains(&id))
            else {
                continue;
            };
            let state = match client.state {
                ClientState::Active => ClientState::Idle,
                _ => ClientState::Active,
            };
            fresh.push(Client { state, active_at_millis: now, ..client.clone() });
        }
        for _ in 0..replaced {
            newest += 1;
            fresh.push(client(newest, now));
        }
        let delta = Delta {
            taken_at_millis: now,
            server: server(),
            changed: fresh,
            gone,
            ..Delta::default()
        };
        let began = Instant::now();
        let change = world.apply(delta);
        millis += began.elapsed().as_secs_f64() * 1e3;
        dirty += change.dirty.len() + change.read.len();
    }
    let (each, dirty) = (millis / updates as f64, dirty as f64 / updates as f64);
    println!("{name:>24}  {each:>9.3}  {:>9.0}  {dirty:>7.1}", 1e3 / each);
}

fn client(id: ClientId, opened_at_millis: u64) -> Client {
    let pools = ["web", "worker", "cron", "mail", "push", "search", "billing", "crawler"];
    let pool = pools.get(id as usize % pools.len()).copied().unwrap_or_default();
    Client {
        id,
        addr: format!("10.0.{}.{}:{}", id / 200 % 250, id % 200, 20_000 + id % 40_000),
        name: format!("{pool}-{id}"),
        state: if id.is_multiple_of(3) { ClientState::Active } else { ClientState::Idle },
        db: Some(0),
        opened_at_millis,
        active_at_millis: opened_at_millis,
        command: "get".to_owned(),
        library: Some("redis-py".to_owned()),
        library_version: Some("5.0.1".to_owned()),
        output_bytes: Some(0),
        ..Client::default()
    }
}

fn server() -> ServerFacts {
    ServerFacts {
        kind: ServerKind::Redis,
        version: "7.0.15".to_owned(),
        run_id: "abc".to_owned(),
        uptime_secs: Some(9),
        used_memory_bytes: Some(1 << 30),
        max_clients: Some(20_000),
        blocked_clients: Some(0),
        ops_per_sec: Some(1_000),
        ..ServerFacts::default()
    }
}
