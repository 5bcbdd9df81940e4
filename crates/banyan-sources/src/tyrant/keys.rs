//! The keys of a Tokyo Tyrant, by forward matching, and the sizes of their values.
//!
//! A tree keeps its keys in order, so that those of one prefix are found where they stand: prefixes
//! with more keys than [`BATCH`] are divided by their next byte until none is. A hash looks at every
//! record whatever is asked for, so it is asked twice: for a first batch, which shows what the keys
//! are like, and then for all, up to [`MAX_AT_ONCE`]. The iterator, which could be stopped at will, is
//! one for everybody: to use it would break it for others.

use std::time::Duration;

use banyan_topology::{Fault, KeyFacts, KeyType, Keyspace, Part, Withheld};
use tokio::time::{Instant, sleep};

use super::{
    connection::Connection,
    facts::{number, text},
};
use crate::{
    gather::{Gather, Listing},
    link::Link,
};

/// Keys of one question to a tree, and of the first to a hash.
const BATCH: u32 = 10_000;
/// Keys that a hash is asked for at most: 0.3 s of one of its workers.
const MAX_AT_ONCE: u32 = 1_000_000;
/// Sizes asked for in one go.
const SIZES: usize = 1000;
/// Bytes of a prefix that is divided no more.
const MAX_PREFIX_BYTES: usize = 256;

/// The keys of a Tokyo Tyrant.
pub(crate) struct Keys;

/// What is needed to ask for keys and to put them where they belong.
struct Walk<'a> {
    link: &'a Link,
    connection: Connection,
    key_type: KeyType,
    rests: Rests,
}

/// What is owed to the budget.
struct Rests {
    budget: f64,
    owed: Duration,
}

impl Rests {
    /// How long to rest now, after `wall` of the server's time. What is shorter than the grain of the
    /// timer is kept until there is more: a tree is asked many short questions.
    fn after(&mut self, wall: Duration) -> Option<Duration> {
        self.owed += wall.mul_f64(1.0 / self.budget - 1.0);
        if self.owed <= Duration::from_millis(1) {
            return None;
        }
        let rest = self.owed.min(Duration::from_secs(10));
        self.owed = Duration::ZERO;
        Some(rest)
    }
}

impl Listing for Keys {
    async fn list(
        &self,
        link: &Link,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        let mut connection = Connection::open(link, gather.options.deadlines).await?;
        let _own = connection.local_addr().map(|addr| link.own_addr(addr));
        let stat = connection.stat().await?;
        gather.set_total(number(&stat, "rnum"));
        let kind = text(&stat, "type").unwrap_or_default();
        let mut walk = Walk {
            link,
            connection,
            // A record of a table is columns with names.
            key_type: if kind.contains("table") { KeyType::Hash } else { KeyType::String },
            rests: Rests { budget: gather.options.budget.clamp(1e-4, 1.0), owed: Duration::ZERO },
        };
        match kind.contains("tree") {
            true => walk.list_tree(gather, on_picture).await?,
            false => walk.list_hash(gather, on_picture).await?,
        }
        if let Some(total) = walk.connection.record_count().await? {
            gather.set_total(Some(total));
        }
        Ok(())
    }
}

impl Walk<'_> {
    async fn list_tree(
        &mut self,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        let mut prefixes = vec![Vec::new()];
        while let Some(prefix) = prefixes.pop() {
            let max = if prefix.len() < MAX_PREFIX_BYTES { BATCH + 1 } else { MAX_AT_ONCE };
            let Some(mut keys) = self.keys(&prefix, max, gather).await? else { return Ok(()) };
            if keys.len() as u32 == BATCH + 1 {
                // The last first, so that they are asked for in order.
                for byte in (0..=u8::MAX).rev() {
                    prefixes.push([&prefix[..], &[byte]].concat());
                }
                keys.retain(|key| *key == prefix);
            }
            self.learn(keys, gather, on_picture).await?;
        }
        Ok(())
    }

    async fn list_hash(
        &mut self,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        let Some(keys) = self.keys(b"", BATCH, gather).await? else { return Ok(()) };
        let is_all = (keys.len() as u32) < BATCH;
        self.learn(keys, gather, on_picture).await?;
        if is_all {
            return Ok(());
        }
        let Some(keys) = self.keys(b"", MAX_AT_ONCE, gather).await? else { return Ok(()) };
        if keys.len() as u32 == MAX_AT_ONCE {
            let reason = "a hash of more than a million records can only be listed in one go, which \
                          would hold it up: these are the first million that it has";
            gather.withheld.push(Withheld { part: Part::Keys, reason: reason.to_owned() });
        }
        self.learn(keys, gather, on_picture).await
    }

    /// `None` if the server's mask refuses.
    async fn keys(
        &mut self,
        prefix: &[u8],
        max: u32,
        gather: &mut Gather,
    ) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let begin = Instant::now();
        let keys = self.connection.keys(prefix, max).await?;
        self.pay(1, begin.elapsed()).await;
        if keys.is_none() {
            let reason = "the server's mask refuses fwmkeys".to_owned();
            gather.withheld.push(Withheld { part: Part::Keys, reason });
        }
        Ok(keys)
    }

    /// Asks for the sizes of values.
    async fn learn(
        &mut self,
        keys: Vec<Vec<u8>>,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        for keys in keys.chunks(SIZES) {
            let begin = Instant::now();
            let sizes = self.connection.value_sizes(keys).await?;
            self.pay(keys.len() as u64, begin.elapsed()).await;
            for (key, size) in keys.iter().zip(sizes) {
                // A key without a size is gone by now.
                let Some(size) = size else { continue };
                let bytes = key.len() as u64 + u64::from(size);
                let facts = KeyFacts { key_type: self.key_type, bytes, ttl_secs: None };
                gather.insert(key, facts, None)?;
            }
            gather.show(on_picture).await?;
        }
        Ok(())
    }

    /// Counts what has been asked, and rests as long as the budget wants it.
    async fn pay(&mut self, commands: u64, wall: Duration) {
        self.link.meter.charge_wall(commands, wall);
        if let Some(rest) = self.rests.after(wall) {
            sleep(rest).await;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_short_questions_are_paid_for_too() {
        let mut rests = Rests { budget: 0.1, owed: Duration::ZERO };
        let short = Duration::from_micros(50);
        let rested: Duration = (0..1000).filter_map(|_| rests.after(short)).sum();
        let paid = (rested + rests.owed).as_millis();
        assert!((445..=455).contains(&paid), "nine times as long as they took: {paid}");
        assert_eq!(rests.after(Duration::from_secs(60)), Some(Duration::from_secs(10)));
        let mut free = Rests { budget: 1.0, owed: Duration::ZERO };
        assert_eq!(free.after(Duration::from_secs(9)), None);
    }
}
