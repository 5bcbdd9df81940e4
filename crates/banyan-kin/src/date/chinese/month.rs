//! Month and day as Chinese write them: 正月, 闰四月, 腊月廿三, 三月初五日卯时, 八月望.

use super::numeral;
use crate::date::{Calendar, CalendarDate, lunisolar, sexagenary};

/// A month with its day, of any year; the default is none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Within {
    /// 1 to 12; 0 for none, or the only leap month of the year.
    month: u8,
    is_leap: bool,
    day: Day,
    /// Whether the words are those of the Chinese calendar alone.
    pub is_lunar: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Day {
    #[default]
    None,
    Number(u8),
    /// The last one of the month.
    Last,
    /// Of the sixty, as 甲子.
    Cycle(u8),
}

/// Days with a name, in the month that they are in.
const FEASTS: [(&str, u8, Day); 6] = [
    ("元宵", 1, Day::Number(15)),
    ("端午", 5, Day::Number(5)),
    ("七夕", 7, Day::Number(7)),
    ("中秋", 8, Day::Number(15)),
    ("重阳", 9, Day::Number(9)),
    ("除夕", 12, Day::Last),
];

impl Within {
    /// In a lunar year. A leap month that the year has not, or a day that the month has not, is left
    /// out.
    pub(super) fn of_lunar_year(&self, year: i16) -> CalendarDate {
        let date = CalendarDate { year, calendar: Calendar::Chinese, ..CalendarDate::default() };
        let number = i32::from(year);
        let month = match (self.is_leap, self.month) {
            (false, month) => month,
            (true, 0) => lunisolar::leap_month(number).map_or(0, |month| month + lunisolar::LEAP),
            (true, month) => month + lunisolar::LEAP,
        };
        let known = lunisolar::month(number, month);
        if month == 0 || lunisolar::new_year(number).is_some() && known.is_none() {
            return date;
        }
        let date = CalendarDate { month, ..date };
        let day = match (self.day, known) {
            (Day::None, _) | (Day::Last | Day::Cycle(_), None) => 0,
            (Day::Number(day), Some((_, length))) if i32::from(day) > length => 0,
            (Day::Number(day), _) => day,
            (Day::Last, Some((_, length))) => length as u8,
            (Day::Cycle(place), Some((start, length))) => {
                let day = (0..length).find(|&day| sexagenary::of_day(start + day) == place);
                day.map_or(0, |day| day as u8 + 1)
            }
        };
        CalendarDate { day, ..date }
    }

    /// In a year of the Gregorian calendar.
    pub(super) fn of_gregorian_year(&self, year: i16) -> CalendarDate {
        let day = if let Day::Number(day) = self.day { day } else { 0 };
        CalendarDate { year, month: self.month, day, ..CalendarDate::default() }
    }
}

/// All that follows a year: nothing, a season, a month, a month and a day, an hour behind it.
pub(super) fn within(text: &str) -> Option<Within> {
    if text.is_empty() || matches!(text, "春" | "夏" | "秋" | "冬" | "内") {
        return Some(Within::default());
    }
    if let Some(&(_, month, day)) = FEASTS.iter().find(|(name, ..)| is_feast(text, name)) {
        return Some(Within { month, day, is_leap: false, is_lunar: true });
    }
    let (is_leap, rest) = match text.strip_prefix('闰') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let named = [("正", 1), ("元", 1), ("冬", 11), ("腊", 12)];
    let named = named.iter().find_map(|&(name, month)| Some((month, rest.strip_prefix(name)?)));
    let (month, is_named, rest) = match named {
        Some((month, rest)) => (month, month != 1 || text.starts_with('正'), rest),
        None if is_leap && rest.starts_with('月') => (0, true, rest),
        None => {
            let (number, rest) = numeral::starting(rest)?;
            (u8::try_from(number).ok().filter(|number| (1..=12).contains(number))?, false, rest)
        }
    };
    let rest = rest.strip_prefix('月')?;
    let (day, is_lunar, rest) = day(rest, month)?;
    is_end(rest).then_some(Within {
        month,
        is_leap,
        day,
        is_lunar: is_lunar || is_named || is_leap,
    })
}

fn is_feast(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| matches!(rest, "" | "节" | "日" | "节日"))
}

/// The day, whether only the Chinese calendar has such words, and what follows.
fn day(text: &str, month: u8) -> Option<(Day, bool, &str)> {
    if text.is_empty() || is_end(text) {
        return Some((Day::None, false, text));
    }
    if let Some(&(name, _, day)) =
        FEASTS.iter().find(|(name, of, _)| *of == month && is_feast(text, name))
    {
        let rest = text.strip_prefix(name).unwrap_or_default();
        return Some((day, true, rest.trim_start_matches('节')));
    }
    for (name, day) in [("朔", Day::Number(1)), ("望", Day::Number(15)), ("晦", Day::Last)] {
        if let Some(rest) = text.strip_prefix(name) {
            return Some((day, true, rest));
        }
    }
    if let Some((place, rest)) = sexagenary::starting(text) {
        return Some((Day::Cycle(place), true, rest));
    }
    let first = text.strip_prefix('初');
    let (number, rest) = numeral::starting(first.unwrap_or(text))?;
    let number = u8::try_from(number).ok().filter(|number| (1..=31).contains(number))?;
    let is_lunar = first.is_some() || text.starts_with(['廿', '卅']);
    Some((Day::Number(number), is_lunar, rest))
}

/// Whether nothing follows but "day", the hour, or what happened then.
fn is_end(text: &str) -> bool {
    let mut rest = text.trim_start_matches(['日', '号']);
    let mut characters = rest.chars();
    if characters.next().is_some_and(sexagenary::is_branch) && characters.next() == Some('时') {
        rest = characters.as_str().trim_start_matches(['初', '正', '末']);
    }
    matches!(rest, "" | "生" | "卒" | "殁" | "葬" | "吉时" | "吉日" | "时")
}
