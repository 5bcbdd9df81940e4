//! The arithmetic between a small picture of everything and the camera.

use banyan_layout::geometry::Rect;
use serde::{Deserialize, Serialize};

use crate::camera::{Camera, Viewport, WorldRect};

/// How the world lies in the minimap's box: `minimap px = world * scale + offset`. The px are those
/// in which the box was given (CSS px for the viewport's rectangle, device px for the thumbnail).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Minimap {
    pub width: f64,
    pub height: f64,
    pub scale: f64,
    pub offset_x: f64,
    pub offset_y: f64,
}

impl Minimap {
    /// All of `bounds`, centred in a box of `width` x `height` px with `padding` px around.
    pub fn new(bounds: Rect, width: f64, height: f64, padding: f64) -> Self {
        let room = |side: f64| (side - 2.0 * padding).max(1.0);
        let scale = (room(width) / f64::from(bounds.width.max(1)))
            .min(room(height) / f64::from(bounds.height.max(1)));
        Self {
            width,
            height,
            scale,
            offset_x: width / 2.0 - (f64::from(bounds.x) + f64::from(bounds.width) / 2.0) * scale,
            offset_y: height / 2.0 - (f64::from(bounds.y) + f64::from(bounds.height) / 2.0) * scale,
        }
    }

    /// Minimap px of a world point.
    pub fn minimap_from_world(&self, world: (f64, f64)) -> (f64, f64) {
        (world.0 * self.scale + self.offset_x, world.1 * self.scale + self.offset_y)
    }

    /// World point under a point of the minimap: where the camera's centre goes on a click.
    pub fn world_from_minimap(&self, point: (f64, f64)) -> (f64, f64) {
        ((point.0 - self.offset_x) / self.scale, (point.1 - self.offset_y) / self.scale)
    }

    /// What the camera sees, in minimap px; it may reach beyond the box.
    pub fn view_rect(&self, camera: &Camera, viewport: &Viewport) -> WorldRect {
        let seen = camera.visible_world(viewport);
        let (x, y) = self.minimap_from_world((seen.x, seen.y));
        WorldRect { x, y, width: seen.width * self.scale, height: seen.height * self.scale }
    }

    /// The camera looking at a point of the minimap, at the scale it has.
    pub fn camera_at(&self, camera: &Camera, point: (f64, f64)) -> Camera {
        let (center_x, center_y) = self.world_from_minimap(point);
        Camera { center_x, center_y, ..*camera }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VIEW: Viewport = Viewport { width_px: 1600, height_px: 900, device_pixel_ratio: 2.0 };

    proptest! {
        #[test]
        fn the_whole_world_fits_and_both_ways_agree(
            x in -100_000..100_000i32, y in -100_000..100_000i32,
            w in 1..1_000_000i32, h in 1..1_000_000i32, px in 0.0..200.0, py in 0.0..140.0,
        ) {
            let bounds = Rect::new(x, y, w, h);
            let minimap = Minimap::new(bounds, 200.0, 140.0, 6.0);
            for corner in [(bounds.x, bounds.y), (bounds.right(), bounds.bottom())] {
                let (mx, my) = minimap.minimap_from_world((f64::from(corner.0), f64::from(corner.1)));
                prop_assert!((5.999..=194.001).contains(&mx) && (5.999..=134.001).contains(&my));
            }
            let back = minimap.minimap_from_world(minimap.world_from_minimap((px, py)));
            prop_assert!((back.0 - px).abs() < 1e-6 && (back.1 - py).abs() < 1e-6);
            // The rectangle of a camera moved to a point is centred on that point.
            let camera = minimap.camera_at(&Camera { scale: 0.25, ..Camera::default() }, (px, py));
            let rect = minimap.view_rect(&camera, &VIEW);
            prop_assert!((rect.x + rect.width / 2.0 - px).abs() < 1e-4);
            prop_assert!((rect.y + rect.height / 2.0 - py).abs() < 1e-4);
        }
    }
}
