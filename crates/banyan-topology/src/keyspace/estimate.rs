//! Numbers of all keys from the few that have been met.
//!
//! A server keeps its keys in a hash table, and SCAN from a random cursor reads the buckets from a
//! random place on. The keys of one such call are a cluster; the share of a prefix is the ratio of
//! its keys to all keys in the clusters, and its variance that of the ratio between clusters. Keys
//! are hashed with a secret, so a cluster is almost as good as keys drawn one by one, and so is a
//! pass from the beginning of the table that has come some way: what it adds narrows the interval
//! until all keys are met. How much worse than single keys clusters are is measured for each row
//! (its design effect), and never taken to be better.
//!
//! Intervals hold the truth 95 times in 100. The half-width is the greater arm of Wilson's score
//! interval, so that it is right for the few keys of a small prefix too.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    PrefixNode,
    trie::{PrefixTrie, ROOT},
};

/// Of the normal distribution, for 95 %.
const Z: f64 = 1.96;

/// What an estimate rests on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Estimate {
    /// Different keys that were met.
    pub keys: u64,
    /// Keys that the server says it has.
    pub total: u64,
    /// SCANs from random cursors.
    pub clusters: u64,
}

impl Estimate {
    /// Half the width of the 95 % interval around an estimated number of keys, such as one of
    /// [`PrefixNode::types`] or [`PrefixNode::ttls`]. In keys.
    pub fn error_of(&self, estimated_keys: u64) -> u64 {
        let (met, total) = (self.keys as f64, self.total as f64);
        if self.keys == 0 || self.keys >= self.total {
            return 0;
        }
        half_width(estimated_keys as f64 * met / total, met, total, 1.0).ceil() as u64
    }
}

/// Half the width of the 95 % interval around `met_here / met * total`, where `met_here` of `met`
/// keys out of `total` have the property. `effect` is the variance of the sample over that of keys
/// drawn one by one.
pub fn half_width(met_here: f64, met: f64, total: f64, effect: f64) -> f64 {
    let unmet = (1.0 - met / total).clamp(0.0, 1.0);
    let skew = Z * Z / 2.0 * effect;
    let spread = effect * met_here * (1.0 - met_here / met).max(0.0) + Z * Z / 4.0 * effect.powi(2);
    total / met * (skew + Z * spread.sqrt()) * unmet.sqrt()
}

/// The least number of keys that a row must have met to be more than noise: its interval does not
/// reach zero.
pub(super) fn least_keys(met: u64, total: u64) -> u32 {
    let (met, total) = (met as f64, total.max(met) as f64);
    let is_noise = |keys: &u32| {
        let keys = f64::from(*keys);
        half_width(keys, met.max(keys), total, 1.0) * met / total > keys
    };
    (1..64).find(|keys| !is_noise(keys)).unwrap_or(64)
}

/// The nodes that SCANs from random cursors have met, cluster after cluster.
#[derive(Default)]
pub(super) struct Sample {
    pub(super) nodes: Vec<u32>,
    /// Where in `nodes` each cluster ends.
    ends: Vec<u32>,
    pub(super) is_open: bool,
}

impl Sample {
    pub(super) fn clusters(&self) -> u64 {
        self.ends.len() as u64
    }

    fn each(&self) -> impl Iterator<Item = &[u32]> {
        let begins = std::iter::once(0).chain(self.ends.iter().copied());
        begins.zip(&self.ends).filter_map(|(begin, end)| {
            self.nodes.get(begin as usize..*end as usize).filter(|cluster| !cluster.is_empty())
        })
    }
}

impl PrefixTrie {
    /// The keys inserted until [`Self::end_cluster`] come from one SCAN from a random cursor.
    pub fn begin_cluster(&mut self) {
        self.sample.is_open = true;
    }

    pub fn end_cluster(&mut self) {
        self.sample.is_open = false;
        self.sample.ends.push(self.sample.nodes.len() as u32);
    }

    /// As [`Self::rows`], scaled up to `totals`, the keys that the server says each database has
    /// (one entry, of `None`, where keys do not stand below their database). Single keys have no
    /// rows, nor have prefixes of which too few keys were met to say anything.
    pub fn estimated_rows(
        &self,
        limit: usize,
        totals: &BTreeMap<Option<u32>, u64>,
    ) -> (Vec<PrefixNode>, Estimate) {
        let total = totals.values().sum::<u64>().max(self.keys());
        let mut flat = self.flatten(limit, Some(least_keys(self.keys().max(1), total)));
        let effects = effects(self, &flat.rows, &flat.row_of);
        let strata = strata(&flat.rows, totals);
        scale(&mut flat.rows, &flat.squares, &strata, &effects);
        let estimate = Estimate { keys: self.keys(), total, clusters: self.sample.clusters() };
        (flat.rows, estimate)
    }
}

/// Of each row, the row that stands for its database (or the root), and how many keys that has.
struct Strata {
    of_row: Vec<usize>,
    total_of_row: BTreeMap<usize, f64>,
}

fn strata(rows: &[PrefixNode], totals: &BTreeMap<Option<u32>, u64>) -> Strata {
    let mut of_row: Vec<usize> = Vec::with_capacity(rows.len());
    let mut total_of_row = BTreeMap::new();
    for (index, row) in rows.iter().enumerate() {
        let above = of_row.get(row.parent as usize).copied().unwrap_or(0);
        let stratum = if row.database.is_some() { index } else { above };
        of_row.push(stratum);
        if stratum == index {
            let total = totals.get(&row.database).copied().unwrap_or(0).max(row.keys);
            total_of_row.insert(index, total as f64);
        }
    }
    Strata { of_row, total_of_row }
}

/// The design effect of each row: how many times the variance between clusters is that of keys
/// drawn one by one, at least 1.
fn effects(trie: &PrefixTrie, rows: &[PrefixNode], row_of: &[u32]) -> Vec<f64> {
    #[derive(Clone, Copy, Default)]
    struct Moments {
        x: f64,
        xx: f64,
        xn: f64,
    }
    let mut of_row = vec![Moments::default(); rows.len()];
    // By the top row of a database, or 0: clusters, their keys, and the squares of those.
    let mut of_stratum: BTreeMap<usize, (f64, f64, f64)> = BTreeMap::new();
    let mut touched: Vec<usize> = Vec::new();
    let stratum_of = |row: usize| {
        let mut at = row;
        while rows.get(at).is_some_and(|row| row.database.is_none()) && at != ROOT as usize {
            at = rows.get(at).map_or(0, |row| row.parent as usize);
        }
        at
    };
    for cluster in trie.sample.each() {
        touched.clear();
        for node in cluster {
            let mut at = row_of.get(*node as usize).map_or(0, |row| *row as usize);
            loop {
                touched.push(at);
                if at == ROOT as usize {
                    break;
                }
                at = rows.get(at).map_or(0, |row| row.parent as usize);
            }
        }
        let size = cluster.len() as f64;
        let deepest = touched.first().copied().unwrap_or(0);
        let (clusters, keys, squares) = of_stratum.entry(stratum_of(deepest)).or_default();
        *clusters += 1.0;
        *keys += size;
        *squares += size * size;
        touched.sort_unstable();
        for run in touched.chunk_by(|a, b| a == b) {
            let moments = run.first().and_then(|row| of_row.get_mut(*row));
            if let Some(moments) = moments {
                let here = run.len() as f64;
                moments.x += here;
                moments.xx += here * here;
                moments.xn += here * size;
            }
        }
    }
    of_row
        .iter()
        .enumerate()
        .map(|(row, moments)| {
            let Some((clusters, keys, squares)) = of_stratum.get(&stratum_of(row)) else {
                return 1.0;
            };
            let share = moments.x / keys;
            let drawn_one_by_one = keys * share * (1.0 - share);
            if *clusters < 2.0 || drawn_one_by_one <= 0.0 {
                return 1.0;
            }
            let between = moments.xx - 2.0 * share * moments.xn + share * share * squares;
            (between * clusters / (clusters - 1.0) / drawn_one_by_one).clamp(1.0, 1e4)
        })
        .collect()
}

/// Turns what was met into what there is, with its error.
fn scale(rows: &mut [PrefixNode], squares: &[f64], strata: &Strata, effects: &[f64]) {
    let met: Vec<f64> = rows.iter().map(|row| row.keys as f64).collect();
    // Rounded so that children add up to their parents: what one leaf loses the next one gets.
    let mut carry = [0.0; 3 + 7 + 6];
    let has_children = {
        let mut has = vec![false; rows.len()];
        for row in rows.iter().skip(1) {
            if let Some(parent) = has.get_mut(row.parent as usize) {
                *parent = true;
            }
        }
        has
    };
    for (index, row) in rows.iter_mut().enumerate() {
        let stratum = strata.of_row.get(index).copied().unwrap_or(0);
        let total = strata.total_of_row.get(&stratum).copied().unwrap_or(0.0);
        let all_met = met.get(stratum).copied().unwrap_or(0.0);
        if all_met <= 0.0 {
            continue;
        }
        let factor = total / all_met;
        let unmet = (1.0 - 1.0 / factor).max(0.0).sqrt();
        let effect = effects.get(index).copied().unwrap_or(1.0);
        if index != stratum {
            // Rounded up: 0 says that all have been met.
            row.keys_error = half_width(row.keys as f64, all_met, total, effect).ceil() as u64;
        }
        let bytes = row.bytes as f64;
        let square = squares.get(index).copied().unwrap_or(0.0);
        let variance = effect * (square - bytes * bytes / all_met).max(0.0);
        let mean = bytes / (row.keys.max(1) as f64);
        let skew = if index == stratum { 0.0 } else { Z * Z / 2.0 * effect * mean };
        row.bytes_error = (factor * unmet * (Z * variance.sqrt() + skew)).ceil() as u64;

        let is_leaf = !has_children.get(index).copied().unwrap_or(false);
        if is_leaf {
            let fields = [&mut row.keys, &mut row.bytes, &mut row.ttl_secs_sum]
                .into_iter()
                .chain(&mut row.types)
                .chain(&mut row.ttls);
            for (field, carry) in fields.zip(&mut carry) {
                let exact = *field as f64 * factor + *carry;
                let rounded = exact.round().max(0.0);
                *carry = exact - rounded;
                *field = rounded as u64;
            }
            row.with_ttl = row.ttls.iter().sum();
        } else {
            row.clear_sums();
        }
    }
    super::rows::add_up(rows);
    // Databases are independent of each other.
    if strata.total_of_row.len() > 1 {
        let of_databases = |rows: &[PrefixNode]| -> f64 {
            let databases = rows.iter().filter(|row| row.database.is_some());
            databases.map(|row| (row.bytes_error as f64).powi(2)).sum::<f64>().sqrt()
        };
        let error = of_databases(rows).round() as u64;
        if let Some(root) = rows.first_mut() {
            root.keys_error = 0;
            root.bytes_error = error;
        }
    }
}

#[cfg(test)]
mod tests;
