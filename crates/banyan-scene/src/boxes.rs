//! Nodes without text, many at a time: three passes of plain rectangles in one colour each, because
//! a change of colour costs a canvas more than the rectangle.

use crate::detail::Stage;
use crate::ink::Ink;
use crate::node::{BAR_OPACITY, Look};
use crate::painter::Painter;
use crate::scene::Shape;

/// Whether [`paint_boxes`] can paint the node.
pub(crate) fn is_box(look: &Look) -> bool {
    if look.ring.is_some() {
        return false;
    }
    match look.detail.stage {
        Stage::Density | Stage::Bar => true,
        Stage::Box => matches!(look.shape, Shape::Card | Shape::Header | Shape::Column),
        _ => false,
    }
}

/// Paints the nodes of a tile that are nothing but boxes: edges, grounds, and tints.
pub(crate) fn paint_boxes(painter: &mut impl Painter, looks: &mut [Look]) {
    // A stable sort: the same nodes in the same order make the same picture.
    looks.sort_by_key(|look| look.tint);
    let framed = || looks.iter().filter(|look| look.detail.stage == Stage::Box);
    for look in framed() {
        painter.fill_rect(look.rect, Ink::CardEdge.at(look.detail.edge));
    }
    for look in framed() {
        painter.fill_rect(look.rect.inset(look.hairline()), Ink::Card.into());
    }
    for look in looks.iter() {
        let opacity = if look.detail.stage == Stage::Box { look.detail.tint } else { 1.0 };
        painter.fill_rect(look.rect, look.tint.at(BAR_OPACITY * opacity));
    }
}
