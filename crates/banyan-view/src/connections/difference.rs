//! From one arrangement to the next: who is who, and what looks different.

use std::collections::{BTreeMap, BTreeSet};

use banyan_layout::geometry::Rect;
use banyan_scene::{Landmark, Scene};

use super::{Node, arrange::Arrangement, strokes::Strokes};
use crate::change::WorldChange;

/// An arrangement and its scene.
#[derive(Clone, Copy)]
pub(super) struct Picture<'a> {
    pub(super) arrangement: &'a Arrangement,
    pub(super) scene: &'a Scene,
}

/// Who was who: nodes of an arrangement and of the one before.
#[derive(Debug, Default)]
pub(super) struct Origins {
    /// For each node now the one that it was.
    pub(super) of: Vec<Option<u32>>,
    /// Nodes of before that are no more.
    gone: Vec<u32>,
}

impl Origins {
    /// O(nodes), without a look at anything but ids: those of a group are sorted in both.
    pub(super) fn new(before: &Arrangement, after: &Arrangement) -> Self {
        let mut origins = Self { of: vec![None; after.nodes.len()], gone: Vec::new() };
        let mut is_taken = vec![false; before.nodes.len()];
        // A server of a fleet keeps its number.
        for node in 0..=before.peers.min(after.peers) {
            origins.take(node, node, &mut is_taken);
        }
        for block in &after.blocks {
            let Some(old) = before.block(&block.key) else { continue };
            origins.take(block.header, old.header, &mut is_taken);
            let mut ids = (old.header + 1..).zip(before.members(old)).peekable();
            for (node, what) in (block.header + 1..).zip(after.members(block)) {
                while ids.next_if(|(_, other)| other.client() < what.client()).is_some() {}
                if let Some((old, _)) = ids.next_if(|(_, other)| *other == what) {
                    origins.take(node, old, &mut is_taken);
                }
            }
        }
        // The rest went, or came, or changed from group to group: few.
        let rest = (0u32..).zip(&before.nodes).zip(&is_taken).filter(|(_, is_taken)| !**is_taken);
        let mut wanderers: BTreeMap<u64, u32> = BTreeMap::new();
        for ((node, what), _) in rest {
            match what {
                Node::Client(id) => {
                    wanderers.insert(*id, node);
                }
                Node::Server | Node::Peer(_) | Node::Group(_) => origins.gone.push(node),
            }
        }
        for (origin, what) in origins.of.iter_mut().zip(&after.nodes) {
            if let (None, Node::Client(id)) = (&origin, what) {
                *origin = wanderers.remove(id);
            }
        }
        origins.gone.extend(wanderers.into_values());
        origins
    }

    fn take(&mut self, node: u32, old: u32, is_taken: &mut [bool]) {
        if let (Some(origin), Some(is_taken)) =
            (self.of.get_mut(node as usize), is_taken.get_mut(old as usize))
        {
            *origin = Some(old);
            *is_taken = true;
        }
    }
}

/// What looks different of boxes, lines and labels; what stands on the cards is another question.
pub(super) fn difference(
    before: Picture<'_>,
    after: Picture<'_>,
    origins: &Origins,
) -> WorldChange {
    let mut change = WorldChange::default();
    if before.scene.typical_height != after.scene.typical_height {
        // It decides how much is drawn of every card.
        change.repaint(&before.scene.bounds.union(&after.scene.bounds));
    }
    for (to, origin) in after.scene.boxes.iter().zip(&origins.of) {
        match origin.and_then(|old| before.scene.boxes.get(old as usize)) {
            Some(from) if from == to => {}
            Some(from) => {
                change.moves.push((*from, *to));
                change.repaint(from);
                change.repaint(to);
            }
            None => {
                change.fresh.push(*to);
                change.repaint(to);
            }
        }
    }
    for rect in origins.gone.iter().filter_map(|&old| before.scene.boxes.get(old as usize)) {
        change.gone.push(*rect);
        change.repaint(rect);
    }
    change.is_new_layout =
        !(change.moves.is_empty() && change.fresh.is_empty() && change.gone.is_empty());
    if !change.gone.is_empty() {
        // Where another one stands already, nothing fades.
        let taken: BTreeSet<[i32; 4]> =
            change.fresh.iter().chain(change.moves.iter().map(|(_, to)| to)).map(place).collect();
        change.gone.retain(|rect| !taken.contains(&place(rect)));
    }
    if change.is_new_layout {
        change.dirty.extend(strokes(before, after, origins).dirty());
    }
    landmarks(before, after, &mut change);
    change
}

/// Of the lines to groups and connections; those of a fleet are told by [`super::peers::Peers`].
fn strokes(before: Picture<'_>, after: Picture<'_>, origins: &Origins) -> Strokes {
    let mut strokes = Strokes::default();
    let old_line = |old: u32| match old.checked_sub(1) {
        Some(line) if line < before.arrangement.peers => &[],
        Some(line) => before.scene.routes.line(line as usize),
        None => &[],
    };
    let lines = after.arrangement.nodes.len().saturating_sub(1);
    let own = after.arrangement.peers as usize..lines;
    let old_parent = |old: u32| match old.checked_sub(1) {
        Some(line) => before.scene.routes.ends.get(line as usize).map(|ends| ends.0),
        None => None,
    };
    // Lines share ways only with those from the same node: elsewhere nobody covers anything.
    let mut is_touched = vec![false; before.arrangement.nodes.len()];
    let mut touch = |old: Option<u32>| {
        if let Some(is_touched) = old.and_then(|old| is_touched.get_mut(old as usize)) {
            *is_touched = true;
        }
    };
    let mut kept: Vec<(u32, usize)> = Vec::with_capacity(after.scene.routes.len());
    for line in own {
        let Some((parent, node)) = after.scene.routes.ends.get(line) else { break };
        let points = after.scene.routes.line(line);
        match origins.of.get(*node as usize).copied().flatten() {
            Some(old) if old_line(old) == points => kept.push((old, line)),
            origin => {
                strokes.change(points);
                touch(origins.of.get(*parent as usize).copied().flatten());
                if let Some(old) = origin {
                    strokes.change(old_line(old));
                    touch(old_parent(old));
                }
            }
        }
    }
    for &old in &origins.gone {
        strokes.change(old_line(old));
        touch(old_parent(old));
    }
    for (old, line) in kept {
        let is_near = old_parent(old)
            .and_then(|parent| is_touched.get(parent as usize))
            .is_some_and(|is| *is);
        if is_near {
            strokes.keep(after.scene.routes.line(line));
        }
    }
    strokes
}

/// Labels are drawn somewhere in their regions.
fn landmarks(before: Picture<'_>, after: Picture<'_>, change: &mut WorldChange) {
    let (old, new) = (&before.scene.landmarks, &after.scene.landmarks);
    if old == new {
        return;
    }
    for (these, others) in [(old, new), (new, old)] {
        let others: BTreeSet<(&str, [i32; 4])> = others.iter().map(label).collect();
        for landmark in these.iter().filter(|landmark| !others.contains(&label(landmark))) {
            change.repaint(&landmark.region);
        }
    }
}

fn label(landmark: &Landmark) -> (&str, [i32; 4]) {
    (landmark.text.as_str(), place(&landmark.region))
}

const fn place(rect: &Rect) -> [i32; 4] {
    [rect.x, rect.y, rect.width, rect.height]
}
