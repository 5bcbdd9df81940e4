//! Which connections stand together.
//!
//! A picture that jumps cannot be read, so a group is by what a connection is for rather than what
//! it does this very moment: a consumer that runs a job between two BRPOPs stays a consumer.

use banyan_topology::{Client, ClientState};
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
pub(super) enum Rank {
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

/// What brings a connection where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Purpose {
    pub(super) rank: Rank,
    /// A word of the interface, if one says what these connections are.
    pub(super) word: Option<Word>,
    /// A word of the server or the client: a command, a name, a host.
    pub(super) detail: String,
}

impl Purpose {
    /// The same at every moment.
    pub(super) fn key(&self) -> String {
        match (self.rank.code(), self.detail.as_str()) {
            (code, "") => code.to_owned(),
            (code, detail) => format!("{code}:{detail}"),
        }
    }

    pub(super) fn title(&self, words: &Words) -> String {
        match (self.word.map(|word| words.get(word)), self.detail.as_str()) {
            (Some(word), "") => word.to_owned(),
            (Some(word), detail) => format!("{word} · {detail}"),
            (None, detail) => detail.to_owned(),
        }
    }
}

/// After so long without a command an open transaction is forgotten rather than busy.
pub(super) const FORGOTTEN_SECS: u64 = 5;

/// What a connection stands for. `waits_for` is the blocking command with which it was first seen
/// waiting.
pub(super) fn purpose(
    client: &Client,
    group_by: GroupBy,
    waits_for: Option<&str>,
    now_millis: u64,
) -> Purpose {
    if client.own {
        return plain(Rank::Own, Word::OwnConnections);
    }
    match group_by {
        GroupBy::Kind => kind(client, waits_for, now_millis),
        GroupBy::Library => match client.library.as_deref() {
            Some(library) if !library.is_empty() => named(library),
            _ => plain(Rank::Rest, Word::NoLibrary),
        },
        GroupBy::Address => named(host(&client.addr)),
    }
}

const fn plain(rank: Rank, word: Word) -> Purpose {
    Purpose { rank, word: Some(word), detail: String::new() }
}

fn named(name: &str) -> Purpose {
    Purpose { rank: Rank::Named, word: None, detail: name.to_owned() }
}

fn kind(client: &Client, waits_for: Option<&str>, now_millis: u64) -> Purpose {
    let worded = |rank, word, detail: String| Purpose { rank, word: Some(word), detail };
    match client.state {
        ClientState::Replica => return plain(Rank::Replication, Word::Replica),
        ClientState::Master => {
            return worded(Rank::Replication, Word::Master, client.addr.clone());
        }
        ClientState::Subscriber => return plain(Rank::Subscribers, Word::Subscriber),
        ClientState::Monitor => return plain(Rank::Monitors, Word::Monitor),
        ClientState::InMulti if super::age::idle_secs(client, now_millis) >= FORGOTTEN_SECS => {
            return plain(Rank::Transactions, Word::InMulti);
        }
        _ => {}
    }
    if let Some(command) = waits_for {
        worded(Rank::Consumers, Word::Blocked, command.to_uppercase())
    } else if client.name.is_empty() {
        plain(Rank::Rest, Word::NoName)
    } else {
        named(pool(&client.name))
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
