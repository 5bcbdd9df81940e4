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

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{ClientState, Part, ServerKind, Withheld};

    fn any_client() -> impl Strategy<Value = Client> {
        (0..12_u64, "[a-c]{0,2}", 0..3_u32, any::<bool>()).prop_map(|(id, name, db, is_idle)| {
            Client {
                id,
                name,
                db: Some(db),
                state: if is_idle { ClientState::Idle } else { ClientState::Blocked },
                ..Client::default()
            }
        })
    }

    fn any_topology() -> impl Strategy<Value = Topology> {
        let clients = proptest::collection::vec(any_client(), 0..10);
        (clients, any::<u64>(), "[a-z]{2}", any::<bool>()).prop_map(
            |(clients, number, text, is_full)| {
                let ids = clients.iter().map(|client| client.id).collect();
                Topology {
                    taken_at_millis: number,
                    server: ServerFacts {
                        kind: ServerKind::Redis,
                        version: text.clone(),
                        run_id: text.clone(),
                        uptime_secs: is_full.then_some(number),
                        used_memory_bytes: None,
                        max_memory_bytes: None,
                        max_clients: None,
                        connected_clients: Some(clients.len() as u64),
                        blocked_clients: None,
                        ops_per_sec: None,
                        total_connections: None,
                        databases: BTreeMap::from([(0, number)]),
                    },
                    threads: is_full
                        .then(|| vec![Thread { id: 0, name: text.clone(), clients: ids }]),
                    clients: clients.into_iter().map(|client| (client.id, client)).collect(),
                    replication: is_full.then(|| Replication {
                        is_master: true,
                        master: None,
                        link: None,
                        offset: Some(number),
                        replicas: vec![],
                    }),
                    cost: Cost { commands: number, micros: number },
                    withheld: vec![Withheld { part: Part::Keys, reason: text }],
                }
            },
        )
    }

    proptest! {
        #[test]
        fn a_delta_leads_from_one_moment_to_the_next(
            earlier in any_topology(), later in any_topology()
        ) {
            let delta = Delta::between(&earlier, &later);
            let mut now = earlier;
            now.apply(delta);
            prop_assert_eq!(now, later);
        }

        #[test]
        fn what_stays_is_not_sent(topology in any_topology()) {
            let delta = Delta::between(&topology, &topology);
            prop_assert!(delta.changed.is_empty() && delta.gone.is_empty());
        }
    }
}
