//! The keys that look like locks, who holds them, and for how long.
//!
//! Who holds a lock is its value. Reading that would make the key look used, so it is read only where
//! the server lets a connection read without a trace (CLIENT NO-TOUCH, since 7.2).

use std::collections::BTreeMap;

use banyan_topology::{Fault, Lock, printable};

use super::{Node, Walk};
use crate::{
    clock::now_millis,
    redis::{batch::is_of_command, command::RedisCommand, resp::Reply},
};

/// Bytes of a key or a holder.
const MAX_TEXT_BYTES: usize = 256;

/// What was seen of locks before: by database and key, who held it and since when.
pub(super) type Known = BTreeMap<(u32, Vec<u8>), (Option<String>, u64)>;

impl Walk {
    /// Looks at the locks that the walk has found.
    pub(super) async fn look_at_locks(&mut self, nodes: &mut [Node<'_>]) -> Result<(), Fault> {
        let now = now_millis();
        let mut known = Known::new();
        let mut locks = Vec::new();
        for node in nodes {
            let found: Vec<(u32, Vec<u8>)> =
                node.link.notable().locks().map(|(db, key)| (db, key.to_vec())).collect();
            if found.is_empty() {
                continue;
            }
            let reads = node.reads_untouched().await?;
            for of_db in found.chunk_by(|a, b| a.0 == b.0) {
                let Some((db, _)) = of_db.first() else { continue };
                if !node.select(*db, &mut self.withheld).await? {
                    continue;
                }
                let mut commands = Vec::new();
                for (_, key) in of_db {
                    commands.push(RedisCommand::PTtl(key.as_slice().into()));
                    commands.extend(reads.then(|| RedisCommand::ReadUntouched(key.clone())));
                }
                let mut replies = node.connection.pipeline(&commands).await?.into_iter();
                for (db, key) in of_db {
                    let ttl = replies.next();
                    let value = if reads { replies.next() } else { None };
                    if let Some(Reply::Error(words)) = &value
                        && is_of_command(words)
                    {
                        node.reads_untouched = Some(false);
                    }
                    let ttl_millis = match ttl {
                        Some(Reply::Integer(-1)) => None,
                        Some(Reply::Integer(millis)) if millis >= 0 => u64::try_from(millis).ok(),
                        // It is gone, or it may not be asked.
                        _ => continue,
                    };
                    let holder = match value {
                        Some(Reply::Bulk(value)) => Some(printable(&value, MAX_TEXT_BYTES)),
                        _ => None,
                    };
                    let before = self.known_locks.get(&(*db, key.clone()));
                    let since_millis = match before {
                        Some((of, since)) if *of == holder => *since,
                        _ => now,
                    };
                    known.insert((*db, key.clone()), (holder.clone(), since_millis));
                    let key = printable(key, MAX_TEXT_BYTES);
                    locks.push(Lock { db: *db, key, holder, ttl_millis, since_millis });
                }
            }
        }
        self.known_locks = known;
        self.locks = locks;
        Ok(())
    }
}
