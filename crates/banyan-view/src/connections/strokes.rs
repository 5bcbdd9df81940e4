//! Where lines came or went, but for the parts that other lines still cover.
//!
//! The lines of a group share their stem and the buses of its rows. A connection that comes changes
//! the short end that leads to it, and not the stem along hundreds of others.

use std::collections::BTreeMap;

use banyan_layout::geometry::{Point, Rect};

/// How far the rounding of a corner reaches, in world units.
const CORNER: i32 = 8;

#[derive(Debug, Default)]
pub(super) struct Strokes {
    /// By direction (upright or not) and by the coordinate that both ends share.
    tracks: BTreeMap<(bool, i32), Track>,
}

#[derive(Debug, Default)]
struct Track {
    /// Spans that came or went.
    changed: Vec<(i32, i32)>,
    /// Spans that stay and cover what lies below them.
    kept: Vec<(i32, i32)>,
}

impl Strokes {
    /// A line came or went. All of them before the first that stays.
    pub(super) fn change(&mut self, line: &[Point]) {
        for (track, span) in spans(line) {
            let changed = &mut self.tracks.entry(track).or_default().changed;
            if changed.last() != Some(&span) {
                changed.push(span);
            }
        }
    }

    /// A line stays where it is.
    pub(super) fn keep(&mut self, line: &[Point]) {
        for (track, span) in spans(line) {
            if let Some(track) = self.tracks.get_mut(&track)
                && track.kept.last() != Some(&span)
            {
                track.kept.push(span);
            }
        }
    }

    /// What looks different, in world units.
    pub(super) fn dirty(self) -> Vec<Rect> {
        let mut dirty = Vec::new();
        for ((is_upright, at), track) in self.tracks {
            for (low, high) in without(joined(track.changed), &joined(track.kept)) {
                let (from, to) = if is_upright {
                    (Point::new(at, low), Point::new(at, high))
                } else {
                    (Point::new(low, at), Point::new(high, at))
                };
                dirty.push(Rect::spanning(from, to).inflated(CORNER));
            }
        }
        dirty
    }
}

/// The pieces of an elbow, each on its track.
fn spans(line: &[Point]) -> impl Iterator<Item = ((bool, i32), (i32, i32))> {
    line.windows(2).filter_map(|ends| match ends {
        [from, to] if from == to => None,
        [from, to] if from.x == to.x => {
            Some(((true, from.x), (from.y.min(to.y), from.y.max(to.y))))
        }
        [from, to] => Some(((false, from.y), (from.x.min(to.x), from.x.max(to.x)))),
        _ => None,
    })
}

/// Sorted, and one where several touch.
fn joined(mut spans: Vec<(i32, i32)>) -> Vec<(i32, i32)> {
    spans.sort_unstable();
    let mut joined: Vec<(i32, i32)> = Vec::new();
    for (low, high) in spans {
        match joined.last_mut() {
            Some(last) if low <= last.1 => last.1 = last.1.max(high),
            _ => joined.push((low, high)),
        }
    }
    joined
}

/// The parts of `spans` that lie in none of `holes`; both sorted and apart.
fn without(spans: Vec<(i32, i32)>, holes: &[(i32, i32)]) -> Vec<(i32, i32)> {
    let mut left = Vec::new();
    for (mut low, high) in spans {
        let first = holes.partition_point(|hole| hole.1 <= low);
        for hole in holes.get(first..).unwrap_or_default() {
            if hole.0 >= high {
                break;
            }
            if low < hole.0 {
                left.push((low, hole.0));
            }
            low = low.max(hole.1);
        }
        if low < high {
            left.push((low, high));
        }
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_covered_is_not_dirty() {
        let line = |x: i32, bus: i32| {
            [Point::new(0, 0), Point::new(0, bus), Point::new(x, bus), Point::new(x, bus + 6)]
        };
        let mut strokes = Strokes::default();
        strokes.change(&line(100, 50));
        strokes.keep(&line(60, 50));
        strokes.keep(&line(20, 90));
        // Of the bus only its end, of the stem nothing.
        assert_eq!(strokes.dirty(), [Rect::new(52, 42, 56, 16), Rect::new(92, 42, 16, 22)],);
    }

    #[test]
    fn holes_are_cut_out() {
        assert_eq!(joined(vec![(5, 9), (0, 3), (3, 4)]), [(0, 4), (5, 9)]);
        assert_eq!(without(vec![(0, 10)], &[(2, 3), (5, 7)]), [(0, 2), (3, 5), (7, 10)]);
        assert_eq!(without(vec![(0, 10)], &[(-5, 20)]), []);
        assert_eq!(without(vec![(0, 4), (6, 9)], &[(3, 7)]), [(0, 3), (7, 9)]);
    }
}
