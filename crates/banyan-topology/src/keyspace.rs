//! The keys of a server as a tree of prefixes.

mod rows;
mod trie;

use serde::{Deserialize, Serialize};

pub use trie::{Inserted, KeyFacts, MAX_DEPTH, PrefixTrie};

use crate::server::{Cost, Withheld};

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
    /// Stands for this many small siblings that are not sent one by one; 0 for a real node.
    pub folded: u64,
    /// A whole database (its name is `db3`), above the prefixes, where more than one has keys. It is
    /// no part of the keys' text.
    pub database: Option<u32>,
}

/// The keys of one server as known at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Keyspace {
    pub taken_at_millis: u64,
    pub delimiter: String,
    /// Keys seen by this pass so far.
    pub seen: u64,
    /// Keys that the server says it has.
    pub total: u64,
    /// Whether a whole pass is behind these numbers.
    pub complete: bool,
    /// When the last whole pass ended.
    pub completed_at_millis: Option<u64>,
    /// Rows in the order of [`PrefixNode::parent`]; row 0 is the root.
    pub nodes: Vec<PrefixNode>,
    /// What the server keeps from us: bytes of 0 with [`crate::Part::KeyBytes`] here are unknown bytes.
    pub withheld: Vec<Withheld>,
    /// What Banyan has cost the server, this walk included.
    pub cost: Cost,
}
