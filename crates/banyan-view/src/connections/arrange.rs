//! Where the server, the groups and the connections stand.

use std::collections::BTreeMap;

use banyan_layout::{
    blocks::{BlockGaps, BlockGroup, BlocksRequest, SlotBook, blocks},
    geometry::Rect,
    routes::Routes,
};

use super::{CLIENT_CARD, GROUP_CARD, Node, SERVER_CARD, grouping::Group};

/// One arrangement; nodes, boxes and the ends of routes count alike.
pub(super) struct Arrangement {
    /// In the order of their places.
    pub(super) groups: Vec<Group>,
    pub(super) nodes: Vec<Node>,
    pub(super) boxes: Vec<Rect>,
    pub(super) routes: Routes,
    /// The room of each group, free slots included, so that it rests while connections come and go.
    pub(super) regions: Vec<Rect>,
}

/// Gives every connection of `present` its slot. A group whose last connection went keeps its place
/// for a while, empty; `known` still knows what it was.
pub(super) fn arrange(present: &[Group], known: &[Group], slots: &mut SlotBook) -> Arrangement {
    let members: Vec<(String, Vec<u64>)> =
        present.iter().map(|group| (group.key.clone(), group.clients.clone())).collect();
    let places = slots.update(&members);
    let layout = blocks(&request(places.iter().map(BlockGroup::from).collect()));
    let with_room = |capacity: u32| BlockGroup { capacity, slots: (0..capacity).collect() };
    let room = blocks(&request(places.iter().map(|place| with_room(place.capacity)).collect()));

    // The present ones come last, so that they are the ones that count.
    let by_key: BTreeMap<&str, &Group> =
        known.iter().chain(present).map(|group| (group.key.as_str(), group)).collect();
    let seated: BTreeMap<&str, &[u64]> =
        members.iter().map(|(key, clients)| (key.as_str(), clients.as_slice())).collect();

    // The layout counts the root, then a header for every place, then the cells. A place may be
    // empty, and then it is no node.
    let mut node_of = vec![0];
    let mut arrangement = Arrangement {
        groups: Vec::new(),
        nodes: vec![Node::Server],
        boxes: vec![layout.root],
        routes: layout.routes,
        regions: Vec::new(),
    };
    for (index, (place, header)) in places.iter().zip(&layout.headers).enumerate() {
        node_of.push(arrangement.nodes.len() as u32);
        let Some(group) = by_key.get(place.key.as_str()).filter(|_| !header.is_empty()) else {
            continue;
        };
        let span = (room.starts.get(index), room.starts.get(index + 1));
        let cells = match span {
            (Some(&start), Some(&end)) => room.cells.get(start as usize..end as usize),
            _ => None,
        };
        let region = cells.unwrap_or_default().iter().fold(*header, |all, cell| all.union(cell));
        let clients = seated.get(place.key.as_str()).map_or_else(Vec::new, |ids| ids.to_vec());
        arrangement.nodes.push(Node::Group(arrangement.groups.len() as u32));
        arrangement.boxes.push(*header);
        arrangement.regions.push(region);
        arrangement.groups.push(Group { clients, ..(*group).clone() });
    }
    let mut cells = layout.cells.iter();
    for place in &places {
        let clients = seated.get(place.key.as_str()).copied().unwrap_or_default();
        for (&id, cell) in clients.iter().zip(cells.by_ref().take(place.slots.len())) {
            node_of.push(arrangement.nodes.len() as u32);
            arrangement.nodes.push(Node::Client(id));
            arrangement.boxes.push(*cell);
        }
    }
    let renumbered = |end: u32| node_of.get(end as usize).copied().unwrap_or_default();
    for (from, to) in &mut arrangement.routes.ends {
        (*from, *to) = (renumbered(*from), renumbered(*to));
    }
    arrangement
}

fn request(groups: Vec<BlockGroup>) -> BlocksRequest {
    BlocksRequest {
        root: SERVER_CARD,
        header: GROUP_CARD,
        cell: CLIENT_CARD,
        gaps: BlockGaps::default(),
        groups,
    }
}
