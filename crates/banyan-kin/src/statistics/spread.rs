//! How births, deaths and what is written of them are spread: over months, decades, ages, places,
//! generations, kinds of facts.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::{NAMES, NameCount, age, is_meant};
use crate::{
    date::Calendar,
    fact::FactKind,
    genealogy::Genealogy,
    person::{PersonId, Sex},
};

/// Years of a step of ages.
const STEP: u32 = 10;
const MONTHS: usize = 12;

/// Part of [`Statistics`](super::Statistics).
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Spread {
    /// By the number of generations above them that are known, nobody above first.
    pub persons_by_generation: Vec<u32>,
    /// January first, of the Gregorian and the Julian calendar; empty where no month is known.
    pub births_by_month: Vec<u32>,
    /// Without the decades in which nobody was born.
    pub births_by_decade: Vec<Decade>,
    /// Without the ages at which nobody died.
    pub deaths_by_age: Vec<AgeCount>,
    /// Where people were born: the last parts of places, the commonest first.
    pub birth_places: Vec<NameCount>,
    /// Generation words (字辈), the commonest first.
    pub generation_words: Vec<NameCount>,
    /// What is said of persons and of unions, the commonest first.
    pub facts: Vec<FactCount>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Decade {
    /// 1840 is 1840 to 1849; -40 is 40 to 31 before Christ.
    pub from: i32,
    pub born: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AgeCount {
    /// 20 is 20 to 29 whole years.
    pub from: u32,
    pub persons: u32,
}

/// How many persons or unions have a fact of a kind, with a date and with a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct FactCount {
    #[serde(serialize_with = "as_code")]
    pub kind: FactKind,
    pub told: u32,
    pub dated: u32,
    pub placed: u32,
}

impl Spread {
    pub(super) fn of(genealogy: &Genealogy) -> Self {
        let mut generations: BTreeMap<u32, u32> = BTreeMap::new();
        for depth in genealogy.depths() {
            *generations.entry(depth).or_default() += 1;
        }
        let last = generations.keys().next_back().copied().unwrap_or_default();
        let in_generation = |depth| generations.get(&depth).copied().unwrap_or_default();
        let mut months = vec![0; MONTHS];
        let mut decades: BTreeMap<i32, u32> = BTreeMap::new();
        let mut ages: BTreeMap<u32, u32> = BTreeMap::new();
        for id in genealogy.person_ids() {
            let born = genealogy.born(id);
            let Some(year) = born.year().filter(|_| is_meant(&born)) else { continue };
            *decades.entry(decade_of(year)).or_default() += 1;
            let is_solar = matches!(born.first.calendar, Calendar::Gregorian | Calendar::Julian);
            let month = usize::from(born.first.month).checked_sub(1).filter(|_| is_solar);
            if let Some(count) = month.and_then(|month| months.get_mut(month)) {
                *count += 1;
            }
            let died = genealogy.known_death(id);
            if let Some(years) = died.and_then(|died| age(&born, &died)) {
                *ages.entry(years / STEP * STEP).or_default() += 1;
            }
        }
        if months.iter().all(|count| *count == 0) {
            months.clear();
        }
        Self {
            persons_by_generation: (1..=last).map(in_generation).collect(),
            births_by_month: months,
            births_by_decade: decades
                .into_iter()
                .map(|(from, born)| Decade { from, born })
                .collect(),
            deaths_by_age: ages
                .into_iter()
                .map(|(from, persons)| AgeCount { from, persons })
                .collect(),
            birth_places: genealogy.common_texts(NAMES, |id| {
                let place = genealogy.birth_place(id);
                last_part(place)
            }),
            generation_words: genealogy.common_words(),
            facts: genealogy.count_facts(),
        }
    }
}

impl Genealogy {
    /// The place of birth, else of baptism; empty where neither is known.
    pub fn birth_place(&self, id: PersonId) -> &str {
        let place = |kind| self.fact(id, kind).map_or("", |fact| self.texts.get(fact.place));
        let birth = place(FactKind::Birth);
        if birth.is_empty() { place(FactKind::Baptism) } else { birth }
    }

    fn common_words(&self) -> Vec<NameCount> {
        let mut words: BTreeMap<char, (PersonId, u32)> = BTreeMap::new();
        for (id, word) in self.person_ids().zip(self.generation_words()) {
            if let Some(word) = word {
                words.entry(word).or_insert((id, 0)).1 += 1;
            }
        }
        let mut words: Vec<NameCount> = (words.into_iter())
            .map(|(word, (first, persons))| NameCount { name: word.to_string(), persons, first })
            .collect();
        words.sort_by(|a, b| b.persons.cmp(&a.persons).then(a.first.cmp(&b.first)));
        words.truncate(NAMES);
        words
    }

    /// Notes and what has no kind of its own are left out.
    fn count_facts(&self) -> Vec<FactCount> {
        let mut counts: BTreeMap<FactKind, FactCount> = BTreeMap::new();
        let of_persons = self.person_ids().map(|id| self.facts(id));
        for facts in of_persons.chain(self.union_ids().map(|id| self.union_facts(id))) {
            let mut seen = BTreeSet::new();
            for fact in facts {
                let kind = fact.kind;
                // The first of a kind is the one that files prefer.
                if matches!(kind, FactKind::Note | FactKind::Other) || !seen.insert(kind) {
                    continue;
                }
                let count = FactCount { kind, told: 0, dated: 0, placed: 0 };
                let count = counts.entry(kind).or_insert(count);
                count.told += 1;
                count.dated += u32::from(fact.date.year().is_some());
                count.placed += u32::from(!fact.place.is_empty());
            }
        }
        let mut counts: Vec<FactCount> = counts.into_values().collect();
        counts.sort_by(|a, b| b.told.cmp(&a.told).then(a.kind.cmp(&b.kind)));
        counts
    }

    /// Ages at death of men and of women, in years.
    pub(super) fn life_spans_by_sex(&self) -> [Vec<u32>; 2] {
        let mut spans = [Vec::new(), Vec::new()];
        for id in self.person_ids() {
            let span = self.known_death(id).and_then(|died| age(&self.born(id), &died));
            let place = match self.person(id).map(|person| person.sex) {
                Some(Sex::Male) => 0,
                Some(Sex::Female) => 1,
                _ => continue,
            };
            if let (Some(spans), Some(span)) = (spans.get_mut(place), span) {
                spans.push(span);
            }
        }
        spans
    }
}

fn as_code<S: Serializer>(kind: &FactKind, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(kind.code())
}

/// What stands last in a place: mostly the country.
pub fn last_part(place: &str) -> &str {
    let mut parts = place.rsplit([',', '，']);
    parts.find(|part| !part.trim().is_empty()).unwrap_or_default().trim()
}

/// There is no year 0: the decade before that of 1 begins with 10 before Christ.
const fn decade_of(year: i32) -> i32 {
    year.div_euclid(STEP as i32) * STEP as i32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_end_with_their_largest_part() {
        for (place, last) in [
            ("", ""),
            ("York", "York"),
            ("York, Yorkshire, England ", "England"),
            ("苏州，中国", "中国"),
            ("Rome, ,", "Rome"),
        ] {
            assert_eq!(last_part(place), last);
        }
    }

    #[test]
    fn decades_begin_with_a_round_year() {
        assert_eq!([1849, 1840, 7, -1, -40].map(decade_of), [1840, 1840, 0, -10, -40]);
    }
}
