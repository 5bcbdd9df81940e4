//! Whether the other side answers, and when to try again.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use banyan_topology::{Fault, Health};
use tokio::time::sleep;
use tokio_util::sync::CancellationToken;

const FIRST: Duration = Duration::from_millis(500);
const LONGEST: Duration = Duration::from_secs(10);

/// Keeps the account of one link's answers and failures.
#[derive(Default)]
pub(crate) struct Liveness {
    /// Failures since the last answer.
    failures: u32,
    answered_at_millis: Option<u64>,
}

impl Liveness {
    /// Notes an answer. Returns the news, if it is any.
    pub(crate) fn answer(&mut self, at_millis: u64) -> Option<Health> {
        let is_news = self.failures > 0 || self.answered_at_millis.is_none();
        self.failures = 0;
        self.answered_at_millis = Some(at_millis);
        is_news.then_some(Health::Live { at_millis })
    }

    /// Notes a failure. Returns the news, and how long to wait before the next try.
    pub(crate) fn failure(&mut self, fault: Fault) -> (Health, Duration) {
        let delay = self.next_delay();
        let retry_in_millis = delay.as_millis() as u64;
        let health = Health::Down { fault, since_millis: self.answered_at_millis, retry_in_millis };
        (health, delay)
    }

    /// Doubles from 0.5 s to 10 s; each wait is between half and the whole of its step, so that
    /// bridges that lost the same server do not come back at the same moment.
    fn next_delay(&mut self) -> Duration {
        let step = FIRST.saturating_mul(1 << self.failures.min(10)).min(LONGEST);
        self.failures += 1;
        // The system seeds each state anew.
        let random = RandomState::new().hash_one(self.failures);
        let share = (random >> 11) as f64 / (1_u64 << 53) as f64;
        step.mul_f64(0.5 + 0.5 * share)
    }
}

/// Waits; false if `shutdown` came first.
pub(crate) async fn rest(delay: Duration, shutdown: &CancellationToken) -> bool {
    tokio::select! {
        () = shutdown.cancelled() => false,
        () = sleep(delay) => true,
    }
}

#[cfg(test)]
mod tests {
    use banyan_topology::FaultKind;

    use super::*;

    #[test]
    fn waits_grow_to_ten_seconds() {
        let mut liveness = Liveness::default();
        let waits: Vec<f64> = (0..40).map(|_| liveness.next_delay().as_secs_f64()).collect();
        assert!((0.25..=0.5).contains(&waits[0]));
        assert!((1.0..=2.0).contains(&waits[2]));
        assert!(waits[6..].iter().all(|wait| (5.0..=10.0).contains(wait)));
        liveness.answer(1);
        assert!(liveness.next_delay() <= FIRST);
    }

    #[test]
    fn only_changes_are_news() {
        let mut liveness = Liveness::default();
        assert_eq!(liveness.answer(5), Some(Health::Live { at_millis: 5 }));
        assert_eq!(liveness.answer(6), None);
        for _ in 0..2 {
            let (health, _) = liveness.failure(Fault::new(FaultKind::Lost, ""));
            assert!(matches!(health, Health::Down { since_millis: Some(6), .. }));
        }
        assert_eq!(liveness.answer(9), Some(Health::Live { at_millis: 9 }));
    }
}
