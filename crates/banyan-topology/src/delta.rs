//! The difference between two moments of one server.

use serde::{Deserialize, Serialize};

use crate::{
    client::{Client, ClientId},
    server::{Cost, Replication, ServerFacts, Thread, Topology},
};

/// What turns one [`Topology`] into the next. `later == earlier.apply(Delta::between(earlier, later))`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    pub taken_at_millis: u64,
    pub server: ServerFacts,
    /// New and changed connections.
    pub changed: Vec<Client>,
    pub gone: Vec<ClientId>,
    pub threads: Option<Vec<Thread>>,
    pub replication: Option<Replication>,
    pub cost: Cost,
}

impl Delta {
    pub fn between(earlier: &Topology, later: &Topology) -> Self {
        Self {
            taken_at_millis: later.taken_at_millis,
            server: later.server.clone(),
            changed: later
                .clients
                .values()
                .filter(|client| earlier.clients.get(&client.id) != Some(*client))
                .cloned()
                .collect(),
            gone: earlier
                .clients
                .keys()
                .filter(|id| !later.clients.contains_key(id))
                .copied()
                .collect(),
            threads: later.threads.clone(),
            replication: later.replication.clone(),
            cost: later.cost,
        }
    }
}

impl Topology {
    pub fn apply(&mut self, delta: Delta) {
        self.taken_at_millis = delta.taken_at_millis;
        self.server = delta.server;
        for id in delta.gone {
            self.clients.remove(&id);
        }
        for client in delta.changed {
            self.clients.insert(client.id, client);
        }
        self.threads = delta.threads;
        self.replication = delta.replication;
        self.cost = delta.cost;
    }
}
