//! Windows of MONITOR that browsers ask for.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use banyan_sources::{Link, ObserveOptions, observe};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::bucket::{Bucket, Rate};

/// Each costs the server, and all browsers share what it shows.
const WINDOWS: Rate = Rate { burst: 2.0, per_sec: 0.1 };

pub(super) struct Windows {
    link: Arc<Link>,
    delimiter: String,
    allowed: Mutex<Bucket>,
    tasks: TaskTracker,
    stop: CancellationToken,
}

impl Windows {
    pub(super) fn new(
        link: Arc<Link>,
        delimiter: String,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let allowed = Mutex::new(Bucket::new(WINDOWS, Instant::now()));
        Self { link, delimiter, allowed, tasks, stop }
    }

    /// Opens one, unless that was asked for too often.
    pub(super) fn open(&self, duration: Duration) {
        let mut allowed = self.allowed.lock().unwrap_or_else(PoisonError::into_inner);
        if !allowed.take(Instant::now()) {
            return;
        }
        let (link, stop) = (self.link.clone(), self.stop.clone());
        let delimiter = self.delimiter.clone();
        let options = ObserveOptions { duration, delimiter, ..ObserveOptions::default() };
        self.tasks.spawn(async move {
            tokio::select! {
                window = observe(&link, &options) => match window {
                    Ok(window) => tracing::debug!(commands = window.commands, "a window closes"),
                    Err(fault) => tracing::info!("a window of MONITOR: {fault}"),
                },
                () = stop.cancelled() => {}
            }
        });
    }
}
