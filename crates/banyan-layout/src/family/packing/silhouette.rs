//! The outline of a component in bands, and a sheet that outlines are laid on.
//!
//! Families are ragged: a few ancestors at the top, one broad generation. Boxes around them would
//! leave most of that room empty, so a small family may stand in the corner of a big one.

/// The reach of a component in each band from its top, in world units; [`NOTHING`] where it has
/// nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Silhouette {
    pub(super) bands: Vec<(i32, i32)>,
    pub(super) width: i32,
}

const NOTHING: (i32, i32) = (i32::MAX, i32::MIN);

impl Silhouette {
    /// A full rectangle.
    pub(super) fn block(width: i32, height: i32, band: i32) -> Self {
        let mut block = Self::default();
        block.cover((0, width), (0, height), band);
        block
    }

    /// Adds what lies between two x and two y.
    pub(super) fn cover(&mut self, x: (i32, i32), y: (i32, i32), band: i32) {
        let (first, last) = ((y.0 / band).max(0) as usize, (y.1 / band).max(0) as usize);
        if self.bands.len() <= last {
            self.bands.resize(last + 1, NOTHING);
        }
        for side in &mut self.bands[first..=last] {
            *side = (side.0.min(x.0), side.1.max(x.1));
        }
        self.width = self.width.max(x.1);
    }

    /// Grown by so many bands above and below; begins `by` bands higher.
    fn grown(&self, by: usize) -> Vec<(i32, i32)> {
        let around = |at: usize| {
            let low = at.saturating_sub(2 * by);
            let high = (at + 1).min(self.bands.len());
            self.bands[low.min(high)..high]
                .iter()
                .fold(NOTHING, |all, side| (all.0.min(side.0), all.1.max(side.1)))
        };
        (0..self.bands.len() + 2 * by).map(around).collect()
    }
}

/// What is taken, band by band.
pub(super) struct Sheet {
    /// From left to right, the gap around included.
    taken: Vec<Vec<(i32, i32)>>,
    /// Beside what stands there.
    gap: i32,
    /// Bands above and below what stands there.
    margin: usize,
    /// No further to the right, where it can be helped.
    limit: i32,
}

impl Sheet {
    pub(super) fn new(gap: i32, band: i32, limit: i32) -> Self {
        Self { taken: Vec::new(), gap, margin: (gap / band).max(1) as usize, limit }
    }

    /// Lays an outline at the highest place that has room for it, there as far left as can be;
    /// returns its x and its first band.
    pub(super) fn lay(&mut self, shape: &Silhouette) -> (i32, usize) {
        let place = (0..self.taken.len())
            .map(|band| (self.leftmost(shape, band), band))
            .find(|&(x, _)| x + shape.width <= self.limit);
        let (x, band) = place.unwrap_or((0, self.taken.len()));
        for (turn, &(low, high)) in shape.grown(self.margin).iter().enumerate() {
            let Some(at) = (band + turn).checked_sub(self.margin).filter(|_| low <= high) else {
                continue;
            };
            if self.taken.len() <= at {
                self.taken.resize(at + 1, Vec::new());
            }
            let line = &mut self.taken[at];
            let side = (x + low - self.gap, x + high + self.gap);
            line.insert(line.partition_point(|other| other.0 < side.0), side);
        }
        (x, band)
    }

    /// The least x at which an outline fits when its first band is `band`.
    fn leftmost(&self, shape: &Silhouette, band: usize) -> i32 {
        let mut x = 0;
        loop {
            let before = x;
            for (line, &(low, high)) in self.taken.iter().skip(band).zip(&shape.bands) {
                for &(left, right) in line.iter().filter(|_| low <= high) {
                    if x + low < right && left < x + high {
                        x = right - low;
                    }
                }
            }
            // Every step goes past something that is taken, so this ends.
            if x == before || x + shape.width > self.limit {
                return x;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_outline_stands_in_the_corner_of_a_big_one() {
        let mut pyramid = Silhouette::default();
        pyramid.cover((40, 60), (0, 9), 10);
        pyramid.cover((0, 100), (30, 39), 10);
        let small = Silhouette::block(20, 9, 10);
        let mut sheet = Sheet::new(5, 10, 100);
        assert_eq!(sheet.lay(&pyramid), (0, 0));
        assert_eq!(sheet.lay(&small), (0, 0));
        assert_eq!(sheet.lay(&small), (65, 0));
        // A band stays free below the small one, and another above the broad row.
        let wide = Silhouette::block(90, 9, 10);
        assert_eq!(sheet.lay(&wide), (0, 5));
    }
}
