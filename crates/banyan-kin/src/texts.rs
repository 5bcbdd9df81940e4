//! Every text of a genealogy once, in one arena.
//!
//! Places, surnames and years repeat thousands of times in a real file; equal texts share one id.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// Where a text stands in a [`Texts`] arena. The default is the empty text.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize,
)]
pub struct TextId(pub u32);

impl TextId {
    pub const EMPTY: Self = Self(0);

    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// The arena: at most 4 GiB of text.
///
/// A text stands behind its length, so that to read one is to look at one place in memory: a length
/// below [`LONG`] is one character, a longer one is `LONG` and [`LONG_DIGITS`] digits to the base
/// [`BASE`], the highest first. All of them are characters of ASCII.
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: String,
}

const LONG: u8 = 127;
const LONG_DIGITS: usize = 5;
const BASE: usize = 128;

impl Texts {
    /// The text of `id`; an id of another arena gives some text or the empty one.
    pub fn get(&self, id: TextId) -> &str {
        if id.is_empty() {
            return "";
        }
        let at = id.0 as usize;
        let (start, length) = match self.bytes.as_bytes().get(at) {
            Some(&LONG) => (at + 1 + LONG_DIGITS, self.long_length(at + 1)),
            Some(&length) => (at + 1, usize::from(length)),
            None => return "",
        };
        self.bytes.get(start..start.saturating_add(length)).unwrap_or_default()
    }

    fn long_length(&self, at: usize) -> usize {
        let digits = self.bytes.as_bytes().get(at..at + LONG_DIGITS).unwrap_or_default();
        let with_digit =
            |length: usize, &digit: &u8| length.saturating_mul(BASE) + usize::from(digit & 0x7f);
        digits.iter().fold(0, with_digit)
    }

    /// Puts a text behind the others, where it fits.
    fn push(&mut self, text: &str) -> Option<TextId> {
        if self.bytes.is_empty() {
            // No text stands where the empty one is said to.
            self.bytes.push(LENGTH_OF_NOTHING);
        }
        let id = u32::try_from(self.bytes.len()).ok()?;
        u32::try_from(self.bytes.len() + 1 + LONG_DIGITS + text.len()).ok()?;
        match u8::try_from(text.len()) {
            Ok(length) if length < LONG => self.bytes.push(char::from(length)),
            _ => {
                self.bytes.push(char::from(LONG));
                for place in (0..LONG_DIGITS as u32).rev() {
                    let digit = text.len() / BASE.pow(place) % BASE;
                    self.bytes.push(char::from(digit as u8));
                }
            }
        }
        self.bytes.push_str(text);
        Some(TextId(id))
    }
}

const LENGTH_OF_NOTHING: char = '\0';

/// Collects texts and finds those that it has already.
#[derive(Clone, Debug, Default)]
pub struct TextsBuilder {
    texts: Texts,
    /// The short hash and the place of every text that can be found: a text is looked at only where
    /// its hash is the one wanted, and never when the table grows.
    ids: HashTable<(u32, TextId)>,
}

impl TextsBuilder {
    /// The id of `text`, the same for equal texts. Once the arena is full, new texts are given up
    /// and come out empty.
    pub fn intern(&mut self, text: &str) -> TextId {
        if text.is_empty() {
            return TextId::EMPTY;
        }
        let hash = FxBuildHasher.hash_one(text);
        let short = (hash ^ (hash >> 32)) as u32;
        let texts = &self.texts;
        let is_same = |&(known, id): &(u32, TextId)| known == short && texts.get(id) == text;
        if let Some(&(_, id)) = self.ids.find(spread(short), is_same) {
            return id;
        }
        let id = self.add(text);
        if !id.is_empty() {
            self.ids.insert_unique(spread(short), (short, id), |&(known, _)| spread(known));
        }
        id
    }

    /// A new id for `text`, for who knows that it is not there yet, or finds it without being asked
    /// here; empty once the arena is full.
    pub fn add(&mut self, text: &str) -> TextId {
        self.texts.push(text).unwrap_or_default()
    }

    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    pub fn finish(mut self) -> Texts {
        self.texts.bytes.shrink_to_fit();
        self.texts
    }
}

/// The table takes its places from the low bits of a hash and marks them with the high ones.
fn spread(short: u32) -> u64 {
    u64::from(short) << 32 | u64::from(short)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_texts_share_an_id() {
        let mut builder = TextsBuilder::default();
        let darwin = builder.intern("Darwin");
        let jia = builder.intern("賈");
        assert_eq!(builder.intern(""), TextId::EMPTY);
        assert_eq!(builder.intern("Darwin"), darwin);
        let texts = builder.finish();
        assert_eq!(
            (texts.get(darwin), texts.get(jia), texts.get(TextId::EMPTY)),
            ("Darwin", "賈", "")
        );
        for other in 0..99 {
            texts.get(TextId(other)); // An id of another arena is no panic.
        }
        assert_eq!(texts.get(TextId(99)), "");
    }

    #[test]
    fn texts_of_every_length_are_kept() {
        let mut builder = TextsBuilder::default();
        let texts: Vec<String> =
            [1, 126, 127, 128, 16_383, 16_384, 3_000_000].map(|length| "x".repeat(length)).into();
        let ids: Vec<TextId> = texts.iter().map(|text| builder.intern(text)).collect();
        for (text, &id) in texts.iter().zip(&ids) {
            assert!(builder.texts().get(id) == text, "{} bytes", text.len());
            assert_eq!(builder.intern(text), id);
        }
    }
}
