//! Fewer crossings: the lines' nodes are sorted by where their links above, then below, want
//! them (barycentre sweeps), and neighbours are exchanged where that takes crossings away. The
//! best order by crossings and lengths is kept, so the result is never worse than the forest's.

use super::Gaps;
use super::forest::Forest;
use super::positions::{Spring, Springs};

/// A crossing costs as much as this length of links, in world units.
const CROSSING: i64 = 120;

/// Rounds without gain after which no more are tried.
const PATIENCE: usize = 3;

/// Charts of more nodes than this have time for one round only: one of 100,000 persons is laid out in
/// two thirds of the time by it, and its links are an eighth longer.
pub(super) const BIG: usize = 20_000;

/// Neighbours with more pairs of links than this are not compared, which bounds the time.
const MOST_PAIRS: usize = 4_096;

/// Reorders `forest.lines`, moves `x` along, and returns what the result costs.
pub(super) fn untangle(forest: &mut Forest, gaps: &Gaps, cross: u32, x: &mut Vec<i64>) -> i64 {
    let mut springs = Springs::new(forest, gaps, cross);
    let mut counter = Counter::default();
    let mut lines = forest.lines.clone();
    let mut here = x.clone();
    let mut best = cost(forest, &springs, &mut counter, &lines, x);
    let nodes = forest.len().max(1);
    let rounds = if nodes > BIG { 1 } else { (40_000 / nodes).clamp(2, 10) };
    let mut idle = 0;
    for _ in 0..rounds {
        for downwards in [true, false] {
            let toward =
                |spring: &Spring| if downwards { spring.rise > 0 } else { spring.rise < 0 };
            for turn in 0..lines.len() {
                let line = if downwards { turn } else { lines.len() - 1 - turn };
                sort_line(&springs, &mut lines[line], &here, &toward);
                exchange(&springs, &mut lines[line], &here, &toward);
                springs.place_line(&lines[line], &mut here, toward);
            }
        }
        for line in &mut lines {
            exchange(&springs, line, &here, &|_| true);
            springs.place_line(line, &mut here, |_| true);
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

/// Sorts a line by where the links of one side want the middles of its nodes.
#[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
fn sort_line(springs: &Springs, line: &mut Vec<u32>, x: &[i64], counts: &impl Fn(&Spring) -> bool) {
    let mut keyed: Vec<(i64, u32)> = line
        .iter()
        .map(|&node| {
            let left = springs.wish(node, x, counts).map_or(x[node as usize], |(x, _)| x);
            (2 * left + springs.width(node), node)
        })
        .collect();
    keyed.sort_by_key(|&(key, _)| key);
    line.clear();
    line.extend(keyed.into_iter().map(|(_, node)| node));
}

/// Exchanges neighbours as long as that takes away crossings of the links that count.
#[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
fn exchange(springs: &Springs, line: &mut [u32], x: &[i64], counts: &impl Fn(&Spring) -> bool) {
    for _ in 0..3 {
        let mut changed = false;
        for at in 1..line.len() {
            let (a, b) = (line[at - 1], line[at]);
            if springs.of(a).len() * springs.of(b).len() > MOST_PAIRS {
                continue;
            }
            let (now, then) = crossings_of_two(springs, a, b, x, counts);
            if then < now {
                line.swap(at - 1, at);
                changed = true;
            }
        }
        if !changed {
            return;
        }
    }
}

/// Crossings between the links of two nodes with `a` on the left, and with `b` on the left.
fn crossings_of_two(
    springs: &Springs,
    a: u32,
    b: u32,
    x: &[i64],
    counts: &impl Fn(&Spring) -> bool,
) -> (u64, u64) {
    let end = |spring: &Spring| x[spring.other as usize] + i64::from(spring.other_pin);
    let (mut now, mut then) = (0, 0);
    for one in springs.of(a).iter().filter(|spring| counts(spring)) {
        for two in springs.of(b).iter().filter(|spring| counts(spring) && spring.rise == one.rise) {
            let both = u64::from(one.count) * u64::from(two.count);
            match end(one).cmp(&end(two)) {
                std::cmp::Ordering::Greater => now += both,
                std::cmp::Ordering::Less => then += both,
                std::cmp::Ordering::Equal => {}
            }
        }
    }
    (now, then)
}

fn cost(
    forest: &Forest,
    springs: &Springs,
    counter: &mut Counter,
    lines: &[Vec<u32>],
    x: &[i64],
) -> i64 {
    let mut length = 0;
    for node in 0..forest.len() as u32 {
        for spring in springs.of(node).iter().filter(|spring| spring.rise >= 0) {
            let own = x[node as usize] + i64::from(spring.pin);
            let other = x[spring.other as usize] + i64::from(spring.other_pin);
            length += (own - other).abs() * if spring.cross { i64::from(spring.count) } else { 1 };
        }
    }
    let crossings: i64 = lines.iter().map(|line| counter.crossings_above(springs, line, x)).sum();
    length + CROSSING * crossings
}

/// Counts crossings between two lines: inversions, found by merging runs that rise. Lines that hardly
/// cross have few of them.
#[derive(Default)]
pub(super) struct Counter {
    /// Where a link ends on this line and on the one above, and how many persons it has.
    links: Vec<(i64, i64, i64)>,
    /// The ends above, from left to right on this line, and room to merge them in.
    ends: Vec<(i64, i64)>,
    merged: Vec<(i64, i64)>,
    /// Where each run begins.
    runs: Vec<usize>,
}

impl Counter {
    /// Crossings among the links from a line to the one above, each link as many as it has
    /// persons.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    pub(super) fn crossings_above(&mut self, springs: &Springs, line: &[u32], x: &[i64]) -> i64 {
        self.links.clear();
        for &node in line {
            for spring in springs.of(node).iter().filter(|spring| spring.rise == 1) {
                let own = x[node as usize] + i64::from(spring.pin);
                let other = x[spring.other as usize] + i64::from(spring.other_pin);
                self.links.push((own, other, i64::from(spring.count)));
            }
        }
        // The stable sort takes what is in order already as it is.
        self.links.sort();
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
            let mut waiting: i64 = ends[from..middle].iter().map(|end| end.1).sum();
            while left < middle && right < end {
                if ends[left].0 <= ends[right].0 {
                    waiting -= ends[left].1;
                    merged.push(ends[left]);
                    left += 1;
                } else {
                    crossings += waiting * ends[right].1;
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
