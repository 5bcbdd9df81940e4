//! Joining what the kernel knows with what the server told.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    net::SocketAddr,
};

use banyan_topology::{
    Census, Client, ClientId, ClientState, Part, ServerKind, TcpState, Topology, Withheld,
};

use super::{
    entry::{Entry, parse_address},
    judge::{Verdict, judge},
    look::{Looker, Sockets},
    place::{Clues, Own, Place},
    process::Watched,
    still,
    threads::Look,
};

/// What of the server's words helps to find it.
pub fn clues(topology: &Topology) -> Clues {
    let own =
        topology.clients.values().find(|client| client.own).and_then(|client| {
            Some(Own { local: local(client), peer: parse_address(&client.addr)? })
        });
    Clues {
        kind: topology.server.kind,
        run_id: topology.server.run_id.clone(),
        pid: topology.server.pid,
        own,
        ports: topology.clients.values().filter_map(local).map(|local| local.port()).collect(),
    }
}

fn local(client: &Client) -> Option<SocketAddr> {
    client.local_addr.as_deref().and_then(parse_address)
}

pub fn withhold(topology: &mut Topology, parts: &[Part], reason: &str) {
    for &part in parts {
        if part != Part::Threads || topology.threads.is_none() {
            topology.withheld.push(Withheld { part, reason: reason.to_owned() });
        }
    }
}

/// What was told at the look before.
#[derive(Debug, Default)]
pub struct Joined {
    /// The look at the sockets that it comes from.
    number: u64,
    clients: BTreeMap<ClientId, still::Told>,
    census: Option<Census>,
    /// When connections that only the kernel knows were first seen, by inode.
    first_seen: BTreeMap<u64, u64>,
}

impl Joined {
    pub fn complete(&mut self, looker: &Looker, topology: &mut Topology) {
        let place = match &looker.place {
            Ok(place) => place,
            Err(reason) => return withhold(topology, &[Part::Sockets, Part::Threads], reason),
        };
        match &looker.sockets_refusal {
            Some(reason) => withhold(topology, &[Part::Sockets], reason),
            None => self.sockets(looker, place, topology),
        }
        match (&looker.threads, place.process, &looker.threads_refusal) {
            (Some(look), Some(process), _) => {
                let kind = topology.server.kind;
                match look.threads(kind, process.pid, &topology.clients) {
                    Some(threads) => topology.threads = Some(threads),
                    None => {
                        let reason = "the workers of this version cannot be told apart";
                        withhold(topology, &[Part::Threads], reason);
                    }
                }
            }
            (_, _, reason) => {
                let reason = reason.as_deref().unwrap_or("the process has not been looked at");
                withhold(topology, &[Part::Threads], reason);
            }
        }
    }

    fn sockets(&mut self, looker: &Looker, place: &Place, topology: &mut Topology) {
        let watched = watched(looker.threads.as_ref());
        let is_told_by_kernel = topology.server.kind == ServerKind::TokyoTyrant;
        if is_told_by_kernel {
            self.add_clients(&looker.sockets, place, &watched, topology);
        }
        if self.number != looker.sockets.number {
            self.number = looker.sockets.number;
            self.join(&looker.sockets, place, &watched, topology);
        }
        for client in topology.clients.values_mut() {
            let told = self.clients.get(&client.id).filter(|told| told.addr == client.addr);
            if let Some(told) = told {
                client.socket = Some(told.socket.clone());
                client.is_dead = told.verdict.is_dead;
                client.dead_evidence.clone_from(&told.verdict.evidence);
                if let Some(data_at_millis) =
                    told.socket.data_at_millis.filter(|_| is_told_by_kernel)
                {
                    client.active_at_millis = data_at_millis;
                    client.opened_at_millis = client.opened_at_millis.min(data_at_millis);
                }
            } else if client.addr.contains('/') {
                // The other end of a unix socket cannot vanish without its kernel's knowing.
                client.is_dead = Verdict::alive().is_dead;
            }
        }
        topology.census.clone_from(&self.census);
    }

    fn join(
        &mut self,
        sockets: &Sockets,
        place: &Place,
        watched: &BTreeMap<u32, Watched>,
        topology: &Topology,
    ) {
        let index = Index::of(&sockets.entries);
        let mut clients = BTreeMap::new();
        for client in topology.clients.values() {
            let inode = client.descriptor.and_then(|fd| watched.get(&fd)?.inode);
            let Some(entry) = index.find(client, inode) else { continue };
            let told = self
                .clients
                .get(&client.id)
                .filter(|told| told.addr == client.addr && told.socket.inode == entry.inode);
            let now = still::Told {
                addr: client.addr.clone(),
                socket: still::socket(entry, sockets.taken_at_millis, told),
                verdict: still::verdict(judge(entry, told.map(|told| &told.socket)), told),
                queues: (entry.send_queue, entry.receive_queue),
            };
            clients.insert(client.id, now);
        }
        self.clients = clients;
        self.census = Some(census(&sockets.entries, place));
    }

    /// The connections of a server that does not tell them.
    fn add_clients(
        &mut self,
        sockets: &Sockets,
        place: &Place,
        watched: &BTreeMap<u32, Watched>,
        topology: &mut Topology,
    ) {
        let by_inode: HashMap<u64, &Watched> =
            watched.values().filter_map(|watched| Some((watched.inode?, watched))).collect();
        let seen = std::mem::take(&mut self.first_seen);
        for entry in &sockets.entries {
            // A socket without an inode is no longer the server's.
            let is_client = entry.state != TcpState::Listen && entry.inode != 0;
            if !is_client || !place.ports.contains(&entry.local.port()) {
                continue;
            }
            let since = seen.get(&entry.inode).copied().unwrap_or(sockets.taken_at_millis);
            self.first_seen.insert(entry.inode, since);
            let watched = by_inode.get(&entry.inode);
            let descriptor = watched.map(|watched| watched.descriptor);
            let is_busy = watched.map(|watched| watched.is_disarmed());
            let id = descriptor.map_or(entry.inode, ClientId::from);
            let client = topology.clients.entry(id).or_default();
            client.id = id;
            client.addr = entry.peer.to_string();
            client.local_addr = Some(entry.local.to_string());
            client.descriptor = descriptor;
            client.opened_at_millis = since;
            client.active_at_millis = since;
            client.is_busy = is_busy;
            if is_busy == Some(true) {
                client.state = ClientState::Active;
            }
        }
    }
}

/// What is watched by any epoll, by descriptor.
fn watched(look: Option<&Look>) -> BTreeMap<u32, Watched> {
    let epolls = look.map(|look| look.epolls.values().flatten()).into_iter().flatten();
    epolls.map(|watched| (watched.descriptor, *watched)).collect()
}

/// The sockets by what connections are known by.
struct Index<'a> {
    by_inode: HashMap<u64, &'a Entry>,
    by_ends: HashMap<(SocketAddr, SocketAddr), &'a Entry>,
    /// `None` where several have it.
    by_peer: HashMap<SocketAddr, Option<&'a Entry>>,
}

impl<'a> Index<'a> {
    fn of(entries: &'a [Entry]) -> Self {
        let mut index = Self {
            by_inode: HashMap::with_capacity(entries.len()),
            by_ends: HashMap::with_capacity(entries.len()),
            by_peer: HashMap::with_capacity(entries.len()),
        };
        let held = |entry: &&Entry| entry.inode != 0 && entry.state != TcpState::Listen;
        for entry in entries.iter().filter(held) {
            index.by_inode.insert(entry.inode, entry);
            index.by_ends.insert((entry.local, entry.peer), entry);
            index.by_peer.entry(entry.peer).and_modify(|one| *one = None).or_insert(Some(entry));
        }
        index
    }

    fn find(&self, client: &Client, inode: Option<u64>) -> Option<&'a Entry> {
        let peer = parse_address(&client.addr)?;
        // The descriptor may have been given to another connection since the server told of it.
        let by_inode = inode.and_then(|inode| self.by_inode.get(&inode).copied());
        if let Some(entry) = by_inode.filter(|entry| entry.peer == peer) {
            return Some(entry);
        }
        let by_ends = local(client).and_then(|local| self.by_ends.get(&(local, peer)).copied());
        by_ends.or_else(|| self.by_peer.get(&peer).copied().flatten())
    }
}

fn census(entries: &[Entry], place: &Place) -> Census {
    let mut census = Census::default();
    let ports: BTreeSet<u16> = place.ports.iter().copied().collect();
    for entry in entries.iter().filter(|entry| ports.contains(&entry.local.port())) {
        *census.states.entry(entry.state).or_default() += 1;
        let most_backlog = (entry.send_queue > 0).then_some(entry.send_queue);
        if entry.state == TcpState::Listen && most_backlog >= census.most_backlog {
            census.most_backlog = most_backlog;
            census.backlog = census.backlog.max(entry.receive_queue);
        }
    }
    census
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn how_many_may_wait_is_not_known_where_the_kernel_does_not_tell() {
        let place = Place { process: None, is_apart: false, ports: vec![6379], refusal: None };
        let census_of = |lengths: &[u32]| {
            let listening = |&send_queue: &u32| Entry {
                local: SocketAddr::from(([0, 0, 0, 0], 6379)),
                peer: SocketAddr::from(([0, 0, 0, 0], 0)),
                state: TcpState::Listen,
                timer: None,
                timer_millis: 0,
                retransmits: 0,
                probes: 0,
                receive_queue: 3,
                send_queue,
                uid: 0,
                inode: 1,
                info: None,
            };
            let entries: Vec<Entry> = lengths.iter().map(listening).collect();
            let census = census(&entries, &place);
            (census.backlog, census.most_backlog)
        };
        assert_eq!(census_of(&[0]), (3, None));
        assert_eq!(census_of(&[511, 128]), (3, Some(511)));
    }
}
