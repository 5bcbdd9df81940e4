//! The pictures of tiles that the main thread holds, within a budget of bytes.

use std::collections::BTreeMap;

use banyan_layout::geometry::Rect;

use crate::camera::{Camera, Viewport};
use crate::tile::{Blit, TileKey, placed, placements};
use crate::zoom::ZoomStep;

/// A finer level more than this far from the wanted one does not stand in: a tile shrunk to less than
/// a quarter costs more calls than it shows.
const FINER_STEPS: i32 = 16;
/// Tiles of a finer level on one frame.
const FINER_TILES: usize = 24;

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
    bytes: usize,
    last_use: u64,
    is_stale: bool,
}

/// What to put on the canvas now.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Frame {
    /// Tiles of other levels to scale, in drawing order: the wanted level's neighbours last.
    pub stand_ins: Vec<Blit>,
    /// Tiles of the wanted level, drawn over the stand-ins.
    pub tiles: Vec<Blit>,
    /// Tiles to ask for, nearest to the centre first: missing ones, then stale ones.
    pub wanted: Vec<TileKey>,
    /// How many of `wanted` are missing.
    pub missing: usize,
    /// Whether tiles of some level cover everything that is to be seen.
    pub is_covered: bool,
    /// Whether a part of the canvas lies beyond the scene: nothing is drawn there but the ground.
    pub has_ground: bool,
}

impl Frame {
    /// Whether every tile of the wanted level is there, to be copied as it is.
    pub fn is_whole(&self) -> bool {
        self.missing == 0 && self.tiles.iter().all(Blit::is_exact)
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

    /// Takes a picture in and returns those that had to go (the one that it replaces among them),
    /// so that the caller can close them. A picture above the whole budget comes straight back.
    pub fn insert(&mut self, key: TileKey, picture: T, bytes: usize) -> Vec<T> {
        let mut gone: Vec<T> = self.remove(key).into_iter().collect();
        if bytes > self.budget_bytes {
            gone.push(picture);
            return gone;
        }
        self.uses += 1;
        self.bytes += bytes;
        self.by_use.insert(self.uses, key);
        self.tiles.insert(key, Entry { picture, bytes, last_use: self.uses, is_stale: false });
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
    /// stand in: nearest levels first, until each hole is covered.
    pub fn frame(&mut self, camera: &Camera, viewport: &Viewport, bounds: &Rect) -> Frame {
        let mut frame = Frame { is_covered: true, ..Frame::default() };
        let mut holes = Vec::new();
        let mut stale = Vec::new();
        for blit in placements(camera, viewport, camera.step()) {
            if !blit.key.intersects(bounds, viewport.device_pixel_ratio) {
                frame.has_ground = true;
            } else if self.get(blit.key).is_none() {
                frame.wanted.push(blit.key);
                holes.push(blit);
            } else {
                if self.is_stale(blit.key) {
                    stale.push(blit.key);
                }
                frame.tiles.push(blit);
            }
        }
        frame.missing = frame.wanted.len();
        frame.wanted.extend(stale);
        if !holes.is_empty() {
            (frame.stand_ins, frame.is_covered) = self.stand_ins(camera, viewport, bounds, holes);
            for blit in &frame.stand_ins {
                self.get(blit.key);
            }
        }
        frame
    }

    /// Tiles of other levels for the holes, and whether they cover them.
    fn stand_ins(
        &self,
        camera: &Camera,
        viewport: &Viewport,
        bounds: &Rect,
        mut holes: Vec<Blit>,
    ) -> (Vec<Blit>, bool) {
        let wanted = camera.step();
        let window = Window::new(camera, viewport, bounds);
        // The keys are in order, so those of a level stand together.
        let mut levels: Vec<i32> = Vec::new();
        for key in self.tiles.keys() {
            if levels.last() != Some(&key.step) {
                levels.push(key.step);
            }
        }
        // A finer level is sharper where it reaches, but it seldom reaches everywhere; coarser ones
        // cover the rest with few tiles. One finer level and no more: each pixel costs as often as it
        // is covered.
        let finer = levels.iter().copied().filter(|step| *step > wanted.0).min();
        let finer = finer.filter(|step| step - wanted.0 <= FINER_STEPS);
        let sharp = finer.map(|step| self.over(&holes, step, camera, viewport, &window));
        let mut sharp = sharp.unwrap_or_default();
        if sharp.blits.len() > FINER_TILES {
            sharp = StandIns::default();
        }
        holes.retain(|hole| !sharp.covered.contains(&hole.key));
        let mut chosen = sharp.blits;
        // What no coarser level covers, another finer one may: seen from further out than the whole
        // scene needs, all levels are finer.
        let coarser = levels.iter().copied().rev().filter(|step| *step < wanted.0);
        let others = levels.iter().copied().filter(|step| *step > wanted.0 && Some(*step) != finer);
        for step in coarser.chain(others) {
            if holes.is_empty() {
                break;
            }
            let coarse = self.over(&holes, step, camera, viewport, &window);
            holes.retain(|hole| !coarse.covered.contains(&hole.key));
            chosen.extend(coarse.blits);
        }
        chosen.reverse();
        (chosen, holes.is_empty())
    }

    /// The tiles of a level that lie over holes, and which holes they cover wholly.
    fn over(
        &self,
        holes: &[Blit],
        step: i32,
        camera: &Camera,
        viewport: &Viewport,
        window: &Window,
    ) -> StandIns {
        // A finer level has tiles by the square of its ratio: look only at those that are here.
        let level =
            TileKey { step, x: i32::MIN, y: i32::MIN }..=TileKey { step, x: i32::MAX, y: i32::MAX };
        let keys = self.tiles.range(level).map(|(key, _)| *key);
        let mut found = StandIns::default();
        let mut areas = vec![0; holes.len()];
        for blit in placed(camera, viewport, ZoomStep(step), keys) {
            let mut is_used = false;
            for (hole, area) in holes.iter().zip(&mut areas) {
                let shared = window.shared_area(hole, &blit);
                *area += shared;
                is_used |= shared > 0;
            }
            if is_used {
                found.blits.push(blit);
            }
        }
        for (hole, area) in holes.iter().zip(areas) {
            if area >= window.shared_area(hole, hole) {
                found.covered.push(hole.key);
            }
        }
        found
    }
}

/// Tiles that stand in.
#[derive(Default)]
struct StandIns {
    blits: Vec<Blit>,
    /// The tiles that they stand in for, with nothing left open.
    covered: Vec<TileKey>,
}

/// The part of the canvas on which a scene shows, in device px: `low` to `high`.
struct Window {
    low: (i32, i32),
    high: (i32, i32),
}

impl Window {
    fn new(camera: &Camera, viewport: &Viewport, bounds: &Rect) -> Self {
        let ratio = viewport.device_pixel_ratio;
        let on_screen =
            |x: i32, y: i32| camera.screen_from_world(viewport, (f64::from(x), f64::from(y)));
        let (left, top) = on_screen(bounds.x, bounds.y);
        let (right, bottom) = on_screen(bounds.right(), bounds.bottom());
        // Casts saturate: a scene that reaches beyond the canvas shows on all of it.
        let low = |css: f64| ((css * ratio).ceil() as i32).max(0);
        let high = |css: f64, side: u32| ((css * ratio).floor() as i32).min(side as i32);
        Self {
            low: (low(left), low(top)),
            high: (high(right, viewport.width_px), high(bottom, viewport.height_px)),
        }
    }

    /// Device px that both rectangles and the window have in common.
    fn shared_area(&self, a: &Blit, b: &Blit) -> i64 {
        let span = |a: i32, a_side: i32, b: i32, b_side: i32, low: i32, high: i32| {
            i64::from(((a + a_side).min(b + b_side).min(high) - a.max(b).max(low)).max(0))
        };
        span(a.x, a.width, b.x, b.width, self.low.0, self.high.0)
            * span(a.y, a.height, b.y, b.height, self.low.1, self.high.1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tile::cover;
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
                    let gone = cache.insert(key(x), x, 10);
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
        assert_eq!(cache.insert(key(0), 'a', 11), vec!['a']);
        assert!(cache.is_empty());
    }

    #[test]
    fn a_smaller_budget_lets_the_oldest_go() {
        let mut cache = TileCache::new(40);
        for x in 0..4 {
            cache.insert(key(x), x, 10);
        }
        assert_eq!(cache.set_budget(25), vec![0, 1]);
        assert_eq!((cache.bytes(), cache.len()), (20, 2));
    }

    #[test]
    fn regions_make_their_tiles_stale() {
        let mut cache = TileCache::new(TILE_BYTES * 8);
        for x in 0..4 {
            cache.insert(key(x), x, TILE_BYTES);
        }
        cache.mark_stale(&[Rect::new(600, 10, 20, 20)], ZoomStep(1), 1.0);
        assert!(!cache.is_stale(key(1)), "too far away to show it");
        cache.mark_stale(&[Rect::new(600, 10, 20, 20)], ZoomStep(0), 1.0);
        let stale: Vec<bool> = (0..4).map(|x| cache.is_stale(key(x))).collect();
        assert_eq!(stale, [false, true, false, false]);
        cache.insert(key(1), 9, TILE_BYTES);
        assert!(!cache.is_stale(key(1)));
    }

    #[test]
    fn stand_ins_fill_the_holes_of_a_zoom() {
        let mut cache = TileCache::new(TILE_BYTES * 100);
        let near = Camera { center_x: 500.0, center_y: 350.0, scale: 1.0 }.snapped(&VIEW);
        assert_eq!(cache.frame(&near, &VIEW, &WORLD).missing, 4);
        for key in cover(&near, &VIEW, near.step()) {
            cache.insert(key, (), TILE_BYTES);
        }
        let frame = cache.frame(&near, &VIEW, &WORLD);
        assert_eq!((frame.tiles.len(), frame.missing, frame.stand_ins.len()), (4, 0, 0));

        let inside = near.zoom_at(&VIEW, (500.0, 350.0), 1.5);
        let frame = cache.frame(&inside, &VIEW, &WORLD);
        assert!(frame.tiles.is_empty());
        assert_eq!(frame.stand_ins.len(), 4);
        // Together they cover the canvas, as the picture zoomed into lay within the old one.
        let window = Window::new(&inside, &VIEW, &WORLD);
        let area: i64 = frame.stand_ins.iter().map(|blit| window.shared_area(blit, blit)).sum();
        assert_eq!(area, 1000 * 700);
        assert!(frame.is_covered);
    }

    #[test]
    fn beyond_the_scene_nothing_is_wanted() {
        let mut cache = TileCache::new(TILE_BYTES * 100);
        let camera = Camera { center_x: 500.0, center_y: 350.0, scale: 1.0 }.snapped(&VIEW);
        let bounds = Rect::new(0, 0, 500, 300);
        let frame = cache.frame(&camera, &VIEW, &bounds);
        assert_eq!((frame.missing, frame.has_ground, frame.is_covered), (1, true, false));
        // A coarser tile that covers the scene's corner of the window is enough.
        cache.insert(TileKey { step: -8, x: 0, y: 0 }, (), TILE_BYTES);
        assert!(cache.frame(&camera, &VIEW, &bounds).is_covered);
    }

    #[test]
    fn the_nearest_level_is_drawn_last() {
        let mut cache = TileCache::new(TILE_BYTES * 100);
        let camera = Camera { center_x: 100.0, center_y: 100.0, scale: 1.0 }.snapped(&VIEW);
        for step in [-8, -4] {
            // Of the nearer level one tile only, so that the farther one is needed too.
            let count = if step == -4 { 1 } else { 9 };
            for key in cover(&camera, &VIEW, ZoomStep(step)).into_iter().take(count) {
                cache.insert(key, (), TILE_BYTES);
            }
        }
        let frame = cache.frame(&camera, &VIEW, &WORLD);
        assert_eq!(frame.stand_ins.last().map(|blit| blit.key.step), Some(-4));
        assert_eq!(frame.stand_ins.first().map(|blit| blit.key.step), Some(-8));
    }
}
