//! The minimap's two canvases. The thumbnail is painted when the scene changes; the rectangle of the
//! viewport moves on a canvas of its own, so that moving it clears a small area only.

use banyan_layout::geometry::Rect;
use banyan_scene::{Camera, Ink, Minimap, within};
use web_sys::HtmlCanvasElement;

use crate::{
    message::MINIMAP_PADDING_PX,
    stage::{Layer, Stage},
};

/// Of the rectangle of the viewport.
const VEIL_OPACITY: f64 = 0.14;

pub(super) struct MinimapLayers {
    thumbnail: Layer,
    viewport: Layer,
    width_px: u32,
    height_px: u32,
    /// What was drawn last, to be cleared: device px.
    drawn: Option<(f64, f64, f64, f64)>,
}

/// How a scene of these bounds lies in a minimap of this size in device px.
pub(super) fn map_of(bounds: Rect, width_px: u32, height_px: u32) -> Minimap {
    Minimap::new(bounds, f64::from(width_px), f64::from(height_px), MINIMAP_PADDING_PX)
}

impl Stage {
    pub fn attach_minimap(&mut self, thumbnail: &HtmlCanvasElement, viewport: &HtmlCanvasElement) {
        let layers = Layer::new(thumbnail, false).zip(Layer::new(viewport, false));
        self.minimap = layers.map(|(thumbnail, viewport)| MinimapLayers {
            thumbnail,
            viewport,
            width_px: 0,
            height_px: 0,
            drawn: None,
        });
    }

    pub fn detach_minimap(&mut self) {
        self.minimap = None;
    }

    pub fn resize_minimap(&mut self, width_px: u32, height_px: u32) {
        if let Some(minimap) = &mut self.minimap {
            minimap.thumbnail.resize(width_px, height_px);
            minimap.viewport.resize(width_px, height_px);
            (minimap.width_px, minimap.height_px) = (width_px, height_px);
            minimap.drawn = None;
        }
        self.is_minimap_dirty = true;
    }

    /// The rectangle is drawn anew with the next frame, whatever it was drawn with before.
    pub(super) fn forget_viewport_rectangle(&mut self) {
        if let Some(minimap) = &mut self.minimap {
            let (width, height) = (f64::from(minimap.width_px), f64::from(minimap.height_px));
            minimap.viewport.context.clear_rect(0.0, 0.0, width, height);
            minimap.drawn = None;
        }
        self.is_minimap_dirty = true;
    }

    /// The size of the minimap in device px; `None` while there is none.
    pub fn minimap_size(&self) -> Option<(u32, u32)> {
        let minimap = self.minimap.as_ref()?;
        (minimap.width_px > 0 && minimap.height_px > 0)
            .then_some((minimap.width_px, minimap.height_px))
    }

    /// The camera that looks at a point of the minimap, given in CSS px.
    pub fn camera_at_minimap(&self, at: (f64, f64)) -> Option<Camera> {
        let (width, height) = self.minimap_size()?;
        let ratio = self.viewport.device_pixel_ratio;
        let map = map_of(self.pane().bounds(), width, height);
        Some(map.camera_at(&self.camera(), (at.0 * ratio, at.1 * ratio)))
    }

    pub(super) fn draw_thumbnail(&self) {
        let Some(minimap) = &self.minimap else { return };
        let context = &minimap.thumbnail.context;
        let (width, height) = (f64::from(minimap.width_px), f64::from(minimap.height_px));
        context.clear_rect(0.0, 0.0, width, height);
        if let Some(picture) = &self.pane().thumbnail {
            // Fails only for a closed picture; it is ours.
            let _ = context
                .draw_image_with_image_bitmap_and_dw_and_dh(picture, 0.0, 0.0, width, height);
        }
    }

    pub(super) fn draw_viewport_rectangle(&mut self) {
        let (viewport, camera, bounds) = (self.viewport, self.camera(), self.pane().bounds());
        let accent = self.inks.css(Ink::Accent);
        let Some(minimap) = &mut self.minimap else { return };
        let context = &minimap.viewport.context;
        let clear = |drawn: Option<(f64, f64, f64, f64)>| {
            if let Some((x, y, width, height)) = drawn {
                context.clear_rect(x - 2.0, y - 2.0, width + 4.0, height + 4.0);
            }
        };
        if bounds.is_empty() || minimap.width_px == 0 {
            clear(minimap.drawn.take());
            return;
        }
        let map = map_of(bounds, minimap.width_px, minimap.height_px);
        let seen = map.view_rect(&camera, &viewport);
        // Held inside the box, and never smaller than can be seen.
        let (right, bottom) =
            (f64::from(minimap.width_px) - 1.0, f64::from(minimap.height_px) - 1.0);
        let span = |low: f64, side: f64, end: f64| {
            let from = within(low, 1.0, (end - 4.0).max(1.0));
            (from, within(low + side, from + 4.0, end.max(from + 4.0)) - from)
        };
        let (x, width) = span(seen.x.round(), seen.width.round(), right);
        let (y, height) = span(seen.y.round(), seen.height.round(), bottom);
        if minimap.drawn == Some((x, y, width, height)) {
            // Of a large scene the rectangle moves less often than the camera.
            return;
        }
        clear(minimap.drawn.take());
        context.set_fill_style_str(accent);
        context.set_global_alpha(VEIL_OPACITY);
        context.fill_rect(x, y, width, height);
        context.set_global_alpha(1.0);
        context.set_stroke_style_str(accent);
        context.set_line_width(viewport.device_pixel_ratio.max(1.0));
        context.stroke_rect(x + 0.5, y + 0.5, (width - 1.0).max(1.0), (height - 1.0).max(1.0));
        minimap.drawn = Some((x, y, width, height));
    }
}
