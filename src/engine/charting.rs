//! The family that is shown, on another chart.

use banyan_view::{Chart, FamilyFigures, View, WorldChange};

use super::{
    Engine, family,
    post::post,
    shown::{AnyWorld, Shown},
};
use crate::message::{Charted, FromEngine};

impl Engine {
    /// Before a family is there, this is how it will be opened.
    pub(super) fn set_chart(&mut self, chart: Chart) {
        self.chart = chart.clone();
        let Some(shown) = self.shown.remove(&View::Family) else { return };
        let mut shown = shown.recharted(chart);
        // Cards of an axis of years are as wide as their lives.
        shown.forget_pictures(self.look.pictures.sprite_bytes());
        shown.post_scene(true, WorldChange::default());
        self.shown.insert(View::Family, shown);
    }
}

impl Shown {
    /// The same persons with their numbers and their photos; the old scene is gone before the new
    /// one is made, so that a large family needs no room for two.
    fn recharted(mut self, chart: Chart) -> Self {
        self.any = match self.any {
            AnyWorld::Family(world) => {
                AnyWorld::Family(Box::new(world.recharted(chart, &mut family::tell_placing)))
            }
            other => other,
        };
        self
    }

    /// Tells the page which chart the family is on.
    pub(super) fn post_chart(&self) {
        if let AnyWorld::Family(world) = &self.any {
            let FamilyFigures { persons, generations, cross_links, .. } = world.figures();
            let (chart, name) = (world.chart().clone(), world.subject());
            let charted = Charted { chart, name, persons, generations, cross_links };
            post(&FromEngine::Charted(charted));
        }
    }
}
