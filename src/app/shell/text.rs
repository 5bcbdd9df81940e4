//! The texts of the interface. They live in `locales/`, one file a language; a key that is missing
//! there does not compile.


#[expect(
    deprecated,
    reason = "the replacement, a build script, compiles all of ICU's data sources"
)]
mod generated {
    leptos_i18n::load_locales!();
}

pub use generated::i18n::Locale;

pub const LOCALES: [Locale; 2] = [Locale::en, Locale::zh_CN];

/// The macro above does not tell Cargo what it read.
const _: [&str; 2] =
    [include_str!("../../../locales/en.json"), include_str!("../../../locales/zh-CN.json")];

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
