//! What a tile's ink leaves out is bare paper, pixel by pixel.

use banyan_export::Surface as _;
use banyan_layout::geometry::{Point, Rect};
use banyan_raster::RasterPainter;
use banyan_scene::{
    Easel, Ink, Pixels, Scene, TILE_PX, TileInk, TileKey, density, is_density, paint_over_density,
    paint_tile,
};

use crate::sample::{Numbered, grid, palette, typesetter};

/// RGBA of a tile, and what of it is drawn on.
fn painted(
    scene: &Scene,
    key: TileKey,
    ratio: f64,
    painter: &mut RasterPainter,
) -> (Vec<u8>, TileInk) {
    let (mut rgba, mut easel) = (Vec::new(), Easel::new(16 << 20));
    painter.begin(TILE_PX as u32, TILE_PX as u32).unwrap();
    let ink = if is_density(scene, key, ratio) {
        let mut pixels = Pixels::default();
        density(scene, key, ratio, &palette(), &mut pixels);
        painter.put(&pixels.rgba).unwrap();
        let over = paint_over_density(scene, &Numbered, key, ratio, painter, &mut easel);
        pixels.tile_ink().union(&over)
    } else {
        paint_tile(scene, &Numbered, key, ratio, painter, &mut easel)
    };
    painter.read(&mut rgba).unwrap();
    (rgba, ink)
}

#[test]
fn beyond_the_ink_is_bare_paper() {
    let scene = grid(12, 12);
    let paper = palette().color(Ink::Paper);
    let paper = [paper.red, paper.green, paper.blue, 255];
    let mut painter = RasterPainter::new(palette(), typesetter()).unwrap();
    let (mut bare, mut inked) = (0, 0);
    for use_sprites in [false, true] {
        painter.use_sprites(use_sprites);
        for (step, ratio) in
            [(8, 1.0), (0, 1.0), (0, 2.0), (-6, 1.25), (-14, 1.0), (-24, 1.0), (-34, 1.0)]
        {
            for (x, y) in [(-1, 0), (0, -1), (0, 0), (1, 1), (3, 2), (9, 9)] {
                let key = TileKey { step, x, y };
                let (rgba, ink) = painted(&scene, key, ratio, &mut painter);
                let bands: Vec<Rect> = ink.bands().collect();
                for (at, px) in (0..).zip(rgba.chunks_exact(4)) {
                    let point = Point::new(at % TILE_PX, at / TILE_PX);
                    let is_inked = bands.iter().any(|band| band.contains(point));
                    assert!(is_inked || px == paper, "{px:?} at {point:?} of {key:?} in {bands:?}");
                    inked += usize::from(px != paper);
                    bare += usize::from(!is_inked);
                }
            }
        }
    }
    assert!(inked > 1_000_000 && bare > 5_000_000, "{inked} px are drawn on, {bare} left out");
}
