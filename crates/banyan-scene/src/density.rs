//! Nodes too small to draw one by one: a raster of all of them in one pass.

use banyan_layout::fan::Sector;
use banyan_layout::geometry::{Point, Rect};

use crate::camera::WorldRect;
use crate::cutout::Cutout;
use crate::detail::{LEAST_BAR_CSS_PX, ramp};
use crate::ink::Ink;
use crate::inked::TileInk;
use crate::links::{extent, flattened};
use crate::minimap::Minimap;
use crate::node::BAR_OPACITY;
use crate::palette::{Palette, Rgba};
use crate::scene::Scene;
use crate::tile::{TILE_PX, TileKey};

/// Which part of the world goes into which pixels: `px = world * px_per_unit - origin`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Raster {
    pub origin_x: f64,
    pub origin_y: f64,
    pub px_per_unit: f64,
    /// Device px per CSS px.
    pub device_pixel_ratio: f64,
    pub width: usize,
    pub height: usize,
}

/// A node adds at least this much of a pixel, so that a lone one still shows.
const LEAST_COVER: f32 = 0.22;
/// Lines shorter than this many px say nothing; among nodes much smaller than a px, which cover them,
/// those shorter than sixteen times as much.
const LEAST_LINE_PX: f64 = 3.0;
const LINE_OPACITY: f32 = 0.5;

/// The raster of a tile: fills `out` with 512 x 512 opaque RGBA pixels, row by row. Tiles agree at
/// their seams.
pub fn density(
    scene: &Scene,
    key: TileKey,
    device_pixel_ratio: f64,
    palette: &Palette,
    out: &mut Pixels,
) {
    density_of_cutout(scene, &key.cutout(device_pixel_ratio), palette, out);
}

/// The same for any rectangle of a level: its width times its height opaque RGBA pixels.
pub fn density_of_cutout(scene: &Scene, cutout: &Cutout, palette: &Palette, out: &mut Pixels) {
    let frame = Raster {
        origin_x: cutout.x as f64,
        origin_y: cutout.y as f64,
        px_per_unit: cutout.level.px_per_unit,
        device_pixel_ratio: cutout.level.device_pixel_ratio,
        width: cutout.width.max(0) as usize,
        height: cutout.height.max(0) as usize,
    };
    raster(scene, &frame, palette, Ink::Paper, out);
}

/// The minimap's picture of everything: fills `out` with `minimap.width` x `minimap.height` (device
/// px, rounded) RGBA pixels and returns the two sides.
pub fn thumbnail(
    scene: &Scene,
    minimap: &Minimap,
    device_pixel_ratio: f64,
    palette: &Palette,
    out: &mut Pixels,
) -> (u32, u32) {
    let side = |length: f64| length.round().clamp(1.0, 4096.0) as usize;
    let frame = Raster {
        origin_x: -minimap.offset_x,
        origin_y: -minimap.offset_y,
        px_per_unit: minimap.scale,
        device_pixel_ratio,
        width: side(minimap.width),
        height: side(minimap.height),
    };
    raster(scene, &frame, palette, Ink::PaperDeep, out);
    (frame.width as u32, frame.height as u32)
}

/// What lies on a pixel so far: the sum of colours, each times its share of the pixel, and of shares.
type Cover = [f32; 4];

/// Pixels that are looked after together.
const RUN: usize = 64;

/// The pixels of a raster, and what they are made of: kept from picture to picture, so that what
/// stays empty is neither cleared nor looked at.
#[derive(Clone, Debug, Default)]
pub struct Pixels {
    /// Four bytes a pixel, row by row, opaque.
    pub rgba: Vec<u8>,
    /// All zero between two pictures, as the one below.
    cover: Vec<Cover>,
    /// The strength of the line on a pixel.
    lines: Vec<u8>,
    /// Whether anything lies on a run of pixels of this picture, or of the last one.
    touched: Vec<bool>,
}

impl Pixels {
    /// Bytes of memory that it holds.
    pub fn bytes(&self) -> usize {
        self.rgba.capacity()
            + self.cover.capacity() * size_of::<Cover>()
            + self.lines.capacity()
            + self.touched.capacity()
    }

    /// What is drawn on of the tile that these are the pixels of.
    pub fn tile_ink(&self) -> TileInk {
        let rows = self.touched.chunks(TILE_PX as usize / RUN).zip(0..TILE_PX);
        rows.fold(TileInk::default(), |ink, (touched, y)| {
            let at = |run: usize| (run * RUN) as i32;
            let first = touched.iter().position(|touched| *touched);
            let last = touched.iter().rposition(|touched| *touched);
            let part = first.zip(last).map(|(first, last)| {
                TileInk::of(&Rect::new(at(first), y, at(last + 1) - at(first), 1))
            });
            ink.union(&part.unwrap_or_default())
        })
    }

    fn begin(&mut self, count: usize) {
        self.cover.resize(count, [0.0; 4]);
        self.lines.resize(count, 0);
        self.touched.clear();
        self.touched.resize(count.div_ceil(RUN), false);
        self.rgba.resize(count * 4, 255);
    }

    #[inline(always)]
    fn add(&mut self, pixel: usize, color: Cover, share: f32) {
        let cover = &mut self.cover[pixel];
        *cover = std::array::from_fn(|lane| cover[lane] + color[lane] * share);
        self.touched[pixel / RUN] = true;
    }

    /// The strongest share of a pixel wins, so that a bus that twenty children share is no darker
    /// than another.
    fn add_line(&mut self, pixel: usize, strength: u8) {
        let line = &mut self.lines[pixel];
        *line = strength.max(*line);
        self.touched[pixel / RUN] = true;
    }

    /// Makes the colours, and is ready for the next picture.
    fn finish(&mut self, ground: Cover, line: Cover) {
        let nothing = channels(ground);
        let empty = nothing.repeat(RUN);
        let runs = self.rgba.chunks_mut(4 * RUN).zip(self.cover.chunks_mut(RUN));
        let runs = runs.zip(self.lines.chunks_mut(RUN)).zip(&self.touched);
        for (((rgba, cover), lines), touched) in runs {
            if !*touched {
                rgba.copy_from_slice(&empty[..rgba.len()]);
                continue;
            }
            for (rgba, (cover, strength)) in
                rgba.chunks_exact_mut(4).zip(cover.iter_mut().zip(lines))
            {
                let share = cover[3];
                if *strength == 0 && share == 0.0 {
                    rgba.copy_from_slice(&nothing);
                    continue;
                }
                let mut color = ground;
                if *strength > 0 {
                    color = mix(color, line, f32::from(std::mem::take(strength)) / 255.0);
                }
                if share > 0.0 {
                    let cover = std::mem::take(cover);
                    // A pixel half covered counts as full: else all would pale before it merges.
                    let opacity = (2.0 * share).min(1.0) * BAR_OPACITY as f32;
                    let weight = opacity / share;
                    color = std::array::from_fn(|lane| {
                        color[lane] * (1.0 - opacity) + cover[lane] * weight
                    });
                }
                rgba.copy_from_slice(&channels(color));
            }
        }
    }
}

/// Adding 2^23 leaves the nearest whole number in the lowest bits of a float: cheaper than a cast, and
/// done to all lanes at once.
fn channels(color: Cover) -> [u8; 4] {
    let [red, green, blue, _] = color.map(|channel| (channel + 8_388_608.0).to_bits() as u8);
    [red, green, blue, 255]
}

/// Makes `out` a picture of `frame.width` x `frame.height` pixels: `ground`, lines, nodes in their
/// tints.
pub fn raster(scene: &Scene, frame: &Raster, palette: &Palette, ground: Ink, out: &mut Pixels) {
    out.begin(frame.width * frame.height);
    raster_lines(scene, frame, out);
    let colors: Vec<Cover> = Ink::ALL.iter().map(|ink| floats(palette.color(*ink))).collect();
    let grid = Grid::of(frame);
    let mut put = |rect: &Rect, tint: Ink| grid.add(out, rect, colors[tint as usize]);
    let seen = frame.world().outer();
    if !scene.sectors.is_empty() {
        scene.visit_nodes_in(&seen, |node| {
            let sector = scene.sectors.get(node as usize);
            let color = colors[scene.tints[node as usize] as usize];
            sector.into_iter().for_each(|sector| add_sector(out, frame, sector, color));
        });
    } else if holds(&seen, &scene.bounds) {
        // Everything shows: in their own order the boxes stream through the cache.
        for (rect, tint) in scene.boxes.iter().zip(&scene.tints) {
            if !rect.is_empty() {
                put(rect, *tint);
            }
        }
    } else {
        scene.visit_nodes_in(&seen, &mut |node: u32| {
            put(&scene.boxes[node as usize], scene.tints[node as usize]);
        });
    }
    out.finish(floats(palette.color(ground)), floats(palette.color(Ink::Line)));
}

/// The pixels whose middles lie in a sector, and that of its own middle. Pictures of rings have some
/// thousand nodes at most.
fn add_sector(out: &mut Pixels, frame: &Raster, sector: &Sector, color: Cover) {
    let rect = sector.bounds();
    let pixel = |units: i32, origin: f64, side: usize| {
        (f64::from(units) * frame.px_per_unit - origin).clamp(0.0, side as f64) as usize
    };
    let span = |low: i32, high: i32, origin: f64, side: usize| {
        pixel(low, origin, side)..(pixel(high, origin, side) + 1).min(side)
    };
    let world =
        |pixel: usize, origin: f64| ((pixel as f64 + 0.5 + origin) / frame.px_per_unit) as i32;
    let columns = span(rect.x, rect.right(), frame.origin_x, frame.width);
    for y in span(rect.y, rect.bottom(), frame.origin_y, frame.height) {
        for x in columns.clone() {
            let point = Point::new(world(x, frame.origin_x), world(y, frame.origin_y));
            if sector.contains(point) {
                out.add(y * frame.width + x, color, 1.0);
            }
        }
    }
}

impl Raster {
    fn world(&self) -> WorldRect {
        WorldRect {
            x: self.origin_x / self.px_per_unit,
            y: self.origin_y / self.px_per_unit,
            width: self.width as f64 / self.px_per_unit,
            height: self.height as f64 / self.px_per_unit,
        }
    }
}

/// Red, green and blue, and 1 for the sum of shares: four lanes that are reckoned with at once.
fn floats(color: Rgba) -> Cover {
    let [red, green, blue] = [color.red, color.green, color.blue].map(f32::from);
    [red, green, blue, 1.0]
}

fn mix(under: Cover, over: Cover, share: f32) -> Cover {
    std::array::from_fn(|i| under[i] + (over[i] - under[i]) * share)
}

fn holds(outer: &Rect, inner: &Rect) -> bool {
    outer.x <= inner.x
        && outer.y <= inner.y
        && outer.right() >= inner.right()
        && outer.bottom() >= inner.bottom()
}

/// Where nodes lie among the pixels, in whole numbers of 2^-32 px: a million nodes pass here for one
/// picture, and a shift of an integer floors. Places stay below 2^31 px, as in all levels that have
/// nodes so small.
struct Grid {
    /// Length of half a unit.
    half_unit: i64,
    origin: (i64, i64),
    width: usize,
    height: usize,
    /// Units that are no more than a pixel, and pixels in a square unit.
    most_dot_units: i32,
    square_unit: f32,
    /// Units of a bar.
    least_bar_units: i32,
}

const PX: i64 = 1 << 32;
const PX_PER_STEP: f32 = 1.0 / PX as f32;

impl Grid {
    fn of(frame: &Raster) -> Self {
        let unit = frame.px_per_unit;
        Self {
            half_unit: (unit * PX as f64 / 2.0) as i64,
            origin: ((frame.origin_x * PX as f64) as i64, (frame.origin_y * PX as f64) as i64),
            width: frame.width,
            height: frame.height,
            most_dot_units: (1.0 / unit) as i32,
            square_unit: (unit * unit) as f32,
            least_bar_units: (LEAST_BAR_CSS_PX * frame.device_pixel_ratio / unit).ceil() as i32,
        }
    }

    /// `twice` units of half, from the picture's edge.
    fn place(&self, twice: i64, origin: i64) -> i64 {
        twice.wrapping_mul(self.half_unit).wrapping_sub(origin)
    }

    #[inline(always)]
    fn add(&self, out: &mut Pixels, rect: &Rect, color: Cover) {
        if rect.width > self.most_dot_units || rect.height > self.most_dot_units {
            self.add_box(out, rect, color);
            return;
        }
        // The whole node on the pixel of its middle. What lies before the picture becomes a number
        // larger than any side.
        let pixel = |low: i32, length: i32, origin: i64| {
            (self.place(2 * i64::from(low) + i64::from(length), origin) >> 32) as usize
        };
        let x = pixel(rect.x, rect.width, self.origin.0);
        let y = pixel(rect.y, rect.height, self.origin.1);
        if x < self.width && y < self.height {
            let share = rect.width as f32 * rect.height as f32 * self.square_unit;
            out.add(y * self.width + x, color, larger(share, LEAST_COVER));
        }
    }

    /// A node of more than a pixel.
    #[inline(never)]
    fn add_box(&self, out: &mut Pixels, rect: &Rect, color: Cover) {
        let span = |low: i32, length: i32, origin: i64| {
            let (low, length) = (2 * i64::from(low), 2 * i64::from(length));
            (self.place(low, origin), self.place(low + length, origin))
        };
        let (mut left, mut right) = span(rect.x, rect.width, self.origin.0);
        let (mut top, mut bottom) = span(rect.y, rect.height, self.origin.1);
        if rect.height >= self.least_bar_units {
            // Bars have sharp edges, as they have when they are drawn.
            let nearest = |place: i64| place.wrapping_add(PX / 2) & -PX;
            (left, top) = (nearest(left), nearest(top));
            (right, bottom) = (nearest(right).max(left + PX), nearest(bottom).max(top + PX));
        }
        // A node thinner than a pixel in one direction keeps the least cover in that one.
        let thinnest = (right - left).min(bottom - top).min(PX) as f32 * PX_PER_STEP;
        let boost = larger(LEAST_COVER / thinnest, 1.0);
        let columns = pixels(left, right, self.width);
        for y in pixels(top, bottom, self.height) {
            let in_row = overlap(y, top, bottom) * boost;
            for x in columns.clone() {
                out.add(y * self.width + x, color, in_row * overlap(x, left, right));
            }
        }
    }
}

/// `f32::max` is a call in WebAssembly, for the sake of NaN.
fn larger(a: f32, b: f32) -> f32 {
    if a > b { a } else { b }
}

/// The pixels that a span touches, limited to the picture.
fn pixels(low: i64, high: i64, side: usize) -> std::ops::Range<usize> {
    let limited = |pixel: i64| pixel.clamp(0, side as i64) as usize;
    limited(low >> 32)..limited(high.saturating_add(PX - 1) >> 32)
}

/// The share of a pixel that a span covers.
fn overlap(pixel: usize, low: i64, high: i64) -> f32 {
    let begin = (pixel as i64) << 32;
    (high.min(begin + PX) - low.max(begin)) as f32 * PX_PER_STEP
}

/// The long lines of the scene, at one px.
fn raster_lines(scene: &Scene, frame: &Raster, out: &mut Pixels) {
    let node_css = f64::from(scene.typical_height) * frame.px_per_unit / frame.device_pixel_ratio;
    let thinned = (2.5 / node_css.max(1e-9)).clamp(1.0, 16.0);
    let least_units = LEAST_LINE_PX * thinned / frame.px_per_unit;
    let share = LINE_OPACITY * (0.6 + 0.4 * ramp(node_css, 0.5, 5.0) as f32);
    let strength = (share * 255.0) as u8;
    let seen = frame.world().outer();
    let mut points = Vec::new();
    let mut draw = |route: u32| {
        flattened(&scene.routes, route, &mut points);
        for pair in points.windows(2) {
            raster_segment(out, frame, pair[0], pair[1], strength);
        }
    };
    if let Some(long) = scene.long_routes(least_units) {
        long.filter(|&route| scene.route_touches(route, &seen)).for_each(draw);
    } else {
        scene.visit_routes_in(&seen, |route| {
            if f64::from(extent(&scene.routes, route)) >= least_units {
                draw(route);
            }
        });
    }
}

fn raster_segment(
    out: &mut Pixels,
    frame: &Raster,
    from: (f64, f64),
    to: (f64, f64),
    strength: u8,
) {
    let px = |p: (f64, f64)| {
        (p.0 * frame.px_per_unit - frame.origin_x, p.1 * frame.px_per_unit - frame.origin_y)
    };
    let ((x0, y0), (x1, y1)) = (px(from), px(to));
    let (width, height) = (frame.width as f64, frame.height as f64);
    let mut put = |x: f64, y: f64| {
        let (x, y) = ((x + 0.5).floor(), (y + 0.5).floor());
        if x >= 0.0 && y >= 0.0 && x < width && y < height {
            out.add_line(y as usize * frame.width + x as usize, strength);
        }
    };
    // Steps along the longer direction at whole px, within the picture alone.
    let is_flat = (x1 - x0).abs() >= (y1 - y0).abs();
    let (along0, along1, side) = if is_flat { (x0, x1, width) } else { (y0, y1, height) };
    let (low, high) = (along0.min(along1).max(-1.0).floor(), along0.max(along1).min(side).ceil());
    let slope = if is_flat { (y1 - y0) / (x1 - x0) } else { (x1 - x0) / (y1 - y0) };
    let slope = if slope.is_finite() { slope } else { 0.0 };
    let mut step = low.max(along0.min(along1));
    while step <= high.min(along0.max(along1)) {
        if is_flat {
            put(step, y0 + (step - x0) * slope);
        } else {
            put(x0 + (step - y0) * slope, step);
        }
        step += 1.0;
    }
}
