//! One poller per target, however many browsers watch.
//!
//! ```text
//! poller ─> Feed (latest frame) ─> session ─> browser
//!                              └─> session ─> browser
//! ```
//!
//! A [`Feed`] holds the latest state alone. Sessions look at it when they can, so none of them slows
//! the poller or another session; each state is encoded once for all of them.

mod connections;
mod feed;
mod frame;
mod interest;
mod keyspaces;
mod windows;

use std::{sync::Arc, time::Duration};

use banyan_protocol::{Health, TargetId, TargetInfo, Watch, WatchKind};
use banyan_sources::{PollOptions, WalkOptions};
use tokio::sync::watch;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::config::{Config, ConfiguredTarget};

use self::{connections::Connections, feed::Feed, keyspaces::Keyspaces, windows::Windows};
pub use frame::Frame;

/// All targets of a bridge.
pub struct Hub {
    targets: Vec<HubTarget>,
    bell: Bell,
    tasks: TaskTracker,
}

/// One target: how its link is doing, and what is known of it.
struct HubTarget {
    info: TargetInfo,
    connections: Arc<Connections>,
    keyspaces: Arc<Keyspaces>,
    windows: Windows,
}

/// Rings whenever anything in the hub is new. Sessions wait for this one bell, then look at the few
/// feeds that they follow.
#[derive(Clone)]
struct Bell(Arc<watch::Sender<()>>);

impl Bell {
    fn ring(&self) {
        self.0.send_replace(());
    }
}

impl Hub {
    /// Starts a supervisor for each target, until `stop`.
    pub(crate) fn start(config: &Config, stop: &CancellationToken) -> Arc<Self> {
        let bell = Bell(Arc::new(watch::Sender::new(())));
        let tasks = TaskTracker::new();
        let start = |target| HubTarget::start(target, config, &bell, &tasks, stop);
        let targets = config.targets.iter().map(start).collect();
        Arc::new(Self { targets, bell, tasks })
    }

    /// Waits for the end of all pollers, after the token of [`Hub::start`] was cancelled.
    pub(crate) async fn stopped(&self) {
        self.tasks.close();
        self.tasks.wait().await;
    }

    pub(crate) fn targets(&self) -> Vec<TargetInfo> {
        self.targets.iter().map(|target| target.info.clone()).collect()
    }

    /// Changes whenever anything is new.
    pub(crate) fn changes(&self) -> watch::Receiver<()> {
        self.bell.0.subscribe()
    }

    /// How the links are doing, in the order of [`Hub::targets`]. As long as anybody holds a
    /// receiver, the servers are probed.
    pub(crate) fn health(&self) -> impl Iterator<Item = (TargetId, watch::Receiver<Health>)> {
        self.targets.iter().map(|target| (target.info.id.clone(), target.connections.health()))
    }

    /// Follows one thing of one target; its poller runs as long as anybody holds a receiver.
    /// `None` if there is no such target, or too many delimiters are in use.
    pub(crate) fn watch(&self, watch: &Watch) -> Option<watch::Receiver<Option<Arc<Frame>>>> {
        let target = self.target(&watch.target)?;
        match watch.kind {
            WatchKind::Connections => Some(target.connections.subscribe()),
            WatchKind::Keyspace => target.keyspaces.subscribe(&watch.delimiter),
        }
    }

    /// Walks the target's keys again. `false` if there is no such target; asked too often, nothing
    /// happens.
    pub(crate) fn rescan(&self, target: &TargetId) -> bool {
        self.target(target).map(|target| target.keyspaces.rescan()).is_some()
    }

    /// Sees every command of a target for so long. `false` if there is no such target; asked too
    /// often, nothing happens.
    pub(crate) fn observe(&self, target: &TargetId, duration: Duration) -> bool {
        self.target(target).map(|target| target.windows.open(duration)).is_some()
    }

    fn target(&self, id: &TargetId) -> Option<&HubTarget> {
        self.targets.iter().find(|target| target.info.id == *id)
    }
}

impl HubTarget {
    fn start(
        target: &ConfiguredTarget,
        config: &Config,
        bell: &Bell,
        tasks: &TaskTracker,
        stop: &CancellationToken,
    ) -> Self {
        let linger = config.limits.linger;
        let link = Arc::new(target.link());
        let connections = Arc::new(Connections::new(target.id.clone(), linger, bell.clone()));
        let walks = WalkOptions {
            delimiter: config.delimiter.clone(),
            budget: config.keyspace_budget_percent / 100.0,
            tracking: target.tracking.then_some(Duration::ZERO),
            ..WalkOptions::default()
        };
        let delimiter = config.delimiter.clone();
        let windows = Windows::new(link.clone(), delimiter, tasks.clone(), stop.clone());
        let keyspaces = Arc::new(Keyspaces::new(
            target.id.clone(),
            link.clone(),
            walks,
            linger,
            bell.clone(),
            tasks.clone(),
            stop.clone(),
        ));
        let polls = PollOptions { budget: config.budget_percent / 100.0, ..PollOptions::default() };
        let supplied = (connections.clone(), keyspaces.clone(), stop.clone());
        tasks.spawn(async move {
            let (connections, keyspaces, stop) = supplied;
            connections.supply(&link, &keyspaces, polls, stop).await;
        });
        Self { info: target.info(), connections, keyspaces, windows }
    }
}
