//! A family of 800 persons, redrawn while it is panned: card by card, from sprites of the right size,
//! from one canvas of the whole scene, from tiles.

use std::collections::{BTreeMap, btree_map::Entry};

use banyan_scene::{
    Camera, Easel, Ink, Level, Painter as _, PxRect, TileKey, Viewport, ZoomStep, paint_direct,
    paint_from_sprites, placements, plan_sprites,
};
use banyan_view::{FamilyWorld, View, Words};
use wasm_bindgen::JsValue;
use web_sys::ImageBitmap;

use super::{redraws, timed};
use crate::{
    engine::{
        painter::CanvasPainter,
        palette,
        shown::{AnyWorld, Shown},
    },
    message::{Look, Way},
};

const PERSONS: u32 = 800;
const SEED: u64 = 1;
/// Device px that the camera moves with each redraw.
const STEP_PX: i32 = 7;
/// Redraws in one direction; then it goes back, so that the window stays on the content.
const LEG: u32 = 100;
/// Room for a sprite of each of the 800.
const SPRITE_BUDGET_BYTES: usize = 96 << 20;
/// A canvas for the whole scene has no more pixels than this: browsers give up on larger pictures, or
/// wait for each copy of them.
const MOST_CANVAS_PX: f64 = 8_000_000.0;

pub(super) fn run(
    look: &Look,
    times: u32,
    (width_px, height_px): (u32, u32),
) -> Result<(), JsValue> {
    let text = banyan_generate::gedcom(PERSONS, SEED);
    let document = banyan_gedcom::read(&text, &mut |_, _| {}).map_err(|error| error.to_string())?;
    let world = FamilyWorld::new(document.genealogy, Words::of(look.language), &mut |_, _| {});
    let colours = palette(look);
    let painter = CanvasPainter::new(colours.clone())?;
    let world = AnyWorld::Family(Box::new(world));
    let budget = look.pictures.sprite_bytes();
    let mut shown = Shown::new(View::Lab, world, painter, budget, look.language);

    let ratio = look.device_pixel_ratio;
    let viewport = Viewport { width_px, height_px, device_pixel_ratio: ratio };
    let window = PxRect::new(0.0, 0.0, f64::from(width_px), f64::from(height_px));
    let bounds = shown.world().scene().bounds;
    // The largest scale at which the whole scene fits on one canvas, and no more than 1.
    let units = f64::from(bounds.width.max(1)) * f64::from(bounds.height.max(1));
    let fit = (MOST_CANVAS_PX / units).sqrt() / ratio;
    let step = ZoomStep::floor(fit.min(1.0));
    let level = Level::new(step, ratio);
    let start = Camera::fit(shown.world().start(), &viewport, 0.0);
    let camera_at = |redraw: u32| {
        let along = redraw % (2 * LEG);
        let steps = if along < LEG { along } else { 2 * LEG - along };
        let css = f64::from(steps as i32 * STEP_PX) / ratio;
        Camera { scale: step.scale(), ..start }.pan_by_css_px(-css, -css / 4.0).snapped(&viewport)
    };
    // Of the window's top left corner, in level px.
    let origin_at = |redraw: u32| {
        let seen = camera_at(redraw).visible_world(&viewport);
        ((seen.x * level.px_per_unit).round(), (seen.y * level.px_per_unit).round())
    };
    let mut screen = CanvasPainter::of_size(colours.clone(), width_px, height_px)?;
    let context = screen.context().clone();

    redraws(Way::Fill, times, &context, |redraw| {
        let ink = if redraw % 2 == 0 { Ink::Paper } else { Ink::PaperDeep };
        screen.fill_rect(window, ink.into());
        Ok(())
    })?;
    let bytes = vec![7u8; width_px as usize * height_px as usize * 4];
    let mut copy = vec![0u8; bytes.len()];
    timed(Way::Copy, || {
        for _ in 0..times {
            copy.copy_from_slice(std::hint::black_box(&bytes));
            std::hint::black_box(&mut copy);
        }
    });
    drop((bytes, copy));

    let all: Vec<u32> = (0..shown.world().scene().len() as u32).collect();
    let mut visible = Vec::new();
    let mut easel = Easel::new(SPRITE_BUDGET_BYTES);
    let world = shown.world();
    let sprites = plan_sprites(world.scene(), world, &all, &level, &mut screen, &mut easel);
    for way in [Way::Direct, Way::DirectVisible, Way::Sprites] {
        redraws(way, times, &context, |redraw| {
            let world = shown.world();
            let (x, y) = origin_at(redraw);
            screen.fill_rect(window, Ink::Paper.into());
            screen.context().save();
            screen.context().translate(-x, -y)?;
            match way {
                Way::Sprites => {
                    paint_from_sprites(world.scene(), &sprites, &level, &mut screen);
                }
                Way::DirectVisible => {
                    let seen = camera_at(redraw).visible_world(&viewport).outer().inflated(8);
                    world.scene().nodes_in(&seen, &mut visible);
                    paint_direct(world.scene(), world, &visible, &level, &mut screen);
                }
                _ => paint_direct(world.scene(), world, &all, &level, &mut screen),
            }
            screen.restore();
            Ok(())
        })?;
    }

    let low = (level.px(bounds.x) as f64, level.px(bounds.y) as f64);
    let side = |units: i32| (f64::from(units) * level.px_per_unit).ceil() as u32 + 1;
    let (width, height) = (side(bounds.width), side(bounds.height));
    let mut whole = CanvasPainter::of_size(colours, width, height)?;
    whole.fill_rect(PxRect::new(0.0, 0.0, f64::from(width), f64::from(height)), Ink::Paper.into());
    whole.context().save();
    whole.context().translate(-low.0, -low.1)?;
    paint_direct(shown.world().scene(), shown.world(), &all, &level, &mut whole);
    whole.restore();
    let whole = whole.take_tile()?;
    redraws(Way::SceneCanvas, times, &context, |redraw| {
        let (x, y) = origin_at(redraw);
        screen.fill_rect(window, Ink::Paper.into());
        context.draw_image_with_image_bitmap(&whole, low.0 - x, low.1 - y)
    })?;
    whole.close();

    let mut tiles: BTreeMap<TileKey, ImageBitmap> = BTreeMap::new();
    redraws(Way::Tiles, times, &context, |redraw| {
        if redraw == 0 {
            // Each measurement begins without tiles.
            std::mem::take(&mut tiles).into_values().for_each(|picture| picture.close());
        }
        let blits = placements(&camera_at(redraw), &viewport, step);
        for blit in &blits {
            if let Entry::Vacant(place) = tiles.entry(blit.key) {
                place.insert(shown.paint_tile(blit.key, ratio)?);
            }
        }
        for blit in &blits {
            if let Some(picture) = tiles.get(&blit.key) {
                let (x, y) = (f64::from(blit.x), f64::from(blit.y));
                context.draw_image_with_image_bitmap(picture, x, y)?;
            }
        }
        Ok(())
    })?;
    for picture in tiles.into_values() {
        picture.close();
    }
    Ok(())
}
