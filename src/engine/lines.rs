//! The lines of the family's file: at hand, or left where the browser has them while nobody changes
//! any. A record is then cut out when somebody looks at it.

use std::borrow::Cow;

use banyan_gedcom::{Document, Outline, Records, numbered};
use banyan_view::{FamilyWorld, Section, family::record_section};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsValue;
use web_sys::{Blob, FileReaderSync};

use super::post::reason;

/// The text of larger files is left. 100,000 persons take 19 MB of it.
const MOST_HELD_BYTES: usize = 8 << 20;
/// So much is read at once: what the browser hands over lies in memory a second time.
const PIECE_BYTES: f64 = 16.0 * 1024.0 * 1024.0;

pub(super) enum Lines {
    Held(Records),
    Left { text: Text, outline: Outline },
}

/// A text in UTF-8 that the browser keeps.
pub(super) struct Text {
    blob: Blob,
    /// Byte where it begins.
    begins: usize,
    /// Whether it is the file itself, and not what was decoded from it.
    is_file: bool,
}

impl Lines {
    /// Of a file that was read, and is `blob`. The text of one in another encoding, or of a packed
    /// one, is given to the browser as it was decoded.
    pub fn new(bytes: Cow<'_, [u8]>, blob: Option<&Blob>, document: &Document) -> Self {
        let outline = Outline::new(document);
        if bytes.len() > MOST_HELD_BYTES
            && let (Some(blob), Some(begins)) = (blob, document.text_begins)
        {
            let text = Text { blob: blob.clone(), begins, is_file: true };
            return Self::Left { text, outline };
        }
        let text = banyan_gedcom::text(bytes, document);
        if text.len() > MOST_HELD_BYTES {
            let parts = Array::of1(&Uint8Array::from(text.as_bytes()));
            if let Ok(blob) = Blob::new_with_u8_array_sequence(&parts) {
                return Self::Left { text: Text { blob, begins: 0, is_file: false }, outline };
            }
        }
        Self::Held(outline.with_text(text))
    }

    /// The file has another place, which nobody else can change.
    pub fn moved_to(&mut self, kept: Blob) {
        if let Self::Left { text: Text { blob, is_file: true, .. }, .. } = self {
            *blob = kept;
        }
    }

    /// The record that holds a line of the file, as it stands, but for what the world's mask hides.
    pub fn record(&self, line: u32, world: &FamilyWorld) -> Option<Section> {
        match self {
            Self::Held(records) => {
                record_section(world.seen_lines(records.numbered(records.at_line(line)?)))
            }
            Self::Left { text, outline } => {
                let (span, first) = outline.span(line)?;
                let record = text.cut(span.start as usize, span.end as usize);
                match record {
                    Ok(record) => record_section(world.seen_lines(numbered(&record, first))),
                    Err(error) => {
                        log::warn!("the record cannot be read again: {}", reason(&error));
                        None
                    }
                }
            }
        }
    }

    pub const fn held(&self) -> Option<&Records> {
        match self {
            Self::Held(records) => Some(records),
            Self::Left { .. } => None,
        }
    }

    /// All records, with their text. Fails where the browser has it no longer.
    pub fn hold(&mut self) -> Result<&mut Records, JsValue> {
        if let Self::Left { text, outline } = self {
            let whole = text.cut(0, usize::MAX)?;
            *self = Self::Held(std::mem::take(outline).with_text(whole));
        }
        match self {
            Self::Held(records) => Ok(records),
            Self::Left { .. } => Err(JsValue::NULL),
        }
    }
}

impl Text {
    /// A part of it, from byte to byte, read while nothing else is done: a file on a disk answers
    /// within a millisecond, and a person waits for it.
    fn cut(&self, start: usize, end: usize) -> Result<String, JsValue> {
        let begins = self.begins as f64;
        let end = (begins + end as f64).min(self.blob.size());
        let mut at = begins + start as f64;
        let mut bytes = Vec::new();
        let length = (end - at).max(0.0) as usize;
        bytes.try_reserve_exact(length).map_err(|error| error.to_string())?;
        let reader = FileReaderSync::new()?;
        while at < end {
            let next = (at + PIECE_BYTES).min(end);
            let piece = self.blob.slice_with_f64_and_f64(at, next)?;
            let piece = Uint8Array::new(&reader.read_as_array_buffer(&piece)?.into());
            let from = bytes.len();
            bytes.resize(from + piece.length() as usize, 0);
            piece.copy_to(bytes.get_mut(from..).unwrap_or_default());
            at = next;
        }
        String::from_utf8(bytes).map_err(|error| error.to_string().into())
    }
}
