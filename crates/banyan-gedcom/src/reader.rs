//! The walk over a file, record by record.

use std::{borrow::Cow, collections::BTreeMap};

use banyan_kin::{Draft, PersonId, TextId, UnionId};

use crate::{
    diagnostic::{Diagnostics, Reason},
    document::{Document, Record, RecordKind, Stage},
    encoding::{Encoding, decode_as},
    estimate::Estimate,
    fact::Labels,
    gedzip,
    line::{Line, Lines},
    link::report,
    person::Link,
    photo::PhotoClaim,
    record,
    sniff::{ReadError, check_bytes, check_text},
    source,
    xref::{XrefId, Xrefs},
};

/// How many records are read between two words of progress.
const RECORDS_PER_REPORT: usize = 4096;

/// What the caller knows better than the bytes do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions<'a> {
    /// An encoding by name ("GBK", "windows-1250", "ANSEL"); `None`, or a name that nobody knows,
    /// leaves the choice to the bytes and the header.
    pub encoding: Option<&'a str>,
}

/// Reads a file in the encoding that its bytes and its header tell. Of a GEDZip archive the
/// `gedcom.ged` is read, and the offsets of the records are into that. A table of persons (CSV) or JSON
/// is read as the GEDCOM that says the same, and lines are of that.
///
/// `progress` hears the stage and how much of it is done, from 0 to 1. The only errors are for a file
/// that is empty, too large, or no GEDCOM at all; everything else is a diagnostic of the document.
pub fn read(bytes: &[u8], progress: &mut dyn FnMut(Stage, f32)) -> Result<Document, ReadError> {
    read_with(bytes, &ReadOptions::default(), progress)
}

/// Like [`read`], with what the caller knows.
pub fn read_with(
    bytes: &[u8],
    options: &ReadOptions<'_>,
    progress: &mut dyn FnMut(Stage, f32),
) -> Result<Document, ReadError> {
    let unpacked = gedzip::unpack(bytes);
    let bytes = unpacked.as_deref().unwrap_or(bytes);
    check_bytes(bytes)?;
    progress(Stage::Decoding, 0.0);
    let mut diagnostics = Diagnostics::default();
    let decoded = decode_as(bytes, options.encoding, &mut diagnostics);
    let text = source::gedcom(decoded.text, &mut diagnostics)?;
    let document = read_decoded(&text, diagnostics, progress);
    let is_as_it_stands = unpacked.is_none() && matches!(text, Cow::Borrowed(_));
    let text_begins = is_as_it_stands.then(|| bytes.len() - text.len());
    Ok(Document { encoding: decoded.encoding, text_begins, ..document })
}

/// Reads a text that needs no decoding.
pub(crate) fn read_text(
    text: &str,
    progress: &mut dyn FnMut(Stage, f32),
) -> Result<Document, ReadError> {
    check_bytes(text.as_bytes())?;
    check_text(text)?;
    let document = read_decoded(text, Diagnostics::default(), progress);
    let encoding = Encoding { name: "UTF-8", ..Encoding::default() };
    Ok(Document { encoding, ..document })
}

fn read_decoded(
    text: &str,
    diagnostics: Diagnostics,
    progress: &mut dyn FnMut(Stage, f32),
) -> Document {
    let xrefs = Xrefs::new(text.len());
    let mut reader = Reader { diagnostics, xrefs, ..Reader::default() };
    reader.reserve(&Estimate::of(text));
    let lines = reader.read_records(text, progress);

    progress(Stage::Linking, 0.0);
    reader.resolve_links();
    reader.resolve_notes();
    reader.resolve_photos();
    let Reader {
        draft, mut diagnostics, records, version, source, families, xrefs, targets, ..
    } = reader;
    // What only links needed makes room for what they become.
    drop((xrefs, targets));
    let (genealogy, faults) = draft.finish();
    report(&genealogy, &faults, text, &records, &mut diagnostics);
    let diagnostics = diagnostics.finish(lines);
    progress(Stage::Linking, 1.0);
    Document {
        genealogy,
        records,
        diagnostics,
        version,
        source,
        families,
        lines,
        ..Document::default()
    }
}

/// What has been read so far.
#[derive(Default)]
pub(crate) struct Reader<'t> {
    pub draft: Draft,
    pub xrefs: Xrefs,
    pub diagnostics: Diagnostics,
    pub links: Vec<Link>,
    pub labels: Labels<'t>,
    /// Links to records other than persons and families: identifier, tag, line.
    pub other_references: Vec<(XrefId, &'t str, u32)>,
    /// Which record has the identifier with this number, and in which line.
    pub targets: Vec<(Target, u32)>,
    /// Identifier and text of the note records.
    pub notes: Vec<(&'t str, TextId)>,
    /// Whether any fact links to a note record.
    pub notes_wanted: bool,
    /// Which pictures persons say to have, in the order of the file.
    pub photo_claims: Vec<(PersonId, PhotoClaim)>,
    /// The picture of each record that is one, by its identifier.
    pub pictures: BTreeMap<XrefId, TextId>,
    pub records: Vec<Record>,
    pub version: Option<String>,
    pub source: Option<String>,
    pub families: u32,
}

/// What an identifier names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Nothing,
    Person(PersonId),
    Family(UnionId),
    Other,
}

impl<'t> Reader<'t> {
    fn reserve(&mut self, expected: &Estimate) {
        let _ = self.records.try_reserve_exact(expected.records);
        let _ = self.links.try_reserve_exact(expected.links);
        self.draft.reserve(expected.capacity);
    }

    /// Reads all records and gives the number of lines.
    fn read_records(&mut self, text: &'t str, progress: &mut dyn FnMut(Stage, f32)) -> u32 {
        let mut lines = Lines::new(text, 0);
        let mut record: Vec<Line<'t>> = Vec::new();
        loop {
            let line = lines.next(&mut self.diagnostics);
            if line.is_none_or(|line| line.depth == 0) && !record.is_empty() {
                let end = line.map_or(text.len(), |line| line.start as usize);
                self.read_record(&record, end);
                record.clear();
                if self.records.len().is_multiple_of(RECORDS_PER_REPORT) {
                    progress(Stage::Reading, share(lines.position(), text.len()));
                }
            }
            let Some(line) = line else { break };
            record.push(line);
        }
        progress(Stage::Reading, 1.0);
        if self.records.first().is_none_or(|record| record.kind != RecordKind::Header) {
            let line = self.records.first().map_or(1, |record| record.line);
            self.diagnostics.push(line, "", Reason::MissingHeader);
        }
        if !self.records.iter().any(|record| record.kind == RecordKind::Trailer) {
            self.diagnostics.push(lines.number(), "", Reason::MissingTrailer);
        }
        lines.number()
    }

    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    fn read_record(&mut self, lines: &[Line<'t>], end: usize) {
        let is_version_7 = self.version.as_deref().is_some_and(|version| version.starts_with('7'));
        let Some(top) = (record::Lines { lines, is_version_7 }).top() else { return };
        let line = top.line;
        if matches!(self.records.last(), Some(last) if last.kind == RecordKind::Trailer) {
            self.diagnostics.push(line.number, line.tag, Reason::AfterTrailer);
        }
        let kind = RecordKind::of(line.tag);
        if kind == RecordKind::Other && !line.tag.starts_with(['_', '@']) {
            self.diagnostics.push(line.number, line.tag, Reason::UnknownRecord);
        }
        let end = u32::try_from(end).unwrap_or(u32::MAX);
        self.records.push(Record { kind, line: line.number, start: line.start, end });

        for nested in lines.iter().skip(1) {
            self.note_reference(nested);
        }
        let target = match kind {
            RecordKind::Person => Target::Person(self.person(top)),
            RecordKind::Family => {
                self.families += 1;
                Target::Family(self.family(top))
            }
            RecordKind::Header => {
                self.header(top);
                return;
            }
            RecordKind::Note => {
                let text = top.intern(&mut self.draft);
                self.notes.push((line.xref, text));
                Target::Other
            }
            RecordKind::Media => {
                self.picture(top);
                Target::Other
            }
            _ => Target::Other,
        };
        self.define(top, target);
    }

    fn header(&mut self, head: record::Node<'_, 't>) {
        let own = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let version = head.child("GEDC").and_then(|gedc| gedc.child("VERS"));
        // A file that was joined from two has a second header; the first one counts.
        self.version = self.version.take().or(version.and_then(|version| own(&version.text())));
        let source = head.child("SOUR").and_then(|source| {
            source.child("NAME").and_then(|name| own(&name.text())).or_else(|| own(&source.text()))
        });
        self.source = self.source.take().or(source);
    }

    /// Remembers a link to a source, a note, a picture: only whether it leads anywhere matters here.
    fn note_reference(&mut self, line: &Line<'t>) {
        if !line.value.starts_with('@')
            || matches!(line.tag, "FAMC" | "FAMS" | "HUSB" | "WIFE" | "CHIL")
        {
            return;
        }
        if let Some(pointer) = line.pointer().filter(|&pointer| pointer != "VOID") {
            let target = self.xrefs.intern(pointer, &mut self.draft.texts);
            self.other_references.push((target, line.tag, line.number));
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a share for a progress bar")]
fn share(done: usize, total: usize) -> f32 {
    done as f32 / total.max(1) as f32
}
