//! The texts that the engine and the command line say themselves: `locales/engine`.

use serde::{Deserialize, Serialize};

/// A language of the texts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Language {
    #[default]
    English,
    Chinese,
}

impl Language {
    pub const ALL: [Self; 2] = [Self::English, Self::Chinese];

    /// The language of a BCP 47 tag such as `zh-Hans-CN`; `None` if there are no texts in it.
    pub fn of_tag(tag: &str) -> Option<Self> {
        match tag.split(['-', '_']).next() {
            Some("en") => Some(Self::English),
            Some("zh") => Some(Self::Chinese),
            _ => None,
        }
    }

    /// Its BCP 47 tag.
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The file of its texts: one `"key": "text",` a line, without escapes.
    pub(crate) const fn file(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../locales/engine/en.json"),
            Self::Chinese => include_str!("../../../locales/engine/zh-CN.json"),
        }
    }

    /// The text of `key`, if there is one.
    pub fn text(self, key: &str) -> Option<&'static str> {
        self.file().lines().find_map(|line| {
            let rest = line.trim_start().strip_prefix('"')?.strip_prefix(key)?;
            rest.strip_prefix("\": \"")?.trim_end_matches(',').strip_suffix('"')
        })
    }

    /// "19th" in English, "19" in Chinese.
    pub(crate) fn ordinal(self, number: u32) -> String {
        let ending = match (self, number % 10, number % 100) {
            (Self::Chinese, ..) => "",
            (_, _, 11..=13) => "th",
            (_, 1, _) => "st",
            (_, 2, _) => "nd",
            (_, 3, _) => "rd",
            _ => "th",
        };
        format!("{number}{ending}")
    }

    /// The text of `key` with values in the place of their names in braces; values are not searched
    /// for names.
    pub fn say(self, key: &str, values: &[(&str, &str)]) -> String {
        let mut said = String::new();
        let mut rest = self.text(key).unwrap_or_default();
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let (name, after) = after.split_once('}').unwrap_or((after, ""));
            let value = values.iter().find(|(known, _)| *known == name);
            said.push_str(value.map_or("…", |(_, value)| value));
            rest = after;
        }
        said + rest
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use banyan_topology::{Rule, findings::EVIDENCE};

    use super::*;
    use crate::Label;

    #[test]
    fn values_take_the_place_of_their_names() {
        let say = |values| Language::English.say("kin_is", values);
        let names = [("to", "{from}"), ("term", "aunt"), ("from", "B")];
        assert_eq!(say(&names), "{from} is the aunt of B");
        assert_eq!(say(&names[..2]), "{from} is the aunt of …");
        assert_eq!(Language::English.say("no such key", &[]), "");
        let ordinals = [1, 2, 3, 11, 19, 22].map(|number| Language::English.ordinal(number));
        assert_eq!(ordinals, ["1st", "2nd", "3rd", "11th", "19th", "22nd"]);
    }

    fn texts(language: Language) -> BTreeMap<&'static str, &'static str> {
        let lines = language.file().lines().filter_map(|line| {
            let (key, _) = line.trim_start().strip_prefix('"')?.split_once('"')?;
            Some((key, language.text(key)?))
        });
        lines.collect()
    }

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
    }

    #[test]
    fn every_text_is_read_and_every_language_says_the_same() {
        let [english, chinese] = Language::ALL.map(texts);
        for language in Language::ALL {
            // Braces, lines and nothing else: all of them are read.
            assert_eq!(language.file().lines().count(), texts(language).len() + 2);
            assert!(!language.file().contains('\\'));
        }
        for (key, text) in &english {
            assert_eq!(names(text), names(chinese[key]), "{key}");
        }
    }

    #[test]
    fn everything_that_is_said_has_a_text() {
        let english = texts(Language::English);
        let has = |key: String| assert!(english.contains_key(key.as_str()), "{key} has no text");
        for rule in Rule::ALL {
            for end in ["", "_why", "_remedy"] {
                has(format!("finding_{}{end}", rule.key()));
            }
        }
        EVIDENCE.iter().for_each(|name| has(format!("evidence_{name}")));
        Label::ALL.iter().for_each(|label| has(format!("label_{}", label.key())));
        // The codes are the strings of one function, which is the only place that has them all.
        let source = include_str!("../../banyan-gedcom/src/diagnostic.rs");
        let (_, source) = source.split_once("impl Reason {").expect("the reasons");
        let (source, _) = source.split_once("fn severity(").expect("its end");
        let codes =
            source.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","));
        assert!(codes.clone().count() > 30, "the codes are written in another way");
        codes.for_each(|code| has(format!("diagnostic_{code}")));
    }

    #[test]
    fn the_page_and_the_engine_say_the_same() {
        let page =
            [include_str!("../../../locales/en.json"), include_str!("../../../locales/zh-CN.json")];
        for (language, page) in Language::ALL.into_iter().zip(page) {
            let pairs = page.lines().filter_map(|line| line.trim().split_once("\": \""));
            for (key, text) in pairs {
                let key = key.trim_start_matches('"');
                if let Some(known) = language.text(key) {
                    assert_eq!(Some(known), text.trim_end_matches(',').strip_suffix('"'), "{key}");
                }
            }
        }
    }
}
