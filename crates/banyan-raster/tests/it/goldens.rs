//! Golden pictures: every level of detail, every script. With `BANYAN_GOLDENS=1` they are made anew.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use banyan_export::{Album, Surface as _};
use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::{RouteKind, Routes};
use banyan_raster::{RasterPainter, Typesetter};
use banyan_scene::{
    Badge, Card, CardSource, Cutout, Glyph, Ink, Landmark, Level, Meter, Palette, Scene,
    SceneParts, Shape, ZoomStep,
};

use crate::sample::{FONTS, difference, painted, palette, portrait};

const EMOJI: &str = "/usr/share/fonts/truetype/noto/NotoColorEmoji.ttf";
/// The lengths of the font files that the pictures were made with: others draw other letters.
const LENGTHS: [(&str, u64); 5] = [
    (FONTS[0], 759_720),
    (FONTS[1], 708_920),
    (FONTS[2], 19_484_784),
    (FONTS[3], 20_050_760),
    (EMOJI, 10_980_856),
];
/// Mean difference of a channel: rounding differs between machines by less.
const MOST_MEAN: f64 = 0.05;

/// The fonts, or `None` and a word about it where the machine has others.
fn fonts(with_emoji: bool) -> Option<Typesetter> {
    let wanted = &LENGTHS[..if with_emoji { 5 } else { 4 }];
    for (file, length) in wanted {
        let found = fs::metadata(file).map(|data| data.len()).ok();
        if found != Some(*length) {
            let line = format!("skipped: {file} has {found:?} bytes and not {length}\n");
            // Past the test's own capture, so that it is seen.
            let _ = std::io::stderr().write_all(line.as_bytes());
            return None;
        }
    }
    Some(Typesetter::of_files(wanted.iter().map(|(file, _)| Path::new(*file))))
}

/// One card for all nodes.
struct Always(Card);

impl CardSource for Always {
    fn card(&self, _node: u32, card: &mut Card) {
        card.clone_from(&self.0);
    }
}

fn person(title: &str) -> Card {
    Card {
        title: title.into(),
        subtitle: "1819 – 1901".into(),
        note: "GEN 4".into(),
        band: Some(Ink::Female),
        ..Card::default()
    }
}

/// A couple with two children.
fn family() -> Scene {
    let mut routes = Routes::default();
    routes.push(RouteKind::Couple, (0, 1), &[Point::new(196, 48), Point::new(220, 48)]);
    for (child, x) in [(2, 108), (3, 308)] {
        let line = [(208, 48), (208, 98), (x, 98), (x, 120)].map(|(x, y)| Point::new(x, y));
        routes.push(RouteKind::Descent, (0, child), &line);
    }
    routes.push(RouteKind::Cross, (2, 1), &[Point::new(108, 120), Point::new(308, 76)]);
    let boxes = vec![
        Rect::new(20, 20, 176, 56),
        Rect::new(220, 20, 176, 56),
        Rect::new(20, 120, 176, 56),
        Rect::new(220, 120, 176, 56),
    ];
    Scene::new(SceneParts {
        boxes,
        tints: vec![Ink::Male, Ink::Female, Ink::Male, Ink::SexUnknown],
        shapes: vec![Shape::Card, Shape::Card, Shape::Header, Shape::Ghost],
        routes,
        route_inks: vec![Ink::LineStrong, Ink::Line, Ink::Line, Ink::Cross],
        landmarks: vec![Landmark {
            region: Rect::new(0, 0, 416, 196),
            weight: 4,
            text: "Hanover".into(),
        }],
        ..SceneParts::default()
    })
}

fn check(name: &str, card: &Card, step: i32, with_emoji: bool) {
    let Some(fonts) = fonts(with_emoji) else { return };
    check_in(name, card, step, RasterPainter::new(palette(), fonts).unwrap());
}

fn check_in(name: &str, card: &Card, step: i32, mut painter: RasterPainter) {
    let scene = family();
    let level = Level::new(ZoomStep(step), 1.0);
    let cutout = Cutout::of_region(Rect::new(0, 0, 416, 196), level);
    let pixels = painted(&scene, &Always(card.clone()), &cutout, &mut painter);
    let file = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("tests/goldens/{name}.png"));
    let size = (cutout.width as u32, cutout.height as u32);
    if std::env::var_os("BANYAN_GOLDENS").is_some() {
        write(&file, size, &pixels);
    }
    let (golden_size, golden) = read(&file);
    assert_eq!(golden_size, size, "{name}");
    let (mean, most) = difference(&pixels, &golden);
    if mean > MOST_MEAN {
        let seen = std::env::temp_dir().join(format!("{name}.png"));
        write(&seen, size, &pixels);
        panic!("{name} differs by {mean} (at most {most}): see {}", seen.display());
    }
}

fn write(file: &Path, (width, height): (u32, u32), rgba: &[u8]) {
    let mut encoder = png::Encoder::new(fs::File::create(file).unwrap(), width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_compression(png::Compression::High);
    encoder.write_header().unwrap().write_image_data(rgba).unwrap();
}

fn read(file: &Path) -> ((u32, u32), Vec<u8>) {
    let open = fs::File::open(file)
        .unwrap_or_else(|error| panic!("{}: {error}; BANYAN_GOLDENS=1 makes it", file.display()));
    let mut reader = png::Decoder::new(std::io::BufReader::new(open)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    ((info.width, info.height), pixels)
}

#[test]
fn every_level_of_detail() {
    for (name, css_height) in [
        ("density", 2.0),
        ("bar", 4.0),
        ("box", 9.0),
        ("chip", 15.0),
        ("plate", 24.0),
        ("card", 36.0),
        ("full", 56.0),
        ("large", 112.0),
    ] {
        let step = ZoomStep::nearest(css_height / 56.0).0;
        check(name, &person("Victoria of Kent"), step, false);
    }
}

#[test]
fn every_script() {
    for (name, title) in [
        ("latin", "Ærøskøbing Łódź"),
        ("chinese", "贾宝玉（通灵宝玉）"),
        ("hebrew", "דוד בן ישי"),
        ("arabic", "محمد بن عبد الله"),
        ("combining", "Nguye\u{302}\u{303}n Va\u{306}n e\u{301}\u{323}"),
        ("long", "Prince Albert of Saxe-Coburg and Gotha"),
        ("long-chinese", "贾宝玉（通灵宝玉，怡红公子，绛洞花王）"),
        ("hostile", "\u{202e}<b>\u{1b}[31m\u{0}"),
    ] {
        check(name, &person(title), 0, false);
    }
}

#[test]
fn emoji() {
    check("emoji", &person("👩‍🚀 Ada 🇨🇳 ❤️"), 0, true);
}

#[test]
fn a_connection() {
    let card = Card {
        title: "10.0.0.7:51234".into(),
        figure: "3 s".into(),
        subtitle: "worker-3".into(),
        note: "DB 0 GET".into(),
        badge: Some(Badge { glyph: Glyph::Pause, ink: Ink::Waiting }),
        meters: vec![Meter { share: 0.5, ink: Ink::Idle }, Meter { share: 0.9, ink: Ink::Fine }],
        strip: vec![(0.25, Ink::TypeString), (0.75, Ink::TypeHash)],
        ..Card::default()
    };
    check("connection", &card, 0, false);
}

#[test]
fn a_photo() {
    for (name, css_height) in [("photo", 56.0), ("photo-small", 33.0), ("photo-large", 160.0)] {
        let Some(fonts) = fonts(false) else { return };
        let mut painter = RasterPainter::new(palette(), fonts).unwrap();
        let mut album = Album::default();
        for number in album.lacking(&[7].into()) {
            album.put(number, Some(portrait()));
        }
        painter.take_photos(&album).unwrap();
        let card = Card { photo: Some(7), ..person("Victoria of Kent") };
        check_in(name, &card, ZoomStep::nearest(css_height / 56.0).0, painter);
    }
}

#[test]
fn the_dark_theme() {
    let tokens = include_str!("../../../../style/tokens.css");
    let palette = Palette::parse(tokens, banyan_scene::Theme::Dark).unwrap();
    if let Some(fonts) = fonts(false) {
        let painter = RasterPainter::new(palette, fonts).unwrap();
        check_in("dark", &person("Victoria of Kent"), 0, painter);
    }
}
