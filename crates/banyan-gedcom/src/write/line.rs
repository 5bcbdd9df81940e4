//! A record as lines, in the grammar of a version.

use unicode_normalization::char::is_combining_mark;

use crate::{tree::Tree, write::Version};

/// Characters of a line of 5.5.1, its level, delimiters and line end included.
const LONGEST: usize = 255;
/// Level, delimiters, tag `CONC` and a line end of two characters, at most.
const CONTINUATION: usize = 11;

/// Appends the lines of a record.
pub(crate) fn write(tree: &Tree<'_>, version: Version, out: &mut String) {
    for (at, depth) in tree.walk(0) {
        let Some(element) = tree.get(at) else { continue };
        let begin = out.len();
        push_number(out, depth);
        if !element.xref.is_empty() {
            out.push_str(" @");
            out.push_str(&element.xref);
            out.push('@');
        }
        out.push(' ');
        out.push_str(&element.tag);
        if element.is_pointer {
            out.push_str(" @");
            out.push_str(&element.value);
            out.push_str("@\n");
            continue;
        }
        let taken = out.get(begin..).map_or(0, |prefix| prefix.chars().count()) + 3;
        push_text(out, &element.value, depth + 1, taken, version);
    }
}

fn push_number(out: &mut String, number: usize) {
    if number >= 10 {
        out.push_str(&number.to_string());
    } else {
        out.push(char::from(b'0' + u8::try_from(number).unwrap_or_default()));
    }
}

/// Appends a text to a line that has begun, with as many continuations of `level` as it takes;
/// `taken` is how many characters of the first line are gone already.
fn push_text(out: &mut String, text: &str, level: usize, taken: usize, version: Version) {
    for (number, line) in text.split(['\n', '\r']).enumerate() {
        if number > 0 {
            push_number(out, level);
            out.push_str(" CONT");
        }
        if !line.is_empty() {
            out.push(' ');
        }
        match version {
            Version::V7 => {
                if line.starts_with('@') {
                    out.push('@');
                }
                out.push_str(line);
            }
            Version::V551 => {
                let room =
                    LONGEST - if number == 0 { taken.min(LONGEST - 20) } else { CONTINUATION };
                push_in_pieces(out, line, level, room);
            }
        }
        out.push('\n');
    }
}

/// Appends one line of text, cut where it is too long.
fn push_in_pieces(out: &mut String, line: &str, level: usize, room: usize) {
    let doubled;
    let mut rest = line;
    if line.contains('@') {
        doubled = doubled_signs(line);
        rest = &doubled;
    }
    let mut room = room;
    while let Some(piece) = first_piece(rest, room) {
        out.push_str(piece);
        out.push('\n');
        push_number(out, level);
        out.push_str(" CONC ");
        rest = rest.get(piece.len()..).unwrap_or_default();
        room = LONGEST - CONTINUATION;
    }
    out.push_str(rest);
}

/// Doubles every `@` but those around an escape such as `@#DJULIAN@`.
fn doubled_signs(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut rest = line;
    while let Some(at) = rest.find('@') {
        out.push_str(rest.get(..at).unwrap_or_default());
        let from = rest.get(at..).unwrap_or_default();
        let length = escape(from).unwrap_or(0);
        if length > 0 {
            out.push_str(from.get(..length).unwrap_or_default());
        } else {
            out.push_str("@@");
        }
        rest = from.get(length.max(1)..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}

/// The length of the escape that a text begins with. One that another sign follows is none: nobody
/// could tell the two signs from one that was doubled.
fn escape(text: &str) -> Option<usize> {
    let inner = text.strip_prefix("@#")?;
    let end = inner.find('@')?;
    let is_followed = inner.get(end + 1..).is_some_and(|after| after.starts_with('@'));
    (inner.starts_with(|c: char| c.is_ascii_alphabetic()) && !is_followed).then_some(end + 3)
}

/// What fits on a line of a text that does not fit whole. It is cut between two characters that are no
/// spaces, which programs drop at the ends of lines, nor signs, and not within a letter and its marks.
fn first_piece(text: &str, room: usize) -> Option<&str> {
    let (end, _) = text.char_indices().nth(room)?;
    let fitting = text.get(..end)?;
    let may_cut = |at: usize, is_strict: bool| {
        let before = text.get(..at).and_then(|before| before.chars().next_back());
        let after = text.get(at..).and_then(|after| after.chars().next());
        let (Some(before), Some(after)) = (before, after) else { return false };
        let is_blank = |c: char| c.is_whitespace() || c == '\u{feff}';
        let is_joined = is_joining(before) || is_joining(after) || is_combining_mark(after);
        before != '@'
            && after != '@'
            && !(is_strict && (is_blank(before) || is_blank(after) || is_joined))
    };
    let ends = || {
        let inside = fitting.char_indices().rev().map(|(at, _)| at).filter(|&at| at > 0);
        std::iter::once(end).chain(inside)
    };
    let at =
        ends().find(|&at| may_cut(at, true)).or_else(|| ends().find(|&at| may_cut(at, false)))?;
    text.get(..at)
}

/// Zero-width joiners, variation selectors and skin tones join what stands around them.
fn is_joining(c: char) -> bool {
    matches!(u32::from(c), 0x200D | 0xFE00..=0xFE0F | 0x1_F3FB..=0x1_F3FF | 0xE_0100..=0xE_01EF)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::{diagnostic::Diagnostics, line::Lines, tree::Element};

    fn written(text: &str, version: Version) -> String {
        let mut tree = Tree::default();
        tree.append(None, Element::new("NOTE", text.to_owned()));
        let mut out = String::new();
        write(&tree, version, &mut out);
        out
    }

    fn read(lines: &str, version: Version) -> String {
        let mut walk = Lines::new(lines, 0);
        let mut diagnostics = Diagnostics::default();
        let mut tree = Tree::default();
        let lines = std::iter::from_fn(|| walk.next(&mut diagnostics));
        tree.read(lines, version == Version::V7);
        tree.value(0).to_owned()
    }

    #[test]
    fn signs_are_doubled_as_each_version_wants() {
        for (text, old, new) in [
            ("a@b", "0 NOTE a@@b\n", "0 NOTE a@b\n"),
            ("@I1@", "0 NOTE @@I1@@\n", "0 NOTE @@I1@\n"),
            ("@#DJULIAN@ 1700", "0 NOTE @#DJULIAN@ 1700\n", "0 NOTE @@#DJULIAN@ 1700\n"),
            ("a\n\n@b ", "0 NOTE a\n1 CONT\n1 CONT @@b \n", "0 NOTE a\n1 CONT\n1 CONT @@b \n"),
            ("", "0 NOTE\n", "0 NOTE\n"),
        ] {
            assert_eq!(written(text, Version::V551), old);
            assert_eq!(written(text, Version::V7), new);
        }
    }

    #[test]
    fn long_lines_are_cut_inside_words() {
        let text = "many words ".repeat(60) + &"字".repeat(600) + &" ".repeat(300) + "é";
        let lines = written(&text, Version::V551);
        assert!(lines.lines().all(|line| line.chars().count() <= LONGEST - 2), "{lines}");
        assert!(lines.lines().count() > 5);
        let words = lines.lines().take(2);
        assert!(
            words.map(str::to_owned).all(|line| !line.ends_with(' ') && !line.contains("CONC  "))
        );
        assert_eq!(read(&lines, Version::V551), text);
        assert_eq!(written(&text, Version::V7).lines().count(), 1);
    }

    proptest! {
        #[test]
        fn every_text_comes_back(text in "([a-z@# \n字é\u{301}\u{200d}]|@#D|@@){0,300}|[ -~\n]{0,900}") {
            for version in [Version::V551, Version::V7] {
                let lines = written(&text, version);
                prop_assert_eq!(read(&lines, version), text.as_str(), "{}", lines);
            }
        }
    }
}
