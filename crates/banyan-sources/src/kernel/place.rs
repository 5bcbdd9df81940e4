//! Which process of this host the server is, if it is one of this host at all.
//!
//! A server tells its pid as its own pid namespace counts, and a port may be a proxy's, a tunnel's or
//! a container's. So nothing is believed before the process that calls itself so holds the socket
//! that listens, or, where its descriptors cannot be read or it lives in another network namespace,
//! before our own connection is found among its sockets.

use std::{
    collections::BTreeSet,
    io::{self, ErrorKind},
    net::{IpAddr, SocketAddr, ToSocketAddrs, UdpSocket},
    path::Path,
};

use banyan_topology::ServerKind;

use super::{
    entry::Entry,
    proc_net,
    process::{Descriptors, Process},
};
use crate::target::Endpoint;

const OUR_NETWORK: &str = "/proc/self/net";

/// What tells servers from other programs by their names.
const SERVERS: [&str; 7] =
    ["redis", "valkey", "keydb", "dragonfly", "memcached", "ttserver", "sentinel"];

/// A cluster's nodes speak to each other this far above the port of their clients.
const BUS: u16 = 10_000;

/// What the server says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clues {
    pub kind: ServerKind,
    pub run_id: String,
    pub pid: Option<u32>,
    pub own: Option<Own>,
    /// The server's ends of its connections.
    pub ports: BTreeSet<u16>,
}

/// Our own connection as the server sees it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// The server's end, where it tells it: at another port than the one that we went to, where
    /// ports are mapped.
    pub local: Option<SocketAddr>,
    pub peer: SocketAddr,
}

/// Where the server is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `None` if only its sockets could be found.
    pub process: Option<Process>,
    /// Whether its network namespace is another than ours.
    pub is_apart: bool,
    /// Where it listens for clients.
    pub ports: Vec<u16>,
    /// Why its threads and descriptors cannot be looked at.
    pub refusal: Option<String>,
}

/// Finds the server, or says why it cannot be found.
pub fn find(endpoint: &Endpoint, clues: &Clues) -> Result<Place, String> {
    match endpoint {
        Endpoint::Tcp { host, port } => {
            let told = clues.own.and_then(|own| own.local).map_or(*port, |local| local.port());
            at_port(clues, host, told, told != *port)
        }
        Endpoint::Unix(path) => at_path(clues, path),
    }
}

/// `is_mapped`: the server tells another port than the one that we went to.
fn at_port(clues: &Clues, host: &str, port: u16, is_mapped: bool) -> Result<Place, String> {
    let ours = proc_net::listeners(Path::new(OUR_NETWORK)).map_err(|error| no_proc(&error))?;
    let is_local = is_local(host, port);
    for process in Process::called(clues.pid) {
        let theirs = match clues.pid {
            Some(_) => proc_net::listeners(&process.path("net")).unwrap_or_default(),
            // Reading that for every process of the host would be too much, and it is ours.
            None if is_server(process) => ours.clone(),
            None => continue,
        };
        let at_port: Vec<_> = theirs.iter().filter(|entry| entry.local.port() == port).collect();
        let is_apart = !at_port.iter().any(|entry| ours.iter().any(|our| our.inode == entry.inode));
        if at_port.is_empty() || (!is_apart && !is_local) {
            continue;
        }
        let descriptors = process.descriptors();
        let is_holder = match &descriptors {
            Ok(held) => {
                at_port.iter().any(|entry| held.sockets.values().any(|&i| i == entry.inode))
            }
            Err(_) => {
                clues.pid.is_some()
                    && is_server(process)
                    && at_port.iter().any(|entry| process.user() == Some(entry.uid))
            }
        };
        // A server that lies must not lead us to its neighbours.
        let is_proven = || is_server(process) && has_own(&process.path("net"), port, clues.own);
        if !is_holder || ((is_apart || is_mapped) && !is_proven()) {
            continue;
        }
        return Ok(place(process, is_apart, &theirs, descriptors, Some(port)));
    }
    if !is_local {
        return Err("the server is on another host, and only its own kernel knows".to_owned());
    }
    if has_own(Path::new(OUR_NETWORK), port, clues.own) {
        let refusal = match clues.pid {
            Some(pid) => format!("no process that is called {pid} can be seen here"),
            None => "the server does not say which process it is".to_owned(),
        };
        return Ok(Place {
            process: None,
            is_apart: false,
            ports: vec![port],
            refusal: Some(refusal),
        });
    }
    let pid = clues.pid.map(|pid| format!(" {pid}")).unwrap_or_default();
    Err(format!(
        "no process{pid} that listens at port {port} can be seen here: it may be behind a proxy or a \
        tunnel, or in a container, which takes root's rights on the host"
    ))
}

fn at_path(clues: &Clues, path: &Path) -> Result<Place, String> {
    for process in Process::called(clues.pid) {
        let listening = proc_net::unix_listeners(&process.path("net"), path).unwrap_or_default();
        if listening.is_empty() {
            continue;
        }
        let descriptors = process.descriptors();
        let is_holder = match &descriptors {
            Ok(held) => held.sockets.values().any(|inode| listening.contains(inode)),
            Err(_) => clues.pid.is_some() && is_server(process),
        };
        if is_holder {
            let theirs = proc_net::listeners(&process.path("net")).unwrap_or_default();
            let is_apart = process.network() != (Process { pid: std::process::id() }).network();
            return Ok(place(process, is_apart, &theirs, descriptors, None));
        }
    }
    Err(format!("no process that listens at {} can be seen here", path.display()))
}

fn place(
    process: Process,
    is_apart: bool,
    listeners: &[Entry],
    descriptors: io::Result<Descriptors>,
    port: Option<u16>,
) -> Place {
    let mut ports: BTreeSet<_> = port.into_iter().collect();
    if let Ok(held) = &descriptors {
        let own = listeners.iter().filter(|entry| held.sockets.values().any(|&i| i == entry.inode));
        ports.extend(own.map(|entry| entry.local.port()));
    }
    let is_bus = |port: u16| port.checked_sub(BUS).is_some_and(|below| ports.contains(&below));
    let ports = ports.iter().copied().filter(|&port| !is_bus(port)).collect();
    let refusal = descriptors.err().map(|error| refusal(process, &error));
    Place { process: Some(process), is_apart, ports, refusal }
}

/// Why a process cannot be looked into, and what to do about it.
pub fn refusal(process: Process, error: &io::Error) -> String {
    let pid = process.pid;
    if error.kind() != ErrorKind::PermissionDenied {
        return format!("process {pid} cannot be looked into: {error}");
    }
    match process.user() {
        Some(user) if Some(user) != (Process { pid: std::process::id() }).user() => format!(
            "process {pid} is another user's: run banyan as user {user} or with CAP_SYS_PTRACE"
        ),
        // It has changed its user since it began, and the kernel remembers.
        _ => format!("process {pid} lets nobody look into it: run banyan with CAP_SYS_PTRACE"),
    }
}

/// Whether an address is one of this host's: nobody can bind another.
fn is_local(host: &str, port: u16) -> bool {
    let is_ours = |ip: IpAddr| ip.is_loopback() || UdpSocket::bind((ip, 0)).is_ok();
    let addresses = (host, port).to_socket_addrs();
    addresses.is_ok_and(|mut addresses| addresses.any(|addr| is_ours(addr.ip().to_canonical())))
}

fn is_server(process: Process) -> bool {
    process.name().is_some_and(|name| SERVERS.iter().any(|server| name.contains(server)))
}

fn has_own(net: &Path, port: u16, own: Option<Own>) -> bool {
    let Some(own) = own else { return false };
    let is_own = |entry: &Entry| {
        entry.peer == own.peer
            && entry.local.port() == port
            && own.local.is_none_or(|local| entry.local == local)
    };
    proc_net::sockets(net, is_own).is_ok_and(|entries| !entries.is_empty())
}

fn no_proc(error: &io::Error) -> String {
    format!("needs the /proc of Linux: {error}")
}
