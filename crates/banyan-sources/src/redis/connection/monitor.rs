//! A connection that listens to MONITOR until it is closed.

use std::time::Duration;

use banyan_topology::Fault;
use tokio::time::{Instant, timeout, timeout_at};

use super::{Connection, fault_of_error};
use crate::redis::{command::RedisCommand, resp::Reply};

/// What showing one command to us costs the server, measured with redis-benchmark.
const MICROS_A_COMMAND: f64 = 1.6;

impl Connection<'_> {
    /// Says MONITOR and hands over what comes, as fast as it comes, until `until` or until
    /// `max_bytes` have come; then the connection is closed. Returns the bytes. An inner error is
    /// the server's refusal.
    ///
    /// `on_bytes` returns how many commands the bytes showed.
    pub(crate) async fn monitor(
        mut self,
        until: Instant,
        max_bytes: u64,
        mut on_bytes: impl FnMut(&[u8]) -> u64,
    ) -> Result<Result<u64, Fault>, Fault> {
        self.begin()?;
        let mut bytes = Vec::new();
        RedisCommand::Monitor.encode(&mut bytes);
        let reply = timeout(self.deadlines.command, async {
            self.stream.write_all(&bytes).await?;
            self.read_reply(0).await
        });
        if let Reply::Error(words) = reply.await.map_err(|_| self.late())?? {
            return Ok(Err(fault_of_error(&words)));
        }
        let (mut come, mut commands) = (0, 0);
        loop {
            let unread = self.inbox.unread();
            let length = unread.len();
            come += length as u64;
            commands += on_bytes(unread);
            self.inbox.skip(length);
            if come >= max_bytes {
                break;
            }
            match timeout_at(until, self.receive()).await {
                Ok(received) => received?,
                Err(_) => break,
            }
        }
        let cost = Duration::from_secs_f64(commands as f64 * MICROS_A_COMMAND / 1e6);
        self.meter.charge_wall(1, cost);
        Ok(Ok(come))
    }
}
