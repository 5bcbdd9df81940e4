//! What the colours of the family say, and which of them are lit.

use banyan_view::{Colouring, ToldFindings, View, WorldChange};

use super::{
    Engine,
    post::post,
    shown::{AnyWorld, Shown},
    this_year,
};
use crate::message::FromEngine;

/// So many of those who are lit are described, as search results are.
const DESCRIBED: usize = 50;

impl Engine {
    /// Paints the family by what is asked for, unless it is so already. Nobody moves.
    pub(super) fn colour_family(&mut self) {
        let by = self.look.colouring;
        if let Some(AnyWorld::Family(world)) =
            self.shown.get_mut(&View::Family).map(|shown| &mut shown.any)
            && world.colouring() != by
        {
            world.paint(by, this_year());
        }
    }

    pub(super) fn light(&mut self, serial: u32, id: &str) {
        let view = View::Family;
        let Some(shown) = self.shown.get_mut(&view) else { return };
        let AnyWorld::Family(world) = &mut shown.any else { return };
        world.light(id);
        post(&FromEngine::Lit(world.told_lit(shown.language)));
        let mut lit = world.lit();
        let nodes: Vec<u32> = lit.by_ref().take(DESCRIBED).collect();
        let total = nodes.len() + lit.count();
        shown.post_scene(false, WorldChange::default());
        let nodes = nodes.into_iter().map(|node| shown.world().summary(node)).collect();
        post(&FromEngine::Results { view, serial, nodes, total: total as u32 });
    }
}

impl Shown {
    pub(super) fn post_legend(&self) {
        let AnyWorld::Family(world) = &self.any else { return };
        let sections = vec![world.told_legend(self.language)];
        let notes = Colouring::ALL.map(|by| by.title(self.language)).into();
        post(&FromEngine::Legend(ToldFindings { sections, notes, ..ToldFindings::default() }));
    }
}
