//! What is watched, as people write it.

use std::{fmt, path::PathBuf, str::FromStr};

use banyan_topology::{Fault, FaultKind, ServerKind};

/// A server to watch, from a URL:
///
/// - `redis://[[user]:password@]host[:port][/db]` (also `valkey://`), port 6379
/// - `redis+unix:///path[?db=n]` (also `unix://`), with `[user]:password@` before the path
/// - `memcached://host[:port]`, port 11211, and `memcached+unix:///path`
///
/// User and password may be percent-encoded. Neither [`fmt::Debug`] nor [`fmt::Display`] shows the
/// password.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    pub protocol: Protocol,
    pub endpoint: Endpoint,
    pub user: Option<String>,
    pub password: Option<Password>,
    /// The database that the URL names. Connections and keys of all databases are shown anyway.
    pub db: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    Redis,
    Memcached,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Tcp { host: String, port: u16 },
    Unix(PathBuf),
}

/// A secret that no formatting shows.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(pub String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl Target {
    /// A Redis server on a port of the loopback address.
    pub fn redis_on_loopback(port: u16) -> Self {
        Self::on_loopback(Protocol::Redis, port)
    }

    pub fn memcached_on_loopback(port: u16) -> Self {
        Self::on_loopback(Protocol::Memcached, port)
    }

    fn on_loopback(protocol: Protocol, port: u16) -> Self {
        let endpoint = Endpoint::Tcp { host: "127.0.0.1".to_owned(), port };
        Self { protocol, endpoint, user: None, password: None, db: 0 }
    }

    /// The kind as far as the URL tells; the server itself may say Valkey.
    pub fn kind(&self) -> ServerKind {
        match self.protocol {
            Protocol::Redis => ServerKind::Redis,
            Protocol::Memcached => ServerKind::Memcached,
        }
    }
}

/// The URL for people to read: without user and password.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match self.protocol {
            Protocol::Redis => "redis",
            Protocol::Memcached => "memcached",
        };
        match &self.endpoint {
            Endpoint::Tcp { host, port } if host.contains(':') => {
                write!(f, "{scheme}://[{host}]:{port}")?;
            }
            Endpoint::Tcp { host, port } => write!(f, "{scheme}://{host}:{port}")?,
            Endpoint::Unix(path) => write!(f, "{scheme}+unix://{}", path.display())?,
        }
        match (self.db, &self.endpoint) {
            (0, _) => Ok(()),
            (db, Endpoint::Tcp { .. }) => write!(f, "/{db}"),
            (db, Endpoint::Unix(_)) => write!(f, "?db={db}"),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Target {
    type Err = Fault;

    /// Errors name what is wrong and never repeat the URL, which may hold a password.
    fn from_str(url: &str) -> Result<Self, Fault> {
        let wrong = |what: &str| Fault::new(FaultKind::Other, what);
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| wrong("a target is a URL such as redis://127.0.0.1:6379"))?;
        let (protocol, is_unix) = match scheme {
            "redis" | "valkey" => (Protocol::Redis, false),
            "redis+unix" | "valkey+unix" | "unix" => (Protocol::Redis, true),
            "memcached" => (Protocol::Memcached, false),
            "memcached+unix" => (Protocol::Memcached, true),
            "rediss" | "valkeys" | "memcacheds" => {
                return Err(wrong("TLS is not supported yet: use redis:// or memcached://"));
            }
            _ => return Err(wrong("a target starts with redis://, redis+unix:// or memcached://")),
        };
        // The path of a socket may hold an @; a password may not hold a slash unless encoded.
        let authority_end = rest.find('/').unwrap_or(rest.len());
        let (credentials, rest) = match rest[..authority_end].rfind('@') {
            Some(at) => (Some(&rest[..at]), &rest[at + 1..]),
            None => (None, rest),
        };
        let (user, password) = match credentials.map(|c| c.split_once(':').unwrap_or((c, ""))) {
            None => (None, None),
            Some((user, password)) => (Some(decode(user)?), Some(decode(password)?)),
        };
        let (rest, query) = rest.split_once('?').unwrap_or((rest, ""));
        let (endpoint, db) = if is_unix {
            if !rest.starts_with('/') {
                return Err(wrong("a socket's path starts with a slash: redis+unix:///path"));
            }
            (Endpoint::Unix(decode(rest)?.into()), query.strip_prefix("db=").unwrap_or(""))
        } else {
            let (authority, db) = rest.split_once('/').unwrap_or((rest, ""));
            let port = match protocol {
                Protocol::Redis => 6379,
                Protocol::Memcached => 11211,
            };
            (tcp(authority, port)?, db)
        };
        let db = if db.is_empty() { Ok(0) } else { db.parse() };
        Ok(Self {
            protocol,
            endpoint,
            user: user.filter(|user| !user.is_empty()),
            password: password.filter(|password| !password.is_empty()).map(Password),
            db: db.map_err(|_| wrong("the database is a number: redis://host:6379/0"))?,
        })
    }
}

fn tcp(authority: &str, default_port: u16) -> Result<Endpoint, Fault> {
    let wrong = |what: &str| Fault::new(FaultKind::Other, what);
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let (host, after) =
                rest.split_once(']').ok_or_else(|| wrong("the address lacks its ]"))?;
            (host, after.strip_prefix(':').unwrap_or(after))
        }
        None => authority.split_once(':').unwrap_or((authority, "")),
    };
    if host.is_empty() || host.chars().any(|c| c.is_whitespace() || c.is_control()) {
        return Err(wrong("the target names no host"));
    }
    let port = if port.is_empty() { Ok(default_port) } else { port.parse() };
    let port = port.map_err(|_| wrong("the port is a number from 1 to 65535"))?;
    Ok(Endpoint::Tcp { host: host.to_owned(), port })
}

/// Percent-decodes; what it yields must be UTF-8.
fn decode(text: &str) -> Result<String, Fault> {
    let wrong = || Fault::new(FaultKind::Other, "a %-escape of the target cannot be read");
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let mut digit = || rest.next().and_then(|d| char::from(d).to_digit(16));
            let (high, low) = (digit().ok_or_else(wrong)?, digit().ok_or_else(wrong)?);
            bytes.push((high * 16 + low) as u8);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).map_err(|_| wrong())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, shown: &str, user: Option<&str>, password: Option<&str>) {
        let target: Target = url.parse().unwrap();
        assert_eq!(target.to_string(), shown);
        assert_eq!(format!("{target:?}"), shown);
        assert_eq!(target.user.as_deref(), user);
        assert_eq!(target.password.map(|p| p.0).as_deref(), password);
    }

    #[test]
    fn urls() {
        check("redis://localhost", "redis://localhost:6379", None, None);
        check("redis://10.0.0.7:7000/3", "redis://10.0.0.7:7000/3", None, None);
        check("redis://:secret@h", "redis://h:6379", None, Some("secret"));
        check("redis://ann:se%40c%2Fret@h:1/", "redis://h:1", Some("ann"), Some("se@c/ret"));
        check("redis://ann:a@b@h", "redis://h:6379", Some("ann"), Some("a@b"));
        check("redis://[::1]:7000", "redis://[::1]:7000", None, None);
        check("redis://[::1]", "redis://[::1]:6379", None, None);
        check("redis+unix:///run/r.sock", "redis+unix:///run/r.sock", None, None);
        check("unix://:pw@/run/r@1.sock?db=2", "redis+unix:///run/r@1.sock?db=2", None, Some("pw"));
        check("memcached://h", "memcached://h:11211", None, None);
        check("valkey://h", "redis://h:6379", None, None);
    }

    #[test]
    fn bad_urls_are_refused_without_their_secrets() {
        for url in [
            "",
            "localhost:6379",
            "http://secret@h",
            "redis://",
            "redis://:secret@",
            "redis://:6379",
            "redis://u:secret@h:99999",
            "redis://u:secret@h/x",
            "redis://u:secret%zz@h",
            "redis://[::1",
            "redis+unix://secret",
            "rediss://u:secret@h",
            "redis://u:secret@a b",
        ] {
            let fault = url.parse::<Target>().unwrap_err();
            assert!(!fault.to_string().contains("secret"), "{url}: {fault}");
        }
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_no_panic(url in "(redis://|redis\\+unix://)?[\\PC%@:/\\[\\]?]{0,40}") {
            let _ = url.parse::<Target>();
        }
    }
}
