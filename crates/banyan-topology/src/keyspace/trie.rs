//! The keys of a server in memory, while they stream in.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, Hash, Hasher, RandomState},
};

use super::{KeyType, estimate::Sample};

/// The most parts that a key is split into; the last takes the rest, delimiters and all.
pub const MAX_DEPTH: usize = 32;

/// Parts longer than this keep their first [`PART_HEAD_BYTES`] bytes and a hash of the whole.
const MAX_PART_BYTES: usize = 256;
pub(super) const PART_HEAD_BYTES: usize = MAX_PART_BYTES - 8;

/// Nodes that a trie holds unless told otherwise: about 2 GB.
const DEFAULT_MAX_NODES: usize = 50_000_000;

pub(super) const ROOT: u32 = 0;

const TYPE_BITS: u8 = 0b0000_0111;
const IS_KEY: u8 = 0b0000_1000;
const HAS_TTL: u8 = 0b0001_0000;
const IS_LIVE: u8 = 0b0010_0000;
const IS_CUT: u8 = 0b0100_0000;
const IS_DATABASE: u8 = 0b1000_0000;

/// The bits of a kind that tell siblings of the same name apart.
const IDENTITY: u8 = IS_KEY | IS_DATABASE | IS_CUT;

/// What has been learnt of one key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyFacts {
    pub key_type: KeyType,
    /// 0 where it is unknown.
    pub bytes: u64,
    /// Remaining time to live; `None` for a key that stays.
    pub ttl_secs: Option<u64>,
}

/// What an insertion did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inserted {
    /// Not seen before in this pass.
    New,
    /// Seen before in this pass (SCAN repeats itself); its facts are replaced.
    Again,
    /// The trie has no room for more nodes; the key is not counted.
    Full,
}

/// A tree of key parts that holds every key, so that a key that SCAN returns twice counts once.
///
/// A node takes 20 bytes, its own part of the key and about 8 bytes of index; keys that share a
/// prefix share its nodes. Nodes of keys that are gone stay until [`PrefixTrie::end_pass`] finds
/// that they are the majority.
pub struct PrefixTrie {
    pub(super) delimiter: Vec<u8>,
    pub(super) nodes: Vec<Node>,
    names: Vec<u8>,
    /// Sizes of 4 GiB and more, which a node has no room for.
    huge: BTreeMap<u32, u64>,
    /// Open addressing over (parent, kind, part); 0 is an empty slot, for nobody looks up the root.
    slots: Vec<u32>,
    hasher: RandomState,
    max_nodes: usize,
    keys: u64,
    pass: u8,
    seen: u64,
    pub(super) sample: Sample,
}

#[derive(Clone, Copy)]
pub(super) struct Node {
    pub(super) parent: u32,
    name_start: u32,
    bytes: u32,
    ttl_secs: u32,
    name_len: u16,
    kind: u8,
    /// The pass that saw the key last.
    pass: u8,
}

impl Node {
    pub(super) fn is_key(&self) -> bool {
        self.kind & IS_KEY != 0
    }

    pub(super) fn is_live_key(&self) -> bool {
        self.kind & (IS_KEY | IS_LIVE) == IS_KEY | IS_LIVE
    }

    pub(super) fn is_cut(&self) -> bool {
        self.kind & IS_CUT != 0
    }

    pub(super) fn is_database(&self) -> bool {
        self.kind & IS_DATABASE != 0
    }

    /// Index into [`KeyType::ALL`].
    pub(super) fn type_index(&self) -> usize {
        usize::from(self.kind & TYPE_BITS).min(KeyType::ALL.len() - 1)
    }

    pub(super) fn ttl_secs(&self) -> Option<u64> {
        (self.kind & HAS_TTL != 0).then_some(u64::from(self.ttl_secs))
    }
}

impl PrefixTrie {
    /// An empty trie. Keys are not split if `delimiter` is empty.
    pub fn new(delimiter: &str) -> Self {
        Self::with_max_nodes(delimiter, DEFAULT_MAX_NODES)
    }

    pub fn with_max_nodes(delimiter: &str, max_nodes: usize) -> Self {
        let root = Node {
            parent: ROOT,
            name_start: 0,
            bytes: 0,
            ttl_secs: 0,
            name_len: 0,
            kind: 0,
            pass: 0,
        };
        Self {
            delimiter: delimiter.as_bytes().to_vec(),
            nodes: vec![root],
            names: Vec::new(),
            huge: BTreeMap::new(),
            slots: vec![0; 64],
            hasher: RandomState::new(),
            max_nodes: max_nodes.min(u32::MAX as usize),
            keys: 0,
            pass: 0,
            seen: 0,
            sample: Sample::default(),
        }
    }

    /// Keys that are known: those of this pass, and those of the last that this pass has not met.
    pub fn keys(&self) -> u64 {
        self.keys
    }

    /// Different keys that this pass has met.
    pub fn seen(&self) -> u64 {
        self.seen
    }

    /// Adds a key or replaces its facts. With a database, the key stands below a node of that
    /// database rather than below the root.
    pub fn insert(&mut self, database: Option<u32>, key: &[u8], facts: KeyFacts) -> Inserted {
        let Some(index) = self.node_of(database, key, true) else { return Inserted::Full };
        let pass = self.pass;
        let Some(node) = self.nodes.get_mut(index as usize) else { return Inserted::Full };
        let is_again = node.kind & IS_LIVE != 0 && node.pass == pass;
        let was_live = node.kind & IS_LIVE != 0;
        node.kind = (node.kind & IS_CUT) | IS_KEY | IS_LIVE | facts.key_type as u8;
        if let Some(secs) = facts.ttl_secs {
            node.kind |= HAS_TTL;
            node.ttl_secs = u32::try_from(secs).unwrap_or(u32::MAX);
        }
        node.bytes = u32::try_from(facts.bytes).unwrap_or(u32::MAX);
        node.pass = pass;
        if facts.bytes >= u64::from(u32::MAX) {
            self.huge.insert(index, facts.bytes);
        }
        self.keys += u64::from(!was_live);
        self.seen += u64::from(!is_again);
        if self.sample.is_open {
            self.sample.nodes.push(index);
        }
        if is_again { Inserted::Again } else { Inserted::New }
    }

    /// Whether the key was there.
    pub fn remove(&mut self, database: Option<u32>, key: &[u8]) -> bool {
        let Some(index) = self.node_of(database, key, false) else { return false };
        let Some(node) = self.nodes.get_mut(index as usize) else { return false };
        let was_live = node.kind & IS_LIVE != 0;
        if was_live {
            node.kind &= !IS_LIVE;
            self.keys -= 1;
            self.seen -= u64::from(node.pass == self.pass);
        }
        was_live
    }

    /// Begins a walk over all keys: what is known stays, until [`Self::end_pass`] drops what the
    /// walk did not meet.
    pub fn begin_pass(&mut self) {
        self.pass = self.pass.wrapping_add(1);
        self.seen = 0;
    }

    /// Ends a whole walk: keys that it did not meet are gone.
    pub fn end_pass(&mut self) {
        self.sample = Sample::default();
        for node in &mut self.nodes {
            if node.is_live_key() && node.pass != self.pass {
                node.kind &= !IS_LIVE;
                self.keys -= 1;
            }
        }
        let dead = self.nodes.iter().filter(|node| node.is_key() && !node.is_live_key()).count();
        if dead > self.nodes.len() / 2 {
            self.compact();
        }
    }

    /// Writes the trie anew without the nodes of keys that are gone.
    fn compact(&mut self) {
        let mut is_needed = vec![false; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate().rev() {
            if node.is_live_key() || is_needed[index] {
                is_needed[index] = true;
                is_needed[node.parent as usize] = true;
            }
        }
        let mut slim = Self::with_max_nodes("", self.max_nodes);
        let mut new_index = vec![ROOT; self.nodes.len()];
        for (index, node) in self.nodes.iter().enumerate().skip(1) {
            if !is_needed[index] {
                continue;
            }
            let parent = new_index[node.parent as usize];
            let Some(added) = slim.child(parent, node.kind, self.part(node), true) else {
                continue;
            };
            new_index[index] = added;
            slim.nodes[added as usize] =
                Node { parent, name_start: slim.nodes[added as usize].name_start, ..*node };
            if let Some(bytes) = self.huge.get(&(index as u32)) {
                slim.huge.insert(added, *bytes);
            }
        }
        slim.delimiter = std::mem::take(&mut self.delimiter);
        slim.keys = self.keys;
        slim.seen = self.seen;
        slim.pass = self.pass;
        *self = slim;
    }

    /// The bytes of a node's own part of the key.
    pub(super) fn part(&self, node: &Node) -> &[u8] {
        let start = node.name_start as usize;
        &self.names[start..start + usize::from(node.name_len)]
    }

    pub(super) fn bytes(&self, index: u32) -> u64 {
        match self.nodes[index as usize].bytes {
            u32::MAX => self.huge.get(&index).copied().unwrap_or(u64::from(u32::MAX)),
            bytes => u64::from(bytes),
        }
    }

    /// The node of a key, made if `may_add`.
    fn node_of(&mut self, database: Option<u32>, key: &[u8], may_add: bool) -> Option<u32> {
        let mut parent = ROOT;
        if let Some(database) = database {
            parent = self.child(ROOT, IS_DATABASE, format!("db{database}").as_bytes(), may_add)?;
        }
        let mut rest = key;
        for _ in 1..MAX_DEPTH {
            let Some(at) = find(rest, &self.delimiter) else { break };
            parent = self.child(parent, 0, &rest[..at], may_add)?;
            rest = &rest[at + self.delimiter.len()..];
        }
        self.child(parent, IS_KEY, rest, may_add)
    }

    /// The child of `parent` with this part, made if `may_add`. A key, a prefix and a database of
    /// the same name are three children.
    fn child(&mut self, parent: u32, kind: u8, part: &[u8], may_add: bool) -> Option<u32> {
        let mut cut = [0; MAX_PART_BYTES];
        let (part, kind) = if part.len() > MAX_PART_BYTES {
            let mut hasher = self.hasher.build_hasher();
            hasher.write(part);
            cut[..PART_HEAD_BYTES].copy_from_slice(&part[..PART_HEAD_BYTES]);
            cut[PART_HEAD_BYTES..].copy_from_slice(&hasher.finish().to_le_bytes());
            (cut.as_slice(), kind | IS_CUT)
        } else {
            (part, kind)
        };

        let mask = self.slots.len() - 1;
        let mut slot = self.hash(parent, kind & IDENTITY, part) as usize & mask;
        loop {
            let index = self.slots[slot];
            if index == 0 {
                break;
            }
            let node = &self.nodes[index as usize];
            if node.parent == parent
                && node.kind & IDENTITY == kind & IDENTITY
                && self.part(node) == part
            {
                return Some(index);
            }
            slot = (slot + 1) & mask;
        }
        if !may_add || self.nodes.len() >= self.max_nodes {
            return None;
        }
        let index = u32::try_from(self.nodes.len()).ok()?;
        let name_start = u32::try_from(self.names.len()).ok()?;
        self.names.extend_from_slice(part);
        self.nodes.push(Node {
            parent,
            name_start,
            bytes: 0,
            ttl_secs: 0,
            name_len: part.len() as u16,
            kind: kind & IDENTITY,
            pass: self.pass,
        });
        self.slots[slot] = index;
        if self.nodes.len() > self.slots.len() / 4 * 3 {
            self.grow_slots();
        }
        Some(index)
    }

    fn grow_slots(&mut self) {
        let mask = self.slots.len() * 2 - 1;
        self.slots = vec![0; mask + 1];
        for (index, node) in self.nodes.iter().enumerate().skip(1) {
            let mut slot =
                self.hash(node.parent, node.kind & IDENTITY, self.part(node)) as usize & mask;
            while self.slots[slot] != 0 {
                slot = (slot + 1) & mask;
            }
            self.slots[slot] = index as u32;
        }
    }

    fn hash(&self, parent: u32, identity: u8, part: &[u8]) -> u64 {
        self.hasher.hash_one(Identity { parent, identity, part })
    }
}

#[derive(Hash)]
struct Identity<'a> {
    parent: u32,
    identity: u8,
    part: &'a [u8],
}

/// Where `needle` first stands in `hay`; never for an empty needle.
fn find(hay: &[u8], needle: &[u8]) -> Option<usize> {
    match needle {
        [] => None,
        [byte] => hay.iter().position(|b| b == byte),
        _ => hay.windows(needle.len()).position(|window| window == needle),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: KeyFacts = KeyFacts { key_type: KeyType::String, bytes: 10, ttl_secs: None };

    #[test]
    fn a_key_counts_once() {
        let mut trie = PrefixTrie::new(":");
        assert_eq!(trie.insert(None, b"user:1", PLAIN), Inserted::New);
        let changed = KeyFacts { key_type: KeyType::Hash, bytes: 20, ttl_secs: Some(5) };
        assert_eq!(trie.insert(None, b"user:1", changed), Inserted::Again);
        assert_eq!((trie.keys(), trie.seen()), (1, 1));
        let root = &trie.rows(10)[0];
        assert_eq!((root.keys, root.bytes, root.with_ttl, root.ttl_secs_sum), (1, 20, 1, 5));
        assert_eq!(root.types, [0, 0, 0, 0, 1, 0, 0]);
        assert_eq!(trie.insert(None, b"user:1", PLAIN), Inserted::Again);
        assert_eq!(trie.rows(10)[0].with_ttl, 0);
    }

    #[test]
    fn removed_keys_are_gone_and_may_come_back() {
        let mut trie = PrefixTrie::new(":");
        trie.insert(None, b"a:1", PLAIN);
        trie.insert(None, b"a:2", PLAIN);
        assert!(trie.remove(None, b"a:1"));
        assert!(!trie.remove(None, b"a:1"));
        assert!(!trie.remove(None, b"a"));
        assert!(!trie.remove(None, b"b:1"));
        assert_eq!((trie.keys(), trie.seen(), trie.rows(10).len()), (1, 1, 3));
        assert_eq!(trie.insert(None, b"a:1", PLAIN), Inserted::New);
        assert_eq!(trie.rows(10)[0].keys, 2);
    }

    #[test]
    fn a_pass_drops_what_it_did_not_meet() {
        let mut trie = PrefixTrie::new(":");
        for n in 0..100 {
            trie.insert(None, format!("a:{n}").as_bytes(), PLAIN);
        }
        trie.end_pass();
        for pass in 0..600 {
            trie.begin_pass();
            assert_eq!((trie.keys(), trie.seen()), (100, 0));
            for n in 0..100 {
                let key = format!("a:{}", n + pass % 2 * 50);
                trie.insert(None, key.as_bytes(), PLAIN);
            }
            assert_eq!(trie.seen(), 100);
            trie.end_pass();
            assert_eq!((trie.keys(), trie.rows(1000)[0].keys), (100, 100));
        }
    }

    #[test]
    fn dead_nodes_are_given_back() {
        let mut trie = PrefixTrie::new(":");
        let huge = KeyFacts { bytes: 1 << 40, ..PLAIN };
        for n in 0..1000 {
            trie.insert(Some(3), format!("a:{n}").as_bytes(), PLAIN);
        }
        trie.begin_pass();
        trie.insert(Some(3), b"a:7", huge);
        trie.insert(Some(3), b"a:8", KeyFacts { ttl_secs: Some(9), ..PLAIN });
        trie.end_pass();
        assert_eq!(trie.nodes.len(), 5, "the root, the database, one prefix and two keys");
        let rows = trie.rows(10);
        assert_eq!((rows[0].keys, rows[0].bytes, rows[0].with_ttl), (2, (1 << 40) + 10, 1));
        assert_eq!(rows[1].database, Some(3));
        assert_eq!(trie.insert(Some(3), b"a:7", PLAIN), Inserted::Again);
        assert!(trie.remove(Some(3), b"a:8"));
    }

    #[test]
    fn a_full_trie_says_so() {
        let mut trie = PrefixTrie::with_max_nodes(":", 4);
        assert_eq!(trie.insert(None, b"a:1", PLAIN), Inserted::New);
        assert_eq!(trie.insert(None, b"a:2", PLAIN), Inserted::New);
        assert_eq!(trie.insert(None, b"a:3", PLAIN), Inserted::Full);
        assert_eq!(trie.insert(None, b"a:2", PLAIN), Inserted::Again);
        assert_eq!(trie.rows(10)[0].keys, 2);
    }

    #[test]
    fn long_parts_are_told_apart_by_their_hash() {
        let mut trie = PrefixTrie::new(":");
        for last in [b'x', b'y'] {
            let mut key = vec![b'k'; 100_000];
            key.push(last);
            assert_eq!(trie.insert(None, &key, PLAIN), Inserted::New);
            assert_eq!(trie.insert(None, &key, PLAIN), Inserted::Again);
        }
        assert!(trie.names.len() <= 2 * MAX_PART_BYTES);
        let rows = trie.rows(10);
        assert!(rows[1].name.ends_with("kk…") && rows[1].name == rows[2].name);
    }
}
