//! The events of a Sentinel as they happen, over a connection of its own.

use std::time::Duration;

use banyan_topology::{Fault, FleetEvent};

use super::{
    command::FleetCommand,
    members::Serial,
    node::{Common, News},
};
use crate::{
    clock::now_millis,
    link::Link,
    liveness::rest,
    redis::{Connection, RedisCommand, resp::Reply},
};

/// Until a Sentinel that did not let us listen, or stopped to, is asked again.
const PAUSE: Duration = Duration::from_secs(10);

/// Listens until the connection ends: that the Sentinel is gone is told by whoever polls it. Returns
/// when it is time to listen again.
pub(super) async fn listen(common: Common, link: Link, serial: Serial) {
    let ended: Result<(), Fault> = async {
        let mut connection =
            Connection::open(&link.target, common.options.deadlines, &link.meter).await?;
        let _own = connection.mark_as_own(&link).await?;
        connection.subscribe(RedisCommand::Fleet(FleetCommand::SentinelEvents)).await?;
        loop {
            if let Some(event) = event(&connection.next_message().await?) {
                common.tell(serial, News::Event(event));
            }
        }
    }
    .await;
    drop(ended);
    rest(PAUSE, &common.stop).await;
}

/// `pmessage pattern channel payload`.
fn event(message: &[Reply]) -> Option<FleetEvent> {
    let [kind, _pattern, name, detail] = message else { return None };
    if kind.bytes()? != b"pmessage" {
        return None;
    }
    Some(FleetEvent { at_millis: now_millis(), name: name.text()?, detail: detail.text()? })
}
