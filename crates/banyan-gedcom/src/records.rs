//! Every line of a file as it is, under the genealogy that was read from it.
//!
//! A record is a span of the file's text; its lines are cut when somebody asks for them, so that two
//! million persons cost their text and 16 bytes a record.

mod edit;
mod outline;

use std::borrow::Cow;

use banyan_kin::Person;

use crate::{
    diagnostic::Diagnostics,
    document::{Document, RecordKind, Stage},
    line::{Line, Lines},
    reader::{ReadOptions, read_text, read_with},
    sniff::ReadError,
    source,
    tree::Tree,
};
pub use edit::{Edit, EditError};
pub use outline::{Outline, numbered};

/// The text of a file and where its records are.
#[derive(Clone, Debug, Default)]
pub struct Records {
    text: String,
    /// What was added since the file was read, record after record.
    added: String,
    entries: Vec<Entry>,
    version: Option<String>,
    /// How many lines the file has.
    lines: u32,
}

/// A record's number. It stays what it is, whatever else is added or removed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RecordId(pub u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Entry {
    kind: RecordKind,
    place: Place,
    line: u32,
    start: u32,
    end: u32,
}

/// Where the text of a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    File,
    Added,
    Nowhere,
}

/// Reads a file and keeps its lines.
pub fn open(
    bytes: Vec<u8>,
    options: &ReadOptions<'_>,
    progress: &mut dyn FnMut(Stage, f32),
) -> Result<(Document, Records), ReadError> {
    let document = read_with(&bytes, options, progress)?;
    let records = Records::new(bytes, &document);
    Ok((document, records))
}

impl Records {
    /// The lines of a file that was read. `bytes` are those of the file; UTF-8 is not copied if they
    /// are given away.
    pub fn new<'b>(bytes: impl Into<Cow<'b, [u8]>>, document: &Document) -> Self {
        Outline::new(document).with_text(source::text(bytes.into(), document))
    }

    /// The version of GEDCOM that the header states.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    pub(crate) fn is_version_7(&self) -> bool {
        self.version().is_some_and(|version| version.starts_with('7'))
    }

    /// All records but the trailer, in the order of the file, those that were added last.
    pub fn ids(&self) -> impl Iterator<Item = RecordId> + use<'_> {
        (0..)
            .map(RecordId)
            .zip(&self.entries)
            .filter_map(|(id, entry)| entry.is_there().then_some(id))
    }

    pub fn kind(&self, id: RecordId) -> Option<RecordKind> {
        self.entry(id).map(|entry| entry.kind)
    }

    /// The raw lines of a record, as they stand in the file; empty for a record that was removed.
    pub fn text(&self, id: RecordId) -> &str {
        self.entry(id).map_or("", |entry| self.text_of(entry))
    }

    /// The raw lines of a person's record.
    pub fn raw(&self, person: &Person) -> &str {
        self.at_line(person.line).map_or("", |id| self.text(id))
    }

    /// The record that holds a line of the file.
    pub fn at_line(&self, line: u32) -> Option<RecordId> {
        let before = self.entries.partition_point(|entry| entry.line <= line).checked_sub(1)?;
        let id = RecordId(u32::try_from(before).ok()?);
        (line <= self.lines || self.entry(id)?.line == line).then_some(id)
    }

    /// The lines of a record one by one, continuations included. Their starts are within
    /// [`Self::text`].
    pub fn lines(&self, id: RecordId) -> impl Iterator<Item = Line<'_>> {
        lines(self.text(id), self.entry(id).map_or(0, |entry| entry.line))
    }

    /// The lines of a record with their numbers, as they stand in the file, but for what is no line.
    pub fn numbered(&self, id: RecordId) -> impl Iterator<Item = (u32, &str)> {
        numbered(self.text(id), self.entry(id).map_or(0, |entry| entry.line))
    }

    /// The record with an identifier, with or without `@`; the first if several have it.
    pub fn by_xref(&self, xref: &str) -> Option<RecordId> {
        let xref = xref.trim_matches('@');
        self.ids().find(|&id| {
            !xref.is_empty() && self.lines(id).next().is_some_and(|line| line.xref == xref)
        })
    }

    /// Fills `tree` with a record; false if there is none.
    pub(crate) fn tree<'t>(&'t self, id: RecordId, tree: &mut Tree<'t>) -> bool {
        tree.read(self.lines(id), self.is_version_7());
        tree.get(0).is_some()
    }

    /// Everything as text, in the lines of the file, for a file that is read once more.
    pub fn whole(&self) -> String {
        let mut whole = String::with_capacity(self.text.len() + self.added.len());
        for id in self.ids() {
            let text = self.text(id).trim_end_matches(['\n', '\r']);
            whole.push_str(text);
            whole.push('\n');
        }
        whole.push_str("0 TRLR\n");
        whole
    }

    /// The genealogy of the records as they are now. Its lines are counted anew, and
    /// [`Self::at_line`] goes by them from now on.
    pub fn reread(&mut self, progress: &mut dyn FnMut(Stage, f32)) -> Result<Document, ReadError> {
        let whole = self.whole();
        let document = read_text(&whole, progress)?;
        let there = self.entries.iter_mut().filter(|entry| entry.is_there());
        for (entry, record) in
            there.zip(document.records.iter().filter(|record| record.is_content()))
        {
            entry.line = record.line;
        }
        self.lines = document.lines;
        // Records that are not there keep the order of the lines.
        let mut last = 0;
        for entry in &mut self.entries {
            if !entry.is_there() {
                entry.line = last;
            }
            last = entry.line;
        }
        Ok(document)
    }

    fn entry(&self, id: RecordId) -> Option<&Entry> {
        self.entries.get(id.0 as usize)
    }

    fn text_of(&self, entry: &Entry) -> &str {
        let text = match entry.place {
            Place::File => &self.text,
            Place::Added => &self.added,
            Place::Nowhere => return "",
        };
        text.get(entry.start as usize..entry.end as usize).unwrap_or_default()
    }
}

/// The lines of a record that begins in line `first` of its file.
fn lines(record: &str, first: u32) -> impl Iterator<Item = Line<'_>> {
    let mut lines = Lines::of_record(record, first.saturating_sub(1));
    // What is odd about them was said when the file was read.
    let mut known = Diagnostics::default();
    std::iter::from_fn(move || lines.next(&mut known))
}

impl Entry {
    fn is_there(&self) -> bool {
        self.place != Place::Nowhere
    }
}
