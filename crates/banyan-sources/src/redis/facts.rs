//! What a server tells besides its connections: all of INFO, its memory, its slow log, its channels,
//! functions and streams. Asked for on a slower beat than connections are.

mod answer;
mod streams;

use std::{
    collections::{BTreeMap, btree_map::Entry},
    time::Duration,
};

use banyan_topology::{
    Channel, Fault, Part, Replication, Sections, ServerFacts, ServerKind, Withheld, Workload,
};
use tokio::time::Instant;

use super::{
    command::{RedisCommand, Setting},
    connection::{Connection, is_unknown},
    info::Info,
    permit::permit_of,
    poll::refusal,
    resp::Reply,
    version::is_at_least,
};
use crate::link::Link;
use streams::Streams;

/// Between two rounds of these questions.
const BEAT: Duration = Duration::from_secs(5);
/// Rounds after which a question that was refused is asked again: an access list may have changed,
/// and each refusal is an entry in the server's log of them.
const PATIENCE: u32 = 60;
/// More of them are not listed.
const MOST_CHANNELS: u64 = 1000;
const MOST_FUNCTIONS: u64 = 1000;

/// INFO with all sections, as versions before 6 call it and as later ones do.
const ALL: &[&str] = &["all"];
const EVERYTHING: &[&str] = &["everything"];

/// The latest answers.
#[derive(Default)]
pub(super) struct Facts {
    asked_at: Option<Instant>,
    rounds: u32,
    sections: Sections,
    workload: Workload,
    /// What ROLE says, for servers that refuse INFO.
    replication: Option<Replication>,
    settings: BTreeMap<&'static str, u64>,
    /// Questions that were refused in this or an earlier round, by the command's name.
    refused: BTreeMap<&'static str, Withheld>,
    streams: Streams,
}

impl Facts {
    /// Asks again if it is time. `server` is what INFO has just said.
    pub(super) async fn refresh(
        &mut self,
        connection: &mut Connection<'_>,
        link: &Link,
        server: &ServerFacts,
        info: Option<&Info>,
    ) -> Result<(), Fault> {
        if self.asked_at.is_some_and(|at| at.elapsed() < BEAT) {
            return Ok(());
        }
        self.rounds += 1;
        if self.rounds.is_multiple_of(PATIENCE) {
            self.refused.clear();
        }
        self.sections.clear();
        self.withhold_if_too_many(info);
        let mut questions = questions(server, info);
        questions.retain(|command| !self.refused.contains_key(command.stat_names().0));
        let replies = connection.pipeline(&questions).await?;
        let mut channels = Vec::new();
        for (command, reply) in questions.iter().zip(replies) {
            if let Reply::Error(_) = reply {
                self.note_refusal(command, &reply, &server.version)?;
                continue;
            }
            match command {
                RedisCommand::PubSubChannels { is_sharded } => {
                    channels.push((*is_sharded, answer::channel_names(&reply)));
                }
                _ => self.take(command, &reply, link),
            }
        }
        self.workload.channels = self.subscribers(connection, channels, &server.version).await?;
        self.workload.streams = match self.streams.ask(connection, link, &server.version).await? {
            Ok(streams) => streams,
            Err(reason) => {
                let withheld = Withheld { part: Part::Streams, reason };
                self.refused.insert("client|no-touch", withheld);
                Vec::new()
            }
        };
        let how = answer::connection(connection);
        self.sections.entry("connection".to_owned()).or_default().extend(how);
        self.asked_at = Some(Instant::now());
        Ok(())
    }

    fn take(&mut self, command: &RedisCommand, reply: &Reply, link: &Link) {
        match command {
            RedisCommand::Info(_) => {
                let text = reply.bytes().unwrap_or_default();
                link.meter.learn(Info::parse(text).command_stats());
                self.sections.append(&mut Info::sections(text));
            }
            RedisCommand::Role => self.replication = answer::replication(reply),
            RedisCommand::MemoryStats => {
                self.sections.insert("memory_stats".to_owned(), answer::flat(reply));
            }
            RedisCommand::MemoryDoctor => {
                let words = reply.bytes().map(|text| banyan_topology::printable(text, 1024));
                let facts = words.map(|words| ("memory".to_owned(), words));
                self.sections.insert("doctor".to_owned(), facts.into_iter().collect());
            }
            RedisCommand::SlowLogGet => self.workload.slow = answer::slow_log(reply),
            RedisCommand::LatencyLatest => self.workload.latency = answer::latency(reply),
            RedisCommand::FunctionList => self.workload.functions = answer::functions(reply),
            RedisCommand::ConfigGet(setting) => {
                let value = reply.get(setting.name()).and_then(Reply::number);
                self.settings.extend(value.map(|value| (setting.name(), value)));
            }
            RedisCommand::AclWhoAmI => {
                let user = reply.text().map(|user| ("user".to_owned(), user));
                self.sections.entry("connection".to_owned()).or_default().extend(user);
            }
            _ => {}
        }
    }

    async fn subscribers(
        &mut self,
        connection: &mut Connection<'_>,
        channels: Vec<(bool, Vec<Vec<u8>>)>,
        version: &str,
    ) -> Result<Vec<Channel>, Fault> {
        let mut known = Vec::new();
        for (is_sharded, channels) in channels {
            let command = RedisCommand::PubSubNumSub { is_sharded, channels };
            let is_empty = matches!(&command, RedisCommand::PubSubNumSub { channels, .. } if channels.is_empty());
            if is_empty || self.refused.contains_key(command.stat_names().0) {
                continue;
            }
            match connection.call(command.clone()).await? {
                reply @ Reply::Error(_) => self.note_refusal(&command, &reply, version)?,
                reply => known.extend(answer::channels(&reply, is_sharded)),
            }
        }
        known.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(known)
    }

    fn note_refusal(
        &mut self,
        command: &RedisCommand,
        reply: &Reply,
        version: &str,
    ) -> Result<(), Fault> {
        let (name, _) = command.stat_names();
        let reason = reason(name, reply, version)?;
        if let Some(permit) = permit_of(name) {
            self.refused.insert(name, Withheld { part: permit.part, reason });
        }
        Ok(())
    }

    /// A list that has no end stalls the server, and nobody reads it.
    fn withhold_if_too_many(&mut self, info: Option<&Info>) {
        for (name, fact, most, part) in [
            ("pubsub|channels", "pubsub_channels", MOST_CHANNELS, Part::Channels),
            ("pubsub|shardchannels", "pubsubshard_channels", MOST_CHANNELS, Part::Channels),
            ("function|list", "number_of_functions", MOST_FUNCTIONS, Part::Functions),
        ] {
            let Some(count) = info.and_then(|info| info.number(fact)) else { continue };
            let reason = format!("{count}, more than are listed ({most})");
            match self.refused.entry(name) {
                Entry::Vacant(entry) if count > most => {
                    entry.insert(Withheld { part, reason });
                }
                Entry::Occupied(entry) if count <= most && is_too_many(entry.get()) => {
                    entry.remove();
                }
                _ => {}
            }
        }
    }

    pub(super) fn sections(&self) -> Sections {
        self.sections.clone()
    }

    pub(super) fn workload(&self) -> Workload {
        self.workload.clone()
    }

    pub(super) fn replication(&self) -> Option<Replication> {
        self.replication.clone()
    }

    /// Adds what only CONFIG tells.
    pub(super) fn complete(&self, server: &mut ServerFacts) {
        let setting = |setting: Setting| self.settings.get(setting.name()).copied();
        server.idle_timeout_secs = setting(Setting::Timeout);
        server.keepalive_secs = setting(Setting::TcpKeepalive);
        server.max_clients = server.max_clients.or(setting(Setting::MaxClients));
    }

    /// One entry a part, in the order of the parts. What only the user of a connection loses by a
    /// refusal, its name, is no part.
    pub(super) fn withheld(&self) -> Vec<Withheld> {
        let mut parts = BTreeMap::new();
        for withheld in self.refused.values() {
            if !matches!(withheld.part, Part::Server | Part::Replication | Part::Clients) {
                parts.entry(withheld.part).or_insert_with(|| withheld.clone());
            }
        }
        parts.into_values().collect()
    }
}

fn is_too_many(withheld: &Withheld) -> bool {
    withheld.reason.contains("more than are listed")
}

/// Why a question was refused: the server's words, or the version that it lacks.
pub(crate) fn reason(name: &str, reply: &Reply, version: &str) -> Result<String, Fault> {
    let words = refusal(reply)?;
    Ok(match permit_of(name) {
        Some(permit) if is_unknown(words.as_bytes()) && !is_at_least(version, permit.since) => {
            let (major, minor) = permit.since;
            format!("needs {major}.{minor}")
        }
        _ => words,
    })
}

fn questions(server: &ServerFacts, info: Option<&Info>) -> Vec<RedisCommand> {
    let is_new = is_at_least(&server.version, (6, 0));
    let all = RedisCommand::Info(if is_new { EVERYTHING } else { ALL });
    if server.kind == ServerKind::Sentinel {
        return vec![all];
    }
    let mut questions = vec![
        all,
        RedisCommand::Role,
        RedisCommand::MemoryStats,
        RedisCommand::MemoryDoctor,
        RedisCommand::SlowLogGet,
        RedisCommand::LatencyLatest,
        RedisCommand::ConfigGet(Setting::Timeout),
        RedisCommand::ConfigGet(Setting::TcpKeepalive),
        RedisCommand::ConfigGet(Setting::MaxClients),
        RedisCommand::FunctionList,
        RedisCommand::AclWhoAmI,
    ];
    // Without INFO nobody knows how long these lists are.
    let has_any = |fact: &str| info.and_then(|info| info.number(fact)).is_some_and(|n| n > 0);
    if has_any("pubsub_channels") {
        questions.push(RedisCommand::PubSubChannels { is_sharded: false });
    }
    if has_any("pubsubshard_channels") {
        questions.push(RedisCommand::PubSubChannels { is_sharded: true });
    }
    questions
}
