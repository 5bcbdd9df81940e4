//! All that is known of a server, a group, a connection.

mod client;
mod server;

pub(super) use client::keyed;

use banyan_topology::{Client, Finding, Part, Severity, Subject};

use super::{
    ConnectionsWorld, Node, card,
    grouping::{Detail, fleet_node, node_word},
    state::{self, Counts, Mood},
};
use crate::{
    details::{Details, Label, Row, Section, Value},
    figures::count,
    world::World as _,
};

/// A group's panel names so many of its connections.
const MOST_ROWS: usize = 100;

impl ConnectionsWorld {
    pub(super) fn details_of(&self, node: u32) -> Details {
        let id = self.id_of(node);
        match self.node(node) {
            Some(Node::Server) => Details {
                id,
                title: card::server_title(&self.topology.server),
                subtitle: self.address.clone(),
                sections: self.server_sections(),
            },
            Some(Node::Peer(index)) => {
                self.peer(index).map_or_else(Details::default, |(_, node)| Details {
                    id,
                    title: node.addr.clone(),
                    subtitle: self.words.get(node_word(node.role)).to_owned(),
                    sections: self.peer_sections(index, node),
                })
            }
            Some(Node::Group(group)) => Details {
                id,
                title: self.group_title(group),
                subtitle: String::new(),
                sections: self.group_sections(group),
            },
            Some(Node::Client(client)) => {
                self.client(client).map_or_else(Details::default, |(client, is_gone)| {
                    let (title, subtitle) = (card::title(client), card::library(client));
                    Details { id, title, subtitle, sections: self.client_sections(client, is_gone) }
                })
            }
            None => Details::default(),
        }
    }

    fn group_sections(&self, group: u32) -> Vec<Section> {
        let clients: Vec<&Client> = self.clients_of(group).collect();
        let mut rows = vec![row(Label::Clients, Value::Count(clients.len() as u64))];
        if let Some(memory) = clients.iter().map(|client| client.memory_bytes).sum::<Option<u64>>()
        {
            rows.push(row(Label::Memory, Value::Bytes(memory)));
        }
        let mut counts = Counts::default();
        for client in &clients {
            counts.count(Mood::of(client), true);
        }
        rows.extend(counts.present().map(|(mood, number)| {
            let word = self.words.get(state::word(mood));
            row(Label::State, Value::Text(format!("{word} · {}", count(number.into()))))
        }));
        let mut sections = vec![Section::new(None, rows)];
        sections.extend(self.group_facts(group));
        let members = clients.iter().take(MOST_ROWS).map(|client| Row {
            label: if client.name.is_empty() { Label::Address } else { Label::Name },
            value: text(&[card::title(client).as_str(), &client.command].join(" · ")),
            node: self.node_of_client(client.id),
        });
        sections.push(Section::new(Some(Label::Clients), members.collect()));
        sections
    }

    /// What a thread or a server of a fleet is, where the group stands for one.
    fn group_facts(&self, group: u32) -> Option<Section> {
        let facts = match &self.group(group)?.purpose.detail {
            Detail::Text(_) => return None,
            Detail::Queue((db, key)) => {
                let queues = &self.topology.workload.queues;
                let queue = queues.iter().find(|queue| queue.db == *db && *queue.key == **key)?;
                Section::new(Some(Label::Queues), self.queue_rows(queue))
            }
            Detail::Thread { node, id } => {
                let threads = self.topology.threads.as_ref()?.iter();
                let mut thread = threads.filter(|it| it.node == *node && it.id == *id);
                Section::new(Some(Label::Thread), vec![self.thread_row(thread.next()?)])
            }
            Detail::Node(index) => {
                let node = fleet_node(&self.topology, *index)?;
                Section::new(Some(Label::Servers), self.node_rows(*index, node))
            }
        };
        Some(facts)
    }

    /// What is wrong with those that `is_about` picks.
    fn findings(&self, is_about: impl Fn(&Subject) -> bool) -> Option<Section> {
        let findings = self.topology.findings.iter().filter(|finding| is_about(&finding.subject));
        let rows: Vec<Row> = findings.flat_map(finding_rows).collect();
        (!rows.is_empty()).then(|| Section::new(Some(Label::Findings), rows))
    }
}

/// The rule and its facts.
fn finding_rows(finding: &Finding) -> Vec<Row> {
    let title = Value::Say(format!("finding_{}", finding.rule.key()));
    let label = match finding.severity {
        Severity::Critical => Label::Critical,
        Severity::Warning => Label::Warning,
        Severity::Notice => Label::Notice,
    };
    let facts = finding.evidence.iter().map(|fact| row(Label::Evidence, Value::Fact(fact.clone())));
    std::iter::once(row(label, title)).chain(facts).collect()
}

const fn row(label: Label, value: Value) -> Row {
    Row { label, value, node: None }
}

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn size(value: Option<u64>) -> Value {
    value.map_or(Value::Unknown, Value::Bytes)
}

/// The command that was refused is what an operator looks for.
const fn part_name(part: Part) -> &'static str {
    match part {
        Part::Clients => "CLIENT LIST",
        Part::Server => "INFO",
        Part::Replication => "ROLE",
        Part::Keys => "SCAN",
        Part::KeyTypes => "TYPE",
        Part::KeyTtls => "PTTL",
        Part::KeyBytes => "MEMORY USAGE",
        Part::Threads => "/proc",
        Part::Sockets => "sock_diag",
        Part::Fleet => "CLUSTER, SENTINEL",
        Part::SlowLog => "SLOWLOG",
        Part::Latency => "LATENCY",
        Part::Channels => "PUBSUB",
        Part::Streams => "XINFO",
        Part::Functions => "FUNCTION",
        Part::Commands => "MONITOR",
        Part::Tracking => "CLIENT TRACKING",
        Part::Memory => "MEMORY",
        Part::Slabs => "stats slabs",
        Part::Sizes => "stats sizes",
        Part::Settings => "stats settings",
        Part::Prefixes => "stats detail",
        Part::KeyIdle => "OBJECT IDLETIME",
    }
}
