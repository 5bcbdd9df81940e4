//! Identifiers of records as numbers, found without hashing them.
//!
//! Nearly every program counts its records: I1, I2, F1. Such an identifier is looked up in a list for
//! its letters, by its number, and neighbours in the file are neighbours in memory. All others, and
//! what would make the lists larger than the file, go through the arena.

use banyan_kin::{TextId, TextsBuilder};
use rustc_hash::FxHashMap;

/// So many beginnings have a list; files have one for each kind of record.
const MOST_LISTS: usize = 6;
/// Letters before a number.
const MOST_LETTERS: usize = 4;
/// No record is shorter, so no file counts further than its length allows.
const LEAST_BYTES_OF_RECORD: usize = 16;

/// An identifier: the first of a file is 0, the next 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct XrefId(u32);

impl XrefId {
    /// In a list for a number that nobody has.
    const NONE: Self = Self(u32::MAX);

    pub(crate) const fn index(self) -> usize {
        self.0 as usize
    }
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Xrefs {
    /// Of each identifier.
    texts: Vec<TextId>,
    lists: Vec<([u8; MOST_LETTERS], Vec<XrefId>)>,
    /// Those that are in no list.
    others: FxHashMap<TextId, XrefId>,
    /// Numbers from here on have no place in a list.
    end: usize,
}

impl Xrefs {
    /// For a text of so many bytes.
    pub(crate) fn new(text_bytes: usize) -> Self {
        Self { end: text_bytes / LEAST_BYTES_OF_RECORD, ..Self::default() }
    }

    /// The number of an identifier, the same for the same text; a new one goes into the arena.
    pub(crate) fn intern(&mut self, xref: &str, texts: &mut TextsBuilder) -> XrefId {
        let next = XrefId(u32::try_from(self.texts.len()).unwrap_or(u32::MAX));
        if let Some(slot) = self.slot(xref) {
            if *slot != XrefId::NONE {
                return *slot;
            }
            *slot = next;
            self.texts.push(texts.add(xref));
            return next;
        }
        let text = texts.intern(xref);
        let id = *self.others.entry(text).or_insert(next);
        if id == next {
            self.texts.push(text);
        }
        id
    }

    /// What an identifier is in the arena.
    pub(crate) fn text(&self, xref: XrefId) -> TextId {
        self.texts.get(xref.index()).copied().unwrap_or_default()
    }

    /// Where an identifier of letters and a number stands; the number has no leading zeros, so that no
    /// two texts share a place.
    fn slot(&mut self, xref: &str) -> Option<&mut XrefId> {
        let bytes = xref.as_bytes();
        let letters = bytes.iter().position(u8::is_ascii_digit)?;
        let (prefix, digits) = bytes.split_at_checked(letters)?;
        let is_plain = prefix.len() <= MOST_LETTERS && prefix.is_ascii() && !prefix.contains(&0);
        if !is_plain || digits.len() > 9 || digits.first() == Some(&b'0') {
            return None;
        }
        let mut number = 0;
        for digit in digits {
            number = number * 10 + usize::from(digit.is_ascii_digit().then(|| digit - b'0')?);
        }
        if number >= self.end {
            return None;
        }
        let mut key = [0; MOST_LETTERS];
        key.iter_mut().zip(prefix).for_each(|(slot, &letter)| *slot = letter);
        let known = self.lists.iter().position(|(known, _)| *known == key);
        let list = match known {
            Some(list) => list,
            None if self.lists.len() < MOST_LISTS => {
                self.lists.push((key, Vec::new()));
                self.lists.len() - 1
            }
            None => return None,
        };
        let (_, list) = self.lists.get_mut(list)?;
        if list.len() <= number {
            list.resize(number + 1, XrefId::NONE);
        }
        list.get_mut(number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_identifier_is_the_same_whichever_way_it_goes() {
        let mut texts = TextsBuilder::default();
        let mut xrefs = Xrefs::new(16 * 1000);
        let all = [
            "I1",
            "I2",
            "I01",
            "I999",
            "I1000",
            "F1",
            "1",
            "0",
            "I",
            "",
            "I1a",
            "LONGER1",
            "P1",
            "S1",
            "N1",
            "R1",
            "T1",
            "I99999999999",
            "贾1",
            "I\u{0}1",
            "I\u{0}\u{0}1",
        ];
        let first: Vec<XrefId> = all.iter().map(|xref| xrefs.intern(xref, &mut texts)).collect();
        let again: Vec<XrefId> =
            all.iter().rev().map(|xref| xrefs.intern(xref, &mut texts)).collect();
        assert!(first.iter().eq(again.iter().rev()));
        for (place, (xref, id)) in all.iter().zip(&first).enumerate() {
            assert_eq!(texts.texts().get(xrefs.text(*id)), *xref);
            assert!(!first[..place].contains(id), "{xref} is another's");
        }
    }
}
