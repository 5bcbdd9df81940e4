//! A scene of made-up cards, and pictures of it.

use std::ops::ControlFlow;
use std::path::Path;

use banyan_export::{Job, Photo, Subject, Surface as _, run};
use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::{RouteKind, Routes};
use banyan_raster::{RasterPainter, Typesetter};
use banyan_scene::{
    Card, CardSource, Cutout, Easel, Ink, Palette, Pixels, Rgba, Scene, SceneParts, Theme,
    density_of_cutout, paint_cutout, paint_cutout_over_density,
};

/// What the fonts of Debian's `fonts-dejavu-core` and `fonts-noto-cjk` are called.
pub const FONTS: [&str; 4] = [
    "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf",
    "/usr/share/fonts/truetype/dejavu/DejaVuSans-Bold.ttf",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc",
    "/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc",
];

pub fn typesetter() -> Typesetter {
    Typesetter::of_files(FONTS.map(Path::new))
}

/// Cards named by their number, in several scripts.
pub struct Numbered;

impl CardSource for Numbered {
    fn card(&self, node: u32, card: &mut Card) {
        card.title = name(node);
        card.subtitle = "1819 – 1901".into();
        card.band = Some(if node.is_multiple_of(2) { Ink::Male } else { Ink::Female });
    }
}

pub fn name(node: u32) -> String {
    match node % 4 {
        0 => format!("Ann <{node}> & Co"),
        1 => format!("贾宝玉 {node}"),
        2 => format!("דוד {node}"),
        _ => format!("Nguye\u{302}\u{303}n {node}"),
    }
}

pub fn palette() -> Palette {
    let tokens = include_str!("../../../../style/tokens.css");
    Palette::parse(tokens, Theme::Light).unwrap()
}

/// A face that somebody drew: a ring on a slope of colours.
pub fn portrait() -> Photo {
    let px = |at: i32| {
        let (x, y) = (at % 96, at / 96);
        let square = (x - 48).pow(2) + (y - 40).pow(2);
        let is_ring = (600..900).contains(&square);
        if is_ring { [250, 210, 160, 255] } else { [(2 * x) as u8, 40, (2 * y) as u8, 255] }
    };
    let rgba: Vec<u8> = (0..96 * 96).flat_map(px).collect();
    let ground = Rgba { red: 0, green: 0, blue: 0, alpha: 255 };
    Photo::new(96, &rgba, ground).unwrap()
}

/// Cards of 176 x 56 in a grid, each joined with the one below, corner by corner with a far one.
pub fn grid(columns: i32, rows: i32) -> Scene {
    let mut parts = SceneParts::default();
    let mut routes = Routes::default();
    for row in 0..rows {
        for column in 0..columns {
            let rect = Rect::new(column * 200, row * 100, 176, 56);
            let node = parts.boxes.len() as u32;
            if row > 0 {
                let (x, bus) = (rect.center().x, rect.y - 22);
                let points = [
                    Point::new(x, rect.y - 44),
                    Point::new(x, bus),
                    Point::new(x + 40, bus),
                    Point::new(x + 40, rect.y),
                ];
                routes.push(RouteKind::Descent, (node - columns as u32, node), &points);
            }
            parts.boxes.push(rect);
            parts.tints.push(if node.is_multiple_of(2) { Ink::Male } else { Ink::Female });
        }
    }
    let (right, bottom) = ((columns - 1) * 200, (rows - 1) * 100);
    routes.push(RouteKind::Cross, (0, 1), &[Point::new(88, 28), Point::new(right, bottom)]);
    Scene::new(SceneParts { routes, ..parts })
}

/// RGBA of a cutout, painted in one go.
pub fn painted(
    scene: &Scene,
    cards: &dyn CardSource,
    cutout: &Cutout,
    painter: &mut RasterPainter,
) -> Vec<u8> {
    let mut pixels = Vec::new();
    let mut easel = Easel::new(0);
    painter.begin(cutout.width as u32, cutout.height as u32).unwrap();
    if cutout.is_density(scene) {
        let mut density = Pixels::default();
        density_of_cutout(scene, cutout, &palette(), &mut density);
        painter.put(&density.rgba).unwrap();
        paint_cutout_over_density(scene, cards, cutout, painter, &mut easel);
    } else {
        paint_cutout(scene, cards, cutout, painter, &mut easel);
    }
    painter.read(&mut pixels).unwrap();
    pixels
}

/// Does a job to its end; returns the shares that were told.
pub fn finish(job: &mut dyn Job, scene: &Scene) -> Vec<f32> {
    let palette = palette();
    let subject = Subject { scene, cards: &Numbered, palette: &palette, footer: None };
    let mut shares = Vec::new();
    let is_whole = run(job, &subject, None, &mut |share| {
        shares.push(share);
        ControlFlow::Continue(())
    });
    assert!(is_whole.unwrap());
    assert!(shares.windows(2).all(|pair| pair[0] <= pair[1]), "{shares:?}");
    assert_eq!(shares.last(), Some(&1.0));
    shares
}

/// The mean and the largest difference of two pictures' channels.
pub fn difference(a: &[u8], b: &[u8]) -> (f64, u8) {
    assert_eq!(a.len(), b.len());
    let differences = a.iter().zip(b).map(|(a, b)| a.abs_diff(*b));
    let sum: u64 = differences.clone().map(u64::from).sum();
    (sum as f64 / a.len() as f64, differences.max().unwrap_or(0))
}
