//! Addresses as servers tell them.

use banyan_topology::printable;

/// The longest name in the domain name system, in bytes.
const MAX_HOST_BYTES: usize = 253;

/// `host:port`, with an IPv6 address in brackets. `None` for what cannot be an address: a server
/// that does not know its own says an empty host or port 0.
pub(super) fn address(host: &str, port: &str) -> Option<String> {
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
    let is_odd = |c: char| !c.is_ascii_graphic() || "/@?#[]".contains(c);
    if host.is_empty() || host == "?" || host.len() > MAX_HOST_BYTES || host.contains(is_odd) {
        return None;
    }
    Some(if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
}

/// Host, without brackets, and port of `text`, which may be an IPv6 address without brackets too, as
/// CLUSTER NODES has it.
pub(super) fn split(text: &str) -> Option<(&str, u16)> {
    let (host, port) = text.rsplit_once(':')?;
    let host = host.strip_prefix('[').and_then(|h| h.strip_suffix(']')).unwrap_or(host);
    Some((host, port.parse().ok()?))
}

/// The same address in its one form.
pub(super) fn normal(text: &str) -> Option<String> {
    let (host, port) = text.rsplit_once(':')?;
    address(host, port)
}

/// Text of a server, for people.
pub(super) fn words(bytes: &[u8]) -> String {
    printable(bytes, 256)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_have_one_form() {
        let check = |text: &str, expect: Option<&str>| {
            assert_eq!(normal(text).as_deref(), expect, "{text}");
        };
        check("127.0.0.1:7000", Some("127.0.0.1:7000"));
        check("::1:7000", Some("[::1]:7000"));
        check("[::1]:7000", Some("[::1]:7000"));
        check("cache-1.example:6379", Some("cache-1.example:6379"));
        for nothing in ["", ":7000", "?:7000", "h:0", "h:99999", "h", "a b:1", "a/b:1", "u@h:1"] {
            check(nothing, None);
        }
        assert_eq!(split("[::1]:7000"), Some(("::1", 7000)));
        assert_eq!(split("h:1"), Some(("h", 1)));
    }

    proptest::proptest! {
        #[test]
        fn what_is_an_address_stays_the_same(text in "[\\PC:\\[\\].]{0,30}(:[0-9]{1,6})?") {
            if let Some(address) = normal(&text) {
                assert_eq!(normal(&address).as_ref(), Some(&address));
                assert!(split(&address).is_some());
            }
        }
    }
}
