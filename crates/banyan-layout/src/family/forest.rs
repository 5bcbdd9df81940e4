//! The order of the chains: a forest that hangs each chain under one family, with side links for
//! the rest.
//!
//! A chain of several sibships has several families above it. One of them carries the chain in
//! the forest; the trees of the others are hung beside the carrying one at the row of their
//! root, so that what belongs together stands side by side. Links over several rows pass
//! through knots, thin nodes that keep a corridor free.

use super::Gaps;
use super::chains::Chains;
use super::kin::{DisjointSets, Kin, NONE};
use crate::csr::Csr;
use crate::geometry::Size;

/// A link over more rows than this has no corridor and becomes a cross link; it bounds the
/// number of knots.
const LONGEST_CORRIDOR: u32 = 24;

/// A point on a node that a link holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Pin {
    /// Where a union's line leaves its partners.
    Union(u32),
    /// The middle of a unit.
    Unit(u32),
    Person(u32),
    Knot(u32),
}

/// A link between nodes, `from` above or beside `to`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Edge {
    pub(super) from: Pin,
    pub(super) to: Pin,
    /// Whether it is part of the forest.
    pub(super) tree: bool,
    /// The number of persons it stands for.
    pub(super) count: u32,
    /// Whether it is drawn as a cross link.
    pub(super) cross: bool,
}

/// The way from a union down to one unit of its children.
#[derive(Clone, Copy, Debug)]
pub(super) struct Descent {
    pub(super) union: u32,
    pub(super) unit: u32,
    /// The knots on the way, `first_knot..first_knot + knots`.
    pub(super) first_knot: u32,
    pub(super) knots: u32,
}

/// Where a union's descent begins: between two neighbours, or under one person.
#[derive(Clone, Copy, Debug)]
pub(super) struct Anchor {
    pub(super) person: u32,
    /// The neighbour, or `NONE`.
    pub(super) partner: u32,
    /// How many unions leave the same person's lower edge before this one.
    pub(super) turn: u32,
}

#[derive(Clone, Default)]
pub(super) struct Forest {
    /// Nodes: the chains first, then the knots.
    pub(super) row: Vec<u32>,
    pub(super) width: Vec<i32>,
    pub(super) component: Vec<u32>,
    /// The node above, or `NONE` at the top; nodes with a buddy share the buddy's.
    parent: Vec<u32>,
    /// The edge to `parent` in `edges`, or `NONE` where the node only stands there.
    pub(super) up_edge: Vec<u32>,
    /// The node that a root was hung beside, or `NONE`.
    buddy: Vec<u32>,
    /// For nodes with a buddy: their own and the buddy's pin on the chain that both lead to.
    buddy_pins: Vec<Option<(Pin, Pin)>>,
    /// Node -> children from left to right. Row `len()` holds the tops of all components.
    pub(super) children: Csr,
    /// The nodes of every row of every component from left to right; rows of higher index are
    /// further down.
    pub(super) lines: Csr,
    pub(super) edges: Vec<Edge>,
    pub(super) descents: Vec<Descent>,
    /// Children who stand away from their siblings: (union, child).
    pub(super) away: Vec<(u32, u32)>,
    /// Couples that are no neighbours: (partner, partner, union).
    pub(super) apart: Vec<(u32, u32, u32)>,
    /// Union -> where its descent begins; `None` where it has no partners.
    pub(super) anchors: Vec<Option<Anchor>>,
    /// Person -> left edge of the card within the chain.
    pub(super) offset: Vec<i32>,
    /// Person -> chain; unit -> chain.
    pub(super) chain_of: Vec<u32>,
    unit_chain: Vec<u32>,
    /// Unit -> twice the middle of its members within the chain, so that halves stay exact.
    unit_middle: Vec<i32>,
    card: Size,
    gaps: Gaps,
}

impl Forest {
    pub(super) fn new(kin: &Kin, rows: &[u32], chains: &Chains, card: Size, gaps: &Gaps) -> Self {
        let mut forest = Self { card, gaps: *gaps, ..Self::default() };
        for chain in 0..chains.len() {
            let first = chains.members.row(chain).first().copied().unwrap_or(0) as usize;
            forest.push_node(rows[first], kin.component[first]);
        }
        forest.chain_of.clone_from(&chains.chain_of);
        forest.unit_chain = chains
            .core
            .rows()
            .map(|core| core.first().map_or(NONE, |&person| chains.chain_of[person as usize]))
            .collect();
        forest.measure(kin, rows, chains);
        let carried = forest.descend(kin, rows, chains);
        forest.hang_trees(&carried);
        forest.order_children();
        forest
    }

    pub(super) fn len(&self) -> usize {
        self.row.len()
    }

    fn push_node(&mut self, row: u32, component: u32) -> u32 {
        self.row.push(row);
        self.component.push(component);
        self.width.push(0);
        self.parent.push(NONE);
        self.up_edge.push(NONE);
        self.buddy.push(NONE);
        self.buddy_pins.push(None);
        self.row.len() as u32 - 1
    }

    /// Takes the offsets and anchors from the chains' present order.
    pub(super) fn measure(&mut self, kin: &Kin, rows: &[u32], chains: &Chains) {
        self.offset.resize(kin.persons, 0);
        for chain in 0..chains.len() {
            let mut x = 0;
            let mut last = NONE;
            for &person in chains.members.row(chain) {
                if last != NONE {
                    let close = chains.close(last, person);
                    x += if close { self.gaps.partner } else { self.gaps.sibling };
                }
                self.offset[person as usize] = x;
                x += self.card.width;
                last = person;
            }
            self.width[chain] = x;
        }
        self.unit_middle.clear();
        self.unit_middle.extend(chains.core.rows().map(|core| {
            let at = |person: Option<&u32>| person.map_or(0, |&p| self.offset[p as usize]);
            at(core.first()) + at(core.last()) + self.card.width
        }));
        let mut turns = vec![0u32; kin.persons];
        self.anchors.clear();
        for partners in kin.partners.rows() {
            let mut anchor = anchor(kin, rows, chains, partners);
            if let Some(anchor) = anchor.as_mut().filter(|anchor| anchor.partner == NONE) {
                anchor.turn = turns[anchor.person as usize];
                turns[anchor.person as usize] += 1;
            }
            self.anchors.push(anchor);
        }
    }

    /// The node of a pin, and the pin's x within it.
    pub(super) fn pin(&self, pin: Pin) -> (u32, i32) {
        match pin {
            Pin::Knot(node) => (node, 0),
            Pin::Person(person) => {
                (self.chain_of[person as usize], self.offset[person as usize] + self.card.width / 2)
            }
            Pin::Unit(unit) => {
                (self.unit_chain[unit as usize], self.unit_middle[unit as usize] / 2)
            }
            Pin::Union(union) => match self.anchors[union as usize] {
                None => (NONE, 0),
                Some(anchor) => {
                    let left = self.offset[anchor.person as usize];
                    let x = if anchor.partner == NONE {
                        // Unions that leave one card fan out, right and left by turns.
                        let step = (anchor.turn as i32 + 1) / 2 * 6;
                        let fan = if anchor.turn % 2 == 1 { step } else { -step };
                        left + (self.card.width / 2 + fan).clamp(0, self.card.width)
                    } else {
                        (left + self.offset[anchor.partner as usize] + self.card.width) / 2
                    };
                    (self.chain_of[anchor.person as usize], x)
                }
            },
        }
    }

    /// Lists all links, and picks for every chain the one that carries it. Returns for each
    /// edge outside the forest the node that it should stand beside.
    fn descend(&mut self, kin: &Kin, rows: &[u32], chains: &Chains) -> Vec<(u32, u32)> {
        // The biggest sibship of a chain carries it; the first of equals.
        let mut carrier = vec![(0usize, NONE); chains.len()];
        let mut descents = Vec::new();
        for (unit, core) in chains.core.rows().enumerate() {
            let union = chains.union_of[unit];
            if union == NONE {
                continue;
            }
            let Some(anchor) = self.anchors[union as usize] else { continue };
            let Some(&child) = core.first() else { continue };
            let span = rows[child as usize].saturating_sub(rows[anchor.person as usize]);
            if !(1..=LONGEST_CORRIDOR).contains(&span) {
                self.away.extend(core.iter().map(|&child| (union, child)));
                continue;
            }
            let chain = self.unit_chain[unit] as usize;
            if core.len() > carrier[chain].0 {
                carrier[chain] = (core.len(), descents.len() as u32);
            }
            descents.push((union, unit as u32, span));
        }
        let mut side = Vec::new();
        for (at, &(union, unit, span)) in descents.iter().enumerate() {
            let chain = self.unit_chain[unit as usize];
            let first_knot = self.len() as u32;
            let (mut above, mut from) = (self.pin(Pin::Union(union)).0, Pin::Union(union));
            for step in 1..span {
                let knot =
                    self.push_node(self.row[above as usize] + step, self.component[above as usize]);
                // The step counts from the union's row: `above` moves along.
                self.row[knot as usize] = self.row[above as usize] + 1;
                self.carry(above, knot, from, Pin::Knot(knot), 1);
                (above, from) = (knot, Pin::Knot(knot));
            }
            let count = chains.core.row(unit as usize).len() as u32;
            if carrier[chain as usize].1 == at as u32 {
                self.carry(above, chain, from, Pin::Unit(unit), count);
            } else {
                side.push((self.edges.len() as u32, above));
                self.edges.push(Edge {
                    from,
                    to: Pin::Unit(unit),
                    tree: false,
                    count,
                    cross: false,
                });
            }
            self.descents.push(Descent { union, unit, first_knot, knots: span - 1 });
        }
        self.list_away(kin, chains);
        self.list_apart(kin, chains);
        for &(union, child) in &self.away {
            if self.anchors[union as usize].is_some() {
                side.push((self.edges.len() as u32, NONE));
                self.edges.push(Edge {
                    from: Pin::Union(union),
                    to: Pin::Person(child),
                    tree: false,
                    count: 1,
                    cross: true,
                });
            }
        }
        for &(a, b, _) in &self.apart {
            if self.chain_of[a as usize] != self.chain_of[b as usize] {
                side.push((self.edges.len() as u32, NONE));
                self.edges.push(Edge {
                    from: Pin::Person(a),
                    to: Pin::Person(b),
                    tree: false,
                    count: 1,
                    cross: true,
                });
            }
        }
        side
    }

    fn carry(&mut self, above: u32, below: u32, from: Pin, to: Pin, count: u32) {
        self.parent[below as usize] = above;
        self.up_edge[below as usize] = self.edges.len() as u32;
        self.edges.push(Edge { from, to, tree: true, count, cross: false });
    }

    /// Links from a union to children who do not stand in its units: those who left for their
    /// partner, children of a second family, ancestors of themselves.
    fn list_away(&mut self, kin: &Kin, chains: &Chains) {
        for union in 0..kin.unions() {
            for &child in kin.children.row(union) {
                if chains.union_of[chains.unit_of[child as usize] as usize] != union as u32 {
                    self.away.push((union as u32, child));
                }
            }
        }
    }

    fn list_apart(&mut self, kin: &Kin, chains: &Chains) {
        for &(a, b, union) in &kin.couples {
            if !neighbours(chains, a, b) {
                self.apart.push((a, b, union));
            }
        }
    }

    /// Hangs trees that share a link beside each other, until every component is one tree.
    fn hang_trees(&mut self, side: &[(u32, u32)]) {
        let mut sets = DisjointSets::new(self.len());
        for node in 0..self.len() as u32 {
            if self.parent[node as usize] != NONE {
                sets.join(node, self.parent[node as usize]);
            }
        }
        // The root of every tree, kept at the set's representative.
        let mut root = vec![NONE; self.len()];
        for node in 0..self.len() as u32 {
            if self.parent[node as usize] == NONE {
                root[sets.find(node) as usize] = node;
            }
        }
        for &(edge, above) in side {
            let Edge { from, to, .. } = self.edges[edge as usize];
            let (mut a, mut b) = (self.pin(from).0, self.pin(to).0);
            let mut pins = None;
            if above != NONE {
                // A second family over a chain: it stands beside the one that carries the chain.
                let up = self.up_edge[b as usize];
                pins = self.edges.get(up as usize).map(|carrier| (to, carrier.to));
                (a, b) = (above, self.parent[b as usize]);
            }
            if sets.find(a) == sets.find(b) {
                continue;
            }
            let (root_a, root_b) = (root[sets.find(a) as usize], root[sets.find(b) as usize]);
            let a_is_lower = self.row[root_a as usize] >= self.row[root_b as usize];
            let (lower, higher, beside) =
                if a_is_lower { (root_a, root_b, b) } else { (root_b, root_a, a) };
            self.hang(lower, beside);
            self.buddy_pins[lower as usize] =
                if a_is_lower { pins } else { pins.map(|(own, other)| (other, own)) };
            sets.join(a, b);
            root[sets.find(a) as usize] = higher;
        }
    }

    /// Hangs a root beside the ancestor of `node` that is on the root's row, or under the
    /// nearest one above.
    fn hang(&mut self, lower: u32, node: u32) {
        let row = self.row[lower as usize];
        let mut at = node;
        while self.row[at as usize] > row {
            match self.parent_of(at) {
                NONE => break,
                above => at = above,
            }
        }
        if self.row[at as usize] < row {
            self.parent[lower as usize] = at;
        } else {
            self.buddy[lower as usize] = at;
        }
    }

    pub(super) fn parent_of(&self, mut node: u32) -> u32 {
        while self.buddy[node as usize] != NONE {
            node = self.buddy[node as usize];
        }
        self.parent[node as usize]
    }

    /// Sorts every node's children by where they hang, buddies beside each other.
    pub(super) fn order_children(&mut self) {
        let count = self.len();
        let (mut left, mut right) = (Vec::new(), Vec::new());
        for node in 0..count as u32 {
            let buddy = self.buddy[node as usize];
            if buddy != NONE {
                let to_left = self.buddy_pins[node as usize].is_some_and(|(own, other)| {
                    let (own, other) = (self.pin(own), self.pin(other));
                    own.0 == other.0 && own.1 < other.1
                });
                if to_left { &mut left } else { &mut right }.push((buddy, node));
            }
        }
        let (left, right) = (Csr::grouped(count, &left), Csr::grouped(count, &right));
        // Knots hang in the middle of what they carry, so a key is never a tie of two families.
        let keys: Vec<i32> = (self.up_edge.iter())
            .map(|&up| self.edges.get(up as usize).map_or(i32::MAX, |edge| self.pin(edge.from).1))
            .collect();
        let carried: Vec<(u32, u32)> = (0..count as u32)
            .filter(|&node| self.buddy[node as usize] == NONE)
            .map(|node| (self.parent[node as usize].min(count as u32), node))
            .collect();
        let mut carried = Csr::grouped(count + 1, &carried);
        self.children = Csr::default();
        // A node is opened (its buddies listed) and then written.
        let mut stack: Vec<(u32, bool)> = Vec::new();
        let mut written = Vec::new();
        for parent in 0..=count {
            let row = carried.row_mut(parent);
            row.sort_by_key(|&node| keys[node as usize]);
            stack.extend(row.iter().rev().map(|&node| (node, true)));
            while let Some((node, open)) = stack.pop() {
                if !open {
                    written.push(node);
                    continue;
                }
                stack.extend(right.row(node as usize).iter().rev().map(|&buddy| (buddy, true)));
                stack.push((node, false));
                stack.extend(left.row(node as usize).iter().map(|&buddy| (buddy, true)));
            }
            self.children.push(written.drain(..));
        }
        self.lines = self.lines_of_forest();
    }

    /// The lines as the forest orders them.
    fn lines_of_forest(&self) -> Csr {
        let mut preorder = Vec::with_capacity(self.len());
        let mut stack: Vec<u32> = self.children.row(self.len()).iter().rev().copied().collect();
        while let Some(node) = stack.pop() {
            preorder.push(node);
            stack.extend(self.children.row(node as usize).iter().rev());
        }
        // By row, then by component, then from left to right.
        let grouped = |nodes: &[u32], key: &[u32]| {
            let rows = key.iter().max().map_or(0, |&last| last as usize + 1);
            let pairs: Vec<_> = nodes.iter().map(|&node| (key[node as usize], node)).collect();
            Csr::grouped(rows, &pairs)
        };
        let component = |node: u32| self.component[node as usize];
        let by_component = grouped(&preorder, &self.component);
        let mut lines = Csr::default();
        for row in grouped(&by_component.items, &self.row).rows() {
            for line in row.chunk_by(|&a, &b| component(a) == component(b)) {
                lines.push(line.iter().copied());
            }
        }
        lines
    }
}

fn neighbours(chains: &Chains, a: u32, b: u32) -> bool {
    let (a, b) = (a as usize, b as usize);
    chains.chain_of[a] == chains.chain_of[b] && chains.place[a].abs_diff(chains.place[b]) == 1
}

fn anchor(kin: &Kin, rows: &[u32], chains: &Chains, partners: &[u32]) -> Option<Anchor> {
    let (&first, others) = partners.split_first()?;
    for &other in others {
        if neighbours(chains, first, other) {
            return Some(Anchor { person: first, partner: other, turn: 0 });
        }
    }
    // The lowest row, so that children are below; a partner attached to the other marks the
    // family better than the one who has several; then the lower rank.
    let person = partners.iter().copied().min_by_key(|&person| {
        let p = person as usize;
        let strict = if kin.is_strict { kin.rank[p] } else { 0 };
        (std::cmp::Reverse(rows[p]), strict, chains.host[p] == person, kin.rank[p], person)
    })?;
    Some(Anchor { person, partner: NONE, turn: 0 })
}
