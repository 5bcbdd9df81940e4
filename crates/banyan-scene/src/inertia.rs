//! The picture glides on for a moment after the hand lets go.

/// Milliseconds in which the speed falls to 1/e.
const DECAY_MILLIS: f64 = 180.0;
/// CSS px per millisecond below which the picture rests.
const REST_SPEED: f64 = 0.02;
/// A hand that held still for as long as this before letting go throws nothing.
const SAMPLE_MILLIS: f64 = 80.0;

/// A glide: speed in CSS px per millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Inertia {
    pub velocity_x: f64,
    pub velocity_y: f64,
}

impl Inertia {
    /// The speed of the hand over the last 80 ms before `released_millis`, from samples of
    /// `(time in ms, x, y in CSS px)`, oldest first. No speed if there are fewer than two.
    pub fn of_samples(samples: &[(f64, f64, f64)], released_millis: f64) -> Self {
        let mut recent = samples.iter().filter(|s| released_millis - s.0 <= SAMPLE_MILLIS);
        let (Some(first), Some(last)) = (recent.clone().next(), recent.next_back()) else {
            return Self::default();
        };
        let millis = last.0 - first.0;
        if millis < 1.0 {
            return Self::default();
        }
        Self { velocity_x: (last.1 - first.1) / millis, velocity_y: (last.2 - first.2) / millis }
    }

    /// How far the picture moves in the next `millis`, in CSS px; `None` once it rests.
    pub fn step(&mut self, millis: f64) -> Option<(f64, f64)> {
        if self.velocity_x.hypot(self.velocity_y) < REST_SPEED {
            *self = Self::default();
            return None;
        }
        // The integral of the decaying speed, so that the path does not depend on the frame rate.
        let left = (-millis.max(0.0) / DECAY_MILLIS).exp();
        let travelled = DECAY_MILLIS * (1.0 - left);
        let moved = (self.velocity_x * travelled, self.velocity_y * travelled);
        self.velocity_x *= left;
        self.velocity_y *= left;
        Some(moved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn glide(frame_millis: f64) -> f64 {
        let mut inertia = Inertia { velocity_x: 2.0, velocity_y: 0.0 };
        let mut moved = 0.0;
        while let Some((dx, _)) = inertia.step(frame_millis) {
            moved += dx;
        }
        moved
    }

    #[test]
    fn glide_is_the_same_at_any_frame_rate() {
        assert!((glide(16.0) - glide(7.0)).abs() < 4.0);
        assert!((glide(16.0) - 360.0).abs() < 6.0);
    }

    #[test]
    fn speed_is_that_of_the_last_moments() {
        let samples =
            [(0.0, 500.0, 0.0), (1000.0, 0.0, 0.0), (1016.0, 16.0, 0.0), (1032.0, 32.0, 8.0)];
        let thrown = Inertia::of_samples(&samples, 1040.0);
        assert_eq!((thrown.velocity_x, thrown.velocity_y), (1.0, 0.25));
        assert_eq!(Inertia::of_samples(&samples, 2000.0), Inertia::default());
        assert_eq!(Inertia::of_samples(&[], 0.0), Inertia::default());
    }
}
