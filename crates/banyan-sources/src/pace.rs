//! How often a server is looked at: the controller of what that costs.

use std::time::{Duration, Instant};

use crate::{link::Meter, watch::PollOptions};

/// The longest wait between two looks.
const LONGEST: Duration = Duration::from_secs(30);
/// The longest that a look which cost more than the longest wait pays for is paid off.
const LONGEST_DEBT: Duration = Duration::from_secs(300);

/// Spreads looks so that they take no more of a server's time than its budget allows.
pub(crate) struct Pace {
    interval: Duration,
    budget: f64,
    /// When all looks so far are paid for.
    paid_at: Option<Instant>,
}

impl Pace {
    pub(crate) fn new(options: PollOptions) -> Self {
        let budget = options.budget.clamp(1e-6, 1.0);
        Self { interval: options.interval, budget, paid_at: None }
    }

    /// When the look after one that began at `begin` and took `micros` of the server's time is due.
    pub(crate) fn next(&mut self, meter: &Meter, begin: Instant, micros: f64) -> Instant {
        let price = Duration::from_secs_f64((micros.max(0.0) / 1e6 / self.budget).min(1e6));
        let paid_at = self.paid_at.map_or(begin, |at| at.max(begin)) + price;
        let paid_at = paid_at.min(begin + LONGEST_DEBT);
        self.paid_at = Some(paid_at);
        let next = paid_at.min(begin + LONGEST).max(begin + self.interval);
        meter.set_pace(self.budget, next - begin);
        next
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_are_paid_for() {
        let options = PollOptions { budget: 0.01, ..PollOptions::default() };
        let (mut pace, meter) = (Pace::new(options), Meter::default());
        let begin = Instant::now();
        let mut wait = |begin, micros| (pace.next(&meter, begin, micros) - begin).as_millis();
        assert_eq!(wait(begin, 100.0), 500, "cheap looks come as often as is asked");
        assert_eq!(wait(begin + Duration::from_millis(500), 8000.0), 800);
        let later = begin + Duration::from_millis(1300);
        assert_eq!(wait(later, 1e6), 30_000, "a hundred seconds to pay, and a look in between");
        assert_eq!(wait(later + Duration::from_secs(30), 100.0), 30_000, "still in debt");
        assert_eq!(wait(later + Duration::from_secs(90), 100.0), 10_020);
        let cost = meter.cost();
        assert_eq!((cost.budget_ppm, cost.interval_millis), (10_000, 10_020));
    }

    proptest::proptest! {
        #[test]
        fn the_share_holds(costs in proptest::collection::vec(0.0..50_000.0_f64, 1..200)) {
            let options = PollOptions { budget: 0.01, ..PollOptions::default() };
            let (mut pace, meter) = (Pace::new(options), Meter::default());
            let begin = Instant::now();
            let mut at = begin;
            for micros in &costs {
                at = pace.next(&meter, at, *micros);
            }
            let spent: f64 = costs.iter().sum();
            proptest::prop_assert!(spent <= (at - begin).as_micros() as f64 * 0.01 + 1.0);
        }
    }
}
