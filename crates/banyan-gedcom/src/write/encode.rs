//! Text into the encodings that GEDCOM 5.5.1 allows.

use std::io;

use unicode_normalization::{
    UnicodeNormalization as _,
    char::{compose, is_combining_mark},
};

use crate::encoding::ansel;

/// An encoding that 5.5.1 allows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Charset {
    #[default]
    Utf8,
    /// Little-endian, with a byte order mark.
    Utf16,
    Ansel,
    Ascii,
}

impl Charset {
    /// The encoding that a user calls by name.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "utf-16" | "utf16" | "unicode" => Self::Utf16,
            "ansel" => Self::Ansel,
            "ascii" => Self::Ascii,
            _ => return None,
        })
    }

    /// What the header says of it.
    pub const fn declared(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UNICODE",
            Self::Ansel => "ANSEL",
            Self::Ascii => "ASCII",
        }
    }

    /// Writes a text, or gives the first character that the encoding does not have.
    pub(super) fn write(self, text: &str, out: &mut dyn io::Write) -> io::Result<Option<char>> {
        let bytes = match self {
            _ if text.is_ascii() && self != Self::Utf16 => {
                return out.write_all(text.as_bytes()).map(|()| None);
            }
            Self::Utf8 => return out.write_all(text.as_bytes()).map(|()| None),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Ascii => return Ok(text.chars().find(|c| !c.is_ascii())),
            Self::Ansel => match ansel_bytes(text) {
                Ok(bytes) => bytes,
                Err(character) => return Ok(Some(character)),
            },
        };
        out.write_all(&bytes).map(|()| None)
    }
}

/// ANSEL, in which marks stand before their letter.
fn ansel_bytes(text: &str) -> Result<Vec<u8>, char> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut chars = text.nfd().peekable();
    while let Some(mut letter) = chars.next() {
        let mut marks = Vec::new();
        while let Some(mark) = chars.next_if(|&next| is_combining_mark(next)) {
            // Letters with a horn have bytes of their own.
            match compose(letter, mark).filter(|&whole| ansel::spacing_byte(whole).is_some()) {
                Some(whole) if marks.is_empty() => letter = whole,
                _ => marks.push(ansel::mark_byte(mark).ok_or(mark)?),
            }
        }
        bytes.append(&mut marks);
        match u8::try_from(letter) {
            Ok(byte) if byte.is_ascii() => bytes.push(byte),
            _ => bytes.push(ansel::spacing_byte(letter).ok_or(letter)?),
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ansel_comes_back() {
        for text in ["Müller Brontë Ǻ", "østergaard ß £ ©", "Ờ ờ Ư", "plain", "Dvořák Łódź Ţ"]
        {
            let bytes = ansel_bytes(text).unwrap();
            assert_eq!(ansel::decode(&bytes), (text.nfc().collect(), false), "{text}");
        }
        assert_eq!(ansel_bytes("a 賈"), Err('賈'));
    }

    #[test]
    fn each_encoding_says_what_it_lacks() {
        for (name, lacks) in
            [("UTF-8", None), ("unicode", None), ("ANSEL", Some('賈')), ("ascii", Some('ë'))]
        {
            let mut out = Vec::new();
            assert_eq!(
                Charset::named(name).unwrap().write("Brontë 賈", &mut out).unwrap(),
                lacks,
                "{name}"
            );
        }
        assert_eq!(Charset::named("EBCDIC"), None);
    }
}
