//! Where a reader begins.

use std::{cmp::Reverse, collections::BTreeSet};

use banyan_kin::{FactKind, Genealogy, PersonId};
use banyan_layout::{
    family::FamilyLayout,
    geometry::{Point, Rect, Size},
};

use super::{Chart, book};

/// About what a window shows at full size, in world units.
pub(super) const WINDOW: Size = Size { width: 1240, height: 720 };

/// So many persons with the most descendants are compared.
const MOST_CANDIDATES: usize = 500;

/// A picture that fits a window at half size is shown whole.
const SMALL: Size = Size { width: 2 * WINDOW.width, height: 2 * WINDOW.height };

/// The window with the most to read: the person whose closest kin (parents, partners, children,
/// grandchildren) stand together in the greatest number, well documented, in the biggest component.
///
/// A part is looked at around the person that it is about, a timeline in its middle.
pub(super) fn start(genealogy: &Genealogy, layout: &FamilyLayout, chart: &Chart) -> Rect {
    let bounds = layout.bounds;
    if bounds.width <= SMALL.width && bounds.height <= SMALL.height {
        return bounds;
    }
    let around = |center: Point| {
        let Size { width, height } = WINDOW;
        Rect::new(center.x - width / 2, center.y - height / 2, width, height)
    };
    match chart {
        Chart::Everyone => {}
        Chart::Timeline => return around(bounds.center()),
        Chart::Part { kind, of, .. } => {
            let person = genealogy.person_by_id(of);
            let own = person.and_then(|person| layout.boxes.get(person.index()));
            return own.map_or(bounds, |&own| book::start(bounds, own, *kind, WINDOW));
        }
    }
    // Who has many children and grandchildren is worth a closer look; everybody would take seconds
    // in a file of a million.
    let mut candidates: Vec<(usize, PersonId)> = genealogy
        .person_ids()
        .filter(|person| layout.components.get(person.index()) == Some(&0))
        .map(|person| (descendants(genealogy, person), person))
        .collect();
    let order = |&(count, person): &(usize, PersonId)| (Reverse(count), person);
    if candidates.len() > MOST_CANDIDATES {
        candidates.select_nth_unstable_by_key(MOST_CANDIDATES, order);
        candidates.truncate(MOST_CANDIDATES);
    }
    candidates.sort_unstable_by_key(order);
    let scored = candidates.into_iter().filter_map(|(_, person)| {
        score(genealogy, layout, person).map(|(score, area)| (score, person, area))
    });
    // The first of the best, so that the order of the file decides a draw.
    scored
        .max_by_key(|&(score, person, _)| (score, Reverse(person)))
        .map_or(bounds, |(_, _, area)| area)
}

/// Children and grandchildren; those of cousins count twice.
fn descendants(genealogy: &Genealogy, person: PersonId) -> usize {
    children(genealogy, person).map(|child| 1 + children(genealogy, child).count()).sum()
}

fn score(genealogy: &Genealogy, layout: &FamilyLayout, person: PersonId) -> Option<(u32, Rect)> {
    let own = *layout.boxes.get(person.index())?;
    let children: Vec<PersonId> = children(genealogy, person).collect();
    if children.len() < 2 {
        return None;
    }
    let mut kin: BTreeSet<PersonId> = genealogy
        .parent_unions(person)
        .iter()
        .flat_map(|link| genealogy.partners(link.union))
        .chain(genealogy.partner_unions(person).iter().flat_map(|&union| genealogy.partners(union)))
        .copied()
        .collect();
    for &child in &children {
        kin.extend(self::children(genealogy, child));
        kin.extend(
            genealogy.partner_unions(child).iter().flat_map(|&union| genealogy.partners(union)),
        );
    }
    kin.extend(&children);
    kin.insert(person);
    let center = own.center();
    // The person stands in the upper third: the reader looks down the generations.
    let window = Rect::new(
        center.x - WINDOW.width / 2,
        center.y - WINDOW.height / 3,
        WINDOW.width,
        WINDOW.height,
    );
    let within =
        kin.into_iter().filter_map(|member| Some((member, *layout.boxes.get(member.index())?)));
    let mut score = 0;
    let mut area = own;
    for (member, rect) in within.filter(|(_, rect)| window.contains(rect.center())) {
        score += worth(genealogy, member);
        area = area.union(&rect);
    }
    let spare = Size { width: WINDOW.width - area.width, height: WINDOW.height - area.height };
    let area = Rect::new(
        area.x - spare.width.max(0) / 2,
        area.y - spare.height.max(0) / 2,
        area.width.max(WINDOW.width),
        area.height.max(WINDOW.height),
    );
    Some((score, area))
}

fn children(genealogy: &Genealogy, person: PersonId) -> impl Iterator<Item = PersonId> {
    let unions = genealogy.partner_unions(person).iter();
    unions.flat_map(|&union| genealogy.children(union)).copied()
}

/// A name counts, and so do a birth and a death that are dated.
fn worth(genealogy: &Genealogy, person: PersonId) -> u32 {
    let is_dated =
        |kind| genealogy.fact(person, kind).is_some_and(|fact| fact.date.year().is_some());
    u32::from(!genealogy.names(person).is_empty())
        + u32::from(is_dated(FactKind::Birth))
        + u32::from(is_dated(FactKind::Death))
}
