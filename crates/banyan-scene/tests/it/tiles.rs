//! What holds for every tile.

use std::collections::BTreeSet;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::{
    Easel, RecordingPainter, Scene, SceneParts, TILE_PX, TileKey, ZoomStep, is_density,
    paint_over_density, paint_planned, paint_tile, plan_tile, write_sprites,
};
use proptest::prelude::*;

use crate::sample::{Numbered, grid};

const MIB: usize = 1 << 20;

fn keys(step: i32, columns: i32, rows: i32) -> Vec<TileKey> {
    (0..rows).flat_map(|y| (0..columns).map(move |x| TileKey { step, x, y })).collect()
}

/// Copy on write: a blit between two writes into the same atlas would copy all of it.
#[test]
fn all_sprites_are_written_before_the_first_is_copied() {
    let scene = grid(12, 12);
    let mut easel = Easel::new(16 * MIB);
    let mut painter = RecordingPainter::with_sprites();
    easel.sprites.begin_pass();
    let mut plans: Vec<_> = keys(0, 3, 2)
        .into_iter()
        .map(|key| plan_tile(&scene, &Numbered, key, 1.0, &mut easel, true))
        .collect();
    let (writes, blits) =
        plans.iter().fold((0, 0), |sum, plan| (sum.0 + plan.writes(), sum.1 + plan.blits()));
    write_sprites(&mut plans, &mut painter);
    for plan in &plans {
        paint_planned(&scene, plan, &mut painter, &mut easel);
    }
    let count = |start: &str| painter.ops.iter().filter(|op| op.starts_with(start)).count();
    assert_eq!((count("target sprite"), count("blit")), (writes, blits));
    assert!(
        writes > 30 && blits > writes,
        "cards that cross seams are written once: {writes} {blits}"
    );
    let last_write = painter.ops.iter().rposition(|op| op.starts_with("target sprite"));
    let first_blit = painter.ops.iter().position(|op| op.starts_with("blit"));
    assert!(last_write < first_blit);
}

/// A tile painted again comes from sprites alone, but for a card that changed.
#[test]
fn a_second_painting_writes_nothing() {
    let scene = grid(12, 12);
    let mut easel = Easel::new(16 * MIB);
    let key = TileKey { step: 0, x: 0, y: 0 };
    let mut first = RecordingPainter::with_sprites();
    paint_tile(&scene, &Numbered, key, 1.0, &mut first, &mut easel);
    let mut second = RecordingPainter::with_sprites();
    paint_tile(&scene, &Numbered, key, 1.0, &mut second, &mut easel);
    let texts =
        |painter: &RecordingPainter| painter.ops.iter().filter(|op| op.starts_with("text")).count();
    assert_eq!(texts(&first), 2 * 18);
    assert_eq!(texts(&second), 0);
}

/// With and without sprites the same cards stand at the same places.
#[test]
fn sprites_stand_where_cards_are_drawn() {
    let scene = grid(12, 12);
    let key = TileKey { step: -2, x: 1, y: 1 };
    let mut direct = RecordingPainter::default();
    paint_tile(&scene, &Numbered, key, 1.0, &mut direct, &mut Easel::new(0));
    let mut copied = RecordingPainter::with_sprites();
    paint_tile(&scene, &Numbered, key, 1.0, &mut copied, &mut Easel::new(16 * MIB));
    // Each card's edge, in tile px, against its sprite without the room for the shadow.
    let edges: BTreeSet<String> = direct
        .ops
        .iter()
        .filter_map(|op| op.strip_prefix("edge "))
        .map(|op| op.split(" r").next().unwrap_or_default().to_owned())
        .collect();
    let sprites: BTreeSet<String> = copied
        .ops
        .iter()
        .filter_map(|op| op.strip_prefix("blit "))
        .map(|op| {
            let (from, to) = op.split_once(" to ").unwrap();
            let size: Vec<i32> =
                from.rsplit(' ').next().unwrap().split('x').map(|n| n.parse().unwrap()).collect();
            let at: Vec<i32> = to.split(' ').map(|n| n.parse().unwrap()).collect();
            format!("{} {} {}x{}", at[0] + 3, at[1] + 3, size[0] - 6, size[1] - 6)
        })
        .collect();
    assert!(!edges.is_empty());
    assert_eq!(edges, sprites);
}

/// The rectangles that a tile's plain bars, or the edges of its cards, fill; in level px.
fn drawn(scene: &Scene, key: TileKey, dpr: f64) -> BTreeSet<(i64, i64, i64, i64)> {
    let mut painter = RecordingPainter::default();
    paint_tile(scene, &Numbered, key, dpr, &mut painter, &mut Easel::new(0));
    let (origin_x, origin_y) = (i64::from(key.x * TILE_PX), i64::from(key.y * TILE_PX));
    let mut rects = BTreeSet::new();
    // The first is the ground.
    for op in &painter.ops[1..] {
        let Some(rest) = op.strip_prefix("edge ").or_else(|| op.strip_prefix("rect ")) else {
            continue;
        };
        let words: Vec<i64> =
            rest.split([' ', 'x']).map_while(|word| word.parse().ok()).take(4).collect();
        rects.insert((origin_x + words[0], origin_y + words[1], words[2], words[3]));
    }
    rects
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// A card that crosses a seam has the same place and size in both tiles, and no tile that shows
    /// a part of it misses it.
    #[test]
    fn tiles_agree_at_their_seams(step in -24..=8i32, dpr in prop::sample::select(vec![1.0, 1.25, 2.0])) {
        let scene = grid(6, 8);
        let tiles: Vec<_> = keys(step, 3, 3)
            .into_iter()
            .map(|key| (key, drawn(&scene, key, dpr)))
            .collect();
        for (key, rects) in &tiles {
            for (other, theirs) in &tiles {
                let (x, y) = (i64::from(other.x * TILE_PX), i64::from(other.y * TILE_PX));
                for &(left, top, width, height) in rects {
                    let shows = left < x + 512 && left + width > x && top < y + 512 && top + height > y;
                    prop_assert!(
                        !shows || theirs.contains(&(left, top, width, height)),
                        "{key:?} draws {left} {top} {width}x{height}, {other:?} does not",
                    );
                }
            }
        }
    }

    /// Whoever points at a pixel of a node gets that node, at every level.
    #[test]
    fn hits_agree_with_what_is_drawn(step in -32..=8i32, node in 0..48u32, fx in 0.0..1.0f64, fy in 0.0..1.0f64) {
        let scene = grid(6, 8);
        let px_per_unit = ZoomStep(step).scale();
        let rect = scene.boxes[node as usize];
        let px = |v: i32| (f64::from(v) * px_per_unit + 0.5).floor();
        let width = (px(rect.right()) - px(rect.x)).max(1.0);
        let height = (px(rect.bottom()) - px(rect.y)).max(1.0);
        // The middle of one of its pixels, back in the world.
        let x = px(rect.x) + (fx * width).floor() + 0.5;
        let y = px(rect.y) + (fy * height).floor() + 0.5;
        let point = Point::new((x / px_per_unit).floor() as i32, (y / px_per_unit).floor() as i32);
        let slack = (1.0 / px_per_unit).ceil() as i32;
        let hit = scene.hit(point, slack);
        // Where several nodes share the pixel, any of them is a good answer.
        let hit_rect = hit.map(|hit| scene.boxes[hit as usize]);
        let shares = hit_rect.is_some_and(|other| {
            (px(other.x) - px(rect.x)).abs() <= 1.0 && (px(other.y) - px(rect.y)).abs() <= 1.0
        });
        prop_assert!(hit == Some(node) || shares, "{hit:?}");
    }
}

/// Lines that leave a tile far behind are cut, and keep their place within it.
#[test]
fn long_lines_are_cut_around_the_tile() {
    let mut parts = SceneParts::default();
    let far = 40_000_000;
    let points = [(-far, -50), (-far, 100), (far, 100), (far, 300)].map(|(x, y)| Point::new(x, y));
    parts.routes.push(banyan_layout::routes::RouteKind::Descent, (0, 0), &points);
    let scene = Scene::new(parts);
    let mut painter = RecordingPainter::default();
    let key = TileKey { step: 0, x: 0, y: 0 };
    paint_tile(&scene, &Numbered, key, 1.0, &mut painter, &mut Easel::new(0));
    let stroke = painter.ops.iter().find(|op| op.starts_with("stroke")).unwrap();
    assert!(stroke.contains("L1528 100.5"), "{stroke}");
    assert!(!stroke.contains("40000"), "{stroke}");
}

/// Roots much taller than the rest are painted, with their names, on top of the raster of the rest.
#[test]
fn tall_nodes_can_be_read_above_a_raster() {
    let mut boxes: Vec<Rect> = (0..50).map(|i| Rect::new(i * 200, 900, 176, 56)).collect();
    boxes.push(Rect::new(0, 0, 800, 260));
    let scene = Scene::new(SceneParts { boxes, ..SceneParts::default() });
    let key = TileKey { step: -28, x: 0, y: 0 };
    assert!(is_density(&scene, key, 1.0));
    let mut painter = RecordingPainter::default();
    let easel = &mut Easel::new(0);
    paint_over_density(&scene, &Numbered, key, 1.0, &mut painter, easel);
    let texts: Vec<_> = painter.ops.iter().filter(|op| op.starts_with("text")).collect();
    assert!(matches!(texts[..], [text] if text.ends_with("Person 50")), "{texts:?}");
    // Elsewhere there is nothing of it.
    let mut elsewhere = RecordingPainter::default();
    let key = TileKey { x: 5, ..key };
    paint_over_density(&scene, &Numbered, key, 1.0, &mut elsewhere, easel);
    assert!(elsewhere.ops.is_empty());
}
