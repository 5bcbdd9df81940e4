//! What people write for a date, GEDCOM's grammar first (5.5.1, chapter 2, `DATE_VALUE`; 7.0, 2.4).

use std::borrow::Cow;

use super::{Calendar, CalendarDate, Date, DateKind, chinese};

const GREGORIAN_MONTHS: [&str; 12] = [
    "JANUARY",
    "FEBRUARY",
    "MARCH",
    "APRIL",
    "MAY",
    "JUNE",
    "JULY",
    "AUGUST",
    "SEPTEMBER",
    "OCTOBER",
    "NOVEMBER",
    "DECEMBER",
];
/// As GEDCOM writes them, in the order of [`CalendarDate::month`].
pub const HEBREW_MONTHS: [&str; 13] =
    ["TSH", "CSH", "KSL", "TVT", "SHV", "ADR", "ADS", "NSN", "IYR", "SVN", "TMZ", "AAV", "ELL"];
/// The same for the French Republican calendar.
pub const FRENCH_MONTHS: [&str; 13] = [
    "VEND", "BRUM", "FRIM", "NIVO", "PLUV", "VENT", "GERM", "FLOR", "PRAI", "MESS", "THER", "FRUC",
    "COMP",
];
/// More than any grammar needs; what is longer is a phrase.
const MOST_WORDS: usize = 16;

/// Everything of the date but [`Date::wording`].
pub(super) fn parse(written: &str) -> Date {
    let written = written.trim();
    if written.is_empty() {
        return Date::default();
    }
    if let Some(first) = common(written.as_bytes()) {
        return Date { kind: DateKind::Exact, first, ..Date::default() };
    }
    // Chinese words are no grammar of others, but for a Western date with 约 before it.
    if !written.as_bytes().first().is_some_and(u8::is_ascii)
        && let Some(date) = chinese::read(written)
    {
        return date;
    }
    let understood = match parse_grammar(written) {
        // The words that a date was read from may say more: INT 1691 (康熙三十年三月初五).
        Some(date) if date.kind == DateKind::Interpreted => {
            Some(of_its_words(date, written).unwrap_or(date))
        }
        Some(date) => Some(date),
        None => chinese::read(written),
    };
    understood.unwrap_or_else(|| Date {
        kind: DateKind::Phrase,
        first: year_among(written),
        ..Date::default()
    })
}

/// The Chinese words of an interpreted date, if they mean the same.
fn of_its_words(date: Date, written: &str) -> Option<Date> {
    let (_, words) = written.split_once('(')?;
    chinese::read(words).filter(|meant| meant.is_within(&date))
}

/// What nearly every line says, "12 FEB 1809", without the way through the grammar.
fn common(written: &[u8]) -> Option<CalendarDate> {
    let digit = |byte: u8| byte.is_ascii_digit().then(|| byte - b'0');
    let (day, rest) = match written {
        [ones, b' ', rest @ ..] => (digit(*ones)?, rest),
        [tens, ones, b' ', rest @ ..] => (digit(*tens)? * 10 + digit(*ones)?, rest),
        _ => return None,
    };
    let (month, [b' ', year @ ..]) = rest.split_at_checked(3)? else { return None };
    let is_named = |name: &str| name.as_bytes().starts_with(month);
    let month = GREGORIAN_MONTHS.iter().position(|name| is_named(name))? as u8 + 1;
    if !matches!(year.len(), 3 | 4) || !(1..=31).contains(&day) {
        return None;
    }
    let mut number = 0;
    for &byte in year {
        number = number * 10 + i16::from(digit(byte)?);
    }
    (number > 0).then_some(CalendarDate { year: number, month, day, ..CalendarDate::default() })
}

fn parse_grammar(written: &str) -> Option<Date> {
    // An interpreted date carries its source in brackets: INT 1850 (about the time of the gold rush).
    let (outside, phrase) = match written.split_once('(') {
        Some((outside, _)) => (outside, true),
        None => (written, false),
    };
    let upper = if outside.bytes().any(|b| b.is_ascii_lowercase() || !b.is_ascii()) {
        Cow::Owned(outside.to_uppercase())
    } else {
        Cow::Borrowed(outside)
    };
    let mut words = [""; MOST_WORDS];
    let mut count = 0;
    // The calendar escape of 5.5.1 may hold a space: @#DFRENCH R@.
    for word in upper.split_whitespace().filter(|&word| word != "R@") {
        *words.get_mut(count)? = word;
        count += 1;
    }
    let words = words.get(..count)?;
    let (&head, rest) = words.split_first()?;
    let date = match head.trim_end_matches('.') {
        "ABT" | "ABOUT" | "C" | "CA" | "CIRCA" | "CIR" | "~" | "约" | "約" => {
            one(DateKind::About, rest)?
        }
        "CAL" => one(DateKind::Calculated, rest)?,
        "EST" => one(DateKind::Estimated, rest)?,
        "BEF" | "BEFORE" | "BY" | "<" => one(DateKind::Before, rest)?,
        "AFT" | "AFTER" | ">" => one(DateKind::After, rest)?,
        "INT" => one(DateKind::Interpreted, rest)?,
        "BET" | "BETWEEN" | "BTW" => two(DateKind::Between, rest, &["AND", "&", "-"])?,
        "FROM" if rest.contains(&"TO") => two(DateKind::FromTo, rest, &["TO"])?,
        "FROM" => one(DateKind::From, rest)?,
        "TO" => one(DateKind::To, rest)?,
        _ if phrase => return None,
        _ => plain(words)?,
    };
    (!phrase || date.kind == DateKind::Interpreted).then_some(date)
}

fn one(kind: DateKind, words: &[&str]) -> Option<Date> {
    Some(Date { kind, first: calendar_date(words)?, ..Date::default() })
}

fn two(kind: DateKind, words: &[&str], between: &[&str]) -> Option<Date> {
    let middle = words.iter().position(|word| between.contains(word))?;
    let (first, second) = words.split_at(middle);
    Some(Date {
        kind,
        first: calendar_date(first)?,
        second: calendar_date(second.get(1..)?)?,
        ..Date::default()
    })
}

/// A date without a word before it: exact, doubted ("1850?"), or a range ("1850-1855", "1850 or 1851").
fn plain(words: &[&str]) -> Option<Date> {
    if let Some(first) = calendar_date(words) {
        return Some(Date { kind: DateKind::Exact, first, ..Date::default() });
    }
    if words.iter().any(|word| matches!(*word, "OR" | "-" | "–")) {
        return two(DateKind::Between, words, &["OR", "-", "–"]);
    }
    let &[word] = words else { return None };
    if let Some(year) = word.strip_suffix('?') {
        return one(DateKind::About, &[year]);
    }
    let (first, second) = word.split_once(['-', '–', '/'])?;
    // 2 to 2 digits could be anything; two whole years are a range.
    let is_year =
        |text: &str| matches!(text.len(), 3 | 4) && text.bytes().all(|b| b.is_ascii_digit());
    (is_year(first) && is_year(second)).then_some(())?;
    Some(Date {
        kind: DateKind::Between,
        first: calendar_date(&[first])?,
        second: calendar_date(&[second])?,
        ..Date::default()
    })
}

/// One date in one calendar: "[calendar] [[day] month] year [era]", also 1809-02-12 and 1809年2月12日.
fn calendar_date(words: &[&str]) -> Option<CalendarDate> {
    let mut date = CalendarDate::default();
    let mut words = words;
    if let Some((&first, rest)) = words.split_first()
        && let Some(calendar) = calendar_word(first)
    {
        date.calendar = calendar;
        words = rest;
    }
    let mut before_christ = false;
    if let Some((&last, rest)) = words.split_last()
        && let Some(is_bc) = era(last)
    {
        before_christ = is_bc;
        words = rest;
    }
    match *words {
        [year] => {
            if let Some((year, month, day)) = iso(year).or_else(|| east_asian(year)) {
                (date.year, date.month, date.day) = (year, month, day);
            } else if year.is_ascii() {
                set_year(&mut date, year)?;
            } else {
                return chinese::exact(year);
            }
        }
        [month, year] => {
            if let Some(set) = set_month(date, month) {
                date = set;
                set_year(&mut date, year)?;
            } else {
                // A day and a month without a year: 12 FEB.
                date = set_month(date, year)?;
                date.day = day(month)?;
            }
        }
        [the_day, month, year] => {
            date = set_month(date, month)?;
            date.day = day(the_day)?;
            set_year(&mut date, year)?;
        }
        _ => return chinese::exact(&words.concat()),
    }
    if before_christ {
        date.year = -date.year;
    }
    Some(date)
}

fn calendar_word(word: &str) -> Option<Calendar> {
    Some(match word {
        "GREGORIAN" | "@#DGREGORIAN@" => Calendar::Gregorian,
        "JULIAN" | "@#DJULIAN@" => Calendar::Julian,
        "HEBREW" | "@#DHEBREW@" => Calendar::Hebrew,
        "FRENCH_R" | "@#DFRENCH" | "@#DFRENCH_R@" => Calendar::French,
        "ROMAN" => Calendar::Other,
        _ if word.starts_with("@#D") => Calendar::Other,
        _ => return None,
    })
}

/// Whether the word names the era before Christ (true) or after (false).
fn era(word: &str) -> Option<bool> {
    match word {
        "BC" | "B.C." | "B.C" | "BCE" | "B.C.E." => Some(true),
        "AD" | "A.D." | "CE" => Some(false),
        _ => None,
    }
}

fn day(word: &str) -> Option<u8> {
    let digits = word.trim_end_matches(['.', ',', '日']);
    (digits.len() <= 2).then_some(())?;
    digits.parse().ok().filter(|day| (1..=31).contains(day))
}

/// The month with its calendar: the names of the calendars differ, so a name tells its calendar.
fn set_month(mut date: CalendarDate, word: &str) -> Option<CalendarDate> {
    let word = word.trim_end_matches(['.', ',']);
    if let Some(digits) = word.strip_suffix('月') {
        date.month = digits.parse().ok().filter(|month| (1..=12).contains(month))?;
        return Some(date);
    }
    let place = |names: &[&str], matches: &dyn Fn(&str) -> bool| {
        (1..).zip(names).find(|(_, name)| matches(name)).map(|(number, _)| number)
    };
    if word.len() >= 3
        && let Some(month) = place(&GREGORIAN_MONTHS, &|name| name.starts_with(word))
            .or_else(|| (word == "SEPT").then_some(9))
    {
        date.month = month;
        return matches!(date.calendar, Calendar::Gregorian | Calendar::Julian).then_some(date);
    }
    if let Some(month) = place(&HEBREW_MONTHS, &|name| name == word) {
        return Some(CalendarDate { month, calendar: Calendar::Hebrew, ..date });
    }
    let month = place(&FRENCH_MONTHS, &|name| name == word)?;
    Some(CalendarDate { month, calendar: Calendar::French, ..date })
}

/// A year of one to five digits, perhaps double: "1731/32", "1699/1700".
fn set_year(date: &mut CalendarDate, word: &str) -> Option<()> {
    let (year, dual) = word.split_once('/').map_or((word, None), |(year, dual)| (year, Some(dual)));
    let year: i16 = year.bytes().all(|b| b.is_ascii_digit()).then(|| year.parse().ok())??;
    if let Some(dual) = dual {
        let next = (i32::from(year) + 1).to_string();
        // The second half repeats the end of the following year.
        (dual.len() >= 2 && next.ends_with(dual) || dual.len() == 1 && next.ends_with(dual))
            .then_some(())?;
        date.dual = true;
    }
    date.year = year;
    (year > 0).then_some(())
}

/// 1809-02-12 and 1809-02.
fn iso(word: &str) -> Option<(i16, u8, u8)> {
    let mut parts = word.split('-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next());
    (year.len() == 4 && month.len() == 2 && parts.next().is_none()).then_some(())?;
    let day = match day {
        Some(day) => day.parse().ok().filter(|day| (1..=31).contains(day))?,
        None => 0,
    };
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    Some((year.parse().ok()?, month, day))
}

/// 1809年, 1809年2月, 1809年2月12日.
fn east_asian(word: &str) -> Option<(i16, u8, u8)> {
    let (year, rest) = word.split_once('年')?;
    let year = year.parse().ok().filter(|&year| year > 0)?;
    if rest.is_empty() {
        return Some((year, 0, 0));
    }
    let (month, rest) = rest.split_once('月')?;
    let month = month.parse().ok().filter(|month| (1..=12).contains(month))?;
    if rest.is_empty() {
        return Some((year, month, 0));
    }
    Some((year, month, day(rest)?))
}

/// The first number of three or four digits among the words, as a year.
fn year_among(phrase: &str) -> CalendarDate {
    let mut rest = phrase;
    while let Some(start) = rest.find(|c: char| c.is_ascii_digit()) {
        let number = rest.get(start..).unwrap_or_default();
        let end = number.find(|c: char| !c.is_ascii_digit()).unwrap_or(number.len());
        let (digits, after) = number.split_at(end);
        if matches!(digits.len(), 3 | 4)
            && let Ok(year) = digits.parse::<i16>()
            && year > 0
        {
            let is_bc = after.split_whitespace().next().is_some_and(|word| {
                era(&word.trim_matches(['(', ')', ',', ';']).to_uppercase()) == Some(true)
            });
            return CalendarDate {
                year: if is_bc { -year } else { year },
                ..CalendarDate::default()
            };
        }
        rest = after;
    }
    CalendarDate::default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, kind: DateKind, short: &str, plain: &str) {
        let date = parse(written);
        assert_eq!(
            (date.kind, date.short().as_str(), date.plain().as_str()),
            (kind, short, plain),
            "{written:?}"
        );
    }

    #[test]
    fn gedcom_dates_are_understood() {
        check("", DateKind::None, "", "");
        check("12 FEB 1809", DateKind::Exact, "1809", "1809-02-12");
        check(" 5 Aug 1901", DateKind::Exact, "1901", "1901-08-05");
        check("FEB 1809", DateKind::Exact, "1809", "1809-02");
        check("       1809", DateKind::Exact, "1809", "1809");
        check("12 FEB", DateKind::Exact, "", "--02-12");
        check("ABT 1809", DateKind::About, "c. 1809", "c. 1809");
        check("CAL 1809", DateKind::Calculated, "c. 1809", "c. 1809");
        check("EST 1809", DateKind::Estimated, "c. 1809", "c. 1809");
        check("BEF 12 FEB 1809", DateKind::Before, "<1809", "<1809-02-12");
        check("AFT NOV 1809", DateKind::After, ">1809", ">1809-11");
        check("BET 1809 AND 1812", DateKind::Between, "1809–1812", "1809–1812");
        check("BET JAN 1809 AND FEB 1809", DateKind::Between, "1809", "1809-01–1809-02");
        check("FROM 1809 TO 1812", DateKind::FromTo, "1809–1812", "1809–1812");
        check("FROM 1809", DateKind::From, "1809–", "1809–");
        check("TO 1812", DateKind::To, "–1812", "–1812");
        check("INT 1850 (about the gold rush)", DateKind::Interpreted, "c. 1850", "c. 1850");
        check("(in the gold rush)", DateKind::Phrase, "", "");
        check("(in 1850)", DateKind::Phrase, "c. 1850", "c. 1850");
        check("44 BC", DateKind::Exact, "44 BC", "44 BC");
        check("15 MAR 44 B.C.", DateKind::Exact, "44 BC", "44-03-15 BC");
        check("ABT 1020 BC", DateKind::About, "c. 1020 BC", "c. 1020 BC");
        check("14 AD", DateKind::Exact, "14", "0014");
        check("11 FEB 1731/32", DateKind::Exact, "1731/32", "1731/32-02-11");
        check("1699/1700", DateKind::Exact, "1699/00", "1699/00");
    }

    #[test]
    fn calendars_are_told_by_escape_word_or_month() {
        for (written, calendar, plain) in [
            ("@#DJULIAN@ 25 DEC 1066", Calendar::Julian, "1066-12-25 (Julian)"),
            ("JULIAN 44 BCE", Calendar::Julian, "44 BC (Julian)"),
            ("@#DGREGORIAN@ 1900", Calendar::Gregorian, "1900"),
            ("@#DHEBREW@ 2 TVT 5758", Calendar::Hebrew, "5758-04-02 (Hebrew)"),
            ("2 TVT 5758", Calendar::Hebrew, "5758-04-02 (Hebrew)"),
            ("@#DFRENCH R@ 18 BRUM 8", Calendar::French, "0008-02-18 (Républicain)"),
            ("FRENCH_R 18 BRUM 8", Calendar::French, "0008-02-18 (Républicain)"),
            ("@#DROMAN@ 753", Calendar::Other, "0753"),
        ] {
            let date = parse(written);
            assert_eq!(
                (date.first.calendar, date.plain().as_str()),
                (calendar, plain),
                "{written}"
            );
        }
        assert_eq!(parse("2 TVT 5758").short(), "1997");
        assert_eq!(parse("18 BRUM 8").short(), "1799");
    }

    #[test]
    fn what_people_write_is_understood() {
        check("abt. 1850", DateKind::About, "c. 1850", "c. 1850");
        check("c. 1850", DateKind::About, "c. 1850", "c. 1850");
        check("by 1850", DateKind::Before, "<1850", "<1850");
        check("3 March 1850", DateKind::Exact, "1850", "1850-03-03");
        check("Sept. 1850", DateKind::Exact, "1850", "1850-09");
        check("1850?", DateKind::About, "c. 1850", "c. 1850");
        check("1850 or 1851", DateKind::Between, "1850–1851", "1850–1851");
        check("1850-1855", DateKind::Between, "1850–1855", "1850–1855");
        check("between 1850 & 1855", DateKind::Between, "1850–1855", "1850–1855");
        check("1809-02-12", DateKind::Exact, "1809", "1809-02-12");
        check("06 2月 2011", DateKind::Exact, "2011", "2011-02-06");
        check("1809年2月12日", DateKind::Exact, "1809", "1809-02-12");
        check("1809年", DateKind::Exact, "1809", "1809");
    }

    #[test]
    fn what_follows_no_grammar_is_a_phrase_with_its_year() {
        check("1850 (or '51?)", DateKind::Phrase, "c. 1850", "c. 1850");
        check("abt. 620 BC (or 622 BC)", DateKind::Phrase, "c. 620 BC", "c. 620 BC");
        check("12/02/1809", DateKind::Phrase, "c. 1809", "c. 1809");
        check("Tano Toba", DateKind::Phrase, "", "");
        check("99999", DateKind::Phrase, "", "");
        check("0", DateKind::Phrase, "", "");
        check("31 FOO 1850", DateKind::Phrase, "c. 1850", "c. 1850");
    }

    #[test]
    fn dates_sort_as_they_follow() {
        let in_order = [
            "ABT 1020 BC",
            "44 BC",
            "BEF 14",
            "14",
            "25 DEC 1066",
            "11 FEB 1731/32",
            "BEF 1809",
            "1809",
            "12 FEB 1809",
            "13 FEB 1809",
            "AFT 1809",
        ];
        let keys: Vec<Option<i32>> =
            in_order.iter().map(|written| parse(written).sort_key()).collect();
        assert!(keys.iter().all(Option::is_some) && keys.is_sorted(), "{keys:?}");
    }
}
