//! The servers of a fleet: which address is which, for as long as the link lives.

use std::{
    collections::{BTreeMap, VecDeque},
    net::{IpAddr, SocketAddr},
    sync::Mutex,
};

use banyan_topology::{Fault, FaultKind, FleetEvent};

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
/// [`banyan_topology::Fleet::nodes`] it is also given to addresses that turn out to be another's.
pub(super) type Serial = usize;

/// What is kept from one watch of a link to the next.
#[derive(Default)]
pub(crate) struct Members {
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    members: Vec<Member>,
    by_address: BTreeMap<String, Serial>,
    /// Serials by index in the fleet.
    order: Vec<Serial>,
    events: VecDeque<FleetEvent>,
}

struct Member {
    address: String,
    protocol: Protocol,
    /// Once its address was resolved and permitted. The seed's is the link that holds all this.
    link: Option<Link>,
    /// The addresses of the seed; of what a server named, the one that was permitted.
    at: Vec<SocketAddr>,
    same_as: Option<Serial>,
    index: Option<u16>,
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
        state.add(seed.target.endpoint.to_string(), seed.target.protocol, None);
        for target in seed.ring.iter().skip(1) {
            let link = Link::new(target.clone());
            state.add(target.endpoint.to_string(), target.protocol, Some(link));
        }
        for serial in 0..state.members.len() {
            state.number(serial);
        }
    }

    pub(super) fn count(&self) -> usize {
        lock(&self.state).members.len()
    }

    /// The member at an address that a server told. `true` if it is new.
    pub(super) fn enter(&self, address: &str, protocol: Protocol) -> Option<(Serial, bool)> {
        let mut state = lock(&self.state);
        if let Some(serial) = state.by_address.get(address) {
            return Some((*serial, false));
        }
        if state.members.len() >= MAX_MEMBERS {
            return None;
        }
        Some((state.add(address.to_owned(), protocol, None), true))
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
            let member = state.members.get(serial);
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
                let same = state.members.iter().position(|member| member.at.contains(&at));
                if let Some(same) = same.filter(|same| *same != serial) {
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
            _ => lock(&self.state).members.get(serial)?.link.clone(),
        }
    }

    /// The links of all servers that the seed names itself or that were dialled.
    pub(super) fn links(&self, seed: &Link) -> Vec<Link> {
        (0..self.count()).filter_map(|serial| self.link(seed, serial)).collect()
    }

    /// Notes that a member is another one.
    pub(super) fn same(&self, serial: Serial, same_as: Serial) {
        let mut state = lock(&self.state);
        // An index is kept, so only the last can be given back.
        if state.order.last() == Some(&serial) {
            state.order.pop();
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

    /// Serials and addresses by index.
    pub(super) fn in_order(&self) -> Vec<(Serial, String)> {
        let state = lock(&self.state);
        let address = |serial: &Serial| state.members.get(*serial).map(|m| m.address.clone());
        let member = |serial: &Serial| Some((*serial, address(serial)?));
        state.order.iter().filter_map(member).collect()
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

impl State {
    fn add(&mut self, address: String, protocol: Protocol, link: Option<Link>) -> Serial {
        let serial = self.members.len();
        self.by_address.insert(address.clone(), serial);
        let member = Member { address, protocol, link, at: Vec::new(), same_as: None, index: None };
        self.members.push(member);
        serial
    }

    fn member(&mut self, serial: Serial, change: impl FnOnce(&mut Member)) {
        if let Some(member) = self.members.get_mut(serial) {
            change(member);
        }
    }

    fn number(&mut self, serial: Serial) {
        let Ok(index) = u16::try_from(self.order.len()) else { return };
        let Some(member) = self.members.get_mut(serial) else { return };
        if member.index.is_none() && member.same_as.is_none() {
            member.index = Some(index);
            self.order.push(serial);
        }
    }

    /// The index of a member, which that of another may be.
    fn index(&self, serial: Serial) -> Option<u16> {
        let member = self.members.get(serial)?;
        // One step: what a member is the same as is never the same as a third.
        match member.same_as {
            Some(same) => self.members.get(same)?.index,
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
mod tests {
    use super::*;

    async fn dial(seed: &Link, address: &str) -> Dialled {
        let (serial, _) = seed.members.enter(address, Protocol::Redis).unwrap();
        seed.members.dial(seed, serial, Deadlines::default()).await.ok().unwrap()
    }

    #[tokio::test]
    async fn addresses_of_one_server_are_one_member() {
        let seed = Link::new("redis://:pw@localhost:7000".parse().unwrap());
        let members = &seed.members;
        members.start(&seed);
        assert!(matches!(members.dial(&seed, 0, Deadlines::default()).await, Ok(Dialled::Link(_))));
        assert!(matches!(dial(&seed, "127.0.0.1:7000").await, Dialled::SameAs(0)));
        let Dialled::Link(other) = dial(&seed, "127.0.0.1:7001").await else { unreachable!() };
        assert_eq!(other.target.password, seed.target.password);
        assert!(matches!(dial(&seed, "169.254.169.254:80").await, Dialled::NotPermitted));
        assert!(matches!(dial(&seed, "10.0.0.1:80").await, Dialled::NotPermitted));
        members.number(1);
        members.number(2);
        assert_eq!(members.index_at("127.0.0.1:7000"), Some(0));
        assert_eq!(members.index_at("127.0.0.1:7001"), Some(1));
        assert_eq!(members.index_at("10.0.0.1:80"), None);
        let order: Vec<_> = members.in_order().into_iter().map(|(_, address)| address).collect();
        assert_eq!(order, ["localhost:7000", "127.0.0.1:7001"]);
    }

    #[tokio::test]
    async fn a_name_is_followed_to_its_next_address() {
        let seed = Link::new("redis://127.0.0.1:7000".parse().unwrap());
        let members = &seed.members;
        members.start(&seed);
        let Dialled::Link(named) = dial(&seed, "localhost:7001").await else { unreachable!() };
        let Dialled::Link(again) = dial(&seed, "localhost:7001").await else { unreachable!() };
        assert_eq!(again.target, named.target);
        // As if the name had led elsewhere so far; and an address, which is nothing to look up.
        let elsewhere = SocketAddr::from(([127, 0, 0, 9], 7001));
        let Dialled::Link(fixed) = dial(&seed, "127.0.0.8:7001").await else { unreachable!() };
        for serial in [1, 2] {
            lock(&members.state).member(serial, |member| {
                member.at = vec![elsewhere];
                let link = member.link.as_mut().unwrap();
                link.target = target_at(&seed.target, "", elsewhere, Protocol::Redis);
            });
        }
        let Dialled::Link(moved) = dial(&seed, "localhost:7001").await else { unreachable!() };
        assert_eq!(moved.target, named.target);
        assert!(std::sync::Arc::ptr_eq(&moved.meter, &named.meter), "it costs the same server");
        let Dialled::Link(stays) = dial(&seed, "127.0.0.8:7001").await else { unreachable!() };
        assert_ne!(stays.target, fixed.target);
    }

    #[test]
    fn the_last_hundred_events_are_kept() {
        let members = Members::default();
        for at_millis in 0..150 {
            members.note(FleetEvent { at_millis, name: String::new(), detail: String::new() });
        }
        let events = members.events();
        assert_eq!((events.len(), events[0].at_millis), (100, 50));
    }
}
