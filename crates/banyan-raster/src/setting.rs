//! Text set with fonts: which glyphs stand where, and what each looks like.

use std::collections::{BTreeMap, HashMap};
use std::path::Path as FilePath;
use std::rc::Rc;

use banyan_scene::{Path, PathOp};
use cosmic_text::{
    Attrs, Buffer, CacheKey, CacheKeyFlags, Command, Family, FontSystem, Metrics, Shaping,
    SwashCache, SwashContent, Weight, Wrap, fontdb,
};

/// Text is set at this size and scaled: without hints, its proportions are the same at every size.
const EM: f32 = 1000.0;
/// What the browser's style sheet asks for, in that order; then whatever there is.
const FAMILIES: [&str; 6] =
    ["Noto Sans", "DejaVu Sans", "Liberation Sans", "Arial", "Segoe UI", "Helvetica"];
/// Lines that are kept: a title is measured, cut, measured and drawn.
const MOST_LINES: usize = 4096;

/// A glyph of a font.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct GlyphId {
    font: fontdb::ID,
    glyph: u16,
    weight: Weight,
}

/// A glyph in its place.
#[derive(Clone, Copy, Debug)]
pub struct SetGlyph {
    pub id: GlyphId,
    /// Ems from the beginning of the line and, downwards, from its baseline.
    pub x: f64,
    pub y: f64,
    /// Ems to the next glyph.
    pub advance: f64,
    /// The bytes of the text that it stands for.
    pub start: usize,
    pub end: usize,
}

/// A line of text, its glyphs from left to right.
#[derive(Clone, Debug, Default)]
pub struct SetLine {
    pub glyphs: Vec<SetGlyph>,
    /// Ems.
    pub width: f64,
}

/// What a glyph looks like.
#[derive(Clone, Debug)]
pub enum Shape {
    Blank,
    /// In ems, y downwards, filled by the non-zero rule.
    Outline(Path),
    /// In colours of its own: see [`Typesetter::picture`].
    Picture,
}

/// A glyph's own colours.
#[derive(Clone, Debug)]
pub struct Picture {
    /// Px from the origin to the top left corner, y downwards.
    pub left: i32,
    pub top: i32,
    pub width: u32,
    pub height: u32,
    /// RGBA, not premultiplied.
    pub rgba: Vec<u8>,
}

/// Sets text with the machine's fonts, or with some that were chosen.
pub struct Typesetter {
    fonts: FontSystem,
    swash: SwashCache,
    family: String,
    lines: HashMap<(String, u16), Rc<SetLine>>,
    shapes: HashMap<GlyphId, Rc<Shape>>,
}

impl Typesetter {
    /// With all fonts that are installed.
    pub fn of_system() -> Self {
        let mut fonts = fontdb::Database::new();
        fonts.load_system_fonts();
        Self::new(fonts)
    }

    /// With the fonts of these files and no others; files that are none are left out.
    pub fn of_files<'a>(files: impl IntoIterator<Item = &'a FilePath>) -> Self {
        let mut fonts = fontdb::Database::new();
        for file in files {
            // Whether there are fonts is seen by what is drawn.
            let _ = fonts.load_font_file(file);
        }
        Self::new(fonts)
    }

    fn new(mut fonts: fontdb::Database) -> Self {
        let has = |family: &str| {
            fonts.faces().any(|face| face.families.iter().any(|(name, _)| name == family))
        };
        let family = FAMILIES.into_iter().find(|family| has(family)).unwrap_or("sans-serif");
        fonts.set_sans_serif_family(family);
        Self {
            // Always the same locale: pictures shall not depend on who draws them.
            fonts: FontSystem::new_with_locale_and_db("zh-CN".into(), fonts),
            swash: SwashCache::new(),
            family: family.to_owned(),
            lines: HashMap::new(),
            shapes: HashMap::new(),
        }
    }

    /// The names of the fonts, each with the number of its faces, for whoever asks why a picture
    /// looks as it does.
    pub fn families(&self) -> BTreeMap<String, usize> {
        let mut families = BTreeMap::new();
        for face in self.fonts.db().faces() {
            if let Some((name, _)) = face.families.first() {
                *families.entry(name.clone()).or_default() += 1;
            }
        }
        families
    }

    /// Sets one line. `weight` is that of CSS.
    pub fn set(&mut self, text: &str, weight: u16) -> Rc<SetLine> {
        let key = (text.to_owned(), weight);
        if let Some(line) = self.lines.get(&key) {
            return Rc::clone(line);
        }
        let line = Rc::new(self.set_anew(text, weight));
        if self.lines.len() >= MOST_LINES {
            self.lines.clear();
        }
        self.lines.insert(key, Rc::clone(&line));
        line
    }

    fn set_anew(&mut self, text: &str, weight: u16) -> SetLine {
        let mut buffer = Buffer::new_empty(Metrics::new(EM, EM));
        buffer.set_wrap(Wrap::None);
        let attrs = Attrs::new().family(Family::Name(&self.family)).weight(Weight(weight));
        buffer.set_text(text, &attrs, Shaping::Advanced, None);
        buffer.shape_until_scroll(&mut self.fonts, false);
        let mut line = SetLine::default();
        let ems = |px: f32| f64::from(px / EM);
        for run in buffer.layout_runs() {
            let left = run.glyphs.iter().map(|glyph| glyph.x).fold(f32::INFINITY, f32::min);
            for glyph in run.glyphs {
                line.glyphs.push(SetGlyph {
                    id: GlyphId {
                        font: glyph.font_id,
                        glyph: glyph.glyph_id,
                        weight: glyph.font_weight,
                    },
                    x: ems(glyph.x - left) + f64::from(glyph.x_offset),
                    y: ems(glyph.y) - f64::from(glyph.y_offset),
                    advance: ems(glyph.w),
                    start: glyph.start,
                    end: glyph.end,
                });
                line.width = line.width.max(ems(glyph.x - left + glyph.w));
            }
        }
        line.glyphs.sort_by(|a, b| a.x.total_cmp(&b.x));
        line
    }

    pub fn shape(&mut self, id: GlyphId) -> Rc<Shape> {
        if let Some(shape) = self.shapes.get(&id) {
            return Rc::clone(shape);
        }
        let shape = Rc::new(self.shape_anew(id));
        self.shapes.insert(id, Rc::clone(&shape));
        shape
    }

    fn shape_anew(&mut self, id: GlyphId) -> Shape {
        let key = cache_key(id, EM);
        let probe = self.swash.get_image_uncached(&mut self.fonts, cache_key(id, 32.0));
        if probe.is_some_and(|image| image.content == SwashContent::Color) {
            return Shape::Picture;
        }
        let commands = self.swash.get_outline_commands_uncached(&mut self.fonts, key);
        let mut path = Path::default();
        let at = |x: f32, y: f32| (f64::from(x / EM), f64::from(-y / EM));
        for command in commands.unwrap_or_default() {
            path.ops.push(match command {
                Command::MoveTo(to) => op2(PathOp::Move, at(to.x, to.y)),
                Command::LineTo(to) => op2(PathOp::Line, at(to.x, to.y)),
                Command::QuadTo(c, to) => {
                    let ((cx, cy), (x, y)) = (at(c.x, c.y), at(to.x, to.y));
                    PathOp::Quad(cx, cy, x, y)
                }
                Command::CurveTo(a, b, to) => {
                    let ((ax, ay), (bx, by), (x, y)) = (at(a.x, a.y), at(b.x, b.y), at(to.x, to.y));
                    PathOp::Cubic(ax, ay, bx, by, x, y)
                }
                Command::Close => PathOp::Close,
            });
        }
        if path.is_empty() { Shape::Blank } else { Shape::Outline(path) }
    }

    /// The picture of a [`Shape::Picture`] at a size in px.
    pub fn picture(&mut self, id: GlyphId, size_px: f64) -> Option<Picture> {
        let key = cache_key(id, size_px as f32);
        let image = self.swash.get_image_uncached(&mut self.fonts, key)?;
        let place = image.placement;
        Some(Picture {
            left: place.left,
            top: -place.top,
            width: place.width,
            height: place.height,
            rgba: image.data,
        })
    }
}

fn op2(op: fn(f64, f64) -> PathOp, (x, y): (f64, f64)) -> PathOp {
    op(x, y)
}

fn cache_key(id: GlyphId, size_px: f32) -> CacheKey {
    let flags = CacheKeyFlags::DISABLE_HINTING;
    CacheKey::new(id.font, id.glyph, size_px, (0.0, 0.0), id.weight, flags).0
}
