//! What clients do with a server: what they wait for, what they touch, what was slow.

use serde::{Deserialize, Serialize};

use crate::client::ClientId;

/// What is known of the work that a server does. Asked for less often than connections are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workload {
    /// Keys that blocked clients wait for, by key.
    pub queues: Vec<Queue>,
    /// Who reads and writes below which prefix; from a window of MONITOR or `watch`.
    pub touches: Vec<Touch>,
    /// The window that [`Workload::touches`] were gathered in.
    pub window: Option<Window>,
    /// Newest first.
    pub slow: Vec<SlowCommand>,
    pub latency: Vec<LatencyEvent>,
    pub channels: Vec<Channel>,
    pub streams: Vec<Stream>,
    pub functions: Vec<String>,
}

/// How it is known that a client waits for a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WaitSource {
    /// The command was seen.
    Seen,
    /// The length of the client's arguments fits this key and no other that is known: a hint.
    Length,
    /// The group of a stream names the consumer.
    Consumer,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queue {
    pub db: u32,
    /// Printable, see [`crate::printable`].
    pub key: String,
    /// In the order in which they are served.
    pub waiting: Vec<Waiting>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Waiting {
    pub client: ClientId,
    pub source: WaitSource,
    /// When it began to wait, by the bridge's clock.
    pub since_millis: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Touch {
    pub client: ClientId,
    pub db: u32,
    /// Printable prefix, with its delimiter.
    pub prefix: String,
    pub reads: u64,
    pub writes: u64,
}

/// A stretch of time in which every command was seen, or a share of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    pub from_millis: u64,
    pub to_millis: u64,
    pub commands: u64,
    /// Commands that went by unseen because the window was full.
    pub missed: u64,
    pub bytes: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlowCommand {
    pub id: u64,
    pub at_millis: u64,
    pub micros: u64,
    /// Printable, cut at 256 bytes in all.
    pub command: String,
    pub addr: String,
    pub name: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LatencyEvent {
    pub name: String,
    pub at_millis: u64,
    pub latest_millis: u64,
    pub most_millis: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Channel {
    pub name: String,
    pub subscribers: u64,
    pub is_sharded: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Stream {
    pub db: u32,
    pub key: String,
    pub entries: u64,
    pub groups: Vec<ConsumerGroup>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsumerGroup {
    pub name: String,
    pub pending: u64,
    /// Entries not yet delivered.
    pub lag: Option<u64>,
    pub consumers: Vec<Consumer>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consumer {
    pub name: String,
    pub pending: u64,
    /// When it last read or tried to, by the bridge's clock.
    pub seen_at_millis: u64,
}
