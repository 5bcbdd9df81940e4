//! The pictures of tiles that the main thread holds, within a budget of bytes.

use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use banyan_layout::geometry::Rect;

use crate::camera::{Camera, Viewport};
use crate::inked::TileInk;
use crate::region::Region;
use crate::tile::{Blit, SLACK_CSS_PX, TILE_PX, TileKey, placed, placements};
use crate::zoom::ZoomStep;

/// A level that is finer by more than this, an octave, stands in last: it takes many tiles.
const FINER_STEPS: i32 = 8;

/// Tiles by key, the least recently used out first. `T` is a picture, as an `ImageBitmap`.
#[derive(Debug)]
pub struct TileCache<T> {
    tiles: BTreeMap<TileKey, Entry<T>>,
    /// Last use -> key; uses are numbered, so no two are the same.
    by_use: BTreeMap<u64, TileKey>,
    uses: u64,
    bytes: usize,
    budget_bytes: usize,
}

#[derive(Debug)]
struct Entry<T> {
    picture: T,
    /// The picture shows the bounds of it.
    ink: TileInk,
    bytes: usize,
    last_use: u64,
    is_stale: bool,
}

/// What to put on the canvas now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Of tiles of other levels, to scale. Nothing of this and of `tiles` lies over another.
    pub stand_ins: Vec<Stamp>,
    /// Of the wanted level.
    pub tiles: Vec<Stamp>,
    /// Tiles to ask for, nearest to the centre first: missing ones, then stale ones.
    pub wanted: Vec<TileKey>,
    /// How many of `wanted` are missing.
    pub missing: usize,
    /// Whether tiles of some level cover everything that is to be seen.
    pub is_covered: bool,
    /// Where there is no tile of any level, in device px of the canvas.
    pub holes: Vec<Rect>,
    /// Whether the ground shows: beyond the scene, where nothing stands in, or as the bare paper of a tile.
    pub has_ground: bool,
}

/// A tile's picture, or a part of it, on the canvas.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stamp {
    /// Where all of the tile would lie.
    pub blit: Blit,
    /// What of the tile the picture shows, in px.
    kept: Rect,
    /// What is drawn of it: a part of the canvas in device px, within `blit`. Empty, where it is less than a
    /// px.
    pub part: Rect,
}

impl Stamp {
    /// All of the picture.
    fn whole(blit: Blit, ink: &TileInk) -> Self {
        let kept = ink.bounds();
        Self { blit, kept, part: blit.place_of(&kept) }
    }

    /// The parts that are drawn on: to scale bare paper takes as long as anything.
    fn bands(blit: Blit, ink: &TileInk) -> impl Iterator<Item = Self> + use<> {
        let kept = ink.bounds();
        ink.bands().map(move |band| Self { blit, kept, part: blit.place_of(&band) })
    }

    /// Whether all of the picture is copied pixel by pixel.
    pub fn is_exact(&self) -> bool {
        self.blit.is_exact()
            && (self.part.width, self.part.height) == (self.kept.width, self.kept.height)
    }

    /// What `part` shows of the picture, in its px: x, y, width and height.
    pub fn source(&self) -> (f64, f64, f64, f64) {
        let Self { blit, kept, part } = self;
        let per_px = |side: i32| f64::from(TILE_PX) / f64::from(side.max(1));
        let (per_x, per_y) = (per_px(blit.width), per_px(blit.height));
        // Rounding may leave less than nothing, which a canvas would cut off.
        (
            (f64::from(part.x - blit.x) * per_x - f64::from(kept.x)).max(0.0),
            (f64::from(part.y - blit.y) * per_y - f64::from(kept.y)).max(0.0),
            f64::from(part.width) * per_x,
            f64::from(part.height) * per_y,
        )
    }
}

impl Frame {
    /// Whether every tile of the wanted level is there, to be copied as it is.
    pub fn is_whole(&self) -> bool {
        self.missing == 0 && self.tiles.iter().all(Stamp::is_exact)
    }
}

impl<T> TileCache<T> {
    pub fn new(budget_bytes: usize) -> Self {
        Self { tiles: BTreeMap::new(), by_use: BTreeMap::new(), uses: 0, bytes: 0, budget_bytes }
    }

    pub fn len(&self) -> usize {
        self.tiles.len()
    }

    pub fn is_empty(&self) -> bool {
        self.tiles.is_empty()
    }

    /// Never above the budget.
    pub fn bytes(&self) -> usize {
        self.bytes
    }

    /// The picture of a tile, stale or not; it counts as used.
    pub fn get(&mut self, key: TileKey) -> Option<&T> {
        let entry = self.tiles.get_mut(&key)?;
        self.by_use.remove(&entry.last_use);
        self.uses += 1;
        entry.last_use = self.uses;
        self.by_use.insert(self.uses, key);
        Some(&entry.picture)
    }

    /// How many pictures of so many bytes it can hold.
    pub fn room_for(&self, bytes: usize) -> usize {
        self.budget_bytes / bytes.max(1)
    }

    pub fn contains(&self, key: TileKey) -> bool {
        self.tiles.contains_key(&key)
    }

    /// Whether the tile is there and no longer shows the scene as it is.
    pub fn is_stale(&self, key: TileKey) -> bool {
        self.tiles.get(&key).is_some_and(|entry| entry.is_stale)
    }

    /// Takes a picture of a tile in, of the bounds of what is drawn on it, and returns those that had to go
    /// (the one that it replaces among them), so that the caller can close them. A picture above the whole
    /// budget comes straight back.
    pub fn insert(&mut self, key: TileKey, picture: T, ink: TileInk, bytes: usize) -> Vec<T> {
        let mut gone: Vec<T> = self.remove(key).into_iter().collect();
        if bytes > self.budget_bytes {
            gone.push(picture);
            return gone;
        }
        self.uses += 1;
        self.bytes += bytes;
        self.by_use.insert(self.uses, key);
        self.tiles.insert(key, Entry { picture, ink, bytes, last_use: self.uses, is_stale: false });
        gone.extend(self.shrink());
        gone
    }

    /// Another budget, in bytes; returns what had to go for it.
    pub fn set_budget(&mut self, budget_bytes: usize) -> Vec<T> {
        self.budget_bytes = budget_bytes;
        self.shrink()
    }

    fn shrink(&mut self) -> Vec<T> {
        let mut gone = Vec::new();
        while self.bytes > self.budget_bytes {
            let Some((_, oldest)) = self.by_use.first_key_value() else { break };
            gone.extend(self.remove(*oldest));
        }
        gone
    }

    pub fn remove(&mut self, key: TileKey) -> Option<T> {
        let entry = self.tiles.remove(&key)?;
        self.by_use.remove(&entry.last_use);
        self.bytes -= entry.bytes;
        Some(entry.picture)
    }

    /// Marks the tiles of `from` and nearer that show any of `regions` (world units) as out of date.
    /// They keep showing until they are replaced.
    pub fn mark_stale(&mut self, regions: &[Rect], from: ZoomStep, device_pixel_ratio: f64) {
        for (key, entry) in self.tiles.iter_mut().filter(|(key, _)| key.step >= from.0) {
            entry.is_stale |= regions.iter().any(|rect| key.intersects(rect, device_pixel_ratio));
        }
    }

    pub fn mark_all_stale(&mut self) {
        for entry in self.tiles.values_mut() {
            entry.is_stale = true;
        }
    }

    /// Empties the cache, for another pixel ratio, theme or scene; returns what it held.
    pub fn clear(&mut self) -> Vec<T> {
        self.by_use.clear();
        self.bytes = 0;
        std::mem::take(&mut self.tiles).into_values().map(|entry| entry.picture).collect()
    }

    /// What to draw of a scene within `bounds` (world units) for a camera, and what to ask for. Counts
    /// what it draws as used.
    ///
    /// Where tiles of the wanted level (the one nearest to the camera's scale) are missing, others
    /// stand in: everywhere the nearest level that is there.
    pub fn frame(&mut self, camera: &Camera, viewport: &Viewport, bounds: &Rect) -> Frame {
        let mut frame = Frame { is_covered: true, ..Frame::default() };
        let mut stale = Vec::new();
        for blit in placements(camera, viewport, camera.step()) {
            if !blit.key.intersects(bounds, viewport.device_pixel_ratio) {
                frame.has_ground = true;
            } else if let Some(ink) = self.ink(blit.key) {
                self.get(blit.key);
                if self.is_stale(blit.key) {
                    stale.push(blit.key);
                }
                frame.has_ground |= ink != TileInk::WHOLE;
                frame.tiles.push(Stamp::whole(blit, &ink));
            } else {
                frame.wanted.push(blit.key);
            }
        }
        frame.missing = frame.wanted.len();
        frame.wanted.extend(stale);
        if frame.missing > 0 {
            self.stand_in(&mut frame, camera, viewport, bounds);
        }
        frame
    }

    /// Has tiles of other levels stand in for those that are missing.
    fn stand_in(&mut self, frame: &mut Frame, camera: &Camera, viewport: &Viewport, bounds: &Rect) {
        let canvas = Rect::new(0, 0, viewport.width_px as i32, viewport.height_px as i32);
        let scene = on_canvas(bounds, camera, viewport);
        let mut open = Region::default();
        if !scene.is_empty() {
            let slack = (SLACK_CSS_PX * viewport.device_pixel_ratio).ceil() as i32;
            open.add(scene.inflated(slack).intersection(&canvas));
        }
        let subtract = |open: &mut Region, blits: &[Blit]| {
            let taken: Region = blits.iter().map(Blit::rect).collect();
            taken.rects().iter().for_each(|rect| open.subtract(rect));
        };
        let tiles: Vec<Blit> = frame.tiles.iter().map(|stamp| stamp.blit).collect();
        subtract(&mut open, &tiles);
        let mut levels = self.levels();
        let wanted = camera.step();
        while open.overlaps(&scene) {
            let nearest = (0..levels.len()).min_by_key(|at| farness(levels[*at] - wanted.0));
            let Some(nearest) = nearest else { break };
            let step = levels.swap_remove(nearest);
            // A finer level has tiles by the square of its ratio: look only at those that are here.
            let keys = self.tiles.range(all_of(step)).map(|(key, _)| *key);
            let blits = placed(camera, viewport, ZoomStep(step), keys);
            for blit in blits.iter().filter(|blit| open.overlaps(&blit.rect())) {
                let Some(ink) = self.ink(blit.key) else { continue };
                self.get(blit.key);
                frame.has_ground |= ink != TileInk::WHOLE;
                for band in Stamp::bands(*blit, &ink) {
                    let parts = open.within(band.part);
                    frame.stand_ins.extend(parts.map(|part| Stamp { part, ..band }));
                }
            }
            subtract(&mut open, &blits);
        }
        frame.is_covered = !open.overlaps(&scene);
        frame.holes = open.into_rects();
        frame.has_ground |= !frame.is_covered || scene != canvas;
    }

    fn ink(&self, key: TileKey) -> Option<TileInk> {
        self.tiles.get(&key).map(|entry| entry.ink)
    }

    /// The steps of which there are tiles.
    fn levels(&self) -> Vec<i32> {
        // The keys are in order, so those of a level stand together.
        let mut levels: Vec<i32> = self.tiles.keys().map(|key| key.step).collect();
        levels.dedup();
        levels
    }
}

/// How little one wants to look at a level that is so many steps finer than the wanted one, or coarser
/// if negative.
///
/// A finer one counts as twice as far: a part of what it is made of is read for nothing, and the lines
/// of that part come and go while one zooms. What no coarser level covers, a much finer one may: seen
/// from further out than the whole scene needs, all levels are finer.
fn farness(finer: i32) -> (bool, i32) {
    if finer > 0 { (finer > FINER_STEPS, 4 * finer - 1) } else { (false, -2 * finer) }
}

/// The keys of a level.
fn all_of(step: i32) -> RangeInclusive<TileKey> {
    TileKey { step, x: i32::MIN, y: i32::MIN }..=TileKey { step, x: i32::MAX, y: i32::MAX }
}

/// The part of the canvas on which a scene shows, in whole device px.
fn on_canvas(bounds: &Rect, camera: &Camera, viewport: &Viewport) -> Rect {
    let ratio = viewport.device_pixel_ratio;
    let px = |x: i32, y: i32| {
        let (x, y) = camera.screen_from_world(viewport, (f64::from(x), f64::from(y)));
        (x * ratio, y * ratio)
    };
    let (low, high) = (px(bounds.x, bounds.y), px(bounds.right(), bounds.bottom()));
    let span = |low: f64, high: f64, side_px: u32| {
        // Casts saturate: a scene that reaches beyond the canvas shows on all of it.
        let side = side_px as i32;
        let low = (low.ceil() as i32).clamp(0, side);
        (low, (high.floor() as i32).clamp(low, side) - low)
    };
    let (x, width) = span(low.0, high.0, viewport.width_px);
    let (y, height) = span(low.1, high.1, viewport.height_px);
    Rect::new(x, y, width, height)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::cover;
    use banyan_layout::geometry::Point;
    use proptest::prelude::*;

    const VIEW: Viewport = Viewport { width_px: 1000, height_px: 700, device_pixel_ratio: 1.0 };
    const TILE_BYTES: usize = 512 * 512 * 4;
    /// Larger than any window of these tests.
    const WORLD: Rect = Rect::new(-100_000, -100_000, 200_000, 200_000);

    fn key(x: i32) -> TileKey {
        TileKey { step: 0, x, y: 0 }
    }

    proptest! {
        /// Against a naive list: the budget holds and the least recently used go first.
        #[test]
        fn budget_holds_and_the_oldest_go(actions in prop::collection::vec((0..12i32, 0..3u8), 1..80)) {
            let mut cache = TileCache::new(4 * 10 + 5);
            let mut naive: Vec<i32> = Vec::new();
            for (x, action) in actions {
                let was_there = naive.contains(&x);
                if action == 0 {
                    prop_assert_eq!(cache.get(key(x)).copied(), was_there.then_some(x));
                }
                if action != 0 || was_there {
                    naive.retain(|other| *other != x);
                    naive.push(x);
                }
                if action != 0 {
                    let gone = cache.insert(key(x), x, TileInk::WHOLE, 10);
                    let mut expected: Vec<i32> = was_there.then_some(x).into_iter().collect();
                    while naive.len() > 4 {
                        expected.push(naive.remove(0));
                    }
                    prop_assert_eq!(gone, expected);
                }
                prop_assert_eq!(cache.bytes(), naive.len() * 10);
                prop_assert_eq!(cache.len(), naive.len());
            }
        }
    }

    #[test]
    fn a_picture_above_the_budget_comes_back() {
        let mut cache = TileCache::new(10);
        assert_eq!(cache.insert(key(0), 'a', TileInk::WHOLE, 11), vec!['a']);
        assert!(cache.is_empty());
    }

    #[test]
    fn a_smaller_budget_lets_the_oldest_go() {
        let mut cache = TileCache::new(40);
        for x in 0..4 {
            cache.insert(key(x), x, TileInk::WHOLE, 10);
        }
        assert_eq!(cache.set_budget(25), vec![0, 1]);
        assert_eq!((cache.bytes(), cache.len()), (20, 2));
    }

    #[test]
    fn regions_make_their_tiles_stale() {
        let mut cache = TileCache::new(TILE_BYTES * 8);
        for x in 0..4 {
            cache.insert(key(x), x, TileInk::WHOLE, TILE_BYTES);
        }
        cache.mark_stale(&[Rect::new(600, 10, 20, 20)], ZoomStep(1), 1.0);
        assert!(!cache.is_stale(key(1)), "too far away to show it");
        cache.mark_stale(&[Rect::new(600, 10, 20, 20)], ZoomStep(0), 1.0);
        let stale: Vec<bool> = (0..4).map(|x| cache.is_stale(key(x))).collect();
        assert_eq!(stale, [false, true, false, false]);
        cache.insert(key(1), 9, TileInk::WHOLE, TILE_BYTES);
        assert!(!cache.is_stale(key(1)));
    }

    #[test]
    fn stand_ins_fill_the_holes_of_a_zoom() {
        let mut cache = TileCache::new(TILE_BYTES * 100);
        let near = Camera { center_x: 500.0, center_y: 350.0, scale: 1.0 }.snapped(&VIEW);
        assert_eq!(cache.frame(&near, &VIEW, &WORLD).missing, 4);
        for key in cover(&near, &VIEW, near.step()) {
            cache.insert(key, (), TileInk::WHOLE, TILE_BYTES);
        }
        let frame = cache.frame(&near, &VIEW, &WORLD);
        assert_eq!((frame.tiles.len(), frame.missing, frame.stand_ins.len()), (4, 0, 0));

        let inside = near.zoom_at(&VIEW, (500.0, 350.0), 1.5);
        let frame = cache.frame(&inside, &VIEW, &WORLD);
        assert!(frame.tiles.is_empty());
        assert_eq!(frame.stand_ins.len(), 4);
        // Together they cover the canvas, as the picture zoomed into lay within the old one.
        let area: i32 = frame.stand_ins.iter().map(|it| it.part.width * it.part.height).sum();
        assert_eq!(area, 1000 * 700);
        assert!(frame.is_covered && !frame.has_ground);
        let (x, y, width, height) = frame.stand_ins[0].source();
        assert!(x >= 0.0 && y >= 0.0 && x + width <= 512.0 && y + height <= 512.0);
    }

    #[test]
    fn beyond_the_scene_nothing_is_wanted() {
        let mut cache = TileCache::new(TILE_BYTES * 100);
        let camera = Camera { center_x: 500.0, center_y: 350.0, scale: 1.0 }.snapped(&VIEW);
        let bounds = Rect::new(0, 0, 500, 300);
        let frame = cache.frame(&camera, &VIEW, &bounds);
        assert_eq!((frame.missing, frame.has_ground, frame.is_covered), (1, true, false));
        // A coarser tile that covers the scene's corner of the window is enough.
        cache.insert(TileKey { step: -8, x: 0, y: 0 }, (), TileInk::WHOLE, TILE_BYTES);
        assert!(cache.frame(&camera, &VIEW, &bounds).is_covered);
    }

    proptest! {
        /// At each place of the canvas one tile is drawn: the wanted one, or the nearest of those
        /// that are there. Where that one is bare paper nothing is.
        #[test]
        fn the_nearest_level_stands_in(
            tiles in prop::collection::vec(((-9..=17i32, -2..3i32, -2..3i32), ink()), 0..40),
            off in prop::sample::select(vec![1.0, 0.97, 1.04]),
            places in prop::collection::vec((0..1000i32, 0..700i32), 20),
        ) {
            let mut cache = TileCache::new(TILE_BYTES * 100);
            for ((step, x, y), ink) in tiles {
                cache.insert(TileKey { step, x, y }, ink, TileInk::of(&ink), TILE_BYTES);
            }
            let camera = Camera { center_x: 100.0, center_y: 80.0, scale: off }.snapped(&VIEW);
            let frame = cache.frame(&camera, &VIEW, &WORLD);
            let mut levels = cache.levels();
            levels.sort_by_key(|step| (*step != 0, farness(*step)));
            let mut is_covered = true;
            for (x, y) in places {
                let point = Point::new(x, y);
                let there = levels.iter().find_map(|step| {
                    let keys = cache.tiles.range(all_of(*step)).map(|(key, _)| *key);
                    let blits = placed(&camera, &VIEW, ZoomStep(*step), keys);
                    blits.into_iter().find(|blit| blit.rect().contains(point))
                });
                let stamps = frame.stand_ins.iter().chain(&frame.tiles);
                let drawn: Vec<&Stamp> = stamps.filter(|it| it.part.contains(point)).collect();
                prop_assert!(drawn.iter().all(|stamp| Some(stamp.blit) == there), "{drawn:?}");
                prop_assert!(drawn.len() <= 1, "{drawn:?}");
                prop_assert!(!drawn.is_empty() || frame.has_ground);
                is_covered &= there.is_some();
                let holes = frame.holes.iter().filter(|hole| hole.contains(point)).count();
                let is_hole = frame.missing > 0 && there.is_none();
                prop_assert!(holes == usize::from(is_hole) || frame.is_covered, "{:?}", frame.holes);
                let Some(blit) = there else { continue };
                // What the px shows of the tile, in px of the tile.
                let px = |at: i32, extent: i32| at * TILE_PX / extent.max(1);
                let (left, top) = (px(x - blit.x, blit.width), px(y - blit.y, blit.height));
                let (right, bottom) = (px(x + 1 - blit.x, blit.width), px(y + 1 - blit.y, blit.height));
                let shown = Rect::new(left, top, (right - left).max(1), (bottom - top).max(1));
                let entry = &cache.tiles[&blit.key];
                if shown.overlaps(&entry.picture) && shown.width.max(shown.height) <= 4 {
                    prop_assert!(!drawn.is_empty(), "{shown:?} of {entry:?}");
                }
                if let Some(stamp) = drawn.first() {
                    prop_assert!(shown.inflated(1).overlaps(&entry.ink.bounds()));
                    let (x, y, width, height) = stamp.source();
                    let (right, bottom) = (f64::from(stamp.kept.width), f64::from(stamp.kept.height));
                    prop_assert!(x >= 0.0 && y >= 0.0, "{x} {y}");
                    prop_assert!(x + width < right + 1e-6 && y + height < bottom + 1e-6);
                }
            }
            prop_assert!(is_covered || !frame.is_covered);
            prop_assert!(frame.is_covered || frame.has_ground);
        }
    }

    /// A part of a tile, all of it, or nothing.
    fn ink() -> impl Strategy<Value = Rect> {
        let part = (0..512i32, 0..512i32, 1..400i32, 1..400i32).prop_map(|(x, y, w, h)| {
            Rect::new(x, y, w, h).intersection(&Rect::new(0, 0, 512, 512))
        });
        prop_oneof![Just(Rect::default()), Just(Rect::new(0, 0, 512, 512)), part]
    }
}
