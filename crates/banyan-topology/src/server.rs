//! A server, its threads and its replication.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::{
    client::{Client, ClientId},
    finding::Finding,
    fleet::Fleet,
    socket::Census,
    workload::Workload,
};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerKind {
    #[default]
    Redis,
    Valkey,
    Memcached,
    TokyoTyrant,
    /// A Sentinel: it holds no keys, it watches servers that do.
    Sentinel,
}

/// Facts about one server. `None` means that it does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServerFacts {
    pub kind: ServerKind,
    pub version: String,
    /// Changes when the process restarts.
    pub run_id: String,
    pub uptime_secs: Option<u64>,
    pub used_memory_bytes: Option<u64>,
    pub max_memory_bytes: Option<u64>,
    pub max_clients: Option<u64>,
    pub connected_clients: Option<u64>,
    pub blocked_clients: Option<u64>,
    pub ops_per_sec: Option<u64>,
    /// Connections accepted since the start.
    pub total_connections: Option<u64>,
    /// Keys of each database that has any.
    pub databases: BTreeMap<u32, u64>,
    /// The server's process, where it is known.
    pub pid: Option<u32>,
    /// Whether it takes new connections now.
    pub is_accepting: Option<bool>,
    /// Connections turned away since the start.
    pub rejected_connections: Option<u64>,
    /// Keys evicted, and expired, since the start.
    pub evicted_keys: Option<u64>,
    pub expired_keys: Option<u64>,
    /// Reads that found their key, and those that did not, since the start.
    pub hits: Option<u64>,
    pub misses: Option<u64>,
    /// The policy of eviction (`maxmemory-policy`).
    pub eviction_policy: Option<String>,
    /// Seconds after which an idle connection is closed; 0 for never.
    pub idle_timeout_secs: Option<u64>,
    /// Seconds between the probes of TCP keepalive; 0 for none.
    pub keepalive_secs: Option<u64>,
    /// Size of the backlog for replicas that come back.
    pub backlog_bytes: Option<u64>,
    /// Whether it is a node of a cluster.
    pub is_cluster: Option<bool>,
}

impl ServerFacts {
    /// Keys of all databases; `None` for a server that tells nothing of itself: of one that does, no
    /// database means no key. A server may say any number, so that the sum has an end.
    pub fn keys(&self) -> Option<u64> {
        let is_told = !self.run_id.is_empty() || !self.databases.is_empty();
        let sum = self.databases.values().fold(0_u64, |sum, keys| sum.saturating_add(*keys));
        is_told.then_some(sum)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ThreadRole {
    /// Runs commands and may accept connections too.
    #[default]
    Main,
    /// Accepts connections and hands them to the workers.
    Listener,
    /// Owns connections and serves them.
    Worker,
    /// Reads and writes for connections whose commands another thread runs.
    Io,
    /// Serves no connection: expiry, persistence, rebalancing.
    Background,
}

/// A thread of a server's process.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    /// Thread id of the operating system where it is known, else the server's own number.
    pub id: u32,
    pub name: String,
    /// The connections that it owns, in rising order.
    pub clients: Vec<ClientId>,
    pub role: ThreadRole,
    /// Share of one processor since the look before, in thousandths.
    pub cpu_permille: Option<u32>,
    /// Whether it was at work, rather than waiting for work, at the moment of the look.
    pub is_busy: Option<bool>,
    /// Index in [`crate::Fleet::nodes`] of the server it belongs to; 0 where there is no fleet.
    pub node: u16,
}

/// Where a server stands in replication.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replication {
    pub is_master: bool,
    /// `host:port` of this server's master.
    pub master: Option<String>,
    /// `up` or `down`, as the replica says.
    pub link: Option<String>,
    pub offset: Option<u64>,
    pub replicas: Vec<ReplicaFacts>,
    /// Of a replica: whether it takes a whole copy from its master now.
    pub is_syncing: Option<bool>,
    /// Of a replica: seconds since its master last said anything.
    pub silent_secs: Option<u64>,
    /// Of a Tokyo Tyrant, whose [`Self::offset`] is a time too: when its newest record was made at
    /// the earliest, in microseconds since 1970 by its own clock.
    pub newest_micros: Option<u64>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaFacts {
    pub addr: String,
    pub state: String,
    pub offset: Option<u64>,
    /// Bytes behind the master's offset.
    pub lag_bytes: Option<u64>,
    /// Seconds since it last acknowledged anything.
    pub lag_secs: Option<u64>,
}

/// What Banyan itself has cost the server since it began to watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Commands sent.
    pub commands: u64,
    /// Time the server spent on them, in microseconds, as far as it is known.
    pub micros: u64,
    /// Bytes sent and received.
    pub bytes: u64,
    /// The share of the server's time that the controller allows, in parts of a million.
    pub budget_ppm: u32,
    /// Between two looks as the controller has stretched it, in milliseconds.
    pub interval_millis: u32,
}

/// Facts in the server's own words, by section and name: INFO, `stats settings`, `stats slabs` ...
pub type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// One target at one moment: a server, or all servers of a fleet.
///
/// The difference between two moments travels to browsers many times a minute. What moves without
/// meaning anything (a clock that counts whole seconds, a round trip that jitters) is therefore held
/// still by whoever reads it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Topology {
    /// Milliseconds since 1970 by the bridge's clock.
    pub taken_at_millis: u64,
    pub server: ServerFacts,
    pub clients: BTreeMap<ClientId, Client>,
    /// `None` where threads cannot be known.
    pub threads: Option<Vec<Thread>>,
    pub replication: Option<Replication>,
    pub cost: Cost,
    /// What the server keeps from us, with its own reason: an empty part that is named here is not
    /// known, rather than empty.
    pub withheld: Vec<Withheld>,
    /// The servers that belong together with this one. `None` for a server that stands alone.
    pub fleet: Option<Fleet>,
    pub sections: Sections,
    pub workload: Workload,
    /// Sockets of the server's host by TCP state, where its kernel can be asked.
    pub census: Option<Census>,
    /// What is wrong, worst first.
    pub findings: Vec<Finding>,
}

/// A part of the picture that a server can give or refuse.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Clients,
    Server,
    Replication,
    Keys,
    KeyTypes,
    KeyTtls,
    KeyBytes,
    /// Threads of the process and who owns which connection.
    Threads,
    /// The kernel's view of the connections.
    Sockets,
    /// The other servers of a fleet.
    Fleet,
    SlowLog,
    Latency,
    Channels,
    Streams,
    Functions,
    /// MONITOR, `watch`.
    Commands,
    /// CLIENT TRACKING.
    Tracking,
    Memory,
    Slabs,
    Sizes,
    Settings,
    Prefixes,
    /// How long keys have not been used.
    KeyIdle,
}

/// A part that the server refuses: its access list forbids the command, or its version lacks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub part: Part,
    /// The server's own words.
    pub reason: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_number_of_keys_is_too_many() {
        let keys = |keys: &[u64]| {
            let databases = (0..).zip(keys.iter().copied()).collect();
            let run_id = "a".to_owned();
            ServerFacts { databases, run_id, ..ServerFacts::default() }.keys()
        };
        let told = (keys(&[]), keys(&[2, 3]), keys(&[u64::MAX, 1]));
        assert_eq!(told, (Some(0), Some(5), Some(u64::MAX)));
        assert_eq!(ServerFacts::default().keys(), None);
    }
}
