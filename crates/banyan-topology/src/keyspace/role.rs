//! What keys are for, from their names, their types and what happens to them.
//!
//! No rule rests on a name alone: `lock:` before a list is no lock. Each role comes with the facts
//! that speak for it, so that whoever reads it can judge for himself.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{KeyType, Keyspace, PrefixNode};
use crate::finding::Evidence;

/// What keys are for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// A copy of what another store holds, which comes back when it is gone.
    CachedRow,
    /// Entries by time, newest first.
    Timeline,
    /// Whom something is sent to.
    PushSet,
    /// Work that waits for whoever takes it.
    TaskQueue,
    /// Work that somebody has taken and not finished.
    BackupList,
    Counter,
    Lock,
    /// How often somebody may still do something.
    TokenBucket,
    Session,
    /// Entries with groups of consumers.
    Stream,
}

/// What is known of keys besides their row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Behaviour {
    /// Clients that wait for one of the keys.
    pub waiting: u64,
    /// What the values look like, where they were looked at without touching them.
    pub values: Option<Values>,
}

/// What a look at a few values says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Values {
    /// What most of them look like.
    pub shape: Shape,
    /// So many of those that were looked at do.
    pub alike: u32,
    pub looked_at: u32,
    /// The command that was asked of each.
    pub command: &'static str,
}

/// What a value looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    /// Numbers.
    Integers,
    /// Short texts that look random, as the name of a lock's holder.
    Tokens,
    /// Scores that are moments of the last years, in seconds, milliseconds or microseconds.
    Times,
    /// Other scores.
    Scores,
    /// JSON objects and lists.
    Json,
    /// Fields of a limiter: what is left, and since when.
    Allowances,
    /// Other fields.
    Fields,
    /// Any other text.
    Texts,
}

impl Shape {
    /// The word of it in evidence.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Integers => "integers",
            Self::Tokens => "tokens",
            Self::Times => "times",
            Self::Scores => "scores",
            Self::Json => "json",
            Self::Allowances => "allowances",
            Self::Fields => "fields",
            Self::Texts => "texts",
        }
    }
}

impl Values {
    /// The shape, if so many have it that it is that of all.
    fn shape(self) -> Option<Shape> {
        let is_main = f64::from(self.alike) >= MAIN_SHARE * f64::from(self.looked_at);
        (is_main && self.alike > 0).then_some(self.shape)
    }

    fn evidence(self) -> [Evidence; 2] {
        let Self { shape, alike, looked_at, command } = self;
        let values = format_args!("{} {alike} / {looked_at}", shape.name()).to_string();
        [Evidence::new("role_values", values), Evidence::new("role_looked_by", command)]
    }
}

const LOCK: &[&str] = &["lock", "locks", "mutex", "redlock", "lease", "leases", "semaphore"];
const BUCKET: &[&str] = &[
    "rate",
    "rates",
    "ratelimit",
    "ratelimiter",
    "limit",
    "limits",
    "limiter",
    "throttle",
    "bucket",
    "buckets",
    "quota",
];
const SESSION: &[&str] = &["session", "sessions", "sess", "sid", "login", "logins", "auth"];
const QUEUE: &[&str] = &[
    "queue",
    "queues",
    "job",
    "jobs",
    "task",
    "tasks",
    "todo",
    "work",
    "celery",
    "resque",
    "sidekiq",
    "bull",
    "bullmq",
    "rq",
    "outbox",
    "schedule",
    "scheduled",
    "delayed",
    "retry",
];
const BACKUP: &[&str] = &[
    "processing",
    "backup",
    "inflight",
    "working",
    "unacked",
    "reserved",
    "taken",
    "doing",
    "inprogress",
    "active",
];
const TIMELINE: &[&str] = &[
    "timeline",
    "timelines",
    "feed",
    "feeds",
    "home",
    "inbox",
    "recent",
    "latest",
    "history",
    "activity",
    "activities",
    "log",
    "logs",
    "events",
];
const PUSH: &[&str] = &[
    "push",
    "subscribers",
    "subscriptions",
    "followers",
    "following",
    "devices",
    "online",
    "members",
    "listeners",
    "watchers",
    "room",
    "rooms",
    "recipients",
];
const COUNTER: &[&str] = &[
    "count", "counts", "counter", "counters", "hits", "views", "visits", "total", "totals", "seq",
    "sequence", "nextid", "likes", "stats", "metrics",
];
const CACHE: &[&str] =
    &["cache", "cached", "caches", "row", "rows", "obj", "object", "page", "fragment", "html"];

/// Of all keys, how many must be of one type for it to be the type.
const MAIN_SHARE: f64 = 0.9;
/// A lock, a counter and the state of a limiter are small. In bytes, by MEMORY USAGE.
const SMALL_BYTES: u64 = 512;

/// The role of the keys at and below `node`, whose whole text without a delimiter at its end is
/// `prefix`, and what speaks for it. Most have none.
pub fn role_of(
    prefix: &str,
    node: &PrefixNode,
    behaviour: Behaviour,
) -> Option<(Role, Vec<Evidence>)> {
    use KeyType::{Hash, List, Set, SortedSet, Stream, String};
    let (main, share) = main_type(node)?;
    if share < MAIN_SHARE {
        return None;
    }
    let word = |words: &[&'static str]| word_of(prefix, words);
    let named = |word: &str| Evidence::new("role_name", word);
    let has_ttl = node.with_ttl as f64 >= MAIN_SHARE * node.keys as f64;
    let within_hour = node.ttls.iter().take(2).sum::<u64>() as f64;
    let is_short = has_ttl && within_hour >= MAIN_SHARE * node.with_ttl as f64;
    let mean_bytes = node.bytes / node.keys.max(1);
    let is_small = mean_bytes <= SMALL_BYTES;
    let waiting = (behaviour.waiting > 0).then(|| Evidence::new("role_waiting", behaviour.waiting));
    let shape = behaviour.values.and_then(Values::shape);
    let is = |expected: Shape| shape == Some(expected);
    // What was seen speaks against a role only where something was seen.
    let is_none_of = |shapes: &[Shape]| !shape.is_some_and(|shape| shapes.contains(&shape));
    let values = || behaviour.values.filter(|_| shape.is_some()).map(Values::evidence);

    let mut evidence =
        vec![Evidence::new("role_type", format!("{} {:.0} %", name_of(main), share * 100.0))];
    if has_ttl {
        let shown = if is_short { "< 1 h" } else { ">= 1 h" };
        evidence.push(Evidence::new("role_ttl", shown));
    }
    let role = match main {
        Stream => {
            evidence.extend(waiting);
            Role::Stream
        }
        List | SortedSet if waiting.is_some() => {
            evidence.extend(word(QUEUE).map(named));
            evidence.extend(waiting);
            Role::TaskQueue
        }
        List => {
            let (queue, backup) = (word(QUEUE), word(BACKUP));
            evidence.extend(queue.map(named));
            evidence.extend(backup.map(named));
            let timeline = word(TIMELINE);
            match (queue, backup, timeline) {
                (_, Some(_), _) => Role::BackupList,
                (Some(_), None, _) => Role::TaskQueue,
                (None, None, Some(word)) => {
                    evidence.push(named(word));
                    Role::Timeline
                }
                (None, None, None) => return None,
            }
        }
        SortedSet => {
            let times = values().filter(|_| is(Shape::Times)).into_iter().flatten();
            if let Some(word) = word(BUCKET).filter(|_| has_ttl) {
                evidence.push(named(word));
                evidence.extend(times);
                Role::TokenBucket
            } else if let Some(word) = word(QUEUE) {
                evidence.push(named(word));
                evidence.extend(times);
                Role::TaskQueue
            } else if let Some(name) = word(TIMELINE) {
                evidence.push(named(name));
                evidence.extend(times);
                Role::Timeline
            } else if is(Shape::Times) {
                evidence.extend(times);
                Role::Timeline
            } else {
                return None;
            }
        }
        Set => {
            evidence.push(named(word(PUSH)?));
            Role::PushSet
        }
        String | Hash => {
            use Shape::{Allowances, Fields, Integers, Json, Texts, Tokens};
            // Sizes of zero were not told.
            let small = (mean_bytes > 0).then(|| Evidence::new("role_bytes", mean_bytes));
            let is_bucket = is_none_of(&[Fields, Json, Texts, Tokens]);
            let is_number = is_none_of(&[Json, Texts, Tokens]);
            let (role, name) = if let Some(word) = word(LOCK).filter(|_| is_small) {
                evidence.extend(small);
                (Role::Lock, Some(word))
            } else if let Some(word) = word(BUCKET).filter(|_| is_short && is_small && is_bucket) {
                evidence.extend(small);
                (Role::TokenBucket, Some(word))
            } else if is(Allowances) {
                (Role::TokenBucket, word(BUCKET))
            } else if let Some(word) = word(SESSION).filter(|_| is(Integers) && is_short) {
                // How often somebody has tried to log in.
                (Role::TokenBucket, Some(word))
            } else if let Some(word) =
                word(SESSION).filter(|_| (has_ttl || main == Hash) && !is(Integers))
            {
                (Role::Session, Some(word))
            } else if let Some(word) =
                word(COUNTER).filter(|_| main == String && is_small && is_number)
            {
                evidence.extend(small);
                (Role::Counter, Some(word))
            } else if is(Integers) && !has_ttl {
                (Role::Counter, None)
            } else if let Some(word) = word(CACHE) {
                (Role::CachedRow, Some(word))
            } else if has_ttl && is(Json) {
                (Role::CachedRow, None)
            } else if has_ttl && !is_small {
                evidence.push(Evidence::new("role_bytes", mean_bytes));
                (Role::CachedRow, None)
            } else {
                return None;
            };
            evidence.extend(name.map(named));
            evidence.extend(values().into_iter().flatten());
            role
        }
        KeyType::Other => return None,
    };
    Some((role, evidence))
}

impl Keyspace {
    /// Gives every row its role. A row whose parent has the same role has no evidence of its own.
    ///
    /// `behaviour` is asked with a database and the whole text of a row.
    pub fn assign_roles(&mut self, behaviour: impl Fn(u32, &str) -> Behaviour) {
        for (index, (database, text)) in self.texts().iter().enumerate() {
            let Some(node) = self.nodes.get(index) else { return };
            let is_nameless = text.is_empty() && !node.is_key;
            let found =
                (!is_nameless).then(|| role_of(text, node, behaviour(*database, text))).flatten();
            let of_parent = self.nodes.get(node.parent as usize).and_then(|parent| parent.role);
            if let (Some(node), Some((role, evidence))) = (self.nodes.get_mut(index), found) {
                node.role = Some(role);
                node.evidence = if of_parent == Some(role) { Vec::new() } else { evidence };
            }
        }
    }
}

impl Keyspace {
    /// Tells of each lock that several servers keep on how many of them it is held.
    pub fn tell_quorums(&mut self) {
        let told: BTreeMap<(u32, &str), Vec<Evidence>> = self
            .locks
            .iter()
            .filter_map(|lock| Some(((lock.db, lock.key.as_str()), lock.quorum?.evidence())))
            .collect();
        if told.is_empty() {
            return;
        }
        // Rows of one database do not tell which it is.
        let has_databases = self.nodes.iter().any(|node| node.database.is_some());
        let found = self.texts().into_iter().map(|(db, text)| {
            let of_db = told.get(&(db, text.as_str()));
            let any = told.iter().find(|((_, key), _)| !has_databases && *key == text);
            of_db.or_else(|| any.map(|(_, evidence)| evidence)).cloned()
        });
        let found: Vec<Option<Vec<Evidence>>> = found.collect();
        for (node, evidence) in self.nodes.iter_mut().zip(found) {
            if node.is_key && node.role == Some(Role::Lock) {
                node.evidence.extend(evidence.into_iter().flatten());
            }
        }
    }
}

/// The type that most keys have, and their share.
fn main_type(node: &PrefixNode) -> Option<(KeyType, f64)> {
    let most = KeyType::ALL.into_iter().zip(node.types).max_by_key(|(_, keys)| *keys);
    most.filter(|(_, keys)| *keys > 0)
        .map(|(key_type, keys)| (key_type, keys as f64 / node.keys.max(1) as f64))
}

const fn name_of(key_type: KeyType) -> &'static str {
    match key_type {
        KeyType::String => "string",
        KeyType::List => "list",
        KeyType::Set => "set",
        KeyType::SortedSet => "sorted set",
        KeyType::Hash => "hash",
        KeyType::Stream => "stream",
        KeyType::Other => "other",
    }
}

/// The first word of `text` that is one of `words`. Words end at anything but letters and digits,
/// and where `camelCase` has a hump.
fn word_of<'w>(text: &str, words: &[&'w str]) -> Option<&'w str> {
    text.split(|c: char| !c.is_alphanumeric()).find_map(|run| {
        let is = |part: &str| words.iter().copied().find(|word| word.eq_ignore_ascii_case(part));
        is(run).or_else(|| humps(run).find_map(is))
    })
}

fn humps(run: &str) -> impl Iterator<Item = &str> {
    let mut rest = run;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut last_is_lower = false;
        let end = rest.char_indices().find(|(_, c)| {
            let is_hump = last_is_lower && c.is_uppercase();
            last_is_lower = c.is_lowercase();
            is_hump
        });
        let (part, after) = rest.split_at(end.map_or(rest.len(), |(at, _)| at));
        rest = after;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keyspace::{KeyFacts, PrefixTrie};

    const NOTHING: Behaviour = Behaviour { waiting: 0, values: None };

    /// A prefix of ten keys of one type, of so many bytes and with this time to live.
    fn node(key_type: KeyType, bytes: u64, ttl_secs: Option<u64>) -> PrefixNode {
        let mut trie = PrefixTrie::new("");
        for n in 0..10 {
            let facts = KeyFacts { key_type, bytes, ttl_secs };
            trie.insert(None, format!("{n}").as_bytes(), facts);
        }
        trie.rows(2).remove(0)
    }

    /// Prefix, type, bytes of a key, seconds it has left, and the role of such keys.
    type Row = (&'static str, KeyType, u64, Option<u64>, Option<Role>);

    #[test]
    fn roles_from_names_and_types() {
        use KeyType::{Hash, List, Other, Set, SortedSet, Stream, String};
        let table: &[Row] = &[
            ("lock:order", String, 90, Some(20), Some(Role::Lock)),
            ("lock:order", String, 90, None, Some(Role::Lock)),
            ("orderLock", String, 90, Some(20), Some(Role::Lock)),
            ("lock:order", List, 90, None, None),
            ("lock:order", String, 90_000, None, None),
            ("blocks:order", String, 90, None, None),
            ("rate:10.0.0.7", String, 80, Some(40), Some(Role::TokenBucket)),
            ("limiter", Hash, 120, Some(40), Some(Role::TokenBucket)),
            ("limiter", SortedSet, 900, Some(40), Some(Role::TokenBucket)),
            ("rate:eur", String, 80, None, None),
            ("session", Hash, 700, Some(80_000), Some(Role::Session)),
            ("PHPREDIS_SESSION", String, 700, Some(1_000), Some(Role::Session)),
            ("session", String, 700, None, None),
            ("queue:mail", List, 9_000, None, Some(Role::TaskQueue)),
            ("jobs", SortedSet, 9_000, None, Some(Role::TaskQueue)),
            ("queue:mail:processing", List, 90, None, Some(Role::BackupList)),
            ("names", List, 90, None, None),
            ("timeline:7", SortedSet, 60_000, None, Some(Role::Timeline)),
            ("recent", List, 60_000, None, Some(Role::Timeline)),
            ("board", SortedSet, 60_000, None, None),
            ("followers", Set, 4_000, None, Some(Role::PushSet)),
            ("tags", Set, 4_000, None, None),
            ("page:views", String, 80, None, Some(Role::Counter)),
            ("cache:user", String, 30_000, Some(3_600), Some(Role::CachedRow)),
            ("user", Hash, 30_000, Some(9_000), Some(Role::CachedRow)),
            ("user", Hash, 30_000, None, None),
            ("events", Stream, 200_000, None, Some(Role::Stream)),
            ("lock", Other, 90, None, None),
        ];
        for (prefix, key_type, bytes, ttl_secs, expect) in table {
            let found = role_of(prefix, &node(*key_type, *bytes, *ttl_secs), NOTHING);
            let role = found.as_ref().map(|(role, _)| *role);
            assert_eq!(role, *expect, "{prefix} {key_type:?} {bytes} {ttl_secs:?}");
            // Every role but a type that is a role by itself rests on two facts and more.
            let facts = found.map_or(9, |(_, evidence)| evidence.len());
            assert!(facts >= 2 || *expect == Some(Role::Stream), "{prefix}");
        }
    }

    /// So many of three values.
    const fn values(shape: Shape, alike: u32) -> Values {
        Values { shape, alike, looked_at: 3, command: "OBJECT ENCODING" }
    }

    #[test]
    fn values_decide_between_roles() {
        use KeyType::{Hash, String};
        let table = [
            // Prefix, type, bytes, time to live, and the role of such keys with values of a shape.
            ("page:views", String, 80, None, Shape::Integers, Some(Role::Counter)),
            ("stats:day", String, 80, None, Shape::Json, None),
            ("stats:day", String, 80, Some(9_000), Shape::Json, Some(Role::CachedRow)),
            ("limits", Hash, 120, Some(40), Shape::Allowances, Some(Role::TokenBucket)),
            ("limits", Hash, 120, Some(40), Shape::Fields, None),
            ("api:10.0.0.7", Hash, 120, None, Shape::Allowances, Some(Role::TokenBucket)),
            ("rate:10.0.0.7", String, 80, Some(40), Shape::Integers, Some(Role::TokenBucket)),
            ("rate:eur", String, 80, Some(40), Shape::Json, Some(Role::CachedRow)),
            ("login:fails", String, 80, Some(40), Shape::Integers, Some(Role::TokenBucket)),
            ("login:fails", String, 80, None, Shape::Integers, Some(Role::Counter)),
            ("login", String, 300, Some(4_000), Shape::Json, Some(Role::Session)),
            ("session", Hash, 700, Some(80_000), Shape::Fields, Some(Role::Session)),
            ("user", String, 300, Some(4_000), Shape::Json, Some(Role::CachedRow)),
            ("user", String, 300, Some(4_000), Shape::Texts, None),
            // Many a lock holds a 1.
            ("lock:order", String, 60, Some(9), Shape::Integers, Some(Role::Lock)),
        ];
        for (prefix, key_type, bytes, ttl_secs, shape, expect) in table {
            let node = node(key_type, bytes, ttl_secs);
            let looked = Behaviour { waiting: 0, values: Some(values(shape, 3)) };
            let found = role_of(prefix, &node, looked);
            assert_eq!(found.as_ref().map(|(role, _)| *role), expect, "{prefix} {shape:?}");
            if let Some((_, evidence)) = found {
                let seen = format!("{} 3 / 3", shape.name());
                assert!(evidence.contains(&Evidence::new("role_values", seen)), "{evidence:?}");
                assert!(evidence.contains(&Evidence::new("role_looked_by", "OBJECT ENCODING")));
            }
            // Where values differ, they say nothing.
            let mixed = Behaviour { waiting: 0, values: Some(values(shape, 2)) };
            let unseen = role_of(prefix, &node, NOTHING);
            assert_eq!(role_of(prefix, &node, mixed), unseen, "{prefix} {shape:?}");
        }
    }

    #[test]
    fn roles_from_behaviour() {
        let waiting = Behaviour { waiting: 3, values: None };
        let of_values = |shape| Behaviour { waiting: 0, values: Some(values(shape, 3)) };
        let table = [
            (KeyType::List, waiting, Some(Role::TaskQueue)),
            (KeyType::SortedSet, waiting, Some(Role::TaskQueue)),
            (KeyType::SortedSet, of_values(Shape::Times), Some(Role::Timeline)),
            (KeyType::String, of_values(Shape::Integers), Some(Role::Counter)),
            (KeyType::String, of_values(Shape::Tokens), None),
            (KeyType::Set, waiting, None),
        ];
        for (key_type, behaviour, expect) in table {
            let found = role_of("x", &node(key_type, 90, None), behaviour);
            assert_eq!(found.map(|(role, _)| role), expect, "{key_type:?} {behaviour:?}");
        }
        let (_, evidence) = role_of("x", &node(KeyType::List, 90, None), waiting).unwrap();
        assert!(evidence.contains(&Evidence::new("role_waiting", 3)));
    }

    #[test]
    fn a_size_that_is_not_known_is_no_fact() {
        let says_bytes = |bytes| {
            let (role, evidence) =
                role_of("lock:order", &node(KeyType::String, bytes, Some(20)), NOTHING).unwrap();
            assert_eq!(role, Role::Lock);
            evidence.iter().any(|fact| fact.name == "role_bytes")
        };
        assert!(says_bytes(90) && !says_bytes(0));
    }

    #[test]
    fn mixed_keys_have_no_role() {
        let mut mixed = node(KeyType::String, 90, Some(9));
        mixed.types = [6, 4, 0, 0, 0, 0, 0];
        assert_eq!(role_of("lock", &mixed, NOTHING), None);
    }

    #[test]
    fn rows_below_a_role_keep_silent_about_why() {
        let mut trie = PrefixTrie::new(":");
        for n in 0..4 {
            let facts = KeyFacts { key_type: KeyType::List, bytes: 99, ttl_secs: None };
            trie.insert(Some(0), format!("queue:{n}").as_bytes(), facts);
            trie.insert(Some(3), format!("x:{n}").as_bytes(), facts);
        }
        let mut keyspace =
            Keyspace { delimiter: ":".into(), nodes: trie.rows(100), ..Keyspace::default() };
        keyspace.assign_roles(|db, text| Behaviour {
            waiting: u64::from(db == 3 && text == "x:2"),
            values: None,
        });
        let roles: Vec<(&str, bool)> = keyspace
            .nodes
            .iter()
            .filter(|row| row.role == Some(Role::TaskQueue))
            .map(|row| (row.name.as_str(), row.evidence.is_empty()))
            .collect();
        let below = ["0", "1", "2", "3"].map(|name| (name, true));
        assert_eq!(roles[0], ("queue", false));
        assert_eq!(roles[1..5], below);
        assert_eq!(roles[5..], [("2", false)]);
    }
}
