//! What people read in a terminal: aligned tables, numbers with units.

use std::{fmt::Write as _, io::Write as _};

use unicode_width::UnicodeWidthStr as _;

/// Says on standard error what went wrong.
pub(super) fn complain(error: &anyhow::Error) {
    let _ = writeln!(std::io::stderr(), "banyan: {error:#}");
}

/// Which side of its column a cell keeps to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Align {
    Left,
    Right,
}

/// A table with two spaces between columns, its head first. Rows that are too short end early.
pub(super) fn table(columns: &[(&str, Align)], rows: &[Vec<String>]) -> String {
    let head: Vec<String> = columns.iter().map(|(name, _)| (*name).to_owned()).collect();
    let lines = || std::iter::once(&head).chain(rows);
    let widths: Vec<usize> = (0..columns.len())
        .map(|column| {
            lines()
                .filter_map(|cells| cells.get(column))
                .map(|cell| cell.width())
                .max()
                .unwrap_or(0)
        })
        .collect();
    let mut out = String::new();
    for cells in lines() {
        let mut line = String::new();
        for ((cell, width), (_, align)) in cells.iter().zip(&widths).zip(columns) {
            let space = " ".repeat(width.saturating_sub(cell.width()));
            let (before, after) = match align {
                Align::Left => ("", space.as_str()),
                Align::Right => (space.as_str(), ""),
            };
            let _ = write!(line, "{before}{cell}{after}  ");
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// Names and values, the names in one column.
pub(super) fn pairs(pairs: &[(&str, String)]) -> String {
    let width = pairs.iter().map(|(name, _)| name.width()).max().unwrap_or(0);
    pairs.iter().fold(String::new(), |mut out, (name, value)| {
        let _ = writeln!(out, "{name:<width$}  {value}");
        out
    })
}

/// `1234567` as `1,234,567`.
pub(super) fn count(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `12 B`, `3.4 kB`, `120 MB`: powers of ten, three figures.
pub(super) fn bytes(bytes: u64) -> String {
    let mut value = bytes as f64;
    for unit in ["B", "kB", "MB", "GB", "TB"] {
        if value < 999.5 {
            let digits = usize::from(value < 99.95 && unit != "B");
            return format!("{value:.digits$} {unit}");
        }
        value /= 1000.0;
    }
    format!("{value:.0} PB")
}

/// `7 s`, `3 min 20 s`, `5 h 2 min`, `12 d 3 h`.
pub(super) fn seconds(secs: u64) -> String {
    let (minutes, hours, days) = (secs / 60, secs / 3600, secs / 86400);
    match () {
        () if days > 0 => format!("{days} d {} h", hours % 24),
        () if hours > 0 => format!("{hours} h {} min", minutes % 60),
        () if minutes > 0 => format!("{minutes} min {} s", secs % 60),
        () => format!("{secs} s"),
    }
}

/// A share of 0 to 1 as `97.3 %`.
pub(super) fn percent(share: f64) -> String {
    format!("{:.1} %", share * 100.0)
}

/// The name that JSON gives to a variant, with spaces: `sorted set`.
pub(super) fn word<T: serde::Serialize>(variant: &T) -> String {
    let value = serde_json::to_value(variant).unwrap_or_default();
    value.as_str().unwrap_or_default().replace('_', " ")
}

/// Foreign text without anything that a terminal would obey.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_control() || is_bidi_control(c) { char::REPLACEMENT_CHARACTER } else { c })
        .collect()
}

fn is_bidi_control(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_whatever_the_script() {
        let columns = [("name", Align::Left), ("keys", Align::Right)];
        let rows = [vec!["贾府".into(), "12".into()], vec!["user".into(), "12345".into()]];
        assert_eq!(table(&columns, &rows), "name   keys\n贾府     12\nuser  12345\n");
    }

    #[test]
    fn numbers_with_units() {
        assert_eq!([0, 999, 1000, 1_234_567].map(count), ["0", "999", "1,000", "1,234,567"]);
        assert_eq!(
            [0, 999, 1000, 12_345, 999_960, 123_456_789].map(bytes),
            ["0 B", "999 B", "1.0 kB", "12.3 kB", "1.0 MB", "123 MB"]
        );
        assert_eq!(
            [59, 60, 3_725, 90_000].map(seconds),
            ["59 s", "1 min 0 s", "1 h 2 min", "1 d 1 h"]
        );
    }

    #[test]
    fn a_name_cannot_steer_the_terminal() {
        assert_eq!(plain("a\u{1b}[2Jb\u{202e}c"), "a\u{fffd}[2Jb\u{fffd}c");
    }
}
