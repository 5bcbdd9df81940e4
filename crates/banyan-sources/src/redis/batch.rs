//! What is asked of the keys that a SCAN has found.

use banyan_topology::{Fault, FaultKind, KeyFacts, KeyType, Part, Withheld};

use super::{
    command::RedisCommand,
    connection::{Connection, is_unknown},
    poll::refusal,
    resp::Reply,
    walk::read_scan,
};

/// Bytes of keys asked about in one pipeline.
const MAX_PIPELINE_BYTES: usize = 1 << 20;

/// Keys whose facts are still to be asked for, and the questions that the server answers.
#[derive(Default)]
pub(super) struct Batch {
    keys: Vec<Vec<u8>>,
    refused: Vec<Part>,
}

const QUESTIONS: [Part; 3] = [Part::KeyTypes, Part::KeyTtls, Part::KeyBytes];

type Learnt = Vec<(Vec<u8>, KeyFacts)>;

impl Batch {
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Asks for the facts of the waiting keys and sends `scan` along, whose keys then wait. Returns
    /// what has been learnt and the next cursor.
    pub(super) async fn ask(
        &mut self,
        connection: &mut Connection<'_>,
        scan: Option<RedisCommand>,
        withheld: &mut Vec<Withheld>,
    ) -> Result<(Learnt, Option<u64>), Fault> {
        let mut keys = std::mem::take(&mut self.keys);
        // Keys of extraordinary length go in several pipelines, and the SCAN with the last.
        let mut learnt = Vec::with_capacity(keys.len());
        let mut replies;
        loop {
            let mut bytes = 0;
            let fitting = keys.iter().take_while(|key| {
                bytes += key.len();
                bytes <= MAX_PIPELINE_BYTES
            });
            let rest = keys.split_off(fitting.count().max(1).min(keys.len()));
            let questions: Vec<Part> =
                QUESTIONS.into_iter().filter(|part| !self.refused.contains(part)).collect();
            let mut commands = Vec::with_capacity(keys.len() * questions.len() + 1);
            for key in &keys {
                commands.extend(questions.iter().map(|part| question(*part, key.clone())));
            }
            if rest.is_empty() {
                commands.extend(scan.clone());
            }
            replies = connection.pipeline(&commands).await?.into_iter();
            for key in keys {
                let mut facts =
                    Some(KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None });
                for part in &questions {
                    let reply = replies.next().unwrap_or(Reply::Null);
                    if let Reply::Error(_) = &reply {
                        self.note_refusal(*part, refusal(&reply)?, withheld);
                    } else {
                        facts = facts
                            .and_then(|facts| learn(facts, *part, &reply).transpose())
                            .transpose()?;
                    }
                }
                // A key that is gone by now has no facts.
                learnt.extend(facts.map(|facts| (key, facts)));
            }
            if rest.is_empty() {
                break;
            }
            keys = rest;
        }
        let Some(reply) = replies.next() else { return Ok((learnt, None)) };
        let (cursor, keys) = read_scan(reply)?;
        self.keys = keys;
        Ok((learnt, cursor))
    }

    /// A refusal of the command ends the question; one of a single key (an access list with key
    /// patterns) does not.
    fn note_refusal(&mut self, part: Part, reason: String, withheld: &mut Vec<Withheld>) {
        let is_of_command = reason.contains("to run") || is_unknown(reason.as_bytes());
        if is_of_command && !self.refused.contains(&part) {
            self.refused.push(part);
        }
        if !withheld.iter().any(|withheld| withheld.part == part) {
            withheld.push(Withheld { part, reason });
        }
    }
}

fn question(part: Part, key: Vec<u8>) -> RedisCommand {
    match part {
        Part::KeyTtls => RedisCommand::PTtl(key),
        Part::KeyBytes => RedisCommand::MemoryUsage(key),
        _ => RedisCommand::Type(key),
    }
}

/// The facts with one more answer; `None` if it says that the key is gone.
fn learn(facts: KeyFacts, part: Part, reply: &Reply) -> Result<Option<KeyFacts>, Fault> {
    let learnt = match (part, reply) {
        (Part::KeyTypes, Reply::Simple(name)) => {
            key_type(name).map(|key_type| KeyFacts { key_type, ..facts })
        }
        (Part::KeyTtls, Reply::Integer(-1)) => Some(facts),
        (Part::KeyTtls, Reply::Integer(millis)) => u64::try_from(*millis)
            .ok()
            .map(|millis| KeyFacts { ttl_secs: Some(millis.div_ceil(1000)), ..facts }),
        (Part::KeyBytes, Reply::Integer(bytes)) => {
            u64::try_from(*bytes).ok().map(|bytes| KeyFacts { bytes, ..facts })
        }
        (Part::KeyBytes, Reply::Null) => None,
        _ => return Err(Fault::new(FaultKind::Protocol, "an answer of another kind")),
    };
    Ok(learnt)
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
    fn answers() {
        let facts = KeyFacts { key_type: KeyType::Other, bytes: 0, ttl_secs: None };
        let simple = |text: &str| Reply::Simple(text.as_bytes().to_vec());
        let check = |part, reply: Reply, expect: Option<KeyFacts>| {
            assert_eq!(learn(facts, part, &reply), Ok(expect), "{part:?} {reply:?}");
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
        assert!(learn(facts, Part::KeyTypes, &Reply::Null).is_err());
        assert!(learn(facts, Part::KeyTtls, &simple("1")).is_err());
    }
}
