//! Which texts there are: read from a file of `locales/` when the program is built, and again from
//! what the page loads.

/// Digest of no keys: the offset basis of 32-bit FNV-1a.
pub const EMPTY: u32 = 0x811c_9dc5;

/// Key and text of a line `"key": "text",` of a file; texts have no escapes.
pub fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, text) = line.trim_start().strip_prefix('"')?.split_once("\": \"")?;
    Some((key, text.trim_end_matches(',').strip_suffix('"')?))
}

/// The digest of one key more.
pub fn digest(keys: u32, key: &str) -> u32 {
    key.bytes()
        .chain([0])
        .fold(keys, |so_far, byte| (so_far ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}
