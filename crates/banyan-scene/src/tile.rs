//! The squares that a level is cut into, and where they lie on the canvas.

use banyan_layout::geometry::Rect;
use serde::{Deserialize, Serialize};

use crate::camera::{Camera, Viewport, WorldRect};
use crate::cutout::Cutout;
use crate::zoom::{Level, ZoomStep};

/// Side of a tile in device px.
pub const TILE_PX: i32 = 512;
/// How far what is drawn for a rectangle may reach beyond each of its sides.
pub(crate) const SLACK_CSS_PX: f64 = 2.0;

/// A tile of a level: covers the level px from `512 x` to `512 (x + 1)`, and the same for y. Which
/// device pixel ratio the level has, whoever holds the key knows: a change of it discards all tiles.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TileKey {
    pub step: i32,
    pub x: i32,
    pub y: i32,
}

impl TileKey {
    pub fn level(&self, device_pixel_ratio: f64) -> Level {
        Level::new(ZoomStep(self.step), device_pixel_ratio)
    }

    /// Level px of the tile's top left corner.
    pub fn origin_px(&self) -> (i64, i64) {
        (i64::from(self.x) * i64::from(TILE_PX), i64::from(self.y) * i64::from(TILE_PX))
    }

    pub fn cutout(&self, device_pixel_ratio: f64) -> Cutout {
        let (x, y) = self.origin_px();
        let level = self.level(device_pixel_ratio);
        Cutout { level, x, y, width: TILE_PX, height: TILE_PX }
    }

    pub fn world_rect(&self, device_pixel_ratio: f64) -> WorldRect {
        let side = f64::from(TILE_PX) / self.level(device_pixel_ratio).px_per_unit;
        WorldRect {
            x: f64::from(self.x) * side,
            y: f64::from(self.y) * side,
            width: side,
            height: side,
        }
    }

    /// Whether anything drawn for `rect` can lie on the tile: strokes, shadows and rounding reach
    /// [`SLACK_CSS_PX`] beyond it.
    pub fn intersects(&self, rect: &Rect, device_pixel_ratio: f64) -> bool {
        let tile = self.world_rect(device_pixel_ratio);
        let slack = SLACK_CSS_PX / ZoomStep(self.step).scale();
        WorldRect {
            x: tile.x - slack,
            y: tile.y - slack,
            width: tile.width + 2.0 * slack,
            height: tile.height + 2.0 * slack,
        }
        .overlaps(rect)
    }
}

/// A tile's place on the canvas in whole device px. At the camera's own level width and height are
/// [`TILE_PX`]; elsewhere the tile is scaled, and neighbours still touch without a gap.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blit {
    pub key: TileKey,
    pub x: i32,
    pub y: i32,
    pub width: i32,
    pub height: i32,
}

impl Blit {
    /// The part of the canvas that it takes, in device px.
    pub fn rect(&self) -> Rect {
        Rect::new(self.x, self.y, self.width, self.height)
    }

    /// Whether the tile is copied pixel by pixel, so that smoothing can be off.
    pub fn is_exact(&self) -> bool {
        self.width == TILE_PX && self.height == TILE_PX
    }

    /// The part of the canvas that a part of the tile takes, in whole device px: no px that takes less than
    /// all of it.
    pub(crate) fn place_of(&self, part: &Rect) -> Rect {
        let side = i64::from(TILE_PX);
        let span = |at: i32, length: i32, place: i32, extent: i32| {
            let px = |at: i32| i64::from(at) * i64::from(extent);
            let from = (px(at) + side - 1).div_euclid(side) as i32;
            let to = px(at + length).div_euclid(side) as i32;
            (place + from, (to - from).max(0))
        };
        let (x, width) = span(part.x, part.width, self.x, self.width);
        let (y, height) = span(part.y, part.height, self.y, self.height);
        Rect::new(x, y, width, height)
    }
}

/// A level as the camera sees it.
struct Sight {
    /// Level px at the canvas's top left.
    origin_x: f64,
    origin_y: f64,
    /// Device px per level px.
    ratio: f64,
    /// Tiles that show, both ends included.
    low: (i32, i32),
    high: (i32, i32),
}

impl Sight {
    fn new(camera: &Camera, viewport: &Viewport, step: ZoomStep) -> Self {
        let level = Level::new(step, viewport.device_pixel_ratio);
        let mut ratio = camera.scale / step.scale();
        let (width, height) = (f64::from(viewport.width_px), f64::from(viewport.height_px));
        let is_exact = (ratio - 1.0).abs() < 1e-9;
        if is_exact {
            ratio = 1.0;
        }
        let mut origin_x = camera.center_x * level.px_per_unit - width / 2.0 / ratio;
        let mut origin_y = camera.center_y * level.px_per_unit - height / 2.0 / ratio;
        if is_exact {
            (origin_x, origin_y) = (origin_x.round(), origin_y.round());
        }
        let side = f64::from(TILE_PX);
        let first = |origin: f64| (origin / side).floor() as i32;
        let last = |origin: f64, extent: f64| ((origin + extent / ratio) / side).ceil() as i32 - 1;
        let low = (first(origin_x), first(origin_y));
        let high =
            (last(origin_x, width.max(1.0)).max(low.0), last(origin_y, height.max(1.0)).max(low.1));
        Self { origin_x, origin_y, ratio, low, high }
    }

    fn blit(&self, key: TileKey) -> Blit {
        let side = f64::from(TILE_PX);
        let edge = |tile: i32, origin: f64| {
            ((f64::from(tile) * side - origin) * self.ratio).round() as i32
        };
        let (x, y) = (edge(key.x, self.origin_x), edge(key.y, self.origin_y));
        let (right, bottom) = (edge(key.x + 1, self.origin_x), edge(key.y + 1, self.origin_y));
        Blit { key, x, y, width: right - x, height: bottom - y }
    }

    fn distance2(&self, key: TileKey) -> i64 {
        let dx = i64::from(key.x) * 2 - i64::from(self.low.0) - i64::from(self.high.0);
        let dy = i64::from(key.y) * 2 - i64::from(self.low.1) - i64::from(self.high.1);
        dx * dx + dy * dy
    }
}

/// The tiles of a level that cover the canvas, the nearest to its centre first.
pub fn cover(camera: &Camera, viewport: &Viewport, step: ZoomStep) -> Vec<TileKey> {
    let sight = Sight::new(camera, viewport, step);
    let mut found = Vec::new();
    for y in sight.low.1..=sight.high.1 {
        for x in sight.low.0..=sight.high.0 {
            let key = TileKey { step: step.0, x, y };
            found.push((sight.distance2(key), key));
        }
    }
    in_order(found)
}

/// Tiles by how soon they are wanted; sorted in this one place, because a sort makes the page's program
/// larger by kilobytes.
fn in_order(mut found: Vec<(i64, TileKey)>) -> Vec<TileKey> {
    found.sort_unstable();
    found.into_iter().map(|(_, key)| key).collect()
}

/// The ring of tiles around [`cover`], those first into which a picture panned by `motion` (CSS px,
/// as the hand moves) brings the camera. At rest the whole ring, sides before corners; in motion only
/// the half ahead.
pub fn prefetch(
    camera: &Camera,
    viewport: &Viewport,
    step: ZoomStep,
    motion: (f64, f64),
) -> Vec<TileKey> {
    let sight = Sight::new(camera, viewport, step);
    let speed = motion.0.hypot(motion.1);
    let middle =
        (f64::from(sight.low.0 + sight.high.0) / 2.0, f64::from(sight.low.1 + sight.high.1) / 2.0);
    let mut ring = Vec::new();
    for y in sight.low.1 - 1..=sight.high.1 + 1 {
        for x in sight.low.0 - 1..=sight.high.0 + 1 {
            let is_inside = (sight.low.0..=sight.high.0).contains(&x)
                && (sight.low.1..=sight.high.1).contains(&y);
            if is_inside {
                continue;
            }
            let key = TileKey { step: step.0, x, y };
            if speed < 1e-9 {
                ring.push((sight.distance2(key), key));
                continue;
            }
            // The camera moves against the hand.
            let (dx, dy) = (f64::from(x) - middle.0, f64::from(y) - middle.1);
            let ahead = -(dx * motion.0 + dy * motion.1) / (speed * dx.hypot(dy));
            if ahead > 0.1 {
                ring.push((-(ahead * 1e6) as i64, key));
            }
        }
    }
    in_order(ring)
}

/// Where the tiles of [`cover`] lie on the canvas, in its order. At a step other than the camera's
/// own they are scaled.
pub fn placements(camera: &Camera, viewport: &Viewport, step: ZoomStep) -> Vec<Blit> {
    let sight = Sight::new(camera, viewport, step);
    cover(camera, viewport, step).into_iter().map(|key| sight.blit(key)).collect()
}

/// Where the given tiles of a level lie, without those that do not show.
pub(crate) fn placed(
    camera: &Camera,
    viewport: &Viewport,
    step: ZoomStep,
    keys: impl Iterator<Item = TileKey>,
) -> Vec<Blit> {
    let sight = Sight::new(camera, viewport, step);
    let shows = |key: &TileKey| {
        (sight.low.0..=sight.high.0).contains(&key.x)
            && (sight.low.1..=sight.high.1).contains(&key.y)
    };
    keys.filter(shows).map(|key| sight.blit(key)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn scenes() -> impl Strategy<Value = (Camera, Viewport)> {
        let view = (1..3000u32, 1..2000u32, prop::sample::select(vec![1.0, 1.25, 1.5, 2.0, 3.0]))
            .prop_map(|(width_px, height_px, device_pixel_ratio)| Viewport {
                width_px,
                height_px,
                device_pixel_ratio,
            });
        let camera = (-3e5..3e5, -3e5..3e5, -60..=16i32, 0.92..1.09).prop_map(
            |(center_x, center_y, step, off)| Camera {
                center_x,
                center_y,
                scale: ZoomStep(step).scale() * if off > 1.02 { 1.0 } else { off },
            },
        );
        (camera, view).prop_map(|(camera, view)| (camera.snapped(&view), view))
    }

    proptest! {
        /// Every pixel of the canvas lies in exactly one tile, at the exact level and at others.
        #[test]
        fn cover_is_exact((camera, view) in scenes(), off in -6..=6i32) {
            for step in [camera.step(), camera.step().offset(off)] {
                let blits = placements(&camera, &view, step);
                let mut columns: Vec<_> = blits.iter().map(|b| (b.x, b.x + b.width)).collect();
                let mut rows: Vec<_> = blits.iter().map(|b| (b.y, b.y + b.height)).collect();
                for (spans, side) in [(&mut columns, view.width_px), (&mut rows, view.height_px)] {
                    spans.sort_unstable();
                    spans.dedup();
                    prop_assert!(spans[0].0 <= 0 && spans[spans.len() - 1].1 >= side as i32);
                    prop_assert!(spans.windows(2).all(|pair| pair[0].1 == pair[1].0));
                    // No tile that does not show.
                    prop_assert!(spans.iter().all(|s| s.1 >= 0 && s.0 <= side as i32));
                }
                // A full grid: with gapless columns and rows, that makes each pixel's tile unique.
                prop_assert_eq!(blits.len(), columns.len() * rows.len());
            }
        }

        #[test]
        fn tiles_of_the_cameras_own_level_are_not_scaled((camera, view) in scenes()) {
            let camera = Camera { scale: camera.step().scale(), ..camera }.snapped(&view);
            prop_assert!(placements(&camera, &view, camera.step()).iter().all(Blit::is_exact));
        }

        #[test]
        fn a_tile_covers_what_it_says((camera, view) in scenes()) {
            let seen = camera.visible_world(&view);
            for key in cover(&camera, &view, camera.step()) {
                let tile = key.world_rect(view.device_pixel_ratio);
                let slack = 1.0 / camera.scale;
                prop_assert!(tile.x < seen.x + seen.width + slack && tile.x + tile.width > seen.x - slack);
            }
        }
    }

    #[test]
    fn the_centre_comes_first() {
        let view = Viewport { width_px: 1536, height_px: 1536, device_pixel_ratio: 1.0 };
        let camera = Camera { center_x: 768.0, center_y: 768.0, scale: 1.0 };
        let keys = cover(&camera, &view, ZoomStep::ONE);
        assert_eq!(keys.len(), 9);
        assert_eq!(keys[0], TileKey { step: 0, x: 1, y: 1 });
        assert_eq!(prefetch(&camera, &view, ZoomStep::ONE, (0.0, 0.0)).len(), 16);
        // The hand drags left, so the camera goes right.
        let ahead = prefetch(&camera, &view, ZoomStep::ONE, (-30.0, 0.0));
        assert_eq!(ahead[0], TileKey { step: 0, x: 3, y: 1 });
        assert!(ahead.iter().all(|key| key.x >= 1));
    }

    #[test]
    fn intersection_allows_for_strokes() {
        let key = TileKey { step: 0, x: 0, y: 0 };
        assert!(key.intersects(&Rect::new(513, 0, 10, 10), 1.0));
        assert!(!key.intersects(&Rect::new(515, 0, 10, 10), 1.0));
    }
}
