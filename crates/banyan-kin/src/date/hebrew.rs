//! The Hebrew calendar as arithmetic, exact for every day (Dershowitz and Reingold, "Calendrical
//! Calculations", chapter 8). Months are numbered from Tishri as in [`super::Calendar::Hebrew`].

/// The chronological Julian day number of 1 Tishri of year 1.
pub(super) const EPOCH: i32 = 347_998;

/// Adar of an ordinary year, the first Adar of a leap year; Adar Sheni, which leap years alone have.
const ADAR: u8 = 6;
const ADAR_SHENI: u8 = 7;

pub(super) const fn is_leap(year: i32) -> bool {
    (7 * year + 1).rem_euclid(19) < 7
}

/// Days from the epoch to the conjunction that begins a year, put off where the weekday forbids it.
fn elapsed(year: i32) -> i32 {
    let months = (235 * i64::from(year) - 234).div_euclid(19);
    let parts = 12_084 + 13_753 * months;
    let day = 29 * months + parts.div_euclid(25_920);
    let day = if (3 * (day + 1)).rem_euclid(7) < 3 { day + 1 } else { day };
    i32::try_from(day).unwrap_or(i32::MAX / 2)
}

/// The day number of 1 Tishri. No year may have 356 days, and none 382: then it begins later.
pub(super) fn new_year(year: i32) -> i32 {
    let (before, own, after) = (elapsed(year - 1), elapsed(year), elapsed(year + 1));
    let delay = match (own - before, after - own) {
        (_, 356) => 2,
        (382, _) => 1,
        _ => 0,
    };
    EPOCH + own + delay
}

/// How long a month is; 0 for Adar Sheni of an ordinary year.
pub(super) fn month_length(year: i32, month: u8) -> i32 {
    let days_of_year = || new_year(year + 1) - new_year(year);
    match month {
        2 if days_of_year() % 10 == 5 => 30,
        3 if days_of_year() % 10 == 3 => 29,
        ADAR if is_leap(year) => 30,
        ADAR_SHENI if !is_leap(year) => 0,
        1 | 3 | 5 | 8 | 10 | 12 => 30,
        _ => 29,
    }
}

/// Some write Adar Sheni for the only Adar of an ordinary year.
pub(super) fn day_number(year: i32, month: u8, day: u8) -> i32 {
    let month = if month == ADAR_SHENI && !is_leap(year) { ADAR } else { month };
    let before: i32 = (1..month).map(|month| month_length(year, month)).sum();
    new_year(year) + before + i32::from(day) - 1
}

/// Year, month and day of a day number; `None` before the epoch.
pub(super) fn from_day_number(number: i32) -> Option<(i32, u8, u8)> {
    let since = number.checked_sub(EPOCH).filter(|&since| since >= 0)?;
    // A year has 365.2468 days in the mean, so this is right within one.
    let mut year = (i64::from(since) * 98_496 / 35_975_351) as i32 + 1;
    while new_year(year) > number {
        year -= 1;
    }
    while new_year(year + 1) <= number {
        year += 1;
    }
    let mut rest = number - new_year(year);
    for month in 1..=13 {
        let length = month_length(year, month);
        if rest < length {
            return Some((year, month, rest as u8 + 1));
        }
        rest -= length;
    }
    None
}

#[cfg(test)]
mod tests {
    use calendrical_calculations::{hebrew::BookHebrew, rata_die::RataDie};

    use super::*;
    use crate::{Calendar, CalendarDate};

    #[test]
    fn published_days() {
        // Rosh Hashanah, Passover and Hanukkah as calendars print them.
        for (hebrew, gregorian) in [
            ((5758, 1, 1), (1997, 10, 2)),
            ((5785, 1, 1), (2024, 10, 3)),
            ((5786, 1, 1), (2025, 9, 23)),
            ((5784, 8, 15), (2024, 4, 23)),
            ((5708, 9, 5), (1948, 5, 14)),
            ((5784, 7, 14), (2024, 3, 24)),
            ((5783, 6, 14), (2023, 3, 7)),
            ((5783, 7, 14), (2023, 3, 7)),
            ((5705, 3, 25), (1944, 12, 11)),
        ] {
            let (year, month, day) = gregorian;
            let date = CalendarDate { year, month, day, ..CalendarDate::default() };
            let (year, month, day) = hebrew;
            assert_eq!(Some(day_number(year, month, day)), date.day_number(), "{hebrew:?}");
        }
    }

    #[test]
    fn every_day_is_that_of_another_program() {
        for number in 2_305_448..2_488_070 {
            let book =
                BookHebrew::book_hebrew_from_fixed(RataDie::new(i64::from(number) - 1_721_425));
            let (year, month, day) = from_day_number(number).unwrap();
            // The book counts from Nisan, and knows Adar Sheni as the thirteenth.
            let counted = match month {
                1..=5 => month + 6,
                6 => 12,
                7 => 13,
                _ => month - 7,
            };
            assert_eq!((year, counted, day), (book.year, book.month, book.day), "{number}");
            assert_eq!(day_number(year, month, day), number);
        }
        let date =
            CalendarDate { year: 5784, month: 0, day: 0, calendar: Calendar::Hebrew, dual: false };
        assert_eq!(date.day_number(), Some(new_year(5784)));
    }
}
