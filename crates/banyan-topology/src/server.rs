//! A server, its threads and its replication.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::client::{Client, ClientId};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ServerKind {
    Redis,
    Valkey,
    Memcached,
    TokyoTyrant,
}

/// Facts about one server. `None` means that it does not say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Thread {
    pub id: u32,
    pub name: String,
    pub clients: Vec<ClientId>,
}

/// Where a server stands in replication.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Replication {
    pub is_master: bool,
    /// `host:port` of this server's master.
    pub master: Option<String>,
    /// `up` or `down`, as the replica says.
    pub link: Option<String>,
    pub offset: Option<u64>,
    pub replicas: Vec<ReplicaFacts>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplicaFacts {
    pub addr: String,
    pub state: String,
    pub offset: Option<u64>,
    /// Bytes behind the master's offset.
    pub lag_bytes: Option<u64>,
}

/// What Banyan itself has cost the server since it began to watch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Commands sent.
    pub commands: u64,
    /// Time the server spent on them, in microseconds, as far as it is known.
    pub micros: u64,
}

/// One server at one moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
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
}

/// A part that the server refuses: its access list forbids the command, or its version lacks it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Withheld {
    pub part: Part,
    /// The server's own words.
    pub reason: String,
}
