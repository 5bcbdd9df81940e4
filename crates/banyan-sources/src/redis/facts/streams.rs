//! Streams with their groups and consumers, under CLIENT NO-TOUCH: XINFO alone would touch the LRU
//! clocks of the streams that it looks at.

use banyan_topology::{Consumer, ConsumerGroup, Fault, Stream, printable};

use super::reason;
use crate::{
    clock::now_millis,
    link::Link,
    redis::{Connection, RedisCommand, resp::Reply, version::is_at_least},
};

const MOST_STREAMS: usize = 50;
const MOST_GROUPS: usize = 20;
/// A group with more is shown without them.
const MOST_CONSUMERS: u64 = 1000;
const MAX_NAME_BYTES: usize = 256;
/// How far a time may seem to move between two rounds and still be the same, in milliseconds.
const SAME_TIME_MILLIS: u64 = 1500;

#[derive(Default)]
pub(super) struct Streams {
    touches_nothing: bool,
    earlier: Vec<Stream>,
}

/// The streams that a walk over the keys has found, or why they cannot be looked at.
type Answer = Result<Vec<Stream>, String>;

impl Streams {
    pub(super) async fn ask(
        &mut self,
        connection: &mut Connection<'_>,
        link: &Link,
        version: &str,
    ) -> Result<Answer, Fault> {
        let found: Vec<(u32, Vec<u8>)> = {
            let notable = link.notable();
            notable.streams().take(MOST_STREAMS).map(|(db, key)| (db, key.to_vec())).collect()
        };
        if found.is_empty() {
            return Ok(Ok(Vec::new()));
        }
        if !is_at_least(version, (7, 2)) {
            return Ok(Err("needs 7.2".to_owned()));
        }
        if !self.touches_nothing {
            match connection.call(RedisCommand::ClientNoTouch).await? {
                reply @ Reply::Error(_) => {
                    return Ok(Err(reason("client|no-touch", &reply, version)?));
                }
                _ => self.touches_nothing = true,
            }
        }
        let mut streams = Vec::new();
        for (db, key) in found {
            match look(connection, db, key, version).await? {
                Ok(stream) => streams.extend(stream),
                Err(reason) => return Ok(Err(reason)),
            }
        }
        hold_times(&mut streams, &self.earlier);
        self.earlier.clone_from(&streams);
        Ok(Ok(streams))
    }
}

/// One stream; `None` if it is gone by now.
async fn look(
    connection: &mut Connection<'_>,
    db: u32,
    key: Vec<u8>,
    version: &str,
) -> Result<Result<Option<Stream>, String>, Fault> {
    let commands = [
        RedisCommand::Select(db),
        RedisCommand::XInfoStream(key.clone()),
        RedisCommand::XInfoGroups(key.clone()),
    ];
    let replies = connection.pipeline(&commands).await?;
    for (command, reply) in commands.iter().zip(&replies) {
        if let Reply::Error(words) = reply {
            let is_gone = words.starts_with(b"ERR no such key") || words.starts_with(b"WRONGTYPE");
            return if is_gone {
                Ok(Ok(None))
            } else {
                reason(command.stat_names().0, reply, version).map(Err)
            };
        }
    }
    let [_, stream, groups] = &replies[..] else { return Ok(Ok(None)) };
    let mut stream = Stream {
        db,
        key: printable(&key, MAX_NAME_BYTES),
        entries: stream.get("length").and_then(Reply::number).unwrap_or(0),
        groups: Vec::new(),
    };
    for facts in groups.elements().unwrap_or_default().iter().take(MOST_GROUPS) {
        let number = |name: &str| facts.get(name).and_then(Reply::number);
        let Some(name) = facts.get("name").and_then(Reply::bytes) else { continue };
        let mut group = ConsumerGroup {
            name: printable(name, MAX_NAME_BYTES),
            pending: number("pending").unwrap_or(0),
            lag: number("lag"),
            consumers: Vec::new(),
        };
        if number("consumers").is_some_and(|count| (1..=MOST_CONSUMERS).contains(&count)) {
            let command = RedisCommand::XInfoConsumers { key: key.clone(), group: name.to_vec() };
            group.consumers = consumers(&connection.call(command).await?, now_millis());
        }
        stream.groups.push(group);
    }
    Ok(Ok(Some(stream)))
}

fn consumers(reply: &Reply, now: u64) -> Vec<Consumer> {
    let consumer = |facts: &Reply| {
        let number = |name: &str| facts.get(name).and_then(Reply::number);
        Some(Consumer {
            name: facts.get("name")?.text()?,
            pending: number("pending")?,
            seen_at_millis: now.saturating_sub(number("idle")?),
        })
    };
    reply.elements().unwrap_or_default().iter().filter_map(consumer).collect()
}

/// The server says how long ago each consumer was seen, so the same moment comes out a little
/// different each time.
fn hold_times(streams: &mut [Stream], earlier: &[Stream]) {
    for stream in streams {
        let Some(earlier) = earlier.iter().find(|e| (e.db, &e.key) == (stream.db, &stream.key))
        else {
            continue;
        };
        for group in &mut stream.groups {
            let Some(earlier) = earlier.groups.iter().find(|e| e.name == group.name) else {
                continue;
            };
            for consumer in &mut group.consumers {
                let same = earlier.consumers.iter().find(|e| e.name == consumer.name);
                if let Some(earlier) = same
                    && earlier.seen_at_millis.abs_diff(consumer.seen_at_millis) <= SAME_TIME_MILLIS
                {
                    consumer.seen_at_millis = earlier.seen_at_millis;
                }
            }
        }
    }
}
