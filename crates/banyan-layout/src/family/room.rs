//! The width that a component is given: as narrow as it can stand without its links getting long.
//!
//! Least squares put parents over their children wherever that takes them, and one family far out
//! makes a whole chart wide. So walls come in from both sides while rows are drawn together.

use super::forest::Forest;
use super::positions::Springs;

/// How much wider than its broadest row a component may be, in hundredths. Narrower, the links of
/// wide sibships get longer and the chart hardly smaller.
const ROOM: i64 = 110;

/// Component -> where its walls stand at first and at last.
pub(super) struct Room {
    first: Vec<(i64, i64)>,
    last: Vec<(i64, i64)>,
}

impl Room {
    pub(super) fn new(springs: &Springs, forest: &Forest, x: &[i64]) -> Self {
        let components = forest.component.iter().max().map_or(0, |&last| last as usize + 1);
        let mut first = vec![(i64::MAX, i64::MIN); components];
        // The least width of the broadest line, and its middle.
        let mut broadest = vec![(0, 0); components];
        for line in forest.lines.rows() {
            let (Some(&left), Some(&right)) = (line.first(), line.last()) else { continue };
            let at = forest.component[left as usize] as usize;
            let (low, high) = (x[left as usize], x[right as usize] + springs.width(right));
            first[at] = (first[at].0.min(low), first[at].1.max(high));
            let width: i64 =
                line.iter().map(|&node| springs.width(node) + 2 * springs.margin(node)).sum();
            broadest[at] = broadest[at].max((
                width - springs.margin(left) - springs.margin(right),
                i64::midpoint(low, high),
            ));
        }
        let narrowed = |(&(low, high), &(least, middle)): (&(i64, i64), &(i64, i64))| {
            let width = (least * ROOM / 100).min(high - low).max(least);
            let left = (middle - width / 2).min(high - width).max(low);
            (left, left + width)
        };
        let last = first.iter().zip(&broadest).map(narrowed).collect();
        Self { first, last }
    }

    /// Writes where the walls stand after so many of all steps; they stay at the last.
    pub(super) fn walls(&self, step: usize, steps: usize, out: &mut Vec<(i64, i64)>) {
        let (step, steps) = (step.min(steps) as i64, steps as i64);
        let between = |first: i64, last: i64| first + (last - first) * step / steps;
        out.clear();
        out.extend(
            self.first
                .iter()
                .zip(&self.last)
                .map(|(first, last)| (between(first.0, last.0), between(first.1, last.1))),
        );
    }
}
