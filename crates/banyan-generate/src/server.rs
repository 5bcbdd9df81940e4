//! A made-up server with any number of connections, and what happens to them.

mod client;
mod pool;

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::{
    Client, ClientId, ClientState, Delta, ReplicaFacts, Replication, ServerFacts, ServerKind,
    Topology,
};

use crate::random::Random;
use pool::Pool;

/// Milliseconds since 1970 when the first look is taken.
const BEGIN: u64 = 1_795_300_000_000;
/// How long it had been running then.
const UPTIME_MILLIS: u64 = 14 * 86_400_000;
/// How often two things happen to one connection before the rest of a step is let go.
const MOST_MISSES: u32 = 1000;

/// A server that lives: what is known of it now, and how it goes on.
#[derive(Clone, Debug)]
pub struct Server {
    topology: Topology,
    random: Random,
    pools: Vec<Pool>,
    /// Everybody with their pool, in no order, so that one can be drawn.
    clients: Vec<(ClientId, u32)>,
    next_id: ClientId,
    /// How many do what.
    states: BTreeMap<ClientState, u64>,
    replicas: BTreeSet<ClientId>,
}

/// A server with exactly so many clients.
pub fn server(clients: u32, seed: u64) -> Server {
    let mut random = Random::new(seed);
    let pools = pool::pools(clients, &mut random);
    let mut server = Server {
        topology: nothing(seed),
        random,
        pools,
        clients: Vec::with_capacity(clients as usize),
        next_id: 4,
        states: BTreeMap::new(),
        replicas: BTreeSet::new(),
    };
    for _ in 0..clients {
        let opened_secs = server.some_age();
        server.arrive(opened_secs * 1000);
        // Numbers of connections that are gone are not given out again.
        server.next_id += u64::from(server.random.below(4));
    }
    server.take_stock();
    server
}

impl Server {
    /// What is known now.
    pub const fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Lets time go on and so many connections come, go or change, and gives the difference. A server
    /// with fewer connections than that lets fewer change.
    pub fn churn(&mut self, changes: u32, elapsed_millis: u64) -> Delta {
        self.topology.taken_at_millis += elapsed_millis;
        let mut changed: BTreeSet<ClientId> = BTreeSet::new();
        let mut gone = Vec::new();
        let (mut done, mut misses) = (0, 0);
        while done < changes && misses < MOST_MISSES {
            let kind = self.random.below(10);
            if kind == 0 {
                changed.insert(self.arrive(0));
                done += 1;
                continue;
            }
            let place = self.random.below(self.clients.len() as u32) as usize;
            let Some(&(id, pool)) = self.clients.get(place).filter(|it| !changed.contains(&it.0))
            else {
                misses += 1;
                continue;
            };
            if kind == 1 {
                self.clients.swap_remove(place);
                self.take_out(id);
                gone.push(id);
            } else {
                self.go_on(id, pool);
                changed.insert(id);
            }
            done += 1;
        }
        self.take_stock();
        gone.sort_unstable();
        let now = &self.topology;
        Delta {
            taken_at_millis: now.taken_at_millis,
            server: now.server.clone(),
            changed: changed.iter().filter_map(|id| now.clients.get(id)).cloned().collect(),
            gone,
            replication: now.replication.clone(),
            cost: now.cost,
            withheld: now.withheld.clone(),
            ..Delta::default()
        }
    }

    /// Somebody has connected so many milliseconds ago.
    fn arrive(&mut self, age_millis: u64) -> ClientId {
        let weight = self.pools.last().map_or(1, |pool| pool.weight_up_to);
        let drawn = self.random.below(weight);
        let number = self.pools.partition_point(|pool| pool.weight_up_to <= drawn);
        let id = self.next_id;
        self.next_id += 1;
        self.clients.push((id, number as u32));
        let now = self.topology.taken_at_millis;
        if let Some(pool) = self.pools.get(number) {
            let client = client::of(pool, id, now, age_millis, &mut self.random);
            self.put_in(client);
        }
        id
    }

    /// Something happens to somebody.
    fn go_on(&mut self, id: ClientId, pool: u32) {
        let now = self.topology.taken_at_millis;
        let Some(mut client) = self.take_out(id) else { return };
        if let Some(pool) = self.pools.get(pool as usize) {
            client::go_on(&mut client, pool, now, &mut self.random);
        }
        self.put_in(client);
    }

    fn put_in(&mut self, client: Client) {
        *self.states.entry(client.state).or_default() += 1;
        if client.state == ClientState::Replica {
            self.replicas.insert(client.id);
        }
        self.topology.clients.insert(client.id, client);
    }

    fn take_out(&mut self, id: ClientId) -> Option<Client> {
        let client = self.topology.clients.remove(&id)?;
        if let Some(count) = self.states.get_mut(&client.state) {
            *count -= 1;
        }
        self.replicas.remove(&id);
        Some(client)
    }

    /// Seconds since a connection was opened: seconds to days.
    fn some_age(&mut self) -> u64 {
        let most = self.random.pick(&[20, 300, 4_000, 30_000, 86_000, 600_000]);
        u64::from(self.random.below(most))
    }

    /// Brings the sums of the server into line with its connections.
    fn take_stock(&mut self) {
        let Topology { taken_at_millis, clients, server, replication, cost, .. } =
            &mut self.topology;
        let in_state = |state| self.states.get(&state).copied().unwrap_or(0);
        let active = in_state(ClientState::Active);
        server.connected_clients = Some(clients.len() as u64);
        server.blocked_clients = Some(in_state(ClientState::Blocked));
        server.ops_per_sec = Some(active * 11 + u64::from(self.random.below(40)));
        server.total_connections = Some(self.next_id);
        let running_millis = UPTIME_MILLIS + *taken_at_millis - BEGIN;
        server.uptime_secs = Some(running_millis / 1000);
        cost.commands += 3;
        cost.micros += 60 + clients.len() as u64 * 3;
        let offset = *taken_at_millis / 10;
        *replication = Some(Replication {
            is_master: true,
            offset: Some(offset),
            replicas: (self.replicas.iter().filter_map(|id| clients.get(id)))
                .map(|client| ReplicaFacts {
                    addr: client.addr.clone(),
                    state: "online".to_owned(),
                    offset: Some(offset - client.id % 90),
                    lag_bytes: Some(client.id % 90),
                    lag_secs: Some(0),
                })
                .collect(),
            ..Replication::default()
        });
    }
}

fn nothing(seed: u64) -> Topology {
    Topology {
        taken_at_millis: BEGIN,
        server: ServerFacts {
            kind: ServerKind::Redis,
            version: "7.4.1".to_owned(),
            run_id: format!("{seed:040x}"),
            used_memory_bytes: Some(148_234_880),
            max_memory_bytes: Some(268_435_456),
            max_clients: Some(2_000_000),
            databases: BTreeMap::from([(0, 120_345), (1, 5_210), (3, 88)]),
            ..ServerFacts::default()
        },
        ..Topology::default()
    }
}
