//! Which connections stand together.
//!
//! A picture that jumps cannot be read, so a group is by what a connection is for rather than what
//! it does this very moment: a consumer that runs a job between two BRPOPs stays a consumer.

use std::collections::BTreeMap;

use banyan_topology::{Client, ClientId, ClientState, Topology};
use serde::{Deserialize, Serialize};

use crate::world::{Word, Words};

/// What brings connections together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupBy {
    /// What they are for: consumers by their command, subscribers, replicas, pools by name.
    #[default]
    Kind,
    Library,
    /// The peer's host.
    Address,
}

/// A group of connections, in the order in which an operator at three in the morning wants them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Replication,
    Consumers,
    /// A transaction that is left open.
    Transactions,
    Subscribers,
    Monitors,
    Named,
    Rest,
    Own,
}

impl Rank {
    /// Its name in a stable id.
    const fn code(self) -> &'static str {
        match self {
            Self::Replication => "replication",
            Self::Consumers => "consumers",
            Self::Transactions => "transactions",
            Self::Subscribers => "subscribers",
            Self::Monitors => "monitors",
            Self::Named => "named",
            Self::Rest => "rest",
            Self::Own => "own",
        }
    }
}

/// Connections that stand together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Group {
    /// The same at every moment.
    pub(super) key: String,
    /// A word of the interface, if one says what they are.
    pub(super) word: Option<Word>,
    /// A word of the server or the client: a command, a name, a host.
    pub(super) detail: String,
    pub(super) clients: Vec<ClientId>,
}

impl Group {
    pub(super) fn title(&self, words: &Words) -> String {
        match (self.word.map(|word| words.get(word)), self.detail.as_str()) {
            (Some(word), "") => word.to_owned(),
            (Some(word), detail) => format!("{word} · {detail}"),
            (None, detail) => detail.to_owned(),
        }
    }
}

/// After so long without a command an open transaction is forgotten rather than busy.
const FORGOTTEN_SECS: u64 = 5;

/// The groups of a moment. `consumers` remembers the blocking command of those who were seen waiting;
/// it forgets who is gone.
pub(super) fn groups(
    topology: &Topology,
    group_by: GroupBy,
    consumers: &mut BTreeMap<ClientId, String>,
) -> Vec<Group> {
    consumers.retain(|id, _| topology.clients.contains_key(id));
    for client in topology.clients.values().filter(|client| client.state == ClientState::Blocked) {
        // The first command stays: who waits now for this and now for that must not wander.
        consumers.entry(client.id).or_insert_with(|| client.command.clone());
    }
    let mut groups: BTreeMap<(Rank, String), Group> = BTreeMap::new();
    for client in topology.clients.values() {
        let (rank, word, detail) = match group_by {
            _ if client.own => (Rank::Own, Some(Word::OwnConnections), String::new()),
            GroupBy::Kind => kind(client, consumers, topology.taken_at_millis),
            GroupBy::Library => match client.library.as_deref() {
                Some(library) if !library.is_empty() => (Rank::Named, None, library.to_owned()),
                _ => (Rank::Rest, Some(Word::NoLibrary), String::new()),
            },
            GroupBy::Address => (Rank::Named, None, host(&client.addr).to_owned()),
        };
        let key = match detail.as_str() {
            "" => rank.code().to_owned(),
            detail => format!("{}:{detail}", rank.code()),
        };
        let group = groups.entry((rank, detail)).or_insert_with_key(|(_, detail)| Group {
            key,
            word,
            detail: detail.clone(),
            clients: Vec::new(),
        });
        group.clients.push(client.id);
    }
    groups.into_values().collect()
}

fn kind(
    client: &Client,
    consumers: &BTreeMap<ClientId, String>,
    now_millis: u64,
) -> (Rank, Option<Word>, String) {
    let plain = |rank, word| (rank, Some(word), String::new());
    match client.state {
        ClientState::Replica => return plain(Rank::Replication, Word::Replica),
        ClientState::Master => return (Rank::Replication, Some(Word::Master), client.addr.clone()),
        ClientState::Subscriber => return plain(Rank::Subscribers, Word::Subscriber),
        ClientState::Monitor => return plain(Rank::Monitors, Word::Monitor),
        ClientState::InMulti if super::age::idle_secs(client, now_millis) >= FORGOTTEN_SECS => {
            return plain(Rank::Transactions, Word::InMulti);
        }
        _ => {}
    }
    if let Some(command) = consumers.get(&client.id) {
        (Rank::Consumers, Some(Word::Blocked), command.to_uppercase())
    } else if client.name.is_empty() {
        plain(Rank::Rest, Word::NoName)
    } else {
        (Rank::Named, None, pool(&client.name).to_owned())
    }
}

/// `web-12` and `web-3` are of one pool: a name without the number at its end.
fn pool(name: &str) -> &str {
    let stem = name
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(['-', '_', ':', '.', '#', '/', ' ']);
    if stem.is_empty() { name } else { stem }
}

/// An address without its port.
fn host(addr: &str) -> &str {
    match addr.rsplit_once(':') {
        _ if addr.starts_with('/') || addr.starts_with("unix:") => addr,
        Some((host, _)) => host,
        None => addr,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_lose_their_numbers() {
        for (name, expect) in [
            ("web-12", "web"),
            ("worker:mail#3", "worker:mail"),
            ("42", "42"),
            ("db2x", "db2x"),
            ("爬虫7", "爬虫"),
        ] {
            assert_eq!(pool(name), expect);
        }
    }

    #[test]
    fn addresses_lose_their_ports() {
        for (addr, expect) in [
            ("10.0.0.7:51234", "10.0.0.7"),
            ("[::1]:51234", "[::1]"),
            ("/run/redis.sock:0", "/run/redis.sock:0"),
            ("unix:/run/x", "unix:/run/x"),
            ("", ""),
        ] {
            assert_eq!(host(addr), expect);
        }
    }
}
