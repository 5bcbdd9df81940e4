//! The experiment that the project grew from: circles of many rings, drawn each time, or copied from
//! a canvas of their own, which may be larger than they are.

use std::f64::consts::TAU;

use banyan_scene::Ink;
use js_sys::JsString;
use wasm_bindgen::{JsCast as _, JsValue};
use web_sys::{OffscreenCanvas, OffscreenCanvasRenderingContext2d};

use super::redraws;
use crate::{
    engine::palette,
    message::{Look, Way},
};

/// The window, in px.
const WINDOW: (u32, u32) = (1600, 900);
/// What a canvas measures when nobody sets its size.
const DEFAULT: (u32, u32) = (300, 150);

struct Circle {
    /// Where it is at first, and how it moves with each redraw; px.
    x: f64,
    y: f64,
    velocity: (f64, f64),
    /// The rings from the outside in: radius and colour.
    rings: Vec<(f64, JsString)>,
}

pub(super) fn run(look: &Look, count: u32, times: u32) -> Result<(), JsValue> {
    let (_, window) = canvas(WINDOW)?;
    let palette = palette(look);
    let colours: Vec<JsString> =
        Ink::ALL.iter().map(|&ink| palette.css(ink.into()).into()).collect();
    let circles: Vec<Circle> = (0..count).map(|number| circle(number, &colours)).collect();
    redraws(Way::CirclesDirect, times, &window, |redraw| {
        clear(&window);
        for circle in &circles {
            let (x, y) = circle.at(redraw);
            circle.draw(&window, x, y)?;
        }
        Ok(())
    })?;
    for (way, is_right) in [(Way::CirclesDefaultCanvas, false), (Way::CirclesRightCanvas, true)] {
        let mut kept = Vec::with_capacity(circles.len());
        for circle in &circles {
            let side = (2.0 * circle.radius()).ceil() as u32 + 2;
            let size = if is_right { (side, side) } else { DEFAULT };
            let (canvas, context) = canvas(size)?;
            circle.draw(&context, circle.radius() + 1.0, circle.radius() + 1.0)?;
            kept.push(canvas);
        }
        redraws(way, times, &window, |redraw| {
            clear(&window);
            for (circle, canvas) in circles.iter().zip(&kept) {
                let (x, y) = circle.at(redraw);
                let corner = circle.radius() + 1.0;
                window.draw_image_with_offscreen_canvas(canvas, x - corner, y - corner)?;
            }
            Ok(())
        })?;
    }
    Ok(())
}

fn canvas(
    (width, height): (u32, u32),
) -> Result<(OffscreenCanvas, OffscreenCanvasRenderingContext2d), JsValue> {
    let canvas = OffscreenCanvas::new(width, height)?;
    let context = canvas.get_context("2d")?.ok_or("no 2D context")?.dyn_into()?;
    Ok((canvas, context))
}

fn clear(context: &OffscreenCanvasRenderingContext2d) {
    context.clear_rect(0.0, 0.0, f64::from(WINDOW.0), f64::from(WINDOW.1));
}

/// The circle of this number, always the same one.
fn circle(number: u32, colours: &[JsString]) -> Circle {
    let mut state = u64::from(number) + 1;
    // SplitMix64, for numbers below `below`.
    let mut next = |below: u32| {
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = state;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % u64::from(below)) as u32
    };
    let radius = 10 + next(20);
    Circle {
        x: f64::from(next(WINDOW.0)),
        y: f64::from(next(WINDOW.1)),
        velocity: (f64::from(next(11)) - 5.0, f64::from(next(11)) - 5.0),
        rings: (1..=radius)
            .rev()
            .filter_map(|ring| {
                let colour = colours.get(next(colours.len() as u32) as usize)?;
                Some((f64::from(ring), colour.clone()))
            })
            .collect(),
    }
}

impl Circle {
    fn radius(&self) -> f64 {
        self.rings.first().map_or(0.0, |(radius, _)| *radius)
    }

    /// Where it is at a redraw; what leaves on one side comes back on the other.
    fn at(&self, redraw: u32) -> (f64, f64) {
        let along = |start: f64, velocity: f64, side: u32| {
            (start + velocity * f64::from(redraw)).rem_euclid(f64::from(side))
        };
        (along(self.x, self.velocity.0, WINDOW.0), along(self.y, self.velocity.1, WINDOW.1))
    }

    fn draw(
        &self,
        context: &OffscreenCanvasRenderingContext2d,
        x: f64,
        y: f64,
    ) -> Result<(), JsValue> {
        for (radius, colour) in &self.rings {
            js_sys::Reflect::set(context, &"strokeStyle".into(), colour)?;
            context.begin_path();
            context.arc(x, y, *radius, 0.0, TAU)?;
            context.stroke();
        }
        Ok(())
    }
}
