//! A tree as nested columns: each node at the top left of its block, its children to the right of
//! it, one below the other, in as many columns as give the block a pleasant shape.
//!
//! A plain tree drawn to the right is a thin thread when a node has thousands of children. This one
//! stays about as wide as a screen at every level, keeps the order of siblings (down the first
//! column, then the next), and a header stays where its block begins. O(n log n), no recursion.

use banyan_layout::{
    csr::Csr,
    geometry::{Point, Rect, Size},
    routes::{RouteKind, Routes},
};

/// Width over height that a block aims at.
const ASPECT: f64 = 1.6;
/// So few cards stand in one column, whatever the shape.
const FEWEST_IN_COLUMN: i32 = 8;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ColumnGaps {
    /// Between siblings.
    pub(crate) sibling: i32,
    /// Below a block of more than one card, so that families stand apart.
    pub(crate) branch: i32,
    /// From a node to its children, and between columns; the bus runs in it.
    pub(crate) level: i32,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Columns {
    /// The box of every node; node 0, the root, stands at (0, 0).
    pub(crate) boxes: Vec<Rect>,
    /// One line from each node but the root to its parent: ends are (parent, child).
    pub(crate) routes: Routes,
    /// The size of each node's block: of the node and everything below it, which begins at its box.
    pub(crate) sizes: Vec<Size>,
}

/// Where blocks stand in each other, before they have their places.
struct Seats {
    /// The box of every node, from the corner of its parent's block.
    boxes: Vec<Rect>,
    /// The size of each node's block, as in [`Columns`].
    sizes: Vec<Size>,
}

impl Columns {
    /// Around a node and everything below it.
    #[cfg(test)]
    pub(crate) fn block(&self, node: usize) -> Rect {
        let corner = self.boxes.get(node).copied().unwrap_or_default();
        let size = self.sizes.get(node).copied().unwrap_or_default();
        Rect { width: size.width, height: size.height, ..corner }
    }
}

/// Lays out the tree in which row `i` of `children` lists the children of node `i`, each of a higher
/// index than its parent, each in one row only. Every node's card has the size `card`.
pub(crate) fn columns(children: &Csr, card: Size, gaps: ColumnGaps) -> Columns {
    let Seats { boxes, sizes } = seats(children, card, gaps);
    let (boxes, routes) = placed(children, boxes, card, gaps);
    Columns { boxes, routes, sizes }
}

/// The same without the sizes, which are gone before there are lines.
pub(crate) fn slim_columns(children: &Csr, card: Size, gaps: ColumnGaps) -> (Vec<Rect>, Routes) {
    let Seats { boxes, .. } = seats(children, card, gaps);
    placed(children, boxes, card, gaps)
}

fn seats(children: &Csr, card: Size, gaps: ColumnGaps) -> Seats {
    let count = children.len();
    let mut sizes = vec![card; count];
    let mut boxes = vec![Rect::new(0, 0, card.width, card.height); count];
    for node in (0..count).rev() {
        let size = seat_children(children.row(node), card, gaps, &sizes, &mut boxes);
        if let Some(slot) = sizes.get_mut(node) {
            *slot = size;
        }
    }
    Seats { boxes, sizes }
}

/// Adds to every box where its parent's block begins, and draws the lines: in the order of their ends.
fn placed(
    children: &Csr,
    mut boxes: Vec<Rect>,
    card: Size,
    gaps: ColumnGaps,
) -> (Vec<Rect>, Routes) {
    let count = children.len();
    // Four points a line at most; what is not used is given back at the end.
    let lines = count.saturating_sub(1);
    let mut routes = Routes::with_capacity(lines, 4 * lines);
    for node in 0..count {
        let at = boxes.get(node).copied().unwrap_or_default();
        let from = Point::new(at.x + card.width, at.y + card.height / 2);
        for &child in children.row(node) {
            let Some(place) = boxes.get_mut(child as usize) else { continue };
            (place.x, place.y) = (at.x + place.x, at.y + place.y);
            let to = Point::new(place.x, place.y + card.height / 2);
            let ends = (u32::try_from(node).unwrap_or(u32::MAX), child);
            if to.y == from.y {
                routes.push(RouteKind::Descent, ends, &[from, to]);
            } else {
                let bus = to.x - gaps.level / 2;
                let line = [from, Point::new(bus, from.y), Point::new(bus, to.y), to];
                routes.push(RouteKind::Descent, ends, &line);
            }
        }
    }
    routes.points.shrink_to_fit();
    (boxes, routes)
}

/// Seats the children in their parent's block and returns the size of all of it.
fn seat_children(
    children: &[u32],
    card: Size,
    gaps: ColumnGaps,
    sizes: &[Size],
    seats: &mut [Rect],
) -> Size {
    if children.is_empty() {
        return card;
    }
    let size_of = |child: u32| sizes.get(child as usize).copied().unwrap_or(card);
    let pitch_of = |child: u32| {
        let size = size_of(child);
        size.height + if size == card { gaps.sibling } else { gaps.branch }
    };
    let columns = shortest_columns(children, card, gaps, &size_of, &pitch_of);
    let is_wrapped = columns.len() > 1;
    // Several columns hang from a trunk that leaves the card at half its height, above them all.
    let top = if is_wrapped { card.height / 2 + gaps.branch / 2 } else { 0 };
    let (mut x, mut height) = (card.width + gaps.level, card.height);
    for column in columns {
        let (mut y, mut width) = (top, card.width);
        for &child in column {
            let size = size_of(child);
            if let Some(seat) = seats.get_mut(child as usize) {
                (seat.x, seat.y) = (x, y);
            }
            width = width.max(size.width);
            height = height.max(y + size.height);
            y += pitch_of(child);
        }
        x += width + gaps.level;
    }
    Size { width: x - gaps.level, height }
}

/// Cuts the children into columns: the number that comes nearest to the wanted shape and wastes
/// little, each column as short as so many can be.
fn shortest_columns<'a>(
    children: &'a [u32],
    card: Size,
    gaps: ColumnGaps,
    size_of: &impl Fn(u32) -> Size,
    pitch_of: &impl Fn(u32) -> i32,
) -> Vec<&'a [u32]> {
    let (mut tallest, mut whole, mut area) = (0, 0, 0.0);
    for &child in children {
        let pitch = pitch_of(child);
        tallest = tallest.max(pitch);
        whole += pitch;
        area += f64::from(size_of(child).width + gaps.level) * f64::from(pitch);
    }
    if whole <= FEWEST_IN_COLUMN * (card.height + gaps.sibling) {
        return vec![children];
    }
    let cost = |columns: &[&[u32]]| {
        let (mut width, mut height) = (0, 0);
        for column in columns {
            width += column.iter().map(|&child| size_of(child).width).max().unwrap_or_default()
                + gaps.level;
            height = height.max(column.iter().map(|&child| pitch_of(child)).sum());
        }
        let (width, height) = (f64::from(width), f64::from(height));
        (width / height / ASPECT).ln().abs() + (width * height / area).ln()
    };
    // Few columns differ much, many differ little from their neighbours in number.
    let about = f64::from(whole) / (area / ASPECT).sqrt();
    let candidates =
        [0.5, 0.7, 0.85, 1.0, 1.2, 1.5].map(|factor| (about * factor).round().max(1.0) as usize);
    let mut best: Option<(f64, Vec<&[u32]>)> = None;
    for count in candidates {
        let columns = balanced_columns(children, count, tallest, whole, pitch_of);
        let cost = cost(&columns);
        if best.as_ref().is_none_or(|&(least, _)| cost < least) {
            best = Some((cost, columns));
        }
    }
    best.map_or_else(|| vec![children], |(_, columns)| columns)
}

/// At most `count` columns, the highest as low as can be.
fn balanced_columns<'a>(
    children: &'a [u32],
    count: usize,
    tallest: i32,
    whole: i32,
    pitch_of: &impl Fn(u32) -> i32,
) -> Vec<&'a [u32]> {
    let (mut low, mut high) = (tallest, whole);
    while low < high {
        let middle = low + (high - low) / 2;
        if cut_columns(children, middle, pitch_of).len() <= count {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    cut_columns(children, high, pitch_of)
}

/// Fills columns in order, none higher than `most` but for a child that is so alone.
fn cut_columns<'a>(
    children: &'a [u32],
    most: i32,
    pitch_of: &impl Fn(u32) -> i32,
) -> Vec<&'a [u32]> {
    let mut columns = Vec::new();
    let (mut start, mut height) = (0, 0);
    for (index, &child) in children.iter().enumerate() {
        let pitch = pitch_of(child);
        if index > start && height + pitch > most {
            columns.extend(children.get(start..index));
            (start, height) = (index, 0);
        }
        height += pitch;
    }
    columns.extend(children.get(start..));
    columns
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const CARD: Size = Size { width: 220, height: 64 };
    const GAPS: ColumnGaps = ColumnGaps { sibling: 12, branch: 28, level: 48 };

    fn tree(parents: &[u32]) -> Csr {
        let pairs: Vec<(u32, u32)> = parents.iter().copied().zip(0..).skip(1).collect();
        Csr::grouped(parents.len(), &pairs)
    }

    fn crosses(line: &[Point], card: &Rect) -> bool {
        line.windows(2).any(|ends| {
            // As thick as a hair, so that a line has an area to share with a card.
            Rect::spanning(ends[0], ends[1]).inflated(1).overlaps(&card.inflated(-1))
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(60))]

        #[test]
        fn nothing_overlaps_and_no_line_meets_a_card(seeds in prop::collection::vec(any::<u32>(), 0..160)) {
            let mut parents = vec![0];
            for seed in seeds {
                // Half of the nodes hang from a few, so that columns wrap.
                let known = parents.len() as u32;
                parents.push(if seed % 2 == 0 { seed % known.min(3) } else { seed % known });
            }
            let picture = columns(&tree(&parents), CARD, GAPS);
            for (index, rect) in picture.boxes.iter().enumerate() {
                for other in &picture.boxes[..index] {
                    prop_assert!(!rect.overlaps(other), "{rect:?} {other:?}");
                }
                for line in 0..picture.routes.len() {
                    prop_assert!(!crosses(picture.routes.line(line), rect));
                }
                let block = picture.block(parents[index] as usize);
                prop_assert_eq!(block.union(rect), block, "a block holds what is below it");
            }
        }
    }

    #[test]
    fn few_children_stand_in_one_column() {
        let picture = columns(&tree(&[0, 0, 0]), CARD, GAPS);
        assert_eq!(picture.boxes[1], Rect::new(268, 0, 220, 64));
        assert_eq!(picture.boxes[2], Rect::new(268, 76, 220, 64));
        assert_eq!(picture.routes.line(0), [Point::new(220, 32), Point::new(268, 32)]);
    }

    #[test]
    fn a_thousand_children_make_a_block_like_a_screen() {
        let picture = columns(&tree(&vec![0; 1001]), CARD, GAPS);
        let block = picture.block(0);
        let aspect = f64::from(block.width) / f64::from(block.height);
        assert!((1.2..2.2).contains(&aspect), "{block:?}");
        let column = |node: usize| picture.boxes[node].x;
        assert!(column(1) == column(2) && column(1) < column(1000), "down the columns, in order");
    }

    #[test]
    fn a_deep_tree_does_not_recurse() {
        let parents: Vec<u32> = std::iter::once(0).chain(0..100_000).collect();
        assert_eq!(columns(&tree(&parents), CARD, GAPS).boxes.len(), 100_001);
    }
}
