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
//!
//! [[target]]
//! url = "rediss://viewer@cache.example"
//! password_env = "CACHE_PASSWORD"
//! ca = "/etc/ssl/own-authority.pem"
//! follow = ["10.0.0.0/8"]      # where servers that this one names may be
//! tracking = true              # listen to each change of a key
//!
//! [[target]]
//! url = "redis-sentinel://10.0.0.5/main"
//! password_file = "/run/secrets/redis"             # of the servers
//! sentinel_password_file = "/run/secrets/sentinel" # of the Sentinels, if they have another
//!
//! [[target]]
//! id = "ring"
//! servers = ["memcached://10.0.0.1", "memcached://10.0.0.2"]
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

/// One target: a `url`, or the `servers` of a ring.
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TargetEntry {
    /// Names the target in the page and in its address; made from the URL if absent.
    pub id: Option<String>,
    pub url: Option<String>,
    /// URLs of servers that clients hash their keys over, in the order that the clients have.
    pub servers: Vec<String>,
    /// File whose first line is the password, for a URL without one.
    pub password_file: Option<PathBuf>,
    /// Variable of the environment that holds it.
    pub password_env: Option<String>,
    /// The same for Sentinels, where the servers that they name have another one; and the user. An
    /// empty file or variable is for Sentinels that have none.
    pub sentinel_user: Option<String>,
    pub sentinel_password_file: Option<PathBuf>,
    pub sentinel_password_env: Option<String>,
    /// PEM files and names of a URL with TLS, as its query may say them too.
    pub ca: Option<PathBuf>,
    pub cert: Option<PathBuf>,
    pub key: Option<PathBuf>,
    pub server_name: Option<String>,
    pub insecure: bool,
    /// Networks in which servers that this one names are followed: `10.0.0.0/8`. Without any, only
    /// those on its own host are.
    pub follow: Vec<String>,
    /// Listens to each change of a key (CLIENT TRACKING), which costs the server something for each:
    /// the keys are then up to date between two walks, and the page shows which change most.
    pub tracking: bool,
}

impl ConfigFile {
    /// # Errors
    ///
    /// When the file cannot be read, or is no configuration; with the line.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let error = |reason: String| ConfigError::File { path: path.to_owned(), reason };
        let text = std::fs::read_to_string(path).map_err(|reason| error(reason.to_string()))?;
        parsed(&text).map_err(error)
    }
}

fn parsed(text: &str) -> Result<ConfigFile, String> {
    toml::from_str(text).map_err(|reason| {
        // The whole message would quote the line, which may hold a URL with a password.
        let line = reason
            .span()
            .and_then(|span| text.get(..span.start))
            .map(|before| format!("line {}: ", before.matches('\n').count() + 1));
        format!("{}{}", line.unwrap_or_default(), without_strings(reason.message()))
    })
}

/// A message without the values that it quotes: `servers = "redis://:secret@h"` is a string where a
/// list belongs, and told as such with the string.
fn without_strings(message: &str) -> String {
    match (message.find('"'), message.rfind('"')) {
        (Some(begin), Some(end)) => {
            let (before, after) = (message.get(..=begin), message.get(end..));
            format!("{}…{}", before.unwrap_or_default(), after.unwrap_or_default())
        }
        _ => message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::{prelude::*, sample::select};

    use super::{super::target, *};

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
            ("[[target]]\nurls = 'a'\n", "line 2: unknown field `urls`"),
            ("[[target]]\nurl = 'redis://:secret@h'\nport = 1\n", "line 3: unknown field `port`"),
            ("[[target]]\nurl = 'redis://:secret@h\n", "line 2: "),
            ("listen = 'somewhere'\n", "line 1: "),
            ("[[target]]\nservers = 'redis://:\"secret\"@h'\n", "line 2: invalid type: string"),
            ("[[target]]\ntracking = 'redis://:secret@h'\n", "expected a boolean"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.contains(part), "{error}");
            assert!(!error.contains("secret"), "{error}");
        }
    }

    /// A field with a value that is right or wrong, and may hold a password.
    fn any_line() -> impl Strategy<Value = String> {
        let head = select(&["", "", "", "[[target]]\n", "[target]\n"][..]);
        let name = prop_oneof![
            select(
                &[
                    "listen",
                    "allow_hosts",
                    "budget",
                    "target",
                    "id",
                    "url",
                    "url",
                    "servers",
                    "follow",
                    "password_env",
                    "sentinel_user",
                    "insecure",
                    "tracking",
                ][..]
            )
            .prop_map(str::to_owned),
            "[a-z]{1,4}",
        ];
        let sign = select(&[" = ", " = ", "=", " ", ": "][..]);
        let value = prop_oneof![
            select(
                &[
                    r#""redis://:s3cret@h""#,
                    "'tyrant://u:s3cret@h:0/x'",
                    r#""rediss://s3cret"#,
                    r#"["memcached://:s3cret@", 7]"#,
                    "['redis://:s3cret@h', 'memcached://:s3cret@h']",
                    "{ s = 's3cret' }",
                    "'s3cret\"x'",
                    r#""\u0000s3cret""#,
                    r#""""s3cret"#,
                    "true",
                    "-1",
                    "nan",
                    "1e999",
                ][..]
            )
            .prop_map(str::to_owned),
            "[^\n]{0,12}",
        ];
        (head, name, sign, value)
            .prop_map(|(head, name, sign, value)| format!("{head}{name}{sign}{value}\n"))
    }

    proptest! {
        /// Whatever is wrong with a file, and wherever a password stands in it, no error shows it.
        #[test]
        fn no_error_tells_a_password(lines in proptest::collection::vec(any_line(), 0..8)) {
            let text = lines.concat();
            let outcome = parsed(&text).and_then(|file| {
                target::resolve(&file.targets).map(drop).map_err(|error| error.to_string())
            });
            if let Err(words) = outcome {
                prop_assert!(!words.contains("s3cret"), "{}\n{}", words, text);
            }
        }
    }
}
