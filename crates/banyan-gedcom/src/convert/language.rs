//! Languages: the English names that 5.5.1 lists (`LANGUAGE_ID`), and the tags of BCP 47 in 7.0.

const LANGUAGES: [(&str, &str); 72] = [
    ("Afrikaans", "af"),
    ("Albanian", "sq"),
    ("Amharic", "am"),
    ("Anglo-Saxon", "ang"),
    ("Arabic", "ar"),
    ("Armenian", "hy"),
    ("Assamese", "as"),
    ("Belorusian", "be"),
    ("Bengali", "bn"),
    ("Braj", "bra"),
    ("Bulgarian", "bg"),
    ("Burmese", "my"),
    ("Cantonese", "yue"),
    ("Catalan", "ca"),
    ("Catalan_Spn", "ca-ES"),
    ("Chinese", "zh"),
    ("Church-Slavic", "cu"),
    ("Czech", "cs"),
    ("Danish", "da"),
    ("Dogri", "doi"),
    ("Dutch", "nl"),
    ("English", "en"),
    ("Esperanto", "eo"),
    ("Estonian", "et"),
    ("Faroese", "fo"),
    ("Finnish", "fi"),
    ("French", "fr"),
    ("Georgian", "ka"),
    ("German", "de"),
    ("Greek", "el"),
    ("Gujarati", "gu"),
    ("Hawaiian", "haw"),
    ("Hebrew", "he"),
    ("Hindi", "hi"),
    ("Hungarian", "hu"),
    ("Icelandic", "is"),
    ("Indonesian", "id"),
    ("Italian", "it"),
    ("Japanese", "ja"),
    ("Kannada", "kn"),
    ("Khmer", "km"),
    ("Konkani", "kok"),
    ("Korean", "ko"),
    ("Lahnda", "lah"),
    ("Lao", "lo"),
    ("Latvian", "lv"),
    ("Lithuanian", "lt"),
    ("Macedonian", "mk"),
    ("Malayalam", "ml"),
    ("Mandarin", "cmn"),
    ("Marathi", "mr"),
    ("Navaho", "nv"),
    ("Norwegian", "no"),
    ("Oriya", "or"),
    ("Persian", "fa"),
    ("Polish", "pl"),
    ("Portuguese", "pt"),
    ("Punjabi", "pa"),
    ("Romanian", "ro"),
    ("Russian", "ru"),
    ("Sanskrit", "sa"),
    ("Serb", "sr"),
    ("Slovak", "sk"),
    ("Slovene", "sl"),
    ("Spanish", "es"),
    ("Swedish", "sv"),
    ("Tagalog", "tl"),
    ("Thai", "th"),
    ("Turkish", "tr"),
    ("Ukrainian", "uk"),
    ("Vietnamese", "vi"),
    ("Yiddish", "yi"),
];

/// The tag of a name; what the list does not have stays as it is.
pub(super) fn to_7(name: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name.trim())).map(|&(_, tag)| tag)
}

/// The name of a tag; `None` where the list has none.
pub(super) fn to_551(tag: &str) -> Option<&'static str> {
    LANGUAGES.iter().find(|(_, known)| *known == tag).map(|&(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_has_a_tag_of_its_own() {
        for (name, tag) in LANGUAGES {
            assert_eq!((to_7(name), to_551(tag)), (Some(tag), Some(name)));
        }
        assert_eq!((to_7("english"), to_7("Klingon"), to_551("en-US")), (Some("en"), None, None));
    }
}
