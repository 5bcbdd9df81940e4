//! Overlaps of boxes and of bus lines, by sweeping over them in order.

use std::collections::{BTreeMap, BTreeSet};

use crate::geometry::Rect;
use crate::routes::{RouteKind, Routes};

/// Pairs of boxes that share area. The sweep goes down; the boxes it cuts are kept by x, and as
/// long as none overlap, a new one need only be compared with its neighbours.
pub(super) fn overlaps(boxes: &[Rect]) -> u64 {
    let mut order: Vec<usize> = (0..boxes.len()).filter(|&at| !boxes[at].is_empty()).collect();
    order.sort_by_key(|&at| (boxes[at].y, boxes[at].x));
    let widest = order.iter().map(|&at| boxes[at].width).max().unwrap_or(0);
    let mut cut: BTreeSet<(i32, usize)> = BTreeSet::new();
    let mut ends: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    let mut found = 0;
    for at in order {
        let rect = boxes[at];
        while let Some(first) = ends.first_entry().filter(|first| *first.key() <= rect.y) {
            for gone in first.remove() {
                cut.remove(&(boxes[gone].x, gone));
            }
        }
        let near = (rect.x.saturating_sub(widest), 0)..(rect.right(), 0);
        found += cut.range(near).filter(|&&(_, other)| rect.overlaps(&boxes[other])).count() as u64;
        cut.insert((rect.x, at));
        ends.entry(rect.bottom()).or_default().push(at);
    }
    found
}

/// So many pairs are counted: of a hundred thousand unions on one line each runs over each other.
const MOST_PAIRS: usize = 1_000_000;

/// Pairs of unions with horizontal pieces of descent lines on one y that run over each other
/// (touching at a point does not count).
pub(super) fn shared_tracks(routes: &Routes, unions: &[u32]) -> u64 {
    let mut pieces: Vec<(i32, i32, i32, u32)> = Vec::new();
    for (line, &union) in unions.iter().enumerate().take(routes.len()) {
        if routes.kinds[line] != RouteKind::Descent {
            continue;
        }
        for ends in routes.line(line).windows(2) {
            if ends[0].y == ends[1].y && ends[0].x != ends[1].x {
                let (low, high) = (ends[0].x.min(ends[1].x), ends[0].x.max(ends[1].x));
                pieces.push((ends[0].y, low, high, union));
            }
        }
    }
    pieces.sort_unstable();
    let mut pairs = BTreeSet::new();
    let mut open: Vec<(i32, i32, u32)> = Vec::new();
    for (y, low, high, union) in pieces {
        if pairs.len() >= MOST_PAIRS {
            break;
        }
        open.retain(|&(other_y, other_high, _)| other_y == y && other_high > low);
        for &(_, _, other) in open.iter().filter(|&&(_, _, other)| other != union) {
            pairs.insert((union.min(other), union.max(other)));
        }
        // One entry per union is enough: the one that reaches farthest.
        match open.iter_mut().find(|entry| entry.2 == union) {
            Some(entry) => entry.1 = entry.1.max(high),
            None => open.push((y, high, union)),
        }
    }
    pairs.len() as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::geometry::Point;

    #[test]
    fn counts_overlapping_pairs() {
        let boxes = [Rect::new(0, 0, 10, 10), Rect::new(5, 5, 10, 10), Rect::new(15, 5, 5, 5)];
        assert_eq!(overlaps(&boxes), 1);
        assert_eq!(overlaps(&[boxes[0]; 4]), 6);
    }

    #[test]
    fn counts_unions_on_one_track() {
        let mut routes = Routes::default();
        let mut line = |low, high, y| {
            routes.push(RouteKind::Descent, (0, 0), &[Point::new(low, y), Point::new(high, y)]);
        };
        line(0, 10, 5);
        line(10, 20, 5);
        line(9, 11, 5);
        line(0, 99, 6);
        assert_eq!(shared_tracks(&routes, &[0, 1, 2, 3]), 2);
        assert_eq!(shared_tracks(&routes, &[0, 0, 0, 0]), 0);
    }
}
