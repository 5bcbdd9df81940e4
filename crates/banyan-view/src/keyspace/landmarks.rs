//! The names of prefixes on the map.

use std::{cmp::Reverse, collections::BTreeSet};

use banyan_layout::geometry::{Rect, Size};
use banyan_scene::Landmark;
use banyan_topology::Keyspace;

use super::tree::{self, Tree};
use crate::{change::WorldChange, figures::percent};

const MOST: usize = 400;

/// The prefixes that have something below them, each with its share of all keys; the heaviest first,
/// as a scene has them. `blocks` are the sizes of what is below.
pub(super) fn of(
    keyspace: &Keyspace,
    tree: &Tree,
    boxes: &[Rect],
    blocks: &[Size],
) -> Vec<Landmark> {
    let whole = keyspace.nodes.first().map_or(0, |root| root.keys);
    let rows = (0u32..).zip(&keyspace.nodes).skip(1);
    let mut heaviest: Vec<(Reverse<u64>, u32)> = rows
        .filter(|&(node, _)| !tree.children.row(node as usize).is_empty())
        .map(|(node, row)| (Reverse(row.keys), node))
        .collect();
    if heaviest.len() > MOST {
        // Only what is kept is worth sorting, and writing.
        heaviest.select_nth_unstable(MOST);
        heaviest.truncate(MOST);
    }
    heaviest.sort_unstable();
    let landmark = |(Reverse(keys), node): (Reverse<u64>, u32)| {
        let row = keyspace.nodes.get(node as usize)?;
        let name = match row.database {
            Some(database) => format!("db{database}"),
            None => tree::full_text(keyspace, node),
        };
        let Size { width, height } = *blocks.get(node as usize)?;
        Some(Landmark {
            region: Rect { width, height, ..*boxes.get(node as usize)? },
            weight: u32::try_from(keys).unwrap_or(u32::MAX),
            text: format!("{name} {}", percent(keys, whole)),
        })
    };
    let mut landmarks: Vec<Landmark> = heaviest.into_iter().filter_map(landmark).collect();
    landmarks.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
    landmarks
}

/// Where names come, go or read differently.
pub(super) fn compare(before: &[Landmark], after: &[Landmark], change: &mut WorldChange) {
    fn marks(landmarks: &[Landmark]) -> BTreeSet<([i32; 4], &str)> {
        let place = |rect: &Rect| [rect.x, rect.y, rect.width, rect.height];
        landmarks.iter().map(|landmark| (place(&landmark.region), landmark.text.as_str())).collect()
    }
    for ([x, y, width, height], _) in marks(before).symmetric_difference(&marks(after)) {
        change.repaint(&Rect::new(*x, *y, *width, *height));
    }
}
