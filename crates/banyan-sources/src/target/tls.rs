//! How a connection with TLS is made.

use std::path::PathBuf;

/// What the query of a URL with TLS may say: `?ca=FILE&cert=FILE&key=FILE&server_name=NAME`, and
/// `insecure=1`. Files hold PEM.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TlsOptions {
    /// Certificates of the authorities to trust instead of those of the system.
    pub ca: Option<PathBuf>,
    /// Our own certificate, with its chain, for servers that ask for one.
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
    /// The name that the server's certificate must have, if it is not the host of the URL.
    pub server_name: Option<String>,
    /// Whether any certificate will do. Whoever stands between can then read the password and
    /// make everything up; the page says so.
    pub insecure: bool,
}
