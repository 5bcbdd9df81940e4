//! The scene's painter on off-screen canvases: one for the tile at hand, and the atlases of sprites.

use std::{collections::BTreeMap, io};

use banyan_export::{Album, Surface};
use banyan_layout::geometry::Rect;
use banyan_scene::{
    Font, Painter, Palette, Path, PathOp, PxRect, SpriteSlot, TILE_PX, Target, Tone,
};
use js_sys::{JsString, Promise};
use wasm_bindgen::{Clamped, JsCast as _, JsValue, closure::Closure};
use web_sys::{ImageBitmap, ImageData, OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use crate::engine::post::{reason, scope};

/// Latin first, Chinese after it: both are on the machine or the browser picks what is.
pub(super) const FAMILY: &str =
    "system-ui, 'Noto Sans', 'Noto Sans CJK SC', 'PingFang SC', 'Microsoft YaHei', sans-serif";

/// A canvas and its context.
struct Sheet {
    canvas: OffscreenCanvas,
    context: OffscreenCanvasRenderingContext2d,
    /// What the context was told last: a string costs ten times the call.
    fill: Option<Tone>,
    stroke: Option<Tone>,
    font: Option<Font>,
}

/// Paints tiles of one palette.
pub struct CanvasPainter {
    palette: Palette,
    tile: Sheet,
    atlases: Vec<Sheet>,
    has_atlases: bool,
    target: Option<SpriteSlot>,
    /// Pictures of cards by their numbers: see [`banyan_scene::PhotoBook`].
    pub photos: BTreeMap<u32, ImageBitmap>,
    on_restored: Option<Closure<dyn FnMut()>>,
    /// Texts and colours that crossed to the browser already.
    styles: BTreeMap<Tone, JsString>,
}

impl Sheet {
    fn new(width: u32, height: u32, is_opaque: bool) -> Result<Self, JsValue> {
        Self::with(width, height, is_opaque, false)
    }

    /// `is_read` for one whose pixels are asked for again and again.
    fn with(width: u32, height: u32, is_opaque: bool, is_read: bool) -> Result<Self, JsValue> {
        let canvas = OffscreenCanvas::new(width, height)?;
        let options = js_sys::Object::new();
        js_sys::Reflect::set(&options, &"alpha".into(), &JsValue::from_bool(!is_opaque))?;
        js_sys::Reflect::set(&options, &"willReadFrequently".into(), &is_read.into())?;
        let context = canvas
            .get_context_with_context_options("2d", &options)?
            .ok_or("no 2D context")?
            .dyn_into::<OffscreenCanvasRenderingContext2d>()?;
        Ok(Self { canvas, context, fill: None, stroke: None, font: None })
    }
}

impl CanvasPainter {
    /// Fails where the browser has no off-screen canvas.
    pub fn new(palette: Palette) -> Result<Self, JsValue> {
        let side = TILE_PX as u32;
        Self::of_size(palette, side, side)
    }

    /// Has the browser make the canvases ready, which it does with what is drawn on them first. It asks the
    /// page for that, so the time for it is before the page has something to show.
    pub fn get_ready(&mut self) {
        self.tile.context.clear_rect(0.0, 0.0, 1.0, 1.0);
        if let Some(atlas) = self.atlas(0) {
            atlas.context.clear_rect(0.0, 0.0, 1.0, 1.0);
        }
    }

    /// Has the browser find the fonts of both scripts. It asks another process for each, and the first tile
    /// with text would wait for that.
    pub fn find_fonts(&mut self) {
        for weight in [400, 500, 600] {
            self.measure("A汉", Font { size_px: 12.0, weight });
        }
    }

    /// A painter whose tile has another size, in device px: a whole window for the benchmark.
    pub fn of_size(palette: Palette, width: u32, height: u32) -> Result<Self, JsValue> {
        Ok(Self {
            palette,
            tile: Sheet::new(width, height, true)?,
            atlases: Vec::new(),
            has_atlases: true,
            target: None,
            photos: BTreeMap::new(),
            on_restored: None,
            styles: BTreeMap::new(),
        })
    }

    /// A painter for exports: every card is drawn where it stands, and pixels are read back.
    pub fn for_reading(palette: Palette) -> Result<Self, JsValue> {
        let tile = Sheet::with(1, 1, true, true)?;
        Ok(Self { tile, has_atlases: false, ..Self::of_size(palette, 1, 1)? })
    }

    pub fn palette(&self) -> &Palette {
        &self.palette
    }

    /// Another palette, or a canvas that was lost: what stood in the atlases is of no use any more.
    pub fn set_palette(&mut self, palette: Palette) {
        self.palette = palette;
        self.styles.clear();
        (self.tile.fill, self.tile.stroke, self.tile.font) = (None, None, None);
        self.atlases.clear();
        self.has_atlases = true;
    }

    /// Calls back when the browser has taken the canvases' memory away and given it back.
    pub fn on_restored(&mut self, work: impl Fn() + 'static) {
        let closure = Closure::<dyn FnMut()>::new(work);
        // Fails for no event of a canvas.
        let _ = self
            .tile
            .canvas
            .add_event_listener_with_callback("contextrestored", closure.as_ref().unchecked_ref());
        self.on_restored = Some(closure);
    }

    /// The context of the tile, for whoever moves its origin.
    pub fn context(&self) -> &OffscreenCanvasRenderingContext2d {
        &self.tile.context
    }

    /// Undoes what was done to the tile's context since it was saved, styles included.
    pub fn restore(&mut self) {
        self.tile.context.restore();
        (self.tile.fill, self.tile.stroke, self.tile.font) = (None, None, None);
    }

    /// The tile as a picture; the canvas starts afresh.
    pub fn take_tile(&mut self) -> Result<ImageBitmap, JsValue> {
        self.tile.canvas.transfer_to_image_bitmap()
    }

    /// The promise of a picture of a part of the tile as it is now, which stays on the canvas. Taken from it,
    /// the next tile would wait for the page to give the canvas other memory, and longest while the page
    /// draws.
    pub fn copy_tile(&self, part: &Rect) -> Result<Promise, JsValue> {
        scope().create_image_bitmap_with_offscreen_canvas_and_a_sx_and_a_sy_and_a_sw_and_a_sh(
            &self.tile.canvas,
            part.x,
            part.y,
            part.width,
            part.height,
        )
    }

    /// A picture of RGBA bytes, `width * height * 4` of them.
    pub fn picture_of(&self, rgba: &[u8], width: u32, height: u32) -> Result<ImageBitmap, JsValue> {
        let sheet = Sheet::new(width, height, true)?;
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height)?;
        sheet.context.put_image_data(&data, 0.0, 0.0)?;
        sheet.canvas.transfer_to_image_bitmap()
    }

    /// The promise of a picture of RGBA bytes, `width * height * 4` of them.
    pub fn copy_of(rgba: &[u8], width: u32, height: u32) -> Result<Promise, JsValue> {
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height)?;
        scope().create_image_bitmap_with_image_data(&data)
    }

    /// Puts RGBA bytes of a whole tile on it, below whatever is painted next.
    pub fn put_tile(&mut self, rgba: &[u8]) -> Result<(), JsValue> {
        let side = TILE_PX as u32;
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), side, side)?;
        self.tile.context.put_image_data(&data, 0.0, 0.0)
    }

    fn sheet(&mut self) -> &mut Sheet {
        match self.target.and_then(|slot| self.atlases.get_mut(slot.atlas as usize)) {
            Some(atlas) => atlas,
            None => &mut self.tile,
        }
    }

    fn style(&mut self, tone: Tone) -> JsString {
        let palette = &self.palette;
        self.styles.entry(tone).or_insert_with(|| palette.css(tone).into()).clone()
    }

    fn fill_with(&mut self, tone: Tone) -> OffscreenCanvasRenderingContext2d {
        let style = (self.sheet().fill != Some(tone)).then(|| self.style(tone));
        let sheet = self.sheet();
        if let Some(style) = style {
            set(&sheet.context, "fillStyle", &style);
            sheet.fill = Some(tone);
        }
        sheet.context.clone()
    }

    fn stroke_with(&mut self, tone: Tone, width: f64) -> OffscreenCanvasRenderingContext2d {
        let style = (self.sheet().stroke != Some(tone)).then(|| self.style(tone));
        let sheet = self.sheet();
        if let Some(style) = style {
            set(&sheet.context, "strokeStyle", &style);
            sheet.stroke = Some(tone);
        }
        sheet.context.set_line_width(width);
        sheet.context.clone()
    }

    fn font(&mut self, font: Font) {
        let sheet = self.sheet();
        if sheet.font != Some(font) {
            sheet.context.set_font(&format!("{} {}px {FAMILY}", font.weight, font.size_px));
            sheet.font = Some(font);
        }
    }

    /// The atlas of this number, made when it is first written.
    fn atlas(&mut self, number: u32) -> Option<&mut Sheet> {
        while self.atlases.len() <= number as usize {
            let side = banyan_scene::ATLAS_PX as u32;
            self.atlases.push(Sheet::new(side, side, false).ok()?);
        }
        self.atlases.get_mut(number as usize)
    }
}

/// Sets a property that web-sys only takes as a Rust string.
fn set(context: &OffscreenCanvasRenderingContext2d, property: &str, value: &JsString) {
    // The properties set here exist and take strings.
    let _ = js_sys::Reflect::set(context, &property.into(), value);
}

fn trace(context: &OffscreenCanvasRenderingContext2d, path: &Path) {
    context.begin_path();
    for op in &path.ops {
        match *op {
            PathOp::Move(x, y) => context.move_to(x, y),
            PathOp::Line(x, y) => context.line_to(x, y),
            PathOp::Quad(cx, cy, x, y) => context.quadratic_curve_to(cx, cy, x, y),
            PathOp::Cubic(ax, ay, bx, by, x, y) => context.bezier_curve_to(ax, ay, bx, by, x, y),
            PathOp::Close => context.close_path(),
        }
    }
}

impl Painter for CanvasPainter {
    fn fill_rect(&mut self, rect: PxRect, tone: Tone) {
        self.fill_with(tone).fill_rect(rect.x, rect.y, rect.width, rect.height);
    }

    fn fill_round_rect(&mut self, rect: PxRect, radius: f64, tone: Tone) {
        let context = self.fill_with(tone);
        context.begin_path();
        // Fails for radii below zero only.
        let _ =
            context.round_rect_with_f64(rect.x, rect.y, rect.width, rect.height, radius.max(0.0));
        context.fill();
    }

    fn stroke_round_rect(&mut self, rect: PxRect, radius: f64, width: f64, tone: Tone) {
        let context = self.stroke_with(tone, width);
        let PxRect { x, y, width: w, height: h } = rect.inset(width / 2.0);
        context.begin_path();
        let _ = context.round_rect_with_f64(x, y, w, h, (radius - width / 2.0).max(0.0));
        context.stroke();
    }

    fn stroke_path(&mut self, path: &Path, width: f64, tone: Tone) {
        let context = self.stroke_with(tone, width);
        trace(&context, path);
        context.stroke();
    }

    fn stroke_dashed(&mut self, path: &Path, width: f64, dash: f64, tone: Tone) {
        let context = self.stroke_with(tone, width);
        let dashes = js_sys::Array::of2(&dash.into(), &dash.into());
        // Takes any list of numbers.
        let _ = context.set_line_dash(&dashes);
        trace(&context, path);
        context.stroke();
        let _ = context.set_line_dash(&js_sys::Array::new());
    }

    fn fill_path(&mut self, path: &Path, tone: Tone) {
        let context = self.fill_with(tone);
        trace(&context, path);
        context.fill();
    }

    fn fill_circle(&mut self, x: f64, y: f64, radius: f64, tone: Tone) {
        let context = self.fill_with(tone);
        context.begin_path();
        // Fails for radii below zero only.
        let _ = context.arc(x, y, radius.max(0.0), 0.0, std::f64::consts::TAU);
        context.fill();
    }

    fn text(&mut self, x: f64, baseline: f64, text: &str, font: Font, tone: Tone) {
        self.font(font);
        // Fails for no text.
        let _ = self.fill_with(tone).fill_text(text, x, baseline);
    }

    fn text_turned(&mut self, from: (f64, f64), turn: f64, text: &str, font: Font, tone: Tone) {
        self.font(font);
        let context = self.fill_with(tone);
        context.save();
        // These fail for no numbers and no text.
        let _ = context.translate(from.0, from.1);
        let _ = context.rotate(turn);
        let _ = context.fill_text(text, 0.0, 0.0);
        context.restore();
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
        self.font(font);
        let context = self.stroke_with(halo, font.size_px * 0.2);
        context.set_line_join("round");
        let _ = context.stroke_text(text, x, baseline);
        context.set_line_join("miter");
        let _ = self.fill_with(tone).fill_text(text, x, baseline);
    }

    fn measure(&mut self, text: &str, font: Font) -> f64 {
        self.font(font);
        self.sheet().context.measure_text(text).map_or(0.0, |metrics| metrics.width())
    }

    fn photo(&mut self, square: PxRect, radius: f64, opacity: f64, photo: u32) -> bool {
        let Some(picture) = self.photos.get(&photo).cloned() else { return false };
        let context = self.sheet().context.clone();
        let PxRect { x, y, width, height } = square;
        context.save();
        context.begin_path();
        // Fails for radii below zero only.
        let _ = context.round_rect_with_f64(x, y, width, height, radius.max(0.0));
        context.clip();
        context.set_global_alpha(opacity);
        set(&context, "imageSmoothingQuality", &JsString::from("high"));
        let drawn =
            context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, x, y, width, height);
        context.restore();
        drawn.is_ok()
    }

    fn has_sprites(&self) -> bool {
        self.has_atlases
    }

    fn target(&mut self, target: Target) {
        if let Some(slot) = self.target.take()
            && let Some(sheet) = self.atlases.get_mut(slot.atlas as usize)
        {
            // Undoes clip and origin of the slot before; styles set since then go with them.
            sheet.context.restore();
            (sheet.fill, sheet.stroke, sheet.font) = (None, None, None);
        }
        if let Target::Sprite(slot) = target {
            let (x, y) = (f64::from(slot.x), f64::from(slot.y));
            let (width, height) = (f64::from(slot.width), f64::from(slot.height));
            let Some(sheet) = self.atlas(slot.atlas) else {
                // No memory for it: from now on cards are drawn directly.
                self.has_atlases = false;
                return;
            };
            let context = &sheet.context;
            context.save();
            context.begin_path();
            context.rect(x, y, width, height);
            context.clip();
            context.clear_rect(x, y, width, height);
            // Fails for no numbers.
            let _ = context.translate(x, y);
            (sheet.fill, sheet.stroke, sheet.font) = (None, None, None);
            self.target = Some(slot);
        }
    }

    fn blit(&mut self, slot: SpriteSlot, x: i32, y: i32) {
        let Some(atlas) = self.atlases.get(slot.atlas as usize) else { return };
        let (width, height) = (f64::from(slot.width), f64::from(slot.height));
        // Fails for a canvas without area.
        let _ = self
            .tile
            .context
            .draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &atlas.canvas,
                f64::from(slot.x),
                f64::from(slot.y),
                width,
                height,
                f64::from(x),
                f64::from(y),
                width,
                height,
            );
    }
}

/// What the browser threw, as an error of the file that is being made.
pub(super) fn canvas_error(error: &JsValue) -> io::Error {
    io::Error::other(reason(error))
}

impl Surface for CanvasPainter {
    fn begin(&mut self, width: u32, height: u32) -> io::Result<()> {
        let sheet = &mut self.tile;
        if (sheet.canvas.width(), sheet.canvas.height()) != (width, height) {
            // Another size forgets all styles.
            sheet.canvas.set_width(width);
            sheet.canvas.set_height(height);
            (sheet.fill, sheet.stroke, sheet.font) = (None, None, None);
        }
        Ok(())
    }

    fn take_photos(&mut self, album: &Album) -> io::Result<()> {
        let mut before = std::mem::take(&mut self.photos);
        for (number, photo) in album.drawn() {
            let picture = match before.remove(&number) {
                Some(picture) => Ok(picture),
                None => self.picture_of(&photo.rgba(), photo.side(), photo.side()),
            };
            self.photos.insert(number, picture.map_err(|error| canvas_error(&error))?);
        }
        for gone in before.into_values() {
            gone.close();
        }
        Ok(())
    }

    fn put(&mut self, rgba: &[u8]) -> io::Result<()> {
        let Sheet { canvas, context, .. } = &self.tile;
        let (width, height) = (canvas.width(), canvas.height());
        ImageData::new_with_u8_clamped_array_and_sh(Clamped(rgba), width, height)
            .and_then(|data| context.put_image_data(&data, 0.0, 0.0))
            .map_err(|error| canvas_error(&error))
    }

    fn read(&mut self, rgba: &mut Vec<u8>) -> io::Result<()> {
        let Sheet { canvas, context, .. } = &self.tile;
        let (width, height) = (f64::from(canvas.width()), f64::from(canvas.height()));
        let data = context
            .get_image_data(0.0, 0.0, width, height)
            .map_err(|error| canvas_error(&error))?;
        *rgba = data.data().0;
        Ok(())
    }
}

#[cfg(all(test, target_arch = "wasm32"))]
mod tests;
