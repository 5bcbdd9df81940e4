//! How GEDCOM writes a Gregorian date (5.5.1, chapter 2, `DATE_VALUE`).
//!
//! Hundreds of thousands of dates in a file are written like that, and nearly no two alike: their
//! words are said again from what was understood, and take no room.

use super::{Calendar, CalendarDate, Date, DateKind};

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Date {
    /// Whether what was understood says all that is written, to the letter.
    pub(super) fn is_said_by(&self, written: &str) -> bool {
        self.form().as_bytes() == written.as_bytes()
    }

    /// "12 FEB 1809", "ABT 1620", "BET 1812 AND 1815". Empty for what needs words of its own: other
    /// calendars, years before Christ, double years, days without a year, phrases.
    pub(super) fn canonical(&self) -> String {
        String::from_utf8_lossy(self.form().as_bytes()).into_owned()
    }

    fn form(&self) -> Form {
        let mut form = Form::EMPTY;
        let (before, between) = match self.kind {
            DateKind::None | DateKind::Interpreted | DateKind::Phrase => return form,
            DateKind::Exact => ("", ""),
            DateKind::About => ("ABT ", ""),
            DateKind::Calculated => ("CAL ", ""),
            DateKind::Estimated => ("EST ", ""),
            DateKind::Before => ("BEF ", ""),
            DateKind::After => ("AFT ", ""),
            DateKind::Between => ("BET ", " AND "),
            DateKind::From => ("FROM ", ""),
            DateKind::To => ("TO ", ""),
            DateKind::FromTo => ("FROM ", " TO "),
        };
        form.push(before);
        let mut is_whole = form.push_date(&self.first);
        if !between.is_empty() {
            form.push(between);
            is_whole &= form.push_date(&self.second);
        }
        if is_whole { form } else { Form::EMPTY }
    }
}

/// The longest is "FROM 28 FEB 32767 TO 28 FEB 32767".
const MOST_BYTES: usize = 33;

/// A form on its way: told from what is written before anything is allocated.
struct Form {
    bytes: [u8; MOST_BYTES],
    length: usize,
}

impl Form {
    const EMPTY: Self = Self { bytes: [0; MOST_BYTES], length: 0 };

    fn as_bytes(&self) -> &[u8] {
        self.bytes.get(..self.length).unwrap_or_default()
    }

    fn push(&mut self, text: &str) {
        text.bytes().for_each(|byte| self.push_byte(byte));
    }

    fn push_byte(&mut self, byte: u8) {
        if let Some(slot) = self.bytes.get_mut(self.length) {
            *slot = byte;
            self.length += 1;
        }
    }

    /// Adds a day, month or year; false if GEDCOM would write it otherwise.
    fn push_date(&mut self, date: &CalendarDate) -> bool {
        let month = match date.month {
            0 if date.day != 0 => return false,
            0 => "",
            month => match MONTHS.get(usize::from(month) - 1) {
                Some(name) => name,
                None => return false,
            },
        };
        if date.calendar != Calendar::Gregorian || date.dual || date.year <= 0 {
            return false;
        }
        if date.day != 0 {
            self.push_number(u16::from(date.day));
            self.push_byte(b' ');
        }
        if !month.is_empty() {
            self.push(month);
            self.push_byte(b' ');
        }
        self.push_number(date.year.unsigned_abs());
        true
    }

    fn push_number(&mut self, number: u16) {
        let digit = |worth: u16| b'0' + (number / worth % 10) as u8;
        let digits = [digit(10_000), digit(1000), digit(100), digit(10), digit(1)];
        let leading = digits.iter().take_while(|&&digit| digit == b'0').count();
        digits.iter().skip(leading).for_each(|&digit| self.push_byte(digit));
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use crate::{Date, TextsBuilder};

    /// Reads, and tells what is written again and whether it took a text to keep it.
    fn again(written: &str) -> (String, bool) {
        let mut texts = TextsBuilder::default();
        let date = Date::read(written, &mut texts);
        let texts = texts.finish();
        (date.written(&texts).into_owned(), !date.wording.is_empty())
    }

    #[test]
    fn dates_as_gedcom_writes_them_keep_no_words() {
        for written in [
            "",
            "12 FEB 1809",
            "1 JAN 1",
            "31 DEC 32767",
            "FEB 1809",
            "1809",
            "987",
            "10",
            "ABT 1809",
            "CAL MAR 1809",
            "EST 3 APR 1809",
            "BEF 30 MAY 1809",
            "AFT JUN 1809",
            "BET JUL 1809 AND 1 AUG 1812",
            "FROM 1809",
            "TO SEP 1812",
            "FROM 28 OCT 10000 TO 28 NOV 32767",
        ] {
            assert_eq!(again(written), (written.to_owned(), false), "{written}");
        }
    }

    #[test]
    fn all_others_are_kept_word_for_word() {
        for written in [
            " ",
            " 1809",
            "1809 ",
            "12  FEB 1809",
            "05 AUG 1901",
            "5 Aug 1901",
            "5 AUGUST 1901",
            "SEPT 1901",
            "5 AUG 0901",
            "0901",
            "1809-02-12",
            "12 FEB",
            "ABT. 1809",
            "Abt 1809",
            "ABOUT 1809",
            "C 1809",
            "BETWEEN 1809 AND 1812",
            "BET 1809 & 1812",
            "1809-1812",
            "1809 AD",
            "44 BC",
            "11 FEB 1731/32",
            "@#DGREGORIAN@ 1809",
            "@#DJULIAN@ 25 DEC 1066",
            "GREGORIAN 1809",
            "2 TVT 5758",
            "18 BRUM 8",
            "INT 1850 (about the gold rush)",
            "INT 1850",
            "(in 1850)",
            "in 1850",
            "12/02/1809",
            "康熙三十年三月初五",
            "一九五〇年",
            "1809年2月12日",
        ] {
            assert_eq!(again(written), (written.to_owned(), true), "{written}");
        }
    }

    /// What is nearly a date, right ones among them.
    fn nearly_a_date() -> impl Strategy<Value = String> {
        let word = prop::sample::select(vec![
            "ABT",
            "CAL",
            "EST",
            "BEF",
            "AFT",
            "BET",
            "AND",
            "FROM",
            "TO",
            "INT",
            "abt",
            "JAN",
            "FEB",
            "MAY",
            "SEPT",
            "DEC",
            "JANUARY",
            "TSH",
            "BC",
            "AD",
            "@#DJULIAN@",
            "JULIAN",
            "(1850)",
            "-",
            "OR",
            "0",
            "00",
            "1",
            "01",
            "9",
            "31",
            "32",
            "0850",
            "850",
            "1731/32",
            "1809",
            "1850?",
            "1850-1855",
            "32767",
            "32768",
            "",
            "三月",
            "年",
        ]);
        prop::collection::vec(word, 0..8).prop_map(|words| words.join(" "))
    }

    fn right() -> impl Strategy<Value = String> {
        let month = prop::sample::select(super::MONTHS.to_vec());
        let date =
            (1..=31_u8, month, 1..=32_767_i16, 0..3_u8).prop_map(|(day, month, year, parts)| {
                match parts {
                    0 => format!("{year}"),
                    1 => format!("{month} {year}"),
                    _ => format!("{day} {month} {year}"),
                }
            });
        let form = prop::sample::select(vec![
            "_",
            "ABT _",
            "CAL _",
            "EST _",
            "BEF _",
            "AFT _",
            "BET _ AND ~",
            "FROM _",
            "TO _",
            "FROM _ TO ~",
        ]);
        (form, date.clone(), date)
            .prop_map(|(form, first, second)| form.replace('_', &first).replace('~', &second))
    }

    proptest! {
        #[test]
        fn what_is_written_is_said_again(
            any in any::<String>(),
            like in "[0-9A-Za-z@#()/. 年月日-]{0,24}",
            nearly in nearly_a_date(),
            right in right(),
        ) {
            for written in [any, like, nearly] {
                prop_assert_eq!(again(&written).0, written);
            }
            prop_assert_eq!(again(&right), (right, false));
        }
    }
}
