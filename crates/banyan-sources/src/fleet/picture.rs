//! What the servers of a fleet said, as one [`Fleet`]. Pure.

use std::collections::BTreeMap;

use banyan_topology::{
    Fleet, FleetEvent, FleetKind, FleetNode, FleetTotal, Migration, NodeRole, Reach, ServerKind,
    Topology,
};

use super::{
    address::normal,
    cluster::{self, ClusterNode, ClusterView},
    members::Last,
    sentinel::{Seen, SentinelView},
    told::Told,
    tyrant,
};

/// Seconds behind that servers show while all is well: they ask once a second.
const NO_LAG_SECS: u64 = 1;

/// A member and what is known of it.
pub(super) struct Known<'a> {
    pub(super) address: String,
    pub(super) reach: Reach,
    /// Of a member that is polled.
    pub(super) look: Option<&'a Topology>,
    pub(super) told: Option<&'a Told>,
    /// What it was when it was last told of.
    pub(super) last: Option<Last>,
    /// As [`FleetNode::down_since_millis`].
    pub(super) down_since_millis: Option<u64>,
}

/// Fills the nodes of a fleet from what each member said.
struct Picture<'a> {
    known: &'a [Known<'a>],
    /// Index of the member at an address.
    index_at: &'a dyn Fn(&str) -> Option<u16>,
    nodes: Vec<FleetNode>,
    /// Of each node, whether anybody says now what it is.
    is_told: Vec<bool>,
}

/// The fleet of `known`, in the order of their indices. `None` for a server that stands alone.
/// `shares` are those of a ring, in parts of a million.
pub(super) fn fleet(
    known: &[Known<'_>],
    index_at: &dyn Fn(&str) -> Option<u16>,
    shares: &[u32],
    events: Vec<FleetEvent>,
) -> Option<Fleet> {
    let node = |known: &Known<'_>| FleetNode {
        addr: known.address.clone(),
        reach: known.reach.clone(),
        down_since_millis: known.down_since_millis,
        ..FleetNode::default()
    };
    let nodes = known.iter().map(node).collect();
    let mut picture = Picture { known, index_at, nodes, is_told: vec![false; known.len()] };
    let mut fleet = Fleet {
        kind: FleetKind::Replication,
        name: None,
        quorum: None,
        has_quorum: None,
        nodes: Vec::new(),
        events,
        uncovered: Vec::new(),
        total: FleetTotal::default(),
    };
    picture.add_replicas();
    picture.add_own();
    if !shares.is_empty() {
        fleet.kind = FleetKind::Ring;
        for (node, share) in picture.nodes.iter_mut().zip(shares) {
            node.share_ppm = Some(*share);
        }
    } else if let Some(view) = picture.sentinel_view() {
        fleet.kind = FleetKind::Sentinel;
        picture.add_sentinels(view, &mut fleet);
    } else if let Some(view) = picture.cluster_view() {
        fleet.kind = FleetKind::Cluster;
        fleet.uncovered = cluster::uncovered(&view.1.nodes);
        picture.add_cluster(view);
    } else if known.len() < 2 {
        return None;
    }
    picture.recall();
    tyrant::refine(&mut picture.nodes);
    fleet.total = total(&picture.nodes);
    fleet.nodes = picture.nodes;
    Some(fleet)
}

impl<'a> Picture<'a> {
    fn node_at(&mut self, address: Option<&str>) -> Option<(usize, &mut FleetNode)> {
        let index = usize::from((self.index_at)(address?)?);
        Some((index, self.nodes.get_mut(index)?))
    }

    fn is_told(&mut self, index: usize) {
        if let Some(is_told) = self.is_told.get_mut(index) {
            *is_told = true;
        }
    }

    /// A server of which nobody speaks any more is what it was last: that its master has forgotten
    /// it makes it no master.
    fn recall(&mut self) {
        let untold = self.nodes.iter_mut().zip(self.known).zip(&self.is_told);
        for ((node, known), _) in untold.filter(|(_, is_told)| !**is_told) {
            let Some(last) = &known.last else { continue };
            node.role = last.role;
            node.master = last.master.as_deref().and_then(self.index_at);
            node.offset = last.offset;
        }
    }

    fn index(&self, address: Option<&str>) -> Option<u16> {
        (self.index_at)(&normal(address?)?)
    }

    /// What masters say of their replicas.
    fn add_replicas(&mut self) {
        let known = self.known;
        for (master, look) in known.iter().enumerate().filter_map(|(i, k)| Some((i, k.look?))) {
            let Some(replication) = &look.replication else { continue };
            for replica in &replication.replicas {
                let address = normal(&replica.addr);
                let Some((index, node)) = self.node_at(address.as_deref()) else { continue };
                if index == master {
                    continue;
                }
                node.role = NodeRole::Replica;
                node.master = u16::try_from(master).ok();
                node.state.clone_from(&replica.state);
                node.offset = replica.offset;
                node.lag_bytes = replica.lag_bytes;
                node.lag_secs = replica.lag_secs.map(held);
                self.is_told(index);
            }
        }
    }

    /// What each says of itself, which is what counts where others say otherwise.
    fn add_own(&mut self) {
        let offset_of = |known: &Known<'_>| known.look?.replication.as_ref()?.offset;
        for index in 0..self.nodes.len() {
            let Some(look) = self.known.get(index).and_then(|known| known.look) else { continue };
            let replication = look.replication.as_ref();
            let master = self.index(replication.and_then(|r| r.master.as_deref()));
            let master_offset =
                master.and_then(|master| self.known.get(usize::from(master))).and_then(offset_of);
            let Some(node) = self.nodes.get_mut(index) else { continue };
            node.id.clone_from(&look.server.run_id);
            node.cost = Some(look.cost);
            let holds_keys = look.server.kind != ServerKind::Sentinel;
            node.keys = look.server.keys().filter(|_| holds_keys);
            if let Some(replication) = replication.filter(|_| holds_keys) {
                node.role =
                    if replication.is_master { NodeRole::Master } else { NodeRole::Replica };
                let is_known_to_master = node.master == master;
                node.master = master;
                if replication.is_master {
                    (node.lag_bytes, node.lag_secs) = (None, None);
                    node.state.clear();
                } else if !is_known_to_master || node.state.is_empty() {
                    // Its master does not speak of it: the link is down, or the master is.
                    node.state = match (&replication.link, replication.is_syncing) {
                        (_, Some(true)) => "sync".to_owned(),
                        (Some(link), _) => link.clone(),
                        (None, _) => String::new(),
                    };
                    node.lag_secs = replication.silent_secs.map(held);
                    node.lag_bytes = master_offset
                        .zip(replication.offset)
                        .map(|(master, own)| master.saturating_sub(own));
                }
                node.offset = replication.offset.or(node.offset);
            }
            if !holds_keys {
                node.role = NodeRole::Sentinel;
            }
            node.server = Some(look.server.clone());
            node.replication = replication.filter(|_| holds_keys).cloned();
            if replication.is_some() || !holds_keys {
                self.is_told(index);
            }
        }
    }

    fn sentinel_view(&self) -> Option<(usize, &'a SentinelView)> {
        self.known.iter().enumerate().find_map(|(index, known)| match known.told {
            Some(Told::Sentinel(view)) => Some((index, view)),
            _ => None,
        })
    }

    fn cluster_view(&self) -> Option<(usize, &'a ClusterView)> {
        self.known.iter().enumerate().find_map(|(index, known)| match known.told {
            Some(Told::Cluster(view)) => Some((index, view)),
            _ => None,
        })
    }

    /// What a Sentinel says: all of what is not reached, and the state of the others.
    fn add_sentinels(&mut self, (viewer, view): (usize, &SentinelView), fleet: &mut Fleet) {
        if let [only] = view.masters.as_slice() {
            fleet.name = Some(only.name.clone());
            fleet.quorum = only.quorum;
        }
        let quorums: Vec<Option<bool>> = view.masters.iter().map(|m| m.has_quorum).collect();
        fleet.has_quorum = match quorums.contains(&Some(false)) {
            true => Some(false),
            false if quorums.is_empty() => None,
            false => quorums.iter().all(|q| *q == Some(true)).then_some(true),
        };
        for watched in &view.masters {
            let master = self.index(watched.master.address.as_deref());
            if let Some((_, node)) = self.node_at(watched.master.address.as_deref()) {
                node.name = Some(watched.name.clone());
                node.quorum = watched.quorum;
                node.has_quorum = watched.has_quorum;
            }
            self.add_seen(&watched.master, NodeRole::Master, None);
            for replica in &watched.replicas {
                self.add_seen(replica, NodeRole::Replica, master);
            }
            for sentinel in &watched.sentinels {
                self.add_seen(sentinel, NodeRole::Sentinel, master);
            }
            if let Some(node) = self.nodes.get_mut(viewer) {
                node.role = NodeRole::Sentinel;
                node.master = node.master.or(master);
            }
        }
    }

    fn add_seen(&mut self, seen: &Seen, role: NodeRole, master: Option<u16>) {
        let Some((index, node)) = self.node_at(seen.address.as_deref()) else { return };
        let is_own = node.server.is_some();
        if !is_own || role == NodeRole::Sentinel {
            node.role = role;
            // A Sentinel may watch several masters; it is drawn at the first.
            node.master = node.master.or(master);
        }
        if node.id.is_empty() {
            node.id.clone_from(&seen.id);
        }
        if !seen.state.is_empty() {
            node.state.clone_from(&seen.state);
        }
        node.offset = node.offset.or(seen.offset);
        self.is_told(index);
    }

    /// What the nodes of a cluster say: the whole by one of them, and by each what it alone knows.
    fn add_cluster(&mut self, (viewer, view): (usize, &ClusterView)) {
        let known = self.known;
        let place = |picture: &Self, node: &ClusterNode| match node.is_myself {
            true => u16::try_from(viewer).ok(),
            false => picture.index(node.address.as_deref()),
        };
        let places: Vec<Option<u16>> = view.nodes.iter().map(|node| place(self, node)).collect();
        let by_id: BTreeMap<&str, u16> = view
            .nodes
            .iter()
            .zip(&places)
            .filter_map(|(node, place)| Some((node.id.as_str(), (*place)?)))
            .collect();
        let of_id = |id: &str| by_id.get(id).copied();
        for (seen, place) in view.nodes.iter().zip(places) {
            let Some(index) = place.map(usize::from) else { continue };
            let master = seen.master.as_deref().and_then(of_id);
            let own = match known.get(index).and_then(|known| known.told) {
                Some(Told::Cluster(own)) => Some(own),
                _ => None,
            };
            let moves = own.and_then(|own| own.nodes.iter().find(|node| node.is_myself));
            let migrations = moves.map_or(&[][..], |node| node.migrations.as_slice());
            let migrations: Vec<Migration> = migrations
                .iter()
                .map(|moving| Migration {
                    slot: moving.slot,
                    other: of_id(&moving.other),
                    is_leaving: moving.is_leaving,
                })
                .collect();
            let Some(node) = self.nodes.get_mut(index) else { continue };
            if node.server.is_none() {
                node.role = if seen.is_replica { NodeRole::Replica } else { NodeRole::Master };
                node.master = master;
                node.offset = node.offset.or(seen.offset);
            }
            node.id.clone_from(&seen.id);
            match (&node.server, seen.flags.is_empty()) {
                // What it, or its master, says itself is newer than what the bus brings.
                (Some(_), true) if !node.state.is_empty() => {}
                (Some(_), true) => node.state = "online".to_owned(),
                _ => node.state = state(seen),
            }
            node.slots.clone_from(&seen.slots);
            node.migrations = migrations;
            node.bus_links = own.and_then(|own| own.links);
            self.is_told(index);
        }
    }
}

/// Flags, then the health that SHARDS tells, then the link.
fn state(seen: &ClusterNode) -> String {
    if !seen.flags.is_empty() {
        return seen.flags.join(",");
    }
    match &seen.health {
        Some(health) => health.clone(),
        None if seen.is_myself || seen.is_connected => "online".to_owned(),
        None => "disconnected".to_owned(),
    }
}

/// 0 for what is no lag but the rhythm of the servers' own questions.
const fn held(lag_secs: u64) -> u64 {
    if lag_secs <= NO_LAG_SECS { 0 } else { lag_secs }
}

fn total(nodes: &[FleetNode]) -> FleetTotal {
    let sum = |of: &dyn Fn(&FleetNode) -> Option<u64>| {
        nodes
            .iter()
            .filter_map(of)
            .fold(None, |sum: Option<u64>, part| Some(sum.unwrap_or(0).saturating_add(part)))
    };
    let master = |node: &FleetNode| node.role == NodeRole::Master;
    FleetTotal {
        keys: sum(&|node| node.keys.filter(|_| master(node))),
        used_memory_bytes: sum(&|node| {
            node.server.as_ref().filter(|_| master(node))?.used_memory_bytes
        }),
        connected_clients: sum(&|node| node.server.as_ref()?.connected_clients),
        ops_per_sec: sum(&|node| node.server.as_ref()?.ops_per_sec),
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::{Fault, FaultKind, ReplicaFacts, Replication, ServerFacts};

    use super::*;
    use crate::fleet::sentinel::Watched;

    fn known<'a>(address: &str, look: Option<&'a Topology>, told: Option<&'a Told>) -> Known<'a> {
        let reach = if look.is_some() { Reach::Polled } else { Reach::Told };
        let (last, down_since_millis) = (None, None);
        Known { address: address.to_owned(), reach, look, told, last, down_since_millis }
    }

    fn look(run_id: &str, replication: Replication) -> Topology {
        Topology {
            server: ServerFacts { run_id: run_id.to_owned(), ..ServerFacts::default() },
            replication: Some(replication),
            ..Topology::default()
        }
    }

    fn picture(known: &[Known<'_>]) -> Option<Fleet> {
        let index_at = |address: &str| {
            known.iter().position(|known| known.address == address).map(|index| index as u16)
        };
        fleet(known, &index_at, &[], Vec::new())
    }

    #[test]
    fn a_lone_server_is_no_fleet() {
        let master = look("a", Replication { is_master: true, ..Replication::default() });
        assert_eq!(picture(&[known("h:1", Some(&master), None)]), None);
    }

    #[test]
    fn a_replica_by_its_masters_words_and_by_its_own() {
        let replica = ReplicaFacts {
            addr: "h:2".into(),
            state: "send_bulk".into(),
            offset: Some(60),
            lag_bytes: Some(40),
            lag_secs: Some(1),
        };
        let replicas = vec![replica, ReplicaFacts { addr: "odd".into(), ..Default::default() }];
        let offset = Some(100);
        let master =
            look("a", Replication { is_master: true, offset, replicas, ..Default::default() });
        let told = picture(&[known("h:1", Some(&master), None), known("h:2", None, None)]).unwrap();
        let node = &told.nodes[1];
        assert_eq!((node.role, node.master), (NodeRole::Replica, Some(0)));
        assert_eq!((node.state.as_str(), node.lag_bytes), ("send_bulk", Some(40)));
        assert_eq!(node.lag_secs, Some(0), "the rhythm of acknowledgements is no lag");

        // A third that the master does not know any more.
        let below = look(
            "c",
            Replication {
                master: Some("h:1".into()),
                link: Some("down".into()),
                offset: Some(10),
                silent_secs: Some(30),
                ..Default::default()
            },
        );
        let all = [
            known("h:1", Some(&master), None),
            known("h:2", None, None),
            known("h:3", Some(&below), None),
        ];
        let node = &picture(&all).unwrap().nodes[2];
        assert_eq!((node.master, node.state.as_str()), (Some(0), "down"));
        assert_eq!((node.lag_bytes, node.lag_secs), (Some(90), Some(30)));
    }

    #[test]
    fn what_nobody_tells_is_as_it_was_last() {
        let master = look("a", Replication { is_master: true, ..Replication::default() });
        let gone = |address, role, master: Option<&str>| Known {
            reach: Reach::Failed(Fault::new(FaultKind::Refused, "")),
            last: Some(Last { role, master: master.map(Into::into), offset: Some(7) }),
            down_since_millis: Some(9_000),
            ..known(address, None, None)
        };
        let all = [
            known("h:1", Some(&master), None),
            gone("h:2", NodeRole::Replica, Some("h:1")),
            gone("h:3", NodeRole::Replica, Some("h:9")),
            gone("h:4", NodeRole::Master, None),
        ];
        let fleet = picture(&all).unwrap();
        let told: Vec<_> = fleet.nodes.iter().map(|node| (node.role, node.master)).collect();
        let (replica, is_master) = (NodeRole::Replica, (NodeRole::Master, None));
        assert_eq!(told, [is_master, (replica, Some(0)), (replica, None), is_master]);
        let node = &fleet.nodes[1];
        assert_eq!((node.offset, node.down_since_millis), (Some(7), Some(9_000)));
        // What is told now counts, of one that answers too.
        let freed = Known {
            last: Some(Last { role: replica, ..Last::default() }),
            ..known("h:2", Some(&master), None)
        };
        let fleet = picture(&[known("h:1", Some(&master), None), freed]).unwrap();
        assert_eq!(fleet.nodes[1].role, NodeRole::Master);
    }

    #[test]
    fn a_quorum_is_of_masters_that_are_watched() {
        let sentinel = Topology {
            server: ServerFacts { kind: ServerKind::Sentinel, ..ServerFacts::default() },
            ..Topology::default()
        };
        let has_quorum = |quorums: &[Option<bool>]| {
            let watched = |has_quorum| Watched { has_quorum, ..Watched::default() };
            let masters = quorums.iter().copied().map(watched).collect();
            let told = Told::Sentinel(SentinelView { masters });
            picture(&[known("h:1", Some(&sentinel), Some(&told))]).unwrap().has_quorum
        };
        assert_eq!(has_quorum(&[]), None);
        assert_eq!(has_quorum(&[Some(true), None]), None);
        assert_eq!(has_quorum(&[Some(true), Some(true)]), Some(true));
        assert_eq!(has_quorum(&[None, Some(false)]), Some(false));
    }

    #[test]
    fn a_cluster_by_one_node_that_cannot_reach_the_others() {
        let nodes = cluster::parse_nodes(
            b"aa :7000@1 myself,master - 0 0 1 connected 0-99 [7->-bb]\n\
              bb h:7001@1 master,fail? - 0 0 2 disconnected 100-16383\n\
              cc h:7002@1 slave bb 0 0 2 connected\n",
        );
        let told = Told::Cluster(ClusterView { nodes, links: Some(1) });
        let master = look("x", Replication { is_master: true, ..Replication::default() });
        let failed = Reach::Failed(Fault::new(FaultKind::Timeout, ""));
        let all = [
            known("h:7000", Some(&master), Some(&told)),
            Known { reach: failed.clone(), ..known("h:7001", None, None) },
            known("h:7002", None, None),
        ];
        let fleet = picture(&all).unwrap();
        assert_eq!((fleet.kind, fleet.uncovered.len()), (FleetKind::Cluster, 0));
        let [seed, other, replica] = fleet.nodes.as_slice() else { unreachable!() };
        assert_eq!((seed.id.as_str(), seed.slots.as_slice()), ("aa", &[(0, 99)][..]));
        let moving = Migration { slot: 7, other: Some(1), is_leaving: true };
        assert_eq!((seed.migrations.as_slice(), seed.bus_links), (&[moving][..], Some(1)));
        assert_eq!((other.state.as_str(), &other.reach), ("fail?", &failed));
        assert_eq!((replica.role, replica.master), (NodeRole::Replica, Some(1)));
        assert_eq!(replica.state, "online");
    }
}
