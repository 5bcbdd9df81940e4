//! The answers to `stats` as a topology.

use std::collections::BTreeMap;

use banyan_topology::{Client, ClientState, ServerFacts, ServerKind};

/// A connection is active if it spoke this many seconds ago or less.
const ACTIVE_SECS: u64 = 1;

/// Counters of `stats` that together count the commands on items.
const COMMANDS: &[&str] = &[
    "cmd_get",
    "cmd_set",
    "cmd_touch",
    "cmd_flush",
    "delete_hits",
    "delete_misses",
    "incr_hits",
    "incr_misses",
    "decr_hits",
    "decr_misses",
];

pub(super) fn text<'a>(stats: &'a [(String, String)], name: &str) -> Option<&'a str> {
    stats.iter().find(|stat| stat.0 == name).map(|stat| stat.1.as_str())
}

pub(super) fn number(stats: &[(String, String)], name: &str) -> Option<u64> {
    text(stats, name)?.parse().ok()
}

/// Commands on items since the server's start.
pub(super) fn commands(stats: &[(String, String)]) -> u64 {
    COMMANDS.iter().filter_map(|name| number(stats, name)).fold(0, u64::saturating_add)
}

pub(super) fn server_facts(
    stats: &[(String, String)],
    settings: &[(String, String)],
) -> ServerFacts {
    let text = |name: &str| text(stats, name);
    let number = |name: &str| number(stats, name);
    let setting = |name: &str| settings.iter().find(|stat| stat.0 == name).map(|s| s.1.as_str());
    let setting_number = |name: &str| setting(name)?.parse::<u64>().ok();
    // memcached has no run id: the process and the second of its start serve as one.
    let started =
        number("time").zip(number("uptime")).map(|(time, uptime)| time - uptime.min(time));
    let run_id = format!(
        "{}-{}",
        text("pid").unwrap_or_default(),
        started.map(|secs| secs.to_string()).unwrap_or_default()
    );
    ServerFacts {
        kind: ServerKind::Memcached,
        version: text("version").unwrap_or_default().to_owned(),
        run_id,
        uptime_secs: number("uptime"),
        used_memory_bytes: number("bytes"),
        max_memory_bytes: number("limit_maxbytes"),
        max_clients: setting_number("maxconns").or_else(|| number("max_connections")),
        connected_clients: number("curr_connections"),
        total_connections: number("total_connections"),
        databases: number("curr_items").into_iter().map(|keys| (0, keys)).collect(),
        pid: number("pid").and_then(|pid| pid.try_into().ok()),
        is_accepting: number("accepting_conns").map(|accepting| accepting == 1),
        rejected_connections: number("rejected_connections"),
        evicted_keys: number("evictions"),
        hits: number("get_hits"),
        misses: number("get_misses"),
        eviction_policy: setting("evictions").map(|evictions| {
            let policy = match (evictions, setting("lru_segmented")) {
                ("off", _) => "noeviction",
                (_, Some("yes")) => "segmented LRU",
                _ => "LRU",
            };
            policy.to_owned()
        }),
        idle_timeout_secs: setting_number("idle_timeout"),
        ..ServerFacts::default()
    }
}

/// The connections of `stats conns` by their descriptor in the server, without its own sockets:
/// those that listen, and those that take datagrams.
///
/// The descriptor serves as id: it is what the server calls a connection, and another connection
/// may get it once this one is closed.
pub(super) fn clients(conns: &[(String, String)], now_millis: u64) -> Vec<Client> {
    let mut by_descriptor: BTreeMap<u32, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in conns {
        if let Some((descriptor, field)) = name.split_once(':')
            && let Ok(descriptor) = descriptor.parse()
        {
            by_descriptor.entry(descriptor).or_default().insert(field, value);
        }
    }
    let clients = by_descriptor.into_iter().filter_map(|(descriptor, fields)| {
        let state = *fields.get("state")?;
        let addr = fields.get("addr").copied().unwrap_or_default();
        if state == "conn_listening" || addr.starts_with("udp") {
            return None;
        }
        let idle_secs = fields.get("secs_since_last_cmd").and_then(|secs| secs.parse::<u64>().ok());
        let active_at_millis =
            now_millis.saturating_sub(idle_secs.unwrap_or(0).saturating_mul(1000));
        Some(Client {
            id: descriptor.into(),
            addr: plain_addr(addr).to_owned(),
            state: state_of(state, idle_secs),
            // The server does not say when it was opened: at its last command at the latest.
            opened_at_millis: active_at_millis,
            active_at_millis,
            flags: state.to_owned(),
            local_addr: fields.get("listen_addr").map(|addr| plain_addr(addr).to_owned()),
            descriptor: Some(descriptor),
            ..Client::default()
        })
    });
    clients.collect()
}

/// `tcp:127.0.0.1:7` as `127.0.0.1:7`, `tcp6:[::1]:7` as `[::1]:7`; `unix:/path` stays.
fn plain_addr(addr: &str) -> &str {
    addr.strip_prefix("tcp:").or_else(|| addr.strip_prefix("tcp6:")).unwrap_or(addr)
}

/// A state of memcached's own machine, whose name is kept in [`Client::flags`].
fn state_of(state: &str, idle_secs: Option<u64>) -> ClientState {
    match state {
        "conn_closing" | "conn_closed" => ClientState::Closing,
        "conn_watch" => ClientState::Monitor,
        // Waits for a thread of the server that reads from disk or asks another server.
        "conn_io_queue" | "conn_io_resume" | "conn_io_pending" => ClientState::Blocked,
        // In a command, or (new_cmd, waiting, read, write, mwrite, nread, swallow) waiting for the
        // client to send or to read more of one. Only the time since then tells a quiet connection.
        _ if idle_secs.is_some_and(|secs| secs <= ACTIVE_SECS) => ClientState::Active,
        _ => ClientState::Idle,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn stats(text: &str) -> Vec<(String, String)> {
        text.lines()
            .filter_map(|line| line.strip_prefix("STAT ")?.split_once(' '))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect()
    }

    #[test]
    fn connections_of_1_6_18() {
        let conns = stats(
            "STAT 23:addr tcp:127.0.0.1:31211\nSTAT 23:state conn_listening\n\
            STAT 23:secs_since_last_cmd 0\nSTAT 24:addr tcp:127.0.0.1:42614\n\
            STAT 24:listen_addr tcp:127.0.0.1:31211\nSTAT 24:state conn_parse_cmd\n\
            STAT 24:secs_since_last_cmd 0\nSTAT 25:addr tcp:127.0.0.1:42615\n\
            STAT 25:state conn_read\nSTAT 25:secs_since_last_cmd 9\nSTAT x:state y\nSTAT 26:addr z\n\
            STAT 27:addr udp:127.0.0.1:31211\nSTAT 27:state conn_read\n\
            STAT 28:addr tcp6:[::1]:9\nSTAT 28:state conn_watch\nSTAT 28:secs_since_last_cmd 9",
        );
        let clients = clients(&conns, 100_000);
        let told: Vec<_> = clients
            .iter()
            .map(|client| (client.id, client.addr.as_str(), client.state, client.active_at_millis))
            .collect();
        assert_eq!(
            told,
            [
                (24, "127.0.0.1:42614", ClientState::Active, 100_000),
                (25, "127.0.0.1:42615", ClientState::Idle, 91_000),
                (28, "[::1]:9", ClientState::Monitor, 91_000)
            ]
        );
        let first = &clients[0];
        assert_eq!(first.local_addr.as_deref(), Some("127.0.0.1:31211"));
        assert_eq!((first.descriptor, first.flags.as_str()), (Some(24), "conn_parse_cmd"));
    }

    #[test]
    fn facts() {
        let facts = server_facts(
            &stats(
                "STAT pid 7\nSTAT uptime 10\nSTAT time 1000\nSTAT version 1.6.18\nSTAT curr_items 3\n\
                STAT expired_unfetched 5",
            ),
            &stats("STAT maxconns 1024\nSTAT num_threads 4"),
        );
        assert_eq!((facts.run_id.as_str(), facts.version.as_str()), ("7-990", "1.6.18"));
        assert_eq!((facts.max_clients, facts.databases.get(&0)), (Some(1024), Some(&3)));
        // It counts those alone that expired without ever being read.
        assert_eq!(facts.expired_keys, None);
    }

    /// Names that are known and others, with values that are none and numbers that are too large.
    fn any_stats() -> impl Strategy<Value = Vec<(String, String)>> {
        let name = prop_oneof![
            "(time|uptime|pid|version|bytes|maxconns|curr_items|cmd_get|cmd_set|get_hits)",
            "(accepting_conns|idle_timeout|evictions|lru_segmented|delete_hits|total_connections)",
            "[0-9]{0,12}:(addr|state|secs_since_last_cmd|listen_addr|x)?",
            "\\PC{0,12}",
        ];
        let value = prop_oneof![
            "(18446744073709551615|18446744073709551616|4294967296|-1|1e9|yes|off|0)?",
            "(conn_(read|nread|watch|listening|closing)|tcp:\\[::1\\]:7|unix:|udp|tcp:)",
            "\\PC{0,20}",
        ];
        proptest::collection::vec((name, value), 0..40)
    }

    proptest! {
        #[test]
        fn any_stats_are_facts_or_none(stats in any_stats(), settings in any_stats()) {
            let facts = server_facts(&stats, &settings);
            prop_assert!(facts.uptime_secs == number(&stats, "uptime"));
            let _ = commands(&stats);
            for client in clients(&stats, 5) {
                prop_assert_eq!(client.descriptor.map(u64::from), Some(client.id));
                prop_assert!(client.active_at_millis <= 5);
            }
        }
    }
}
