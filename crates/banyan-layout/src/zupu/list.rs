//! 牒记式, the list: generation after generation, a column for each.

use super::{Book, Descent, Plates, Table, shelves};
use crate::geometry::Rect;

/// Between columns, between generations, and between lines of columns.
const COLUMN_GAP: i32 = 6;
const GENERATION_GAP: i32 = 40;
const LINE_GAP: i32 = 48;

/// The line alone, from right to left, in lines one below the other. A table is what of a generation
/// stands in one line.
pub fn list(descent: &Descent, plates: &Plates) -> Book {
    let mut book = Book::of(descent.persons);
    let plate = plates.plate;
    let most = shelves::line_width(descent.members.iter().map(|_| plate), COLUMN_GAP);
    let (mut x, mut y) = (0, 0);
    for (generation, row) in (0u32..).zip(descent.rows().rows()) {
        if x > 0 {
            x += GENERATION_GAP - COLUMN_GAP;
        }
        let mut is_open = false;
        for person in row.iter().filter_map(|&place| descent.members.get(place as usize)) {
            if x > 0 && x + plate.width > most {
                (x, y) = (0, y + plate.height + LINE_GAP);
                is_open = false;
            }
            let rect = Rect::new(x, y, plate.width, plate.height);
            book.put(*person, generation, rect);
            match book.tables.last_mut().filter(|_| is_open) {
                Some(table) => table.frame = table.frame.union(&rect),
                None => book.tables.push(Table {
                    frame: rect,
                    head: *person,
                    first: generation,
                    last: generation,
                }),
            }
            is_open = true;
            x += plate.width + COLUMN_GAP;
        }
    }
    book.mirrored()
}
