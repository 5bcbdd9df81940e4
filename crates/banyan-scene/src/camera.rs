//! Where one looks from, and what of the world that shows.

use banyan_layout::geometry::Rect;
use serde::{Deserialize, Serialize};

use crate::zoom::ZoomStep;

/// The canvas: its size in device px and the ratio of device px to CSS px.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Viewport {
    pub width_px: u32,
    pub height_px: u32,
    pub device_pixel_ratio: f64,
}

impl Viewport {
    pub fn width_css(&self) -> f64 {
        f64::from(self.width_px) / self.device_pixel_ratio
    }

    pub fn height_css(&self) -> f64 {
        f64::from(self.height_px) / self.device_pixel_ratio
    }
}

/// A rectangle of the world with fractions, as a camera sees it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct WorldRect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl WorldRect {
    /// Whether the two share any area.
    pub fn overlaps(&self, rect: &Rect) -> bool {
        self.x < f64::from(rect.x) + f64::from(rect.width)
            && f64::from(rect.x) < self.x + self.width
            && self.y < f64::from(rect.y) + f64::from(rect.height)
            && f64::from(rect.y) < self.y + self.height
    }

    /// The smallest whole rectangle that holds it, limited to what `i32` can say.
    pub fn outer(&self) -> Rect {
        // Half the range, so that a corner plus a side still fits.
        const FAR: f64 = (i32::MAX / 4) as f64;
        let low = |v: f64| v.floor().clamp(-FAR, FAR) as i32;
        let high = |v: f64| v.ceil().clamp(-FAR, FAR) as i32;
        let (x, y) = (low(self.x), low(self.y));
        Rect::new(x, y, high(self.x + self.width) - x, high(self.y + self.height) - y)
    }
}

/// The point of the world in the middle of the canvas, and CSS px per world unit.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Camera {
    pub center_x: f64,
    pub center_y: f64,
    pub scale: f64,
}

impl Default for Camera {
    fn default() -> Self {
        Self { center_x: 0.0, center_y: 0.0, scale: 1.0 }
    }
}

/// CSS px of content that stay in view wherever one pans.
const KEPT_IN_VIEW_CSS_PX: f64 = 96.0;

impl Camera {
    /// The camera that shows all of `bounds` with at least `padding_css_px` around it, on the
    /// lattice and never above scale 1.
    pub fn fit(bounds: Rect, viewport: &Viewport, padding_css_px: f64) -> Self {
        let room = |side: f64| (side - 2.0 * padding_css_px).max(side * 0.25).max(1.0);
        let fit_x = room(viewport.width_css()) / f64::from(bounds.width.max(1));
        let fit_y = room(viewport.height_css()) / f64::from(bounds.height.max(1));
        let scale = ZoomStep::floor(fit_x.min(fit_y).min(1.0)).scale();
        Self {
            center_x: f64::from(bounds.x) + f64::from(bounds.width) / 2.0,
            center_y: f64::from(bounds.y) + f64::from(bounds.height) / 2.0,
            scale,
        }
        .snapped(viewport)
    }

    /// The lattice step nearest to the camera's scale: the level whose tiles it wants.
    pub fn step(&self) -> ZoomStep {
        ZoomStep::nearest(self.scale)
    }

    /// CSS px of a world point.
    pub fn screen_from_world(&self, viewport: &Viewport, world: (f64, f64)) -> (f64, f64) {
        (
            (world.0 - self.center_x) * self.scale + viewport.width_css() / 2.0,
            (world.1 - self.center_y) * self.scale + viewport.height_css() / 2.0,
        )
    }

    /// World point under a point in CSS px.
    pub fn world_from_screen(&self, viewport: &Viewport, screen: (f64, f64)) -> (f64, f64) {
        (
            (screen.0 - viewport.width_css() / 2.0) / self.scale + self.center_x,
            (screen.1 - viewport.height_css() / 2.0) / self.scale + self.center_y,
        )
    }

    pub fn visible_world(&self, viewport: &Viewport) -> WorldRect {
        let (width, height) =
            (viewport.width_css() / self.scale, viewport.height_css() / self.scale);
        WorldRect { x: self.center_x - width / 2.0, y: self.center_y - height / 2.0, width, height }
    }

    /// The content follows the hand: a drag by (dx, dy) CSS px moves the picture by as much.
    #[must_use]
    pub fn pan_by_css_px(&self, dx: f64, dy: f64) -> Self {
        Self {
            center_x: self.center_x - dx / self.scale,
            center_y: self.center_y - dy / self.scale,
            ..*self
        }
    }

    /// Another scale, with the world point under `at` (CSS px) staying where it is.
    #[must_use]
    pub fn zoom_at(&self, viewport: &Viewport, at: (f64, f64), scale: f64) -> Self {
        let scale = limited(scale);
        let (world_x, world_y) = self.world_from_screen(viewport, at);
        Self {
            center_x: world_x - (at.0 - viewport.width_css() / 2.0) / scale,
            center_y: world_y - (at.1 - viewport.height_css() / 2.0) / scale,
            scale,
        }
    }

    /// The nearest camera whose scale is within the limits and that keeps some of `bounds` in view.
    #[must_use]
    pub fn clamped(&self, bounds: Rect, viewport: &Viewport) -> Self {
        let scale = limited(self.scale);
        let axis = |center: f64, low: i32, side: i32, view_css: f64| {
            let half = view_css / scale / 2.0;
            let kept = (KEPT_IN_VIEW_CSS_PX.min(view_css / 2.0) / scale).min(f64::from(side));
            let (low, high) = (f64::from(low), f64::from(low) + f64::from(side));
            let center = if center.is_finite() { center } else { (low + high) / 2.0 };
            center.max(low + kept - half).min(high - kept + half)
        };
        Self {
            center_x: axis(self.center_x, bounds.x, bounds.width, viewport.width_css()),
            center_y: axis(self.center_y, bounds.y, bounds.height, viewport.height_css()),
            scale,
        }
    }

    /// The nearest camera whose top left corner is a whole level px: at a lattice scale, tiles then
    /// fall on whole device px. Moves the picture by half a device px at most.
    #[must_use]
    pub fn snapped(&self, viewport: &Viewport) -> Self {
        let px_per_unit = self.scale * viewport.device_pixel_ratio;
        let axis = |center: f64, side_px: u32| {
            let half = f64::from(side_px) / 2.0;
            ((center * px_per_unit - half).round() + half) / px_per_unit
        };
        Self {
            center_x: axis(self.center_x, viewport.width_px),
            center_y: axis(self.center_y, viewport.height_px),
            scale: self.scale,
        }
    }
}

fn limited(scale: f64) -> f64 {
    if scale.is_nan() {
        return 1.0;
    }
    within(scale, ZoomStep::MIN.scale(), ZoomStep::MAX.scale())
}

/// `value`, but at least `low` and at most `high`.
///
/// `f64::clamp` panics with both of them, and with a program that never prints a float come 6 kB that
/// can.
pub fn within(value: f64, low: f64, high: f64) -> f64 {
    value.max(low).min(high)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const VIEW: Viewport = Viewport { width_px: 1601, height_px: 900, device_pixel_ratio: 1.25 };

    fn close(a: (f64, f64), b: (f64, f64)) -> bool {
        (a.0 - b.0).abs() < 1e-3 && (a.1 - b.1).abs() < 1e-3
    }

    fn cameras() -> impl Strategy<Value = Camera> {
        (-1e6..1e6, -1e6..1e6, -80..=16i32).prop_map(|(center_x, center_y, step)| Camera {
            center_x,
            center_y,
            scale: ZoomStep(step).scale() * 1.02,
        })
    }

    proptest! {
        #[test]
        fn screen_and_world_are_inverse(camera in cameras(), x in 0.0..1280.0, y in 0.0..720.0) {
            let world = camera.world_from_screen(&VIEW, (x, y));
            prop_assert!(close(camera.screen_from_world(&VIEW, world), (x, y)));
        }

        #[test]
        fn zooming_keeps_the_point_under_the_pointer(
            camera in cameras(), x in 0.0..1280.0, y in 0.0..720.0, step in -80..=16i32,
        ) {
            let zoomed = camera.zoom_at(&VIEW, (x, y), ZoomStep(step).scale());
            let world = camera.world_from_screen(&VIEW, (x, y));
            prop_assert!(close(zoomed.screen_from_world(&VIEW, world), (x, y)));
        }

        #[test]
        fn clamping_keeps_content_in_view(camera in cameras(), w in 1..100_000i32, h in 1..100_000i32) {
            let bounds = Rect::new(-500, 300, w, h);
            let clamped = camera.clamped(bounds, &VIEW);
            prop_assert!(clamped.visible_world(&VIEW).overlaps(&bounds));
            let again = clamped.clamped(bounds, &VIEW);
            prop_assert!((again.center_x - clamped.center_x).abs() < 1e-6);
        }

        #[test]
        fn snapping_moves_less_than_a_pixel(camera in cameras()) {
            let snapped = camera.snapped(&VIEW);
            let px_per_unit = camera.scale * VIEW.device_pixel_ratio;
            let origin = snapped.center_x * px_per_unit - f64::from(VIEW.width_px) / 2.0;
            prop_assert!((origin - origin.round()).abs() < 1e-4);
            prop_assert!((snapped.center_x - camera.center_x).abs() * px_per_unit <= 0.501);
        }

        #[test]
        fn fit_shows_all(x in -1000..1000i32, w in 1..5_000_000i32, h in 1..5_000_000i32) {
            let bounds = Rect::new(x, -x, w, h);
            let camera = Camera::fit(bounds, &VIEW, 40.0);
            let seen = camera.visible_world(&VIEW);
            prop_assert!(camera.scale <= 1.0);
            prop_assert_eq!(camera.step().scale(), camera.scale);
            prop_assert!(seen.x <= f64::from(bounds.x) && seen.y <= f64::from(bounds.y));
            prop_assert!(seen.x + seen.width >= f64::from(bounds.right()));
            prop_assert!(seen.y + seen.height >= f64::from(bounds.bottom()));
        }
    }

    #[test]
    fn panning_follows_the_hand() {
        let camera = Camera { scale: 0.5, ..Camera::default() }.pan_by_css_px(10.0, -4.0);
        assert_eq!((camera.center_x, camera.center_y), (-20.0, 8.0));
    }
}
