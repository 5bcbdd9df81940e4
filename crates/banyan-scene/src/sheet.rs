//! A canvas larger than the window that shows it: a pan moves the canvas instead of drawing it again,
//! until the window would leave it.

use crate::camera::{Camera, Viewport};
use crate::tile::{TILE_PX, TileKey};
use crate::zoom::{Level, ZoomStep};

/// How far the canvas reaches beyond each side of the window, in CSS px. With a wider one a pan draws
/// less often, and every other frame more: a browser copies a canvas whenever it was drawn on.
const MARGIN_CSS_PX: f64 = 32.0;
const _: () = assert!(2.0 * MARGIN_CSS_PX <= TILE_PX as f64, "at most one more tile a side");

/// What a canvas shows of one level, in level px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    step: ZoomStep,
    /// Of the top left corner.
    corner: (i64, i64),
    /// Of the window and its margins.
    pub viewport: Viewport,
}

impl Sheet {
    /// The margin at each side of a window, in device px.
    pub fn margin_px(window: &Viewport) -> u32 {
        (MARGIN_CSS_PX * window.device_pixel_ratio).round() as u32
    }

    /// A window with its margins.
    pub fn around(window: &Viewport) -> Viewport {
        let margins = 2 * Self::margin_px(window);
        Viewport {
            width_px: window.width_px + margins,
            height_px: window.height_px + margins,
            ..*window
        }
    }

    /// The sheet to draw for a camera, at its level. Where the camera comes `from` another place of
    /// the level, three quarters of both margins lie ahead of it. `None` between two levels.
    pub fn new(camera: &Camera, window: &Viewport, from: Option<&Camera>) -> Option<Self> {
        let corner = corner(camera, window)?;
        let before = from.filter(|from| from.step() == camera.step());
        let before = before.and_then(|from| self::corner(from, window)).unwrap_or(corner);
        let margin = i64::from(Self::margin_px(window));
        let lead = |now: i64, before: i64| (now - before).signum() * margin / 2;
        let x = corner.0 - margin + lead(corner.0, before.0);
        let y = corner.1 - margin + lead(corner.1, before.1);
        Some(Self { step: camera.step(), corner: (x, y), viewport: Self::around(window) })
    }

    /// The camera that looks at its middle.
    pub fn camera(&self) -> Camera {
        let level = Level::new(self.step, self.viewport.device_pixel_ratio);
        let middle = |corner: i64, side_px: u32| {
            (corner as f64 + f64::from(side_px) / 2.0) / level.px_per_unit
        };
        Camera {
            center_x: middle(self.corner.0, self.viewport.width_px),
            center_y: middle(self.corner.1, self.viewport.height_px),
            scale: self.step.scale(),
        }
    }

    /// Where a camera's window lies on it, in px of the canvas, if all of it does.
    pub fn window(&self, camera: &Camera, window: &Viewport) -> Option<(u32, u32)> {
        let is_same = camera.step() == self.step && Self::around(window) == self.viewport;
        let (x, y) = corner(camera, window).filter(|_| is_same)?;
        let most = 2 * Self::margin_px(window);
        let within = |at: i64| u32::try_from(at).ok().filter(|at| *at <= most);
        Some((within(x - self.corner.0)?, within(y - self.corner.1)?))
    }

    /// Whether a part of a tile is on it.
    pub fn shows(&self, key: TileKey) -> bool {
        let (x, y) = key.origin_px();
        let overlaps = |tile: i64, corner: i64, side_px: u32| {
            tile < corner + i64::from(side_px) && corner < tile + i64::from(TILE_PX)
        };
        key.step == self.step.0
            && overlaps(x, self.corner.0, self.viewport.width_px)
            && overlaps(y, self.corner.1, self.viewport.height_px)
    }
}

/// Level px of the window's top left corner, if the camera rests on a level.
fn corner(camera: &Camera, window: &Viewport) -> Option<(i64, i64)> {
    let level = Level::new(camera.step(), window.device_pixel_ratio);
    let is_exact = (camera.scale / camera.step().scale() - 1.0).abs() < 1e-9;
    let axis = |center: f64, side_px: u32| {
        // Casts saturate.
        (center * level.px_per_unit - f64::from(side_px) / 2.0).round() as i64
    };
    is_exact
        .then(|| (axis(camera.center_x, window.width_px), axis(camera.center_y, window.height_px)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::tile::placements;

    prop_compose! {
        fn sight()(
            (x, y) in (-4e7..4e7f64, -4e7..4e7f64),
            step in -60..=16i32,
            (width_px, height_px) in (1..3000u32, 1..2000u32),
            device_pixel_ratio in prop::sample::select(vec![1.0, 1.1, 1.25, 1.5, 2.0, 3.0]),
        ) -> (Camera, Viewport) {
            let scale = ZoomStep(step).scale();
            let window = Viewport { width_px, height_px, device_pixel_ratio };
            (Camera { center_x: x, center_y: y, scale }, window)
        }
    }

    proptest! {
        /// Wherever the window lies on a sheet, each tile lies on the sheet where drawing the window
        /// afresh would have put it.
        #[test]
        fn a_moved_sheet_shows_what_the_window_would(
            (camera, window) in sight(),
            (dx, dy) in (-200..200i32, -200..200i32),
            has_come in any::<bool>(),
        ) {
            let px_per_unit = camera.scale * window.device_pixel_ratio;
            let moved = Camera {
                center_x: camera.center_x + f64::from(dx) / px_per_unit,
                center_y: camera.center_y + f64::from(dy) / px_per_unit,
                ..camera
            };
            let from = has_come.then_some(&moved);
            let sheet = Sheet::new(&camera, &window, from).expect("on a level");
            prop_assert!(sheet.window(&camera, &window).is_some(), "what it is drawn for is on it");
            let margin = Sheet::margin_px(&window) as i32;
            let Some((x, y)) = sheet.window(&moved, &window) else {
                prop_assert!(dx.abs().max(dy.abs()) >= margin / 2 - 1);
                return Ok(());
            };
            let on_sheet = placements(&sheet.camera(), &sheet.viewport, camera.step());
            prop_assert!(on_sheet.iter().all(|blit| sheet.shows(blit.key)));
            for blit in placements(&moved, &window, camera.step()) {
                let found = on_sheet.iter().find(|other| other.key == blit.key);
                let found = found.map(|found| (found.x - x as i32, found.y - y as i32));
                prop_assert_eq!(found, Some((blit.x, blit.y)));
            }
        }
    }

    #[test]
    fn there_is_more_of_it_ahead() {
        let window = Viewport { width_px: 800, height_px: 600, device_pixel_ratio: 1.0 };
        let camera = Camera { center_x: 7.0, center_y: 3.0, scale: 1.0 };
        let at = |from: Option<&Camera>| {
            Sheet::new(&camera, &window, from).and_then(|sheet| sheet.window(&camera, &window))
        };
        assert_eq!(at(None), Some((32, 32)));
        let left = Camera { center_x: 0.0, ..camera };
        assert_eq!(at(Some(&left)), Some((16, 32)));
        let below = Camera { center_y: 900.0, ..camera };
        assert_eq!(at(Some(&below)), Some((32, 48)));
        let nearer = Camera { scale: 2.0, ..left };
        assert_eq!(at(Some(&nearer)), Some((32, 32)));
        assert_eq!(Sheet::new(&Camera { scale: 1.01, ..camera }, &window, None), None);
    }

    #[test]
    fn another_level_or_window_is_not_on_it() {
        let window = Viewport { width_px: 800, height_px: 600, device_pixel_ratio: 1.0 };
        let camera = Camera { center_x: 7.0, center_y: 3.0, scale: 1.0 };
        let sheet = Sheet::new(&camera, &window, None).expect("on a level");
        assert_eq!(sheet.window(&Camera { scale: 2.0, ..camera }, &window), None);
        assert_eq!(sheet.window(&camera, &Viewport { width_px: 801, ..window }), None);
    }
}
