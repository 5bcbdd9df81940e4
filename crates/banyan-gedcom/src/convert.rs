//! From one version of GEDCOM to the other, record by record.
//!
//! Follows FamilySearch's "Migrating v5.5.1 to v7.0" and the two standards. What the other version has
//! no place for becomes an extension: its tag with an underscore before it, which is taken off again on
//! the way back. So a file that went there and back says what it said.

mod age;
pub(crate) mod date;
mod down;
mod enumerated;
mod language;
mod media;
mod up;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    diagnostic::{Diagnostic, Diagnostics, Reason},
    document::RecordKind,
    records::Records,
    tree::{Element, Tree},
    write::Version,
};

/// Where 5.5.1 defines the structures that 7.0 left out, as its documented extensions.
const OLD_STANDARD: &str = "https://gedcom.io/specifications/ged551.pdf#";

/// Turns the records of a file into those of a version.
#[derive(Debug)]
pub(crate) struct Converter {
    way: Way,
    /// The program that wrote the file, which numbered its records.
    system: String,
    /// Identifiers that 7.0 does not allow, and what they become.
    renamed: BTreeMap<String, String>,
    /// The extensions that need a word in the header.
    left_over: BTreeSet<&'static str>,
    next_media: u32,
    next_source: u32,
    /// Records that were parts of others.
    added: Vec<Tree<'static>>,
    /// The identifier of the source record made for each description.
    sources: BTreeMap<String, String>,
    diagnostics: Diagnostics,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    None,
    Up,
    /// From 7.0 to 7.0: what is not as 7.0 has it becomes what [`Way::Up`] would make of it.
    Within,
    Down,
}

impl Converter {
    /// For the records of a file, on the way to a version.
    pub(crate) fn new(records: &Records, to: Version) -> Self {
        let way = match (records.is_version_7(), to) {
            (false, Version::V7) => Way::Up,
            (true, Version::V551) => Way::Down,
            _ => Way::None,
        };
        Self::by(way, records)
    }

    /// For the records of a file that is compared with others, as 7.0 has them.
    pub(crate) fn for_comparing(records: &Records) -> Self {
        Self::by(if records.is_version_7() { Way::Within } else { Way::Up }, records)
    }

    fn by(way: Way, records: &Records) -> Self {
        let mut converter = Self {
            way,
            system: String::new(),
            renamed: BTreeMap::new(),
            left_over: BTreeSet::new(),
            next_media: 1,
            next_source: 1,
            added: Vec::new(),
            sources: BTreeMap::new(),
            diagnostics: Diagnostics::default(),
        };
        if way != Way::None {
            converter.look_around(records);
        }
        converter
    }

    /// What must be known of the whole file before its first record is written.
    fn look_around(&mut self, records: &Records) {
        let mut odd: BTreeSet<String> = BTreeSet::new();
        for id in records.ids() {
            let is_header = records.kind(id) == Some(RecordKind::Header);
            for line in records.lines(id) {
                if is_header && line.depth == 1 && line.tag == "SOUR" && self.system.is_empty() {
                    self.system = line.value.trim().to_owned();
                }
                if self.way == Way::Down {
                    continue;
                }
                if let Some(tag) = words::old_tag(line.tag) {
                    self.left_over.insert(tag);
                }
                for xref in [Some(line.xref), line.pointer()].into_iter().flatten() {
                    if !is_xref_7(xref) && !xref.is_empty() {
                        odd.insert(xref.to_owned());
                    }
                }
                after(&mut self.next_media, "O", line.xref);
                after(&mut self.next_source, "S", line.xref);
            }
        }
        if !odd.is_empty() {
            self.rename(records, odd);
        }
    }

    /// Finds identifiers for those that 7.0 does not allow.
    fn rename(&mut self, records: &Records, odd: BTreeSet<String>) {
        let tops = records.ids().filter_map(|id| records.lines(id).next());
        let mut taken: BTreeSet<String> = tops.map(|line| line.xref.to_owned()).collect();
        // The next number for each name that several would have.
        let mut numbers: BTreeMap<String, u32> = BTreeMap::new();
        for xref in odd {
            let plain: String = xref
                .chars()
                .map(|c| c.to_ascii_uppercase())
                .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
                .collect();
            let mut name = plain.clone();
            let number = numbers.entry(plain.clone()).or_insert(2);
            while name == "VOID" || name.is_empty() || taken.contains(&name) {
                name = format!("{plain}_{number}");
                *number += 1;
            }
            taken.insert(name.clone());
            self.renamed.insert(xref, name);
        }
    }

    /// Converts the record in hand.
    pub(crate) fn convert(&mut self, tree: &mut Tree<'_>) {
        match self.way {
            Way::None => {}
            Way::Up | Way::Within => self.up(tree),
            Way::Down => self.down(tree),
        }
    }

    /// The records that were parts of others, to be written behind all.
    pub(crate) fn take_added(&mut self) -> Vec<Tree<'static>> {
        std::mem::take(&mut self.added)
    }

    /// What has no counterpart, and how it was kept.
    pub(crate) fn finish(self) -> Vec<Diagnostic> {
        self.diagnostics.finish(0)
    }

    fn note(&mut self, tree: &Tree<'_>, at: usize, kept_as: &str) {
        if let Some(element) = tree.get(at) {
            let reason = Reason::NoCounterpart { kept_as: kept_as.to_owned() };
            self.diagnostics.push(element.line, element.was, reason);
        }
    }
}

/// A number beyond that of an identifier which a letter and a number make.
fn after(next: &mut u32, letter: &str, xref: &str) {
    let number = xref.strip_prefix(letter).and_then(|digits| digits.parse::<u32>().ok());
    if let Some(number) = number {
        *next = (*next).max(number.saturating_add(1));
    }
}

/// Whether a FILE line names a file beside the GEDCOM, or below it.
pub(crate) fn media_name(path: &str) -> bool {
    media::is_beside(path)
}

/// Whether 7.0 allows an identifier: capital letters, digits and underscores.
pub(crate) fn is_xref_7(xref: &str) -> bool {
    !xref.is_empty() && xref.bytes().all(|byte| matches!(byte, b'A'..=b'Z' | b'0'..=b'9' | b'_'))
}

/// Puts words beside a value. Those that are there already stay.
fn add_phrase(tree: &mut Tree<'_>, at: usize, phrase: String) {
    tree.append(Some(at), Element::new("PHRASE", phrase));
}
