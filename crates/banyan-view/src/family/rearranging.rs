//! The family on the screen, arranged otherwise: what moves, and who is held still.

use std::collections::BTreeSet;

use banyan_kin::PersonId;
use banyan_layout::{
    family::FamilyLayout,
    geometry::{Point, Rect},
};

use super::{
    Arrange, Arrangement, Branch, FamilyWorld, Fold, Plan, Stage, card, folding::Handle, laying,
};
use crate::{change::WorldChange, figures, texts::Language};

/// What of the picture holds still while everybody else goes to another place.
#[derive(Clone, Debug, Default)]
pub struct Hold {
    /// Stable ids, the most wanted first: the first who stands in sight before and on the chart
    /// afterwards; else whoever stands nearest to the middle of the window.
    pub wanted: Vec<String>,
    /// What the window shows, in world units. Only what moves within it is told.
    pub window: Rect,
}

/// How many a fold hides, as its handle says it.
pub(super) fn handle_title(handle: &Handle) -> String {
    format!("+{}", handle.hidden)
}

impl FamilyWorld {
    /// What stands below a name, with how many are folded away there.
    pub(super) fn subtitle(&self, person: PersonId) -> String {
        let handles = self.folded.handles.iter().filter(|handle| handle.of == person);
        let told = handles.map(|handle| told_folded(handle.hidden, self.language));
        let years = Some(card::subtitle(&self.genealogy, person)).filter(|text| !text.is_empty());
        years.into_iter().chain(told).collect::<Vec<_>>().join(" · ")
    }

    /// The fold whose handle a node is.
    pub(super) fn handle_at(&self, node: u32) -> Option<Handle> {
        let beyond = (node as usize).checked_sub(self.genealogy.persons.len())?;
        self.folded.handles.get(beyond).copied()
    }

    /// The same for a press on it: what unfolds the branch, and the stable id of whose it is.
    pub fn pressed(&self, node: u32) -> Option<(Arrange, String)> {
        let handle = self.handle_at(node)?;
        Some((Arrange::Fold(handle.branch), self.id(handle.of)))
    }

    /// How the chart is arranged once this is done, to whoever has the stable id; `None` where it
    /// would change nothing.
    pub fn next_arrangement(&self, what: Arrange, of: Option<&str>) -> Option<Arrangement> {
        let now = &self.plan.arrangement;
        if !self.plan.chart.has_branches() {
            return None;
        }
        let mut next = now.clone();
        match what {
            Arrange::Fold(branch) => {
                let person = self.genealogy.person_by_id(of?)?;
                let fold = Fold::new(branch, self.id(person));
                next = now.toggled_fold(&fold);
                let is_folded = now.folds.contains(&fold);
                if !is_folded && self.would_hide(&next, branch, person) == 0 {
                    return None;
                }
            }
            Arrange::UnfoldAll => next.folds.clear(),
            Arrange::HideInLaws if self.plan.chart.has_in_laws() => {
                next.is_blood_only = !now.is_blood_only;
            }
            Arrange::HideInLaws => return None,
            Arrange::FlipCouple => {
                let person = self.genealogy.person_by_id(of?)?;
                let partner = self.partner_beside(person)?;
                let x = |person| self.rect(person).map(|rect| rect.x);
                let (left, right) =
                    if x(person) < x(partner) { (partner, person) } else { (person, partner) };
                next = now.with_side(self.id(left), self.id(right));
            }
            Arrange::LockBirthOrder => next.is_by_birth = !now.is_by_birth,
            Arrange::MaleLine => next.is_male_line = !now.is_male_line,
        }
        (next != *now).then_some(next)
    }

    fn would_hide(&self, next: &Arrangement, branch: Branch, of: PersonId) -> u32 {
        let (_, folded) = laying::shown(&self.genealogy, &self.plan.chart, next);
        folded.handle(branch, of).map_or(0, |handle| handle.hidden)
    }

    /// The nearest partner in the same row.
    fn partner_beside(&self, person: PersonId) -> Option<PersonId> {
        let own = self.rect(person)?;
        let unions = self.genealogy.partner_unions(person).iter();
        let partners = unions.flat_map(|&union| self.genealogy.partners(union)).copied();
        let there = partners.filter(|partner| *partner != person).filter_map(|partner| {
            let rect = self.rect(partner)?;
            (rect.y == own.y).then_some((rect.x.abs_diff(own.x), partner))
        });
        there.min().map(|(_, partner)| partner)
    }

    /// The same arrangement without the folds that hide any of some persons; `None` where none does.
    pub fn revealing(&self, ids: &[String]) -> Option<Arrangement> {
        let persons: Vec<PersonId> =
            ids.iter().filter_map(|id| self.genealogy.person_by_id(id)).collect();
        let mut folding = persons.iter().find_map(|&person| self.folded.fold_of(person));
        folding?;
        let mut next = self.plan.arrangement.clone();
        // Under one fold there may be another.
        while let Some(fold) = folding {
            if fold >= next.folds.len() {
                break;
            }
            next.folds.remove(fold);
            let (_, folded) = laying::shown(&self.genealogy, &self.plan.chart, &next);
            folding = persons.iter().find_map(|&person| folded.fold_of(person));
        }
        Some(next)
    }

    /// The same chart in another arrangement, and what of it looks different. Whoever is held stands
    /// where they stood.
    pub fn arranged(
        self,
        arrangement: Arrangement,
        hold: &Hold,
        progress: &mut dyn FnMut(Stage, f32),
    ) -> (Self, WorldChange) {
        let before = self.scene.boxes.clone();
        let wanted: Vec<usize> = (hold.wanted.iter())
            .filter_map(|id| Some(self.genealogy.person_by_id(id)?.index()))
            .collect();
        let persons = self.genealogy.persons.len();
        let plan = Plan { chart: self.plan.chart.clone(), arrangement };
        let origin = |layout: &FamilyLayout| {
            let stood = before.get(..persons).unwrap_or_default();
            held(stood, &layout.boxes, &wanted, &hold.window)
        };
        let world = self.replaced(plan, origin, progress);
        let change = change(&before, &world.scene.boxes, persons, &hold.window);
        (world, change)
    }

    /// What was done, in words.
    pub fn told_arranged(&self, what: Arrange, of: Option<&str>, language: Language) -> String {
        let person = of.and_then(|of| self.genealogy.person_by_id(of));
        let switch =
            |is_on: bool, on: &str, off: &str| language.say(if is_on { on } else { off }, &[]);
        let arrangement = &self.plan.arrangement;
        match what {
            Arrange::Fold(branch) => {
                let handle = person.and_then(|person| self.folded.handle(branch, person));
                let hidden = handle.map(|handle| told_folded(handle.hidden, language));
                hidden.unwrap_or_else(|| language.say("unfolded", &[]))
            }
            Arrange::UnfoldAll => language.say("unfolded_all", &[]),
            Arrange::HideInLaws => {
                switch(arrangement.is_blood_only, "in_laws_hidden", "in_laws_shown")
            }
            Arrange::FlipCouple => {
                let last = arrangement.sides.last();
                let ends = last.and_then(|(left, right)| {
                    let end = |id: &str| self.genealogy.person_by_id(id);
                    Some((end(left)?, end(right)?))
                });
                let Some((left, right)) = ends else { return String::new() };
                let x = |person| self.rect(person).map(|rect| rect.x);
                if x(left) > x(right) {
                    return language.say("couple_not_flipped", &[]);
                }
                let name = |person| card::title(&self.genealogy, person, &self.words);
                language.say("couple_flipped", &[("left", &name(left)), ("right", &name(right))])
            }
            Arrange::LockBirthOrder => {
                switch(arrangement.is_by_birth, "birth_order_locked", "birth_order_free")
            }
            Arrange::MaleLine => switch(arrangement.is_male_line, "male_line_on", "male_line_off"),
        }
    }

    /// Why an arrangement cannot be had, in words.
    pub fn told_unarranged(what: Arrange, language: Language) -> String {
        let key = match what {
            Arrange::Fold(Branch::Descendants) => "fold_no_descendants",
            Arrange::Fold(Branch::Ancestors) => "fold_no_ancestors",
            Arrange::UnfoldAll => "unfolded_all",
            Arrange::HideInLaws => "in_laws_none",
            Arrange::FlipCouple => "couple_none",
            Arrange::LockBirthOrder | Arrange::MaleLine => "arrange_nothing",
        };
        language.say(key, &[])
    }

    /// How the chart is arranged, in words; none where the layout stands as it likes.
    pub fn told_arrangement(&self, language: Language) -> String {
        let arrangement = &self.plan.arrangement;
        if !self.plan.chart.has_branches() {
            return String::new();
        }
        let counted = |count: usize, one: &str, some: &str| {
            let key = if count == 1 { one } else { some };
            (count > 0).then(|| language.say(key, &[("count", &figures::count(count as u64))]))
        };
        let switch = |is_on: bool, key| is_on.then(|| language.say(key, &[]));
        let parts = [
            counted(self.folded.count(), "folded_one", "folded_some"),
            switch(arrangement.is_blood_only && self.plan.chart.has_in_laws(), "arranged_blood"),
            counted(arrangement.sides.len(), "arranged_side", "arranged_sides"),
            switch(arrangement.is_by_birth, "arranged_birth"),
            switch(arrangement.is_male_line, "arranged_male"),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}

/// "Folded: 23 persons hidden".
fn told_folded(hidden: u32, language: Language) -> String {
    let key = if hidden == 1 { "fold_one" } else { "fold_some" };
    language.say(key, &[("count", &figures::count(u64::from(hidden)))])
}

/// Where the layout's corner has to be for somebody to stand where they stood.
fn held(stood: &[Rect], boxes: &[Rect], wanted: &[usize], window: &Rect) -> Point {
    let place = |person: usize| {
        let (from, to) = (stood.get(person)?, boxes.get(person)?);
        (!from.is_empty() && !to.is_empty()).then_some((*from, *to))
    };
    let mut known = wanted.iter().filter_map(|&person| place(person));
    let in_sight = known.find(|(from, _)| from.overlaps(window));
    let middle = window.center();
    let distance = |from: &Rect| {
        let center = from.center();
        let side = |a: i32, b: i32| (i64::from(a) - i64::from(b)).pow(2);
        side(center.x, middle.x) + side(center.y, middle.y)
    };
    let nearest = || (0..stood.len()).filter_map(place).min_by_key(|(from, _)| distance(from));
    let Some((from, to)) = in_sight.or_else(nearest) else { return Point::default() };
    Point::new(from.x - to.x, from.y - to.y)
}

/// What moves in a window, comes into it, and goes. Nodes beyond the persons have no names.
fn change(before: &[Rect], after: &[Rect], persons: usize, window: &Rect) -> WorldChange {
    let mut change = WorldChange { is_new_layout: true, ..WorldChange::default() };
    let is_seen = |rect: &Rect| !rect.is_empty() && rect.overlaps(window);
    let split = |all: &[Rect]| {
        let (persons, beyond) = all.split_at(persons.min(all.len()));
        let beyond: BTreeSet<_> =
            beyond.iter().map(|it| (it.x, it.y, it.width, it.height)).collect();
        (persons.to_vec(), beyond)
    };
    let ((stood, old), (stand, new)) = (split(before), split(after));
    for (from, to) in stood.iter().zip(&stand) {
        match (from.is_empty(), to.is_empty()) {
            (false, false) if from != to && (is_seen(from) || is_seen(to)) => {
                change.moves.push((*from, *to));
            }
            (true, false) if is_seen(to) => change.fresh.push(*to),
            (false, true) if is_seen(from) => change.gone.push(*from),
            _ => {}
        }
    }
    let handles = |these: &BTreeSet<_>, those: &BTreeSet<_>| {
        let only: Vec<(i32, i32, i32, i32)> = these.difference(those).copied().collect();
        let rects = only.into_iter().map(|(x, y, width, height)| Rect::new(x, y, width, height));
        rects.filter(is_seen).collect::<Vec<_>>()
    };
    change.fresh.extend(handles(&new, &old));
    change.gone.extend(handles(&old, &new));
    change.bounded()
}
