//! Which record of one file is which of another.
//!
//! By their identifiers, where both files have them; what is left by what it says and what its links
//! lead to, for files whose records were counted anew.

use std::{
    collections::BTreeMap,
    hash::{DefaultHasher, Hasher as _},
};

use super::outline::Outline;

/// How far links are followed to tell two records apart that say the same.
const ROUNDS: usize = 4;

/// Every record of both files once, with its like where it has one: those of the first file in their
/// order, then what only the second has.
pub(super) fn pairs(first: &[Outline], second: &[Outline]) -> Vec<(Option<usize>, Option<usize>)> {
    let mut partner_of_first: Vec<Option<usize>> = vec![None; first.len()];
    let mut is_taken = vec![false; second.len()];
    let mut join = |by_first: Vec<Key>, by_second: Vec<Key>| {
        let mut free: BTreeMap<Key, std::collections::VecDeque<usize>> = BTreeMap::new();
        for (at, key) in by_second.into_iter().enumerate() {
            if !is_taken.get(at).copied().unwrap_or(true) && key != Key::None {
                free.entry(key).or_default().push_back(at);
            }
        }
        for (slot, key) in partner_of_first.iter_mut().zip(by_first) {
            if slot.is_none()
                && let Some(at) = free.get_mut(&key).and_then(std::collections::VecDeque::pop_front)
            {
                *slot = Some(at);
                if let Some(taken) = is_taken.get_mut(at) {
                    *taken = true;
                }
            }
        }
        partner_of_first.contains(&None) && is_taken.contains(&false)
    };
    let said = |outlines: &[Outline], round: usize| -> Vec<Key> {
        meanings(outlines, round).into_iter().map(Key::Meaning).collect()
    };
    // Identifiers name the same records only if what they name is mostly alike.
    let is_left =
        if is_alike(first, second) { join(by_name(first), by_name(second)) } else { true };
    if is_left
        && join(said(first, ROUNDS), said(second, ROUNDS))
        && join(said(first, 0), said(second, 0))
    {
        join(by_name(first), by_name(second));
    }
    let only_second = is_taken.iter().enumerate().filter(|(_, taken)| !**taken);
    let only_second: Vec<_> = only_second.map(|(at, _)| (None, Some(at))).collect();
    let with_first = partner_of_first.into_iter().enumerate().map(|(at, like)| (Some(at), like));
    with_first.chain(only_second).collect()
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    None,
    Name(String, String),
    Meaning(u64),
}

fn by_name(outlines: &[Outline]) -> Vec<Key> {
    let key = |outline: &Outline| match (outline.xref.as_str(), outline.tag.as_str()) {
        ("", "HEAD") => Key::Name("HEAD".to_owned(), String::new()),
        ("", _) => Key::None,
        (xref, tag) => Key::Name(tag.to_owned(), xref.to_owned()),
    };
    outlines.iter().map(key).collect()
}

/// Whether at least half of the persons with the same identifier say the same of themselves. Families
/// say too little of themselves to tell.
fn is_alike(first: &[Outline], second: &[Outline]) -> bool {
    let persons = |outlines: &'_ [Outline]| -> BTreeMap<String, u128> {
        let persons = outlines.iter().filter(|outline| outline.tag == "INDI");
        persons.map(|outline| (outline.xref.clone(), outline.own)).collect()
    };
    let known = persons(first);
    let (mut same, mut other) = (0_usize, 0_usize);
    for (xref, own) in persons(second) {
        match known.get(&xref) {
            Some(of_first) if *of_first == own => same += 1,
            Some(_) => other += 1,
            None => {}
        }
    }
    same >= other
}

/// What each record says and what its links lead to, up to so many steps away.
fn meanings(outlines: &[Outline], rounds: usize) -> Vec<u64> {
    let mut places: BTreeMap<&str, usize> = BTreeMap::new();
    for (at, outline) in outlines.iter().enumerate().filter(|(_, outline)| !outline.xref.is_empty())
    {
        places.entry(&outline.xref).or_insert(at);
    }
    let mut meanings: Vec<u64> =
        outlines.iter().map(|outline| hash(&(&outline.tag, outline.own))).collect();
    for _ in 0..rounds {
        meanings = outlines
            .iter()
            .zip(&meanings)
            .map(|(outline, own)| {
                let links: Vec<(u64, Option<u64>)> = outline
                    .links
                    .iter()
                    .map(|(place, to)| {
                        let to = places.get(to.as_str()).and_then(|&at| meanings.get(at));
                        (*place, to.copied())
                    })
                    .collect();
                hash(&(own, links))
            })
            .collect();
    }
    meanings
}

fn hash(value: &impl std::hash::Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
