//! A packed spatial index over rectangles that it does not own.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use banyan_layout::geometry::{Point, Rect};

/// Items below one node.
const FAN_OUT: usize = 16;

/// A packed Hilbert R-tree (Kamel and Faloutsos 1993): items in the order of a Hilbert curve through
/// their centres, and the box of every sixteen, of every 256, and so on. It holds four bytes and a
/// sixteenth of a box for each item; the boxes themselves stay where they are and come in by a
/// function, which must give the same answers as at the time of building.
#[derive(Clone, Debug, Default)]
pub struct PackedIndex {
    order: Vec<u32>,
    /// `levels[0][i]` bounds the items `16 i .. 16 (i + 1)` of `order`; the last level has one node.
    levels: Vec<Vec<Span>>,
}

/// A closed rectangle, so that lines without width have a place in it.
#[derive(Clone, Copy, Debug)]
struct Span {
    low: Point,
    high: Point,
}

impl Span {
    const NONE: Self =
        Self { low: Point::new(i32::MAX, i32::MAX), high: Point::new(i32::MIN, i32::MIN) };

    fn of(rect: &Rect) -> Self {
        let (right, bottom) =
            (rect.x.saturating_add(rect.width), rect.y.saturating_add(rect.height));
        Self { low: Point::new(rect.x, rect.y), high: Point::new(right, bottom) }
    }

    fn joined(self, other: Self) -> Self {
        Self {
            low: Point::new(self.low.x.min(other.low.x), self.low.y.min(other.low.y)),
            high: Point::new(self.high.x.max(other.high.x), self.high.y.max(other.high.y)),
        }
    }

    fn touches(&self, other: &Self) -> bool {
        self.low.x <= other.high.x
            && other.low.x <= self.high.x
            && self.low.y <= other.high.y
            && other.low.y <= self.high.y
    }

    fn holds(&self, other: &Self) -> bool {
        self.low.x <= other.low.x
            && other.high.x <= self.high.x
            && self.low.y <= other.low.y
            && other.high.y <= self.high.y
    }

    fn distance2(&self, point: Point) -> i64 {
        let axis = |p: i32, low: i32, high: i32| {
            let (p, low, high) = (i64::from(p), i64::from(low), i64::from(high));
            (low - p).max(p - high).max(0)
        };
        let (dx, dy) =
            (axis(point.x, self.low.x, self.high.x), axis(point.y, self.low.y, self.high.y));
        dx.saturating_mul(dx).saturating_add(dy.saturating_mul(dy))
    }
}

impl PackedIndex {
    /// Of these items, in any order; O(n log n).
    pub fn new(items: impl Iterator<Item = u32> + Clone, bounds: impl Fn(u32) -> Rect) -> Self {
        let all = items.clone().fold(Span::NONE, |all, i| all.joined(Span::of(&bounds(i))));
        let cell = |v: i64, low: i32, high: i32| {
            let extent = (i64::from(high) - i64::from(low)).max(1);
            ((v - 2 * i64::from(low)) * 0xffff / (2 * extent)).clamp(0, 0xffff) as u32
        };
        let mut keyed: Vec<u64> = Vec::with_capacity(items.clone().count());
        keyed.extend(items.map(|i| {
            let span = Span::of(&bounds(i));
            // Twice the centre, to stay whole.
            let x = i64::from(span.low.x) + i64::from(span.high.x);
            let y = i64::from(span.low.y) + i64::from(span.high.y);
            let at = hilbert(cell(x, all.low.x, all.high.x), cell(y, all.low.y, all.high.y));
            u64::from(at) << 32 | u64::from(i)
        }));
        keyed.sort_unstable();
        let mut order: Vec<u32> = keyed.into_iter().map(|key| key as u32).collect();
        // It is collected in place of the keys, which were twice as large.
        order.shrink_to_fit();
        let mut levels = Vec::new();
        if !order.is_empty() {
            let of_items = |items: &[u32]| {
                items.iter().fold(Span::NONE, |all, &i| all.joined(Span::of(&bounds(i))))
            };
            let mut level: Vec<Span> = order.chunks(FAN_OUT).map(of_items).collect();
            while level.len() > 1 {
                let above = level
                    .chunks(FAN_OUT)
                    .map(|spans| spans.iter().fold(Span::NONE, |all, span| all.joined(*span)))
                    .collect();
                levels.push(std::mem::replace(&mut level, above));
            }
            levels.push(level);
        }
        Self { order, levels }
    }

    /// Calls `visit` for each item whose rectangle touches `rect`, edges included, in no order that
    /// means anything (but always the same).
    pub fn query(&self, rect: &Rect, bounds: impl Fn(u32) -> Rect, mut visit: impl FnMut(u32)) {
        let wanted = Span::of(rect);
        let Some(top) = self.levels.len().checked_sub(1) else { return };
        let mut stack = vec![(top, 0usize)];
        while let Some((level, node)) = stack.pop() {
            let Some(span) = self.levels[level].get(node) else { continue };
            if !span.touches(&wanted) {
                continue;
            }
            if wanted.holds(span) {
                self.items_below(level, node).iter().for_each(|&item| visit(item));
            } else if level == 0 {
                for &item in self.items_below(0, node) {
                    if Span::of(&bounds(item)).touches(&wanted) {
                        visit(item);
                    }
                }
            } else {
                let first = node * FAN_OUT;
                stack.extend((first..first + FAN_OUT).rev().map(|below| (level - 1, below)));
            }
        }
    }

    /// The item nearest to `point` and no further from it than `within` units; of several as near,
    /// the one with the highest index.
    pub fn nearest(&self, point: Point, within: i32, bounds: impl Fn(u32) -> Rect) -> Option<u32> {
        let top = self.levels.len().checked_sub(1)?;
        let farthest = i64::from(within) * i64::from(within);
        // Nodes before items at the same distance, so that no item is given out too early.
        let mut queue = BinaryHeap::new();
        queue.push(Reverse((0i64, Step::Node(top, 0))));
        while let Some(Reverse((distance2, step))) = queue.pop() {
            if distance2 > farthest {
                return None;
            }
            match step {
                Step::Item(Reverse(item)) => return Some(item),
                Step::Node(0, node) => {
                    for &item in self.items_below(0, node) {
                        let distance2 = Span::of(&bounds(item)).distance2(point);
                        queue.push(Reverse((distance2, Step::Item(Reverse(item)))));
                    }
                }
                Step::Node(level, node) => {
                    let first = node * FAN_OUT;
                    for (below, span) in
                        self.levels[level - 1].iter().enumerate().skip(first).take(FAN_OUT)
                    {
                        queue.push(Reverse((span.distance2(point), Step::Node(level - 1, below))));
                    }
                }
            }
        }
        None
    }

    fn items_below(&self, level: usize, node: usize) -> &[u32] {
        let width = FAN_OUT.pow(level as u32 + 1);
        let first = (node * width).min(self.order.len());
        &self.order[first..(first + width).min(self.order.len())]
    }
}

#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Step {
    Node(usize, usize),
    Item(Reverse<u32>),
}

/// Place of a cell on the Hilbert curve through a grid of 65536 x 65536.
fn hilbert(mut x: u32, mut y: u32) -> u32 {
    let mut at = 0;
    let mut side = 0x8000;
    while side > 0 {
        let (right, low) = (u32::from(x & side > 0), u32::from(y & side > 0));
        at = at << 2 | (3 * right) ^ low;
        if low == 0 {
            if right == 1 {
                x = 0xffff - x;
                y = 0xffff - y;
            }
            std::mem::swap(&mut x, &mut y);
        }
        side >>= 1;
    }
    at
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (-500..500i32, -500..500i32, 0..90i32, 0..90i32)
            .prop_map(|(x, y, w, h)| Rect::new(x, y, w, h));
        prop::collection::vec(rect, 0..700)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn query_is_a_scan(rects in rects(), x in -600..600i32, y in -600..600i32, w in 0..400i32, h in 0..400i32) {
            let index = PackedIndex::new(0..rects.len() as u32, |i| rects[i as usize]);
            let wanted = Rect::new(x, y, w, h);
            let mut found = Vec::new();
            index.query(&wanted, |i| rects[i as usize], |i| found.push(i));
            found.sort_unstable();
            let scanned: Vec<u32> = (0..rects.len() as u32)
                .filter(|&i| Span::of(&rects[i as usize]).touches(&Span::of(&wanted)))
                .collect();
            prop_assert_eq!(found, scanned);
        }

        #[test]
        fn nearest_is_a_scan(rects in rects(), x in -600..600i32, y in -600..600i32, within in 0..200i32) {
            let index = PackedIndex::new(0..rects.len() as u32, |i| rects[i as usize]);
            let point = Point::new(x, y);
            let scanned = (0..rects.len() as u32)
                .map(|i| (Span::of(&rects[i as usize]).distance2(point), Reverse(i)))
                .min()
                .filter(|(d, _)| *d <= i64::from(within * within))
                .map(|(_, Reverse(i))| i);
            prop_assert_eq!(index.nearest(point, within, |i| rects[i as usize]), scanned);
        }
    }

    #[test]
    fn hilbert_steps_to_neighbours() {
        // On a 4 x 4 corner of the curve, consecutive cells touch.
        let mut cells: Vec<_> = (0..4).flat_map(|x| (0..4).map(move |y| (x, y))).collect();
        cells.sort_by_key(|&(x, y)| hilbert(x, y));
        assert!(cells.windows(2).all(|w| w[0].0.abs_diff(w[1].0) + w[0].1.abs_diff(w[1].1) == 1));
    }
}
