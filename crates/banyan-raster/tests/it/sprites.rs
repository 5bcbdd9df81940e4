//! Cards copied from sprites look like cards drawn in place.

use banyan_raster::RasterPainter;
use banyan_scene::{TileKey, ZoomStep};

use crate::sample::{Numbered, difference, grid, painted, palette, typesetter};

#[test]
fn sprites_look_like_what_they_stand_for() {
    let scene = grid(8, 8);
    for (step, device_pixel_ratio) in [(0, 1.0), (-6, 1.0), (-10, 1.0), (4, 1.0), (-4, 2.0)] {
        let cutout = TileKey { step: ZoomStep(step).0, x: 0, y: 0 }.cutout(device_pixel_ratio);
        let mut painter = RasterPainter::new(palette(), typesetter()).unwrap();
        let direct = painted(&scene, &Numbered, &cutout, &mut painter);
        painter.use_sprites(true);
        let copied = painted(&scene, &Numbered, &cutout, &mut painter);
        let (mean, most) = difference(&direct, &copied);
        // Where a shadow lies on a line, two roundings meet.
        assert!(mean < 0.02 && most <= 12, "mean {mean}, most {most} at {step}");
        assert!(direct.chunks_exact(4).any(|px| px != &direct[..4]), "an empty picture");
    }
}
