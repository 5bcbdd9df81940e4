//! The topologies of several servers as one. Pure.

use std::collections::BTreeMap;

use banyan_topology::{
    Census, Channel, Client, Cost, Fleet, LatencyEvent, Queue, Thread, Topology, Touch, Withheld,
    Workload, findings::is_slab_fact, id_on,
};

/// Slow commands that are kept of all nodes together.
const MAX_SLOW: usize = 128;
/// Nodes whose sections are kept whole: those of the seed are what people look for first. Of the
/// others, only what is judged is.
const MAX_NODES_WITH_SECTIONS: usize = 16;

/// One topology of the nodes of `fleet` that are polled, by rising index. What can only be of one
/// server is the seed's.
pub(super) fn merge(looks: &[(u16, &Topology)], seed: Topology, fleet: Fleet) -> Topology {
    let address = |node: u16| {
        fleet.nodes.get(usize::from(node)).map(|node| node.addr.as_str()).unwrap_or_default()
    };
    let mut merged = Topology {
        taken_at_millis: looks.iter().map(|(_, look)| look.taken_at_millis).max().unwrap_or(0),
        server: seed.server,
        replication: seed.replication,
        ..Topology::default()
    };
    let mut known = Places::default();
    for &(node, look) in looks {
        for client in look.clients.values() {
            let client = client_on(node, client);
            merged.clients.insert(client.id, client);
        }
        if let Some(threads) = &look.threads {
            let all = merged.threads.get_or_insert_default();
            all.extend(threads.iter().map(|thread| thread_on(node, thread)));
        }
        merged.cost = sum(merged.cost, look.cost);
        if let Some(census) = &look.census {
            add_census(merged.census.get_or_insert_default(), census);
        }
        add_withheld(&mut merged.withheld, node, address(node), &look.withheld);
        let is_whole = usize::from(node) < MAX_NODES_WITH_SECTIONS;
        for (section, facts) in &look.sections {
            let is_kept = |name: &str| is_whole || is_slab_fact(section, name);
            let facts: BTreeMap<_, _> = facts
                .iter()
                .filter(|(name, _)| is_kept(name))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            let section = match node {
                0 => section.clone(),
                _ => format!("{} {section}", address(node)),
            };
            if is_whole || !facts.is_empty() {
                merged.sections.insert(section, facts);
            }
        }
        // A replica's streams and functions are its master's.
        let is_copy = look.replication.as_ref().is_some_and(|replication| !replication.is_master);
        add_workload(&mut merged.workload, &mut known, node, is_copy, &look.workload);
        merged.findings.extend(look.findings.iter().cloned());
    }
    merged.workload.slow.sort_by_key(|slow| std::cmp::Reverse(slow.at_millis));
    merged.workload.slow.truncate(MAX_SLOW);
    merged.workload.functions.sort();
    merged.workload.functions.dedup();
    merged.fleet = Some(fleet);
    merged
}

fn client_on(node: u16, client: &Client) -> Client {
    Client {
        id: id_on(node, client.id),
        redirect: client.redirect.map(|id| id_on(node, id)),
        ..client.clone()
    }
}

fn thread_on(node: u16, thread: &Thread) -> Thread {
    let clients = thread.clients.iter().map(|id| id_on(node, *id)).collect();
    Thread { clients, node, ..thread.clone() }
}

fn sum(a: Cost, b: Cost) -> Cost {
    Cost {
        commands: a.commands + b.commands,
        micros: a.micros + b.micros,
        bytes: a.bytes + b.bytes,
        // Each node has the whole budget for itself.
        budget_ppm: a.budget_ppm.max(b.budget_ppm),
        interval_millis: a.interval_millis.max(b.interval_millis),
    }
}

/// Each node's census is of its own port.
fn add_census(all: &mut Census, more: &Census) {
    for (state, count) in &more.states {
        *all.states.entry(*state).or_default() += count;
    }
    if more.backlog >= all.backlog {
        (all.backlog, all.most_backlog) = (more.backlog, more.most_backlog);
    }
}

/// What several nodes refuse with the same words is said once.
fn add_withheld(all: &mut Vec<Withheld>, node: u16, address: &str, more: &[Withheld]) {
    for withheld in more {
        if all.contains(withheld) {
            continue;
        }
        let reason = match node {
            0 => withheld.reason.clone(),
            _ => format!("{address}: {}", withheld.reason),
        };
        all.push(Withheld { part: withheld.part, reason });
    }
}

/// Where in the merged [`Workload`] something is: there may be as many queues as blocked clients.
#[derive(Default)]
struct Places<'a> {
    /// By database and key.
    queues: BTreeMap<(u32, &'a str), usize>,
    /// By whether it is sharded, and name.
    channels: BTreeMap<(bool, &'a str), usize>,
}

fn add_workload<'a>(
    all: &mut Workload,
    known: &mut Places<'a>,
    node: u16,
    is_copy: bool,
    more: &'a Workload,
) {
    for queue in &more.queues {
        let waiting = queue.waiting.iter().map(|waiting| banyan_topology::Waiting {
            client: id_on(node, waiting.client),
            ..waiting.clone()
        });
        let at = *known.queues.entry((queue.db, queue.key.as_str())).or_insert_with(|| {
            let (db, key) = (queue.db, queue.key.clone());
            all.queues.push(Queue { db, key, waiting: Vec::new() });
            all.queues.len() - 1
        });
        if let Some(queue) = all.queues.get_mut(at) {
            queue.waiting.extend(waiting);
        }
    }
    all.touches.extend(
        more.touches
            .iter()
            .map(|touch| Touch { client: id_on(node, touch.client), ..touch.clone() }),
    );
    all.window = all.window.or(more.window);
    all.slow.extend(more.slow.iter().cloned());
    for event in &more.latency {
        match all.latency.iter_mut().find(|known| known.name == event.name) {
            Some(known) => *known = worse(known, event),
            None => all.latency.push(event.clone()),
        }
    }
    for channel in &more.channels {
        let at = *known.channels.entry((channel.is_sharded, channel.name.as_str())).or_insert_with(
            || {
                all.channels.push(Channel { subscribers: 0, ..channel.clone() });
                all.channels.len() - 1
            },
        );
        if let Some(all) = all.channels.get_mut(at) {
            all.subscribers = all.subscribers.saturating_add(channel.subscribers);
        }
    }
    if !is_copy {
        all.streams.extend(more.streams.iter().cloned());
        all.functions.extend(more.functions.iter().cloned());
    }
}

/// The same event on two nodes: the later, with the worst of both.
fn worse(a: &LatencyEvent, b: &LatencyEvent) -> LatencyEvent {
    let later = if a.at_millis >= b.at_millis { a } else { b };
    LatencyEvent { most_millis: a.most_millis.max(b.most_millis), ..later.clone() }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{
        ClientState, FleetKind, FleetNode, FleetTotal, Part, Replication, WaitSource, Waiting,
        node_of, number_of,
    };

    use super::*;

    fn look(reason: &str, is_master: bool) -> Topology {
        let client = Client { id: 7, redirect: Some(8), ..Client::default() };
        let waiting = Waiting { client: 7, source: WaitSource::Seen, since_millis: 1 };
        Topology {
            taken_at_millis: 5,
            clients: BTreeMap::from([(7, client)]),
            threads: Some(vec![Thread { clients: vec![7], ..Thread::default() }]),
            replication: Some(Replication { is_master, ..Replication::default() }),
            cost: Cost { commands: 2, micros: 3, budget_ppm: 10_000, ..Cost::default() },
            withheld: vec![Withheld { part: Part::Keys, reason: reason.to_owned() }],
            sections: BTreeMap::from([("memory".to_owned(), BTreeMap::new())]),
            workload: Workload {
                queues: vec![Queue { db: 0, key: "q".to_owned(), waiting: vec![waiting] }],
                functions: vec!["f".to_owned()],
                channels: vec![Channel { name: "c".into(), subscribers: 1, is_sharded: false }],
                ..Workload::default()
            },
            ..Topology::default()
        }
    }

    #[test]
    fn connections_of_two_servers() {
        let nodes =
            ["a:1", "b:2"].map(|addr| FleetNode { addr: addr.into(), ..Default::default() });
        let fleet = Fleet {
            kind: FleetKind::Replication,
            name: None,
            quorum: None,
            has_quorum: None,
            nodes: nodes.to_vec(),
            events: Vec::new(),
            uncovered: Vec::new(),
            total: FleetTotal::default(),
        };
        let (one, mut two, three) = (look("no", true), look("no", false), look("never", false));
        let channel = Channel { name: "c".into(), subscribers: u64::MAX, is_sharded: true };
        two.workload.channels.extend([channel.clone(), channel]);
        let merged = merge(&[(0, &one), (1, &two)], one.clone(), fleet.clone());
        let ids: Vec<_> = merged.clients.keys().map(|id| (node_of(*id), number_of(*id))).collect();
        assert_eq!(ids, [(0, 7), (1, 7)]);
        let second = merged.clients.values().nth(1).unwrap();
        assert_eq!((second.redirect, second.state), (Some(id_on(1, 8)), ClientState::Idle));
        let threads = merged.threads.unwrap();
        assert_eq!((threads[1].node, threads[1].clients[0]), (1, id_on(1, 7)));
        assert_eq!((merged.cost.commands, merged.cost.budget_ppm), (4, 10_000));
        assert_eq!(merged.sections.keys().collect::<Vec<_>>(), ["b:2 memory", "memory"]);
        let waiting: Vec<_> = merged.workload.queues[0].waiting.iter().map(|w| w.client).collect();
        assert_eq!((merged.workload.queues.len(), waiting), (1, vec![7, id_on(1, 7)]));
        let subscribers: Vec<_> =
            merged.workload.channels.iter().map(|channel| channel.subscribers).collect();
        assert_eq!(subscribers, [2, u64::MAX], "sharded ones are others, and no sum overflows");
        assert_eq!(merged.workload.functions, ["f"]);
        assert_eq!(merged.withheld.len(), 1, "the same words are said once");

        let merged = merge(&[(0, &one), (1, &three)], one.clone(), fleet);
        assert_eq!(merged.withheld[1].reason, "b:2: never");
    }
}
