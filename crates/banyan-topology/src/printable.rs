//! Foreign bytes as text that is safe to show.

use std::fmt::Write;

/// `bytes` as text of at most `max_bytes` bytes (an ellipsis may come on top). Bytes that are not
/// UTF-8, control characters, and the invisible characters that reorder or join what stands around
/// them are written as `\xNN`, byte by byte.
pub fn printable(bytes: &[u8], max_bytes: usize) -> String {
    let mut text = String::with_capacity(bytes.len().min(max_bytes));
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            let mut utf8 = [0; 4];
            let encoded = c.encode_utf8(&mut utf8);
            let length = if is_deceptive(c) { 4 * encoded.len() } else { encoded.len() };
            if text.len() + length > max_bytes {
                text.push('…');
                return text;
            }
            if is_deceptive(c) {
                push_escaped(&mut text, encoded.as_bytes());
            } else {
                text.push(c);
            }
        }
        if text.len() + 4 * chunk.invalid().len() > max_bytes {
            text.push('…');
            return text;
        }
        push_escaped(&mut text, chunk.invalid());
    }
    text
}

fn push_escaped(text: &mut String, bytes: &[u8]) {
    for byte in bytes {
        // Writing into a String cannot fail.
        let _ = write!(text, "\\x{byte:02x}");
    }
}

/// Control characters, bidirectional overrides and isolates, zero-width characters, separators of
/// lines and paragraphs, and the byte order mark.
fn is_deceptive(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], expect: &str) {
        assert_eq!(printable(bytes, 24), expect);
    }

    #[test]
    fn foreign_bytes_become_text() {
        check(b"user:1", "user:1");
        check("贾府".as_bytes(), "贾府");
        check(b"\xff\x00a", "\\xff\\x00a");
        check("a\u{202e}b".as_bytes(), "a\\xe2\\x80\\xaeb");
        check(b"<img/src=x>", "<img/src=x>");
        check(&[b'a'; 25], "aaaaaaaaaaaaaaaaaaaaaaaa…");
        check(&[b'a'; 24], "aaaaaaaaaaaaaaaaaaaaaaaa");
        check(&[0; 7], "\\x00\\x00\\x00\\x00\\x00\\x00…");
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_safe_and_short(bytes: Vec<u8>) {
            let text = printable(&bytes, 40);
            assert!(text.len() <= 40 + '…'.len_utf8());
            assert!(!text.chars().any(is_deceptive));
        }
    }
}
