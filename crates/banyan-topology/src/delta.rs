//! The difference between two moments of one server.

use serde::{Deserialize, Serialize};

use crate::{
    client::{Client, ClientId},
    server::{Cost, Replication, ServerFacts, Thread, Topology, Withheld},
};

/// What turns one [`Topology`] into the next. After
/// `earlier.apply(Delta::between(&earlier, &later))`, `earlier == later`.
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
    pub withheld: Vec<Withheld>,
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
            withheld: later.withheld.clone(),
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
        self.withheld = delta.withheld;
    }
}
