//! Targets, from URLs of the command line and entries of the configuration.

use std::path::Path;

use banyan_protocol::{TargetId, TargetInfo};
use banyan_sources::{Endpoint, Password, Target};

use super::{ConfigError, file::TargetEntry};

/// A server that browsers may watch, under a name of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredTarget {
    pub id: TargetId,
    pub server: Target,
    /// Started by the bridge itself, for the demonstration.
    pub demo: bool,
}

impl ConfiguredTarget {
    /// What a browser learns of it.
    pub fn info(&self) -> TargetInfo {
        TargetInfo {
            id: self.id.clone(),
            kind: self.server.kind(),
            address: self.server.to_string(),
            demo: self.demo,
        }
    }
}

/// The targets of a configuration, in its order. Entries of the same id and server are one; ids
/// that collide otherwise get `~2`, `~3` ... in the order of the entries.
pub fn resolve(entries: &[TargetEntry]) -> Result<Vec<ConfiguredTarget>, ConfigError> {
    let mut targets: Vec<ConfiguredTarget> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        // The URL may hold a password, so the place is named by other means.
        let name = entry.id.clone().unwrap_or_else(|| format!("number {}", index + 1));
        let server = server(&entry.url, entry.password_file.as_deref())
            .map_err(|reason| ConfigError::Target { name, reason })?;
        let id = entry.id.clone().unwrap_or_else(|| id_of(&server));
        if targets.iter().any(|target| target.server == server && target.id.0 == id) {
            continue;
        }
        let taken = |id: &str| targets.iter().any(|target| target.id.0 == id);
        let id = std::iter::once(id.clone())
            .chain((2..).map(|number| format!("{id}~{number}")))
            .find(|id| !taken(id))
            .unwrap_or_default();
        targets.push(ConfiguredTarget { id: TargetId(id), server, demo: false });
    }
    Ok(targets)
}

/// The server at `url`, with the password of `password_file` if the URL has none.
pub fn server(url: &str, password_file: Option<&Path>) -> Result<Target, String> {
    let mut server: Target = url.parse().map_err(|fault: banyan_topology::Fault| fault.detail)?;
    if let (None, Some(path)) = (&server.password, password_file) {
        let text = std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read the password in {}: {error}", path.display()))?;
        let line = text.lines().next().unwrap_or_default();
        server.password = Some(Password(line.to_owned()));
    }
    Ok(server)
}

/// `host:port` or the socket's path, with the database unless it is 0: the same for the same URL at
/// each start, so that links into the page stay good.
fn id_of(server: &Target) -> String {
    let endpoint = match &server.endpoint {
        Endpoint::Tcp { host, port } => format!("{host}:{port}"),
        Endpoint::Unix(path) => path.display().to_string(),
    };
    if server.db == 0 { endpoint } else { format!("{endpoint}/{}", server.db) }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, url: &str) -> TargetEntry {
        TargetEntry { id: id.map(Into::into), url: url.into(), password_file: None }
    }

    fn check(entries: &[(Option<&str>, &str)], expect: &[&str]) {
        let entries: Vec<_> = entries.iter().map(|&(id, url)| entry(id, url)).collect();
        let targets = resolve(&entries).unwrap();
        let ids: Vec<_> = targets.iter().map(|target| target.id.0.as_str()).collect();
        assert_eq!(ids, expect);
    }

    #[test]
    fn ids_are_stable_and_unique() {
        check(
            &[(None, "redis://h"), (None, "redis://h:7/2"), (None, "unix:///run/r.sock")],
            &["h:6379", "h:7/2", "/run/r.sock"],
        );
        check(&[(None, "redis://h"), (None, "redis://h:6379")], &["h:6379"]);
        check(&[(None, "redis://h"), (None, "redis://:pw@h")], &["h:6379", "h:6379~2"]);
        check(&[(Some("a"), "redis://h"), (Some("a"), "redis://i")], &["a", "a~2"]);
    }

    #[test]
    fn errors_name_the_entry_and_keep_secrets() {
        let error = resolve(&[entry(Some("a"), "redis://h"), entry(None, "http://:secret@h")]);
        let error = error.unwrap_err().to_string();
        assert!(error.starts_with("target number 2: ") && !error.contains("secret"), "{error}");
    }

    #[test]
    fn the_first_line_of_the_file_is_the_password() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "se cret\nanother\n").unwrap();
        let with = |url: &str| server(url, Some(file.path())).unwrap().password.map(|p| p.0);
        assert_eq!(with("redis://h").as_deref(), Some("se cret"));
        assert_eq!(with("redis://:own@h").as_deref(), Some("own"));
        assert!(server("redis://h", Some(Path::new("/nowhere"))).unwrap_err().contains("/nowhere"));
    }
}
