//! A token bucket.

use std::time::{Duration, Instant};

/// How many events at once, and how many per second in the long run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Rate {
    pub(crate) burst: f64,
    pub(crate) per_sec: f64,
}

/// Tokens that fill up with time and go with each event.
#[derive(Clone, Debug)]
pub(crate) struct Bucket {
    rate: Rate,
    tokens: f64,
    filled_at: Instant,
}

impl Bucket {
    /// A full bucket.
    pub(crate) fn new(rate: Rate, now: Instant) -> Self {
        Self { rate, tokens: rate.burst, filled_at: now }
    }

    /// Takes a token; `false` if there is none.
    pub(crate) fn take(&mut self, now: Instant) -> bool {
        let passed: Duration = now.saturating_duration_since(self.filled_at);
        self.filled_at = now;
        self.tokens = (self.tokens + passed.as_secs_f64() * self.rate.per_sec).min(self.rate.burst);
        let enough = self.tokens >= 1.0;
        if enough {
            self.tokens -= 1.0;
        }
        enough
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_burst_and_then_the_rate() {
        let start = Instant::now();
        let mut bucket = Bucket::new(Rate { burst: 40.0, per_sec: 20.0 }, start);
        let mut taken = |at_millis: u64, tries: usize| {
            (0..tries).filter(|_| bucket.take(start + Duration::from_millis(at_millis))).count()
        };
        assert_eq!(taken(0, 100), 40);
        assert_eq!(taken(1_000, 100), 20);
        assert_eq!(taken(1_049, 1), 0);
        assert_eq!(taken(1_050, 2), 1);
        assert_eq!(taken(60_000, 100), 40);
    }
}
