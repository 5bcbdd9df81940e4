//! The second engine: the order of an intermarried core row by row, with no regard to the forest.
//!
//! It works as layered drawings do (long links as chains of knots, after Eiglsperger, Siebenhaller
//! and Kaufmann, JGAA 9(3), 2005): lines are swept by barycentres and neighbours exchanged. The
//! blocks that move are chains, so couples stay adjacent and sibships together; but a chain is not
//! rigid in it. Siblings go where what hangs on them is, chains turn round, and cross links pull
//! harder from try to try. Each try goes on from the last, though that was no better: so they do not
//! end where the first of them does.
//!
//! Each component keeps the best of what both engines made of it, by the [`Contest`].

use std::borrow::Cow;

use super::Gaps;
use super::chains::Chains;
use super::contest::{Contest, Order};
use super::forest::{Forest, Pin};
use super::kin::Kin;
use super::order::turn_for_length;
use super::positions::{Effort, settle};
use super::untangle::untangle;

/// How hard cross links pull in each try.
const PULLS: [u32; 8] = [1, 1, 2, 2, 4, 4, 10, 10];

/// The same for charts of more than [`SMALL`] nodes; the biggest have time for the last ones only.
const PULLS_OF_BIG: [u32; 8] = [2, 2, 2, 4, 4, 10, 10, 10];

/// Charts of no more nodes than this are drawn together before each try. Bigger ones have no time
/// for as many sweeps as that takes, and with fewer their lines cross more.
const SMALL: usize = 4_000;

/// Tries times nodes: what bounds the time. The biggest charts keep the forest's order.
const WORK: usize = 100_000;

/// Siblings leave their birth order for links that go past each other by more than this, in world
/// units.
const WORTH_MOVING: i64 = 200;

/// How often a chart of so many nodes is tried.
pub(super) fn tries(nodes: usize) -> usize {
    (WORK / nodes.max(1)).min(PULLS.len())
}

/// Enters what it makes of the best order so far, and of that, time after time.
pub(super) fn improve(kin: &Kin, rows: &[u32], gaps: &Gaps, contest: &mut Contest) {
    let nodes = contest.best.forest.len();
    let is_small = nodes <= SMALL;
    let pulls = if is_small { PULLS } else { PULLS_OF_BIG };
    let tries = tries(nodes);
    let mut order = contest.best.clone();
    for (turn, &pull) in pulls[pulls.len() - tries..].iter().enumerate() {
        let Order { chains, forest, x } = &mut order;
        if is_small {
            settle(forest, gaps, Effort::Glance, pull, x);
        }
        if turn % 2 == 0 {
            sort_members(forest, chains, x);
        } else {
            turn_for_length(forest, chains, x);
        }
        if chains.flatten() {
            forest.measure(kin, rows, chains);
        }
        untangle(forest, gaps, pull, x);
        if turn + 1 == tries {
            return contest.enter(kin, rows, Cow::Owned(order));
        }
        contest.enter(kin, rows, Cow::Borrowed(&order));
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

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::super::{FamilyLayout, Gaps, KinGraph, SiblingOrder, generations, order};
    use super::super::{packing, positions, routing};
    use super::*;
    use crate::geometry::Size;
    use crate::quality;

    const CARD: Size = Size { width: 100, height: 40 };

    /// Generations of equally many who marry each other, most of them within the chart.
    fn intermarried() -> impl Strategy<Value = KinGraph> {
        const WIDTH: u32 = 20;
        let couple = (0..WIDTH, 0..WIDTH, 0..6usize);
        let generation = prop::collection::vec(couple, 3..12);
        prop::collection::vec(generation, 2..7).prop_map(|generations| {
            let mut graph =
                KinGraph { persons: (generations.len() as u32 + 1) * WIDTH, ..KinGraph::default() };
            for (row, couples) in generations.iter().enumerate() {
                let (base, mut born) = (row as u32 * WIDTH, 0);
                let mut single = vec![true; WIDTH as usize];
                for &(a, b, children) in couples {
                    if a == b || !single[a as usize] || !single[b as usize] {
                        continue;
                    }
                    (single[a as usize], single[b as usize]) = (false, false);
                    let last = (born + children as u32).min(WIDTH);
                    graph.union_partners.push([base + a, base + b]);
                    // Dealt out, so that siblings are no neighbours to begin with.
                    let child = |at| base + WIDTH + at * 7 % WIDTH;
                    graph.union_children.push((born..last).map(child));
                    born = last;
                }
            }
            graph.rank = (0..graph.persons).map(|person| (person % 2) as u8).collect();
            graph
        })
    }

    fn drawn(kin: &Kin, rows: &[u32], order: &Order) -> FamilyLayout {
        let gaps = Gaps::default();
        let Order { chains, forest, x } = order;
        let mut x = x.clone();
        positions::settle(forest, &gaps, positions::Effort::Full, 1, &mut x);
        let drawing = routing::route(kin, rows, chains, forest, &x, CARD, &gaps);
        packing::pack(drawing, kin, rows, CARD, &gaps)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        /// Whatever the second engine moves: nobody overlaps, no two families share a track, as many
        /// couples are adjacent as in the forest's order, every unit of siblings keeps its members,
        /// and chains are written down as they are. (What stands beside a unit may change, and with it whether somebody who stands
        /// away from their siblings is still next to them.)
        #[test]
        fn both_engines_keep_what_always_holds(graph in intermarried(), free in any::<bool>()) {
            let gaps = Gaps::default();
            let siblings = if free { SiblingOrder::Free } else { SiblingOrder::Birth };
            let kin = Kin::new(&graph);
            let rows = generations::rows(&kin);
            let chains = Chains::new(&kin, &rows, siblings);
            let forest = Forest::new(&kin, &rows, &chains, CARD, &gaps);
            let first = order::along_forest(&kin, &rows, chains.clone(), forest.clone(), &gaps, 1);
            let of_first = quality::of_layout(&graph, &drawn(&kin, &rows, &first));
            let mut contest = Contest::new(first.clone(), CARD, &gaps);
            improve(&kin, &rows, &gaps, &mut contest);
            let of_second = quality::of_layout(&graph, &drawn(&kin, &rows, &contest.best));
            for quality in [&of_first, &of_second] {
                prop_assert_eq!((quality.overlaps, quality.shared_tracks), (0, 0));
            }
            prop_assert!((of_second.couples_adjacent - of_first.couples_adjacent).abs() < 1e-9);
            let members = |order: &Order, unit| {
                let core = order.chains.core.row(unit);
                core.iter().copied().collect::<BTreeSet<u32>>()
            };
            for Order { chains, .. } in [&first, &contest.best] {
                // To turn a chain twice changes nothing but that it is written anew.
                let mut anew = chains.clone();
                for chain in (0..chains.len()).chain(0..chains.len()) {
                    anew.flip(chain);
                }
                anew.flatten();
                prop_assert_eq!(&anew.members, &chains.members);
                prop_assert_eq!(&anew.place, &chains.place);
            }
            for unit in 0..first.chains.core.len() {
                prop_assert_eq!(members(&first, unit), members(&contest.best, unit));
            }
        }
    }
}
