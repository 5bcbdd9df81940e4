//! Persons parted by what the file says of them: by surname, place, branch, generation word.

use std::{cmp::Reverse, collections::BTreeMap};

use banyan_kin::{FactKind, Genealogy, PersonId, TextId, fold, last_part};
use rustc_hash::FxHashMap;

use super::branches;

/// Who is alone of their name with nobody above or below is no branch.
const FEWEST_OF_BRANCH: usize = 2;

/// In no kind.
pub(super) const NONE: u32 = u32::MAX;

/// The kind of each person, by number, and what the kinds are called.
pub(super) struct Kinds {
    pub of: Vec<u32>,
    pub names: Vec<String>,
}

impl Kinds {
    /// By a part of a text, in the spelling that stands first in the file: equal but for case and
    /// accents is the same.
    fn by_text(
        genealogy: &Genealogy,
        text: impl Fn(PersonId) -> TextId,
        part: impl Fn(&str) -> &str,
    ) -> Self {
        let mut names = Vec::new();
        let mut folded: BTreeMap<String, u32> = BTreeMap::new();
        // Text -> its kind; most have a text that somebody had before.
        let mut known: FxHashMap<TextId, u32> = FxHashMap::default();
        let mut number = |text: TextId| {
            let part = part(genealogy.texts.get(text)).trim();
            if part.is_empty() {
                return NONE;
            }
            *folded.entry(fold(part)).or_insert_with(|| {
                names.push(part.to_owned());
                names.len() as u32 - 1
            })
        };
        let of = genealogy
            .person_ids()
            .map(|person| {
                let text = text(person);
                *known.entry(text).or_insert_with(|| number(text))
            })
            .collect();
        Self { of, names }
    }

    pub(super) fn surnames(genealogy: &Genealogy) -> Self {
        let surname =
            |person| genealogy.names(person).first().map(|name| name.surname).unwrap_or_default();
        Self::by_text(genealogy, surname, |text| text)
    }

    /// The last part of the place of birth, else of baptism.
    pub(super) fn birth_places(genealogy: &Genealogy) -> Self {
        let place = |person, kind| {
            let fact = genealogy.fact(person, kind).map(|fact| fact.place);
            fact.filter(|place| !place.is_empty())
        };
        let born = |person| {
            let birth = place(person, FactKind::Birth);
            birth.or_else(|| place(person, FactKind::Baptism)).unwrap_or_default()
        };
        Self::by_text(genealogy, born, last_part)
    }

    pub(super) fn generation_words(genealogy: &Genealogy) -> Self {
        let mut numbers: BTreeMap<char, u32> = BTreeMap::new();
        let mut names = Vec::new();
        let mut number = |word: char| {
            *numbers.entry(word).or_insert_with(|| {
                names.push(word.to_string());
                names.len() as u32 - 1
            })
        };
        let words = genealogy.generation_words().into_iter();
        let of = words.map(|word| word.map_or(NONE, &mut number)).collect();
        Self { of, names }
    }

    /// `generations` is the row of each person.
    pub(super) fn branches(genealogy: &Genealogy, generations: &[u32]) -> Self {
        let mut kinds = Self { of: vec![NONE; genealogy.persons.len()], names: Vec::new() };
        for members in branches::lineages(genealogy, FEWEST_OF_BRANCH) {
            let number = kinds.names.len() as u32;
            kinds.names.push(branches::title(genealogy, generations, &members));
            for person in members {
                if let Some(kind) = kinds.of.get_mut(person.index()) {
                    *kind = number;
                }
            }
        }
        kinds
    }

    /// The kinds with how many of `persons` each has, the commonest first; without those that nobody
    /// is of.
    pub(super) fn ranked(&self, persons: impl Iterator<Item = PersonId>) -> Vec<(u32, u32)> {
        let mut counts: Vec<(u32, u32)> = (0u32..).take(self.names.len()).map(|n| (n, 0)).collect();
        for person in persons {
            let kind = self.of.get(person.index()).copied().unwrap_or(NONE);
            if let Some((_, count)) = counts.get_mut(kind as usize) {
                *count += 1;
            }
        }
        counts.retain(|(_, count)| *count > 0);
        counts.sort_by_key(|&(kind, count)| (Reverse(count), kind));
        counts
    }
}
