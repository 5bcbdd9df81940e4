//! What an update did to a world, as the page has to know it.

use std::collections::BTreeMap;

use banyan_layout::geometry::Rect;

/// What looks different after an update; world units throughout.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct WorldChange {
    /// Boxes came, went or moved: the scene is another one, and node numbers may mean other nodes.
    pub is_new_layout: bool,
    /// What looks different from any distance: boxes, lines, colours. At most [`MOST_RECTS`].
    pub dirty: Vec<Rect>,
    /// Cards of which something else looks different: what is written on them. At most as many.
    pub read: Vec<Rect>,
    /// Boxes that stand elsewhere now: from where to where.
    pub moves: Vec<(Rect, Rect)>,
    /// Boxes that were not there before.
    pub fresh: Vec<Rect>,
    /// Where boxes stood that are there no longer, and nothing stands now.
    pub gone: Vec<Rect>,
}

/// More rectangles than this are gathered into fewer and larger ones.
pub const MOST_RECTS: usize = 256;
/// More moves, newcomers or leavers than this are not told one by one: no eye follows so many.
const MOST_MOVES: usize = 256;
/// Shadows and strokes reach so far beyond their boxes, in world units.
const RIM: i32 = 4;
/// The side of the squares in which rectangles are first gathered, in world units: two cards wide.
const SQUARE: i32 = 512;

impl WorldChange {
    /// Something within `rect` looks different.
    pub(crate) fn repaint(&mut self, rect: &Rect) {
        self.dirty.push(rect.inflated(RIM));
    }

    /// What is written on the card in `rect` reads differently.
    pub(crate) fn reread(&mut self, rect: &Rect) {
        self.read.push(rect.inflated(RIM));
    }

    /// Bounds every list.
    pub(crate) fn bounded(mut self) -> Self {
        self.dirty = gathered(self.dirty);
        self.read = gathered(self.read);
        if self.moves.len() > MOST_MOVES {
            self.moves.clear();
        }
        for rects in [&mut self.fresh, &mut self.gone] {
            if rects.len() > MOST_MOVES {
                rects.clear();
            }
        }
        self
    }
}

/// The same places in at most [`MOST_RECTS`] rectangles, sorted: those whose middles lie in the same
/// square become one, the squares as large as they must be.
fn gathered(mut rects: Vec<Rect>) -> Vec<Rect> {
    let order = |rect: &Rect| (rect.y, rect.x, rect.height, rect.width);
    rects.sort_unstable_by_key(order);
    rects.dedup();
    let mut side = SQUARE;
    while rects.len() > MOST_RECTS {
        let mut squares: BTreeMap<(i32, i32), Rect> = BTreeMap::new();
        for rect in &rects {
            let middle = rect.center();
            let square = squares.entry((middle.y.div_euclid(side), middle.x.div_euclid(side)));
            let whole = square.or_default();
            *whole = whole.union(rect);
        }
        rects = squares.into_values().collect();
        side = side.saturating_mul(2);
    }
    rects
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_rectangles_stay_as_they_are() {
        let rects = vec![Rect::new(9, 0, 5, 5), Rect::new(0, 0, 5, 5), Rect::new(0, 0, 5, 5)];
        assert_eq!(gathered(rects), [Rect::new(0, 0, 5, 5), Rect::new(9, 0, 5, 5)]);
    }

    #[test]
    fn many_rectangles_become_fewer_that_hold_them() {
        let rects: Vec<Rect> =
            (0..5_000).map(|i| Rect::new(i % 100 * 236, i / 100 * 76, 224, 64)).collect();
        let fewer = gathered(rects.clone());
        assert!(fewer.len() <= MOST_RECTS && fewer.len() > 20, "{}", fewer.len());
        for rect in &rects {
            assert!(fewer.iter().any(|all| all.union(rect) == *all));
        }
        let far = (0..1_000).map(|i| Rect::new(i * 2_000_000, 0, 1, 1)).collect();
        assert!(gathered(far).len() <= MOST_RECTS);
    }
}
