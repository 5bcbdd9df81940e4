//! Versions of servers.

/// Whether `version` (`7.0.15`) is `(major, minor)` or later. What cannot be read is not.
pub(crate) fn is_at_least(version: &str, (major, minor): (u32, u32)) -> bool {
    let mut numbers = version.split('.').map(|part| part.parse::<u32>().ok());
    match (numbers.next().flatten(), numbers.next().flatten()) {
        (Some(this_major), this_minor) => (this_major, this_minor.unwrap_or(0)) >= (major, minor),
        (None, _) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (version, at_least, expect) in [
            ("7.0.15", (7, 0), true),
            ("7.0.15", (7, 2), false),
            ("7.2.0", (7, 2), true),
            ("8.0-rc1", (7, 2), true),
            ("255.255.255", (7, 2), true),
            ("6.2", (6, 2), true),
            ("7", (7, 0), true),
            ("", (0, 0), false),
            ("x.1", (0, 0), false),
        ] {
            assert_eq!(is_at_least(version, at_least), expect, "{version}");
        }
    }
}
