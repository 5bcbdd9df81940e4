//! A number over the last minutes.

use std::collections::VecDeque;

/// How far back a series reaches, in milliseconds.
const SPAN_MILLIS: u64 = 300_000;

/// Of three points, the first and the last are so far apart, in milliseconds.
const SPACING_MILLIS: u64 = 400;

/// Moments and values, oldest first; at most two for each `SPACING_MILLIS` of the span.
#[derive(Clone, Debug, Default)]
pub(super) struct Series(VecDeque<(u64, u64)>);

impl Series {
    pub(super) fn push(&mut self, at: u64, value: u64) {
        let before_last = self.0.len().checked_sub(2).and_then(|index| self.0.get(index));
        if before_last.is_some_and(|&(before, _)| at.saturating_sub(before) < SPACING_MILLIS) {
            self.0.pop_back();
        }
        self.0.push_back((at, value));
        while self.0.front().is_some_and(|&(first, _)| at.saturating_sub(first) > SPAN_MILLIS) {
            self.0.pop_front();
        }
    }

    pub(super) fn last(&self) -> Option<u64> {
        self.0.back().map(|&(_, value)| value)
    }

    /// The points of the last `millis`, oldest first.
    fn within(&self, millis: u64) -> impl DoubleEndedIterator<Item = (u64, u64)> + Clone + '_ {
        let now = self.0.back().map_or(0, |&(at, _)| at);
        self.0.iter().copied().filter(move |&(at, _)| now.saturating_sub(at) <= millis)
    }

    /// By how much a counter rose within the last `millis`; 0 after it was set back.
    pub(super) fn rise(&self, millis: u64) -> u64 {
        let first = self.within(millis).next().map_or(0, |(_, value)| value);
        self.0.back().map_or(0, |&(_, last)| last.saturating_sub(first))
    }

    /// Seconds between the first and the last point of the last `millis`, at least one.
    pub(super) fn secs(&self, millis: u64) -> u64 {
        let first = self.within(millis).next().map_or(0, |(at, _)| at);
        (self.0.back().map_or(0, |&(at, _)| at.saturating_sub(first)) / 1000).max(1)
    }

    /// Whether the value rose `steps` times or more within the last `millis`, and never fell.
    pub(super) fn only_rises(&self, millis: u64, steps: usize) -> bool {
        let later = self.within(millis).skip(1);
        let pairs = self.within(millis).zip(later).map(|((_, a), (_, b))| (a, b));
        pairs.clone().all(|(a, b)| a <= b) && pairs.filter(|(a, b)| a < b).count() >= steps
    }

    /// How long ago the oldest point is, in milliseconds.
    pub(super) fn span(&self) -> u64 {
        match (self.0.front(), self.0.back()) {
            (Some(&(first, _)), Some(&(last, _))) => last - first.min(last),
            _ => 0,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(points: &[(u64, u64)]) -> Series {
        let mut series = Series::default();
        for &(at, value) in points {
            series.push(at, value);
        }
        series
    }

    #[test]
    fn a_counter_rises_within_a_time() {
        let counter = series(&[(0, 5), (1000, 5), (2000, 8), (3000, 8), (4000, 9)]);
        assert_eq!(counter.rise(10_000), 4);
        assert_eq!(counter.rise(1_000), 1);
        assert_eq!(counter.secs(10_000), 4);
        assert!(counter.only_rises(10_000, 2));
        assert!(!counter.only_rises(10_000, 3));
        assert!(!series(&[(0, 5), (1000, 4), (2000, 9)]).only_rises(10_000, 1));
        assert_eq!(series(&[(0, 5), (1000, 2)]).rise(10_000), 0);
        assert_eq!(Series::default().rise(10_000), 0);
    }

    #[test]
    fn a_series_is_bounded() {
        let points: Vec<(u64, u64)> = (0..20_000).map(|index| (index * 50, index)).collect();
        let long = series(&points);
        assert!(long.0.len() <= 2 * (SPAN_MILLIS / SPACING_MILLIS) as usize + 2);
        assert!(long.span() <= SPAN_MILLIS);
        assert_eq!(long.0.back(), Some(&(999_950, 19_999)));
    }
}
