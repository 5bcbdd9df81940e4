//! How fast keys are walked.

use std::time::Duration;

use tokio::time::{Instant, sleep_until};

/// Between two looks at prices and totals.
pub(super) const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// A SCAN is steered to take this long inside the server.
const SCAN_MICROS: f64 = 500.0;
/// The longest that one batch is paid for, in seconds: prices are the server's own words.
const LONGEST_DEBT_SECS: f64 = 3600.0;

/// Keeps a pass within its budget and its SCANs short.
pub(super) struct Pace {
    budget: f64,
    /// COUNT of the next SCAN.
    pub(super) count: u32,
    /// When what has been spent so far is paid for.
    paid_at: Instant,
    pub(super) look_due: Instant,
}

impl Pace {
    pub(super) fn new(budget: f64) -> Self {
        let now = Instant::now();
        // The first look comes soon, so that prices are known after the first batches.
        let look_due = now + LOOK_INTERVAL / 20;
        Self { budget: budget.clamp(1e-4, 1.0), count: 100, paid_at: now, look_due }
    }

    pub(super) fn spend(&mut self, micros: f64) {
        let secs = (micros.max(0.0) / 1e6 / self.budget).min(LONGEST_DEBT_SECS);
        let due = Duration::from_secs_f64(secs);
        self.paid_at = self.paid_at.max(Instant::now() - due.min(LOOK_INTERVAL)) + due;
    }

    pub(super) async fn wait(&self) {
        // Shorter than the timer's grain: paid with the next batch.
        if self.budget < 1.0 && self.paid_at > Instant::now() + Duration::from_millis(1) {
            sleep_until(self.paid_at).await;
        }
    }

    /// Steers COUNT by what a SCAN takes in the mean.
    pub(super) fn steer(&mut self, scan_micros: Option<f64>) {
        let Some(micros) = scan_micros.filter(|micros| *micros > 0.0) else { return };
        // At once, for each round trip is a wait of both sides.
        let factor = (SCAN_MICROS / micros).clamp(0.1, 10.0);
        self.count = (f64::from(self.count) * factor).clamp(10.0, 1000.0) as u32;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_price_is_too_high() {
        let mut pace = Pace::new(0.0);
        for micros in [f64::NAN, f64::INFINITY, f64::MAX, u64::MAX as f64, -1.0] {
            pace.spend(micros);
        }
        assert!(pace.paid_at > Instant::now() + Duration::from_secs(3600));
        assert!(pace.paid_at < Instant::now() + Duration::from_secs(4 * 3600));
    }
}
