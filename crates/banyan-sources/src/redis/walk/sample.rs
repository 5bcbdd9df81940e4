//! A first estimate, from SCANs at random cursors.
//!
//! A cursor of SCAN is a bucket's number with its bits reversed, and bits that the table has no use
//! for are ignored; so any random number is a random place of a table of any size (see
//! `dictScan` of Redis, `hashtableScan` of Valkey).
//!
//! Where a cluster has a table for each slot, the lowest 14 bits are the slot's number (`kvstoreScan`
//! of both). There the keys of each slot are counted first, and a slot is chosen as often as is its
//! share: the place is then as random as in one table. A SCAN goes on in the next slot.

use std::{
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use banyan_topology::{Fault, PrefixTrie, ServerFacts};
use tokio::time::Instant;

use super::{Node, Pace, Walk, read_scan};
use crate::{
    fleet,
    redis::{
        batch::Batch, command::RedisCommand, connection::Connection, info::Info,
        poll::learn_prices, resp::Reply, version::is_at_least,
    },
};

/// Servers of fewer keys are walked at once.
const LEAST_KEYS: u64 = 20_000;
/// Keys that a sample meets at most: the share of a prefix is then known to 0.7 % at worst.
const MOST_KEYS: u64 = 20_000;
/// The longest that a sample takes; what it has met by then must do.
const LONGEST: Duration = Duration::from_millis(1200);
/// SCANs in one pipeline.
const SCANS: u32 = 20;
/// Keys that a SCAN is asked for: few, for what counts is from how many places they come.
const COUNT: u32 = 10;
/// Of a cursor that name the slot.
const SLOT_BITS: u32 = 14;

/// Keys that are still to be met in a database of a server.
struct Left {
    node: usize,
    db: u32,
    keys: u64,
}

/// Where a server's keys begin to be read.
enum Places {
    /// Anywhere in one table.
    Anywhere,
    /// In slots that hold keys: each with the number of keys up to its end.
    Slots(Vec<(u64, u16)>),
}

impl Places {
    /// A place for two random numbers.
    fn cursor(&self, random: u64, other: u64) -> u64 {
        let Self::Slots(slots) = self else { return random };
        let keys = slots.last().map_or(1, |(end, _)| *end).max(1);
        let at = slots.partition_point(|(end, _)| *end <= other % keys);
        let slot = slots.get(at).map_or(0, |(_, slot)| *slot);
        random << SLOT_BITS | u64::from(slot)
    }
}

impl Walk {
    /// Meets keys at random places, of each database and each server as many as its share. `false`
    /// if there are too few keys for that, or nobody says how many each slot has.
    pub(super) async fn sample(
        &mut self,
        nodes: &mut [Node<'_>],
        batch: &mut Batch,
    ) -> Result<bool, Fault> {
        self.sampled = None;
        let mut are_by_slot = Vec::with_capacity(nodes.len());
        for node in &mut *nodes {
            are_by_slot.push(has_table_for_each_slot(&mut node.connection).await?);
        }
        self.is_by_slot = are_by_slot.contains(&true);
        let total: u64 = nodes.iter().map(Node::total).sum();
        if total < LEAST_KEYS {
            return Ok(false);
        }
        let mut paces: Vec<Pace> = nodes.iter().map(|_| Pace::new(self.options.budget)).collect();
        let mut places = Vec::with_capacity(nodes.len());
        for ((node, pace), is_by_slot) in nodes.iter_mut().zip(&mut paces).zip(are_by_slot) {
            if !is_by_slot {
                places.push(Places::Anywhere);
                continue;
            }
            let slots = count_slots(&mut node.connection, pace).await?;
            // In several databases a slot has several tables.
            if node.total() > 0 && (slots.is_empty() || node.totals.len() > 1) {
                return Ok(false);
            }
            places.push(Places::Slots(slots));
        }
        let is_apart = nodes.len() > 1 || self.is_by_slot;
        if is_apart {
            // Without what an earlier connection has met of a pass.
            self.trie = PrefixTrie::new(&self.options.delimiter);
        }
        let until = Instant::now() + LONGEST;
        let random = RandomState::new();
        let mut scans = 0_u64;
        // A turn for each after the other, so that the time limit cuts none off.
        let mut left: Vec<Left> = Vec::new();
        for (at, node) in nodes.iter().enumerate() {
            let share =
                |keys: u64| (u128::from(keys) * u128::from(MOST_KEYS) / u128::from(total)) as u64;
            left.extend(node.totals.iter().filter(|(_, keys)| **keys > 0).map(|(db, keys)| Left {
                node: at,
                db: *db,
                keys: share(*keys).clamp(100, MOST_KEYS),
            }));
        }
        'time: while !left.is_empty() {
            for one in &mut left {
                let (Some(node), Some(pace), Some(places)) =
                    (nodes.get_mut(one.node), paces.get_mut(one.node), places.get(one.node))
                else {
                    continue;
                };
                if !node.select(one.db, &mut self.withheld).await? {
                    one.keys = 0;
                    continue;
                }
                let cursors = (0..SCANS).map(|n| {
                    let scan = scans + u64::from(n);
                    places.cursor(random.hash_one(scan), random.hash_one((scan, 0_u8)))
                });
                let commands: Vec<RedisCommand> =
                    cursors.map(|cursor| RedisCommand::Scan { cursor, count: COUNT }).collect();
                scans += u64::from(SCANS);
                let spent_before = node.connection.spent_micros();
                let mut clusters = Vec::new();
                for reply in node.connection.pipeline(&commands).await? {
                    // A server that takes no cursor but its own is walked without an estimate.
                    if let Reply::Error(_) = reply {
                        break 'time;
                    }
                    clusters.push(read_scan(reply)?.1);
                }
                let all_keys = clusters.concat();
                one.keys = one.keys.saturating_sub(all_keys.len() as u64);
                let learnt =
                    batch.facts_of(&mut node.connection, all_keys, &mut self.withheld).await?;
                let mut learnt = learnt.into_iter().peekable();
                for keys in clusters {
                    let of_cluster =
                        keys.iter().filter_map(|key| learnt.next_if(|one| one.key == *key));
                    let of_cluster = of_cluster.collect();
                    self.trie.begin_cluster();
                    let taken = self.take(node.link, one.db, of_cluster);
                    self.trie.end_cluster();
                    taken?;
                }
                pace.spend(node.connection.spent_micros() - spent_before);
                if pace.look_due <= Instant::now() {
                    pace.look_due = until;
                    learn_prices(&mut node.connection, node.link).await?;
                }
                if until <= Instant::now() {
                    break 'time;
                }
                pace.wait().await;
            }
            left.retain(|one| one.keys > 0);
        }
        let is_there = self.trie.keys() > 0;
        if is_there && is_apart {
            let empty = PrefixTrie::new(&self.options.delimiter);
            self.sampled = Some(std::mem::replace(&mut self.trie, empty));
        }
        Ok(is_there)
    }
}

/// The slots that hold keys, each with the number of keys up to its end; none where that is withheld.
/// They are some 10 ms of the server's time for all slots of a cluster.
async fn count_slots(
    connection: &mut Connection<'_>,
    pace: &mut Pace,
) -> Result<Vec<(u64, u16)>, Fault> {
    let mut slots = Vec::new();
    let mut end = 0_u64;
    let own = fleet::own_slots(connection).await?;
    // One first: each refusal is an entry in the server's log of them.
    let (first, rest) = own.split_at(own.len().min(1));
    for chunk in first.chunks(1).chain(rest.chunks(fleet::PIPELINE)) {
        let spent_before = connection.spent_micros();
        let Some(counts) = fleet::count(connection, chunk).await? else { return Ok(Vec::new()) };
        for (slot, keys) in counts {
            end = end.saturating_add(keys);
            slots.push((end, slot));
        }
        pace.spend(connection.spent_micros() - spent_before);
        pace.wait().await;
    }
    Ok(slots)
}

async fn has_table_for_each_slot(connection: &mut Connection<'_>) -> Result<bool, Fault> {
    const SECTION: &[&str] = &["server"];
    let Reply::Bulk(text) = connection.call(RedisCommand::Info(SECTION)).await? else {
        return Ok(false);
    };
    Ok(is_by_slot(&Info::parse(&text).server_facts()))
}

/// Since Redis 7.4, and in Valkey, which left Redis at 7.2, since 8.0.
fn is_by_slot(server: &ServerFacts) -> bool {
    let is_of_new_version = server.version.is_empty() || is_at_least(&server.version, (7, 4));
    server.is_cluster == Some(true) && is_of_new_version
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    /// Of keys that stand in slots 3 and 9 as 1 to 9.
    #[test]
    fn slots_are_chosen_by_their_keys() {
        let places = Places::Slots(vec![(100, 3), (1_000, 9)]);
        let mut met: BTreeMap<u64, u32> = BTreeMap::new();
        for other in 0..10_000 {
            let cursor = places.cursor(u64::MAX, other);
            assert_eq!(cursor >> SLOT_BITS, u64::MAX >> SLOT_BITS);
            *met.entry(cursor & ((1 << SLOT_BITS) - 1)).or_default() += 1;
        }
        assert_eq!(met, BTreeMap::from([(3, 1_000), (9, 9_000)]));
        assert_eq!(Places::Anywhere.cursor(7, 8), 7);
        assert_eq!(Places::Slots(Vec::new()).cursor(1, 8), 1 << SLOT_BITS);
    }

    #[test]
    fn versions_with_a_table_for_each_slot() {
        for (info, expect) in [
            ("redis_version:7.2.5\nredis_mode:cluster", false),
            ("redis_version:7.4.0\nredis_mode:cluster", true),
            ("redis_version:7.4.0\nredis_mode:standalone", false),
            ("redis_version:8.0.1\nredis_mode:cluster", true),
            ("redis_version:7.2.4\nvalkey_version:7.2.8\nredis_mode:cluster", false),
            ("redis_version:7.2.4\nvalkey_version:8.0.0\nserver_mode:cluster", true),
            ("redis_mode:cluster", true),
            ("", false),
        ] {
            assert_eq!(is_by_slot(&Info::parse(info.as_bytes()).server_facts()), expect, "{info}");
        }
    }
}
