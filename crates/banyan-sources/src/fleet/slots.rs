//! Keys by slot of a cluster: asked for explicitly, since it takes a command for each slot.

use std::{collections::BTreeMap, time::Duration};

use banyan_topology::Fault;
use tokio::time::sleep;

use super::{cluster, command::FleetCommand, masters::masters};
use crate::{
    link::Link,
    redis::{Connection, RedisCommand, resp::Reply},
    watch::PollOptions,
};

/// Commands in one pipeline: some 100 microseconds of the server's time.
const PIPELINE: usize = 256;

/// The keys of each slot that holds any, of all masters that may be connected to, one after the other.
/// It keeps to the budget of `options`: a whole cluster takes about 2 s at 1 %.
///
/// # Errors
///
/// As for [`masters`], and when one of them does not answer: the others have not all the slots.
pub async fn slot_keys(link: &Link, options: PollOptions) -> Result<BTreeMap<u16, u64>, Fault> {
    let mut counts = BTreeMap::new();
    for master in masters(link, options.deadlines).await?.links {
        let mut connection =
            Connection::open(&master.target, options.deadlines, &master.meter).await?;
        let _own = connection.mark_as_own(&master).await?;
        let view = cluster::ask(&mut connection, &mut Vec::new()).await?.unwrap_or_default();
        let own = view.nodes.iter().find(|node| node.is_myself);
        let ranges = own.map(|node| node.slots.as_slice()).unwrap_or_default();
        let slots: Vec<u16> = ranges.iter().flat_map(|&(first, last)| first..=last).collect();
        for slots in slots.chunks(PIPELINE) {
            let before = connection.spent_micros();
            let count =
                |slot: &u16| RedisCommand::Fleet(FleetCommand::ClusterCountKeysInSlot(*slot));
            let commands: Vec<RedisCommand> = slots.iter().map(count).collect();
            for (slot, reply) in slots.iter().zip(connection.pipeline(&commands).await?) {
                if let Reply::Integer(keys @ 1..) = reply {
                    let count: &mut u64 = counts.entry(*slot).or_default();
                    *count = count.saturating_add(keys.unsigned_abs());
                }
            }
            let spent_secs = (connection.spent_micros() - before).max(0.0) / 1e6;
            let rest_secs = spent_secs / options.budget.clamp(1e-6, 1.0);
            sleep(Duration::from_secs_f64(rest_secs)).await;
        }
    }
    Ok(counts)
}
