//! 苏式 (after Su Xun), the hanging-line chart 吊线图.

use super::{BRANCH_GAP, Book, Descent, PARTNER_GAP, Plates, ROW_GAP, SIBLING_GAP, rows};
use crate::{
    geometry::{Point, Rect, Size},
    routes::RouteKind,
    tidy::{Direction, TreeRequest, tree},
};

/// Children hang under their father from right to left, the eldest first; left of him stand his wives
/// in their order, and then the names of those who stand elsewhere as his own kin.
pub fn su(descent: &Descent, plates: &Plates) -> Book {
    let mut book = Book::of(descent.persons);
    if descent.is_empty() {
        return book;
    }
    let Plates { plate, partner } = *plates;
    let beside =
        |place: usize| descent.partners.row(place).len() + descent.kin_partners.row(place).len();
    let width = |place: usize| plate.width + beside(place) as i32 * (PARTNER_GAP + partner.width);
    let sizes = (0..descent.members.len())
        .map(|place| Size { width: width(place), height: plate.height })
        .collect();
    let layout = tree(&TreeRequest {
        parents: descent.parents.clone(),
        sizes,
        gap_sibling: SIBLING_GAP,
        gap_branch: BRANCH_GAP,
        gap_level: ROW_GAP,
        direction: Direction::Down,
        layered: true,
    });
    // Drawn from left to right, and turned at the end.
    let lefts: Vec<i32> = layout.boxes.iter().map(|rect| rect.x).collect();
    let tops = rows::hang(&mut book, descent, plate, &lefts);
    for (place, (&left, &depth)) in lefts.iter().zip(&descent.depths).enumerate() {
        let y = tops.get(depth as usize).copied().unwrap_or_default();
        let mut x = left + plate.width;
        let others = descent.partners.row(place).iter().map(|&other| (other, true));
        let kin = descent.kin_partners.row(place).iter().map(|&other| (other, false));
        let person = descent.members.get(place).copied().unwrap_or_default();
        for (other, is_here) in others.chain(kin) {
            let line = y + partner.height / 2;
            let ends = [Point::new(x, line), Point::new(x + PARTNER_GAP, line)];
            book.line(RouteKind::Couple, u32::MAX, (person, other), &ends);
            let rect = Rect::new(x + PARTNER_GAP, y, partner.width, partner.height);
            if is_here {
                book.put(other, depth, rect);
            } else {
                book.repeats.push((other, rect));
            }
            x = rect.right();
        }
    }
    book.mirrored()
}
