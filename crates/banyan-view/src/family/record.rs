//! The lines of a person's record, as they stand in the file.

use banyan_kin::HiddenNames;

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

/// The lines without those of a text that has a name in it which is hidden.
pub(super) fn without_names<'t>(
    lines: &[(u32, &'t str)],
    names: &HiddenNames,
) -> Vec<(u32, &'t str)> {
    let mut seen = Vec::with_capacity(lines.len());
    let is_person = lines.first().is_some_and(|(_, line)| line.ends_with(" INDI"));
    for text in lines.chunk_by(|_, (_, next)| continuation(next).is_some()) {
        let whole: String = text
            .iter()
            .map(|(_, line)| match continuation(line) {
                Some(("CONC", words)) => words.to_owned(),
                Some((_, words)) => format!("\n{words}"),
                None => (*line).to_owned(),
            })
            .collect();
        // Somebody's own name is theirs, also where another one's is part of it.
        if (is_person && whole.starts_with("1 NAME ")) || !names.are_in(&whole) {
            seen.extend_from_slice(text);
        }
    }
    seen
}

/// The tag and the words of a line that goes on with the one before, or has no level at all.
fn continuation(line: &str) -> Option<(&str, &str)> {
    let line = line.trim_start();
    let Some((level, rest)) = line.split_once([' ', '\t']) else { return Some(("CONT", line)) };
    if !level.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(("CONT", line));
    }
    let rest = rest.trim_start();
    let (tag, words) = rest.split_once([' ', '\t']).unwrap_or((rest, ""));
    matches!(tag, "CONC" | "CONT").then_some((tag, words))
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

    #[test]
    fn a_text_that_names_somebody_hidden_is_left_out_whole() {
        let text = "0 HEAD\n0 @I1@ INDI\n1 NAME Ann /Lee/\n1 BIRT\n2 DATE 1990\n0 @I2@ INDI\n\
            1 NOTE told by An\n2 CONC n\n2 CONT Lee\n1 NOTE more\n1 DEAT Y\n2 PLAC Ann /Lee/'s\n\
            1 NAME Mary Ann /Lee/\n0 TRLR\n";
        let (document, records) =
            open(text.as_bytes().to_vec(), &ReadOptions::default(), &mut |_, _| ()).unwrap();
        let hidden = document.genealogy.living(2026);
        assert_eq!(hidden, [true, false]);
        let names = HiddenNames::of(&document.genealogy, &hidden);
        let lines: Vec<(u32, &str)> = records.numbered(records.at_line(6).unwrap()).collect();
        let seen = without_names(&lines, &names);
        let left = [(6, "0 @I2@ INDI"), (10, "1 NOTE more"), (11, "1 DEAT Y")];
        let own = [(13, "1 NAME Mary Ann /Lee/")];
        assert_eq!(seen, [&left[..], &own[..]].concat());
        assert_eq!(without_names(&lines, &HiddenNames::default()), lines);
    }
}
