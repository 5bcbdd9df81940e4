//! Type 3 fonts: 256 drawings each, and which text each drawing stands for.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::io::Write;

use banyan_scene::{Path, PathOp};

use crate::glyphs::{Drawing, Glyph, GlyphSource, Stamp};
use crate::job::ExportError;

use super::file::{PdfFile, Ref, utf16_hex};
use super::painter::number;

/// Glyphs of a font, for a code is one byte.
pub(super) const PER_FONT: u32 = 256;
/// Glyphs that are drawn in one step.
const PER_STEP: u32 = 16;
/// Units of a glyph's drawing in an em.
const UNITS: f64 = 1000.0;

#[derive(Default)]
pub(super) struct Fonts {
    /// The objects of the fonts that pages have named, by number.
    refs: Vec<Ref>,
    next: u32,
    half: HalfFont,
}

/// A font whose glyphs are still being written.
#[derive(Default)]
struct HalfFont {
    procs: String,
    names: String,
    widths: String,
    pictures: String,
    texts: Vec<(u32, String)>,
}

impl Fonts {
    /// The entries for these fonts in a page's resources.
    pub(super) fn resources<W: Write>(
        &mut self,
        used: &BTreeSet<u32>,
        file: &mut PdfFile<W>,
    ) -> String {
        let mut entries = String::new();
        for &font in used {
            while self.refs.len() <= font as usize {
                self.refs.push(file.reserve());
            }
            if let Some(object) = self.refs.get(font as usize) {
                // Writing into a string cannot fail.
                let _ = write!(entries, "/F{font} {object} ");
            }
        }
        entries
    }

    /// Share of the glyphs that are written.
    pub(super) fn share(&self, used: &[bool]) -> f32 {
        self.next as f32 / used.len().max(1) as f32
    }

    /// Writes some of the glyphs that are used; returns whether there are more.
    pub(super) fn write_some<W: Write>(
        &mut self,
        used: &[bool],
        source: &mut impl GlyphSource,
        file: &mut PdfFile<W>,
    ) -> Result<bool, ExportError> {
        let glyphs = used.len() as u32;
        let some = used.iter().skip(self.next as usize).take(PER_STEP as usize);
        for &is_used in some {
            if is_used {
                self.half.add(self.next % PER_FONT, source.glyph(self.next), file)?;
            } else {
                self.half.skip();
            }
            self.next += 1;
            if self.next.is_multiple_of(PER_FONT) || self.next == glyphs {
                let font = (self.next - 1) / PER_FONT;
                if let Some(object) = self.refs.get(font as usize) {
                    std::mem::take(&mut self.half).write(*object, file)?;
                }
            }
        }
        Ok(self.next < glyphs)
    }
}

impl HalfFont {
    fn add<W: Write>(
        &mut self,
        code: u32,
        glyph: Glyph,
        file: &mut PdfFile<W>,
    ) -> Result<(), ExportError> {
        let width = number(glyph.advance * UNITS);
        let mut body = format!("{width} 0 ");
        // A glyph that is coloured by the text says so, and within which box it stays.
        match &glyph.drawing {
            Drawing::Blank => body += "0 0 0 0 d1",
            Drawing::Outline(path) => outline(&mut body, path),
            Drawing::Mask(stamp) => {
                let entries = format!(
                    "/Type /XObject /Subtype /Image /Width {} /Height {} /ImageMask true \
                     /BitsPerComponent 1 /Decode [1 0] ",
                    stamp.width, stamp.height,
                );
                let object = file.reserve();
                file.stream(object, &entries, &stamp.data)?;
                self.stamp(&mut body, code, stamp, object, true);
            }
            Drawing::Picture(stamp) => {
                let object = picture(stamp, file)?;
                self.stamp(&mut body, code, stamp, object, false);
            }
        }
        let object = file.reserve();
        file.stream(object, "", body.as_bytes())?;
        // Writing into a string cannot fail.
        let _ = write!(self.procs, "/g{code} {object} ");
        let _ = write!(self.names, "/g{code} ");
        let _ = write!(self.widths, "{width} ");
        if !glyph.text.is_empty() {
            self.texts.push((code, glyph.text));
        }
        Ok(())
    }

    /// A code that no page uses.
    fn skip(&mut self) {
        self.names += "/.notdef ";
        self.widths += "0 ";
    }

    fn stamp(&mut self, body: &mut String, code: u32, stamp: &Stamp, image: Ref, is_mask: bool) {
        let unit = UNITS / stamp.px_per_em;
        let left = f64::from(stamp.x) * unit;
        let (width, height) = (f64::from(stamp.width) * unit, f64::from(stamp.height) * unit);
        let bottom = -f64::from(stamp.y) * unit - height;
        let [x, y, w, h] = [left, bottom, width, height].map(number);
        let _ = if is_mask {
            let (right, top) = (number(left + width), number(bottom + height));
            write!(body, "{x} {y} {right} {top} d1 ")
        } else {
            write!(body, "d0 ")
        };
        let _ = write!(body, "q {w} 0 0 {h} {x} {y} cm /i{code} Do Q");
        let _ = write!(self.pictures, "/i{code} {image} ");
    }

    fn write<W: Write>(self, font: Ref, file: &mut PdfFile<W>) -> Result<(), ExportError> {
        let map = file.reserve();
        file.stream(map, "", unicode_map(&self.texts).as_bytes())?;
        let last = self.names.split_whitespace().count().saturating_sub(1);
        let Self { procs, names, widths, pictures, .. } = self;
        file.object(font, &format!(
            "<< /Type /Font /Subtype /Type3 /FontBBox [0 0 0 0] /FontMatrix [0.001 0 0 0.001 0 0] \
             /CharProcs << {procs}>> /Encoding << /Type /Encoding /Differences [0 {names}] >> \
             /FirstChar 0 /LastChar {last} /Widths [{widths}] \
             /Resources << /XObject << {pictures}>> >> /ToUnicode {map} >>"
        ))?;
        Ok(())
    }
}

/// An outline with y upwards.
fn outline(body: &mut String, path: &Path) {
    let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
    let mut drawing = String::new();
    let mut at = (0.0, 0.0);
    let mut put = |points: &[(f64, f64)], operator: &str| {
        for &(x, y) in points {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
            // Writing into a string cannot fail.
            let _ = write!(drawing, "{} {} ", number(x), number(y));
        }
        let _ = writeln!(drawing, "{operator}");
    };
    let unit = |x: f64, y: f64| (x * UNITS, -y * UNITS);
    for op in &path.ops {
        match *op {
            PathOp::Move(x, y) => {
                at = unit(x, y);
                put(&[at], "m");
            }
            PathOp::Line(x, y) => {
                at = unit(x, y);
                put(&[at], "l");
            }
            PathOp::Quad(cx, cy, x, y) => {
                let (control, end) = (unit(cx, cy), unit(x, y));
                put(&cubic(at, control, end), "c");
                at = end;
            }
            PathOp::Cubic(ax, ay, bx, by, x, y) => {
                at = unit(x, y);
                put(&[unit(ax, ay), unit(bx, by), at], "c");
            }
            PathOp::Close => put(&[], "h"),
        }
    }
    if drawing.is_empty() {
        *body += "0 0 0 0 d1";
        return;
    }
    let [x, y, right, top] = [low.0, low.1, high.0, high.1].map(number);
    let _ = write!(body, "{x} {y} {right} {top} d1\n{drawing}f");
}

/// A quadratic curve as the cubic that it is.
pub(super) fn cubic(from: (f64, f64), control: (f64, f64), to: (f64, f64)) -> [(f64, f64); 3] {
    let toward = |end: (f64, f64)| {
        (end.0 + (control.0 - end.0) * 2.0 / 3.0, end.1 + (control.1 - end.1) * 2.0 / 3.0)
    };
    [toward(from), toward(to), to]
}

/// Colours and, beside them, how much each px covers.
fn picture<W: Write>(stamp: &Stamp, file: &mut PdfFile<W>) -> Result<Ref, ExportError> {
    let (colors, cover): (Vec<[u8; 3]>, Vec<u8>) = stamp
        .data
        .chunks_exact(4)
        .map(|px| match px {
            &[red, green, blue, alpha] => ([red, green, blue], alpha),
            _ => Default::default(),
        })
        .unzip();
    let size = format!(
        "/Type /XObject /Subtype /Image /Width {} /Height {} /BitsPerComponent 8 ",
        stamp.width, stamp.height,
    );
    let mask = file.reserve();
    file.stream(mask, &format!("{size}/ColorSpace /DeviceGray "), &cover)?;
    let image = file.reserve();
    let entries = format!("{size}/ColorSpace /DeviceRGB /SMask {mask} ");
    file.stream(image, &entries, colors.as_flattened())?;
    Ok(image)
}

/// Which text a code stands for. Lists have a hundred entries at most.
fn unicode_map(texts: &[(u32, String)]) -> String {
    let mut map = String::from(
        "/CIDInit /ProcSet findresource begin\n12 dict begin\nbegincmap\n\
         /CIDSystemInfo << /Registry (Adobe) /Ordering (UCS) /Supplement 0 >> def\n\
         /CMapName /Adobe-Identity-UCS def\n/CMapType 2 def\n\
         1 begincodespacerange\n<00> <FF>\nendcodespacerange\n",
    );
    for list in texts.chunks(100) {
        // Writing into a string cannot fail.
        let _ = writeln!(map, "{} beginbfchar", list.len());
        for (code, text) in list {
            let _ = writeln!(map, "<{code:02X}> <{}>", utf16_hex(text));
        }
        map += "endbfchar\n";
    }
    map + "endcmap\nCMapName currentdict /CMap defineresource pop\nend\nend\n"
}
