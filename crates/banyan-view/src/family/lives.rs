//! Everyone's life on an axis of years.

use std::collections::VecDeque;

use banyan_kin::{FactKind, Genealogy, PersonId};
use banyan_layout::{
    family::{FamilyLayout, generations},
    geometry::{Rect, Size},
    timeline::{Life, Scale, timeline},
};
use banyan_scene::Landmark;

use super::graph;

/// World units of a year: a life of seventy years is some three cards wide.
const YEAR: i32 = 8;
/// Years between parents and children where dates are missing, and of a life without an end.
const GENERATION: i32 = 28;
const USUAL_LIFE: i32 = 60;
/// No life is longer than the longest that was proved.
const LONGEST_LIFE: i32 = 122;

pub(super) fn lay_out(genealogy: &Genealogy, card: Size) -> FamilyLayout {
    let lives = lives(genealogy);
    let scale =
        Scale { year: YEAR, least_width: card.width, height: card.height, gap: 12, row_gap: 20 };
    let graph = graph::kin_graph(genealogy);
    // Rows of this chart say nothing of generations.
    FamilyLayout { generations: generations(&graph), ..timeline(&graph, &lives, &scale) }
}

/// The years of everyone, guessed from relatives where the file has none. `None` for those who have
/// no relative with a date.
fn lives(genealogy: &Genealogy) -> Vec<Option<Life>> {
    let year = |person: PersonId, kinds: &[FactKind]| {
        let facts = genealogy.facts(person).iter().filter(|fact| kinds.contains(&fact.kind));
        facts.filter_map(|fact| fact.date.year()).next()
    };
    let mut births: Vec<Option<i32>> = genealogy
        .person_ids()
        .map(|person| {
            let born = year(person, &[FactKind::Birth, FactKind::Baptism]);
            let died = year(person, &[FactKind::Death, FactKind::Burial, FactKind::Cremation]);
            born.or(died.map(|died| died - USUAL_LIFE))
        })
        .collect();
    let mut queue: VecDeque<PersonId> = genealogy
        .person_ids()
        .filter(|person| births.get(person.index()).is_some_and(Option::is_some))
        .collect();
    while let Some(person) = queue.pop_front() {
        let Some(&Some(born)) = births.get(person.index()) else { continue };
        let mut tell = |relative: PersonId, year: i32| {
            if let Some(slot @ None) = births.get_mut(relative.index()) {
                *slot = Some(year);
                queue.push_back(relative);
            }
        };
        for &union in genealogy.partner_unions(person) {
            genealogy.partners(union).iter().for_each(|&partner| tell(partner, born));
            genealogy.children(union).iter().for_each(|&child| tell(child, born + GENERATION));
        }
        genealogy.parents(person).into_iter().for_each(|parent| tell(parent, born - GENERATION));
    }
    genealogy
        .person_ids()
        .map(|person| {
            let from = births.get(person.index()).copied().flatten()?;
            let died = year(person, &[FactKind::Death, FactKind::Burial, FactKind::Cremation]);
            let to = died.unwrap_or(from + USUAL_LIFE).clamp(from, from + LONGEST_LIFE);
            Some(Life { from, to })
        })
        .collect()
}

/// The years on the map, above the lives, and the centuries for who looks closer.
pub(super) fn years(genealogy: &Genealogy, layout: &FamilyLayout) -> Vec<Landmark> {
    let lives = lives(genealogy);
    let Some(first) = lives.iter().flatten().map(|life| life.from).min() else { return Vec::new() };
    let last = lives.iter().flatten().map(|life| life.to).max().unwrap_or(first);
    let bounds = layout.bounds;
    let named = |year: i32| if year < 0 { format!("{} BC", -year) } else { year.to_string() };
    let steps = |step: i32| (first.div_euclid(step)..=last.div_euclid(step)).map(move |n| n * step);
    // A label stands in the middle of its region: each year at its own place, in the uppermost rows.
    let labels = steps(50).map(|year| {
        let (x, width) = ((year - first) * YEAR, 50 * YEAR);
        let region = Rect::new(x - width / 2, bounds.y, width, bounds.height / 12);
        // Where there is no room for all, the full centuries stay.
        Landmark { region, weight: if year % 100 == 0 { 1_000 } else { 500 }, text: named(year) }
    });
    let centuries = steps(100).map(|year| {
        let region = Rect::new((year - first) * YEAR, bounds.y, 100 * YEAR, bounds.height);
        Landmark { region, weight: 1, text: format!("{}–{}", named(year), named(year + 99)) }
    });
    labels.chain(centuries).collect()
}
