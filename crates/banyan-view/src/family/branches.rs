//! The names on the map: big branches, each by its surname and its years.
//!
//! A branch is a set of persons of one surname who hang together as parents and children; where the
//! records give no surnames (kings, early generations) it is named after the first of the line.

use std::collections::BTreeMap;

use banyan_kin::{FactKind, Genealogy, PersonId, fold};
use banyan_layout::{family::FamilyLayout, geometry::Rect};
use banyan_scene::Landmark;

/// Smaller branches are left to their cards.
const FEWEST_PERSONS: usize = 8;
/// More names than this help nobody.
const MOST_BRANCHES: usize = 400;

/// The branches of a genealogy, the biggest first.
pub(super) fn landmarks(genealogy: &Genealogy, layout: &FamilyLayout) -> Vec<Landmark> {
    let mut branches: Vec<(usize, Landmark)> = lineages(genealogy)
        .into_iter()
        .filter(|members| members.len() >= FEWEST_PERSONS)
        .map(|members| {
            let landmark = Landmark {
                region: middle_of(&members, &layout.boxes),
                weight: members.len() as u32,
                text: title(genealogy, layout, &members),
            };
            (members.len(), landmark)
        })
        .collect();
    // Stable, so that branches of one size keep the order of their first persons.
    branches.sort_by_key(|&(persons, _)| std::cmp::Reverse(persons));
    branches.truncate(MOST_BRANCHES);
    branches.into_iter().map(|(_, landmark)| landmark).collect()
}

/// Sets of persons of one surname linked as parent and child, ordered by their first persons.
fn lineages(genealogy: &Genealogy) -> Vec<Vec<PersonId>> {
    let mut folded = BTreeMap::new();
    let surnames: Vec<u32> = genealogy
        .person_ids()
        .map(|person| {
            let surname =
                genealogy.names(person).first().map(|name| name.surname).unwrap_or_default();
            let next = folded.len() as u32;
            *folded.entry(fold(genealogy.texts.get(surname))).or_insert(next)
        })
        .collect();
    let mut heads: Vec<u32> = (0u32..).take(surnames.len()).collect();
    for child in genealogy.person_ids() {
        let links = genealogy.parent_unions(child).iter().filter(|link| link.pedigree.is_birth());
        for &parent in links.flat_map(|link| genealogy.partners(link.union)) {
            if surnames.get(parent.index()) == surnames.get(child.index()) {
                join(&mut heads, parent.0, child.0);
            }
        }
    }
    let mut members: BTreeMap<u32, Vec<PersonId>> = BTreeMap::new();
    for person in genealogy.person_ids() {
        members.entry(head(&mut heads, person.0)).or_default().push(person);
    }
    members.into_values().collect()
}

/// The lowest person of a set, with the way there halved.
fn head(heads: &mut [u32], mut node: u32) -> u32 {
    while let Some(&above) = heads.get(node as usize)
        && above != node
    {
        let beyond = heads.get(above as usize).copied().unwrap_or(above);
        if let Some(slot) = heads.get_mut(node as usize) {
            *slot = beyond;
        }
        node = beyond;
    }
    node
}

fn join(heads: &mut [u32], a: u32, b: u32) {
    let (a, b) = (head(heads, a), head(heads, b));
    if let Some(slot) = heads.get_mut(a.max(b) as usize) {
        *slot = a.min(b);
    }
}

/// The box around the middle four fifths of the members in each direction, so that a few who
/// married far away do not pull the name off its branch.
fn middle_of(members: &[PersonId], boxes: &[Rect]) -> Rect {
    let rects = members.iter().filter_map(|person| boxes.get(person.index()));
    let (mut xs, mut ys): (Vec<i32>, Vec<i32>) = rects.map(|rect| (rect.x, rect.y)).unzip();
    let size =
        members.first().and_then(|person| boxes.get(person.index())).copied().unwrap_or_default();
    let span = |values: &mut Vec<i32>| {
        values.sort_unstable();
        let tenth = values.len() / 10;
        let low = values.get(tenth).copied().unwrap_or_default();
        let high = values.get(values.len().saturating_sub(tenth + 1)).copied().unwrap_or(low);
        (low, high)
    };
    let ((left, right), (top, bottom)) = (span(&mut xs), span(&mut ys));
    Rect::new(left, top, right - left + size.width, bottom - top + size.height)
}

fn title(genealogy: &Genealogy, layout: &FamilyLayout, members: &[PersonId]) -> String {
    let surname = |person: &PersonId| {
        genealogy
            .names(*person)
            .first()
            .map(|name| genealogy.texts.get(name.surname))
            .unwrap_or_default()
    };
    let generation = |person: &PersonId| layout.generations.get(person.index());
    let mut spellings: BTreeMap<&str, usize> = BTreeMap::new();
    for person in members {
        *spellings.entry(surname(person)).or_default() += 1;
    }
    let common =
        spellings.iter().max_by_key(|&(_, count)| count).map_or("", |(spelling, _)| spelling);
    let name = if common.is_empty() {
        members
            .iter()
            .min_by_key(|person| generation(person))
            .map_or_else(String::new, |first| genealogy.display_name(*first))
    } else {
        common.to_owned()
    };
    match years(genealogy, members) {
        Some((first, last)) if first != last => format!("{name} {first}–{last}"),
        Some((year, _)) => format!("{name} {year}"),
        None => name,
    }
}

/// The first and the last year in which a member was born or died.
fn years(genealogy: &Genealogy, members: &[PersonId]) -> Option<(i32, i32)> {
    let facts = members.iter().flat_map(|person| genealogy.facts(*person));
    let vital = facts.filter(|fact| matches!(fact.kind, FactKind::Birth | FactKind::Death));
    let known: Vec<i32> = vital.filter_map(|fact| fact.date.year()).collect();
    Some((*known.iter().min()?, *known.iter().max()?))
}
