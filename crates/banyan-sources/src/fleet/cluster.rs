//! What a node of a cluster knows of all of them: CLUSTER NODES, SHARDS and LINKS.
//!
//! NODES is asked of every version: it alone tells of slots on their way, and of links. SHARDS
//! (version 7) adds what it lacks of nodes that we do not reach ourselves.

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::{Fault, Withheld};

use super::{
    address::{address, normal, words},
    command::FleetCommand,
    reply::{field, granted, items, number},
};
use crate::redis::{Connection, RedisCommand, resp::Reply};

/// Slots are below this.
pub(super) const SLOTS: u16 = 16384;
/// Nodes that are read; a cluster is said to work with up to a thousand.
const MAX_NODES: usize = 1024;
/// Ranges of slots that are read of one node.
const MAX_RANGES: usize = 4096;

/// A cluster as one of its nodes sees it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClusterView {
    pub(super) nodes: Vec<ClusterNode>,
    /// Other nodes that a link of the bus goes to. `None` before version 7.
    pub(super) links: Option<u32>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct ClusterNode {
    pub(super) id: String,
    /// `None` for a node that has none yet or that is lost.
    pub(super) address: Option<String>,
    /// In the server's words, but for what is said elsewhere here: `fail?`, `handshake`.
    pub(super) flags: Vec<String>,
    pub(super) is_myself: bool,
    pub(super) is_replica: bool,
    /// Id of its master.
    pub(super) master: Option<String>,
    pub(super) is_connected: bool,
    pub(super) slots: Vec<(u16, u16)>,
    pub(super) migrations: Vec<SlotMove>,
    /// By CLUSTER SHARDS.
    pub(super) offset: Option<u64>,
    pub(super) health: Option<String>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct SlotMove {
    pub(super) slot: u16,
    /// Id of the other node.
    pub(super) other: String,
    pub(super) is_leaving: bool,
}

impl ClusterNode {
    pub(super) fn has_failed(&self) -> bool {
        self.flags.iter().any(|flag| flag == "fail")
    }
}

/// Asks a node of a cluster.
pub(super) async fn ask(
    connection: &mut Connection<'_>,
    withheld: &mut Vec<Withheld>,
) -> Result<Option<ClusterView>, Fault> {
    let commands =
        [FleetCommand::ClusterNodes, FleetCommand::ClusterShards, FleetCommand::ClusterLinks]
            .map(RedisCommand::Fleet);
    let mut replies = connection.pipeline(&commands).await?.into_iter();
    let nodes = replies.next().unwrap_or(Reply::Null);
    let Some(nodes) = granted(nodes, withheld)? else { return Ok(None) };
    let mut view =
        ClusterView { nodes: parse_nodes(nodes.bytes().unwrap_or_default()), links: None };
    // Before version 7 these two are errors, and nothing is amiss: NODES has told the rest.
    if let Some(shards) = replies.next() {
        add_shards(&mut view.nodes, &shards);
    }
    view.links = replies.next().as_ref().and_then(count_links);
    Ok(Some(view))
}

/// Reads CLUSTER NODES. Lines that make no sense are left out.
pub(super) fn parse_nodes(text: &[u8]) -> Vec<ClusterNode> {
    text.split(|byte| *byte == b'\n').filter_map(parse_line).take(MAX_NODES).collect()
}

/// `id ip:port@bus,host flags master ping pong epoch link slot slot-slot [slot->-id] ...`
fn parse_line(line: &[u8]) -> Option<ClusterNode> {
    let line = str::from_utf8(line.strip_suffix(b"\r").unwrap_or(line)).ok()?;
    let mut words_of_line = line.split(' ');
    let mut word = || words_of_line.next();
    let (id, place, flags, master) = (word()?, word()?, word()?, word()?);
    let (_ping, _pong, _epoch, link) = (word()?, word()?, word()?, word()?);
    if id.is_empty() || !id.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
        return None;
    }
    // `ip:port@bus` since version 4, `,host` since 7, then `,name=value`.
    let place = place.split(',').next()?;
    let place = place.split('@').next()?;
    let flags: BTreeSet<&str> = flags.split(',').collect();
    let has = |flag: &str| flags.contains(flag);
    let mut node = ClusterNode {
        id: words(id.as_bytes()),
        address: if has("noaddr") { None } else { normal(place) },
        is_myself: has("myself"),
        is_replica: has("slave") || has("replica"),
        master: (master != "-").then(|| words(master.as_bytes())),
        is_connected: link == "connected",
        flags: flags
            .iter()
            .filter(|flag| {
                !["myself", "master", "slave", "replica", "noflags", "nofailover"].contains(flag)
            })
            .map(|flag| words(flag.as_bytes()))
            .collect(),
        ..ClusterNode::default()
    };
    for word in words_of_line.take(MAX_RANGES) {
        match word.strip_prefix('[').and_then(|word| word.strip_suffix(']')) {
            Some(moving) => node.migrations.extend(slot_move(moving)),
            None => node.slots.extend(slot_range(word)),
        }
    }
    node.slots.sort_unstable();
    Some(node)
}

fn slot(text: &str) -> Option<u16> {
    text.parse().ok().filter(|slot| *slot < SLOTS)
}

fn slot_range(text: &str) -> Option<(u16, u16)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (slot(first)?, slot(last)?);
    (first <= last).then_some((first, last))
}

/// `93->-id` leaves, `77-<-id` comes.
fn slot_move(text: &str) -> Option<SlotMove> {
    let (number, other, is_leaving) = match text.split_once("->-") {
        Some((number, other)) => (number, other, true),
        None => {
            let (number, other) = text.split_once("-<-")?;
            (number, other, false)
        }
    };
    Some(SlotMove { slot: slot(number)?, other: words(other.as_bytes()), is_leaving })
}

/// Adds offsets and healths of CLUSTER SHARDS to the nodes that they are of.
fn add_shards(nodes: &mut [ClusterNode], reply: &Reply) {
    let mut told = BTreeMap::new();
    for node in items(reply).iter().filter_map(|shard| shard.get("nodes")).flat_map(items) {
        let Some(id) = field(node, "id") else { continue };
        let port = field(node, "port").or_else(|| field(node, "tls-port"));
        let endpoint = field(node, "endpoint").or_else(|| field(node, "ip"));
        let place = endpoint.zip(port).and_then(|(host, port)| address(&host, &port));
        told.insert(id, (number(node, "replication-offset"), field(node, "health"), place));
    }
    for node in nodes {
        if let Some((offset, health, place)) = told.remove(&node.id) {
            node.offset = offset;
            node.health = health;
            node.address = node.address.take().or(place);
        }
    }
}

/// Distinct nodes that links go to.
fn count_links(reply: &Reply) -> Option<u32> {
    let links = reply.elements()?.iter();
    let others: BTreeSet<String> = links
        .filter(|link| field(link, "direction").as_deref() == Some("to"))
        .filter_map(|link| field(link, "node"))
        .collect();
    u32::try_from(others.len()).ok()
}

/// Ranges of slots that no node serves, or one that has failed.
pub(super) fn uncovered(nodes: &[ClusterNode]) -> Vec<(u16, u16)> {
    let serving = nodes.iter().filter(|node| !node.is_replica && !node.has_failed());
    let mut served: Vec<(u16, u16)> = serving.flat_map(|node| node.slots.iter().copied()).collect();
    served.sort_unstable();
    let mut gaps = Vec::new();
    let mut next = 0;
    for (first, last) in served {
        if first > next {
            gaps.push((next, first - 1));
        }
        next = next.max(last + 1);
    }
    if next < SLOTS {
        gaps.push((next, SLOTS - 1));
    }
    gaps
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As version 7 writes it.
    const SEVEN: &str = "\
        07c37dfeb235213a872192d90877d0cd55635b91 127.0.0.1:30004@31004,cache-4 slave,fail? e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca 0 1426238317239 4 connected\n\
        67ed2db8d677e59ec4a4cefb06858cf2a1a89fa1 ::1:30002@31002,,shard-id=69 master - 0 1426238316232 2 disconnected 5461-10922 [93-<-e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca]\n\
        292f8b365bb7edb5e285caf0b7e6ddc7265d2f4f :0@0 master,noaddr,fail - 1 2 3 disconnected 10923-16383\n\
        e7d1eecce10fd6bb5eb35b9f99a514335d9ba9ca :30001@31001 myself,master - 0 0 1 connected 0-92 94 96-5460 [93->-67ed2db8d677e59ec4a4cefb06858cf2a1a89fa1]\n";

    #[test]
    fn the_nodes_of_version_7() {
        let nodes = parse_nodes(SEVEN.as_bytes());
        let addresses: Vec<_> = nodes.iter().map(|node| node.address.as_deref()).collect();
        assert_eq!(addresses, [Some("127.0.0.1:30004"), Some("[::1]:30002"), None, None]);
        assert_eq!(nodes[0].flags, ["fail?"]);
        assert_eq!((nodes[0].is_replica, nodes[0].has_failed()), (true, false));
        assert_eq!(nodes[0].master.as_ref(), Some(&nodes[3].id));
        assert!(!nodes[1].is_connected && nodes[2].has_failed() && nodes[3].is_myself);
        assert_eq!(nodes[3].slots, [(0, 92), (94, 94), (96, 5460)]);
        let moves = |node: &ClusterNode| {
            let moving = node.migrations.first().unwrap();
            (moving.slot, moving.other.clone(), moving.is_leaving)
        };
        assert_eq!(moves(&nodes[3]), (93, nodes[1].id.clone(), true));
        assert_eq!(moves(&nodes[1]), (93, nodes[3].id.clone(), false));
        assert_eq!(uncovered(&nodes), [(93, 93), (95, 95), (10923, 16383)]);
    }

    /// In the forms of 3.0 (without a bus port), 4.0, and 7.0 with a host name.
    #[test]
    fn replicas_in_the_forms_of_several_versions() {
        for (line, address) in [
            (
                "824fe116063bc5fcf9f4ffd895bc17aee7731ac3 127.0.0.1:30006 slave 292f8b365bb7edb5e285caf0b7e6ddc7265d2f4f 0 1426238317741 6 connected",
                "127.0.0.1:30006",
            ),
            (
                "b2f1a9a1b3a0c07a0d5e4a80c4ab1ac2b52b4a70 10.9.0.4:7003@17003 slave 292f8b365bb7edb5e285caf0b7e6ddc7265d2f4f 0 1556714263000 4 connected",
                "10.9.0.4:7003",
            ),
            (
                "d55f6f9df2ab2ba2f3a5c7cd4e7d76eaf34d2b21 10.9.0.6:7005@17005,cache-6 slave 292f8b365bb7edb5e285caf0b7e6ddc7265d2f4f 0 1617714263000 4 connected",
                "10.9.0.6:7005",
            ),
        ] {
            let nodes = parse_nodes(line.as_bytes());
            assert_eq!(nodes.len(), 1, "{line}");
            assert_eq!(nodes[0].address.as_deref(), Some(address));
            assert!(nodes[0].is_replica && nodes[0].is_connected && nodes[0].flags.is_empty());
        }
    }

    #[test]
    fn a_whole_cluster_covers_all_slots() {
        let nodes = parse_nodes(b"a h:1@2 master - 0 0 1 connected 8192-16383\nb h:2@3 myself,master - 0 0 1 connected 0-8191");
        assert_eq!(uncovered(&nodes), []);
        assert_eq!(uncovered(&[]), [(0, 16383)]);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_no_panic(
            lines in proptest::collection::vec("[a-f0-9]{1,4} \\PC{0,9}:?[0-9]{0,6}@?,? [a-z,?]{0,20} (-|[a-f]{4}) 0 0 0 (connected|\\PC{0,4}) ([0-9]{1,6}-?[0-9]{0,6} ?){0,4}\\[?[0-9]{0,5}(->-|-<-)?[a-f]{0,4}\\]?", 0..5),
            bytes: Vec<u8>,
        ) {
            let _ = parse_nodes(&bytes);
            for node in parse_nodes(lines.join("\n").as_bytes()) {
                proptest::prop_assert!(node.slots.iter().all(|(a, b)| a <= b && *b < SLOTS));
            }
        }
    }
}
