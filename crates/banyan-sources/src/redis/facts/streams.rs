//! Streams with their groups and consumers, under CLIENT NO-TOUCH: XINFO alone would touch the LRU
//! clocks of the streams that it looks at.

use std::collections::BTreeMap;

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
const MOST_CONSUMERS: usize = 1000;
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
        if number("consumers").is_some_and(|count| (1..=MOST_CONSUMERS as u64).contains(&count)) {
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
    let elements = reply.elements().unwrap_or_default().iter();
    // That there are no more is only what the server has announced.
    elements.take(MOST_CONSUMERS).filter_map(consumer).collect()
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
            let seen: BTreeMap<&str, u64> =
                earlier.consumers.iter().map(|e| (e.name.as_str(), e.seen_at_millis)).collect();
            for consumer in &mut group.consumers {
                if let Some(seen) = seen.get(consumer.name.as_str())
                    && seen.abs_diff(consumer.seen_at_millis) <= SAME_TIME_MILLIS
                {
                    consumer.seen_at_millis = *seen;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn consumers_are_bounded_and_their_times_stand_still() {
        let text = |text: &str| Reply::Bulk(text.as_bytes().to_vec());
        let facts = |n: usize| {
            Reply::Map(vec![
                (text("name"), text(&format!("worker-{n}"))),
                (text("pending"), Reply::Integer(3)),
                (text("idle"), Reply::Integer(500)),
            ])
        };
        let reply = Reply::Array((0..MOST_CONSUMERS + 5).map(facts).collect());
        let stream = |now| {
            let consumers = consumers(&reply, now);
            let group = ConsumerGroup { name: "g".to_owned(), pending: 0, lag: None, consumers };
            vec![Stream { db: 0, key: "s".to_owned(), entries: 0, groups: vec![group] }]
        };
        let seen_at = |streams: &[Stream]| streams[0].groups[0].consumers[7].seen_at_millis;
        let earlier = stream(10_000);
        assert_eq!(earlier[0].groups[0].consumers.len(), MOST_CONSUMERS);
        let mut later = stream(11_000);
        hold_times(&mut later, &earlier);
        assert_eq!(seen_at(&later), 9_500);
        let mut later = stream(20_000);
        hold_times(&mut later, &earlier);
        assert_eq!(seen_at(&later), 19_500);
    }
}
