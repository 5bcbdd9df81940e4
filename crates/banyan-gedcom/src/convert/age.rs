//! Ages: the words of 5.5.1, and the numbers of 7.0.

use super::date::New;

/// The words that 5.5.1 defines, and what they mean.
const WORDS: [(&str, &str); 3] = [("CHILD", "< 8y"), ("INFANT", "< 1y"), ("STILLBORN", "0y")];

/// An age of 5.5.1 in 7.0, with the words that it was.
pub(super) fn to_7(old: &str) -> New {
    let text = old.trim();
    if let Some((word, age)) = WORDS.iter().find(|(word, _)| text.eq_ignore_ascii_case(word)) {
        return New { date: (*age).to_owned(), phrase: Some((*word).to_owned()) };
    }
    match in_numbers(text) {
        Some(date) => New { date, phrase: None },
        None => New { date: String::new(), phrase: Some(old.to_owned()) },
    }
}

/// An age of 7.0 in 5.5.1; `None` where its words find no place in it.
pub(super) fn to_551(age: &str, phrase: Option<&str>) -> Option<String> {
    let Some(phrase) = phrase else { return Some(age.to_owned()) };
    let new = New { date: age.to_owned(), phrase: Some(phrase.to_owned()) };
    (to_7(phrase) == new).then(|| phrase.to_owned())
}

/// "[< | >] [0y] [0m] [0w] [0d]", each at most once and in this order. A number alone means years.
fn in_numbers(text: &str) -> Option<String> {
    let (bound, mut rest) = match text.split_at_checked(1) {
        Some((bound @ ("<" | ">"), rest)) => (bound, rest.trim()),
        _ => ("", text),
    };
    let mut parts = Vec::new();
    if !bound.is_empty() {
        parts.push(bound.to_owned());
    }
    let mut units = "ymwd";
    while !rest.is_empty() {
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        let (number, after) = rest.split_at_checked(digits)?;
        if number.is_empty() || number.len() > 4 {
            return None;
        }
        let unit = after.chars().next().map_or('y', |unit| unit.to_ascii_lowercase());
        let place = units.find(unit)?;
        units = units.get(place + 1..)?;
        parts.push(format!("{number}{unit}"));
        rest = after.get(1..).unwrap_or_default().trim_start();
    }
    (parts.len() > usize::from(!bound.is_empty()) || text.is_empty()).then(|| parts.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_go_up_and_come_back() {
        for (old, age, phrase) in [
            ("72y 8m 11d", "72y 8m 11d", None),
            ("72y8m", "72y 8m", None),
            ("<1y", "< 1y", None),
            ("> 13", "> 13y", None),
            ("8", "8y", None),
            ("CHILD", "< 8y", Some("CHILD")),
            ("infant", "< 1y", Some("INFANT")),
            ("old", "", Some("old")),
            ("8m 2y", "", Some("8m 2y")),
            ("<", "", Some("<")),
            ("", "", None),
        ] {
            let new = New { date: age.into(), phrase: phrase.map(Into::into) };
            assert_eq!(to_7(old), new, "{old}");
            let back = to_551(age, phrase).unwrap();
            assert_eq!(to_7(&back), new, "{back}");
        }
        assert_eq!(to_551("25y", Some("Adult")), None);
    }
}
