//! Which connections stand together.
//!
//! A picture that jumps cannot be read, so a group is by what a connection is for rather than what
//! it does this very moment: a consumer that runs a job between two BRPOPs stays a consumer.

use banyan_topology::{
    Client, ClientId, ClientState, FleetNode, NodeRole, Thread, ThreadRole, Topology,
    findings::{host, stem},
    node_of,
};
use serde::{Deserialize, Serialize};

use super::{details::keyed, queues::QueueKey};
use crate::{
    figures::{bytes, count},
    world::{Word, Words},
};

/// What brings connections together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum GroupBy {
    /// What they are for: consumers by their command, subscribers, replicas, pools by name.
    #[default]
    Kind,
    Library,
    /// The peer's host.
    Address,
    /// The thread of the server that owns them.
    Thread,
    /// The server of a fleet that holds them.
    Node,
    /// The key that they wait for.
    Queue,
}

impl GroupBy {
    pub const ALL: [Self; 6] =
        [Self::Kind, Self::Library, Self::Address, Self::Thread, Self::Node, Self::Queue];

    /// Whether the groups are things that have figures of their own.
    pub(super) const fn has_figures(self) -> bool {
        matches!(self, Self::Thread | Self::Node)
    }
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
    pub(super) detail: Detail,
}

/// What tells groups of one rank apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Detail {
    /// A word of the server or the client: a command, a name, a host; may be empty.
    Text(String),
    Thread {
        node: u16,
        id: u32,
    },
    Node(u16),
    Queue(QueueKey),
}

impl Purpose {
    /// The same at every moment.
    pub(super) fn key(&self) -> String {
        match (self.rank.code(), &self.detail) {
            (code, Detail::Text(text)) if text.is_empty() => code.to_owned(),
            (code, Detail::Text(text)) => format!("{code}:{text}"),
            (_, Detail::Thread { node, id }) => format!("thread:{node}:{id}"),
            (_, Detail::Node(index)) => format!("node:{index}"),
            (_, Detail::Queue((db, key))) => format!("queue:{db}:{key}"),
        }
    }

    pub(super) fn title(&self, words: &Words, topology: &Topology) -> String {
        let word = self.word.map(|word| words.get(word));
        match (&self.detail, word) {
            (Detail::Text(text), Some(word)) if text.is_empty() => word.to_owned(),
            (Detail::Text(text), Some(word)) => format!("{word} · {text}"),
            (Detail::Text(text), None) => text.clone(),
            (Detail::Thread { node, id }, _) => thread(topology, *node, *id).map_or_else(
                || id.to_string(),
                |it| format!("{} {id}", words.get(thread_word(it.role))),
            ),
            (Detail::Node(index), _) => fleet_node(topology, *index)
                .map_or_else(|| index.to_string(), |node| node_title(node, words)),
            (Detail::Queue((db, key)), _) => keyed(*db, key),
        }
    }

    /// What the thing itself is at, coarse enough that a card rests.
    pub(super) fn note(&self, topology: &Topology) -> String {
        match &self.detail {
            Detail::Text(_) | Detail::Queue(_) => String::new(),
            Detail::Thread { node, id } => {
                thread(topology, *node, *id).map_or_else(String::new, thread_note)
            }
            Detail::Node(index) => fleet_node(topology, *index).map_or_else(String::new, node_note),
        }
    }
}

fn thread(topology: &Topology, node: u16, id: u32) -> Option<&Thread> {
    topology.threads.as_ref()?.iter().find(|thread| thread.node == node && thread.id == id)
}

pub(super) fn fleet_node(topology: &Topology, index: u16) -> Option<&FleetNode> {
    topology.fleet.as_ref()?.nodes.get(usize::from(index))
}

pub(super) const fn thread_word(role: ThreadRole) -> Word {
    match role {
        ThreadRole::Main => Word::MainThread,
        ThreadRole::Listener => Word::Listener,
        ThreadRole::Worker => Word::Worker,
        ThreadRole::Io => Word::IoThread,
        ThreadRole::Background => Word::BackgroundThread,
    }
}

pub(super) const fn node_word(role: NodeRole) -> Word {
    match role {
        NodeRole::Master => Word::Master,
        NodeRole::Replica => Word::Replica,
        NodeRole::Sentinel => Word::Sentinel,
    }
}

pub(super) fn thread_title(thread: &Thread, words: &Words) -> String {
    format!("{} · {} {}", words.get(thread_word(thread.role)), thread.name, thread.id)
}

/// "15 % CPU", in steps of five; a mark if it was at work.
pub(super) fn thread_note(thread: &Thread) -> String {
    let percent = thread.cpu_permille.map(|permille| (permille + 25) / 50 * 5);
    let mut parts: Vec<String> =
        percent.map(|percent| format!("{percent} % CPU")).into_iter().collect();
    parts.extend(thread.is_busy.filter(|&is_busy| is_busy).map(|_| "●".to_owned()));
    parts.join(" · ")
}

pub(super) fn node_title(node: &FleetNode, words: &Words) -> String {
    format!("{} · {}", words.get(node_word(node.role)), node.addr)
}

/// Slots, keys, and how far behind: what an operator asks of a node first.
pub(super) fn node_note(node: &FleetNode) -> String {
    let mut parts = Vec::new();
    let slots: u32 =
        node.slots.iter().map(|&(from, to)| u32::from(to.saturating_sub(from)) + 1).sum();
    if slots > 0 {
        parts.push(format!("{} SLOTS", count(slots.into())));
    }
    parts.extend(node.share_ppm.map(|ppm| format!("{} %", (ppm + 5_000) / 10_000)));
    parts.extend(node.lag_bytes.filter(|&lag| lag > 0).map(|lag| format!("-{}", bytes(lag))));
    parts.extend(node.lag_secs.filter(|&secs| secs > 1).map(|secs| format!("-{secs} s")));
    if !matches!(node.state.as_str(), "" | "online" | "connected") {
        parts.push(node.state.to_uppercase());
    }
    parts.join(" · ")
}

/// The thread that owns a connection. Threads list theirs in rising order.
pub(super) fn thread_of(topology: &Topology, id: ClientId) -> Option<&Thread> {
    topology
        .threads
        .as_ref()?
        .iter()
        .find(|thread| thread.node == node_of(id) && thread.clients.binary_search(&id).is_ok())
}

/// After so long without a command an open transaction is forgotten rather than busy.
pub(super) const FORGOTTEN_SECS: u64 = 5;

/// What is remembered of a connection that waits now and then: who runs a job between two waits must
/// not wander.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Waits<'a> {
    /// The blocking command with which it was first seen waiting.
    pub(super) command: Option<&'a str>,
    /// The queue in which it was last seen.
    pub(super) queue: Option<&'a QueueKey>,
}

/// What a connection stands for.
pub(super) fn purpose(
    client: &Client,
    group_by: GroupBy,
    waits: Waits<'_>,
    topology: &Topology,
) -> Purpose {
    match group_by {
        GroupBy::Thread => return by_thread(client, topology),
        GroupBy::Node => return by_node(client, topology),
        _ if client.own => return plain(Rank::Own, Word::OwnConnections),
        _ => {}
    }
    match group_by {
        GroupBy::Kind | GroupBy::Thread | GroupBy::Node => {
            kind(client, waits.command, topology.taken_at_millis)
        }
        GroupBy::Queue => by_queue(waits),
        GroupBy::Library => match client.library.as_deref() {
            Some(library) if !library.is_empty() => named(library),
            _ => plain(Rank::Rest, Word::NoLibrary),
        },
        GroupBy::Address => named(host(&client.addr)),
    }
}

fn by_thread(client: &Client, topology: &Topology) -> Purpose {
    match thread_of(topology, client.id) {
        Some(thread) => {
            let detail = Detail::Thread { node: thread.node, id: thread.id };
            Purpose { rank: Rank::Named, word: None, detail }
        }
        None => plain(Rank::Rest, Word::NoThread),
    }
}

fn by_node(client: &Client, topology: &Topology) -> Purpose {
    let index = node_of(client.id);
    match fleet_node(topology, index) {
        Some(_) => Purpose { rank: Rank::Named, word: None, detail: Detail::Node(index) },
        None => plain(Rank::Rest, Word::NoServer),
    }
}

fn by_queue(waits: Waits<'_>) -> Purpose {
    match (waits.queue, waits.command) {
        (Some(queue), _) => {
            Purpose { rank: Rank::Consumers, word: None, detail: Detail::Queue(queue.clone()) }
        }
        (None, Some(_)) => plain(Rank::Consumers, Word::NoQueue),
        (None, None) => plain(Rank::Rest, Word::NotWaiting),
    }
}

const fn plain(rank: Rank, word: Word) -> Purpose {
    Purpose { rank, word: Some(word), detail: Detail::Text(String::new()) }
}

fn named(name: &str) -> Purpose {
    Purpose { rank: Rank::Named, word: None, detail: Detail::Text(name.to_owned()) }
}

fn kind(client: &Client, waits_for: Option<&str>, now_millis: u64) -> Purpose {
    let worded = |rank, word, text| Purpose { rank, word: Some(word), detail: Detail::Text(text) };
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
        named(stem(&client.name))
    }
}
