//! The path of a camera between two places.
//!
//! van Wijk and Nuij, *Smooth and efficient zooming and panning* (InfoVis 2003): out, across and
//! in again, so that the eye sees the picture flow at an even speed.

use crate::camera::{Camera, Viewport};

/// The trade between zooming and panning; the paper's user study found 1.42.
const RHO: f64 = 1.42;
const LONGEST_MILLIS: f64 = 800.0;
const SHORTEST_MILLIS: f64 = 120.0;
/// Milliseconds for each unit of the paper's path length.
const MILLIS_PER_LENGTH: f64 = 420.0;

/// A flight between two cameras. Whoever prefers reduced motion gets the end at once; that is the
/// caller's choice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Flight {
    from: Camera,
    to: Camera,
    /// World units between the two centres.
    distance: f64,
    /// World units that the window shows across, at the start.
    start_width: f64,
    /// The paper's r0, and its S: the length of the path.
    start_r: f64,
    length: f64,
    duration_millis: f64,
}

impl Flight {
    pub fn new(from: Camera, to: Camera, viewport: &Viewport) -> Self {
        let window_css = viewport.width_css().max(viewport.height_css()).max(1.0);
        let (w0, w1) = (window_css / from.scale, window_css / to.scale);
        let distance = (to.center_x - from.center_x).hypot(to.center_y - from.center_y);
        let (start_r, length) = if is_in_place(distance, w0) {
            (0.0, (w1 / w0).ln() / RHO)
        } else {
            let rho2 = RHO * RHO;
            let d2 = rho2 * distance;
            let b0 = (w1 * w1 - w0 * w0 + d2 * d2) / (2.0 * w0 * d2);
            let b1 = (w1 * w1 - w0 * w0 - d2 * d2) / (2.0 * w1 * d2);
            // asinh(-b), which is ln(sqrt(b^2 + 1) - b) without its cancellation at large b.
            let (r0, r1) = ((-b0).asinh(), (-b1).asinh());
            (r0, (r1 - r0) / RHO)
        };
        let duration_millis = if from == to {
            0.0
        } else {
            (length.abs() * MILLIS_PER_LENGTH).clamp(SHORTEST_MILLIS, LONGEST_MILLIS)
        };
        Self { from, to, distance, start_width: w0, start_r, length, duration_millis }
    }

    /// At most 800.
    pub fn duration_millis(&self) -> f64 {
        self.duration_millis
    }

    /// The camera `millis` after the start; the end, exactly, from the duration on.
    pub fn at(&self, millis: f64) -> Camera {
        if millis >= self.duration_millis {
            return self.to;
        }
        if millis <= 0.0 {
            return self.from;
        }
        let s = eased(millis / self.duration_millis) * self.length;
        if is_in_place(self.distance, self.start_width) {
            let share = eased(millis / self.duration_millis);
            return Camera {
                center_x: self.from.center_x + share * (self.to.center_x - self.from.center_x),
                center_y: self.from.center_y + share * (self.to.center_y - self.from.center_y),
                scale: self.from.scale * (-RHO * s).exp(),
            };
        }
        let (r0, w0) = (self.start_r, self.start_width);
        let along = w0 / (RHO * RHO) * (r0.cosh() * (RHO * s + r0).tanh() - r0.sinh());
        let width = w0 * r0.cosh() / (RHO * s + r0).cosh();
        let share = along / self.distance;
        Camera {
            center_x: self.from.center_x + share * (self.to.center_x - self.from.center_x),
            center_y: self.from.center_y + share * (self.to.center_y - self.from.center_y),
            scale: self.from.scale * w0 / width,
        }
    }
}

/// Closer than a thousandth of the window counts as zooming alone.
fn is_in_place(distance: f64, window: f64) -> bool {
    distance < window * 1e-3
}

/// Slow at both ends.
fn eased(t: f64) -> f64 {
    t * t * (3.0 - 2.0 * t)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VIEW: Viewport = Viewport { width_px: 1600, height_px: 900, device_pixel_ratio: 1.0 };

    fn camera() -> impl Strategy<Value = Camera> {
        (-1e6..1e6, -1e6..1e6, -14.0..2.0).prop_map(
            |(center_x, center_y, zoom): (f64, f64, f64)| Camera {
                center_x,
                center_y,
                scale: zoom.exp2(),
            },
        )
    }

    proptest! {
        #[test]
        fn flights_are_smooth_and_end_where_they_should(from in camera(), to in camera()) {
            let flight = Flight::new(from, to, &VIEW);
            prop_assert!(flight.duration_millis() <= 800.0);
            prop_assert_eq!(flight.at(0.0), from);
            prop_assert_eq!(flight.at(flight.duration_millis()), to);
            // The formula itself, and not only the guard at its end, arrives.
            let late = flight.at(flight.duration_millis() - 1e-6);
            prop_assert!((late.scale / to.scale).ln().abs() < 1e-3);
            prop_assert!((late.center_x - to.center_x).abs() * to.scale < 1.0);
            prop_assert!((late.center_y - to.center_y).abs() * to.scale < 1.0);
        }
    }

    #[test]
    fn a_far_flight_goes_out_before_it_comes_in() {
        let from = Camera { center_x: 0.0, center_y: 0.0, scale: 1.0 };
        let flight = Flight::new(from, Camera { center_x: 50_000.0, ..from }, &VIEW);
        assert!(flight.at(flight.duration_millis() / 2.0).scale < 0.2);
        assert_eq!(flight.duration_millis(), 800.0);
    }

    #[test]
    fn a_flight_to_the_same_place_takes_no_time() {
        let camera = Camera::default();
        assert_eq!(Flight::new(camera, camera, &VIEW).duration_millis(), 0.0);
    }
}
