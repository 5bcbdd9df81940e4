//! The raster of nodes from afar.

use banyan_layout::geometry::Rect;
use banyan_scene::{
    Ink, Minimap, Pixels, Scene, SceneParts, TileKey, density, is_density, thumbnail,
};

use crate::sample::{grid, one, palette};

fn pixel(out: &[u8], x: usize, y: usize) -> [u8; 3] {
    let at = (y * 512 + x) * 4;
    [out[at], out[at + 1], out[at + 2]]
}

fn paper() -> [u8; 3] {
    let paper = palette().color(Ink::Paper);
    [paper.red, paper.green, paper.blue]
}

/// The places of all pixels that are not paper, row by row.
fn marked(out: &[u8]) -> Vec<(usize, usize)> {
    let paper = paper();
    let pixels = out.chunks(4).enumerate();
    pixels.filter(|(_, rgba)| rgba[..3] != paper).map(|(i, _)| (i % 512, i / 512)).collect()
}

#[test]
fn every_node_leaves_a_mark() {
    let step = -72;
    // 2^-9: the grid's cards are a tenth of a px high.
    let scene = grid(20, 20);
    let mut out = Pixels::default();
    density(&scene, TileKey { step, x: 0, y: 0 }, 1.0, &palette(), &mut out);
    assert_eq!(out.rgba.len(), 512 * 512 * 4);
    assert!(out.rgba.chunks(4).all(|rgba| rgba[3] == 255));
    let marked = marked(&out.rgba);
    for rect in &scene.boxes {
        let center = rect.center();
        let px = |v: i32| (f64::from(v) / 512.0).floor() as usize;
        assert!(marked.contains(&(px(center.x), px(center.y))));
    }
    assert!(!marked.contains(&(400, 400)));
}

#[test]
fn bars_have_sharp_edges_and_their_tint() {
    let scene = one(Rect::new(160, 160, 176, 56), Ink::Male);
    let key = TileKey { step: -32, x: 0, y: 0 };
    assert!(is_density(&scene, key, 1.0));
    let mut out = Pixels::default();
    density(&scene, key, 1.0, &palette(), &mut out);
    // 2^-4: from (10, 10) to (21, 13.5), which rounds to 14.
    let marked = marked(&out.rgba);
    assert_eq!((marked[0], marked[marked.len() - 1]), ((10, 10), (20, 13)));
    assert_eq!(marked.len(), 11 * 4);
    let (male, ground, got) = (palette().color(Ink::Male), paper(), pixel(&out.rgba, 15, 11));
    let expect = f64::from(ground[2]) + (f64::from(male.blue) - f64::from(ground[2])) * 0.8;
    assert!((f64::from(got[2]) - expect).abs() <= 1.0);
}

/// The same nodes a tile further on make the same pixels there, and what crosses a seam shows on
/// both of its sides.
#[test]
fn tiles_agree_at_their_seams() {
    let (step, tile_units) = (-40, 512 * 32);
    let shifted = |by: i32| {
        let boxes = (0..40_000).map(|i| Rect::new(by + i % 200 * 200, i / 200 * 100, 176, 56));
        Scene::new(SceneParts { boxes: boxes.collect(), ..SceneParts::default() })
    };
    let (mut left, mut right) = (Pixels::default(), Pixels::default());
    density(&shifted(0), TileKey { step, x: 0, y: 0 }, 1.0, &palette(), &mut left);
    density(&shifted(tile_units), TileKey { step, x: 1, y: 0 }, 1.0, &palette(), &mut right);
    assert!(left.rgba == right.rgba);
    density(&shifted(0), TileKey { step, x: 1, y: 0 }, 1.0, &palette(), &mut right);
    let (left, right) = (marked(&left.rgba), marked(&right.rgba));
    // A card of 5.5 px crosses the seam in each row of cards.
    let crossing = (0..512).filter(|&y| left.contains(&(511, y)) && right.contains(&(0, y)));
    assert!(crossing.count() > 100);
}

#[test]
fn what_is_kept_from_a_picture_leaves_no_trace_in_the_next() {
    let scene = grid(20, 20);
    let picture = |step, out: &mut Pixels| {
        density(&scene, TileKey { step, x: 0, y: 0 }, 1.0, &palette(), out);
        out.rgba.clone()
    };
    let minimap = Minimap::new(scene.bounds, 200.0, 140.0, 4.0);
    let mut kept = Pixels::default();
    for step in [-28, -40, -72, -28] {
        let afresh = picture(step, &mut Pixels::default());
        assert!(picture(step, &mut kept) == afresh, "{step}");
        // Another size in between.
        thumbnail(&scene, &minimap, 1.0, &palette(), &mut kept);
    }
}

#[test]
fn lines_show_below_nodes() {
    let scene = grid(1, 40);
    let mut out = Pixels::default();
    // 2^-4: a line of 44 units is 2.75 px long; 2^-3.5: 3.9 px.
    density(&scene, TileKey { step: -28, x: 0, y: 0 }, 1.0, &palette(), &mut out);
    // The line's middle, at x 88, between two cards.
    let px = |v: f64| (v * 0.0883883).round() as usize;
    assert_ne!(pixel(&out.rgba, px(88.0), px(80.0)), paper());
}

#[test]
fn a_thumbnail_has_the_size_of_its_minimap() {
    let scene = grid(30, 10);
    let minimap = Minimap::new(scene.bounds, 200.0, 140.0, 4.0);
    let mut out = Pixels::default();
    assert_eq!(thumbnail(&scene, &minimap, 1.0, &palette(), &mut out), (200, 140));
    assert_eq!(out.rgba.len(), 200 * 140 * 4);
    let ground = palette().color(Ink::PaperDeep);
    let is_ground = |rgba: &[u8]| rgba[..3] == [ground.red, ground.green, ground.blue];
    assert!(is_ground(&out.rgba[..4]));
    assert!(out.rgba.chunks(4).filter(|rgba| !is_ground(rgba)).count() > 1000);
}

#[test]
fn a_node_without_area_is_not_in_the_picture() {
    let card = Rect::new(2_000, 2_000, 176, 56);
    let minimap = Minimap::new(Rect::new(0, 0, 4_000, 4_000), 200.0, 200.0, 0.0);
    let picture = |others: &[Rect]| {
        let boxes: Vec<Rect> = std::iter::once(card).chain(others.iter().copied()).collect();
        let scene = Scene::new(SceneParts { boxes, ..SceneParts::default() });
        let mut out = Pixels::default();
        thumbnail(&scene, &minimap, 1.0, &palette(), &mut out);
        (scene, out.rgba)
    };
    let (_, alone) = picture(&[]);
    let absent =
        [Rect::default(), Rect::new(2_010, 2_010, 900, 0), Rect::new(2_300, 2_010, 0, 900)];
    let (scene, with_others) = picture(&absent);
    assert!(alone == with_others);
    assert_eq!(scene.bounds, card);
    let mut found = Vec::new();
    scene.nodes_in(&Rect::new(-100, -100, 9_000, 9_000), &mut found);
    assert_eq!(found, [0]);
    assert_eq!(scene.nearest(Rect::default().center(), 50), None);
}
