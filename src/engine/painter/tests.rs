//! In a real browser, for only that has canvases.

use banyan_layout::geometry::Rect;
use banyan_scene::{Card, CardSource, Easel, Ink, Scene, SceneParts, Theme, TileKey, paint_tile};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

use super::*;

wasm_bindgen_test_configure!(run_in_browser);

struct Names;

impl CardSource for Names {
    fn card(&self, node: u32, card: &mut Card) {
        card.title = ["Emma Wedgwood", "賈寶玉", "🌳 𝔅anyan"][node as usize % 3].to_owned();
        card.subtitle = "1808–1896".to_owned();
        card.band = Some(Ink::Female);
    }
}

fn palette() -> Palette {
    Palette::parse(include_str!("../../../style/tokens.css"), Theme::Light).unwrap()
}

fn painter() -> CanvasPainter {
    CanvasPainter::new(palette()).unwrap()
}

fn scene() -> Scene {
    let boxes = (0..3).map(|row| Rect::new(20, 20 + row * 80, 200, 56)).collect();
    Scene::new(SceneParts { boxes, ..SceneParts::default() })
}

fn pixels(painter: &CanvasPainter) -> Vec<u8> {
    let side = f64::from(TILE_PX);
    painter.context().get_image_data(0.0, 0.0, side, side).unwrap().data().to_vec()
}

fn pixel(painter: &CanvasPainter, x: f64, y: f64) -> [u8; 3] {
    let data = painter.context().get_image_data(x, y, 1.0, 1.0).unwrap().data().to_vec();
    [data[0], data[1], data[2]]
}

#[wasm_bindgen_test]
fn a_colour_arrives_as_it_is_in_the_tokens() {
    let mut painter = painter();
    for ink in [Ink::Accent, Ink::Paper, Ink::Accent, Ink::Dead] {
        painter.fill_rect(PxRect::new(0.0, 0.0, 8.0, 8.0), ink.into());
        let color = painter.palette().color(ink);
        assert_eq!(pixel(&painter, 4.0, 4.0), [color.red, color.green, color.blue], "{ink:?}");
    }
}

#[wasm_bindgen_test]
fn cards_look_the_same_from_sprites() {
    let (scene, key) = (scene(), TileKey { step: 0, x: 0, y: 0 });
    let mut direct = painter();
    direct.has_atlases = false;
    paint_tile(&scene, &Names, key, 1.0, &mut direct, &mut Easel::new(8 << 20));
    let mut from_sprites = painter();
    let mut easel = Easel::new(8 << 20);
    for _ in 0..2 {
        // The first time the sprites are written, the second time they are there.
        paint_tile(&scene, &Names, key, 1.0, &mut from_sprites, &mut easel);
    }
    assert_eq!(easel.sprites.len(), 3);
    let (a, b) = (pixels(&direct), pixels(&from_sprites));
    let paper = painter().palette().color(Ink::Paper);
    let drawn = a.chunks(4).filter(|p| p[..3] != [paper.red, paper.green, paper.blue]).count();
    assert!(drawn > 10_000, "three cards are on the tile, {drawn} px");
    // Text in a transparent sprite has softer edges than text on an opaque ground.
    let far = a.iter().zip(&b).filter(|(a, b)| a.abs_diff(**b) > 64).count();
    assert!(far * 200 < a.len(), "{far} bytes differ much");
}

#[wasm_bindgen_test]
fn another_palette_paints_in_its_colours() {
    let mut painter = painter();
    painter.fill_rect(PxRect::new(0.0, 0.0, 8.0, 8.0), Ink::Paper.into());
    let light = pixel(&painter, 1.0, 1.0);
    let dark = Palette::parse(include_str!("../../../style/tokens.css"), Theme::Dark).unwrap();
    painter.set_palette(dark);
    painter.fill_rect(PxRect::new(0.0, 0.0, 8.0, 8.0), Ink::Paper.into());
    assert_ne!(light, pixel(&painter, 1.0, 1.0));
}

#[wasm_bindgen_test]
fn a_wide_text_measures_wider() {
    let mut painter = painter();
    let font = Font { size_px: 15.0, weight: 600 };
    let narrow = painter.measure("il", font);
    let wide = painter.measure("MW賈", font);
    assert!(narrow > 2.0 && wide > 2.0 * narrow, "{narrow} {wide}");
}

#[wasm_bindgen_test]
fn a_tile_is_handed_over_as_a_picture() {
    let mut painter = painter();
    painter.fill_rect(PxRect::new(0.0, 0.0, 8.0, 8.0), Ink::Accent.into());
    let picture = painter.take_tile().unwrap();
    assert_eq!((picture.width(), picture.height()), (TILE_PX as u32, TILE_PX as u32));
}

#[wasm_bindgen_test]
async fn a_part_of_a_tile_is_copied_as_it_was() {
    let mut painter = painter();
    let whole = PxRect::new(0.0, 0.0, f64::from(TILE_PX), f64::from(TILE_PX));
    painter.fill_rect(whole, Ink::Dead.into());
    let part = Rect::new(40, 200, 300, 96);
    painter.fill_rect(PxRect::new(40.0, 200.0, 300.0, 96.0), Ink::Accent.into());
    let copy = painter.copy_tile(&part).unwrap();
    painter.fill_rect(whole, Ink::Dead.into());
    let picture: ImageBitmap = JsFuture::from(copy).await.unwrap().dyn_into().unwrap();
    assert_eq!((picture.width(), picture.height()), (300, 96));
    painter.context().draw_image_with_image_bitmap(&picture, 0.0, 0.0).unwrap();
    let color = painter.palette().color(Ink::Accent);
    for (x, y) in [(0.0, 0.0), (299.0, 0.0), (0.0, 95.0), (299.0, 95.0)] {
        assert_eq!(pixel(&painter, x, y), [color.red, color.green, color.blue]);
    }
}
