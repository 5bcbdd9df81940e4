//! The keys of a server as a world: a tree of prefixes in nested columns.
//!
//! Nodes are the rows of the [`Keyspace`]; as long as none comes or goes, each keeps its number,
//! whatever order the rows of the next snapshot have. Siblings stand by size, but hold their places while
//! numbers change: only when a first walk ends are they sorted anew.

use banyan_layout::{
    geometry::{Point, Rect, Size},
    routes::Routes,
};
use banyan_scene::{Card, CardSource, Ink, Scene, SceneParts};
use banyan_topology::Keyspace;

use crate::{
    columns::{ColumnGaps, columns},
    details::Details,
    world::{Direction, MOST_LINES, NodeSummary, Words, World, first_look},
};

mod card;
mod chains;
mod details;
mod landmarks;
mod search;
mod tree;
mod update;

/// The card of a prefix, in world units.
pub const PREFIX_CARD: Size = Size { width: 220, height: 64 };

const GAPS: ColumnGaps = ColumnGaps { sibling: 12, branch: 28, level: 48 };

pub struct KeyspaceWorld {
    pub words: Words,
    /// As the bridge tells it.
    told: Keyspace,
    /// As it is drawn: chains joined, rows in the order of nodes.
    keyspace: Keyspace,
    /// The node of each row that the bridge tells; none for one that is joined with its only child.
    drawn: Vec<Option<u32>>,
    tree: tree::Tree,
    scene: Scene,
    /// The line of each node to its parent.
    lines: Vec<Option<u32>>,
    /// The size of each node with everything below it.
    blocks: Vec<Size>,
    /// What each card looks like: see [`picture::looks`].
    looks: Vec<u64>,
}

impl KeyspaceWorld {
    pub fn new(told: Keyspace, words: Words) -> Self {
        let (keyspace, drawn) = chains::joined(told.clone());
        let tree = tree::Tree::new(&keyspace, None);
        let looks = update::looks(&keyspace, &words, |_, _| None);
        Self { told, drawn, ..Self::laid_out(keyspace, tree, looks, words) }
    }

    /// A world without what is known of the rows that the bridge tells.
    fn laid_out(keyspace: Keyspace, tree: tree::Tree, looks: Vec<u64>, words: Words) -> Self {
        let layout = columns(&tree.children, PREFIX_CARD, GAPS);
        let lines = line_of_child(&layout.routes, keyspace.nodes.len());
        let nodes = &keyspace.nodes;
        let scene = Scene::new(SceneParts {
            tints: nodes.iter().map(card::tint).collect(),
            shapes: (0u32..).zip(nodes).map(|(node, row)| card::shape(node, row)).collect(),
            route_inks: vec![Ink::Line; layout.routes.len()],
            landmarks: landmarks::of(&keyspace, &tree, &layout.boxes, &layout.sizes),
            boxes: layout.boxes,
            routes: layout.routes,
            ..SceneParts::default()
        });
        Self {
            words,
            told: Keyspace::default(),
            keyspace,
            drawn: Vec::new(),
            tree,
            scene,
            lines,
            blocks: layout.sizes,
            looks,
        }
    }

    pub fn keyspace(&self) -> &Keyspace {
        &self.keyspace
    }

    fn parent(&self, node: u32) -> Option<u32> {
        let row = self.keyspace.nodes.get(node as usize)?;
        (node > 0).then(|| tree::parent_of(node, row))
    }

    fn sibling(&self, node: u32, step: isize) -> Option<u32> {
        let siblings = self.tree.children.row(self.parent(node)? as usize);
        let place = siblings.iter().position(|&sibling| sibling == node)?;
        siblings.get(place.checked_add_signed(step)?).copied()
    }
}

fn line_of_child(routes: &Routes, nodes: usize) -> Vec<Option<u32>> {
    let mut lines = vec![None; nodes];
    for (line, &(_, child)) in (0u32..).zip(&routes.ends) {
        if let Some(slot) = lines.get_mut(child as usize) {
            *slot = Some(line);
        }
    }
    lines
}

impl CardSource for KeyspaceWorld {
    fn card(&self, node: u32, card: &mut Card) {
        if let Some(gist) = card::Gist::of(&self.keyspace, node) {
            card::fill(&gist, &self.words, card);
        }
    }
}

impl KeyspaceWorld {
    fn find_exactly(&self, id: &str) -> Option<u32> {
        // The last part of a path is cheap to compare, the whole path is not.
        let may_be = |row: &banyan_topology::PrefixNode| row.folded > 0 || id.ends_with(&row.name);
        let mut nodes = (0u32..).zip(&self.keyspace.nodes);
        nodes.find(|&(node, row)| may_be(row) && self.id_of(node) == id).map(|(node, _)| node)
    }
}

impl World for KeyspaceWorld {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    /// `keys` for the root; `prefix:user:1`, `key:user:1` and `more:user` (what is folded below
    /// `user`), after `db3/` where there are several databases; `db3` for a database.
    fn id_of(&self, node: u32) -> String {
        let Some(row) = self.keyspace.nodes.get(node as usize) else { return String::new() };
        if node == 0 {
            return "keys".to_owned();
        }
        let kind = match row {
            row if row.database.is_some() => return row.name.clone(),
            row if row.folded > 0 => "more",
            row if row.is_key => "key",
            _ => "prefix",
        };
        let text = tree::full_text(&self.keyspace, node);
        match tree::database_of(&self.keyspace, node) {
            Some(database) => format!("db{database}/{kind}:{text}"),
            None => format!("{kind}:{text}"),
        }
    }

    fn find(&self, id: &str) -> Option<u32> {
        self.find_exactly(id).or_else(|| {
            // Where one database alone has keys, it is in nobody's id.
            let (database, rest) = id.split_once('/')?;
            let is_database = database.strip_prefix("db")?.bytes().all(|it| it.is_ascii_digit());
            let are_told = self.keyspace.nodes.iter().any(|row| row.database.is_some());
            if is_database && !are_told { self.find_exactly(rest) } else { None }
        })
    }

    /// The nearest prefix above a key that is folded away.
    fn find_near(&self, id: &str) -> Option<u32> {
        let mut id = id.to_owned();
        // Each turn cuts a part off; an empty delimiter would cut nothing.
        while !self.keyspace.delimiter.is_empty() {
            if let Some(node) = self.find(&id) {
                return Some(node);
            }
            let (above, _) = id.rsplit_once(self.keyspace.delimiter.as_str())?;
            let (kind, text) = above.split_once(':')?;
            let database = kind.strip_suffix("key").or_else(|| kind.strip_suffix("prefix"))?;
            id = format!("{database}prefix:{text}");
        }
        self.find(&id)
    }

    fn summary(&self, node: u32) -> NodeSummary {
        let mut card = Card::default();
        self.card(node, &mut card);
        let children = self.tree.children.row(node as usize);
        let line = |node: u32| self.lines.get(node as usize).copied().flatten();
        let lit = line(node).into_iter().chain(children.iter().filter_map(|&child| line(child)));
        let points = |line: u32| -> Vec<Point> { self.scene.routes.line(line as usize).to_vec() };
        let text = tree::full_text(&self.keyspace, node);
        let related =
            self.parent(node).into_iter().chain(children.iter().copied()).take(MOST_LINES);
        NodeSummary {
            node,
            id: self.id_of(node),
            title: if text.is_empty() || card.is_muted { card.title } else { text },
            subtitle: [card.figure, card.subtitle]
                .into_iter()
                .filter(|part| !part.is_empty())
                .collect::<Vec<_>>()
                .join(" · "),
            rect: self.scene.boxes.get(node as usize).copied().unwrap_or_default(),
            lines: lit.take(MOST_LINES).map(points).collect(),
            related: related
                .filter_map(|other| self.scene.boxes.get(other as usize).copied())
                .collect(),
        }
    }

    fn details(&self, node: u32) -> Details {
        self.details_of(node)
    }

    fn search(&self, query: &str, limit: usize) -> Vec<u32> {
        search::find(&self.keyspace, query, limit)
    }

    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32> {
        match direction {
            Direction::Left => self.parent(node),
            Direction::Right => self.tree.children.row(node as usize).first().copied(),
            Direction::Up => self.sibling(node, -1),
            Direction::Down => self.sibling(node, 1),
        }
    }

    fn start(&self) -> Rect {
        first_look(self.scene.bounds)
    }
}

#[cfg(test)]
mod tests;
