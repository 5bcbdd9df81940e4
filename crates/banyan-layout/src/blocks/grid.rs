//! From slots to boxes and lines.

use super::slots::GroupSlots;
use crate::geometry::{Point, Rect, Size};
use crate::routes::{RouteKind, Routes};

/// Free space in world units.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct BlockGaps {
    /// Between cells; the bus of a row of cells runs in the gap above it.
    pub cell: i32,
    /// Between groups.
    pub group: i32,
    /// From the root to the groups, from a header to its cells, and the cells' indent.
    pub level: i32,
}

impl Default for BlockGaps {
    fn default() -> Self {
        Self { cell: 12, group: 48, level: 32 }
    }
}

/// A group of equal cells.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlockGroup {
    /// The number of slots that room is kept for; 0 keeps a place without a group.
    pub capacity: u32,
    /// The slot of every member; one beyond `capacity` stretches the grid downwards.
    pub slots: Vec<u32>,
}

impl From<GroupSlots<'_>> for BlockGroup {
    /// The members in ascending order.
    fn from(group: GroupSlots<'_>) -> Self {
        Self { capacity: group.capacity, slots: group.slots.values().copied().collect() }
    }
}

/// What to lay out; equal requests give equal layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlocksRequest {
    pub root: Size,
    pub header: Size,
    pub cell: Size,
    pub gaps: BlockGaps,
    /// In the order of their places.
    pub groups: Vec<BlockGroup>,
}

/// Where everything stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct BlocksLayout {
    /// At (0, 0), whatever comes and goes.
    pub root: Rect,
    /// One per group; empty for a place without a group.
    pub headers: Vec<Rect>,
    /// The room of each group, header and free slots included, so that it rests while members come
    /// and go.
    pub rooms: Vec<Rect>,
    /// The members of group `g` are `cells[starts[g]..starts[g + 1]]`, in the request's order.
    pub cells: Vec<Rect>,
    pub starts: Vec<u32>,
    /// Elbows: one to each header, followed by those to its cells. `ends` count the root as 0, then
    /// the headers from 1 on, then the cells.
    pub routes: Routes,
    pub bounds: Rect,
}

/// Lays groups out below a root, in columns of groups; O(members + groups).
///
/// The number of group columns follows the next power of two of the number of places, and the
/// number of cell columns of a group its capacity (2 to 8 for small groups; wider than tall by about
/// as much as a screen), so both hold still while members come and go.
pub fn blocks(request: &BlocksRequest) -> BlocksLayout {
    let grids: Vec<Grid> = request.groups.iter().map(|group| Grid::new(request, group)).collect();
    let columns = group_columns(grids.len());
    let gaps = request.gaps;
    let bus = request.root.height + gaps.level / 2;
    let top = request.root.height + gaps.level;
    let mut corners = vec![Point::default(); grids.len()];
    let mut x = gaps.level;
    for column in 0..columns {
        let mut y = top;
        let mut width = 0;
        for place in (column..grids.len()).step_by(columns) {
            corners[place] = Point::new(x, y);
            let size = grids[place].size;
            if size.height > 0 {
                y += size.height + gaps.group;
            }
            width = width.max(size.width);
        }
        x += width + gaps.group;
    }
    let root = Rect::new(0, 0, request.root.width, request.root.height);
    let mut layout =
        BlocksLayout { root, starts: vec![0], bounds: root, ..BlocksLayout::default() };
    let first_cell = 1 + grids.len() as u32;
    for (place, (group, grid)) in request.groups.iter().zip(&grids).enumerate() {
        let corner = corners[place];
        let live = group.capacity > 0 || !group.slots.is_empty();
        let header = if live {
            Rect::new(corner.x, corner.y, request.header.width, request.header.height)
        } else {
            Rect::default()
        };
        layout.headers.push(header);
        layout.rooms.push(Rect::new(corner.x, corner.y, grid.size.width, grid.size.height));
        if live {
            // Down from the root's left part, along the bus, down the rail left of the column.
            let (stem, rail) = (gaps.level / 4, corner.x - gaps.level / 2);
            let middle = header.center().y;
            layout.routes.push(
                RouteKind::Descent,
                (0, 1 + place as u32),
                &[
                    Point::new(stem, root.bottom()),
                    Point::new(stem, bus),
                    Point::new(rail, bus),
                    Point::new(rail, middle),
                    Point::new(header.x, middle),
                ],
            );
        }
        layout.bounds = layout.bounds.union(&header);
        for &slot in &group.slots {
            let cell = grid.cell(request, corner, slot);
            let (stem, bus) = (corner.x + gaps.level / 2, cell.y - gaps.cell / 2);
            layout.routes.push(
                RouteKind::Descent,
                (1 + place as u32, first_cell + layout.cells.len() as u32),
                &[
                    Point::new(stem, header.bottom()),
                    Point::new(stem, bus),
                    Point::new(cell.center().x, bus),
                    Point::new(cell.center().x, cell.y),
                ],
            );
            layout.bounds = layout.bounds.union(&cell);
            layout.cells.push(cell);
        }
        layout.starts.push(layout.cells.len() as u32);
    }
    layout
}

/// As many columns of groups as rows: a group is wider than tall, as screens are.
fn group_columns(places: usize) -> usize {
    let class = places.max(1).next_power_of_two() as f64;
    (class.sqrt().ceil() as usize).clamp(1, places.max(1))
}

struct Grid {
    columns: u32,
    /// Of header and cells together.
    size: Size,
}

impl Grid {
    fn new(request: &BlocksRequest, group: &BlockGroup) -> Self {
        let slots = group.slots.iter().map(|&slot| slot + 1).max().unwrap_or(0).max(group.capacity);
        if slots == 0 {
            return Self { columns: 1, size: Size::default() };
        }
        let (step_x, step_y) = steps(request);
        let ideal =
            (f64::from(group.capacity.max(1)) * 1.6 * f64::from(step_y) / f64::from(step_x)).sqrt();
        let columns = (ideal.ceil() as u32).clamp(1, 1 << 16);
        let columns = if group.capacity <= 64 {
            columns.clamp(group.capacity.clamp(1, 2), 8)
        } else {
            columns
        };
        let rows = slots.div_ceil(columns);
        Self {
            columns,
            size: Size {
                width: request
                    .header
                    .width
                    .max(request.gaps.level + columns as i32 * step_x - request.gaps.cell),
                height: request.header.height + request.gaps.level + rows as i32 * step_y
                    - request.gaps.cell,
            },
        }
    }

    fn cell(&self, request: &BlocksRequest, corner: Point, slot: u32) -> Rect {
        let (step_x, step_y) = steps(request);
        Rect::new(
            corner.x + request.gaps.level + (slot % self.columns) as i32 * step_x,
            corner.y
                + request.header.height
                + request.gaps.level
                + (slot / self.columns) as i32 * step_y,
            request.cell.width,
            request.cell.height,
        )
    }
}

fn steps(request: &BlocksRequest) -> (i32, i32) {
    (
        (request.cell.width + request.gaps.cell).max(1),
        (request.cell.height + request.gaps.cell).max(1),
    )
}

#[cfg(test)]
mod tests {
    use super::super::SlotBook;
    use super::*;

    fn request(book: &SlotBook) -> BlocksRequest {
        BlocksRequest {
            root: Size { width: 200, height: 60 },
            header: Size { width: 160, height: 40 },
            cell: Size { width: 120, height: 36 },
            gaps: BlockGaps::default(),
            groups: book.groups().map(BlockGroup::from).collect(),
        }
    }

    /// Groups "0", "1" ... of so many members each.
    fn book(sizes: &[u64]) -> SlotBook {
        let keys: Vec<String> = (0..sizes.len()).map(|group| group.to_string()).collect();
        let members = keys.iter().zip(sizes);
        let joined: Vec<(&str, u64)> = members
            .flat_map(|(key, &size)| (0..size).map(|member| (key.as_str(), member)))
            .collect();
        let mut book = SlotBook::default();
        book.change(&[], &joined);
        book
    }

    fn check_no_overlap(layout: &BlocksLayout) {
        let mut all = vec![layout.root];
        all.extend(&layout.headers);
        all.extend(&layout.cells);
        for (at, a) in all.iter().enumerate() {
            assert!(all[..at].iter().all(|b| !a.overlaps(b)), "{at}: {a:?}");
            assert!(a.is_empty() || layout.bounds.union(a) == layout.bounds);
        }
    }

    #[test]
    fn nothing_overlaps_and_routes_end_at_their_boxes() {
        for sizes in [&[][..], &[1], &[3, 200, 7], &[5; 17], &[900]] {
            let layout = blocks(&request(&book(sizes)));
            check_no_overlap(&layout);
            for (group, room) in layout.rooms.iter().enumerate() {
                let (start, end) = (layout.starts[group], layout.starts[group + 1]);
                let cells = &layout.cells[start as usize..end as usize];
                assert!(cells.iter().all(|cell| room.union(cell) == *room), "{group}");
            }
            assert_eq!(layout.routes.len(), layout.headers.len() + layout.cells.len());
            for line in 0..layout.routes.len() {
                let (_, to) = layout.routes.ends[line];
                let to = to as usize - 1;
                let rect = layout
                    .headers
                    .get(to)
                    .unwrap_or_else(|| &layout.cells[to - layout.headers.len()]);
                let end = layout.routes.line(line).last().unwrap();
                assert!(rect.inflated(1).contains(*end), "{line}");
            }
        }
    }

    #[test]
    fn a_new_group_moves_nobody_within_its_power_of_two() {
        let mut book = book(&[3; 5]);
        let before = blocks(&request(&book));
        book.change(&[], &[("new", 1), ("2", 9)]);
        let after = blocks(&request(&book));
        assert_eq!(before.headers[..5], after.headers[..5]);
        assert_eq!(before.cells[..6], after.cells[..6]);
    }

    #[test]
    fn big_groups_are_wider_than_tall_but_not_much() {
        let layout = blocks(&request(&book(&[10_000])));
        let aspect = f64::from(layout.bounds.width) / f64::from(layout.bounds.height);
        assert!((0.8..4.0).contains(&aspect), "{aspect}");
    }
}
