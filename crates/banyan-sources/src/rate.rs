//! How fast a count grows.

use std::time::{Duration, Instant};

/// The least time that a rate is measured over.
const SPAN: Duration = Duration::from_secs(1);

/// The growth of a count a second, from one look to the next that is a second later.
#[derive(Default)]
pub(crate) struct Rate {
    earlier: Option<(u64, Instant)>,
    per_sec: Option<u64>,
}

impl Rate {
    /// The rate with a new count; `None` until there are two of them.
    pub(crate) fn of(&mut self, count: u64, now: Instant) -> Option<u64> {
        match self.earlier {
            None => self.earlier = Some((count, now)),
            Some((earlier, then)) => {
                let span = now.saturating_duration_since(then);
                if span >= SPAN {
                    let growth = count.saturating_sub(earlier) as f64;
                    self.per_sec = Some((growth / span.as_secs_f64()).round() as u64);
                    self.earlier = Some((count, now));
                }
            }
        }
        self.per_sec
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_needs_two_counts_a_second_apart() {
        let mut rate = Rate::default();
        let begin = Instant::now();
        let at = |millis| begin + Duration::from_millis(millis);
        assert_eq!(rate.of(100, at(0)), None);
        assert_eq!(rate.of(150, at(500)), None);
        assert_eq!(rate.of(400, at(1500)), Some(200));
        assert_eq!(rate.of(999, at(1600)), Some(200));
        assert_eq!(rate.of(0, at(3500)), Some(0), "a count that starts again");
    }
}
