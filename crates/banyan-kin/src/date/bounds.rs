//! The first and the last day that a date may mean.

use super::{Calendar, CalendarDate, Date, DateKind};

/// "About", "estimated" and the like leave so many days open to both sides: five years.
const ABOUT: i32 = 5 * 366;
/// The calendars that are counted by mean lengths are this near, in days.
const MEAN_SLACK: i32 = 31;

impl Date {
    /// The first and the last day that may be meant, as Julian day numbers; `None` to the side that
    /// is open, and to both for a phrase, because nobody knows what it says.
    pub fn bounds(&self) -> (Option<i32>, Option<i32>) {
        let (start, end) = self.first.bounds().unzip();
        let wider = |days: i32| (start.map(|day| day - days), end.map(|day| day + days));
        match self.kind {
            DateKind::None | DateKind::Phrase => (None, None),
            DateKind::Exact => (start, end),
            DateKind::About
            | DateKind::Calculated
            | DateKind::Estimated
            | DateKind::Interpreted => wider(ABOUT),
            DateKind::Before => (None, start),
            DateKind::To => (None, end),
            DateKind::After | DateKind::From => (start, None),
            DateKind::Between | DateKind::FromTo => {
                (start, self.second.bounds().map(|(_, end)| end))
            }
        }
    }
}

impl CalendarDate {
    fn bounds(&self) -> Option<(i32, i32)> {
        let slack = match self.calendar {
            Calendar::Hebrew | Calendar::French => MEAN_SLACK,
            Calendar::Gregorian | Calendar::Julian | Calendar::Other => 0,
        };
        let start = self.day_number()?;
        let end = self.next().day_number().unwrap_or(start + self.days_spanned()) - 1;
        Some((start - slack, end.max(start) + slack))
    }

    /// The first day after the day, month or year that is meant; unknown where the calendar has
    /// months of other numbers or the year is a double one.
    fn next(self) -> Self {
        // There is no year 0.
        let year = self.year.checked_add(if self.year == -1 { 2 } else { 1 }).unwrap_or_default();
        let is_plain = matches!(self.calendar, Calendar::Gregorian | Calendar::Julian);
        match (self.month, self.day) {
            _ if !is_plain || self.dual => Self::default(),
            (0, _) => Self { year, ..self },
            (12, 0) => Self { year, month: 1, ..self },
            (month, 0) => Self { month: month + 1, ..self },
            _ => Self::default(),
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::{Date, texts::TextsBuilder};

    #[test]
    fn a_date_says_what_it_may_mean() {
        let read = |written| Date::read(written, &mut TextsBuilder::default());
        let day = |written| read(written).sort_key();
        for (written, first, last) in [
            ("12 FEB 1809", "12 FEB 1809", "12 FEB 1809"),
            ("MAR 1809", "1 MAR 1809", "31 MAR 1809"),
            ("1808", "1 JAN 1808", "31 DEC 1808"),
            ("1809", "1 JAN 1809", "31 DEC 1809"),
            ("DEC 1809", "1 DEC 1809", "31 DEC 1809"),
            ("FEB 1809", "1 FEB 1809", "28 FEB 1809"),
            ("BET 1808 AND 1812", "1 JAN 1808", "31 DEC 1812"),
            ("BEF 1812", "", "1 JAN 1812"),
            ("AFT 1812", "1 JAN 1812", ""),
            ("(not known)", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(read(written).bounds(), (day(first), day(last)), "{written}");
        }
        let (Some(first), Some(last)) = read("ABT 1808").bounds() else { panic!("open") };
        assert!(first < day("1804").unwrap() && last > day("1812").unwrap());
    }
}
