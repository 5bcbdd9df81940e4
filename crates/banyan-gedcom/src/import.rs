//! Other files than GEDCOM, as the GEDCOM 7.0 that says the same: tables (CSV) and JSON.
//!
//! Which a file is, its content decides. Everything after is as for any GEDCOM file.

mod columns;
mod csv;
mod json;
mod record;
mod table;

use crate::{
    diagnostic::Diagnostics,
    tree::{Element, Tree},
    write::{Version, line},
};
use table::Table;

/// A text that is no GEDCOM as one that is; `None` if it is neither a table nor JSON of a family.
pub(crate) fn to_gedcom(text: &str, diagnostics: &mut Diagnostics) -> Option<String> {
    let start = text.trim_start();
    if start.starts_with(['{', '[']) {
        return record::read(text, diagnostics);
    }
    csv::read(text, diagnostics)
}

/// GEDCOM in the making.
#[derive(Debug)]
struct Gedcom {
    text: String,
    /// How many lines it has.
    lines: u32,
}

impl Gedcom {
    /// Begins with a header, of which `head` has the lines that follow its version.
    fn new(mut head: Tree<'static>) -> Self {
        if head.get(0).is_none() {
            head.append(None, Element::new("HEAD", ""));
        }
        let gedc = head.child(0, "GEDC").unwrap_or_else(|| head.add(0, "GEDC", ""));
        if head.child(gedc, "VERS").is_none() {
            head.add(gedc, "VERS", "7.0");
        }
        let mut gedcom = Self { text: String::new(), lines: 0 };
        gedcom.put(&head);
        gedcom
    }

    /// Adds a record and gives the line where it begins.
    fn put(&mut self, record: &Tree<'_>) -> u32 {
        let begin = self.text.len();
        let first = self.lines + 1;
        line::write(record, Version::V7, &mut self.text);
        let added = self.text.get(begin..).unwrap_or_default();
        let lines = memchr::memchr_iter(b'\n', added.as_bytes()).count();
        self.lines = self.lines.saturating_add(u32::try_from(lines).unwrap_or(u32::MAX));
        first
    }

    fn finish(mut self) -> String {
        self.text.push_str("0 TRLR\n");
        self.text
    }
}

/// An identifier without what no identifier may hold; empty if nothing is left.
fn identifier(text: &str) -> String {
    let plain: String =
        text.chars().filter(|c| *c != '@').map(|c| if c.is_control() { '_' } else { c }).collect();
    let plain = plain.trim();
    // Between signs this would be an escape.
    if plain.starts_with('#') { format!("_{plain}") } else { plain.to_owned() }
}
