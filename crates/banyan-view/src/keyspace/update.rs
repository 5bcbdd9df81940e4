//! The next moment. What is not different is neither laid out nor written again.

use std::collections::BTreeMap;

use banyan_layout::geometry::{Point, Rect};
use banyan_scene::Card;
use banyan_topology::{Keyspace, KeyspaceDelta, PrefixNode};

use super::{
    KeyspaceWorld,
    card::{self, Gist, Whole},
    chains, landmarks,
    tree::Tree,
};
use crate::{
    change::WorldChange,
    picture::{self, Picture},
    world::Words,
};

/// The looks of all cards; those that `known` tells are not written to find out.
pub(super) fn looks(
    keyspace: &Keyspace,
    words: &Words,
    known: impl Fn(u32, &Gist<'_>) -> Option<u64>,
) -> Vec<u64> {
    let mut card = Card::default();
    let rows = (0u32..).zip(&keyspace.nodes);
    let looks = rows.filter_map(|(node, row)| {
        let gist = Gist::of(keyspace, node)?;
        Some(known(node, &gist).unwrap_or_else(|| {
            card.clear();
            card::fill(&gist, words, &mut card);
            picture::looks(&card, card::shape(node, row), card::tint(row))
        }))
    });
    looks.collect()
}

impl KeyspaceWorld {
    /// Takes what is different and says what looks different. `None` if the delta does not begin at
    /// what was told last: then only a whole snapshot will do.
    pub fn apply(&mut self, delta: KeyspaceDelta) -> Option<WorldChange> {
        let is_first_end = delta.head.complete && !self.told.complete;
        let is_rewritten =
            delta.order.is_none() && delta.head.delimiter == self.told.delimiter && !is_first_end;
        let rows: Vec<u32> = delta.changed.iter().map(|change| change.row).collect();
        let told = &mut self.told;
        if !told.apply(delta) {
            return None;
        }
        Some(if is_rewritten { self.rewrite(&rows) } else { self.redraw() })
    }

    /// Takes the next snapshot and says what looks different.
    pub fn update(&mut self, keyspace: Keyspace) -> WorldChange {
        self.told = keyspace;
        self.redraw()
    }

    /// Draws what was told, whatever is different in it.
    fn redraw(&mut self) -> WorldChange {
        let (mut keyspace, mut drawn) = chains::joined(self.told.clone());
        // A first walk finds the big prefixes late, so its end is the moment to sort.
        let is_first_end = keyspace.complete && !self.keyspace.complete;
        let known = &self.keyspace.nodes;
        if !is_first_end && self.tree.renumber(known, &mut keyspace.nodes, &mut drawn) {
            self.drawn = drawn;
            let before = std::mem::replace(&mut self.keyspace, keyspace);
            let whole = Whole::of(&before);
            return self.written_anew(whole, &(0..).zip(before.nodes).collect());
        }
        let tree = Tree::new(&keyspace, (!is_first_end).then_some(&self.tree));
        let earlier: Vec<Option<u32>> =
            tree.paths.iter().map(|&path| self.tree.node(path)).collect();
        let looks = looks(&keyspace, &self.words, |node, gist| {
            let earlier = (*earlier.get(node as usize)?)?;
            let is_same = Gist::of(&self.keyspace, earlier).as_ref() == Some(gist);
            self.looks.get(earlier as usize).copied().filter(|_| is_same)
        });
        let words = std::mem::take(&mut self.words);
        let told = std::mem::take(&mut self.told);
        let next = Self { told, drawn, ..Self::laid_out(keyspace, tree, looks, words) };
        let before = std::mem::replace(self, next);
        let mut change = WorldChange {
            is_new_layout: before.tree.paths != self.tree.paths
                || before.scene.boxes != self.scene.boxes,
            ..WorldChange::default()
        };
        let (old_rest, new_rest) = before.at_rest(self, &earlier);
        for rect in before.picture_but(&old_rest).changes(&self.picture_but(&new_rest)) {
            change.repaint(&rect);
        }
        change.bounded()
    }

    /// Which nodes of this world and of a later one stand and look the same in both, with their lines.
    /// `earlier` has the node of this world for each of the later one.
    fn at_rest(&self, later: &Self, earlier: &[Option<u32>]) -> (Vec<bool>, Vec<bool>) {
        let mut here = vec![false; self.looks.len()];
        let mut there = vec![false; later.looks.len()];
        for ((node, old), is_at_rest) in (0u32..).zip(earlier).zip(&mut there) {
            // Of two with the same path one alone can be it.
            if let Some(old) = *old
                && let Some(was_found) = here.get_mut(old as usize).filter(|found| !**found)
                && self.mark(old) == later.mark(node)
            {
                (*was_found, *is_at_rest) = (true, true);
            }
        }
        (here, there)
    }

    /// Where a node stands, how it looks, and its line.
    fn mark(&self, node: u32) -> Option<(Rect, u64, Option<&[Point]>)> {
        let at = node as usize;
        let line = self.lines.get(at).copied().flatten();
        let line = line.map(|line| self.scene.routes.line(line as usize));
        Some((*self.scene.boxes.get(at)?, *self.looks.get(at)?, line))
    }

    /// The picture without the nodes that are at rest.
    fn picture_but(&self, at_rest: &[bool]) -> Picture {
        let moving = || (0u32..).zip(at_rest).filter(|(_, is_at_rest)| !**is_at_rest);
        let nodes = moving().filter_map(|(node, _)| Some((node, *self.looks.get(node as usize)?)));
        let lines = moving().filter_map(|(node, _)| self.lines.get(node as usize).copied()?);
        Picture::of_parts(&self.scene, nodes, lines)
    }

    /// Other words: the same places, other looks.
    pub fn set_words(&mut self, words: Words) -> WorldChange {
        self.words = words;
        let looks = looks(&self.keyspace, &self.words, |_, _| None);
        let mut change = WorldChange::default();
        for ((before, after), rect) in self.looks.iter().zip(&looks).zip(&self.scene.boxes) {
            if before != after {
                change.reread(rect);
            }
        }
        self.looks = looks;
        change.bounded()
    }

    /// Takes over what was told of these rows; all others are as they were.
    fn rewrite(&mut self, rows: &[u32]) -> WorldChange {
        let whole = Whole::of(&self.keyspace);
        let told = &self.told;
        let mut nodes = std::mem::take(&mut self.keyspace.nodes);
        let mut before = BTreeMap::new();
        for &row in rows {
            let drawn = self.drawn.get(row as usize).copied().flatten();
            if let (Some(node), Some(row)) = (drawn, told.nodes.get(row as usize))
                && let Some(slot) = nodes.get_mut(node as usize)
            {
                let (parent, name) = (slot.parent, slot.name.clone());
                let earlier = std::mem::replace(slot, PrefixNode { parent, name, ..row.clone() });
                before.insert(node, earlier);
            }
        }
        self.keyspace = Keyspace {
            nodes,
            delimiter: told.delimiter.clone(),
            withheld: told.withheld.clone(),
            missing: told.missing.clone(),
            biggest: told.biggest.clone(),
            oldest: told.oldest.clone(),
            locks: told.locks.clone(),
            ..*told
        };
        self.written_anew(whole, &before)
    }

    /// The same rows with other numbers: every card stays where it is. `before` are the rows that were
    /// replaced, `whole` what all cards depended on.
    fn written_anew(&mut self, whole: Whole, before: &BTreeMap<u32, PrefixNode>) -> WorldChange {
        let keyspace = &self.keyspace;
        let mut change = WorldChange::default();
        let mut card = Card::default();
        let scene = &mut self.scene;
        let whole_now = Whole::of(keyspace);
        let drawn = self.looks.iter_mut().zip(&mut scene.tints).zip(&scene.boxes);
        for ((node, row), ((looks, tint), rect)) in (0u32..).zip(&keyspace.nodes).zip(drawn) {
            let above = keyspace.nodes.get(row.parent as usize);
            let gist = Gist::of_row(whole_now, node, row, above);
            let row_before = before.get(&node).unwrap_or(row);
            let above_before = before.get(&row.parent).or(above);
            if Gist::of_row(whole, node, row_before, above_before) == gist {
                continue;
            }
            card.clear();
            card::fill(&gist, &self.words, &mut card);
            let before = (*looks, *tint);
            *tint = card::tint(row);
            *looks = picture::looks(&card, card::shape(node, row), *tint);
            if *tint != before.1 {
                change.repaint(rect);
            } else if *looks != before.0 {
                change.reread(rect);
            }
        }
        let names = landmarks::of(keyspace, &self.tree, &scene.boxes, &self.blocks);
        landmarks::compare(&scene.landmarks, &names, &mut change);
        scene.landmarks = names;
        change.bounded()
    }
}
