//! A million nodes that are no larger than a dot: as a raster, and by the canvas.

use banyan_layout::geometry::Rect;
use banyan_scene::{Ink, Painter as _, Pixels, PxRect, Raster, Scene, SceneParts, raster};
use banyan_view::tree::place;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::ImageData;

use super::redraws;
use crate::{
    engine::{painter::CanvasPainter, palette},
    message::{Look, Way},
};

const WINDOW: (u32, u32) = (1600, 900);
const REDRAWS: u32 = 3;
/// Of the tree that `banyan generate tree` writes.
const SEED: u64 = 7;

pub(super) fn run(nodes: u32, look: &Look) -> Result<(), JsValue> {
    // Where the cards of the lab's tree stand, seen from so far that the whole tree is in the window.
    let boxes = place(&banyan_generate::tree(nodes, SEED).parents).boxes;
    let bounds = boxes.iter().fold(Rect::default(), |all, rect| all.union(rect));
    let inks = [Ink::Fine, Ink::Waiting, Ink::Dead, Ink::Replica];
    let tints: Vec<Ink> = inks.into_iter().cycle().take(boxes.len()).collect();
    let scene = Scene::new(SceneParts { boxes, tints, ..SceneParts::default() });
    let (width, height) = (f64::from(WINDOW.0), f64::from(WINDOW.1));
    let mut screen = CanvasPainter::of_size(palette(look), WINDOW.0, WINDOW.1)?;
    let context = screen.context().clone();
    let px_per_unit =
        (width / f64::from(bounds.width.max(1))).min(height / f64::from(bounds.height.max(1)));
    let frame = Raster {
        origin_x: 0.0,
        origin_y: 0.0,
        px_per_unit,
        device_pixel_ratio: 1.0,
        width: WINDOW.0 as usize,
        height: WINDOW.1 as usize,
    };
    let mut pixels = Pixels::default();
    let colours = palette(look);
    redraws(Way::DotsRaster, REDRAWS, &context, |_| {
        raster(&scene, &frame, &colours, Ink::Paper, &mut pixels);
        let bytes = Clamped(pixels.rgba.as_slice());
        let image = ImageData::new_with_u8_clamped_array_and_sh(bytes, WINDOW.0, WINDOW.1)?;
        context.put_image_data(&image, 0.0, 0.0)
    })?;
    redraws(Way::DotsFillRect, REDRAWS, &context, |_| {
        screen.fill_rect(PxRect::new(0.0, 0.0, width, height), Ink::Paper.into());
        // By colour, as who knows a canvas would: a change of colour costs more than a rectangle.
        for ink in inks {
            for (rect, _) in scene.boxes.iter().zip(&scene.tints).filter(|(_, tint)| **tint == ink)
            {
                let at = |world: i32| f64::from(world) * px_per_unit;
                let dot = PxRect::new(at(rect.x).floor(), at(rect.y).floor(), 1.0, 1.0);
                screen.fill_rect(dot, ink.into());
            }
        }
        Ok(())
    })
}
