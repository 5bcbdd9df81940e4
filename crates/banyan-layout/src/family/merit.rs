//! What two orders of one component are compared by.

use super::forest::Forest;
use super::positions::{Side, Springs};
use super::untangle::Counter;
use crate::geometry::Size;

/// Measures of one component before its families have tracks. Whose siblings, couples and children
/// are away is the same in all of its orders.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Merit {
    /// Of the links between neighbouring rows, each as many as it has persons.
    crossings: i64,
    /// The length of the cross links, sideways, in world units.
    cross: i64,
    /// That of all links: what makes tracks many and the chart wide.
    length: i64,
    /// Persons who have a link.
    links: i64,
}

/// All links together may get so much longer for shorter cross links, in hundredths.
const LONGER: i64 = 3;

impl Merit {
    /// Whether it is better by more than it is worse, crossings counting twice, the lengths once,
    /// each by its ratio; and has no more crossings than the forest's order. A hundredth of the
    /// links crossing, or a card's width, is next to nothing.
    pub(super) fn is_better(&self, than: &Self, forest: &Self, card: Size) -> bool {
        let product = |merit: &Self| {
            let few = 1.0 + merit.links as f64 / 100.0;
            let crossings = merit.crossings as f64 + few;
            let width = f64::from(card.width);
            crossings * crossings * (merit.cross as f64 + width) * (merit.length as f64 + width)
        };
        self.crossings <= forest.crossings && product(self) < product(than)
    }

    /// Whether, of one order, the cross links are shorter and all together hardly longer.
    pub(super) fn is_nearer(&self, than: &Self) -> bool {
        self.cross < than.cross && 100 * (self.length - than.length) <= LONGER * than.length
    }
}

/// The merit of every component, with its nodes at `x`.
pub(super) fn merits(forest: &Forest, springs: &Springs, x: &[i64]) -> Vec<Merit> {
    let components = forest.component.iter().max().map_or(0, |&last| last as usize + 1);
    let mut merits = vec![Merit::default(); components];
    let mut counter = Counter::default();
    for line in forest.lines.rows() {
        let Some(&first) = line.first() else { continue };
        let merit = &mut merits[forest.component[first as usize] as usize];
        merit.crossings += counter.crossings_above(springs, line, x);
        for &node in line {
            for spring in springs.of(node, Side::Rest) {
                let own = x[node as usize] + i64::from(spring.pin);
                let other = x[spring.other as usize] + i64::from(spring.other_pin);
                let length = (own - other).abs();
                merit.length += length * i64::from(spring.count);
                merit.cross += if spring.cross { length } else { 0 };
                merit.links += i64::from(spring.count);
            }
        }
    }
    merits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_better_gains_more_than_it_loses() {
        let merit = |crossings, cross, length| Merit { crossings, cross, length, links: 100 };
        let bound = merit(120, 20_000, 100_000);
        let check = |a: Merit, b: Merit, expect: bool| {
            assert_eq!(
                a.is_better(&b, &bound, Size { width: 100, height: 50 }),
                expect,
                "{a:?} {b:?}"
            );
        };
        let base = merit(100, 10_000, 100_000);
        check(base, base, false);
        check(merit(90, 10_000, 100_000), base, true);
        check(merit(110, 5_000, 100_000), base, true);
        check(merit(119, 9_000, 100_000), base, false);
        check(merit(121, 1_000, 100_000), base, false);
        check(merit(100, 10_000, 99_000), base, true);
    }

    #[test]
    fn cross_links_get_shorter_at_a_small_price() {
        let merit = |cross, length| Merit { cross, length, ..Merit::default() };
        let base = merit(10_000, 100_000);
        assert!(merit(9_000, 103_000).is_nearer(&base));
        assert!(merit(9_000, 90_000).is_nearer(&base));
        assert!(!merit(9_000, 103_001).is_nearer(&base));
        assert!(!base.is_nearer(&base));
    }
}
