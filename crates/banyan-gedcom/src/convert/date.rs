//! Dates of 5.5.1 (`DATE_VALUE`) and of 7.0 (`DateValue`, with words beside them as a PHRASE).

use std::fmt::Write as _;

use banyan_kin::{
    Calendar, CalendarDate, Date, DateKind,
    date::{FRENCH_MONTHS, HEBREW_MONTHS},
};

pub(crate) const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
/// More words than any date has.
const MOST_WORDS: usize = 16;

/// A date of 7.0 and the words beside it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct New {
    pub date: String,
    pub phrase: Option<String>,
}

/// A date of 5.5.1 in 7.0. What is no date becomes words alone.
pub(crate) fn to_7(old: &str) -> New {
    let text = old.trim();
    if text.is_empty() {
        return New::default();
    }
    if let Some(words) = text.strip_prefix('(') {
        let words = words.strip_suffix(')').unwrap_or(words);
        return New { date: String::new(), phrase: Some(words.to_owned()) };
    }
    if let Some(rest) = text.strip_prefix("INT ")
        && let Some((date, words)) = rest.split_once('(')
        && let Some(Plain { text: date, is_dual: false }) = date_to_7(&split_words(date))
    {
        let words = words.strip_suffix(')').unwrap_or(words);
        return New { date, phrase: Some(words.to_owned()) };
    }
    match value_to_7(text) {
        Some(Plain { text: date, is_dual: false }) => New { date, phrase: None },
        Some(Plain { text: date, is_dual: true }) => New { date, phrase: Some(old.to_owned()) },
        None => {
            let date = of_words(text).unwrap_or_default();
            New { date, phrase: Some(old.to_owned()) }
        }
    }
}

/// The Gregorian date of words that are no date of GEDCOM and yet understood: 康熙三十年三月初五.
fn of_words(words: &str) -> Option<String> {
    if words.is_ascii() {
        return None;
    }
    let date = Date::of(words);
    let (first, last) = date.first.to(Calendar::Gregorian)?;
    let end = || Some(date.second.to(Calendar::Gregorian)?.1);
    let simple = |word: &str| Some(format!("{word} {}", gregorian(first)));
    match date.kind {
        DateKind::Exact if first == last => Some(gregorian(first)),
        // A lunar month lies in two others.
        DateKind::Exact => {
            let day = |number| CalendarDate::from_day_number(Calendar::Gregorian, number);
            let (first, last) = date.first.days()?;
            Some(format!("BET {} AND {}", gregorian(day(first)?), gregorian(day(last)?)))
        }
        DateKind::About | DateKind::Interpreted => simple("ABT"),
        DateKind::Calculated => simple("CAL"),
        DateKind::Estimated => simple("EST"),
        DateKind::Before => simple("BEF"),
        DateKind::After => Some(format!("AFT {}", gregorian(last))),
        DateKind::From => simple("FROM"),
        DateKind::To => Some(format!("TO {}", gregorian(last))),
        DateKind::Between => Some(format!("BET {} AND {}", gregorian(first), gregorian(end()?))),
        DateKind::FromTo => Some(format!("FROM {} TO {}", gregorian(first), gregorian(end()?))),
        DateKind::None | DateKind::Phrase => None,
    }
}

/// "[[day] month] year [BCE]".
fn gregorian(date: CalendarDate) -> String {
    let mut text = String::new();
    if date.day > 0 {
        let _ = write!(text, "{} ", date.day);
    }
    if let Some(month) = date.month.checked_sub(1).and_then(|month| MONTHS.get(usize::from(month)))
    {
        let _ = write!(text, "{month} ");
    }
    let _ = write!(text, "{}", date.year.unsigned_abs());
    if date.year < 0 {
        text.push_str(" BCE");
    }
    text
}

/// A date as a person writes it: as 5.5.1 has it, or as a spreadsheet does (1809-02-12, 1809/2/12).
pub(crate) fn of_person(written: &str) -> New {
    let parts: Vec<&str> = written.split(['-', '/', '.']).collect();
    if let [year, month, day] = *parts
        && year.len() == 4
        && let (Ok(year), Ok(month), Ok(day)) =
            (year.parse::<u32>(), month.parse::<usize>(), day.parse::<u32>())
        && let Some(month) = month.checked_sub(1).and_then(|month| MONTHS.get(month))
        && (1..=31).contains(&day)
    {
        return New { date: format!("{day} {month} {year}"), phrase: None };
    }
    to_7(written)
}

/// Whether words say all that the date of 7.0 beside them says, and more: as a date of 5.5.1 with a
/// double year does, and a Chinese one.
pub(crate) fn is_same_date(words: &str, date: &str) -> bool {
    if words.is_ascii() {
        return words.contains('/') && to_7(words).date == date;
    }
    let meant = Date::of(words);
    meant.kind != DateKind::Phrase && meant.is_within(&Date::of(date))
}

/// A date of 7.0 in 5.5.1; `None` where its words find no place in it.
pub(crate) fn to_551(date: &str, phrase: Option<&str>) -> Option<String> {
    let old = date_to_551(date);
    // What is no date of 7.0 stays as it is.
    let is_date = value_to_7(&old).is_some_and(|plain| plain.text == date);
    let old = if is_date { old } else { date.to_owned() };
    let Some(phrase) = phrase else { return Some(old) };
    let new = New { date: date.to_owned(), phrase: Some(phrase.to_owned()) };
    // The words may be the date as 5.5.1 had it: two years, or what was no date. Words in other
    // letters than those of dates are better interpreted.
    let mut ways = [phrase.to_owned(), format!("({phrase})"), format!("INT {old} ({phrase})")];
    if !phrase.is_ascii() {
        ways.rotate_right(1);
    }
    ways.into_iter().find(|candidate| to_7(candidate) == new)
}

struct Plain {
    text: String,
    is_dual: bool,
}

/// Everything but words: ranges, periods, about, one date.
fn value_to_7(text: &str) -> Option<Plain> {
    let upper = text.to_ascii_uppercase();
    let words = split_words(&upper);
    if words.len() > MOST_WORDS {
        return None;
    }
    let (&first, rest) = words.split_first()?;
    let split = |rest: &[&str], by: &str| -> Option<Plain> {
        let middle = rest.iter().position(|&word| word == by)?;
        let (from, to) = (date_to_7(rest.get(..middle)?)?, date_to_7(rest.get(middle + 1..)?)?);
        Some(Plain {
            text: format!("{first} {} {by} {}", from.text, to.text),
            is_dual: from.is_dual || to.is_dual,
        })
    };
    match first {
        "BET" => split(rest, "AND"),
        "FROM" if rest.contains(&"TO") => split(rest, "TO"),
        "ABT" | "CAL" | "EST" | "BEF" | "AFT" | "FROM" | "TO" => {
            let date = date_to_7(rest)?;
            Some(Plain { text: format!("{first} {}", date.text), ..date })
        }
        _ => date_to_7(&words),
    }
}

/// The words of a date, one more than it may have at most.
fn split_words(text: &str) -> Vec<&str> {
    text.split_whitespace().take(MOST_WORDS + 1).collect()
}

/// One date: "[calendar] [[day] month] year [era]".
fn date_to_7(words: &[&str]) -> Option<Plain> {
    let mut words = words;
    let mut calendar = "";
    match *words {
        ["@#DFRENCH", "R@", ref rest @ ..] => (calendar, words) = ("FRENCH_R", rest),
        [escape, ref rest @ ..] if escape.starts_with('@') => {
            let name = escape.strip_prefix("@#D")?.strip_suffix('@')?;
            if !is_own_word(name) && !matches!(name, "GREGORIAN" | "JULIAN" | "HEBREW" | "FRENCH_R")
            {
                return None;
            }
            (calendar, words) = (name, rest);
        }
        [name @ ("GREGORIAN" | "JULIAN" | "HEBREW" | "FRENCH_R"), ref rest @ ..] => {
            (calendar, words) = (name, rest);
        }
        [own, ref rest @ ..] if is_own_word(own) => (calendar, words) = (own, rest),
        _ => {}
    }
    let mut text = String::new();
    if !calendar.is_empty() {
        let _ = write!(text, "{calendar} ");
    }
    let mut era = "";
    match *words {
        [ref rest @ .., "BC" | "B.C." | "BCE"] | [ref rest @ .., "B.", "C."]
            if !rest.is_empty() =>
        {
            (era, words) = (" BCE", rest);
        }
        _ => {}
    }
    // A calendar that a program made keeps its words as they are.
    if calendar.starts_with('_') && !words.is_empty() {
        text.push_str(&words.join(" "));
        text.push_str(era);
        return Some(Plain { text, is_dual: false });
    }
    let (&year, before) = words.split_last()?;
    let day_and_month = match *before {
        [] => String::new(),
        [month] => format!("{} ", month_of(calendar, month)?),
        [day, month] => {
            let number: u8 = day.parse().ok().filter(|day| (1..=36).contains(day))?;
            format!("{number} {} ", month_of(calendar, month)?)
        }
        _ => return None,
    };
    let (year, is_dual) = year_of(year)?;
    let _ = write!(text, "{day_and_month}{year}{era}");
    Some(Plain { text, is_dual })
}

fn month_of<'w>(calendar: &str, word: &'w str) -> Option<&'w str> {
    let known: &[&str] = match calendar {
        "HEBREW" => &HEBREW_MONTHS,
        "FRENCH_R" => &FRENCH_MONTHS,
        _ => &MONTHS,
    };
    (known.contains(&word) || is_own_word(word)).then_some(word)
}

/// Whether a word is the name that a program gave to a calendar, a month or an era.
fn is_own_word(word: &str) -> bool {
    word.starts_with('_') && super::is_xref_7(word)
}

/// A year, of "1731/32" the later one.
fn year_of(word: &str) -> Option<(u32, bool)> {
    let number = |digits: &str| {
        let is_number =
            !digits.is_empty() && digits.len() <= 5 && digits.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| digits.parse::<u32>().ok()).flatten()
    };
    match word.split_once('/') {
        None => Some((number(word)?, false)),
        Some((year, next)) => {
            let later = number(year)? + 1;
            let is_next = matches!(next.len(), 1 | 2 | 4) && format!("{later:02}").ends_with(next);
            is_next.then_some((later, true))
        }
    }
}

/// A date of 7.0 with the words that 5.5.1 has for calendars and eras.
fn date_to_551(date: &str) -> String {
    let words: Vec<&str> = date.split(' ').collect();
    let mut old = Vec::with_capacity(words.len());
    for (place, &word) in words.iter().enumerate() {
        let is_first = place == 0
            || matches!(
                words.get(place - 1),
                Some(&("BET" | "AND" | "FROM" | "TO" | "ABT" | "CAL" | "EST" | "BEF" | "AFT"))
            );
        old.push(match word {
            "GREGORIAN" | "JULIAN" | "HEBREW" if is_first => format!("@#D{word}@"),
            "FRENCH_R" if is_first => "@#DFRENCH R@".to_owned(),
            "BCE" => "B.C.".to_owned(),
            own if is_first && own.starts_with('_') => format!("@#D{own}@"),
            other => other.to_owned(),
        });
    }
    old.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_go_up() {
        for (old, date, phrase) in [
            ("12 FEB 1809", "12 FEB 1809", None),
            ("12 feb 1809", "12 FEB 1809", None),
            ("@#DJULIAN@ 5 MAY 1700", "JULIAN 5 MAY 1700", None),
            ("@#DFRENCH R@ 1 VEND 3", "FRENCH_R 1 VEND 3", None),
            ("@#DGREGORIAN@ 1700", "GREGORIAN 1700", None),
            (
                "BET 1 JAN 1900 AND @#DHEBREW@ 2 TVT 5758",
                "BET 1 JAN 1900 AND HEBREW 2 TVT 5758",
                None,
            ),
            ("FROM 1900 TO 1905", "FROM 1900 TO 1905", None),
            ("TO 1905", "TO 1905", None),
            ("44 B.C.", "44 BCE", None),
            ("11 FEB 1731/32", "11 FEB 1732", Some("11 FEB 1731/32")),
            ("INT 1850 (gold rush)", "1850", Some("gold rush")),
            ("(before the war)", "", Some("before the war")),
            ("Stillborn", "", Some("Stillborn")),
            ("31/12/1900", "", Some("31/12/1900")),
            ("@#DROMAN@ 1 IAN", "", Some("@#DROMAN@ 1 IAN")),
            ("康熙三十年三月初五", "3 APR 1691", Some("康熙三十年三月初五")),
            ("康熙三十年三月", "BET 30 MAR 1691 AND 27 APR 1691", Some("康熙三十年三月")),
            ("光緒丁酉年", "1897", Some("光緒丁酉年")),
            ("约民国二十三年", "ABT 1934", Some("约民国二十三年")),
            ("康熙年间", "BET 1662 AND 1722", Some("康熙年间")),
            ("建元元年", "", Some("建元元年")),
            ("漢武帝建元元年", "140 BCE", Some("漢武帝建元元年")),
            ("INT 1691 (康熙三十年)", "1691", Some("康熙三十年")),
            ("(康熙三十年)", "", Some("康熙三十年")),
            ("", "", None),
        ] {
            assert_eq!(
                to_7(old),
                New { date: date.into(), phrase: phrase.map(Into::into) },
                "{old}"
            );
        }
    }

    #[test]
    fn dates_come_back() {
        for (date, phrase, old) in [
            ("JULIAN 5 MAY 1700", None, Some("@#DJULIAN@ 5 MAY 1700")),
            (
                "BET GREGORIAN 1700 AND FRENCH_R 3",
                None,
                Some("BET @#DGREGORIAN@ 1700 AND @#DFRENCH R@ 3"),
            ),
            ("44 BCE", None, Some("44 B.C.")),
            ("11 FEB 1732", Some("11 FEB 1731/32"), Some("11 FEB 1731/32")),
            ("1850", Some("gold rush"), Some("INT 1850 (gold rush)")),
            ("", Some("before the war"), Some("before the war")),
            ("", Some("1850"), Some("(1850)")),
            ("BET 1850 AND 1860", Some("gold rush"), None),
            ("3 APR 1691", Some("康熙三十年三月初五"), Some("INT 3 APR 1691 (康熙三十年三月初五)")),
            ("BET 1662 AND 1722", Some("康熙年间"), Some("康熙年间")),
            ("", Some("康熙三十年"), Some("(康熙三十年)")),
            ("_LUNAR 8 _MONTH 190 _EPOCH", None, Some("@#D_LUNAR@ 8 _MONTH 190 _EPOCH")),
        ] {
            assert_eq!(to_551(date, phrase).as_deref(), old, "{date}");
        }
    }
}
