//! SVG: a tree of elements in which every name can be found.

use banyan_export::SvgJob;
use banyan_layout::geometry::Rect;
use banyan_scene::{Cutout, Level, Scene};

use crate::sample::{finish, grid, name};

fn file(scene: &Scene, cutout: Cutout, is_full: bool) -> String {
    let mut file = Vec::new();
    finish(&mut SvgJob::new(cutout, 1.0, is_full, &mut file).unwrap(), scene);
    String::from_utf8(file).unwrap()
}

fn titles(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let texts = document.descendants().filter(|node| node.has_tag_name("text"));
    texts.filter_map(|node| node.text()).map(str::to_owned).filter(|it| !it.contains('–')).collect()
}

#[test]
fn every_name_is_there_at_any_scale_in_drawing_order() {
    let scene = grid(20, 25);
    let names: Vec<String> = (0..500).map(name).collect();
    let whole = Cutout::of_region(scene.bounds.inflated(24), Level::of_scale(1.0));
    assert_eq!(titles(&file(&scene, whole, true)), names);
    // What is seen from afar has no names.
    let far = Cutout::of_region(scene.bounds, Level::of_scale(0.1));
    assert!(titles(&file(&scene, far, false)).is_empty());
}

#[test]
fn a_part_holds_what_touches_it() {
    let scene = grid(20, 25);
    let part = Cutout::of_region(Rect::new(410, 210, 180, 80), Level::of_scale(1.0));
    let svg = file(&scene, part, true);
    assert_eq!(titles(&svg), [name(42)]);
    assert!(svg.contains("viewBox=\"0 0 180 80\""));
    // A path of the lines down to and from the card, one of the long cross link, the card's edge.
    assert_eq!(svg.matches("fill=\"none\"").count(), 3, "{svg}");
}
