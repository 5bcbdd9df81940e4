//! A name cut to a card the way people do it: the middle names give way first.

use std::borrow::Cow;

use banyan_kin::NameParts;
use banyan_scene::width_estimate;

/// The name as `display_name` gives it if it fits `ems`; else with initials for the middle names
/// ("Alexander II N. Romanov"), else without them. What still does not fit is left for the painter
/// to cut.
pub(super) fn fit<'t>(shown: String, written: impl FnOnce() -> Cow<'t, str>, ems: f64) -> String {
    if width_estimate(&shown) <= ems {
        return shown;
    }
    let written = written();
    let parts = NameParts::of(&written);
    if parts.before.is_empty() || parts.surname.is_empty() {
        return shown;
    }
    let short = |middle: fn(&str) -> Option<String>| {
        let mut words = parts.before.split_whitespace();
        let first = words.next().map(str::to_owned);
        let rest = words
            .filter_map(|word| if is_fixed(word) { Some(word.to_owned()) } else { middle(word) });
        let after = [parts.surname, parts.after]
            .into_iter()
            .filter(|part| !part.is_empty())
            .map(str::to_owned);
        first
            .into_iter()
            .chain(rest)
            .chain(after)
            .collect::<Vec<_>>()
            .join(" ")
            .replace(" ,", ",")
            .replace('_', " ")
    };
    let initials = short(|word| word.chars().next().map(|initial| format!("{initial}.")));
    if width_estimate(&initials) <= ems { initials } else { short(|_| None) }
}

/// Ordinals of rulers and particles are no middle names: "Louis XIV", "Ludwig van".
fn is_fixed(word: &str) -> bool {
    word.bytes().all(|byte| b"IVXL".contains(&byte)) || word.starts_with(char::is_lowercase)
}

#[cfg(test)]
mod tests {
    use banyan_kin::display_name;

    use super::*;

    #[test]
    fn middle_names_give_way() {
        for (written, expect) in [
            ("Charles Robert /Darwin/", "Charles Robert Darwin"),
            ("Alexander II Nicholoevich /Romanov/", "Alexander II N. Romanov"),
            ("Ludwig van Something /Beethoven/", "Ludwig van S. Beethoven"),
            ("Maximilian Josef Karl Otto Heinrich /Wittelsbach/", "Maximilian Wittelsbach"),
            ("Marie of Hesse-Darmstadt and by Rhine", "Marie of Hesse-Darmstadt and by Rhine"),
            ("寶玉 /賈/", "賈寶玉"),
        ] {
            assert_eq!(fit(display_name(written), || written.into(), 13.5), expect);
        }
    }
}
