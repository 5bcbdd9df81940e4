//! The first and the last day that a date may mean.

use std::ops::RangeInclusive;

use super::{Calendar, CalendarDate, Date, DateKind};

/// "About", "estimated" and the like leave so many days open to both sides: five years.
const ABOUT: i32 = 5 * 366;
const HALF_A_YEAR: i32 = 183;
/// Chinese years of which every month is known for certain.
const COMPUTED: RangeInclusive<i16> = 1645..=2100;
/// In other years, states of divided times, or means where there is no table, are this near, in days.
const CHINESE_SLACK: i32 = 31;

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

    /// Whether both may mean the same: every day that this one may mean is within half a year of
    /// another's.
    pub fn is_within(&self, other: &Self) -> bool {
        let span = |date: &Self| {
            let (first, last) = (date.first.days(), date.second.days().or(date.first.days()));
            Some((first?.0, last?.1))
        };
        match (span(self), span(other)) {
            (Some(own), Some(other)) => {
                own.0 >= other.0 - HALF_A_YEAR && own.1 <= other.1 + HALF_A_YEAR
            }
            _ => false,
        }
    }
}

impl CalendarDate {
    fn bounds(&self) -> Option<(i32, i32)> {
        let slack = match self.calendar {
            Calendar::Chinese if !COMPUTED.contains(&self.year) => CHINESE_SLACK,
            _ => 0,
        };
        self.days().map(|(first, last)| (first - slack, last + slack))
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
            ("@#DHEBREW@ NSN 5784", "9 APR 2024", "8 MAY 2024"),
            ("@#DFRENCH R@ 8", "23 SEP 1799", "22 SEP 1800"),
            ("康熙三十年三月", "30 MAR 1691", "27 APR 1691"),
            ("康熙三十年", "29 JAN 1691", "16 FEB 1692"),
            ("(not known)", "", ""),
            ("", "", ""),
        ] {
            assert_eq!(read(written).bounds(), (day(first), day(last)), "{written}");
        }
        let (Some(first), Some(last)) = read("ABT 1808").bounds() else { panic!("open") };
        assert!(first < day("1804").unwrap() && last > day("1812").unwrap());
    }
}
