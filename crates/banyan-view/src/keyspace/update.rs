//! The next snapshot. What is not different is neither laid out nor written again.

use banyan_scene::Card;
use banyan_topology::Keyspace;

use super::{
    KeyspaceWorld,
    card::{self, Gist},
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
    /// Takes the next snapshot and says what looks different.
    pub fn update(&mut self, keyspace: Keyspace) -> WorldChange {
        let mut keyspace = chains::joined(keyspace);
        // A first walk finds the big prefixes late, so its end is the moment to sort.
        let is_first_end = keyspace.complete && !self.keyspace.complete;
        if !is_first_end && self.tree.renumber(&self.keyspace.nodes, &mut keyspace.nodes) {
            return self.written_anew(keyspace).bounded();
        }
        let tree = Tree::new(&keyspace, (!is_first_end).then_some(&self.tree));
        let looks = looks(&keyspace, &self.words, |node, gist| {
            let earlier = self.tree.node(*tree.paths.get(node as usize)?)?;
            let is_same = Gist::of(&self.keyspace, earlier).as_ref() == Some(gist);
            self.looks.get(earlier as usize).copied().filter(|_| is_same)
        });
        let next = Self::drawn(keyspace, tree, looks, std::mem::take(&mut self.words));
        let before = std::mem::replace(self, next);
        let mut change = WorldChange {
            is_new_layout: before.tree.paths != self.tree.paths
                || before.scene.boxes != self.scene.boxes,
            ..WorldChange::default()
        };
        for rect in before.picture().changes(&self.picture()) {
            change.repaint(&rect);
        }
        change.bounded()
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

    /// The same rows with other numbers: every card stays where it is.
    fn written_anew(&mut self, keyspace: Keyspace) -> WorldChange {
        let before = std::mem::replace(&mut self.keyspace, keyspace);
        let keyspace = &self.keyspace;
        let mut change = WorldChange::default();
        let mut card = Card::default();
        let scene = &mut self.scene;
        let drawn = self.looks.iter_mut().zip(&mut scene.tints).zip(&scene.boxes);
        for ((node, row), ((looks, tint), rect)) in (0u32..).zip(&keyspace.nodes).zip(drawn) {
            let Some(gist) = Gist::of(keyspace, node) else { continue };
            if Gist::of(&before, node).as_ref() == Some(&gist) {
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
        change
    }

    fn picture(&self) -> Picture {
        Picture::of_looks(&self.scene, self.looks.iter().copied())
    }
}
