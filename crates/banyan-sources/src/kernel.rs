//! What the kernel of a server's host knows of it: the TCP state of every connection, which clients
//! are dead though the server believes in them, which thread owns which connection.
//!
//! Linux only, and only on the server's own host: [`Host::complete`] finds the server's process
//! ([`place`]), asks for its sockets by netlink or else in `/proc` ([`netlink`], [`proc_net`]), for
//! its threads and epolls in `/proc` ([`process`]), and joins all that with what the server told.
//! Elsewhere the parts are withheld with the reason.
//!
//! What it costs, with 10,000 connections on two busy cores: 35 to 75 ms for the sockets and the threads
//! of Redis, 70 to 100 ms for those of memcached, whose epolls are read as well; a millisecond with few
//! connections. The kernel copies sockets without stopping anybody for long, but holds the lock of an
//! epoll while it tells what that watches, so that one worker waits at a time. Each of the two is done
//! once a second at most, and takes at most a fiftieth of the time.

mod entry;
mod inet_diag;
mod join;
mod judge;
mod look;
mod netlink;
mod place;
mod proc_net;
mod process;
mod still;
mod threads;

use banyan_topology::{Part, Topology};
use tokio::task::spawn_blocking;

use self::{join::Joined, look::Looker};
use crate::target::Endpoint;

/// The host of one server, as far as it is ours.
pub struct Host {
    /// Away while a look goes on, and for good if one was given up.
    looker: Option<Box<Looker>>,
    joined: Joined,
}

impl Host {
    /// Asks nothing yet.
    pub fn new(endpoint: Endpoint) -> Self {
        Self { looker: Some(Box::new(Looker::new(endpoint))), joined: Joined::default() }
    }

    /// Adds what the kernel knows to what the server has told of itself: sockets, deaths, census,
    /// threads; and, of Tokyo Tyrant, which tells none, the connections.
    pub async fn complete(&mut self, topology: &mut Topology) {
        let clues = join::clues(topology);
        if let Some(mut looker) = self.looker.take() {
            let looked = spawn_blocking(move || {
                looker.look(&clues);
                looker
            });
            self.looker = looked.await.ok();
        }
        match self.looker.as_deref() {
            Some(looker) => self.joined.complete(looker, topology),
            None => {
                join::withhold(topology, &[Part::Sockets, Part::Threads], "the look was given up");
            }
        }
    }
}
