//! The overlay canvas: what is hovered, selected or found, and what is on its way to another place,
//! without touching a tile.
//!
//! Clearing costs by area, so only what was drawn before is cleared, and nothing where there was
//! nothing.

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{Camera, Ink, Viewport};
use banyan_view::NodeSummary;
use web_sys::CanvasRenderingContext2d;

use crate::stage::{Inks, Stage};

/// The way from world to device px.
#[derive(Clone, Copy)]
pub(super) struct Way {
    scale: f64,
    offset: (f64, f64),
}

impl Way {
    pub(super) fn new(camera: &Camera, viewport: &Viewport) -> Self {
        let scale = camera.scale * viewport.device_pixel_ratio;
        let middle = |side_px: u32, center: f64| f64::from(side_px) / 2.0 - center * scale;
        let offset = (
            middle(viewport.width_px, camera.center_x),
            middle(viewport.height_px, camera.center_y),
        );
        Self { scale, offset }
    }

    /// Whole device px.
    fn point(&self, point: Point) -> (f64, f64) {
        (
            (f64::from(point.x) * self.scale + self.offset.0).round(),
            (f64::from(point.y) * self.scale + self.offset.1).round(),
        )
    }

    /// x, y, width, height in whole device px.
    pub(super) fn rect(&self, rect: &Rect) -> (f64, f64, f64, f64) {
        let (x, y) = self.point(Point::new(rect.x, rect.y));
        let (right, bottom) = self.point(Point::new(rect.right(), rect.bottom()));
        (x, y, right - x, bottom - y)
    }
}

/// Around everything that was drawn, in device px: left, top, right, bottom.
#[derive(Clone, Copy, Debug)]
pub(super) struct Drawn(f64, f64, f64, f64);

impl Drawn {
    const NOTHING: Self = Self(f64::INFINITY, f64::INFINITY, f64::NEG_INFINITY, f64::NEG_INFINITY);

    /// Something was drawn around a point, no further than `reach`.
    fn add(&mut self, (x, y): (f64, f64), reach: f64) {
        *self = Self(
            self.0.min(x - reach),
            self.1.min(y - reach),
            self.2.max(x + reach),
            self.3.max(y + reach),
        );
    }
}

struct Brush<'a> {
    context: &'a CanvasRenderingContext2d,
    way: Way,
    /// Device px per CSS px.
    ratio: f64,
    drawn: Drawn,
}

impl Stage {
    /// Draws what lies over the tiles at the frame's time; returns whether it goes on by itself.
    pub(super) fn draw_overlay(&mut self, now_millis: f64) -> bool {
        let Some((_, overlay)) = &self.layers else { return false };
        let viewport = self.viewport;
        let context = &overlay.context;
        if let Some(Drawn(left, top, right, bottom)) = self.drawn.take() {
            let (left, top) = (left.max(0.0).floor(), top.max(0.0).floor());
            let right = right.min(f64::from(viewport.width_px)).ceil();
            let bottom = bottom.min(f64::from(viewport.height_px)).ceil();
            if left < right && top < bottom {
                context.clear_rect(left, top, right - left, bottom - top);
            }
        }
        let way = Way::new(&self.camera(), &viewport);
        let ratio = viewport.device_pixel_ratio;
        let mut brush = Brush { context, way, ratio, drawn: Drawn::NOTHING };
        let progress = self.moving.as_mut().and_then(|moving| moving.progress(now_millis));
        if let (Some(moving), Some(progress)) = (&self.moving, progress) {
            let paper = self.inks.css(Ink::Paper);
            let drawn = &mut brush.drawn;
            moving.draw(context, &way, paper, progress, |(x, y, width, height)| {
                drawn.add((x, y), 1.0);
                drawn.add((x + width, y + height), 1.0);
            });
        } else {
            self.moving = None;
        }
        if !self.way.0.is_empty() {
            brush.way(&self.way, &viewport, &mut self.inks);
        }
        for rect in &self.lit {
            brush.frame(rect, 3.0, 2.0, self.inks.css(Ink::Waiting));
        }
        if let Some(hovered) = &self.hovered
            && self.selected.as_ref().is_none_or(|selected| selected.node != hovered.node)
        {
            brush.node(hovered, 1.5, self.inks.css(Ink::Hover));
        }
        if let Some(selected) = &self.selected {
            let style = self.inks.css(Ink::Selection);
            if self.way.0.is_empty() {
                brush.node(selected, 2.5, style);
            } else {
                brush.frame(&selected.rect, 3.0, 2.5, style);
            }
        }
        let drawn = brush.drawn;
        self.drawn = (drawn.0 < drawn.2).then_some(drawn);
        self.moving.is_some()
    }
}

impl Brush<'_> {
    /// The middle of a device px, so that a line of odd width fills whole ones.
    fn point(&self, point: Point) -> (f64, f64) {
        let (x, y) = self.way.point(point);
        (x + 0.5, y + 0.5)
    }

    /// Boxes and the lines between them, with everything else behind a veil.
    fn way(&mut self, way: &(Vec<Rect>, Vec<Vec<Point>>), viewport: &Viewport, inks: &mut Inks) {
        let context = self.context;
        let (width, height) = (f64::from(viewport.width_px), f64::from(viewport.height_px));
        context.set_fill_style_str(inks.css(Ink::Paper));
        context.set_global_alpha(0.6);
        context.fill_rect(0.0, 0.0, width, height);
        self.drawn.add((0.0, 0.0), 0.0);
        self.drawn.add((width, height), 0.0);
        for rect in &way.0 {
            let (x, y, width, height) = self.way.rect(rect);
            context.clear_rect(x, y, width, height);
        }
        let style = inks.css(Ink::Selection);
        self.lines(&way.1, 3.0, style);
        context.set_global_alpha(1.0);
        for rect in &way.0 {
            self.frame(rect, 2.0, 2.0, style);
        }
    }

    fn node(&mut self, node: &NodeSummary, width: f64, style: &str) {
        let context = self.context;
        self.lines(&node.lines, width, style);
        context.set_global_alpha(0.7);
        for rect in &node.related {
            self.frame(rect, 2.0, 1.5, style);
        }
        context.set_global_alpha(1.0);
        // Who has a place and no box, in a ring, is framed by their lines.
        if node.rect.width > 2 {
            self.frame(&node.rect, 3.0, width, style);
        }
    }

    fn lines(&mut self, lines: &[Vec<Point>], width: f64, style: &str) {
        let context = self.context;
        context.set_stroke_style_str(style);
        context.set_global_alpha(0.85);
        context.set_line_width(width * self.ratio);
        context.set_line_join("round");
        context.begin_path();
        for line in lines {
            for (index, point) in line.iter().enumerate() {
                let (x, y) = self.point(*point);
                self.drawn.add((x, y), width * self.ratio);
                if index == 0 {
                    context.move_to(x, y);
                } else {
                    context.line_to(x, y);
                }
            }
        }
        context.stroke();
    }

    /// A rounded frame `gap` CSS px outside of `rect`, at least 10 px a side so that a dot at far
    /// zoom can be found.
    fn frame(&mut self, rect: &Rect, gap: f64, width: f64, style: &str) {
        let context = self.context;
        let scale = self.way.scale;
        let (x, y) = self.point(Point::new(rect.x, rect.y));
        let (mut w, mut h) = (f64::from(rect.width) * scale, f64::from(rect.height) * scale);
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
        let radius = ((8.0 * scale) + gap).min(12.0 * self.ratio);
        // Fails for radii below zero only.
        let _ = context.round_rect_with_f64(x - gap, y - gap, w + 2.0 * gap, h + 2.0 * gap, radius);
        context.stroke();
        let reach = gap + width * self.ratio;
        self.drawn.add((x, y), reach);
        self.drawn.add((x + w, y + h), reach);
    }
}
