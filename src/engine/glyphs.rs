//! The browser's letters as the glyphs of a PDF: drawn large on a canvas, one bit a px.
//!
//! A page may not read fonts, but it may look at what they draw.

use std::collections::{BTreeMap, btree_map::Entry};

use banyan_export::{Drawing, Glyph, GlyphSource, Piece, Stamp};
use banyan_scene::clusters;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d, TextMetrics};

use crate::engine::painter::FAMILY;

/// Px of an em: on a card of natural size printed, a thousand in an inch.
const EM_PX: f64 = 150.0;
/// A larger canvas than any title needs.
const MOST_SIDE_PX: f64 = 8192.0;
/// Room around what the browser says the ink takes: it rounds.
const RIM_PX: f64 = 2.0;
/// Channels of black ink, whatever the smoothing, are no brighter.
const DARK: u8 = 40;

/// Draws and measures letters.
pub(super) struct CanvasGlyphs {
    canvas: OffscreenCanvas,
    context: OffscreenCanvasRenderingContext2d,
    weight: u16,
    numbers: BTreeMap<(u16, String), u32>,
    glyphs: Vec<Known>,
}

/// A glyph that was measured.
struct Known {
    weight: u16,
    text: String,
    /// Ems.
    advance: f64,
}

impl CanvasGlyphs {
    pub fn new() -> Result<Self, JsValue> {
        let canvas = OffscreenCanvas::new(1, 1)?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &true.into())?;
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or("no 2D context")?
            .dyn_into::<OffscreenCanvasRenderingContext2d>()?;
        Ok(Self { canvas, context, weight: 0, numbers: BTreeMap::new(), glyphs: Vec::new() })
    }

    fn set_font(&mut self, weight: u16) {
        if self.weight != weight {
            self.weight = weight;
            self.context.set_font(&format!("{weight} {EM_PX}px {FAMILY}"));
        }
    }

    fn piece(&mut self, text: &str, weight: u16) -> Option<Piece> {
        let next = self.glyphs.len() as u32;
        let glyph = match self.numbers.entry((weight, text.to_owned())) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(slot) => {
                slot.insert(next);
                self.set_font(weight);
                // Fails for no text.
                let width = self.context.measure_text(text).map_or(0.0, |it| it.width());
                let advance = width / EM_PX;
                self.glyphs.push(Known { weight, text: text.to_owned(), advance });
                next
            }
        };
        let advance = self.glyphs.get(glyph as usize)?.advance;
        Some(Piece { glyph, advance })
    }

    fn draw(&mut self, text: &str, weight: u16) -> Result<Drawing, JsValue> {
        self.set_font(weight);
        let ink = ink(&self.context.measure_text(text)?);
        let (width, height) = (ink.2 - ink.0, ink.3 - ink.1);
        if width <= 2.0 * RIM_PX || height <= 2.0 * RIM_PX || text.trim().is_empty() {
            return Ok(Drawing::Blank);
        }
        let (width, height) = (width.min(MOST_SIDE_PX), height.min(MOST_SIDE_PX));
        // Another size clears the canvas and forgets the font.
        self.canvas.set_width(width as u32);
        self.canvas.set_height(height as u32);
        self.weight = 0;
        self.set_font(weight);
        self.context.fill_text(text, -ink.0, -ink.1)?;
        let rgba = self.context.get_image_data(0.0, 0.0, width, height)?.data().0;
        let (columns, rows) = (self.canvas.width(), self.canvas.height());
        let stamp = |data| Stamp {
            x: ink.0 as i32,
            y: ink.1 as i32,
            width: columns,
            height: rows,
            px_per_em: EM_PX,
            data,
        };
        let is_colored = |px: &[u8]| px[3] > 200 && px[..3].iter().any(|&channel| channel > DARK);
        if rgba.chunks_exact(4).any(is_colored) {
            return Ok(Drawing::Picture(stamp(rgba)));
        }
        Ok(Drawing::Mask(stamp(bits(&rgba, columns as usize))))
    }
}

/// Left, top, right and bottom of a text's ink, in whole px from its origin.
fn ink(metrics: &TextMetrics) -> (f64, f64, f64, f64) {
    (
        (-metrics.actual_bounding_box_left() - RIM_PX).floor(),
        (-metrics.actual_bounding_box_ascent() - RIM_PX).floor(),
        (metrics.actual_bounding_box_right() + RIM_PX).ceil(),
        (metrics.actual_bounding_box_descent() + RIM_PX).ceil(),
    )
}

/// A bit for each px that is more ink than paper.
fn bits(rgba: &[u8], columns: usize) -> Vec<u8> {
    let mut bits = Vec::with_capacity(rgba.len() / 32 + 1);
    for row in rgba.chunks_exact(4 * columns.max(1)) {
        for eight in row.chunks(32) {
            let byte = eight
                .chunks_exact(4)
                .enumerate()
                .fold(0, |byte, (at, px)| if px[3] >= 128 { byte | 0x80 >> at } else { byte });
            bits.push(byte);
        }
    }
    bits
}

/// The parts of a text that are drawn as one. Letters that join, or stand in another order than they
/// are read, are left to the browser: a word at a time, or all of a text that runs from the right.
fn parts(text: &str) -> Vec<&str> {
    if text.chars().any(runs_from_the_right) {
        return vec![text];
    }
    if text.chars().any(joins) {
        return text.split_inclusive(' ').collect();
    }
    clusters(text).collect()
}

const fn runs_from_the_right(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

/// Scripts of South and South-East Asia, Tibetan, Mongolian, conjoining Hangul.
const fn joins(c: char) -> bool {
    matches!(c, '\u{900}'..='\u{10ff}' | '\u{1100}'..='\u{11ff}' | '\u{1780}'..='\u{18af}'
        | '\u{1900}'..='\u{1cff}' | '\u{a800}'..='\u{abff}' | '\u{11000}'..='\u{11fff}')
}

impl GlyphSource for CanvasGlyphs {
    fn pieces(&mut self, text: &str, weight: u16, pieces: &mut Vec<Piece>) {
        pieces.clear();
        for part in parts(text) {
            pieces.extend(self.piece(part, weight));
        }
    }

    fn glyph(&mut self, number: u32) -> Glyph {
        let Some(known) = self.glyphs.get(number as usize) else {
            return Glyph { text: String::new(), advance: 0.0, drawing: Drawing::Blank };
        };
        let (text, weight, advance) = (known.text.clone(), known.weight, known.advance);
        let drawing = self.draw(&text, weight).unwrap_or_else(|error| {
            log::warn!("{text} is not drawn: {error:?}");
            Drawing::Blank
        });
        Glyph { text, advance, drawing }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_joins_stays_whole() {
        let check = |text: &str, expect: &[&str]| assert_eq!(parts(text), expect, "{text}");
        check("Ann", &["A", "n", "n"]);
        check("贾宝玉", &["贾", "宝", "玉"]);
        check("e\u{301}a", &["e\u{301}", "a"]);
        check("דוד 2", &["דוד 2"]);
        check("नमस्ते राम", &["नमस्ते ", "राम"]);
        check("", &[]);
    }

    #[test]
    fn rows_of_a_mask_begin_with_a_byte() {
        let px = |alpha: u8| [0, 0, 0, alpha];
        let rows: Vec<u8> = [255, 0, 0, 0, 0, 0, 0, 255, 255, 0, 127, 128, 0, 0, 0, 0, 0, 0]
            .into_iter()
            .flat_map(px)
            .collect();
        assert_eq!(bits(&rows, 9), [0b1000_0001, 0b1000_0000, 0b0010_0000, 0]);
    }
}
