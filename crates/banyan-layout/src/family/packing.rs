//! Components side by side in rows, the biggest first; persons without relations in a grid.

use super::FamilyLayout;
use super::Gaps;
use super::kin::Kin;
use super::routing::Drawing;
use crate::geometry::{Point, Rect, Size};
use crate::routes::RouteKind;

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
    let places = shelves(&sizes, gaps.component);
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

/// Places boxes on shelves from left to right, the tall ones first, so that the whole comes near
/// 16 : 9. Returns the top left corner of each.
fn shelves(sizes: &[Size], gap: i32) -> Vec<Point> {
    let mut order: Vec<usize> = (0..sizes.len()).collect();
    order.sort_by_key(|&at| (std::cmp::Reverse(sizes[at].height), at));
    let area: f64 =
        sizes.iter().map(|size| f64::from(size.width + gap) * f64::from(size.height + gap)).sum();
    let widest = sizes.iter().map(|size| size.width).max().unwrap_or(0);
    let limit = widest.max((area * 16.0 / 9.0).sqrt() as i32);
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
