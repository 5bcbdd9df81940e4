//! All that is known of a server.

use banyan_topology::{
    Client, Feed, FleetNode, NodeRole, Queue, Reach, ReplicaFacts, ServerFacts, Subject, Thread,
    Topology, WaitSource, number_of,
};

use super::{keyed, part_name, row, size, text};
use crate::{
    connections::{
        ConnectionsWorld, card,
        grouping::{node_note, node_title, thread_note, thread_title},
        peers,
    },
    details::{Label, Row, Section, Value},
    figures::{bytes, count, millis, per_mille},
    world::Word,
};

/// A panel names so many queues, slow commands and the like.
const MOST_ROWS: usize = 50;
const MOST_EVENTS: usize = 10;

impl ConnectionsWorld {
    pub(super) fn server_sections(&self) -> Vec<Section> {
        let topology = &self.topology;
        let server = &topology.server;
        let mut sections = vec![Section::new(None, self.server_rows(server))];
        sections.extend(
            self.findings(|subject| matches!(subject, Subject::Server | Subject::SlabClass(_))),
        );
        let databases = server.databases.iter().map(|(database, keys)| {
            row(Label::Database, Value::Text(format!("db{database} · {}", count(*keys))))
        });
        sections.push(Section::new(Some(Label::Keys), databases.collect()));
        if let Some(replication) = &topology.replication {
            let role = if replication.is_master { Word::Master } else { Word::Replica };
            let mut rows = vec![row(Label::Role, Value::Word(role))];
            if let Some(master) = &replication.master {
                let link = replication.link.as_deref().unwrap_or_default();
                rows.push(row(Label::MasterLink, text(format!("{master} {link}").trim_end())));
            }
            rows.extend(replication.offset.map(|offset| row(Label::Offset, Value::Count(offset))));
            rows.extend(replication.replicas.iter().map(|replica| self.replica_row(replica)));
            sections.push(Section::new(Some(Label::Replication), rows));
        }
        sections.push(Section::new(Some(Label::Servers), self.server_nodes()));
        let threads = topology.threads.iter().flatten();
        let threads = threads.map(|thread| self.thread_row(thread)).collect();
        sections.push(Section::new(Some(Label::Threads), threads));
        sections.push(Section::new(Some(Label::Sockets), census_rows(topology)));
        sections.extend(self.work());
        sections.push(Section::new(Some(Label::OwnConnection), cost_rows(topology)));
        let withheld = topology.withheld.iter().map(|withheld| {
            row(
                Label::Withheld,
                Value::Text(format!("{}: {}", part_name(withheld.part), withheld.reason)),
            )
        });
        sections.push(Section::new(Some(Label::Withheld), withheld.collect()));
        sections.retain(|section| !section.rows.is_empty());
        sections.extend(topology.sections.iter().map(|(name, facts)| {
            let rows = facts
                .iter()
                .map(|(name, value)| row(Label::Named, Value::Named(name.clone(), value.clone())));
            Section {
                heading: None,
                title: Some(name.clone()),
                is_folded: true,
                rows: rows.collect(),
            }
        }));
        sections
    }

    fn server_rows(&self, server: &ServerFacts) -> Vec<Row> {
        let number =
            |label, value: Option<u64>| row(label, value.map_or(Value::Unknown, Value::Count));
        let mut rows = vec![
            row(Label::Address, text(&self.address)),
            number(Label::Clients, Some(self.topology.clients.len() as u64)),
            number(Label::BlockedClients, server.blocked_clients),
            number(Label::MaxClients, server.max_clients),
            number(Label::OpsPerSecond, server.ops_per_sec),
            number(Label::TotalConnections, server.total_connections),
            row(Label::Memory, size(server.used_memory_bytes)),
        ];
        // Redis says 0 where there is no limit.
        rows.extend(
            server
                .max_memory_bytes
                .filter(|&limit| limit > 0)
                .map(|limit| row(Label::MaxMemory, Value::Bytes(limit))),
        );
        rows.extend(server.eviction_policy.as_ref().map(|it| row(Label::EvictionPolicy, text(it))));
        let some = |label, value: Option<u64>| {
            value.filter(|&value| value > 0).map(|value| row(label, Value::Count(value)))
        };
        rows.extend(some(Label::Rejected, server.rejected_connections));
        rows.extend(some(Label::Evicted, server.evicted_keys));
        if let (Some(hits), Some(misses)) = (server.hits, server.misses)
            && hits + misses > 0
        {
            rows.push(row(Label::HitShare, Value::PerMille(per_mille(hits, hits + misses))));
        }
        rows.push(row(Label::Uptime, server.uptime_secs.map_or(Value::Unknown, Value::Seconds)));
        rows.push(row(Label::Version, text(&server.version)));
        rows.push(row(Label::RunId, text(&server.run_id)));
        rows.retain(|row| row.value != Value::Text(String::new()));
        rows
    }

    fn replica_row(&self, replica: &ReplicaFacts) -> Row {
        let mut parts = vec![replica.addr.clone(), replica.state.clone()];
        parts.extend(replica.lag_bytes.map(|lag| format!("-{}", bytes(lag))));
        let is_its_link = |client: &&Client| client.addr == replica.addr;
        let link = self.topology.clients.values().find(is_its_link);
        Row {
            label: Label::Replicas,
            value: Value::Text(parts.join(" · ")),
            node: link.and_then(|client| self.node_of_client(client.id)),
        }
    }

    /// A thread, and the way to its connections where they stand together.
    pub(super) fn thread_row(&self, thread: &Thread) -> Row {
        let mut parts = vec![thread_title(thread, &self.words), count(thread.clients.len() as u64)];
        parts.push(thread_note(thread));
        parts.retain(|part| !part.is_empty());
        let group = self.arrangement.block(&format!("thread:{}:{}", thread.node, thread.id));
        let node = group.map(|block| block.header);
        Row { label: Label::Threads, value: Value::Text(parts.join(" · ")), node }
    }

    fn server_nodes(&self) -> Vec<Row> {
        let Some(fleet) = &self.topology.fleet else { return Vec::new() };
        let mut rows = Vec::new();
        if let (Some(quorum), Some(has_quorum)) = (fleet.quorum, fleet.has_quorum) {
            let word = self.words.get(if has_quorum { Word::Yes } else { Word::No });
            rows.push(row(Label::Quorum, Value::Text(format!("{quorum} · {word}"))));
        }
        for (index, node) in (0..).zip(&fleet.nodes) {
            rows.push(self.node_row(index, node));
        }
        let events = fleet.events.iter().rev().take(MOST_EVENTS);
        rows.extend(events.map(|event| {
            row(Label::FleetEvents, Value::Text(format!("{} {}", event.name, event.detail)))
        }));
        rows
    }

    fn node_row(&self, index: u16, node: &FleetNode) -> Row {
        let mut parts = vec![node_title(node, &self.words), node_note(node)];
        let reach = match &node.reach {
            Reach::Failed(fault) => fault.to_string(),
            Reach::NotPermitted => "follow = [...]".to_owned(),
            Reach::Polled | Reach::Told => String::new(),
        };
        parts.push(reach);
        parts.retain(|part| !part.is_empty());
        let value = Value::Text(parts.join(" · "));
        Row { label: Label::Servers, value, node: self.node_of_peer(index) }
    }

    /// A server of the fleet: what is wrong with it, how it stands to the others, who is connected.
    pub(super) fn peer_sections(&self, index: u16, node: &FleetNode) -> Vec<Section> {
        let mut sections = vec![Section::new(None, self.node_rows(index, node))];
        sections.extend(self.findings(|subject| match subject {
            Subject::Node(node) | Subject::NodeSlabClass { node, .. } => *node == index,
            _ => false,
        }));
        if let Some(server) = &node.server {
            sections.push(Section::new(Some(Label::Servers), peer_facts(server)));
        }
        if let Some(block) = self.arrangement.block(&format!("node:{index}")) {
            let count = Value::Count(block.members.into());
            let row = Row { label: Label::Clients, value: count, node: Some(block.header) };
            sections.push(Section::new(Some(Label::Clients), vec![row]));
        }
        sections
    }

    /// A line of the fleet in words: how the copying goes, and how far behind it is.
    fn feed_rows(&self, node: &FleetNode) -> Vec<Row> {
        let Some(fleet) = &self.topology.fleet else { return Vec::new() };
        let down_since = node.down_since_millis;
        let mut rows: Vec<Row> =
            down_since.map(|at| row(Label::DownSince, Value::Moment(at))).into_iter().collect();
        let Some(feed) = peers::feed(fleet, node) else { return rows };
        if node.role == NodeRole::Replica && feed != Feed::Unknown {
            let word = peers::feed_word(feed).unwrap_or(Word::Online);
            rows.push(row(Label::Replication, Value::Word(word)));
        }
        if !node.state.is_empty() {
            rows.push(row(Label::State, text(&node.state)));
        }
        rows.extend(node.lag_bytes.map(|lag| row(Label::Lag, Value::Bytes(lag))));
        rows.extend(node.lag_secs.map(|lag| row(Label::Lag, Value::Seconds(lag))));
        rows
    }

    /// One server of a fleet, whom it copies from, and who copies from it.
    pub(super) fn node_rows(&self, index: u16, node: &FleetNode) -> Vec<Row> {
        let mut rows = vec![self.node_row(index, node)];
        let nodes = self.topology.fleet.as_ref().map_or(&[][..], |fleet| &fleet.nodes);
        if let Some((at, master)) =
            node.master.and_then(|at| Some((at, nodes.get(usize::from(at))?)))
        {
            rows.push(Row { label: Label::MasterLink, ..self.node_row(at, master) });
        }
        rows.extend(self.feed_rows(node));
        for (at, other) in (0..).zip(nodes) {
            if other.master == Some(index) {
                let is_sentinel = other.role == NodeRole::Sentinel;
                let label = if is_sentinel { Label::WatchedBy } else { Label::Replicas };
                rows.push(Row { label, ..self.node_row(at, other) });
            }
        }
        for ((from, to), slots) in self.topology.fleet.iter().flat_map(peers::moves) {
            let (label, other) = match (from == index, to == index) {
                (true, _) => (Label::SlotsLeaving, to),
                (_, true) => (Label::SlotsComing, from),
                _ => continue,
            };
            let addr = nodes.get(usize::from(other)).map_or("?", |node| &node.addr);
            let value = Value::Text(format!("{addr} · {}", count(slots as u64)));
            rows.push(Row { label, value, node: self.node_of_peer(other) });
        }
        let slots: Vec<String> =
            node.slots.iter().map(|(from, to)| format!("{from}-{to}")).collect();
        if !slots.is_empty() {
            rows.push(row(Label::Slots, Value::Text(slots.join(", "))));
        }
        rows.extend(node.offset.map(|offset| row(Label::Offset, Value::Count(offset))));
        rows.extend(node.keys.map(|keys| row(Label::Keys, Value::Count(keys))));
        rows
    }

    /// Who waits for one key, in the order in which they are served.
    pub(super) fn queue_rows(&self, queue: &Queue) -> Vec<Row> {
        let waiting = queue.waiting.iter().take(MOST_ROWS).zip(1..);
        let rows = waiting.map(|(waiting, place)| {
            let client = self.topology.clients.get(&waiting.client);
            let who = client.map_or_else(|| number_of(waiting.client).to_string(), card::title);
            let hint = if waiting.source == WaitSource::Length { "≈ " } else { "" };
            let value = Value::Named(keyed(queue.db, &queue.key), format!("{place}. {hint}{who}"));
            Row { label: Label::Queues, value, node: self.node_of_client(waiting.client) }
        });
        rows.collect()
    }

    /// What clients do: who waits for what in which order, what was slow, what is listened to.
    fn work(&self) -> Vec<Section> {
        let work = &self.topology.workload;
        let queues = work.queues.iter().take(MOST_ROWS).flat_map(|queue| self.queue_rows(queue));
        let slow = work.slow.iter().take(MOST_ROWS).map(|slow| {
            row(Label::SlowLog, Value::Named(millis(slow.micros), slow.command.clone()))
        });
        let latency = work.latency.iter().map(|event| {
            let value = format!("{} ms (≤ {} ms)", event.latest_millis, event.most_millis);
            row(Label::Latency, Value::Named(event.name.clone(), value))
        });
        let channels = work.channels.iter().take(MOST_ROWS).map(|channel| {
            row(Label::Channels, Value::Named(channel.name.clone(), count(channel.subscribers)))
        });
        let streams = work.streams.iter().take(MOST_ROWS).flat_map(|stream| {
            let name = keyed(stream.db, &stream.key);
            let groups = stream.groups.iter().map(|group| {
                let lag = group.lag.map_or_else(|| "?".to_owned(), count);
                let consumers = group.consumers.len();
                format!("{}: {} + {lag} · {consumers}", group.name, count(group.pending))
            });
            let parts: Vec<String> = std::iter::once(count(stream.entries)).chain(groups).collect();
            Some(row(Label::Streams, Value::Named(name, parts.join(" · "))))
        });
        let functions = work.functions.iter().map(|name| row(Label::Functions, text(name)));
        vec![
            Section::new(Some(Label::Queues), queues.collect()),
            Section::new(Some(Label::SlowLog), slow.collect()),
            Section::new(Some(Label::Latency), latency.collect()),
            Section::new(Some(Label::Channels), channels.collect()),
            Section::new(Some(Label::Streams), streams.collect()),
            Section::new(Some(Label::Functions), functions.collect()),
        ]
    }
}

/// Of a server in a fleet what stands out among all that is known.
fn peer_facts(server: &ServerFacts) -> Vec<Row> {
    let number = |label, value: Option<u64>| value.map(|value| row(label, Value::Count(value)));
    let mut rows = vec![row(Label::Version, text(&card::server_title(server)))];
    rows.extend(number(Label::Clients, server.connected_clients));
    rows.extend(number(Label::OpsPerSecond, server.ops_per_sec));
    rows.extend(server.used_memory_bytes.map(|bytes| row(Label::Memory, Value::Bytes(bytes))));
    rows.extend(server.uptime_secs.map(|secs| row(Label::Uptime, Value::Seconds(secs))));
    rows
}

fn census_rows(topology: &Topology) -> Vec<Row> {
    let Some(census) = &topology.census else { return Vec::new() };
    let states = census.states.iter().map(|(state, count)| {
        row(Label::Sockets, Value::Named(state.name().to_owned(), count.to_string()))
    });
    let backlog = match census.most_backlog {
        None => census.backlog.to_string(),
        Some(most) => format!("{} / {most}", census.backlog),
    };
    states.chain(std::iter::once(row(Label::Backlog, Value::Text(backlog)))).collect()
}

/// What Banyan itself costs the server, and what it may.
fn cost_rows(topology: &Topology) -> Vec<Row> {
    let cost = topology.cost;
    let mut rows = vec![
        row(Label::CostCommands, Value::Count(cost.commands)),
        row(Label::CostMicros, Value::Count(cost.micros)),
    ];
    if cost.bytes > 0 {
        rows.push(row(Label::CostBytes, Value::Bytes(cost.bytes)));
    }
    if cost.budget_ppm > 0 {
        let share = f64::from(cost.budget_ppm) / 10_000.0;
        rows.push(row(Label::CostBudget, Value::Text(format!("{share} %"))));
    }
    if cost.interval_millis > 0 {
        rows.push(row(Label::PollInterval, Value::Text(format!("{} ms", cost.interval_millis))));
    }
    rows
}
