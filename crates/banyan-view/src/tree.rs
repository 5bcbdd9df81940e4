//! A plain tree of cards with names, as large as one likes: what the rendering is measured with.
//!
//! Nodes are numbered in pre-order. Names are made when they are asked for, so that a node costs its
//! box and its line and nothing else.

use banyan_layout::{
    csr::Csr,
    geometry::{Point, Rect, Size},
    routes::Routes,
};
use banyan_scene::{Card, CardSource, Ink, Landmark, Scene, SceneParts, Shape};

use crate::{
    columns::{ColumnGaps, slim_columns},
    details::{Details, Label, Row, Section, Value},
    world::{Direction, MOST_LINES, NodeSummary, World, first_look},
};

/// The card of a node, in world units, where nothing else is said.
pub const TREE_CARD: Size = Size { width: 160, height: 56 };
const GAPS: ColumnGaps = ColumnGaps { sibling: 12, branch: 28, level: 48 };
/// Branches that are named on the map, the largest.
const MOST_LANDMARKS: usize = 400;
/// Smaller branches are no landmarks.
const LEAST_BRANCH: u32 = 24;
/// Branches in turn have these colours, so that neighbours can be told apart from afar.
const TINTS: [Ink; 5] = [Ink::Fine, Ink::Accent, Ink::Waiting, Ink::Male, Ink::Female];

/// Where the cards and lines of a tree stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreePlaces {
    pub boxes: Vec<Rect>,
    /// The line of each node but the root to its parent, in the order of their ends: (parent, node).
    pub routes: Routes,
}

/// Places a tree in pre-order, each node after its parent and the root its own, in nested columns: a
/// tidy tree of a million nodes is a thread, this is about as wide as a screen at every size.
pub fn place(parents: &[u32]) -> TreePlaces {
    let edges: Vec<(u32, u32)> =
        (0u32..).zip(parents).skip(1).map(|(node, &parent)| (parent, node)).collect();
    let children = Csr::grouped(parents.len(), &edges);
    drop(edges);
    let (boxes, routes) = slim_columns(&children, TREE_CARD, GAPS);
    TreePlaces { boxes, routes }
}

pub struct TreeWorld {
    parents: Vec<u32>,
    name: Box<dyn Fn(u32) -> String>,
    scene: Scene,
}

impl TreeWorld {
    /// A tree in pre-order, placed by [`place`]; `name` gives the name of a node.
    pub fn new(
        parents: Vec<u32>,
        places: TreePlaces,
        name: impl Fn(u32) -> String + 'static,
    ) -> Self {
        let (tints, landmarks) = branches(&parents, &places.boxes, &name);
        let scene = Scene::new(SceneParts {
            tints,
            landmarks,
            shapes: if parents.is_empty() { Vec::new() } else { vec![Shape::Root] },
            boxes: places.boxes,
            routes: places.routes,
            ..SceneParts::default()
        });
        Self { parents, name: Box::new(name), scene }
    }

    fn parent(&self, node: u32) -> Option<u32> {
        self.parents.get(node as usize).copied().filter(|&parent| parent < node)
    }

    fn children(&self, node: u32) -> impl Iterator<Item = u32> {
        // In pre-order all that is below a node follows it, and nothing of it comes before its parent
        // is left.
        let after = node as usize + 1;
        let below = self.parents.get(after..).unwrap_or_default();
        (node + 1..)
            .zip(below)
            .take_while(move |&(_, &parent)| parent >= node)
            .filter(move |&(_, &parent)| parent == node)
            .map(|(child, _)| child)
    }

    fn sibling(&self, node: u32, step: isize) -> Option<u32> {
        let siblings: Vec<u32> = self.children(self.parent(node)?).collect();
        let place = siblings.iter().position(|&sibling| sibling == node)?;
        siblings.get(place.checked_add_signed(step)?).copied()
    }

    fn line(&self, child: u32) -> Option<Vec<Point>> {
        let ends = (self.parent(child)?, child);
        let line = self.scene.routes.ends.binary_search(&ends).ok()?;
        Some(self.scene.routes.line(line).to_vec())
    }

    fn rect(&self, node: u32) -> Option<Rect> {
        self.scene.boxes.get(node as usize).copied()
    }
}

/// The colour of every node (its branch below the root) and the names of the large branches.
fn branches(
    parents: &[u32],
    boxes: &[Rect],
    name: &dyn Fn(u32) -> String,
) -> (Vec<Ink>, Vec<Landmark>) {
    let mut sizes = vec![1u32; parents.len()];
    for node in (1..parents.len()).rev() {
        let size = sizes[node];
        if let Some(above) = sizes.get_mut(parents[node] as usize) {
            *above += size;
        }
    }
    let mut tints = vec![TINTS[0]; parents.len()];
    let mut branch = 0;
    // A tree with one trunk gets its colours where it first divides into large parts.
    let trunk = sizes.iter().take_while(|&&size| size as usize * 4 > parents.len() * 3).count();
    for node in 1..parents.len() {
        let parent = parents[node] as usize;
        if parent < trunk {
            branch += 1;
            tints[node] = TINTS[branch % TINTS.len()];
        } else {
            tints[node] = tints[parent];
        }
    }
    let mut large: Vec<u32> = (1..parents.len() as u32)
        .filter(|&node| sizes[node as usize] >= LEAST_BRANCH.max(sizes[0] / 20_000))
        .collect();
    large.sort_by_key(|&node| (std::cmp::Reverse(sizes[node as usize]), node));
    large.truncate(MOST_LANDMARKS);
    let landmarks = large
        .into_iter()
        .map(|node| {
            let at = node as usize;
            let below = boxes.iter().skip(at).take(sizes[at] as usize);
            Landmark {
                region: below.fold(Rect::default(), |all, rect| all.union(rect)),
                weight: sizes[at],
                text: name(node),
            }
        })
        .collect();
    (tints, landmarks)
}

impl CardSource for TreeWorld {
    fn card(&self, node: u32, card: &mut Card) {
        card.title = (self.name)(node);
        card.subtitle = format!("№ {node}");
        card.band = self.scene.tints.get(node as usize).copied();
    }
}

impl World for TreeWorld {
    fn scene(&self) -> &Scene {
        &self.scene
    }

    fn id_of(&self, node: u32) -> String {
        node.to_string()
    }

    fn find(&self, id: &str) -> Option<u32> {
        id.parse().ok().filter(|&node: &u32| (node as usize) < self.parents.len())
    }

    fn summary(&self, node: u32) -> NodeSummary {
        let others = || self.parent(node).into_iter().chain(self.children(node)).take(MOST_LINES);
        let up = (node > 0).then_some(node).into_iter().chain(self.children(node));
        NodeSummary {
            node,
            id: self.id_of(node),
            title: (self.name)(node),
            subtitle: format!("№ {node}"),
            rect: self.rect(node).unwrap_or_default(),
            lines: up.take(MOST_LINES).filter_map(|child| self.line(child)).collect(),
            related: others().filter_map(|other| self.rect(other)).collect(),
        }
    }

    fn details(&self, node: u32) -> Details {
        let named = |label, other: u32| Row {
            label,
            value: Value::Text((self.name)(other)),
            node: Some(other),
        };
        let parent = self.parent(node).map(|parent| named(Label::Parent, parent));
        let children = self.children(node).take(MOST_LINES).map(|child| named(Label::Child, child));
        Details {
            id: self.id_of(node),
            title: (self.name)(node),
            subtitle: format!("№ {node}"),
            sections: vec![Section::new(None, parent.into_iter().chain(children).collect())],
        }
    }

    /// By number, or by any part of a name.
    fn search(&self, query: &str, limit: usize) -> Vec<u32> {
        let query = query.trim().trim_start_matches('№').trim().to_lowercase();
        if query.is_empty() {
            return Vec::new();
        }
        let by_number = self.find(&query);
        let nodes = 0..self.parents.len() as u32;
        let by_name = nodes.filter(|&node| {
            Some(node) != by_number && (self.name)(node).to_lowercase().contains(&query)
        });
        by_number.into_iter().chain(by_name).take(limit).collect()
    }

    fn neighbour(&self, node: u32, direction: Direction) -> Option<u32> {
        match direction {
            Direction::Left => self.parent(node),
            Direction::Right => self.children(node).next(),
            Direction::Up => self.sibling(node, -1),
            Direction::Down => self.sibling(node, 1),
        }
    }

    fn start(&self) -> Rect {
        first_look(self.scene.bounds)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn world() -> TreeWorld {
        // 0 -> 1 (-> 2, 3), 4 (-> 5)
        let parents = vec![0, 0, 1, 1, 0, 4];
        let places = place(&parents);
        TreeWorld::new(parents, places, |node| format!("name {node}"))
    }

    #[test]
    fn arrows_walk_the_tree() {
        let world = world();
        let check = |node, direction, expect| {
            assert_eq!(world.neighbour(node, direction), expect, "{node} {direction:?}");
        };
        check(0, Direction::Left, None);
        check(0, Direction::Right, Some(1));
        check(1, Direction::Down, Some(4));
        check(4, Direction::Up, Some(1));
        check(3, Direction::Down, None);
        check(5, Direction::Left, Some(4));
    }

    #[test]
    fn a_node_is_found_by_number_and_by_name() {
        let world = world();
        assert_eq!(world.search("5", 9), [5]);
        assert_eq!(world.search("NAME", 3), [0, 1, 2]);
        assert!(world.search(" ", 3).is_empty());
        assert_eq!(world.find("6"), None);
    }

    #[test]
    fn a_summary_lights_the_line_up_and_those_down() {
        let summary = world().summary(1);
        assert_eq!(summary.lines.len(), 3);
        assert_eq!(summary.related.len(), 3);
        assert_eq!(world().summary(0).lines.len(), 2);
    }

    #[test]
    fn no_nodes_make_an_empty_world() {
        let world = TreeWorld::new(Vec::new(), place(&[]), |_| String::new());
        assert!(world.scene().is_empty());
        assert_eq!(world.start(), Rect::default());
    }
}
