//! Pictures on cards: in every format, each in the file once, and none where it cannot be had.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use banyan_export::{Job, Layout, Paper, PdfJob, PdfOrder, Photo, PngJob, Subject, SvgJob, run};
use banyan_raster::{FontGlyphs, RasterPainter};
use banyan_scene::{Card, CardSource, Cutout, Level, Rgba, Scene};

use crate::pdf::{objects, pages};
use crate::sample::{Numbered, grid, name, palette, typesetter};

const GREEN: [u8; 3] = [20, 230, 60];

/// Every third person has a picture; two by two they share it, and that of number 3 is broken.
struct Pictured;

fn photo_of(node: u32) -> Option<u32> {
    node.is_multiple_of(3).then_some(node / 6)
}

impl CardSource for Pictured {
    fn card(&self, node: u32, card: &mut Card) {
        Numbered.card(node, card);
        card.photo = photo_of(node);
    }
}

/// Does a job; returns how often each picture was decoded.
fn finish(job: &mut dyn Job, scene: &Scene) -> BTreeMap<u32, u32> {
    let palette = palette();
    let subject = Subject { scene, cards: &Pictured, palette: &palette, footer: None };
    let mut decoded = BTreeMap::new();
    let mut decode = |number| {
        *decoded.entry(number).or_default() += 1;
        let [red, green, blue] = GREEN;
        let ground = Rgba { red, green, blue, alpha: 255 };
        (number != 3).then(|| Photo::new(8, &[0; 8 * 8 * 4], ground)).flatten()
    };
    run(job, &subject, Some(&mut decode), &mut |_| ControlFlow::Continue(())).unwrap();
    decoded
}

/// 600 persons, of whom 200 have 100 pictures: more than one step of a job draws.
fn everybody() -> (Scene, Cutout, BTreeMap<u32, u32>) {
    let scene = grid(20, 30);
    let cutout = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(1.0));
    (scene, cutout, (0..100).map(|number| (number, 1)).collect())
}

#[test]
fn an_svg_holds_each_once_and_shows_it_on_every_card() {
    let (scene, cutout, once) = everybody();
    let mut file = Vec::new();
    let decoded = finish(&mut SvgJob::new(cutout, 1.0, true, &mut file).unwrap(), &scene);
    assert_eq!(decoded, once);
    let svg = String::from_utf8(file).unwrap();
    let document = roxmltree::Document::parse(&svg).unwrap();
    let with = |tag: &'static str| document.descendants().filter(move |it| it.has_tag_name(tag));
    let address = |it: roxmltree::Node<'_, '_>| it.attribute("href").unwrap().to_owned();
    let held: Vec<String> = with("image").map(|it| it.attribute("id").unwrap().into()).collect();
    assert_eq!(held.len(), 99);
    assert!(with("image").all(|it| address(it).starts_with("data:image/png;base64,iVBORw0KGgo")));
    let shown: Vec<String> = with("use").map(address).collect();
    let expect = (0..600).filter_map(photo_of).filter(|&number| number != 3);
    assert!(shown.iter().eq(&expect.map(|it| format!("#photo-{it}")).collect::<Vec<_>>()));
    let corners: Vec<&str> = with("clipPath").filter_map(|it| it.attribute("id")).collect();
    assert_eq!(corners.len(), 1, "all cards are alike");
    assert!(with("use").all(|it| it.attribute("clip-path") == Some("url(#corner-87)")));
    // Names make room for a picture, where there is one.
    let x_of = |node: u32| {
        let title = with("text").find(|it| it.text() == Some(&name(node))).unwrap();
        title.attribute("x").unwrap().parse::<f64>().unwrap() - f64::from(node as i32 % 20 * 200)
    };
    assert!(x_of(3) > x_of(1) + 40.0);
    assert_eq!(x_of(18), x_of(1), "a broken picture leaves no hole");
}

#[test]
fn a_pdf_holds_each_once_however_many_pages_show_it() {
    let (scene, cutout, once) = everybody();
    for layout in [
        Layout::One { points_per_px: 0.75 },
        Layout::Tiled { points_per_px: 0.75, paper: Paper::A4 },
    ] {
        let order =
            PdfOrder { cutout, is_full: true, layout, title: "Photos".into(), facts: Vec::new() };
        let mut file = Vec::new();
        let glyphs = FontGlyphs::new(typesetter());
        let mut job = PdfJob::new(order, palette(), glyphs, &mut file).unwrap();
        assert_eq!(finish(&mut job, &scene), once);
        drop(job);
        let objects = objects(&file);
        let is_photo = |entries: &str| entries.contains("/Subtype /Image /Width 8 /Height 8 ");
        let photos: Vec<u32> = objects
            .iter()
            .filter(|(_, (entries, _))| is_photo(entries))
            .inspect(|(_, (_, data))| assert_eq!(*data, GREEN.repeat(64)))
            .map(|(number, _)| *number)
            .collect();
        assert_eq!(photos.len(), 99);
        // Each page names what it draws, and draws what it names.
        let mut drawn = 0;
        for (page, _) in objects.values().filter(|(page, _)| page.contains("/Type /Page ")) {
            let named = page.split("/XObject << ").nth(1).unwrap().split(" >>").next().unwrap();
            let contents = page.split("/Contents [").nth(1).unwrap().split(']').next().unwrap();
            let parts = contents.split(" 0 R").filter_map(|part| part.trim().parse().ok());
            let content: String =
                parts.map(|part: u32| String::from_utf8_lossy(&objects[&part].1)).collect();
            for name in named.split('/').skip(1) {
                let mut words = name.split_whitespace();
                let (name, place) = (words.next().unwrap(), words.next().unwrap());
                assert!(photos.contains(&place.parse().unwrap()), "{named}");
                assert!(content.contains(&format!("/{name} Do Q")), "{name}");
            }
            let shown = content.matches(" Do Q").count();
            assert!(shown == 0 || !named.is_empty());
            drawn += shown;
        }
        assert!(drawn >= 198, "{drawn}");
        assert!(!pages(&file).is_empty());
    }
}

/// The px of a PNG that have about the colour of all pictures, and how often each was decoded.
fn green(scale: f64) -> (usize, BTreeMap<u32, u32>) {
    let scene = grid(20, 30);
    let cutout = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(scale));
    let painter = RasterPainter::new(palette(), typesetter()).unwrap();
    let mut file = Vec::new();
    let decoded = finish(&mut PngJob::new(cutout, 96.0, painter, &mut file).unwrap(), &scene);
    let mut reader = png::Decoder::new(std::io::Cursor::new(file)).read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    reader.next_frame(&mut pixels).unwrap();
    let (pixels, _) = pixels.as_chunks::<3>();
    let is_green = |px: &[u8; 3]| px.iter().zip(GREEN).all(|(a, b)| a.abs_diff(b) < 3);
    (pixels.iter().filter(|px| is_green(px)).count(), decoded)
}

#[test]
fn a_png_shows_them_across_pieces_and_strips() {
    let (px, decoded) = green(1.0);
    // Squares of 46 px, less their corners.
    let share = px as f64 / (198.0 * 46.0 * 46.0);
    assert!((0.97..1.0).contains(&share), "{share}");
    assert_eq!(decoded, everybody().2, "what a strip has cut is kept for the next");
    let (px, decoded) = green(0.3);
    assert_eq!((px, decoded.len()), (0, 0), "small cards show none, and none is decoded");
}
