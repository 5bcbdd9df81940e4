//! What stands on a card, asked for when a card is drawn and never before.

use serde::{Deserialize, Serialize};

use crate::ink::Ink;

/// Where cards get their content from. A scene holds no strings: a million cards are never written,
/// only those that show.
pub trait CardSource {
    /// Fills in `card`, which comes cleared, for node `node` of the scene.
    fn card(&self, node: u32, card: &mut Card);
}

/// The content of one card. What is empty takes no room.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Card {
    /// The name: 15 units, semibold, on the first line.
    pub title: String,
    /// What stands for the title where little of it would fit: a given name, a port. If empty, the
    /// title's beginning does.
    pub short: String,
    /// A count or a size at the right end of the first line.
    pub figure: String,
    /// The second line: 12 units, muted.
    pub subtitle: String,
    /// A few faint characters at the right end of the second line, drawn small: in capitals it
    /// looks like small caps.
    pub note: String,
    /// A band of 4 units on the left edge.
    pub band: Option<Ink>,
    /// The number of a picture at the left, for a painter that has it: square, as high as the card.
    pub photo: Option<u32>,
    /// A dot with a glyph before the title.
    pub badge: Option<Badge>,
    /// Thin bars side by side near the bottom.
    pub meters: Vec<Meter>,
    /// Shares of a whole, as a stacked strip at the bottom. They need not sum to 1.
    pub strip: Vec<(f32, Ink)>,
    /// Whether the card steps back: gone, filtered out, not certain.
    pub is_muted: bool,
}

/// A filled dot with a shape in it: colour never stands alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Badge {
    pub glyph: Glyph,
    pub ink: Ink,
}

/// A bar of which `share` (0 to 1) is filled. NaN is empty.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Meter {
    pub share: f32,
    pub ink: Ink,
}

/// The shapes on badges.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Glyph {
    /// Well, done.
    Check,
    /// Runs.
    Play,
    /// Waits.
    Pause,
    /// Dead, gone.
    Cross,
    /// Active this moment.
    Bolt,
    /// Subscribed.
    Ear,
    /// Looks on: monitor.
    Eye,
    /// Feeds or follows: replica, master.
    Arrows,
    /// Several at once: a transaction.
    Layers,
    /// Unknown.
    Question,
    /// Idle: a plain dot.
    Dot,
    Star,
}

impl Card {
    /// Empties the card and keeps its memory.
    pub fn clear(&mut self) {
        self.title.clear();
        self.short.clear();
        self.figure.clear();
        self.subtitle.clear();
        self.note.clear();
        self.band = None;
        self.photo = None;
        self.badge = None;
        self.meters.clear();
        self.strip.clear();
        self.is_muted = false;
    }

    /// A number that differs where the cards look different: 64 bits, FNV-1a.
    pub fn fingerprint(&self) -> u64 {
        let mut hash = Fnv::new();
        for text in [&self.title, &self.short, &self.figure, &self.subtitle, &self.note] {
            hash.bytes(text.as_bytes());
            hash.byte(0xff);
        }
        hash.byte(self.band.map_or(0xff, |ink| ink as u8));
        hash.byte(self.badge.map_or(0xff, |badge| badge.ink as u8));
        hash.byte(self.badge.map_or(0xff, |badge| badge.glyph as u8));
        hash.byte(u8::from(self.is_muted));
        hash.bytes(&self.photo.map_or(0, |photo| u64::from(photo) + 1).to_le_bytes());
        for meter in &self.meters {
            hash.bytes(&meter.share.to_bits().to_le_bytes());
            hash.byte(meter.ink as u8);
        }
        hash.byte(0xff);
        for (share, ink) in &self.strip {
            hash.bytes(&share.to_bits().to_le_bytes());
            hash.byte(*ink as u8);
        }
        hash.0
    }
}

/// Fowler, Noll and Vo, variant 1a: short inputs, no seed, the same everywhere.
struct Fnv(u64);

impl Fnv {
    fn new() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }

    fn byte(&mut self, byte: u8) {
        self.0 = (self.0 ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }

    fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.byte(*byte);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fingerprints_tell_cards_apart() {
        let card = |title: &str, subtitle: &str| Card {
            title: title.into(),
            subtitle: subtitle.into(),
            ..Card::default()
        };
        let plain = card("a", "b").fingerprint();
        assert_eq!(plain, card("a", "b").fingerprint());
        assert_ne!(plain, card("ab", "").fingerprint());
        assert_ne!(plain, Card { is_muted: true, ..card("a", "b") }.fingerprint());
        let photo = |photo| Card { photo, ..card("a", "b") }.fingerprint();
        assert!(
            plain == photo(None) && plain != photo(Some(0)) && photo(Some(0)) != photo(Some(1))
        );
        let meter = Meter { share: 0.5, ink: Ink::Fine };
        assert_ne!(plain, Card { meters: vec![meter], ..card("a", "b") }.fingerprint());
    }

    #[test]
    fn a_cleared_card_is_a_new_one() {
        let mut card = Card {
            title: "x".into(),
            photo: Some(1),
            strip: vec![(1.0, Ink::Fine)],
            ..Card::default()
        };
        card.clear();
        assert_eq!(card, Card::default());
    }
}
