//! `banyan generate tree`

use std::io::{self, Write};

use banyan_view::tree::{TREE_CARD, place};
use serde::Serialize;

/// The JSON of a tree; see `docs/json.md`.
#[derive(Serialize)]
struct TreeJson<'a> {
    card: Card,
    parents: &'a [u32],
    names: Vec<String>,
    x: Vec<i32>,
    y: Vec<i32>,
}

#[derive(Serialize)]
struct Card {
    width: i32,
    height: i32,
}

pub(super) fn write(nodes: u32, seed: u64, out: &mut impl Write) -> io::Result<()> {
    let tree = banyan_generate::tree(nodes, seed);
    let boxes = place(&tree.parents).boxes;
    let json = TreeJson {
        card: Card { width: TREE_CARD.width, height: TREE_CARD.height },
        parents: &tree.parents,
        names: (0..nodes).map(|node| tree.name(node)).collect(),
        x: boxes.iter().map(|card| card.x).collect(),
        y: boxes.iter().map(|card| card.y).collect(),
    };
    serde_json::to_writer(&mut *out, &json)?;
    out.write_all(b"\n")
}
