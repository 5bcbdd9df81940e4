//! Dates in the calendar of the reader's choice.
//!
//! What a file says comes first wherever its words say more than a date can; else the chosen calendar
//! does. The other follows in brackets, so that nothing of the file is lost to the eye.

use banyan_kin::{Calendar, CalendarDate, Date, DateKind};
use serde::{Deserialize, Serialize};

use crate::texts::Language;

/// The calendar that dates are shown in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ShownCalendar {
    /// As the file has them, with the Gregorian date behind those of other calendars.
    #[default]
    AsWritten,
    Gregorian,
    Chinese,
    Julian,
    Hebrew,
    French,
}

impl ShownCalendar {
    pub const ALL: [Self; 6] =
        [Self::AsWritten, Self::Gregorian, Self::Chinese, Self::Julian, Self::Hebrew, Self::French];

    /// The calendar that dates are converted to.
    const fn calendar(self) -> Calendar {
        match self {
            Self::AsWritten | Self::Gregorian => Calendar::Gregorian,
            Self::Chinese => Calendar::Chinese,
            Self::Julian => Calendar::Julian,
            Self::Hebrew => Calendar::Hebrew,
            Self::French => Calendar::French,
        }
    }
}

/// A date in words: `written` is what the file has for it.
pub fn shown(date: &Date, written: &str, calendar: ShownCalendar, language: Language) -> String {
    let own = date.shown_with(&|part| part_text(part, language));
    let words = written.trim();
    let is_worded = date.kind == DateKind::Phrase || words.chars().any(is_ideograph);
    let original = match words {
        words if own.is_empty() || is_worded => in_brackets(words).unwrap_or(words).to_owned(),
        _ => own,
    };
    let wanted = calendar.calendar();
    let is_wanted = |part: &CalendarDate| part.is_unknown() || part.calendar == wanted;
    if !is_worded && is_wanted(&date.first) && is_wanted(&date.second) {
        return original;
    }
    let converted = date.shown_with(&|part| converted(part, wanted, language));
    match converted {
        converted if converted.is_empty() || converted == original => original,
        converted if is_worded || calendar == ShownCalendar::AsWritten => {
            format!("{original} ({converted})")
        }
        converted => format!("{converted} ({original})"),
    }
}

/// The words of a phrase without the brackets that GEDCOM puts around it.
fn in_brackets(words: &str) -> Option<&str> {
    words.strip_prefix('(')?.strip_suffix(')').filter(|inner| !inner.contains(['(', ')']))
}

fn is_ideograph(character: char) -> bool {
    ('\u{3007}'..='\u{9fff}').contains(&character)
}

/// Empty where the calendar does not reach, and for a year that has the same number there.
fn converted(part: &CalendarDate, calendar: Calendar, language: Language) -> String {
    let is_roman = |of| matches!(of, Calendar::Gregorian | Calendar::Julian);
    if part.month == 0 && part.calendar != calendar && is_roman(part.calendar) && is_roman(calendar)
    {
        return String::new();
    }
    match part.to(calendar) {
        Some((first, last)) if first == last => part_text(&first, language),
        Some((first, last)) if part.month == 0 => named(
            &first,
            &format!("{}/{}", year(&first, language), year(&last, language)),
            language,
        ),
        Some((first, last)) => {
            format!("{}/{}", part_text(&first, language), part_text(&last, language))
        }
        None => String::new(),
    }
}

/// One date in its own calendar.
fn part_text(part: &CalendarDate, language: Language) -> String {
    match part.calendar {
        Calendar::Gregorian | Calendar::Other => part.plain(),
        _ if part.year == 0 => part.plain(),
        Calendar::Julian => {
            let plain = CalendarDate { calendar: Calendar::Gregorian, ..*part }.plain();
            text("date_julian", language).replace("{date}", &plain)
        }
        Calendar::Chinese => part.in_chinese(),
        Calendar::Hebrew | Calendar::French => named(part, &year(part, language), language),
    }
}

fn text(key: &str, language: Language) -> &'static str {
    language.text(key).unwrap_or_default()
}

/// A date by the name of its month, of the year that is written so.
fn named(part: &CalendarDate, year: &str, language: Language) -> String {
    let calendar = match part.calendar {
        Calendar::Hebrew | Calendar::French => part.calendar.code(),
        _ => return year.to_owned(),
    };
    let precision = match (part.month, part.day) {
        (0, _) => "year",
        (_, 0) => "month",
        _ => "day",
    };
    let month = part.month_code().map_or("", |code| text(&format!("month_{code}"), language));
    text(&format!("date_{calendar}_{precision}"), language)
        .replace("{day}", &part.day.to_string())
        .replace("{month}", month)
        .replace("{year}", year)
}

fn year(part: &CalendarDate, language: Language) -> String {
    match (part.calendar, language) {
        (Calendar::French, Language::English) => roman(part.year),
        (Calendar::French | Calendar::Hebrew, _) => part.year.to_string(),
        _ => part.plain(),
    }
}

/// A year of the Republic as it wrote them.
fn roman(number: i16) -> String {
    const SIGNS: [(i16, &str); 9] = [
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    if !(1..400).contains(&number) {
        return number.to_string();
    }
    let mut rest = number;
    let mut text = String::new();
    for (value, sign) in SIGNS {
        while rest >= value {
            text.push_str(sign);
            rest -= value;
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_shown_in_every_calendar() {
        use ShownCalendar::{AsWritten, Chinese, French, Gregorian, Hebrew, Julian};
        for (written, calendar, english, chinese) in [
            ("12 FEB 1809", AsWritten, "1809-02-12", "1809-02-12"),
            ("12 FEB 1809", Gregorian, "1809-02-12", "1809-02-12"),
            (
                "12 FEB 1809",
                Chinese,
                "嘉庆十三年戊辰腊月廿八 (1809-02-12)",
                "嘉庆十三年戊辰腊月廿八 (1809-02-12)",
            ),
            (
                "12 FEB 1809",
                Julian,
                "1809-01-31 (Julian) (1809-02-12)",
                "儒略历 1809-01-31 (1809-02-12)",
            ),
            (
                "12 FEB 1809",
                Hebrew,
                "26 Shevat 5569 (1809-02-12)",
                "希伯来历5569年细罢特月26日 (1809-02-12)",
            ),
            (
                "12 FEB 1809",
                French,
                "23 Pluviôse XVII (1809-02-12)",
                "共和历17年雨月23日 (1809-02-12)",
            ),
            ("1809", Chinese, "嘉庆十四年己巳 (1809)", "嘉庆十四年己巳 (1809)"),
            ("1809", Julian, "1809", "1809"),
            ("1800", French, "year VIII/IX (Republican) (1800)", "共和历8/9年 (1800)"),
            ("1700", French, "1700", "1700"),
            ("1809", Hebrew, "5569/5570 (Hebrew) (1809)", "希伯来历5569/5570年 (1809)"),
            (
                "康熙三十年三月初五",
                AsWritten,
                "康熙三十年三月初五 (1691-04-03)",
                "康熙三十年三月初五 (1691-04-03)",
            ),
            (
                "康熙三十年三月初五",
                Chinese,
                "康熙三十年三月初五 (康熙三十年辛未三月初五)",
                "康熙三十年三月初五 (康熙三十年辛未三月初五)",
            ),
            (
                "康熙三十年三月",
                Gregorian,
                "康熙三十年三月 (1691-03/1691-04)",
                "康熙三十年三月 (1691-03/1691-04)",
            ),
            ("约乾隆廿五年", AsWritten, "约乾隆廿五年 (c. 1760)", "约乾隆廿五年 (c. 1760)"),
            ("(in the gold rush)", AsWritten, "in the gold rush", "in the gold rush"),
            ("(in 1850)", AsWritten, "in 1850 (c. 1850)", "in 1850 (c. 1850)"),
            (
                "@#DHEBREW@ 2 TVT 5758",
                AsWritten,
                "2 Tevet 5758 (1997-12-31)",
                "希伯来历5758年太贝特月2日 (1997-12-31)",
            ),
            (
                "@#DFRENCH R@ 18 BRUM 8",
                AsWritten,
                "18 Brumaire VIII (1799-11-09)",
                "共和历8年雾月18日 (1799-11-09)",
            ),
            (
                "@#DJULIAN@ 11 FEB 1731/32",
                AsWritten,
                "1731/32-02-11 (Julian) (1732-02-22)",
                "儒略历 1731/32-02-11 (1732-02-22)",
            ),
            ("BET 1808 AND 1812", AsWritten, "1808–1812", "1808–1812"),
            ("", Chinese, "", ""),
        ] {
            let date = Date::of(written);
            let texts = [Language::English, Language::Chinese]
                .map(|language| shown(&date, written, calendar, language));
            assert_eq!(texts, [english, chinese], "{written} {calendar:?}");
        }
    }

    #[test]
    fn every_month_has_a_name() {
        for language in [Language::English, Language::Chinese] {
            for calendar in [Calendar::Hebrew, Calendar::French] {
                for (year, month) in (5780..5788).flat_map(|year| (1..=13).map(move |m| (year, m)))
                {
                    let date = CalendarDate { year, month, day: 1, calendar, dual: false };
                    let code = date.month_code().unwrap();
                    assert!(language.text(&format!("month_{code}")).is_some(), "{code}");
                    assert!(!part_text(&date, language).contains('{'));
                }
            }
        }
        assert_eq!((roman(14), roman(99), roman(3)), ("XIV".into(), "XCIX".into(), "III".into()));
    }
}
