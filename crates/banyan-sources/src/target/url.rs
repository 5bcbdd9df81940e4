//! Reads targets from URLs.

use std::str::FromStr;

use banyan_topology::{Fault, FaultKind};

use super::{Endpoint, Password, Protocol, Target, TlsOptions};

fn wrong(what: &str) -> Fault {
    Fault::new(FaultKind::Other, what)
}

/// What a scheme stands for.
struct Scheme {
    protocol: Protocol,
    is_unix: bool,
    has_tls: bool,
}

impl FromStr for Scheme {
    type Err = Fault;

    fn from_str(scheme: &str) -> Result<Self, Fault> {
        let (protocol, is_unix, has_tls) = match scheme {
            "redis" | "valkey" => (Protocol::Redis, false, false),
            "rediss" | "valkeys" => (Protocol::Redis, false, true),
            "redis+unix" | "valkey+unix" | "unix" => (Protocol::Redis, true, false),
            "redis-sentinel" | "valkey-sentinel" => (Protocol::Sentinel, false, false),
            "rediss-sentinel" | "valkeys-sentinel" => (Protocol::Sentinel, false, true),
            "memcached" => (Protocol::Memcached, false, false),
            "memcacheds" => (Protocol::Memcached, false, true),
            "memcached+unix" => (Protocol::Memcached, true, false),
            "tyrant" => (Protocol::Tyrant, false, false),
            "tyrant+unix" => (Protocol::Tyrant, true, false),
            _ => {
                return Err(wrong(
                    "a target starts with redis://, rediss://, redis+unix://, redis-sentinel://, \
                     memcached://, memcacheds://, memcached+unix://, tyrant:// or tyrant+unix://",
                ));
            }
        };
        Ok(Self { protocol, is_unix, has_tls })
    }
}

impl FromStr for Target {
    type Err = Fault;

    /// Errors name what is wrong and never repeat the URL, which may hold a password.
    fn from_str(url: &str) -> Result<Self, Fault> {
        let (scheme, rest) = url
            .split_once("://")
            .ok_or_else(|| wrong("a target is a URL such as redis://127.0.0.1:6379"))?;
        let Scheme { protocol, is_unix, has_tls } = scheme.parse()?;
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
        let (endpoint, path) = if is_unix {
            if !rest.starts_with('/') {
                return Err(wrong("a socket's path starts with a slash: redis+unix:///path"));
            }
            (Endpoint::Unix(decode(rest)?.into()), "")
        } else {
            let (authority, path) = rest.split_once('/').unwrap_or((rest, ""));
            (tcp(authority, protocol.default_port())?, path)
        };
        let mut target = Self {
            user: user.filter(|user| !user.is_empty()),
            password: password.filter(|password| !password.is_empty()).map(Password),
            tls: has_tls.then(TlsOptions::default),
            ..Self::new(protocol, endpoint)
        };
        match (protocol, path) {
            (_, "") => {}
            (Protocol::Redis, db) => target.db = database(db)?,
            (Protocol::Sentinel, master) => target.master = Some(decode(master)?),
            _ => return Err(wrong("the target has no databases: leave out what follows the host")),
        }
        for option in query.split('&').filter(|option| !option.is_empty()) {
            target.set_option(option)?;
        }
        match &target.tls {
            Some(tls) if tls.cert.is_some() != tls.key.is_some() => {
                Err(wrong("a certificate of one's own needs both: cert and key"))
            }
            _ => Ok(target),
        }
    }
}

impl Target {
    /// Takes one `name=value` of the query.
    fn set_option(&mut self, option: &str) -> Result<(), Fault> {
        let (name, value) = option.split_once('=').unwrap_or((option, ""));
        let value = decode(value)?;
        if name == "db" && self.protocol == Protocol::Redis {
            self.db = database(&value)?;
            return Ok(());
        }
        if self.protocol == Protocol::Sentinel
            && matches!(name, "sentinel_user" | "sentinel_password")
        {
            let own = self.sentinel.get_or_insert_default();
            let value = Some(value).filter(|value| !value.is_empty());
            match name {
                "sentinel_user" => own.user = value,
                _ => own.password = value.map(Password),
            }
            return Ok(());
        }
        if name == "weight" {
            let weight = value.parse().ok().filter(|weight| *weight > 0);
            self.weight = Some(weight.ok_or_else(|| wrong("a weight is a number from 1"))?);
            return Ok(());
        }
        let Some(tls) = &mut self.tls else {
            return Err(wrong(
                "the target's only options are db, of Redis, sentinel_user and \
                              sentinel_password, of a Sentinel, and weight, in a ring",
            ));
        };
        if value.is_empty() {
            return Err(wrong("an option of the target lacks its value"));
        }
        match name {
            "ca" => tls.ca = Some(value.into()),
            "cert" => tls.cert = Some(value.into()),
            "key" => tls.key = Some(value.into()),
            "server_name" => tls.server_name = Some(value),
            "insecure" => {
                tls.insecure = match value.as_str() {
                    "1" => true,
                    "0" => false,
                    _ => return Err(wrong("insecure is 1 or 0")),
                };
            }
            _ => {
                return Err(wrong(
                    "the options of a target with TLS are ca, cert, key, server_name, insecure and weight",
                ));
            }
        }
        Ok(())
    }
}

fn database(text: &str) -> Result<u32, Fault> {
    text.parse().map_err(|_| wrong("the database is a number: redis://host:6379/0"))
}

fn tcp(authority: &str, default_port: u16) -> Result<Endpoint, Fault> {
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
    if port == 0 {
        // Neither is part of a password: that stands before an @, or makes no number.
        return Err(wrong(&format!("nothing listens at port 0, as in {host}:0: ports begin at 1")));
    }
    Ok(Endpoint::Tcp { host: host.to_owned(), port })
}

/// Percent-decodes; what it yields must be UTF-8.
fn decode(text: &str) -> Result<String, Fault> {
    let wrong = || wrong("a %-escape of the target cannot be read");
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
    use super::{super::Credentials, *};

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
        check("valkeys://u:p@h", "rediss://h:6379", Some("u"), Some("p"));
        check("rediss://h/2?insecure=1", "rediss://h:6379/2?insecure=1", None, None);
        check("memcacheds://h?ca=/a.pem", "memcacheds://h:11211", None, None);
        check("redis-sentinel://h", "redis-sentinel://h:26379", None, None);
        check("redis-sentinel://:p@h:1/m%79", "redis-sentinel://h:1/my", None, Some("p"));
        check("tyrant://h", "tyrant://h:1978", None, None);
        check("tyrant+unix:///t.sock", "tyrant+unix:///t.sock", None, None);
    }

    #[test]
    fn sentinels_may_be_told_something_else() {
        let target: Target =
            "redis-sentinel://ann:data@h/m?sentinel_user=eye&sentinel_password=w%26"
                .parse()
                .unwrap();
        let own = target.credentials();
        assert_eq!(own.user.as_deref(), Some("eye"));
        assert_eq!(own.password, Some(Password("w&".into())));
        assert_eq!((target.user.as_deref(), target.master.as_deref()), (Some("ann"), Some("m")));
        assert_eq!(target.to_string(), "redis-sentinel://h:26379/m");
        let silent: Target = "redis-sentinel://:data@h?sentinel_password=".parse().unwrap();
        assert_eq!(silent.credentials(), Credentials::default());
        let same: Target = "redis-sentinel://:data@h".parse().unwrap();
        assert_eq!(same.credentials().password, same.password);
        assert!("redis://h?sentinel_password=x".parse::<Target>().is_err());
    }

    #[test]
    fn options_of_tls() {
        let url = "rediss://h?ca=/ca%20x.pem&cert=/c.pem&key=/k.pem&server_name=cache&insecure=0";
        let expect = TlsOptions {
            ca: Some("/ca x.pem".into()),
            cert: Some("/c.pem".into()),
            key: Some("/k.pem".into()),
            server_name: Some("cache".to_owned()),
            insecure: false,
        };
        assert_eq!(url.parse::<Target>().unwrap().tls, Some(expect));
        for url in [
            "rediss://h?ca=",
            "rediss://h?ca",
            "rediss://h?secret=1",
            "rediss://h?insecure=yes",
            "rediss://h?cert=/c",
            "redis://h?ca=/c",
            "memcached://h?db=1",
            "tyrants://h",
        ] {
            assert!(url.parse::<Target>().is_err(), "{url}");
        }
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
            "memcached://u:secret@h/1",
            "tyrant://u:secret@h/x",
            "redis://u:secret@a b",
            "redis://u:secret@h:0",
        ] {
            let fault = url.parse::<Target>().unwrap_err();
            assert!(!fault.to_string().contains("secret"), "{url}: {fault}");
        }
    }

    #[test]
    fn port_0_is_named_with_its_place() {
        for (url, place) in [
            ("redis://h:0", "h:0"),
            ("rediss://u:secret@cache.example:00/3", "cache.example:0"),
            ("redis-sentinel://[::1]:0/main", "::1:0"),
            ("memcached://10.0.0.7:0", "10.0.0.7:0"),
            ("tyrant://h:0", "h:0"),
        ] {
            let fault = url.parse::<Target>().unwrap_err().to_string();
            assert!(fault.contains(place) && fault.contains("port 0"), "{url}: {fault}");
        }
        assert!("redis+unix:///run/h:0".parse::<Target>().is_ok(), "a path has no port");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_no_panic(url in "(redis(s|\\+unix|-sentinel)?://)?[\\PC%@:/\\[\\]?&=]{0,40}") {
            let _ = url.parse::<Target>();
        }
    }
}
