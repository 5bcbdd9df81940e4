//! A date of one calendar in another.

use super::{Calendar, CalendarDate};

impl CalendarDate {
    /// The same day, month or year in another calendar: the first and the last of it, which are the
    /// same for a day. `None` without a year, and where the calendar does not reach.
    ///
    /// A year alone of the Gregorian, Julian and Chinese calendars keeps its number, as everybody
    /// writes 1691 for 康熙三十年, which ended in February 1692.
    pub fn to(&self, calendar: Calendar) -> Option<(Self, Self)> {
        let shares_number =
            |of| matches!(of, Calendar::Gregorian | Calendar::Julian | Calendar::Chinese);
        if calendar == self.calendar {
            return (!self.is_unknown()).then_some((*self, *self));
        }
        if self.month == 0 && shares_number(calendar) && shares_number(self.calendar) {
            let same = Self { calendar, ..*self };
            return (self.year != 0).then_some((same, same));
        }
        let (first, last) = self.days()?;
        let cut = |number| {
            let day = Self::from_day_number(calendar, number)?;
            Some(match (self.month, self.day) {
                (0, _) => Self { month: 0, day: 0, ..day },
                (_, 0) => Self { day: 0, ..day },
                _ => day,
            })
        };
        Some((cut(first)?, cut(last)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Date;

    #[test]
    fn days_months_and_years_are_converted() {
        for (written, calendar, first, last) in [
            ("3 APR 1691", Calendar::Chinese, "1691-03-05 (Chinese)", ""),
            ("康熙三十年三月初五", Calendar::Gregorian, "1691-04-03", ""),
            ("康熙三十年三月", Calendar::Gregorian, "1691-03", "1691-04"),
            ("康熙三十年", Calendar::Gregorian, "1691", ""),
            ("1691", Calendar::Chinese, "1691 (Chinese)", ""),
            ("1691", Calendar::Hebrew, "5451 (Hebrew)", "5452 (Hebrew)"),
            ("@#DHEBREW@ 2 TVT 5758", Calendar::Gregorian, "1997-12-31", ""),
            ("@#DHEBREW@ 5758", Calendar::Gregorian, "1997", "1998"),
            ("@#DFRENCH R@ 18 BRUM 8", Calendar::Gregorian, "1799-11-09", ""),
            ("9 NOV 1799", Calendar::French, "0008-02-18 (Républicain)", ""),
            ("@#DJULIAN@ 11 FEB 1731/32", Calendar::Gregorian, "1732-02-22", ""),
            ("22 FEB 1732", Calendar::Julian, "1732-02-11 (Julian)", ""),
            ("15 MAR 44 BC", Calendar::Julian, "44-03-17 BC (Julian)", ""),
            ("1 JAN 1700", Calendar::French, "", ""),
            ("@#DROMAN@ 753", Calendar::Gregorian, "", ""),
        ] {
            let last = if last.is_empty() { first } else { last };
            let shown = |date: CalendarDate| {
                Date { kind: crate::DateKind::Exact, first: date, ..Date::default() }.plain()
            };
            let converted = Date::of(written).first.to(calendar);
            let texts = converted.map_or_else(Default::default, |(a, b)| (shown(a), shown(b)));
            assert_eq!((texts.0.as_str(), texts.1.as_str()), (first, last), "{written}");
        }
    }
}
