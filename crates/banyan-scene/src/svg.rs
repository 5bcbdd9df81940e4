//! A scene as an SVG file with real text.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::card::CardSource;
use crate::cutout::Cutout;
use crate::detail::Detail;
use crate::direct::{paint_nodes, paint_routes};
use crate::ink::{Ink, Tone};
use crate::painter::{Font, Painter, PxRect};
use crate::palette::Palette;
use crate::path::Path;
use crate::record::{path_data, short};
use crate::scene::Scene;
use crate::zoom::{Level, ZoomStep};

const FAMILY: &str = "system-ui, Noto Sans, Noto Sans CJK SC, sans-serif";

/// Writes SVG elements. The same operations give the same bytes.
#[derive(Clone, Debug)]
pub struct SvgPainter<'a> {
    pub palette: &'a Palette,
    /// The elements since it was last emptied, a line each.
    pub body: String,
    pub photos: SvgPhotos,
}

/// What a file has said of pictures so far: each is in it once, however many cards show it.
#[derive(Clone, Debug, Default)]
pub struct SvgPhotos {
    numbers: BTreeSet<u32>,
    /// Radii of corners, in thousandths of a side.
    corners: BTreeSet<u32>,
}

impl SvgPhotos {
    pub fn has(&self, photo: u32) -> bool {
        self.numbers.contains(&photo)
    }
}

/// The whole scene in one picture, every node as a full card, `scale` px per world unit.
/// Deterministic. Grows with the scene: about a kilobyte per card.
pub fn svg_of(scene: &Scene, cards: &dyn CardSource, palette: &Palette, scale: f64) -> String {
    let scale = if scale.is_finite() { scale.clamp(1e-3, 1e3) } else { 1.0 };
    let cutout = Cutout::of_region(scene.framed(), Level::new(ZoomStep::ONE, 1.0));
    let mut painter = SvgPainter::new(palette);
    painter.begin(&cutout, scale);
    let routes: Vec<u32> = (0..scene.routes.len() as u32).collect();
    paint_routes(scene, &routes, &cutout, &mut painter);
    let is_there = |node: &u32| scene.boxes.get(*node as usize).is_some_and(|it| !it.is_empty());
    let nodes: Vec<u32> = (0..scene.len() as u32).filter(is_there).collect();
    paint_nodes(scene, cards, &nodes, &cutout, Some(Detail::FULL), &mut painter);
    painter.end();
    painter.body
}

impl<'a> SvgPainter<'a> {
    pub fn new(palette: &'a Palette) -> Self {
        Self { palette, body: String::new(), photos: SvgPhotos::default() }
    }

    /// Begins a file that shows `cutout` on paper, each of its px `scale` CSS px wide.
    pub fn begin(&mut self, cutout: &Cutout, scale: f64) {
        let side = |length: i32| short(f64::from(length) * scale);
        let (width, height) = (cutout.width, cutout.height);
        let paper = self.palette.css(Ink::Paper.into());
        self.line(format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" \
             viewBox=\"0 0 {width} {height}\" font-family=\"{FAMILY}\">\n\
             <rect width=\"{width}\" height=\"{height}\" fill=\"{paper}\"/>",
            side(width),
            side(height),
        ));
    }

    /// Puts a square picture into the file, for the cards that follow. `address` holds it (`data:`).
    pub fn define_photo(&mut self, photo: u32, address: &str) {
        if self.photos.numbers.insert(photo) {
            self.line(format_args!(
                "<defs><image id=\"photo-{photo}\" width=\"1\" height=\"1\" \
                 href=\"{address}\"/></defs>"
            ));
        }
    }

    /// Ends the file.
    pub fn end(&mut self) {
        self.body.push_str("</svg>\n");
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

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone) {
        let (fill, text) = (self.palette.css(tone), escaped(text));
        let (x, y, size, weight) = (short(from.0), short(from.1), short(font.size_px), font.weight);
        let turn = short(turn.to_degrees());
        self.line(format_args!(
            "<text x=\"{x}\" y=\"{y}\" transform=\"rotate({turn} {x} {y})\" font-size=\"{size}\" \
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

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        if !self.photos.has(photo) || square.width <= 0.0 {
            return false;
        }
        let corner = (radius / square.width * 1000.0).round() as u32;
        if self.photos.corners.insert(corner) {
            let share = f64::from(corner) / 1000.0;
            self.line(format_args!(
                "<clipPath id=\"corner-{corner}\" clipPathUnits=\"objectBoundingBox\">\
                 <rect width=\"1\" height=\"1\" rx=\"{share}\"/></clipPath>"
            ));
        }
        let [x, y, side] = [square.x, square.y, square.width].map(short);
        let opacity = match short(opacity) {
            whole if whole == "1" => String::new(),
            part => format!(" opacity=\"{part}\""),
        };
        self.line(format_args!(
            "<use href=\"#photo-{photo}\" transform=\"translate({x} {y}) scale({side})\" \
             clip-path=\"url(#corner-{corner})\"{opacity}/>"
        ));
        true
    }
}
