//! Which tiles to ask for, the most wanted first: those that show, those that will, and those that
//! stand in while the camera is on its way.

use banyan_layout::geometry::Rect;

use crate::camera::{Camera, Viewport};
use crate::tile::{TILE_PX, TileKey, cover, prefetch};
use crate::tile_cache::{Frame, TileCache};
use crate::zoom::ZoomStep;

/// Steps of an octave: from one to the next a picture doubles.
const OCTAVE: i32 = 8;

/// What the camera is doing.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    /// It rests on the lattice, or pans by so many CSS px as the hand moves.
    Level { motion: (f64, f64) },
    /// It is on its way to a place that is known.
    Bound { to: Camera },
    /// It is on its way, nobody knows where: a hand pinches.
    Adrift,
}

/// The tiles to ask the painter for, each once, none that is there as it should be.
///
/// On its way the camera passes a level each few frames. To paint them all would be in vain: what is
/// asked for then are the tiles of where it comes to rest, and those of the octaves that it passes.
/// The tiles that show the whole scene are always among those that are kept: they are what every hole
/// is covered with in the end.
pub fn wishes<T>(
    cache: &mut TileCache<T>,
    frame: &Frame,
    camera: &Camera,
    viewport: &Viewport,
    bounds: &Rect,
    course: Course,
) -> Vec<TileKey> {
    let step = camera.step();
    // A px more: a scene that is just as wide as the window may begin in the tile before.
    let everything = Camera::fit(*bounds, viewport, 1.0);
    let whole = || cover(&everything, viewport, everything.step());
    let own_octave = || cover(camera, viewport, octave(step));
    let wider = || {
        let step = octave_below(step);
        cover(&at_step(camera, step), viewport, step)
    };
    // From the most wanted to the least.
    let lists = match course {
        Course::Level { motion } => [
            cover(camera, viewport, step),
            whole(),
            // Beyond the whole scene there is nothing.
            if octave_below(step) > everything.step() { wider() } else { Vec::new() },
            prefetch(camera, viewport, step, motion),
        ],
        Course::Bound { to } if frame.is_covered => {
            [cover(&to, viewport, to.step()), whole(), own_octave(), Vec::new()]
        }
        Course::Bound { to } => {
            [own_octave(), cover(&to, viewport, to.step()), whole(), Vec::new()]
        }
        Course::Adrift => [own_octave(), whole(), wider(), Vec::new()],
    };
    // No more than the cache can hold, or what is painted last would push out what was painted first,
    // and all of it would be wanted again for ever.
    let room = cache.room_for((TILE_PX * TILE_PX * 4) as usize);
    let mut kept: Vec<TileKey> = Vec::new();
    for key in lists.into_iter().flatten() {
        if kept.len() < room
            && key.intersects(bounds, viewport.device_pixel_ratio)
            && !kept.contains(&key)
        {
            kept.push(key);
        }
    }
    // All of them count as used, the most wanted last.
    for key in kept.iter().rev() {
        cache.get(*key);
    }
    let (stale, missing): (Vec<_>, Vec<_>) = kept
        .into_iter()
        .filter(|key| !cache.contains(*key) || cache.is_stale(*key))
        .partition(|key| frame.tiles.iter().any(|stamp| stamp.blit.key == *key));
    // What shows and is out of date comes after what is missing there, and before all else.
    let split = missing.iter().take_while(|key| frame.wanted.contains(key)).count();
    let mut wanted = missing;
    wanted.splice(split..split, stale);
    wanted
}

fn at_step(camera: &Camera, step: ZoomStep) -> Camera {
    Camera { scale: step.scale(), ..*camera }
}

/// The octave that a step belongs to.
fn octave(step: ZoomStep) -> ZoomStep {
    ZoomStep(step.0.div_euclid(OCTAVE) * OCTAVE).offset(0)
}

/// The octave next to it on the way out.
fn octave_below(step: ZoomStep) -> ZoomStep {
    octave(step.offset(-1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inked::TileInk;
    use proptest::prelude::*;

    const VIEW: Viewport = Viewport { width_px: 1600, height_px: 900, device_pixel_ratio: 1.0 };
    const BOUNDS: Rect = Rect::new(0, 0, 400_000, 250_000);
    const TILE_BYTES: usize = 512 * 512 * 4;

    /// A painter that paints so many of the tiles that are asked for with each frame.
    fn paint(cache: &mut TileCache<()>, wanted: &[TileKey], most: usize) {
        for key in wanted.iter().take(most) {
            cache.insert(*key, (), TileInk::WHOLE, TILE_BYTES);
        }
    }

    fn look(
        cache: &mut TileCache<()>,
        camera: &Camera,
        view: &Viewport,
        bounds: &Rect,
        course: Course,
    ) -> (Frame, Vec<TileKey>) {
        let frame = cache.frame(camera, view, bounds);
        let wanted = wishes(cache, &frame, camera, view, bounds, course);
        (frame, wanted)
    }

    fn settle(cache: &mut TileCache<()>, camera: &Camera, view: &Viewport, bounds: &Rect) {
        for _ in 0..100 {
            let level = Course::Level { motion: (0.0, 0.0) };
            let (_, wanted) = look(cache, camera, view, bounds, level);
            if wanted.is_empty() {
                return;
            }
            paint(cache, &wanted, 4);
        }
        panic!("wishes never end");
    }

    proptest! {
        /// Once the camera has rested, no way out and in again, at any speed, shows a hole: even if no
        /// more than a tile is painted with each frame.
        #[test]
        fn a_zoom_never_meets_a_hole(
            (x, y) in (0.0..1.0, 0.0..1.0),
            (width, height) in (10..2_000_000i32, 10..1_000_000i32),
            (width_px, height_px) in (300..2000u32, 300..1200u32),
            step in -40..=8i32,
            speeds in prop::collection::vec(-0.4..0.4f64, 1..4),
        ) {
            let view = Viewport { width_px, height_px, ..VIEW };
            let bounds = Rect::new(-7, 3, width, height);
            let mut cache = TileCache::new(64 * TILE_BYTES);
            let start = Camera {
                center_x: x * f64::from(width),
                center_y: y * f64::from(height),
                scale: ZoomStep(step).scale(),
            };
            let mut camera = start.clamped(bounds, &view).snapped(&view);
            settle(&mut cache, &camera, &view, &bounds);
            let least = Camera::fit(bounds, &view, 0.0).scale / 2.0;
            let middle = (view.width_css() / 2.0, view.height_css() / 2.0);
            for speed in speeds {
                for _ in 0..30 {
                    let scale = (camera.scale * speed.exp2()).clamp(least, 4.0);
                    camera = camera.zoom_at(&view, middle, scale).clamped(bounds, &view);
                    let (frame, wanted) = look(&mut cache, &camera, &view, &bounds, Course::Adrift);
                    prop_assert!(frame.is_covered, "{camera:?}");
                    paint(&mut cache, &wanted, 1);
                }
            }
        }
    }

    #[test]
    fn what_shows_comes_first_and_nothing_twice() {
        let mut cache = TileCache::new(96 * TILE_BYTES);
        let camera = Camera { center_x: 200_000.0, center_y: 100_000.0, scale: 1.0 }.snapped(&VIEW);
        let level = Course::Level { motion: (0.0, 0.0) };
        let (frame, wanted) = look(&mut cache, &camera, &VIEW, &BOUNDS, level);
        assert_eq!(wanted[..frame.missing], frame.wanted[..]);
        let mut once = wanted.clone();
        once.sort_unstable();
        once.dedup();
        assert_eq!(once.len(), wanted.len());
        // All of it together stays well within what a cache holds.
        assert!(wanted.len() < 80, "{}", wanted.len());
    }

    #[test]
    fn wishes_end_however_small_the_cache() {
        for tiles in [0, 1, 7, 20, 48] {
            let mut cache = TileCache::new(tiles * TILE_BYTES);
            let camera =
                Camera { center_x: 200_000.0, center_y: 100_000.0, scale: 1.0 }.snapped(&VIEW);
            settle(&mut cache, &camera, &VIEW, &BOUNDS);
            assert_eq!(cache.len(), tiles);
        }
    }

    #[test]
    fn on_its_way_the_camera_wants_where_it_comes_to_rest() {
        let mut cache = TileCache::new(96 * TILE_BYTES);
        let camera = Camera { center_x: 200_000.0, center_y: 100_000.0, scale: 1.0 }.snapped(&VIEW);
        settle(&mut cache, &camera, &VIEW, &BOUNDS);
        let to = camera.zoom_at(&VIEW, (300.0, 300.0), ZoomStep(5).scale());
        let between = camera.zoom_at(&VIEW, (300.0, 300.0), 1.2);
        let (_, wanted) = look(&mut cache, &between, &VIEW, &BOUNDS, Course::Bound { to });
        assert!(wanted.iter().all(|key| key.step == 5), "{wanted:?}");
        paint(&mut cache, &wanted, wanted.len());
        assert_eq!(cache.frame(&to, &VIEW, &BOUNDS).missing, 0);
    }
}
