//! The live connections of a server as a world: the server, groups of connections, connections.
//!
//! A connection keeps its place while others come and go. One that ended stays for a beat as a
//! ghost, so that an eye sees what went.

use std::collections::BTreeMap;

use banyan_layout::{
    blocks::SlotBook,
    csr::Csr,
    geometry::{Point, Rect, Size},
};
use banyan_scene::{Card, CardSource, Ink, Landmark, Scene, SceneParts, Shape};
use banyan_topology::{Client, ClientId, Delta, Topology};

use crate::{
    details::Details,
    nearest::next_box,
    picture::{Picture, WorldChange},
    world::{Direction, MOST_LINES, NodeSummary, Words, World, first_look},
};

mod age;
mod arrange;
mod card;
mod details;
mod grouping;
mod search;
mod state;

pub use grouping::GroupBy;

pub const SERVER_CARD: Size = Size { width: 264, height: 72 };
pub const GROUP_CARD: Size = Size { width: 224, height: 48 };
/// The card of a connection, in world units.
pub const CLIENT_CARD: Size = Size { width: 224, height: 64 };

/// A connection that ended is still to be seen for so long.
const GHOST_MILLIS: u64 = 1500;

pub struct ConnectionsWorld {
    pub words: Words,
    /// Where the server listens, as the shell names it.
    pub address: String,
    group_by: GroupBy,
    topology: Topology,
    /// Connections that ended a moment ago.
    ghosts: BTreeMap<ClientId, Ghost>,
    slots: SlotBook,
    /// The blocking command of connections that were seen waiting.
    consumers: BTreeMap<ClientId, String>,
    groups: Vec<grouping::Group>,
    nodes: Vec<Node>,
    node_of_client: BTreeMap<ClientId, u32>,
    scene: Scene,
    /// The lines that end at each node.
    lines: Csr,
    picture: Picture,
}

struct Ghost {
    client: Client,
    /// Key of the group that it stood in.
    group: String,
    gone_at_millis: u64,
}

/// What a node of the scene is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Node {
    Server,
    /// Index of a group.
    Group(u32),
    Client(ClientId),
}

impl ConnectionsWorld {
    pub fn new(topology: Topology, address: &str, group_by: GroupBy, words: Words) -> Self {
        let mut world = Self {
            words,
            address: address.to_owned(),
            group_by,
            topology,
            ghosts: BTreeMap::new(),
            slots: SlotBook::default(),
            consumers: BTreeMap::new(),
            groups: Vec::new(),
            nodes: Vec::new(),
            node_of_client: BTreeMap::new(),
            scene: Scene::new(SceneParts::default()),
            lines: Csr::default(),
            picture: Picture::default(),
        };
        world.rebuild();
        world
    }

    /// Takes the next moment of the server and says what looks different.
    pub fn update(&mut self, topology: Topology) -> WorldChange {
        if topology.server.run_id == self.topology.server.run_id {
            self.keep_ghosts(&topology);
        } else {
            // Numbers start again with the process: nobody here is anybody from before.
            self.ghosts.clear();
            self.consumers.clear();
            self.slots = SlotBook::default();
        }
        self.topology = topology;
        self.rebuild()
    }

    /// The same for the difference to the moment before.
    pub fn apply(&mut self, delta: Delta) -> WorldChange {
        let mut topology = self.topology.clone();
        topology.apply(delta);
        self.update(topology)
    }

    pub fn set_group_by(&mut self, group_by: GroupBy) -> WorldChange {
        if group_by != self.group_by {
            self.group_by = group_by;
            self.ghosts.clear();
            self.slots = SlotBook::default();
        }
        self.rebuild()
    }

    /// Other words: the same places, other looks.
    pub fn set_words(&mut self, words: Words) -> WorldChange {
        self.words = words;
        self.rebuild()
    }

    pub fn topology(&self) -> &Topology {
        &self.topology
    }

    fn keep_ghosts(&mut self, later: &Topology) {
        let now = later.taken_at_millis;
        self.ghosts.retain(|id, ghost| {
            !later.clients.contains_key(id) && now < ghost.gone_at_millis + GHOST_MILLIS
        });
        for group in &self.groups {
            for id in group.clients.iter().filter(|id| !later.clients.contains_key(id)) {
                if let Some(client) = self.topology.clients.get(id) {
                    let ghost = Ghost {
                        client: client.clone(),
                        group: group.key.clone(),
                        gone_at_millis: now,
                    };
                    self.ghosts.insert(*id, ghost);
                }
            }
        }
    }

    /// Arranges what is known now, and says what looks different from before.
    fn rebuild(&mut self) -> WorldChange {
        let known = std::mem::take(&mut self.groups);
        let mut present = grouping::groups(&self.topology, self.group_by, &mut self.consumers);
        self.add_ghosts(&mut present, &known);
        let arranged = arrange::arrange(&present, &known, &mut self.slots);
        let is_new_layout = arranged.nodes != self.nodes || arranged.boxes != self.scene.boxes;
        let clients = (0u32..).zip(&arranged.nodes).filter_map(|(node, what)| match what {
            Node::Client(id) => Some((*id, node)),
            _ => None,
        });
        self.node_of_client = clients.collect();
        let ends = (0u32..).zip(&arranged.routes.ends);
        let lit: Vec<(u32, u32)> =
            ends.flat_map(|(line, &(from, to))| [(from, line), (to, line)]).collect();
        self.lines = Csr::grouped(arranged.nodes.len(), &lit);
        self.nodes = arranged.nodes;
        self.groups = arranged.groups;
        let (tints, shapes) = self.nodes.iter().map(|&node| self.look(node)).unzip();
        let landmarks = self.groups.iter().zip(arranged.regions).map(|(group, region)| Landmark {
            region,
            weight: group.clients.len() as u32,
            text: group.title(&self.words),
        });
        self.scene = Scene::new(SceneParts {
            landmarks: landmarks.collect(),
            route_inks: vec![Ink::Line; arranged.routes.len()],
            boxes: arranged.boxes,
            routes: arranged.routes,
            tints,
            shapes,
        });
        let picture = Picture::of(&self.scene, self);
        let dirty = self.picture.changes(&picture);
        self.picture = picture;
        WorldChange { is_new_layout, dirty }
    }

    /// Ghosts stand where they stood, in a group that may have gone with them.
    fn add_ghosts(&self, present: &mut Vec<grouping::Group>, known: &[grouping::Group]) {
        let mut by_key: BTreeMap<String, usize> =
            present.iter().enumerate().map(|(index, group)| (group.key.clone(), index)).collect();
        for (&id, ghost) in &self.ghosts {
            if let Some(group) = by_key.get(&ghost.group).and_then(|&index| present.get_mut(index))
            {
                group.clients.push(id);
            } else if let Some(group) = known.iter().find(|group| group.key == ghost.group) {
                by_key.insert(ghost.group.clone(), present.len());
                present.push(grouping::Group { clients: vec![id], ..group.clone() });
            }
        }
    }

    fn look(&self, node: Node) -> (Ink, Shape) {
        match node {
            Node::Server => (Ink::Accent, Shape::Root),
            Node::Group(_) => (Ink::AccentSoft, Shape::Header),
            Node::Client(id) => match self.client(id) {
                Some((client, false)) => (state::badge(client.state).ink, Shape::Card),
                _ => (Ink::Idle, Shape::Ghost),
            },
        }
    }

    fn group_title(&self, group: u32) -> String {
        self.groups.get(group as usize).map_or_else(String::new, |group| group.title(&self.words))
    }

    fn node(&self, node: u32) -> Option<Node> {
        self.nodes.get(node as usize).copied()
    }

    /// A connection, and whether it is gone.
    fn client(&self, id: ClientId) -> Option<(&Client, bool)> {
        let living = self.topology.clients.get(&id).map(|client| (client, false));
        living.or_else(|| self.ghosts.get(&id).map(|ghost| (&ghost.client, true)))
    }

    fn node_of_client(&self, id: ClientId) -> Option<u32> {
        self.node_of_client.get(&id).copied()
    }

    /// The living connections of a group.
    fn clients_of(&self, group: u32) -> impl Iterator<Item = &Client> {
        let ids = self.groups.get(group as usize).into_iter().flat_map(|group| &group.clients);
        ids.filter_map(|id| self.topology.clients.get(id))
    }
}

impl CardSource for ConnectionsWorld {
    fn card(&self, node: u32, card: &mut Card) {
        match self.node(node) {
            Some(Node::Server) => card::fill_server(&self.topology, &self.address, card),
            Some(Node::Group(group)) => {
                let clients: Vec<&Client> = self.clients_of(group).collect();
                card::fill_group(self.group_title(group), &clients, card);
            }
            Some(Node::Client(id)) => {
                if let Some((client, is_gone)) = self.client(id) {
                    card::fill_client(client, is_gone, self.topology.taken_at_millis, card);
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

    /// `server`, `group:<key>`, `client:<run id>:<id>`.
    fn id_of(&self, node: u32) -> String {
        match self.node(node) {
            Some(Node::Server) => "server".to_owned(),
            Some(Node::Group(group)) => {
                let key = self.groups.get(group as usize).map_or("", |group| group.key.as_str());
                format!("group:{key}")
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
        let is_it = |node: &u32| self.id_of(*node) == id;
        let named = (0u32..).zip(&self.nodes).filter(|(_, what)| !matches!(what, Node::Client(_)));
        named.map(|(node, _)| node).find(is_it)
    }

    fn summary(&self, node: u32) -> NodeSummary {
        let mut card = Card::default();
        self.card(node, &mut card);
        let lines = self.lines.row(node as usize).iter().take(MOST_LINES);
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
            rect: self.scene.boxes.get(node as usize).copied().unwrap_or_default(),
            related: lines.clone().filter_map(|&line| other_end(line)).collect(),
            lines: lines
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
