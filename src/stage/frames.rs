//! How long the main thread works for each frame, and how long one waits for a picture.

use crate::app::control::now_millis;

/// Work of the last frames, in milliseconds. Raster is not in it: the browser does that later.
#[derive(Clone, Debug)]
pub struct Frames {
    /// Frames drawn since the page was opened.
    pub drawn: u64,
    /// A ring of the last [`KEPT`], and where the next one goes.
    recent_millis: Vec<f64>,
    next: usize,
}

const KEPT: usize = 600;

/// The middle, the slow twentieth, and the slowest of the frames that are remembered; milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameTimes {
    pub p50: f64,
    pub p95: f64,
    pub max: f64,
}

impl Frames {
    pub fn new() -> Self {
        Self { drawn: 0, recent_millis: Vec::with_capacity(KEPT), next: 0 }
    }

    pub fn add(&mut self, millis: f64) {
        if let Some(oldest) = self.recent_millis.get_mut(self.next) {
            *oldest = millis;
        } else {
            self.recent_millis.push(millis);
        }
        self.next = (self.next + 1) % KEPT;
        self.drawn += 1;
    }

    /// Forgets the times, so that a measurement starts afresh; the count goes on.
    pub fn forget(&mut self) {
        self.recent_millis.clear();
        self.next = 0;
    }

    pub fn times(&self) -> FrameTimes {
        let mut sorted = self.recent_millis.clone();
        sorted.sort_by(f64::total_cmp);
        let at = |share: f64| {
            let last = sorted.len().checked_sub(1)?;
            sorted.get((share * last as f64).round() as usize).copied()
        };
        FrameTimes {
            p50: at(0.5).unwrap_or_default(),
            p95: at(0.95).unwrap_or_default(),
            max: at(1.0).unwrap_or_default(),
        }
    }
}

impl Default for Frames {
    fn default() -> Self {
        Self::new()
    }
}

/// How long a part of the window had no tile of any level, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct Holes {
    pub longest_millis: f64,
    since_millis: Option<f64>,
}

impl Holes {
    /// Takes note of a frame that has a hole, or has none.
    pub fn see(&mut self, is_open: bool) {
        if !is_open && self.since_millis.is_none() {
            return;
        }
        let now = now_millis();
        let since = *self.since_millis.get_or_insert(now);
        self.longest_millis = self.longest_millis.max(now - since);
        if !is_open {
            self.since_millis = None;
        }
    }
}

/// How long it took from a scene's layout to its first whole picture, in milliseconds.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstPicture {
    pub millis: f64,
    /// When the scene was there, and how long that had taken.
    began: Option<(f64, f64)>,
}

impl FirstPicture {
    /// A scene is there; it took so long to make.
    pub fn begin(&mut self, scene_millis: f64) {
        self.began = Some((now_millis(), scene_millis));
    }

    /// A frame lacks no tile.
    pub fn end(&mut self) {
        if let Some((at, scene_millis)) = self.began.take() {
            self.millis = scene_millis + now_millis() - at;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ring_keeps_the_last_frames() {
        let mut frames = Frames::new();
        assert_eq!(frames.times(), FrameTimes::default());
        for millis in 0..(KEPT as u32 + 100) {
            frames.add(f64::from(millis));
        }
        assert_eq!(frames.drawn, KEPT as u64 + 100);
        let times = frames.times();
        assert_eq!(times.max, KEPT as f64 + 99.0);
        assert!(times.p50 > 350.0 && times.p50 < 450.0);
        frames.forget();
        frames.add(3.0);
        assert_eq!(frames.drawn, KEPT as u64 + 101);
        assert_eq!(frames.times(), FrameTimes { p50: 3.0, p95: 3.0, max: 3.0 });
    }
}
