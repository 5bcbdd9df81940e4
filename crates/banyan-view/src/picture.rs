//! What a world looked like, so that only what changed is drawn again.

use banyan_layout::geometry::Rect;
#[cfg(test)]
use banyan_scene::CardSource;
use banyan_scene::{Card, Ink, Scene, Shape};

/// The looks of every card and every line (straight ones: an arc reaches beyond its ends). A card
/// that looks the same at the same place is the same to an eye, whatever node it belongs to, so no
/// names are kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Picture {
    /// Sorted.
    marks: Vec<Mark>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Mark {
    /// x, y, width, height.
    place: [i32; 4],
    looks: u64,
}

impl Picture {
    #[cfg(test)]
    pub(crate) fn of(scene: &Scene, cards: &dyn CardSource) -> Self {
        let mut card = Card::default();
        let frames = (0u32..).zip(scene.shapes.iter().zip(&scene.tints));
        let looks = frames.map(|(node, (&shape, &tint))| {
            card.clear();
            cards.card(node, &mut card);
            (node, looks(&card, shape, tint))
        });
        Self::of_parts(scene, looks, 0..scene.routes.len() as u32)
    }

    /// Of some nodes, each with its [`looks`], of some lines, and of all landmarks.
    pub(crate) fn of_parts(
        scene: &Scene,
        nodes: impl IntoIterator<Item = (u32, u64)>,
        lines: impl IntoIterator<Item = u32>,
    ) -> Self {
        let mark = |(node, looks): (u32, u64)| {
            scene.boxes.get(node as usize).map(|rect| Mark { place: place(rect), looks })
        };
        let mut marks: Vec<Mark> = nodes.into_iter().filter_map(mark).collect();
        // Segment by segment: the box around a whole elbow holds many cards that it does not touch.
        for line in lines {
            let Some(&ink) = scene.route_inks.get(line as usize) else { continue };
            for ends in scene.routes.line(line as usize).windows(2) {
                if let [from, to] = ends {
                    let place = place(&Rect::spanning(*from, *to));
                    marks.push(Mark { place, looks: mix(BASIS, ink as u64) });
                }
            }
        }
        for landmark in &scene.landmarks {
            let looks = landmark.text.bytes().map(u64::from).fold(BASIS, mix);
            marks.push(Mark { place: place(&landmark.region), looks });
        }
        marks.sort_unstable();
        Self { marks }
    }

    /// The places where `self` and `later` differ.
    pub(crate) fn changes(&self, later: &Self) -> Vec<Rect> {
        let mut rects = Vec::new();
        let (mut before, mut after) = (self.marks.iter().peekable(), later.marks.iter().peekable());
        loop {
            let gone = match (before.peek(), after.peek()) {
                (None, None) => break,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (Some(old), Some(new)) if old == new => {
                    before.next();
                    after.next();
                    continue;
                }
                (Some(old), Some(new)) => old < new,
            };
            let Some(mark) = (if gone { before.next() } else { after.next() }) else { break };
            let [x, y, width, height] = mark.place;
            let rect = Rect::new(x, y, width, height);
            if rects.last() != Some(&rect) {
                rects.push(rect);
            }
        }
        rects
    }
}

/// A number that differs where two cards in their frames look different.
pub(crate) fn looks(card: &Card, shape: Shape, tint: Ink) -> u64 {
    [card.fingerprint(), shape as u64, tint as u64].into_iter().fold(BASIS, mix)
}

const BASIS: u64 = 0xcbf2_9ce4_8422_2325;

/// A step of FNV-1a, eight bytes at a time, with the high bits brought down.
const fn mix(hash: u64, value: u64) -> u64 {
    let hash = (hash ^ value).wrapping_mul(0x0100_0000_01b3);
    hash ^ (hash >> 29)
}

const fn place(rect: &Rect) -> [i32; 4] {
    [rect.x, rect.y, rect.width, rect.height]
}
