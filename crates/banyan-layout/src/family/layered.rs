//! The second engine: the order of an intermarried core, row by row, with no regard to the forest.
//!
//! It works as layered drawings do (Sugiyama; with sparse segments after Eiglsperger, Siebenhaller
//! and Kaufmann, JGAA 9(3), 2005): nodes of a line are chains and the knots of long links, swept by
//! barycentres. A chain is not rigid in it: siblings go where what hangs on them is, and chains
//! turn round. Cross links pull as hard as it takes.
//!
//! Each component keeps the better of what the two engines made of it.

use super::Gaps;
use super::chains::Chains;
use super::forest::{Forest, Pin};
use super::kin::Kin;
use super::order::turn_for_length;
use super::positions::Springs;
use super::untangle::{merits, untangle};

/// How hard cross links pull, in one try after the other.
const PULLS: [u32; 3] = [2, 4, 10];

/// Links go past each other by more than this before siblings leave their birth order, in world units.
const WORTH_MOVING: i64 = 200;

pub(super) fn improve(
    kin: &Kin,
    rows: &[u32],
    chains: &mut Chains,
    forest: &mut Forest,
    gaps: &Gaps,
    x: &mut Vec<i64>,
) {
    let plain = |forest: &Forest| Springs::new(forest, gaps, 1);
    let mut best = merits(forest, &plain(forest), x);
    let debug = std::env::var("DBG").is_ok();
    let mut links = vec![0usize; best.len()];
    for edge in &forest.edges {
        links[forest.component[forest.pin(edge.from).0 as usize] as usize] += edge.count as usize;
    }
    if debug { eprintln!("base {:?}", best[0]); }
    let rounds = std::env::var("LR").ok().and_then(|w| w.parse().ok()).unwrap_or(3);
    for pull in PULLS {
        let (mut turned, mut trial, mut at) = (chains.clone(), forest.clone(), x.clone());
        for round in 0..rounds {
            if round % 2 == 0 {
                sort_members(&trial, &mut turned, &at);
            } else {
                turn_for_length(&trial, &mut turned, &at);
            }
            turned.flatten();
            trial.measure(kin, rows, &turned);
            untangle(&mut trial, gaps, pull, &mut at);
            let found = merits(&trial, &plain(&trial), &at);
            if debug { eprintln!("pull {pull} round {round} {:?} {}", found[0], found[0].is_better(&best[0], links[0], 160)); }
            let better: Vec<bool> = found
                .iter()
                .zip(&best)
                .zip(&links)
                .map(|((found, best), &links)| found.is_better(best, links, 160))
                .collect();
            if !better.contains(&true) {
                continue;
            }
            for component in 0..better.len() {
                if better[component] {
                    best[component] = found[component];
                }
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
