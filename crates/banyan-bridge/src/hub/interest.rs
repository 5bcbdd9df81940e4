//! Whether somebody wants something, with some inertia.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use tokio::sync::Notify;

/// How often a poller looks whether it is still wanted. Arrivals are told at once.
const LOOK_EVERY: Duration = Duration::from_secs(1);

pub(super) struct Interest {
    /// How long interest lasts after the last browser left.
    linger: Duration,
    arrived: Notify,
    seen_at: Mutex<Option<Instant>>,
}

impl Interest {
    pub(super) fn new(linger: Duration) -> Self {
        Self { linger, arrived: Notify::new(), seen_at: Mutex::default() }
    }

    /// Tells the one who waits in [`Interest::changed`] that somebody came.
    pub(super) fn arrive(&self) {
        self.arrived.notify_one();
    }

    /// Whether there is interest, given how many browsers there are now.
    pub(super) fn lasts(&self, browsers: usize) -> bool {
        let mut seen_at = self.seen_at.lock().unwrap_or_else(PoisonError::into_inner);
        if browsers > 0 {
            *seen_at = Some(Instant::now());
        }
        seen_at.is_some_and(|at| at.elapsed() < self.linger)
    }

    /// Returns when it is worth looking again.
    pub(super) async fn changed(&self) {
        tokio::select! {
            () = self.arrived.notified() => {}
            () = tokio::time::sleep(LOOK_EVERY) => {}
        }
    }
}
