//! The texts that the engine and the command line say themselves: `locales/engine`.

use std::collections::BTreeMap;
use std::sync::OnceLock;

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
        static TEXTS: [OnceLock<BTreeMap<&str, &str>>; Language::ALL.len()] =
            [const { OnceLock::new() }; Language::ALL.len()];
        let texts =
            TEXTS[self as usize].get_or_init(|| self.file().lines().filter_map(pair).collect());
        texts.get(key).copied()
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

    /// The particulars of what is odd in a file, by its code and its values; the value `kind` is the code of
    /// another oddity.
    pub fn oddity(self, code: &str, values: &[(&str, String)]) -> String {
        let title = |code| self.text(&format!("diagnostic_{code}")).unwrap_or(code);
        let values: Vec<(&str, &str)> = values
            .iter()
            .map(|(name, value)| (*name, if *name == "kind" { title(value) } else { value }))
            .collect();
        self.say(&format!("particulars_{code}"), &values)
    }
}

/// Key and text of a line.
fn pair(line: &'static str) -> Option<(&'static str, &'static str)> {
    let (key, text) = line.trim_start().strip_prefix('"')?.split_once("\": \"")?;
    Some((key, text.trim_end_matches(',').strip_suffix('"')?))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use banyan_gedcom::Reason;
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
        let keys = language.file().lines().filter_map(|line| Some(pair(line)?.0));
        keys.filter_map(|key| Some((key, language.text(key)?))).collect()
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
        codes.for_each(|code| {
            has(format!("diagnostic_{code}"));
            has(format!("particulars_{code}"));
        });
        let source = include_str!("../../banyan-gedcom/src/sniff.rs");
        let (_, source) = source.split_once("impl LooksLike {").expect("the kinds");
        let (source, _) = source.split_once("impl fmt::Display").expect("its end");
        let kinds =
            source.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\","));
        assert!(kinds.clone().count() > 10, "the codes are written in another way");
        kinds.for_each(|kind| has(format!("looks_like_{kind}")));
    }

    #[test]
    fn an_oddity_is_told_with_all_its_particulars() {
        let ring = Reason::OwnAncestor { person: "@I7@".into(), others: 2 };
        let more = Reason::More { code: "dangling_reference", count: 12 };
        let tell =
            |language: Language, reason: &Reason| language.oddity(reason.code(), &reason.values());
        assert_eq!(
            tell(Language::English, &ring),
            "person @I7@ is their own ancestor; persons in the ring: 3"
        );
        assert_eq!(tell(Language::Chinese, &more), "“引用的记录不存在”另有 12 条未列出");
        // Nothing that a text asks for is missing, and no value is left out.
        let text = || "T".to_owned();
        let reasons = [
            ring,
            more,
            Reason::OtherEncoding { declared: text(), used: text() },
            Reason::NotDecodable { characters: 1 },
            Reason::LineWithoutLevel { text: text() },
            Reason::SkippedLevel { from: 1, to: 3 },
            Reason::UnterminatedXref { text: text() },
            Reason::LongLine { characters: 1 },
            Reason::DuplicateXref { xref: text(), first_line: 1 },
            Reason::DanglingReference { xref: text() },
            Reason::WrongReference { xref: text(), expected: "FAM" },
            Reason::NotAReference { text: text() },
            Reason::OneSidedLink { person: text(), family: text() },
            Reason::RepeatedLink { person: text(), family: text() },
            Reason::PartnerAndChild { person: text(), family: text() },
            Reason::DateNotUnderstood { text: text() },
            Reason::UnknownSex { text: text() },
            Reason::NoCounterpart { kept_as: text() },
            Reason::AddedPerson { name: text() },
            Reason::SeveralPersons { name: text() },
            Reason::RepeatedId { id: text() },
            Reason::OwnRelative { name: text() },
            Reason::ExtraCells { count: 1 },
            Reason::BrokenJson { line: 1 },
        ];
        let mut told: BTreeSet<String> = BTreeSet::new();
        for reason in &reasons {
            let values: BTreeSet<&str> = reason.values().iter().map(|(name, _)| *name).collect();
            let key = format!("particulars_{}", reason.code());
            assert_eq!(values, names(texts(Language::English)[key.as_str()]), "{key}");
            told.insert(key);
        }
        for (key, text) in texts(Language::English) {
            let is_told = !key.starts_with("particulars_") || told.contains(key);
            assert!(is_told || names(text).is_empty(), "{key} is not tried");
        }
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
