//! Whether bytes are a GEDCOM file at all, and what else they look like.

use std::fmt;

use crate::diagnostic::excerpt;

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    #[error("the file is empty")]
    Empty,
    #[error(
        "line {line}: this is not a GEDCOM file; it looks like {looks_like}{}",
        quoted(excerpt)
    )]
    NotGedcom {
        looks_like: LooksLike,
        /// The line that does not fit, counted from 1.
        line: u32,
        /// The beginning of that line; empty for a file that is not text.
        excerpt: String,
    },
    #[error("the file has {bytes} bytes; files from 4 GiB on cannot be read")]
    TooLarge { bytes: u64 },
}

fn quoted(excerpt: &str) -> String {
    if excerpt.is_empty() { String::new() } else { format!(": “{excerpt}”") }
}

impl ReadError {
    /// A stable name in snake case, the key of its translations.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::NotGedcom { .. } => "not_gedcom",
            Self::TooLarge { .. } => "too_large",
        }
    }
}

/// What a file that is not GEDCOM looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LooksLike {
    Html,
    Xml,
    Json,
    Rtf,
    Zip,
    Gzip,
    Pdf,
    Image,
    Sqlite,
    PlainText,
    Binary,
}

impl LooksLike {
    /// A stable name in snake case, the key of its translations.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Html => "html",
            Self::Xml => "xml",
            Self::Json => "json",
            Self::Rtf => "rtf",
            Self::Zip => "zip",
            Self::Gzip => "gzip",
            Self::Pdf => "pdf",
            Self::Image => "image",
            Self::Sqlite => "sqlite",
            Self::PlainText => "plain_text",
            Self::Binary => "binary",
        }
    }
}

impl fmt::Display for LooksLike {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Html => "a web page (HTML)",
            Self::Xml => "XML",
            Self::Json => "JSON",
            Self::Rtf => "rich text (RTF)",
            Self::Zip => "a ZIP archive",
            Self::Gzip => "a gzip archive",
            Self::Pdf => "a PDF document",
            Self::Image => "a picture",
            Self::Sqlite => "an SQLite database",
            Self::PlainText => "plain text",
            Self::Binary => "binary data",
        })
    }
}

/// Kinds of files that begin with fixed bytes.
const SIGNATURES: [(&[u8], LooksLike); 9] = [
    (b"PK\x03\x04", LooksLike::Zip),
    (b"PK\x05\x06", LooksLike::Zip),
    (b"\x1f\x8b", LooksLike::Gzip),
    (b"%PDF-", LooksLike::Pdf),
    (b"\x89PNG", LooksLike::Image),
    (b"\xff\xd8\xff", LooksLike::Image),
    (b"GIF8", LooksLike::Image),
    (b"SQLite format 3\0", LooksLike::Sqlite),
    (b"{\\rtf", LooksLike::Rtf),
];

/// Refuses bytes that cannot be a GEDCOM file in any encoding.
pub(crate) fn check_bytes(bytes: &[u8]) -> Result<(), ReadError> {
    if u32::try_from(bytes.len()).is_err() {
        return Err(ReadError::TooLarge { bytes: bytes.len() as u64 });
    }
    match SIGNATURES.iter().find(|(signature, _)| bytes.starts_with(signature)) {
        Some(&(_, looks_like)) => {
            Err(ReadError::NotGedcom { looks_like, line: 1, excerpt: String::new() })
        }
        None => Ok(()),
    }
}

/// Refuses a text in which no record begins.
pub(crate) fn check_text(text: &str) -> Result<(), ReadError> {
    let mut lines = (1..).zip(text.split(['\n', '\r'])).filter(|(_, line)| !line.trim().is_empty());
    let Some((line, first)) = lines.next() else { return Err(ReadError::Empty) };
    if begins_record(first) || lines.any(|(_, line)| begins_record(line)) {
        return Ok(());
    }
    let looks_like = kind_of_text(first.trim_start(), text);
    let excerpt =
        if looks_like == LooksLike::Binary { String::new() } else { excerpt(first.trim()) };
    Err(ReadError::NotGedcom { looks_like, line, excerpt })
}

/// Whether a line reads "0 TAG" or "0 @X@ TAG".
fn begins_record(line: &str) -> bool {
    let Some(rest) = line.trim_start().strip_prefix('0') else { return false };
    if !rest.starts_with([' ', '\t']) {
        return false;
    }
    let rest = rest.trim();
    let word = rest.split([' ', '\t']).next().unwrap_or_default();
    (word.starts_with('@') && word.len() > 1)
        || (word.len() >= 3
            && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'))
}

fn kind_of_text(first_line: &str, text: &str) -> LooksLike {
    let start =
        first_line.get(..first_line.len().min(14)).unwrap_or(first_line).to_ascii_lowercase();
    if start.starts_with("<!doctype html") || start.starts_with("<html") {
        LooksLike::Html
    } else if start.starts_with('<') {
        LooksLike::Xml
    } else if start.starts_with(['{', '[']) {
        LooksLike::Json
    } else if text.bytes().take(4096).any(|b| b < 9) {
        LooksLike::Binary
    } else {
        LooksLike::PlainText
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn other_files_are_refused_by_their_kind() {
        for (text, expect) in [
            ("", None),
            (" \n\r\n", None),
            ("<!DOCTYPE html><p>", Some((LooksLike::Html, 1))),
            ("\n\n<?xml version='1.0'?>", Some((LooksLike::Xml, 3))),
            ("{\"a\": 1}", Some((LooksLike::Json, 1))),
            ("Dear aunt,\n0 is nothing", Some((LooksLike::PlainText, 1))),
            ("a\0\u{1}", Some((LooksLike::Binary, 1))),
        ] {
            let expect = match expect {
                None => ReadError::Empty,
                Some((looks_like, line)) => {
                    let shown = check_text(text).unwrap_err();
                    let ReadError::NotGedcom { excerpt, .. } = shown else { panic!("{shown}") };
                    ReadError::NotGedcom { looks_like, line, excerpt }
                }
            };
            assert_eq!(check_text(text), Err(expect), "{text:?}");
        }
        for text in ["0 HEAD", "\n  0 @I1@ INDI", "junk\n0 HEAD", "0 TRLR", "0 @I1 INDI"] {
            assert_eq!(check_text(text), Ok(()), "{text:?}");
        }
        assert!(matches!(
            check_bytes(b"%PDF-1.7"),
            Err(ReadError::NotGedcom { looks_like: LooksLike::Pdf, line: 1, .. })
        ));
    }
}
