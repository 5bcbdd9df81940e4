//! What a server says of others, besides INFO.

use std::collections::BTreeMap;

use banyan_topology::{Fault, NodeRole, ServerKind, Topology};

use super::{
    address::normal,
    cluster::{self, ClusterView},
    sentinel::{self, SentinelView},
};
use crate::{poller::Poller, target::Protocol};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told {
    Cluster(ClusterView),
    Sentinel(SentinelView),
}

/// Asks the server that `topology` was just read from. `master` is the one of its masters that is
/// meant, if it is a Sentinel.
pub(super) async fn ask(
    poller: &mut Poller<'_>,
    master: Option<&str>,
    topology: &mut Topology,
) -> Result<Option<Told>, Fault> {
    let Some(connection) = poller.redis_connection() else { return Ok(None) };
    let withheld = &mut topology.withheld;
    Ok(if topology.server.kind == ServerKind::Sentinel {
        sentinel::ask(connection, master, withheld).await?.map(Told::Sentinel)
    } else if topology.server.is_cluster == Some(true) {
        cluster::ask(connection, withheld).await?.map(Told::Cluster)
    } else {
        None
    })
}

/// The servers that a look names, what to speak there, and as what they are named. In one order, so
/// that the same answers give the same fleet.
pub(super) fn named(
    topology: &Topology,
    told: Option<&Told>,
) -> BTreeMap<(Protocol, String), NodeRole> {
    let mut named = BTreeMap::new();
    let mut add = |address: Option<String>, protocol, role| {
        named.extend(address.map(|address| ((protocol, address), role)));
    };
    let protocol = match topology.server.kind {
        ServerKind::TokyoTyrant => Protocol::Tyrant,
        _ => Protocol::Redis,
    };
    if let Some(replication) = &topology.replication {
        add(replication.master.as_deref().and_then(normal), protocol, NodeRole::Master);
        for replica in &replication.replicas {
            add(normal(&replica.addr), protocol, NodeRole::Replica);
        }
    }
    match told {
        None => {}
        Some(Told::Cluster(view)) => {
            for node in view.nodes.iter().filter(|node| !node.is_myself) {
                let role = if node.is_replica { NodeRole::Replica } else { NodeRole::Master };
                add(node.address.clone(), Protocol::Redis, role);
            }
        }
        Some(Told::Sentinel(view)) => {
            for watched in &view.masters {
                add(watched.master.address.clone(), Protocol::Redis, NodeRole::Master);
                for replica in &watched.replicas {
                    add(replica.address.clone(), Protocol::Redis, NodeRole::Replica);
                }
                for sentinel in &watched.sentinels {
                    add(sentinel.address.clone(), Protocol::Sentinel, NodeRole::Sentinel);
                }
            }
        }
    }
    named
}
