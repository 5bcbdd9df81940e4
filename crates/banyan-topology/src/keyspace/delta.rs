//! The difference between two moments of one keyspace.
//!
//! A row is known by its path, the names from the root on, and not by its number: a prefix that
//! outgrows its sibling changes places with it, and all that is below either goes along as one
//! [`Run`]. Of a row that stays travel the figures that are different.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::{Deserialize, Serialize};

use super::{KeyEntry, Keyspace, Lock, PrefixNode, Role};
use crate::finding::Evidence;

/// What turns one [`Keyspace`] into the next. After
/// `earlier.apply(KeyspaceDelta::between(&earlier, &later))`, `earlier == later`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyspaceDelta {
    /// Without its rows and lists of keys.
    pub head: Keyspace,
    /// Where the rows that stay come from; `None` if none comes, goes or moves.
    pub order: Option<Vec<Run>>,
    /// New rows with their numbers.
    pub fresh: Vec<(u32, PrefixNode)>,
    /// Rows that stay and are different.
    pub changed: Vec<RowChange>,
    /// The lists travel only when they changed.
    pub biggest: Option<Vec<KeyEntry>>,
    pub oldest: Option<Vec<KeyEntry>>,
    pub locks: Option<Vec<Lock>>,
}

/// `count` rows from number `from` on, which now have the numbers from `at` on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Run {
    pub at: u32,
    pub from: u32,
    pub count: u32,
}

/// What is different in a row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowChange {
    /// Its number now.
    pub row: u32,
    /// Figures by their place in [`PrefixNode::figures`].
    pub figures: Vec<(u8, u64)>,
    pub heat: Option<Option<u64>>,
    pub role: Option<(Option<Role>, Vec<Evidence>)>,
}

impl PrefixNode {
    /// All numbers of a row that always has them.
    fn figures(&self) -> [u64; 20] {
        // Taken apart, so that a new field is not forgotten here.
        let Self {
            parent: _,
            name: _,
            keys,
            bytes,
            with_ttl,
            ttl_secs_sum,
            types,
            is_key: _,
            folded,
            database: _,
            keys_error,
            bytes_error,
            ttls,
            heat: _,
            role: _,
            evidence: _,
        } = self;
        let single = [keys, bytes, with_ttl, ttl_secs_sum, folded, keys_error, bytes_error];
        let mut figures = [0; 20];
        let all = single.into_iter().chain(types).chain(ttls);
        figures.iter_mut().zip(all).for_each(|(slot, figure)| *slot = *figure);
        figures
    }

    fn figure_mut(&mut self, place: u8) -> Option<&mut u64> {
        let single = [
            &mut self.keys,
            &mut self.bytes,
            &mut self.with_ttl,
            &mut self.ttl_secs_sum,
            &mut self.folded,
            &mut self.keys_error,
            &mut self.bytes_error,
        ];
        let mut all = single.into_iter().chain(&mut self.types).chain(&mut self.ttls);
        all.nth(usize::from(place))
    }

    /// What tells a row from its siblings.
    fn identity(&self) -> (&str, bool, bool, Option<u32>) {
        (&self.name, self.is_key, self.folded > 0, self.database)
    }
}

impl RowChange {
    /// `None` if the rows are the same but for their places.
    fn between(row: u32, earlier: &PrefixNode, later: &PrefixNode) -> Option<Self> {
        let figures = (0u8..).zip(earlier.figures().into_iter().zip(later.figures()));
        let is_role = earlier.role == later.role && earlier.evidence == later.evidence;
        let change = Self {
            row,
            figures: figures
                .filter(|(_, (earlier, later))| earlier != later)
                .map(|(place, (_, later))| (place, later))
                .collect(),
            heat: (earlier.heat != later.heat).then_some(later.heat),
            role: (!is_role).then(|| (later.role, later.evidence.clone())),
        };
        let is_none = change.figures.is_empty() && change.heat.is_none() && change.role.is_none();
        (!is_none).then_some(change)
    }

    fn apply(self, rows: &mut [PrefixNode]) -> Option<()> {
        let row = rows.get_mut(self.row as usize)?;
        for (place, figure) in self.figures {
            *row.figure_mut(place)? = figure;
        }
        if let Some(heat) = self.heat {
            row.heat = heat;
        }
        if let Some((role, evidence)) = self.role {
            (row.role, row.evidence) = (role, evidence);
        }
        Some(())
    }
}

impl KeyspaceDelta {
    pub fn between(earlier: &Keyspace, later: &Keyspace) -> Self {
        let (before, rows) = (&earlier.nodes, &later.nodes);
        let is_in_place = |(a, b): (&PrefixNode, &PrefixNode)| {
            a.parent == b.parent && a.identity() == b.identity()
        };
        let is_still = before.len() == rows.len() && before.iter().zip(rows).all(is_in_place);
        let sources: Vec<Option<u32>> = if is_still {
            (0..rows.len() as u32).map(Some).collect()
        } else {
            sources(before, rows)
        };
        let mut delta = Self {
            head: Keyspace {
                taken_at_millis: later.taken_at_millis,
                delimiter: later.delimiter.clone(),
                seen: later.seen,
                total: later.total,
                complete: later.complete,
                completed_at_millis: later.completed_at_millis,
                withheld: later.withheld.clone(),
                cost: later.cost,
                estimate: later.estimate,
                tracking: later.tracking,
                missing: later.missing.clone(),
                nodes: Vec::new(),
                biggest: Vec::new(),
                oldest: Vec::new(),
                locks: Vec::new(),
            },
            order: (!is_still).then(|| runs(&sources)),
            fresh: Vec::new(),
            changed: Vec::new(),
            biggest: (earlier.biggest != later.biggest).then(|| later.biggest.clone()),
            oldest: (earlier.oldest != later.oldest).then(|| later.oldest.clone()),
            locks: (earlier.locks != later.locks).then(|| later.locks.clone()),
        };
        for ((number, row), source) in (0u32..).zip(rows).zip(&sources) {
            match source.and_then(|source| before.get(source as usize)) {
                Some(before) => delta.changed.extend(RowChange::between(number, before, row)),
                None => delta.fresh.push((number, row.clone())),
            }
        }
        delta
    }
}

impl Keyspace {
    /// `false` if the delta does not begin at this keyspace, which then is of no more use.
    #[must_use]
    pub fn apply(&mut self, delta: KeyspaceDelta) -> bool {
        let rows = std::mem::take(&mut self.nodes);
        let rows = match delta.order {
            None => delta.fresh.is_empty().then_some(rows),
            Some(order) => reordered(rows, &order, delta.fresh),
        };
        let Some(mut nodes) = rows else { return false };
        let mut changes = delta.changed.into_iter();
        let is_of_these = changes.all(|change| change.apply(&mut nodes).is_some());
        let [biggest, oldest] = [&mut self.biggest, &mut self.oldest].map(std::mem::take);
        let locks = std::mem::take(&mut self.locks);
        *self = Self {
            nodes,
            biggest: delta.biggest.unwrap_or(biggest),
            oldest: delta.oldest.unwrap_or(oldest),
            locks: delta.locks.unwrap_or(locks),
            ..delta.head
        };
        is_of_these
    }
}

/// A number for each row that means the same in the next snapshot: a hash of its path. A row that
/// claims a later one for its parent hangs from the root.
pub fn paths(rows: &[PrefixNode]) -> Vec<u64> {
    let mut paths: Vec<u64> = Vec::with_capacity(rows.len());
    for row in rows {
        let mut hasher = DefaultHasher::new();
        paths.get(row.parent as usize).or(paths.first()).hash(&mut hasher);
        row.identity().hash(&mut hasher);
        paths.push(hasher.finish());
    }
    paths
}

/// Of each later row its number among the earlier ones.
fn sources(earlier: &[PrefixNode], later: &[PrefixNode]) -> Vec<Option<u32>> {
    let mut by_path: Vec<(u64, u32)> = paths(earlier).into_iter().zip(0..).collect();
    by_path.sort_unstable();
    let mut number_of: Vec<Option<u32>> = vec![None; earlier.len()];
    let mut sources = Vec::with_capacity(later.len());
    for ((number, row), path) in (0u32..).zip(later).zip(paths(later)) {
        let place = by_path.partition_point(|(other, _)| *other < path);
        let found = by_path.get(place).filter(|(other, _)| *other == path);
        // Paths may collide, and rows that nobody made from a trie may be anything.
        let is_it = |source: &u32| {
            let Some(before) = earlier.get(*source as usize) else { return false };
            let parent = number_of.get(before.parent as usize).copied().flatten();
            let parent = if before.parent == *source { Some(number) } else { parent };
            let is_free = number_of.get(*source as usize) == Some(&None);
            is_free && parent == Some(row.parent) && before.identity() == row.identity()
        };
        let source = found.map(|(_, source)| *source).filter(is_it);
        if let Some(slot) = source.and_then(|source| number_of.get_mut(source as usize)) {
            *slot = Some(number);
        }
        sources.push(source);
    }
    sources
}

fn runs(sources: &[Option<u32>]) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (at, source) in (0u32..).zip(sources) {
        let Some(from) = *source else { continue };
        match runs.last_mut() {
            Some(run) if (run.at + run.count, run.from + run.count) == (at, from) => run.count += 1,
            _ => runs.push(Run { at, from, count: 1 }),
        }
    }
    runs
}

/// The rows in their new order; `None` if that is not one of these rows and no others.
fn reordered(
    mut earlier: Vec<PrefixNode>,
    order: &[Run],
    fresh: Vec<(u32, PrefixNode)>,
) -> Option<Vec<PrefixNode>> {
    let mut number_of: Vec<Option<u32>> = vec![None; earlier.len()];
    let mut count = fresh.len();
    for run in order {
        for step in 0..run.count {
            let number = number_of.get_mut(run.from.checked_add(step)? as usize)?;
            if number.replace(run.at.checked_add(step)?).is_some() {
                return None;
            }
            count += 1;
        }
    }
    let mut rows: Vec<Option<PrefixNode>> = vec![None; count];
    for (number, row) in number_of.iter().zip(&mut earlier) {
        let Some(number) = number else { continue };
        let parent = (*number_of.get(row.parent as usize)?)?;
        *rows.get_mut(*number as usize)? = Some(PrefixNode { parent, ..std::mem::take(row) });
    }
    for (number, row) in fresh {
        *rows.get_mut(number as usize)? = Some(row);
    }
    // As many as there are places: one that was filled twice leaves another empty.
    rows.into_iter().collect()
}

#[cfg(test)]
mod tests;
