//! The keys of a server as a tree of prefixes.

pub mod delta;
mod estimate;
mod notable;
pub mod role;
mod rows;
mod trie;

use serde::{Deserialize, Serialize};

pub use delta::KeyspaceDelta;
pub use estimate::{Estimate, half_width};
pub use role::Role;
pub use trie::{Inserted, KeyFacts, MAX_DEPTH, PrefixTrie};

use crate::{
    finding::Evidence,
    server::{Cost, Withheld},
};

/// The types of values, in the order of [`PrefixNode::types`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyType {
    String,
    List,
    Set,
    SortedSet,
    Hash,
    Stream,
    /// A module's type, or one that this version of Banyan does not know.
    Other,
}

impl KeyType {
    pub const ALL: [Self; 7] = [
        Self::String,
        Self::List,
        Self::Set,
        Self::SortedSet,
        Self::Hash,
        Self::Stream,
        Self::Other,
    ];
}

/// Upper ends of the spans of [`PrefixNode::ttls`], in seconds; the last span has no end.
pub const TTL_SPANS_SECS: [u64; 5] = [60, 3_600, 24 * 3_600, 7 * 24 * 3_600, 30 * 24 * 3_600];

/// The index in [`PrefixNode::ttls`] of a remaining time to live.
pub fn ttl_span(secs: u64) -> usize {
    TTL_SPANS_SECS.iter().position(|end| secs < *end).unwrap_or(TTL_SPANS_SECS.len())
}

/// Everything below one prefix, as one row of [`Keyspace::nodes`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrefixNode {
    /// Row of the parent; row 0, the root, is its own parent. Parents come before children.
    pub parent: u32,
    /// This node's own part of the key, without the delimiter; empty for the root. Bytes that are
    /// not UTF-8 and control characters are escaped as `\xNN`.
    pub name: String,
    /// Keys at and below this prefix.
    pub keys: u64,
    /// What they take, in bytes, as far as it has been asked for.
    pub bytes: u64,
    pub with_ttl: u64,
    /// Sum of the remaining times to live of those that have one, in seconds.
    pub ttl_secs_sum: u64,
    /// Keys by [`KeyType::ALL`].
    pub types: [u64; 7],
    /// A single key rather than a prefix.
    ///
    /// A key `user` beside keys `user:1` and `user:2` is a leaf `user` next to a prefix `user`.
    pub is_key: bool,
    /// Stands for this many small siblings that are not sent one by one (in an estimate: that were
    /// met); 0 for a real node.
    pub folded: u64,
    /// A whole database (its name is `db3`), above the prefixes, where more than one has keys. It is
    /// no part of the keys' text.
    pub database: Option<u32>,
    /// Half the width of the interval around [`PrefixNode::keys`] that holds the true number 95
    /// times in 100; 0 where it is counted rather than estimated.
    pub keys_error: u64,
    /// The same for [`PrefixNode::bytes`].
    pub bytes_error: u64,
    /// Keys with a time to live, by the span it falls into: below each of [`TTL_SPANS_SECS`], and
    /// longer.
    pub ttls: [u64; 6],
    /// Changes of keys below, in thousandths of an event a second; `None` where nobody listens.
    pub heat: Option<u64>,
    /// What the keys directly below, or the key itself, seem to be for.
    pub role: Option<Role>,
    /// What the role is taken from.
    pub evidence: Vec<Evidence>,
}

impl Keyspace {
    /// Of each row the database (0 where rows do not tell) and the whole printable text of its prefix
    /// or key, without a delimiter at its end; of a folded row the prefix above it.
    pub fn texts(&self) -> Vec<(u32, String)> {
        let mut texts: Vec<(u32, String)> = Vec::with_capacity(self.nodes.len());
        for (index, node) in self.nodes.iter().enumerate() {
            let parent = self.nodes.get(node.parent as usize);
            let is_top = node.parent == 0 || parent.is_some_and(|parent| parent.database.is_some());
            let above = texts.get(node.parent as usize);
            let text = match above {
                None => String::new(),
                _ if index == 0 || node.database.is_some() => String::new(),
                Some((_, above)) if node.folded > 0 => above.clone(),
                _ if is_top => node.name.clone(),
                Some((_, above)) => format!("{above}{}{}", self.delimiter, node.name),
            };
            let database = node.database.or(above.map(|above| above.0)).unwrap_or(0);
            texts.push((database, text));
        }
        texts
    }
}

/// One key that stands out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEntry {
    pub db: u32,
    /// Printable, see [`crate::printable`].
    pub key: String,
    /// Index into [`KeyType::ALL`].
    pub key_type: u8,
    pub bytes: u64,
    pub ttl_secs: Option<u64>,
    /// Since it was last read or written; `None` where that was not asked for or is not kept.
    pub idle_secs: Option<u64>,
}

/// A key that looks like a lock, as it was when it was last looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    pub db: u32,
    /// Printable.
    pub key: String,
    /// Its value, printable; `None` where it cannot be read without touching the key.
    pub holder: Option<String>,
    /// `None` for a lock that stays until somebody deletes it.
    pub ttl_millis: Option<u64>,
    /// When it was first seen with this holder, by the bridge's clock.
    pub since_millis: u64,
    /// Where several servers keep it.
    pub quorum: Option<LockQuorum>,
}

/// On how many independent servers one holder has a lock (Redlock).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct LockQuorum {
    pub held: u32,
    /// All of them.
    pub servers: u32,
    /// Whether the values of the copies are the same; else they were not read, and the copies end at
    /// the same moment.
    pub is_by_value: bool,
    /// Of all servers, those that did not answer: they are counted as not holding it, as they are to
    /// whoever wants the lock now.
    pub unreached: u32,
}

impl LockQuorum {
    /// Whether anybody holds the lock at all.
    pub const fn is_majority(&self) -> bool {
        self.held * 2 > self.servers
    }

    /// `3 / 5`, under the name that says how copies were compared; and how many did not answer.
    pub fn evidence(&self) -> Vec<Evidence> {
        let name = if self.is_by_value { "same_values" } else { "same_ends" };
        let held = Evidence::new(name, format_args!("{} / {}", self.held, self.servers));
        let unreached = Evidence::new("unreached_servers", self.unreached);
        std::iter::once(held).chain((self.unreached > 0).then_some(unreached)).collect()
    }
}

/// A server of a ring whose keys are not among the rows, because it does not answer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MissingServer {
    pub addr: String,
    /// Why.
    pub reason: String,
    /// Of all possible keys, those that belong there, in parts of a million.
    pub share_ppm: u32,
}

/// What was heard by CLIENT TRACKING.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tracking {
    pub since_millis: u64,
    /// Changed keys that were heard of.
    pub events: u64,
    /// Of those, keys that were not asked again because too many changed at once.
    pub missed: u64,
}

/// The keys of a target as known at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyspace {
    pub taken_at_millis: u64,
    pub delimiter: String,
    /// Keys seen by this pass so far.
    pub seen: u64,
    /// Keys that the server says it has; of several servers, those that answer.
    pub total: Option<u64>,
    /// Whether a whole pass is behind these numbers, over all servers that answer.
    pub complete: bool,
    /// When the last whole pass ended.
    pub completed_at_millis: Option<u64>,
    /// Rows in the order of [`PrefixNode::parent`]; row 0 is the root.
    pub nodes: Vec<PrefixNode>,
    /// What the server keeps from us: bytes of 0 with [`crate::Part::KeyBytes`] here are unknown bytes.
    pub withheld: Vec<Withheld>,
    /// What Banyan has cost the server, this walk included.
    pub cost: Cost,
    /// What the numbers of [`Keyspace::nodes`] are estimated from, until a whole pass has counted.
    pub estimate: Option<Estimate>,
    /// The keys that take most, biggest first, of all that have been met.
    pub biggest: Vec<KeyEntry>,
    /// The keys that nobody has used for longest, of all that have been asked.
    pub oldest: Vec<KeyEntry>,
    pub locks: Vec<Lock>,
    /// `None` where nobody listens to changes.
    pub tracking: Option<Tracking>,
    /// The servers whose keys are missing here.
    pub missing: Vec<MissingServer>,
}

impl Keyspace {
    /// The share of all possible keys that belong to servers which answer, in parts of a million.
    pub fn present_ppm(&self) -> u32 {
        let missing = self.missing.iter().map(|server| server.share_ppm);
        missing.fold(1_000_000, u32::saturating_sub)
    }
}
