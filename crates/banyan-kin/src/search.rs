//! Finding persons by any part of any of their names.
//!
//! All names stand folded in one text, a line for each person; a query is a substring scan of it. A
//! name with Chinese letters is there a second time as it sounds, in pinyin, and by the initials of
//! that; a Chinese query finds what sounds like it too, so that 贾宝玉 finds 賈寶玉.

use std::collections::BTreeSet;

use memchr::memmem::Finder;

use crate::{
    fold::fold,
    person::PersonId,
    sound::{has_han, initials, pinyin},
};

/// The folded names: names of a person are ended by `\t`, persons by `\n`.
#[derive(Clone, Debug, Default)]
pub(crate) struct SearchIndex {
    folded: String,
    /// Where each person's line starts.
    starts: Vec<u32>,
}

/// How well a name fits a query; less is better. Within a rank the shorter name comes first, then
/// the order of the file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Whole,
    Beginning,
    WordBeginnings,
    Inside,
}

impl SearchIndex {
    /// For so many persons whose names take about so many bytes.
    pub(crate) fn with_capacity(persons: usize, bytes: usize) -> Self {
        Self { folded: String::with_capacity(bytes + persons), starts: Vec::with_capacity(persons) }
    }

    pub(crate) fn shrink_to_fit(&mut self) {
        self.folded.shrink_to_fit();
        self.starts.shrink_to_fit();
    }

    /// Adds the next person. Persons past 4 GiB of names get no line of their own to match.
    pub(crate) fn push(&mut self, names: impl Iterator<Item = impl AsRef<str>>) {
        let Ok(start) = u32::try_from(self.folded.len()) else { return };
        self.starts.push(start);
        for name in names {
            let (name, at) = (name.as_ref(), self.folded.len());
            if name.is_ascii() {
                self.folded.push_str(name);
                if let Some(added) = self.folded.get_mut(at..) {
                    added.make_ascii_lowercase();
                }
            } else {
                self.folded.push_str(&fold(name));
            }
            self.folded.push('\t');
            if has_han(name) {
                for sound in [pinyin(name), initials(name)] {
                    self.folded.push_str(&sound);
                    self.folded.push('\t');
                }
            }
        }
        self.folded.push('\n');
    }

    pub(crate) fn find(&self, query: &str, limit: usize) -> Vec<PersonId> {
        let query = fold(query).replace(['_', '/'], " ");
        let mut found = self.scan(&query, limit);
        if found.len() < limit && has_han(&query) {
            let alike = self.scan(&pinyin(&query), limit);
            let known: BTreeSet<PersonId> = found.iter().copied().collect();
            found.extend(alike.into_iter().filter(|person| !known.contains(person)));
            found.truncate(limit);
        }
        found
    }

    /// The persons with a name that holds every word of a folded query, best first.
    fn scan(&self, query: &str, limit: usize) -> Vec<PersonId> {
        let words: Vec<&str> = query.split_whitespace().collect();
        let Some(&longest) = words.iter().max_by_key(|word| word.len()) else { return Vec::new() };
        // Pinyin stands in one piece however it is typed.
        let wholes = [words.join(" "), words.concat()];
        let finder = Finder::new(longest);

        let mut found: Vec<(Rank, usize, PersonId)> = Vec::new();
        let mut person = 0;
        let mut from = 0;
        while let Some(hit) = self.folded.as_bytes().get(from..).and_then(|rest| finder.find(rest))
        {
            let at = from + hit;
            person += self
                .starts
                .get(person..)
                .map_or(0, |starts| starts.partition_point(|&start| start as usize <= at))
                .saturating_sub(1);
            let line = self.line(person);
            let best = line
                .split('\t')
                .filter_map(|name| Some((rank(name, &wholes, &words)?, name.len())))
                .min();
            if let (Some((rank, length)), Ok(id)) = (best, u32::try_from(person)) {
                found.push((rank, length, PersonId(id)));
            }
            person += 1;
            let Some(&next) = self.starts.get(person) else { break };
            from = next as usize;
        }
        if found.len() > limit && limit > 0 {
            found.select_nth_unstable(limit - 1);
        }
        found.truncate(limit);
        found.sort_unstable();
        found.into_iter().map(|(_, _, id)| id).collect()
    }

    /// The folded names of a person, each ended by a tab.
    fn line(&self, person: usize) -> &str {
        let start = self.starts.get(person).map_or(self.folded.len(), |&start| start as usize);
        let end = self.starts.get(person + 1).map_or(self.folded.len(), |&end| end as usize);
        self.folded.get(start..end).unwrap_or_default().trim_end_matches('\n')
    }
}

/// How a name fits a query of several words, if it holds them all.
fn rank(name: &str, wholes: &[String; 2], words: &[&str]) -> Option<Rank> {
    if !words.iter().all(|word| name.contains(word)) {
        return None;
    }
    Some(if wholes.iter().any(|whole| name == whole) {
        Rank::Whole
    } else if wholes.iter().any(|whole| name.starts_with(whole)) {
        Rank::Beginning
    } else if words.iter().all(|word| begins_a_word(name, word)) {
        Rank::WordBeginnings
    } else {
        Rank::Inside
    })
}

fn begins_a_word(name: &str, word: &str) -> bool {
    name.match_indices(word).any(|(at, _)| {
        name.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn index(persons: &[&[&str]]) -> SearchIndex {
        let mut index = SearchIndex::default();
        for names in persons {
            index.push(names.iter());
        }
        index
    }

    #[test]
    fn names_are_found_best_first() {
        let index = index(&[
            &["Emma Wedgwood", "Emma Darwin"],
            &["Charlotte Brontë"],
            &["賈寶玉", "Jia Baoyu"],
            &[],
            &["Darwin"],
            &["Charles Robert Darwin"],
            &["McDarwin"],
            &["賈政"],
            &["Darwin Emmanuel"],
        ]);
        for (query, expect) in [
            ("darwin", vec![4, 8, 0, 5, 6]),
            ("DARWIN emma", vec![8, 0]),
            ("bronte", vec![1]),
            ("BRONTË", vec![1]),
            ("賈", vec![7, 2]),
            ("寶玉", vec![2]),
            ("宝玉", vec![2]),
            ("贾", vec![2, 7]),
            ("jia", vec![2, 7]),
            ("jia bao yu", vec![2]),
            ("jby", vec![2]),
            ("jz", vec![7]),
            ("baoyu", vec![2]),
            ("wedgwood darwin", vec![]),
            ("", vec![]),
            ("  ", vec![]),
            ("zzz", vec![]),
            ("\t", vec![]),
        ] {
            let found: Vec<u32> = index.find(query, 10).into_iter().map(|id| id.0).collect();
            assert_eq!(found, expect, "{query:?}");
        }
        assert_eq!(index.find("darwin", 2), [PersonId(4), PersonId(8)]);
        assert_eq!(index.find("darwin", 0), []);
    }
}
