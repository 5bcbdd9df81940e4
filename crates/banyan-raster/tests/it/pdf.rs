//! PDF: objects stand where the table says, and text is text.

use std::collections::BTreeMap;
use std::io::Read as _;

use banyan_export::{Layout, Paper, PdfJob, PdfOrder, page_count};
use banyan_raster::FontGlyphs;
use banyan_scene::{Cutout, Level, Scene};

use crate::sample::{finish, grid, name, palette, typesetter};

fn file(scene: &Scene, layout: Layout) -> Vec<u8> {
    let cutout = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(1.0));
    let order = PdfOrder {
        cutout,
        is_full: true,
        layout,
        title: "Poster (贾府)".into(),
        facts: vec!["120 persons".into()],
    };
    let mut file = Vec::new();
    let glyphs = FontGlyphs::new(typesetter());
    finish(&mut PdfJob::new(order, palette(), glyphs, &mut file).unwrap(), scene);
    file
}

/// The objects of a file by number, dictionary and, unpacked, data; found by its table alone.
pub fn objects(file: &[u8]) -> BTreeMap<u32, (String, Vec<u8>)> {
    let text = |range: std::ops::Range<usize>| String::from_utf8_lossy(&file[range]).into_owned();
    let tail = text(file.len() - 200..file.len());
    let start: usize =
        tail.split("startxref\n").nth(1).unwrap().lines().next().unwrap().parse().unwrap();
    let table = text(start..file.len());
    let mut objects = BTreeMap::new();
    for (number, line) in table.lines().skip(2).enumerate().skip(1) {
        let Some(place) = line.strip_suffix(" 00000 n ") else { break };
        let place: usize = place.parse().unwrap();
        let body = &file[place..];
        let head = format!("{number} 0 obj\n");
        assert!(body.starts_with(head.as_bytes()), "object {number} is not at {place}");
        let body = &body[head.len()..];
        let find = |what: &[u8]| body.windows(what.len()).position(|part| part == what);
        let end = find(b"\nendobj").unwrap();
        let object = match find(b"stream\n").filter(|at| *at < end) {
            Some(at) => {
                let entries = String::from_utf8_lossy(&body[..at]).into_owned();
                let length: usize = entries.split_whitespace().nth(2).unwrap().parse().unwrap();
                let data = &body[at + 7..at + 7 + length];
                assert!(body[at + 7 + length..].starts_with(b"\nendstream\nendobj"));
                let mut unpacked = Vec::new();
                flate2::read::ZlibDecoder::new(data).read_to_end(&mut unpacked).unwrap();
                (entries, unpacked)
            }
            None => (String::from_utf8_lossy(&body[..end]).into_owned(), Vec::new()),
        };
        objects.insert(number as u32, object);
    }
    objects
}

/// The reference after a name in a dictionary.
fn reference(dictionary: &str, name: &str) -> u32 {
    let after = dictionary.split(name).nth(1).unwrap_or_else(|| panic!("{name} in {dictionary}"));
    after.split_whitespace().next().unwrap().parse().unwrap()
}

/// Which text each code of a font stands for.
fn unicode(map: &str) -> BTreeMap<u8, String> {
    map.lines()
        .filter_map(|line| {
            let (code, text) = line.strip_prefix('<')?.split_once("> <")?;
            let text = text.strip_suffix('>')?;
            let units: Vec<u16> = (0..text.len() / 4)
                .map(|i| u16::from_str_radix(&text[4 * i..4 * i + 4], 16).unwrap())
                .collect();
            Some((u8::from_str_radix(code, 16).ok()?, String::from_utf16(&units).unwrap()))
        })
        .collect()
}

/// The lines of text of each page.
pub fn pages(file: &[u8]) -> Vec<Vec<String>> {
    let objects = objects(file);
    let of_type = |kind: &str| {
        let entry = format!("/Type /{kind} ");
        objects.values().filter(move |(entries, _)| entries.contains(&entry))
    };
    of_type("Page")
        .map(|(page, _)| {
            let mut lines = Vec::new();
            let contents = page.split("/Contents [").nth(1).unwrap().split(']').next().unwrap();
            let parts: Vec<u32> =
                contents.split(" 0 R").filter_map(|part| part.trim().parse().ok()).collect();
            for part in parts {
                let content = String::from_utf8(objects[&part].1.clone()).unwrap();
                for line in content.lines().filter(|line| line.starts_with("BT ")) {
                    let mut text = String::new();
                    for run in line.split('/').skip(1) {
                        let font = run.split_whitespace().next().unwrap();
                        let font = &objects[&reference(page, &format!("/{font} "))].0;
                        let map = &objects[&reference(font, "/ToUnicode ")].1;
                        let map = unicode(std::str::from_utf8(map).unwrap());
                        let codes = run.split('<').nth(1).unwrap().split('>').next().unwrap();
                        for i in 0..codes.len() / 2 {
                            let code = u8::from_str_radix(&codes[2 * i..2 * i + 2], 16).unwrap();
                            text += &map[&code];
                        }
                    }
                    lines.push(text);
                }
            }
            lines
        })
        .collect()
}

/// What is read from left to right; Hebrew runs the other way.
fn seen(name: &str) -> String {
    let (letters, number) = name.rsplit_once(' ').unwrap();
    if letters == "דוד" { format!("{number} {letters}") } else { name.to_owned() }
}

#[test]
fn every_name_can_be_found_on_one_large_page() {
    let scene = grid(10, 12);
    let file = file(&scene, Layout::One { points_per_px: 0.75 });
    let pages = pages(&file);
    assert_eq!(pages.len(), 1);
    assert_eq!(pages[0][..2], ["Poster (贾府)", "120 persons"]);
    for node in 0..120 {
        let name = name(node);
        assert!(
            pages[0].iter().any(|line| *line == name || *line == seen(&name)),
            "{name}: {pages:?}"
        );
    }
}

#[test]
fn a_poster_has_the_pages_that_were_foretold_and_each_name_on_one_at_least() {
    let scene = grid(10, 12);
    let layout = Layout::Tiled { points_per_px: 0.75, paper: Paper::A4 };
    let cutout = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(1.0));
    let pages = pages(&file(&scene, layout));
    assert_eq!(pages.len() as u64, page_count(&cutout, layout));
    assert!(pages.len() > 3);
    for node in 0..120 {
        let name = name(node);
        let is_there =
            |page: &Vec<String>| page.iter().any(|line| *line == name || *line == seen(&name));
        assert!(pages.iter().any(is_there), "{name}");
    }
    let foot = |page: &Vec<String>| page.iter().any(|line| line == "Poster (贾府)");
    assert!(pages.iter().all(foot));
    let (cover, sheets) = pages.split_first().unwrap();
    assert_eq!(cover[..2], ["Poster (贾府)", "120 persons"]);
    // The plan calls the sheets as they are called at their feet.
    for sheet in sheets {
        let foot = sheet.iter().find(|line| line.contains(" · ")).unwrap();
        let (label, place) = foot.split_once(" · ").unwrap();
        assert!(cover.iter().any(|line| line == label), "{label}: {cover:?}");
        assert!(place.ends_with(&format!(" / {}", sheets.len())), "{place}");
    }
    assert!(sheets[0].iter().any(|line| line.starts_with("A1 · 1 / ")), "{:?}", sheets[0]);
}

#[test]
fn the_same_scene_gives_the_same_bytes() {
    let scene = grid(4, 4);
    let layout = Layout::Tiled { points_per_px: 2.0, paper: Paper::Letter };
    assert_eq!(file(&scene, layout), file(&scene, layout));
}
