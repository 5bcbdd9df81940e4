//! Keys that others want to know of: those that clients can wait for, and locks.
//!
//! A walk finds them; whoever asks streams for their groups, or guesses which key a blocked client
//! waits for, takes them from [`crate::Link`].

use std::collections::BTreeMap;

use banyan_topology::{
    KeyFacts, KeyType, PrefixNode, Role,
    keyspace::role::{Behaviour, role_of},
};

/// Lists, sorted sets and streams that are remembered.
const MOST_WAITABLE: usize = 10_000;
const MOST_LOCKS: usize = 200;

/// What is remembered of the last walk, and of the one that is under way.
#[derive(Default)]
pub struct Notable {
    waitable: BTreeMap<(u32, Vec<u8>), Known>,
    locks: BTreeMap<(u32, Vec<u8>), Known>,
    /// Keys that clients waited for or could have, and that may be gone now: an empty list is no key.
    once: BTreeMap<(u32, Vec<u8>), Option<KeyType>>,
    pass: u64,
    /// Whether all keys have been met by a walk, and all that clients can wait for found room.
    is_complete: bool,
    overflows: bool,
}

#[derive(Clone, Copy)]
struct Known {
    key_type: KeyType,
    pass: u64,
}

impl Notable {
    pub fn begin_pass(&mut self) {
        self.pass += 1;
        self.overflows = false;
    }

    /// Forgets what the pass has not met.
    pub fn end_pass(&mut self) {
        let pass = self.pass;
        let gone = self.waitable.extract_if(.., |_, known| known.pass != pass);
        for (key, known) in gone {
            if self.once.len() < MOST_WAITABLE {
                self.once.insert(key, Some(known.key_type));
            }
        }
        self.locks.retain(|_, known| known.pass == self.pass);
        self.is_complete = !self.overflows;
    }

    pub fn offer(&mut self, db: u32, key: &[u8], facts: KeyFacts) {
        let known = Known { key_type: facts.key_type, pass: self.pass };
        match facts.key_type {
            KeyType::List | KeyType::SortedSet | KeyType::Stream => {
                let entry = (db, key.to_vec());
                if self.waitable.len() < MOST_WAITABLE || self.waitable.contains_key(&entry) {
                    self.waitable.insert(entry, known);
                } else {
                    self.overflows = true;
                }
            }
            KeyType::String if self.locks.len() < MOST_LOCKS && is_lock(key, facts) => {
                self.locks.insert((db, key.to_vec()), known);
            }
            _ => {}
        }
    }

    pub fn forget(&mut self, db: u32, key: &[u8]) {
        let entry = (db, key.to_vec());
        self.waitable.remove(&entry);
        self.locks.remove(&entry);
    }

    /// Streams, for XINFO.
    pub fn streams(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.waitable()
            .filter(|(.., key_type)| *key_type == KeyType::Stream)
            .map(|(db, key, _)| (db, key))
    }

    /// A key that a command of queues was seen to name.
    pub fn saw(&mut self, db: u32, key: &[u8]) {
        let entry = (db, key.to_vec());
        if self.once.len() < MOST_WAITABLE && !self.waitable.contains_key(&entry) {
            self.once.entry(entry).or_default();
        }
    }

    /// Keys that clients may wait for now, those too that are not there; with their type where it is
    /// known.
    pub fn candidates(&self) -> impl Iterator<Item = (u32, &[u8], Option<KeyType>)> {
        let there = self.waitable().map(|(db, key, key_type)| (db, key, Some(key_type)));
        there.chain(self.once.iter().map(|((db, key), key_type)| (*db, key.as_slice(), *key_type)))
    }

    /// Keys that clients can wait for.
    pub fn waitable(&self) -> impl Iterator<Item = (u32, &[u8], KeyType)> {
        self.waitable.iter().map(|((db, key), known)| (*db, key.as_slice(), known.key_type))
    }

    pub fn locks(&self) -> impl Iterator<Item = (u32, &[u8])> {
        self.locks.keys().map(|(db, key)| (*db, key.as_slice()))
    }

    /// Whether [`Self::waitable`] has all there are, as far as a walk can know.
    pub fn is_complete(&self) -> bool {
        self.is_complete
    }
}

fn is_lock(key: &[u8], facts: KeyFacts) -> bool {
    // Most keys are none: the name is looked at only where the size allows it.
    let Ok(name) = str::from_utf8(key) else { return false };
    if facts.bytes > 512 {
        return false;
    }
    let mut node = PrefixNode { keys: 1, bytes: facts.bytes, ..PrefixNode::default() };
    node.types[facts.key_type as usize] = 1;
    role_of(name, &node, Behaviour::default()).is_some_and(|(role, _)| role == Role::Lock)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn facts(key_type: KeyType) -> KeyFacts {
        KeyFacts { key_type, bytes: 90, ttl_secs: Some(9) }
    }

    #[test]
    fn what_a_pass_did_not_meet_is_forgotten() {
        let mut notable = Notable::default();
        notable.begin_pass();
        notable.offer(0, b"queue", facts(KeyType::List));
        notable.offer(3, b"events", facts(KeyType::Stream));
        notable.offer(0, b"lock:a", facts(KeyType::String));
        notable.offer(0, b"block:a", facts(KeyType::String));
        notable.offer(0, b"tags", facts(KeyType::Set));
        assert!(!notable.is_complete());
        notable.end_pass();
        assert!(notable.is_complete());
        assert_eq!(notable.waitable().count(), 2);
        assert_eq!(notable.streams().collect::<Vec<_>>(), [(3, b"events".as_slice())]);
        assert_eq!(notable.locks().collect::<Vec<_>>(), [(0, b"lock:a".as_slice())]);
        notable.begin_pass();
        notable.offer(0, b"queue", facts(KeyType::List));
        notable.end_pass();
        assert_eq!((notable.waitable().count(), notable.locks().count()), (1, 0));
    }

    #[test]
    fn memory_is_bounded_and_says_so() {
        let mut notable = Notable::default();
        notable.begin_pass();
        for n in 0..MOST_WAITABLE + 1 {
            notable.offer(0, format!("{n}").as_bytes(), facts(KeyType::List));
        }
        notable.end_pass();
        assert_eq!((notable.waitable().count(), notable.is_complete()), (MOST_WAITABLE, false));
    }
}
