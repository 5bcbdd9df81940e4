//! Keys and their parts.

/// The first part of a key with its delimiter; the whole key if it has none.
pub(crate) fn prefix<'a>(key: &'a [u8], delimiter: &[u8]) -> &'a [u8] {
    if delimiter.is_empty() {
        return key;
    }
    let at = key.windows(delimiter.len()).position(|window| window == delimiter);
    at.and_then(|at| key.get(..at + delimiter.len())).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes() {
        for (key, delimiter, expect) in [
            ("user:1:name", ":", "user:"),
            ("user", ":", "user"),
            (":a", ":", ":"),
            ("a::b", "::", "a::"),
            ("a:b", "", "a:b"),
            ("", ":", ""),
        ] {
            let found = prefix(key.as_bytes(), delimiter.as_bytes());
            assert_eq!(found, expect.as_bytes(), "{key:?} {delimiter:?}");
        }
    }
}
