//! The names of those who are hidden, found in what is said of others.

use std::{
    borrow::Cow,
    collections::{BTreeSet, HashSet},
};

use rustc_hash::FxBuildHasher;

use crate::{
    fold::fold, genealogy::Genealogy, name::display_name, person::PersonId, sound::has_han,
};

/// Whole names, as they are compared. A name that somebody bears who is not hidden tells of nobody.
#[derive(Clone, Debug, Default)]
pub struct HiddenNames {
    names: HashSet<String, FxBuildHasher>,
    /// How many bytes they have.
    lengths: BTreeSet<usize>,
}

impl HiddenNames {
    /// The names of persons of a genealogy, by index.
    pub fn of(genealogy: &Genealogy, hidden: &[bool]) -> Self {
        let mut names = HashSet::default();
        if hidden.contains(&true) {
            let is_hidden = |id: &PersonId| hidden.get(id.index()).copied().unwrap_or(false);
            for id in genealogy.person_ids().filter(is_hidden) {
                names.extend(ways(genealogy, id));
            }
            for id in genealogy.person_ids().filter(|id| !is_hidden(id)) {
                ways(genealogy, id).for_each(|name| _ = names.remove(&name));
            }
        }
        let lengths = names.iter().map(String::len).collect();
        Self { names, lengths }
    }

    /// Whether a text has one of the names in it, as words of its own.
    pub fn are_in(&self, text: &str) -> bool {
        if self.names.is_empty() {
            return false;
        }
        let text = plain(text);
        let mut before = None;
        text.char_indices().any(|(at, c)| {
            let begins = !is_joined(before, Some(c));
            before = Some(c);
            begins && c.is_alphabetic() && text.get(at..).is_some_and(|rest| self.begin(rest))
        })
    }

    /// Whether a text begins with one of the names.
    fn begin(&self, text: &str) -> bool {
        self.lengths.iter().take_while(|&&length| length <= text.len()).any(|&length| {
            text.split_at_checked(length).is_some_and(|(name, rest)| {
                !is_joined(name.chars().next_back(), rest.chars().next())
                    && self.names.contains(name)
            })
        })
    }

    /// A text without the lines that have one of the names in them, or two that have it between them.
    pub fn left_out_of<'t>(&self, text: &'t str) -> Cow<'t, str> {
        // A name may go from line to line, and most texts have none.
        if !self.are_in(text) {
            return Cow::Borrowed(text);
        }
        let lines: Vec<&str> = text.split('\n').collect();
        let alone: Vec<bool> = lines.iter().map(|line| self.are_in(line)).collect();
        let is_gone = |at: usize| {
            let has = |at: usize| alone.get(at).copied().unwrap_or(false);
            let pair = |first: usize| {
                !has(first)
                    && !has(first + 1)
                    && lines.get(first..first + 2).is_some_and(|two| self.are_in(&two.join("\n")))
            };
            has(at) || pair(at) || at.checked_sub(1).is_some_and(pair)
        };
        let left = lines.iter().enumerate().filter(|(at, _)| !is_gone(*at));
        Cow::Owned(left.map(|(_, line)| *line).collect::<Vec<&str>>().join("\n"))
    }
}

/// Whether two letters belong to one word. Chinese has no words to tell apart.
fn is_joined(before: Option<char>, after: Option<char>) -> bool {
    let is_letter = |c: Option<char>| {
        c.is_some_and(|c| c.is_alphanumeric() && !has_han(c.encode_utf8(&mut [0; 4])))
    };
    is_letter(before) && is_letter(after)
}

/// The whole names of a person in the ways in which people write them: "Ann Lee", "Lee, Ann".
fn ways(genealogy: &Genealogy, id: PersonId) -> impl Iterator<Item = String> {
    let texts = &genealogy.texts;
    let names = genealogy.names(id).iter().flat_map(|name| {
        let (given, surname) = (texts.get(name.given), texts.get(name.surname));
        let shown = display_name(&name.written(texts));
        let turned = (!given.is_empty() && !surname.is_empty())
            .then(|| [format!("{surname}, {given}"), format!("{surname} {given}")]);
        // Without what stands before and behind: Dr., Jr.
        let bare = turned.as_ref().map(|_| format!("{given} {surname}"));
        let bare = bare.filter(|bare| *bare != shown);
        std::iter::once(shown).chain(bare).chain(turned.into_iter().flatten())
    });
    names.map(|name| plain(&name)).filter(|name| is_whole(name))
}

/// Letters as they are compared, with one space where there are several, or a new line, or what files
/// have between the words of a name: "Ann /Lee/", `ann_lee.jpg`.
fn plain(text: &str) -> String {
    let text = fold(text);
    let mut plain = String::with_capacity(text.len());
    for word in text.split(|c: char| c.is_whitespace() || matches!(c, '/' | '_')) {
        if !plain.is_empty() && !word.is_empty() {
            plain.push(' ');
        }
        plain.push_str(word);
    }
    plain
}

/// A first name alone names hundreds.
fn is_whole(name: &str) -> bool {
    name.contains(' ') || (has_han(name) && name.chars().nth(1).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Draft, Name, NameParts, TextId};

    fn names(persons: &[(&str, bool)]) -> HiddenNames {
        let mut draft = Draft::default();
        for (written, _) in persons {
            draft.begin_person(TextId::EMPTY, 0);
            let parts = NameParts::of(written);
            let texts = &mut draft.texts;
            let given = if parts.before.is_empty() { parts.after } else { parts.before };
            let (given, surname) = (texts.intern(given), texts.intern(parts.surname));
            let name = Name { given, surname, ..Name::default() };
            let name = name.spelt(written, texts);
            draft.add_name(name);
        }
        let hidden: Vec<bool> = persons.iter().map(|(_, is_hidden)| *is_hidden).collect();
        HiddenNames::of(&draft.finish().0, &hidden)
    }

    #[test]
    fn whole_names_are_found_as_words() {
        let names = names(&[
            ("Ann Zo\u{eb} /Lee/", true),
            ("/賈/寶玉", true),
            ("Bo /Gray/", true),
            ("Bo /Gray/", false),
            ("Cher", true),
        ]);
        for text in [
            "told by Ann Zoe Lee.",
            "ANN  ZOË\nLEE",
            "Lee, Ann Zoë, told it",
            "其孫賈寶玉所述",
            "(Lee Ann Zoe)",
            "Ann Zo\u{eb} /Lee/, her aunt",
            "photos/ann_zoe_lee.jpg",
        ] {
            assert!(names.are_in(text), "{text}");
        }
        for text in ["", "Ann Lee", "Joann Zoë Lee", "Ann Zoë Leeds", "Bo Gray", "Cher", "寶玉"]
        {
            assert!(!names.are_in(text), "{text}");
        }
    }

    #[test]
    fn lines_with_a_name_go_and_others_stay() {
        let names = names(&[("Ann /Lee/", true)]);
        assert_eq!(names.left_out_of("a\nby Ann Lee\nb"), "a\nb");
        assert_eq!(names.left_out_of("a\nby Ann\nLee, 1990\nb"), "a\nb");
        assert_eq!(names.left_out_of("Ann\nand\nLee"), "Ann\nand\nLee");
        assert!(matches!(HiddenNames::default().left_out_of("Ann Lee"), Cow::Borrowed(_)));
    }

    #[test]
    fn a_hundred_thousand_names_are_looked_for_at_once() {
        let persons: Vec<String> = (0..100_000).map(|n| format!("Ann{n} /Lee/")).collect();
        let persons: Vec<(&str, bool)> = persons.iter().map(|name| (name.as_str(), true)).collect();
        let text = "one word after the other of Ann and of Lee\n".repeat(5_000);
        let names = names(&persons);
        assert!(!names.are_in(&text));
        assert!(names.are_in(&format!("{text}Ann99999 Lee")));
    }
}
