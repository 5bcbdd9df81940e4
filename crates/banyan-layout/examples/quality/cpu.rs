//! The time that this program has had a processor for: other programs share the machine.

use std::time::Instant;

pub(crate) struct Clock {
    begin: Instant,
    /// Nanoseconds before the beginning; `None` where the system does not tell.
    on_cpu: Option<u64>,
}

impl Clock {
    pub(crate) fn start() -> Self {
        Self { begin: Instant::now(), on_cpu: on_cpu() }
    }

    /// Since the start, by the wall where the system knows no better.
    pub(crate) fn millis(&self) -> f64 {
        match (self.on_cpu, on_cpu()) {
            (Some(begin), Some(end)) => (end - begin) as f64 / 1e6,
            _ => self.begin.elapsed().as_secs_f64() * 1e3,
        }
    }
}

/// The first figure that Linux tells of a process: see its `sched-stats` documentation.
fn on_cpu() -> Option<u64> {
    std::fs::read_to_string("/proc/self/schedstat").ok()?.split(' ').next()?.parse().ok()
}
