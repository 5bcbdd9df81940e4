//! The shapes of letters, for files that carry their own.

use banyan_scene::Path;

/// Where shapes come from: fonts, or a canvas that draws them.
pub trait GlyphSource {
    /// Replaces `pieces` by those of a text, from left to right as they are seen. `weight` is that
    /// of CSS.
    fn pieces(&mut self, text: &str, weight: u16, pieces: &mut Vec<Piece>);

    /// The shape of this number. Asked for once each, after all texts were set.
    fn glyph(&mut self, number: u32) -> Glyph;
}

/// A part of a text that is drawn as one: a letter with its marks, or a word of a script whose
/// letters join.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// The same number has the same shape and text. A source counts from 0 without gaps.
    pub glyph: u32,
    /// From its origin to the next one's, in ems.
    pub advance: f64,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Glyph {
    /// What it stands for, in the order in which it is read.
    pub text: String,
    /// In ems.
    pub advance: f64,
    pub drawing: Drawing,
}

/// What is drawn at a glyph's origin, which lies on the baseline; y points down.
#[derive(Clone, Debug, PartialEq)]
pub enum Drawing {
    /// A space.
    Blank,
    /// In ems, filled by the non-zero rule.
    Outline(Path),
    /// A bit for each px, rows begin with a new byte, the first px is the highest bit; 1 is ink.
    Mask(Stamp),
    /// RGBA of each px, in its own colours.
    Picture(Stamp),
}

/// Px of a drawing.
#[derive(Clone, Debug, PartialEq)]
pub struct Stamp {
    /// Top left corner, in px from the origin.
    pub x: i32,
    pub y: i32,
    pub width: u32,
    pub height: u32,
    pub px_per_em: f64,
    pub data: Vec<u8>,
}
