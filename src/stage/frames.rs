//! How long the main thread works for each frame, and how long one waits for a picture.

use crate::app::control::now_millis;

/// Work of the frames, in milliseconds. Raster is not in it: the browser does that later.
#[derive(Clone, Debug)]
pub struct Frames {
    /// Frames drawn since the page was opened.
    pub drawn: u64,
    /// Of those that are remembered, how many moved the main canvas as it was, and the most draw calls
    /// of one on it.
    pub moved: u32,
    pub most_calls: u32,
    /// How many of the frames that are remembered took so many tenths of a millisecond, which is as
    /// fine as the browser's clock goes; the last one counts all that took longer.
    tenths: Vec<u32>,
    most_millis: f64,
}

/// A tenth of a second.
const TENTHS: usize = 1000;

/// The middle, the slow twentieth, and the slowest of the frames that are remembered; milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct FrameTimes {
    pub p50: f64,
    pub p95: f64,
    pub max: f64,
}

impl Frames {
    pub fn new() -> Self {
        Self { drawn: 0, moved: 0, most_calls: 0, tenths: vec![0; TENTHS], most_millis: 0.0 }
    }

    pub fn add(&mut self, millis: f64) {
        // The cast saturates.
        let tenth = ((millis * 10.0).round() as usize).min(TENTHS - 1);
        if let Some(count) = self.tenths.get_mut(tenth) {
            *count += 1;
        }
        self.most_millis = self.most_millis.max(millis);
        self.drawn += 1;
    }

    /// Forgets the times, so that a measurement starts afresh; the count goes on.
    pub fn forget(&mut self) {
        *self = Self { drawn: self.drawn, ..Self::new() };
    }

    /// Of all frames since the last [`Self::forget`].
    pub fn times(&self) -> FrameTimes {
        let total: u32 = self.tenths.iter().sum();
        let at = |share: f64| {
            let rank = (share * f64::from(total.saturating_sub(1))).round() as u32;
            let mut before = 0;
            let slot = self.tenths.iter().position(|count| {
                before += count;
                before > rank
            });
            slot.unwrap_or_default() as f64 / 10.0
        };
        FrameTimes { p50: at(0.5), p95: at(0.95), max: self.most_millis }
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

/// How long it took until a window was whole: every tile of its level there.
#[derive(Clone, Copy, Debug, Default)]
pub struct FirstPicture {
    pub millis: f64,
    /// When a family was asked for that is not there yet.
    asked: Option<f64>,
    /// When the making of the scene began that is there, and not drawn yet.
    began: Option<f64>,
}

impl FirstPicture {
    /// A family is asked for.
    pub fn ask(&mut self) {
        self.asked = Some(now_millis());
    }

    /// The scene of what was asked for is there.
    pub fn answer(&mut self) {
        self.began = self.asked.take().or(self.began);
    }

    /// A scene is there; it took so long to make.
    pub fn begin(&mut self, scene_millis: f64) {
        self.began = Some(now_millis() - scene_millis);
    }

    /// A frame lacks no tile.
    pub fn end(&mut self) {
        if let Some(began) = self.began.take() {
            self.millis = now_millis() - began;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_middle_the_slow_and_the_slowest_are_found() {
        let mut frames = Frames::new();
        assert_eq!(frames.times(), FrameTimes::default());
        for millis in 0..100 {
            frames.add(f64::from(millis) / 10.0);
        }
        frames.add(2_000.0);
        assert_eq!(frames.drawn, 101);
        assert_eq!(frames.times(), FrameTimes { p50: 5.0, p95: 9.5, max: 2_000.0 });
        frames.forget();
        frames.add(3.0);
        assert_eq!(frames.drawn, 102);
        assert_eq!(frames.times(), FrameTimes { p50: 3.0, p95: 3.0, max: 3.0 });
    }
}
