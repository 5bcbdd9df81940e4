//! What the bridge was told: the configuration as it was typed ([`file`]) and as it was resolved
//! ([`Config`]).

pub mod file;
pub mod limits;
pub mod target;

use std::{net::SocketAddr, path::PathBuf};

use crate::gate::Authority;

pub use file::ConfigFile;
pub use limits::Limits;
pub use target::ConfiguredTarget;

/// Everything that [`crate::run`] needs, checked: a value of this type can be served.
#[derive(Clone, Debug)]
pub struct Config {
    pub targets: Vec<ConfiguredTarget>,
    pub app: AppSource,
    /// Host names that the bridge answers under besides loopback and the address it listens on.
    pub allow_hosts: Vec<Authority>,
    /// What separates the parts of a key where a browser names nothing else.
    pub delimiter: String,
    /// Share of a server's time that watching its connections may take, in percent.
    pub budget_percent: f64,
    /// The same for walking its keys.
    pub keyspace_budget_percent: f64,
    pub limits: Limits,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            targets: Vec::new(),
            app: AppSource::Embedded,
            allow_hosts: Vec::new(),
            delimiter: ":".into(),
            budget_percent: 1.0,
            keyspace_budget_percent: 5.0,
            limits: Limits::default(),
        }
    }
}

/// Where the app's files come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AppSource {
    Embedded,
    Folder(PathBuf),
}

/// What is wrong with a configuration, and where.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    #[error("{path}: {reason}")]
    File { path: PathBuf, reason: String },
    #[error("target {name}: {reason}")]
    Target { name: String, reason: String },
    #[error(
        "refusing to listen on {0}: Banyan has no login of its own yet, so that address would show \
         the caches to everybody who can reach it; put a proxy with TLS and a login before it and \
         say --behind-proxy"
    )]
    NotLoopback(SocketAddr),
    #[error("the delimiter is 1 to {MAX_DELIMITER_BYTES} bytes long, not {0}")]
    Delimiter(usize),
    #[error("the budget is more than 0 and at most 100 percent, not {0}")]
    Budget(f64),
}

/// The longest delimiter of keys, in bytes.
pub const MAX_DELIMITER_BYTES: usize = 8;

/// `delimiter` if it can separate the parts of a key.
pub fn check_delimiter(delimiter: String) -> Result<String, ConfigError> {
    match delimiter.len() {
        1..=MAX_DELIMITER_BYTES => Ok(delimiter),
        length => Err(ConfigError::Delimiter(length)),
    }
}

/// `percent` if it is a share of a server's time.
pub fn check_budget(percent: f64) -> Result<f64, ConfigError> {
    if percent > 0.0 && percent <= 100.0 { Ok(percent) } else { Err(ConfigError::Budget(percent)) }
}

/// An address outside this machine is for a proxy alone, which brings TLS and the login.
pub fn check_listen(listen: SocketAddr, behind_proxy: bool) -> Result<SocketAddr, ConfigError> {
    if behind_proxy || listen.ip().to_canonical().is_loopback() {
        Ok(listen)
    } else {
        Err(ConfigError::NotLoopback(listen))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_without_a_proxy() {
        let check = |listen: &str, behind_proxy, expect| {
            let checked = check_listen(listen.parse().unwrap(), behind_proxy);
            assert_eq!(checked.is_ok(), expect, "{listen}");
        };
        check("127.0.0.1:0", false, true);
        check("127.8.0.1:80", false, true);
        check("[::1]:80", false, true);
        check("0.0.0.0:80", false, false);
        check("[::]:80", false, false);
        check("192.168.0.2:80", false, false);
        check("0.0.0.0:80", true, true);
    }

    #[test]
    fn limits_of_values() {
        assert!(check_delimiter(String::new()).is_err());
        assert!(check_delimiter("::".into()).is_ok());
        assert!(check_delimiter("123456789".into()).is_err());
        assert!(check_budget(0.0).is_err());
        assert!(check_budget(f64::NAN).is_err());
        assert!(check_budget(0.1).is_ok());
        assert!(check_budget(101.0).is_err());
    }
}
