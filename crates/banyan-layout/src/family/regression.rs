//! Least squares on a line: the nearest positions to wishes that keep an order and distances.

/// No walls.
pub(super) const OPEN: (i64, i64) = (i64::MIN / 4, i64::MAX / 4);

/// One thing to place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wish {
    /// Where it would like to be.
    pub(super) x: i64,
    /// How much it matters; at least 1.
    pub(super) weight: i64,
    /// The least distance to its predecessor's position; of no meaning for the first.
    pub(super) distance: i64,
}

impl Wish {
    /// The weighted mean of what links want, where there are any; else to stay.
    pub(super) fn of_links(sum: i64, weight: i64, own: i64, distance: i64) -> Self {
        if weight > 0 {
            Self { x: sum.div_euclid(weight), weight: weight * LINK, distance }
        } else {
            Self { x: own, weight: 1, distance }
        }
    }
}

/// A link matters so much more than to stay where one is.
const LINK: i64 = 4;

/// Places what it is given, in room that it keeps.
#[derive(Default)]
pub(super) struct Placer {
    pub(super) wishes: Vec<Wish>,
    blocks: Vec<Block>,
    out: Vec<i64>,
}

impl Placer {
    /// The positions that minimise the weighted sum of squared differences from the wishes, in their
    /// order, no closer than the distances allow (pool adjacent violators) and within the walls: none
    /// below the first of them, the last none above the second. Where the things are too wide for
    /// the walls, the left one gives nothing. O(n).
    pub(super) fn place(&mut self, walls: (i64, i64)) -> &[i64] {
        let Self { wishes, blocks, out } = self;
        blocks.clear();
        let mut lead = 0;
        for (at, wish) in wishes.iter().enumerate() {
            if at > 0 {
                lead += wish.distance;
            }
            let mut block = Block::of(wish.x - lead, wish.weight);
            while let Some(last) = blocks.pop_if(|last| last.mean >= block.mean) {
                block.take(&last);
            }
            blocks.push(block);
        }
        out.clear();
        // Without their distances the positions only grow, so walls cut them off at both ends.
        let (low, high) = (walls.0, (walls.1 - lead).max(walls.0));
        let mut rest = wishes.iter();
        let mut lead = -wishes.first().map_or(0, |first| first.distance);
        for block in blocks.iter() {
            let mean = block.mean.clamp(low, high);
            out.extend(rest.by_ref().take(block.count).map(|wish| {
                lead += wish.distance;
                mean + lead
            }));
        }
        out
    }
}

/// A run of things that touch. World units are far below 2^31 and weights below 2^12, so sums over
/// a million things stay within an `i64`.
#[derive(Clone, Copy, Debug)]
struct Block {
    sum: i64,
    weight: i64,
    /// `sum / weight`, rounded down.
    mean: i64,
    count: usize,
}

impl Block {
    fn of(x: i64, weight: i64) -> Self {
        Self { sum: x * weight, weight, mean: x, count: 1 }
    }

    fn take(&mut self, other: &Self) {
        self.sum += other.sum;
        self.weight += other.weight;
        self.mean = self.sum.div_euclid(self.weight);
        self.count += other.count;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wishes: &[(i64, i64, i64)], expect: &[i64]) {
        let wishes = wishes.iter().map(|&(x, weight, distance)| Wish { x, weight, distance });
        let mut placer = Placer { wishes: wishes.collect(), ..Placer::default() };
        assert_eq!(placer.place(OPEN), expect);
    }

    #[test]
    fn wishes_are_granted_or_shared() {
        check(&[], &[]);
        check(&[(5, 1, 0)], &[5]);
        check(&[(0, 1, 0), (20, 1, 10)], &[0, 20]);
        check(&[(0, 1, 0), (0, 1, 10)], &[-5, 5]);
        check(&[(0, 3, 0), (2, 1, 10)], &[-2, 8]);
        check(&[(0, 1, 0), (100, 1, 10), (90, 1, 10), (80, 1, 10)], &[0, 80, 90, 100]);
    }
}
