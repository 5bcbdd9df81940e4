//! Looking at the server's process and its sockets, at a pace.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use banyan_topology::{ServerKind, TcpState};

use super::{
    entry::Entry,
    netlink::Netlink,
    place::{self, Clues, Place, refusal},
    proc_net,
    process::{Process, Watched},
    threads,
};
use crate::{clock::now_millis, target::Endpoint};

/// Between two looks.
const INTERVAL: Duration = Duration::from_secs(1);

/// A look that took this long is followed by a rest of fifty times that.
const RESTS: u32 = 50;

/// Until a server that was not found is looked for again.
const NEXT_SEARCH: Duration = Duration::from_secs(30);

/// Ports of links that the server opened itself, such as to its master.
const MOST_PORTS: usize = 16;

/// When something that costs is due again.
#[derive(Debug, Default)]
struct Pace(Option<Instant>);

impl Pace {
    fn is_due(&self) -> bool {
        self.0.is_none_or(|due| Instant::now() >= due)
    }

    fn spent(&mut self, begin: Instant) {
        // A poll that comes a little early is as good as one on time.
        let rest = (begin.elapsed() * RESTS).max(INTERVAL.mul_f64(0.95));
        self.0 = Some(begin + rest);
    }
}

/// The sockets at one moment.
#[derive(Debug, Default)]
pub struct Sockets {
    pub taken_at_millis: u64,
    /// Counts the looks, so that each is joined once.
    pub number: u64,
    pub entries: Vec<Entry>,
}

pub struct Looker {
    endpoint: Endpoint,
    /// The run of the server that was looked for.
    run_id: String,
    pub place: Result<Place, String>,
    search: Option<Instant>,
    netlink: Option<Netlink>,
    pub sockets: Sockets,
    /// Why there are none.
    pub sockets_refusal: Option<String>,
    pub threads: Option<threads::Look>,
    pub threads_refusal: Option<String>,
    threads_at: Option<Instant>,
    sockets_pace: Pace,
    threads_pace: Pace,
}

impl Looker {
    pub fn new(endpoint: Endpoint) -> Self {
        Self {
            endpoint,
            run_id: String::new(),
            place: Err(String::new()),
            search: None,
            netlink: None,
            sockets: Sockets::default(),
            sockets_refusal: None,
            threads: None,
            threads_refusal: None,
            threads_at: None,
            sockets_pace: Pace::default(),
            threads_pace: Pace::default(),
        }
    }

    /// Looks at whatever is due.
    pub fn look(&mut self, clues: &Clues) {
        self.search(clues);
        let Ok(place) = self.place.clone() else { return };
        if self.sockets_pace.is_due() {
            let begin = Instant::now();
            self.look_at_sockets(&place, clues);
            self.sockets_pace.spent(begin);
        }
        if self.threads_pace.is_due() {
            let begin = Instant::now();
            match self.look_at_threads(&place, clues.kind) {
                Ok(look) => {
                    self.threads = Some(look);
                    self.threads_refusal = None;
                }
                Err(reason) => {
                    self.threads = None;
                    self.threads_refusal = Some(reason);
                }
            }
            self.threads_pace.spent(begin);
        }
    }

    fn search(&mut self, clues: &Clues) {
        let is_due = match (&self.place, self.search) {
            (_, None) => true,
            (Err(_), Some(at)) => at.elapsed() >= NEXT_SEARCH,
            (Ok(_), _) => false,
        };
        if !is_due && self.run_id == clues.run_id {
            return;
        }
        *self = Self {
            place: place::find(&self.endpoint, clues),
            run_id: clues.run_id.clone(),
            search: Some(Instant::now()),
            sockets: Sockets { number: self.sockets.number, ..Sockets::default() },
            ..Self::new(self.endpoint.clone())
        };
    }

    fn look_at_sockets(&mut self, place: &Place, clues: &Clues) {
        let mut ports = place.ports.clone();
        ports.extend(clues.ports.difference(&place.ports.iter().copied().collect()));
        ports.truncate(MOST_PORTS);
        let entries = match self.by_netlink(place, &ports) {
            Some(entries) => Ok(entries),
            None => {
                let net = match place.process {
                    Some(process) => process.path("net"),
                    None => Path::new("/proc/self/net").to_owned(),
                };
                proc_net::sockets(&net, |entry| ports.contains(&entry.local.port()))
            }
        };
        match entries {
            Ok(entries) => {
                let (taken_at_millis, number) = (now_millis(), self.sockets.number + 1);
                self.sockets = Sockets { taken_at_millis, number, entries };
                self.sockets_refusal = None;
            }
            Err(error) => {
                self.sockets_refusal = Some(format!("the kernel does not tell: {error}"));
                // The process is gone, or another has its number.
                self.search = None;
            }
        }
    }

    /// `None` where netlink does not work, for want of rights or in a sandbox.
    fn by_netlink(&mut self, place: &Place, ports: &[u16]) -> Option<Vec<Entry>> {
        if self.netlink.is_none() {
            self.netlink = match place.process {
                Some(process) if place.is_apart => Netlink::open_within(process.pid).ok(),
                _ => Netlink::open().ok(),
            };
        }
        let netlink = self.netlink.as_mut()?;
        let mut entries = Vec::new();
        for &port in ports {
            match netlink.sockets(port) {
                Ok(more) => entries.extend(more),
                Err(_) => {
                    // An answer that was not read to its end would be taken for the next.
                    self.netlink = None;
                    return None;
                }
            }
        }
        Some(entries)
    }

    fn look_at_threads(
        &mut self,
        place: &Place,
        kind: ServerKind,
    ) -> Result<threads::Look, String> {
        let Some(process) = place.process else {
            return Err(place.refusal.clone().unwrap_or_default());
        };
        let failed = |error| refusal(process, &error);
        let now = Instant::now();
        let mut look =
            threads::Look { tasks: process.tasks().map_err(failed)?, ..Default::default() };
        if let (Some(earlier), Some(at)) = (&self.threads, self.threads_at) {
            look.compare(earlier, now.duration_since(at).as_nanos().try_into().unwrap_or(u64::MAX));
        }
        self.threads_at = Some(now);
        if !matches!(kind, ServerKind::Memcached | ServerKind::TokyoTyrant) {
            return Ok(look);
        }
        if let Some(refusal) = &place.refusal {
            return Err(refusal.clone());
        }
        // The epolls of a server are made when it starts.
        let epolls: Vec<u32> = match &self.threads {
            Some(earlier) if !earlier.epolls.is_empty() => earlier.epolls.keys().copied().collect(),
            _ => process.descriptors().map_err(failed)?.epolls,
        };
        for epoll in epolls {
            look.epolls
                .insert(epoll, with_inodes(process, process.watched(epoll).map_err(failed)?));
        }
        let is_listening = |watched: &&Watched| {
            let is_same = |entry: &Entry| Some(entry.inode) == watched.inode;
            self.sockets.entries.iter().filter(|e| e.state == TcpState::Listen).any(is_same)
        };
        let watched = look.epolls.values().flatten();
        look.listeners = watched.filter(is_listening).map(|watched| watched.descriptor).collect();
        Ok(look)
    }
}

/// With the inodes that an old kernel does not tell.
fn with_inodes(process: Process, mut watched: Vec<Watched>) -> Vec<Watched> {
    for watched in watched.iter_mut().filter(|watched| watched.inode.is_none()) {
        watched.inode = process.socket(watched.descriptor);
    }
    watched
}
