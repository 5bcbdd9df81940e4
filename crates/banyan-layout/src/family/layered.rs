//! The second engine: the order of an intermarried core row by row, with no regard to the forest.
//!
//! It works as layered drawings do (long links as chains of knots, after Eiglsperger, Siebenhaller
//! and Kaufmann, JGAA 9(3), 2005): lines are swept by barycentres and neighbours exchanged. The
//! blocks that move are chains, so couples stay adjacent and sibships together; but a chain is not
//! rigid in it. Siblings go where what hangs on them is, chains turn round, and cross links pull
//! harder from try to try.
//!
//! Each component keeps the best of what both engines made of it, by its [`Merit`].

use super::Gaps;
use super::chains::Chains;
use super::forest::{Forest, Pin};
use super::kin::Kin;
use super::merit::{Merit, merits};
use super::order::turn_for_length;
use super::positions::Springs;
use super::untangle::untangle;
use crate::geometry::Size;

/// How hard cross links pull in each try. A big chart has time for the last ones only.
const PULLS: [u32; 8] = [2, 2, 2, 4, 4, 10, 10, 10];

/// Tries times nodes: what bounds the time. The biggest charts keep the forest's order.
const WORK: usize = 350_000;

/// Siblings leave their birth order for links that go past each other by more than this, in world
/// units.
const WORTH_MOVING: i64 = 200;

/// The order of a chart, and where it puts the nodes.
pub(super) struct Order<'a> {
    pub(super) chains: &'a mut Chains,
    pub(super) forest: &'a mut Forest,
    pub(super) x: &'a mut Vec<i64>,
}

/// Replaces the order of those components that come out better.
pub(super) fn improve(kin: &Kin, rows: &[u32], gaps: &Gaps, card: Size, order: Order<'_>) {
    let Order { chains, forest, x } = order;
    let tries = (WORK / forest.len().max(1)).min(PULLS.len());
    let judge = |forest: &Forest, x: &[i64]| merits(forest, &Springs::new(forest, gaps, 1), x);
    let first: Vec<Merit> = judge(forest, x);
    let mut best = first.clone();
    for (turn, &pull) in PULLS[PULLS.len() - tries..].iter().enumerate() {
        let (mut turned, mut trial, mut at) = (chains.clone(), forest.clone(), x.clone());
        if turn % 2 == 0 {
            sort_members(&trial, &mut turned, &at);
        } else {
            turn_for_length(&trial, &mut turned, &at);
        }
        turned.flatten();
        trial.measure(kin, rows, &turned);
        untangle(&mut trial, gaps, pull, &mut at);
        let found = judge(&trial, &at);
        let better: Vec<bool> = (0..best.len())
            .map(|at| found[at].is_better(&best[at], &first[at], card))
            .collect();
        if better.contains(&true) {
            for (best, (found, &better)) in best.iter_mut().zip(found.iter().zip(&better)) {
                *best = if better { *found } else { *best };
            }
            adopt(kin, rows, chains, forest, &turned, &trial, &better);
            for (node, own) in x.iter_mut().enumerate() {
                if better[forest.component[node] as usize] {
                    *own = at[node];
                }
            }
        }
    }
}

/// Takes those components from a trial that are better in it.
fn adopt(
    kin: &Kin,
    rows: &[u32],
    chains: &mut Chains,
    forest: &mut Forest,
    turned: &Chains,
    trial: &Forest,
    better: &[bool],
) {
    for chain in 0..chains.len() {
        if better[forest.component[chain] as usize] {
            chains.copy_order(turned, chain);
        }
    }
    chains.flatten();
    forest.measure(kin, rows, chains);
    for (line, tried) in forest.lines.iter_mut().zip(&trial.lines) {
        if line.first().is_some_and(|&first| better[forest.component[first as usize] as usize]) {
            line.clone_from(tried);
        }
    }
}

/// Sorts siblings by where what hangs on them is, so that their links do not cross.
fn sort_members(forest: &Forest, chains: &mut Chains, x: &[i64]) {
    let persons = chains.host.len();
    let at = |person: usize| {
        let (node, offset) = forest.pin(Pin::Person(person as u32));
        x.get(node as usize).map_or(0, |x| x + i64::from(offset))
    };
    let mut sum = vec![(0i64, 0i64); persons];
    for edge in &forest.edges {
        for (own, other) in [(edge.from, edge.to), (edge.to, edge.from)] {
            let person = match own {
                Pin::Person(person) => person,
                Pin::Union(union) => match forest.anchors[union as usize] {
                    Some(anchor) => anchor.person,
                    None => continue,
                },
                Pin::Unit(_) | Pin::Knot(_) => continue,
            };
            let (node, offset) = forest.pin(other);
            let far = x[node as usize] + i64::from(offset);
            let sum = &mut sum[chains.root_host(person) as usize];
            *sum = (sum.0 + far * i64::from(edge.count), sum.1 + i64::from(edge.count));
        }
    }
    let key = |person: u32| match sum[person as usize] {
        (_, 0) => at(person as usize),
        (sum, count) => sum / count,
    };
    for unit in 0..chains.union_of.len() {
        let linked = chains.core.row(unit).iter().filter(|&&member| sum[member as usize].1 > 0);
        let keys: Vec<i64> = linked.map(|&member| key(member)).collect();
        if keys.windows(2).any(|pair| pair[0] > pair[1] + WORTH_MOVING) {
            chains.sort_unit(unit, key);
        }
    }
}
