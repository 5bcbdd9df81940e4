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
    /// Node 0 is the one that was asked first. An index is kept for as long as the fleet is watched;
    /// that of a node that is long gone may be given to a newcomer.
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
    /// Of a node that does not answer, or that nobody names any more: when it was last heard of, in
    /// milliseconds since 1970 by the bridge's clock. What else is told of it is what it was then.
    pub down_since_millis: Option<u64>,
}

/// How the copying to a replica goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Feed {
    Online,
    /// So far behind that it may have to begin anew.
    Lagging,
    /// Takes a whole copy.
    Copying,
    Broken,
    /// Nobody says.
    Unknown,
}

/// Replicas acknowledge once a second: less than this is no lag.
pub(crate) const IN_TIME_SECS: u64 = 5;

impl FleetNode {
    /// How the copying to this node goes, as far as it, its master or a Sentinel tells.
    pub fn feed(&self, master: Option<&Self>) -> Feed {
        let link = self.replication.as_ref();
        let mut flags = self.state.split([',', ' ']);
        let is_down = |flag: &str| {
            matches!(flag, "fail" | "fail?" | "failed" | "s_down" | "o_down" | "disconnected")
        };
        if matches!(self.reach, Reach::Failed(_))
            || self.down_since_millis.is_some()
            || flags.any(is_down)
            || link.is_some_and(|link| link.link.as_deref() == Some("down"))
        {
            // A link is down for as long as a whole copy takes.
            let is_syncing = link.is_some_and(|link| link.is_syncing == Some(true));
            return if is_syncing { Feed::Copying } else { Feed::Broken };
        }
        if is_copying(&self.state) || link.is_some_and(|link| link.is_syncing == Some(true)) {
            return Feed::Copying;
        }
        let is_far = self.lag_bytes.zip(master.and_then(Self::backlog_bytes));
        if is_far.is_some_and(|(lag, backlog)| lag >= backlog / 2)
            || self.lag_secs.is_some_and(|secs| secs >= IN_TIME_SECS)
        {
            return Feed::Lagging;
        }
        let is_told = !self.state.is_empty() || self.lag_bytes.is_some() || link.is_some();
        if is_told { Feed::Online } else { Feed::Unknown }
    }

    /// The size of its backlog, if it says: how many bytes are too many behind depends on that.
    pub(crate) fn backlog_bytes(&self) -> Option<u64> {
        self.server.as_ref()?.backlog_bytes.filter(|&bytes| bytes > 0)
    }
}

/// Whether a master says that it sends a replica everything.
pub(crate) fn is_copying(state: &str) -> bool {
    matches!(state, "wait_bgsave" | "send_bulk" | "send_bulk_and_stream" | "sync")
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::FaultKind;

    #[test]
    fn a_feed_is_as_bad_as_the_worst_that_is_told() {
        let said = |state: &str| FleetNode { state: state.into(), ..FleetNode::default() };
        let check = |node: FleetNode, expect| assert_eq!(node.feed(None), expect, "{node:?}");
        check(said(""), Feed::Unknown);
        check(said("online"), Feed::Online);
        // Of what backlog, nobody says.
        check(FleetNode { lag_bytes: Some(1 << 40), ..said("online") }, Feed::Online);
        check(FleetNode { lag_secs: Some(5), ..said("online") }, Feed::Lagging);
        check(said("send_bulk"), Feed::Copying);
        check(said("slave,s_down,disconnected"), Feed::Broken);
        let gone = Reach::Failed(crate::Fault::new(FaultKind::Other, "gone"));
        check(FleetNode { reach: gone, ..said("online") }, Feed::Broken);
        check(FleetNode { down_since_millis: Some(1), ..said("") }, Feed::Broken);
        let link = |is_syncing| {
            let link = Some("down".into());
            Some(Replication { link, is_syncing: Some(is_syncing), ..Replication::default() })
        };
        check(FleetNode { replication: link(true), ..said("online") }, Feed::Copying);
        check(FleetNode { replication: link(false), ..said("online") }, Feed::Broken);
        // A master with a larger backlog can wait longer; one that has none does not say.
        let behind = FleetNode { lag_bytes: Some(1 << 19), ..said("online") };
        let feed = |backlog| {
            let server = ServerFacts { backlog_bytes: backlog, ..ServerFacts::default() };
            behind.feed(Some(&FleetNode { server: Some(server), ..FleetNode::default() }))
        };
        assert_eq!(feed(Some(1 << 20)), Feed::Lagging);
        assert_eq!([feed(Some(1 << 24)), feed(Some(0)), feed(None)], [Feed::Online; 3]);
    }
}
