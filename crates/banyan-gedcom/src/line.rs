//! Text into lines with their depth, without copying.

use memchr::memchr2;

use crate::diagnostic::{Diagnostics, Reason, excerpt};

/// More than any program writes, and longer than anybody shows.
const LONG_LINE: usize = 100_000;
const DEEPEST: usize = 255;

/// One line: "level \[@xref@\] tag \[value\]".
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Line<'t> {
    /// Counted from 1.
    pub number: u32,
    /// Byte in the text where the line starts.
    pub start: u32,
    /// How deep the line is nested: the level, but without gaps.
    pub depth: u8,
    /// The identifier without its `@`.
    pub xref: &'t str,
    pub tag: &'t str,
    /// What follows the one delimiter after the tag, trailing spaces included.
    pub value: &'t str,
}

impl<'t> Line<'t> {
    pub(crate) const EMPTY: Self =
        Self { number: 0, start: 0, depth: 0, xref: "", tag: "", value: "" };

    /// The identifier in a value that is a link: "@I1@" gives "I1", and so does "@I1 @", as it would
    /// before a tag.
    pub(crate) fn pointer(&self) -> Option<&'t str> {
        let inner = trimmed(trimmed(self.value).strip_prefix('@')?.strip_suffix('@')?);
        let is_one = !inner.is_empty() && !inner.starts_with('#');
        (is_one && !inner.as_bytes().contains(&b'@')).then_some(inner)
    }
}

/// `text.trim()`, told at once where both ends are letters, digits or signs of ASCII.
pub(crate) fn trimmed(text: &str) -> &str {
    let is_end = |byte: Option<&u8>| byte.is_none_or(u8::is_ascii_graphic);
    let bytes = text.as_bytes();
    if is_end(bytes.first()) && is_end(bytes.last()) { text } else { text.trim() }
}

/// Walks over the lines of a text; oddities of single lines go to the diagnostics.
pub(crate) struct Lines<'t> {
    text: &'t str,
    at: usize,
    number: u32,
    /// The stated levels of the lines that are open above the next one.
    levels: Vec<u16>,
    /// Whether the line before was a continuation.
    continued: bool,
    junk: bool,
    /// Whether the next line is known to begin a record, however odd it looks.
    begins_record: bool,
}

impl<'t> Lines<'t> {
    /// Starts at the beginning of a text that has `before` lines before it.
    pub(crate) const fn new(text: &'t str, before: u32) -> Self {
        Self {
            text,
            at: 0,
            number: before,
            levels: Vec::new(),
            continued: false,
            junk: false,
            begins_record: false,
        }
    }

    /// The same for the text of a record that was found before.
    pub(crate) const fn of_record(text: &'t str, before: u32) -> Self {
        let mut lines = Self::new(text, before);
        lines.begins_record = true;
        lines
    }

    /// The byte up to which the text has been walked.
    pub(crate) const fn position(&self) -> usize {
        self.at
    }

    /// How many lines have been walked.
    pub(crate) const fn number(&self) -> u32 {
        self.number
    }

    pub(crate) fn next(&mut self, diagnostics: &mut Diagnostics) -> Option<Line<'t>> {
        loop {
            let start = self.at;
            let raw = self.raw_line()?;
            if let Some(line) = self.understand(start, raw, diagnostics) {
                return Some(line);
            }
        }
    }

    /// The next line without its end, which may be LF, CR, CRLF or LFCR.
    fn raw_line(&mut self) -> Option<&'t str> {
        let bytes = self.text.as_bytes();
        let rest = bytes.get(self.at..).filter(|rest| !rest.is_empty())?;
        self.number += 1;
        let start = self.at;
        let Some(length) = memchr2(b'\n', b'\r', rest) else {
            self.at = bytes.len();
            return self.text.get(start..);
        };
        let end_bytes = match (rest.get(length), rest.get(length + 1), rest.get(length + 2)) {
            (Some(b'\r'), Some(b'\n'), _) => 2,
            // A line feed before CRLF ends a line of its own.
            (Some(b'\n'), Some(b'\r'), after) if after != Some(&b'\n') => 2,
            _ => 1,
        };
        self.at = start + length + end_bytes;
        self.text.get(start..start + length)
    }

    /// The line with its depth; `None` where there is nothing to read.
    fn understand(
        &mut self,
        start: usize,
        raw: &'t str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Line<'t>> {
        let number = self.number;
        if raw.len() > LONG_LINE {
            let characters = u32::try_from(raw.chars().count()).unwrap_or(u32::MAX);
            diagnostics.push(number, "", Reason::LongLine { characters });
        }
        let parts = split(raw);
        let above = self.levels.last().copied();
        let is_known = std::mem::take(&mut self.begins_record);
        let is_text = parts.as_ref().is_none_or(|parts| {
            // "12 apples" inside a note is text that lost its tag, not a line of level 12.
            !is_known
                && above.is_none_or(|above| parts.level > above + 1)
                && !is_tag(parts.tag)
                && !parts.tag.is_empty()
        });
        let Some(parts) = parts.filter(|_| !is_text) else {
            return self.text_line(start, raw, diagnostics);
        };
        if parts.indented {
            diagnostics.push(number, parts.tag, Reason::IndentedLine);
        }
        if parts.tag.is_empty() {
            diagnostics.push(number, "", Reason::MissingTag);
            return None;
        }
        if parts.tag.starts_with('@') {
            diagnostics.push(number, "", Reason::UnterminatedXref { text: excerpt(parts.tag) });
        }
        while self.levels.last().is_some_and(|&above| above >= parts.level) {
            self.levels.pop();
        }
        if parts.level > above.map_or(0, |above| above + 1) {
            let from = above.unwrap_or(0);
            diagnostics.push(number, parts.tag, Reason::SkippedLevel { from, to: parts.level });
        }
        let depth = self.levels.len().min(DEEPEST);
        if self.levels.len() < DEEPEST {
            self.levels.push(parts.level);
        }
        self.continued = depth > 0 && matches!(parts.tag, "CONC" | "CONT");
        Some(Line {
            number,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            depth: u8::try_from(depth).unwrap_or(u8::MAX),
            xref: parts.xref,
            tag: parts.tag,
            value: parts.value,
        })
    }

    /// A line that is only text: the rest of a value whose line ends were not escaped.
    fn text_line(
        &mut self,
        start: usize,
        raw: &'t str,
        diagnostics: &mut Diagnostics,
    ) -> Option<Line<'t>> {
        let number = self.number;
        if raw.trim().is_empty() {
            diagnostics.push(number, "", Reason::BlankLine);
            return None;
        }
        if self.levels.is_empty() {
            if !self.junk {
                diagnostics.push(number, "", Reason::JunkBeforeHeader);
                self.junk = true;
            }
            return None;
        }
        // Substitute characters end the text files of old systems.
        if raw.bytes().all(|b| b <= b' ') {
            diagnostics.push(number, "", Reason::ControlCharacter);
            return None;
        }
        diagnostics.push(number, "", Reason::LineWithoutLevel { text: excerpt(raw.trim()) });
        if !self.continued && self.levels.len() < DEEPEST {
            let level = self.levels.last().map_or(0, |above| above + 1);
            self.levels.push(level);
            self.continued = true;
        }
        Some(Line {
            number,
            start: u32::try_from(start).unwrap_or(u32::MAX),
            depth: u8::try_from(self.levels.len().saturating_sub(1)).unwrap_or(u8::MAX),
            xref: "",
            tag: "CONT",
            value: raw,
        })
    }
}

struct Parts<'t> {
    level: u16,
    indented: bool,
    xref: &'t str,
    tag: &'t str,
    value: &'t str,
}

/// Cuts a line at its delimiters; `None` if it does not begin with a level.
fn split(raw: &str) -> Option<Parts<'_>> {
    // Files that were joined by hand carry a byte order mark where the second one began.
    let raw = raw.strip_prefix('\u{feff}').unwrap_or(raw);
    let bytes = raw.as_bytes();
    let mut at = 0;
    while bytes.get(at).is_some_and(|&b| is_blank(b)) {
        at += 1;
    }
    let indented = at > 0;
    let digits = at;
    let mut level: u16 = 0;
    while let Some(digit) = bytes.get(at).filter(|b| b.is_ascii_digit()) {
        level = level * 10 + u16::from(digit - b'0');
        at += 1;
        if at - digits > 3 {
            return None;
        }
    }
    if at == digits {
        return None;
    }
    let after_level = at;
    while bytes.get(at).is_some_and(|&b| is_blank(b)) {
        at += 1;
    }
    if at == after_level && at < bytes.len() {
        return None;
    }
    let mut xref = "";
    if bytes.get(at) == Some(&b'@')
        && let Some(length) =
            bytes.get(at + 1..).and_then(|rest| rest.iter().position(|&b| b == b'@'))
        && length > 0
    {
        xref = trimmed(raw.get(at + 1..at + 1 + length)?);
        at += length + 2;
        while bytes.get(at).is_some_and(|&b| is_blank(b)) {
            at += 1;
        }
    }
    let tag_start = at;
    while bytes.get(at).is_some_and(|&b| !is_blank(b)) {
        at += 1;
    }
    let tag = raw.get(tag_start..at)?;
    let value = raw.get(at + 1..).unwrap_or_default();
    Some(Parts { level, indented, xref, tag, value })
}

const fn is_blank(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t')
}

/// Whether a word looks like a tag of the standard or of a program.
fn is_tag(word: &str) -> bool {
    !word.is_empty()
        && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_')
        && !word.bytes().all(|b| b.is_ascii_digit())
        || word.starts_with('_')
        || word.starts_with('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each line as "number depth xref tag=value", then the codes of the diagnostics.
    fn check(text: &str, expect: &[&str], codes: &[&str]) {
        let mut diagnostics = Diagnostics::default();
        let mut lines = Lines::new(text, 0);
        let mut found = Vec::new();
        while let Some(line) = lines.next(&mut diagnostics) {
            found.push(format!(
                "{} {} {} {}={}",
                line.number, line.depth, line.xref, line.tag, line.value
            ));
        }
        assert_eq!(found, expect, "{text:?}");
        let found: Vec<&str> = diagnostics.finish(0).iter().map(|d| d.reason.code()).collect();
        assert_eq!(found, codes, "{text:?}");
    }

    #[test]
    fn all_line_ends_are_understood() {
        for end in ["\n", "\r", "\r\n", "\n\r"] {
            let text = ["0 HEAD", "1 NOTE a b ", "0 TRLR"].join(end) + end;
            check(&text, &["1 0  HEAD=", "2 1  NOTE=a b ", "3 0  TRLR="], &[]);
        }
        check("0 HEAD", &["1 0  HEAD="], &[]);
    }

    #[test]
    fn lines_are_cut_at_their_delimiters() {
        check(
            "0 @I1@ INDI\n1 NAME  John /Doe/\n2\tGIVN\tJohn",
            &["1 0 I1 INDI=", "2 1  NAME= John /Doe/", "3 2  GIVN=John"],
            &[],
        );
        check("0 @N1@ NOTE @@me\n1 CONT", &["1 0 N1 NOTE=@@me", "2 1  CONT="], &[]);
        check("0 HEAD\n1 FAMS @F1@", &["1 0  HEAD=", "2 1  FAMS=@F1@"], &[]);
    }

    #[test]
    fn links_are_known_by_their_signs() {
        for (value, expect) in [
            ("@I1@", Some("I1")),
            (" @I1 @ ", Some("I1")),
            ("@I 1@", Some("I 1")),
            ("@ @", None),
            ("@@", None),
            ("@", None),
            ("@#DJULIAN@", None),
            ("@a@b@", None),
            ("@I1@ and more", None),
        ] {
            assert_eq!(Line { value, ..Line::EMPTY }.pointer(), expect, "{value}");
        }
    }

    #[test]
    fn odd_lines_are_read_and_reported() {
        check(
            "0 HEAD\n1 BIRT\n4 DATE 1900\n4 PLAC X\n1 SEX M",
            &["1 0  HEAD=", "2 1  BIRT=", "3 2  DATE=1900", "4 2  PLAC=X", "5 1  SEX=M"],
            &["skipped_level"],
        );
        check(
            "0 HEAD\n\n  1 SEX M",
            &["1 0  HEAD=", "3 1  SEX=M"],
            &["blank_line", "indented_line"],
        );
        check(
            "0 HEAD\n1 NOTE a\nlost text\nmore\n1850 too\n12 apples\n1 SEX M",
            &[
                "1 0  HEAD=",
                "2 1  NOTE=a",
                "3 2  CONT=lost text",
                "4 2  CONT=more",
                "5 2  CONT=1850 too",
                "6 2  CONT=12 apples",
                "7 1  SEX=M",
            ],
            &["line_without_level"; 4],
        );
        check("0 @I1 INDI\n1", &["1 0  @I1=INDI"], &["unterminated_xref", "missing_tag"]);
        check("0 HEAD\n\u{feff}0 HEAD", &["1 0  HEAD=", "2 0  HEAD="], &[]);
        check("junk\nmore\n0 HEAD", &["3 0  HEAD="], &["junk_before_header"]);
        check("0 HEAD\n\u{1a}", &["1 0  HEAD="], &["control_character"]);
        let long = "x".repeat(1_000_000);
        check(
            &format!("0 HEAD\n1 NOTE {long}"),
            &["1 0  HEAD=", &format!("2 1  NOTE={long}")],
            &["long_line"],
        );
    }
}
