//! The picture on the main thread: cameras, tiles, and the canvases they are put on.
//!
//! Whatever happens here costs by the size of the window, never by the size of the data: tiles come
//! painted from the engine, and a frame copies a few dozen of them.

mod compositor;
mod frames;
mod inks;
pub mod input;
mod minimap;
mod motion;
mod moving;
mod overlay;
mod view;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{Camera, Flight, Sheet, TileCache, TileInk, TileKey, Viewport, ZoomStep};
use banyan_view::{NodeSummary, View};
use js_sys::Number;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageBitmap};

pub use frames::{FirstPicture, FrameTimes, Frames, Holes};
pub use inks::Inks;
pub use input::{Gesture, Hands};
pub use motion::Motion;
pub use view::{MinimapView, StageView, TopRow};

use crate::message::{PictureMemory, SceneInfo};

/// A tile counts as no less than this: its picture may be small, but looking it up takes time too.
const LEAST_TILE_BYTES: usize = 64 << 10;
/// CSS px between the content and what surrounds it when everything is shown.
const FIT_PADDING_CSS_PX: f64 = 28.0;
/// CSS px of the canvas that the chrome covers: on top, where the tools stand in one row or where there
/// are none, and the zoom and the figures below.
const COVERED_TOP_CSS_PX: f64 = 52.0;
const COVERED_BOTTOM_CSS_PX: f64 = 40.0;
/// Names can be read from this scale on, a little more than 0.4.
const LEAST_START: ZoomStep = ZoomStep(-10);
/// A narrower window has panels from below, and tools above the minimap: see `style/narrow.css`.
const NARROW_CSS_PX: f64 = 720.0;
/// The margin of panels.
const PANEL_GAP_CSS_PX: f64 = 12.0;

/// One view's picture.
pub struct Pane {
    pub camera: Camera,
    pub scene: Option<SceneInfo>,
    tiles: TileCache<ImageBitmap>,
    thumbnail: Option<ImageBitmap>,
    /// What the engine was asked for last.
    asked: Vec<TileKey>,
}

/// A canvas and its context.
#[derive(Clone)]
struct Layer {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

/// The canvases and what they show.
pub struct Stage {
    pub view: View,
    pub viewport: Viewport,
    pub hands: Hands,
    pub motion: Motion,
    pub frames: Frames,
    pub holes: Holes,
    pub first_picture: FirstPicture,
    pub hovered: Option<NodeSummary>,
    pub selected: Option<NodeSummary>,
    /// Search results that are lit, in world units.
    pub lit: Vec<Rect>,
    /// The boxes and lines between two persons; all else is dimmed. World units.
    pub way: (Vec<Rect>, Vec<Vec<Point>>),
    pub inks: Inks,
    /// By view, as [`View::ALL`].
    panes: [Pane; View::ALL.len()],
    layers: Option<(Layer, Layer)>,
    minimap: Option<minimap::MinimapLayers>,
    /// How much of the window the tools take from the top, in CSS px.
    covered_top_css: f64,
    /// Cards on their way to other places.
    moving: Option<moving::Moving>,
    /// The camera that the main canvas shows.
    drawn_camera: Option<Camera>,
    /// What the main canvas shows up to its edges, if that is as it should be.
    sheet: Option<Sheet>,
    /// Where the window lies on the main canvas, in device px.
    window_at: (u32, u32),
    /// What of the overlay there is to clear.
    drawn: Option<overlay::Drawn>,
    is_main_dirty: bool,
    is_overlay_dirty: bool,
    is_minimap_dirty: bool,
    last_frame_millis: f64,
    /// Since the start.
    pub thumbnail_repaints: u32,
}

/// What a frame leaves for the controller to do.
#[derive(Debug, Default)]
pub struct FrameResult {
    /// Tiles to ask the engine for, if that has changed.
    pub wanted: Option<Vec<TileKey>>,
    pub camera_moved: bool,
    /// Another frame is needed.
    pub is_moving: bool,
}

impl Pane {
    fn new() -> Self {
        Self {
            camera: Camera::default(),
            scene: None,
            tiles: TileCache::new(PictureMemory::default().tile_bytes()),
            thumbnail: None,
            asked: Vec::new(),
        }
    }

    pub fn bounds(&self) -> Rect {
        self.scene.as_ref().map_or(Rect::default(), |scene| scene.bounds)
    }

    fn forget_tiles(&mut self) {
        for picture in self.tiles.clear() {
            picture.close();
        }
        self.asked.clear();
    }
}

impl Layer {
    /// `None` where the browser gives no 2D context.
    fn new(canvas: &HtmlCanvasElement, is_opaque: bool) -> Option<Self> {
        let options = js_sys::Object::new();
        // Setting a property of a fresh object cannot fail.
        let _ = js_sys::Reflect::set(&options, &"alpha".into(), &JsValue::from_bool(!is_opaque));
        let context = canvas.get_context_with_context_options("2d", &options).ok()??;
        Some(Self { canvas: canvas.clone(), context: context.dyn_into().ok()? })
    }

    fn resize(&self, width_px: u32, height_px: u32) {
        self.canvas.set_width(width_px);
        self.canvas.set_height(height_px);
    }

    /// Makes a px of the canvas a px of the screen, where the page does not see to it.
    fn resize_box(&self, viewport: &Viewport) {
        let style = self.canvas.style();
        for (side, css_px) in [("width", viewport.width_css()), ("height", viewport.height_css())] {
            // Fails for styles that are read only.
            let _ = style.set_property(side, &format!("{}px", written(css_px)));
        }
    }

    /// Lays the canvas so that the window shows it from a point on, in device px. The browser moves
    /// it as it is, without a raster.
    fn show_from(&self, (x, y): (u32, u32), device_pixel_ratio: f64) {
        let css_px = |px: u32| written(-f64::from(px) / device_pixel_ratio);
        let moved = format!("translate({}px, {}px)", css_px(x), css_px(y));
        // Fails for styles that are read only.
        let _ = self.canvas.style().set_property("transform", &moved);
    }
}

/// A number as style sheets have it.
fn written(number: f64) -> String {
    // Fails for no number with this radix.
    Number::from(number).to_string_with_radix(10).map(String::from).unwrap_or_default()
}

impl Default for Stage {
    fn default() -> Self {
        Self::new()
    }
}

impl Stage {
    pub fn new() -> Self {
        Self {
            view: View::Family,
            viewport: Viewport { width_px: 0, height_px: 0, device_pixel_ratio: 1.0 },
            hands: Hands::default(),
            motion: Motion::Rest,
            frames: Frames::new(),
            holes: Holes::default(),
            first_picture: FirstPicture::default(),
            hovered: None,
            selected: None,
            lit: Vec::new(),
            way: Default::default(),
            inks: Inks::default(),
            panes: View::ALL.map(|_| Pane::new()),
            layers: None,
            minimap: None,
            covered_top_css: COVERED_TOP_CSS_PX,
            moving: None,
            drawn_camera: None,
            sheet: None,
            window_at: (0, 0),
            drawn: None,
            is_main_dirty: true,
            is_overlay_dirty: true,
            is_minimap_dirty: true,
            last_frame_millis: 0.0,
            thumbnail_repaints: 0,
        }
    }

    pub fn attach(&mut self, main: &HtmlCanvasElement, overlay: &HtmlCanvasElement) {
        self.layers = Layer::new(main, true).zip(Layer::new(overlay, false));
        self.touch();
    }

    pub fn pane(&self) -> &Pane {
        &self.panes[self.view as usize]
    }

    fn pane_mut(&mut self, view: View) -> &mut Pane {
        &mut self.panes[view as usize]
    }

    /// Everything is drawn again with the next frame.
    pub fn touch(&mut self) {
        self.sheet = None;
        self.touch_view();
    }

    /// The camera has moved.
    fn touch_view(&mut self) {
        self.is_main_dirty = true;
        self.is_overlay_dirty = true;
        self.is_minimap_dirty = true;
    }

    pub fn touch_overlay(&mut self) {
        self.is_overlay_dirty = true;
    }

    /// A canvas loses what it shows when its size is set, so this is done with a frame at hand.
    pub fn resize(&mut self, viewport: Viewport) {
        let is_other_ratio =
            (viewport.device_pixel_ratio - self.viewport.device_pixel_ratio).abs() > 1e-9;
        self.viewport = viewport;
        if let Some((main, overlay)) = &self.layers {
            let sheet = Sheet::around(&viewport);
            main.resize(sheet.width_px, sheet.height_px);
            main.resize_box(&sheet);
            overlay.resize(viewport.width_px, viewport.height_px);
        }
        (self.moving, self.drawn_camera, self.drawn) = (None, None, None);
        if is_other_ratio {
            self.forget_tiles();
        }
        self.touch();
    }

    /// How many bytes of tiles each view may keep.
    pub fn set_tile_budget(&mut self, budget_bytes: usize) {
        for pane in &mut self.panes {
            for gone in pane.tiles.set_budget(budget_bytes) {
                gone.close();
            }
        }
    }

    /// Theme, words or pixel ratio changed: no tile is right any more.
    pub fn forget_tiles(&mut self) {
        for pane in &mut self.panes {
            pane.forget_tiles();
        }
        self.touch();
    }

    /// The canvases are blank: nothing that was drawn is there any more.
    pub fn forget_pictures(&mut self) {
        self.forget_viewport_rectangle();
        (self.moving, self.drawn_camera, self.drawn) = (None, None, None);
        self.forget_tiles();
        self.draw_thumbnail();
    }

    pub fn show(&mut self, view: View) {
        self.view = view;
        self.motion = Motion::Rest;
        (self.moving, self.drawn_camera) = (None, None);
        self.hovered = None;
        self.selected = None;
        self.lit.clear();
        self.draw_thumbnail();
        self.touch();
    }

    /// Takes a changed scene in. The camera goes to the start of a new one and holds still otherwise.
    /// Cards that stand elsewhere glide there, or jump where motion is unwelcome.
    pub fn accept_scene(&mut self, info: SceneInfo, is_motion_reduced: bool) {
        let ratio = self.viewport.device_pixel_ratio;
        if info.view == self.view && !is_motion_reduced && !info.is_new {
            let main = self.layers.as_ref().map(|(main, _)| &main.canvas);
            let moving = main.zip(self.drawn_camera.as_ref()).and_then(|(main, drawn)| {
                moving::Moving::new(&info, (main, self.window_at), drawn, &self.viewport)
            });
            // What is on its way already arrives, unless there is something new to follow.
            self.moving = moving.or_else(|| self.moving.take());
        }
        let mut is_at_start = false;
        let pane = self.pane_mut(info.view);
        if info.is_new || pane.scene.is_none() {
            pane.forget_tiles();
            if let Some(old) = pane.thumbnail.take() {
                old.close();
            }
            is_at_start = true;
        } else if info.dirty.is_empty() && info.read.is_empty() {
            pane.tiles.mark_all_stale();
        } else {
            pane.tiles.mark_stale(&info.dirty, ZoomStep::MIN, ratio);
            pane.tiles.mark_stale(&info.read, info.read_from, ratio);
        }
        pane.asked.clear();
        let view = info.view;
        let camera = is_at_start.then(|| self.start(&info));
        let pane = self.pane_mut(view);
        pane.camera = camera.unwrap_or(pane.camera);
        pane.scene = Some(info);
        if view == self.view {
            if is_at_start {
                self.draw_thumbnail();
            }
            self.touch();
        }
    }

    pub fn forget_scene(&mut self, view: View) {
        let pane = self.pane_mut(view);
        pane.forget_tiles();
        pane.scene = None;
        if let Some(old) = pane.thumbnail.take() {
            old.close();
        }
        self.draw_thumbnail();
        self.touch();
    }

    /// Takes in a picture of the bounds of what is drawn on a tile.
    pub fn accept_tile(
        &mut self,
        view: View,
        key: TileKey,
        revision: u32,
        (ink, picture): (TileInk, ImageBitmap),
    ) {
        let pane = self.pane_mut(view);
        let is_current = pane.scene.as_ref().is_some_and(|scene| scene.revision == revision);
        let bytes = (picture.width() * picture.height() * 4) as usize;
        for gone in pane.tiles.insert(key, picture, ink, bytes.max(LEAST_TILE_BYTES)) {
            gone.close();
        }
        if !is_current {
            // It shows the moment before: better than a hole, and asked for again.
            let rect = key.world_rect(self.viewport.device_pixel_ratio).outer();
            let ratio = self.viewport.device_pixel_ratio;
            self.pane_mut(view).tiles.mark_stale(&[rect], ZoomStep::MIN, ratio);
        }
        if view == self.view {
            self.is_main_dirty = true;
            self.sheet = self.sheet.filter(|sheet| !sheet.shows(key));
        }
    }

    pub fn accept_thumbnail(&mut self, view: View, picture: ImageBitmap) {
        if let Some(old) = self.pane_mut(view).thumbnail.replace(picture) {
            old.close();
        }
        if view == self.view {
            self.thumbnail_repaints += 1;
            self.draw_thumbnail();
            self.is_main_dirty = true;
            self.is_minimap_dirty = true;
        }
    }

    pub fn camera(&self) -> Camera {
        self.pane().camera
    }

    /// Something that is looked at has moved in the world: where it was in view, the camera goes
    /// along, so that it holds still on the screen. Returns whether it was.
    pub fn follow(&mut self, before: Rect, after: Rect) -> bool {
        let camera = self.camera();
        if before == after || !camera.visible_world(&self.viewport).overlaps(&before) {
            return false;
        }
        let (from, to) = (before.center(), after.center());
        let moved = Camera {
            center_x: camera.center_x + f64::from(to.x) - f64::from(from.x),
            center_y: camera.center_y + f64::from(to.y) - f64::from(from.y),
            ..camera
        };
        self.set_camera(moved.snapped(&self.viewport));
        true
    }

    /// Moves the camera at once.
    pub fn set_camera(&mut self, camera: Camera) {
        let viewport = self.viewport;
        let view = self.view;
        let pane = self.pane_mut(view);
        let bounds = pane.bounds();
        pane.camera = if bounds.is_empty() { camera } else { camera.clamped(bounds, &viewport) };
        self.touch_view();
    }

    /// Flies to a camera, or cuts to it where motion is unwelcome.
    pub fn fly_to(&mut self, camera: Camera, now_millis: f64, is_motion_reduced: bool) {
        if is_motion_reduced {
            self.motion = Motion::Rest;
            self.set_camera(camera);
            return;
        }
        let flight = Flight::new(self.camera(), camera, &self.viewport);
        self.motion = Motion::Fly { flight, began_millis: now_millis };
        self.is_main_dirty = true;
    }

    /// The camera that shows everything.
    pub fn fit_camera(&self) -> Camera {
        self.fit(self.pane().bounds(), 0.0)
    }

    /// The camera that shows `bounds` clear of the chrome: below the minimap or beside it, whichever
    /// leaves more room; and of so many CSS px on the right.
    pub fn fit(&self, bounds: Rect, right: f64) -> Camera {
        let (width, height) = self.covered_by_minimap();
        let top = self.covered_top_css;
        let beside = self.fit_within(bounds, (width, right), top);
        let below = self.fit_within(bounds, (0.0, right), height.max(top));
        if below.scale > beside.scale { below } else { beside }
    }

    /// Tools so high in device px lie over the top of the canvas.
    pub fn cover_top(&mut self, height_px: u32) {
        let height_css = f64::from(height_px) / self.viewport.device_pixel_ratio;
        self.covered_top_css = (height_css + 1.5 * PANEL_GAP_CSS_PX).max(COVERED_TOP_CSS_PX);
    }

    /// What the minimap takes from the top left of the window, in CSS px; in a narrow one with the tools
    /// that stand above it.
    fn covered_by_minimap(&self) -> (f64, f64) {
        self.minimap_size().map_or((0.0, 0.0), |(width_px, height_px)| {
            let ratio = self.viewport.device_pixel_ratio;
            let side = |px: u32| f64::from(px) / ratio + PANEL_GAP_CSS_PX;
            let is_narrow = self.viewport.width_css() < NARROW_CSS_PX;
            let above = if is_narrow { self.covered_top_css } else { 0.0 };
            (side(width_px), above + side(height_px))
        })
    }

    /// The camera that shows `bounds` in the window less so many CSS px at the sides and on top.
    fn fit_within(&self, bounds: Rect, (left, right): (f64, f64), top: f64) -> Camera {
        let viewport = self.viewport;
        let ratio = viewport.device_pixel_ratio;
        let free = |side_px: u32, covered: f64| {
            // Casts saturate; a window smaller than its chrome is fitted as a whole.
            let free = f64::from(side_px) - covered * ratio;
            if free > f64::from(side_px) / 3.0 { free as u32 } else { side_px }
        };
        let window = Viewport {
            width_px: free(viewport.width_px, left + right),
            height_px: free(viewport.height_px, top + COVERED_BOTTOM_CSS_PX),
            device_pixel_ratio: ratio,
        };
        let camera = Camera::fit(bounds, &window, FIT_PADDING_CSS_PX);
        let shift = |is_cut: bool, before: f64, after: f64| {
            if is_cut { (before - after) / 2.0 / camera.scale } else { 0.0 }
        };
        Camera {
            center_x: camera.center_x - shift(window.width_px < viewport.width_px, left, right),
            center_y: camera.center_y
                - shift(window.height_px < viewport.height_px, top, COVERED_BOTTOM_CSS_PX),
            ..camera
        }
        .snapped(&viewport)
    }

    /// The scales between which one zooms: from half of what shows everything.
    pub fn scale_limits(&self) -> (f64, f64) {
        let least = (self.fit_camera().scale / 2.0).max(ZoomStep::MIN.scale());
        (least.min(1.0), ZoomStep::MAX.scale())
    }

    /// The camera that a scene starts with.
    pub fn start_camera(&self) -> Camera {
        self.pane().scene.as_ref().map_or_else(|| self.fit_camera(), |scene| self.start(scene))
    }

    /// The camera that shows what a scene starts with; in a small window as much of it as can be
    /// read: a family around its middle, any other tree from its root, which stands beside the minimap,
    /// or below it where the window is narrow.
    fn start(&self, scene: &SceneInfo) -> Camera {
        let rect = scene.start;
        let camera = self.fit(rect, 0.0);
        if camera.scale >= LEAST_START.scale() {
            return camera;
        }
        let scale = LEAST_START.scale();
        let root = |low: i32, side_css: f64, covered: f64| {
            f64::from(low) + (side_css / 2.0 - covered - FIT_PADDING_CSS_PX) / scale
        };
        let (center_x, center_y) = if scene.is_rooted {
            let (width_css, height_css) = (self.viewport.width_css(), self.viewport.height_css());
            let (left, top) = match self.covered_by_minimap() {
                (width, _) if width < width_css / 3.0 => (width, self.covered_top_css),
                (_, height) => (0.0, height.max(self.covered_top_css)),
            };
            (root(rect.x, width_css, left), root(rect.y, height_css, top))
        } else {
            (camera.center_x, camera.center_y)
        };
        Camera { center_x, center_y, scale }.snapped(&self.viewport)
    }

    /// The world point under a point of the canvas, in CSS px.
    pub fn world_at(&self, at: (f64, f64)) -> (f64, f64) {
        self.camera().world_from_screen(&self.viewport, at)
    }

    /// Draws what has changed. `now_millis` is the animation frame's time.
    pub fn frame(&mut self, now_millis: f64) -> FrameResult {
        let elapsed = (now_millis - self.last_frame_millis).clamp(0.0, 64.0);
        self.last_frame_millis = now_millis;
        let mut result = FrameResult::default();
        if !self.motion.is_resting() {
            let (camera, bounds) = (self.camera(), self.pane().bounds());
            let mut motion = std::mem::take(&mut self.motion);
            let moved = motion.advance(camera, &self.viewport, bounds, now_millis, elapsed);
            self.motion = motion;
            if moved != camera {
                self.set_camera(moved);
                result.camera_moved = true;
            }
        }
        if self.is_main_dirty {
            self.is_main_dirty = false;
            result.wanted = self.draw_main();
        }
        let mut has_movers = false;
        if self.is_overlay_dirty || self.moving.is_some() {
            self.is_overlay_dirty = false;
            has_movers = self.draw_overlay(now_millis);
        }
        if self.is_minimap_dirty {
            self.is_minimap_dirty = false;
            self.draw_viewport_rectangle();
        }
        result.is_moving = !self.motion.is_resting() || has_movers;
        result
    }

    /// Tiles that were asked for and are not there, or not as they should be.
    pub fn wanted(&self) -> usize {
        let pane = self.pane();
        let is_due = |key: &&TileKey| !pane.tiles.contains(**key) || pane.tiles.is_stale(**key);
        // A frame that is due has not asked yet.
        pane.asked.iter().filter(is_due).count() + usize::from(self.is_main_dirty)
    }

    /// Tiles in all caches, and their bytes.
    pub fn tiles(&self) -> (usize, usize) {
        self.panes
            .iter()
            .fold((0, 0), |sum, pane| (sum.0 + pane.tiles.len(), sum.1 + pane.tiles.bytes()))
    }
}
