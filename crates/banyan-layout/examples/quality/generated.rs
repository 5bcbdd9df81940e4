//! A population for measuring speed: couples with up to six children, spouses from outside or,
//! one in four, from a family nearby.

use banyan_layout::csr::Csr;
use banyan_layout::family::KinGraph;
use banyan_layout::geometry::Size;
use banyan_layout::tidy::TreeRequest;

/// About `count` persons, the same ones every time.
pub(crate) fn population(count: u32) -> KinGraph {
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = move |below: u32| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 33) % u64::from(below.max(1))) as u32
    };
    let (mut union_partners, mut union_children) = (Csr::default(), Csr::default());
    let mut rank: Vec<u8> = Vec::new();
    let mut person = |sex: u32| {
        rank.push(sex as u8);
        rank.len() as u32 - 1
    };
    let mut unmarried: Vec<u32> = (0..(count / 200).max(4)).map(|_| person(random(2))).collect();
    let mut total = unmarried.len() as u32;
    while total < count && !unmarried.is_empty() {
        let mut children = Vec::new();
        let mut at = 0;
        while at < unmarried.len() && total < count {
            let one = unmarried[at];
            at += 1;
            let partner = match random(8) {
                0 => continue,
                // The neighbour at the end of the next sibship but one, or so.
                1 | 2 if at < unmarried.len() => {
                    let far = at + random(12) as usize;
                    if far < unmarried.len() { unmarried.remove(far) } else { continue }
                }
                _ => {
                    total += 1;
                    person(random(2))
                }
            };
            let born = random(7).min(1 + random(6));
            let family: Vec<u32> = (0..born).map(|_| person(random(2))).collect();
            total += born;
            union_partners.push([one, partner]);
            union_children.push(family.iter().copied());
            children.extend(family);
        }
        unmarried = children;
    }
    KinGraph {
        persons: rank.len() as u32,
        union_partners,
        union_children,
        rank,
        ..KinGraph::default()
    }
}

/// A tree of `count` nodes in breadth-first order, one to seven children each, boxes of many
/// sizes.
pub(crate) fn tree_request(count: u32) -> TreeRequest {
    let mut parents = vec![0];
    let mut parent = 0u32;
    while (parents.len() as u32) < count {
        let children = 1 + parent.wrapping_mul(2_654_435_761) % 7;
        parents.extend((0..children.min(count - parents.len() as u32)).map(|_| parent));
        parent += 1;
    }
    let size = |node: u32| Size {
        width: 60 + (node % 9) as i32 * 20,
        height: 24 + (node % 5) as i32 * 12,
    };
    TreeRequest {
        sizes: (0..count).map(size).collect(),
        parents,
        gap_sibling: 8,
        gap_branch: 16,
        gap_level: 40,
        ..TreeRequest::default()
    }
}
