//! Finding persons by any part of any of their names.
//!
//! All names stand folded in one text, a line for each person; a query is a substring scan of it. A
//! name with Chinese letters is there a second time as it sounds, in pinyin, and by the initials of
//! that; a Chinese query finds what sounds like it too, so that 贾宝玉 finds 賈寶玉.

use std::collections::BTreeSet;

use memchr::{memchr, memmem::Finder, memrchr2};

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
        let wanted = Wanted::new(&words);
        let (text, finder) = (self.folded.as_bytes(), Finder::new(longest));

        let mut best = Best::new(limit);
        let mut person = 0;
        let mut from = 0;
        while let Some(hit) = text.get(from..).and_then(|rest| finder.find(rest)) {
            person = self.person_at(person, from + hit);
            let end = self.starts.get(person + 1).map_or(text.len(), |&end| end as usize);
            // Names before the one that was hit do not hold the word.
            let (mut at, mut fits) = (from + hit, None);
            while at < end {
                let start = memrchr2(b'\t', b'\n', text.get(..at).unwrap_or_default())
                    .map_or(0, |before| before + 1);
                let name = self.folded.get(start..end).unwrap_or_default();
                let name = name.get(..memchr(b'\t', name.as_bytes()).unwrap_or(name.len()));
                let name = name.unwrap_or_default();
                let fit = wanted.rank(name).map(|rank| (rank, name.len()));
                fits = fits.into_iter().chain(fit).min();
                let next = start + name.len();
                let Some(hit) = text.get(next..end).and_then(|rest| finder.find(rest)) else {
                    break;
                };
                at = next + hit;
            }
            if let (Some((rank, length)), Ok(id)) = (fits, u32::try_from(person)) {
                best.offer((rank, length, PersonId(id)));
            }
            from = end;
        }
        best.sorted().into_iter().map(|(_, _, id)| id).collect()
    }

    /// Whose line holds a byte, which is not before the line of `from`. Most hits are close to each
    /// other, so that steps which double find it sooner than halves of all that is left.
    fn person_at(&self, from: usize, at: usize) -> usize {
        let is_later =
            |person: usize| self.starts.get(person).is_none_or(|&start| start as usize > at);
        let (mut low, mut step) = (from, 1);
        while !is_later(low + step) {
            low += step;
            step *= 2;
        }
        let within = self.starts.get(low..(low + step).min(self.starts.len())).unwrap_or_default();
        low + within.partition_point(|&start| start as usize <= at).saturating_sub(1)
    }
}

/// The best of all that is found. What cannot be among them any more is not kept: a letter that two
/// million persons have in their names takes no more room than a name.
struct Best {
    limit: usize,
    found: Vec<(Rank, usize, PersonId)>,
    /// Of those that are kept for sure; who is behind it is behind enough others.
    worst: Option<(Rank, usize, PersonId)>,
}

impl Best {
    const fn new(limit: usize) -> Self {
        Self { limit, found: Vec::new(), worst: None }
    }

    fn offer(&mut self, one: (Rank, usize, PersonId)) {
        if self.worst.is_some_and(|worst| one > worst) {
            return;
        }
        self.found.push(one);
        if self.found.len() >= self.limit.saturating_mul(2).max(64) {
            self.sift();
        }
    }

    fn sift(&mut self) {
        if self.found.len() > self.limit && self.limit > 0 {
            let (_, worst, _) = self.found.select_nth_unstable(self.limit - 1);
            self.worst = Some(*worst);
        }
        self.found.truncate(self.limit);
    }

    fn sorted(mut self) -> Vec<(Rank, usize, PersonId)> {
        self.sift();
        self.found.sort_unstable();
        self.found
    }
}

/// The words of a query, made ready to be looked for in a million names.
struct Wanted<'q> {
    words: Vec<Finder<'q>>,
    /// Pinyin stands in one piece however it is typed.
    wholes: [String; 2],
}

impl<'q> Wanted<'q> {
    fn new(words: &[&'q str]) -> Self {
        Self {
            words: words.iter().map(|word| Finder::new(*word)).collect(),
            wholes: [words.join(" "), words.concat()],
        }
    }

    /// How a name fits, if it holds all words.
    fn rank(&self, name: &str) -> Option<Rank> {
        if !self.words.iter().all(|word| word.find(name.as_bytes()).is_some()) {
            return None;
        }
        Some(if self.wholes.iter().any(|whole| name == whole) {
            Rank::Whole
        } else if self.wholes.iter().any(|whole| name.starts_with(whole)) {
            Rank::Beginning
        } else if self.words.iter().all(|word| begins_a_word(name, word)) {
            Rank::WordBeginnings
        } else {
            Rank::Inside
        })
    }
}

fn begins_a_word(name: &str, word: &Finder<'_>) -> bool {
    word.find_iter(name.as_bytes())
        .any(|at| name.get(..at).is_some_and(|before| !before.ends_with(char::is_alphanumeric)))
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
