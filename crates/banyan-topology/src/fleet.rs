//! Servers that belong together: a master and its replicas, a Sentinel group, a cluster, a ring.

use serde::{Deserialize, Serialize};

use crate::{
    health::Fault,
    server::{Cost, Replication, ServerFacts},
};

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FleetKind {
    /// Masters and replicas that were found by walking from one of them.
    Replication,
    Sentinel,
    Cluster,
    /// Servers that do not know each other; clients spread keys over them by a hash ring (ketama).
    Ring,
}

/// Servers that belong together. A node's index is its name everywhere else ([`crate::id_on`]).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fleet {
    pub kind: FleetKind,
    /// The name of the group at its Sentinels.
    pub name: Option<String>,
    /// Sentinels that must agree that a master is gone; and whether so many can be reached.
    pub quorum: Option<u32>,
    pub has_quorum: Option<bool>,
    /// Node 0 is the one that was asked first. An index is kept for as long as the fleet is watched.
    pub nodes: Vec<FleetNode>,
    /// What its members told of themselves, oldest first; the last 100.
    pub events: Vec<FleetEvent>,
    /// Of a cluster: ranges of slots that nobody serves, both ends included.
    pub uncovered: Vec<(u16, u16)>,
    pub total: FleetTotal,
}

/// Sums over the nodes that are polled. `None` where none of them tells.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetTotal {
    /// Of masters alone: replicas hold copies.
    pub keys: Option<u64>,
    /// Of masters alone.
    pub used_memory_bytes: Option<u64>,
    pub connected_clients: Option<u64>,
    pub ops_per_sec: Option<u64>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NodeRole {
    #[default]
    Master,
    Replica,
    Sentinel,
}

/// Whether the bridge reads a node itself.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// It is polled, and its connections are among the clients.
    Polled,
    /// Known from what others tell.
    #[default]
    Told,
    /// The configuration does not allow to connect to this address.
    NotPermitted,
    Failed(Fault),
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetNode {
    /// `host:port` as the others reach it.
    pub addr: String,
    /// The id of a cluster's node or the run id of a server.
    pub id: String,
    pub role: NodeRole,
    /// Index of the node that it copies from; of a Sentinel, the master that it watches.
    pub master: Option<u16>,
    pub reach: Reach,
    /// Facts of a node that is polled.
    pub server: Option<ServerFacts>,
    pub replication: Option<Replication>,
    /// Flags or health in the words of whoever told: `online`, `fail?`, `s_down`.
    pub state: String,
    pub offset: Option<u64>,
    pub lag_bytes: Option<u64>,
    pub lag_secs: Option<u64>,
    /// Ranges of slots, both ends included.
    pub slots: Vec<(u16, u16)>,
    /// Slots that leave for, or come from, another node.
    pub migrations: Vec<Migration>,
    /// Keys of the node, where it is polled.
    pub keys: Option<u64>,
    /// Of a ring: the share of all possible keys, in parts of a million.
    pub share_ppm: Option<u32>,
    /// Links of the cluster's bus to other nodes that are up.
    pub bus_links: Option<u32>,
    /// Of a master that Sentinels watch: its name there.
    pub name: Option<String>,
    /// The same of it alone as [`Fleet::quorum`] and [`Fleet::has_quorum`].
    pub quorum: Option<u32>,
    pub has_quorum: Option<bool>,
    /// What Banyan has cost this node, where it is polled.
    pub cost: Option<Cost>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Migration {
    pub slot: u16,
    /// Index of the other node, if it is known.
    pub other: Option<u16>,
    /// Leaves this node, rather than comes to it.
    pub is_leaving: bool,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FleetEvent {
    pub at_millis: u64,
    /// `+sdown`, `+switch-master`.
    pub name: String,
    pub detail: String,
}
