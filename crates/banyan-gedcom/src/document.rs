//! What a file turned out to be.

use banyan_kin::{Genealogy, PersonId};

use crate::{diagnostic::Diagnostic, encoding::Encoding};

/// A file that was read.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub genealogy: Genealogy,
    /// Every top-level record in the order of the file.
    pub records: Vec<Record>,
    /// Every oddity, by line.
    pub diagnostics: Vec<Diagnostic>,
    pub encoding: Encoding,
    /// The version of GEDCOM that the header states, word for word: "5.5.1".
    pub version: Option<String>,
    /// The program that wrote the file, as the header names it.
    pub source: Option<String>,
    /// How many FAM records there are.
    pub families: u32,
    /// How many lines the file has.
    pub lines: u32,
    /// The byte of the file from which on the text stands there as it is; `None` where it had to be
    /// decoded, unpacked or made of something else.
    pub text_begins: Option<usize>,
}

/// Where a top-level record stands. The offsets are into the text that
/// [`decode`](crate::decode) gives for the same bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Record {
    pub kind: RecordKind,
    /// Line of its first line, counted from 1.
    pub line: u32,
    /// Byte where its first line starts.
    pub start: u32,
    /// Byte after its last line.
    pub end: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum RecordKind {
    Header,
    Person,
    Family,
    Note,
    Source,
    Repository,
    Media,
    Submitter,
    Trailer,
    /// A record of the program that wrote the file, or one that nobody knows.
    Other,
}

impl RecordKind {
    /// The kind of record that a tag of level 0 begins.
    pub(crate) fn of(tag: &str) -> Self {
        match tag {
            "HEAD" => Self::Header,
            "INDI" => Self::Person,
            "FAM" => Self::Family,
            "NOTE" | "SNOTE" => Self::Note,
            "SOUR" => Self::Source,
            "REPO" => Self::Repository,
            "OBJE" => Self::Media,
            "SUBM" | "SUBN" => Self::Submitter,
            "TRLR" => Self::Trailer,
            _ => Self::Other,
        }
    }
}

impl Record {
    /// Whether it says anything, which the trailer does not.
    pub(crate) fn is_content(&self) -> bool {
        self.kind != RecordKind::Trailer
    }
}

/// What [`read`](crate::read) is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    Decoding,
    Reading,
    Linking,
}

impl Document {
    /// The person whose record holds a line, to jump to from a diagnostic.
    pub fn person_at_line(&self, line: u32) -> Option<PersonId> {
        let record = self.records.partition_point(|record| record.line <= line).checked_sub(1)?;
        let record = self.records.get(record)?;
        let persons = &self.genealogy.persons;
        let person = persons.binary_search_by_key(&record.line, |person| person.line).ok()?;
        u32::try_from(person).ok().map(PersonId)
    }
}
