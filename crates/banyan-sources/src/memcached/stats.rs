//! The answers to `stats` as a topology.

use std::collections::BTreeMap;

use banyan_topology::{Client, ClientState, ServerFacts, ServerKind};

/// A connection is active if it spoke this many seconds ago or less.
const ACTIVE_SECS: u64 = 1;

pub(super) fn server_facts(
    stats: &[(String, String)],
    settings: &[(String, String)],
) -> ServerFacts {
    let text = |name: &str| stats.iter().find(|stat| stat.0 == name).map(|stat| stat.1.as_str());
    let number = |name: &str| text(name)?.parse::<u64>().ok();
    let setting = |name: &str| settings.iter().find(|stat| stat.0 == name)?.1.parse::<u64>().ok();
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
        max_clients: setting("maxconns").or_else(|| number("max_connections")),
        connected_clients: number("curr_connections"),
        total_connections: number("total_connections"),
        databases: number("curr_items").into_iter().map(|keys| (0, keys)).collect(),
        pid: number("pid").and_then(|pid| pid.try_into().ok()),
        is_accepting: number("accepting_conns").map(|accepting| accepting == 1),
        rejected_connections: number("rejected_connections"),
        evicted_keys: number("evictions"),
        expired_keys: number("expired_unfetched"),
        hits: number("get_hits"),
        misses: number("get_misses"),
        idle_timeout_secs: setting("idle_timeout"),
        ..ServerFacts::default()
    }
}

/// The connections of `stats conns` by their descriptor in the server, without its listeners.
///
/// The descriptor serves as id: it is what the server calls a connection, and another connection
/// may get it once this one is closed.
pub(super) fn clients(conns: &[(String, String)], now_millis: u64) -> Vec<Client> {
    let mut by_descriptor: BTreeMap<u64, BTreeMap<&str, &str>> = BTreeMap::new();
    for (name, value) in conns {
        if let Some((descriptor, field)) = name.split_once(':')
            && let Ok(descriptor) = descriptor.parse()
        {
            by_descriptor.entry(descriptor).or_default().insert(field, value);
        }
    }
    let clients = by_descriptor.into_iter().filter_map(|(id, fields)| {
        let state = *fields.get("state")?;
        if state == "conn_listening" {
            return None;
        }
        let addr = fields.get("addr").copied().unwrap_or_default();
        let idle_secs = fields.get("secs_since_last_cmd").and_then(|secs| secs.parse::<u64>().ok());
        let active_at_millis =
            now_millis.saturating_sub(idle_secs.unwrap_or(0).saturating_mul(1000));
        Some(Client {
            id,
            addr: addr.strip_prefix("tcp:").unwrap_or(addr).to_owned(),
            state: match state {
                "conn_closing" | "conn_closed" => ClientState::Closing,
                "conn_watch" => ClientState::Monitor,
                _ if idle_secs.is_some_and(|secs| secs <= ACTIVE_SECS) => ClientState::Active,
                _ => ClientState::Idle,
            },
            // The server does not say when it was opened: at its last command at the latest.
            opened_at_millis: active_at_millis,
            active_at_millis,
            flags: state.to_owned(),
            ..Client::default()
        })
    });
    clients.collect()
}

#[cfg(test)]
mod tests {
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
            STAT 25:state conn_read\nSTAT 25:secs_since_last_cmd 9\nSTAT x:state y\nSTAT 26:addr z",
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
                (25, "127.0.0.1:42615", ClientState::Idle, 91_000)
            ]
        );
    }

    #[test]
    fn facts() {
        let facts = server_facts(
            &stats(
                "STAT pid 7\nSTAT uptime 10\nSTAT time 1000\nSTAT version 1.6.18\nSTAT curr_items 3",
            ),
            &stats("STAT maxconns 1024\nSTAT num_threads 4"),
        );
        assert_eq!((facts.run_id.as_str(), facts.version.as_str()), ("7-990", "1.6.18"));
        assert_eq!((facts.max_clients, facts.databases.get(&0)), (Some(1024), Some(&3)));
    }
}
