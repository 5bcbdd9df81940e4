//! Every text of a genealogy once, in one arena.
//!
//! Places, surnames and years repeat thousands of times in a real file; equal texts share one id.

use std::hash::BuildHasher;

use hashbrown::HashTable;
use rustc_hash::FxBuildHasher;
use serde::{Deserialize, Serialize};

/// A text of a [`Texts`] arena. The default is the empty text.
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
#[derive(Clone, Debug, Default)]
pub struct Texts {
    bytes: String,
    /// Where text `id` ends; it starts where text `id - 1` ends. Text 0, the empty one, has no entry.
    ends: Vec<u32>,
}

impl Texts {
    /// The text of `id`; an id of another arena gives some text or the empty one.
    pub fn get(&self, id: TextId) -> &str {
        let Some(last) = (id.0 as usize).checked_sub(1) else { return "" };
        let start = last.checked_sub(1).map_or(Some(0), |before| self.ends.get(before).copied());
        match (start, self.ends.get(last)) {
            (Some(start), Some(&end)) => {
                self.bytes.get(start as usize..end as usize).unwrap_or_default()
            }
            _ => "",
        }
    }

    /// How many texts there are, the empty one included.
    pub fn len(&self) -> usize {
        self.ends.len() + 1
    }

    /// An arena is never without the empty text.
    pub const fn is_empty(&self) -> bool {
        false
    }
}

/// Collects texts and finds those that it has already.
#[derive(Clone, Debug, Default)]
pub struct TextsBuilder {
    texts: Texts,
    /// The short hash and the number of every text that can be found: a text is looked at only where
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
        let (Ok(end), Ok(id)) = (
            u32::try_from(self.texts.bytes.len() + text.len()),
            u32::try_from(self.texts.ends.len() + 1),
        ) else {
            return TextId::EMPTY;
        };
        self.texts.bytes.push_str(text);
        self.texts.ends.push(end);
        TextId(id)
    }

    pub fn texts(&self) -> &Texts {
        &self.texts
    }

    pub fn finish(mut self) -> Texts {
        self.texts.bytes.shrink_to_fit();
        self.texts.ends.shrink_to_fit();
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
        assert_eq!(texts.len(), 3);
        assert_eq!(texts.get(TextId(99)), "", "an id of another arena is no panic");
    }
}
