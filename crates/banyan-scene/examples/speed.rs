//! Measures the worker's work: `cargo run --release --example speed -- [NODES]`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::hint::black_box;
use std::time::Instant;

use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::{RouteKind, Routes};
use banyan_scene::{
    Camera, Card, CardSource, Easel, Ink, Minimap, Palette, Pixels, RecordingPainter, Scene,
    SceneParts, Theme, TileKey, Viewport, cover, density, is_density, paint_tile, thumbnail,
};

const TOKENS: &str = include_str!("../../../style/tokens.css");

struct Numbered;

impl CardSource for Numbered {
    fn card(&self, node: u32, card: &mut Card) {
        card.title = format!("Person number {node}");
        card.subtitle = "1819 – 1901".into();
        card.note = "GEN 4".into();
        card.band = Some(Ink::Male);
    }
}

/// A tree of rows: each node of a row hangs under one of the row above.
fn tree(nodes: usize) -> Scene {
    // About 16 : 9, as packed families are.
    let rows = ((nodes as f64).sqrt() * 1.01).ceil().max(1.0) as usize;
    let columns = nodes.div_ceil(rows);
    let mut parts = SceneParts { routes: Routes::default(), ..SceneParts::default() };
    for node in 0..nodes {
        let (row, column) = (node / columns, node % columns);
        let rect = Rect::new(column as i32 * 200, row as i32 * 110, 176, 56);
        if row > 0 {
            let parent = node - columns - column % 7 % (column + 1);
            let above = parts.boxes[parent];
            let bus = above.bottom() + 24;
            let points = [
                Point::new(above.center().x, above.bottom()),
                Point::new(above.center().x, bus),
                Point::new(rect.center().x, bus),
                Point::new(rect.center().x, rect.y),
            ];
            parts.routes.push(RouteKind::Descent, (parent as u32, node as u32), &points);
        }
        parts.boxes.push(rect);
        let wave = (column * 7 / columns + row / 9) % 3;
        parts.tints.push([Ink::Male, Ink::Female, Ink::SexUnknown][wave]);
    }
    Scene::new(parts)
}

fn report(what: &str, runs: u32, mut work: impl FnMut()) {
    let mut best = f64::INFINITY;
    for _ in 0..runs {
        let start = Instant::now();
        work();
        best = best.min(start.elapsed().as_secs_f64() * 1e3);
    }
    println!("{what:<48} {best:>9.3} ms (best of {runs})");
}

fn main() {
    let nodes = std::env::args().nth(1).and_then(|n| n.parse().ok()).unwrap_or(1_000_000);
    let palette = match Palette::parse(TOKENS, Theme::Light) {
        Ok(palette) => palette,
        Err(error) => return eprintln!("{error}"),
    };
    let start = Instant::now();
    let scene = tree(nodes);
    println!(
        "scene of {nodes} nodes with indexes {:>22.0} ms",
        start.elapsed().as_secs_f64() * 1e3
    );

    let view = Viewport { width_px: 1600, height_px: 900, device_pixel_ratio: 1.0 };
    let fit = Camera::fit(scene.bounds, &view, 40.0);
    let whole = cover(&fit, &view, fit.step());
    let mut out = Pixels::default();
    report(&format!("density of all, {} tiles", whole.len()), 5, || {
        for key in &whole {
            density(&scene, *key, 1.0, &palette, &mut out);
        }
    });
    report("density of one tile with all nodes", 5, || {
        let minimap = Minimap::new(scene.bounds, 512.0, 512.0, 0.0);
        thumbnail(&scene, &minimap, 1.0, &palette, &mut out);
    });
    let bare = Scene::new(SceneParts { boxes: scene.boxes.clone(), ..SceneParts::default() });
    report("  the same without lines", 5, || {
        let minimap = Minimap::new(scene.bounds, 512.0, 512.0, 0.0);
        thumbnail(&bare, &minimap, 1.0, &palette, &mut out);
    });
    for step in [-60, -40, -30] {
        let key = TileKey { step, x: 1, y: 1 };
        if is_density(&scene, key, 1.0) {
            report(&format!("density of one tile at step {step}"), 5, || {
                density(&scene, key, 1.0, &palette, &mut out);
            });
        }
    }
    for step in [-24, -16, -8, 0] {
        let key = TileKey { step, x: 1, y: 1 };
        let mut easel = Easel::new(64 << 20);
        let mut ops = 0;
        report(&format!("paint of one tile at step {step}, recorded"), 5, || {
            easel.sprites.clear();
            let mut painter = RecordingPainter::with_sprites();
            paint_tile(&scene, &Numbered, key, 1.0, &mut painter, &mut easel);
            ops = painter.ops.len();
        });
        report(&format!("  again, from sprites ({ops} operations before)"), 5, || {
            let mut painter = RecordingPainter::with_sprites();
            paint_tile(&scene, &Numbered, key, 1.0, &mut painter, &mut easel);
            black_box(painter.ops.len());
        });
    }
    let mut found = Vec::new();
    report("1000 hits", 5, || {
        for i in 0..1000 {
            black_box(scene.hit(Point::new(i * 1777, i * 91), 12));
        }
    });
    report("nodes_in a screen at scale 1", 5, || {
        scene.nodes_in(&Rect::new(20_000, 2_000, 1600, 900), &mut found);
    });
}
