//! The Chinese calendar by the day: a table of the months of lunar years 1 to 2100.
//!
//! From 1645 on every month is computed by true sun and moon; 36 months of the empire differ by a day
//! from what is computed today, and the table has them as they were. Before, it has the calendar of the
//! main line of dynasties: another state of divided times may have begun a month a day earlier or
//! later, or had its leap month elsewhere. Empress Wu (689 to 700) let years begin two months earlier than
//! the table does, which knows no year but those of the Xia (寅正).

use std::sync::LazyLock;

/// The first year of the table, and the day that it begins on.
const FIRST_YEAR: i32 = 1;
const FIRST_DAY: i32 = 1_721_466;

/// Leap months are numbered from here on: 13 is the leap month after the first.
pub(super) const LEAP: u8 = 12;

struct Year {
    start: i32,
    /// The month before the leap month; 0 for none.
    leap: u8,
    /// A bit for each month, from the lowest on: set for 30 days and not for 29.
    long: u16,
}

/// The years of the table, and the start of the one behind it.
static YEARS: LazyLock<Vec<Year>> = LazyLock::new(|| {
    let lines = include_str!("lunar_years.txt").lines().filter(|line| !line.starts_with('#'));
    let codes = lines.flat_map(str::split_ascii_whitespace);
    let codes = codes.filter_map(|code| u32::from_str_radix(code, 16).ok());
    let mut years = Vec::with_capacity(2101);
    let mut start = FIRST_DAY;
    for (number, code) in (FIRST_YEAR..).zip(codes) {
        let year = Year { start, leap: (code >> 16) as u8, long: code as u16 };
        start += year.months(number).map(|(_, length)| length).sum::<i32>();
        years.push(year);
    }
    years.push(Year { start, leap: 0, long: 0 });
    years
});

impl Year {
    /// The months with their lengths, as `number` has them.
    fn months(&self, number: i32) -> impl Iterator<Item = (u8, i32)> + use<> {
        // Wang Mang and Emperor Ming of Wei each had a month become another.
        let missing = match number {
            8 => 12,
            237 => 3,
            _ => 0,
        };
        let (leap, long) = (self.leap, self.long);
        let months = (1..=12_u8).filter(move |&month| month != missing);
        let months = months.flat_map(move |month| {
            std::iter::once(month).chain((month == leap).then_some(month + LEAP))
        });
        (0..13_u8).zip(months).map(move |(place, month)| match (number, month) {
            // The calendar that came with that other month was two days ahead.
            (236, 12) => (month, 28),
            _ => (month, 29 + i32::from(long >> place & 1)),
        })
    }
}

/// The year, and that it is one of the table.
fn year(number: i32) -> Option<&'static Year> {
    let place = usize::try_from(number - FIRST_YEAR).ok()?;
    (place + 1 < YEARS.len()).then(|| YEARS.get(place))?
}

/// The day that a year begins on; also that behind the table.
pub(super) fn new_year(number: i32) -> Option<i32> {
    let place = usize::try_from(number - FIRST_YEAR).ok()?;
    YEARS.get(place).map(|year| year.start)
}

/// The month that a leap month follows, where the year has one.
pub(super) fn leap_month(number: i32) -> Option<u8> {
    year(number).map(|year| year.leap).filter(|&leap| leap > 0)
}

/// First day and length of a month; `None` where the year has no such month or is not in the table.
pub(super) fn month(number: i32, wanted: u8) -> Option<(i32, i32)> {
    let year = year(number)?;
    let mut start = year.start;
    for (month, length) in year.months(number) {
        if month == wanted {
            return Some((start, length));
        }
        start += length;
    }
    None
}

/// Year, month and day of a day number, where the table has it.
pub(super) fn from_day_number(number: i32) -> Option<(i32, u8, u8)> {
    let after = YEARS.partition_point(|year| year.start <= number);
    let place = after.checked_sub(1)?;
    let year_number = FIRST_YEAR + i32::try_from(place).ok()?;
    let year = year(year_number)?;
    let mut rest = number - year.start;
    for (month, length) in year.months(year_number) {
        if rest < length {
            return Some((year_number, month, rest as u8 + 1));
        }
        rest -= length;
    }
    None
}

#[cfg(test)]
mod tests {
    use calendrical_calculations::{
        chinese_based::{Chinese, YearBounds, month_structure_for_year},
        gregorian::fixed_from_gregorian,
    };

    use super::*;
    use crate::CalendarDate;

    fn day(year: i16, month: u8, day: u8) -> i32 {
        CalendarDate { year, month, day, ..CalendarDate::default() }.day_number().unwrap()
    }

    #[test]
    fn published_days() {
        // New Year's days, and days of history with their dates in both calendars.
        for (lunar, gregorian) in [
            ((2000, 1, 1), (2000, 2, 5)),
            ((2026, 1, 1), (2026, 2, 17)),
            ((1911, 12, 25), (1912, 2, 12)),
            ((1911, 8, 19), (1911, 10, 10)),
            ((1908, 10, 21), (1908, 11, 14)),
            ((1898, 4, 23), (1898, 6, 11)),
            ((1894, 7, 1), (1894, 8, 1)),
            ((1842, 7, 24), (1842, 8, 29)),
            ((1722, 11, 13), (1722, 12, 20)),
            ((1644, 3, 19), (1644, 4, 25)),
            ((1654, 3, 18), (1654, 5, 4)),
            ((2033, 11 + LEAP, 1), (2033, 12, 22)),
            ((2020, 4 + LEAP, 1), (2020, 5, 23)),
        ] {
            let (year, month, date) = gregorian;
            assert_eq!(from_day_number(day(year, month, date)), Some(lunar), "{gregorian:?}");
        }
        // The table ends with 2100.
        assert_eq!(from_day_number(day(2101, 1, 28)), Some((2100, 12, 29)));
        assert_eq!(from_day_number(day(2101, 1, 29)), None);
        assert_eq!(new_year(1), Some(FIRST_DAY));
        assert_eq!((new_year(0), month(2101, 1), month(2021, 4 + LEAP)), (None, None, None));
        assert_eq!((leap_month(2020), leap_month(2021)), (Some(4), None));
    }

    #[test]
    fn years_begin_as_sun_and_moon_have_it() {
        let mut off = Vec::new();
        for number in 1645..=2100 {
            let bounds = YearBounds::compute::<Chinese>(fixed_from_gregorian(number, 7, 1));
            let computed = bounds.new_year.to_i64_date() + 1_721_425;
            assert_eq!(new_year(number).map(i64::from), Some(computed), "{number}");
            let (long, _) =
                month_structure_for_year::<Chinese>(bounds.new_year, bounds.next_new_year);
            let year = year(number).unwrap();
            let mut months = year.months(number).zip(long);
            if !months.all(|((_, length), is_long)| (length == 30) == is_long) {
                off.push(number);
            }
        }
        // The empire computed with tables of its time. In September 2057 the moon is new at midnight.
        assert_eq!(off.iter().filter(|&&number| number > 1911).collect::<Vec<_>>(), [&2057]);
        assert!(off.len() < 40, "{off:?}");
    }
}
