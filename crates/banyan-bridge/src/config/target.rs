//! Targets, from URLs of the command line and entries of the configuration.

use std::path::PathBuf;

use banyan_protocol::{TargetId, TargetInfo};
use banyan_sources::{AllowList, Credentials, Link, Network, Password, Protocol, Target};

use super::{ConfigError, file::TargetEntry};

/// What browsers may watch, under a name of ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfiguredTarget {
    pub id: TargetId,
    pub server: Target,
    /// All servers of a ring, `server` among them; empty for one that stands alone.
    pub ring: Vec<Target>,
    /// Where servers that it names may be.
    pub follow: AllowList,
    /// Whether changes of keys are listened to.
    pub tracking: bool,
    /// Started by the bridge itself, for the demonstration.
    pub demo: bool,
}

impl ConfiguredTarget {
    /// What a browser learns of it.
    pub fn info(&self) -> TargetInfo {
        let more = match self.ring.len() {
            0 | 1 => String::new(),
            count => format!(" +{}", count - 1),
        };
        TargetInfo {
            id: self.id.clone(),
            kind: self.server.kind(),
            address: format!("{}{more}", self.server),
            demo: self.demo,
        }
    }

    pub fn link(&self) -> Link {
        let mut link = Link::new(self.server.clone());
        link.ring.clone_from(&self.ring);
        link.follow = self.follow.clone();
        link
    }
}

/// The targets of a configuration, in its order. Entries of the same id and server are one; ids
/// that collide otherwise get `~2`, `~3` ... in the order of the entries.
pub fn resolve(entries: &[TargetEntry]) -> Result<Vec<ConfiguredTarget>, ConfigError> {
    let mut targets: Vec<ConfiguredTarget> = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        // The URL may hold a password, so the place is named by other means.
        let name = entry.id.clone().unwrap_or_else(|| format!("number {}", index + 1));
        let mut target = one(entry).map_err(|reason| ConfigError::Target { name, reason })?;
        let is_same = |other: &&ConfiguredTarget| {
            other.server == target.server && other.ring == target.ring && other.id == target.id
        };
        if targets.iter().any(|other| is_same(&other)) {
            continue;
        }
        let taken = |id: &str| targets.iter().any(|target| target.id.0 == id);
        let id = std::iter::once(target.id.0.clone())
            .chain((2..).map(|number| format!("{}~{number}", target.id.0)))
            .find(|id| !taken(id))
            .unwrap_or_default();
        target.id = TargetId(id);
        targets.push(target);
    }
    Ok(targets)
}

/// One entry by itself.
pub fn one(entry: &TargetEntry) -> Result<ConfiguredTarget, String> {
    let ring = entry.servers.iter().map(|url| server(url, entry)).collect::<Result<Vec<_>, _>>()?;
    let server = match (&entry.url, ring.first()) {
        (Some(url), None) => server(url, entry)?,
        (None, Some(first)) => first.clone(),
        (None, None) => return Err("it has neither a url nor servers".into()),
        (Some(_), Some(_)) => return Err("it has a url or servers, not both".into()),
    };
    if ring.iter().any(|other| other.protocol != server.protocol) {
        return Err("the servers of a ring are all of one kind".into());
    }
    let follow = entry
        .follow
        .iter()
        .map(|network| network.parse::<Network>().map_err(|fault| fault.detail))
        .collect::<Result<_, _>>()?;
    let id = entry.id.clone().unwrap_or_else(|| id_of(&server, ring.len()));
    let follow = AllowList::new(follow);
    Ok(ConfiguredTarget {
        id: TargetId(id),
        server,
        ring,
        follow,
        tracking: entry.tracking,
        demo: false,
    })
}

/// The server at `url`, with what the entry says besides.
fn server(url: &str, entry: &TargetEntry) -> Result<Target, String> {
    let mut server: Target = url.parse().map_err(|fault: banyan_topology::Fault| fault.detail)?;
    if server.password.is_none() {
        server.password = password(&entry.password_file, &entry.password_env)?;
    }
    let own = password(&entry.sentinel_password_file, &entry.sentinel_password_env)?;
    if own.is_some() || entry.sentinel_user.is_some() {
        if server.protocol != Protocol::Sentinel {
            return Err("what Sentinels are told needs a URL of one: redis-sentinel://".into());
        }
        server.sentinel.get_or_insert_with(|| Credentials {
            user: entry.sentinel_user.clone(),
            password: own.filter(|password| !password.0.is_empty()),
        });
    }
    let TargetEntry { ca, cert, key, server_name, insecure, .. } = entry;
    let says_tls = ca.is_some() || cert.is_some() || key.is_some() || server_name.is_some();
    match &mut server.tls {
        None if says_tls || *insecure => {
            return Err("options of TLS need a URL with TLS: rediss:// or memcacheds://".into());
        }
        None => {}
        Some(tls) => {
            tls.ca = tls.ca.take().or_else(|| ca.clone());
            tls.cert = tls.cert.take().or_else(|| cert.clone());
            tls.key = tls.key.take().or_else(|| key.clone());
            tls.server_name = tls.server_name.take().or_else(|| server_name.clone());
            tls.insecure |= insecure;
            if tls.cert.is_some() != tls.key.is_some() {
                return Err("a certificate of one's own needs both: cert and key".into());
            }
        }
    }
    Ok(server)
}

/// The first line of a file, or a variable.
fn password(file: &Option<PathBuf>, env: &Option<String>) -> Result<Option<Password>, String> {
    let text = match (file, env) {
        (None, None) => return Ok(None),
        (Some(path), _) => std::fs::read_to_string(path)
            .map_err(|error| format!("cannot read the password in {}: {error}", path.display()))?,
        (None, Some(name)) => {
            std::env::var(name).map_err(|_| format!("the environment has no password in {name}"))?
        }
    };
    let line = text.lines().next().unwrap_or_default();
    Ok(Some(Password(line.to_owned())))
}

/// `host:port` or the socket's path, with what follows it in the URL: the same for the same URL at
/// each start, so that links into the page stay good.
fn id_of(server: &Target, ring: usize) -> String {
    let mut id = server.endpoint.to_string();
    if server.db != 0 {
        id = format!("{id}/{}", server.db);
    }
    if let Some(master) = &server.master {
        id = format!("{id}/{master}");
    }
    if ring > 1 { format!("{id}+{}", ring - 1) } else { id }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(id: Option<&str>, url: &str) -> TargetEntry {
        TargetEntry { id: id.map(Into::into), url: Some(url.into()), ..TargetEntry::default() }
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
    fn passwords_from_a_file_or_the_environment() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "se cret\nanother\n").unwrap();
        let from_file =
            |url: &str| TargetEntry { password_file: Some(file.path().into()), ..entry(None, url) };
        let from_env = |name: &str| TargetEntry {
            password_env: Some(name.into()),
            ..entry(None, "redis://h")
        };
        let password = |entry| one(&entry).unwrap().server.password.map(|p| p.0);
        assert_eq!(password(from_file("redis://h")).as_deref(), Some("se cret"));
        assert_eq!(password(from_file("redis://:own@h")).as_deref(), Some("own"));
        // Any variable that is there: a test cannot set one without unsafe code.
        assert_eq!(password(from_env("PATH")), std::env::var("PATH").ok());
        let nowhere =
            TargetEntry { password_file: Some("/nowhere".into()), ..entry(None, "redis://h") };
        assert!(one(&nowhere).unwrap_err().contains("/nowhere"));
        assert!(one(&from_env("NO_SUCH_NAME")).unwrap_err().contains("NO_SUCH_NAME"));
    }

    #[test]
    fn passwords_of_sentinels() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "watch\n").unwrap();
        let with_file = |url: &str| TargetEntry {
            sentinel_user: Some("eye".into()),
            sentinel_password_file: Some(file.path().into()),
            ..entry(None, url)
        };
        let told = |entry: &TargetEntry| one(entry).unwrap().server.credentials();
        let own = told(&with_file("redis-sentinel://:data@h/main"));
        assert_eq!(
            (own.user.as_deref(), own.password),
            (Some("eye"), Some(Password("watch".into())))
        );
        let from_url = told(&with_file("redis-sentinel://:data@h?sentinel_password=own"));
        assert_eq!((from_url.user, from_url.password), (None, Some(Password("own".into()))));
        assert!(one(&with_file("redis://h")).unwrap_err().contains("redis-sentinel://"));
        std::fs::write(file.path(), "").unwrap();
        assert_eq!(told(&with_file("redis-sentinel://:data@h")).password, None);
    }

    #[test]
    fn options_of_tls_and_of_following() {
        let full = TargetEntry {
            ca: Some("/ca.pem".into()),
            server_name: Some("cache".into()),
            follow: vec!["10.0.0.0/8".into()],
            ..entry(None, "rediss://h?ca=/own.pem")
        };
        let target = one(&full).unwrap();
        let tls = target.server.tls.unwrap();
        assert_eq!(tls.ca, Some("/own.pem".into()), "the URL wins");
        assert_eq!(tls.server_name.as_deref(), Some("cache"));
        assert!(target.follow.permits([10, 1, 2, 3].into(), &[]));
        let check = |entry: TargetEntry, part: &str| {
            let error = one(&entry).unwrap_err();
            assert!(error.contains(part), "{error}");
        };
        let clear = entry(None, "redis://h");
        check(TargetEntry { ca: Some("/ca".into()), ..clear.clone() }, "options of TLS");
        check(TargetEntry { insecure: true, ..clear.clone() }, "options of TLS");
        check(TargetEntry { cert: Some("/c".into()), ..entry(None, "rediss://h") }, "both");
        check(TargetEntry { follow: vec!["10/8".into()], ..clear }, "no network");
    }

    #[test]
    fn rings() {
        let servers = |urls: &[&str]| TargetEntry {
            servers: urls.iter().map(|url| (*url).into()).collect(),
            ..TargetEntry::default()
        };
        let ring = one(&servers(&["memcached://a", "memcached://b", "memcached://c"])).unwrap();
        assert_eq!((ring.id.0.as_str(), ring.ring.len()), ("a:11211+2", 3));
        assert_eq!(ring.info().address, "memcached://a:11211 +2");
        assert_eq!(ring.link().ring.len(), 3);
        assert!(one(&servers(&[])).unwrap_err().contains("neither"));
        assert!(one(&servers(&["memcached://a", "redis://b"])).unwrap_err().contains("one kind"));
        let both = TargetEntry { url: Some("redis://a".into()), ..servers(&["redis://a"]) };
        assert!(one(&both).unwrap_err().contains("not both"));
    }
}
