//! A scene of made-up cards for the tests.

use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::{RouteKind, Routes};
use banyan_scene::{Card, CardSource, Ink, Palette, Scene, SceneParts, Theme};

/// Cards named by their number.
pub struct Numbered;

impl CardSource for Numbered {
    fn card(&self, node: u32, card: &mut Card) {
        card.title = format!("Person {node}");
        card.subtitle = "1819 – 1901".into();
        card.band = Some(if node.is_multiple_of(2) { Ink::Male } else { Ink::Female });
    }
}

/// One card again and again.
pub struct Always(pub Card);

impl CardSource for Always {
    fn card(&self, _node: u32, card: &mut Card) {
        card.clone_from(&self.0);
    }
}

pub fn palette() -> Palette {
    let tokens = include_str!("../../../../style/tokens.css");
    Palette::parse(tokens, Theme::Light).unwrap_or_else(|error| panic!("{error}"))
}

/// Cards of 176 x 56 in a grid, each joined with the one below.
pub fn grid(columns: i32, rows: i32) -> Scene {
    let mut boxes = Vec::new();
    let mut tints = Vec::new();
    let mut routes = Routes::default();
    for row in 0..rows {
        for column in 0..columns {
            let rect = Rect::new(column * 200, row * 100, 176, 56);
            let node = boxes.len() as u32;
            if row > 0 {
                let (x, bus) = (rect.center().x, rect.y - 22);
                let points =
                    [Point::new(x, rect.y - 44), Point::new(x, bus), Point::new(x, rect.y)];
                routes.push(RouteKind::Descent, (node - columns as u32, node), &points);
            }
            boxes.push(rect);
            tints.push(if node.is_multiple_of(2) { Ink::Male } else { Ink::Female });
        }
    }
    Scene::new(SceneParts { boxes, tints, routes, ..SceneParts::default() })
}

pub fn one(rect: Rect, tint: Ink) -> Scene {
    Scene::new(SceneParts { boxes: vec![rect], tints: vec![tint], ..SceneParts::default() })
}
