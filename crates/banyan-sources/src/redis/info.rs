//! INFO: `name:value` lines.

use std::collections::BTreeMap;

use banyan_topology::{ReplicaFacts, Replication, Sections, ServerFacts, ServerKind, printable};

/// Lines and bytes of a value that are kept.
const MAX_LINES: usize = 20_000;
const MAX_VALUE_BYTES: usize = 1024;
const CLOCKS: &[&str] = &["uptime_in_seconds", "uptime_in_days", "server_time_usec", "lru_clock"];

/// The answer to INFO.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Info(BTreeMap<String, String>);

/// What INFO keyspace says of one database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DatabaseFacts {
    pub db: u32,
    pub keys: u64,
    pub expires: u64,
}

impl Info {
    pub fn parse(text: &[u8]) -> Self {
        let lines = text.split(|byte| *byte == b'\n').take(MAX_LINES);
        Self(
            lines
                .filter(|line| !line.starts_with(b"#"))
                .filter_map(|line| {
                    let line = line.strip_suffix(b"\r").unwrap_or(line);
                    let at = line.iter().position(|byte| *byte == b':')?;
                    let name = str::from_utf8(&line[..at]).ok()?.to_owned();
                    Some((name, printable(&line[at + 1..], MAX_VALUE_BYTES)))
                })
                .collect(),
        )
    }

    /// All facts by section, but for the clocks, which move without meaning anything.
    pub fn sections(text: &[u8]) -> Sections {
        let mut sections = Sections::new();
        let mut section = "default".to_owned();
        for line in text.split(|byte| *byte == b'\n').take(MAX_LINES) {
            let line = line.strip_suffix(b"\r").unwrap_or(line);
            if let Some(name) = line.strip_prefix(b"# ") {
                section = printable(&name.to_ascii_lowercase(), 64);
            } else if let Some(at) = line.iter().position(|byte| *byte == b':') {
                let name = printable(&line[..at], 256);
                if !CLOCKS.contains(&name.as_str()) {
                    let value = printable(&line[at + 1..], MAX_VALUE_BYTES);
                    sections.entry(section.clone()).or_default().insert(name, value);
                }
            }
        }
        sections
    }

    pub fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    pub fn number(&self, name: &str) -> Option<u64> {
        self.text(name)?.parse().ok()
    }

    /// Databases that have keys.
    pub fn databases(&self) -> Vec<DatabaseFacts> {
        let mut databases: Vec<DatabaseFacts> = self
            .0
            .iter()
            .filter_map(|(name, value)| {
                let db = name.strip_prefix("db")?.parse().ok()?;
                let keys = subfield(value, "keys")?.parse().ok()?;
                let expires = subfield(value, "expires")?.parse().ok()?;
                Some(DatabaseFacts { db, keys, expires })
            })
            .collect();
        databases.sort_by_key(|facts| facts.db);
        databases
    }

    /// Commands with their calls and microseconds since the server's start. A subcommand is
    /// `client|list`.
    pub fn command_stats(&self) -> impl Iterator<Item = (&str, u64, u64)> {
        self.0.iter().filter_map(|(name, value)| {
            let name = name.strip_prefix("cmdstat_")?;
            let calls = subfield(value, "calls")?.parse().ok()?;
            Some((name, calls, subfield(value, "usec")?.parse().ok()?))
        })
    }

    pub fn server_facts(&self) -> ServerFacts {
        let is_valkey =
            self.text("server_name") == Some("valkey") || self.text("valkey_version").is_some();
        let version = self.text("valkey_version").or_else(|| self.text("redis_version"));
        let mode = self.text("redis_mode").or_else(|| self.text("server_mode"));
        ServerFacts {
            kind: match (mode, is_valkey) {
                (Some("sentinel"), _) => ServerKind::Sentinel,
                (_, true) => ServerKind::Valkey,
                (_, false) => ServerKind::Redis,
            },
            is_cluster: mode.map(|mode| mode == "cluster"),
            version: version.unwrap_or_default().to_owned(),
            run_id: self.text("run_id").unwrap_or_default().to_owned(),
            uptime_secs: self.number("uptime_in_seconds"),
            used_memory_bytes: self.number("used_memory"),
            // 0 is no limit.
            max_memory_bytes: self.number("maxmemory").filter(|bytes| *bytes > 0),
            max_clients: self.number("maxclients"),
            connected_clients: self.number("connected_clients"),
            blocked_clients: self.number("blocked_clients"),
            ops_per_sec: self.number("instantaneous_ops_per_sec"),
            total_connections: self.number("total_connections_received"),
            databases: self.databases().into_iter().map(|facts| (facts.db, facts.keys)).collect(),
            pid: self.number("process_id").and_then(|pid| pid.try_into().ok()),
            is_accepting: None,
            rejected_connections: self.number("rejected_connections"),
            evicted_keys: self.number("evicted_keys"),
            expired_keys: self.number("expired_keys"),
            hits: self.number("keyspace_hits"),
            misses: self.number("keyspace_misses"),
            eviction_policy: self.text("maxmemory_policy").map(str::to_owned),
            // CONFIG alone tells these, which a viewer may not have.
            idle_timeout_secs: None,
            keepalive_secs: None,
            backlog_bytes: self.number("repl_backlog_size"),
        }
    }

    /// `None` where INFO does not tell the role.
    pub fn replication(&self) -> Option<Replication> {
        let is_master = self.text("role")? == "master";
        let own_offset = self.number("master_repl_offset");
        let replica_offset = self.number("slave_repl_offset");
        let host_port = |host: &str, port: &str| {
            if host.contains(':') { format!("[{host}]:{port}") } else { format!("{host}:{port}") }
        };
        let master = match (self.text("master_host"), self.text("master_port")) {
            (Some(host), Some(port)) if !is_master => Some(host_port(host, port)),
            _ => None,
        };
        let replicas = (0..self.number("connected_slaves").unwrap_or(0).min(1000))
            .filter_map(|index| {
                let value = self.text(&format!("slave{index}"))?;
                let offset = subfield(value, "offset").and_then(|offset| offset.parse().ok());
                let lag = |offset: u64| own_offset.map(|own| own.saturating_sub(offset));
                Some(ReplicaFacts {
                    addr: host_port(subfield(value, "ip")?, subfield(value, "port")?),
                    state: subfield(value, "state").unwrap_or_default().to_owned(),
                    offset,
                    lag_bytes: offset.and_then(lag),
                    lag_secs: subfield(value, "lag").and_then(|lag| lag.parse().ok()),
                })
            })
            .collect();
        Some(Replication {
            is_master,
            master,
            link: self.text("master_link_status").map(str::to_owned),
            offset: if is_master { own_offset } else { replica_offset.or(own_offset) },
            replicas,
            is_syncing: self.text("master_sync_in_progress").map(|value| value == "1"),
            silent_secs: self.number("master_last_io_seconds_ago"),
            ..Replication::default()
        })
    }
}

/// The value of `name` in `a=1,b=2`.
fn subfield<'a>(value: &'a str, name: &str) -> Option<&'a str> {
    value.split(',').find_map(|field| field.strip_prefix(name)?.strip_prefix('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    const MASTER: &str = "# Server\r\nredis_version:7.0.15\r\nrun_id:abc\r\nuptime_in_seconds:12\r\n\
        # Clients\r\nconnected_clients:3\r\nmaxclients:10000\r\nblocked_clients:1\r\n\
        # Memory\r\nused_memory:1000\r\nmaxmemory:0\r\n\
        # Replication\r\nrole:master\r\nconnected_slaves:2\r\n\
        slave0:ip=127.0.0.1,port=7001,state=online,offset=90,lag=0\r\n\
        slave1:ip=::1,port=7002,state=wait_bgsave,offset=0,lag=0\r\nmaster_repl_offset:100\r\n\
        # Commandstats\r\ncmdstat_client|list:calls=2,usec=30,usec_per_call=15.00\r\n\
        # Keyspace\r\ndb10:keys=5,expires=1,avg_ttl=7,subexpiry=0\r\ndb0:keys=2,expires=0,avg_ttl=0\r\n";

    #[test]
    fn a_master() {
        let info = Info::parse(MASTER.as_bytes());
        let facts = info.server_facts();
        assert_eq!((facts.kind, facts.version.as_str()), (ServerKind::Redis, "7.0.15"));
        assert_eq!((facts.max_memory_bytes, facts.max_clients), (None, Some(10_000)));
        assert_eq!(facts.databases, BTreeMap::from([(0, 2), (10, 5)]));
        assert_eq!(info.command_stats().collect::<Vec<_>>(), [("client|list", 2, 30)]);
        let replication = info.replication().unwrap();
        assert_eq!((replication.is_master, replication.offset), (true, Some(100)));
        let replicas: Vec<_> = replication
            .replicas
            .iter()
            .map(|replica| (replica.addr.as_str(), replica.state.as_str(), replica.lag_bytes))
            .collect();
        assert_eq!(
            replicas,
            [("127.0.0.1:7001", "online", Some(10)), ("[::1]:7002", "wait_bgsave", Some(100))]
        );
    }

    #[test]
    fn sections_without_clocks() {
        let sections = Info::sections(MASTER.as_bytes());
        let names: Vec<_> = sections.keys().map(String::as_str).collect();
        assert_eq!(
            names,
            ["clients", "commandstats", "keyspace", "memory", "replication", "server"]
        );
        let server: Vec<_> = sections["server"].keys().map(String::as_str).collect();
        assert_eq!(server, ["redis_version", "run_id"]);
        assert_eq!(sections["memory"]["used_memory"], "1000");
    }

    #[test]
    fn a_replica_of_valkey() {
        let info = Info::parse(
            b"redis_version:7.2.4\nserver_name:valkey\nvalkey_version:8.1.0\nrole:slave\n\
            master_host:10.0.0.1\nmaster_port:6379\nmaster_link_status:down\n\
            slave_repl_offset:42\nmaster_repl_offset:43\n",
        );
        assert_eq!(info.server_facts().kind, ServerKind::Valkey);
        assert_eq!(info.server_facts().version, "8.1.0");
        let replication = info.replication().unwrap();
        assert_eq!(replication.master.as_deref(), Some("10.0.0.1:6379"));
        assert_eq!(replication.link.as_deref(), Some("down"));
        assert_eq!(replication.offset, Some(42));
    }

    #[test]
    fn nothing_is_unknown_rather_than_zero() {
        let info = Info::parse(b"");
        assert_eq!(info.replication(), None);
        assert_eq!(info.server_facts().connected_clients, None);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_no_panic(text in "((db[0-9]|slave0|role|connected_slaves):(keys=|ip=)?\\PC{0,9}\n){0,9}") {
            let info = Info::parse(text.as_bytes());
            let _ = (info.server_facts(), info.replication(), Info::sections(text.as_bytes()));
        }
    }
}
