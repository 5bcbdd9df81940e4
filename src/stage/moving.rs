//! Cards that change their places, on the overlay alone: they glide from where they stood, newcomers
//! fade in and leavers fade out, while the tiles below are replaced.
//!
//! A card's picture is what the main canvas showed of it, copied before the new tiles come.

use banyan_layout::geometry::Rect;
use banyan_scene::{Camera, Viewport};
use wasm_bindgen::JsCast as _;
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, OffscreenCanvas};

use crate::{message::SceneInfo, stage::overlay::Way};

/// How long a card is on its way.
const MILLIS: f64 = 180.0;
/// More cards than this are not moved one by one.
const MOST: usize = 256;
/// Smaller than this, in device px, a card is a dot that may jump.
const LEAST_HEIGHT_PX: f64 = 6.0;
/// Edge and shadow around a card, in world units.
const RIM: i32 = 3;

/// Cards on their way.
pub(super) struct Moving {
    /// What the main canvas showed of those that stood there.
    picture: Option<OffscreenCanvas>,
    parts: Vec<Part>,
    /// Of the first frame that shows it, in milliseconds.
    began_millis: Option<f64>,
}

struct Part {
    /// Where it stood; the same as `to` for one that came or went; world units.
    from: Rect,
    to: Rect,
    /// Where its picture lies on the copy, in device px; `None` for one that was not there.
    source: Option<(f64, f64, f64, f64)>,
    /// Whether it is gone in the end.
    goes: bool,
    /// Whether nobody stands where it stood.
    leaves_a_hole: bool,
}

impl Moving {
    /// What of a changed scene can be seen to move. `drawn` is the camera that the main canvas shows,
    /// and the point where the window lies on it, in device px.
    pub(super) fn new(
        info: &SceneInfo,
        (main, window_at): (&HtmlCanvasElement, (u32, u32)),
        drawn: &Camera,
        viewport: &Viewport,
    ) -> Option<Self> {
        let seen = drawn.visible_world(viewport);
        let way = Way::new(drawn, viewport);
        let rim = |rect: &Rect| rect.inflated(RIM);
        let moves = info.moves.iter().map(|(from, to)| (rim(from), rim(to), true, false));
        let fresh = info.fresh.iter().map(|rect| (rim(rect), rim(rect), false, false));
        let gone = info.gone.iter().map(|rect| (rim(rect), rim(rect), true, true));
        let shown: Vec<_> = moves
            .chain(fresh)
            .chain(gone)
            .filter(|(from, to, ..)| seen.overlaps(from) || seen.overlaps(to))
            .filter(|(from, ..)| way.rect(from).3 >= LEAST_HEIGHT_PX)
            .take(MOST + 1)
            .collect();
        if shown.is_empty() || shown.len() > MOST {
            return None;
        }
        // One copy around all that stood in sight.
        let stood =
            shown.iter().filter(|(from, _, was_there, _)| *was_there && seen.overlaps(from));
        let around = stood.fold(Rect::default(), |all, (from, ..)| all.union(from));
        let (x, y, width, height) = way.rect(&around);
        let (left, top) = (x.max(0.0), y.max(0.0));
        let right = (x + width).min(f64::from(viewport.width_px));
        let bottom = (y + height).min(f64::from(viewport.height_px));
        let on_main = (left + f64::from(window_at.0), top + f64::from(window_at.1));
        let picture = copy(main, on_main, right - left, bottom - top);
        let parts = shown.into_iter().map(|(from, to, was_there, goes)| {
            let (x, y, width, height) = way.rect(&from);
            let source = (was_there && picture.is_some() && seen.overlaps(&from)).then_some((
                x - left,
                y - top,
                width,
                height,
            ));
            Part { from, to, source, goes, leaves_a_hole: false }
        });
        let mut parts: Vec<Part> = parts.collect();
        for index in 0..parts.len() {
            let is_free = |from: &Rect| parts.iter().all(|other| other.to != *from);
            let is_hole = parts.get(index).is_some_and(|part| is_free(&part.from));
            if let Some(part) = parts.get_mut(index) {
                part.leaves_a_hole = is_hole && part.source.is_some();
            }
        }
        Some(Self { picture, parts, began_millis: None })
    }

    /// How far everything is on its way, 0 to 1; `None` when it has arrived.
    pub(super) fn progress(&mut self, now_millis: f64) -> Option<f64> {
        let began = *self.began_millis.get_or_insert(now_millis);
        let share = ((now_millis - began) / MILLIS).max(0.0);
        // Fast at first: the eye catches what sets off.
        (share < 1.0).then(|| 1.0 - (1.0 - share).powi(3))
    }

    /// Draws everything at `progress`; `inked` hears of each rectangle in device px.
    pub(super) fn draw(
        &self,
        context: &CanvasRenderingContext2d,
        way: &Way,
        paper: &str,
        progress: f64,
        mut inked: impl FnMut((f64, f64, f64, f64)),
    ) {
        context.set_fill_style_str(paper);
        // What the tiles show by now is covered where a card has not arrived yet, or has left.
        for part in &self.parts {
            context.set_global_alpha(if part.source.is_some() { 1.0 } else { 1.0 - progress });
            let hole = part.leaves_a_hole.then_some(&part.from);
            for rect in hole.into_iter().chain([&part.to]) {
                let (x, y, width, height) = way.rect(rect);
                context.fill_rect(x, y, width, height);
                inked((x, y, width, height));
            }
        }
        context.set_global_alpha(1.0);
        let Some(picture) = &self.picture else { return };
        context.set_image_smoothing_enabled(false);
        for part in &self.parts {
            let Some((sx, sy, sw, sh)) = part.source else { continue };
            let (from, to) = (way.rect(&part.from), way.rect(&part.to));
            let x = (from.0 + (to.0 - from.0) * progress).round();
            let y = (from.1 + (to.1 - from.1) * progress).round();
            if part.goes {
                context.set_global_alpha(1.0 - progress);
            }
            // Fails for a picture without an area only, and this one has one.
            let _ = context
                .draw_image_with_offscreen_canvas_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                    picture, sx, sy, sw, sh, x, y, to.2, to.3,
                );
            context.set_global_alpha(1.0);
            inked((x, y, to.2, to.3));
        }
    }
}

/// A part of a canvas, in device px, on a canvas of its own.
fn copy(
    main: &HtmlCanvasElement,
    (x, y): (f64, f64),
    width: f64,
    height: f64,
) -> Option<OffscreenCanvas> {
    if width < 1.0 || height < 1.0 {
        return None;
    }
    let canvas = OffscreenCanvas::new(width as u32, height as u32).ok()?;
    let context: web_sys::OffscreenCanvasRenderingContext2d =
        canvas.get_context("2d").ok()??.dyn_into().ok()?;
    context.draw_image_with_html_canvas_element(main, -x, -y).ok()?;
    Some(canvas)
}
