//! Dates as Chinese write them: 康熙三十年三月初五, 光绪丁酉年, 民国二十三年, 约乾隆末年, 一九五〇年腊月.
//!
//! What was written stays beside what was understood of it. An era name that several states had is
//! that of the main line if just one of those had it; else the date is a phrase with the most usual
//! year, and [`candidates`] has the others.

mod month;
mod numeral;
mod script;
mod single;
mod words;

use std::ops::RangeInclusive;

use self::single::{Reading, single};
use super::{CalendarDate, Date, DateKind};

/// Longer texts are stories rather than dates, in bytes.
const LONGEST: usize = 160;
/// Words before a date that doubt it, and behind one.
const ABOUT_BEFORE: [&str; 4] = ["大约", "约于", "约", "大概"];
const ABOUT_AFTER: [&str; 3] = ["左右", "前后", "许"];
const BEFORE: [&str; 3] = ["以前", "之前", "前"];
const AFTER: [&str; 3] = ["以后", "之后", "后"];
/// Between the two dates of a period.
const TO: [char; 8] = ['至', '到', '~', '～', '—', '–', '-', '－'];

/// Everything of a date but [`Date::written`]; `None` for what is not Chinese or names no year.
pub(super) fn read(written: &str) -> Option<Date> {
    let text = text_of(written)?;
    let (kind, core) = qualified(&text);
    if kind == DateKind::Exact
        && let Some(date) = period(core)
    {
        return Some(date);
    }
    of_reading(single(core)?, kind)
}

/// One date that is certain, for grammars of which it is a part.
pub(super) fn exact(written: &str) -> Option<CalendarDate> {
    let date = of_reading(single(&text_of(written)?)?, DateKind::Exact)?;
    (date.kind == DateKind::Exact).then_some(date.first)
}

/// See [`Date::candidates`].
pub(super) fn candidates(written: &str, years: RangeInclusive<i16>) -> Vec<CalendarDate> {
    let Some(text) = text_of(written) else { return Vec::new() };
    match single(qualified(&text).1) {
        Some(Reading::Dates { mut dates, .. }) => {
            dates.retain(|(date, _)| years.contains(&date.year));
            dates.into_iter().map(|(date, _)| date).collect()
        }
        Some(Reading::Cycle { place, within }) => {
            let of_place = years.filter(|&year| year != 0);
            let of_place = of_place.filter(|&year| super::sexagenary::of_year(year) == place);
            of_place.map(|year| within.of_lunar_year(year)).collect()
        }
        _ => Vec::new(),
    }
}

fn text_of(written: &str) -> Option<String> {
    let is_chinese = |character: char| ('\u{3007}'..='\u{9fff}').contains(&character);
    if written.len() > LONGEST || !written.contains(is_chinese) {
        return None;
    }
    let text = script::simplified(written.trim_matches([' ', '(', ')', '（', '）', '［', '］']));
    (!text.is_empty()).then_some(text)
}

/// What is said of a date before and behind it, and the date.
fn qualified(text: &str) -> (DateKind, &str) {
    let strip = |words: &[&str], strip: fn(&'_ str, &'_ str) -> Option<usize>| {
        words.iter().find_map(|word| strip(text, word))
    };
    let prefix = |text: &str, word: &str| text.starts_with(word).then_some(word.len());
    let suffix = |text: &str, word: &str| text.ends_with(word).then(|| text.len() - word.len());
    let (kind, core) = if let Some(at) = strip(&ABOUT_BEFORE, prefix) {
        (DateKind::About, text.get(at..))
    } else if let Some(at) = strip(&ABOUT_AFTER, suffix) {
        (DateKind::About, text.get(..at))
    } else if let Some(at) = strip(&BEFORE, suffix) {
        (DateKind::Before, text.get(..at))
    } else if let Some(at) = strip(&AFTER, suffix) {
        (DateKind::After, text.get(..at))
    } else {
        (DateKind::Exact, None)
    };
    (kind, core.unwrap_or(text))
}

/// 康熙三十年至三十五年: two dates, the second perhaps without its era.
fn period(text: &str) -> Option<Date> {
    text.match_indices(TO).find_map(|(at, between)| {
        let (from, to) = (text.get(..at)?, text.get(at + between.len()..)?);
        let first = single(from)?;
        let second = single(to).or_else(|| single(&format!("{}{to}", first.era()?)))?;
        let (first, second) =
            (of_reading(first, DateKind::Exact)?, of_reading(second, DateKind::Exact)?);
        let is_date = |date: &Date| date.kind == DateKind::Exact;
        (is_date(&first) && is_date(&second)).then(|| Date {
            kind: DateKind::FromTo,
            first: first.first,
            second: second.first,
            ..Date::default()
        })
    })
}

fn of_reading(reading: Reading, kind: DateKind) -> Option<Date> {
    let date = |kind, first| Date { kind, first, ..Date::default() };
    match reading {
        Reading::Dates { dates, is_doubtful } => {
            let mut mains = dates.iter().filter(|(_, era)| era.is_some_and(|era| era.is_main));
            let only = match (dates.as_slice(), mains.next(), mains.next()) {
                (&[(only, _)], ..) | (_, Some(&(only, _)), None) => only,
                (&[(usual, _), ..], ..) => return Some(date(DateKind::Phrase, usual)),
                ([], ..) => return None,
            };
            let kind = if is_doubtful && kind == DateKind::Exact { DateKind::About } else { kind };
            Some(date(kind, only))
        }
        Reading::Span { first, last, .. } => Some(match kind {
            DateKind::Before => date(kind, first),
            DateKind::After => date(kind, last),
            _ if first == last => date(kind, first),
            _ => Date { second: last, ..date(DateKind::Between, first) },
        }),
        Reading::Cycle { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(written: &str, kind: DateKind, plain: &str) {
        let date = read(written).unwrap_or_default();
        assert_eq!((date.kind, date.plain().as_str()), (kind, plain), "{written}");
    }

    #[test]
    fn years_of_eras_are_read() {
        for (written, plain) in [
            ("康熙三十年", "1691 (Chinese)"),
            ("康熙30年", "1691 (Chinese)"),
            ("清康熙三十年辛未", "1691 (Chinese)"),
            ("大清康熙卅年", "1691 (Chinese)"),
            ("光绪丁酉年", "1897 (Chinese)"),
            ("光緒二十三年丁酉", "1897 (Chinese)"),
            ("光緒二十三年歲次丁酉", "1897 (Chinese)"),
            ("明萬曆元年", "1573 (Chinese)"),
            ("崇禎十七年", "1644 (Chinese)"),
            ("宏治三年", "1490 (Chinese)"),
            ("洪武三十五年", "1402 (Chinese)"),
            ("永历三十七年", "1683 (Chinese)"),
            ("宋太祖建隆元年", "0960 (Chinese)"),
            ("漢武帝建元元年", "140 BC (Chinese)"),
            ("元始元年", "0001 (Chinese)"),
            ("生于嘉庆二十五年", "1820 (Chinese)"),
            ("民国二十三年", "1934"),
            ("中華民國一百零三年", "2014"),
            ("昭和十八年", "1943"),
            // The main line had it once.
            ("天启二年", "1622 (Chinese)"),
            ("正德三年", "1508 (Chinese)"),
            // It had it more than once, but not so many years of it.
            ("至元二十年", "1283 (Chinese)"),
            ("太和二十年", "0496 (Chinese)"),
            // Or the state is told, or the year of the sixty.
            ("北魏太平真君三年", "0442 (Chinese)"),
            ("东晋建武元年", "0317 (Chinese)"),
            ("至元三年丁丑", "1337 (Chinese)"),
        ] {
            check(written, DateKind::Exact, plain);
        }
    }

    #[test]
    fn months_and_days_are_read() {
        for (written, plain) in [
            ("乾隆廿五年三月初五", "1760-03-05 (Chinese)"),
            ("乾隆二十五年庚辰三月初五日卯時", "1760-03-05 (Chinese)"),
            ("乾隆廿五年正月元宵", "1760-01-15 (Chinese)"),
            ("乾隆二十五年臘月三十日", "1760-12-30 (Chinese)"),
            // That month had 29 days.
            ("康熙三十年三月三十", "1691-03 (Chinese)"),
            ("康熙三十年闰七月十五", "1691-07L-15 (Chinese)"),
            ("康熙三十年闰三月十五", "1691 (Chinese)"),
            ("康熙三十年閏月", "1691-07L (Chinese)"),
            ("康熙三十年冬月廿三", "1691-11-23 (Chinese)"),
            ("康熙三十年十二月除夕", "1691-12-30 (Chinese)"),
            ("康熙三十年八月望", "1691-08-15 (Chinese)"),
            ("康熙三十年秋", "1691 (Chinese)"),
            ("宣统三年十二月廿五", "1911-12-25 (Chinese)"),
            ("宣統三年八月癸丑", "1911-08-19 (Chinese)"),
            ("民国二十三年三月五日", "1934-03-05"),
            ("民国二十三年三月初五", "1934-03-05 (Chinese)"),
            ("农历一九三四年三月五日", "1934-03-05 (Chinese)"),
            ("一九三四年三月五日", "1934-03-05"),
            ("公元一九三四年", "1934"),
            ("公元前一四〇年", "140 BC"),
            ("1950年腊月初八", "1950-12-08 (Chinese)"),
            ("（康熙三十年）", "1691 (Chinese)"),
        ] {
            check(written, DateKind::Exact, plain);
        }
    }

    #[test]
    fn what_is_said_of_a_date_is_read() {
        check("约康熙三十年", DateKind::About, "c. 1691 (Chinese)");
        check("康熙三十年左右", DateKind::About, "c. 1691 (Chinese)");
        // The number says 1691, the year of the sixty 1692.
        check("康熙三十年壬申", DateKind::About, "c. 1691 (Chinese)");
        check("康熙三十年以前", DateKind::Before, "<1691 (Chinese)");
        check("康熙三十年後", DateKind::After, ">1691 (Chinese)");
        check("康熙年间", DateKind::Between, "1662 (Chinese)–1722 (Chinese)");
        check("乾隆末年", DateKind::Between, "1736 (Chinese)–1795 (Chinese)");
        check("康熙三十年至四十年", DateKind::FromTo, "1691 (Chinese)–1701 (Chinese)");
        check("至元二十年至至正三年", DateKind::FromTo, "1283 (Chinese)–1343 (Chinese)");
        check("建武三年", DateKind::Phrase, "c. 0027 (Chinese)");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for written in
            ["1809", "甲子年", "迁居南京", "康熙七十年", "年", "三月初五", "不详", "元", "廿"]
        {
            assert_eq!(read(written), None, "{written}");
        }
    }

    proptest::proptest! {
        /// Words of dates in any order: nothing panics, and what is understood has its place.
        #[test]
        fn any_words_are_taken(words in "[康熙光绪建武民国大明乾隆元闰正腊初廿三十五百年月日甲子辰时前后至约间公农历一九〇0-9 ()（]{0,14}") {
            let date = Date::of(&words);
            let is_dated = !matches!(date.kind, DateKind::None | DateKind::Phrase);
            proptest::prop_assert!(!is_dated || date.first.month > 0 || date.sort_key().is_some());
            let _ = (date.bounds(), date.plain(), date.first.in_chinese());
            for calendar in crate::Calendar::ALL {
                let _ = date.first.to(calendar);
            }
            for date in candidates(&words, -200..=2100).into_iter().take(100) {
                proptest::prop_assert!(date.days().is_some());
            }
        }
    }

    #[test]
    fn several_meanings_are_kept() {
        let years = |written: &str, years| {
            let dates = candidates(written, years).into_iter();
            dates.map(|date| date.year).collect::<Vec<i16>>()
        };
        assert_eq!(years("建武元年", -200..=2100), [25, 494, 317, 304, 335, 386]);
        assert_eq!(years("建武元年", 300..=320), [317, 304]);
        assert_eq!(years("甲子年", 1600..=1800), [1624, 1684, 1744]);
        assert_eq!(years("甲子年", -60..=10), [-57, 4]);
        assert_eq!(years("约甲子三月", 1950..=2000), [1984]);
        assert_eq!(years("unknown", 1600..=1800), []);
        assert_eq!(years("康熙壬寅", 1600..=1800), [1662, 1722]);
    }
}
