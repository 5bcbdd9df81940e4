//! The machine's fonts as the glyphs of a PDF.

use std::collections::HashMap;

use banyan_export::{Drawing, Glyph, GlyphSource, Piece, Stamp};
use banyan_scene::{Path, PathOp};

use crate::setting::{GlyphId, SetGlyph, Shape, Typesetter};

/// Px of an em of glyphs in their own colours.
const PICTURE_PX: f64 = 128.0;

/// Sets text in pieces of one cluster each: a letter with its marks, a ligature.
pub struct FontGlyphs {
    type_: Typesetter,
    numbers: HashMap<Key, u32>,
    clusters: Vec<Cluster>,
}

/// The same text can look different: a letter at a word's end is not that of its middle.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Key {
    text: String,
    /// Each with its place in thousandths of an em.
    glyphs: Vec<(GlyphId, i32, i32)>,
}

struct Cluster {
    text: String,
    advance: f64,
    glyphs: Vec<(GlyphId, f64, f64)>,
}

impl FontGlyphs {
    pub fn new(type_: Typesetter) -> Self {
        Self { type_, numbers: HashMap::new(), clusters: Vec::new() }
    }

    fn number(&mut self, text: &str, glyphs: &[SetGlyph]) -> Option<Piece> {
        let first = glyphs.first()?;
        let text = text.get(first.start..first.end).unwrap_or_default();
        let advance: f64 = glyphs.iter().map(|glyph| glyph.advance).sum();
        let placed: Vec<_> =
            glyphs.iter().map(|glyph| (glyph.id, glyph.x - first.x, glyph.y)).collect();
        let rounded = |ems: f64| (ems * 1000.0).round() as i32;
        let key = Key {
            text: text.to_owned(),
            glyphs: placed.iter().map(|&(id, x, y)| (id, rounded(x), rounded(y))).collect(),
        };
        let next = self.numbers.len() as u32;
        let number = *self.numbers.entry(key).or_insert(next);
        if number == next {
            self.clusters.push(Cluster { text: text.to_owned(), advance, glyphs: placed });
        }
        Some(Piece { glyph: number, advance })
    }
}

impl GlyphSource for FontGlyphs {
    fn pieces(&mut self, text: &str, weight: u16, pieces: &mut Vec<Piece>) {
        pieces.clear();
        let line = self.type_.set(text, weight);
        for cluster in line.glyphs.chunk_by(|a, b| a.start == b.start) {
            pieces.extend(self.number(text, cluster));
        }
    }

    fn glyph(&mut self, number: u32) -> Glyph {
        let Some(cluster) = self.clusters.get(number as usize) else {
            return Glyph { text: String::new(), advance: 0.0, drawing: Drawing::Blank };
        };
        let mut outline = Path::default();
        for &(id, x, y) in &cluster.glyphs {
            match &*self.type_.shape(id) {
                Shape::Blank => {}
                Shape::Outline(path) => {
                    outline.ops.extend(path.ops.iter().map(|op| moved(op, x, y)));
                }
                Shape::Picture => {
                    if let Some(picture) = self.type_.picture(id, PICTURE_PX) {
                        let stamp = Stamp {
                            x: picture.left + (x * PICTURE_PX) as i32,
                            y: picture.top + (y * PICTURE_PX) as i32,
                            width: picture.width,
                            height: picture.height,
                            px_per_em: PICTURE_PX,
                            data: picture.rgba,
                        };
                        return Glyph {
                            text: cluster.text.clone(),
                            advance: cluster.advance,
                            drawing: Drawing::Picture(stamp),
                        };
                    }
                }
            }
        }
        let drawing = if outline.is_empty() { Drawing::Blank } else { Drawing::Outline(outline) };
        Glyph { text: cluster.text.clone(), advance: cluster.advance, drawing }
    }
}

fn moved(op: &PathOp, dx: f64, dy: f64) -> PathOp {
    match *op {
        PathOp::Move(x, y) => PathOp::Move(x + dx, y + dy),
        PathOp::Line(x, y) => PathOp::Line(x + dx, y + dy),
        PathOp::Quad(cx, cy, x, y) => PathOp::Quad(cx + dx, cy + dy, x + dx, y + dy),
        PathOp::Cubic(ax, ay, bx, by, x, y) => {
            PathOp::Cubic(ax + dx, ay + dy, bx + dx, by + dy, x + dx, y + dy)
        }
        PathOp::Close => PathOp::Close,
    }
}
