//! A scene painted straight onto one canvas, without tiles: card by card, or from sprites. What every
//! other way is measured against.

use crate::card::CardSource;
use crate::links::paint_links;
use crate::node::paint_node;
use crate::paint::{Easel, PlannedNode, card, look, paint_nodes, plan_nodes, write_planned};
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

/// Cards and their sprites, all written.
#[derive(Debug)]
pub struct SpritePlan(Vec<PlannedNode>);

/// Writes a sprite for each of `nodes`, to be copied by [`paint_from_sprites`] as often as one likes.
pub fn plan_sprites(
    scene: &Scene,
    cards: &dyn CardSource,
    nodes: &[u32],
    level: &Level,
    painter: &mut impl Painter,
    easel: &mut Easel,
) -> SpritePlan {
    easel.sprites.begin_pass();
    let mut planned = plan_nodes(scene, cards, nodes, level, (0, 0), &mut easel.sprites);
    write_planned(planned.iter_mut(), painter);
    SpritePlan(planned)
}

/// [`paint_direct`] with every card copied from its sprite. Cards that had no room are drawn.
pub fn paint_from_sprites(
    scene: &Scene,
    plan: &SpritePlan,
    level: &Level,
    painter: &mut impl Painter,
) {
    let routes: Vec<u32> = (0..scene.routes.len() as u32).collect();
    paint_links(scene, &routes, level, None, painter);
    paint_nodes(&plan.0, painter);
}
