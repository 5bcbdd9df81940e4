//! The difference between two moments of one server.

use serde::{Deserialize, Serialize};

use crate::{
    client::{Client, ClientId},
    finding::Finding,
    fleet::{Fleet, FleetEvent, FleetNode},
    server::{Cost, Replication, Sections, ServerFacts, Thread, Topology, Withheld},
    socket::Census,
    workload::Workload,
};

/// What turns one [`Topology`] into the next. After
/// `earlier.apply(Delta::between(&earlier, &later))`, `earlier == later`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Delta {
    pub taken_at_millis: u64,
    pub server: ServerFacts,
    /// New and changed connections.
    pub changed: Vec<Client>,
    pub gone: Vec<ClientId>,
    /// Travels only when it changed, as it names every connection.
    pub threads: Option<Option<Vec<Thread>>>,
    pub replication: Option<Replication>,
    pub cost: Cost,
    pub withheld: Vec<Withheld>,
    /// The parts below travel only when they changed.
    pub fleet: Option<Option<FleetDelta>>,
    /// New and changed facts of [`Topology::sections`]: section, name, and value; `None` for a fact
    /// that is gone.
    pub facts: Vec<(String, String, Option<String>)>,
    pub workload: Option<Box<Workload>>,
    pub census: Option<Option<Census>>,
    pub findings: Option<Vec<Finding>>,
}

/// What turns one [`Fleet`] into the next: of its nodes only those that changed, as most that are not
/// polled do not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetDelta {
    /// Without nodes and events.
    pub head: Fleet,
    /// How many nodes there are.
    pub count: u32,
    /// New and changed nodes, by rising index.
    pub nodes: Vec<(u32, FleetNode)>,
    /// Travel only when they changed.
    pub events: Option<Vec<FleetEvent>>,
}

impl FleetDelta {
    fn between(earlier: Option<&Fleet>, later: &Fleet) -> Self {
        let nodes_before = earlier.map_or(&[][..], |fleet| &fleet.nodes);
        let events_before = earlier.map_or(&[][..], |fleet| &fleet.events);
        let is_changed =
            |(index, node): &(usize, &FleetNode)| nodes_before.get(*index) != Some(node);
        Self {
            head: Fleet {
                nodes: Vec::new(),
                events: Vec::new(),
                name: later.name.clone(),
                uncovered: later.uncovered.clone(),
                total: later.total.clone(),
                ..*later
            },
            count: later.nodes.len() as u32,
            nodes: later
                .nodes
                .iter()
                .enumerate()
                .filter(is_changed)
                .map(|(index, node)| (index as u32, node.clone()))
                .collect(),
            events: (events_before != later.events).then(|| later.events.clone()),
        }
    }

    fn apply(self, earlier: Option<Fleet>) -> Fleet {
        let (mut nodes, mut events) =
            earlier.map_or_else(Default::default, |fleet| (fleet.nodes, fleet.events));
        nodes.truncate(self.count as usize);
        for (index, node) in self.nodes {
            match nodes.get_mut(index as usize) {
                Some(known) => *known = node,
                None => nodes.push(node),
            }
        }
        if let Some(later) = self.events {
            events = later;
        }
        Fleet { nodes, events, ..self.head }
    }
}

/// `later` if it differs.
fn news<T: Clone + PartialEq>(earlier: &T, later: &T) -> Option<T> {
    (earlier != later).then(|| later.clone())
}

fn changed_facts(earlier: &Sections, later: &Sections) -> Vec<(String, String, Option<String>)> {
    let get = |sections: &Sections, section: &str, name: &str| -> Option<String> {
        sections.get(section)?.get(name).cloned()
    };
    let mut facts = Vec::new();
    for (section, values) in later {
        for (name, value) in values {
            if get(earlier, section, name).as_ref() != Some(value) {
                facts.push((section.clone(), name.clone(), Some(value.clone())));
            }
        }
    }
    for (section, values) in earlier {
        for name in values.keys() {
            if get(later, section, name).is_none() {
                facts.push((section.clone(), name.clone(), None));
            }
        }
    }
    facts
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
            threads: news(&earlier.threads, &later.threads),
            replication: later.replication.clone(),
            cost: later.cost,
            withheld: later.withheld.clone(),
            fleet: (earlier.fleet != later.fleet).then(|| {
                let later = later.fleet.as_ref();
                later.map(|later| FleetDelta::between(earlier.fleet.as_ref(), later))
            }),
            facts: changed_facts(&earlier.sections, &later.sections),
            workload: news(&earlier.workload, &later.workload).map(Box::new),
            census: news(&earlier.census, &later.census),
            findings: news(&earlier.findings, &later.findings),
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
        if let Some(threads) = delta.threads {
            self.threads = threads;
        }
        self.replication = delta.replication;
        self.cost = delta.cost;
        self.withheld = delta.withheld;
        if let Some(delta) = delta.fleet {
            let earlier = self.fleet.take();
            self.fleet = delta.map(|delta| delta.apply(earlier));
        }
        for (section, name, value) in delta.facts {
            match value {
                Some(value) => {
                    self.sections.entry(section).or_default().insert(name, value);
                }
                None => {
                    if let Some(values) = self.sections.get_mut(&section) {
                        values.remove(&name);
                        if values.is_empty() {
                            self.sections.remove(&section);
                        }
                    }
                }
            }
        }
        if let Some(workload) = delta.workload {
            self.workload = *workload;
        }
        if let Some(census) = delta.census {
            self.census = census;
        }
        if let Some(findings) = delta.findings {
            self.findings = findings;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;
    use crate::{ClientState, FleetKind, FleetTotal, Part, ServerKind, Withheld};

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

    fn any_sections(text: &str, number: u64) -> Sections {
        let facts = |number: u64| {
            let names = text.chars().map(|c| (c.to_string(), number.to_string()));
            names.collect::<BTreeMap<_, _>>()
        };
        BTreeMap::from([("a".to_owned(), facts(number % 3)), (text.to_owned(), facts(0))])
    }

    fn any_fleet() -> impl Strategy<Value = Fleet> {
        let node = (0..3_u64, "[a-b]").prop_map(|(keys, addr)| FleetNode {
            addr,
            keys: Some(keys),
            ..FleetNode::default()
        });
        let event = (0..2_u64).prop_map(|at_millis| FleetEvent {
            at_millis,
            name: String::new(),
            detail: String::new(),
        });
        let (nodes, events) =
            (proptest::collection::vec(node, 0..5), proptest::collection::vec(event, 0..2));
        (nodes, events, 0..3_u32).prop_map(|(nodes, events, quorum)| Fleet {
            kind: FleetKind::Sentinel,
            name: None,
            quorum: Some(quorum),
            has_quorum: None,
            nodes,
            events,
            uncovered: Vec::new(),
            total: FleetTotal::default(),
        })
    }

    fn any_topology() -> impl Strategy<Value = Topology> {
        let clients = proptest::collection::vec(any_client(), 0..10);
        let fleet = proptest::option::of(any_fleet());
        (clients, any::<u64>(), "[a-z]{2}", any::<bool>(), fleet).prop_map(
            |(clients, number, text, is_full, fleet)| {
                let ids = clients.iter().map(|client| client.id).collect();
                Topology {
                    taken_at_millis: number,
                    server: ServerFacts {
                        kind: ServerKind::Redis,
                        version: text.clone(),
                        run_id: text.clone(),
                        uptime_secs: is_full.then_some(number),
                        connected_clients: Some(clients.len() as u64),
                        databases: BTreeMap::from([(0, number)]),
                        ..ServerFacts::default()
                    },
                    threads: is_full.then(|| {
                        vec![Thread { name: text.clone(), clients: ids, ..Thread::default() }]
                    }),
                    clients: clients.into_iter().map(|client| (client.id, client)).collect(),
                    replication: is_full.then(|| Replication {
                        is_master: true,
                        offset: Some(number),
                        ..Replication::default()
                    }),
                    cost: Cost { commands: number, micros: number, ..Cost::default() },
                    sections: any_sections(&text, number),
                    workload: Workload {
                        functions: is_full.then(|| text.clone()).into_iter().collect(),
                        ..Workload::default()
                    },
                    census: is_full.then(|| Census { backlog: 1, ..Census::default() }),
                    withheld: vec![Withheld { part: Part::Keys, reason: text }],
                    fleet,
                    ..Topology::default()
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
            prop_assert_eq!((delta.threads, delta.fleet), (None, None));
        }

        #[test]
        fn of_a_fleet_travels_what_changed(earlier in any_fleet(), later in any_fleet()) {
            let whole = |fleet: &Fleet| Topology { fleet: Some(fleet.clone()), ..Topology::default() };
            let Some(Some(delta)) = Delta::between(&whole(&earlier), &whole(&later)).fleet else {
                prop_assert_eq!(earlier, later);
                return Ok(());
            };
            for (index, node) in &delta.nodes {
                prop_assert_ne!(earlier.nodes.get(*index as usize), Some(node));
            }
            prop_assert_eq!(delta.events.is_some(), earlier.events != later.events);
        }
    }
}
