//! Asking the kernel over a netlink socket.
//!
//! A netlink socket belongs to the network namespace in which it was opened, whatever its process
//! does later: that is how the sockets of a container are asked for, where the rights allow it.

use std::{
    io::{self, Read},
    time::Duration,
};

use socket2::{Domain, Protocol, Socket, Type};

use super::{
    entry::Entry,
    inet_diag::{Family, Message, messages, question},
};

/// `AF_NETLINK` and `NETLINK_SOCK_DIAG`, which are the same on every architecture.
const NETLINK: i32 = 16;
const SOCK_DIAG: i32 = 4;

/// The kernel fills at most 32 KiB at once.
const DATAGRAM: usize = 64 * 1024;

/// A kernel answers at once; this is for what only looks like one.
const PATIENCE: Duration = Duration::from_secs(2);

/// Sockets at one port that are looked at; what is beyond is left out.
const MOST_SOCKETS: usize = 500_000;

pub struct Netlink {
    socket: Socket,
}

impl Netlink {
    pub fn open() -> io::Result<Self> {
        let socket =
            Socket::new(Domain::from(NETLINK), Type::DGRAM, Some(Protocol::from(SOCK_DIAG)))?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { socket })
    }

    /// In the network namespace of another process.
    pub fn open_within(pid: u32) -> io::Result<Self> {
        let path = format!("/proc/{pid}/ns/net");
        // A namespace is a matter of a thread: this one ends as soon as it has opened the socket.
        std::thread::spawn(move || {
            enter(&path)?;
            Self::open()
        })
        .join()
        .map_err(|_panic| io::Error::other("the namespace cannot be entered"))?
    }

    /// Every TCP socket at a local port, of both families.
    pub fn sockets(&mut self, port: u16) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for family in [Family::V4, Family::V6] {
            self.socket.send(&question(family, port))?;
            self.read_answer(&mut entries)?;
        }
        Ok(entries)
    }

    fn read_answer(&mut self, entries: &mut Vec<Entry>) -> io::Result<()> {
        let mut buffer = vec![0; DATAGRAM];
        loop {
            let length = match self.socket.read(&mut buffer) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                length => length?,
            };
            for message in messages(buffer.get(..length).unwrap_or_default()) {
                match message {
                    Message::Socket(entry) if entries.len() < MOST_SOCKETS => entries.push(*entry),
                    Message::Socket(_) | Message::Unknown => {}
                    Message::Done => return Ok(()),
                    Message::Refused(number) => return Err(io::Error::from_raw_os_error(number)),
                }
            }
        }
    }
}

#[cfg(target_os = "linux")]
fn enter(namespace: &str) -> io::Result<()> {
    use std::os::fd::AsFd;

    use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};

    let namespace = std::fs::File::open(namespace)?;
    Ok(move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network))?)
}

#[cfg(not(target_os = "linux"))]
fn enter(_namespace: &str) -> io::Result<()> {
    Err(io::ErrorKind::Unsupported.into())
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{
        net::{TcpListener, TcpStream},
        path::Path,
    };

    use super::*;
    use crate::kernel::proc_net;

    #[test]
    fn both_ways_to_ask_tell_the_same() {
        for host in ["127.0.0.1", "::1"] {
            let Ok(listener) = TcpListener::bind((host, 0)) else {
                continue;
            };
            let port = listener.local_addr().unwrap().port();
            let near = TcpStream::connect((host, port)).unwrap();
            let (far, peer) = listener.accept().unwrap();
            let mut by_netlink = Netlink::open().unwrap().sockets(port).unwrap();
            let is_at_port = |entry: &Entry| entry.local.port() == port;
            let by_proc = proc_net::sockets(Path::new("/proc/self/net"), is_at_port).unwrap();
            assert_eq!(by_netlink.len(), 2);
            let accepted = by_netlink.iter().find(|entry| entry.peer == peer).unwrap();
            assert!(accepted.info.is_some_and(|info| info.round_trip_micros > 0));
            for entry in &mut by_netlink {
                // What `/proc` does not have.
                entry.info = None;
                if entry.state == banyan_topology::TcpState::Listen {
                    entry.send_queue = 0;
                }
            }
            for entry in by_proc {
                assert!(by_netlink.contains(&entry), "{entry:?} in {by_netlink:?}");
            }
            drop((near, far));
        }
    }
}
