//! A date of the Chinese calendar in its own words.

use super::numeral;
use crate::date::{Calendar, CalendarDate, era, lunisolar, sexagenary};

impl CalendarDate {
    /// 康熙三十年辛未三月初五: the era of the main line with the number of its year, the year of the
    /// sixty, month and day. A year that no era names has its number: 1984年甲子三月初五. Empty for a
    /// date of another calendar, or without a year.
    pub fn in_chinese(&self) -> String {
        if self.calendar != Calendar::Chinese || self.year == 0 {
            return String::new();
        }
        let mut text = match era::of_year(self.year) {
            Some((name, 1)) => format!("{name}元年"),
            Some((name, number)) => {
                format!("{name}{}年", numeral::written(u32::try_from(number).unwrap_or_default()))
            }
            None if self.year < 0 => format!("前{}年", self.year.unsigned_abs()),
            None => format!("{}年", self.year),
        };
        text.push_str(&sexagenary::name(sexagenary::of_year(self.year)));
        let (month, is_leap) = match self.month.checked_sub(lunisolar::LEAP) {
            Some(month) if month > 0 => (month, true),
            _ => (self.month, false),
        };
        if month == 0 {
            return text;
        }
        if is_leap {
            text.push('闰');
        }
        match month {
            1 => text.push('正'),
            12 => text.push('腊'),
            month => text.push_str(&numeral::written(u32::from(month))),
        }
        text.push('月');
        match self.day {
            0 => {}
            day @ 1..=10 => text.extend(["初", &numeral::written(u32::from(day))]),
            day @ 21..=29 => text.extend(["廿", &numeral::written(u32::from(day - 20))]),
            day => text.push_str(&numeral::written(u32::from(day))),
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Date;

    #[test]
    fn what_is_shown_is_read_again() {
        for (year, month, day, expect) in [
            (1691, 3, 5, "康熙三十年辛未三月初五"),
            (1691, 7 + 12, 23, "康熙三十年辛未闰七月廿三"),
            (1760, 12, 20, "乾隆二十五年庚辰腊月二十"),
            (1368, 1, 0, "至正二十八年戊申正月"),
            (1573, 0, 0, "万历元年癸酉"),
            (1934, 11, 10, "民国二十三年甲戌十一月初十"),
            (1984, 1, 30, "1984年甲子正月三十"),
            (-140, 5, 0, "建元元年辛丑五月"),
        ] {
            let date = CalendarDate { year, month, day, calendar: Calendar::Chinese, dual: false };
            let shown = date.in_chinese();
            assert_eq!(shown, expect);
            let read = Date::candidates(&shown, -200..=2100);
            assert_eq!(read.first(), Some(&date), "{shown}");
        }
    }
}
