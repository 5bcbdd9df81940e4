//! Who may talk to the bridge at all: the `Host` of every request, the `Origin` of a WebSocket.
//!
//! A page of any web site can make a browser send requests here. Two things give it away: a name
//! that was made to resolve to this machine (DNS rebinding) stands in `Host`, and the site that the
//! page came from stands in `Origin`. Both are parsed and compared whole; `127.evil.com` and
//! `localhost.evil.com` are names like any other.

mod authority;

use std::net::{IpAddr, SocketAddr};

use axum::http::{
    HeaderMap, Uri,
    header::{HOST, ORIGIN},
    uri::Scheme,
};

pub use authority::{Authority, Host};

/// Why a request is turned away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refusal {
    #[error("the request names no host, or more than one")]
    NoHost,
    #[error("this bridge does not answer under that host name")]
    ForeignHost,
    #[error("the page that asks comes from another origin")]
    ForeignOrigin,
    #[error("the Origin is missing, and the caller is not known to be on this machine")]
    NoOrigin,
}

/// The names that the bridge answers under.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gate {
    /// Address that the listener is bound to, with its real port.
    pub listen: SocketAddr,
    /// Further names; one without a port stands for any port.
    pub extra: Vec<Authority>,
}

impl Gate {
    /// The host of a request, if the bridge answers under it.
    ///
    /// Exactly one `Host`; where the request line holds an authority as well (absolute form), it has
    /// to be the same.
    pub fn host(&self, uri: &Uri, headers: &HeaderMap) -> Result<Authority, Refusal> {
        let host = only(headers, HOST.as_str()).ok_or(Refusal::NoHost)?;
        let host = Authority::parse(host).ok_or(Refusal::ForeignHost)?;
        if let Some(line) = uri.authority()
            && Authority::parse(line.as_str()).as_ref() != Some(&host)
        {
            return Err(Refusal::ForeignHost);
        }
        if self.answers_as(&host) { Ok(host) } else { Err(Refusal::ForeignHost) }
    }

    /// Whether a WebSocket may be opened under `host`, which [`Gate::host`] let through, by `peer`.
    ///
    /// The origin has to be the page that this bridge itself served under that very name. A program
    /// without a browser sends none; it is let in from this machine only, and not through a proxy.
    pub fn origin(
        &self,
        host: &Authority,
        headers: &HeaderMap,
        peer: IpAddr,
    ) -> Result<(), Refusal> {
        if headers.get(ORIGIN).is_none() {
            let is_near = peer.to_canonical().is_loopback() && !self.is_extra(host);
            return if is_near { Ok(()) } else { Err(Refusal::NoOrigin) };
        }
        let origin = only(headers, ORIGIN.as_str()).ok_or(Refusal::ForeignOrigin)?;
        let (scheme, rest) = origin.split_once("://").ok_or(Refusal::ForeignOrigin)?;
        // TLS ends in a proxy, and only a proxy is known under an extra name.
        let https = scheme == Scheme::HTTPS.as_str() && self.is_extra(host);
        let same = Authority::parse(rest).as_ref() == Some(host);
        if same && (https || scheme == Scheme::HTTP.as_str()) {
            Ok(())
        } else {
            Err(Refusal::ForeignOrigin)
        }
    }

    fn answers_as(&self, host: &Authority) -> bool {
        // A browser leaves out the port of its scheme.
        let port = host.port.unwrap_or(80);
        let own = match &host.host {
            Host::Address(address) => {
                *address == self.listen.ip()
                    || matches!(address, IpAddr::V4(v4) if *v4 == std::net::Ipv4Addr::LOCALHOST)
                    || matches!(address, IpAddr::V6(v6) if *v6 == std::net::Ipv6Addr::LOCALHOST)
            }
            Host::Name(name) => name == "localhost",
        };
        (own && port == self.listen.port()) || self.is_extra(host)
    }

    fn is_extra(&self, host: &Authority) -> bool {
        self.extra.iter().any(|extra| {
            extra.host == host.host && (extra.port.is_none() || extra.port == host.port)
        })
    }
}

/// The value of a header that occurs exactly once and is visible ASCII.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    match (values.next(), values.next()) {
        (Some(value), None) => value.to_str().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn gate() -> Gate {
        Gate {
            listen: "127.0.0.1:7878".parse().unwrap(),
            extra: ["trees.example", "10.0.0.7:8443"]
                .into_iter()
                .map(|text| Authority::parse(text).unwrap())
                .collect(),
        }
    }

    fn host(host: &str) -> Result<Authority, Refusal> {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, host.parse().unwrap());
        gate().host(&Uri::from_static("/"), &headers)
    }

    #[test]
    fn answers_under_its_own_names_alone() {
        let own = ["127.0.0.1:7878", "[::1]:7878", "localhost:7878", "LOCALHOST:7878"];
        let extra = ["trees.example", "trees.example:443", "10.0.0.7:8443"];
        for good in own.into_iter().chain(extra) {
            assert!(host(good).is_ok(), "{good}");
        }
        for bad in [
            "127.0.0.1",
            "127.0.0.1:80",
            "localhost",
            "localhost:7879",
            "127.evil.com:7878",
            "127.0.0.1.evil.com:7878",
            "localhost.evil.com:7878",
            "evil.com",
            "evil.com:7878",
            "0.0.0.0:7878",
            "127.1:7878",
            "2130706433:7878",
            "0x7f000001:7878",
            "127.0.0.2:7878",
            "[::ffff:127.0.0.1]:7878",
            "localhost.:7878",
            "user@localhost:7878",
            "10.0.0.7",
            "sub.trees.example",
            "",
            ":7878",
            "localhost:",
            "localhost:7878,evil.com",
        ] {
            assert_eq!(host(bad), Err(Refusal::ForeignHost), "{bad}");
        }
    }

    fn origin(host_text: &str, origin: Option<&str>, peer: &str) -> Result<(), Refusal> {
        let mut headers = HeaderMap::new();
        if let Some(origin) = origin {
            headers.insert(ORIGIN, origin.parse().unwrap());
        }
        gate().origin(&Authority::parse(host_text).unwrap(), &headers, peer.parse().unwrap())
    }

    #[test]
    fn a_websocket_wants_the_page_of_the_same_name() {
        let (here, near) = ("localhost:7878", "127.0.0.1");
        assert_eq!(origin(here, Some("http://localhost:7878"), near), Ok(()));
        assert_eq!(origin("trees.example", Some("https://trees.example"), "10.0.0.2"), Ok(()));
        assert_eq!(origin("[::1]:7878", Some("http://[::1]:7878"), near), Ok(()));
        assert_eq!(origin(here, None, "::1"), Ok(()));
        assert_eq!(origin(here, None, "::ffff:127.0.0.1"), Ok(()));
        assert_eq!(origin(here, None, "10.0.0.2"), Err(Refusal::NoOrigin));
        assert_eq!(origin("trees.example", None, near), Err(Refusal::NoOrigin));
        for foreign in [
            "null",
            "http://127.0.0.1:7878",
            "http://localhost",
            "http://localhost:3000",
            "https://localhost:7878",
            "http://localhost:7878.evil.com",
            "http://evil.com",
            "http://localhost:7878/",
            "localhost:7878",
            "file://",
            "http://a@localhost:7878",
            "",
            "chrome-extension://localhost:7878",
            "http://localhost:7878 http://evil.com",
        ] {
            assert_eq!(origin(here, Some(foreign), near), Err(Refusal::ForeignOrigin), "{foreign}");
        }
    }

    proptest::proptest! {
        /// Whatever a browser can be made to put there: what is let in is one of the names, letter
        /// by letter, with the port.
        #[test]
        fn no_other_text_is_let_in(
            text in "(localhost|127\\.0\\.0\\.1|\\[::1\\]|trees\\.example|evil)?[a-z0-9.:@\\[\\]-]{0,3}(:7878|:80|\\.evil\\.com)?",
        ) {
            let names = ["127.0.0.1:7878", "[::1]:7878", "localhost:7878"];
            let proxied = text.strip_prefix("trees.example").is_some_and(|rest| {
                rest.is_empty() || rest.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
            });
            let spelt = text.replace(":07878", ":7878").replace(":007878", ":7878");
            let expect = proxied || names.contains(&spelt.as_str()) || text == "10.0.0.7:8443";
            proptest::prop_assert_eq!(host(&text).is_ok(), expect, "{}", text);
        }

        #[test]
        fn any_origin_is_no_panic(text in "[!-~]{0,40}") {
            let _ = origin("localhost:7878", Some(&text), "127.0.0.1");
        }
    }
}
