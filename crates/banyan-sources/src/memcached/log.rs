//! Lines of `watch`, and what they come to in bounded memory.
//!
//! A command that stores looks its item up first, which is logged like a read: of a read that the same
//! connection follows at once with a store of the same key, only the store counts. Lines of other
//! worker threads may come between the two.

use std::collections::{BTreeMap, HashMap};

use banyan_topology::{ClientId, Touch, printable};

use super::dump::decode;
use crate::prefix::prefix;

/// Pairs of a connection and a prefix.
const MAX_TOUCHES: usize = 20_000;
/// Bytes of a prefix.
const MAX_PREFIX_BYTES: usize = 256;

/// What a line says.
#[derive(Debug, PartialEq, Eq)]
enum Line {
    Read(Use),
    Write(Use),
    /// So many lines went by because we were slow.
    Skipped(u64),
    Other,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Use {
    /// The connection's descriptor in the server; `None` in versions that do not say.
    client: Option<ClientId>,
    key: Vec<u8>,
}

/// `ts=1795298229.177486 gid=5 type=item_get key=w%3A1 status=found clsid=1 cfd=25 size=3`
fn parse(line: &[u8]) -> Line {
    let (mut kind, mut key, mut client, mut skipped) = (&b""[..], None, None, None);
    for field in line.split(|byte| *byte == b' ') {
        let Some(at) = field.iter().position(|byte| *byte == b'=') else { continue };
        let (name, value) = field.split_at(at);
        let value = value.get(1..).unwrap_or_default();
        let number = || -> Option<u64> { str::from_utf8(value).ok()?.parse().ok() };
        match name {
            b"type" => kind = value,
            b"key" => key = Some(decode(value)),
            b"cfd" => client = number(),
            b"skipped" => skipped = number(),
            _ => {}
        }
    }
    if let Some(lines) = skipped {
        return Line::Skipped(lines);
    }
    match (kind, key) {
        (b"item_get", Some(key)) => Line::Read(Use { client, key }),
        (b"item_store" | b"deleted", Some(key)) => Line::Write(Use { client, key }),
        _ => Line::Other,
    }
}

pub(super) struct Sampler {
    delimiter: Vec<u8>,
    /// Reads and writes.
    touches: HashMap<(ClientId, Vec<u8>), (u64, u64)>,
    /// The key that each connection read last, which may turn out to be part of a store.
    last_reads: BTreeMap<Option<ClientId>, Vec<u8>>,
    pub(super) commands: u64,
    pub(super) missed: u64,
}

impl Sampler {
    pub(super) fn new(delimiter: &str) -> Self {
        Self {
            delimiter: delimiter.as_bytes().to_vec(),
            touches: HashMap::new(),
            last_reads: BTreeMap::new(),
            commands: 0,
            missed: 0,
        }
    }

    pub(super) fn line(&mut self, line: &[u8]) {
        match parse(line) {
            Line::Read(Use { client, key }) => {
                if self.last_reads.len() >= MAX_TOUCHES {
                    self.count_last_reads();
                }
                if let Some(key) = self.last_reads.insert(client, key) {
                    self.count(&Use { client, key });
                }
            }
            Line::Write(write) => {
                let before = self.last_reads.remove(&write.client);
                if let Some(key) = before.filter(|key| *key != write.key) {
                    self.count(&Use { client: write.client, key });
                }
                self.commands += 1;
                if let Some(sums) = self.sums(&write) {
                    sums.1 += 1;
                }
            }
            Line::Skipped(lines) => {
                self.count_last_reads();
                self.missed = self.missed.saturating_add(lines);
            }
            Line::Other => {}
        }
    }

    /// What follows them will not be seen.
    fn count_last_reads(&mut self) {
        for (client, key) in std::mem::take(&mut self.last_reads) {
            self.count(&Use { client, key });
        }
    }

    fn count(&mut self, read: &Use) {
        self.commands += 1;
        if let Some(sums) = self.sums(read) {
            sums.0 += 1;
        }
    }

    /// The sums that a use counts in; without them it is missed.
    fn sums(&mut self, used: &Use) -> Option<&mut (u64, u64)> {
        let prefix = prefix(&used.key, &self.delimiter).to_vec();
        let entry = used.client.map(|client| (client, prefix));
        let is_full = self.touches.len() >= MAX_TOUCHES;
        let fits = |entry: &(ClientId, Vec<u8>)| !is_full || self.touches.contains_key(entry);
        match entry.filter(fits) {
            Some(entry) => Some(self.touches.entry(entry).or_default()),
            None => {
                self.missed += 1;
                None
            }
        }
    }

    /// Who touched what, by client and prefix.
    pub(super) fn touches(&mut self) -> Vec<Touch> {
        self.count_last_reads();
        let touches = self.touches.iter().map(|((client, prefix), (reads, writes))| Touch {
            client: *client,
            db: 0,
            prefix: printable(prefix, MAX_PREFIX_BYTES),
            reads: *reads,
            writes: *writes,
        });
        let mut touches: Vec<Touch> = touches.collect();
        touches.sort_by(|a, b| (a.client, &a.prefix).cmp(&(b.client, &b.prefix)));
        touches
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reads_and_writes_by_connection_and_prefix() {
        let mut sampler = Sampler::new(":");
        for line in [
            // A set, which looks before it stores; two reads; a set by another.
            "ts=1.1 gid=2 type=item_get key=k%3A1 status=not_found clsid=0 cfd=25 size=0",
            "ts=1.1 gid=3 type=item_store key=k%3A1 status=stored cmd=set ttl=0 clsid=1 cfd=25 size=1",
            "ts=1.1 gid=4 type=item_get key=k%3A1 status=found clsid=1 cfd=25 size=1",
            "ts=1.1 gid=5 type=item_get key=nokey status=not_found clsid=0 cfd=26 size=0",
            "ts=1.1 gid=6 type=item_store key=k%3A2 status=stored cmd=set ttl=0 clsid=1 cfd=26 size=1",
            "ts=1.1 gid=7 type=deleted key=k%3A2 cmd=delete clsid=1 cfd=26 size=1",
            "ts=1.1 gid=7 type=eviction key=x fetch=no ttl=-1 la=5 clsid=1 size=70",
            "skipped=7",
            "ts=1.1 gid=9 type=item_get key=old status=found clsid=1",
            "nonsense",
        ] {
            sampler.line(line.as_bytes());
        }
        let touch = |client, prefix: &str, reads, writes| Touch {
            client,
            db: 0,
            prefix: prefix.to_owned(),
            reads,
            writes,
        };
        let expect = [touch(25, "k:", 1, 1), touch(26, "k:", 0, 2), touch(26, "nokey", 1, 0)];
        assert_eq!(sampler.touches(), expect);
        // Seven that were skipped, and one of a version that names no connection.
        assert_eq!((sampler.commands, sampler.missed), (6, 8));
    }

    #[test]
    fn lines_of_another_worker_come_between_the_two_of_a_store() {
        let mut sampler = Sampler::new(":");
        for line in [
            "ts=1.1 gid=2 type=item_get key=a%3A1 status=not_found clsid=0 cfd=25 size=0",
            "ts=1.1 gid=3 type=item_get key=b%3A1 status=not_found clsid=0 cfd=26 size=0",
            "ts=1.1 gid=4 type=eviction key=x fetch=no ttl=-1 la=5 clsid=1 size=70",
            "ts=1.1 gid=5 type=item_store key=a%3A1 status=stored cmd=set ttl=0 clsid=1 cfd=25 size=1",
        ] {
            sampler.line(line.as_bytes());
        }
        let touches = sampler.touches();
        let sums: Vec<_> = touches.iter().map(|it| (it.client, it.reads, it.writes)).collect();
        assert_eq!(sums, [(25, 0, 1), (26, 1, 0)]);
        assert_eq!((sampler.commands, sampler.missed), (2, 0));
    }

    proptest! {
        #[test]
        fn any_lines_are_no_panic(lines: Vec<Vec<u8>>) {
            let mut sampler = Sampler::new(":");
            lines.iter().for_each(|line| sampler.line(line));
            sampler.touches();
        }
    }
}
