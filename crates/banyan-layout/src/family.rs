//! Everyone in a genealogy on one chart, each person exactly once.
//!
//! The steps, each a file of its own:
//!
//! 1. [`kin`]: the person-union graph, cleaned of what no chart can use;
//! 2. [`generations`]: a row for everyone, partners on one row;
//! 3. [`chains`]: who stands beside whom within a row;
//! 4. [`forest`]: the order of the chains, as a forest with side links;
//! 5. [`order`] and [`positions`]: x by tidy contours, then by least squares; who is pulled
//!    where decides on the order, and so on for some rounds;
//! 6. [`layered`]: the second engine, whose order a component takes where a [`contest`] finds it
//!    better;
//! 7. [`routing`]: rows get their y, families their tracks and lines;
//! 8. [`packing`]: components side by side.

use crate::csr::Csr;
use crate::geometry::{Rect, Size};
use crate::routes::Routes;

mod chains;
mod contest;
mod contours;
mod forest;
mod generations;
mod kin;
mod layered;
mod merit;
mod order;
mod packing;
mod positions;
mod regression;
mod room;
mod routing;
mod slots;
mod sweeps;
mod untangle;

/// Who descends from whom: the bipartite graph of persons and unions.
///
/// A union is a set of partners and their children, so single, unknown, and same-sex parents and
/// several families of one child (adoption) all fit. Persons are `0..persons`; an index beyond
/// is left out, and so is a second mention in one union.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KinGraph {
    pub persons: u32,
    /// Union -> its partners: none, one, two or more.
    pub union_partners: Csr,
    /// Union -> its children in birth order. A child of several unions stands with the siblings
    /// of the union with the lowest index.
    pub union_children: Csr,
    /// A hint for every person (may be empty: all 0). In a couple the lower rank stands left and
    /// keeps its place where only one of the two can stand with its own siblings. 0 for men and
    /// 1 for women gives the male line.
    pub rank: Vec<u8>,
    /// Couples whose sides somebody chose: (who stands left, who stands right). Of two who both have
    /// siblings on the chart it holds where their sibships meet or one of them comes to the other;
    /// of a couple whose outer sides are taken it may not.
    pub sides: Vec<(u32, u32)>,
    /// Whether the rank alone decides who leaves their siblings: the higher always comes to the
    /// lower, though the lower has no siblings to stay with.
    pub is_strict: bool,
}

/// Free space in world units; all at least 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Gaps {
    /// Between partners.
    pub partner: i32,
    /// Between siblings.
    pub sibling: i32,
    /// Between families that stand side by side.
    pub branch: i32,
    /// From one generation to the next, at the least; grows with the tracks in it.
    pub generation: i32,
    /// Between two bus lines that run side by side.
    pub track: i32,
    /// Between components.
    pub component: i32,
}

impl Default for Gaps {
    fn default() -> Self {
        Self { partner: 12, sibling: 16, branch: 32, generation: 64, track: 8, component: 96 }
    }
}

/// Whether siblings may change places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum SiblingOrder {
    /// Birth order, but for those who move to an end to meet their partner's siblings or to
    /// shorten links.
    #[default]
    Free,
    /// Birth order always: only the eldest and the youngest can meet another sibship.
    Birth,
}

/// What to lay out. Equal requests give equal layouts, so a request is the key of a cache.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FamilyRequest {
    pub graph: KinGraph,
    /// The size of every person's box.
    pub card: Size,
    pub gaps: Gaps,
    pub siblings: SiblingOrder,
}

/// How far a layout has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum FamilyStage {
    Generations,
    Chains,
    Order,
    Positions,
    Routes,
    Packing,
}

/// Where everyone stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FamilyLayout {
    /// One box per person, all of the request's card size.
    pub boxes: Vec<Rect>,
    /// The row of every person within their component; 0 is the top one.
    pub generations: Vec<u32>,
    /// The connected component of every person, numbered by size: 0 is the biggest. Persons
    /// without any relation come last, each a component.
    pub components: Vec<u32>,
    /// Every line; `ends` are persons, (parent, child) or (partner, partner).
    ///
    /// - `Descent`: elbows from the middle of a couple (or a single parent's lower edge), along
    ///   the family's bus, to the top of the child; points alternate vertical and horizontal.
    /// - `Couple`: two points, from card to card, between neighbours.
    /// - `Cross`: two points, the middles of the facing card edges, for a painter to draw an arc.
    pub routes: Routes,
    /// The union that each route belongs to.
    pub unions: Vec<u32>,
    /// The number of `Cross` routes.
    pub cross_links: u32,
    /// The box around everything; its top left corner is (0, 0).
    pub bounds: Rect,
}

/// The rows that the layout gives to everyone, without the layout: see [`FamilyLayout::generations`].
pub fn generations(graph: &KinGraph) -> Vec<u32> {
    generations::rows(&kin::Kin::new(graph))
}

/// Lays out a genealogy. `progress` hears each stage as it begins, with the share done before it.
///
/// O(n log n) time, O(n) memory for n persons and links. Any graph is accepted: loops, persons who
/// are their own ancestors, empty unions.
pub fn family(request: &FamilyRequest, progress: &mut dyn FnMut(FamilyStage, f32)) -> FamilyLayout {
    let card = Size { width: request.card.width.max(1), height: request.card.height.max(1) };
    progress(FamilyStage::Generations, 0.0);
    let kin = kin::Kin::new(&request.graph);
    let rows = generations::rows(&kin);
    progress(FamilyStage::Chains, 0.2);
    let chains = chains::Chains::new(&kin, &rows, request.siblings);
    let forest = forest::Forest::new(&kin, &rows, &chains, card, &request.gaps);
    progress(FamilyStage::Order, 0.3);
    let contest::Order { chains, forest, mut x } =
        order::improve(&kin, &rows, chains, forest, card, &request.gaps);
    progress(FamilyStage::Positions, 0.6);
    contest::settle(&forest, &request.gaps, &mut x);
    progress(FamilyStage::Routes, 0.7);
    let drawing = routing::route(&kin, &rows, &chains, &forest, &x, card, &request.gaps);
    progress(FamilyStage::Packing, 0.9);
    packing::pack(drawing, &kin, &rows, card, &request.gaps)
}
