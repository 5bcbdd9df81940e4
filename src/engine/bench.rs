//! How long a redraw takes, by every way there is, in the same window of the same scene.
//!
//! The canvases are off-screen ones of this worker. After every redraw one pixel is read back, which
//! waits for the raster: a loop that is forced only at its end measures little, for a browser throws
//! away every recorded frame that a later one covers.

use std::collections::{BTreeMap, btree_map::Entry};

use banyan_scene::{
    Camera, Ink, Level, Painter as _, PxRect, TileKey, Viewport, ZoomStep, paint_direct, placements,
};
use wasm_bindgen::JsValue;
use web_sys::{ImageBitmap, OffscreenCanvasRenderingContext2d};

use crate::{
    engine::{painter::CanvasPainter, post::now_millis, shown::Shown},
    message::BenchTimes,
};

/// Device px that the camera moves with each redraw.
const STEP_PX: i32 = 7;

/// Fails where a canvas cannot be had.
pub(super) fn run(
    shown: &mut Shown,
    device_pixel_ratio: f64,
    redraws: u32,
    (width_px, height_px): (u32, u32),
) -> Result<BenchTimes, JsValue> {
    let viewport = Viewport { width_px, height_px, device_pixel_ratio };
    let mut screen = CanvasPainter::of_size(shown.painter.palette().clone(), width_px, height_px)?;
    let window = PxRect::new(0.0, 0.0, f64::from(width_px), f64::from(height_px));
    let nodes = shown.world().scene().len() as u32;
    let start = Camera::fit(shown.world().start(), &viewport, 0.0);
    // Back and forth, so that the window stays on the content.
    let camera_at = |redraw: u32| {
        let leg = 100;
        let along = redraw % (2 * leg);
        let steps = if along < leg { along } else { 2 * leg - along };
        let css = f64::from(steps as i32 * STEP_PX) / device_pixel_ratio;
        Camera { scale: ZoomStep::ONE.scale(), ..start }
            .pan_by_css_px(-css, -css / 4.0)
            .snapped(&viewport)
    };
    let mut times = BenchTimes { redraws, nodes, ..BenchTimes::default() };

    let began = now_millis();
    for redraw in 0..redraws {
        let ink = if redraw % 2 == 0 { Ink::Paper } else { Ink::PaperDeep };
        screen.fill_rect(window, ink.into());
        finish(screen.context())?;
    }
    times.fill_millis = now_millis() - began;

    let all: Vec<u32> = (0..nodes).collect();
    let mut visible = Vec::new();
    for is_all in [true, false] {
        let began = now_millis();
        for redraw in 0..redraws {
            let camera = camera_at(redraw);
            let world = shown.world();
            let seen = camera.visible_world(&viewport);
            if !is_all {
                world.scene().nodes_in(&seen.outer().inflated(8), &mut visible);
            }
            let level = Level::new(ZoomStep::ONE, device_pixel_ratio);
            screen.fill_rect(window, Ink::Paper.into());
            screen.context().save();
            let origin = (seen.x * level.px_per_unit, seen.y * level.px_per_unit);
            screen.context().translate(-origin.0.round(), -origin.1.round())?;
            let nodes = if is_all { &all } else { &visible };
            paint_direct(world.scene(), world, nodes, &level, &mut screen);
            screen.restore();
            finish(screen.context())?;
        }
        let millis = now_millis() - began;
        if is_all {
            times.direct_millis = millis;
        } else {
            times.direct_visible_millis = millis;
        }
    }

    let mut tiles: BTreeMap<TileKey, ImageBitmap> = BTreeMap::new();
    let began = now_millis();
    for redraw in 0..redraws {
        let blits = placements(&camera_at(redraw), &viewport, ZoomStep::ONE);
        for blit in &blits {
            if let Entry::Vacant(place) = tiles.entry(blit.key) {
                place.insert(shown.paint_tile(blit.key, device_pixel_ratio)?);
                times.tiles_painted += 1;
            }
        }
        for blit in &blits {
            if let Some(picture) = tiles.get(&blit.key) {
                let (x, y) = (f64::from(blit.x), f64::from(blit.y));
                screen.context().draw_image_with_image_bitmap(picture, x, y)?;
            }
        }
        finish(screen.context())?;
    }
    times.tiles_millis = now_millis() - began;
    for picture in tiles.into_values() {
        picture.close();
    }
    Ok(times)
}

/// Waits until everything that was drawn is there.
fn finish(context: &OffscreenCanvasRenderingContext2d) -> Result<(), JsValue> {
    context.get_image_data(0.0, 0.0, 1.0, 1.0).map(|_| ())
}
