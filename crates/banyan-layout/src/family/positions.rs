//! The x of every node: tidy first, then drawn together row by row.

use super::Gaps;
use super::contours;
use super::forest::Forest;
use super::room::Room;
use super::sweeps::Sweeps;

/// How much time to spend; both bound it by the number of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// A step towards it.
    Glance,
    /// Enough to see who is pulled where.
    Sketch,
    Full,
    /// Enough for what was settled before.
    Again,
}

impl Effort {
    /// Sweeps over all rows, down and up by turns.
    fn sweeps(self, nodes: usize) -> usize {
        match self {
            Self::Glance => (30_000 / nodes.max(1)).clamp(4, 20),
            Self::Sketch => (100_000 / nodes.max(1)).clamp(4, 20),
            Self::Full => (1_000_000 / nodes.max(1)).clamp(12, 200),
            Self::Again => (300_000 / nodes.max(1)).clamp(12, 200),
        }
    }
}

/// The left edge of every node by the forest alone, then drawn together.
pub(super) fn positions(forest: &Forest, gaps: &Gaps, effort: Effort, cross: u32) -> Vec<i64> {
    let mut x = contours::tidy(forest, gaps);
    settle(forest, gaps, effort, cross, &mut x);
    x
}

/// Draws a placement together; each component then begins at 0.
pub(super) fn settle(forest: &Forest, gaps: &Gaps, effort: Effort, cross: u32, x: &mut [i64]) {
    relax(&Springs::new(forest, gaps, cross), forest, x, effort);
    let components = forest.component.iter().max().map_or(0, |&last| last as usize + 1);
    let mut left = vec![i64::MAX; components];
    for (node, &x) in x.iter().enumerate() {
        let left = &mut left[forest.component[node] as usize];
        *left = (*left).min(x);
    }
    for (node, x) in x.iter_mut().enumerate() {
        *x -= left[forest.component[node] as usize];
    }
}

/// The end of a link as one of its nodes sees it.
#[derive(Clone, Copy)]
pub(super) struct Spring {
    pub(super) other: u32,
    /// Where the link ends on the node, and on the other.
    pub(super) pin: i32,
    pub(super) other_pin: i32,
    /// Rows from the node up to the other; negative where the other is below.
    pub(super) rise: i32,
    pub(super) weight: i32,
    pub(super) count: u32,
    pub(super) cross: bool,
}

impl Spring {
    /// The node's x for a straight link, less the other's x.
    pub(super) const fn offset(&self) -> i32 {
        self.other_pin - self.pin
    }
}

/// Which links of a node.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Side {
    All,
    Below,
    /// On its own row and above.
    Rest,
    Above,
}

/// All links, from the view of every node.
pub(super) struct Springs {
    widths: Vec<i32>,
    /// What stays free on either side of a chain, and of a knot.
    margins: (i64, i64),
    /// Three for each node: where the springs to below begin, those along its row, and those to above.
    starts: Vec<u32>,
    springs: Vec<Spring>,
}

impl Springs {
    /// A cross link pulls as hard as `cross` others that are outside the forest.
    pub(super) fn new(forest: &Forest, gaps: &Gaps, cross: u32) -> Self {
        let pins: Vec<_> = (forest.edges.iter())
            .map(|edge| (forest.pin(edge.from), forest.pin(edge.to), edge))
            .collect();
        let rise = |own: u32, other: u32| {
            forest.row[own as usize] as i32 - forest.row[other as usize] as i32
        };
        let group = |own: u32, rise: i32| 3 * own as usize + (rise.signum() + 1) as usize;
        let mut starts = vec![0u32; 3 * forest.len() + 1];
        for &((a, _), (b, _), _) in &pins {
            starts[group(a, rise(a, b)) + 1] += 1;
            starts[group(b, rise(b, a)) + 1] += 1;
        }
        for group in 1..starts.len() {
            starts[group] += starts[group - 1];
        }
        let mut next = starts.clone();
        let none =
            Spring { other: 0, pin: 0, other_pin: 0, rise: 0, weight: 1, count: 1, cross: false };
        let mut springs = vec![none; 2 * pins.len()];
        for &(a, b, edge) in &pins {
            for (own, other) in [(a, b), (b, a)] {
                let times = if edge.cross { cross } else { 1 };
                let rise = rise(own.0, other.0);
                let next = &mut next[group(own.0, rise)];
                springs[*next as usize] = Spring {
                    other: other.0,
                    pin: own.1,
                    other_pin: other.1,
                    rise,
                    weight: if edge.tree { 2 } else { times as i32 },
                    count: edge.count * times,
                    cross: edge.cross,
                };
                *next += 1;
            }
        }
        Self {
            widths: forest.width.clone(),
            margins: (i64::from((gaps.branch + 1) / 2), i64::from(gaps.track)),
            starts,
            springs,
        }
    }

    pub(super) fn of(&self, node: u32, side: Side) -> &[Spring] {
        let (first, last) = match side {
            Side::All => (0, 3),
            Side::Below => (0, 1),
            Side::Rest => (1, 3),
            Side::Above => (2, 3),
        };
        let start = |group: usize| self.starts[3 * node as usize + group] as usize;
        &self.springs[start(first)..start(last)]
    }

    /// What stays free on either side of a node: half the way between two chains, a track's gap for
    /// a line that passes.
    pub(super) fn margin(&self, node: u32) -> i64 {
        if self.widths[node as usize] > 0 { self.margins.0 } else { self.margins.1 }
    }

    pub(super) fn width(&self, node: u32) -> i64 {
        i64::from(self.widths[node as usize])
    }

    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.springs.len()
    }
}

/// Draws everything together. The walls come nearer from sweep to sweep, and stand still for the
/// second half of them.
fn relax(springs: &Springs, forest: &Forest, x: &mut [i64], effort: Effort) {
    let all = effort.sweeps(forest.len());
    let room =
        matches!(effort, Effort::Full | Effort::Again).then(|| Room::new(springs, forest, x));
    let mut walls = Vec::new();
    let mut sweeps = Sweeps::new(springs, forest, x);
    let mut still = 0;
    for sweep in 0..all {
        if let Some(room) = &room {
            room.walls(2 * sweep, all, &mut walls);
        }
        let moved = sweeps.sweep(sweep % 2 == 0, Side::All, &walls);
        still = if moved { 0 } else { still + 1 };
        let walls_stand = room.is_none() || 2 * sweep >= all;
        // Neither down nor up: so it stays.
        if still > 1 && walls_stand {
            break;
        }
    }
    // Last, parents exactly over their children where there is room.
    sweeps.sweep(false, Side::Below, &walls);
    sweeps.finish(x);
}
