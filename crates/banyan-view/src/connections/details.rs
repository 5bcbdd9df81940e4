//! All that is known of a server, a group, a connection.

use banyan_topology::{Client, Part, ReplicaFacts, ServerFacts};

use super::{
    ConnectionsWorld, Node, age, card,
    state::{self, Counts},
};
use crate::{
    details::{Details, Label, Row, Section, Value},
    figures::{bytes, count},
    world::{Word, World as _},
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

    fn client_sections(&self, client: &Client, is_gone: bool) -> Vec<Section> {
        let now = self.topology.taken_at_millis;
        let state = if is_gone { Word::Gone } else { state::word(client.state) };
        let mut rows = vec![row(Label::State, Value::Word(state))];
        if !client.command.is_empty() {
            rows.push(row(Label::LastCommand, text(&client.command)));
        }
        rows.push(row(Label::Idle, Value::Seconds(age::idle_secs(client, now))));
        rows.push(row(Label::Age, Value::Seconds(age::age_secs(client, now))));
        rows.extend(client.db.map(|db| row(Label::Database, text(&format!("db{db}")))));
        if client.subscriptions > 0 {
            rows.push(row(Label::Subscriptions, Value::Count(client.subscriptions.into())));
        }
        rows.extend(
            client
                .queued_commands
                .map(|queued| row(Label::QueuedCommands, Value::Count(queued.into()))),
        );
        rows.extend(
            client
                .watched_keys
                .filter(|&watched| watched > 0)
                .map(|watched| row(Label::WatchedKeys, Value::Count(watched.into()))),
        );
        let mut who = vec![row(Label::Address, text(&client.addr))];
        if !client.name.is_empty() {
            who.push(row(Label::Name, text(&client.name)));
        }
        who.push(row(Label::ClientId, text(&client.id.to_string())));
        who.extend(client.user.as_ref().map(|user| row(Label::User, text(user))));
        let library = card::library(client);
        if !library.is_empty() {
            who.push(row(Label::Library, text(&library)));
        }
        who.extend(
            client
                .protocol
                .map(|version| row(Label::ProtocolVersion, text(&format!("RESP{version}")))),
        );
        who.extend(client.thread.map(|thread| row(Label::Thread, Value::Count(thread.into()))));
        let socket = client.socket.as_ref();
        who.extend(socket.map(|socket| row(Label::TcpState, text(socket.state.name()))));
        if !client.flags.is_empty() {
            who.push(row(Label::Flags, text(&client.flags)));
        }
        if client.own {
            who.push(row(Label::OwnConnection, Value::Word(Word::Yes)));
        }
        let buffers = vec![
            row(Label::OutputBuffer, size(client.output_bytes)),
            row(Label::QueryBuffer, size(client.query_bytes)),
            row(Label::Memory, size(client.memory_bytes)),
        ];
        vec![
            Section { heading: None, rows },
            Section { heading: Some(Label::Address), rows: who },
            Section { heading: Some(Label::Memory), rows: buffers },
        ]
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
            counts.count(client.state, true);
        }
        rows.extend(counts.present().map(|(state, number)| {
            let word = self.words.get(state::word(state));
            row(Label::State, Value::Text(format!("{word} · {}", count(number.into()))))
        }));
        let members = clients.iter().take(MOST_ROWS).map(|client| Row {
            label: if client.name.is_empty() { Label::Address } else { Label::Name },
            value: text(&[card::title(client).as_str(), &client.command].join(" · ")),
            node: self.node_of_client(client.id),
        });
        let members = Section { heading: Some(Label::Clients), rows: members.collect() };
        vec![Section { heading: None, rows }, members]
    }

    fn server_sections(&self) -> Vec<Section> {
        let topology = &self.topology;
        let server = &topology.server;
        let mut sections = vec![Section { heading: None, rows: self.server_rows(server) }];
        let databases = server.databases.iter().map(|(database, keys)| {
            row(Label::Database, Value::Text(format!("db{database} · {}", count(*keys))))
        });
        sections.push(Section { heading: Some(Label::Keys), rows: databases.collect() });
        if let Some(replication) = &topology.replication {
            let role = if replication.is_master { Word::Master } else { Word::Replica };
            let mut rows = vec![row(Label::Role, Value::Word(role))];
            if let Some(master) = &replication.master {
                let link = replication.link.as_deref().unwrap_or_default();
                rows.push(row(Label::MasterLink, text(format!("{master} {link}").trim_end())));
            }
            rows.extend(replication.offset.map(|offset| row(Label::Offset, Value::Count(offset))));
            rows.extend(replication.replicas.iter().map(|replica| self.replica_row(replica)));
            sections.push(Section { heading: Some(Label::Replication), rows });
        }
        let cost = vec![
            row(Label::CostCommands, Value::Count(topology.cost.commands)),
            row(Label::CostMicros, Value::Count(topology.cost.micros)),
        ];
        sections.push(Section { heading: Some(Label::OwnConnection), rows: cost });
        let withheld = topology.withheld.iter().map(|withheld| {
            row(
                Label::Withheld,
                Value::Text(format!("{}: {}", part_name(withheld.part), withheld.reason)),
            )
        });
        sections.push(Section { heading: Some(Label::Withheld), rows: withheld.collect() });
        sections.retain(|section| !section.rows.is_empty());
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
