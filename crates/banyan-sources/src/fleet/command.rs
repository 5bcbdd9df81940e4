//! What is asked about other servers.

use crate::redis::resp::encode;

/// The commands of [`crate::redis::RedisCommand::Fleet`]. None writes; CKQUORUM counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FleetCommand {
    ClusterNodes,
    /// Version 7.
    ClusterShards,
    /// Version 7.
    ClusterLinks,
    /// Slots are below 16384.
    ClusterCountKeysInSlot(u16),
    SentinelMasters,
    /// These name a master.
    SentinelReplicas(String),
    SentinelSentinels(String),
    SentinelCkquorum(String),
    /// All events of a Sentinel, until the connection ends.
    SentinelEvents,
}

impl FleetCommand {
    pub fn encode(&self, out: &mut Vec<u8>) {
        match self {
            Self::ClusterNodes => encode(&[b"CLUSTER", b"NODES"], out),
            Self::ClusterShards => encode(&[b"CLUSTER", b"SHARDS"], out),
            Self::ClusterLinks => encode(&[b"CLUSTER", b"LINKS"], out),
            Self::ClusterCountKeysInSlot(slot) => {
                encode(&[b"CLUSTER", b"COUNTKEYSINSLOT", slot.to_string().as_bytes()], out);
            }
            Self::SentinelMasters => encode(&[b"SENTINEL", b"MASTERS"], out),
            Self::SentinelReplicas(name) => {
                encode(&[b"SENTINEL", b"REPLICAS", name.as_bytes()], out);
            }
            Self::SentinelSentinels(name) => {
                encode(&[b"SENTINEL", b"SENTINELS", name.as_bytes()], out);
            }
            Self::SentinelCkquorum(name) => {
                encode(&[b"SENTINEL", b"CKQUORUM", name.as_bytes()], out);
            }
            Self::SentinelEvents => encode(&[b"PSUBSCRIBE", b"*"], out),
        }
    }

    /// As [`crate::redis::RedisCommand::stat_names`].
    pub const fn stat_names(&self) -> (&'static str, &'static str) {
        match self {
            Self::ClusterNodes => ("cluster|nodes", "cluster"),
            Self::ClusterShards => ("cluster|shards", "cluster"),
            Self::ClusterLinks => ("cluster|links", "cluster"),
            Self::ClusterCountKeysInSlot(_) => ("cluster|countkeysinslot", "cluster"),
            Self::SentinelMasters => ("sentinel|masters", "sentinel"),
            Self::SentinelReplicas(_) => ("sentinel|replicas", "sentinel"),
            Self::SentinelSentinels(_) => ("sentinel|sentinels", "sentinel"),
            Self::SentinelCkquorum(_) => ("sentinel|ckquorum", "sentinel"),
            Self::SentinelEvents => ("psubscribe", "psubscribe"),
        }
    }
}
