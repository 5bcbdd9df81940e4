//! Experiments on the reader's own machine: the same picture, or the same layout, by every way there
//! is.
//!
//! The canvases are off-screen ones of this worker. *Recorded* is the time until the browser has
//! written down what is to be drawn; *painted* has one pixel read back after every redraw, which
//! waits for the raster. A loop that is forced only at its end measures the first and calls it the
//! second: a browser throws away every recorded frame that a later one covers.

mod circles;
mod dots;
mod family;
mod layout;

use wasm_bindgen::JsValue;
use web_sys::OffscreenCanvasRenderingContext2d;

use crate::{
    engine::post::{now_millis, post},
    message::{FromEngine, Look, Trial, Tried, Way},
};

/// Runs an experiment to its end; each way is told when it begins and when it is measured.
///
/// Fails where a canvas cannot be had.
pub(super) fn run(trial: Trial, look: &Look) -> Result<(), JsValue> {
    match trial {
        Trial::Circles { count, redraws } => circles::run(look, count, redraws),
        Trial::Family { redraws, width_px, height_px } => {
            family::run(look, redraws, (width_px, height_px))
        }
        Trial::Layout { nodes } => layout::run(nodes),
        Trial::Dots { nodes } => dots::run(nodes, look),
    }
}

/// Measures `redraw`, which is given the number of the redraw: once recorded alone, once painted.
fn redraws(
    way: Way,
    count: u32,
    context: &OffscreenCanvasRenderingContext2d,
    mut redraw: impl FnMut(u32) -> Result<(), JsValue>,
) -> Result<(), JsValue> {
    post(&FromEngine::Trying(way));
    // What is made ready once (sprites, a scene's canvas) is no redraw.
    redraw(0)?;
    finish(context)?;
    let began = now_millis();
    for number in 0..count {
        redraw(number)?;
    }
    let recorded_millis = now_millis() - began;
    finish(context)?;
    let began = now_millis();
    for number in 0..count {
        redraw(number)?;
        finish(context)?;
    }
    let painted_millis = now_millis() - began;
    tried(way, Some(recorded_millis), painted_millis);
    Ok(())
}

/// Measures what draws nothing: the middle of three runs.
fn timed(way: Way, mut work: impl FnMut()) {
    post(&FromEngine::Trying(way));
    let mut runs: Vec<f64> = (0..3)
        .map(|_| {
            let began = now_millis();
            work();
            now_millis() - began
        })
        .collect();
    runs.sort_by(f64::total_cmp);
    tried(way, None, runs.get(1).copied().unwrap_or_default());
}

fn tried(way: Way, recorded_millis: Option<f64>, painted_millis: f64) {
    post(&FromEngine::Tried(Tried { way, recorded_millis, painted_millis }));
}

/// Waits until everything that was drawn is there.
fn finish(context: &OffscreenCanvasRenderingContext2d) -> Result<(), JsValue> {
    context.get_image_data(0.0, 0.0, 1.0, 1.0).map(|_| ())
}
