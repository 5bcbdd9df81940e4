//! What can be painted on: a canvas, a list of operations, an SVG file.

use crate::ink::Tone;
use crate::path::Path;
use crate::sprites::SpriteSlot;
use crate::text::width_estimate;

/// A rectangle in px of the target.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct PxRect {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl PxRect {
    pub const fn new(x: f64, y: f64, width: f64, height: f64) -> Self {
        Self { x, y, width, height }
    }

    pub fn right(&self) -> f64 {
        self.x + self.width
    }

    pub fn bottom(&self) -> f64 {
        self.y + self.height
    }

    /// Shrunk by `by` px on each side.
    #[must_use]
    pub fn inset(&self, by: f64) -> Self {
        let (width, height) = (self.width - 2.0 * by, self.height - 2.0 * by);
        Self { x: self.x + by, y: self.y + by, width: width.max(0.0), height: height.max(0.0) }
    }
}

/// A size in device px and a CSS weight; the family is the painter's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Font {
    pub size_px: f64,
    pub weight: u16,
}

/// Where the operations that follow go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// The tile: origin at its top left.
    Tile,
    /// A place in an atlas: origin at the slot's top left, clipped to the slot. The painter first
    /// makes the slot transparent.
    Sprite(SpriteSlot),
}

/// Paints in device px of the current target (the tile at first), y down. Later operations cover
/// earlier ones.
pub trait Painter {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone);

    fn fill_round_rect(&mut self, rect: PxRect, radius: f64, tone: Tone) {
        let mut path = Path::default();
        path.round_rect(rect, [radius; 4]);
        self.fill_path(&path, tone);
    }

    /// The stroke lies inside `rect`, all of its `width`.
    fn stroke_round_rect(&mut self, rect: PxRect, radius: f64, width: f64, tone: Tone) {
        let mut path = Path::default();
        path.round_rect(rect.inset(width / 2.0), [(radius - width / 2.0).max(0.0); 4]);
        self.stroke_path(&path, width, tone);
    }

    /// All parts of a path at once: parts that run over each other are not darker there.
    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone);

    /// As [`Self::stroke_path`], with dashes of `dash` px and gaps as long.
    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone);

    /// Fills by the non-zero rule.
    fn fill_path(&mut self, path: &Path, tone: Tone);

    fn fill_circle(&mut self, x: f64, y: f64, radius: f64, tone: Tone) {
        let mut path = Path::default();
        path.circle(x, y, radius);
        self.fill_path(&path, tone);
    }

    /// Text from `x` to the right, its baseline at `baseline`. One line, no control characters.
    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone);

    /// Text that ends at `right`.
    fn text_before(&mut self, right: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        let x = (right - self.measure(text, font)).round();
        self.text(x, baseline, text, font, tone);
    }

    /// Text whose baseline begins at `from` and runs `turn` radians clockwise from rightwards.
    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone);

    /// Text with an outline of `halo` of about a fifth of its size, readable on anything.
    fn text_with_halo(
        &mut self,
        x: f64,
        baseline: f64,
        text: &str,
        font: Font,
        tone: Tone,
        halo: Tone,
    );

    /// Width of a text in device px.
    fn measure(&mut self, text: &str, font: Font) -> f64 {
        width_estimate(text) * font.size_px
    }

    /// The middle of a picture, in a square with round corners; `opacity` from 0 to 1. False if the
    /// painter does not have the picture: then nothing is drawn, and the card does without.
    fn photo(&mut self, _square: PxRect, _radius: f64, _opacity: f64, _photo: u32) -> bool {
        false
    }

    /// Whether [`Self::target`] with a sprite and [`Self::blit`] work; without them nodes are drawn
    /// directly.
    fn has_sprites(&self) -> bool {
        false
    }

    fn target(&mut self, _target: Target) {}

    /// Copies a slot of an atlas to whole px of the tile, pixel by pixel.
    fn blit(&mut self, _slot: SpriteSlot, _x: i32, _y: i32) {}
}
