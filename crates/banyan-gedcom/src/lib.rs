//! GEDCOM bytes into a genealogy, with a diagnostic for every oddity.
//!
//! Reading never fails as a whole: what can be read is read. Only a file that is no GEDCOM at all is
//! refused, with the reason and the line. Knows no web, no layout and no drawing.

mod diagnostic;
mod document;
mod encoding;
mod estimate;
mod fact;
mod family;
mod gedzip;
mod line;
mod link;
mod person;
mod photo;
mod reader;
mod record;
mod sniff;
mod tags;
mod xref;

pub use diagnostic::{Diagnostic, Reason, Severity};
pub use document::{Document, Record, RecordKind, Stage};
pub use encoding::{Decoded, Encoding, EncodingReason, decode};
pub use gedzip::Pictures;
pub use reader::{read, read_as};
pub use sniff::{LooksLike, ReadError};
