//! 宝塔式, the pagoda: the ancestor on top, each generation one row around the middle.

use super::{BRANCH_GAP, Book, Descent, Plates, SIBLING_GAP, rows};

/// The line alone, without wives. Siblings stand close, families apart.
pub fn pagoda(descent: &Descent, plates: &Plates) -> Book {
    let mut book = Book::of(descent.persons);
    if descent.is_empty() {
        return book;
    }
    let plate = plates.plate;
    let mut lefts = vec![0; descent.members.len()];
    for row in descent.rows().rows() {
        let parent = |place: u32| descent.parents.get(place as usize);
        let gaps = row.windows(2).map(|pair| match pair {
            &[one, other] if parent(one) == parent(other) => SIBLING_GAP / 2,
            _ => BRANCH_GAP,
        });
        let mut x = 0;
        let mut places = vec![0];
        for gap in gaps {
            x += plate.width + gap;
            places.push(x);
        }
        for (&place, at) in row.iter().zip(places) {
            if let Some(left) = lefts.get_mut(place as usize) {
                *left = at - x / 2;
            }
        }
    }
    rows::hang(&mut book, descent, plate, &lefts);
    book.mirrored()
}
