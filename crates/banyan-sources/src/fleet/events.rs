//! The events of a Sentinel as they happen, over a connection of its own.

use banyan_topology::{Fault, FleetEvent};

use super::{
    command::FleetCommand,
    members::Serial,
    node::{Common, News},
};
use crate::{
    clock::now_millis,
    link::Link,
    redis::{Connection, RedisCommand, resp::Reply},
};

/// Listens until the connection ends: that the Sentinel is gone is told by whoever polls it.
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
}

/// `pmessage pattern channel payload`.
fn event(message: &[Reply]) -> Option<FleetEvent> {
    let [kind, _pattern, name, detail] = message else { return None };
    if kind.bytes()? != b"pmessage" {
        return None;
    }
    Some(FleetEvent { at_millis: now_millis(), name: name.text()?, detail: detail.text()? })
}
