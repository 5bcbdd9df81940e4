//! Branches of the family folded away, and what else somebody wants to stand otherwise: the picture
//! goes on, from where it is.

use banyan_layout::geometry::Point;
use banyan_view::{Arrange, Arrangement, FamilyWorld, Hold, View};

use super::{
    Engine, family,
    post::post,
    shown::{AnyWorld, Shown},
};
use crate::message::FromEngine;

impl Engine {
    pub(super) fn arrange(&mut self, what: Arrange, of: Option<&str>) {
        let language = self.look.language;
        let next = self.family().and_then(|world| world.next_arrangement(what, of));
        let Some(next) = next else {
            let said = FamilyWorld::told_unarranged(what, language);
            return post(&FromEngine::Refused(said));
        };
        self.rearrange(next, of, true, |world| world.told_arranged(what, of, language));
    }

    /// Somebody presses at a point. The handle of a branch unfolds it; the stable id is that of whoever
    /// it hangs on, who is looked at from then on.
    pub(super) fn press(&mut self, view: View, point: Point, slack: i32) -> Option<String> {
        let shown = self.shown.get_mut(&view)?;
        let AnyWorld::Family(world) = &shown.any else { return None };
        let (what, of) = world.pressed(shown.world().scene().hit(point, slack)?)?;
        shown.detailed = Some(of.clone());
        self.arrange(what, Some(&of));
        Some(of)
    }

    /// Unfolds what hides any of some persons, known by their stable ids; whether anything did.
    pub(super) fn reveal(&mut self, view: View, ids: &[String]) -> bool {
        let family = self.family().filter(|_| view == View::Family);
        let Some(next) = family.and_then(|world| world.revealing(ids)) else { return false };
        let language = self.look.language;
        self.rearrange(next, None, false, |_| language.say("unfolded", &[]));
        true
    }

    fn family(&self) -> Option<&FamilyWorld> {
        match &self.shown.get(&View::Family)?.any {
            AnyWorld::Family(world) => Some(world),
            _ => None,
        }
    }

    /// Whoever has the stable id `of`, or else who is looked at, holds still.
    fn rearrange(
        &mut self,
        next: Arrangement,
        of: Option<&str>,
        is_asked: bool,
        say: impl FnOnce(&FamilyWorld) -> String,
    ) {
        let Some(mut shown) = self.shown.remove(&View::Family) else { return };
        let wanted = of.map(str::to_owned).into_iter().chain(shown.detailed.clone()).collect();
        let hold = Hold { wanted, window: shown.visible };
        let (any, change) = match shown.any {
            AnyWorld::Family(world) => {
                let (world, change) = world.arranged(next, &hold, &mut family::tell_placing);
                self.plan = world.plan().clone();
                (AnyWorld::Family(Box::new(world)), Some(change))
            }
            other => (other, None),
        };
        shown.any = any;
        if let (Some(change), AnyWorld::Family(world), Some(charted)) =
            (change, &shown.any, Shown::charted(&shown))
        {
            post(&FromEngine::Arranged { charted, said: say(world), is_asked });
            shown.changed(change);
        }
        self.shown.insert(View::Family, shown);
    }
}
