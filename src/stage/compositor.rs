//! Puts tiles on the main canvas.
//!
//! The canvas is larger than the window, and a panning frame moves it ([`Sheet`]). When the window
//! would leave it, whole tiles are copied pixel by pixel, those of its margin too. While zooming, and
//! where tiles are missing, tiles of other levels stand in, scaled with nearest neighbour (smooth
//! scaling costs ten times as much), and where there is no tile at all the thumbnail of the whole: there
//! is never a white hole.

use banyan_layout::geometry::Rect;
use banyan_scene::{Camera, Frame, Ink, Minimap, Sheet, Stamp, TileKey, Viewport, wishes};
use web_sys::{CanvasRenderingContext2d, ImageBitmap};

use crate::stage::{Stage, minimap};

impl Stage {
    /// Draws the main canvas, or moves it; returns the tiles to ask for, if that has changed.
    pub(super) fn draw_main(&mut self) -> Option<Vec<TileKey>> {
        let (main, _) = self.layers.clone()?;
        let viewport = self.viewport;
        let view = self.view;
        let pane = self.pane_mut(view);
        let camera = pane.camera;
        let Some(bounds) = pane.scene.as_ref().map(|scene| scene.bounds) else {
            // Fails for no numbers.
            let _ = main.context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
            fill(&main.context, self.inks.css(Ink::Paper), &Sheet::around(&viewport));
            return None;
        };
        let frame = pane.tiles.frame(&camera, &viewport, &bounds);
        let sheet = self.sheet.filter(|_| frame.is_whole());
        self.window_at = match sheet.and_then(|sheet| sheet.window(&camera, &viewport)) {
            Some(window_at) => {
                self.frames.moved += 1;
                window_at
            }
            None => self.paint_main(&main.context, &frame, bounds),
        };
        main.show_from(self.window_at, viewport.device_pixel_ratio);
        self.drawn_camera = Some(camera);
        self.holes.see(!frame.is_covered);
        if frame.missing == 0 {
            self.first_picture.end();
        }
        self.ask(&frame, bounds)
    }

    /// What [`Self::draw_main`] returns, before anything is drawn: until the page asks for tiles of a new
    /// scene its engine has nothing to do.
    pub fn ask_ahead(&mut self) -> Option<Vec<TileKey>> {
        let (view, viewport) = (self.view, self.viewport);
        let pane = self.pane_mut(view);
        let bounds = pane.scene.as_ref().filter(|_| viewport.width_px > 0)?.bounds;
        let frame = pane.tiles.frame(&pane.camera, &viewport, &bounds);
        self.ask(&frame, bounds)
    }

    fn ask(&mut self, frame: &Frame, bounds: Rect) -> Option<Vec<TileKey>> {
        let (view, viewport, camera) = (self.view, self.viewport, self.camera());
        let course = self.motion.course(&camera, &viewport);
        let pane = self.pane_mut(view);
        let wanted = wishes(&mut pane.tiles, frame, &camera, &viewport, &bounds, course);
        (pane.asked != wanted).then(|| {
            pane.asked.clone_from(&wanted);
            wanted
        })
    }

    /// Draws `frame`, and the margins too if nothing is missing there; returns where the window lies
    /// on the canvas.
    fn paint_main(
        &mut self,
        context: &CanvasRenderingContext2d,
        frame: &Frame,
        bounds: Rect,
    ) -> (u32, u32) {
        let (viewport, before) = (self.viewport, self.drawn_camera);
        let paper = self.inks.css(Ink::Paper).to_owned();
        let view = self.view;
        let pane = self.pane_mut(view);
        let camera = pane.camera;
        let sheet = Sheet::new(&camera, &viewport, before.as_ref()).filter(|_| frame.is_whole());
        let whole = sheet.and_then(|sheet| {
            let frame = pane.tiles.frame(&sheet.camera(), &sheet.viewport, &bounds);
            (frame.missing == 0).then_some((sheet, frame))
        });
        let margin = Sheet::margin_px(&viewport);
        let (corner, frame, drawn) = match &whole {
            Some((sheet, frame)) => (0, frame, sheet.viewport),
            None => (margin, frame, viewport),
        };
        context.set_image_smoothing_enabled(false);
        // Whole px, or the tiles would be blurred. Fails for no numbers.
        let _ = context.set_transform(1.0, 0.0, 0.0, 1.0, f64::from(corner), f64::from(corner));
        let mut calls = 0;
        if frame.has_ground {
            fill(context, &paper, &drawn);
            calls += 1;
        }
        if frame.missing > 0 {
            if !frame.is_covered
                && let Some(thumbnail) = &pane.thumbnail
            {
                let (width_px, height_px) = (thumbnail.width(), thumbnail.height());
                let map = minimap::map_of(bounds, width_px, height_px);
                draw_thumbnail_in(context, &frame.holes, thumbnail, &map, &camera, &viewport);
                calls += 1;
            }
            calls += draw(context, &frame.stand_ins, |key| pane.tiles.get(key).cloned());
        }
        calls += draw(context, &frame.tiles, |key| pane.tiles.get(key).cloned());
        self.frames.most_calls = self.frames.most_calls.max(calls);
        self.sheet = whole.map(|(sheet, _)| sheet);
        let window_at = self.sheet.and_then(|sheet| sheet.window(&camera, &viewport));
        window_at.unwrap_or((margin, margin))
    }
}

/// Covers what a viewport shows with one colour.
fn fill(context: &CanvasRenderingContext2d, colour: &str, viewport: &Viewport) {
    context.set_fill_style_str(colour);
    context.fill_rect(0.0, 0.0, f64::from(viewport.width_px), f64::from(viewport.height_px));
}

fn draw(
    context: &CanvasRenderingContext2d,
    stamps: &[Stamp],
    mut picture: impl FnMut(TileKey) -> Option<ImageBitmap>,
) -> u32 {
    let mut calls = 0;
    for stamp in stamps.iter().filter(|stamp| !stamp.part.is_empty()) {
        let Some(picture) = picture(stamp.blit.key) else { continue };
        let part = stamp.part;
        let (x, y) = (f64::from(part.x), f64::from(part.y));
        // Fails only for a picture that was closed, which the cache no longer holds.
        let _ = if stamp.is_exact() {
            context.draw_image_with_image_bitmap(&picture, x, y)
        } else {
            let source = stamp.source();
            context.draw_image_with_image_bitmap_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &picture,
                source.0,
                source.1,
                source.2,
                source.3,
                x,
                y,
                f64::from(part.width),
                f64::from(part.height),
            )
        };
        calls += 1;
    }
    calls
}

/// The part of the thumbnail that the camera sees through the holes, scaled up.
fn draw_thumbnail_in(
    context: &CanvasRenderingContext2d,
    holes: &[Rect],
    thumbnail: &ImageBitmap,
    map: &Minimap,
    camera: &Camera,
    viewport: &Viewport,
) {
    let seen = map.view_rect(camera, viewport);
    let per_pixel = f64::from(viewport.width_px) / seen.width;
    let (x, y) = (-seen.x * per_pixel, -seen.y * per_pixel);
    let (width, height) = (map.width * per_pixel, map.height * per_pixel);
    context.save();
    context.begin_path();
    for hole in holes {
        let [x, y, width, height] = [hole.x, hole.y, hole.width, hole.height].map(f64::from);
        context.rect(x, y, width, height);
    }
    context.clip();
    // Fails only for a closed picture; it is ours.
    let _ = context.draw_image_with_image_bitmap_and_dw_and_dh(thumbnail, x, y, width, height);
    context.restore();
}
