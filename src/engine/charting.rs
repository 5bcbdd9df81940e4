//! The family that is shown, on another chart or under a mask.

use banyan_view::{Arrangement, Chart, FamilyFigures, FamilyWorld, Plan, View, WorldChange};

use super::{
    Engine,
    editing::Editing,
    family,
    post::post,
    shown::{AnyWorld, Shown},
};
use crate::message::{Charted, FromEngine};

impl Engine {
    /// Before a family is there, this is how it will be opened.
    pub(super) fn set_chart(&mut self, chart: Chart, arrangement: &str) {
        let arrangement: Arrangement = arrangement.parse().unwrap_or_default();
        self.plan = Plan { chart, arrangement };
        let plan = self.plan.clone();
        self.remake_family(|world| world.recharted(plan, &mut family::tell_placing));
    }

    /// The same persons with their numbers and their photos; the old scene is gone before the new
    /// one is made, so that a large family needs no room for two.
    pub(super) fn remake_family(&mut self, make: impl FnOnce(FamilyWorld) -> FamilyWorld) {
        let Some(mut shown) = self.shown.remove(&View::Family) else { return };
        shown.any = match shown.any {
            AnyWorld::Family(world) => AnyWorld::Family(Box::new(make(*world))),
            other => other,
        };
        shown.sorted = None;
        self.shown.insert(View::Family, shown);
        // A family that was changed is another one, painted as all are at first.
        self.colour_family();
        let Some(shown) = self.shown.get_mut(&View::Family) else { return };
        // Cards of an axis of years are as wide as their lives.
        shown.forget_pictures(self.look.pictures.sprite_bytes());
        shown.post_scene(true, WorldChange::default());
    }
}

impl Shown {
    /// Tells the page which chart the family is on.
    pub(super) fn post_chart(&self) {
        if let Some(charted) = self.charted() {
            post(&FromEngine::Charted(charted));
        }
    }

    /// How the family is shown.
    pub(super) fn charted(&self) -> Option<Charted> {
        let AnyWorld::Family(world) = &self.any else { return None };
        let FamilyFigures { persons, generations, cross_links, .. } = world.figures();
        let (chart, name) = (world.chart().clone(), world.subject());
        let hidden = world.told_hidden(self.language);
        let edits = self.editing.as_ref().map_or(0, Editing::count);
        let key = match edits {
            0 => "",
            1 => "edits_one",
            _ => "edits_some",
        };
        let edits = self.language.say(key, &[("count", &edits.to_string())]);
        let arrangement = &world.plan().arrangement;
        Some(Charted {
            chart,
            arrangement: arrangement.to_string(),
            arranged: world.told_arrangement(self.language),
            has_folds: !arrangement.folds.is_empty(),
            name,
            persons,
            generations,
            cross_links,
            hidden,
            edits,
        })
    }
}
