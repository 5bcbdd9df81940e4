//! What a few values look like, where that decides what keys are for.
//!
//! Of each prefix some keys are looked at after a pass, within its budget. A number is told by the
//! encoding, which neither reads a value nor touches its key. The beginning of a text, the names of a
//! few fields and a few scores are read only where the server lets a connection read without a trace
//! (CLIENT NO-TOUCH, since 7.2) and the access list permits it. What was read is dropped at once: what
//! stays is a [`Shape`].

use std::collections::BTreeMap;

use banyan_topology::{
    Fault, KeyType,
    keyspace::role::{Shape, Values},
    printable,
};

use super::{Node, Pace, Walk};
use crate::{
    clock::now_millis,
    redis::{
        batch::{Learnt, is_of_command},
        command::RedisCommand,
        resp::Reply,
    },
};

/// Keys of one prefix that are looked at, and prefixes.
const OF_PREFIX: usize = 3;
const MOST_PREFIXES: usize = 300;
/// So many keys of a pass are all candidates; of those that come later, each 64th.
const ALL_OF_FIRST: u64 = 20_000;
const LATER: u64 = 64;
/// Larger values are not looked at, in bytes: what is large is told by that.
const LARGE_BYTES: u64 = 1 << 20;
const LONG_KEY_BYTES: usize = 512;
/// Keys that are asked for in one pipeline.
const AT_ONCE: usize = 50;
/// Bytes of a prefix's text, as rows have them.
const MAX_TEXT_BYTES: usize = 4096;
/// Shapes that are kept for prefixes and what is above them.
const MOST_TEXTS: usize = 4_000;
/// Moments further back than this are numbers of something else.
const YEARS_MILLIS: u64 = 20 * 366 * 24 * 3600 * 1000;

/// Keys to look at: by server, database and prefix.
#[derive(Default)]
pub(super) struct Samples {
    met: u64,
    keys: BTreeMap<(usize, u32, Vec<u8>), Vec<Sample>>,
}

/// A key and the type of its value.
type Sample = (Vec<u8>, KeyType);

impl Samples {
    /// Takes up some of these keys of the server `at`.
    pub(super) fn offer(&mut self, at: usize, db: u32, learnt: &[Learnt], delimiter: &str) {
        for Learnt { key, facts, .. } in learnt {
            self.met += 1;
            let is_candidate = self.met <= ALL_OF_FIRST || self.met.is_multiple_of(LATER);
            let is_of_use =
                matches!(facts.key_type, KeyType::String | KeyType::Hash | KeyType::SortedSet);
            let is_small = facts.bytes <= LARGE_BYTES && key.len() <= LONG_KEY_BYTES;
            if !(is_candidate && is_of_use && is_small) {
                continue;
            }
            // A key of one part stands for itself.
            let prefix = above(key, delimiter.as_bytes()).unwrap_or(key);
            let place = (at, db, prefix.to_vec());
            if self.keys.len() >= MOST_PREFIXES && !self.keys.contains_key(&place) {
                continue;
            }
            let keys = self.keys.entry(place).or_default();
            if keys.len() < OF_PREFIX {
                keys.push((key.clone(), facts.key_type));
            }
        }
    }
}

/// A key or prefix without its last part and the delimiter before that.
fn above<'a>(text: &'a [u8], delimiter: &[u8]) -> Option<&'a [u8]> {
    if delimiter.is_empty() {
        return None;
    }
    let at = text.windows(delimiter.len()).rposition(|part| part == delimiter)?;
    text.get(..at)
}

/// What was seen, by database and the text of a prefix or key.
#[derive(Default)]
pub(super) struct Looked(BTreeMap<(u32, String), Tally>);

/// How many values have which shape, as which command told.
type Tally = BTreeMap<(Shape, &'static str), u32>;

impl Looked {
    /// What the values at and below a row's text look like. A key that was not looked at is as its
    /// neighbours are.
    pub(super) fn of(&self, db: u32, text: &str, delimiter: &str) -> Option<Values> {
        let tally = self.0.get(&(db, text.to_owned())).or_else(|| {
            let (above, _) = text.rsplit_once(delimiter).filter(|_| !delimiter.is_empty())?;
            self.0.get(&(db, above.to_owned()))
        })?;
        let looked_at = tally.values().sum();
        // Of as many, the first in order, so that the same values say the same.
        let most = tally.iter().rev().max_by_key(|(_, alike)| **alike);
        most.map(|((shape, command), alike)| Values {
            shape: *shape,
            alike: *alike,
            looked_at,
            command,
        })
    }

    /// Notes a key's shape for itself and all prefixes above it.
    fn add(&mut self, db: u32, key: &[u8], delimiter: &str, shape: Shape, command: &'static str) {
        let mut text = Some(key);
        while let Some(part) = text {
            let place = (db, printable(part, MAX_TEXT_BYTES));
            if self.0.len() >= MOST_TEXTS && !self.0.contains_key(&place) {
                return;
            }
            *self.0.entry(place).or_default().entry((shape, command)).or_default() += 1;
            text = above(part, delimiter.as_bytes());
        }
    }
}

impl Walk {
    /// Looks at the samples of a pass.
    pub(super) async fn look_at_values(
        &mut self,
        nodes: &mut [Node<'_>],
        samples: Samples,
    ) -> Result<(), Fault> {
        let mut looked = Looked::default();
        let mut pace = Pace::new(self.options.budget);
        let mut by_db: BTreeMap<(usize, u32), Vec<Sample>> = BTreeMap::new();
        for ((at, db, _), keys) in samples.keys {
            by_db.entry((at, db)).or_default().extend(keys);
        }
        for ((at, db), keys) in by_db {
            let Some(node) = nodes.get_mut(at) else { continue };
            if !node.select(db, &mut self.withheld).await? {
                continue;
            }
            for keys in keys.chunks(AT_ONCE) {
                let spent_before = node.connection.spent_micros();
                // Rows of one database do not tell which it is.
                let db = if self.is_by_database { db } else { 0 };
                for (key, shape, command) in look_at(node, keys).await? {
                    looked.add(db, key, &self.options.delimiter, shape, command);
                }
                pace.spend(node.connection.spent_micros() - spent_before);
                pace.wait().await;
            }
        }
        self.values = looked;
        Ok(())
    }
}

/// The shapes of these values, and which command told each.
async fn look_at<'k>(
    node: &mut Node<'_>,
    keys: &'k [Sample],
) -> Result<Vec<(&'k [u8], Shape, &'static str)>, Fault> {
    const ENCODING: &str = "OBJECT ENCODING";
    let mut seen = Vec::new();
    // Keys that nothing is known of yet, and that may be read: texts, and what the server keeps packed.
    let mut left: Vec<(&[u8], KeyType)> = Vec::new();
    let all: Vec<&[u8]> = keys.iter().map(|(key, _)| key.as_slice()).collect();
    let encoding = |key: &[u8]| RedisCommand::ObjectEncoding(key.into());
    let encodings: BTreeMap<&[u8], Reply> =
        ask(node, ENCODING, &all, encoding).await?.into_iter().collect();
    for (key, key_type) in keys {
        let encoding = encodings.get(key.as_slice()).and_then(Reply::bytes).unwrap_or_default();
        let is_packed = encoding.starts_with(b"listpack") || encoding.starts_with(b"ziplist");
        match (key_type, encoding) {
            (KeyType::String, b"int") => seen.push((key.as_slice(), Shape::Integers, ENCODING)),
            (KeyType::String, _) => left.push((key, *key_type)),
            _ if is_packed => left.push((key, *key_type)),
            _ => {}
        }
    }
    if left.is_empty() || !node.reads_untouched().await? {
        return Ok(seen);
    }
    type Question = (KeyType, &'static str, fn(&[u8]) -> RedisCommand, fn(&Reply) -> Option<Shape>);
    let questions: [Question; 3] = [
        (KeyType::String, "GETRANGE", |key| RedisCommand::ReadUntouched(key.into()), of_text),
        (KeyType::Hash, "HRANDFIELD", |key| RedisCommand::FieldNames(key.into()), of_fields),
        (KeyType::SortedSet, "ZRANGE", |key| RedisCommand::LowestScores(key.into()), of_scores),
    ];
    for (key_type, command, question, shape_of) in questions {
        let of_type = left.iter().filter(|(_, of_key)| *of_key == key_type);
        let of_type: Vec<&[u8]> = of_type.map(|(key, _)| *key).collect();
        let replies = ask(node, command, &of_type, question).await?;
        seen.extend(
            replies.iter().filter_map(|(key, reply)| Some((*key, shape_of(reply)?, command))),
        );
    }
    Ok(seen)
}

/// Asks the same of several keys, of one first: a command that is refused is not said again.
async fn ask<'k>(
    node: &mut Node<'_>,
    command: &'static str,
    keys: &[&'k [u8]],
    question: impl Fn(&[u8]) -> RedisCommand,
) -> Result<Vec<(&'k [u8], Reply)>, Fault> {
    let mut answers = Vec::with_capacity(keys.len());
    let (first, rest) = keys.split_at(keys.len().min(1));
    for keys in [first, rest] {
        if keys.is_empty() || node.refused.contains(&command) {
            continue;
        }
        let commands: Vec<RedisCommand> = keys.iter().map(|key| question(key)).collect();
        for (key, reply) in keys.iter().zip(node.connection.pipeline(&commands).await?) {
            match reply {
                // A single key may be refused too, or be of another type by now.
                Reply::Error(words) if is_of_command(&words) => node.refused.push(command),
                Reply::Error(_) => {}
                reply => answers.push((*key, reply)),
            }
        }
    }
    Ok(answers)
}

/// Of the beginning of a text.
fn of_text(reply: &Reply) -> Option<Shape> {
    let text = reply.bytes().filter(|text| !text.is_empty())?;
    let is_digit = |byte: &u8| byte.is_ascii_digit();
    let digits = text.strip_prefix(b"-").unwrap_or(text);
    if digits.iter().all(is_digit) && digits.len() <= 20 && !digits.is_empty() {
        return Some(Shape::Integers);
    }
    if is_json(text) {
        return Some(if has_allowance(json_names(text)) { Shape::Allowances } else { Shape::Json });
    }
    Some(if is_token(text) { Shape::Tokens } else { Shape::Texts })
}

/// An object or a list; only its beginning may have come.
fn is_json(text: &[u8]) -> bool {
    let text = text.trim_ascii();
    let inner = |text: &[u8]| text.get(1..).unwrap_or_default().trim_ascii_start().first().copied();
    match text.first() {
        Some(b'{') => matches!(inner(text), Some(b'"' | b'}')),
        Some(b'[') => inner(text).is_some_and(|next| {
            next.is_ascii_digit() || matches!(next, b'"' | b'{' | b'[' | b']' | b'-')
        }),
        _ => false,
    }
}

/// What stands between quotes before a colon.
fn json_names(text: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut parts = text.split(|byte| *byte == b'"').peekable();
    std::iter::from_fn(move || {
        let part = parts.next()?;
        let is_name =
            parts.peek().is_some_and(|next| next.trim_ascii_start().first() == Some(&b':'));
        Some(if is_name { part } else { b"" })
    })
}

/// Hexadecimal, or letters of both cases and digits, as random names are written.
fn is_token(text: &[u8]) -> bool {
    let is_plain = |byte: &u8| byte.is_ascii_alphanumeric() || b"-_=+/:.".contains(byte);
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    (16..=128).contains(&text.len()) && text.iter().all(is_plain) && digits >= 4
}

/// Of the names of some fields.
fn of_fields(reply: &Reply) -> Option<Shape> {
    let names = reply.elements().filter(|names| !names.is_empty())?;
    let is_limiter = has_allowance(names.iter().filter_map(Reply::bytes));
    Some(if is_limiter { Shape::Allowances } else { Shape::Fields })
}

/// Whether there is one name of what is left, and one of when that was.
fn has_allowance<'a>(names: impl Iterator<Item = &'a [u8]>) -> bool {
    const LEFT: &[&str] = &["tokens", "token", "remaining", "allowance", "available", "level"];
    const WHEN: &[&str] = &[
        "ts",
        "timestamp",
        "time",
        "refill",
        "refilled",
        "refreshed",
        "updated",
        "last",
        "reset",
        "at",
    ];
    let (mut is_left, mut is_when) = (false, false);
    for name in names {
        let name = name.to_ascii_lowercase();
        let has = |list: &[&str]| {
            let mut words = name.split(|byte| !byte.is_ascii_alphanumeric());
            words.any(|word| list.iter().any(|known| known.as_bytes() == word))
        };
        // `last_tokens` is what was left.
        is_left |= has(LEFT);
        is_when |= has(WHEN) && !has(LEFT);
    }
    is_left && is_when
}

/// Of members and their scores, in turn: moments of the last years.
fn of_scores(reply: &Reply) -> Option<Shape> {
    let scores = reply.elements().filter(|parts| !parts.is_empty())?;
    // RESP 3 says pairs.
    let score = |reply: &Reply| match reply {
        Reply::Double(score) => Some(*score),
        reply => str::from_utf8(reply.bytes()?).ok()?.parse::<f64>().ok(),
    };
    let scores: Vec<f64> = match scores.first().and_then(Reply::elements) {
        Some(_) => scores.iter().filter_map(|it| score(it.elements()?.get(1)?)).collect(),
        None => scores.iter().skip(1).step_by(2).filter_map(score).collect(),
    };
    let now = now_millis();
    let are_moments = !scores.is_empty() && scores.iter().all(|score| is_moment(*score, now));
    Some(if are_moments { Shape::Times } else { Shape::Scores })
}

/// In seconds, milliseconds or microseconds since 1970.
fn is_moment(score: f64, now_millis: u64) -> bool {
    let (now, years) = (now_millis as f64, YEARS_MILLIS as f64);
    [1000.0, 1.0, 0.001].iter().any(|unit| (score * unit - now).abs() < years)
}

#[cfg(test)]
mod tests;
