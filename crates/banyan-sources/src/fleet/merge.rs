//! The topologies of several servers as one. Pure.

use banyan_topology::{
    Channel, Client, Cost, Fleet, LatencyEvent, Queue, Thread, Topology, Touch, Withheld, Workload,
    id_on,
};

/// Slow commands that are kept of all nodes together.
const MAX_SLOW: usize = 128;
/// Nodes whose sections are kept: those of the seed are what people look for first.
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
        merged.census = merged.census.take().or_else(|| look.census.clone());
        add_withheld(&mut merged.withheld, node, address(node), &look.withheld);
        if usize::from(node) < MAX_NODES_WITH_SECTIONS {
            for (section, facts) in &look.sections {
                let section = match node {
                    0 => section.clone(),
                    _ => format!("{} {section}", address(node)),
                };
                merged.sections.insert(section, facts.clone());
            }
        }
        // A replica's streams and functions are its master's.
        let is_copy = look.replication.as_ref().is_some_and(|replication| !replication.is_master);
        add_workload(&mut merged.workload, node, is_copy, &look.workload);
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

fn add_workload(all: &mut Workload, node: u16, is_copy: bool, more: &Workload) {
    for queue in &more.queues {
        let waiting = queue.waiting.iter().map(|waiting| banyan_topology::Waiting {
            client: id_on(node, waiting.client),
            ..waiting.clone()
        });
        match all.queues.iter_mut().find(|q| q.db == queue.db && q.key == queue.key) {
            Some(known) => known.waiting.extend(waiting),
            None => all.queues.push(Queue {
                db: queue.db,
                key: queue.key.clone(),
                waiting: waiting.collect(),
            }),
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
        let is_same = |known: &&mut Channel| {
            known.name == channel.name && known.is_sharded == channel.is_sharded
        };
        match all.channels.iter_mut().find(is_same) {
            Some(known) => known.subscribers += channel.subscribers,
            None => all.channels.push(channel.clone()),
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
