//! Who stands next to whom on the chart.

use banyan_layout::geometry::Rect;

/// All boxes in reading order: row by row from the top, each row from the left.
#[derive(Clone, Debug, Default)]
pub(super) struct Rows {
    order: Vec<u32>,
    /// The place of every box in `order`; of those that are not on the chart a place beyond it.
    places: Vec<u32>,
}

impl Rows {
    pub(super) fn new(boxes: &[Rect]) -> Self {
        let mut keyed: Vec<(i32, i32, u32)> = (boxes.iter().zip(0..))
            .filter(|(rect, _)| !rect.is_empty())
            .map(|(rect, node)| (rect.y, rect.x, node))
            .collect();
        keyed.sort_unstable();
        let order: Vec<u32> = keyed.into_iter().map(|(.., node)| node).collect();
        let mut places = vec![u32::MAX; boxes.len()];
        for (place, &node) in (0u32..).zip(&order) {
            if let Some(slot) = places.get_mut(node as usize) {
                *slot = place;
            }
        }
        Self { order, places }
    }

    /// The box that stands before `node` in its row.
    pub(super) fn left(&self, node: u32, boxes: &[Rect]) -> Option<u32> {
        let place = self.places.get(node as usize)?.checked_sub(1)?;
        self.in_row_of(node, place, boxes)
    }

    /// The box that stands behind `node` in its row.
    pub(super) fn right(&self, node: u32, boxes: &[Rect]) -> Option<u32> {
        let place = self.places.get(node as usize)?.checked_add(1)?;
        self.in_row_of(node, place, boxes)
    }

    fn in_row_of(&self, node: u32, place: u32, boxes: &[Rect]) -> Option<u32> {
        let other = *self.order.get(place as usize)?;
        let row = |node: u32| boxes.get(node as usize).map(|rect| rect.y);
        (row(node) == row(other)).then_some(other)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn neighbours_stand_in_the_same_row() {
        let boxes = [
            Rect::new(50, 0, 9, 9),
            Rect::new(0, 0, 9, 9),
            Rect::new(0, 20, 9, 9),
            Rect::new(90, 0, 9, 9),
        ];
        let rows = Rows::new(&boxes);
        assert_eq!((rows.left(0, &boxes), rows.right(0, &boxes)), (Some(1), Some(3)));
        assert_eq!(
            (rows.left(1, &boxes), rows.right(3, &boxes)),
            (None, None),
            "the row ends there"
        );
        assert_eq!((rows.left(2, &boxes), rows.right(2, &boxes)), (None, None));
        assert_eq!(rows.left(99, &boxes), None);
    }
}
