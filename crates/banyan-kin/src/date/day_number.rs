//! Days counted through, so that dates of different calendars sort together.

use super::{Calendar, CalendarDate};

/// Year 1 of the French Republic began on 22 September 1792 (Gregorian).
const FRENCH_EPOCH: i32 = 2_375_840;
/// 1 Tishri of year 1 (Anno Mundi) by the mean calendar.
const HEBREW_EPOCH: i32 = 347_998;

impl CalendarDate {
    /// The chronological Julian day number; a missing day or month counts as the first. `None` where
    /// the year is unknown or the calendar is.
    ///
    /// Gregorian and Julian after Richards, "Calendars" (Explanatory Supplement to the Astronomical
    /// Almanac, 2013, table 15.14). Hebrew and French Republican days are estimated from the mean
    /// length of their years and months, which is enough to sort by.
    pub fn day_number(&self) -> Option<i32> {
        if self.year == 0 {
            return None;
        }
        let month = i32::from(self.month.max(1));
        let day = i32::from(self.day.max(1));
        match self.calendar {
            Calendar::Gregorian => Some(gregorian(self.counted_year(), month, day)),
            Calendar::Julian => Some(julian(self.counted_year(), month, day)),
            Calendar::French => Some(
                FRENCH_EPOCH
                    + mean_days(i32::from(self.year) - 1, 365.2422)
                    + (month - 1) * 30
                    + day
                    - 1,
            ),
            Calendar::Hebrew => {
                let months = if month > 6 { month - 2 } else { month - 1 };
                Some(
                    HEBREW_EPOCH
                        + mean_days(i32::from(self.year) - 1, 365.2468)
                        + mean_days(months, 29.5306)
                        + day
                        - 1,
                )
            }
            Calendar::Other => None,
        }
    }

    /// The year in the Gregorian era, negative before Christ; within a year for the calendars whose
    /// years begin elsewhere.
    pub fn gregorian_year(&self) -> Option<i32> {
        let year = i32::from(self.year);
        match self.calendar {
            _ if year == 0 => None,
            Calendar::Gregorian | Calendar::Julian => Some(self.year_with_dual(year)),
            Calendar::Hebrew => {
                Some(if self.month == 0 || self.month > 3 { year - 3760 } else { year - 3761 })
            }
            Calendar::French => Some(if self.month > 4 { year + 1792 } else { year + 1791 }),
            Calendar::Other => None,
        }
    }

    /// How many days may be meant: 1, a month or a year.
    pub(super) fn days_spanned(&self) -> i32 {
        match (self.month, self.day) {
            (0, _) => 366,
            (_, 0) => 31,
            _ => 1,
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

#[expect(clippy::cast_possible_truncation, reason = "a 16 bit year times 366 fits")]
fn mean_days(count: i32, mean: f64) -> i32 {
    (f64::from(count) * mean) as i32
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
    fn mean_calendars_are_within_a_month() {
        // 15 Nisan 5784 was 23 April 2024; 18 Brumaire VIII was 9 November 1799.
        let passover =
            CalendarDate { year: 5784, month: 8, day: 15, calendar: Calendar::Hebrew, dual: false };
        let brumaire =
            CalendarDate { year: 8, month: 2, day: 18, calendar: Calendar::French, dual: false };
        for (date, year, month, day) in [(passover, 2024, 4, 23), (brumaire, 1799, 11, 9)] {
            let off = date.day_number().unwrap() - gregorian(year, month, day);
            assert!(off.abs() <= 31, "{date:?} is off by {off}");
            assert_eq!(date.gregorian_year(), Some(year), "{date:?}");
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
