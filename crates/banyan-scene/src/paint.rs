//! A tile, from ground to cards.

use crate::boxes::{is_box, paint_boxes};
use crate::card::{Card, CardSource};
use crate::cutout::Cutout;
use crate::detail::{Detail, Stage};
use crate::ink::Ink;
use crate::inked::{Inking, TileInk};
use crate::labels::{LabelBook, paint_labels};
use crate::links::paint_links;
use crate::node::{Look, paint_node};
use crate::painter::{Painter, PxRect, Target};
use crate::ring::Ring;
use crate::scene::Scene;
use crate::sprites::{Reserved, SpriteBook, SpriteKey, SpriteSlot};
use crate::tile::TileKey;
use crate::zoom::Level;

/// What painting keeps from tile to tile. A painter has one easel and no more, whatever scenes it
/// paints: the sprites are places in that painter's atlases. Sprites are known by their content, so
/// scenes can share them.
#[derive(Debug)]
pub struct Easel {
    pub sprites: SpriteBook,
    pub labels: LabelBook,
    found: Vec<u32>,
}

impl Easel {
    /// With a budget for sprites: 4 MiB make an atlas.
    pub fn new(sprite_budget_bytes: usize) -> Self {
        Self {
            sprites: SpriteBook::new(sprite_budget_bytes),
            labels: LabelBook::default(),
            found: Vec::new(),
        }
    }

    /// Another scene: sprites stay, for they are known by their content.
    pub fn scene_changed(&mut self) {
        self.labels.clear();
    }

    /// Another theme, pixel ratio, or font.
    pub fn look_changed(&mut self) {
        self.labels.clear();
        self.sprites.clear();
    }
}

/// A tile about to be painted: which nodes, and from which sprites.
#[derive(Debug)]
pub struct TilePlan {
    cutout: Cutout,
    nodes: Vec<PlannedNode>,
}

#[derive(Debug)]
pub(crate) struct PlannedNode {
    look: Look,
    card: Option<Card>,
    sprite: Option<SpriteSlot>,
    needs_writing: bool,
}

impl TilePlan {
    /// Sprites to write before the tile can be painted.
    pub fn writes(&self) -> usize {
        self.nodes.iter().filter(|node| node.needs_writing).count()
    }

    /// Sprites to copy into the tile.
    pub fn blits(&self) -> usize {
        self.nodes.iter().filter(|node| node.sprite.is_some()).count()
    }
}

/// Whether a tile of this step is a raster ([`crate::density`], then [`paint_over_density`]) and not
/// painted by [`paint_tile`]: its nodes are mere bars.
pub fn is_density(scene: &Scene, key: TileKey, device_pixel_ratio: f64) -> bool {
    key.cutout(device_pixel_ratio).is_density(scene)
}

impl Cutout {
    /// The same for any rectangle: [`crate::raster`], then [`paint_cutout_over_density`], or else
    /// [`paint_cutout`].
    pub fn is_density(&self, scene: &Scene) -> bool {
        // The boxes of rings say little of what is in them.
        let is_small = Detail::of(self.level.css(scene.typical_height)).stage <= Stage::Bar;
        is_small && scene.sectors.is_empty()
    }
}

/// Paints a whole tile: ground, links, nodes, labels. Sprites that are missing are written first.
/// Of several tiles made in one go, plan and write all before painting the first. Returns what of it is
/// drawn on.
pub fn paint_tile(
    scene: &Scene,
    cards: &dyn CardSource,
    key: TileKey,
    device_pixel_ratio: f64,
    painter: &mut impl Painter,
    easel: &mut Easel,
) -> TileInk {
    let mut painter = Inking::new(painter);
    paint_cutout(scene, cards, &key.cutout(device_pixel_ratio), &mut painter, easel);
    painter.ink
}

/// The same for any rectangle of a level.
pub fn paint_cutout(
    scene: &Scene,
    cards: &dyn CardSource,
    cutout: &Cutout,
    painter: &mut impl Painter,
    easel: &mut Easel,
) {
    easel.sprites.begin_pass();
    let mut plan = plan_cutout(scene, cards, cutout, easel, painter.has_sprites());
    write_sprites(std::slice::from_mut(&mut plan), painter);
    paint_planned(scene, &plan, painter, easel);
}

/// What is drawn on top of a raster: labels, and the few nodes that are much larger than the rest. Returns
/// where.
pub fn paint_over_density(
    scene: &Scene,
    cards: &dyn CardSource,
    key: TileKey,
    device_pixel_ratio: f64,
    painter: &mut impl Painter,
    easel: &mut Easel,
) -> TileInk {
    let mut painter = Inking::new(painter);
    let cutout = key.cutout(device_pixel_ratio);
    paint_cutout_over_density(scene, cards, &cutout, &mut painter, easel);
    painter.ink
}

/// The same for any rectangle of a level.
pub fn paint_cutout_over_density(
    scene: &Scene,
    cards: &dyn CardSource,
    cutout: &Cutout,
    painter: &mut impl Painter,
    easel: &mut Easel,
) {
    let seen = cutout.around();
    for &node in &scene.tall {
        let rect = scene.boxes[node as usize];
        let look = look(scene, node, &cutout.level, cutout.origin());
        if look.detail.stage >= Stage::Box && seen.overlaps(&rect) {
            let card = card(cards, node, look.detail.stage);
            paint_node(painter, &look, card.as_ref());
        }
    }
    paint_labels(scene, cutout, painter, &mut easel.labels);
}

/// Decides what the tile shows and reserves its sprites. Call [`SpriteBook::begin_pass`] before the
/// first tile of a batch.
pub fn plan_tile(
    scene: &Scene,
    cards: &dyn CardSource,
    key: TileKey,
    device_pixel_ratio: f64,
    easel: &mut Easel,
    has_sprites: bool,
) -> TilePlan {
    plan_cutout(scene, cards, &key.cutout(device_pixel_ratio), easel, has_sprites)
}

fn plan_cutout(
    scene: &Scene,
    cards: &dyn CardSource,
    cutout: &Cutout,
    easel: &mut Easel,
    has_sprites: bool,
) -> TilePlan {
    scene.nodes_in(&cutout.around(), &mut easel.found);
    let sprites = has_sprites.then_some(&mut easel.sprites);
    let nodes = plan_nodes(scene, cards, &easel.found, &cutout.level, cutout.origin(), sprites);
    TilePlan { cutout: *cutout, nodes }
}

/// Decides what nodes look like, with their places relative to `origin` in level px, and reserves
/// their sprites.
pub(crate) fn plan_nodes(
    scene: &Scene,
    cards: &dyn CardSource,
    nodes: &[u32],
    level: &Level,
    origin: (i64, i64),
    mut sprites: Option<&mut SpriteBook>,
) -> Vec<PlannedNode> {
    let plan = |&node: &u32| {
        let look = look(scene, node, level, origin);
        let card = card(cards, node, look.detail.stage);
        let reserved = match (&card, &mut sprites) {
            // Without text a node is drawn as fast as it is copied.
            // Nor is what fills little of its box.
            (Some(card), Some(sprites))
                if look.detail.stage >= Stage::Plate && look.ring.is_none() =>
            {
                sprites.reserve(sprite_key(node, card, &look, level.step.0))
            }
            _ => Reserved::NoRoom,
        };
        let (sprite, needs_writing) = match reserved {
            Reserved::Ready(slot) => (Some(slot), false),
            Reserved::Write(slot) => (Some(slot), true),
            Reserved::NoRoom => (None, false),
        };
        PlannedNode { look, card, sprite, needs_writing }
    };
    nodes.iter().map(plan).collect()
}

/// Writes the sprites that the plans lack; no plan may be painted before.
pub fn write_sprites(plans: &mut [TilePlan], painter: &mut impl Painter) {
    write_planned(plans.iter_mut().flat_map(|plan| &mut plan.nodes), painter);
}

pub(crate) fn write_planned<'a>(
    nodes: impl Iterator<Item = &'a mut PlannedNode>,
    painter: &mut impl Painter,
) {
    let mut wrote = false;
    for node in nodes {
        let (Some(slot), true) = (node.sprite, node.needs_writing) else { continue };
        painter.target(Target::Sprite(slot));
        let pad = sprite_pad(&node.look);
        let rect = PxRect { x: pad, y: pad, ..node.look.rect };
        paint_node(painter, &Look { rect, ..node.look }, node.card.as_ref());
        node.needs_writing = false;
        wrote = true;
    }
    if wrote {
        painter.target(Target::Tile);
    }
}

/// Paints a planned tile whose sprites are written.
pub fn paint_planned(
    scene: &Scene,
    plan: &TilePlan,
    painter: &mut impl Painter,
    easel: &mut Easel,
) {
    let cutout = &plan.cutout;
    let (width, height) = (f64::from(cutout.width), f64::from(cutout.height));
    painter.fill_rect(PxRect::new(0.0, 0.0, width, height), Ink::Paper.into());
    scene.routes_in(&cutout.around(), &mut easel.found);
    paint_links(scene, &easel.found, &cutout.level, Some(cutout), painter);
    paint_planned_nodes(&plan.nodes, painter);
    paint_labels(scene, cutout, painter, &mut easel.labels);
}

/// Nodes whose sprites are written.
pub(crate) fn paint_planned_nodes(nodes: &[PlannedNode], painter: &mut impl Painter) {
    let mut boxes: Vec<Look> = nodes.iter().map(|node| node.look).filter(is_box).collect();
    paint_boxes(painter, &mut boxes);
    for node in nodes.iter().filter(|node| !is_box(&node.look)) {
        match node.sprite {
            Some(slot) => {
                let pad = sprite_pad(&node.look);
                let (x, y) = (node.look.rect.x - pad, node.look.rect.y - pad);
                painter.blit(slot, x as i32, y as i32);
            }
            None => paint_node(painter, &node.look, node.card.as_ref()),
        }
    }
}

/// A node's look with its edges on whole px: neighbours that touch in the world touch here.
pub(crate) fn look(scene: &Scene, node: u32, level: &Level, origin: (i64, i64)) -> Look {
    let rect = scene.boxes[node as usize];
    let (x, y) = (level.px(rect.x), level.px(rect.y));
    let (right, bottom) = (level.px(rect.right()), level.px(rect.bottom()));
    Look {
        rect: PxRect {
            x: (x - origin.0) as f64,
            y: (y - origin.1) as f64,
            width: (right - x).max(1) as f64,
            height: (bottom - y).max(1) as f64,
        },
        unit: level.px_per_unit,
        device_pixel_ratio: level.device_pixel_ratio,
        detail: Detail::of(level.css(scene.reading_height(node))),
        shape: scene.shapes[node as usize],
        tint: scene.tints[node as usize],
        ring: scene.sectors.get(node as usize).map(|sector| Ring::of(sector, level, origin)),
    }
}

pub(crate) fn card(cards: &dyn CardSource, node: u32, stage: Stage) -> Option<Card> {
    (stage >= Stage::Chip).then(|| {
        let mut card = Card::default();
        cards.card(node, &mut card);
        card
    })
}

/// Room around a card in its sprite, for the shadow.
fn sprite_pad(look: &Look) -> f64 {
    3.0 * look.hairline()
}

fn sprite_key(node: u32, card: &Card, look: &Look, step: i32) -> SpriteKey {
    let pad = 2.0 * sprite_pad(look);
    SpriteKey {
        node,
        fingerprint: card.fingerprint() ^ (look.shape as u64) << 56,
        step,
        width: (look.rect.width + pad) as i32,
        height: (look.rect.height + pad) as i32,
    }
}
