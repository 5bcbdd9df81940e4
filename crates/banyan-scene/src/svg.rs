//! A scene as an SVG file with real text.

use std::fmt::Write as _;

use banyan_layout::geometry::Rect;

use crate::card::CardSource;
use crate::detail::{Detail, Stage};
use crate::ink::{Ink, Tone};
use crate::links::paint_links;
use crate::node::{Look, paint_node};
use crate::paint::card;
use crate::painter::{Font, Painter, PxRect};
use crate::palette::Palette;
use crate::path::Path;
use crate::record::{path_data, short};
use crate::scene::Scene;
use crate::zoom::{Level, ZoomStep};

const FAMILY: &str = "system-ui, Noto Sans, Noto Sans CJK SC, sans-serif";

/// World units around the picture.
const MARGIN_UNITS: i32 = 24;

/// Writes SVG elements. The same operations give the same bytes.
#[derive(Clone, Debug)]
pub struct SvgPainter<'a> {
    pub palette: &'a Palette,
    /// The elements so far, a line each.
    pub body: String,
}

/// The whole scene in one picture, every node as a full card, `scale` px per world unit.
/// Deterministic. Grows with the scene: about a kilobyte per card.
pub fn svg_of(scene: &Scene, cards: &dyn CardSource, palette: &Palette, scale: f64) -> String {
    let scale = if scale.is_finite() { scale.clamp(1e-3, 1e3) } else { 1.0 };
    let bounds = scene.bounds.inflated(MARGIN_UNITS);
    let mut painter = SvgPainter::new(palette);
    painter.paint_scene(scene, cards);
    painter.finish(bounds, scale)
}

impl<'a> SvgPainter<'a> {
    pub fn new(palette: &'a Palette) -> Self {
        Self { palette, body: String::new() }
    }

    /// Links and nodes at one CSS px per world unit, in world coordinates; the file's scale is the
    /// business of [`Self::finish`].
    fn paint_scene(&mut self, scene: &Scene, cards: &dyn CardSource) {
        let level = Level::new(ZoomStep::ONE, 1.0);
        let all: Vec<u32> = (0..scene.routes.len() as u32).collect();
        paint_links(scene, &all, &level, None, self);
        for node in 0..scene.len() as u32 {
            let rect = scene.boxes[node as usize];
            let (x, y) = (f64::from(rect.x), f64::from(rect.y));
            let look = Look {
                rect: PxRect::new(x, y, f64::from(rect.width), f64::from(rect.height)),
                unit: 1.0,
                device_pixel_ratio: 1.0,
                detail: Detail::FULL,
                shape: scene.shapes[node as usize],
                tint: scene.tints[node as usize],
            };
            paint_node(self, &look, card(cards, node, Stage::Full).as_ref());
        }
    }

    /// The file: `view` (in px of what was painted) on paper, at `scale`.
    pub fn finish(self, view: Rect, scale: f64) -> String {
        let side = |length: i32| short(f64::from(length) * scale);
        let Rect { x, y, width, height } = view;
        let paper = self.palette.css(Ink::Paper.into());
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
             viewBox=\"{x} {y} {width} {height}\" font-family=\"{FAMILY}\">\n\
             <rect x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>\n\
             {}</svg>\n",
            side(width),
            side(height),
            self.body
        )
    }

    /// Writing into a string cannot fail.
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        let _ = self.body.write_fmt(line);
        self.body.push('\n');
    }
}

/// Text as XML may hold it: markup escaped, characters that XML forbids replaced.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\u{fffe}' | '\u{ffff}' => out.push(char::REPLACEMENT_CHARACTER),
            c if c.is_control() => out.push(char::REPLACEMENT_CHARACTER),
            c => out.push(c),
        }
    }
    out
}

fn rect_attributes(rect: PxRect) -> String {
    let PxRect { x, y, width, height } = rect;
    let (x, y, width, height) = (short(x), short(y), short(width), short(height));
    format!("x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\"")
}

impl Painter for SvgPainter<'_> {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone) {
        let fill = self.palette.css(tone);
        self.line(format_args!("<rect {} fill=\"{fill}\"/>", rect_attributes(rect)));
    }

    fn fill_round_rect(&mut self, rect: PxRect, radius: f64, tone: Tone) {
        let (fill, radius) = (self.palette.css(tone), short(radius));
        let rect = rect_attributes(rect);
        self.line(format_args!("<rect {rect} rx=\"{radius}\" fill=\"{fill}\"/>"));
    }

    fn stroke_round_rect(&mut self, rect: PxRect, radius: f64, width: f64, tone: Tone) {
        let stroke = self.palette.css(tone);
        let rect = rect_attributes(rect.inset(width / 2.0));
        let (radius, width) = (short((radius - width / 2.0).max(0.0)), short(width));
        self.line(format_args!(
            "<rect {rect} rx=\"{radius}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        ));
    }

    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone) {
        let (stroke, width) = (self.palette.css(tone), short(width));
        let data = path_data(path);
        self.line(format_args!(
            "<path d=\"{data}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\"/>"
        ));
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone) {
        let (stroke, width) = (self.palette.css(tone), short(width));
        let (data, dash) = (path_data(path), short(dash));
        self.line(format_args!(
            "<path d=\"{data}\" fill=\"none\" stroke=\"{stroke}\" stroke-width=\"{width}\" \
             stroke-dasharray=\"{dash}\"/>"
        ));
    }

    fn fill_path(&mut self, path: &Path, tone: Tone) {
        let (fill, data) = (self.palette.css(tone), path_data(path));
        self.line(format_args!("<path d=\"{data}\" fill=\"{fill}\"/>"));
    }

    fn fill_circle(&mut self, x: f64, y: f64, radius: f64, tone: Tone) {
        let fill = self.palette.css(tone);
        let (x, y, radius) = (short(x), short(y), short(radius));
        self.line(format_args!("<circle cx=\"{x}\" cy=\"{y}\" r=\"{radius}\" fill=\"{fill}\"/>"));
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        let (fill, text) = (self.palette.css(tone), escaped(text));
        let (x, y, size, weight) = (short(x), short(baseline), short(font.size_px), font.weight);
        self.line(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             fill=\"{fill}\">{text}</text>"
        ));
    }

    fn text_before(&mut self, right: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        let (fill, text) = (self.palette.css(tone), escaped(text));
        let (x, y, size, weight) =
            (short(right), short(baseline), short(font.size_px), font.weight);
        self.line(format_args!(
            "<text x=\"{x}\" y=\"{y}\" text-anchor=\"end\" font-size=\"{size}\" \
             font-weight=\"{weight}\" fill=\"{fill}\">{text}</text>"
        ));
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
        let (fill, text, halo) = (self.palette.css(tone), escaped(text), self.palette.css(halo));
        let (x, y, size, weight) = (short(x), short(baseline), short(font.size_px), font.weight);
        let outline = short(font.size_px * 0.22);
        self.line(format_args!(
            "<text x=\"{x}\" y=\"{y}\" font-size=\"{size}\" font-weight=\"{weight}\" \
             fill=\"{fill}\" stroke=\"{halo}\" stroke-width=\"{outline}\" \
             stroke-linejoin=\"round\" paint-order=\"stroke\">{text}</text>"
        ));
    }
}
