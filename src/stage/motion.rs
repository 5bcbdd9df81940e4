//! How the camera moves by itself: easing to a zoom, gliding after a throw, flying to a place.

use banyan_layout::geometry::Rect;
use banyan_scene::{Camera, Course, Flight, Inertia, Viewport, ZoomStep};

/// Milliseconds in which a zoom covers all but 1/e of its way.
const ZOOM_MILLIS: f64 = 55.0;
/// A zoom that has heard nothing for this long settles on the lattice.
const SETTLE_MILLIS: f64 = 140.0;
/// Closer to its goal than this share of an octave, a zoom has arrived.
const ARRIVED_OCTAVES: f64 = 0.002;

#[derive(Clone, Debug, Default)]
pub enum Motion {
    #[default]
    Rest,
    Zoom(Zoom),
    Glide(Inertia),
    Fly {
        flight: Flight,
        began_millis: f64,
    },
}

/// Eases the scale towards a goal, with the world under one point of the canvas held still.
#[derive(Clone, Copy, Debug)]
pub struct Zoom {
    /// CSS px.
    pub at: (f64, f64),
    pub goal: f64,
    /// When the hand last asked for more, in milliseconds.
    pub asked_millis: f64,
}

impl Motion {
    pub const fn is_resting(&self) -> bool {
        matches!(self, Self::Rest)
    }

    /// Where the camera is going, as far as it is known.
    pub fn course(&self, camera: &Camera, viewport: &Viewport) -> Course {
        match self {
            Self::Zoom(zoom) => {
                let goal = ZoomStep::nearest(zoom.goal).scale();
                Course::Bound { to: camera.zoom_at(viewport, zoom.at, goal).snapped(viewport) }
            }
            Self::Fly { flight, .. } => Course::Bound { to: flight.at(flight.duration_millis()) },
            Self::Glide(glide) => Course::Level { motion: (glide.velocity_x, glide.velocity_y) },
            Self::Rest if (camera.scale / camera.step().scale() - 1.0).abs() > 1e-9 => {
                Course::Adrift
            }
            Self::Rest => Course::Level { motion: (0.0, 0.0) },
        }
    }

    /// Multiplies the goal of the zoom, or begins one.
    /// The goal stays within `limits`, in CSS px per world unit.
    pub fn zoom_by(
        &mut self,
        camera: &Camera,
        at: (f64, f64),
        factor: f64,
        limits: (f64, f64),
        now_millis: f64,
    ) {
        let goal = match self {
            Self::Zoom(zoom) => zoom.goal,
            Self::Rest | Self::Glide(_) | Self::Fly { .. } => camera.scale,
        };
        let goal = (goal * factor).max(limits.0).min(limits.1);
        *self = Self::Zoom(Zoom { at, goal, asked_millis: now_millis });
    }

    /// The camera after `elapsed_millis` more, at `now_millis`; ends itself when it has arrived.
    pub fn advance(
        &mut self,
        camera: Camera,
        viewport: &Viewport,
        bounds: Rect,
        now_millis: f64,
        elapsed_millis: f64,
    ) -> Camera {
        match self {
            Self::Rest => camera,
            Self::Zoom(zoom) => {
                if now_millis - zoom.asked_millis > SETTLE_MILLIS {
                    zoom.goal = ZoomStep::nearest(zoom.goal).scale();
                }
                let octaves = (zoom.goal / camera.scale).log2();
                let is_settled = now_millis - zoom.asked_millis > SETTLE_MILLIS;
                if octaves.abs() < ARRIVED_OCTAVES {
                    let arrived = camera.zoom_at(viewport, zoom.at, zoom.goal);
                    if is_settled {
                        *self = Self::Rest;
                    }
                    return arrived;
                }
                let share = 1.0 - (-elapsed_millis / ZOOM_MILLIS).exp();
                camera.zoom_at(viewport, zoom.at, camera.scale * (octaves * share).exp2())
            }
            Self::Glide(inertia) => {
                if let Some((dx, dy)) = inertia.step(elapsed_millis) {
                    let moved = camera.pan_by_css_px(dx, dy);
                    let held = moved.clamped(bounds, viewport);
                    if held != moved {
                        *self = Self::Rest;
                    }
                    held
                } else {
                    *self = Self::Rest;
                    camera
                }
            }
            Self::Fly { flight, began_millis } => {
                let since = now_millis - *began_millis;
                let camera = flight.at(since);
                if since >= flight.duration_millis() {
                    *self = Self::Rest;
                }
                camera
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const VIEW: Viewport = Viewport { width_px: 1600, height_px: 900, device_pixel_ratio: 1.0 };
    const BOUNDS: Rect = Rect::new(0, 0, 10_000, 10_000);

    fn run(mut motion: Motion, mut camera: Camera) -> Camera {
        for frame in 1..1000 {
            camera = motion.advance(camera, &VIEW, BOUNDS, f64::from(frame) * 16.0, 16.0);
            if motion.is_resting() {
                return camera;
            }
        }
        panic!("never comes to rest: {motion:?}");
    }

    #[test]
    fn a_zoom_rests_on_the_lattice_with_its_point_held() {
        let camera = Camera { center_x: 500.0, center_y: 500.0, scale: 1.0 };
        let at = (100.0, 700.0);
        let mut motion = Motion::Rest;
        motion.zoom_by(&camera, at, 1.37, (0.1, 4.0), 0.0);
        let rested = run(motion, camera);
        assert_eq!(rested.scale, rested.step().scale());
        let before = camera.world_from_screen(&VIEW, at);
        let after = rested.world_from_screen(&VIEW, at);
        assert!((before.0 - after.0).abs() < 1e-6 && (before.1 - after.1).abs() < 1e-6);
    }

    #[test]
    fn a_glide_stops_at_the_edge() {
        let camera = Camera { center_x: 100.0, center_y: 100.0, scale: 1.0 };
        let rested = run(Motion::Glide(Inertia { velocity_x: 1e4, velocity_y: 0.0 }), camera);
        assert_eq!(rested, rested.clamped(BOUNDS, &VIEW));
    }
}
