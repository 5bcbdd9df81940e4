//! The latest state of one thing.

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use tokio::sync::watch;

use super::{Bell, Frame};

/// Holds the latest frame; `None` before the first, and while nobody watches: what is old by then
/// must not be shown as news.
pub(super) struct Feed {
    frames: watch::Sender<Option<Arc<Frame>>>,
    numbers: AtomicU64,
    bell: Bell,
}

impl Feed {
    pub(super) fn new(bell: Bell) -> Self {
        Self { frames: watch::Sender::new(None), numbers: AtomicU64::new(0), bell }
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Option<Arc<Frame>>> {
        self.frames.subscribe()
    }

    pub(super) fn latest(&self) -> Option<Arc<Frame>> {
        self.frames.borrow().clone()
    }

    pub(super) fn watchers(&self) -> usize {
        self.frames.receiver_count()
    }

    /// A number for the next frame. Never used twice, so a browser that has frame `n` cannot take a
    /// delta for one of another run.
    pub(super) fn next_number(&self) -> u64 {
        self.numbers.fetch_add(1, Ordering::Relaxed)
    }

    pub(super) fn publish(&self, frame: Frame) {
        self.frames.send_replace(Some(Arc::new(frame)));
        self.bell.ring();
    }

    pub(super) fn clear(&self) {
        self.frames.send_replace(None);
    }
}
