//! `banyan.toml` as it is typed. The command line wins over it.
//!
//! ```toml
//! listen = "127.0.0.1:7878"
//! delimiter = ":"
//! budget = 1.0                 # percent of each server's time
//! allow_hosts = ["trees.example"]
//!
//! [[target]]
//! id = "sessions"
//! url = "redis://10.0.0.7:6379"
//! password_file = "/run/secrets/redis"
//! ```

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

use serde::Deserialize;

use super::ConfigError;

/// The whole file; what is absent keeps its default. A field that nobody knows is an error: a limit
/// with a slip of the pen in its name would be no limit.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ConfigFile {
    pub listen: Option<SocketAddr>,
    pub behind_proxy: bool,
    pub allow_hosts: Vec<String>,
    pub app: Option<PathBuf>,
    pub delimiter: Option<String>,
    pub budget: Option<f64>,
    #[serde(rename = "target")]
    pub targets: Vec<TargetEntry>,
}

#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetEntry {
    /// Names the target in the page and in its address; made from the URL if absent.
    pub id: Option<String>,
    pub url: String,
    /// File whose first line is the password, for a URL without one.
    pub password_file: Option<PathBuf>,
}

impl ConfigFile {
    /// # Errors
    ///
    /// When the file cannot be read, or is no configuration; with the line.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let error = |reason: String| ConfigError::File { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|reason| error(reason.to_string()))?;
        toml::from_str(&text).map_err(|reason| {
            // The whole message would quote the line, which may hold a URL with a password.
            let line = reason
                .span()
                .and_then(|span| text.get(..span.start))
                .map(|before| format!("line {}: ", before.matches('\n').count() + 1));
            error(format!("{}{}", line.unwrap_or_default(), reason.message()))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<ConfigFile, ConfigError> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        ConfigFile::read(file.path())
    }

    #[test]
    fn reads_the_whole_of_it() {
        let config = read(
            "listen = '[::1]:80'\nbudget = 0.5\nallow_hosts = ['a.example']\n\
             [[target]]\nid = 'one'\nurl = 'redis://h'\n[[target]]\nurl = 'redis://i'\n",
        );
        let config = config.unwrap();
        assert_eq!(config.listen, Some("[::1]:80".parse().unwrap()));
        assert_eq!(config.budget, Some(0.5));
        let ids: Vec<_> = config.targets.iter().map(|target| target.id.as_deref()).collect();
        assert_eq!(ids, [Some("one"), None]);
        assert_eq!(read("").unwrap(), ConfigFile::default());
    }

    #[test]
    fn errors_name_the_line_and_keep_secrets() {
        for (text, part) in [
            ("\nbudgte = 1\n", "line 2: unknown field `budgte`"),
            ("[[target]]\nid = 'a'\n", "missing field `url`"),
            ("[[target]]\nurl = 'redis://:secret@h'\nport = 1\n", "line 3: unknown field `port`"),
            ("[[target]]\nurl = 'redis://:secret@h\n", "line 2: "),
            ("listen = 'somewhere'\n", "line 1: "),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }
}
