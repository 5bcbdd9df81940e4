//! What is asked of the keys that a SCAN has found.

use banyan_topology::{Fault, FaultKind, KeyFacts, KeyType, Part, Withheld};

use super::{
    command::{Key, RedisCommand},
    connection::{Connection, is_unknown},
    poll::refusal,
    resp::Reply,
    walk::read_scan,
};

/// Bytes of keys asked about in one pipeline.
const MAX_PIPELINE_BYTES: usize = 1 << 20;

/// Keys whose facts are still to be asked for, and the questions that the server answers.
pub(super) struct Batch {
    keys: Vec<Vec<u8>>,
    questions: Vec<Part>,
}

/// What the server says of one key.
pub(super) struct Learnt {
    pub(super) key: Vec<u8>,
    pub(super) facts: KeyFacts,
    pub(super) idle_secs: Option<u64>,
}

impl Batch {
    pub(super) fn new(asks_idle: bool) -> Self {
        let mut questions = vec![Part::KeyTypes, Part::KeyTtls, Part::KeyBytes];
        questions.extend(asks_idle.then_some(Part::KeyIdle));
        Self { keys: Vec::new(), questions }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the server refuses all questions, so that nothing tells whether a key is there.
    pub(super) fn asks_nothing(&self) -> bool {
        self.questions.is_empty()
    }

    /// Asks for the facts of the waiting keys and sends `scan` along, whose keys then wait. Returns
    /// what has been learnt and the next cursor.
    pub(super) async fn ask(
        &mut self,
        connection: &mut Connection<'_>,
        scan: Option<RedisCommand>,
        withheld: &mut Vec<Withheld>,
    ) -> Result<(Vec<Learnt>, Option<u64>), Fault> {
        let keys = std::mem::take(&mut self.keys);
        let (learnt, reply) = self.exchange(connection, keys, scan, withheld).await?;
        let Some(reply) = reply else { return Ok((learnt, None)) };
        let (cursor, keys) = read_scan(reply)?;
        self.keys = keys;
        Ok((learnt, cursor))
    }

    /// What the server says of these keys; those that are gone are not among the answers.
    pub(super) async fn facts_of(
        &mut self,
        connection: &mut Connection<'_>,
        keys: Vec<Vec<u8>>,
        withheld: &mut Vec<Withheld>,
    ) -> Result<Vec<Learnt>, Fault> {
        Ok(self.exchange(connection, keys, None, withheld).await?.0)
    }

    async fn exchange(
        &mut self,
        connection: &mut Connection<'_>,
        mut keys: Vec<Vec<u8>>,
        scan: Option<RedisCommand>,
        withheld: &mut Vec<Withheld>,
    ) -> Result<(Vec<Learnt>, Option<Reply>), Fault> {
        let mut learnt = Vec::with_capacity(keys.len());
        // Keys of extraordinary length go in several pipelines, and the SCAN with the last.
        loop {
            let mut bytes = 0;
            let fitting = keys.iter().take_while(|key| {
                bytes += key.len();
                bytes <= MAX_PIPELINE_BYTES
            });
            let rest = keys.split_off(fitting.count().max(1).min(keys.len()));
            let questions = self.questions.clone();
            let mut commands = Vec::with_capacity(keys.len() * questions.len() + 1);
            for key in &keys {
                let key = Key::from(key.as_slice());
                commands.extend(questions.iter().map(|part| question(*part, key.clone())));
            }
            if rest.is_empty() {
                commands.extend(scan.clone());
            }
            let mut replies = connection.pipeline(&commands).await?.into_iter();
            for key in keys {
                let facts = KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None };
                let mut one = Some(Learnt { key, facts, idle_secs: None });
                for part in &questions {
                    let reply = replies.next().unwrap_or(Reply::Null);
                    if is_elsewhere(&reply) {
                        one = None;
                    } else if let Reply::Error(_) = &reply {
                        self.note_refusal(*part, refusal(&reply)?, withheld);
                    } else if let Some(learnt) = one.take() {
                        one = learn(learnt, *part, &reply)?;
                    }
                }
                // A key that is gone by now has no facts.
                learnt.extend(one);
            }
            if rest.is_empty() {
                return Ok((learnt, replies.next()));
            }
            keys = rest;
        }
    }

    /// A refusal of the command ends the question; one of a single key (an access list with key
    /// patterns) does not.
    fn note_refusal(&mut self, part: Part, reason: String, withheld: &mut Vec<Withheld>) {
        // The latter is what a server says whose policy of eviction keeps no idle times.
        if is_of_command(reason.as_bytes()) || reason.contains("LFU maxmemory policy") {
            self.questions.retain(|question| *question != part);
        }
        if !withheld.iter().any(|withheld| withheld.part == part) {
            withheld.push(Withheld { part, reason });
        }
    }
}

/// Whether an error refuses the command itself, rather than one key of it.
pub(super) fn is_of_command(words: &[u8]) -> bool {
    words.windows(6).any(|window| window == b"to run") || is_unknown(words)
}

/// Whether a server of a cluster says that the key has moved to another.
fn is_elsewhere(reply: &Reply) -> bool {
    let Reply::Error(words) = reply else { return false };
    [b"MOVED ".as_slice(), b"ASK ", b"TRYAGAIN"].iter().any(|word| words.starts_with(word))
}

fn question(part: Part, key: Key) -> RedisCommand {
    match part {
        Part::KeyTtls => RedisCommand::PTtl(key),
        Part::KeyBytes => RedisCommand::MemoryUsage(key),
        Part::KeyIdle => RedisCommand::ObjectIdleTime(key),
        _ => RedisCommand::Type(key),
    }
}

/// The facts with one more answer; `None` if it says that the key is gone.
fn learn(mut learnt: Learnt, part: Part, reply: &Reply) -> Result<Option<Learnt>, Fault> {
    let number = |number: i64| u64::try_from(number).ok();
    let is_there = match (part, reply) {
        (Part::KeyTypes, Reply::Simple(name)) => {
            key_type(name).map(|key_type| learnt.facts.key_type = key_type)
        }
        (Part::KeyTtls, Reply::Integer(-1)) => Some(()),
        (Part::KeyTtls, Reply::Integer(millis)) => {
            number(*millis).map(|millis| learnt.facts.ttl_secs = Some(millis.div_ceil(1000)))
        }
        (Part::KeyBytes, Reply::Integer(bytes)) => {
            number(*bytes).map(|bytes| learnt.facts.bytes = bytes)
        }
        (Part::KeyIdle, Reply::Integer(secs)) => {
            number(*secs).map(|secs| learnt.idle_secs = Some(secs))
        }
        (Part::KeyBytes | Part::KeyIdle, Reply::Null) => None,
        _ => return Err(Fault::new(FaultKind::Protocol, "an answer of another kind")),
    };
    Ok(is_there.map(|()| learnt))
}

/// `None` for `none`, which is the type of a key that is gone.
fn key_type(name: &[u8]) -> Option<KeyType> {
    match name {
        b"none" => None,
        b"string" => Some(KeyType::String),
        b"list" => Some(KeyType::List),
        b"set" => Some(KeyType::Set),
        b"zset" => Some(KeyType::SortedSet),
        b"hash" => Some(KeyType::Hash),
        b"stream" => Some(KeyType::Stream),
        _ => Some(KeyType::Other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals() {
        for (words, expect) in [
            ("NOPERM User a has no permissions to run the 'getrange' command", true),
            ("NOPERM this user has no permissions to run the 'get' command", true),
            ("ERR unknown command 'memory'", true),
            ("NOPERM No permissions to access a key", false),
            ("WRONGTYPE Operation against a key", false),
        ] {
            assert_eq!(is_of_command(words.as_bytes()), expect, "{words}");
        }
    }

    #[test]
    fn answers() {
        let facts = KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None };
        let learnt = || Learnt { key: Vec::new(), facts, idle_secs: None };
        let simple = |text: &str| Reply::Simple(text.as_bytes().to_vec());
        let check = |part, reply: Reply, expect: Option<KeyFacts>| {
            let found = learn(learnt(), part, &reply).map(|one| one.map(|one| one.facts));
            assert_eq!(found, Ok(expect), "{part:?} {reply:?}");
        };
        let sorted_set = KeyFacts { key_type: KeyType::SortedSet, ..facts };
        check(Part::KeyTypes, simple("zset"), Some(sorted_set));
        check(Part::KeyTypes, simple("ReJSON-RL"), Some(facts));
        check(Part::KeyTypes, simple("none"), None);
        check(Part::KeyTtls, Reply::Integer(-1), Some(facts));
        check(Part::KeyTtls, Reply::Integer(-2), None);
        check(Part::KeyTtls, Reply::Integer(1), Some(KeyFacts { ttl_secs: Some(1), ..facts }));
        check(Part::KeyBytes, Reply::Integer(72), Some(KeyFacts { bytes: 72, ..facts }));
        check(Part::KeyBytes, Reply::Null, None);
        let idle = learn(learnt(), Part::KeyIdle, &Reply::Integer(7)).unwrap();
        assert_eq!(idle.unwrap().idle_secs, Some(7));
        check(Part::KeyIdle, Reply::Null, None);
        assert!(learn(learnt(), Part::KeyTypes, &Reply::Null).is_err());
        assert!(learn(learnt(), Part::KeyTtls, &simple("1")).is_err());
    }
}
