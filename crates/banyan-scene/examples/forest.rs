//! Draws a made-up tree of many nodes from afar, to be looked at:
//! `cargo run --release --example forest -- FOLDER [NODES]` writes `forest-light.bmp` and
//! `forest-dark.bmp`: a screen of 1536 x 1024 px as tiles would fill it, at six zoom steps.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use banyan_layout::geometry::Size;
use banyan_layout::tidy::{Direction, TreeRequest, tree};
use banyan_scene::{
    Camera, Ink, Palette, Pixels, Raster, Scene, SceneParts, Theme, Viewport, raster,
};

const TOKENS: &str = include_str!("../../../style/tokens.css");
const WIDTH: usize = 768;
const HEIGHT: usize = 512;

fn main() -> io::Result<()> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().unwrap_or_else(|| ".".into()));
    let nodes = arguments.next().and_then(|n| n.parse().ok()).unwrap_or(20_000);
    let scene = forest(nodes);
    for (name, theme) in [("light", Theme::Light), ("dark", Theme::Dark)] {
        let palette = Palette::parse(TOKENS, theme).map_err(io::Error::other)?;
        let mut sheet = vec![0; WIDTH * 3 * HEIGHT * 2 * 4];
        let view =
            Viewport { width_px: WIDTH as u32, height_px: HEIGHT as u32, device_pixel_ratio: 1.0 };
        let fit = Camera::fit(scene.bounds, &view, 20.0);
        for i in 0..6 {
            let px_per_unit = fit.step().offset(i as i32 * 8).scale();
            let frame = Raster {
                origin_x: fit.center_x * px_per_unit - WIDTH as f64 / 2.0,
                origin_y: fit.center_y * px_per_unit - HEIGHT as f64 / 2.0,
                px_per_unit,
                device_pixel_ratio: 1.0,
                width: WIDTH,
                height: HEIGHT,
            };
            let mut out = Pixels::default();
            raster(&scene, &frame, &palette, Ink::Paper, &mut out);
            let (left, top) = (i % 3 * WIDTH, i / 3 * HEIGHT);
            for (row, pixels) in out.rgba.chunks_exact(WIDTH * 4).enumerate() {
                let at = ((top + row) * WIDTH * 3 + left) * 4;
                sheet[at..at + WIDTH * 4].copy_from_slice(pixels);
            }
        }
        write_bmp(&folder.join(format!("forest-{name}.bmp")), WIDTH * 3, HEIGHT * 2, &sheet)?;
    }
    Ok(())
}

/// A random tree laid out tidily; tints run in branches.
fn forest(nodes: usize) -> Scene {
    let mut state = 7u64;
    let mut random = move |below: usize| {
        // Marsaglia's xorshift: the same tree each time.
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as usize % below.max(1)
    };
    let mut parents = vec![0u32];
    for node in 1..nodes {
        // Late nodes under late ones: deep, as families are.
        let reach = node.min(node / 6 + 12);
        parents.push((node - 1 - random(reach)) as u32);
    }
    let layout = tree(&TreeRequest {
        sizes: vec![Size { width: 176, height: 56 }; nodes],
        gap_sibling: 24,
        gap_branch: 48,
        gap_level: 72,
        direction: Direction::Down,
        layered: true,
        parents: parents.clone(),
    });
    let mut tints = vec![Ink::Male; nodes];
    for node in 1..nodes {
        let inherited = tints[parents[node] as usize];
        let all = [Ink::Male, Ink::Female, Ink::Accent, Ink::Waiting, Ink::Replica];
        tints[node] = if random(40) == 0 { all[random(5)] } else { inherited };
    }
    let boxes = layout.boxes;
    Scene::new(SceneParts { boxes, tints, routes: layout.routes, ..SceneParts::default() })
}

/// The plainest picture file that browsers open: 32 bits a pixel, the first row on top.
fn write_bmp(path: &Path, width: usize, height: usize, rgba: &[u8]) -> io::Result<()> {
    let mut file = b"BM".to_vec();
    let (bytes, top_down) = (rgba.len() as i32, -(height as i32));
    // One plane in the low half, 32 bits in the high one; then nothing compressed.
    let planes = 1 | 32 << 16;
    for n in [54 + bytes, 0, 54, 40, width as i32, top_down, planes, 0, bytes, 2835, 2835, 0, 0] {
        file.extend_from_slice(&n.to_le_bytes());
    }
    file.extend(rgba.chunks_exact(4).flat_map(|p| [p[2], p[1], p[0], p[3]]));
    fs::write(path, file)
}
