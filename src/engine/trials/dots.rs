//! A million nodes that are no larger than a dot: as a raster, and by the canvas.

use banyan_layout::geometry::Rect;
use banyan_scene::{Ink, Painter as _, PxRect, Raster, Scene, SceneParts, raster};
use wasm_bindgen::{Clamped, JsValue};
use web_sys::ImageData;

use super::redraws;
use crate::{
    engine::{painter::CanvasPainter, palette},
    message::{Look, Way},
};

const WINDOW: (u32, u32) = (1600, 900);
const REDRAWS: u32 = 3;
/// World units a px, so that a dot is smaller than a pixel.
const UNITS: u32 = 100;

pub(super) fn run(nodes: u32, look: &Look) -> Result<(), JsValue> {
    // As a layout numbers them: neighbours have neighbouring numbers.
    let across =
        (f64::from(nodes) * f64::from(WINDOW.0) / f64::from(WINDOW.1)).sqrt().ceil() as u32;
    let pitch = (WINDOW.0 * UNITS / across.max(1)).max(1) as i32;
    let boxes: Vec<Rect> = (0..nodes)
        .map(|node| {
            let (column, row) = ((node % across) as i32, (node / across) as i32);
            Rect::new(column * pitch, row * pitch, pitch * 3 / 5, pitch * 3 / 5)
        })
        .collect();
    let inks = [Ink::Fine, Ink::Waiting, Ink::Dead, Ink::Replica];
    let tints: Vec<Ink> = inks.into_iter().cycle().take(boxes.len()).collect();
    let scene = Scene::new(SceneParts { boxes, tints, ..SceneParts::default() });
    let (width, height) = (f64::from(WINDOW.0), f64::from(WINDOW.1));
    let mut screen = CanvasPainter::of_size(palette(look), WINDOW.0, WINDOW.1)?;
    let context = screen.context().clone();
    let frame = Raster {
        origin_x: 0.0,
        origin_y: 0.0,
        px_per_unit: 1.0 / f64::from(UNITS),
        device_pixel_ratio: 1.0,
        width: WINDOW.0 as usize,
        height: WINDOW.1 as usize,
    };
    let mut pixels = Vec::new();
    let colours = palette(look);
    redraws(Way::DotsRaster, REDRAWS, &context, |_| {
        raster(&scene, &frame, &colours, Ink::Paper, &mut pixels);
        let bytes = Clamped(pixels.as_slice());
        let image = ImageData::new_with_u8_clamped_array_and_sh(bytes, WINDOW.0, WINDOW.1)?;
        context.put_image_data(&image, 0.0, 0.0)
    })?;
    redraws(Way::DotsFillRect, REDRAWS, &context, |_| {
        screen.fill_rect(PxRect::new(0.0, 0.0, width, height), Ink::Paper.into());
        // By colour, as who knows a canvas would: a change of colour costs more than a rectangle.
        for ink in inks {
            for (rect, _) in scene.boxes.iter().zip(&scene.tints).filter(|(_, tint)| **tint == ink)
            {
                let at = |world: i32| f64::from(world) / f64::from(UNITS);
                let dot = PxRect::new(at(rect.x).floor(), at(rect.y).floor(), 1.0, 1.0);
                screen.fill_rect(dot, ink.into());
            }
        }
        Ok(())
    })
}
