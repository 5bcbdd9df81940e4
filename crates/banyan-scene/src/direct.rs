//! A scene painted straight onto one canvas, without tiles and without sprites: what every other way
//! is measured against.

use crate::card::CardSource;
use crate::links::paint_links;
use crate::node::paint_node;
use crate::paint::{card, look};
use crate::painter::Painter;
use crate::scene::Scene;
use crate::zoom::Level;

/// Paints `nodes` and all lines of the scene in level px: whoever calls moves the painter's origin to
/// the window and lets it clip, as a plain viewer does.
pub fn paint_direct(
    scene: &Scene,
    cards: &dyn CardSource,
    nodes: &[u32],
    level: &Level,
    painter: &mut impl Painter,
) {
    let routes: Vec<u32> = (0..scene.routes.len() as u32).collect();
    paint_links(scene, &routes, level, None, painter);
    for &node in nodes {
        let look = look(scene, node, level, (0, 0));
        let card = card(cards, node, look.detail.stage);
        paint_node(painter, &look, card.as_ref());
    }
}
