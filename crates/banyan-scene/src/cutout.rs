//! A rectangle cut out of a level: what is painted in one go.

use banyan_layout::geometry::Rect;

use crate::camera::{Camera, Viewport, WorldRect};
use crate::zoom::{Level, ZoomStep};

/// A rectangle of whole level px. A tile is one of 512 px; a strip of a poster is another.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cutout {
    pub level: Level,
    /// Level px of the top left corner.
    pub x: i64,
    pub y: i64,
    /// Px, neither negative.
    pub width: i32,
    pub height: i32,
}

impl Level {
    /// Any scale, on the lattice or not: the nearest step says how much detail there is.
    pub fn of_scale(px_per_unit: f64) -> Self {
        let step = ZoomStep::nearest(px_per_unit);
        Self::new(step, px_per_unit / step.scale())
    }
}

impl Cutout {
    /// `region` at a level, its corner and its sides to the nearest px.
    pub fn of_region(region: Rect, level: Level) -> Self {
        let px = |units: i32| (f64::from(units) * level.px_per_unit).round();
        // Casts saturate: what no picture can have is refused by whoever makes it.
        Self {
            level,
            x: px(region.x) as i64,
            y: px(region.y) as i64,
            width: px(region.width).max(1.0) as i32,
            height: px(region.height).max(1.0) as i32,
        }
    }

    /// What a resting camera shows, px for px.
    pub fn of_camera(camera: &Camera, viewport: &Viewport) -> Self {
        let level = Level::new(camera.step(), viewport.device_pixel_ratio);
        let edge = |center: f64, side: u32| {
            (center * level.px_per_unit - f64::from(side) / 2.0).round() as i64
        };
        Self {
            level,
            x: edge(camera.center_x, viewport.width_px),
            y: edge(camera.center_y, viewport.height_px),
            width: viewport.width_px as i32,
            height: viewport.height_px as i32,
        }
    }

    /// A rectangle of this one, in px from its top left corner.
    #[must_use]
    pub fn part(&self, x: i32, y: i32, width: i32, height: i32) -> Self {
        Self { x: self.x + i64::from(x), y: self.y + i64::from(y), width, height, ..*self }
    }

    pub fn world_rect(&self) -> WorldRect {
        let units = |px: f64| px / self.level.px_per_unit;
        WorldRect {
            x: units(self.x as f64),
            y: units(self.y as f64),
            width: units(f64::from(self.width)),
            height: units(f64::from(self.height)),
        }
    }

    /// The world under it and a little more, for strokes and shadows.
    pub fn around(&self) -> Rect {
        let slack = 4.0 * self.level.device_pixel_ratio / self.level.px_per_unit;
        self.world_rect().outer().inflated(slack.ceil() as i32)
    }

    pub(crate) fn origin(&self) -> (i64, i64) {
        (self.x, self.y)
    }
}
