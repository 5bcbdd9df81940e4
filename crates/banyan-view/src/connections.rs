//! The live connections of a server as a world: the server, groups of connections, connections.
//!
//! A connection keeps its place while others come and go. One that ended stays for a beat as a
//! ghost, so that an eye sees what went.

use std::{collections::BTreeSet, sync::Arc};

use banyan_layout::geometry::{Point, Rect, Size};
use banyan_scene::{Card, CardSource, Ink, Scene, SceneParts, Shape};
use banyan_topology::{Client, ClientId, Delta, Fleet, FleetNode, Thread, Topology};

use crate::{
    change::WorldChange,
    details::Details,
    nearest::next_box,
    picture,
    world::{Direction, MOST_LINES, NodeSummary, Words, World, first_look},
};

mod age;
mod arrange;
mod card;
mod details;
mod difference;
mod grouping;
mod peers;
mod queues;
mod search;
mod seats;
mod state;
mod strokes;

pub use grouping::GroupBy;

pub const SERVER_CARD: Size = Size { width: 264, height: 72 };
pub const GROUP_CARD: Size = Size { width: 224, height: 48 };
/// The card of a connection, in world units.
pub const CLIENT_CARD: Size = Size { width: 224, height: 64 };

pub struct ConnectionsWorld {
    words: Words,
    /// Where the server listens, as the shell names it.
    address: String,
    group_by: GroupBy,
    topology: Topology,
    seats: seats::Seats,
    /// Who waits for which key, where connections stand by it.
    queues: queues::Queues,
    peers: peers::Peers,
    /// How the cards of the fleet looked last: colour, and all.
    peer_looks: Vec<(Ink, u64)>,
    arrangement: arrange::Arrangement,
    scene: Scene,
    /// How the card of the server looked last.
    server_looks: u64,
}

/// What a node of the scene is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Server,
    /// Index in [`banyan_topology::Fleet::nodes`].
    Peer(u16),
    /// Index of a block.
    Group(u32),
    Client(ClientId),
}

impl Node {
    const fn client(&self) -> Option<ClientId> {
        match self {
            Self::Client(id) => Some(*id),
            Self::Server | Self::Peer(_) | Self::Group(_) => None,
        }
    }
}

impl ConnectionsWorld {
    pub fn new(topology: Topology, address: &str, group_by: GroupBy, words: Words) -> Self {
        let mut world = Self {
            words,
            address: address.to_owned(),
            group_by,
            topology,
            seats: seats::Seats::default(),
            queues: queues::Queues::default(),
            peers: peers::Peers::default(),
            peer_looks: Vec::new(),
            arrangement: arrange::Arrangement::default(),
            scene: Scene::new(SceneParts::default()),
            server_looks: 0,
        };
        world.renew();
        world
    }

    /// Takes the next moment of the server and says what looks different.
    pub fn update(&mut self, topology: &Topology) -> WorldChange {
        self.apply(Delta::between(&self.topology, topology))
    }

    /// The same for the difference to the moment before. Costs by the connections that it names, but
    /// for a walk over whole numbers where somebody came or went.
    pub fn apply(&mut self, delta: Delta) -> WorldChange {
        if delta.server.run_id != self.topology.server.run_id {
            // Numbers start again with the process: nobody here is anybody from before.
            self.topology.apply(delta);
            return self.renew();
        }
        let (before, now) = (self.topology.taken_at_millis, delta.taken_at_millis);
        let changed = delta.changed.iter().map(|client| client.id);
        let mut touched: BTreeSet<ClientId> = changed.chain(delta.gone.iter().copied()).collect();
        if let (GroupBy::Thread, Some(threads)) = (self.group_by, &delta.threads) {
            touched.extend(moved(self.topology.threads.as_deref(), threads.as_deref()));
        }
        for client in delta.gone.iter().filter_map(|id| self.topology.clients.get(id)) {
            self.seats.mourn(client, now);
        }
        self.topology.apply(delta);
        let queues = self.queues_now();
        touched.extend(self.queues.moved(&queues));
        self.queues = queues;
        if now < before {
            // The bridge's clock was set back: who was to wake then may have to wake now.
            touched.extend(self.seats.everybody());
        }
        self.seats.wake(now, &mut touched);
        self.settle(&touched).bounded()
    }

    pub fn set_group_by(&mut self, group_by: GroupBy) -> WorldChange {
        if group_by == self.group_by {
            return WorldChange::default();
        }
        self.group_by = group_by;
        self.renew()
    }

    /// Other words: the same places, other looks.
    pub fn set_words(&mut self, words: Words) -> WorldChange {
        self.words = words;
        self.rearrange(&BTreeSet::new());
        self.everything_changed()
    }

    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    /// Seats everybody afresh.
    fn renew(&mut self) -> WorldChange {
        let before = self.scene.bounds;
        self.seats = seats::Seats::default();
        self.arrangement = arrange::Arrangement::default();
        self.scene = Scene::new(SceneParts::default());
        self.peers = peers::Peers::of(self.topology.fleet.as_ref());
        self.queues = self.queues_now();
        // The server alone, which stands there if nobody else does.
        self.rearrange(&BTreeSet::new());
        let everybody = self.topology.clients.keys().copied().collect();
        self.settle(&everybody);
        let change = self.everything_changed();
        WorldChange { dirty: vec![before.union(&self.scene.bounds)], ..change }
    }

    fn everything_changed(&self) -> WorldChange {
        let dirty = vec![self.scene.bounds];
        WorldChange { is_new_layout: true, dirty, ..WorldChange::default() }
    }

    /// Brings everything to the moment of the topology, for which only `touched` can differ.
    fn settle(&mut self, touched: &BTreeSet<ClientId>) -> WorldChange {
        let glance = seats::Glance {
            topology: &self.topology,
            group_by: self.group_by,
            queues: &self.queues,
            words: &self.words,
        };
        let mut turn = self.seats.settle(touched, &glance);
        if self.group_by.has_figures() {
            turn.groups.extend(self.arrangement.blocks.iter().map(|block| Arc::clone(&block.key)));
        }
        let peers = peers::Peers::of(self.topology.fleet.as_ref());
        let crossed = self.peers.changes(&peers);
        let is_rearranged = turn.is_rearranged || peers != self.peers;
        self.peers = peers;
        let mut change =
            if is_rearranged { self.rearrange(touched) } else { WorldChange::default() };
        change.dirty.extend(crossed);
        self.look_at_peers(&mut change);
        for &(id, is_recoloured) in &turn.repainted {
            let Some(node) = self.node_of_client(id) else { continue };
            let rect = self.rect(node);
            if is_recoloured {
                self.tint(node);
                change.repaint(&rect);
            } else {
                change.reread(&rect);
            }
        }
        for key in &turn.groups {
            let Some(header) = self.arrangement.block(key).map(|block| block.header) else {
                continue;
            };
            let looks = self.looks(header);
            if let Some(group) = self.seats.group_mut(key)
                && group.looks != looks
            {
                group.looks = looks;
                change.reread(&self.rect(header));
            }
        }
        let looks = self.looks(0);
        if looks != self.server_looks {
            self.server_looks = looks;
            change.reread(&self.rect(0));
        }
        change
    }

    fn queues_now(&self) -> queues::Queues {
        match self.group_by {
            GroupBy::Queue => queues::Queues::of(&self.topology.workload),
            _ => queues::Queues::default(),
        }
    }

    /// What the servers of the fleet look like now.
    fn look_at_peers(&mut self, change: &mut WorldChange) {
        self.peer_looks.resize(self.arrangement.peers as usize, (Ink::Idle, 0));
        for (node, index) in (1..=self.arrangement.peers).zip(0..) {
            self.tint(node);
            let tint = self.scene.tints.get(node as usize).copied().unwrap_or(Ink::Idle);
            let looks = (tint, self.looks(node));
            let Some(before) = self.peer_looks.get_mut(index) else { break };
            let was = std::mem::replace(before, looks);
            if was.0 != looks.0 {
                change.repaint(&self.rect(node));
            } else if was != looks {
                change.reread(&self.rect(node));
            }
        }
    }

    /// Gives everybody a place by the slots as they are now. `touched` are those whose colours may
    /// differ.
    fn rearrange(&mut self, touched: &BTreeSet<ClientId>) -> WorldChange {
        let (arrangement, scene) =
            arrange::arrange(&self.seats, &self.peers, &self.words, &self.topology);
        let origins = difference::Origins::new(&self.arrangement, &arrangement);
        let before = std::mem::replace(&mut self.arrangement, arrangement);
        let before_scene = std::mem::replace(&mut self.scene, scene);
        for (node, origin) in (0u32..).zip(&origins.of) {
            let old = origin.map(|old| old as usize);
            let colours = old.and_then(|old| {
                Some((*before_scene.tints.get(old)?, *before_scene.shapes.get(old)?))
            });
            match colours {
                Some(colours) => self.set_colours(node, colours),
                None => self.tint(node),
            }
        }
        for &id in touched {
            if let Some(node) = self.node_of_client(id) {
                self.tint(node);
            }
        }
        difference::difference(
            difference::Picture { arrangement: &before, scene: &before_scene },
            difference::Picture { arrangement: &self.arrangement, scene: &self.scene },
            &origins,
        )
    }

    fn tint(&mut self, node: u32) {
        let colours = match self.node(node) {
            Some(Node::Peer(index)) => {
                let badge = self.peer(index).map(|(fleet, node)| card::peer_badge(fleet, node));
                (badge.map_or(Ink::Idle, |badge| badge.ink), Shape::Card)
            }
            Some(Node::Group(_)) => (Ink::AccentSoft, Shape::Header),
            Some(Node::Client(id)) => match self.client(id) {
                Some((client, false)) => state::look(state::Mood::of(client)),
                _ => state::GHOST_LOOK,
            },
            _ => (Ink::Accent, Shape::Root),
        };
        self.set_colours(node, colours);
    }

    fn set_colours(&mut self, node: u32, (tint, shape): (Ink, Shape)) {
        let node = node as usize;
        if let (Some(old_tint), Some(old_shape)) =
            (self.scene.tints.get_mut(node), self.scene.shapes.get_mut(node))
        {
            (*old_tint, *old_shape) = (tint, shape);
        }
    }

    /// A number that differs where the card of a node looks different.
    fn looks(&self, node: u32) -> u64 {
        let mut card = Card::default();
        self.card(node, &mut card);
        let shape = self.scene.shapes.get(node as usize).copied().unwrap_or_default();
        let tint = self.scene.tints.get(node as usize).copied().unwrap_or(Ink::Idle);
        picture::looks(&card, shape, tint)
    }

    /// A server of the fleet, and the fleet.
    fn peer(&self, index: u16) -> Option<(&Fleet, &FleetNode)> {
        let fleet = self.topology.fleet.as_ref()?;
        Some((fleet, fleet.nodes.get(usize::from(index))?))
    }

    /// Where a server of the fleet stands.
    fn node_of_peer(&self, index: u16) -> Option<u32> {
        Some(u32::from(index) + 1).filter(|&node| node <= self.arrangement.peers)
    }

    fn rect(&self, node: u32) -> Rect {
        self.scene.boxes.get(node as usize).copied().unwrap_or_default()
    }

    fn block(&self, index: u32) -> Option<&arrange::Block> {
        self.arrangement.blocks.get(index as usize)
    }

    /// The group that stands in a block.
    fn group(&self, index: u32) -> Option<&seats::Group> {
        self.seats.group(&self.block(index)?.key).map(|(_, group)| group)
    }

    fn group_title(&self, index: u32) -> String {
        self.group(index)
            .map_or_else(String::new, |group| group.purpose.title(&self.words, &self.topology))
    }

    fn node(&self, node: u32) -> Option<Node> {
        self.arrangement.nodes.get(node as usize).copied()
    }

    /// A connection, and whether it is gone.
    fn client(&self, id: ClientId) -> Option<(&Client, bool)> {
        let living = self.topology.clients.get(&id).map(|client| (client, false));
        living.or_else(|| self.seats.ghost(id).map(|client| (client, true)))
    }

    fn node_of_client(&self, id: ClientId) -> Option<u32> {
        self.arrangement.node_of(self.seats.group_of(id)?, id)
    }

    /// The living connections of a block.
    fn clients_of(&self, index: u32) -> impl Iterator<Item = &Client> {
        let members = self.block(index).map(|block| self.arrangement.members(block));
        let ids = members.unwrap_or_default().iter().filter_map(Node::client);
        ids.filter_map(|id| self.topology.clients.get(&id))
    }
}

/// Connections that another thread owns than before.
fn moved(before: Option<&[Thread]>, now: Option<&[Thread]>) -> BTreeSet<ClientId> {
    let owned = |threads: Option<&[Thread]>| -> BTreeSet<(ClientId, u16, u32)> {
        let threads = threads.unwrap_or_default().iter();
        threads
            .flat_map(|thread| thread.clients.iter().map(|&id| (id, thread.node, thread.id)))
            .collect()
    };
    owned(before).symmetric_difference(&owned(now)).map(|&(id, ..)| id).collect()
}

impl CardSource for ConnectionsWorld {
    fn card(&self, node: u32, card: &mut Card) {
        match self.node(node) {
            Some(Node::Server) => {
                card::fill_server(&self.topology, self.seats.counts(), &self.address, card);
            }
            Some(Node::Peer(index)) => {
                if let Some((fleet, node)) = self.peer(index) {
                    card::fill_peer(fleet, node, &self.words, card);
                }
            }
            Some(Node::Group(index)) => {
                if let Some(group) = self.group(index) {
                    let note = group.purpose.note(&self.topology);
                    card::fill_group(self.group_title(index), note, &group.counts, card);
                }
            }
            Some(Node::Client(id)) => {
                if let Some((client, is_gone)) = self.client(id) {
                    let now_millis = self.topology.taken_at_millis;
                    let place = self.seats.place(id, &self.queues).filter(|_| !is_gone);
                    let moment = card::Moment { is_gone, now_millis, place };
                    card::fill_client(client, moment, &self.words, card);
                }
            }
            None => {}
        }
    }
}

impl World for ConnectionsWorld {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    /// `server`, `peer:<address>`, `group:<key>`, `client:<run id>:<id>`.
    fn id_of(&self, node: u32) -> String {
        match self.node(node) {
            Some(Node::Server) => "server".to_owned(),
            Some(Node::Peer(index)) => {
                format!("peer:{}", self.peer(index).map_or("", |(_, node)| &node.addr))
            }
            Some(Node::Group(index)) => {
                format!("group:{}", self.block(index).map_or("", |block| &block.key))
            }
            Some(Node::Client(id)) => format!("client:{}:{id}", self.topology.server.run_id),
            None => String::new(),
        }
    }

    fn find(&self, id: &str) -> Option<u32> {
        if let Some(client) = id.strip_prefix("client:") {
            let (run_id, number) = client.rsplit_once(':')?;
            return (run_id == self.topology.server.run_id)
                .then(|| self.node_of_client(number.parse().ok()?))
                .flatten();
        }
        if let Some(key) = id.strip_prefix("group:") {
            return self.arrangement.block(key).map(|block| block.header);
        }
        if let Some(addr) = id.strip_prefix("peer:") {
            let mut nodes = self.topology.fleet.iter().flat_map(|fleet| &fleet.nodes);
            let index = nodes.position(|node| node.addr == addr)?;
            return self.node_of_peer(u16::try_from(index).ok()?);
        }
        (id == "server").then_some(0)
    }

    fn summary(&self, node: u32) -> NodeSummary {
        let mut card = Card::default();
        self.card(node, &mut card);
        let mut lines = self.arrangement.lines(node);
        lines.truncate(MOST_LINES);
        let other_end = |line: u32| {
            let &(from, to) = self.scene.routes.ends.get(line as usize)?;
            self.scene.boxes.get(if from == node { to } else { from } as usize).copied()
        };
        NodeSummary {
            node,
            id: self.id_of(node),
            title: card.title,
            subtitle: [card.subtitle, card.note]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            rect: self.rect(node),
            related: lines.iter().filter_map(|&line| other_end(line)).collect(),
            lines: lines
                .iter()
                .map(|&line| -> Vec<Point> { self.scene.routes.line(line as usize).to_vec() })
                .collect(),
        }
    }

    fn details(&self, node: u32) -> Details {
        self.details_of(node)
    }

    fn search(&self, query: &str, limit: usize) -> Vec<u32> {
        let query = search::words_of(query);
        if query.is_empty() {
            return Vec::new();
        }
        let mut found: Vec<(u32, u32)> = self
            .topology
            .clients
            .values()
            .filter_map(|client| {
                Some((search::rank(client, &query, &self.words)?, self.node_of_client(client.id)?))
            })
            .collect();
        let servers = (0..).zip(self.topology.fleet.iter().flat_map(|fleet| &fleet.nodes));
        found.extend(servers.filter_map(|(index, node)| {
            Some((search::rank_peer(node, &query, &self.words)?, self.node_of_peer(index)?))
        }));
        found.sort_unstable();
        found.into_iter().take(limit).map(|(_, node)| node).collect()
    }

    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32> {
        next_box(&self.scene.boxes, node, direction)
    }

    fn start(&self) -> Rect {
        first_look(self.scene.bounds)
    }
}

#[cfg(test)]
mod tests;
