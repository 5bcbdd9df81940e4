//! Keys by slot of a cluster, a command for each slot: asked for explicitly, and before an estimate
//! where each slot has a table of its own.

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
pub(crate) const PIPELINE: usize = 256;

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
        for slots in own_slots(&mut connection).await?.chunks(PIPELINE) {
            let before = connection.spent_micros();
            for (slot, keys) in count(&mut connection, slots).await?.unwrap_or_default() {
                let count: &mut u64 = counts.entry(slot).or_default();
                *count = count.saturating_add(keys);
            }
            let spent_secs = (connection.spent_micros() - before).max(0.0) / 1e6;
            let rest_secs = spent_secs / options.budget.clamp(1e-6, 1.0);
            sleep(Duration::from_secs_f64(rest_secs)).await;
        }
    }
    Ok(counts)
}

/// The slots of the server that is asked; none where it does not tell.
pub(crate) async fn own_slots(connection: &mut Connection<'_>) -> Result<Vec<u16>, Fault> {
    let view = cluster::ask(connection, &mut Vec::new()).await?.unwrap_or_default();
    let own = view.nodes.iter().find(|node| node.is_myself);
    let ranges = own.map(|node| node.slots.as_slice()).unwrap_or_default();
    Ok(ranges.iter().flat_map(|&(first, last)| first..=last).collect())
}

/// The keys of those of at most [`PIPELINE`] slots that hold any; `None` where that is refused.
pub(crate) async fn count(
    connection: &mut Connection<'_>,
    slots: &[u16],
) -> Result<Option<Vec<(u16, u64)>>, Fault> {
    let count = |slot: &u16| RedisCommand::Fleet(FleetCommand::ClusterCountKeysInSlot(*slot));
    let commands: Vec<RedisCommand> = slots.iter().map(count).collect();
    let replies = connection.pipeline(&commands).await?;
    if replies.iter().any(|reply| matches!(reply, Reply::Error(_))) {
        return Ok(None);
    }
    let counts = slots.iter().zip(replies).filter_map(|(slot, reply)| match reply {
        Reply::Integer(keys @ 1..) => Some((*slot, keys.unsigned_abs())),
        _ => None,
    });
    Ok(Some(counts.collect()))
}
