//! Where the records of a file are, for who has its text elsewhere.

use std::ops::Range;

use super::{Entry, Place, Records, lines};
use crate::document::{Document, Record};

/// The records of a file without their text: 16 bytes each. A large file leaves it at that while
/// nobody changes it.
#[derive(Clone, Debug, Default)]
pub struct Outline(Records);

impl Outline {
    pub fn new(document: &Document) -> Self {
        let without_trailer = document.records.iter().filter(|record| record.is_content());
        let entries = without_trailer
            .map(|&Record { kind, line, start, end }| Entry {
                kind,
                place: Place::File,
                line,
                start,
                end,
            })
            .collect();
        let (version, lines) = (document.version.clone(), document.lines);
        Self(Records { entries, version, lines, ..Records::default() })
    }

    /// The bytes of the text that the record of a line takes, and the first line of it.
    pub fn span(&self, line: u32) -> Option<(Range<u32>, u32)> {
        let Self(records) = self;
        let entry = records.entry(records.at_line(line)?)?;
        Some((entry.start..entry.end, entry.line))
    }

    /// The records, once their text is at hand.
    pub fn with_text(self, text: String) -> Records {
        Records { text, ..self.0 }
    }
}

/// The lines of a record that begins in line `first`, with their numbers, as they stand in the file,
/// but for what is no line.
pub fn numbered(record: &str, first: u32) -> impl Iterator<Item = (u32, &str)> {
    lines(record, first).map(|line| {
        let rest = record.get(line.start as usize..).unwrap_or_default();
        (line.number, rest.split(['\n', '\r']).next().unwrap_or_default())
    })
}

#[cfg(test)]
mod tests {
    use banyan_kin::Person;

    use super::*;
    use crate::{read, text};

    /// The text of a record, cut out of the bytes of a file or out of what they say.
    fn cut(bytes: &[u8]) -> Vec<String> {
        let document = read(bytes, &mut |_, _| {}).unwrap();
        let outline = Outline::new(&document);
        let said = match document.text_begins {
            Some(begins) => bytes[begins..].to_vec(),
            None => text(bytes.into(), &document).into_bytes(),
        };
        let kept = Records::new(bytes, &document);
        let record = |person: &Person| {
            let (span, first) = outline.span(person.line).unwrap();
            let cut = std::str::from_utf8(&said[span.start as usize..span.end as usize]).unwrap();
            assert_eq!(cut, kept.raw(person));
            assert_eq!(first, person.line);
            cut.to_owned()
        };
        document.genealogy.persons.iter().map(record).collect()
    }

    #[test]
    fn records_are_cut_out_of_any_file() {
        let text =
            "0 HEAD\r\n1 CHAR UTF-8\r\n0 @I1@ INDI\r\n1 NAME 賈寶玉\r\n0 @I2@ INDI\r\n0 TRLR\r\n";
        let records = ["0 @I1@ INDI\r\n1 NAME 賈寶玉\r\n", "0 @I2@ INDI\r\n"];
        assert_eq!(cut(text.as_bytes()), records);
        assert_eq!(cut(format!("\u{feff}{text}").as_bytes()), records);
        let utf_16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(cut(&utf_16), records);
        let gbk = text.replace("UTF-8", "GBK");
        assert_eq!(cut(&encoding_rs::GBK.encode(&gbk).0), records);
        assert_eq!(cut("id,name\nI1,Ann Lee\n".as_bytes()).len(), 1, "a table becomes GEDCOM");
    }
}
