//! The overlay canvas: what is hovered, selected or found, without touching a tile.

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::Ink;
use banyan_view::NodeSummary;
use web_sys::CanvasRenderingContext2d;

use crate::stage::Stage;

/// Device px per CSS px, and the way from world to device px.
struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    scale: f64,
    offset: (f64, f64),
    ratio: f64,
}

impl Stage {
    pub(super) fn draw_overlay(&mut self) {
        let Some((_, overlay)) = &self.layers else { return };
        let viewport = self.viewport;
        let camera = self.camera();
        let ratio = viewport.device_pixel_ratio;
        let scale = camera.scale * ratio;
        let brush = Brush {
            context: &overlay.context,
            scale,
            offset: (
                f64::from(viewport.width_px) / 2.0 - camera.center_x * scale,
                f64::from(viewport.height_px) / 2.0 - camera.center_y * scale,
            ),
            ratio,
        };
        let (width, height) = (f64::from(viewport.width_px), f64::from(viewport.height_px));
        overlay.context.clear_rect(0.0, 0.0, width, height);
        for rect in &self.lit {
            brush.frame(rect, 3.0, 2.0, self.inks.css(Ink::Waiting));
        }
        if let Some(hovered) = &self.hovered
            && self.selected.as_ref().is_none_or(|selected| selected.node != hovered.node)
        {
            brush.node(hovered, 1.5, self.inks.css(Ink::Hover));
        }
        if let Some(selected) = &self.selected {
            brush.node(selected, 2.5, self.inks.css(Ink::Selection));
        }
    }
}

impl Brush<'_> {
    fn point(&self, point: Point) -> (f64, f64) {
        (
            (f64::from(point.x) * self.scale + self.offset.0).round() + 0.5,
            (f64::from(point.y) * self.scale + self.offset.1).round() + 0.5,
        )
    }

    fn node(&self, node: &NodeSummary, width: f64, style: &str) {
        let context = self.context;
        context.set_stroke_style_str(style);
        context.set_global_alpha(0.85);
        context.set_line_width(width * self.ratio);
        context.set_line_join("round");
        context.begin_path();
        for line in &node.lines {
            let mut points = line.iter().map(|point| self.point(*point));
            let Some((x, y)) = points.next() else { continue };
            context.move_to(x, y);
            for (x, y) in points {
                context.line_to(x, y);
            }
        }
        context.stroke();
        context.set_global_alpha(0.7);
        for rect in &node.related {
            self.frame(rect, 2.0, 1.5, style);
        }
        context.set_global_alpha(1.0);
        self.frame(&node.rect, 3.0, width, style);
    }

    /// A rounded frame `gap` CSS px outside of `rect`, at least 10 px a side so that a dot at far
    /// zoom can be found.
    fn frame(&self, rect: &Rect, gap: f64, width: f64, style: &str) {
        let context = self.context;
        let (x, y) = self.point(Point::new(rect.x, rect.y));
        let (mut w, mut h) =
            (f64::from(rect.width) * self.scale, f64::from(rect.height) * self.scale);
        let (mut x, mut y) = (x, y);
        let least = 10.0 * self.ratio;
        if w < least {
            x -= (least - w) / 2.0;
            w = least;
        }
        if h < least {
            y -= (least - h) / 2.0;
            h = least;
        }
        let gap = gap * self.ratio;
        context.set_stroke_style_str(style);
        context.set_line_width(width * self.ratio);
        context.begin_path();
        let radius = ((8.0 * self.scale) + gap).min(12.0 * self.ratio);
        // Fails for radii below zero only.
        let _ = context.round_rect_with_f64(x - gap, y - gap, w + 2.0 * gap, h + 2.0 * gap, radius);
        context.stroke();
    }
}
