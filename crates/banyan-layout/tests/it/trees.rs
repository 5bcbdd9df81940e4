//! The tidy tree: nothing overlaps, children keep their order, parents are centred.

use banyan_layout::geometry::{Rect, Size};
use banyan_layout::tidy::{Direction, TreeRequest, tree};
use proptest::prelude::*;

fn requests() -> impl Strategy<Value = TreeRequest> {
    let node = (0.0..1.0f64, 1..60i32, 1..40i32);
    (prop::collection::vec(node, 1..120), any::<bool>(), any::<bool>()).prop_map(
        |(nodes, layered, right)| TreeRequest {
            parents: nodes
                .iter()
                .enumerate()
                .map(|(at, node)| (node.0 * at as f64) as u32)
                .collect(),
            sizes: nodes.iter().map(|&(_, width, height)| Size { width, height }).collect(),
            gap_sibling: 4,
            gap_branch: 8,
            gap_level: 20,
            direction: if right { Direction::Right } else { Direction::Down },
            layered,
        },
    )
}

/// The layout turned so that it grows downwards.
fn turned(request: &TreeRequest, boxes: &[Rect]) -> Vec<Rect> {
    let turn = |b: &Rect| Rect::new(b.y, b.x, b.height, b.width);
    if request.direction == Direction::Right {
        boxes.iter().map(turn).collect()
    } else {
        boxes.to_vec()
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn trees_are_tidy(request in requests()) {
        let layout = tree(&request);
        prop_assert_eq!(&layout, &tree(&request));
        let boxes = turned(&request, &layout.boxes);
        for (at, a) in boxes.iter().enumerate() {
            for b in &boxes[..at] {
                prop_assert!(!a.overlaps(b), "{:?} {:?}", a, b);
            }
            prop_assert!(a.x >= 0 && a.y >= 0);
        }
        for parent in 0..boxes.len() {
            let children: Vec<Rect> = (1..boxes.len())
                .filter(|&child| request.parents[child] as usize == parent)
                .map(|child| boxes[child])
                .collect();
            prop_assert!(children.windows(2).all(|pair| pair[0].right() + 4 <= pair[1].x));
            prop_assert!(children.iter().all(|child| child.y >= boxes[parent].bottom() + 20));
            if let (Some(first), Some(last)) = (children.first(), children.last()) {
                let off = first.x + last.right() - 2 * boxes[parent].x - boxes[parent].width;
                prop_assert!((0..=1).contains(&off), "{}", off);
            }
        }
        for line in 0..layout.routes.len() {
            let (parent, child) = layout.routes.ends[line];
            prop_assert_eq!(request.parents[child as usize], parent);
            let points = layout.routes.line(line);
            prop_assert!(layout.boxes[parent as usize].inflated(1).contains(points[0]));
            prop_assert!(layout.boxes[child as usize].inflated(1).contains(points[3]));
        }
    }
}

#[test]
fn a_tree_may_be_as_deep_as_it_has_nodes() {
    let count = 200_000u32;
    let request = TreeRequest {
        parents: (0..count).map(|node| node.saturating_sub(1)).collect(),
        sizes: vec![Size { width: 10, height: 2 }; count as usize],
        gap_level: 2,
        ..TreeRequest::default()
    };
    let layout = tree(&request);
    assert_eq!(layout.bounds, Rect::new(0, 0, 10, 4 * count as i32 - 2));
}

#[test]
fn wrong_parents_hang_under_the_root() {
    let request = TreeRequest {
        parents: vec![7, 9, 1],
        sizes: vec![Size { width: 4, height: 4 }],
        ..TreeRequest::default()
    };
    assert_eq!(tree(&request).routes.ends, [(0, 1), (1, 2)]);
    assert!(tree(&TreeRequest::default()).boxes.is_empty());
}
