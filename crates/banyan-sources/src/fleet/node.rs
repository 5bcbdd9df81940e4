//! The task that follows one server of a fleet.

use std::time::Instant;

use banyan_topology::{Fault, FleetEvent, Health, Topology};
use tokio::{sync::mpsc::UnboundedSender, time::sleep_until};
use tokio_util::sync::CancellationToken;

use super::{
    members::{Dialled, Serial},
    told::{self, Told},
};
use crate::{
    link::Link,
    liveness::{Liveness, rest},
    pace::Pace,
    poller::Poller,
    watch::{Deadlines, PollOptions},
};

/// What a task tells the session.
pub(super) struct Message {
    pub(super) serial: Serial,
    pub(super) news: News,
}

pub(super) enum News {
    Look(Box<Topology>, Option<Told>),
    Health(Health),
    NotPermitted,
    /// Its address is another member's too.
    SameAs,
    Event(FleetEvent),
}

/// What tasks have in common.
#[derive(Clone)]
pub(super) struct Common {
    pub(super) seed: Link,
    pub(super) options: PollOptions,
    pub(super) is_once: bool,
    pub(super) sender: UnboundedSender<Message>,
    pub(super) stop: CancellationToken,
}

impl Common {
    /// A session that is gone has stopped its tasks, so nobody misses what is not sent.
    pub(super) fn tell(&self, serial: Serial, news: News) {
        let _ = self.sender.send(Message { serial, news });
    }
}

/// Looks at a member, connects again after failures, until stopped; or looks once.
pub(super) async fn follow(common: Common, serial: Serial) {
    let mut liveness = Liveness::default();
    loop {
        let session = session(&common, serial, &mut liveness);
        let end = tokio::select! {
            () = common.stop.cancelled() => return,
            end = session => end,
        };
        let Err(fault) = end else { return };
        let (health, delay) = liveness.failure(fault);
        common.tell(serial, News::Health(health));
        if common.is_once || !rest(delay, &common.stop).await {
            return;
        }
    }
}

/// From dialling to a failure. `Ok` if there is no more to do.
async fn session(common: &Common, serial: Serial, liveness: &mut Liveness) -> Result<(), Fault> {
    let Common { seed, options, .. } = common;
    let link = match seed.members.dial(seed, serial, options.deadlines).await? {
        Dialled::Link(link) => link,
        Dialled::SameAs(_) => {
            common.tell(serial, News::SameAs);
            return Ok(());
        }
        Dialled::NotPermitted => {
            common.tell(serial, News::NotPermitted);
            return Ok(());
        }
    };
    let master = seed.target.master.as_deref();
    let mut on_look = |topology: Topology, told| {
        if let Some(health) = liveness.answer(topology.taken_at_millis) {
            common.tell(serial, News::Health(health));
        }
        common.tell(serial, News::Look(Box::new(topology), told));
    };
    if common.is_once {
        let (topology, told) = look_once(&link, options.deadlines, master).await?;
        on_look(topology, told);
        return Ok(());
    }
    Err(poll(&link, *options, master, on_look).await)
}

async fn look(
    poller: &mut Poller<'_>,
    master: Option<&str>,
) -> Result<(Topology, Option<Told>), Fault> {
    let mut topology = poller.look().await?;
    let told = told::ask(poller, master, &mut topology).await?;
    Ok((topology, told))
}

async fn look_once(
    link: &Link,
    deadlines: Deadlines,
    master: Option<&str>,
) -> Result<(Topology, Option<Told>), Fault> {
    look(&mut Poller::open(link, deadlines).await?, master).await
}

/// Looks over one connection until something fails.
async fn poll(
    link: &Link,
    options: PollOptions,
    master: Option<&str>,
    mut on_look: impl FnMut(Topology, Option<Told>),
) -> Fault {
    let mut poller = match Poller::open(link, options.deadlines).await {
        Ok(poller) => poller,
        Err(fault) => return fault,
    };
    let mut pace = Pace::new(options);
    loop {
        let begin = Instant::now();
        let spent_before = poller.spent_micros();
        match look(&mut poller, master).await {
            Ok((topology, told)) => on_look(topology, told),
            Err(fault) => return fault,
        }
        let spent = poller.spent_micros() - spent_before;
        sleep_until(pace.next(&link.meter, begin, spent).into()).await;
    }
}
