//! A target's keys, once for each delimiter that browsers ask for.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use banyan_protocol::{Health, TargetId};
use banyan_sources::{KeyspaceEvent, Link, WalkOptions, watch_keyspace};
use banyan_topology::{Keyspace, Part, Withheld};
use tokio::sync::{Notify, watch};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{Bell, Feed, Frame, interest::Interest};
use crate::{
    bucket::{Bucket, Rate},
    config::MAX_DELIMITER_BYTES,
};

/// Each delimiter is a walk and a tree of its own.
const MAX_DELIMITERS: usize = 4;

/// Walks that browsers may ask for, besides those that happen anyway.
const RESCANS: Rate = Rate { burst: 2.0, per_sec: 0.1 };

pub(super) struct Keyspaces {
    target: TargetId,
    link: Arc<Link>,
    options: WalkOptions,
    linger: Duration,
    walks: Mutex<BTreeMap<String, Arc<Walk>>>,
    rescans: Mutex<Bucket>,
    tasks: TaskTracker,
    bell: Bell,
    stop: CancellationToken,
}

/// The keys as one delimiter divides them.
struct Walk {
    feed: Feed,
    watching: Interest,
    rescan: Notify,
    stop: CancellationToken,
}

impl Keyspaces {
    /// `options` holds the delimiter for browsers that name none.
    pub(super) fn new(
        target: TargetId,
        link: Arc<Link>,
        options: WalkOptions,
        linger: Duration,
        bell: Bell,
        tasks: TaskTracker,
        stop: CancellationToken,
    ) -> Self {
        let rescans = Mutex::new(Bucket::new(RESCANS, Instant::now()));
        Self { target, link, options, linger, walks: Mutex::default(), rescans, tasks, bell, stop }
    }

    /// `None` if the delimiter is too long, or more of them are in use than [`MAX_DELIMITERS`].
    pub(super) fn subscribe(&self, delimiter: &str) -> Option<watch::Receiver<Option<Arc<Frame>>>> {
        let delimiter = if delimiter.is_empty() { &self.options.delimiter } else { delimiter };
        if delimiter.len() > MAX_DELIMITER_BYTES {
            return None;
        }
        let mut walks = self.walks.lock().unwrap_or_else(PoisonError::into_inner);
        if !walks.contains_key(delimiter) && walks.len() >= MAX_DELIMITERS {
            let unused = walks.iter().find(|(_, walk)| walk.feed.watchers() == 0);
            let unused = unused.map(|(delimiter, _)| delimiter.clone())?;
            if let Some(walk) = walks.remove(&unused) {
                walk.stop.cancel();
            }
        }
        let walk = walks.entry(delimiter.to_owned()).or_insert_with(|| self.start(delimiter));
        let receiver = walk.feed.subscribe();
        walk.watching.arrive();
        Some(receiver)
    }

    /// The keys as they are known, as the first delimiter that somebody watches divides them.
    pub(super) fn latest(&self) -> Option<Arc<Frame>> {
        let walks = self.walks.lock().unwrap_or_else(PoisonError::into_inner);
        walks.values().find_map(|walk| walk.feed.latest())
    }

    /// Walks again, unless that was asked for too often.
    pub(super) fn rescan(&self) {
        let mut rescans = self.rescans.lock().unwrap_or_else(PoisonError::into_inner);
        if rescans.take(Instant::now()) {
            let walks = self.walks.lock().unwrap_or_else(PoisonError::into_inner);
            for walk in walks.values() {
                walk.rescan.notify_one();
            }
        }
    }

    fn start(&self, delimiter: &str) -> Arc<Walk> {
        let walk = Arc::new(Walk {
            feed: Feed::new(self.bell.clone()),
            watching: Interest::new(self.linger),
            rescan: Notify::new(),
            stop: self.stop.child_token(),
        });
        let options = WalkOptions { delimiter: delimiter.to_owned(), ..self.options.clone() };
        let (target, link) = (self.target.clone(), self.link.clone());
        let supplied = walk.clone();
        self.tasks.spawn(async move { supplied.supply(&target, &link, &options).await });
        walk
    }
}

impl Walk {
    /// Walks the keys whenever somebody watches them, until this walk is stopped.
    async fn supply(&self, target: &TargetId, link: &Link, options: &WalkOptions) {
        while !self.stop.is_cancelled() {
            tokio::select! {
                () = self.interest_other_than(false) => {}
                () = self.stop.cancelled() => return,
            }
            let token = self.stop.child_token();
            let mut earlier: Option<Arc<Keyspace>> = None;
            let sink = |event| {
                if let Some(keyspace) = keyspace_of(event, options) {
                    let (number, later) = (self.feed.next_number(), Arc::new(keyspace));
                    let before = earlier.replace(later.clone());
                    let frame = Frame::of_keyspace(number, target, before.as_deref(), later);
                    self.feed.publish(frame);
                }
            };
            let walk = watch_keyspace(link, options.clone(), &self.rescan, token.clone(), sink);
            let mut walk = std::pin::pin!(walk);
            tokio::select! {
                () = &mut walk => {}
                () = self.interest_other_than(true) => {
                    token.cancel();
                    walk.await;
                }
            }
            self.feed.clear();
        }
    }

    async fn interest_other_than(&self, interest: bool) {
        while self.watching.lasts(self.feed.watchers()) == interest {
            self.watching.changed().await;
        }
    }
}

/// What a browser learns from an event of the walk. How the link is doing, it hears from the
/// connections; but keys that will never come are told as such.
fn keyspace_of(event: KeyspaceEvent, options: &WalkOptions) -> Option<Keyspace> {
    match event {
        KeyspaceEvent::Keyspace(keyspace) => Some(*keyspace),
        KeyspaceEvent::Health(Health::Down { fault, retry_in_millis: u64::MAX, .. }) => {
            Some(Keyspace {
                delimiter: options.delimiter.clone(),
                withheld: vec![Withheld { part: Part::Keys, reason: fault.to_string() }],
                ..Keyspace::default()
            })
        }
        KeyspaceEvent::Health(_) => None,
    }
}
