//! A scene painted straight onto one canvas, without tiles: card by card, or from sprites. What every
//! other way is measured against, and how pictures are made that keep their lines and letters.

use std::collections::BTreeSet;

use crate::boxes::{is_box, paint_boxes};
use crate::card::{Card, CardSource};
use crate::cutout::Cutout;
use crate::detail::Detail;
use crate::links::paint_links;
use crate::node::{Look, paint_node};
use crate::paint::{
    Easel, PlannedNode, card, look, paint_planned_nodes, plan_nodes, write_planned,
};
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
    let mut planned = plan_nodes(scene, cards, nodes, level, (0, 0), Some(&mut easel.sprites));
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
    paint_planned_nodes(&plan.0, painter);
}

/// Paints lines in the px of the cutout. All of one kind and ink become one path.
pub fn paint_routes(scene: &Scene, routes: &[u32], cutout: &Cutout, painter: &mut impl Painter) {
    paint_links(scene, routes, &cutout.level, Some(cutout), painter);
}

/// Paints nodes in the px of the cutout, in as much detail as their size allows, or in the one that
/// is given.
pub fn paint_nodes(
    scene: &Scene,
    cards: &dyn CardSource,
    nodes: &[u32],
    cutout: &Cutout,
    detail: Option<Detail>,
    painter: &mut impl Painter,
) {
    let look_of = |node: u32| look_in(scene, node, cutout, detail);
    let mut boxes: Vec<Look> = nodes.iter().map(|&node| look_of(node)).filter(is_box).collect();
    paint_boxes(painter, &mut boxes);
    for &node in nodes {
        let look = look_of(node);
        if !is_box(&look) {
            paint_node(painter, &look, card(cards, node, look.detail.stage).as_ref());
        }
    }
}

fn look_in(scene: &Scene, node: u32, cutout: &Cutout, detail: Option<Detail>) -> Look {
    let look = look(scene, node, &cutout.level, cutout.origin());
    Look { detail: detail.unwrap_or(look.detail), ..look }
}

/// The pictures that [`paint_nodes`] asks its painter for: see [`Card::photo`].
pub fn photos_of(
    scene: &Scene,
    cards: &dyn CardSource,
    nodes: &[u32],
    cutout: &Cutout,
    detail: Option<Detail>,
) -> BTreeSet<u32> {
    let mut card = Card::default();
    let mut photo_of = |&node: &u32| {
        card.clear();
        cards.card(node, &mut card);
        card.photo
    };
    let shown = nodes.iter().filter(|&&node| look_in(scene, node, cutout, detail).has_photo());
    shown.filter_map(&mut photo_of).collect()
}

/// The pictures that [`crate::paint_cutout`] asks its painter for; none where the cutout is a raster.
pub fn photos_in(scene: &Scene, cards: &dyn CardSource, cutout: &Cutout) -> BTreeSet<u32> {
    let mut nodes = Vec::new();
    if !cutout.is_density(scene) {
        scene.nodes_in(&cutout.around(), &mut nodes);
    }
    photos_of(scene, cards, &nodes, cutout, None)
}
