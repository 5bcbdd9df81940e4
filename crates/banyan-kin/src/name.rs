//! Names as written, their parts, and how they are shown.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::texts::{TextId, Texts, TextsBuilder};

/// One name of a person.
#[derive(Clone, Copy, Debug, Default)]
pub struct Name {
    pub kind: NameKind,
    /// As the file writes it, where given name and surname do not say it: see [`Name::written`].
    pub spelling: TextId,
    pub given: TextId,
    pub surname: TextId,
    /// What stands before: "Sir", "Dr.".
    pub prefix: TextId,
    /// What stands behind: "Jr.", "FRS".
    pub suffix: TextId,
}

/// What a name is to its bearer.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub enum NameKind {
    /// Not said, which means the name at birth.
    #[default]
    Unstated,
    Birth,
    Married,
    Maiden,
    Alias,
    Immigrant,
    Nickname,
    /// The same name in another script: pinyin, kana, Cyrillic.
    Transliteration,
    Other,
}

impl Name {
    /// The same name, of which this is the written form; no other part may change afterwards.
    #[must_use]
    pub fn spelt(self, written: &str, texts: &mut TextsBuilder) -> Self {
        let spelling = if self.is_said_by(written, texts.texts()) {
            TextId::EMPTY
        } else {
            texts.intern(written)
        };
        Self { spelling, ..self }
    }

    /// As the file writes it, with the surname between slashes: "Charles Robert /Darwin/". Nearly
    /// every name is written like that, and so is said by its parts.
    pub fn written<'t>(&self, texts: &'t Texts) -> Cow<'t, str> {
        if !self.spelling.is_empty() {
            return Cow::Borrowed(texts.get(self.spelling));
        }
        match (texts.get(self.given), texts.get(self.surname)) {
            (given, "") => Cow::Borrowed(given),
            ("", surname) => Cow::Owned(["/", surname, "/"].concat()),
            (given, surname) => Cow::Owned([given, " /", surname, "/"].concat()),
        }
    }

    /// Whether given name and surname, put together, are what is written.
    fn is_said_by(&self, written: &str, texts: &Texts) -> bool {
        let (given, surname) = (texts.get(self.given), texts.get(self.surname));
        let Some(rest) = written.strip_prefix(given) else { return false };
        if surname.is_empty() {
            return rest.is_empty();
        }
        let rest = if given.is_empty() { Some(rest) } else { rest.strip_prefix(' ') };
        let rest = rest.and_then(|rest| rest.strip_prefix('/')?.strip_prefix(surname));
        rest == Some("/")
    }
}

/// A written name cut at its slashes; each part is trimmed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameParts<'a> {
    pub before: &'a str,
    pub surname: &'a str,
    pub after: &'a str,
}

impl<'a> NameParts<'a> {
    /// Cuts "before /surname/ after". A name without slashes is all `before`; a slash that is never
    /// closed opens a surname that reaches to the end.
    pub fn of(written: &'a str) -> Self {
        let Some((before, rest)) = at_slash(written) else {
            return Self { before: written.trim(), ..Self::default() };
        };
        let (surname, after) = at_slash(rest).unwrap_or((rest, ""));
        Self { before: before.trim(), surname: surname.trim(), after: after.trim() }
    }
}

/// What stands before and after the first slash.
fn at_slash(text: &str) -> Option<(&str, &str)> {
    let at = text.bytes().position(|byte| byte == b'/')?;
    Some((text.get(..at)?, text.get(at + 1..)?))
}

/// A written name as people expect to see it: in its own order without slashes, but for Chinese,
/// Japanese and Korean script the surname first and no spaces. An underscore, which some programs
/// write to keep words together, is shown as a space. Empty for an empty name, and cut after 200
/// characters, which nobody's name has.
pub fn display_name(written: &str) -> String {
    match written.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => arranged(written.get(..end).unwrap_or_default()) + "…",
        None => arranged(written),
    }
}

const MOST_SHOWN: usize = 200;

fn arranged(written: &str) -> String {
    let parts = NameParts::of(written);
    let mut shown = String::with_capacity(written.len());
    if is_east_asian(written) {
        for part in [parts.surname, parts.before, parts.after] {
            shown.extend(part.chars().filter(|c| !c.is_whitespace() && !matches!(c, '/' | '_')));
        }
        return shown;
    }
    for part in [parts.before, parts.surname, parts.after] {
        for word in part.split(|c: char| c.is_whitespace() || matches!(c, '/' | '_')) {
            if word.is_empty() {
                continue;
            }
            if !shown.is_empty() && !word.starts_with(',') {
                shown.push(' ');
            }
            shown.push_str(word);
        }
    }
    shown
}

/// Whether every letter is of Chinese, Japanese or Korean script, and there is one.
pub(crate) fn is_east_asian(text: &str) -> bool {
    !text.is_ascii()
        && text.chars().any(char::is_alphabetic)
        && text.chars().all(|c| !c.is_alphabetic() || is_east_asian_letter(c))
}

/// Han with its extensions and compatibility forms, kana, bopomofo, Hangul (Unicode 16, Blocks.txt).
fn is_east_asian_letter(c: char) -> bool {
    matches!(u32::from(c),
        0x1100..=0x11FF | 0x2E80..=0x2FDF | 0x3005..=0x3007 | 0x3040..=0x318F | 0x31A0..=0x31FF
        | 0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xA960..=0xA97F | 0xAC00..=0xD7FF
        | 0xF900..=0xFAFF | 0xFF66..=0xFFDC | 0x1_B000..=0x1_B16F | 0x2_0000..=0x3_FFFF)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_spelt_only_where_its_parts_do_not_say_it() {
        for (given, surname, written, is_spelt) in [
            ("Charles Robert", "Darwin", "Charles Robert /Darwin/", false),
            ("Ann", "", "Ann", false),
            ("", "Lee", "/Lee/", false),
            ("寶玉", "賈", "寶玉 /賈/", false),
            ("", "", "", false),
            ("寶玉", "賈", "/賈/寶玉", true),
            ("寶玉", "賈", "/賈/ 寶玉", true),
            ("Ann", "Lee", "Ann/Lee/", true),
            ("Ann", "Lee", "Ann  /Lee/", true),
            ("Ann", "Lee", "Ann /Lee/ ", true),
            ("Ann", "Lee", "Ann / Lee/", true),
            ("Ann", "Lee", "Ann /Lee", true),
            ("Ann", "Lee", "Ann Lee", true),
            ("Ann", "Lee", "Ann", true),
            ("Ann", "Lee", "Ann /Lee/ Jr.", true),
            ("Ann", "Lee", "Anna /Lee/", true),
            ("Ann", "Lee", "Ann /Leeds/", true),
            ("Ann", "", "Ann //", true),
            ("Ann", "", "Ann ", true),
            ("", "Lee", " /Lee/", true),
            ("", "", "//", true),
            ("", "", "Living", true),
            ("Ann", "Lee", "", false),
        ] {
            let mut texts = TextsBuilder::default();
            let (given, surname) = (texts.intern(given), texts.intern(surname));
            let name = Name { given, surname, ..Name::default() };
            let name = name.spelt(written, &mut texts);
            let texts = texts.finish();
            assert_eq!(!name.spelling.is_empty(), is_spelt, "{written}");
            if !written.is_empty() {
                assert_eq!(name.written(&texts), written);
            }
        }
    }

    #[test]
    fn endless_names_are_cut() {
        let shown = display_name(&"x".repeat(1_000_000));
        assert_eq!(shown.chars().count(), 201);
        assert!(shown.ends_with("x…"));
    }

    #[test]
    fn names_are_shown_by_their_culture() {
        for (written, expect) in [
            ("Charles Robert /Darwin/", "Charles Robert Darwin"),
            ("Victoria  /Hanover/", "Victoria Hanover"),
            ("Albert Augustus Charles//", "Albert Augustus Charles"),
            ("Edward_VII  /Wettin/", "Edward VII Wettin"),
            ("John /Kennedy/, Jr.", "John Kennedy, Jr."),
            ("/Nagy/ István", "Nagy István"),
            ("/賈/寶玉", "賈寶玉"),
            ("寶玉 /賈/", "賈寶玉"),
            ("賈 寶玉", "賈寶玉"),
            ("철수 /김/", "김철수"),
            ("太郎 /山田/", "山田太郎"),
            ("約翰 /Smith/", "約翰 Smith"),
            ("Ann /Lee", "Ann Lee"),
            ("//", ""),
            ("", ""),
            ("?", "?"),
        ] {
            assert_eq!(display_name(written), expect, "{written}");
        }
    }
}
