//! Watching a server from the command line for a while.

use std::time::Duration;

use anyhow::Context as _;
use banyan_sources::{
    KeyspaceEvent, Link, ObserveOptions, PollOptions, TopologyEvent, WalkOptions, observe,
    watch_keyspace, watch_topology,
};
use banyan_topology::{Fault, Health, Keyspace, Observer, Topology};
use tokio::{
    sync::{Notify, mpsc},
    time::{Instant, sleep_until},
};
use tokio_util::sync::CancellationToken;

/// What is followed, and for how long.
pub(super) struct Follow {
    pub(super) interval: Duration,
    /// `None` until the process is ended.
    pub(super) span: Option<Duration>,
    /// Whether the keys are walked too.
    pub(super) with_keys: bool,
    /// Opened at once.
    pub(super) window: Option<ObserveOptions>,
}

/// What a server shows while it is followed.
pub(super) enum Sight {
    /// It answers again, or not any more.
    Up(u64),
    Down(Fault),
    /// With its findings, and the keys as they are known.
    Look(Box<Topology>),
}

/// What is known at the end.
#[derive(Default)]
pub(super) struct Followed {
    pub(super) topology: Option<Box<Topology>>,
    pub(super) fault: Option<Fault>,
    pub(super) has_keys: bool,
    pub(super) watched_millis: u64,
}

enum Event {
    Topology(TopologyEvent),
    Keyspace(KeyspaceEvent),
}

/// Follows a server. Ends early where `on_sight` fails, if the first try to reach the server does, or if
/// nobody lets us look into the window.
pub(super) async fn follow(
    link: &Link,
    follow: Follow,
    mut on_sight: impl FnMut(&Sight) -> anyhow::Result<()>,
) -> anyhow::Result<Followed> {
    let stop = CancellationToken::new();
    let (sender, mut events) = mpsc::unbounded_channel();
    let options = PollOptions { interval: follow.interval, ..PollOptions::default() };
    let to_keys = sender.clone();
    // A receiver that is gone has seen enough.
    let topologies = watch_topology(link, options, stop.clone(), move |event| {
        let _ = sender.send(Event::Topology(event));
    });
    let rescan = Notify::new();
    let keys = async {
        if follow.with_keys {
            watch_keyspace(link, WalkOptions::default(), &rescan, stop.clone(), move |event| {
                let _ = to_keys.send(Event::Keyspace(event));
            })
            .await;
        }
    };
    let seen = async {
        match &follow.window {
            Some(window) => observe(link, window).await.with_context(|| link.target.to_string()),
            None => std::future::pending().await,
        }
    };
    tokio::pin!(seen);
    let read = async {
        let mut is_open = true;
        let end = follow.span.map(|span| Instant::now() + span);
        let mut known = Known::default();
        let read = loop {
            let event = tokio::select! {
                event = events.recv() => event,
                () = ended(end) => None,
                seen = &mut seen, if is_open => {
                    is_open = false;
                    match seen {
                        Ok(_) => continue,
                        Err(why) => break Err(why),
                    }
                }
            };
            let Some(event) = event else { break Ok(()) };
            let Some(sight) = known.take(event) else { continue };
            let told = on_sight(&sight);
            let is_unreachable =
                matches!(sight, Sight::Down(_)) && known.followed.topology.is_none();
            if let Sight::Look(topology) = sight {
                known.followed.topology = Some(topology);
            }
            if told.is_err() || is_unreachable {
                break told;
            }
        };
        stop.cancel();
        known.followed.watched_millis = known.observer.watched_millis();
        read.map(|()| known.followed)
    };
    let ((), (), followed) = tokio::join!(topologies, keys, read);
    followed
}

async fn ended(end: Option<Instant>) {
    match end {
        Some(end) => sleep_until(end).await,
        None => std::future::pending().await,
    }
}

#[derive(Default)]
struct Known {
    observer: Observer,
    keyspace: Option<Box<Keyspace>>,
    followed: Followed,
}

impl Known {
    fn take(&mut self, event: Event) -> Option<Sight> {
        match event {
            Event::Topology(TopologyEvent::Topology(mut topology)) => {
                topology.findings = self.observer.look(&topology, self.keyspace.as_deref());
                Some(Sight::Look(topology))
            }
            Event::Topology(TopologyEvent::Health(Health::Down { fault, .. })) => {
                self.followed.fault = Some(fault.clone());
                Some(Sight::Down(fault))
            }
            Event::Topology(TopologyEvent::Health(Health::Live { at_millis })) => {
                self.followed.fault.take().map(|_| Sight::Up(at_millis))
            }
            Event::Keyspace(KeyspaceEvent::Keyspace(keyspace)) => {
                self.followed.has_keys = true;
                self.keyspace = Some(keyspace);
                None
            }
            _ => None,
        }
    }
}
