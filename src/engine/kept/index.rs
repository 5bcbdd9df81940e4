//! What is known of the families that are kept, and which of them have to go.

use serde::{Deserialize, Serialize};

/// So many are kept at most, and so many bytes of them.
const MOST: usize = 20;
const MOST_BYTES: u64 = 1 << 30;

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    pub name: String,
    /// Files of one name are told apart by it.
    pub digest: String,
    /// 0 where it is not known.
    pub persons: u32,
    /// Of the file, and of the pictures beside it.
    pub bytes: u64,
    pub picture_bytes: u64,
    /// Milliseconds since 1970.
    pub opened_millis: u64,
}

impl Entry {
    pub const fn all_bytes(&self) -> u64 {
        self.bytes.saturating_add(self.picture_bytes)
    }

    pub fn is_of(&self, name: &str, digest: &str) -> bool {
        self.name == name && self.digest == digest
    }
}

/// Puts an entry first, in place of the one of the same file.
pub fn put(entries: &mut Vec<Entry>, entry: Entry) {
    entries.retain(|other| !other.is_of(&entry.name, &entry.digest));
    entries.insert(0, entry);
}

/// Those that are kept in fact, the one that was opened last first. `there` are names and digests in
/// the store: of one that no entry tells of, nothing else is known.
pub fn settle(entries: &mut Vec<Entry>, there: Vec<(String, String)>) {
    entries.retain(|entry| there.iter().any(|(name, digest)| entry.is_of(name, digest)));
    for (name, digest) in there {
        if !entries.iter().any(|entry| entry.is_of(&name, &digest)) {
            entries.push(Entry { name, digest, ..Entry::default() });
        }
    }
    entries.sort_by_key(|entry| std::cmp::Reverse(entry.opened_millis));
}

/// Takes out what does not fit, the least recently opened first; the first stays in any case.
pub fn give_up(entries: &mut Vec<Entry>) -> Vec<Entry> {
    let mut bytes = 0_u64;
    let fitting = entries.iter().take(MOST).enumerate().take_while(|(at, entry)| {
        bytes = bytes.saturating_add(entry.all_bytes());
        *at == 0 || bytes <= MOST_BYTES
    });
    let fitting = fitting.count();
    entries.split_off(fitting)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(name: &str, digest: &str, bytes: u64, opened_millis: u64) -> Entry {
        Entry {
            name: name.into(),
            digest: digest.into(),
            persons: 1,
            bytes,
            picture_bytes: 0,
            opened_millis,
        }
    }

    fn names(entries: &[Entry]) -> Vec<&str> {
        entries.iter().map(|entry| entry.digest.as_str()).collect()
    }

    #[test]
    fn the_least_recently_opened_go_first() {
        let mut entries = Vec::new();
        for number in 0..23 {
            put(&mut entries, entry("a.ged", &number.to_string(), 10, number));
        }
        put(&mut entries, entry("a.ged", "5", 10, 99));
        assert_eq!(entries.len(), 23);
        assert_eq!(names(&give_up(&mut entries)), ["2", "1", "0"]);
        assert_eq!((entries.len(), entries[0].digest.as_str()), (20, "5"));
        put(&mut entries, entry("large.ged", "large", MOST_BYTES + 1, 100));
        assert_eq!(give_up(&mut entries).len(), 20, "the one that is open stays");
        put(&mut entries, entry("b.ged", "b", 1, 101));
        assert_eq!(names(&give_up(&mut entries)), ["large"]);
    }

    #[test]
    fn what_is_in_the_store_is_what_is_kept() {
        let mut entries =
            vec![entry("a", "1", 1, 1), entry("gone", "1", 1, 9), entry("a", "2", 1, 5)];
        let there = [("a", "1"), ("a", "2"), ("b", "3")];
        settle(&mut entries, there.map(|(name, digest)| (name.into(), digest.into())).into());
        assert_eq!(names(&entries), ["2", "1", "3"]);
        assert_eq!((entries[2].name.as_str(), entries[2].persons), ("b", 0));
    }
}
