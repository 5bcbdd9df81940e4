//! Identifiers of records as numbers, found without hashing them.
//!
//! Nearly every program counts its records: I1, I2, F1. Such an identifier is looked up in a list for
//! its letters, by its number, and neighbours in the file are neighbours in memory. All others, and
//! what would make the lists larger than the file, go through the arena.

use banyan_kin::{TextId, TextsBuilder};

/// So many beginnings have a list; files have one for each kind of record.
const MOST_LISTS: usize = 6;
/// Letters before a number.
const MOST_LETTERS: usize = 4;
/// No record is shorter, so no file counts further than its length allows.
const LEAST_BYTES_OF_RECORD: usize = 16;

#[derive(Clone, Debug, Default)]
pub(crate) struct Xrefs {
    lists: Vec<([u8; MOST_LETTERS], Vec<TextId>)>,
    /// Numbers from here on have no place in a list.
    end: usize,
}

impl Xrefs {
    /// For a text of so many bytes.
    pub(crate) const fn new(text_bytes: usize) -> Self {
        Self { lists: Vec::new(), end: text_bytes / LEAST_BYTES_OF_RECORD }
    }

    /// The identifier in the arena, the same for the same text.
    pub(crate) fn intern(&mut self, xref: &str, texts: &mut TextsBuilder) -> TextId {
        let Some(slot) = self.slot(xref) else { return texts.intern(xref) };
        if slot.is_empty() {
            *slot = texts.add(xref);
        }
        *slot
    }

    /// Where an identifier of letters and a number stands; the number has no leading zeros, so that no
    /// two texts share a place.
    fn slot(&mut self, xref: &str) -> Option<&mut TextId> {
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
            list.resize(number + 1, TextId::EMPTY);
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
        let first: Vec<TextId> = all.iter().map(|xref| xrefs.intern(xref, &mut texts)).collect();
        let again: Vec<TextId> =
            all.iter().rev().map(|xref| xrefs.intern(xref, &mut texts)).collect();
        assert!(first.iter().eq(again.iter().rev()));
        for (place, (xref, id)) in all.iter().zip(&first).enumerate() {
            assert_eq!(texts.texts().get(*id), *xref);
            assert!(!first[..place].contains(id), "{xref} is another's");
        }
    }
}
