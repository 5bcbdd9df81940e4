//! Puts tiles on the main canvas.
//!
//! A resting or panning frame copies whole tiles pixel by pixel. While zooming, and where tiles are
//! missing, tiles of other levels stand in, scaled with nearest neighbour (smooth scaling costs ten
//! times as much), and below everything the thumbnail of the whole: there is never a white hole.

use banyan_scene::{Blit, Ink, Minimap, TileKey, wishes};
use web_sys::{CanvasRenderingContext2d, ImageBitmap};

use crate::stage::{Stage, minimap};

impl Stage {
    /// Draws the main canvas; returns the tiles to ask for, if that has changed.
    pub(super) fn draw_main(&mut self) -> Option<Vec<TileKey>> {
        let (main, _) = self.layers.clone()?;
        let context = &main.context;
        let viewport = self.viewport;
        let paper = self.inks.css(Ink::Paper).to_owned();
        let course = self.motion.course(&self.camera(), &viewport);
        let view = self.view;
        let mut calls = 0;
        let pane = self.pane_mut(view);
        let camera = pane.camera;
        let (width, height) = (f64::from(viewport.width_px), f64::from(viewport.height_px));
        let Some(bounds) = pane.scene.as_ref().map(|scene| scene.bounds) else {
            context.set_fill_style_str(&paper);
            context.fill_rect(0.0, 0.0, width, height);
            return None;
        };
        let frame = pane.tiles.frame(&camera, &viewport, &bounds);
        context.set_image_smoothing_enabled(false);
        let is_exact = frame.tiles.iter().all(Blit::is_exact);
        if frame.missing > 0 || frame.has_ground || !is_exact {
            context.set_fill_style_str(&paper);
            context.fill_rect(0.0, 0.0, width, height);
            calls += 1;
        }
        if frame.missing > 0 {
            if !frame.is_covered
                && let Some(thumbnail) = &pane.thumbnail
            {
                let (width_px, height_px) = (thumbnail.width(), thumbnail.height());
                let map = minimap::map_of(bounds, width_px, height_px);
                draw_thumbnail_below(context, thumbnail, &map, &camera, &viewport);
                calls += 1;
            }
            calls += draw(context, &frame.stand_ins, |key| pane.tiles.get(key).cloned());
        }
        calls += draw(context, &frame.tiles, |key| pane.tiles.get(key).cloned());

        let wanted = wishes(&mut pane.tiles, &frame, &camera, &viewport, &bounds, course);
        self.calls += calls;
        self.holes.see(!frame.is_covered);
        if frame.missing == 0 {
            self.first_picture.end();
        }
        self.drawn_camera = Some(camera);
        let pane = self.pane_mut(view);
        (pane.asked != wanted).then(|| {
            pane.asked.clone_from(&wanted);
            wanted
        })
    }
}

fn draw(
    context: &CanvasRenderingContext2d,
    blits: &[Blit],
    mut picture: impl FnMut(TileKey) -> Option<ImageBitmap>,
) -> u32 {
    let mut calls = 0;
    for blit in blits {
        let Some(picture) = picture(blit.key) else { continue };
        let (x, y) = (f64::from(blit.x), f64::from(blit.y));
        // Fails only for a picture that was closed, which the cache no longer holds.
        let _ = if blit.is_exact() {
            context.draw_image_with_image_bitmap(&picture, x, y)
        } else {
            let (width, height) = (f64::from(blit.width), f64::from(blit.height));
            context.draw_image_with_image_bitmap_and_dw_and_dh(&picture, x, y, width, height)
        };
        calls += 1;
    }
    calls
}

/// The part of the thumbnail that the camera sees, scaled up.
fn draw_thumbnail_below(
    context: &CanvasRenderingContext2d,
    thumbnail: &ImageBitmap,
    map: &Minimap,
    camera: &banyan_scene::Camera,
    viewport: &banyan_scene::Viewport,
) {
    let seen = map.view_rect(camera, viewport);
    let per_pixel = f64::from(viewport.width_px) / seen.width;
    let (x, y) = (-seen.x * per_pixel, -seen.y * per_pixel);
    let (width, height) = (map.width * per_pixel, map.height * per_pixel);
    // Fails only for a closed picture; it is ours.
    let _ = context.draw_image_with_image_bitmap_and_dw_and_dh(thumbnail, x, y, width, height);
}
