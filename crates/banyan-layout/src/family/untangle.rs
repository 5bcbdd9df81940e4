//! Fewer crossings: the lines' nodes are sorted by where their links above, then below, want
//! them (barycentre sweeps), and neighbours are exchanged where that takes crossings away. The
//! best order by crossings and lengths is kept, so the result is never worse than the forest's.

use super::Gaps;
use super::forest::Forest;
use super::positions::{Side, Springs};
use super::slots::Slots;
use crate::csr::Csr;

/// A crossing costs as much as this length of links, in world units.
const CROSSING: i64 = 120;

/// Rounds without gain after which no more are tried.
const PATIENCE: usize = 3;

/// Charts of more nodes than this have time for one round only: one of 100,000 persons is laid out in
/// two thirds of the time by it, and its links are an eighth longer.
pub(super) const BIG: usize = 20_000;

/// Reorders `forest.lines`, moves `x` along, and returns what the result costs.
pub(super) fn untangle(forest: &mut Forest, gaps: &Gaps, cross: u32, x: &mut Vec<i64>) -> i64 {
    let springs = Springs::new(forest, gaps, cross);
    let (mut counter, mut slots) = (Counter::default(), Slots::default());
    let mut lines = forest.lines.clone();
    let mut here = x.clone();
    let mut best = cost(forest, &springs, &mut counter, &lines, x);
    let nodes = forest.len().max(1);
    let rounds = if nodes > BIG { 1 } else { (40_000 / nodes).clamp(2, 10) };
    let mut idle = 0;
    for _ in 0..rounds {
        for (downwards, toward) in [(true, Side::Above), (false, Side::Below)] {
            for turn in 0..lines.len() {
                let last = lines.len() - 1;
                let line = lines.row_mut(if downwards { turn } else { last - turn });
                slots.take(&springs, line, &here, toward);
                slots.sort(&springs, &here);
                slots.exchange();
                slots.place(&springs, line, &mut here);
            }
        }
        for line in 0..lines.len() {
            let line = lines.row_mut(line);
            slots.take(&springs, line, &here, Side::All);
            slots.exchange();
            slots.place(&springs, line, &mut here);
        }
        let cost = cost(forest, &springs, &mut counter, &lines, &here);
        idle += 1;
        if cost < best {
            idle = 0;
            best = cost;
            x.clone_from(&here);
            forest.lines.clone_from(&lines);
        }
        if idle == PATIENCE {
            break;
        }
    }
    best
}

fn cost(forest: &Forest, springs: &Springs, counter: &mut Counter, lines: &Csr, x: &[i64]) -> i64 {
    let mut length = 0;
    for node in 0..forest.len() as u32 {
        for spring in springs.of(node, Side::Rest) {
            let own = x[node as usize] + i64::from(spring.pin);
            let other = x[spring.other as usize] + i64::from(spring.other_pin);
            length += (own - other).abs() * if spring.cross { i64::from(spring.count) } else { 1 };
        }
    }
    let crossings: i64 = lines.rows().map(|line| counter.crossings_above(springs, line, x)).sum();
    length + CROSSING * crossings
}

/// Counts crossings between two lines: inversions, found by merging runs that rise. Lines that hardly
/// cross have few of them.
#[derive(Default)]
pub(super) struct Counter {
    /// Where a link ends on this line and on the one above, and how many persons it has.
    links: Vec<(i32, i32, u32)>,
    /// The ends above, from left to right on this line, and room to merge them in.
    ends: Vec<(i32, u32)>,
    merged: Vec<(i32, u32)>,
    /// Where each run begins.
    runs: Vec<usize>,
}

impl Counter {
    /// Crossings among the links from a line to the one above, each link as many as it has
    /// persons.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn crossings_above(&mut self, springs: &Springs, line: &[u32], x: &[i64]) -> i64 {
        // World units are far below 2^31.
        let at = |node: u32, pin: i32| (x[node as usize] + i64::from(pin)) as i32;
        self.links.clear();
        for &node in line {
            let first = self.links.len();
            let above = springs.of(node, Side::Above).iter();
            self.links.extend(above.filter(|spring| spring.rise == 1).map(|spring| {
                (at(node, spring.pin), at(spring.other, spring.other_pin), spring.count)
            }));
            self.links[first..].sort_unstable();
        }
        // Nodes stand side by side but for those that have just changed in width.
        if !self.links.is_sorted() {
            self.links.sort_unstable();
        }
        self.ends.clear();
        self.ends.extend(self.links.iter().map(|&(_, end, count)| (end, count)));
        self.runs.clear();
        self.runs.push(0);
        self.runs.extend((1..self.ends.len()).filter(|&at| self.ends[at - 1].0 > self.ends[at].0));
        let mut crossings = 0;
        while self.runs.len() > 1 {
            crossings += self.merge();
        }
        crossings
    }

    /// Merges each run with the next, two by two, and gives the crossings between them.
    fn merge(&mut self) -> i64 {
        let Self { ends, merged, runs, .. } = self;
        merged.clear();
        let (mut crossings, mut kept) = (0, 0);
        for pair in (0..runs.len()).step_by(2) {
            let begins = |run: usize| runs.get(run).copied().unwrap_or(ends.len());
            let (from, middle, end) = (runs[pair], begins(pair + 1), begins(pair + 2));
            let (mut left, mut right) = (from, middle);
            // Of the left run, what ends further right than all that is merged.
            let mut waiting: i64 = ends[from..middle].iter().map(|end| i64::from(end.1)).sum();
            while left < middle && right < end {
                if ends[left].0 <= ends[right].0 {
                    waiting -= i64::from(ends[left].1);
                    merged.push(ends[left]);
                    left += 1;
                } else {
                    crossings += waiting * i64::from(ends[right].1);
                    merged.push(ends[right]);
                    right += 1;
                }
            }
            merged.extend_from_slice(&ends[left..middle]);
            merged.extend_from_slice(&ends[right..end]);
            runs[kept] = from;
            kept += 1;
        }
        runs.truncate(kept);
        std::mem::swap(ends, merged);
        crossings
    }
}
