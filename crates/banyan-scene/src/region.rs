//! A part of a canvas that is no single rectangle.

use banyan_layout::geometry::Rect;

/// Rectangles that share no area.
#[derive(Clone, Debug, Default)]
pub(crate) struct Region {
    rects: Vec<Rect>,
}

impl Region {
    pub fn rects(&self) -> &[Rect] {
        &self.rects
    }

    pub fn into_rects(self) -> Vec<Rect> {
        self.rects
    }

    pub fn overlaps(&self, rect: &Rect) -> bool {
        self.rects.iter().any(|own| own.overlaps(rect))
    }

    /// What it has in common with a rectangle.
    pub fn within(&self, rect: Rect) -> impl Iterator<Item = Rect> {
        self.rects.iter().map(move |own| own.intersection(&rect)).filter(|part| !part.is_empty())
    }

    /// Adds a rectangle that shares no area with it, and makes one of those that have a whole side in
    /// common: of a grid, given by rows or by columns, one rectangle.
    pub fn add(&mut self, mut rect: Rect) {
        while let Some(at) = self.rects.iter().position(|own| has_whole_side(own, &rect)) {
            rect = rect.union(&self.rects.swap_remove(at));
        }
        if !rect.is_empty() {
            self.rects.push(rect);
        }
    }

    /// Takes a rectangle away: what is left above it, below it, and on both sides of it.
    pub fn subtract(&mut self, rect: &Rect) {
        for own in std::mem::take(&mut self.rects) {
            let gone = own.intersection(rect);
            if gone.is_empty() {
                self.rects.push(own);
                continue;
            }
            let (right, bottom) = (own.right(), own.bottom());
            let left = [
                Rect::new(own.x, own.y, own.width, gone.y - own.y),
                Rect::new(own.x, gone.bottom(), own.width, bottom - gone.bottom()),
                Rect::new(own.x, gone.y, gone.x - own.x, gone.height),
                Rect::new(gone.right(), gone.y, right - gone.right(), gone.height),
            ];
            self.rects.extend(left.into_iter().filter(|part| !part.is_empty()));
        }
    }
}

impl FromIterator<Rect> for Region {
    fn from_iter<I: IntoIterator<Item = Rect>>(rects: I) -> Self {
        let mut region = Self::default();
        rects.into_iter().for_each(|rect| region.add(rect));
        region
    }
}

fn has_whole_side(a: &Rect, b: &Rect) -> bool {
    let is_column = a.x == b.x && a.width == b.width;
    let is_row = a.y == b.y && a.height == b.height;
    (is_column && (a.bottom() == b.y || b.bottom() == a.y))
        || (is_row && (a.right() == b.x || b.right() == a.x))
}

#[cfg(test)]
mod tests {
    use banyan_layout::geometry::Point;
    use proptest::prelude::*;

    use super::*;

    fn rects() -> impl Strategy<Value = Vec<Rect>> {
        let rect = (0..12, 0..12, 1..8, 1..8).prop_map(|(x, y, w, h)| Rect::new(x, y, w, h));
        prop::collection::vec(rect, 0..8)
    }

    proptest! {
        /// Against a look at each place.
        #[test]
        fn what_is_left_is_in_one_rectangle(gone in rects(), around in rects()) {
            let whole = Rect::new(0, 0, 20, 20);
            let mut region = Region::from_iter([whole]);
            gone.iter().for_each(|rect| region.subtract(rect));
            for (x, y) in (0..20).flat_map(|y| (0..20).map(move |x| (x, y))) {
                let point = Point::new(x, y);
                let is_left = !gone.iter().any(|rect| rect.contains(point));
                let found = |rects: &[Rect]| rects.iter().filter(|it| it.contains(point)).count();
                prop_assert_eq!(found(region.rects()), usize::from(is_left));
                for rect in &around {
                    let shared: Vec<Rect> = region.within(*rect).collect();
                    prop_assert_eq!(found(&shared), usize::from(is_left && rect.contains(point)));
                }
            }
            for rect in &around {
                prop_assert_eq!(region.overlaps(rect), region.within(*rect).next().is_some());
            }
        }
    }

    #[test]
    fn a_grid_becomes_one_rectangle() {
        let by_columns = (0..4).flat_map(|x| (0..3).map(move |y| Rect::new(7 * x, 5 * y, 7, 5)));
        let by_rows = (0..3).flat_map(|y| (0..4).map(move |x| Rect::new(7 * x, 5 * y, 7, 5)));
        assert_eq!(Region::from_iter(by_columns).rects(), [Rect::new(0, 0, 28, 15)]);
        assert_eq!(Region::from_iter(by_rows).rects(), [Rect::new(0, 0, 28, 15)]);
    }
}
