//! The same questions to servers of every protocol.

use std::time::{Duration, Instant};

use banyan_topology::{Fault, Health, Keyspace, Topology};
use tokio::{sync::Notify, time::sleep};
use tokio_util::sync::CancellationToken;

use crate::{
    link::Link,
    liveness::{Liveness, rest},
    poller::Poller,
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
}

impl Default for PollOptions {
    fn default() -> Self {
        Self { interval: Duration::from_millis(500), budget: 0.01, deadlines: Deadlines::default() }
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

/// The longest that the budget may stretch the interval.
const LONGEST_INTERVAL: Duration = Duration::from_secs(30);

/// Watches a server's connections until `shutdown`: connects, looks, and connects again after
/// failures. One watch per server serves any number of listeners.
pub async fn watch_topology(
    link: &Link,
    options: PollOptions,
    shutdown: CancellationToken,
    mut sink: impl FnMut(TopologyEvent) + Send,
) {
    let mut liveness = Liveness::default();
    sink(TopologyEvent::Health(Health::Connecting));
    loop {
        let session = poll(link, options, |topology| {
            let news = liveness.answer(topology.taken_at_millis);
            news.into_iter().for_each(|health| sink(TopologyEvent::Health(health)));
            sink(TopologyEvent::Topology(Box::new(topology)));
        });
        let fault = tokio::select! {
            () = shutdown.cancelled() => return,
            fault = session => fault,
        };
        let (health, delay) = liveness.failure(fault);
        sink(TopologyEvent::Health(health));
        if !rest(delay, &shutdown).await {
            return;
        }
    }
}

/// Looks over one connection until something fails.
async fn poll(link: &Link, options: PollOptions, mut on_look: impl FnMut(Topology)) -> Fault {
    let mut poller = match Poller::open(link, options.deadlines).await {
        Ok(poller) => poller,
        Err(fault) => return fault,
    };
    loop {
        let begin = Instant::now();
        let spent_before = poller.spent_micros();
        match poller.look().await {
            Ok(topology) => on_look(topology),
            Err(fault) => return fault,
        }
        let cost_secs = (poller.spent_micros() - spent_before).max(0.0) / 1e6;
        let interval = Duration::from_secs_f64(cost_secs / options.budget.clamp(1e-6, 1.0))
            .min(LONGEST_INTERVAL)
            .max(options.interval);
        sleep(interval.saturating_sub(begin.elapsed())).await;
    }
}

/// One look at a server.
pub async fn snapshot(link: &Link, deadlines: Deadlines) -> Result<Topology, Fault> {
    Poller::open(link, deadlines).await?.look().await
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
    let mut walker = match Walker::new(link, options) {
        Ok(walker) => walker,
        Err(fault) => {
            let health = Health::Down { fault, since_millis: None, retry_in_millis: u64::MAX };
            sink(KeyspaceEvent::Health(health));
            return shutdown.cancelled().await;
        }
    };
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
    Walker::new(link, options)?.once(link, on_progress).await
}
