//! Looking at a server's connections.

use std::collections::BTreeMap;

use banyan_topology::{
    Client, Fault, FaultKind, Part, ServerFacts, ServerKind, Thread, ThreadRole, Topology, Withheld,
};

use super::{
    client_list::{hold_times, parse_client},
    command::RedisCommand,
    connection::{Connection, fault_of_error},
    facts::Facts,
    info::Info,
    resp::Reply,
    version::is_at_least,
};
use crate::{
    clock::now_millis,
    link::{Link, Own},
    watch::Deadlines,
};

/// INFO's sections that a look needs, for servers that take several at once (version 7).
const SECTIONS: &[&str] = &["server", "clients", "memory", "stats", "replication", "keyspace"];
const COMMAND_STATS: &[&str] = &["commandstats"];
const LIST: &str = "client|list";
/// Connections that a list has to be called long.
const LONG_LIST: usize = 1000;

/// A connection that looks at a server's connections.
pub(crate) struct Poller<'a> {
    link: &'a Link,
    connection: Connection<'a>,
    /// Keeps our own connection marked.
    _own: Option<Own<'a>>,
    /// Until the version is known to be 7 or later, INFO is asked for as a whole.
    takes_sections: bool,
    facts: Facts,
    earlier: Option<Topology>,
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
        let own = connection.mark_as_own(link).await?;
        let takes_sections = connection.version().is_some_and(|v| is_at_least(v, (7, 0)));
        let facts = Facts::default();
        Ok(Self { link, connection, _own: own, takes_sections, facts, earlier: None })
    }

    /// One look: INFO, CLIENT LIST, and the other facts when it is time for them. A part that the
    /// server refuses is withheld.
    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        // The prices of what this look will say; a later round of facts tells them anew.
        if self.earlier.is_none() {
            learn_prices(&mut self.connection, self.link).await?;
        }
        let mut withheld = Vec::new();
        let sections = if self.takes_sections { SECTIONS } else { &[] };
        let info = match self.connection.call(RedisCommand::Info(sections)).await? {
            Reply::Bulk(text) => Some(Info::parse(&text)),
            reply => {
                let reason = refusal(&reply)?;
                withheld.push(Withheld { part: Part::Server, reason: reason.clone() });
                withheld.push(Withheld { part: Part::Replication, reason });
                None
            }
        };
        let mut server = info.as_ref().map_or_else(unknown_server, Info::server_facts);
        if server.version.is_empty() {
            server.version = self.connection.version().unwrap_or_default().to_owned();
        }
        self.takes_sections = is_at_least(&server.version, (7, 0));

        let now = now_millis();
        let mut clients = Vec::new();
        let price = self.link.meter.price(LIST);
        let listed = self.connection.client_list(|line| clients.extend(parse_client(line, now)));
        if let Err(fault) = listed.await? {
            let reason = refusal_of(fault)?;
            withheld.push(Withheld { part: Part::Clients, reason });
        }
        // A long list is what costs, and costs more the longer it has become: what it took is worth
        // a question.
        if clients.len() >= LONG_LIST {
            learn_prices(&mut self.connection, self.link).await?;
            if let (Some(before), Some(after)) = (price, self.link.meter.price(LIST)) {
                self.connection.charge_more(after - before);
            }
        }
        self.facts.refresh(&mut self.connection, self.link, &server, info.as_ref()).await?;
        self.facts.complete(&mut server);
        let replication = match &info {
            Some(info) => info.replication(),
            None => self.facts.replication(),
        };
        if replication.is_some() {
            withheld.retain(|withheld| withheld.part != Part::Replication);
        }
        withheld.extend(self.facts.withheld());

        let earlier =
            self.earlier.as_ref().filter(|earlier| earlier.server.run_id == server.run_id);
        for client in &mut clients {
            client.own = self.link.is_own(client.id);
            if let Some(earlier) = earlier.and_then(|earlier| earlier.clients.get(&client.id)) {
                hold_times(client, earlier);
            }
        }
        let mut topology = Topology {
            taken_at_millis: now_millis(),
            server,
            threads: threads(&clients),
            clients: clients.into_iter().map(|client| (client.id, client)).collect(),
            replication,
            cost: self.link.meter.cost(),
            withheld,
            sections: self.facts.sections(),
            workload: self.facts.workload(),
            ..Topology::default()
        };
        self.link.observed().apply(&mut topology, &self.link.notable());
        self.earlier = Some(topology.clone());
        Ok(topology)
    }

    /// For questions besides a look's own.
    pub(crate) fn connection(&mut self) -> &mut Connection<'a> {
        &mut self.connection
    }

    pub(crate) fn spent_micros(&self) -> f64 {
        self.connection.spent_micros()
    }
}

/// Reads INFO commandstats into the meter, if the server lets us.
pub(crate) async fn learn_prices(
    connection: &mut Connection<'_>,
    link: &Link,
) -> Result<(), Fault> {
    if let Reply::Bulk(text) = connection.call(RedisCommand::Info(COMMAND_STATS)).await? {
        link.meter.learn(Info::parse(&text).command_stats());
    }
    Ok(())
}

/// Why a part is withheld; a refusal that concerns the whole connection is an error.
pub(crate) fn refusal(reply: &Reply) -> Result<String, Fault> {
    match reply {
        Reply::Error(words) => refusal_of(fault_of_error(words)),
        _ => Err(Fault::new(FaultKind::Protocol, "a reply of another kind than the command's")),
    }
}

fn refusal_of(fault: Fault) -> Result<String, Fault> {
    match fault.kind {
        FaultKind::Forbidden | FaultKind::Other => Ok(fault.detail),
        _ => Err(fault),
    }
}

/// Threads by the `io-thread` field, where the server has it (Redis 8).
fn threads(clients: &[Client]) -> Option<Vec<Thread>> {
    let mut threads: BTreeMap<u32, Thread> = BTreeMap::new();
    for client in clients {
        let id = client.thread?;
        let thread = threads.entry(id).or_insert_with(|| Thread {
            id,
            name: if id == 0 { "main".to_owned() } else { format!("io_thd_{id}") },
            role: if id == 0 { ThreadRole::Main } else { ThreadRole::Io },
            ..Thread::default()
        });
        thread.clients.push(client.id);
    }
    Some(threads.into_values().collect()).filter(|threads: &Vec<_>| !threads.is_empty())
}

fn unknown_server() -> ServerFacts {
    ServerFacts { kind: ServerKind::Redis, ..Info::default().server_facts() }
}
