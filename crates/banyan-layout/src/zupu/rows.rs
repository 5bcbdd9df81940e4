//! Generations in rows, families hung between them.

use super::{
    Book, Descent, ROW_GAP, TRACK,
    buses::{Family, tracks},
    foot, head,
};
use crate::geometry::{Rect, Size};

/// Puts everyone of the line into the row of their generation, each at the left edge that is given
/// (those of a row ascend), and hangs the children under their parents. Returns the rows' tops.
pub(super) fn hang(book: &mut Book, descent: &Descent, plate: Size, lefts: &[i32]) -> Vec<i32> {
    let middle =
        |place: u32| lefts.get(place as usize).copied().unwrap_or_default() + plate.width / 2;
    let mut tops = vec![0];
    let mut buses = vec![0; descent.members.len()];
    let mut top = 0;
    for row in descent.rows().rows() {
        let (mut parents, mut families) = (Vec::new(), Vec::new());
        for &place in row {
            let children = descent.children.row(place as usize);
            if let (Some(&first), Some(&last)) = (children.first(), children.last()) {
                parents.push(place);
                let (parent, first, last) = (middle(place), middle(first), middle(last));
                families.push(Family { parent, first, last });
            }
        }
        let tracks = tracks(&families);
        let first_bus = top + plate.height + ROW_GAP / 2;
        let below = |track: usize| track as i32 * TRACK;
        for (&place, &track) in parents.iter().zip(&tracks) {
            if let Some(bus) = buses.get_mut(place as usize) {
                *bus = first_bus + below(track);
            }
        }
        top += plate.height + ROW_GAP + below(tracks.iter().copied().max().unwrap_or(0));
        tops.push(top);
    }
    let rect = |place: usize| {
        let depth = descent.depths.get(place).copied().unwrap_or_default();
        let y = tops.get(depth as usize).copied().unwrap_or_default();
        Rect::new(lefts.get(place).copied().unwrap_or_default(), y, plate.width, plate.height)
    };
    for (place, &person) in descent.members.iter().enumerate() {
        let own = rect(place);
        book.put(person, descent.depths.get(place).copied().unwrap_or_default(), own);
        let (Some(&parent), Some(&union)) = (descent.parents.get(place), descent.unions.get(place))
        else {
            continue;
        };
        let (parent, is_first) = (parent as usize, place == 0);
        if let (Some(&above), Some(&bus), false) =
            (descent.members.get(parent), buses.get(parent), is_first)
        {
            book.hang(union, (above, person), foot(&rect(parent)), bus, head(&own));
        }
    }
    tops
}
