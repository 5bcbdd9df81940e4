//! The servers of a fleet: which address is which, for as long as the link lives.

use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    net::{IpAddr, SocketAddr},
    sync::Mutex,
    time::Duration,
};

use banyan_topology::{Fault, FaultKind, FleetEvent, NodeRole};

use super::address::split;
use crate::{
    allow_list::look_up,
    link::{Link, lock},
    target::{Endpoint, Protocol, Target},
    watch::Deadlines,
};

/// Members that are kept, and events.
const MAX_MEMBERS: usize = 1024;
const MAX_EVENTS: usize = 100;

/// Number of a member in the order in which it was heard of; 0 is the seed. Unlike an index in
/// [`banyan_topology::Fleet::nodes`] it is also given to addresses that turn out to be another's, and
/// never to a second one.
pub(super) type Serial = usize;

/// What a server was when it, or another, last told of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Last {
    pub(super) role: NodeRole,
    /// The address of whom it copied from, or watched.
    pub(super) master: Option<String>,
    pub(super) offset: Option<u64>,
}

/// A place of the fleet, by index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Seat {
    /// `None` for one that was given back, whose place waits for the next.
    pub(super) serial: Option<Serial>,
    pub(super) address: String,
    pub(super) last: Option<Last>,
    pub(super) answered_at_millis: Option<u64>,
    /// Since when nobody names it.
    pub(super) unnamed_since_millis: Option<u64>,
}

/// What is kept from one watch of a link to the next.
#[derive(Default)]
pub(crate) struct Members {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    members: BTreeMap<Serial, Member>,
    next: Serial,
    by_address: BTreeMap<String, Serial>,
    /// By index in the fleet. Of members that are there, no more than the serial counts.
    seats: Vec<Seat>,
    events: VecDeque<FleetEvent>,
}

struct Member {
    address: String,
    /// Whom the configuration names is never given back.
    is_configured: bool,
    protocol: Protocol,
    /// Once its address was resolved and permitted. The seed's is the link that holds all this.
    link: Option<Link>,
    /// The addresses of the seed; of what a server named, the one that was permitted.
    at: Vec<SocketAddr>,
    same_as: Option<Serial>,
    index: Option<u16>,
    last: Option<Last>,
    answered_at_millis: Option<u64>,
    unnamed_since_millis: Option<u64>,
}

/// What came of the first step towards a member.
pub(super) enum Dialled {
    Link(Box<Link>),
    /// It is another member, under a second address.
    SameAs(Serial),
    NotPermitted,
}

impl Members {
    /// Enters the servers that the link names itself: the seed, or all of a ring.
    pub(super) fn start(&self, seed: &Link) {
        let mut state = lock(&self.state);
        if !state.members.is_empty() {
            return;
        }
        let others =
            seed.ring.iter().skip(1).map(|target| (target, Some(Link::new(target.clone()))));
        for (target, link) in std::iter::once((&seed.target, None)).chain(others) {
            let serial = state.add(target.endpoint.to_string(), target.protocol, link);
            state.member(serial, |member| member.is_configured = true);
            state.number(serial);
        }
    }

    pub(super) fn serials(&self) -> BTreeSet<Serial> {
        lock(&self.state).members.keys().copied().collect()
    }

    /// The member at an address that a server told, as what. Where there are too many, whom nobody has named
    /// for longest makes room.
    pub(super) fn enter(
        &self,
        address: &str,
        protocol: Protocol,
        role: NodeRole,
    ) -> Option<Serial> {
        let mut state = lock(&self.state);
        if let Some(serial) = state.by_address.get(address) {
            return Some(*serial);
        }
        if state.members.len() >= MAX_MEMBERS {
            let (_, longest) = state.unnamed().next()?;
            state.give_back(longest);
        }
        let serial = state.add(address.to_owned(), protocol, None);
        let last = Last { role, ..Last::default() };
        state.member(serial, |member| member.last = Some(last));
        Some(serial)
    }

    /// The member at an address, whichever of its addresses that is.
    pub(super) fn at(&self, address: &str) -> Option<Serial> {
        let state = lock(&self.state);
        let serial = *state.by_address.get(address)?;
        Some(state.members.get(&serial)?.same_as.unwrap_or(serial))
    }

    /// Notes when a member answered.
    pub(super) fn answered(&self, serial: Serial, at_millis: u64) {
        lock(&self.state).member(serial, |member| member.answered_at_millis = Some(at_millis));
    }

    /// Notes what each of the fleet is, by index.
    pub(super) fn remember(&self, all: impl IntoIterator<Item = Last>) {
        let mut state = lock(&self.state);
        let serials: Vec<_> = state.seats.iter().map(|seat| seat.serial).collect();
        for (serial, last) in serials.into_iter().zip(all) {
            if let Some(serial) = serial {
                state.member(serial, |member| member.last = Some(last));
            }
        }
    }

    /// Notes who belongs to the fleet at this moment, and gives back who has not for longer than the
    /// grace.
    pub(super) fn age(&self, belonging: &BTreeSet<Serial>, now_millis: u64, grace: Duration) {
        let mut state = lock(&self.state);
        for (serial, member) in &mut state.members {
            let belongs = belonging.contains(&member.same_as.unwrap_or(*serial));
            let since = member.unnamed_since_millis.unwrap_or(now_millis);
            let stays = belongs || member.is_configured;
            member.unnamed_since_millis = (!stays).then_some(since);
        }
        let grace = grace.as_millis() as u64;
        let gone: Vec<Serial> = state
            .unnamed()
            .take_while(|(since, _)| now_millis.saturating_sub(*since) >= grace)
            .map(|(_, serial)| serial)
            .collect();
        for serial in gone {
            state.give_back(serial);
        }
    }

    /// Whom nobody names, the longest first.
    pub(super) fn unnamed(&self) -> Vec<Serial> {
        lock(&self.state).unnamed().map(|(_, serial)| serial).collect()
    }

    /// Forgets a member. Its place is shown until another takes it.
    pub(super) fn give_back(&self, serial: Serial) {
        lock(&self.state).give_back(serial);
    }

    /// Takes the places of those that are gone away, at the beginning of a watch.
    pub(super) fn close_ranks(&self) {
        let mut state = lock(&self.state);
        let State { seats, members, .. } = &mut *state;
        seats.retain(|seat| seat.serial.is_some());
        for (index, seat) in (0..).zip(seats) {
            if let Some(member) = seat.serial.and_then(|serial| members.get_mut(&serial)) {
                member.index = Some(index);
            }
        }
    }

    /// Looks a member's address up and makes its link, or finds it again: that of a name which has
    /// another address by now leads there, if that one is permitted too.
    pub(super) async fn dial(
        &self,
        seed: &Link,
        serial: Serial,
        deadlines: Deadlines,
    ) -> Result<Dialled, Fault> {
        if serial == 0 {
            // Where the seed is tells which of the others it is. That it cannot be told is found
            // out again, and with a better reason, by whoever connects.
            if let Endpoint::Tcp { host, port } = &seed.target.endpoint
                && let Ok(at) = look_up(host, *port, deadlines.connect).await
            {
                lock(&self.state).member(0, |member| member.at = at);
            }
            return Ok(Dialled::Link(Box::new(seed.clone())));
        }
        let known = {
            let state = lock(&self.state);
            let member = state.members.get(&serial);
            let at = |m: &Member| m.at.first().copied();
            member.map(|m| (m.address.clone(), m.protocol, m.link.clone(), at(m), m.same_as))
        };
        let Some((address, protocol, link, at, same_as)) = known else {
            return Err(Fault::new(FaultKind::Other, "no such member"));
        };
        if let Some(same) = same_as {
            return Ok(Dialled::SameAs(same));
        }
        let Some((host, port)) = split(&address) else { return Ok(Dialled::NotPermitted) };
        if let Some(link) = &link {
            // Without an address it is of a ring, and the user named it.
            let stays = match at {
                Some(at) if host.parse::<IpAddr>().is_err() => {
                    look_up(host, port, deadlines.connect).await?.contains(&at)
                }
                _ => true,
            };
            if stays {
                return Ok(Dialled::Link(Box::new(link.clone())));
            }
        }
        let near = match &seed.target.endpoint {
            Endpoint::Tcp { host, port } => look_up(host, *port, deadlines.connect).await?,
            // The other end of a socket's path is on this machine.
            Endpoint::Unix(_) => vec![SocketAddr::from(([127, 0, 0, 1], 0))],
        };
        let near: Vec<_> = near.iter().map(SocketAddr::ip).collect();
        let at = match seed.follow.resolve(host, port, &near, deadlines.connect).await {
            Ok(at) => at,
            Err(fault) if fault.kind == FaultKind::Forbidden => return Ok(Dialled::NotPermitted),
            Err(fault) => return Err(fault),
        };
        let mut state = lock(&self.state);
        let target = target_at(&seed.target, host, at, protocol);
        let link = match link {
            // The address may have been another member's, which has moved on as well.
            Some(mut link) => {
                link.target = target;
                link
            }
            None => {
                let has_it = |(known, member): &(&Serial, &Member)| {
                    **known != serial && member.at.contains(&at)
                };
                let same = state.members.iter().find(has_it).map(|(known, _)| *known);
                if let Some(same) = same {
                    state.member(serial, |member| member.same_as = Some(same));
                    return Ok(Dialled::SameAs(same));
                }
                Link::new(target)
            }
        };
        state.member(serial, |member| {
            member.at = vec![at];
            member.link = Some(link.clone());
        });
        Ok(Dialled::Link(Box::new(link)))
    }

    /// The link of a member that was dialled.
    pub(super) fn link(&self, seed: &Link, serial: Serial) -> Option<Link> {
        match serial {
            0 => Some(seed.clone()),
            _ => lock(&self.state).members.get(&serial)?.link.clone(),
        }
    }

    /// The links of all servers that the seed names itself or that were dialled.
    pub(super) fn links(&self, seed: &Link) -> Vec<Link> {
        self.serials().into_iter().filter_map(|serial| self.link(seed, serial)).collect()
    }

    /// Notes that a member is another one.
    pub(super) fn same(&self, serial: Serial, same_as: Serial) {
        let mut state = lock(&self.state);
        // An index is kept, so only the last can be given back.
        if state.seats.last().is_some_and(|seat| seat.serial == Some(serial)) {
            state.seats.pop();
            state.member(serial, |member| member.index = None);
        }
        state.member(serial, |member| member.same_as = Some(same_as));
    }

    /// Gives a member its index in the fleet, if it has none and is not another one.
    pub(super) fn number(&self, serial: Serial) {
        lock(&self.state).number(serial);
    }

    /// The index of the member at an address, as servers tell it.
    pub(super) fn index_at(&self, address: &str) -> Option<u16> {
        let state = lock(&self.state);
        state.index(*state.by_address.get(address)?)
    }

    /// All places, by index.
    pub(super) fn seats(&self) -> Vec<Seat> {
        let state = lock(&self.state);
        let filled = |seat: &Seat| match seat.serial.and_then(|serial| state.members.get(&serial)) {
            Some(member) => Seat { serial: seat.serial, ..member.seat() },
            None => seat.clone(),
        };
        state.seats.iter().map(filled).collect()
    }

    pub(super) fn note(&self, event: FleetEvent) {
        let mut state = lock(&self.state);
        if state.events.len() >= MAX_EVENTS {
            state.events.pop_front();
        }
        state.events.push_back(event);
    }

    pub(super) fn events(&self) -> Vec<FleetEvent> {
        lock(&self.state).events.iter().cloned().collect()
    }
}

impl Member {
    /// What is shown where it was.
    fn seat(&self) -> Seat {
        Seat {
            serial: None,
            address: self.address.clone(),
            last: self.last.clone(),
            answered_at_millis: self.answered_at_millis,
            unnamed_since_millis: self.unnamed_since_millis,
        }
    }
}

impl State {
    fn add(&mut self, address: String, protocol: Protocol, link: Option<Link>) -> Serial {
        let serial = self.next;
        self.next += 1;
        self.by_address.insert(address.clone(), serial);
        let member = Member {
            address,
            is_configured: false,
            protocol,
            link,
            at: Vec::new(),
            same_as: None,
            index: None,
            last: None,
            answered_at_millis: None,
            unnamed_since_millis: None,
        };
        self.members.insert(serial, member);
        serial
    }

    fn member(&mut self, serial: Serial, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.get_mut(&serial) {
            change(member);
        }
    }

    /// Gives a member the first place that is free.
    fn number(&mut self, serial: Serial) {
        let Some(member) = self.members.get_mut(&serial) else { return };
        if member.index.is_some() || member.same_as.is_some() {
            return;
        }
        let free = self.seats.iter().position(|seat| seat.serial.is_none());
        let at = free.unwrap_or(self.seats.len());
        let Ok(index) = u16::try_from(at) else { return };
        member.index = Some(index);
        let seat = Seat { serial: Some(serial), ..member.seat() };
        match self.seats.get_mut(at) {
            Some(place) => *place = seat,
            None => self.seats.push(seat),
        }
    }

    /// Since when, and whom, nobody names; the longest first.
    fn unnamed(&self) -> impl Iterator<Item = (u64, Serial)> + use<> {
        let since =
            |(serial, member): (&Serial, &Member)| Some((member.unnamed_since_millis?, *serial));
        let unnamed: BTreeSet<(u64, Serial)> = self.members.iter().filter_map(since).collect();
        unnamed.into_iter()
    }

    /// With its other addresses: whoever names one of them makes it a member again.
    fn give_back(&mut self, serial: Serial) {
        let is_gone = |other: &Serial, member: &mut Member| {
            *other == serial || member.same_as == Some(serial)
        };
        for (_, member) in self.members.extract_if(.., is_gone) {
            self.by_address.remove(&member.address);
            let place = member.index.and_then(|index| self.seats.get_mut(usize::from(index)));
            if let Some(place) = place {
                *place = member.seat();
            }
        }
    }

    /// The index of a member, which that of another may be.
    fn index(&self, serial: Serial) -> Option<u16> {
        let member = self.members.get(&serial)?;
        // One step: what a member is the same as is never the same as a third.
        match member.same_as {
            Some(same) => self.members.get(&same)?.index,
            None => member.index,
        }
    }
}

/// A server that another named: at the checked address, with the seed's credentials.
fn target_at(seed: &Target, host: &str, at: SocketAddr, protocol: Protocol) -> Target {
    let endpoint = Endpoint::Tcp { host: at.ip().to_string(), port: at.port() };
    let mut target = Target::new(protocol, endpoint);
    target.user.clone_from(&seed.user);
    target.password.clone_from(&seed.password);
    target.sentinel.clone_from(&seed.sentinel);
    target.tls.clone_from(&seed.tls);
    if let Some(tls) = &mut target.tls
        && tls.server_name.is_none()
        && host.parse::<IpAddr>().is_err()
    {
        // We connect to an address, and the certificate is for the name.
        tls.server_name = Some(host.to_owned());
    }
    target
}

#[cfg(test)]
mod tests;
