//! What is watched, as people write it.

mod tls;
mod url;

use std::{fmt, path::PathBuf};

use banyan_topology::ServerKind;

pub use tls::TlsOptions;

/// A server to watch, from a URL:
///
/// - `redis://[[user]:password@]host[:port][/db]` (also `valkey://`), port 6379; `rediss://` and
///   `valkeys://` for TLS
/// - `redis+unix:///path[?db=n]` (also `unix://`), with `[user]:password@` before the path
/// - `redis-sentinel://host[:port][/master]`, port 26379, and `rediss-sentinel://`. User and
///   password are for the Sentinels and for the servers that they name; `?sentinel_user=` and
///   `?sentinel_password=`, both or one of them, are what Sentinels are told instead
/// - `memcached://host[:port]`, port 11211, `memcacheds://` for TLS, and `memcached+unix:///path`
/// - `tyrant://host[:port]`, port 1978, and `tyrant+unix:///path`
///
/// User and password may be percent-encoded. A URL with TLS may end with [`TlsOptions`]. Neither
/// [`fmt::Debug`] nor [`fmt::Display`] shows the password.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    pub protocol: Protocol,
    pub endpoint: Endpoint,
    pub user: Option<String>,
    pub password: Option<Password>,
    /// Of a Sentinel: what Sentinels are told instead of [`Self::user`] and [`Self::password`], which
    /// are for the servers that they name.
    pub sentinel: Option<Credentials>,
    /// The database that the URL names. Connections and keys of all databases are shown anyway.
    pub db: u32,
    /// `None` for a connection in the clear.
    pub tls: Option<TlsOptions>,
    /// Of a Sentinel: the one master that is meant, rather than all.
    pub master: Option<String>,
    /// Of a server in a ring: how many times the keys of one of weight 1 it takes.
    pub weight: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Protocol {
    Redis,
    /// Speaks as Redis does, and knows of servers rather than of keys.
    Sentinel,
    Memcached,
    Tyrant,
}

impl Protocol {
    /// The port that a URL without one means.
    pub const fn default_port(self) -> u16 {
        match self {
            Self::Redis => 6379,
            Self::Sentinel => 26379,
            Self::Memcached => 11211,
            Self::Tyrant => 1978,
        }
    }

    const fn scheme(self) -> &'static str {
        match self {
            Self::Redis => "redis",
            Self::Sentinel => "redis-sentinel",
            Self::Memcached => "memcached",
            Self::Tyrant => "tyrant",
        }
    }

    const fn scheme_with_tls(self) -> &'static str {
        match self {
            Self::Redis => "rediss",
            Self::Sentinel => "rediss-sentinel",
            Self::Memcached => "memcacheds",
            // Tokyo Tyrant has no TLS, and no URL yields it.
            Self::Tyrant => "tyrants",
        }
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    Tcp { host: String, port: u16 },
    Unix(PathBuf),
}

/// `host:port`, with an IPv6 address in brackets, or the socket's path.
impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Tcp { host, port } if host.contains(':') => write!(f, "[{host}]:{port}"),
            Self::Tcp { host, port } => write!(f, "{host}:{port}"),
            Self::Unix(path) => path.display().fmt(f),
        }
    }
}

/// Who one says to be. Nothing of it is said where there is no password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    pub user: Option<String>,
    pub password: Option<Password>,
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
    /// A server that asks for no credentials.
    pub fn new(protocol: Protocol, endpoint: Endpoint) -> Self {
        Self {
            protocol,
            endpoint,
            user: None,
            password: None,
            sentinel: None,
            db: 0,
            tls: None,
            master: None,
            weight: None,
        }
    }

    /// A Redis server on a port of the loopback address.
    pub fn redis_on_loopback(port: u16) -> Self {
        Self::on_loopback(Protocol::Redis, port)
    }

    pub fn memcached_on_loopback(port: u16) -> Self {
        Self::on_loopback(Protocol::Memcached, port)
    }

    fn on_loopback(protocol: Protocol, port: u16) -> Self {
        Self::new(protocol, Endpoint::Tcp { host: "127.0.0.1".to_owned(), port })
    }

    /// What the server itself is told.
    pub fn credentials(&self) -> Credentials {
        match (&self.sentinel, self.protocol) {
            (Some(own), Protocol::Sentinel) => own.clone(),
            _ => Credentials { user: self.user.clone(), password: self.password.clone() },
        }
    }

    /// The kind as far as the URL tells; the server itself may say Valkey.
    pub fn kind(&self) -> ServerKind {
        match self.protocol {
            Protocol::Redis => ServerKind::Redis,
            Protocol::Sentinel => ServerKind::Sentinel,
            Protocol::Memcached => ServerKind::Memcached,
            Protocol::Tyrant => ServerKind::TokyoTyrant,
        }
    }
}

/// The URL for people to read: without user and password, and of the options of TLS only the one
/// that everybody should know of.
impl fmt::Display for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let scheme = match &self.tls {
            None => self.protocol.scheme(),
            Some(_) => self.protocol.scheme_with_tls(),
        };
        let unix = if matches!(self.endpoint, Endpoint::Unix(_)) { "+unix" } else { "" };
        write!(f, "{scheme}{unix}://{}", self.endpoint)?;
        match (&self.master, self.db, &self.endpoint) {
            (Some(master), ..) => write!(f, "/{master}")?,
            (None, 0, _) => {}
            (None, db, Endpoint::Tcp { .. }) => write!(f, "/{db}")?,
            (None, db, Endpoint::Unix(_)) => write!(f, "?db={db}")?,
        }
        match &self.tls {
            Some(tls) if tls.insecure => f.write_str("?insecure=1"),
            _ => Ok(()),
        }
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
