//! Components side by side, the biggest first, small ones in the corners of big ones; persons
//! without relations in a grid.

use silhouette::{Sheet, Silhouette};

use super::FamilyLayout;
use super::Gaps;
use super::kin::Kin;
use super::routing::Drawing;
use crate::geometry::{Point, Rect, Size};
use crate::routes::{RouteKind, Routes};

mod silhouette;

/// Components with an outline; there may be a hundred thousand, and these are the biggest.
const MOST_OUTLINED: usize = 200;

/// Bands of the tallest component, at most.
const MOST_BANDS: i32 = 1_024;

/// Widths of the sheet that are tried, in hundredths of the widest component.
const WIDER: [i64; 6] = [100, 104, 110, 120, 140, 170];

pub(super) fn pack(
    drawing: Drawing,
    kin: &Kin,
    rows: &[u32],
    card: Size,
    gaps: &Gaps,
) -> FamilyLayout {
    let Drawing { mut boxes, mut routes, unions, sizes } = drawing;
    // Components are numbered by size, so those of one person are the tail.
    let families = kin.component_sizes.iter().take_while(|&&size| size > 1).count();
    let mut sizes = sizes;
    let lone = sizes.len() - families;
    sizes.truncate(families);
    let cell = Size { width: card.width + gaps.sibling, height: card.height + gaps.sibling };
    let columns = columns(lone, cell);
    if lone > 0 {
        let lines = lone.div_ceil(columns);
        sizes.push(Size {
            width: columns as i32 * cell.width - gaps.sibling,
            height: lines as i32 * cell.height - gaps.sibling,
        });
    }
    let outlines = Outlines { boxes: &boxes, routes: &routes, kin, card, gaps };
    let places = outlines.places(&sizes, families);
    let place_of = |component: usize| {
        if component < families {
            return places[component];
        }
        let (start, at) = (places[families], component - families);
        Point::new(
            start.x + (at % columns) as i32 * cell.width,
            start.y + (at / columns) as i32 * cell.height,
        )
    };
    for (person, rect) in boxes.iter_mut().enumerate() {
        let by = place_of(kin.component[person] as usize);
        (rect.x, rect.y) = (rect.x + by.x, rect.y + by.y);
    }
    for line in 0..routes.len() {
        let by = place_of(kin.component[routes.ends[line].0 as usize] as usize);
        for point in
            &mut routes.points[routes.starts[line] as usize..routes.starts[line + 1] as usize]
        {
            (point.x, point.y) = (point.x + by.x, point.y + by.y);
        }
    }
    let bounds = boxes.iter().fold(Rect::default(), |whole, rect| whole.union(rect));
    FamilyLayout {
        cross_links: routes.kinds.iter().filter(|&&kind| kind == RouteKind::Cross).count() as u32,
        boxes,
        generations: rows.to_vec(),
        components: kin.component.clone(),
        routes,
        unions,
        bounds: Rect::spanning(Point::default(), Point::new(bounds.right(), bounds.bottom())),
    }
}

/// Columns of a grid of `count` cells, near 16 : 9 as a whole.
fn columns(count: usize, cell: Size) -> usize {
    let ratio = 16.0 / 9.0 * f64::from(cell.height) / f64::from(cell.width);
    ((count as f64 * ratio).sqrt().ceil() as usize).max(1)
}

/// The sum of areas and of the gaps right of and below each, as the side of a 16 : 9 sheet.
fn ideal_width(sizes: &[Size], gap: i32) -> i32 {
    let area: f64 =
        sizes.iter().map(|size| f64::from(size.width + gap) * f64::from(size.height + gap)).sum();
    (area * 16.0 / 9.0).sqrt() as i32
}

/// Places boxes on shelves from left to right, the tall ones first, no wider than `limit` where
/// that can be helped. Returns the top left corner of each.
fn shelves(sizes: &[Size], gap: i32, limit: i32) -> Vec<Point> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at].height), at));
    let mut places = vec![Point::default(); sizes.len()];
    let (mut x, mut y, mut shelf) = (0, 0, 0);
    for at in order {
        let size = sizes[at];
        if x > 0 && x + size.width > limit {
            (x, y, shelf) = (0, y + shelf + gap, 0);
        }
        places[at] = Point::new(x, y);
        x += size.width + gap;
        shelf = shelf.max(size.height);
    }
    places
}

fn bounds(sizes: &[Size], places: &[Point]) -> Size {
    sizes.iter().zip(places).fold(Size::default(), |all, (size, place)| Size {
        width: all.width.max(place.x + size.width),
        height: all.height.max(place.y + size.height),
    })
}

/// Components and the grid of lone persons, to be laid on a sheet.
struct Outlines<'a> {
    boxes: &'a [Rect],
    routes: &'a Routes,
    kin: &'a Kin,
    card: Size,
    gaps: &'a Gaps,
}

impl Outlines<'_> {
    /// The top left corners that need the least area, of some widths.
    fn places(&self, sizes: &[Size], families: usize) -> Vec<Point> {
        if sizes.len() < 2 {
            return vec![Point::default(); sizes.len()];
        }
        let gap = self.gaps.component;
        let outlined = families.min(MOST_OUTLINED);
        let tallest = sizes.iter().map(|size| size.height).max().unwrap_or(0);
        let row = self.card.height + self.gaps.generation;
        let band = (row / 2).max(tallest / MOST_BANDS).max(1);
        let mut shapes = self.silhouettes(outlined, band);
        // The many small ones stand on shelves of their own, and these and the lone persons are
        // a block each.
        let small = &sizes[outlined..families];
        let widest = sizes.iter().map(|size| size.width).max().unwrap_or(0);
        let shelved = shelves(small, gap, widest.max(ideal_width(small, gap)));
        let block = bounds(small, &shelved);
        let blocks = [block].into_iter().chain(sizes[families..].iter().copied());
        shapes.extend(blocks.map(|size| Silhouette::block(size.width, size.height, band)));
        let all: Vec<Size> = sizes[..outlined]
            .iter()
            .copied()
            .chain([block])
            .chain(sizes[families..].iter().copied())
            .collect();
        let ideal = ideal_width(&all, gap).max(widest);
        let wider = WIDER.iter().map(|percent| (i64::from(widest) * percent / 100) as i32);
        let sheets = wider.filter(|&limit| limit < 2 * ideal).chain([ideal]).map(|limit| {
            let mut sheet = Sheet::new(gap, band, limit);
            let lay = |(shape, size): (&Silhouette, &Size)| {
                if size.width == 0 {
                    return Point::default();
                }
                let (x, first) = sheet.lay(shape);
                Point::new(x, first as i32 * band)
            };
            let places: Vec<Point> = shapes.iter().zip(&all).map(lay).collect();
            let whole = bounds(&all, &places);
            (i64::from(whole.width) * i64::from(whole.height), places)
        });
        let Some((_, mut places)) = sheets.min_by_key(|sheet| sheet.0) else { return shelved };
        let block = places.remove(outlined);
        let small = shelved.iter().map(|place| Point::new(place.x + block.x, place.y + block.y));
        places.splice(outlined..outlined, small);
        places
    }

    /// The outlines of the first components.
    fn silhouettes(&self, count: usize, band: i32) -> Vec<Silhouette> {
        let mut shapes = vec![Silhouette::default(); count];
        let of = |person: usize| self.kin.component[person] as usize;
        for (person, rect) in self.boxes.iter().enumerate() {
            if let Some(shape) = shapes.get_mut(of(person)) {
                shape.cover((rect.x, rect.right()), (rect.y, rect.bottom()), band);
            }
        }
        for line in 0..self.routes.len() {
            let Some(shape) = shapes.get_mut(of(self.routes.ends[line].0 as usize)) else {
                continue;
            };
            for ends in self.routes.line(line).windows(2) {
                let (a, b) = (ends[0], ends[1]);
                let (x, y) = ((a.x.min(b.x), a.x.max(b.x)), (a.y.min(b.y), a.y.max(b.y)));
                shape.cover(x, y, band);
            }
        }
        shapes
    }
}
