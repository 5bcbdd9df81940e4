//! Joining characters that a program cut in two at the end of a line.
//!
//! Some programs wrap values after so many bytes and continue them by CONC in the middle of a
//! character. Its first bytes are moved to where the rest of it is.

use super::charset::Charset;

/// Bytes with whole characters, and the lines (from 1) that now begin with one.
pub(super) struct Healed {
    pub bytes: Vec<u8>,
    pub lines: Vec<u32>,
}

/// Heals all CONC lines; `None` if nothing was cut.
pub(super) fn heal(bytes: &[u8], charset: Charset) -> Option<Healed> {
    let cut = match charset {
        _ if charset == Charset::UTF_8 => cut_utf_8,
        Charset::Rs(encoding) if is_double_byte(encoding) => cut_double_byte,
        _ => return None,
    };
    let end = if bytes.contains(&b'\n') { b'\n' } else { b'\r' };
    let mut healed = Healed { bytes: Vec::with_capacity(bytes.len()), lines: Vec::new() };
    // Where the line before starts in the healed bytes.
    let mut before = 0;
    for (number, line) in (1..).zip(bytes.split_inclusive(|&b| b == end)) {
        let start = healed.bytes.len();
        let Some((head, value)) = conc(line) else {
            healed.bytes.extend_from_slice(line);
            before = start;
            continue;
        };
        let line_before = healed.bytes.get(before..).unwrap_or_default();
        let content = line_before.trim_ascii_end().len();
        let moved = cut(line_before.get(..content).unwrap_or_default(), value);
        let moved_from = before + content - moved;
        let first_bytes: Vec<u8> = healed.bytes.drain(moved_from..moved_from + moved).collect();
        before = healed.bytes.len();
        healed.bytes.extend_from_slice(head);
        healed.bytes.extend_from_slice(&first_bytes);
        healed.bytes.extend_from_slice(value);
        if moved > 0 {
            healed.lines.push(number);
        }
    }
    (!healed.lines.is_empty()).then_some(healed)
}

/// Cuts a CONC line before its value.
fn conc(line: &[u8]) -> Option<(&[u8], &[u8])> {
    let from_level = line.trim_ascii_start();
    let digits = from_level.iter().take_while(|b| b.is_ascii_digit()).count();
    let after_level = from_level.get(digits..)?.trim_ascii_start();
    let value = after_level.strip_prefix(b"CONC ")?;
    (digits > 0).then(|| line.split_at(line.len() - value.len()))
}

/// How many bytes at the end of `before` begin a character that `value` completes.
fn cut_utf_8(before: &[u8], value: &[u8]) -> usize {
    for length in 1..=before.len().min(3) {
        let Some(tail) = before.get(before.len() - length..) else { return 0 };
        let needed = match tail.first() {
            Some(0xC2..=0xDF) => 2,
            Some(0xE0..=0xEF) => 3,
            Some(0xF0..=0xF4) => 4,
            Some(0x80..=0xBF) => continue,
            _ => return 0,
        };
        let missing = usize::saturating_sub(needed, length);
        let completes = missing > 0
            && value
                .get(..missing)
                .is_some_and(|rest| rest.iter().all(|b| matches!(b, 0x80..=0xBF)));
        return if completes { length } else { 0 };
    }
    0
}

/// The same for GBK, GB18030, Big5, Shift_JIS and the EUC encodings: pairs, and fours in GB18030.
fn cut_double_byte(before: &[u8], value: &[u8]) -> usize {
    let mut at = 0;
    while let Some(&byte) = before.get(at) {
        if byte < 0x81 {
            at += 1;
            continue;
        }
        let length = if before.get(at + 1).is_some_and(u8::is_ascii_digit) { 4 } else { 2 };
        if at + length > before.len() {
            let completes = value.first().is_some_and(|&b| b >= 0x30);
            return if completes { before.len() - at } else { 0 };
        }
        at += length;
    }
    0
}

fn is_double_byte(encoding: &'static encoding_rs::Encoding) -> bool {
    [
        encoding_rs::GBK,
        encoding_rs::GB18030,
        encoding_rs::BIG5,
        encoding_rs::EUC_KR,
        encoding_rs::EUC_JP,
        encoding_rs::SHIFT_JIS,
    ]
    .contains(&encoding)
}
