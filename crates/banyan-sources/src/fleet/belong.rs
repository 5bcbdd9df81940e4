//! Which servers belong together with the seed, by who names whom. Pure.

use std::collections::{BTreeMap, BTreeSet};

use super::members::Serial;

/// All that hang together with the `roots` by the names that servers say, whoever says them: a replica
/// whose master is gone names it still.
pub(super) fn belonging(
    roots: impl IntoIterator<Item = Serial>,
    names: &BTreeMap<Serial, BTreeSet<Serial>>,
) -> BTreeSet<Serial> {
    let mut both_ways: BTreeMap<Serial, BTreeSet<Serial>> = BTreeMap::new();
    for (who, named) in names {
        for whom in named {
            both_ways.entry(*who).or_default().insert(*whom);
            both_ways.entry(*whom).or_default().insert(*who);
        }
    }
    let mut found = BTreeSet::new();
    let mut left: Vec<Serial> = roots.into_iter().collect();
    while let Some(serial) = left.pop() {
        if found.insert(serial) {
            left.extend(both_ways.get(&serial).into_iter().flatten());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_bind_whoever_says_them() {
        let names: BTreeMap<Serial, BTreeSet<Serial>> =
            [(0, [1].into()), (3, [1, 4].into()), (5, [6].into()), (7, [7].into())].into();
        assert_eq!(belonging([0], &names), [0, 1, 3, 4].into());
        assert_eq!(belonging([6], &names), [5, 6].into());
        assert_eq!(belonging([2, 7], &names), [2, 7].into());
        assert_eq!(belonging([], &names), [].into());
    }
}
