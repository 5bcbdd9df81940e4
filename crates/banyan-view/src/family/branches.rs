//! The names on the map: big branches, each by its surname and its years.
//!
//! A branch is a set of persons of one surname who hang together as parents and children; where the
//! records give no surnames (kings, early generations) it is named after the first of the line.

use std::{cmp::Reverse, collections::BTreeMap};

use banyan_kin::{FactKind, Genealogy, PersonId, Sex};
use banyan_layout::{csr::Csr, family::FamilyLayout, geometry::Rect};
use banyan_scene::Landmark;

use super::kinds::{self, Kinds};

/// Smaller branches are left to their cards.
const FEWEST_PERSONS: usize = 8;
/// More names than this help nobody.
const MOST_BRANCHES: usize = 400;

/// The branches of a genealogy, the biggest first.
pub(super) fn landmarks(genealogy: &Genealogy, layout: &FamilyLayout) -> Vec<Landmark> {
    let mut branches = lineages(genealogy, FEWEST_PERSONS);
    let is_placed =
        |person: &PersonId| layout.boxes.get(person.index()).is_some_and(|rect| !rect.is_empty());
    branches.iter_mut().for_each(|members| members.retain(is_placed));
    branches.retain(|members| members.len() >= FEWEST_PERSONS);
    // Stable, so that branches of one size keep the order of their first persons.
    branches.sort_by_key(|members| Reverse(members.len()));
    branches.truncate(MOST_BRANCHES);
    branches
        .into_iter()
        .map(|members| Landmark {
            region: middle_of(&members, &layout.boxes),
            weight: members.len() as u32,
            text: title(genealogy, &layout.generations, &members),
        })
        .collect()
}

/// Sets of persons of one surname linked as parent and child, ordered by their first persons, without
/// those of fewer than `fewest`.
pub(super) fn lineages(genealogy: &Genealogy, fewest: usize) -> Vec<Vec<PersonId>> {
    let surnames = Kinds::surnames(genealogy).of;
    let mut heads: Vec<u32> = (0u32..).take(surnames.len()).collect();
    let is_male =
        |parent: &PersonId| genealogy.person(*parent).is_some_and(|person| person.sex == Sex::Male);
    for child in genealogy.person_ids() {
        let surname = surnames.get(child.index()).copied();
        let links = genealogy.parent_unions(child).iter().filter(|link| link.pedigree.is_birth());
        for parent in links.flat_map(|link| genealogy.partners(link.union)) {
            // A surname comes from either parent; without one, both parents' would join every house
            // that ever married another.
            let hands_down = surname != Some(kinds::NONE) || is_male(parent);
            if hands_down && surnames.get(parent.index()).copied() == surname {
                join(&mut heads, parent.0, child.0);
            }
        }
    }
    let pairs: Vec<(u32, u32)> =
        (0u32..).take(heads.len()).map(|person| (head(&mut heads, person), person)).collect();
    Csr::grouped(heads.len(), &pairs)
        .rows()
        .filter(|members| members.len() >= fewest)
        .map(|members| members.iter().copied().map(PersonId).collect())
        .collect()
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

/// The box as large as the middle four fifths of the members reach in each direction, so that a few
/// who married far away do not count, around a member who stands in their midst, so that the name is
/// not written over empty paper.
fn middle_of(members: &[PersonId], boxes: &[Rect]) -> Rect {
    let rects: Vec<Rect> =
        members.iter().filter_map(|person| boxes.get(person.index())).copied().collect();
    let span = |mut values: Vec<i32>| {
        values.sort_unstable();
        let at = |place: usize| values.get(place).copied().unwrap_or_default();
        let tenth = values.len() / 10;
        (at(values.len() / 2), at(values.len().saturating_sub(tenth + 1)) - at(tenth))
    };
    let (middle_x, width) = span(rects.iter().map(|rect| rect.x).collect());
    let (middle_y, height) = span(rects.iter().map(|rect| rect.y).collect());
    let off = |rect: &&Rect| {
        // Each way in shares of the whole, for a family is wider than tall.
        let share = |by: i32, whole: i32| i64::from(by.abs()) * 1000 / i64::from(whole.max(1));
        share(rect.x - middle_x, width) + share(rect.y - middle_y, height)
    };
    let central = rects.iter().min_by_key(off).copied().unwrap_or_default();
    let center = central.center();
    let (width, height) = (width + central.width, height + central.height);
    Rect::new(center.x - width / 2, center.y - height / 2, width, height)
}

/// The surname that most bear, else the name of the first, with the years of all. `generations` is the
/// row of each person.
pub(super) fn title(genealogy: &Genealogy, generations: &[u32], members: &[PersonId]) -> String {
    let surname = |person: &PersonId| {
        genealogy
            .names(*person)
            .first()
            .map(|name| genealogy.texts.get(name.surname))
            .unwrap_or_default()
    };
    let generation = |person: &PersonId| generations.get(person.index());
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
        Some((first, last)) if first != last => format!("{name} {}–{}", shown(first), shown(last)),
        Some((year, _)) => format!("{name} {}", shown(year)),
        None => name,
    }
}

fn shown(year: i32) -> String {
    if year < 0 { format!("{} BC", year.unsigned_abs()) } else { year.to_string() }
}

/// The first and the last year in which a member was born or died.
fn years(genealogy: &Genealogy, members: &[PersonId]) -> Option<(i32, i32)> {
    let facts = members.iter().flat_map(|person| genealogy.facts(*person));
    let vital = facts.filter(|fact| matches!(fact.kind, FactKind::Birth | FactKind::Death));
    let known: Vec<i32> = vital.filter_map(|fact| fact.date.year()).collect();
    Some((*known.iter().min()?, *known.iter().max()?))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use banyan_scene::Scene;

    use crate::{FamilyWorld, Words, World as _};

    fn scene(gedcom: &str) -> Scene {
        let document = banyan_gedcom::read(gedcom.as_bytes(), &mut |_, _| ()).expect("a GEDCOM");
        let world = FamilyWorld::new(document.genealogy, Words::english(), &mut |_, _| ());
        world.scene().clone()
    }

    /// Ten generations of fathers, each with a wife of another name.
    fn line(name: impl Fn(u32) -> String) -> String {
        let mut gedcom = "0 HEAD\n1 CHAR UTF-8\n".to_owned();
        for generation in 0..10 {
            let (child, year) = (generation + 1, 1700 + 30 * generation);
            let _ = write!(
                gedcom,
                "0 @M{generation}@ INDI\n1 NAME {}\n1 SEX M\n1 BIRT\n2 DATE {year}\n\
                 1 FAMS @F{generation}@\n1 FAMC @F{before}@\n\
                 0 @W{generation}@ INDI\n1 NAME Ann /Grey{generation}/\n1 SEX F\n1 FAMS @F{generation}@\n\
                 0 @F{generation}@ FAM\n1 HUSB @M{generation}@\n1 WIFE @W{generation}@\n1 CHIL @M{child}@\n",
                name(generation),
                before = i64::from(generation) - 1,
            );
        }
        gedcom + "0 TRLR\n"
    }

    #[test]
    fn a_branch_bears_its_surname_and_its_years() {
        let scene = scene(&line(|generation| {
            format!("Tom{generation} /{}/", ["Lee", "LEE"][usize::from(generation == 3)])
        }));
        let texts: Vec<(&str, u32)> = scene
            .landmarks
            .iter()
            .map(|landmark| (landmark.text.as_str(), landmark.weight))
            .collect();
        assert_eq!(texts, [("Lee 1700–1970", 10)]);
        let center = scene.landmarks[0].region.center();
        assert!(scene.boxes.iter().any(|rect| rect.contains(center)), "it stands on somebody");
    }

    #[test]
    fn without_surnames_the_first_of_the_line_gives_the_name() {
        let scene = scene(&line(|generation| format!("Tom{generation}")));
        assert_eq!(scene.landmarks[0].text, "Tom0 1700–1970");
        assert_eq!(super::shown(-44), "44 BC");
    }
}
