//! ANSEL (ANSI/NISO Z39.47-1993 with the additions of GEDCOM 5.5.1, appendix C).
//!
//! Diacritics stand before their letter; the text comes out composed (NFC).

use unicode_normalization::UnicodeNormalization;

/// The text, and whether any byte had no character.
pub(crate) fn decode(bytes: &[u8]) -> (String, bool) {
    let mut text = String::with_capacity(bytes.len() + bytes.len() / 8);
    let mut marks: Vec<char> = Vec::new();
    let mut had_errors = false;
    for &byte in bytes {
        let c = if byte < 0x80 {
            char::from(byte)
        } else if let Some(mark) = mark(byte) {
            marks.push(mark);
            continue;
        } else {
            spacing(byte).unwrap_or_else(|| {
                had_errors = true;
                char::REPLACEMENT_CHARACTER
            })
        };
        if marks.is_empty() {
            text.push(c);
        } else if c.is_control() {
            // No letter follows in the line: the marks stay with what stands before.
            text.extend(marks.drain(..));
            text.push(c);
        } else {
            text.extend(std::iter::once(c).chain(marks.drain(..)).nfc());
        }
    }
    text.extend(marks);
    (text, had_errors)
}

/// Characters that stand for themselves.
fn spacing(byte: u8) -> Option<char> {
    Some(match byte {
        0xA1 => 'Ł',
        0xA2 => 'Ø',
        0xA3 => 'Đ',
        0xA4 => 'Þ',
        0xA5 => 'Æ',
        0xA6 => 'Œ',
        0xA7 => 'ʹ',
        0xA8 => '·',
        0xA9 => '♭',
        0xAA => '®',
        0xAB => '±',
        0xAC => 'Ơ',
        0xAD => 'Ư',
        0xAE => 'ʼ',
        0xB0 => 'ʻ',
        0xB1 => 'ł',
        0xB2 => 'ø',
        0xB3 => 'đ',
        0xB4 => 'þ',
        0xB5 => 'æ',
        0xB6 => 'œ',
        0xB7 => 'ʺ',
        0xB8 => 'ı',
        0xB9 => '£',
        0xBA => 'ð',
        0xBC => 'ơ',
        0xBD => 'ư',
        // GEDCOM's own: empty and black box, midline e and o, another sharp s.
        0xBE => '□',
        0xBF => '■',
        0xCD => 'e',
        0xCE => 'o',
        0xC7 | 0xCF => 'ß',
        0xC0 => '°',
        0xC1 => 'ℓ',
        0xC2 => '℗',
        0xC3 => '©',
        0xC4 => '♯',
        0xC5 => '¿',
        0xC6 => '¡',
        0xC8 => '€',
        _ => return None,
    })
}

/// Marks that belong to the letter behind them.
fn mark(byte: u8) -> Option<char> {
    Some(match byte {
        0xE0 => '\u{309}',
        0xE1 => '\u{300}',
        0xE2 => '\u{301}',
        0xE3 => '\u{302}',
        0xE4 => '\u{303}',
        0xE5 => '\u{304}',
        0xE6 => '\u{306}',
        0xE7 => '\u{307}',
        0xE8 => '\u{308}',
        0xE9 => '\u{30C}',
        0xEA => '\u{30A}',
        0xEB => '\u{FE20}',
        0xEC => '\u{FE21}',
        0xED => '\u{315}',
        0xEE => '\u{30B}',
        0xEF => '\u{310}',
        0xF0 => '\u{327}',
        0xF1 => '\u{328}',
        0xF2 => '\u{323}',
        0xF3 => '\u{324}',
        0xF4 => '\u{325}',
        0xF5 => '\u{333}',
        0xF6 => '\u{332}',
        0xF7 => '\u{326}',
        0xF8 => '\u{31C}',
        0xF9 => '\u{32E}',
        0xFA => '\u{FE22}',
        0xFB => '\u{FE23}',
        0xFC => '\u{338}',
        0xFE => '\u{313}',
        _ => return None,
    })
}

/// The byte of a character that stands for itself.
pub(crate) fn spacing_byte(c: char) -> Option<u8> {
    (0xA1..=0xCF).find(|&byte| spacing(byte) == Some(c))
}

/// The byte of a mark.
pub(crate) fn mark_byte(c: char) -> Option<u8> {
    (0xE0..=0xFE).find(|&byte| mark(byte) == Some(c))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_join_the_letter_behind_them() {
        for (bytes, expect) in [
            (b"M\xe8uller" as &[u8], "Müller"),
            (b"\xea\xe2A", "Ǻ"),
            (b"Bront\xe8e", "Brontë"),
            (b"\xb2stergaard \xcf", "østergaard ß"),
            (b"a\xe8\nb", "a\u{308}\nb"),
            (b"a\xe8", "a\u{308}"),
        ] {
            assert_eq!(decode(bytes), (expect.to_owned(), false));
        }
        assert_eq!(decode(b"\x81\xd0"), ("\u{fffd}\u{fffd}".to_owned(), true));
    }
}
