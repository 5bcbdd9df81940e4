//! The same questions to servers of every protocol.

use std::time::Duration;

use banyan_topology::{Fault, Health, Keyspace, Topology};
use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use crate::{
    fleet,
    link::Link,
    liveness::{Liveness, rest},
    redis::WalkOptions,
    walker::Walker,
};

/// How long the other side may take.
#[derive(Clone, Copy, Debug)]
pub struct Deadlines {
    pub connect: Duration,
    /// For one command or one pipeline, from the first byte sent to the last received.
    pub command: Duration,
}

impl Default for Deadlines {
    /// Short enough that a hung server is shown as stale within five seconds.
    fn default() -> Self {
        Self { connect: Duration::from_secs(3), command: Duration::from_secs(3) }
    }
}

/// How a server is polled.
#[derive(Clone, Copy, Debug)]
pub struct PollOptions {
    /// Between two looks, as long as the budget allows it.
    pub interval: Duration,
    /// Share of the server's time that polling may take: the interval is stretched to keep it.
    pub budget: f64,
    pub deadlines: Deadlines,
    /// For how long a server is looked for that nobody of its fleet names any more.
    pub grace: Duration,
}

impl Default for PollOptions {
    fn default() -> Self {
        Self {
            interval: Duration::from_millis(500),
            budget: 0.01,
            deadlines: Deadlines::default(),
            grace: Duration::from_mins(10),
        }
    }
}

/// What a watch of a server tells.
#[derive(Clone, Debug)]
pub enum TopologyEvent {
    /// Once at the start, whenever the link comes up or goes down, and for each failed try.
    Health(Health),
    /// Every look at a live server; its `taken_at_millis` is when the answer came.
    Topology(Box<Topology>),
}

/// What a walk over keys tells.
#[derive(Clone, Debug)]
pub enum KeyspaceEvent {
    /// Of the walk's own connection, as for [`TopologyEvent::Health`].
    Health(Health),
    Keyspace(Box<Keyspace>),
}

/// Watches a server, and all that belong together with it, until `shutdown`: connects, looks, and
/// connects again after failures. One watch per target serves any number of listeners.
pub async fn watch_topology(
    link: &Link,
    options: PollOptions,
    shutdown: CancellationToken,
    sink: impl FnMut(TopologyEvent) + Send,
) {
    fleet::watch(link, options, shutdown, sink).await;
}

/// One look at a server, and at all that belong together with it.
pub async fn snapshot(link: &Link, deadlines: Deadlines) -> Result<Topology, Fault> {
    fleet::snapshot(link, deadlines).await
}

/// Walks a server's keys until `shutdown`, pass after pass with long rests between; `rescan` ends a
/// rest. Of the walks of one [`Link`], one at a time is in a pass.
pub async fn watch_keyspace(
    link: &Link,
    options: WalkOptions,
    rescan: &Notify,
    shutdown: CancellationToken,
    mut sink: impl FnMut(KeyspaceEvent) + Send,
) {
    let mut walker = Walker::new(link, options);
    let mut liveness = Liveness::default();
    sink(KeyspaceEvent::Health(Health::Connecting));
    loop {
        let session = walker.follow(link, rescan, |keyspace| {
            let news = liveness.answer(keyspace.taken_at_millis);
            news.into_iter().for_each(|health| sink(KeyspaceEvent::Health(health)));
            sink(KeyspaceEvent::Keyspace(Box::new(keyspace)));
        });
        let fault = tokio::select! {
            () = shutdown.cancelled() => return,
            fault = session => fault,
        };
        let (health, delay) = liveness.failure(fault);
        sink(KeyspaceEvent::Health(health));
        if !rest(delay, &shutdown).await {
            return;
        }
    }
}

/// One whole walk over a server's keys. `on_progress` gets the pictures in between.
pub async fn keys(
    link: &Link,
    options: WalkOptions,
    on_progress: impl FnMut(Keyspace) + Send,
) -> Result<Keyspace, Fault> {
    Walker::new(link, options).once(link, on_progress).await
}
