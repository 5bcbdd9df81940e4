//! What a window of MONITOR comes to, in bounded memory.

use std::collections::{BTreeSet, HashMap};

use banyan_topology::{Client, ClientId, ClientState, Touch, printable};

use super::{
    key_spec::CommandTable,
    line::{Line, Origin, parse},
};
use crate::{prefix::prefix, redis::waits::Wait};

/// Connections whose last command is kept.
const MAX_ORIGINS: usize = 50_000;
/// Pairs of a connection and a prefix.
const MAX_TOUCHES: usize = 20_000;
/// Bytes of a prefix.
const MAX_PREFIX_BYTES: usize = 256;
/// Keys of one waiting client that are kept.
const MAX_WAITED: usize = 64;
/// Keys that were seen where clients could wait for them.
const MAX_WAITABLE: usize = 10_000;

/// Commands that wait for keys, or fill what others wait for.
const OF_QUEUES: &[&[u8]] = &[
    b"blpop",
    b"brpop",
    b"blmove",
    b"brpoplpush",
    b"blmpop",
    b"bzpopmin",
    b"bzpopmax",
    b"bzmpop",
    b"xread",
    b"xreadgroup",
    b"lpush",
    b"rpush",
    b"lpop",
    b"rpop",
    b"lmove",
    b"rpoplpush",
    b"zadd",
    b"zpopmin",
    b"zpopmax",
    b"xadd",
];
/// Of these only the first key is waited for.
const MOVES: &[&[u8]] = &[b"blmove", b"brpoplpush"];

pub(super) struct Sampler {
    table: CommandTable,
    delimiter: Vec<u8>,
    last: HashMap<String, LastCommand>,
    touches: HashMap<(String, u32, Vec<u8>), (u64, u64)>,
    waitable: BTreeSet<(u32, Vec<u8>)>,
    /// Whom commands of scripts belong to.
    speaker: Option<String>,
    pub(super) commands: u64,
    pub(super) missed: u64,
}

struct LastCommand {
    name: Vec<u8>,
    db: u32,
    keys: Vec<Vec<u8>>,
    at_micros: u64,
    seen_millis: u64,
}

impl Sampler {
    pub(super) fn new(table: CommandTable, delimiter: &str) -> Self {
        Self {
            table,
            delimiter: delimiter.as_bytes().to_vec(),
            last: HashMap::new(),
            touches: HashMap::new(),
            waitable: BTreeSet::new(),
            speaker: None,
            commands: 0,
            missed: 0,
        }
    }

    /// A line of MONITOR that came at `now_millis`.
    pub(super) fn line(&mut self, line: &[u8], now_millis: u64) {
        let Some(line) = parse(line) else { return };
        self.commands += 1;
        let is_script = line.origin == Origin::Script;
        let speaker = match &line.origin {
            Origin::Addr(addr) => addr.clone(),
            // As CLIENT LIST prints it.
            Origin::Unix(path) => format!("{path}:0"),
            Origin::Script => match &self.speaker {
                Some(speaker) => speaker.clone(),
                None => return,
            },
        };
        self.touch(&speaker, &line);
        if !is_script {
            self.remember(&speaker, &line, now_millis);
            self.speaker = Some(speaker);
        }
    }

    fn touch(&mut self, speaker: &str, line: &Line) {
        let mut is_missed = false;
        for used in self.table.keys(&line.arguments) {
            let entry = (speaker.to_owned(), line.db, prefix(used.key, &self.delimiter).to_vec());
            let is_new = !self.touches.contains_key(&entry);
            if is_new && self.touches.len() >= MAX_TOUCHES {
                is_missed = true;
                continue;
            }
            let (reads, writes) = self.touches.entry(entry).or_default();
            *(if used.is_write { writes } else { reads }) += 1;
        }
        self.missed += u64::from(is_missed);
    }

    fn remember(&mut self, speaker: &str, line: &Line, now_millis: u64) {
        if !self.last.contains_key(speaker) && self.last.len() >= MAX_ORIGINS {
            return;
        }
        let name = line.arguments.first().map(|name| name.to_ascii_lowercase()).unwrap_or_default();
        let keys = if OF_QUEUES.contains(&name.as_slice()) {
            let most = if MOVES.contains(&name.as_slice()) { 1 } else { MAX_WAITED };
            let keys = self.table.keys(&line.arguments).into_iter().take(most);
            keys.map(|used| used.key.to_vec()).collect()
        } else {
            Vec::new()
        };
        for key in &keys {
            if self.waitable.len() < MAX_WAITABLE {
                self.waitable.insert((line.db, key.clone()));
            }
        }
        let last = LastCommand {
            name,
            db: line.db,
            keys,
            at_micros: line.at_micros,
            seen_millis: now_millis,
        };
        self.last.insert(speaker.to_owned(), last);
    }

    /// Keys that clients could wait for.
    pub(super) fn waitable(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.waitable.iter().map(|(db, key)| (*db, key.as_slice()))
    }

    /// Which of the clients that are blocked now wait for what. Of several connections with one
    /// address, as those of a unix socket, none is told.
    pub(super) fn waits(&self, clients: &[Client]) -> Vec<(ClientId, Wait)> {
        let ids = ids_by_addr(clients);
        let blocked = clients.iter().filter(|client| client.state == ClientState::Blocked);
        blocked
            .filter_map(|client| {
                ids.get(client.addr.as_str())?.as_ref()?;
                let last = self.last.get(&client.addr)?;
                let is_same = last.name.eq_ignore_ascii_case(client.command.as_bytes());
                (is_same && !last.keys.is_empty()).then(|| {
                    let wait = Wait {
                        db: last.db,
                        keys: last.keys.clone(),
                        at_micros: last.at_micros,
                        since_millis: last.seen_millis,
                        active_at_millis: client.active_at_millis,
                        command: client.command.clone(),
                        argument_bytes: client.argument_bytes,
                    };
                    (client.id, wait)
                })
            })
            .collect()
    }

    /// Who touched what, by client and prefix.
    pub(super) fn touches(&self, clients: &[Client]) -> Vec<Touch> {
        let ids = ids_by_addr(clients);
        let mut touches: Vec<Touch> = self
            .touches
            .iter()
            .filter_map(|((speaker, db, prefix), (reads, writes))| {
                let client = (*ids.get(speaker.as_str())?)?;
                let prefix = printable(prefix, MAX_PREFIX_BYTES);
                Some(Touch { client, db: *db, prefix, reads: *reads, writes: *writes })
            })
            .collect();
        touches.sort_by(|a, b| (a.client, a.db, &a.prefix).cmp(&(b.client, b.db, &b.prefix)));
        touches
    }
}

/// The connection of each address; `None` where several have it.
fn ids_by_addr(clients: &[Client]) -> HashMap<&str, Option<ClientId>> {
    let mut ids = HashMap::new();
    for client in clients {
        ids.entry(client.addr.as_str())
            .and_modify(|id| {
                if *id != Some(client.id) {
                    *id = None;
                }
            })
            .or_insert(Some(client.id));
    }
    ids
}

#[cfg(test)]
mod tests {
    use super::*;

    fn client(id: ClientId, addr: &str, blocked_in: &str) -> Client {
        let state = if blocked_in.is_empty() { ClientState::Idle } else { ClientState::Blocked };
        let command = blocked_in.to_owned();
        Client { id, addr: addr.to_owned(), state, command, ..Client::default() }
    }

    #[test]
    fn clients_wait_for_what_they_asked_for_last() {
        let mut sampler = Sampler::new(CommandTable::of_queues(), ":");
        for line in [
            r#"1.000001 [0 a:1] "BRPOP" "jobs:mail" "jobs:img" "0""#,
            r#"1.000002 [3 a:2] "XREAD" "BLOCK" "0" "STREAMS" "s" "$""#,
            r#"1.000003 [0 a:3] "BLMOVE" "src" "dst" "LEFT" "LEFT" "0""#,
            r#"1.000004 [0 a:4] "BRPOP" "jobs:mail" "1""#,
            r#"1.000005 [0 a:4] "PING""#,
            r#"1.000006 [0 unix:/run/s] "BLPOP" "x" "0""#,
        ] {
            sampler.line(line.as_bytes(), 7);
        }
        let clients = [
            client(1, "a:1", "brpop"),
            client(2, "a:2", "xread"),
            client(3, "a:3", "blmove"),
            client(4, "a:4", "brpop"),
            client(5, "/run/s:0", "blpop"),
            client(6, "/run/s:0", "blpop"),
        ];
        let waits: Vec<(u64, u32, String)> = sampler
            .waits(&clients)
            .into_iter()
            .map(|(id, wait)| (id, wait.db, String::from_utf8(wait.keys.join(&b' ')).unwrap()))
            .collect();
        let expect = [(1, 0, "jobs:mail jobs:img"), (2, 3, "s"), (3, 0, "src")];
        assert_eq!(waits, expect.map(|(id, db, keys)| (id, db, keys.to_owned())));
        assert_eq!(sampler.waitable().count(), 5);
    }

    #[test]
    fn scripts_belong_to_whoever_ran_them() {
        let mut sampler = Sampler::new(CommandTable::of_queues(), ":");
        for line in [
            r#"1.000001 [0 lua] "lpush" "lost:1" "x""#,
            r#"1.000001 [0 a:1] "EVAL" "..." "0""#,
            r#"1.000002 [0 lua] "lpush" "jobs:mail" "x""#,
            r#"1.000003 [0 lua] "lpush" "jobs:img" "x""#,
            r#"1.000004 [0 a:2] "rpop" "jobs:mail""#,
        ] {
            sampler.line(line.as_bytes(), 7);
        }
        let touch =
            |client, writes| Touch { client, db: 0, prefix: "jobs:".into(), reads: 0, writes };
        let clients = [client(1, "a:1", ""), client(2, "a:2", "")];
        assert_eq!(sampler.touches(&clients), [touch(1, 2), touch(2, 1)]);
        assert_eq!(sampler.commands, 5);
    }

    #[test]
    fn memory_is_bounded() {
        let mut sampler = Sampler::new(CommandTable::of_queues(), ":");
        for n in 0..MAX_TOUCHES + 10 {
            sampler.line(format!(r#"1.000001 [0 a:{n}] "rpop" "jobs:x""#).as_bytes(), 7);
        }
        assert_eq!((sampler.touches.len(), sampler.missed), (MAX_TOUCHES, 10));
    }
}
