//! Finding persons by any part of any of their names.
//!
//! All names stand folded in one text, a line for each person; a query is a substring scan of it. A
//! name with Chinese letters is there a second time as it sounds, in pinyin, and by the initials of
//! that; a Chinese query finds what sounds like it too, so that 贾宝玉 finds 賈寶玉.

use std::collections::BTreeSet;

use memchr::{
    memchr2,
    memmem::{self, Finder},
    memrchr,
};

use crate::{
    fold::fold,
    genealogy::Genealogy,
    name::display_name,
    person::PersonId,
    sound::{has_han, initials, pinyin},
};

/// The folded names: a name begins with `\t`, and a person ends with `\n`. Shown names have neither.
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
    /// Of everybody's names.
    pub(crate) fn of(genealogy: &Genealogy) -> Self {
        let Genealogy { texts, persons, names, .. } = genealogy;
        // About as long as the parts of the names, each with a space or an end.
        let parts = names.iter().flat_map(|name| [name.given, name.surname, name.spelling]);
        let bytes = parts.map(|part| texts.get(part).len() + 1).sum::<usize>();
        let mut index = Self {
            folded: String::with_capacity(bytes + persons.len()),
            starts: Vec::with_capacity(persons.len()),
        };
        for person in persons {
            let names = person.names.of(names).iter();
            index.push(names.map(|name| display_name(&name.written(texts))));
        }
        index.folded.shrink_to_fit();
        index.starts.shrink_to_fit();
        index
    }

    /// Adds the next person. Persons past 4 GiB of names get no line of their own to match.
    fn push(&mut self, names: impl Iterator<Item = impl AsRef<str>>) {
        let Ok(start) = u32::try_from(self.folded.len()) else { return };
        self.starts.push(start);
        for name in names {
            let name = name.as_ref();
            self.folded.push('\t');
            let at = self.folded.len();
            if name.is_ascii() {
                self.folded.push_str(name);
                if let Some(added) = self.folded.get_mut(at..) {
                    added.make_ascii_lowercase();
                }
            } else {
                self.folded.push_str(&fold(name));
            }
            if has_han(name) {
                for sound in [pinyin(name), initials(name)] {
                    self.folded.push('\t');
                    self.folded.push_str(&sound);
                }
            }
        }
        self.folded.push('\n');
    }

    /// The persons that `is_wanted` whose names fit a query, best first, at most `limit`.
    pub(crate) fn find(
        &self,
        query: &str,
        limit: usize,
        is_wanted: impl Fn(PersonId) -> bool,
    ) -> Vec<PersonId> {
        let query = fold(query).replace(['_', '/'], " ");
        let mut found = self.scan(&query, limit, &is_wanted);
        if found.len() < limit && has_han(&query) {
            let alike = self.scan(&pinyin(&query), limit, &is_wanted);
            let known: BTreeSet<PersonId> = found.iter().copied().collect();
            found.extend(alike.into_iter().filter(|person| !known.contains(person)));
            found.truncate(limit);
        }
        found
    }

    /// The persons with a name that holds every word of a folded query, best first.
    ///
    /// Names that begin with the query come before all others and are few, even of a letter that nearly
    /// all names have somewhere. Where there are enough of them, nobody asks who the others are.
    fn scan(
        &self,
        query: &str,
        limit: usize,
        is_wanted: &impl Fn(PersonId) -> bool,
    ) -> Vec<PersonId> {
        let words: Vec<&str> = query.split_whitespace().collect();
        if words.is_empty() {
            return Vec::new();
        }
        // Pinyin stands in one piece however it is typed.
        let mut wholes = vec![words.join(" "), words.concat()];
        wholes.dedup();
        let mut found: Vec<Fit> =
            wholes.iter().flat_map(|whole| self.beginning(whole, limit, is_wanted)).collect();
        found.sort_unstable();
        let mut known = BTreeSet::new();
        found.retain(|&(_, _, person)| known.insert(person));
        found.truncate(limit);
        if let Some(left) = limit.checked_sub(found.len()).filter(|left| *left > 0) {
            let is_other = |person| !known.contains(&person) && is_wanted(person);
            found.extend(self.holding(&words, left, &is_other));
        }
        found.into_iter().map(|(_, _, person)| person).collect()
    }

    /// The best of those with a name that begins so.
    fn beginning(
        &self,
        whole: &str,
        limit: usize,
        is_wanted: &impl Fn(PersonId) -> bool,
    ) -> Vec<Fit> {
        let needle = format!("\t{whole}");
        let mut best = Best::new(limit);
        let mut person = 0;
        for before in memmem::find_iter(self.folded.as_bytes(), &needle) {
            let start = before + 1;
            let length = self.end_of_name(start) - start;
            let rank = if length == whole.len() { Rank::Whole } else { Rank::Beginning };
            if best.takes(rank, length) {
                person = self.person_at(person, start);
                best.offer(rank, length, person, is_wanted);
            }
        }
        best.sorted()
    }

    /// The best of those with a name that holds all words, as if none began with them.
    fn holding(
        &self,
        words: &[&str],
        limit: usize,
        is_wanted: &impl Fn(PersonId) -> bool,
    ) -> Vec<Fit> {
        let Some(longest) = words.iter().max_by_key(|word| word.len()) else { return Vec::new() };
        let finder = Finder::new(longest);
        let words: Vec<Finder<'_>> = words.iter().map(|word| Finder::new(*word)).collect();
        let mut best = Best::new(limit);
        let (mut person, mut from) = (0, 0);
        while let Some(hit) = self.bytes_from(from).and_then(|rest| finder.find(rest)) {
            let at = from + hit;
            from = at + longest.len();
            // Where another hit of the name begins a word, it will be next.
            if !best.takes(Rank::Inside, 0) && !begins_a_word(&self.folded, at) {
                continue;
            }
            let start = memrchr(b'\t', self.folded.as_bytes().get(..at).unwrap_or_default())
                .map_or(0, |before| before + 1);
            let end = self.end_of_name(from);
            let length = end - start;
            if !best.takes(Rank::WordBeginnings, length) {
                continue;
            }
            from = end;
            let name = self.folded.get(start..end).unwrap_or_default();
            let Some(rank) = rank(name, &words) else { continue };
            if best.takes(rank, length) {
                person = self.person_at(person, start);
                best.offer(rank, length, person, is_wanted);
            }
        }
        best.sorted()
    }

    fn bytes_from(&self, from: usize) -> Option<&[u8]> {
        self.folded.as_bytes().get(from..)
    }

    /// Where the name ends that holds a byte, or would.
    fn end_of_name(&self, at: usize) -> usize {
        let rest = self.bytes_from(at).unwrap_or_default();
        at + memchr2(b'\t', b'\n', rest).unwrap_or(rest.len())
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

/// How a name of a person fits, and how long it is; less is better.
type Fit = (Rank, usize, PersonId);

/// The best of all that is found. What cannot be among them any more is not kept: a letter that two
/// million persons have in their names takes no more room than a name.
struct Best {
    limit: usize,
    found: Vec<Fit>,
    /// The best fit of who was offered last, who may be offered again with another name.
    last: Option<Fit>,
    /// Of those that are kept for sure; who is behind it is behind enough others.
    worst: Option<Fit>,
}

impl Best {
    const fn new(limit: usize) -> Self {
        Self { limit, found: Vec::new(), last: None, worst: None }
    }

    /// Whether such a fit of somebody behind all who were offered may be among the best.
    fn takes(&self, rank: Rank, length: usize) -> bool {
        self.worst.is_none_or(|(worst, longest, _)| (rank, length) < (worst, longest))
    }

    /// Persons are offered in their order.
    fn offer(
        &mut self,
        rank: Rank,
        length: usize,
        person: usize,
        is_wanted: &impl Fn(PersonId) -> bool,
    ) {
        let Ok(id) = u32::try_from(person).map(PersonId) else { return };
        let fit = (rank, length, id);
        match &mut self.last {
            Some(last) if last.2 == id => *last = fit.min(*last),
            _ if is_wanted(id) => {
                self.found.extend(self.last.replace(fit));
                if self.found.len() >= self.limit.saturating_mul(2).max(64) {
                    self.sift();
                }
            }
            _ => {}
        }
    }

    fn sift(&mut self) {
        if self.found.len() > self.limit && self.limit > 0 {
            let (_, worst, _) = self.found.select_nth_unstable(self.limit - 1);
            self.worst = Some(*worst);
        }
        self.found.truncate(self.limit);
    }

    fn sorted(mut self) -> Vec<Fit> {
        self.found.extend(self.last);
        self.sift();
        self.found.sort_unstable();
        self.found
    }
}

/// How a name fits that does not begin with the words, if it holds them all.
fn rank(name: &str, words: &[Finder<'_>]) -> Option<Rank> {
    let mut rank = Rank::WordBeginnings;
    for word in words {
        let mut hits = word.find_iter(name.as_bytes()).peekable();
        hits.peek()?;
        if !hits.any(|at| begins_a_word(name, at)) {
            rank = Rank::Inside;
        }
    }
    Some(rank)
}

/// Whether a hit in a text stands at the beginning of a word.
fn begins_a_word(text: &str, at: usize) -> bool {
    let before = text.get(..at).and_then(|before| before.chars().next_back());
    before.is_none_or(|before| !before.is_alphanumeric())
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
            let found: Vec<u32> =
                index.find(query, 10, |_| true).into_iter().map(|id| id.0).collect();
            assert_eq!(found, expect, "{query:?}");
        }
        assert_eq!(index.find("darwin", 2, |_| true), [PersonId(4), PersonId(8)]);
        assert_eq!(index.find("darwin", 1, |person| person.0 > 4), [PersonId(8)]);
        assert_eq!(index.find("darwin", 0, |_| true), []);
    }

    /// How a name fits, by the words of the rule.
    fn fit(name: &str, words: &[&str]) -> Option<(Rank, usize)> {
        let wholes = [words.join(" "), words.concat()];
        let begins = |word: &&str| {
            let mut hits = name.match_indices(*word);
            hits.any(|(at, _)| !name[..at].ends_with(char::is_alphanumeric))
        };
        let rank = if !words.iter().all(|word| name.contains(word)) {
            return None;
        } else if wholes.iter().any(|whole| name == whole) {
            Rank::Whole
        } else if wholes.iter().any(|whole| name.starts_with(whole.as_str())) {
            Rank::Beginning
        } else if words.iter().all(begins) {
            Rank::WordBeginnings
        } else {
            Rank::Inside
        };
        Some((rank, name.len()))
    }

    proptest::proptest! {
        /// What is left out early would not have been among the best: the same as to look at every name of
        /// everybody. So few letters that all fit in many ways, and so many persons that most fall through.
        #[test]
        fn the_best_of_all_are_found(
            persons in proptest::collection::vec(
                proptest::collection::vec("[ab]{1,12}([ -][abé]{1,3}){0,2}|é|", 0..4), 0..400),
            query in "[ab]{1,2}( [abé]{1,2}){0,2}|é",
            limit in 0..80_usize,
            odd in proptest::bool::ANY,
        ) {
            let mut index = SearchIndex::default();
            persons.iter().for_each(|names| index.push(names.iter()));
            let folded = fold(&query);
            let words: Vec<&str> = folded.split_whitespace().collect();
            let is_wanted = |person: PersonId| odd || person.0.is_multiple_of(3);
            let mut expect: Vec<(Rank, usize, PersonId)> = (0..).map(PersonId).zip(&persons)
                .filter(|(person, _)| is_wanted(*person))
                .filter_map(|(person, names)| {
                    let best = names.iter().filter_map(|name| fit(&fold(name), &words)).min();
                    best.map(|(rank, length)| (rank, length, person))
                })
                .collect();
            expect.sort_unstable();
            expect.truncate(limit);
            let expect: Vec<PersonId> = expect.into_iter().map(|(_, _, person)| person).collect();
            proptest::prop_assert_eq!(index.find(&query, limit, is_wanted), expect);
        }
    }
}
