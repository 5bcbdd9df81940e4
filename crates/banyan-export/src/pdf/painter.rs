//! A painter that writes the drawing operators of a page.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use banyan_scene::{Font, Ink, Painter, Palette, Path, PathOp, PxRect, Rgba, Tone};

use crate::glyphs::{GlyphSource, Piece};

use super::PdfOrder;
use super::file::Ref;
use super::fonts::{PER_FONT, cubic};
use super::pages::{Layout, Page};

pub(super) struct PdfPainter<G> {
    palette: Palette,
    source: G,
    /// Operators since it was last emptied.
    pub(super) body: String,
    /// Fonts of the page at hand.
    pub(super) fonts_used: BTreeSet<u32>,
    /// Pictures of the file, and which of them the page at hand shows.
    pub(super) photos: BTreeMap<u32, Ref>,
    photos_used: BTreeSet<u32>,
    /// Opacities of the page at hand.
    alphas: BTreeSet<u8>,
    /// Which glyphs stand on any page: some were only measured.
    glyphs: Vec<bool>,
    pieces: Vec<Piece>,
    widths: BTreeMap<(u16, String), f64>,
    state: State,
}

/// What the reader of the page was told last.
#[derive(Clone, Copy, Default, PartialEq)]
struct State {
    fill: Option<[u8; 3]>,
    stroke: Option<[u8; 3]>,
    alpha: Option<u8>,
    width: Option<f64>,
}

/// Widths of texts that are kept: most titles are measured twice.
const MOST_WIDTHS: usize = 4096;
/// Of the text at the foot of a sheet.
const FOOT_PT: f64 = 8.0;
const MARK_PT: f64 = 12.0;

/// A number as PDF takes it, without an exponent.
pub(super) fn number(value: f64) -> String {
    let rounded = (value * 1000.0).round() / 1000.0;
    // Neither "-0" nor what is no number.
    if rounded == 0.0 || !rounded.is_finite() { "0".to_owned() } else { rounded.to_string() }
}

impl<G: GlyphSource> PdfPainter<G> {
    pub(super) fn new(palette: Palette, source: G) -> Self {
        Self {
            palette,
            source,
            body: String::new(),
            fonts_used: BTreeSet::new(),
            photos: BTreeMap::new(),
            photos_used: BTreeSet::new(),
            alphas: BTreeSet::new(),
            glyphs: Vec::new(),
            pieces: Vec::new(),
            widths: BTreeMap::new(),
            state: State::default(),
        }
    }

    /// Points down and to the right from the sheet's corner.
    pub(super) fn begin_page(&mut self, page: &Page) {
        let (unit, sheet) = (1.0 / page.user_unit, page.sheet);
        let height = number(sheet.height_pt * unit);
        let [unit, flipped] = [unit, -unit].map(|value| value.to_string());
        self.put(format_args!("{unit} 0 0 {flipped} 0 {height} cm"));
        self.state = State::default();
    }

    /// From now on the picture's px, within its frame.
    pub(super) fn begin_picture(&mut self, page: &Page, layout: &Layout) {
        let scale = layout.points_per_px();
        let (left, top) =
            (number(page.sheet.margin_pt), number(page.sheet.margin_pt + page.sheet.head_pt));
        let (width, height) = (f64::from(page.part.width), f64::from(page.part.height));
        self.put(format_args!("q {scale} 0 0 {scale} {left} {top} cm"));
        self.put(format_args!("0 0 {width} {height} re W n"));
        self.fill_rect(PxRect::new(0.0, 0.0, width, height), Ink::Paper.into());
    }

    /// Marks to cut and glue by, and which sheet this is.
    pub(super) fn end_page(&mut self, page: &Page, order: &PdfOrder) {
        self.put(format_args!("Q"));
        self.state = State::default();
        if page.sheet.margin_pt <= 0.0 || page.is_cover() {
            return;
        }
        let scale = order.layout.points_per_px();
        let margin = page.sheet.margin_pt;
        let right = margin + f64::from(page.part.width) * scale;
        let bottom = margin + f64::from(page.part.height) * scale;
        let mut marks = Path::default();
        for (x, outwards) in [(margin, -1.0), (right, 1.0)] {
            for (y, down) in [(margin, -1.0), (bottom, 1.0)] {
                let near = 3.0;
                marks.polyline(&[(x + outwards * near, y), (x + outwards * (near + MARK_PT), y)]);
                marks.polyline(&[(x, y + down * near), (x, y + down * (near + MARK_PT))]);
            }
        }
        self.stroke_path(&marks, 0.5, Ink::Line.into());
        let font = Font { size_px: FOOT_PT, weight: 400 };
        let foot = page.sheet.height_pt - margin + 0.5 * margin + FOOT_PT;
        let number = page.row * page.columns + page.column + 1;
        let sheets = page.rows * page.columns;
        let label = format!("{} · {number} / {sheets}", page.label());
        let label_left = page.sheet.width_pt - margin - MARK_PT - 6.0 - self.measure(&label, font);
        self.text(label_left, foot, &label, font, Ink::TextMuted.into());
        let left = margin + MARK_PT + 6.0;
        let room = label_left - left - 12.0;
        let title = banyan_scene::shown(&order.title).into_owned();
        let title = banyan_scene::cut_to_width(&title, room, &mut |text| self.measure(text, font));
        self.text(left, foot, &title, font, Ink::TextMuted.into());
    }

    pub(super) fn forget_page(&mut self) {
        self.fonts_used.clear();
        self.photos_used.clear();
        self.alphas.clear();
    }

    /// The shapes, and which of them are used.
    pub(super) fn shapes(&mut self) -> (&mut G, &[bool]) {
        (&mut self.source, &self.glyphs)
    }

    /// The opacities that the page names.
    pub(super) fn states(&self) -> String {
        self.alphas.iter().fold(String::new(), |mut all, alpha| {
            let share = number(f64::from(*alpha) / 255.0);
            // Writing into a string cannot fail.
            let _ = write!(all, "/A{alpha} << /ca {share} /CA {share} >> ");
            all
        })
    }

    /// The pictures that the page names.
    pub(super) fn pictures(&self) -> String {
        let used = self.photos.iter().filter(|(photo, _)| self.photos_used.contains(photo));
        used.fold(String::new(), |mut all, (photo, place)| {
            // Writing into a string cannot fail.
            let _ = write!(all, "/P{photo} {place} ");
            all
        })
    }

    fn put(&mut self, line: std::fmt::Arguments<'_>) {
        // Writing into a string cannot fail.
        let _ = self.body.write_fmt(line);
        self.body.push('\n');
    }

    fn alpha(&mut self, alpha: u8) {
        if self.state.alpha != Some(alpha) {
            self.state.alpha = Some(alpha);
            self.alphas.insert(alpha);
            self.put(format_args!("/A{alpha} gs"));
        }
    }

    fn fill_with(&mut self, tone: Tone) {
        let Rgba { red, green, blue, alpha } = self.palette.tone(tone);
        self.alpha(alpha);
        if self.state.fill != Some([red, green, blue]) {
            self.state.fill = Some([red, green, blue]);
            let [r, g, b] = shares([red, green, blue]);
            self.put(format_args!("{r} {g} {b} rg"));
        }
    }

    fn stroke_with(&mut self, tone: Tone, width: f64) {
        let Rgba { red, green, blue, alpha } = self.palette.tone(tone);
        self.alpha(alpha);
        if self.state.stroke != Some([red, green, blue]) {
            self.state.stroke = Some([red, green, blue]);
            let [r, g, b] = shares([red, green, blue]);
            self.put(format_args!("{r} {g} {b} RG"));
        }
        if self.state.width != Some(width) {
            self.state.width = Some(width);
            let width = number(width);
            self.put(format_args!("{width} w"));
        }
    }

    fn trace(&mut self, path: &Path) {
        let mut at = (0.0, 0.0);
        for op in &path.ops {
            match *op {
                PathOp::Move(x, y) => self.points(&[(x, y)], "m"),
                PathOp::Line(x, y) => self.points(&[(x, y)], "l"),
                PathOp::Quad(cx, cy, x, y) => self.points(&cubic(at, (cx, cy), (x, y)), "c"),
                PathOp::Cubic(ax, ay, bx, by, x, y) => {
                    self.points(&[(ax, ay), (bx, by), (x, y)], "c");
                }
                PathOp::Close => self.points(&[], "h"),
            }
            at = match *op {
                PathOp::Move(x, y)
                | PathOp::Line(x, y)
                | PathOp::Quad(.., x, y)
                | PathOp::Cubic(.., x, y) => (x, y),
                PathOp::Close => at,
            };
        }
    }

    fn points(&mut self, points: &[(f64, f64)], operator: &str) {
        for &(x, y) in points {
            let (x, y) = (number(x), number(y));
            // Writing into a string cannot fail.
            let _ = write!(self.body, "{x} {y} ");
        }
        self.put(format_args!("{operator}"));
    }
}

fn shares(color: [u8; 3]) -> [String; 3] {
    color.map(|channel| number(f64::from(channel) / 255.0))
}

impl<G: GlyphSource> Painter for PdfPainter<G> {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone) {
        self.fill_with(tone);
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(number);
        self.put(format_args!("{x} {y} {width} {height} re f"));
    }

    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone) {
        self.stroke_with(tone, width);
        self.trace(path);
        self.put(format_args!("S"));
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone) {
        let length = number(dash);
        self.put(format_args!("[{length}] 0 d"));
        self.stroke_path(path, width, tone);
        self.put(format_args!("[] 0 d"));
    }

    fn fill_path(&mut self, path: &Path, tone: Tone) {
        self.fill_with(tone);
        self.trace(path);
        self.put(format_args!("f"));
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        self.text_turned((x, baseline), 0.0, text, font, tone);
    }

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone) {
        let mut pieces = std::mem::take(&mut self.pieces);
        self.source.pieces(text, font.weight, &mut pieces);
        if !pieces.is_empty() {
            self.fill_with(tone);
            let [x, y, size] = [from.0, from.1, font.size_px].map(number);
            // Letters stand up against the page, whose y points down.
            let (sin, cos) = turn.sin_cos();
            let [a, b, c, d] = [cos, sin, sin, -cos].map(number);
            let _ = write!(self.body, "BT {a} {b} {c} {d} {x} {y} Tm ");
            for run in pieces.chunk_by(|a, b| a.glyph / PER_FONT == b.glyph / PER_FONT) {
                let Some(number) = run.first().map(|piece| piece.glyph / PER_FONT) else {
                    continue;
                };
                self.fonts_used.insert(number);
                let _ = write!(self.body, "/F{number} {size} Tf <");
                for piece in run {
                    let glyph = piece.glyph as usize;
                    self.glyphs.resize(self.glyphs.len().max(glyph + 1), false);
                    self.glyphs[glyph] = true;
                    let _ = write!(self.body, "{:02X}", piece.glyph % PER_FONT);
                }
                self.body += "> Tj ";
            }
            self.body += "ET\n";
        }
        self.pieces = pieces;
    }

    /// Type 3 glyphs have no outline that could be stroked: a plate of the halo's colour lies below.
    fn text_with_halo(
        &mut self,
        x: f64,
        baseline: f64,
        text: &str,
        font: Font,
        tone: Tone,
        halo: Tone,
    ) {
        let size = font.size_px;
        let width = self.measure(text, font);
        let plate = PxRect::new(x - 0.2 * size, baseline - size, width + 0.4 * size, 1.3 * size);
        self.fill_round_rect(plate, 0.3 * size, halo);
        self.text(x, baseline, text, font, tone);
    }

    fn measure(&mut self, text: &str, font: Font) -> f64 {
        let key = (font.weight, text.to_owned());
        if let Some(ems) = self.widths.get(&key) {
            return ems * font.size_px;
        }
        let mut pieces = std::mem::take(&mut self.pieces);
        self.source.pieces(text, font.weight, &mut pieces);
        let ems: f64 = pieces.iter().map(|piece| piece.advance).sum();
        self.pieces = pieces;
        if self.widths.len() >= MOST_WIDTHS {
            self.widths.clear();
        }
        self.widths.insert(key, ems);
        ems * font.size_px
    }

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        if !self.photos.contains_key(&photo) {
            return false;
        }
        self.photos_used.insert(photo);
        self.alpha((opacity.clamp(0.0, 1.0) * 255.0).round() as u8);
        let mut corners = Path::default();
        corners.round_rect(square, [radius; 4]);
        self.put(format_args!("q"));
        self.trace(&corners);
        let PxRect { x, y, width, height } = square;
        let [x, bottom, width, flipped] = [x, y + height, width, -height].map(number);
        self.put(format_args!("W n {width} 0 0 {flipped} {x} {bottom} cm /P{photo} Do Q"));
        true
    }
}
