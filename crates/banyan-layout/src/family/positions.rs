//! The x of every node: tidy first, then drawn together row by row.

use super::Gaps;
use super::contours;
use super::forest::Forest;
use super::regression::{Wish, place};

/// How much time to spend; both bound it by the number of nodes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Effort {
    /// Enough to see who is pulled where.
    Sketch,
    Full,
}

impl Effort {
    /// Sweeps over all rows, down and up by turns.
    fn sweeps(self, nodes: usize) -> usize {
        match self {
            Self::Sketch => (100_000 / nodes.max(1)).clamp(4, 20),
            Self::Full => (1_000_000 / nodes.max(1)).clamp(12, 200),
        }
    }
}

/// The left edge of every node, per component from 0 on.
pub(super) fn positions(forest: &Forest, gaps: &Gaps, effort: Effort) -> Vec<i64> {
    let mut x = contours::tidy(forest, gaps);
    let springs = Springs::new(forest, gaps);
    springs.relax(&mut x, effort.sweeps(forest.len()));
    let components = forest.component.iter().max().map_or(0, |&last| last as usize + 1);
    let mut left = vec![i64::MAX; components];
    for (node, &x) in x.iter().enumerate() {
        let left = &mut left[forest.component[node] as usize];
        *left = (*left).min(x);
    }
    for (node, x) in x.iter_mut().enumerate() {
        *x -= left[forest.component[node] as usize];
    }
    x
}

/// The end of a link as one of its nodes sees it.
#[derive(Clone, Copy)]
struct Spring {
    other: u32,
    /// The node's x for a straight link, less the other's x.
    offset: i32,
    /// Whether the other is above; couples apart on one row are neither.
    up: bool,
    weight: i32,
}

struct Springs<'a> {
    forest: &'a Forest,
    gap: i64,
    /// Node -> its springs are `springs[starts[node]..starts[node + 1]]`.
    starts: Vec<u32>,
    springs: Vec<Spring>,
    /// The nodes of each row of each component from left to right, from the top row down.
    rows: Vec<Vec<u32>>,
}

impl<'a> Springs<'a> {
    fn new(forest: &'a Forest, gaps: &Gaps) -> Self {
        let mut starts = vec![0u32; forest.len() + 1];
        let pins: Vec<_> = (forest.edges.iter())
            .map(|edge| (forest.pin(edge.from), forest.pin(edge.to), edge.tree))
            .collect();
        for (a, b, _) in &pins {
            starts[a.0 as usize + 1] += 1;
            starts[b.0 as usize + 1] += 1;
        }
        for node in 0..forest.len() {
            starts[node + 1] += starts[node];
        }
        let mut next = starts.clone();
        let none = Spring { other: 0, offset: 0, up: false, weight: 1 };
        let mut springs = vec![none; starts[forest.len()] as usize];
        for &(a, b, tree) in &pins {
            let weight = if tree { 2 } else { 1 };
            for (own, other) in [(a, b), (b, a)] {
                springs[next[own.0 as usize] as usize] = Spring {
                    other: other.0,
                    offset: other.1 - own.1,
                    up: forest.row[other.0 as usize] < forest.row[own.0 as usize],
                    weight,
                };
                next[own.0 as usize] += 1;
            }
        }
        Self { forest, gap: i64::from(gaps.branch), starts, springs, rows: forest.rows_in_order() }
    }

    fn of(&self, node: u32) -> &[Spring] {
        &self.springs[self.starts[node as usize] as usize..self.starts[node as usize + 1] as usize]
    }

    fn relax(&self, x: &mut [i64], sweeps: usize) {
        for sweep in 0..sweeps {
            self.sweep(x, sweep % 2 == 0, |_| true);
        }
        // Last, parents exactly over their children where there is room.
        self.sweep(x, false, |spring| !spring.up);
    }

    /// Moves the nodes of each row to the mean of what their springs want, as near as the
    /// neighbours let them.
    fn sweep(&self, x: &mut [i64], downwards: bool, counts: impl Fn(&Spring) -> bool) {
        let (mut wishes, mut blocks, mut out) = (Vec::new(), Vec::new(), Vec::new());
        for turn in 0..self.rows.len() {
            let row = &self.rows[if downwards { turn } else { self.rows.len() - 1 - turn }];
            wishes.clear();
            for (at, &node) in row.iter().enumerate() {
                let (mut sum, mut weight) = (0, 0);
                for spring in self.of(node).iter().filter(|spring| counts(spring)) {
                    sum += (x[spring.other as usize] + i64::from(spring.offset)) * i64::from(spring.weight);
                    weight += i64::from(spring.weight);
                }
                let distance = if at == 0 { 0 } else { i64::from(self.forest.width[row[at - 1] as usize]) + self.gap };
                wishes.push(if weight == 0 {
                    Wish { x: x[node as usize], weight: 1, distance }
                } else {
                    Wish { x: sum.div_euclid(weight), weight: weight * 4, distance }
                });
            }
            place(&wishes, &mut blocks, &mut out);
            row.iter().zip(&out).for_each(|(&node, &at)| x[node as usize] = at);
        }
    }
}
