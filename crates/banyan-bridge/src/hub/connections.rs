//! A target's connections and the health of its link.

use std::{sync::Arc, time::Duration};

use banyan_protocol::{Health, TargetId};
use banyan_sources::{Link, PollOptions, TopologyEvent, watch_topology};
use banyan_topology::{Observer, Topology};
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::{Bell, Feed, Frame, interest::Interest, keyspaces::Keyspaces};

/// Between two looks at a server that nobody watches, while any browser shows how the targets are.
const PROBE_EVERY: Duration = Duration::from_secs(5);

/// A target's link: who wants what of it, and what is known.
pub(super) struct Connections {
    target: TargetId,
    feed: Feed,
    health: watch::Sender<Health>,
    /// Of browsers that watch the connections.
    watching: Interest,
    /// Of browsers that are there at all.
    present: Interest,
    bell: Bell,
}

/// How closely a server is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Pace {
    /// Not at all: there is no browser.
    Rest,
    Probe,
    Watch,
}

impl Connections {
    pub(super) fn new(target: TargetId, linger: Duration, bell: Bell) -> Self {
        Self {
            target,
            feed: Feed::new(bell.clone()),
            health: watch::Sender::new(Health::Connecting),
            watching: Interest::new(linger),
            present: Interest::new(linger),
            bell,
        }
    }

    pub(super) fn health(&self) -> watch::Receiver<Health> {
        let receiver = self.health.subscribe();
        self.present.arrive();
        // The supervisor waits on one of the two, whichever its pace would be.
        self.watching.arrive();
        receiver
    }

    pub(super) fn subscribe(&self) -> watch::Receiver<Option<Arc<Frame>>> {
        let receiver = self.feed.subscribe();
        self.watching.arrive();
        receiver
    }

    /// Polls `link` at the pace that is wanted, until `stop`. What is wrong is found here, with what
    /// is known of the keys by then.
    pub(super) async fn supply(
        &self,
        link: &Link,
        keyspaces: &Keyspaces,
        options: PollOptions,
        stop: CancellationToken,
    ) {
        // Looks that nobody watches are looks too: findings that need time go on over a change of
        // pace.
        let mut observer = Observer::new();
        while !stop.is_cancelled() {
            let pace = self.pace();
            let interval = match pace {
                Pace::Rest => {
                    self.health.send_replace(Health::Connecting);
                    tokio::select! {
                        () = self.pace_other_than(pace) => {}
                        () = stop.cancelled() => {}
                    }
                    continue;
                }
                Pace::Probe => PROBE_EVERY,
                Pace::Watch => options.interval,
            };
            let token = stop.child_token();
            let mut earlier: Option<Arc<Topology>> = None;
            let sink = |event| match event {
                TopologyEvent::Health(health) => self.tell(health),
                TopologyEvent::Topology(mut topology) => {
                    let latest = keyspaces.latest();
                    let keyspace = latest.as_deref().and_then(Frame::keyspace);
                    topology.findings = observer.look(&topology, keyspace);
                    self.tell(Health::Live { at_millis: topology.taken_at_millis });
                    if pace == Pace::Watch {
                        self.publish(&mut earlier, Arc::from(topology));
                    }
                }
            };
            let options = PollOptions { interval, ..options };
            let mut poll = std::pin::pin!(watch_topology(link, options, token.clone(), sink));
            tokio::select! {
                () = &mut poll => {}
                () = self.pace_other_than(pace) => {
                    token.cancel();
                    poll.await;
                }
            }
            self.feed.clear();
        }
    }

    fn pace(&self) -> Pace {
        if self.watching.lasts(self.feed.watchers()) {
            Pace::Watch
        } else if self.present.lasts(self.health.receiver_count()) {
            Pace::Probe
        } else {
            Pace::Rest
        }
    }

    async fn pace_other_than(&self, pace: Pace) {
        while self.pace() == pace {
            self.watching.changed().await;
        }
    }

    fn publish(&self, earlier: &mut Option<Arc<Topology>>, later: Arc<Topology>) {
        let number = self.feed.next_number();
        let before = earlier.replace(later.clone());
        self.feed.publish(Frame::of_topology(number, &self.target, before.as_deref(), later));
    }

    /// Passes on what is news to a browser. The time of each single answer is not: it comes with the
    /// topology; nor is it that a link of another pace is being made, unless that fails.
    fn tell(&self, health: Health) {
        let news = self.health.send_if_modified(|known| {
            let later = match (&*known, health) {
                (_, Health::Connecting) => return false,
                (Health::Live { at_millis: known }, Health::Live { at_millis })
                    if at_millis.saturating_sub(*known) < 2_000 =>
                {
                    return false;
                }
                (known, Health::Down { fault, since_millis, retry_in_millis }) => {
                    let since_millis = since_millis.or(last_answer(known));
                    Health::Down { fault, since_millis, retry_in_millis }
                }
                (_, live) => live,
            };
            let news = *known != later;
            *known = later;
            news
        });
        if news {
            self.bell.ring();
        }
    }
}

/// When the server last answered, as far as `health` tells.
const fn last_answer(health: &Health) -> Option<u64> {
    match health {
        Health::Connecting => None,
        Health::Live { at_millis } => Some(*at_millis),
        Health::Down { since_millis, .. } => *since_millis,
    }
}
