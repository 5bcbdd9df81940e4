//! The lines of a person's record, as they stand in the file.

use crate::{Label, Row, Section, Value};

/// Lines beyond these are counted: such records carry pictures or whole books.
const MOST_LINES: usize = 400;
/// Characters of a line.
const MOST_OF_A_LINE: usize = 400;

/// A section of numbered lines; `None` if there are none.
pub fn record_section<'t>(lines: impl Iterator<Item = (u32, &'t str)>) -> Option<Section> {
    let mut lines = lines.peekable();
    lines.peek()?;
    let line = |(number, text): (u32, &str)| {
        let end = text.char_indices().nth(MOST_OF_A_LINE).map(|(end, _)| end);
        let shown = end.and_then(|end| text.get(..end));
        let text = shown.map_or_else(|| text.to_owned(), |start| format!("{start}…"));
        row(Label::Named, Value::Named(number.to_string(), text))
    };
    let mut rows: Vec<Row> = lines.by_ref().take(MOST_LINES).map(line).collect();
    let more = lines.count() as u64;
    if more > 0 {
        rows.push(row(Label::MoreLines, Value::Count(more)));
    }
    Some(Section { is_folded: true, ..Section::new(Some(Label::RecordLines), rows) })
}

const fn row(label: Label, value: Value) -> Row {
    Row { label, value, node: None }
}

#[cfg(test)]
mod tests {
    use banyan_gedcom::{ReadOptions, open};

    use super::*;

    fn section(text: &str, line: u32) -> Option<Section> {
        let (_, records) =
            open(text.as_bytes().to_vec(), &ReadOptions::default(), &mut |_, _| ()).unwrap();
        record_section(records.numbered(records.at_line(line)?))
    }

    #[test]
    fn lines_have_their_numbers_and_nothing_is_put_right() {
        let text =
            "0 HEAD\r\n0 @I1@ INDI\r\n1 NAME A /B/ \r\n\r\n  1 NOTE <i>\r\nlost\r\n0 TRLR\r\n";
        let section = section(text, 2).unwrap();
        assert!(section.is_folded);
        let rows: Vec<Value> = section.rows.into_iter().map(|row| row.value).collect();
        let lines =
            [("2", "0 @I1@ INDI"), ("3", "1 NAME A /B/ "), ("5", "  1 NOTE <i>"), ("6", "lost")];
        let lines = lines.map(|(number, text)| Value::Named(number.into(), text.into()));
        assert_eq!(rows, lines);
    }

    #[test]
    fn long_records_and_long_lines_are_cut() {
        let notes = format!("1 NOTE {}\n", "族".repeat(500)).repeat(1000);
        let section = section(&format!("0 HEAD\n0 @I1@ INDI\n{notes}0 TRLR\n"), 2).unwrap();
        assert_eq!(section.rows.len(), MOST_LINES + 1);
        let Value::Named(number, text) = &section.rows[1].value else { panic!() };
        assert_eq!((number.as_str(), text.chars().count()), ("3", MOST_OF_A_LINE + 1));
        let last = section.rows.last().unwrap();
        assert_eq!((last.label, &last.value), (Label::MoreLines, &Value::Count(601)));
        assert_eq!(record_section(std::iter::empty()), None);
    }
}
