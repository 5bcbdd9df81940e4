//! Locks that several independent servers keep, as Redlock does: whose copies are of one holder.
//!
//! A holder writes the same random value to all servers. Where values cannot be read without a trace,
//! copies that end at the same moment are taken for those of one holder, which is a hint: it sets all
//! of them within a fraction of their time to live.

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::LockQuorum;

/// A majority of fewer servers than these is all of them.
const LEAST_SERVERS: usize = 3;
/// Copies of one holder end within this time of each other, in milliseconds: they are set one after
/// the other, and asked for one after the other.
const SAME_MOMENT_MILLIS: u64 = 1_000;
/// Prefixes that are remembered.
const MOST_PREFIXES: usize = 1_000;

/// A lock as one server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Held {
    /// The beginning of the value; `None` where it cannot be read.
    pub(super) value: Option<Vec<u8>>,
    /// When it ends, by the bridge's clock; `None` for one that does not.
    pub(super) ends_at_millis: Option<u64>,
}

/// The copies of one holder: of those with most copies, whichever a server told first.
pub(super) struct OneHolder<'a> {
    pub(super) copies: Vec<&'a Held>,
    /// Whether that is known by the value.
    pub(super) is_by_value: bool,
}

pub(super) fn of_one_holder(copies: &[Held]) -> OneHolder<'_> {
    let is_by_value = copies.iter().all(|copy| copy.value.is_some());
    let is_same = |one: &Held, other: &Held| {
        if is_by_value {
            return one.value == other.value;
        }
        match (one.ends_at_millis, other.ends_at_millis) {
            // From the first to end: neighbours of neighbours are not one.
            (Some(one), Some(other)) => {
                (one..=one.saturating_add(SAME_MOMENT_MILLIS)).contains(&other)
            }
            (one, other) => one == other,
        }
    };
    let groups = copies
        .iter()
        .map(|one| -> Vec<&Held> { copies.iter().filter(|other| is_same(one, other)).collect() });
    let most = groups.reduce(|most, group| if group.len() > most.len() { group } else { most });
    OneHolder { copies: most.unwrap_or_default(), is_by_value }
}

/// The servers that may keep a lock.
#[derive(Clone, Copy)]
pub(super) struct Servers {
    pub(super) all: usize,
    /// Of these, those that do not answer.
    pub(super) unreached: usize,
}

/// The prefixes of locks that were met on several servers at once: a lock below one of these that one
/// server alone has was not spread by a hash ring.
#[derive(Default)]
pub(super) struct Spread(BTreeSet<(u32, Vec<u8>)>);

impl Spread {
    /// Looks at all locks of a pass, and at which `servers` have them.
    pub(super) fn learn(
        &mut self,
        locks: &BTreeMap<(u32, Vec<u8>), Vec<Held>>,
        delimiter: &str,
        servers: Servers,
    ) {
        for ((db, key), copies) in locks {
            if servers.all >= LEAST_SERVERS && copies.len() > 1 && self.0.len() < MOST_PREFIXES {
                self.0.insert((*db, prefix(key, delimiter).to_vec()));
            }
        }
    }

    pub(super) fn quorum(
        &self,
        (db, key): &(u32, Vec<u8>),
        holder: &OneHolder<'_>,
        delimiter: &str,
        servers: Servers,
    ) -> Option<LockQuorum> {
        let is_spread = self.0.contains(&(*db, prefix(key, delimiter).to_vec()));
        (is_spread && servers.all >= LEAST_SERVERS).then_some(LockQuorum {
            held: holder.copies.len() as u32,
            servers: servers.all as u32,
            unreached: servers.unreached as u32,
            is_by_value: holder.is_by_value,
        })
    }
}

/// A key up to its last part; all of it where it has one part.
fn prefix<'a>(key: &'a [u8], delimiter: &str) -> &'a [u8] {
    let delimiter = delimiter.as_bytes();
    if delimiter.is_empty() {
        return key;
    }
    let at = key.windows(delimiter.len()).rposition(|part| part == delimiter);
    at.and_then(|at| key.get(..at + delimiter.len())).unwrap_or(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn held(value: Option<&str>, ends_at_millis: Option<u64>) -> Held {
        Held { value: value.map(Into::into), ends_at_millis }
    }

    #[test]
    fn copies_of_one_holder() {
        let check = |copies: &[Held], expect: (usize, bool)| {
            let holder = of_one_holder(copies);
            assert_eq!((holder.copies.len(), holder.is_by_value), expect, "{copies:?}");
        };
        check(&[], (0, true));
        let [a, b] = ["a", "b"].map(|value| held(Some(value), Some(9_000)));
        check(&[a.clone(), b.clone(), a.clone()], (2, true));
        check(&[b.clone(), a.clone()], (1, true));
        // One value that cannot be read: by the time that is left.
        let at = |millis| held(None, Some(millis));
        check(&[a.clone(), b, at(9_900)], (3, false));
        check(&[at(9_900), at(9_000), at(10_100)], (2, false));
        check(&[held(None, None), at(9_000), held(None, None)], (2, false));
    }

    #[test]
    fn a_lock_of_one_server_counts_below_a_prefix_of_several() {
        let key = |text: &str| (0, text.as_bytes().to_vec());
        let copy = held(None, Some(1));
        let locks = BTreeMap::from([
            (key("lock:a"), vec![copy.clone(); 3]),
            (key("lock:b"), vec![copy.clone()]),
            (key("mutex:c"), vec![copy.clone()]),
            (key("lock"), vec![copy.clone(); 2]),
        ]);
        let quorums = |all| {
            let servers = Servers { all, unreached: 1 };
            let mut spread = Spread::default();
            spread.learn(&locks, ":", servers);
            let quorum = |(key, copies): (&(u32, Vec<u8>), &Vec<Held>)| {
                let quorum = spread.quorum(key, &of_one_holder(copies), ":", servers)?;
                assert_eq!((quorum.servers as usize, quorum.unreached), (all, 1));
                Some(quorum.held)
            };
            locks.iter().map(quorum).collect::<Vec<_>>()
        };
        assert_eq!(quorums(5), [Some(2), Some(3), Some(1), None]);
        assert_eq!(quorums(2), [None; 4]);
    }
}
