//! Figures about a whole genealogy: how long people lived, when they married, what they were called.

mod spread;

use std::collections::BTreeMap;

use serde::Serialize;

use crate::{
    date::{Date, DateKind},
    fact::FactKind,
    fold::fold,
    genealogy::Genealogy,
    lineage::birth_children,
    person::{PersonId, Sex},
    texts::TextId,
};

pub use self::spread::{AgeCount, Decade, FactCount, Spread, last_part};

/// How many of the commonest names are told.
const NAMES: usize = 20;
/// Years beyond which an age is a mistake, or a patriarch's, and is not counted.
const LONGEST_LIFE: u32 = 130;

/// What [`Genealogy::statistics`] tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Statistics {
    pub persons: u32,
    pub men: u32,
    pub women: u32,
    pub unions: u32,
    /// Persons in the longest line from parent to child.
    pub generations: u32,
    pub completeness: Completeness,
    /// Ages at death, in years.
    pub life_spans: Ages,
    pub life_spans_men: Ages,
    pub life_spans_women: Ages,
    /// Who lived the longest.
    #[serde(skip)]
    pub oldest: Option<PersonId>,
    /// The same by the century of birth, the earliest first.
    pub centuries: Vec<Century>,
    pub marriage_age_men: Ages,
    pub marriage_age_women: Ages,
    /// Ages at the birth of the first child.
    pub first_child_age_men: Ages,
    pub first_child_age_women: Ages,
    /// Unions by their number of children, 0 first.
    pub unions_by_children: Vec<Share>,
    /// Children per union; `None` without unions.
    pub children_per_union: Option<f64>,
    /// First given names, the commonest first.
    pub given_names: Vec<NameCount>,
    pub surnames: Vec<NameCount>,
    #[serde(flatten)]
    pub spread: Spread,
}

/// Of how many persons something is known.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Completeness {
    pub name: u32,
    pub sex: u32,
    /// A year of birth or baptism.
    pub birth: u32,
    pub birth_place: u32,
    /// That they died, with or without a date.
    pub death: u32,
    pub death_date: u32,
    /// At least one parent.
    pub parents: u32,
    pub both_parents: u32,
    /// A source, for whatever is said of them.
    pub source: u32,
}

/// Ages in whole years. All but `count` is `None` where nobody counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Ages {
    pub count: u32,
    pub mean: Option<f64>,
    pub median: Option<u32>,
    pub least: Option<u32>,
    pub most: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Century {
    /// 19 is 1801 to 1900, -1 is 100 to 1 before Christ.
    pub century: i32,
    pub born: u32,
    pub life_spans: Ages,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Share {
    pub children: u32,
    pub unions: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct NameCount {
    pub name: String,
    pub persons: u32,
    /// Who bears it first in the file.
    #[serde(skip)]
    pub first: PersonId,
}

impl Genealogy {
    /// Figures about everybody. An age counts where both of its dates name a year that is at least
    /// meant to be right: "before 1800" gives none. O(persons · log persons).
    pub fn statistics(&self) -> Statistics {
        let mut lives: BTreeMap<i32, (u32, Vec<u32>)> = BTreeMap::new();
        let mut statistics = Statistics {
            persons: length(&self.persons),
            unions: length(&self.unions),
            spread: Spread::of(self),
            ..Statistics::default()
        };
        statistics.generations = length(&statistics.spread.persons_by_generation);
        let mut longest = None;
        for id in self.person_ids() {
            self.count_known(id, &mut statistics);
            let born = self.born(id);
            let Some(year) = born.year().filter(|_| is_meant(&born)) else { continue };
            let (number, spans) = lives.entry(century_of(year)).or_default();
            *number += 1;
            let span = self.life_years(id);
            spans.extend(span);
            if span > longest {
                (longest, statistics.oldest) = (span, Some(id));
            }
        }
        statistics.life_spans =
            Ages::of(lives.values().flat_map(|(_, spans)| spans.iter().copied()).collect());
        let century =
            |(century, (born, spans))| Century { century, born, life_spans: Ages::of(spans) };
        statistics.centuries = lives.into_iter().map(century).collect();
        [statistics.life_spans_men, statistics.life_spans_women] =
            self.life_spans_by_sex().map(Ages::of);
        self.count_unions(&mut statistics);
        let named = |id, part: fn(&crate::Name) -> TextId| {
            self.names(id).first().map_or("", |name| self.texts.get(part(name)))
        };
        statistics.given_names = self.common_texts(NAMES, |id| {
            let given = named(id, |name| name.given);
            given.split_whitespace().next().unwrap_or_default()
        });
        statistics.surnames = self.common_texts(NAMES, |id| named(id, |name| name.surname).trim());
        statistics
    }

    fn count_known(&self, id: PersonId, statistics: &mut Statistics) {
        let Some(person) = self.person(id) else { return };
        statistics.men += u32::from(person.sex == Sex::Male);
        statistics.women += u32::from(person.sex == Sex::Female);
        let has_place = |kinds: [FactKind; 2]| {
            self.facts(id).iter().any(|fact| kinds.contains(&fact.kind) && !fact.place.is_empty())
        };
        let is_dead = self.facts(id).iter().any(|fact| {
            matches!(fact.kind, FactKind::Death | FactKind::Burial | FactKind::Cremation)
        });
        let parents = self.parents(id).len();
        let known = &mut statistics.completeness;
        known.name += u32::from(self.display_name(id).chars().any(char::is_alphabetic));
        known.sex += u32::from(person.sex != Sex::Unknown);
        known.birth += u32::from(self.born(id).year().is_some());
        known.birth_place += u32::from(has_place([FactKind::Birth, FactKind::Baptism]));
        known.death += u32::from(is_dead);
        known.death_date += u32::from(self.known_death(id).is_some());
        known.parents += u32::from(parents > 0);
        known.both_parents += u32::from(parents > 1);
        known.source += u32::from(person.is_sourced);
    }

    fn count_unions(&self, statistics: &mut Statistics) {
        // By the sex of the partner, men first.
        let mut married = [Vec::new(), Vec::new()];
        let mut first_birth: BTreeMap<PersonId, Date> = BTreeMap::new();
        let mut sizes: BTreeMap<u32, u32> = BTreeMap::new();
        let mut children = 0_u64;
        for union in self.union_ids() {
            let size = length(self.children(union));
            *sizes.entry(size).or_default() += 1;
            children += u64::from(size);
            let marriage = self.marriage(union).map(|fact| fact.date);
            let births = birth_children(self, union).map(|child| self.born(child));
            let first = births.filter(is_meant).min_by_key(Date::sort_key);
            for &partner in self.partners(union) {
                if let (Some(married), Some(marriage)) =
                    (self.of_sex(partner, &mut married), marriage)
                {
                    married.extend(age(&self.born(partner), &marriage));
                }
                if let Some(first) = first {
                    let earliest = first_birth.entry(partner).or_insert(first);
                    if first.sort_key() < earliest.sort_key() {
                        *earliest = first;
                    }
                }
            }
        }
        let mut parents = [Vec::new(), Vec::new()];
        for (parent, first) in first_birth {
            if let Some(parents) = self.of_sex(parent, &mut parents) {
                parents.extend(age(&self.born(parent), &first));
            }
        }
        [statistics.marriage_age_men, statistics.marriage_age_women] = married.map(Ages::of);
        [statistics.first_child_age_men, statistics.first_child_age_women] = parents.map(Ages::of);
        let share = |(children, unions)| Share { children, unions };
        statistics.unions_by_children = sizes.into_iter().map(share).collect();
        statistics.children_per_union =
            (!self.unions.is_empty()).then(|| children as f64 / self.unions.len() as f64);
    }

    fn of_sex<'a, T>(&self, id: PersonId, [men, women]: &'a mut [T; 2]) -> Option<&'a mut T> {
        match self.person(id)?.sex {
            Sex::Male => Some(men),
            Sex::Female => Some(women),
            Sex::Unknown | Sex::Other => None,
        }
    }

    /// The century of birth or baptism, where the year is meant to be right: see [`Century::century`].
    pub fn birth_century(&self, id: PersonId) -> Option<i32> {
        let born = self.born(id);
        born.year().filter(|_| is_meant(&born)).map(century_of)
    }

    /// How old somebody became, in whole years; `None` where a date is missing or says no more than a
    /// bound.
    pub fn life_years(&self, id: PersonId) -> Option<u32> {
        age(&self.born(id), &self.known_death(id)?)
    }

    /// The date of death, else of burial or cremation, if it names a year.
    pub fn known_death(&self, id: PersonId) -> Option<Date> {
        let dated = |kinds: &[FactKind]| {
            let mut facts = self.facts(id).iter();
            facts.find(|fact| kinds.contains(&fact.kind) && fact.date.year().is_some())
        };
        dated(&[FactKind::Death])
            .or_else(|| dated(&[FactKind::Burial, FactKind::Cremation]))
            .map(|fact| fact.date)
    }

    /// The commonest of texts about persons, in the spelling that stands first in the file; equal but
    /// for case and accents is the same.
    fn common_texts<'a>(
        &'a self,
        most: usize,
        text: impl Fn(PersonId) -> &'a str,
    ) -> Vec<NameCount> {
        // Texts are few where persons are many: folded is each spelling once.
        let mut spellings: BTreeMap<&str, (PersonId, u32)> = BTreeMap::new();
        for id in self.person_ids() {
            let text = text(id);
            if text.chars().any(char::is_alphabetic) {
                spellings.entry(text).or_insert((id, 0)).1 += 1;
            }
        }
        let mut names: BTreeMap<String, (PersonId, &str, u32)> = BTreeMap::new();
        for (text, (first, count)) in spellings {
            let name = names.entry(fold(text)).or_insert((first, text, 0));
            if first < name.0 {
                (name.0, name.1) = (first, text);
            }
            name.2 += count;
        }
        let mut names: Vec<NameCount> = (names.into_values())
            .map(|(first, name, persons)| NameCount { name: name.to_owned(), persons, first })
            .collect();
        names.sort_by(|a, b| b.persons.cmp(&a.persons).then_with(|| a.name.cmp(&b.name)));
        names.truncate(most);
        names
    }
}

impl Ages {
    fn of(mut years: Vec<u32>) -> Self {
        years.sort_unstable();
        let sum: u64 = years.iter().copied().map(u64::from).sum();
        Self {
            count: length(&years),
            mean: (!years.is_empty()).then(|| sum as f64 / years.len() as f64),
            median: years.get(years.len() / 2).copied(),
            least: years.first().copied(),
            most: years.last().copied(),
        }
    }
}

/// Whether a date names a year that is meant to be right.
fn is_meant(date: &Date) -> bool {
    let kind = matches!(
        date.kind,
        DateKind::Exact
            | DateKind::About
            | DateKind::Calculated
            | DateKind::Estimated
            | DateKind::Interpreted
    );
    kind && date.year().is_some()
}

/// Whole years from one date to another; years alone are compared where either lacks its month.
fn age(from: &Date, to: &Date) -> Option<u32> {
    if !is_meant(from) || !is_meant(to) {
        return None;
    }
    let years = if from.first.month == 0 || to.first.month == 0 {
        // There is no year 0 between the eras.
        let counted = |date: &Date| date.year().map(|year| if year < 0 { year + 1 } else { year });
        counted(to)? - counted(from)?
    } else {
        let days = to.first.day_number()? - from.first.day_number()?;
        (f64::from(days) / 365.2425 + 0.001).floor() as i32
    };
    u32::try_from(years).ok().filter(|&years| years <= LONGEST_LIFE)
}

const fn century_of(year: i32) -> i32 {
    if year > 0 { (year - 1) / 100 + 1 } else { (year + 1) / 100 - 1 }
}

fn length<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}
