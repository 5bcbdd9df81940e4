//! The keys that look like locks, who holds them, and for how long.
//!
//! Who holds a lock is its value. Reading that would make the key look used, so it is read only where
//! the server lets a connection read without a trace (CLIENT NO-TOUCH, since 7.2).

use std::collections::{BTreeMap, BTreeSet};

use banyan_topology::{Fault, Lock, Withheld, printable};

use super::{
    Node, Walk,
    quorum::{Held, Servers, of_one_holder},
};
use crate::{
    clock::now_millis,
    redis::{batch::is_of_command, command::RedisCommand, resp::Reply},
};

/// Bytes of a key or a holder.
const MAX_TEXT_BYTES: usize = 256;

/// What was seen of locks before: by database and key, who held it and since when.
pub(super) type Known = BTreeMap<(u32, Vec<u8>), (Option<String>, u64)>;

impl Walk {
    /// Looks at the locks that the walk has found: at each on all servers, where these are
    /// independent of each other.
    pub(super) async fn look_at_locks(&mut self, nodes: &mut [Node<'_>]) -> Result<(), Fault> {
        let now = now_millis();
        let of_node = |node: &Node<'_>| -> BTreeSet<(u32, Vec<u8>)> {
            node.link.notable().locks().map(|(db, key)| (db, key.to_vec())).collect()
        };
        let all: BTreeSet<(u32, Vec<u8>)> = nodes.iter().flat_map(of_node).collect();
        let mut found: BTreeMap<(u32, Vec<u8>), Vec<Held>> = BTreeMap::new();
        for node in nodes.iter_mut() {
            let own = if self.are_independent { all.clone() } else { of_node(node) };
            for (lock, held) in look_at(node, own, &mut self.withheld).await? {
                found.entry(lock).or_default().push(held);
            }
        }
        let delimiter = self.options.delimiter.as_str();
        // A server that does not answer is one of them, and nobody holds a lock there.
        let servers = Servers { all: self.servers, unreached: self.missing.len() };
        self.spread.learn(&found, delimiter, servers);
        let mut known = Known::new();
        let mut locks = Vec::new();
        for (lock, copies) in found {
            let of_one = of_one_holder(&copies);
            let value = of_one.copies.first().and_then(|copy| copy.value.as_deref());
            let holder = value.map(|value| printable(value, MAX_TEXT_BYTES));
            let since_millis = match self.known_locks.get(&lock) {
                Some((of, since)) if *of == holder => *since,
                _ => now,
            };
            // It is held for as long as the first of its copies is.
            let ends = of_one.copies.iter().filter_map(|copy| copy.ends_at_millis).min();
            locks.push(Lock {
                db: lock.0,
                key: printable(&lock.1, MAX_TEXT_BYTES),
                holder: holder.clone(),
                ttl_millis: ends.map(|ends| ends.saturating_sub(now)),
                since_millis,
                quorum: self.spread.quorum(&lock, &of_one, delimiter, servers),
            });
            known.insert(lock, (holder, since_millis));
        }
        self.known_locks = known;
        self.locks = locks;
        Ok(())
    }
}

/// Which of these locks a server has.
async fn look_at(
    node: &mut Node<'_>,
    locks: BTreeSet<(u32, Vec<u8>)>,
    withheld: &mut Vec<Withheld>,
) -> Result<Vec<((u32, Vec<u8>), Held)>, Fault> {
    if locks.is_empty() {
        return Ok(Vec::new());
    }
    let reads = node.reads_untouched().await?;
    let locks: Vec<(u32, Vec<u8>)> = locks.into_iter().collect();
    let mut found = Vec::new();
    for of_db in locks.chunk_by(|a, b| a.0 == b.0) {
        let Some((db, _)) = of_db.first() else { continue };
        if !node.select(*db, withheld).await? {
            continue;
        }
        let mut commands = Vec::new();
        for (_, key) in of_db {
            commands.push(RedisCommand::PTtl(key.as_slice().into()));
            commands.extend(reads.then(|| RedisCommand::ReadUntouched(key.clone())));
        }
        let asked_at = now_millis();
        let mut replies = node.connection.pipeline(&commands).await?.into_iter();
        for lock in of_db {
            let ttl = replies.next();
            let value = if reads { replies.next() } else { None };
            if let Some(Reply::Error(words)) = &value
                && is_of_command(words)
            {
                node.reads_untouched = Some(false);
            }
            let ends_at_millis = match ttl {
                Some(Reply::Integer(-1)) => None,
                Some(Reply::Integer(millis)) if millis >= 0 => {
                    Some(asked_at.saturating_add_signed(millis))
                }
                // It is gone, or it may not be asked.
                _ => continue,
            };
            let value = match value {
                Some(Reply::Bulk(value)) => Some(value),
                _ => None,
            };
            found.push((lock.clone(), Held { value, ends_at_millis }));
        }
    }
    Ok(found)
}
