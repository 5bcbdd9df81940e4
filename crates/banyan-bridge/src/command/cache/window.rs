//! Windows of MONITOR that the command line asks for.

use std::time::Duration;

use banyan_sources::{ObserveOptions, redis::monitor::LONGEST_WINDOW};

/// A window of so many seconds.
pub(super) fn window(secs: f64) -> anyhow::Result<ObserveOptions> {
    anyhow::ensure!(
        secs > 0.0 && secs <= LONGEST_WINDOW.as_secs_f64(),
        "a window is open for more than 0 and at most {} seconds",
        LONGEST_WINDOW.as_secs()
    );
    Ok(ObserveOptions { duration: Duration::from_secs_f64(secs), ..ObserveOptions::default() })
}
