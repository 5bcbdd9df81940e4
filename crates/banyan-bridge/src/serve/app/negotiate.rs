//! What a client takes: compressed forms, and the copy that it has already (RFC 9110, 8.4 and 13.1).

use axum::http::{HeaderMap, header};

/// A form in which the build leaves each file beside the plain one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Encoding {
    Brotli,
    Gzip,
}

impl Encoding {
    /// Smallest first.
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    pub(super) const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    pub(super) const fn extension(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
        }
    }
}

/// The encodings that the client takes, smallest first. Weights other than 0 count alike.
pub(super) fn accepted(headers: &HeaderMap) -> Vec<Encoding> {
    let values = || {
        headers
            .get_all(header::ACCEPT_ENCODING)
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(|item| item.split_once(';').unwrap_or((item, "")))
    };
    let weight = |token: &str| {
        let (_, parameters) = values().find(|(name, _)| name.trim().eq_ignore_ascii_case(token))?;
        let weight = parameters.trim().strip_prefix("q=").map_or(Ok(1.0), str::parse::<f32>);
        Some(weight.unwrap_or(0.0))
    };
    let takes = |encoding: &Encoding| {
        weight(encoding.token()).or_else(|| weight("*")).is_some_and(|weight| weight > 0.0)
    };
    Encoding::ALL.into_iter().filter(takes).collect()
}

/// Whether the client's `If-None-Match` names `etag`.
pub(super) fn matches(headers: &HeaderMap, etag: &str) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .any(|tag| tag == "*" || tag.strip_prefix("W/").unwrap_or(tag) == etag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_form_that_is_accepted() {
        let check = |value: &str, expect: &[Encoding]| {
            let mut headers = HeaderMap::new();
            headers.insert(header::ACCEPT_ENCODING, value.parse().unwrap());
            assert_eq!(accepted(&headers), expect, "{value}");
        };
        use Encoding::{Brotli, Gzip};
        check("gzip, deflate, br, zstd", &[Brotli, Gzip]);
        check("gzip", &[Gzip]);
        check("GZIP;q=0.5", &[Gzip]);
        check("br;q=0, gzip", &[Gzip]);
        check("*", &[Brotli, Gzip]);
        check("*;q=0", &[]);
        check("br; q=0 , *", &[Gzip]);
        check("gzip;q=nonsense", &[]);
        check("identity", &[]);
        check("", &[]);
        assert_eq!(accepted(&HeaderMap::new()), []);
    }

    #[test]
    fn a_copy_is_recognised() {
        let check = |value: &str, expect: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::IF_NONE_MATCH, value.parse().unwrap());
            assert_eq!(matches(&headers, "\"ab\""), expect, "{value}");
        };
        check("\"ab\"", true);
        check("W/\"ab\"", true);
        check("\"x\", \"ab\"", true);
        check("*", true);
        check("\"a\"", false);
        check("ab", false);
    }
}
