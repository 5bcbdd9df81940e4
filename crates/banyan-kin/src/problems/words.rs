//! Generation words (字辈): the character that the given names of a generation of a clan share.

use std::collections::BTreeMap;

use super::{Problem, ProblemKind};
use crate::{
    genealogy::Genealogy,
    lineage::Lineage,
    name::is_east_asian,
    person::{PersonId, Sex},
};

/// So many must share a character, and so many of a hundred, before it is a generation's word.
const FEWEST: usize = 3;
const PERCENT: usize = 60;

/// Those of one line of descent, generation, surname and sex: the daughters of a clan have words of
/// their own, or none.
type Peers<'a> = BTreeMap<(u32, i32, &'a str, Sex), Vec<(PersonId, Vec<char>)>>;

/// `lineage` must know lines of descent alone: what marriage says is no part of a clan.
pub(super) fn find(genealogy: &Genealogy, lineage: &mut Lineage, problems: &mut Vec<Problem>) {
    for peers in peers(genealogy, lineage).into_values() {
        let Some((place, word)) = word_of(&peers) else { continue };
        for (id, given) in peers {
            if given.len() < 2 || given.get(place) != Some(&word) {
                let kind = ProblemKind::OtherGenerationWord { word };
                problems.push(Problem { kind, persons: vec![id], union: None });
            }
        }
    }
}

impl Genealogy {
    /// The generation word (字辈) in each person's name, where there is one.
    pub fn generation_words(&self) -> Vec<Option<char>> {
        let mut words = vec![None; self.persons.len()];
        for peers in peers(self, &mut Lineage::of_descent(self)).into_values() {
            let Some((place, word)) = word_of(&peers) else { continue };
            for (id, given) in peers {
                if let (2, Some(slot)) = (given.len(), words.get_mut(id.index()))
                    && given.get(place) == Some(&word)
                {
                    *slot = Some(word);
                }
            }
        }
        words
    }
}

fn peers<'a>(genealogy: &'a Genealogy, lineage: &mut Lineage) -> Peers<'a> {
    let mut peers: Peers<'_> = BTreeMap::new();
    for id in genealogy.person_ids() {
        let Some(name) = genealogy.names(id).first() else { continue };
        let surname = genealogy.texts.get(name.surname).trim();
        let given = genealogy.texts.get(name.given);
        if surname.is_empty() || !is_east_asian(given) {
            continue;
        }
        let given: Vec<char> = given.chars().filter(|c| c.is_alphabetic()).collect();
        if given.len() <= 2 {
            let (line, generation) = lineage.place(id);
            let sex = genealogy.person(id).map_or(Sex::Unknown, |person| person.sex);
            peers.entry((line, generation, surname, sex)).or_default().push((id, given));
        }
    }
    peers
}

/// The place and the character that most names of two characters share, if they are enough of all.
fn word_of(peers: &[(PersonId, Vec<char>)]) -> Option<(usize, char)> {
    if peers.len() < FEWEST {
        return None;
    }
    let mut counts: BTreeMap<(usize, char), usize> = BTreeMap::new();
    for (_, given) in peers.iter().filter(|(_, given)| given.len() == 2) {
        for (place, &c) in given.iter().enumerate() {
            *counts.entry((place, c)).or_default() += 1;
        }
    }
    let (word, count) =
        counts.into_iter().max_by_key(|&(word, count)| (count, std::cmp::Reverse(word)))?;
    (count >= FEWEST && count * 100 >= peers.len() * PERCENT).then_some(word)
}
