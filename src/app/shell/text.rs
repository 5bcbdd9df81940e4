//! The texts of the interface. They live in `locales/`, one file a language; a key that is missing
//! there does not compile.

use std::fmt::{Display, Write as _};

#[expect(
    deprecated,
    reason = "the replacement, a build script, compiles all of ICU's data sources"
)]
mod generated {
    leptos_i18n::load_locales!();
}

use banyan_view::Language;
pub use generated::i18n::Locale;

pub const LOCALES: [Locale; 2] = [Locale::en, Locale::zh_CN];

/// The macro above does not tell Cargo what it read.
const _: [&str; 2] =
    [include_str!("../../../locales/en.json"), include_str!("../../../locales/zh-CN.json")];

/// Its BCP 47 tag.
pub const fn tag(locale: Locale) -> &'static str {
    match locale {
        Locale::en => "en",
        Locale::zh_CN => "zh-CN",
    }
}

/// The same for the engine, which has texts of its own.
pub const fn language(locale: Locale) -> Language {
    match locale {
        Locale::en => Language::English,
        Locale::zh_CN => Language::Chinese,
    }
}

/// The language for the reader: the one chosen before, or the first that the browser prefers and
/// that there is, by tags such as `zh-Hans-CN`.
pub fn preferred(chosen: Option<&str>, browser: impl IntoIterator<Item = String>) -> Locale {
    chosen
        .map(str::to_owned)
        .into_iter()
        .chain(browser)
        .find_map(|wanted| match wanted.split('-').next() {
            Some("zh") => Some(Locale::zh_CN),
            Some("en") => Some(Locale::en),
            _ => None,
        })
        .unwrap_or(Locale::en)
}

/// One text in every language. All texts have this one type, so that views are compiled once for
/// all of them.
#[derive(Clone, Copy)]
pub struct Text(pub fn(Locale) -> &'static str);

impl Text {
    pub fn of(self, locale: Locale) -> &'static str {
        (self.0)(locale)
    }
}

/// The text of a key: `text!(open_file)`.
macro_rules! text {
    ($key:ident) => {
        $crate::app::shell::text::Text(|locale| leptos_i18n::td_string!(locale, $key))
    };
}
pub(crate) use text;

/// A text with something in it, in braces: `say!(locale, count_persons, count = "1,288")`.
macro_rules! say {
    ($locale:expr, $key:ident $(, $name:ident = $value:expr)+) => {
        $crate::app::shell::text::fill(
            $crate::app::shell::text::text!($key).of($locale),
            &[$((stringify!($name), &$value)),+],
        )
    };
}
pub(crate) use say;

/// Puts values in the place of their names: `{count}`. Values are not searched for names.
pub fn fill(template: &str, values: &[(&str, &dyn Display)]) -> String {
    let mut filled = String::with_capacity(template.len() + 16);
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let found = after.split_once('}').and_then(|(name, after)| {
            let (_, value) = values.iter().find(|(candidate, _)| *candidate == name)?;
            Some((value, after))
        });
        match found {
            Some((value, after)) => {
                // Writing to a string cannot fail.
                let _ = write!(filled, "{value}");
                rest = after;
            }
            None => {
                filled.push('{');
                rest = after;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const FILES: [&str; 2] =
        [include_str!("../../../locales/en.json"), include_str!("../../../locales/zh-CN.json")];

    fn check(chosen: Option<&str>, browser: &[&str], expect: Locale) {
        let browser = browser.iter().map(|tag| (*tag).to_owned());
        assert_eq!(preferred(chosen, browser), expect, "{chosen:?}");
    }

    #[test]
    fn the_choice_comes_before_the_browser() {
        check(None, &[], Locale::en);
        check(None, &["fr-CA", "zh-Hans-CN", "en"], Locale::zh_CN);
        check(None, &["en-GB", "zh"], Locale::en);
        check(Some("en"), &["zh-CN"], Locale::en);
        check(Some("zh-CN"), &["en"], Locale::zh_CN);
        check(Some("nonsense"), &["zh"], Locale::zh_CN);
    }

    fn check_fill(template: &str, expect: &str) {
        assert_eq!(fill(template, &[("a", &"{b}"), ("b", &2)]), expect);
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        check_fill("", "");
        check_fill("{a} of {b}", "{b} of 2");
        check_fill("{c} {b", "{c} {b");
        check_fill("第 {b} 行", "第 2 行");
    }

    fn names(text: &str) -> BTreeSet<&str> {
        text.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0)).collect()
    }

    #[test]
    fn languages_have_the_same_keys_in_the_same_order_with_the_same_names_in_them() {
        let [english, chinese] = FILES.map(|file| {
            let lines = file.lines().filter_map(|line| line.trim().split_once(": "));
            lines.collect::<Vec<_>>()
        });
        assert!(english.len() > 200);
        assert_eq!(english.len(), chinese.len());
        for ((key, english), (other_key, chinese)) in english.iter().zip(&chinese) {
            assert_eq!(key, other_key);
            assert_eq!(names(english), names(chinese), "{key}");
        }
    }
}
