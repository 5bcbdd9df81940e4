//! One watch of a fleet: starts a task for each server that is heard of, and joins what they tell.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use banyan_topology::{Fault, FaultKind, Fleet, Health, Reach, ServerFacts, ServerKind, Topology};
use tokio::{
    sync::mpsc::{UnboundedReceiver, unbounded_channel},
    task::{AbortHandle, JoinSet},
    time::{Instant, MissedTickBehavior, interval, timeout_at},
};
use tokio_util::sync::CancellationToken;

use super::{
    belong::belonging,
    events,
    members::{Last, Seat, Serial},
    merge::merge,
    node::{Common, Message, News, follow},
    picture::{self, Known},
    ring::Ring,
    told::{self, Told},
};
use crate::{
    clock::now_millis,
    link::Link,
    watch::{Deadlines, PollOptions, TopologyEvent},
};

/// Servers of a fleet that are polled at once; of more, what others tell is shown.
const MAX_POLLED: usize = 128;
/// A server that has not answered for so long takes its place in the picture all the same.
const PATIENCE: Duration = Duration::from_secs(1);
/// The shortest time between two pictures of several servers.
const SHORTEST_INTERVAL: Duration = Duration::from_millis(10);
/// A snapshot of a fleet waits for its servers no longer than this many times as one command may
/// take.
const SNAPSHOT_STEPS: u32 = 6;

struct Session {
    common: Common,
    receiver: UnboundedReceiver<Message>,
    tasks: JoinSet<()>,
    nodes: BTreeMap<Serial, Node>,
    /// Who hears the events of a Sentinel, and of which.
    listener: Option<(Serial, AbortHandle)>,
    /// What the seed last said of itself; its connections are not in it.
    seed: Topology,
    shares: Vec<u32>,
    is_live: bool,
    answered_at_millis: Option<u64>,
    has_news: bool,
    has_shown: bool,
}

struct Node {
    step: Step,
    since: Instant,
    task: Option<AbortHandle>,
    look: Option<Box<Topology>>,
    told: Option<Told>,
}

#[derive(Clone)]
enum Step {
    Waiting,
    Polled,
    Failed(Fault),
    NotPermitted,
    SameAs,
    /// There are too many of them.
    NotPolled,
}

impl Step {
    /// Whether somebody looks, or tries to.
    const fn is_followed(&self) -> bool {
        matches!(self, Self::Waiting | Self::Polled | Self::Failed(_))
    }
}

/// Follows all servers that belong together with the link's until `shutdown`.
pub(crate) async fn watch(
    link: &Link,
    options: PollOptions,
    shutdown: CancellationToken,
    mut sink: impl FnMut(TopologyEvent) + Send,
) {
    sink(TopologyEvent::Health(Health::Connecting));
    let mut session = Session::start(link, options, false, shutdown.child_token());
    let mut tick = interval(options.interval.max(SHORTEST_INTERVAL));
    tick.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        let is_due = tokio::select! {
            () = shutdown.cancelled() => break,
            message = session.receiver.recv() => {
                let Some(message) = message else { break };
                if let Some(health) = session.take(message) {
                    sink(TopologyEvent::Health(health));
                }
                session.is_alone() || (!session.has_shown && session.is_complete())
            }
            _ = tick.tick() => true,
        };
        if is_due && let Some(topology) = session.show() {
            sink(TopologyEvent::Topology(Box::new(topology)));
        }
    }
    session.tasks.shutdown().await;
}

/// One look at each server.
pub(crate) async fn snapshot(link: &Link, deadlines: Deadlines) -> Result<Topology, Fault> {
    let options = PollOptions { deadlines, ..PollOptions::default() };
    let mut session = Session::start(link, options, true, CancellationToken::new());
    let end = Instant::now() + (deadlines.connect + deadlines.command) * SNAPSHOT_STEPS;
    while !session.is_complete() {
        match timeout_at(end, session.receiver.recv()).await {
            Ok(Some(message)) => drop(session.take(message)),
            Ok(None) | Err(_) => break,
        }
    }
    session.give_up_waiting();
    session.has_news = true;
    match session.show() {
        Some(topology) => Ok(topology),
        None => Err(match session.nodes.into_values().next().map(|seed| seed.step) {
            Some(Step::Failed(fault)) => fault,
            _ => Fault::new(FaultKind::Timeout, "no answer"),
        }),
    }
}

/// The link of the server at an address that belongs together with the link's, or the link itself.
pub(crate) async fn member(
    link: &Link,
    address: Option<&str>,
    deadlines: Deadlines,
) -> Result<Link, Fault> {
    let Some(address) = address else { return Ok(link.clone()) };
    let other = |words: String| Fault::new(FaultKind::Other, words);
    // Whom it belongs together with, only they themselves say.
    snapshot(link, deadlines).await?;
    let serial = link.members.at(address);
    let serial = serial.ok_or_else(|| other(format!("no server {address} belongs to it")))?;
    let found = link.members.link(link, serial);
    found.ok_or_else(|| other(format!("{address} is not in `follow` of the configuration")))
}

impl Session {
    fn start(link: &Link, options: PollOptions, is_once: bool, stop: CancellationToken) -> Self {
        let (sender, receiver) = unbounded_channel();
        let seed = Topology {
            server: ServerFacts { kind: link.target.kind(), ..ServerFacts::default() },
            ..Topology::default()
        };
        link.members.start(link);
        link.members.close_ranks();
        let mut session = Self {
            common: Common { seed: link.clone(), options, is_once, sender, stop },
            receiver,
            tasks: JoinSet::new(),
            nodes: BTreeMap::new(),
            listener: None,
            seed,
            shares: Ring::of(&link.ring).shares_ppm(),
            is_live: false,
            answered_at_millis: None,
            has_news: false,
            has_shown: false,
        };
        session.follow_new();
        session
    }

    /// Starts a task for each member that has none, as far as there may be more; ends those of members
    /// that were given back.
    fn follow_new(&mut self) {
        let members = self.common.seed.members.serials();
        for (serial, node) in self.nodes.extract_if(.., |serial, _| !members.contains(serial)) {
            if let Some(task) = node.task {
                task.abort();
            }
            if let Some((_, task)) = self.listener.take_if(|(heard, _)| *heard == serial) {
                task.abort();
            }
        }
        for serial in members {
            self.nodes.entry(serial).or_insert_with(|| Node {
                step: Step::NotPolled,
                since: Instant::now(),
                task: None,
                look: None,
                told: None,
            });
        }
        let mut free = MAX_POLLED.saturating_sub(self.followed());
        let waiting =
            self.nodes.iter_mut().filter(|(_, node)| matches!(node.step, Step::NotPolled));
        for (serial, node) in waiting {
            if free == 0 {
                return;
            }
            free -= 1;
            node.task = Some(self.tasks.spawn(follow(self.common.clone(), *serial)));
            (node.step, node.since) = (Step::Waiting, Instant::now());
        }
    }

    fn followed(&self) -> usize {
        self.nodes.values().filter(|node| node.step.is_followed()).count()
    }

    /// Gives back whom nobody has named for long; sooner, where another waits for the place.
    fn age(&mut self) {
        let members = &self.common.seed.members;
        if !self.common.seed.ring.is_empty() || self.common.is_once {
            return;
        }
        let names = self.nodes.iter().filter_map(|(serial, node)| {
            let named = told::named(node.look.as_deref()?, node.told.as_ref());
            let named = named.keys().filter_map(|(_, address)| members.at(address));
            Some((*serial, named.collect::<BTreeSet<Serial>>()))
        });
        let names: BTreeMap<Serial, BTreeSet<Serial>> = names.collect();
        // A seed that does not answer cannot say who belongs to it: all others that do answer stay.
        let roots = match names.contains_key(&0) {
            true => vec![0],
            false => names.keys().copied().collect(),
        };
        members.age(&belonging(roots, &names), now_millis(), self.common.options.grace);
        let waiting =
            self.nodes.values().filter(|node| matches!(node.step, Step::NotPolled)).count();
        let too_many = (self.followed() + waiting).saturating_sub(MAX_POLLED);
        let is_followed =
            |serial: &Serial| self.nodes.get(serial).is_some_and(|node| node.step.is_followed());
        for serial in members.unnamed().into_iter().filter(is_followed).take(too_many) {
            members.give_back(serial);
        }
        self.follow_new();
    }

    /// Takes a message in. Returns the news on how the whole is doing, if it is any.
    fn take(&mut self, message: Message) -> Option<Health> {
        let Message { serial, news } = message;
        // The list of tasks that have ended grows otherwise.
        while self.tasks.try_join_next().is_some() {}
        let is_last_word = matches!(news, News::Health(Health::Down { .. }))
            && self.nodes.get(&serial).is_some_and(|node| node.look.is_some());
        if is_last_word {
            // What it told is remembered before it is dropped.
            self.draw();
        }
        let node = self.nodes.get_mut(&serial)?;
        self.has_news = true;
        match news {
            News::Event(event) => self.common.seed.members.note(event),
            News::NotPermitted => node.step = Step::NotPermitted,
            News::SameAs => node.step = Step::SameAs,
            News::Health(Health::Down { fault, retry_in_millis, .. }) => {
                node.step = Step::Failed(fault.clone());
                (node.look, node.told) = (None, None);
                self.hush(serial);
                let is_live = self.is_any_polled();
                let was_live = std::mem::replace(&mut self.is_live, is_live);
                let since_millis = self.answered_at_millis;
                return (!is_live && (was_live || serial == 0)).then_some(Health::Down {
                    fault,
                    since_millis,
                    retry_in_millis,
                });
            }
            News::Health(health) => {
                return (!std::mem::replace(&mut self.is_live, true)).then_some(health);
            }
            News::Look(topology, told) => self.take_look(serial, topology, told),
        }
        None
    }

    fn take_look(&mut self, serial: Serial, topology: Box<Topology>, told: Option<Told>) {
        self.answered_at_millis = self.answered_at_millis.max(Some(topology.taken_at_millis));
        if self.common.seed.ring.is_empty() {
            if self.is_another(serial, &topology) {
                return;
            }
            let members = &self.common.seed.members;
            for ((protocol, address), role) in told::named(&topology, told.as_ref()) {
                members.enter(&address, protocol, role);
            }
            self.follow_new();
        }
        self.common.seed.members.answered(serial, topology.taken_at_millis);
        if matches!(told, Some(Told::Sentinel(_))) {
            self.hear(serial);
        }
        if serial == 0 {
            self.seed.server = topology.server.clone();
            self.seed.replication.clone_from(&topology.replication);
        }
        if let Some(node) = self.nodes.get_mut(&serial) {
            node.step = Step::Polled;
            node.look = Some(topology);
            node.told = told;
        }
    }

    /// Whether this server is polled already, under another address that neither of us could tell
    /// was the same. Of two, the one that was heard of first stays.
    fn is_another(&mut self, serial: Serial, topology: &Topology) -> bool {
        let run_id = &topology.server.run_id;
        let kind = topology.server.kind;
        if matches!(kind, ServerKind::Memcached | ServerKind::TokyoTyrant) {
            // Theirs are not drawn at random.
            return false;
        }
        let is_same = |(other, node): &(&Serial, &Node)| {
            **other != serial
                && !run_id.is_empty()
                && node.look.as_ref().is_some_and(|look| look.server.run_id == *run_id)
        };
        let Some((other, _)) = self.nodes.iter().find(is_same) else { return false };
        let (stays, goes) = (serial.min(*other), serial.max(*other));
        self.common.seed.members.same(goes, stays);
        self.hush(goes);
        if let Some(node) = self.nodes.get_mut(&goes) {
            (node.look, node.told, node.step) = (None, None, Step::SameAs);
            if let Some(task) = node.task.take() {
                task.abort();
            }
        }
        goes == serial
    }

    /// Listens to one Sentinel, whichever answered first.
    fn hear(&mut self, serial: Serial) {
        let is_heard = self.listener.as_ref().is_some_and(|(_, task)| !task.is_finished());
        if is_heard || self.common.is_once {
            return;
        }
        if let Some(link) = self.common.seed.members.link(&self.common.seed, serial) {
            let task = self.tasks.spawn(events::listen(self.common.clone(), link, serial));
            self.listener = Some((serial, task));
        }
    }

    /// Stops listening to a Sentinel that does not answer.
    fn hush(&mut self, serial: Serial) {
        if let Some((_, task)) = self.listener.take_if(|(heard, _)| *heard == serial) {
            task.abort();
        }
    }

    fn is_any_polled(&self) -> bool {
        self.nodes.values().any(|node| node.look.is_some())
    }

    /// Whether there is one server and no other was ever named.
    fn is_alone(&self) -> bool {
        self.nodes.len() == 1
    }

    /// Whether each member has answered or failed.
    fn is_complete(&self) -> bool {
        !self.nodes.values().any(|node| matches!(node.step, Step::Waiting))
    }

    fn give_up_waiting(&mut self) {
        for node in self.nodes.values_mut().filter(|node| matches!(node.step, Step::Waiting)) {
            node.step = Step::Failed(Fault::new(FaultKind::Timeout, "no answer in time"));
        }
    }

    /// The picture, if there is anything new in it and any server answers.
    fn show(&mut self) -> Option<Topology> {
        if !std::mem::take(&mut self.has_news) || !self.is_any_polled() {
            return None;
        }
        self.has_shown = true;
        self.age();
        let members = &self.common.seed.members;
        for (serial, node) in &self.nodes {
            if !matches!(node.step, Step::Waiting) || node.since.elapsed() > PATIENCE {
                members.number(*serial);
            }
        }
        let fleet = self.draw();
        let seats = (0..).zip(members.seats());
        let looks: Vec<(u16, &Topology)> = seats
            .filter_map(|(index, seat)| {
                Some((index, self.nodes.get(&seat.serial?)?.look.as_deref()?))
            })
            .collect();
        Some(match (fleet, looks.as_slice()) {
            (None, [(_, look)]) => (*look).clone(),
            (None, _) => return None,
            (Some(fleet), looks) => merge(looks, self.seed.clone(), fleet),
        })
    }

    /// The fleet as it is told at this moment, which is remembered.
    fn draw(&self) -> Option<Fleet> {
        let members = &self.common.seed.members;
        let known: Vec<Known<'_>> =
            members.seats().into_iter().map(|seat| self.known(seat)).collect();
        let index_at = |address: &str| members.index_at(address);
        let fleet = picture::fleet(&known, &index_at, &self.shares, members.events())?;
        members.remember(fleet.nodes.iter().map(|node| {
            let master = node.master.and_then(|master| fleet.nodes.get(usize::from(master)));
            let master = master.map(|master| master.addr.clone());
            Last { role: node.role, master, offset: node.offset }
        }));
        Some(fleet)
    }

    fn known(&self, seat: Seat) -> Known<'_> {
        let node = seat.serial.and_then(|serial| self.nodes.get(&serial));
        let (reach, down_since_millis) = match node.map(|node| &node.step) {
            Some(Step::Polled) => (Reach::Polled, None),
            Some(Step::Failed(fault)) => (Reach::Failed(fault.clone()), seat.answered_at_millis),
            Some(Step::NotPermitted) => (Reach::NotPermitted, seat.unnamed_since_millis),
            Some(Step::Waiting | Step::SameAs | Step::NotPolled) => {
                (Reach::Told, seat.unnamed_since_millis)
            }
            None => (Reach::Told, seat.answered_at_millis.or(seat.unnamed_since_millis)),
        };
        Known {
            address: seat.address,
            reach,
            look: node.and_then(|node| node.look.as_deref()),
            told: node.and_then(|node| node.told.as_ref()),
            last: seat.last,
            down_since_millis,
        }
    }
}
