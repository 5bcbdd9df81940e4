//! `banyan generate tree`

use std::io::{self, Write};

use banyan_layout::{
    geometry::Size,
    tidy::{self, TreeRequest},
};
use serde::Serialize;

const CARD: Size = Size { width: 160, height: 56 };
const GAP_SIBLING: i32 = 16;
const GAP_BRANCH: i32 = 32;
const GAP_LEVEL: i32 = 48;

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
    let request = TreeRequest {
        sizes: vec![CARD; tree.parents.len()],
        parents: tree.parents.clone(),
        gap_sibling: GAP_SIBLING,
        gap_branch: GAP_BRANCH,
        gap_level: GAP_LEVEL,
        ..TreeRequest::default()
    };
    let boxes = tidy::tree(&request).boxes;
    let json = TreeJson {
        card: Card { width: CARD.width, height: CARD.height },
        parents: &tree.parents,
        names: (0..nodes).map(|node| tree.name(node)).collect(),
        x: boxes.iter().map(|card| card.x).collect(),
        y: boxes.iter().map(|card| card.y).collect(),
    };
    serde_json::to_writer(&mut *out, &json)?;
    out.write_all(b"\n")
}
