//! Text that is turned is the same text, turned: in pixels and in PDF.

use std::f64::consts::FRAC_PI_2;

use banyan_export::{Layout, PdfJob, PdfOrder, Surface as _};
use banyan_layout::geometry::Rect;
use banyan_raster::{FontGlyphs, RasterPainter};
use banyan_scene::{Cutout, Font, Ink, Level, Painter as _, PxRect, Scene, SceneParts, Shape};

use crate::pdf::objects;
use crate::sample::{finish, palette, typesetter};

const SIDE: usize = 96;

/// The red of each pixel of a picture of one text.
fn picture(paint: impl FnOnce(&mut RasterPainter, Font)) -> Vec<u8> {
    let mut painter = RasterPainter::new(palette(), typesetter()).unwrap();
    painter.begin(SIDE as u32, SIDE as u32).unwrap();
    painter.fill_rect(PxRect::new(0.0, 0.0, SIDE as f64, SIDE as f64), Ink::Paper.into());
    paint(&mut painter, Font { size_px: 22.0, weight: 400 });
    let mut rgba = Vec::new();
    painter.read(&mut rgba).unwrap();
    rgba.chunks_exact(4).map(|px| px[0]).collect()
}

#[test]
fn a_quarter_turn_turns_every_pixel() {
    let text = "贾Llg";
    let level = picture(|painter, font| painter.text(10.0, 40.0, text, font, Ink::Text.into()));
    let turned = picture(|painter, font| {
        let from = (SIDE as f64 - 40.0, 10.0);
        painter.text_turned(from, FRAC_PI_2, text, font, Ink::Text.into());
    });
    assert!(level.iter().filter(|&&red| red < 128).count() > 100, "there is ink");
    let back = |x: usize, y: usize| turned[x * SIDE + (SIDE - 1 - y)];
    let pixels = (0..SIDE * SIDE).map(|at| (at % SIDE, at / SIDE));
    let apart =
        pixels.map(|(x, y)| u64::from(level[y * SIDE + x].abs_diff(back(x, y)))).sum::<u64>();
    assert!(apart < (SIDE * SIDE) as u64 / 2, "{apart}");
}

#[test]
fn a_column_of_a_pdf_is_text_that_lies_along_it() {
    let scene = Scene::new(SceneParts {
        boxes: vec![Rect::new(0, 0, 34, 200)],
        shapes: vec![Shape::Column],
        ..SceneParts::default()
    });
    let cutout = Cutout::of_region(scene.framed(), Level::of_scale(1.0));
    let layout = Layout::One { points_per_px: 0.75 };
    let order = PdfOrder { cutout, is_full: true, layout, title: String::new(), facts: Vec::new() };
    let mut file = Vec::new();
    let glyphs = FontGlyphs::new(typesetter());
    finish(&mut PdfJob::new(order, palette(), glyphs, &mut file).unwrap(), &scene);
    let pages =
        objects(&file).into_values().map(|(_, data)| String::from_utf8_lossy(&data).into_owned());
    let page = pages.into_iter().find(|data| data.contains("BT ")).expect("a page with text");
    assert!(page.contains("BT 0 1 1 0 "), "{page}");
}
