//! Several orders of one chart, of which each component keeps the best.

use std::borrow::Cow;

use super::Gaps;
use super::chains::Chains;
use super::forest::Forest;
use super::kin::Kin;
use super::merit::{Merit, merits};
use super::positions::{self, Effort, Springs};
use super::untangle::BIG;
use crate::geometry::Size;

/// The order of a chart, and the left edge of every node.
#[derive(Clone)]
pub(super) struct Order {
    pub(super) chains: Chains,
    pub(super) forest: Forest,
    pub(super) x: Vec<i64>,
}

pub(super) struct Contest {
    pub(super) best: Order,
    /// Of every component.
    merits: Vec<Merit>,
    /// Of the order that was first.
    first: Vec<Merit>,
    gaps: Gaps,
    card: Size,
}

impl Contest {
    pub(super) fn new(first: Order, card: Size, gaps: &Gaps) -> Self {
        let merits = judge(&first, gaps);
        Self { best: first, first: merits.clone(), merits, gaps: *gaps, card }
    }

    /// Takes over those components that are better in an order of the same chains.
    pub(super) fn enter(&mut self, kin: &Kin, rows: &[u32], order: Cow<'_, Order>) {
        let found = judge(&order, &self.gaps);
        let mut better: Vec<bool> = (0..found.len())
            .map(|at| found[at].is_better(&self.merits[at], &self.first[at], self.card))
            .collect();
        if !better.contains(&true) {
            return;
        }
        for (at, found) in found.iter().enumerate().filter(|&(at, _)| better[at]) {
            self.merits[at] = *found;
        }
        let is_most = |better: &[bool], order: &Order| {
            let nodes = order.forest.component.iter();
            2 * nodes.filter(|&&own| better[own as usize]).count() > order.forest.len()
        };
        let order = match order {
            // Of a big chart it is quicker to take over what is no better from the best so far.
            Cow::Owned(mut order) if is_most(&better, &order) => {
                std::mem::swap(&mut self.best, &mut order);
                better.iter_mut().for_each(|better| *better = !*better);
                Cow::Owned(order)
            }
            order => order,
        };
        let Order { chains, forest, x } = &mut self.best;
        for chain in 0..chains.len() {
            if better[forest.component[chain] as usize] {
                chains.copy_order(&order.chains, chain);
            }
        }
        if chains.flatten() {
            forest.measure(kin, rows, chains);
        }
        // A line is of one component.
        for (node, &other) in forest.lines.items.iter_mut().zip(&order.forest.lines.items) {
            if better[forest.component[*node as usize] as usize] {
                *node = other;
            }
        }
        for (node, own) in x.iter_mut().enumerate() {
            if better[forest.component[node] as usize] {
                *own = order.x[node];
            }
        }
    }
}

/// How hard cross links pull in the end.
const PULL: u32 = 10;

/// Draws an order together, and once more with cross links that pull hard; each component takes
/// that where it makes its cross links shorter and the others hardly longer. Big charts are drawn
/// together once only, which bounds the time.
pub(super) fn settle(forest: &Forest, gaps: &Gaps, x: &mut [i64]) {
    positions::settle(forest, gaps, Effort::Full, 1, x);
    if forest.len() > BIG || !forest.edges.iter().any(|edge| edge.cross) {
        return;
    }
    let mut pulled = x.to_vec();
    positions::settle(forest, gaps, Effort::Again, PULL, &mut pulled);
    let springs = Springs::new(forest, gaps, 1);
    let (plain, found) = (merits(forest, &springs, x), merits(forest, &springs, &pulled));
    let nearer: Vec<bool> =
        plain.iter().zip(&found).map(|(plain, found)| found.is_nearer(plain)).collect();
    for (node, own) in x.iter_mut().enumerate() {
        if nearer[forest.component[node] as usize] {
            *own = pulled[node];
        }
    }
}

fn judge(order: &Order, gaps: &Gaps) -> Vec<Merit> {
    merits(&order.forest, &Springs::new(&order.forest, gaps, 1), &order.x)
}
