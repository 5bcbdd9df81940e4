//! A first estimate, from SCANs at random cursors.
//!
//! A cursor of SCAN is a bucket's number with its bits reversed, and bits that the table has no use
//! for are ignored; so any random number is a random place of a table of any size (see
//! `dictScan` of Redis, `hashtableScan` of Valkey). Where a cluster has a table for each slot, the
//! number chooses a slot, whatever number of keys it has; no estimate is made there.

use std::{
    collections::BTreeMap,
    hash::{BuildHasher, RandomState},
    time::Duration,
};

use banyan_topology::Fault;
use tokio::time::Instant;

use super::{Pace, Walk, read_scan};
use crate::{
    link::Link,
    redis::{
        batch::Batch, command::RedisCommand, connection::Connection, info::Info,
        poll::learn_prices, resp::Reply,
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

impl Walk {
    /// Meets keys at random places. `false` if the server has too few keys for that, or a table for
    /// each slot.
    pub(super) async fn sample(
        &mut self,
        link: &Link,
        connection: &mut Connection<'_>,
        batch: &mut Batch,
        pace: &mut Pace,
    ) -> Result<bool, Fault> {
        self.is_by_slot = has_table_for_each_slot(connection).await?;
        let total: u64 = self.totals.values().sum();
        if total < LEAST_KEYS || self.is_by_slot {
            return Ok(false);
        }
        let until = Instant::now() + LONGEST;
        let random = RandomState::new();
        let mut scans = 0_u64;
        // A turn for each database after the other, so that the time limit cuts none off.
        let mut left: BTreeMap<u32, u64> = self
            .totals
            .iter()
            .map(|(db, keys)| (*db, (keys * MOST_KEYS / total).clamp(100, MOST_KEYS)))
            .collect();
        while !left.is_empty() {
            for db in left.keys().copied().collect::<Vec<_>>() {
                if let Reply::Error(_) = connection.call(RedisCommand::Select(db)).await? {
                    left.remove(&db);
                    continue;
                }
                let cursors = (0..SCANS).map(|n| random.hash_one(scans + u64::from(n)));
                let commands: Vec<RedisCommand> =
                    cursors.map(|cursor| RedisCommand::Scan { cursor, count: COUNT }).collect();
                scans += u64::from(SCANS);
                let spent_before = connection.spent_micros();
                let mut clusters = Vec::new();
                for reply in connection.pipeline(&commands).await? {
                    // A server that takes no cursor but its own is walked without an estimate.
                    if let Reply::Error(_) = reply {
                        return Ok(self.trie.keys() > 0);
                    }
                    clusters.push(read_scan(reply)?.1);
                }
                let all_keys = clusters.concat();
                let met = all_keys.len() as u64;
                let learnt = batch.facts_of(connection, all_keys, &mut self.withheld).await?;
                let mut learnt = learnt.into_iter().peekable();
                for keys in clusters {
                    let of_cluster =
                        keys.iter().filter_map(|key| learnt.next_if(|one| one.key == *key));
                    let of_cluster = of_cluster.collect();
                    self.trie.begin_cluster();
                    let taken = self.take(link, db, of_cluster);
                    self.trie.end_cluster();
                    taken?;
                }
                pace.spend(connection.spent_micros() - spent_before);
                match left.get_mut(&db) {
                    Some(left) if *left > met => *left -= met,
                    _ => drop(left.remove(&db)),
                }
                if pace.look_due <= Instant::now() {
                    pace.look_due = until;
                    learn_prices(connection, link).await?;
                }
                if until <= Instant::now() {
                    return Ok(self.trie.keys() > 0);
                }
                pace.wait().await;
            }
        }
        Ok(self.trie.keys() > 0)
    }
}

async fn has_table_for_each_slot(connection: &mut Connection<'_>) -> Result<bool, Fault> {
    const SECTION: &[&str] = &["server"];
    let Reply::Bulk(text) = connection.call(RedisCommand::Info(SECTION)).await? else {
        return Ok(false);
    };
    let info = Info::parse(&text);
    let version = info.server_facts().version;
    let major = version.split('.').next().and_then(|major| major.parse::<u32>().ok());
    Ok(info.text("redis_mode") == Some("cluster") && major.is_none_or(|major| major >= 8))
}
