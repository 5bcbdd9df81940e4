//! Words that 7.0 counts out in capital letters, and 5.5.1 mostly leaves to the writer.

/// A word of 7.0, and what was written where there is no such word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub word: String,
    pub phrase: Option<String>,
}

/// A list of words in 7.0, one of which is OTHER.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Set {
    NameType,
    Pedigree,
    Medium,
    Role,
}

const ROLES: [&str; 15] = [
    "CHIL",
    "CLERGY",
    "FATH",
    "FRIEND",
    "GODP",
    "HUSB",
    "MOTH",
    "MULTIPLE",
    "NGHBR",
    "OFFICIATOR",
    "OTHER",
    "PARENT",
    "SPOU",
    "WIFE",
    "WITN",
];

/// What people write for roles. The first for each is written where 7.0 has the word alone.
const ROLES_IN_ENGLISH: [(&str, &str); 21] = [
    ("Child", "CHIL"),
    ("Clergy", "CLERGY"),
    ("Father", "FATH"),
    ("Friend", "FRIEND"),
    ("Godparent", "GODP"),
    ("Husband", "HUSB"),
    ("Mother", "MOTH"),
    ("Multiple", "MULTIPLE"),
    ("Neighbor", "NGHBR"),
    ("Officiator", "OFFICIATOR"),
    ("Parent", "PARENT"),
    ("Spouse", "SPOU"),
    ("Wife", "WIFE"),
    ("Witness", "WITN"),
    ("Neighbour", "NGHBR"),
    ("Godfather", "GODP"),
    ("Godmother", "GODP"),
    ("Priest", "CLERGY"),
    ("Minister", "CLERGY"),
    ("Witnesses", "WITN"),
    ("Witness of marriage", "WITN"),
];

impl Set {
    fn words(self) -> &'static [&'static str] {
        match self {
            Self::NameType => {
                &["AKA", "BIRTH", "IMMIGRANT", "MAIDEN", "MARRIED", "OTHER", "PROFESSIONAL"]
            }
            Self::Pedigree => &["ADOPTED", "BIRTH", "FOSTER", "OTHER", "SEALING"],
            Self::Medium => &[
                "AUDIO",
                "BOOK",
                "CARD",
                "ELECTRONIC",
                "FICHE",
                "FILM",
                "MAGAZINE",
                "MANUSCRIPT",
                "MAP",
                "NEWSPAPER",
                "OTHER",
                "PHOTO",
                "TOMBSTONE",
                "VIDEO",
            ],
            Self::Role => &ROLES,
        }
    }

    /// What was written in 5.5.1, in 7.0.
    pub(super) fn to_7(self, written: &str) -> Word {
        let text = written.trim();
        let upper = text.to_ascii_uppercase();
        if self.words().contains(&upper.as_str()) || is_extension(&upper) {
            return Word { word: upper, phrase: None };
        }
        // A role that is none of the list stands in brackets.
        let plain = match self {
            Self::Role => text.trim_start_matches('(').trim_end_matches(')').trim(),
            _ => text,
        };
        if self == Self::Role
            && let Some(place) =
                ROLES_IN_ENGLISH.iter().position(|(known, _)| plain.eq_ignore_ascii_case(known))
            && let Some(&(known, word)) = ROLES_IN_ENGLISH.get(place)
        {
            let is_the_word =
                ROLES_IN_ENGLISH.iter().position(|(_, of)| *of == word) == Some(place);
            let phrase = (!is_the_word || plain != known).then(|| plain.to_owned());
            return Word { word: word.to_owned(), phrase };
        }
        Word { word: "OTHER".to_owned(), phrase: Some(plain.to_owned()) }
    }

    /// A word of 7.0 as 5.5.1 writes it; `None` where the phrase finds no place in it.
    pub(super) fn to_551(self, word: &str, phrase: Option<&str>) -> Option<String> {
        let plain = match self {
            Self::Role => ROLES_IN_ENGLISH
                .iter()
                .find(|(_, of)| *of == word)
                .map_or_else(|| word.to_owned(), |(english, _)| (*english).to_owned()),
            _ => word.to_ascii_lowercase(),
        };
        let new = Word { word: word.to_owned(), phrase: phrase.map(str::to_owned) };
        [phrase.unwrap_or(&plain).to_owned(), plain, word.to_owned()]
            .into_iter()
            .find(|candidate| self.to_7(candidate) == new)
    }
}

fn is_extension(word: &str) -> bool {
    word.starts_with('_') && super::is_xref_7(word)
}

/// Restrictions and states, of rites and of parenthood, that 7.0 counts out.
const STATES: [&str; 20] = [
    "BIC",
    "CANCELED",
    "CHALLENGED",
    "CHILD",
    "COMPLETED",
    "CONFIDENTIAL",
    "DISPROVEN",
    "DNS",
    "DNS_CAN",
    "EXCLUDED",
    "INFANT",
    "LOCKED",
    "PRE_1970",
    "PRIVACY",
    "PROVEN",
    "STILLBORN",
    "SUBMITTED",
    "UNCLEARED",
    "CLEARED",
    "QUALIFIED",
];

/// Whether all words, as [`capitals`] gives them, are known states. Of others nobody knows how they
/// were written.
pub(super) fn are_states(words: &str) -> bool {
    words.split(", ").all(|word| STATES.contains(&word))
}

/// Words without a list of their own, in the letters of 7.0: "locked, privacy" gives "LOCKED, PRIVACY",
/// "PRE-1970" gives "PRE_1970".
pub(super) fn capitals(written: &str) -> String {
    let words = written.split(',').map(|word| {
        word.trim()
            .chars()
            .map(|c| if matches!(c, '/' | '-') { '_' } else { c.to_ascii_uppercase() })
    });
    let mut out = String::with_capacity(written.len());
    for (place, word) in words.enumerate() {
        if place > 0 {
            out.push_str(", ");
        }
        out.extend(word);
    }
    out
}

/// The other way: 5.5.1 writes restrictions in small letters and the states of rites as they are.
pub(super) fn state_in_551(word: &str) -> String {
    match word {
        "DNS_CAN" => "DNS/CAN".to_owned(),
        "PRE_1970" => "PRE-1970".to_owned(),
        "CHALLENGED" | "DISPROVEN" | "PROVEN" => word.to_ascii_lowercase(),
        other => other.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_go_up_and_come_back() {
        for (set, old, word, phrase, back) in [
            (Set::Pedigree, "adopted", "ADOPTED", None, "adopted"),
            (Set::Pedigree, "step", "OTHER", Some("step"), "step"),
            (Set::NameType, "aka", "AKA", None, "aka"),
            (Set::NameType, "Hebrew name", "OTHER", Some("Hebrew name"), "Hebrew name"),
            (Set::Medium, "photo", "PHOTO", None, "photo"),
            (Set::Role, "Witness", "WITN", None, "Witness"),
            (Set::Role, "GODP", "GODP", None, "Godparent"),
            (Set::Role, "Godfather", "GODP", Some("Godfather"), "Godfather"),
            (Set::Role, "Honorary uncle", "OTHER", Some("Honorary uncle"), "Honorary uncle"),
            (Set::Role, "(uncle)", "OTHER", Some("uncle"), "uncle"),
            (Set::Role, "other", "OTHER", None, "OTHER"),
        ] {
            let new = Word { word: word.into(), phrase: phrase.map(Into::into) };
            assert_eq!(set.to_7(old), new, "{old}");
            assert_eq!(set.to_551(word, phrase).as_deref(), Some(back), "{old}");
        }
        assert_eq!(Set::Pedigree.to_551("ADOPTED", Some("at birth")), None);
        assert_eq!(capitals("confidential,locked"), "CONFIDENTIAL, LOCKED");
        assert_eq!(state_in_551(&capitals("DNS/CAN")), "DNS/CAN");
        assert!(are_states("CONFIDENTIAL, LOCKED") && !are_states("LOCKED, FOR_ME"));
    }
}
