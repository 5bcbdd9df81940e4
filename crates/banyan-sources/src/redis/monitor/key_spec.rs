//! Which arguments of a command are keys, and whether it reads or writes them.
//!
//! COMMAND tells it of every command of this very server, those of modules too: since version 7 by
//! key specifications, before by the places of the first and the last key. Source: "Key
//! specifications" of the Redis documentation.

use std::collections::HashMap;

use crate::redis::resp::Reply;

/// What a command does to a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyUse<'a> {
    pub key: &'a [u8],
    pub is_write: bool,
}

/// The commands of a server.
#[derive(Debug, Default)]
pub struct CommandTable {
    /// By lower-case name; `xgroup|create` for a command of two words.
    commands: HashMap<Vec<u8>, Vec<KeySpec>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct KeySpec {
    begin: Begin,
    find: Find,
    is_write: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Begin {
    Index(usize),
    /// After this word, looked for from an index on; from the end if that is negative.
    Keyword(Vec<u8>, i64),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Find {
    /// To `last`, counted from the first key, or from the end if negative; then only the first
    /// `1 / limit` of the arguments are keys.
    Range { last: i64, step: usize, limit: usize },
    /// As many as an argument says.
    Count { at: usize, first: usize, step: usize },
}

/// Keys of one command that are told apart.
const MAX_KEYS: usize = 64;

impl CommandTable {
    /// Reads the reply to COMMAND. What cannot be understood has no keys.
    pub fn parse(reply: &Reply) -> Self {
        let mut table = Self::default();
        for command in reply.elements().unwrap_or_default() {
            table.add(command);
        }
        table
    }

    /// Commands of queues, for servers that do not tell about theirs.
    pub fn of_queues() -> Self {
        let range = |begin, last, limit, is_write| {
            vec![KeySpec { begin, find: Find::Range { last, step: 1, limit }, is_write }]
        };
        let at_first = |last, is_write| range(Begin::Index(1), last, 0, is_write);
        let streams = |from| range(Begin::Keyword(b"STREAMS".to_vec(), from), -1, 2, false);
        let mut commands = HashMap::new();
        for name in ["blpop", "brpop", "bzpopmin", "bzpopmax"] {
            commands.insert(name.into(), at_first(-2, true));
        }
        for name in ["lpush", "rpush", "lpop", "rpop", "zadd", "zpopmin", "zpopmax", "xadd"] {
            commands.insert(name.into(), at_first(0, true));
        }
        for name in ["blmove", "brpoplpush", "lmove", "rpoplpush"] {
            commands.insert(name.into(), at_first(1, true));
        }
        for (name, at) in [("blmpop", 2), ("bzmpop", 2), ("lmpop", 1), ("zmpop", 1)] {
            let find = Find::Count { at: 0, first: 1, step: 1 };
            let spec = KeySpec { begin: Begin::Index(at), find, is_write: true };
            commands.insert(name.into(), vec![spec]);
        }
        commands.insert(b"xread".to_vec(), streams(1));
        commands.insert(b"xreadgroup".to_vec(), streams(4));
        Self { commands }
    }

    fn add(&mut self, command: &Reply) {
        let Some(parts) = command.elements() else { return };
        let Some(name) = parts.first().and_then(Reply::bytes) else { return };
        let specs = match parts.get(8).and_then(Reply::elements) {
            Some(specs) => specs.iter().filter_map(key_spec).collect(),
            None => positions(parts).into_iter().collect(),
        };
        self.commands.insert(name.to_ascii_lowercase(), specs);
        for command in parts.get(9).and_then(Reply::elements).unwrap_or_default() {
            self.add(command);
        }
    }

    /// The keys among the arguments, of which the first is the command.
    pub fn keys<'a>(&self, arguments: &'a [Vec<u8>]) -> Vec<KeyUse<'a>> {
        let Some(name) = arguments.first().map(|name| name.to_ascii_lowercase()) else {
            return Vec::new();
        };
        let of_two_words = arguments.get(1).and_then(|second| {
            let name = [&name, b"|".as_slice(), &second.to_ascii_lowercase()].concat();
            self.commands.get(&name)
        });
        let Some(specs) = of_two_words.or_else(|| self.commands.get(&name)) else {
            return Vec::new();
        };
        let mut keys = Vec::new();
        for spec in specs {
            for at in spec.places(arguments).into_iter().take(MAX_KEYS - keys.len()) {
                if let Some(key) = arguments.get(at) {
                    keys.push(KeyUse { key, is_write: spec.is_write });
                }
            }
        }
        keys
    }
}

impl KeySpec {
    fn places(&self, arguments: &[Vec<u8>]) -> Vec<usize> {
        let begin = match &self.begin {
            Begin::Index(at) => *at,
            Begin::Keyword(word, from) => {
                let is_it = |at: &usize| arguments[*at].eq_ignore_ascii_case(word);
                let found = match usize::try_from(*from) {
                    Ok(from) => (from..arguments.len()).find(is_it),
                    Err(_) => {
                        let back = usize::try_from(from.unsigned_abs()).unwrap_or(usize::MAX);
                        (0..(arguments.len() + 1).saturating_sub(back)).rev().find(is_it)
                    }
                };
                match found {
                    Some(at) => at + 1,
                    None => return Vec::new(),
                }
            }
        };
        match self.find {
            Find::Range { last, step, limit } => {
                let end = match usize::try_from(last) {
                    Ok(last) => begin.saturating_add(last),
                    Err(_) => {
                        let back = usize::try_from(last.unsigned_abs()).unwrap_or(usize::MAX);
                        let Some(end) = arguments.len().checked_sub(back) else {
                            return Vec::new();
                        };
                        if limit > 1 {
                            let count = (end + 1).saturating_sub(begin) / limit;
                            if count == 0 {
                                return Vec::new();
                            }
                            begin + count - 1
                        } else {
                            end
                        }
                    }
                };
                (begin..=end.min(arguments.len())).step_by(step.max(1)).collect()
            }
            Find::Count { at, first, step } => {
                let count = arguments
                    .get(begin.saturating_add(at))
                    .and_then(|digits| str::from_utf8(digits).ok()?.parse::<usize>().ok());
                let count = count.unwrap_or(0).min(MAX_KEYS);
                let first = begin.saturating_add(first);
                let place = |n: usize| first.saturating_add(n.saturating_mul(step.max(1)));
                (0..count).map(place).collect()
            }
        }
    }
}

fn key_spec(reply: &Reply) -> Option<KeySpec> {
    let index = |reply: Option<&Reply>| reply?.number().and_then(|n| usize::try_from(n).ok());
    let signed = |reply: Option<&Reply>| match reply? {
        Reply::Integer(number) => Some(*number),
        _ => None,
    };
    let flags = reply.get("flags").map_or(&[][..], |flags| flags.elements().unwrap_or_default());
    let is_write = flags.iter().any(|flag| matches!(flag.bytes(), Some(b"RW" | b"OW" | b"RM")));
    let begin = reply.get("begin_search")?;
    let spec = begin.get("spec")?;
    let begin = match begin.get("type")?.bytes()? {
        b"index" => Begin::Index(index(spec.get("index"))?),
        b"keyword" => {
            Begin::Keyword(spec.get("keyword")?.bytes()?.to_vec(), signed(spec.get("startfrom"))?)
        }
        _ => return None,
    };
    let find = reply.get("find_keys")?;
    let spec = find.get("spec")?;
    let find = match find.get("type")?.bytes()? {
        b"range" => Find::Range {
            last: signed(spec.get("lastkey"))?,
            step: index(spec.get("keystep"))?,
            limit: index(spec.get("limit"))?,
        },
        b"keynum" => Find::Count {
            at: index(spec.get("keynumidx"))?,
            first: index(spec.get("firstkey"))?,
            step: index(spec.get("keystep"))?,
        },
        _ => return None,
    };
    Some(KeySpec { begin, find, is_write })
}

/// The places of keys as versions before 7 tell them: name, arity, flags, first, last, step. Those
/// of a few commands move, which that cannot say.
fn positions(parts: &[Reply]) -> Option<KeySpec> {
    let number = |at: usize| match parts.get(at) {
        Some(Reply::Integer(number)) => Some(*number),
        _ => None,
    };
    let name = parts.first()?.bytes()?.to_ascii_lowercase();
    let flags = parts.get(2)?.elements()?;
    let is_write = flags.iter().any(|flag| flag.bytes() == Some(b"write"));
    let half_after_streams = Find::Range { last: -1, step: 1, limit: 2 };
    let (begin, find) = match name.as_slice() {
        b"xread" => (Begin::Keyword(b"STREAMS".to_vec(), 1), half_after_streams),
        b"xreadgroup" => (Begin::Keyword(b"STREAMS".to_vec(), 4), half_after_streams),
        b"eval" | b"evalsha" => (Begin::Index(2), Find::Count { at: 0, first: 1, step: 1 }),
        _ => {
            let first = usize::try_from(number(3)?).ok().filter(|first| *first > 0)?;
            let step = usize::try_from(number(5)?).ok()?;
            let last = match number(4)? {
                last if last < 0 => last,
                last => last - first as i64,
            };
            (Begin::Index(first), Find::Range { last, step, limit: 0 })
        }
    };
    Some(KeySpec { begin, find, is_write })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn bulk(text: &str) -> Reply {
        Reply::Bulk(text.as_bytes().to_vec())
    }

    fn map(pairs: &[(&str, Reply)]) -> Reply {
        Reply::Map(pairs.iter().map(|(name, value)| (bulk(name), value.clone())).collect())
    }

    /// A specification as version 7 tells it.
    fn spec(flags: &[&str], begin: Reply, find: Reply) -> Reply {
        let flags = Reply::Array(flags.iter().map(|flag| bulk(flag)).collect());
        map(&[("flags", flags), ("begin_search", begin), ("find_keys", find)])
    }

    fn index(at: i64) -> Reply {
        map(&[("type", bulk("index")), ("spec", map(&[("index", Reply::Integer(at))]))])
    }

    fn keyword(word: &str, from: i64) -> Reply {
        let spec = map(&[("keyword", bulk(word)), ("startfrom", Reply::Integer(from))]);
        map(&[("type", bulk("keyword")), ("spec", spec)])
    }

    fn range(last: i64, step: i64, limit: i64) -> Reply {
        let spec = map(&[
            ("lastkey", Reply::Integer(last)),
            ("keystep", Reply::Integer(step)),
            ("limit", Reply::Integer(limit)),
        ]);
        map(&[("type", bulk("range")), ("spec", spec)])
    }

    fn count(at: i64, first: i64, step: i64) -> Reply {
        let spec = map(&[
            ("keynumidx", Reply::Integer(at)),
            ("firstkey", Reply::Integer(first)),
            ("keystep", Reply::Integer(step)),
        ]);
        map(&[("type", bulk("keynum")), ("spec", spec)])
    }

    fn command(name: &str, specs: Vec<Reply>, more: Vec<Reply>) -> Reply {
        let mut parts = vec![bulk(name)];
        parts.resize(8, Reply::Null);
        parts.extend([Reply::Array(specs), Reply::Array(more)]);
        Reply::Array(parts)
    }

    fn old(name: &str, flag: &str, first: i64, last: i64, step: i64) -> Reply {
        let flags = Reply::Array(vec![Reply::Simple(flag.as_bytes().to_vec())]);
        let numbers = [first, last, step].map(Reply::Integer);
        Reply::Array([vec![bulk(name), Reply::Integer(2), flags], numbers.to_vec()].concat())
    }

    #[track_caller]
    fn check(table: &CommandTable, line: &str, expect: &str) {
        let arguments: Vec<Vec<u8>> = line.split(' ').map(Vec::from).collect();
        let keys: Vec<String> = table
            .keys(&arguments)
            .iter()
            .map(|used| {
                let key = String::from_utf8_lossy(used.key);
                format!("{}{key}", if used.is_write { "w:" } else { "r:" })
            })
            .collect();
        assert_eq!(keys.join(" "), expect, "{line}");
    }

    #[test]
    fn keys_by_specification() {
        let set = || spec(&["OW", "UPDATE"], index(1), range(0, 1, 0));
        let create =
            command("xgroup|create", vec![spec(&["RW"], index(2), range(0, 1, 0))], vec![]);
        let store =
            vec![spec(&["OW"], index(1), range(0, 1, 0)), spec(&["RO"], index(2), count(0, 1, 1))];
        let from_end = vec![spec(&["RO"], keyword("KEYS", -2), range(-1, 1, 0))];
        let table = CommandTable::parse(&Reply::Array(vec![
            command("set", vec![set()], vec![]),
            command("mset", vec![spec(&["OW"], index(1), range(-1, 2, 0))], vec![]),
            command("brpop", vec![spec(&["RW"], index(1), range(-2, 1, 0))], vec![]),
            command("xread", vec![spec(&["RO"], keyword("STREAMS", 1), range(-1, 1, 2))], vec![]),
            command("zunionstore", store, vec![]),
            command("xgroup", vec![], vec![create]),
            command("migrate", from_end, vec![]),
            command("ping", vec![], vec![]),
        ]));
        check(&table, "SET a 1", "w:a");
        check(&table, "set", "");
        check(&table, "MSET a 1 b 2", "w:a w:b");
        check(&table, "BRPOP a b 0", "w:a w:b");
        check(&table, "XREAD BLOCK 0 streams s t $ $", "r:s r:t");
        check(&table, "XREAD BLOCK 0", "");
        check(&table, "ZUNIONSTORE d 2 a b WEIGHTS 1 2", "w:d r:a r:b");
        check(&table, "ZUNIONSTORE d 99 a", "w:d r:a");
        check(&table, "XGROUP CREATE s g $", "w:s");
        check(&table, "MIGRATE h 1 k 0 9 KEYS a b", "r:a r:b");
        check(&table, "PING a", "");
        check(&table, "NOPE a", "");
    }

    #[test]
    fn keys_by_position() {
        let table = CommandTable::parse(&Reply::Array(vec![
            old("get", "readonly", 1, 1, 1),
            old("mset", "write", 1, -1, 2),
            old("brpop", "write", 1, -2, 1),
            old("ping", "fast", 0, 0, 0),
            old("xread", "readonly", 1, 1, 1),
            old("eval", "noscript", 0, 0, 0),
        ]));
        check(&table, "GET a", "r:a");
        check(&table, "MSET a 1 b 2", "w:a w:b");
        check(&table, "BRPOP a b 0", "w:a w:b");
        check(&table, "PING a", "");
        check(&table, "XREAD STREAMS s 0", "r:s");
        check(&table, "EVAL script 1 a b", "r:a");
    }

    proptest! {
        #[test]
        fn any_arguments_are_no_panic(
            words in proptest::collection::vec("[a-z0-9-]{0,4}|streams", 0..9),
            n in proptest::array::uniform6(prop_oneof![-9..9_i64, any::<i64>()]),
        ) {
            let specs = [
                (index(n[0]), range(n[1], n[2], n[3])),
                (keyword("streams", n[4]), range(n[1], n[2], n[3])),
                (index(n[0]), count(n[1], n[2], n[5])),
            ];
            let commands = specs.into_iter().enumerate().map(|(at, (begin, find))| {
                command(&format!("{at}"), vec![spec(&["RO"], begin, find)], vec![])
            });
            let table = CommandTable::parse(&Reply::Array(commands.collect()));
            for name in ["0", "1", "2"] {
                let mut arguments = vec![name.as_bytes().to_vec()];
                arguments.extend(words.iter().map(|word| word.as_bytes().to_vec()));
                prop_assert!(table.keys(&arguments).len() <= MAX_KEYS);
            }
        }
    }
}
