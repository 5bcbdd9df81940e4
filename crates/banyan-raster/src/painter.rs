//! The scene's painter on plain memory.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::rc::Rc;

use banyan_export::{Album, Surface};
use banyan_scene::{
    ATLAS_PX, Font, Painter, Palette, Path, PathOp, PxRect, SpriteSlot, Target, Tone,
};
use tiny_skia::{
    FillRule, FilterQuality, IntSize, LineJoin, Paint, Pattern, Pixmap, PixmapPaint, PixmapRef,
    PremultipliedColorU8, Rect, SpreadMode, Stroke, StrokeDash, Transform,
};

use crate::color::{paint, premultiplied};
use crate::setting::{GlyphId, Shape, Typesetter};

/// Paints in the colours of one palette.
pub struct RasterPainter {
    palette: Palette,
    type_: Typesetter,
    outlines: HashMap<GlyphId, Option<Rc<tiny_skia::Path>>>,
    picture: Pixmap,
    /// Atlases by number. Only those that were written.
    atlases: Vec<Pixmap>,
    /// The sprite that is being written: it comes into its atlas when it is complete, so nothing
    /// leaves its slot.
    sprite: Option<(SpriteSlot, Pixmap)>,
    has_sprites: bool,
    /// The pictures of cards by their numbers.
    photos: BTreeMap<u32, Rc<Pixmap>>,
}

impl RasterPainter {
    /// A painter without a picture: see [`Surface::begin`]. Fails for lack of memory alone.
    pub fn new(palette: Palette, type_: Typesetter) -> io::Result<Self> {
        Ok(Self {
            palette,
            type_,
            outlines: HashMap::new(),
            picture: pixmap(1, 1)?,
            atlases: Vec::new(),
            sprite: None,
            has_sprites: false,
            photos: BTreeMap::new(),
        })
    }

    /// Whether cards are drawn once and copied, as on the page, or each drawn where it stands.
    pub fn use_sprites(&mut self, has_sprites: bool) {
        self.has_sprites = has_sprites;
    }

    fn sheet(&mut self) -> &mut Pixmap {
        match &mut self.sprite {
            Some((_, sheet)) => sheet,
            None => &mut self.picture,
        }
    }

    fn fill(&mut self, path: &tiny_skia::Path, tone: Tone, place: Transform) {
        let paint = paint(self.palette.tone(tone));
        self.sheet().fill_path(path, &paint, FillRule::Winding, place, None);
    }

    fn stroke(&mut self, path: &Path, tone: Tone, stroke: &Stroke) {
        if let Some(path) = traced(path) {
            let paint = paint(self.palette.tone(tone));
            self.sheet().stroke_path(&path, &paint, stroke, Transform::identity(), None);
        }
    }

    fn outline(&mut self, id: GlyphId) -> Option<Rc<tiny_skia::Path>> {
        if let Some(outline) = self.outlines.get(&id) {
            return outline.clone();
        }
        let outline = match &*self.type_.shape(id) {
            Shape::Outline(path) => traced(path).map(Rc::new),
            Shape::Blank | Shape::Picture => None,
        };
        self.outlines.insert(id, outline.clone());
        outline
    }

    /// Draws a line of text, or the halo around it, turned by so many radians.
    fn line(
        &mut self,
        at: (f64, f64),
        turn: f64,
        text: &str,
        font: Font,
        tone: Tone,
        halo: Option<f64>,
    ) {
        let line = self.type_.set(text, font.weight);
        let size = font.size_px;
        let (sin, cos) = turn.sin_cos();
        for glyph in &line.glyphs {
            let (along, down) = (glyph.x * size, glyph.y * size);
            let (x, y) = (at.0 + along * cos - down * sin, at.1 + along * sin + down * cos);
            let [a, b] = [cos * size, sin * size].map(|v| v as f32);
            let place = Transform::from_row(a, b, -b, a, x as f32, y as f32);
            match (self.outline(glyph.id), halo) {
                (Some(outline), None) => self.fill(&outline, tone, place),
                (Some(outline), Some(width)) => {
                    let width = (width / size) as f32;
                    let stroke = Stroke { width, line_join: LineJoin::Round, ..Stroke::default() };
                    let paint = paint(self.palette.tone(tone));
                    self.sheet().stroke_path(&outline, &paint, &stroke, place, None);
                }
                (None, None) => self.colored((x, y), turn, glyph.id, size, tone),
                (None, Some(_)) => {}
            }
        }
    }

    /// Draws a glyph in its own colours, if it has any.
    fn colored(&mut self, at: (f64, f64), turn: f64, id: GlyphId, size: f64, tone: Tone) {
        if !matches!(&*self.type_.shape(id), Shape::Picture) {
            return;
        }
        let Some(picture) = self.type_.picture(id, size) else { return };
        let Ok(mut sheet) = pixmap(picture.width, picture.height) else { return };
        let alpha = self.palette.tone(tone).alpha;
        for (to, from) in sheet.pixels_mut().iter_mut().zip(picture.rgba.chunks_exact(4)) {
            if let &[red, green, blue, own] = from {
                *to = premultiplied([red, green, blue, own], alpha);
            }
        }
        if turn == 0.0 {
            let (x, y) = (at.0.round() as i32 + picture.left, at.1.round() as i32 + picture.top);
            copy(self.sheet(), sheet.as_ref(), x, y);
            return;
        }
        let [x, y, sin, cos] = [at.0, at.1, turn.sin(), turn.cos()].map(|v| v as f32);
        let place = Transform::from_row(cos, sin, -sin, cos, x, y);
        let paint = PixmapPaint { quality: FilterQuality::Bilinear, ..PixmapPaint::default() };
        let (left, top) = (picture.left, picture.top);
        self.sheet().draw_pixmap(left, top, sheet.as_ref(), &paint, place, None);
    }

    fn finish_sprite(&mut self) {
        let Some((slot, sheet)) = self.sprite.take() else { return };
        let Some(atlas) = self.atlases.get_mut(slot.atlas as usize) else { return };
        let width = slot.width as usize * 4;
        for (row, from) in sheet.data().chunks_exact(width).enumerate() {
            let at = ((slot.y as usize + row) * ATLAS_PX as usize + slot.x as usize) * 4;
            if let Some(to) = atlas.data_mut().get_mut(at..at + width) {
                to.copy_from_slice(from);
            }
        }
    }
}

fn pixmap(width: u32, height: u32) -> io::Result<Pixmap> {
    Pixmap::new(width, height).ok_or_else(|| {
        io::Error::new(io::ErrorKind::OutOfMemory, format!("no picture of {width} x {height} px"))
    })
}

fn copy(to: &mut Pixmap, from: PixmapRef<'_>, x: i32, y: i32) {
    to.draw_pixmap(x, y, from, &PixmapPaint::default(), Transform::identity(), None);
}

/// Half as wide and high, each px the mean of four; `None` for what is too small.
fn halved(photo: &Pixmap) -> Option<Pixmap> {
    let (width, from) = (photo.width() as usize, photo.pixels());
    let mut half = Pixmap::new(photo.width() / 2, photo.height() / 2)?;
    let half_width = half.width() as usize;
    for (at, to) in half.data_mut().as_chunks_mut::<4>().0.iter_mut().enumerate() {
        let corner = at / half_width * 2 * width + at % half_width * 2;
        let four = [0, 1, width, width + 1].map(|step| from.get(corner + step).copied());
        let mean = |channel: fn(PremultipliedColorU8) -> u8| {
            let sum: u16 = four.iter().flatten().map(|&px| u16::from(channel(px))).sum();
            ((sum + 2) / 4) as u8
        };
        *to = [
            mean(PremultipliedColorU8::red),
            mean(PremultipliedColorU8::green),
            mean(PremultipliedColorU8::blue),
            mean(PremultipliedColorU8::alpha),
        ];
    }
    Some(half)
}

/// A path as the raster takes it; `None` for one without area or with places that are no numbers.
fn traced(path: &Path) -> Option<tiny_skia::Path> {
    let mut builder = tiny_skia::PathBuilder::new();
    let near = |v: f64| v as f32;
    for op in &path.ops {
        match *op {
            PathOp::Move(x, y) => builder.move_to(near(x), near(y)),
            PathOp::Line(x, y) => builder.line_to(near(x), near(y)),
            PathOp::Quad(cx, cy, x, y) => builder.quad_to(near(cx), near(cy), near(x), near(y)),
            PathOp::Cubic(ax, ay, bx, by, x, y) => {
                builder.cubic_to(near(ax), near(ay), near(bx), near(by), near(x), near(y));
            }
            PathOp::Close => builder.close(),
        }
    }
    builder.finish()
}

impl Painter for RasterPainter {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone) {
        let [x, y, width, height] = [rect.x, rect.y, rect.width, rect.height].map(|v| v as f32);
        if let Some(rect) = Rect::from_xywh(x, y, width, height) {
            let paint = paint(self.palette.tone(tone));
            self.sheet().fill_rect(rect, &paint, Transform::identity(), None);
        }
    }

    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone) {
        self.stroke(path, tone, &Stroke { width: width as f32, ..Stroke::default() });
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone) {
        let dash = StrokeDash::new(vec![dash as f32; 2], 0.0);
        self.stroke(path, tone, &Stroke { width: width as f32, dash, ..Stroke::default() });
    }

    fn fill_path(&mut self, path: &Path, tone: Tone) {
        if let Some(path) = traced(path) {
            self.fill(&path, tone, Transform::identity());
        }
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        self.line((x, baseline), 0.0, text, font, tone, None);
    }

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone) {
        self.line(from, turn, text, font, tone, None);
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
        self.line((x, baseline), 0.0, text, font, halo, Some(font.size_px * 0.2));
        self.line((x, baseline), 0.0, text, font, tone, None);
    }

    fn measure(&mut self, text: &str, font: Font) -> f64 {
        self.type_.set(text, font.weight).width * font.size_px
    }

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        let Some(mut photo) = self.photos.get(&photo).cloned() else { return false };
        // Four px are looked at for each: a picture twice as large is halved first.
        while f64::from(photo.width()) >= 2.0 * square.width
            && let Some(half) = halved(&photo)
        {
            photo = Rc::new(half);
        }
        let mut corners = Path::default();
        corners.round_rect(square, [radius; 4]);
        let Some(corners) = traced(&corners) else { return false };
        let scale = square.width as f32 / photo.width() as f32;
        let place = Transform::from_row(scale, 0.0, 0.0, scale, square.x as f32, square.y as f32);
        let (photo, opacity) = (photo.as_ref().as_ref(), opacity as f32);
        let quality = FilterQuality::Bilinear;
        let shader = Pattern::new(photo, SpreadMode::Pad, quality, opacity, place);
        let paint = Paint { shader, ..Paint::default() };
        self.sheet().fill_path(&corners, &paint, FillRule::Winding, Transform::identity(), None);
        true
    }

    fn has_sprites(&self) -> bool {
        self.has_sprites
    }

    fn target(&mut self, target: Target) {
        self.finish_sprite();
        let Target::Sprite(slot) = target else { return };
        while self.atlases.len() <= slot.atlas as usize {
            let side = ATLAS_PX as u32;
            let Ok(atlas) = pixmap(side, side) else { return };
            self.atlases.push(atlas);
        }
        self.sprite = pixmap(slot.width as u32, slot.height as u32).ok().map(|sheet| (slot, sheet));
    }

    fn blit(&mut self, slot: SpriteSlot, x: i32, y: i32) {
        let Some(atlas) = self.atlases.get(slot.atlas as usize) else { return };
        let part =
            tiny_skia::IntRect::from_xywh(slot.x, slot.y, slot.width as u32, slot.height as u32);
        if let Some(sprite) = part.and_then(|part| atlas.clone_rect(part)) {
            copy(&mut self.picture, sprite.as_ref(), x, y);
        }
    }
}

impl Surface for RasterPainter {
    fn begin(&mut self, width: u32, height: u32) -> io::Result<()> {
        self.finish_sprite();
        if (self.picture.width(), self.picture.height()) == (width, height) {
            self.picture.fill(tiny_skia::Color::TRANSPARENT);
        } else {
            self.picture = pixmap(width, height)?;
        }
        Ok(())
    }

    fn take_photos(&mut self, album: &Album) -> io::Result<()> {
        let mut before = std::mem::take(&mut self.photos);
        for (number, photo) in album.drawn() {
            let kept = before.remove(&number).or_else(|| {
                let size = IntSize::from_wh(photo.side(), photo.side())?;
                Pixmap::from_vec(photo.rgba(), size).map(Rc::new)
            });
            self.photos.extend(kept.map(|kept| (number, kept)));
        }
        Ok(())
    }

    fn put(&mut self, rgba: &[u8]) -> io::Result<()> {
        let size = IntSize::from_wh(self.picture.width(), self.picture.height());
        let picture = size.and_then(|size| Pixmap::from_vec(rgba.to_vec(), size));
        self.picture = picture.ok_or_else(|| io::Error::other("pixels of another size"))?;
        Ok(())
    }

    fn read(&mut self, rgba: &mut Vec<u8>) -> io::Result<()> {
        rgba.clear();
        // On opaque ground, premultiplied colours are the colours themselves.
        rgba.extend_from_slice(self.picture.data());
        Ok(())
    }
}
