//! The French Republican calendar: as it was from year I to XIV, and on by the rule that Romme proposed.
//!
//! Years III, VII and XI had six days at their end because the equinox fell so at Paris; so XV and XX
//! would have had. From then on every fourth year has, but of full centuries only every fourth.

/// The day number of 1 Vendémiaire of year I: 22 September 1792 (Gregorian).
pub(super) const EPOCH: i32 = 2_375_840;

/// Years up to XX with a sixth day at their end.
const SEXTILE: [i32; 5] = [3, 7, 11, 15, 20];

/// How many years before `year` had a sixth day.
fn sextiles_before(year: i32) -> i32 {
    let past = year - 1;
    if past < 20 {
        return SEXTILE.iter().filter(|&&sextile| sextile < year).count() as i32;
    }
    past / 4 - past / 100 + past / 400
}

pub(super) fn new_year(year: i32) -> i32 {
    EPOCH + 365 * (year - 1) + sextiles_before(year)
}

/// Month 13 stands for the days at the end of the year.
pub(super) fn month_length(year: i32, month: u8) -> i32 {
    if month < 13 { 30 } else { new_year(year + 1) - new_year(year) - 360 }
}

pub(super) fn day_number(year: i32, month: u8, day: u8) -> i32 {
    new_year(year) + (i32::from(month) - 1) * 30 + i32::from(day) - 1
}

/// Year, month and day of a day number; `None` before the epoch.
pub(super) fn from_day_number(number: i32) -> Option<(i32, u8, u8)> {
    let since = number.checked_sub(EPOCH).filter(|&since| since >= 0)?;
    let mut year = since / 366 + 1;
    while new_year(year + 1) <= number {
        year += 1;
    }
    let rest = number - new_year(year);
    Some((year, (rest / 30) as u8 + 1, (rest % 30) as u8 + 1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::CalendarDate;

    #[test]
    fn published_days() {
        // 1 Vendémiaire of every year that the calendar was used in, and days that history knows.
        for (french, gregorian) in [
            ((1, 1, 1), (1792, 9, 22)),
            ((2, 1, 1), (1793, 9, 22)),
            ((3, 1, 1), (1794, 9, 22)),
            ((4, 1, 1), (1795, 9, 23)),
            ((5, 1, 1), (1796, 9, 22)),
            ((6, 1, 1), (1797, 9, 22)),
            ((7, 1, 1), (1798, 9, 22)),
            ((8, 1, 1), (1799, 9, 23)),
            ((9, 1, 1), (1800, 9, 23)),
            ((10, 1, 1), (1801, 9, 23)),
            ((11, 1, 1), (1802, 9, 23)),
            ((12, 1, 1), (1803, 9, 24)),
            ((13, 1, 1), (1804, 9, 23)),
            ((14, 1, 1), (1805, 9, 23)),
            ((14, 4, 10), (1805, 12, 31)),
            ((2, 11, 9), (1794, 7, 27)),
            ((3, 13, 6), (1795, 9, 22)),
            ((8, 2, 18), (1799, 11, 9)),
        ] {
            let (year, month, day) = gregorian;
            let date = CalendarDate { year, month, day, ..CalendarDate::default() };
            let number = date.day_number().unwrap();
            assert_eq!(from_day_number(number), Some(french));
            let (year, month, day) = french;
            assert_eq!(day_number(year, month, day), number, "{french:?}");
        }
    }
}
