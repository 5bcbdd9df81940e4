//! A tree that branches as things grow: mostly two to four children, few nodes very broad, equal
//! neither in size nor in depth.

use crate::random::Random;

/// Nodes in pre-order: a parent before its children, a subtree in one run.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tree {
    /// Node -> its parent; node 0 is the root and its own parent.
    pub parents: Vec<u32>,
    seed: u64,
}

/// A tree of exactly so many nodes.
pub fn tree(nodes: u32, seed: u64) -> Tree {
    let mut random = Random::new(seed);
    let mut parents = Vec::with_capacity(nodes as usize);
    // Subtrees that are still to come: parent and number of nodes, the next one last.
    let mut to_come = vec![(0, nodes)];
    let mut shares: Vec<u32> = Vec::new();
    while let Some((parent, size)) = to_come.pop() {
        if size == 0 {
            continue;
        }
        let node = parents.len() as u32;
        parents.push(parent);
        share_out(size - 1, &mut shares, &mut random);
        to_come.extend(shares.drain(..).map(|share| (node, share)));
    }
    Tree { parents, seed }
}

/// Cuts the nodes below one node into the subtrees of its children.
fn share_out(mut left: u32, shares: &mut Vec<u32>, random: &mut Random) {
    let children = match random.below(200) {
        0 => 20 + random.below(100),
        1..20 => 5 + random.below(6),
        20..50 => 1,
        _ => 2 + random.below(3),
    };
    for child in 0..children {
        if left == 0 {
            return;
        }
        // Around an even share of what is left, from almost nothing to twice as much.
        let even = left / (children - child);
        let share = match child + 1 == children {
            true => left,
            false => (1 + random.below(even.saturating_mul(2))).min(left),
        };
        shares.push(share);
        left -= share;
    }
}

impl Tree {
    /// What stands on the card of a node.
    pub fn name(&self, node: u32) -> String {
        let mut random = Random::of(self.seed, u64::from(node));
        format!("{} {} {node}", random.pick(&KINDS), random.pick(&TREES))
    }
}

const KINDS: [&str; 24] = [
    "Black", "Blue", "Broad", "Common", "Copper", "Dwarf", "Early", "Field", "Golden", "Great",
    "Green", "Grey", "Late", "Little", "Northern", "Red", "Rock", "Silver", "Southern", "Stone",
    "Swamp", "Sweet", "White", "Wild",
];
const TREES: [&str; 32] = [
    "Alder", "Apple", "Ash", "Aspen", "Banyan", "Beech", "Birch", "Cedar", "Cherry", "Chestnut",
    "Cypress", "Elder", "Elm", "Fig", "Fir", "Ginkgo", "Hazel", "Hornbeam", "Juniper", "Larch",
    "Linden", "Maple", "Oak", "Olive", "Pear", "Pine", "Plum", "Poplar", "Rowan", "Spruce",
    "Walnut", "Willow",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_its_size_and_is_in_pre_order() {
        for nodes in [0, 1, 2, 3, 100, 1_000, 10_000, 200_000] {
            for seed in [0, 1, 77] {
                let tree = tree(nodes, seed);
                assert_eq!(tree.parents.len(), nodes as usize);
                // In pre-order the parent of the next node is on the way from the root to this one.
                let mut way = vec![0];
                for (node, &parent) in tree.parents.iter().enumerate().skip(1) {
                    assert!((parent as usize) < node);
                    while way.last() != Some(&parent) {
                        assert!(way.pop().is_some(), "{parent} is not above {node}");
                    }
                    way.push(node as u32);
                }
            }
        }
    }

    #[test]
    fn depth_grows_slowly_and_few_are_broad() {
        for nodes in [10_000, 100_000, 1_000_000] {
            let tree = tree(nodes, 5);
            let mut depths = vec![0u32; nodes as usize];
            let mut children = vec![0u32; nodes as usize];
            for (node, &parent) in tree.parents.iter().enumerate().skip(1) {
                depths[node] = depths[parent as usize] + 1;
                children[parent as usize] += 1;
            }
            let (deepest, log) = (depths.iter().max().copied().unwrap_or(0), nodes.ilog2());
            assert!((log / 2..log * 4).contains(&deepest), "{nodes} nodes, {deepest} deep");
            let broad = children.iter().filter(|&&count| count > 12).count();
            assert!(broad > 0 && broad < nodes as usize / 100, "{broad} broad of {nodes}");
        }
    }

    #[test]
    fn the_seed_decides() {
        assert_eq!(tree(5_000, 3), tree(5_000, 3));
        assert_ne!(tree(5_000, 3).parents, tree(5_000, 4).parents);
        assert_eq!(tree(10, 3).name(7), tree(5_000, 3).name(7));
        assert_ne!(tree(10, 3).name(7), tree(10, 4).name(7));
    }
}
