//! 欧式 (after Ouyang Xiu), tables of five generations.

use std::collections::VecDeque;

use super::{Book, Descent, Plates, SIBLING_GAP, Table, foot, head, shelves};
use crate::{
    geometry::{Point, Rect, Size},
    routes::RouteKind,
};

/// Generations of a table. The last of one is the first of the next.
const GENERATIONS: u32 = 5;
/// Between the rows of a table, between its frame and what is in it, and between tables.
const ROW: i32 = 24;
const PAD: i32 = 14;
const APART: i32 = 40;

/// The line alone; who married into it is told on the plates. The first child stands below its
/// parent, the others further left. Who has children beyond a table's last generation begins one of
/// their own, where a plate names them again.
pub fn ou(descent: &Descent, plates: &Plates) -> Book {
    let mut book = Book::of(descent.persons);
    let sheets = sheets(descent);
    let plate = plates.plate;
    let size = |sheet: &Sheet| {
        let (columns, rows) = (sheet.columns as i32, (sheet.last - sheet.first + 1) as i32);
        Size {
            width: columns * (plate.width + SIBLING_GAP) - SIBLING_GAP + 2 * PAD,
            height: rows * (plate.height + ROW) - ROW + 2 * PAD,
        }
    };
    let most = shelves::line_width(sheets.iter().map(size), APART);
    let (mut x, mut y, mut height) = (0, 0, 0);
    for sheet in &sheets {
        let Size { width, height: own } = size(sheet);
        if x > 0 && x + width > most {
            (x, y, height) = (0, y + height + APART, 0);
        }
        draw(&mut book, descent, plate, sheet, Rect::new(x, y, width, own));
        (x, height) = (x + width + APART, height.max(own));
    }
    book.mirrored()
}

/// What stands on a table.
struct Sheet {
    /// Places, and the column of each; the head first.
    cells: Vec<(u32, u32)>,
    columns: u32,
    first: u32,
    last: u32,
}

fn sheets(descent: &Descent) -> Vec<Sheet> {
    let depth = |place: u32| descent.depths.get(place as usize).copied().unwrap_or_default();
    let mut sheets = Vec::new();
    let mut heads = VecDeque::new();
    if !descent.is_empty() {
        heads.push_back(0u32);
    }
    while let Some(head) = heads.pop_front() {
        let first = depth(head);
        let end = first + GENERATIONS - 1;
        let mut sheet = Sheet { cells: vec![(head, 0)], columns: 1, first, last: first };
        // Children come behind their parents, so all descendants follow in one piece.
        let beyond = (head + 1..descent.members.len() as u32).take_while(|&it| depth(it) > first);
        for place in beyond.filter(|&place| depth(place) <= end) {
            let parent = descent.parents.get(place as usize).copied();
            let is_below = sheet.cells.last().is_some_and(|&(before, _)| Some(before) == parent);
            sheet.columns += u32::from(!is_below);
            sheet.cells.push((place, sheet.columns - 1));
            sheet.last = sheet.last.max(depth(place));
            if depth(place) == end && !descent.children.row(place as usize).is_empty() {
                heads.push_back(place);
            }
        }
        sheets.push(sheet);
    }
    sheets
}

fn draw(book: &mut Book, descent: &Descent, plate: Size, sheet: &Sheet, frame: Rect) {
    let depth = |place: u32| descent.depths.get(place as usize).copied().unwrap_or_default();
    let member = |place: u32| descent.members.get(place as usize).copied().unwrap_or_default();
    let rect = |place: u32, column: u32| {
        let (column, row) = (column as i32, (depth(place) - sheet.first) as i32);
        Rect::new(
            frame.x + PAD + column * (plate.width + SIBLING_GAP),
            frame.y + PAD + row * (plate.height + ROW),
            plate.width,
            plate.height,
        )
    };
    let Some(&(top, _)) = sheet.cells.first() else { return };
    // The last place of each generation on the way down: the parent of whoever comes next below it.
    let mut above = vec![frame; GENERATIONS as usize];
    for &(place, column) in &sheet.cells {
        let own = rect(place, column);
        let row = (depth(place) - sheet.first) as usize;
        if let Some(slot) = above.get_mut(row) {
            *slot = own;
        }
        let person = member(place);
        if place == top && place > 0 {
            book.repeats.push((person, own));
        } else {
            book.put(person, depth(place), own);
        }
        let parent = row.checked_sub(1).and_then(|row| above.get(row));
        if let (Some(parent), Some(&from), Some(&union)) =
            (parent, descent.parents.get(place as usize), descent.unions.get(place as usize))
        {
            let (from, bus) = ((member(from), person), own.y - ROW / 2);
            book.hang(union, from, foot(parent), bus, head(&own));
        }
    }
    // Begins within an edge, so that all its corners are rounded alike.
    let (right, bottom, middle) = (frame.right(), frame.bottom(), frame.center().x);
    let corners = [(right, frame.y), (right, bottom), (frame.x, bottom), (frame.x, frame.y)];
    let edge = [(middle, frame.y)].into_iter().chain(corners).chain([(middle, frame.y)]);
    let edge: Vec<Point> = edge.map(|(x, y)| Point::new(x, y)).collect();
    book.line(RouteKind::Couple, u32::MAX, (u32::MAX, u32::MAX), &edge);
    let (first, last) = (sheet.first, sheet.last);
    book.tables.push(Table { frame, head: member(top), first, last });
}
