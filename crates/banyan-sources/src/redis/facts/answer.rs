//! Reads the answers to the questions of [`super`].

use std::collections::BTreeMap;

use banyan_topology::{Channel, LatencyEvent, ReplicaFacts, Replication, SlowCommand, printable};

use crate::redis::{Connection, command::SLOW_ENTRIES, resp::Reply};

/// Bytes of the printed arguments of a slow command.
const MAX_COMMAND_BYTES: usize = 256;
/// Of one answer.
const MOST_FACTS: usize = 4096;
const MOST_EVENTS: usize = 256;
const MOST_FUNCTIONS: usize = 10_000;

/// Names and values, those of a map in it as `outer.inner`.
pub(super) fn flat(reply: &Reply) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::new();
    for (name, value) in reply.pairs().into_iter().take(MOST_FACTS) {
        let Some(name) = name.text() else { continue };
        match value.text() {
            Some(value) => {
                facts.insert(name, value);
            }
            None => {
                let inner = value.pairs().into_iter().take(MOST_FACTS);
                facts.extend(inner.filter_map(|(inner, value)| {
                    Some((format!("{name}.{}", inner.text()?), value.text()?))
                }));
            }
        }
    }
    facts
}

/// How the connection itself came about.
pub(super) fn connection(connection: &Connection<'_>) -> BTreeMap<String, String> {
    let mut facts = BTreeMap::from([("resp".to_owned(), connection.protocol().to_string())]);
    facts.extend(connection.tls().map(|tls| ("tls".to_owned(), tls.to_owned())));
    facts
}

/// ROLE: `[master, offset, [[host, port, offset] ..]]` or
/// `[slave, host, port, state of the link, offset]`.
pub(super) fn replication(reply: &Reply) -> Option<Replication> {
    let elements = reply.elements()?;
    let number = |index: usize| elements.get(index).and_then(Reply::number);
    let host_port = |host: &Reply, port: &Reply| {
        let (host, port) = (host.text()?, port.text()?);
        let is_bare_ipv6 = host.contains(':');
        Some(if is_bare_ipv6 { format!("[{host}]:{port}") } else { format!("{host}:{port}") })
    };
    match elements.first()?.bytes()? {
        b"master" => {
            let offset = number(1);
            let replica = |reply: &Reply| {
                let [host, port, its_offset] = reply.elements()? else { return None };
                let its_offset = its_offset.number();
                Some(ReplicaFacts {
                    addr: host_port(host, port)?,
                    offset: its_offset,
                    lag_bytes: offset.zip(its_offset).map(|(own, its)| own.saturating_sub(its)),
                    ..ReplicaFacts::default()
                })
            };
            let replicas = elements.get(2).and_then(Reply::elements).unwrap_or_default();
            Some(Replication {
                is_master: true,
                offset,
                replicas: replicas.iter().take(MOST_EVENTS).filter_map(replica).collect(),
                ..Replication::default()
            })
        }
        b"slave" => {
            let state = elements.get(3)?.text()?;
            Some(Replication {
                is_master: false,
                master: host_port(elements.get(1)?, elements.get(2)?),
                is_syncing: Some(state == "sync"),
                link: Some(if state == "connected" { "up" } else { "down" }.to_owned()),
                offset: number(4),
                ..Replication::default()
            })
        }
        _ => None,
    }
}

/// `[[id, second, microseconds, [argument ..], address, name] ..]`, newest first.
pub(super) fn slow_log(reply: &Reply) -> Vec<SlowCommand> {
    let entry = |reply: &Reply| {
        let elements = reply.elements()?;
        let number = |index: usize| elements.get(index)?.number();
        let text = |index: usize| elements.get(index).and_then(Reply::text).unwrap_or_default();
        let mut command = Vec::new();
        for argument in elements.get(3)?.elements()?.iter().take(MAX_COMMAND_BYTES) {
            if !command.is_empty() {
                command.push(b' ');
            }
            let room = (MAX_COMMAND_BYTES + 1).saturating_sub(command.len());
            command.extend(argument.bytes().unwrap_or_default().iter().take(room));
        }
        Some(SlowCommand {
            id: number(0)?,
            at_millis: number(1)?.saturating_mul(1000),
            micros: number(2)?,
            command: printable(&command, MAX_COMMAND_BYTES),
            addr: text(4),
            name: text(5),
        })
    };
    let entries = reply.elements().unwrap_or_default();
    entries.iter().take(SLOW_ENTRIES).filter_map(entry).collect()
}

/// `[[name, second, latest, most] ..]`.
pub(super) fn latency(reply: &Reply) -> Vec<LatencyEvent> {
    let event = |reply: &Reply| {
        let [name, second, latest, most, ..] = reply.elements()? else { return None };
        Some(LatencyEvent {
            name: name.text()?,
            at_millis: second.number()?.saturating_mul(1000),
            latest_millis: latest.number()?,
            most_millis: most.number()?,
        })
    };
    let mut events: Vec<_> =
        reply.elements().unwrap_or_default().iter().take(MOST_EVENTS).filter_map(event).collect();
    events.sort_by(|a, b| a.name.cmp(&b.name));
    events
}

pub(super) fn channel_names(reply: &Reply) -> Vec<Vec<u8>> {
    let names = reply.elements().unwrap_or_default().iter();
    names.filter_map(Reply::bytes).map(<[u8]>::to_vec).collect()
}

/// `[name, subscribers ..]`.
pub(super) fn channels(reply: &Reply, is_sharded: bool) -> Vec<Channel> {
    let pairs = reply.pairs().into_iter();
    pairs
        .filter_map(|(name, count)| {
            Some(Channel { name: name.text()?, subscribers: count.number()?, is_sharded })
        })
        .collect()
}

/// `library.function`, of maps with the functions of each library.
pub(super) fn functions(reply: &Reply) -> Vec<String> {
    let mut functions: Vec<String> = Vec::new();
    for library in reply.elements().unwrap_or_default() {
        let Some(name) = library.get("library_name").and_then(Reply::text) else { continue };
        let of_library = library.get("functions").and_then(Reply::elements).unwrap_or_default();
        let names = of_library.iter().filter_map(|function| function.get("name")?.text());
        functions.extend(names.map(|function| format!("{name}.{function}")));
        if functions.len() > MOST_FUNCTIONS {
            break;
        }
    }
    functions.sort();
    functions
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redis::resp::{Decoded, decode};

    fn read(bytes: &str) -> Reply {
        match decode(bytes.replace(' ', "\r\n").as_bytes(), 1000) {
            Ok(Decoded::Reply(reply, _)) => reply,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn roles() {
        let master = read("*3 $6 master :100 *1 *3 $3 ::1 $4 7001 $2 90 ");
        let master = replication(&master).unwrap();
        assert_eq!((master.is_master, master.offset), (true, Some(100)));
        assert_eq!(master.replicas[0].addr, "[::1]:7001");
        assert_eq!(master.replicas[0].lag_bytes, Some(10));
        let replica = read("*5 $5 slave $9 127.0.0.1 :6379 $4 sync :-1 ");
        let replica = replication(&replica).unwrap();
        assert_eq!((replica.is_master, replica.is_syncing), (false, Some(true)));
        assert_eq!((replica.master.as_deref(), replica.offset), (Some("127.0.0.1:6379"), None));
        assert_eq!(replication(&read("*2 $8 sentinel *0 ")), None);
        assert_eq!(replication(&Reply::Null), None);
    }

    #[test]
    fn slow_commands_and_latency() {
        let log = "*1 *6 :7 :1700000000 :15000 *2 $4 KEYS $1 * $11 127.0.0.1:5 $1 n ";
        let expect = SlowCommand {
            id: 7,
            at_millis: 1_700_000_000_000,
            micros: 15_000,
            command: "KEYS *".to_owned(),
            addr: "127.0.0.1:5".to_owned(),
            name: "n".to_owned(),
        };
        assert_eq!(slow_log(&read(log)), [expect]);
        let events = latency(&read("*1 *4 $7 command :1700000000 :12 :40 "));
        assert_eq!((events[0].latest_millis, events[0].most_millis), (12, 40));
    }

    #[test]
    fn facts_of_both_versions() {
        for stats in ["*4 $1 a :1 $2 db *2 $1 x $1 y ", "%2 $1 a :1 $2 db %1 $1 x $1 y "] {
            let facts = flat(&read(stats));
            assert_eq!(facts.get("a").map(String::as_str), Some("1"));
            assert_eq!(facts.get("db.x").map(String::as_str), Some("y"));
        }
        let library = "*1 %2 $12 library_name $1 l $9 functions *1 %1 $4 name $1 f ";
        assert_eq!(functions(&read(library)), ["l.f"]);
        let subscribed = channels(&read("*2 $1 a :3 "), true);
        assert_eq!((subscribed[0].subscribers, subscribed[0].is_sharded), (3, true));
    }

    proptest::proptest! {
        #[test]
        fn any_reply_is_no_panic(bytes in "([*%][0-4]\r\n|:-?[0-9]\r\n|\\$1\r\na\r\n|\\$6\r\nmaster\r\n|_\r\n){0,30}") {
            if let Ok(Decoded::Reply(reply, _)) = decode(bytes.as_bytes(), 1000) {
                let _ = (flat(&reply), replication(&reply), slow_log(&reply), latency(&reply));
                let _ = (channels(&reply, false), functions(&reply), channel_names(&reply));
            }
        }
    }
}
