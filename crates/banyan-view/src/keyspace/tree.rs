//! The rows of a keyspace as a tree: paths, and an order of siblings that holds still.

use banyan_layout::csr::Csr;
use banyan_topology::{Keyspace, PrefixNode, keyspace::delta::paths};

/// Who is whose child, in the order of the picture.
#[derive(Clone, Debug, Default)]
pub(super) struct Tree {
    pub(super) children: Csr,
    /// A number for each node that means the same in the next snapshot: a hash of its path.
    pub(super) paths: Vec<u64>,
    /// The place of each node among all, siblings next to each other in their order.
    places: Vec<(u64, u32)>,
    /// The node of each path, sorted.
    nodes: Vec<(u64, u32)>,
}

impl Tree {
    /// Siblings that `earlier` has too keep their order, new ones follow in the order of the rows
    /// (the biggest first). Without an earlier tree the rows' order holds. What is folded comes last.
    pub(super) fn new(keyspace: &Keyspace, earlier: Option<&Self>) -> Self {
        let nodes = &keyspace.nodes;
        let paths = paths(nodes);
        let mut pairs: Vec<(u32, u32)> = Vec::with_capacity(nodes.len());
        for (node, row) in (0u32..).zip(nodes).skip(1) {
            pairs.push((parent_of(node, row), node));
        }
        let place = |node: u32| {
            let path = paths.get(node as usize)?;
            let is_folded = nodes.get(node as usize).is_some_and(|row| row.folded > 0);
            let known = earlier.and_then(|tree| tree.place(*path)).unwrap_or(u32::MAX);
            Some((is_folded, known, node))
        };
        pairs.sort_by_cached_key(|&(parent, node)| (parent, place(node)));
        let mut places: Vec<(u64, u32)> = (0u32..)
            .zip(&pairs)
            .filter_map(|(place, &(_, node))| Some((*paths.get(node as usize)?, place)))
            .collect();
        places.sort_unstable();
        let children = Csr::grouped(nodes.len(), &pairs);
        Self { children, nodes: by_path(&paths), paths, places }
    }

    /// The node of a path.
    pub(super) fn node(&self, path: u64) -> Option<u32> {
        let index = self.nodes.binary_search_by_key(&path, |&(path, _)| path).ok()?;
        self.nodes.get(index).map(|&(_, node)| node)
    }

    /// If `rows` are those of the tree in whatever order, gives them the order they have in it, so that
    /// the tree is theirs too, and returns true. `earlier` are the rows that the tree was made from,
    /// `drawn` numbers of rows, which change likewise.
    pub(super) fn renumber(
        &self,
        earlier: &[PrefixNode],
        rows: &mut Vec<PrefixNode>,
        drawn: &mut [Option<u32>],
    ) -> bool {
        if rows.len() != earlier.len() {
            return false;
        }
        let paths = paths(rows);
        // Of two rows with the same path nobody knows which is which.
        let has_twins = self.nodes.windows(2).any(|pair| matches!(pair, [a, b] if a.0 == b.0));
        if has_twins || paths == self.paths {
            return !has_twins;
        }
        let order = by_path(&paths);
        if order.iter().zip(&self.nodes).any(|(row, node)| row.0 != node.0) {
            return false;
        }
        let mut renumbered: Vec<PrefixNode> = vec![PrefixNode::default(); rows.len()];
        for (&(_, row), &(_, node)) in order.iter().zip(&self.nodes) {
            let (row, node) = (row as usize, node as usize);
            if let (Some(row), Some(slot), Some(earlier)) =
                (rows.get_mut(row), renumbered.get_mut(node), earlier.get(node))
            {
                *slot = PrefixNode { parent: earlier.parent, ..std::mem::take(row) };
            }
        }
        *rows = renumbered;
        let mut numbers = vec![None; rows.len()];
        for (&(_, row), &(_, node)) in order.iter().zip(&self.nodes) {
            if let Some(slot) = numbers.get_mut(row as usize) {
                *slot = Some(node);
            }
        }
        for drawn in drawn {
            *drawn = drawn.and_then(|row| numbers.get(row as usize).copied().flatten());
        }
        true
    }

    fn place(&self, path: u64) -> Option<u32> {
        let index = self.places.binary_search_by_key(&path, |&(path, _)| path).ok()?;
        self.places.get(index).map(|&(_, place)| place)
    }
}

/// The parent's row; a row that claims a later one hangs from the root.
pub(super) const fn parent_of(node: u32, row: &PrefixNode) -> u32 {
    if row.parent < node { row.parent } else { 0 }
}

fn by_path(paths: &[u64]) -> Vec<(u64, u32)> {
    let mut nodes: Vec<(u64, u32)> = paths.iter().copied().zip(0u32..).collect();
    nodes.sort_unstable();
    nodes
}

/// The text of a key or a prefix: the names from the top joined by the delimiter. Databases are no
/// part of it.
pub(super) fn full_text(keyspace: &Keyspace, node: u32) -> String {
    let mut names = Vec::new();
    let mut at = node;
    while at > 0
        && let Some(row) = keyspace.nodes.get(at as usize)
    {
        if row.database.is_none() && row.folded == 0 {
            names.push(row.name.as_str());
        }
        at = parent_of(at, row);
    }
    names.reverse();
    names.join(&keyspace.delimiter)
}

/// The database that a node belongs to, where there are several.
pub(super) fn database_of(keyspace: &Keyspace, node: u32) -> Option<u32> {
    let mut at = node;
    while at > 0
        && let Some(row) = keyspace.nodes.get(at as usize)
    {
        if row.database.is_some() {
            return row.database;
        }
        at = parent_of(at, row);
    }
    None
}
