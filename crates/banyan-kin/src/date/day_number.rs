//! Days counted through, so that dates of different calendars sort together.

use super::{Calendar, CalendarDate, french, hebrew, lunisolar};

impl CalendarDate {
    /// The chronological Julian day number; a missing day or month counts as the first. `None` where
    /// the year is unknown or the calendar is. Exact, but for Chinese years that have no table
    /// (before 1, after 2100), which are right within a month.
    ///
    /// Gregorian and Julian after Richards, "Calendars" (Explanatory Supplement to the Astronomical
    /// Almanac, 2013, table 15.14).
    pub fn day_number(&self) -> Option<i32> {
        if self.year == 0 {
            return None;
        }
        let year = i32::from(self.year);
        let (month, day) = (self.month.max(1), self.day.max(1));
        match self.calendar {
            Calendar::Gregorian => {
                Some(gregorian(self.counted_year(), i32::from(month), i32::from(day)))
            }
            Calendar::Julian => Some(julian(self.counted_year(), i32::from(month), i32::from(day))),
            Calendar::French => Some(french::day_number(year, month, day)),
            Calendar::Hebrew => Some(hebrew::day_number(year, month, day)),
            Calendar::Chinese => {
                let start = match lunisolar::month(year, month) {
                    Some((start, _)) => start,
                    None => lunisolar_about(self.counted_year(), month),
                };
                Some(start + i32::from(day) - 1)
            }
            Calendar::Other => None,
        }
    }

    /// The day of a day number; `None` where the calendar does not reach: the French one before 1792,
    /// the Chinese one before year 1 and after 2100.
    pub fn from_day_number(calendar: Calendar, number: i32) -> Option<Self> {
        let (year, month, day) = match calendar {
            Calendar::Gregorian => {
                let century = (4 * i64::from(number) + 274_277).div_euclid(146_097);
                civil(i64::from(number) + 1401 + (century * 3).div_euclid(4) - 38)
            }
            Calendar::Julian => civil(i64::from(number) + 1401),
            Calendar::French => french::from_day_number(number)?,
            Calendar::Hebrew => hebrew::from_day_number(number)?,
            Calendar::Chinese => lunisolar::from_day_number(number)?,
            Calendar::Other => return None,
        };
        // There is no year 0.
        let year = i16::try_from(if year <= 0 { year - 1 } else { year }).ok()?;
        Some(Self { year, month, day, calendar, dual: false })
    }

    /// The first and the last day of the day, month or year that is meant.
    pub fn days(&self) -> Option<(i32, i32)> {
        let first = self.day_number()?;
        let year = i32::from(self.year);
        let length = match (self.month, self.day, self.calendar) {
            // A double year ends before 25 March of the second.
            (0, ..) if self.dual => 366 + 83,
            (0, ..) => {
                let next = if self.year == -1 { 1 } else { self.year.checked_add(1)? };
                Self { year: next, ..*self }.day_number()? - first
            }
            (month, 0, Calendar::Gregorian) => {
                gregorian(self.counted_year(), i32::from(month) + 1, 1) - first
            }
            (month, 0, Calendar::Julian) => {
                julian(self.counted_year(), i32::from(month) + 1, 1) - first
            }
            (month, 0, Calendar::French) => french::month_length(year, month),
            (month, 0, Calendar::Hebrew) => hebrew::month_length(year, month).max(29),
            (month, 0, Calendar::Chinese) => {
                lunisolar::month(year, month).map_or(30, |(_, length)| length)
            }
            _ => 1,
        };
        Some((first, first + length - 1))
    }

    /// The year in the Gregorian era, negative before Christ. Of a year alone whose calendar begins it
    /// elsewhere: that in which most of it lies, or the first half of a French one.
    pub fn gregorian_year(&self) -> Option<i32> {
        let year = i32::from(self.year);
        match self.calendar {
            _ if year == 0 => None,
            Calendar::Gregorian | Calendar::Julian => Some(self.year_with_dual(year)),
            Calendar::Other => None,
            Calendar::Hebrew if self.month == 0 => Some(year - 3760),
            Calendar::French if self.month == 0 => Some(year + 1791),
            Calendar::Chinese if self.month == 0 => Some(year),
            Calendar::Hebrew | Calendar::French | Calendar::Chinese => {
                let day = Self::from_day_number(Calendar::Gregorian, self.day_number()?)?;
                Some(i32::from(day.year))
            }
        }
    }

    /// The astronomical year, in which 1 BC is 0, with a double year taken by the modern beginning.
    fn counted_year(&self) -> i32 {
        let year = i32::from(self.year);
        self.year_with_dual(if year < 0 { year + 1 } else { year })
    }

    /// Of 1731/32 the second year, if the month is one that the two ways of counting dispute.
    fn year_with_dual(&self, year: i32) -> i32 {
        if self.dual && (1..=3).contains(&self.month) { year + 1 } else { year }
    }
}

fn gregorian(year: i32, month: i32, day: i32) -> i32 {
    let shifted = (month - 14) / 12;
    (1461 * (year + 4800 + shifted)).div_euclid(4) + (367 * (month - 2 - shifted * 12)) / 12
        - (3 * (year + 4900 + shifted).div_euclid(100)).div_euclid(4)
        + day
        - 32075
}

fn julian(year: i32, month: i32, day: i32) -> i32 {
    let shifted = (month - 14) / 12;
    (1461 * (year + 4800 + shifted)).div_euclid(4) + (367 * (month - 2 - shifted * 12)) / 12 + day
        - 32113
}

/// Year (the one before 1 is 0), month and day of a day that is counted by four-year rounds.
fn civil(counted: i64) -> (i32, u8, u8) {
    let quarters = 4 * counted + 3;
    let fifths = 5 * quarters.rem_euclid(1461).div_euclid(4) + 2;
    let month = (fifths / 153 + 2) % 12 + 1;
    let year = quarters.div_euclid(1461) - 4716 + (14 - month) / 12;
    (year as i32, month as u8, (fifths % 153 / 5) as u8 + 1)
}

/// A Chinese month without a table: the year begins on 5 February in the mean.
fn lunisolar_about(year: i32, month: u8) -> i32 {
    let (month, after) = match month.checked_sub(lunisolar::LEAP) {
        Some(month) if month > 0 => (month, 1),
        _ => (month, 0),
    };
    let months = i32::from(month.min(12)) - 1 + after;
    gregorian(year, 2, 5) + months * 59 / 2
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_days_have_their_numbers() {
        for (calendar, year, month, day, expect) in [
            (Calendar::Gregorian, 2000, 1, 1, 2_451_545),
            (Calendar::Gregorian, 1582, 10, 15, 2_299_161),
            (Calendar::Julian, 1582, 10, 4, 2_299_160),
            (Calendar::Julian, -4713, 1, 1, 0),
            (Calendar::Gregorian, 1858, 11, 17, 2_400_001),
            (Calendar::Julian, -44, 3, 15, 1_705_426),
            (Calendar::French, 1, 1, 1, 2_375_840),
        ] {
            let date = CalendarDate { year, month, day, calendar, dual: false };
            assert_eq!(date.day_number(), Some(expect), "{date:?}");
        }
    }

    #[test]
    fn every_day_is_found_again_in_every_calendar() {
        // 1600 to 2100, and around the epochs.
        let first = gregorian(1600, 1, 1);
        let last = gregorian(2100, 12, 31);
        let epochs = [0, 347_998, 1_721_060, 1_721_466, 2_375_840];
        let days = (first..=last).chain(epochs.into_iter().flat_map(|day| day - 800..day + 800));
        for day in days {
            for calendar in Calendar::ALL {
                let Some(date) = CalendarDate::from_day_number(calendar, day) else {
                    let begins = match calendar {
                        Calendar::French => 2_375_840,
                        Calendar::Hebrew => 347_998,
                        Calendar::Chinese => 1_721_466,
                        _ => -1_000_000,
                    };
                    assert!(day < begins, "{calendar:?} {day}");
                    continue;
                };
                assert_eq!(date.day_number(), Some(day), "{date:?}");
                assert_eq!(date.days(), Some((day, day)), "{date:?}");
            }
        }
    }

    #[test]
    fn months_and_years_follow_each_other_without_a_gap() {
        for calendar in Calendar::ALL {
            let mut day = gregorian(1793, 10, 1);
            let mut next = |cut: fn(&mut CalendarDate)| {
                let mut date = CalendarDate::from_day_number(calendar, day).unwrap();
                cut(&mut date);
                let (first, last) = date.days().unwrap();
                assert!(first <= day && day <= last, "{date:?}");
                day = last + 1;
                (first, last)
            };
            let mut end = next(|date| date.day = 0).1;
            for _ in 0..2000 {
                let (first, last) = next(|date| date.day = 0);
                assert_eq!(first, end + 1);
                end = last;
            }
            end = next(|date| (date.month, date.day) = (0, 0)).1;
            for _ in 0..140 {
                let (first, last) = next(|date| (date.month, date.day) = (0, 0));
                assert_eq!(first, end + 1);
                end = last;
            }
        }
    }

    #[test]
    fn years_are_told_in_the_gregorian_era() {
        for (calendar, year, month, day, expect) in [
            (Calendar::Hebrew, 5784, 8, 15, 2024),
            (Calendar::Hebrew, 5758, 4, 2, 1997),
            (Calendar::Hebrew, 5758, 4, 3, 1998),
            (Calendar::French, 8, 2, 18, 1799),
            (Calendar::French, 8, 4, 11, 1800),
            (Calendar::French, 8, 0, 0, 1799),
            (Calendar::Chinese, 1691, 0, 0, 1691),
            (Calendar::Chinese, 1691, 11, 20, 1692),
            (Calendar::Chinese, -140, 3, 0, -140),
            (Calendar::Chinese, 2150, 3, 0, 2150),
        ] {
            let date = CalendarDate { year, month, day, calendar, dual: false };
            assert_eq!(date.gregorian_year(), Some(expect), "{date:?}");
        }
    }

    #[test]
    fn a_double_year_counts_by_its_modern_half() {
        let washington =
            CalendarDate { year: 1731, month: 2, day: 11, calendar: Calendar::Julian, dual: true };
        assert_eq!(washington.day_number(), Some(gregorian(1732, 2, 22)));
        assert_eq!(washington.gregorian_year(), Some(1732));
    }
}
