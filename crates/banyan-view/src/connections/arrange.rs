//! Where the server, the groups and the connections stand.

use std::{collections::BTreeMap, sync::Arc};

use banyan_layout::{
    blocks::{BlockGaps, BlockGroup, BlocksRequest, blocks},
    geometry::{Point, Rect, Size},
    routes::Routes,
};
use banyan_scene::{Ink, Landmark, Scene, SceneParts};
use banyan_topology::{ClientId, Topology};

use super::{
    CLIENT_CARD, GROUP_CARD, Node, SERVER_CARD,
    peers::{Peers, Tie},
    seats::Seats,
};
use crate::world::Words;

/// Nodes are counted in the order of the lines: the server, those of its fleet, then each group,
/// followed by its connections in the order of their ids. So the line that ends at node `n` is line
/// `n - 1`. Lines beyond that lead across.
#[derive(Clone, Debug, Default)]
pub(super) struct Arrangement {
    pub(super) nodes: Vec<Node>,
    /// In the order of their places.
    pub(super) blocks: Vec<Block>,
    /// Index of each block by its key.
    by_key: BTreeMap<Arc<str>, u32>,
    /// Servers of the fleet: nodes 1 to this one.
    pub(super) peers: u32,
    /// Ends of each line between servers of the fleet, by its number.
    between: Vec<(u32, (u32, u32))>,
}

/// A group and its connections, as nodes.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) key: Arc<str>,
    /// The node of its header; its connections follow.
    pub(super) header: u32,
    pub(super) members: u32,
}

impl Arrangement {
    pub(super) fn block(&self, key: &str) -> Option<&Block> {
        self.by_key.get(key).and_then(|&index| self.blocks.get(index as usize))
    }

    /// The nodes of the connections of a block.
    pub(super) fn members(&self, block: &Block) -> &[Node] {
        let first = block.header as usize + 1;
        self.nodes.get(first..first + block.members as usize).unwrap_or_default()
    }

    /// The node of a connection of the group `key`.
    pub(super) fn node_of(&self, key: &str, id: ClientId) -> Option<u32> {
        let block = self.block(key)?;
        let index = self.members(block).binary_search_by_key(&Some(id), Node::client).ok()?;
        Some(block.header + 1 + u32::try_from(index).ok()?)
    }

    /// The lines that end at a node: for the server those to the groups, for a group its own and
    /// those to its connections.
    pub(super) fn lines(&self, node: u32) -> Vec<u32> {
        match self.nodes.get(node as usize) {
            Some(Node::Server) => {
                let headers = self.blocks.iter().map(|block| block.header - 1);
                self.between_of(0).chain(headers).collect()
            }
            Some(Node::Peer(_)) => self.between_of(node).collect(),
            Some(Node::Group(index)) => {
                let members = self.blocks.get(*index as usize).map_or(0, |block| block.members);
                (node - 1..node + members).collect()
            }
            Some(Node::Client(_)) => vec![node - 1],
            None => Vec::new(),
        }
    }

    fn between_of(&self, node: u32) -> impl Iterator<Item = u32> {
        let ends_there = move |ends: &(u32, u32)| ends.0 == node || ends.1 == node;
        self.between.iter().filter(move |(_, ends)| ends_there(ends)).map(|(line, _)| *line)
    }
}

/// Where everybody stands who has a slot, and the scene of it, without colours yet.
pub(super) fn arrange(
    seats: &Seats,
    peers: &Peers,
    words: &Words,
    topology: &Topology,
) -> (Arrangement, Scene) {
    let groups: Vec<BlockGroup> = seats.slots().groups().map(BlockGroup::from).collect();
    let layout = blocks(&BlocksRequest {
        // The groups stand below the fleet too, which stands beside the root.
        root: Size { height: peers.height(), ..SERVER_CARD },
        header: GROUP_CARD,
        cell: CLIENT_CARD,
        gaps: BlockGaps::default(),
        groups,
    });
    let count = 1 + peers.boxes.len() + layout.headers.len() + layout.cells.len();
    let mut boxes: Vec<Rect> = Vec::with_capacity(count);
    let mut ends: Vec<(u32, u32)> = Vec::with_capacity(count);
    let mut arrangement = Arrangement {
        nodes: Vec::with_capacity(count),
        peers: peers.boxes.len() as u32,
        ..Arrangement::default()
    };
    let mut landmarks = Vec::new();
    arrangement.nodes.push(Node::Server);
    boxes.push(Rect::new(0, 0, SERVER_CARD.width, SERVER_CARD.height));
    arrangement.nodes.extend((0..).zip(&peers.boxes).map(|(index, _)| Node::Peer(index)));
    boxes.extend(&peers.boxes);
    let mut cells = layout.cells.iter();
    let places = seats.slots().groups().zip(&layout.headers).zip(&layout.rooms);
    for ((slots, header), room) in places {
        // A place that no group has.
        let Some((key, group)) = seats.group(slots.key) else { continue };
        let (index, node) = (arrangement.blocks.len() as u32, arrangement.nodes.len() as u32);
        arrangement.by_key.insert(Arc::clone(key), index);
        let members = slots.slots.len() as u32;
        arrangement.blocks.push(Block { key: Arc::clone(key), header: node, members });
        arrangement.nodes.push(Node::Group(index));
        boxes.push(*header);
        ends.push((0, node));
        arrangement.nodes.extend(slots.slots.keys().map(|&id| Node::Client(id)));
        boxes.extend(cells.by_ref().take(slots.slots.len()));
        ends.extend((1..=members).map(|member| (node, node + member)));
        landmarks.push(Landmark {
            region: *room,
            // Room rather than members, so that labels do not take turns while members come and go.
            weight: slots.capacity,
            text: group.purpose.title(words, topology),
        });
    }
    let mut routes = Routes::with_capacity(count + peers.moves.len(), layout.routes.points.len());
    let mut route_inks = Vec::with_capacity(count + peers.moves.len());
    let mut across = |tie: &Tie, routes: &mut Routes, route_inks: &mut Vec<Ink>| {
        arrangement.between.push((routes.len() as u32, tie.ends));
        routes.push(tie.kind, tie.ends, &tie.points);
        route_inks.push(tie.ink);
    };
    for tie in &peers.ties {
        across(tie, &mut routes, &mut route_inks);
    }
    for (line, (ends, kind)) in ends.into_iter().zip(layout.routes.kinds.iter()).enumerate() {
        let points = layout.routes.line(line);
        match points {
            // From the root itself rather than from what was kept free for the fleet.
            [first, rest @ ..] if ends.0 == 0 => {
                let from = Point { y: SERVER_CARD.height, ..*first };
                let points: Vec<Point> =
                    std::iter::once(from).chain(rest.iter().copied()).collect();
                routes.push(*kind, ends, &points);
            }
            points => routes.push(*kind, ends, points),
        }
        route_inks.push(Ink::Line);
    }
    for tie in &peers.moves {
        across(tie, &mut routes, &mut route_inks);
    }
    let scene =
        Scene::new(SceneParts { boxes, landmarks, routes, route_inks, ..SceneParts::default() });
    (arrangement, scene)
}
