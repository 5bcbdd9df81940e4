//! GEDCOM bytes into a genealogy, with a diagnostic for every oddity.
//!
//! Reading never fails as a whole: what can be read is read. Only a file that is no GEDCOM at all is
//! refused, with the reason and the line. Knows no web, no layout and no drawing.

mod bomb;
mod change;
mod convert;
mod diagnostic;
mod document;
mod encoding;
mod estimate;
mod fact;
mod family;
mod folder;
mod gedzip;
mod import;
mod line;
mod link;
mod person;
mod photo;
mod reader;
mod record;
mod records;
mod same;
mod sniff;
mod source;
mod tags;
mod tree;
mod write;
mod xref;

pub use bomb::is_bomb;
pub use change::{Change, ChangeError, Changed, Kin, PersonFacts, Undo};
pub use diagnostic::{Diagnostic, Reason, Severity};
pub use document::{Document, Record, RecordKind, Stage};
pub use encoding::{Decoded, Encoding, EncodingReason, decode};
pub use folder::FolderPaths;
pub use gedzip::Pictures;
pub use line::Line;
pub use reader::{ReadOptions, read, read_with};
pub use records::{Edit, EditError, Outline, RecordId, Records, numbered, open};
pub use same::{Comparison, Difference, Place, compare};
pub use sniff::{LooksLike, ReadError};
pub use source::text;
pub use write::{
    Mask, Version, WriteEncoding, WriteError, WriteOptions, write, write_csv, write_gedzip,
    write_json,
};
