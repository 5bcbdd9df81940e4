//! `host[:port]`, parsed.

use std::{
    fmt,
    net::{IpAddr, Ipv6Addr},
    str::FromStr,
};

/// A host by address or by name. Names are lower case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    Address(IpAddr),
    Name(String),
}

/// What stands in `Host`, and in `Origin` after the scheme.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Authority {
    pub host: Host,
    pub port: Option<u16>,
}

impl Authority {
    /// `None` unless all of `text` is a host with or without a port: no user, no path, no trailing
    /// dot, no address in another spelling than that of RFC 3986.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some(rest) = text.strip_prefix('[') {
            let (address, rest) = rest.split_once(']')?;
            let host = Host::Address(IpAddr::V6(address.parse::<Ipv6Addr>().ok()?));
            let port = match rest {
                "" => None,
                _ => Some(parse_port(rest.strip_prefix(':')?)?),
            };
            return Some(Self { host, port });
        }
        let (host, port) = match text.split_once(':') {
            None => (text, None),
            Some((host, port)) => (host, Some(parse_port(port)?)),
        };
        let host = match host.parse() {
            Ok(address) => Host::Address(IpAddr::V4(address)),
            Err(_) => Host::Name(parse_name(host)?),
        };
        Some(Self { host, port })
    }
}

fn parse_port(digits: &str) -> Option<u16> {
    // `u16::from_str` would let a sign through.
    digits.bytes().all(|byte| byte.is_ascii_digit()).then(|| digits.parse().ok())?
}

/// A name of letters, digits, `-` and `_` in labels; not one that a browser may read as a number.
fn parse_name(name: &str) -> Option<String> {
    let label = |label: &str| {
        !label.is_empty()
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_'))
    };
    let last = name.rsplit('.').next()?;
    let is_number = last.bytes().all(|byte| byte.is_ascii_digit()) || last.starts_with("0x");
    (name.len() <= 253 && name.split('.').all(label) && !is_number)
        .then(|| name.to_ascii_lowercase())
}

impl FromStr for Authority {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text).ok_or_else(|| format!("`{text}` is no host name or host:port"))
    }
}

impl fmt::Display for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.host {
            Host::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
            Host::Address(address) => write!(f, "{address}")?,
            Host::Name(name) => f.write_str(name)?,
        }
        self.port.map_or(Ok(()), |port| write!(f, ":{port}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expect: Option<&str>) {
        let parsed = Authority::parse(text).map(|authority| authority.to_string());
        assert_eq!(parsed.as_deref(), expect, "{text}");
    }

    #[test]
    fn reads_hosts_and_nothing_else() {
        check("Example.COM:80", Some("example.com:80"));
        check("[0:0::1]:7", Some("[::1]:7"));
        check("[::1]", Some("[::1]"));
        check("127.0.0.1", Some("127.0.0.1"));
        check("a_b.c-d", Some("a_b.c-d"));
        for bad in [
            "",
            ":80",
            "a:",
            "a:+8",
            "a:65536",
            "a:8 ",
            " a",
            "a b",
            "a/b",
            "a@b",
            "::1",
            "[::1",
            "[::1]x",
            "[::1]:",
            "[127.0.0.1]",
            "[fe80::1%lo]",
            "1.2.3",
            "1.2.3.4.5",
            "0177.0.0.1",
            "0x7f.1",
            "0x7f000001",
            "a..b",
            ".a",
            "a.",
            "ä.de",
            "a,b",
            "a:1:2",
            "127.0.0.1.",
        ] {
            check(bad, None);
        }
    }

    #[test]
    fn no_name_that_only_begins_like_loopback_is_an_address() {
        for name in ["127.evil.com", "127.0.0.1.evil.com", "localhost.evil.com", "0x7f.evil.com"] {
            let parsed = Authority::parse(name).unwrap();
            assert_eq!(parsed.host, Host::Name(name.into()));
        }
    }

    proptest::proptest! {
        #[test]
        fn what_is_read_is_written_the_same(
            text in "\\PC{0,20}|\\[?[0-9a-f:.]{0,20}\\]?(:[0-9]{0,6})?|[a-zA-Z0-9._-]{0,20}(:[0-9]{0,6})?",
        ) {
            if let Some(authority) = Authority::parse(&text) {
                let written = authority.to_string();
                proptest::prop_assert_eq!(Authority::parse(&written), Some(authority));
            }
        }
    }
}
