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

/// Writes to `out` the positions that minimise the weighted sum of squared differences from the
/// wishes, in their order, no closer than the distances allow (pool adjacent violators) and within
/// the walls: none below the first of them, the last none above the second. Where the things are
/// too wide for the walls, the left one gives nothing. O(n).
pub(super) fn place(
    wishes: &[Wish],
    walls: (i64, i64),
    blocks: &mut Vec<Block>,
    out: &mut Vec<i64>,
) {
    blocks.clear();
    let mut lead = 0;
    for (at, wish) in wishes.iter().enumerate() {
        if at > 0 {
            lead += wish.distance;
        }
        let x = wish.x - lead;
        let mut block = Block { sum: x * wish.weight, weight: wish.weight, mean: x, count: 1 };
        while let Some(last) = blocks.last().filter(|last| last.mean >= block.mean) {
            let (sum, weight) = (block.sum + last.sum, block.weight + last.weight);
            block = Block {
                sum,
                weight,
                mean: sum.div_euclid(weight),
                count: block.count + last.count,
            };
            blocks.pop();
        }
        blocks.push(block);
    }
    out.clear();
    // Without their distances the positions only grow, so walls cut them off at both ends.
    let (low, high) = (walls.0, (walls.1 - lead).max(walls.0));
    let (mut lead, mut at) = (0, 0);
    for block in blocks.iter() {
        for _ in 0..block.count {
            if at > 0 {
                lead += wishes[at].distance;
            }
            out.push(block.mean.clamp(low, high) + lead);
            at += 1;
        }
    }
}

/// A run of things that touch. World units are far below 2^31 and weights below 2^12, so sums over
/// a million things stay within an `i64`.
#[derive(Clone, Copy, Debug)]
pub(super) struct Block {
    sum: i64,
    weight: i64,
    /// `sum / weight`, rounded down.
    mean: i64,
    count: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(wishes: &[(i64, i64, i64)], expect: &[i64]) {
        let wishes: Vec<Wish> =
            wishes.iter().map(|&(x, weight, distance)| Wish { x, weight, distance }).collect();
        let mut out = Vec::new();
        place(&wishes, OPEN, &mut Vec::new(), &mut out);
        assert_eq!(out, expect);
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
