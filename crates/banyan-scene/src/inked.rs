//! What of a tile is drawn on. Most of a tree is bare paper, which nobody has to keep or to copy.

use banyan_layout::geometry::Rect;
use serde::{Deserialize, Serialize};

use crate::ink::{Ink, Tone};
use crate::painter::{Font, Painter, PxRect, Target};
use crate::path::{Path, PathOp};
use crate::sprites::SpriteSlot;
use crate::tile::TILE_PX;

/// Of a stroke's width: the corners of a canvas are cut off where they reach further.
const MITER_LIMIT: f64 = 10.0;
/// Of a font's size: as far as letters and their marks go above and below the baseline.
const TALLEST: f64 = 2.0;
const EVERYWHERE: ((f64, f64), (f64, f64)) =
    ((f64::NEG_INFINITY, f64::NEG_INFINITY), (f64::INFINITY, f64::INFINITY));

/// Px rows of a tile that are looked after together: 64 such runs make a tile.
const RUN_PX: i32 = TILE_PX / 64;
/// Bare paper around what is drawn, in px, that counts as drawn on: where a tile is scaled, its parts are
/// cut to whole px of the canvas.
const RIM_PX: f64 = 4.0;

/// What of a tile is drawn on, or a little more: the rest is bare paper.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TileInk {
    /// In px of the tile, `right` not included.
    left: i32,
    right: i32,
    /// A bit for each run of rows, the lowest for the uppermost.
    runs: u64,
}

impl TileInk {
    /// Nothing is known to be bare.
    pub const WHOLE: Self = Self { left: 0, right: TILE_PX, runs: u64::MAX };

    /// A part of the tile, in its px.
    pub(crate) fn of(part: &Rect) -> Self {
        let px = |x: i32, y: i32| (f64::from(x), f64::from(y));
        let mut ink = Self::default();
        if part.is_empty() {
            return ink;
        }
        ink.add(px(part.x, part.y), px(part.right(), part.bottom()));
        ink
    }

    pub fn is_empty(&self) -> bool {
        self.runs == 0
    }

    /// From one point to another, in px of the tile, both ends included; what lies beyond the tile leaves
    /// nothing on it.
    fn add(&mut self, low: (f64, f64), high: (f64, f64)) {
        let side = f64::from(TILE_PX);
        let span = |low: f64, high: f64| {
            let (low, high) = ((low - RIM_PX).floor().max(0.0), (high + RIM_PX).ceil().min(side));
            // Casts of what lies within the tile.
            (low < high).then_some((low as i32, high as i32))
        };
        let Some(((left, right), (top, bottom))) = span(low.0, high.0).zip(span(low.1, high.1))
        else {
            return;
        };
        let (first, last) = (top / RUN_PX, (bottom - 1) / RUN_PX);
        let added = Self { left, right, runs: u64::MAX >> (63 - (last - first)) << first };
        *self = self.union(&added);
    }

    #[must_use]
    pub fn union(&self, other: &Self) -> Self {
        if self.is_empty() || other.is_empty() {
            return if self.is_empty() { *other } else { *self };
        }
        Self {
            left: self.left.min(other.left),
            right: self.right.max(other.right),
            runs: self.runs | other.runs,
        }
    }

    /// What a picture has to show of the tile, in px: never nothing, for no picture is that small.
    pub fn bounds(&self) -> Rect {
        let (first, end) =
            (self.runs.trailing_zeros() as i32, 64 - self.runs.leading_zeros() as i32);
        if self.is_empty() {
            return Rect::new(0, 0, 1, 1);
        }
        let (width, height) = (self.right - self.left, (end - first) * RUN_PX);
        Rect::new(self.left, first * RUN_PX, width, height)
    }

    /// The parts of [`Self::bounds`] without the bare rows between them; a few bare rows are not worth a part
    /// of their own.
    pub fn bands(&self) -> impl Iterator<Item = Rect> + use<> {
        let Self { left, right, runs } = *self;
        // Gaps of one or two runs are closed.
        let wide = runs | runs << 1 | runs >> 1;
        let mut open = runs | (wide & wide << 1 & wide >> 1);
        std::iter::from_fn(move || {
            let first = open.trailing_zeros();
            let length = open.checked_shr(first)?.trailing_ones();
            open &= u64::MAX.checked_shl(first + length).unwrap_or_default();
            let (y, height) = (first as i32 * RUN_PX, length as i32 * RUN_PX);
            Some(Rect::new(left, y, right - left, height))
        })
    }
}

/// Paints as another painter does, and takes down what of a tile is no bare paper any more. Never too
/// little: a line of text counts as far as the tile goes, for only the painter knows its font.
pub(crate) struct Inking<'a, P> {
    painter: &'a mut P,
    is_tile: bool,
    pub ink: TileInk,
}

impl<'a, P: Painter> Inking<'a, P> {
    /// The tile is bare paper, or nobody cares what is drawn on it already.
    pub fn new(painter: &'a mut P) -> Self {
        Self { painter, is_tile: true, ink: TileInk::default() }
    }

    fn add(&mut self, low: (f64, f64), high: (f64, f64)) {
        if self.is_tile {
            self.ink.add(low, high);
        }
    }

    fn add_rect(&mut self, rect: PxRect) {
        self.add((rect.x, rect.y), (rect.right(), rect.bottom()));
    }

    /// A curve lies between its ends and its controls.
    fn add_path(&mut self, path: &Path, reach: f64) {
        let mut before = None;
        for op in &path.ops {
            let points: &[(f64, f64)] = match *op {
                PathOp::Move(x, y) | PathOp::Line(x, y) => &[(x, y)],
                PathOp::Quad(a, b, x, y) => &[(a, b), (x, y)],
                PathOp::Cubic(a, b, c, d, x, y) => &[(a, b), (c, d), (x, y)],
                PathOp::Close => &[],
            };
            // From where the last one ended to where this one does.
            let around =
                points.iter().chain(before.as_ref().filter(|_| !matches!(op, PathOp::Move(..))));
            let (low, high) = around.fold((EVERYWHERE.1, EVERYWHERE.0), |(low, high), point| {
                (
                    (low.0.min(point.0), low.1.min(point.1)),
                    (high.0.max(point.0), high.1.max(point.1)),
                )
            });
            self.add((low.0 - reach, low.1 - reach), (high.0 + reach, high.1 + reach));
            before = points.last().copied().or(before);
        }
    }

    fn add_line_of_text(&mut self, baseline: f64, font: Font) {
        let reach = TALLEST * font.size_px;
        let (low, high) = EVERYWHERE;
        self.add((low.0, baseline - reach), (high.0, baseline + reach));
    }
}

impl<P: Painter> Painter for Inking<'_, P> {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone) {
        if !(self.ink.is_empty() && tone == Ink::Paper.into()) {
            self.add_rect(rect);
        }
        self.painter.fill_rect(rect, tone);
    }

    fn fill_round_rect(&mut self, rect: PxRect, radius: f64, tone: Tone) {
        self.add_rect(rect);
        self.painter.fill_round_rect(rect, radius, tone);
    }

    fn stroke_round_rect(&mut self, rect: PxRect, radius: f64, width: f64, tone: Tone) {
        self.add_rect(rect);
        self.painter.stroke_round_rect(rect, radius, width, tone);
    }

    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone) {
        self.add_path(path, width / 2.0 * MITER_LIMIT);
        self.painter.stroke_path(path, width, tone);
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone) {
        self.add_path(path, width / 2.0 * MITER_LIMIT);
        self.painter.stroke_dashed(path, width, dash, tone);
    }

    fn fill_path(&mut self, path: &Path, tone: Tone) {
        self.add_path(path, 0.0);
        self.painter.fill_path(path, tone);
    }

    fn fill_circle(&mut self, x: f64, y: f64, radius: f64, tone: Tone) {
        self.add((x - radius, y - radius), (x + radius, y + radius));
        self.painter.fill_circle(x, y, radius, tone);
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        self.add_line_of_text(baseline, font);
        self.painter.text(x, baseline, text, font, tone);
    }

    fn text_before(&mut self, right: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        self.add_line_of_text(baseline, font);
        self.painter.text_before(right, baseline, text, font, tone);
    }

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone) {
        self.add(EVERYWHERE.0, EVERYWHERE.1);
        self.painter.text_turned(from, turn, text, font, tone);
    }

    fn text_with_halo(
        &mut self,
        x: f64,
        baseline: f64,
        text: &str,
        font: Font,
        tone: Tone,
        halo: Tone,
    ) {
        self.add_line_of_text(baseline, font);
        self.painter.text_with_halo(x, baseline, text, font, tone, halo);
    }

    fn measure(&mut self, text: &str, font: Font) -> f64 {
        self.painter.measure(text, font)
    }

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        self.add_rect(square);
        self.painter.photo(square, radius, opacity, photo)
    }

    fn has_sprites(&self) -> bool {
        self.painter.has_sprites()
    }

    fn target(&mut self, target: Target) {
        self.is_tile = target == Target::Tile;
        self.painter.target(target);
    }

    fn blit(&mut self, slot: SpriteSlot, x: i32, y: i32) {
        let (x, y) = (f64::from(x), f64::from(y));
        self.add_rect(PxRect::new(x, y, f64::from(slot.width), f64::from(slot.height)));
        self.painter.blit(slot, x as i32, y as i32);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        /// Against a look at each row: what is drawn on lies in one band, and each band within the bounds.
        #[test]
        fn bands_hold_all_that_is_drawn_on(
            parts in prop::collection::vec((-90..600i32, -90..600i32, 1..200i32, 1..60i32), 0..6),
        ) {
            let parts: Vec<Rect> = parts.into_iter().map(|(x, y, w, h)| Rect::new(x, y, w, h)).collect();
            let ink = parts.iter().fold(TileInk::default(), |ink, part| ink.union(&TileInk::of(part)));
            let tile = Rect::new(0, 0, TILE_PX, TILE_PX);
            let bands: Vec<Rect> = ink.bands().collect();
            for part in parts.iter().map(|part| part.intersection(&tile)).filter(|it| !it.is_empty()) {
                let holds = |band: &&Rect| band.intersection(&part) == part;
                prop_assert_eq!(bands.iter().filter(holds).count(), 1, "{:?} in {:?}", part, bands);
            }
            prop_assert!(bands.windows(2).all(|pair| pair[0].bottom() + 2 * RUN_PX < pair[1].y), "{bands:?}");
            let around = bands.iter().fold(Rect::default(), |all, band| all.union(band));
            prop_assert!(ink.is_empty() || around == ink.bounds());
            prop_assert_eq!(ink.bounds().intersection(&tile), ink.bounds());
            let is_near = |y: i32| parts.iter().any(|part| (part.y - 32..part.bottom() + 32).contains(&y));
            prop_assert!(bands.iter().all(|band| (band.y..band.bottom()).all(is_near)), "{bands:?}");
        }
    }

    #[test]
    fn a_tile_may_be_bare_or_full() {
        let bare = TileInk::default();
        assert_eq!((bare.bands().count(), bare.bounds()), (0, Rect::new(0, 0, 1, 1)));
        let all = Rect::new(0, 0, TILE_PX, TILE_PX);
        assert_eq!((TileInk::WHOLE.bands().collect(), TileInk::WHOLE.bounds()), (vec![all], all));
        assert_eq!(TileInk::of(&all), TileInk::WHOLE);
        assert_eq!(TileInk::of(&Rect::new(20, 520, 9, 9)), bare);
    }
}
