//! Which texts there are: read from a file of `locales/` by the compiler, and again from what the page
//! loads.

/// Digest of no keys: the offset basis of 32-bit FNV-1a.
pub const EMPTY: u32 = 0x811c_9dc5;

/// Key and text of a line `"key": "text",` of a file; texts have no escapes.
pub fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, text) = line.trim_start().strip_prefix('"')?.split_once("\": \"")?;
    Some((key, text.trim_end_matches(',').strip_suffix('"')?))
}

/// The digest of one key more.
pub const fn digest(keys: u32, key: &[u8]) -> u32 {
    let mut digest = keys;
    let mut at = 0;
    while at <= key.len() {
        let byte = if at < key.len() { key[at] } else { 0 };
        digest = (digest ^ byte as u32).wrapping_mul(0x0100_0193);
        at += 1;
    }
    digest
}

/// The digest of all keys of a file.
pub const fn digest_of(file: &str) -> u32 {
    let mut digest_so_far = EMPTY;
    let mut rest = file.as_bytes();
    while let Some((key, after)) = next_key(rest) {
        digest_so_far = digest(digest_so_far, key);
        rest = after;
    }
    digest_so_far
}

/// The place of a key among those of a file.
#[expect(clippy::panic, reason = "it is the compiler that stops")]
pub const fn place(file: &str, key: &str) -> u16 {
    let mut place = 0;
    let mut rest = file.as_bytes();
    while let Some((found, after)) = next_key(rest) {
        if is_same(found, key.as_bytes()) {
            return place;
        }
        place += 1;
        rest = after;
    }
    panic!("locales/en.json has no such key");
}

/// The first key of a text that begins with a line, and the lines behind its own.
const fn next_key(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut rest = text;
    while let [first, after @ ..] = rest {
        match first {
            b'"' => {
                let (key, after) = after.split_at(position(after, b'"'));
                return Some((key, after.split_at(position(after, b'\n')).1));
            }
            _ => rest = after,
        }
    }
    None
}

const fn position(text: &[u8], byte: u8) -> usize {
    let mut at = 0;
    while at < text.len() && text[at] != byte {
        at += 1;
    }
    at
}

const fn is_same(one: &[u8], other: &[u8]) -> bool {
    if one.len() != other.len() {
        return false;
    }
    let mut at = 0;
    while at < one.len() {
        if one[at] != other[at] {
            return false;
        }
        at += 1;
    }
    true
}
