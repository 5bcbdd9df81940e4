//! The encodings that files come in, by the names that headers give them.

use std::borrow::Cow;

use super::{
    ansel,
    code_page::{self, CodePage},
};

/// An encoding that can be decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Charset {
    Ascii,
    Ansel,
    CodePage(&'static CodePage),
    /// Everything of the Encoding Standard.
    Rs(&'static encoding_rs::Encoding),
}

impl Charset {
    pub(super) const UTF_8: Self = Self::Rs(encoding_rs::UTF_8);

    /// The encoding of a name, as headers and users write it.
    pub(super) fn named(name: &str) -> Option<Self> {
        let plain: String = name
            .chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|c| c.to_ascii_uppercase())
            .collect();
        Some(match plain.as_str() {
            "ASCII" | "USASCII" | "ANSI" | "IBMWINDOWS" | "WINDOWS" | "ANSIWINDOWS" => Self::Ascii,
            "ANSEL" | "Z3947" | "ANSIZ3947" | "MARC8" => Self::Ansel,
            "IBMPC" | "IBM" | "IBMDOS" | "MSDOS" | "DOS" | "OEM" | "CP437" | "IBM437" | "437" => {
                Self::CodePage(&code_page::IBM437)
            }
            "CP850" | "IBM850" | "850" => Self::CodePage(&code_page::IBM850),
            "CP852" | "IBM852" | "852" => Self::CodePage(&code_page::IBM852),
            "MAC" | "MACINTOSH" | "MACROMAN" | "APPLE" => Self::Rs(encoding_rs::MACINTOSH),
            "UNICODE" | "UTF16" | "UCS2" | "UTF16LE" => Self::Rs(encoding_rs::UTF_16LE),
            "UTF16BE" => Self::Rs(encoding_rs::UTF_16BE),
            "GB18030" => Self::Rs(encoding_rs::GB18030),
            "GBK" | "GB2312" | "CP936" | "936" => Self::Rs(encoding_rs::GBK),
            "BIG5" | "CP950" | "950" => Self::Rs(encoding_rs::BIG5),
            "LATIN1" | "ISO88591" => Self::Rs(encoding_rs::WINDOWS_1252),
            _ => {
                let number = plain.trim_start_matches(|c: char| !c.is_ascii_digit());
                let label = if matches!(
                    number,
                    "1250" | "1251" | "1252" | "1253" | "1254" | "1255" | "1256" | "1257" | "1258"
                ) {
                    format!("windows-{number}")
                } else {
                    name.trim().to_owned()
                };
                Self::Rs(encoding_rs::Encoding::for_label(label.as_bytes())?)
            }
        })
    }

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Ansel => "ANSEL",
            Self::CodePage(page) => page.name,
            Self::Rs(encoding) if encoding == encoding_rs::GB18030 => "GB18030",
            Self::Rs(encoding) => encoding.name(),
        }
    }

    /// Whether a header that declares this means just this. "ASCII" and "ANSI" stand for whatever the
    /// machine of the writer used, and UTF-16 has been ruled out before the header is asked.
    pub(super) fn is_certain(self) -> bool {
        !matches!(self, Self::Ascii) && !self.is_utf_16()
    }

    /// Whether text of `used` is no surprise where this was declared.
    pub(super) fn agrees_with(self, used: Self) -> bool {
        self == used
            || self.is_utf_16() && used.is_utf_16()
            || self == Self::Ascii && used == Self::Rs(encoding_rs::WINDOWS_1252)
    }

    fn is_utf_16(self) -> bool {
        matches!(self, Self::Rs(encoding) if encoding == encoding_rs::UTF_16LE || encoding == encoding_rs::UTF_16BE)
    }

    /// The text, and whether anything had no character.
    pub(super) fn decode(self, bytes: &[u8]) -> (Cow<'_, str>, bool) {
        match self {
            Self::Ascii => encoding_rs::WINDOWS_1252.decode_without_bom_handling(bytes),
            Self::Rs(encoding) => encoding.decode_without_bom_handling(bytes),
            Self::Ansel => {
                let (text, had_errors) = ansel::decode(bytes);
                (Cow::Owned(text), had_errors)
            }
            Self::CodePage(page) => (Cow::Owned(page.decode(bytes)), false),
        }
    }
}
