//! CLIENT LIST: one line a connection, a bag of `key=value` whose keys depend on the version.
//!
//! Source: `content/commands/client-list.md` of the Redis documentation.

use banyan_topology::{Client, ClientState, printable};

/// Bytes of names and other texts of the other side.
const MAX_TEXT_BYTES: usize = 256;
/// A connection that ran a command this many seconds ago counts as active. (Servers say whole
/// seconds; a poll can fall on either side of one.)
const ACTIVE_SECS: u64 = 1;
/// How far a time may seem to move between two polls and still be the same, in milliseconds: the
/// server's whole second and the way of the reply.
const SAME_TIME_MILLIS: u64 = 1500;

/// One line at the moment `now_millis`. `None` for a line without an id. Fields that are missing
/// or cannot be read are unknown.
pub fn parse_client(line: &[u8], now_millis: u64) -> Option<Client> {
    let mut client = Client::default();
    let mut has_id = false;
    let (mut age_secs, mut idle_secs) = (0, 0);
    let mut output_bytes = None;
    for (key, value) in fields(line) {
        let text = || printable(value, MAX_TEXT_BYTES);
        let some_text = || Some(text()).filter(|text| !text.is_empty());
        match key {
            b"id" if !has_id => {
                client.id = number(value)?;
                has_id = true;
            }
            b"addr" if client.addr.is_empty() => client.addr = text(),
            b"laddr" => client.local_addr = some_text(),
            b"fd" => client.descriptor = number(value),
            b"name" => client.name = text(),
            b"age" => age_secs = number(value).unwrap_or(0),
            b"idle" => idle_secs = number(value).unwrap_or(0),
            b"flags" => client.flags = text(),
            b"db" => client.db = number(value),
            b"sub" | b"psub" | b"ssub" => {
                let count: u32 = number(value).unwrap_or(0);
                client.subscriptions = client.subscriptions.saturating_add(count);
            }
            // -1 outside of MULTI.
            b"multi" => client.queued_commands = number(value),
            b"watch" => client.watched_keys = number(value),
            b"qbuf" => client.query_bytes = number(value),
            b"obl" | b"omem" => {
                let sum: u64 = output_bytes.unwrap_or(0);
                output_bytes = number(value).map(|bytes: u64| sum.saturating_add(bytes));
            }
            b"argv-mem" => client.argument_bytes = number(value),
            // -1 for none.
            b"redir" => client.redirect = number(value),
            b"tot-net-in" => client.received_bytes = number(value),
            b"tot-net-out" => client.sent_bytes = number(value),
            b"tot-cmds" => client.commands = number(value),
            b"tot-mem" => client.memory_bytes = number(value),
            b"cmd" => client.command = text().to_ascii_lowercase(),
            b"user" => client.user = some_text(),
            b"resp" => client.protocol = number(value),
            b"lib-name" => client.library = some_text(),
            b"lib-ver" => client.library_version = some_text(),
            b"io-thread" => client.thread = number(value),
            _ => {}
        }
    }
    if client.command == "null" {
        client.command.clear();
    }
    client.output_bytes = output_bytes;
    client.state = state(&client.flags, idle_secs);
    let before = |secs: u64| now_millis.saturating_sub(secs.saturating_mul(1000));
    client.opened_at_millis = before(age_secs);
    client.active_at_millis = before(idle_secs);
    has_id.then_some(client)
}

/// Holds the times of a connection still that only seem to move, because servers say whole seconds.
pub fn hold_times(client: &mut Client, earlier: &Client) {
    let hold = |now: &mut u64, earlier: u64| {
        if now.abs_diff(earlier) <= SAME_TIME_MILLIS {
            *now = earlier;
        }
    };
    hold(&mut client.opened_at_millis, earlier.opened_at_millis);
    hold(&mut client.active_at_millis, earlier.active_at_millis);
}

/// What the flags amount to, the most telling first.
fn state(flags: &str, idle_secs: u64) -> ClientState {
    let has = |any: &str| flags.contains(|flag| any.contains(flag));
    if has("Ac") {
        ClientState::Closing
    } else if has("O") {
        ClientState::Monitor
    } else if has("M") {
        ClientState::Master
    } else if has("S") {
        ClientState::Replica
    } else if has("b") {
        ClientState::Blocked
    } else if has("x") {
        ClientState::InMulti
    } else if has("P") {
        ClientState::Subscriber
    } else if idle_secs <= ACTIVE_SECS {
        ClientState::Active
    } else {
        ClientState::Idle
    }
}

/// Splits at those blanks that a field follows, so that a value may hold blanks and `=`.
fn fields(line: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let mut rest = Some(line);
    std::iter::from_fn(move || {
        let field = rest?;
        let end = (0..field.len())
            .find(|&at| field[at] == b' ' && key_length(&field[at + 1..]).is_some());
        rest = end.map(|end| &field[end + 1..]);
        Some(&field[..end.unwrap_or(field.len())])
    })
    .filter_map(|field| {
        let length = key_length(field)?;
        Some((&field[..length], &field[length + 1..]))
    })
}

/// The length of a field's name at the beginning of `bytes`, if one stands there.
fn key_length(bytes: &[u8]) -> Option<usize> {
    let length = bytes.iter().take_while(|b| b.is_ascii_lowercase() || **b == b'-').count();
    (length > 0 && bytes.get(length) == Some(&b'=')).then_some(length)
}

fn number<T: std::str::FromStr>(value: &[u8]) -> Option<T> {
    str::from_utf8(value).ok()?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: u64 = 1_000_000_000;

    fn parse(line: &str) -> Client {
        parse_client(line.as_bytes(), NOW).unwrap()
    }

    #[test]
    fn a_line_of_redis_7_0() {
        let client = parse(
            "id=125 addr=127.0.0.1:34130 laddr=127.0.0.1:36379 fd=16 name=multi age=100 idle=1 flags=x db=3 sub=0 psub=0 ssub=0 multi=2 qbuf=0 qbuf-free=20474 argv-mem=0 multi-mem=58 rbs=1024 rbp=9 obl=5 oll=0 omem=20 tot-mem=22490 events=r cmd=set user=default redir=-1 resp=2",
        );
        let expect = Client {
            id: 125,
            addr: "127.0.0.1:34130".to_owned(),
            local_addr: Some("127.0.0.1:36379".to_owned()),
            descriptor: Some(16),
            argument_bytes: Some(0),
            name: "multi".to_owned(),
            state: ClientState::InMulti,
            db: Some(3),
            opened_at_millis: NOW - 100_000,
            active_at_millis: NOW - 1000,
            command: "set".to_owned(),
            user: Some("default".to_owned()),
            output_bytes: Some(25),
            query_bytes: Some(0),
            memory_bytes: Some(22_490),
            queued_commands: Some(2),
            protocol: Some(2),
            flags: "x".to_owned(),
            ..Client::default()
        };
        assert_eq!(client, expect);
    }

    #[test]
    fn lines_of_other_versions() {
        let new = parse(
            "id=3 addr=[::1]:5 name= age=0 idle=0 flags=P db=0 sub=2 psub=1 ssub=1 multi=-1 watch=1 cmd=client|list lib-name=redis-py lib-ver=5.0 io-thread=2 redir=12 tot-net-in=7 tot-net-out=8 tot-cmds=9",
        );
        assert_eq!(new.library.as_deref(), Some("redis-py"));
        assert_eq!(new.library_version.as_deref(), Some("5.0"));
        assert_eq!((new.thread, new.subscriptions, new.watched_keys), (Some(2), 4, Some(1)));
        assert_eq!((new.redirect, new.received_bytes), (Some(12), Some(7)));
        assert_eq!((new.sent_bytes, new.commands), (Some(8), Some(9)));
        assert_eq!((new.queued_commands, new.command.as_str()), (None, "client|list"));
        let dragonfly =
            parse("id=9 addr=1.2.3.4:5 laddr=1.2.3.4:6 fd=7 name=a age=1 idle=9 phase=x");
        assert_eq!((dragonfly.db, dragonfly.output_bytes), (None, None));
        assert_eq!(dragonfly.state, ClientState::Idle);
        assert_eq!(parse("id=1 cmd=NULL").command, "");
        assert_eq!(parse("id=1 addr=/tmp/my sock:0 fd=8 flags=U").addr, "/tmp/my sock:0");
    }

    #[test]
    fn states() {
        let state =
            |flags: &str, idle: u64| parse(&format!("id=1 idle={idle} flags={flags}")).state;
        assert_eq!(state("N", 0), ClientState::Active);
        assert_eq!(state("N", 1), ClientState::Active);
        assert_eq!(state("N", 2), ClientState::Idle);
        assert_eq!(state("b", 50), ClientState::Blocked);
        assert_eq!(state("P", 50), ClientState::Subscriber);
        assert_eq!(state("S", 0), ClientState::Replica);
        assert_eq!(state("M", 0), ClientState::Master);
        assert_eq!(state("O", 0), ClientState::Monitor);
        assert_eq!(state("xU", 0), ClientState::InMulti);
        assert_eq!(state("bA", 0), ClientState::Closing);
    }

    #[test]
    fn hostile_lines() {
        assert_eq!(parse("id=1 name=a b=c d e= db=7").name, "a");
        assert_eq!(parse("id=1 name=a==b C=d db=7").name, "a==b C=d");
        assert_eq!(parse("id=1 name=<img/src=x/onerror=alert(1)> db=7").db, Some(7));
        assert_eq!(parse("id=1 name=x id=2").id, 1);
        assert_eq!(parse("id=1 db=-1 age=99999999999999999999 idle=18446744073709551615").db, None);
        let long = parse(&format!("id=1 name={} db=4", "n".repeat(100_000)));
        assert_eq!((long.name.len(), long.db), (256 + '…'.len_utf8(), Some(4)));
        let bytes = parse_client(b"id=1 name=\xff\x1b[0m\xe2\x80\xae db=1", NOW).unwrap();
        assert_eq!(bytes.name, "\\xff\\x1b[0m\\xe2\\x80\\xae");
        for line in ["", " ", "=", "id=", "id=x name=a", "name=a", "id", "id=-1"] {
            assert_eq!(parse_client(line.as_bytes(), NOW), None, "{line}");
        }
    }

    #[test]
    fn times_are_held_still() {
        let earlier = parse("id=1 age=10 idle=5");
        let mut later = parse_client(b"id=1 age=10 idle=5", NOW + 900).unwrap();
        hold_times(&mut later, &earlier);
        assert_eq!(later, earlier);
        let mut active = parse_client(b"id=1 age=20 idle=0", NOW + 10_000).unwrap();
        hold_times(&mut active, &earlier);
        assert_eq!(active.opened_at_millis, earlier.opened_at_millis);
        assert_eq!(active.active_at_millis, NOW + 10_000);
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_no_panic(line: Vec<u8>) {
            let _ = parse_client(&line, NOW);
        }

        #[test]
        fn any_fields_are_no_panic(line in "id=[0-9]{1,3}( (name|db|age|idle|multi|obl|flags)=\\PC{0,9}){0,9}") {
            assert!(parse_client(line.as_bytes(), NOW).is_some());
        }
    }
}
