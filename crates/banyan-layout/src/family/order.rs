//! Shorter links by turning chains and moving siblings.
//!
//! Links outside the forest pull at the chains they end on, and through the forest at all
//! ancestors of these. A chain whose left part is pulled to the right and whose right part to the
//! left is turned round; siblings go to the side where their descendants' links go; the rest stay
//! in birth order.

use std::borrow::Cow;

use super::Gaps;
use super::chains::Chains;
use super::contest::{Contest, Order};
use super::forest::{Forest, Pin};
use super::kin::Kin;
use super::layered;
use super::positions::{Effort, positions};
use super::untangle::{BIG, untangle};
use crate::geometry::Size;

/// How hard cross links pull in one try after the other; small charts have time for all.
const PULLS: [u32; 4] = [1, 2, 4, 8];

/// Tries times nodes: what bounds the time.
const WORK: usize = 2_000;

/// The best order found of the chains and the forest, and where it puts the nodes.
pub(super) fn improve(
    kin: &Kin,
    rows: &[u32],
    chains: Chains,
    forest: Forest,
    card: Size,
    gaps: &Gaps,
) -> Order {
    if forest.edges.iter().all(|edge| edge.tree) {
        let x = positions(&forest, gaps, Effort::Sketch, 1);
        return Order { chains, forest, x };
    }
    let along_forest = |(chains, forest), pull| along_forest(kin, rows, chains, forest, gaps, pull);
    let others = PULLS[1..].iter().take((WORK / forest.len().max(1)).saturating_sub(1));
    // A big chart has one try: what that begins with is needed no more, and large.
    let given = (others.len() > 0).then(|| (chains.clone(), forest.clone()));
    let first = along_forest((chains, forest), PULLS[0]);
    if given.is_none() && layered::tries(first.forest.len()) == 0 {
        return first;
    }
    let mut contest = Contest::new(first, card, gaps);
    if let Some(given) = given {
        for &pull in others {
            contest.enter(kin, rows, Cow::Owned(along_forest(given.clone(), pull)));
        }
    }
    layered::improve(kin, rows, gaps, &mut contest);
    contest.best
}

/// The first engine: some rounds along the forest, then line by line.
pub(super) fn along_forest(
    kin: &Kin,
    rows: &[u32],
    mut chains: Chains,
    mut forest: Forest,
    gaps: &Gaps,
    pull: u32,
) -> Order {
    // First along the forest, where turning a chain moves whole branches. The few sweeps that a big
    // chart has time for show too little of what pulls where: rounds make it no better.
    let rounds = (20_000 / forest.len().max(1)).min(6);
    let mut x = positions(&forest, gaps, Effort::Sketch, pull);
    let mut cost = length(&forest, &x);
    let mut best = None;
    for _ in 0..rounds {
        let pulls = Pulls::new(&forest, &chains, &x);
        if best.as_ref().is_none_or(|&(least, _)| cost < least) {
            best = Some((cost, Order { chains: chains.clone(), forest: forest.clone(), x }));
        }
        pulls.follow(&forest, &mut chains);
        chains.flatten();
        forest.measure(kin, rows, &chains);
        forest.order_children();
        x = positions(&forest, gaps, Effort::Sketch, pull);
        cost = length(&forest, &x);
    }
    if let Some((_, best)) = best.filter(|&(least, _)| least <= cost) {
        Order { chains, forest, x } = best;
    }
    // Then line by line, which may part branches.
    let nodes = forest.len().max(1);
    let rounds = if nodes > BIG { 0 } else { (10_000 / nodes).clamp(1, 4) };
    let mut cost = untangle(&mut forest, gaps, pull, &mut x);
    for _ in 0..rounds {
        let (mut turned, mut trial, mut at) = (chains.clone(), forest.clone(), x.clone());
        turn_for_length(&trial, &mut turned, &x);
        turned.flatten();
        trial.measure(kin, rows, &turned);
        let new_cost = untangle(&mut trial, gaps, pull, &mut at);
        if new_cost >= cost {
            break;
        }
        (cost, x) = (new_cost, at);
        (chains, forest) = (turned, trial);
    }
    Order { chains, forest, x }
}

/// The sum of the horizontal lengths of all links.
fn length(forest: &Forest, x: &[i64]) -> i64 {
    let at = |pin| {
        let (node, offset) = forest.pin(pin);
        x[node as usize] + i64::from(offset)
    };
    forest.edges.iter().map(|edge| (at(edge.to) - at(edge.from)).abs()).sum()
}

/// Turns the chains whose links get shorter by it where they stand.
pub(super) fn turn_for_length(forest: &Forest, chains: &mut Chains, x: &[i64]) {
    let mut gain = vec![0i64; chains.len()];
    for edge in &forest.edges {
        let ends = [forest.pin(edge.from), forest.pin(edge.to)];
        for (own, other) in [(ends[0], ends[1]), (ends[1], ends[0])] {
            let Some(gain) = gain.get_mut(own.0 as usize) else { continue };
            let far = x[other.0 as usize] + i64::from(other.1) - x[own.0 as usize];
            let turned = i64::from(forest.width[own.0 as usize] - own.1);
            *gain +=
                ((far - i64::from(own.1)).abs() - (far - turned).abs()) * i64::from(edge.count);
        }
    }
    for (chain, &gain) in gain.iter().enumerate() {
        if gain > 0 {
            chains.flip(chain);
        }
    }
}

/// What pulls where, in world units; to the right is positive.
struct Pulls {
    /// Person -> the pull of all that hangs on them and those attached to them.
    person: Vec<i64>,
    /// Unit -> the pull of its own link upwards, unless that is the forest's.
    unit: Vec<i64>,
}

/// A link pulls no stronger than this, so that one long link does not outweigh ten others.
const STRONGEST: i64 = 4_000;
/// Siblings leave their birth order for a stronger pull only.
const WORTH_MOVING: i64 = 400;

impl Pulls {
    fn new(forest: &Forest, chains: &Chains, x: &[i64]) -> Self {
        let mut pulls =
            Self { person: vec![0; chains.host.len()], unit: vec![0; chains.union_of.len()] };
        let mut subtree = vec![0i64; forest.len()];
        for edge in forest.edges.iter().filter(|edge| !edge.tree) {
            let ((a, from), (b, to)) = (forest.pin(edge.from), forest.pin(edge.to));
            let distance = x[b as usize] + i64::from(to) - x[a as usize] - i64::from(from);
            let pull = distance.clamp(-STRONGEST, STRONGEST);
            for (pin, node, pull) in [(edge.from, a, pull), (edge.to, b, -pull)] {
                subtree[node as usize] += pull;
                pulls.add(forest, chains, pin, pull);
            }
        }
        // From the bottom up.
        for &node in forest.lines.items.iter().rev() {
            let pull = subtree[node as usize];
            let parent = forest.parent_of(node);
            if let Some(sum) = subtree.get_mut(parent as usize) {
                *sum += pull;
            }
            if let Some(edge) = forest.edges.get(forest.up_edge[node as usize] as usize) {
                pulls.add(forest, chains, edge.from, pull);
            }
        }
        pulls
    }

    fn add(&mut self, forest: &Forest, chains: &Chains, pin: Pin, pull: i64) {
        let person = match pin {
            Pin::Unit(unit) => {
                self.unit[unit as usize] += pull;
                return;
            }
            Pin::Knot(_) => return,
            Pin::Person(person) => person,
            Pin::Union(union) => match forest.anchors[union as usize] {
                Some(anchor) => anchor.person,
                None => return,
            },
        };
        self.person[chains.host[person as usize] as usize] += pull;
    }

    fn follow(&self, forest: &Forest, chains: &mut Chains) {
        for chain in 0..chains.len() {
            if self.moment(forest, chains, chain) < 0 {
                chains.flip(chain);
            }
        }
        for unit in 0..chains.union_of.len() {
            if chains.core.row(unit).len() > 1 {
                chains.sort_unit(unit, |person| {
                    let pull = self.person[person as usize];
                    if pull.abs() < WORTH_MOVING { 0 } else { pull }
                });
            }
        }
    }

    /// The turning moment about the middle of a chain; negative where it should be turned.
    fn moment(&self, forest: &Forest, chains: &Chains, chain: usize) -> i128 {
        let middle = i128::from(forest.width[chain] / 2);
        let mut moment = 0;
        for &person in chains.members.row(chain) {
            let at = i128::from(forest.pin(Pin::Person(person)).1);
            moment += i128::from(self.person[person as usize]) * (at - middle);
        }
        for &unit in chains.units.row(chain) {
            let at = i128::from(forest.pin(Pin::Unit(unit)).1);
            moment += i128::from(self.unit[unit as usize]) * (at - middle);
        }
        moment
    }
}
