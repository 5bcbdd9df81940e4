//! How fast a large tree is laid out.

use std::hint::black_box;

use banyan_layout::{
    geometry::Size,
    tidy::{TreeRequest, tree},
};
use banyan_view::tree::TREE_CARD;
use wasm_bindgen::JsValue;

use super::timed;
use crate::message::Way;

/// Of the tree that `banyan generate tree` writes.
const SEED: u64 = 7;

pub(super) fn run(nodes: u32) -> Result<(), JsValue> {
    let mut request = TreeRequest {
        sizes: vec![TREE_CARD; nodes as usize],
        parents: banyan_generate::tree(nodes, SEED).parents,
        gap_sibling: 16,
        gap_branch: 32,
        gap_level: 48,
        ..TreeRequest::default()
    };
    let lay_out = |way, request: &TreeRequest| {
        timed(way, || {
            black_box(tree(black_box(request)).bounds);
        });
    };
    lay_out(Way::TidyLayout, &request);
    request.sizes = (0..nodes).map(size).collect();
    lay_out(Way::TidySizes, &request);
    Ok(())
}

/// Sizes that repeat in no order of the tree: half to one and a half of a card's.
fn size(node: u32) -> Size {
    let step = |modulus: u32, side: i32| side / 2 + (node % modulus) as i32 * side / modulus as i32;
    Size { width: step(7, TREE_CARD.width), height: step(5, TREE_CARD.height) }
}
