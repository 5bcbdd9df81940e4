//! The texts of the interface. They live in `locales/`, one file a language, which the page loads
//! when it speaks that language; a key that is missing there does not compile.

use std::{
    cell::OnceCell,
    fmt::{Display, Write as _},
};

pub use banyan_view::Language;
use gloo::utils::{document_element, window};
use wasm_bindgen::{JsCast as _, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

mod keys;

/// Read by the compiler alone.
const ENGLISH: &str = include_str!("../../../locales/en.json");
/// Which texts there are.
const KEYS: u32 = keys::digest_of(ENGLISH);

thread_local! {
    /// The texts of each language that was loaded.
    static TEXTS: [OnceCell<Vec<&'static str>>; Language::ALL.len()] = const {
        [const { OnceCell::new() }; Language::ALL.len()]
    };
}

/// Its BCP 47 tag.
pub const fn tag(locale: Language) -> &'static str {
    locale.tag()
}

/// The language that the page was opened in: the one chosen before, or the first that the browser
/// prefers and that there is (`index.html` finds out).
pub fn preferred() -> Language {
    document_element()
        .get_attribute("lang")
        .and_then(|tag| Language::of_tag(&tag))
        .unwrap_or_default()
}

/// Loads the texts of a language, once.
///
/// Fails where the bridge does not answer, or serves the texts of another version of the page.
pub async fn load(locale: Language) -> Result<(), JsValue> {
    if TEXTS.with(|texts| texts[locale as usize].get().is_some()) {
        return Ok(());
    }
    let address = format!("/texts/{}.json", tag(locale));
    let response = JsFuture::from(window().fetch_with_str(&address)).await?;
    let response: Response = response.dyn_into()?;
    let file = JsFuture::from(response.text()?).await?.as_string().unwrap_or_default();
    // Texts are never forgotten: there are two languages.
    let lines = lines(file.leak()).ok_or_else(|| JsValue::from_str(&address))?;
    // Somebody may have been faster, with the same.
    let _ = TEXTS.with(|texts| texts[locale as usize].set(lines));
    Ok(())
}

/// The texts of a file; nothing if its keys are not those that this program was built with.
fn lines(file: &'static str) -> Option<Vec<&'static str>> {
    let mut digest = keys::EMPTY;
    let texts = file.lines().filter_map(keys::pair).map(|(key, text)| {
        digest = keys::digest(digest, key.as_bytes());
        text
    });
    let texts = texts.collect();
    (digest == KEYS).then_some(texts)
}

/// A text by its place in the files.
#[derive(Clone, Copy)]
pub struct Text(u16);

impl Text {
    /// That of a key. A key that is not there does not compile.
    pub const fn of_key(key: &str) -> Self {
        Self(keys::place(ENGLISH, key))
    }

    /// In a language that was loaded.
    pub fn of(self, locale: Language) -> &'static str {
        #[cfg(test)]
        tests::load(locale);
        TEXTS
            .with(|texts| {
                texts[locale as usize]
                    .get()
                    .and_then(|texts| texts.get(usize::from(self.0)).copied())
            })
            .unwrap_or_default()
    }
}

/// The text of a key: `text!(open_file)`.
macro_rules! text {
    ($key:ident) => {
        const { $crate::app::shell::text::Text::of_key(stringify!($key)) }
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

    /// What the page does over the network.
    pub fn load(locale: Language) {
        TEXTS.with(|texts| {
            texts[locale as usize].get_or_init(|| lines(FILES[locale as usize]).unwrap());
        });
    }

    #[test]
    fn texts_of_another_version_are_refused() {
        let file = FILES[0];
        assert_eq!(lines(file).map(|texts| texts.len()), Some(file.lines().count() - 2));
        assert!(lines(file.replace("\"brand\"", "\"brands\"").leak()).is_none());
        assert!(lines("").is_none());
        assert!(lines("Not Found").is_none());
    }

    #[test]
    fn a_key_is_the_text_of_its_line() {
        assert_eq!(text!(brand).of(Language::English), "Banyan");
        assert_eq!(text!(language_short).of(Language::Chinese), "EN");
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
