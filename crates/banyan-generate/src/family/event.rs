//! Dates and places as people write them down: mostly exact, the older the vaguer.

use std::fmt::Write as _;

use super::Village;
use crate::random::Random;

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

/// Writes the lines of an event under its tag, or none where nothing is known of it.
pub(super) fn write(
    tag: &str,
    month: i16,
    village: Village,
    random: &mut Random,
    out: &mut String,
) {
    let (year, of_year) = (i32::from(month) / 12, i32::from(month) % 12);
    let vague = if year < 1700 { 40 } else { 12 };
    let has_date = !random.percent(if year < 1700 { 12 } else { 4 });
    let has_place = random.percent(55);
    if !has_date && !has_place {
        return;
    }
    out.push_str("1 ");
    out.push_str(tag);
    out.push('\n');
    if has_date {
        let month = MONTHS[of_year as usize % 12];
        let _ = match random.below(100) {
            number if number >= vague => {
                writeln!(out, "2 DATE {} {month} {year}", random.between(1, 28))
            }
            number if number < vague / 3 => writeln!(out, "2 DATE ABT {year}"),
            number if number < vague / 2 => writeln!(out, "2 DATE {month} {year}"),
            number if number < vague * 7 / 10 => writeln!(out, "2 DATE {year}"),
            number if number < vague * 9 / 10 => {
                let (from, to) = (year - random.between(1, 3), year + random.between(1, 3));
                writeln!(out, "2 DATE BET {from} AND {to}")
            }
            _ => writeln!(out, "2 DATE BEF {}", year + random.between(1, 9)),
        };
    }
    if has_place {
        out.push_str("2 PLAC ");
        village.write_name(out);
        out.push('\n');
    }
}

impl Village {
    /// "Oakford, Kent, England".
    fn write_name(self, out: &mut String) {
        let words = self.culture.words();
        let mut random = Random::new(u64::from(self.number));
        for part in [random.pick(words.place_heads), random.pick(words.place_tails)] {
            out.push_str(part);
        }
        out.push_str(", ");
        out.push_str(random.pick(words.regions));
    }

    /// What somebody does for a living here.
    pub(super) fn work(self, random: &mut Random) -> &'static str {
        random.pick(self.culture.words().work)
    }
}
