//! Clients whose hosts vanish, made for real: a network namespace loses an address while clients
//! hold connections from it. Nobody answers then, and nobody refuses either.

#![cfg(target_os = "linux")]

use std::{
    fs::File,
    net::{Ipv4Addr, SocketAddr, TcpStream},
    os::fd::AsFd,
    process::{Child, Command, Stdio},
    sync::Arc,
    time::Duration,
};

use banyan_sources::{Link, Password};
use banyan_topology::{Client, ClientState, TcpState, TcpTimer, ThreadRole, Topology};
use rustix::thread::{LinkNameSpaceType, move_into_link_name_space};
use socket2::{Domain, Socket, Type};

use crate::server::{Plain, Watch, named, redis};

/// A network with this host at `.1` and another, of our making, at `.2` and `.3`.
struct Network {
    name: String,
    link: String,
    subnet: u8,
}

impl Network {
    /// `None` with a message where the rights or the program lack. Each test takes another subnet.
    fn new(subnet: u8) -> Option<Self> {
        let id = std::process::id();
        let network = Self {
            name: format!("banyan-{id}-{subnet}"),
            link: format!("by{id}-{subnet}"),
            subnet,
        };
        let (name, link, here) = (&network.name, &network.link, network.address(1));
        // The other end keeps its hardware address known, so that this host goes on sending.
        let commands = [
            format!("netns add {name}"),
            format!(
                "link add {link} type veth peer name out netns {name} address 02:00:00:00:00:02"
            ),
            format!("addr add {here}/24 dev {link}"),
            format!("link set {link} up"),
            format!("-n {name} addr add {}/24 dev out", network.address(2)),
            format!("-n {name} addr add {}/24 dev out", network.address(3)),
            format!("-n {name} link set out up"),
            format!("neigh replace {} lladdr 02:00:00:00:00:02 dev {link}", network.address(3)),
        ];
        for command in commands {
            if !ip(&command) {
                println!("skipped: `ip {command}` fails, which takes iproute2 and root's rights");
                return None;
            }
        }
        Some(network)
    }

    fn address(&self, host: u8) -> Ipv4Addr {
        Ipv4Addr::new(10, 213, self.subnet, host)
    }

    /// The host of clients at `.3` is gone.
    fn lose(&self) {
        assert!(ip(&format!("-n {} addr del {}/24 dev out", self.name, self.address(3))));
    }

    /// Connects from there to here.
    fn connect(&self, from: u8, port: u16) -> Plain {
        let path = format!("/run/netns/{}", self.name);
        let from = SocketAddr::from((self.address(from), 0));
        let to = SocketAddr::from((self.address(1), port));
        // A thread of its own: it stays in the other namespace.
        let socket = std::thread::spawn(move || {
            let namespace = File::open(path).unwrap();
            move_into_link_name_space(namespace.as_fd(), Some(LinkNameSpaceType::Network)).unwrap();
            let socket = Socket::new(Domain::IPV4, Type::STREAM, None).unwrap();
            socket.bind(&from.into()).unwrap();
            socket.connect_timeout(&to.into(), Duration::from_secs(5)).unwrap();
            socket
        });
        Plain::over(TcpStream::from(socket.join().unwrap()))
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        ip(&format!("link del {}", self.link));
        ip(&format!("netns del {}", self.name));
    }
}

fn ip(command: &str) -> bool {
    let mut ip = Command::new("ip");
    ip.args(command.split(' ')).stderr(Stdio::null());
    ip.status().is_ok_and(|status| status.success())
}

fn evidence<'a>(client: &'a Client, name: &str) -> Option<&'a str> {
    client.dead_evidence.iter().find(|e| e.name == name).map(|e| e.value.as_str())
}

#[tokio::test]
async fn the_dead_are_told_from_the_slow() {
    let Some(network) = Network::new(1) else { return };
    let here = network.address(1).to_string();
    // Idle connections are asked after 6 s, 3 times, every 2 s.
    let options = ["--bind", "127.0.0.1", &here, "--protected-mode", "no", "--tcp-keepalive", "6"];
    let Some(server) = redis(&options).await else { return };
    let client = |from: u8, name: &str| {
        let mut client = network.connect(from, server.port);
        client.say(&format!("CLIENT SETNAME {name}"));
        client
    };
    let mut dead_idle = client(3, "dead-idle");
    let mut dead_blocked = client(3, "dead-blocked");
    let mut dead_board = client(3, "dead-board");
    let mut dead_slow = client(3, "dead-slow");
    let mut idle = client(2, "idle");
    let mut blocked = client(2, "blocked");
    let mut slow = client(2, "slow");
    let mut closing = client(2, "closing");
    idle.say("PING");
    closing.say("PING");
    dead_idle.say("PING");
    dead_blocked.send("BRPOP queue 0");
    blocked.send("BRPOP other 0");
    dead_board.say("SUBSCRIBE board");
    slow.say("SUBSCRIBE flood");
    dead_slow.say("SUBSCRIBE flood");
    // More than the buffers of a reader who does not read can hold.
    let mut publisher = Plain::open(server.port);
    let flood = format!("PUBLISH flood {}", "x".repeat(60_000));
    for _ in 0..100 {
        assert_eq!(publisher.say(&flood), ":2");
    }

    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let is_stuck = |topology: &Topology, name: &str| {
        let socket = named(topology, name).and_then(|client| client.socket.as_ref());
        socket.is_some_and(|socket| socket.timer == Some(TcpTimer::ZeroWindowProbe))
    };
    let living = ["idle", "blocked", "slow", "closing"];
    watch.until(|t| is_stuck(t, "slow") && is_stuck(t, "dead-slow")).await;
    network.lose();
    publisher.say("PUBLISH board news");

    let is_dead = |topology: &Topology, name: &str| {
        assert!(living.iter().all(|name| {
            named(topology, name).is_none_or(|client| client.is_dead != Some(true))
        }));
        named(topology, name).is_some_and(|client| client.is_dead == Some(true))
    };
    let all = ["dead-idle", "dead-blocked", "dead-board", "dead-slow"];
    let topology = watch.until(|topology| all.iter().all(|name| is_dead(topology, name))).await;
    let of = |name: &str| named(&topology, name).unwrap();
    // The server itself believes in all of them.
    assert_eq!(of("dead-blocked").state, ClientState::Blocked);
    assert_eq!(of("dead-board").state, ClientState::Subscriber);
    for name in ["dead-idle", "dead-blocked"] {
        assert!(evidence(of(name), "unanswered_probes").unwrap().parse::<u32>().unwrap() >= 2);
    }
    assert!(evidence(of("dead-board"), "retransmits").unwrap().parse::<u32>().unwrap() >= 3);
    assert_eq!(of("dead-board").socket.as_ref().unwrap().timer, Some(TcpTimer::Retransmit));
    assert!(evidence(of("dead-slow"), "unanswered_probes").is_some());
    assert!(of("slow").socket.as_ref().unwrap().send_queue_bytes > 0);
    for name in ["idle", "blocked"] {
        assert_eq!((of(name).is_dead, &of(name).dead_evidence[..]), (Some(false), &[][..]));
    }
    // A reader that reads again lives on, and one that leaves is gone at once.
    drop(closing);
    watch.until(|t| named(t, "closing").is_none()).await;
    watch.shutdown.cancel();
}

/// A server that is ended by its own handle.
struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// As in a container: the server calls itself process 1.
#[tokio::test]
async fn a_server_in_namespaces_of_its_own() {
    let Some(network) = Network::new(2) else { return };
    let (there, port) = (network.address(2).to_string(), "6390");
    let mut server = Command::new("ip");
    server.args(["netns", "exec", &network.name, "unshare", "--pid", "--fork", "--kill-child"]);
    server.args(["redis-server", "--bind", &there, "--port", port, "--save", ""]);
    server.args(["--requirepass", "x"]).stdout(Stdio::null());
    let Ok(server) = server.spawn() else { return println!("skipped: no redis-server") };
    let _server = Ended(server);
    let mut target: banyan_sources::Target = format!("redis://{there}:{port}").parse().unwrap();
    target.password = Some(Password("x".to_owned()));
    let link = Arc::new(Link::new(target));
    let mut watch = Watch::quick(&link);
    let topology = watch.until(|topology| !topology.clients.is_empty()).await;
    assert_eq!(topology.server.pid, Some(1));
    let own = topology.clients.values().next().unwrap();
    let socket = own.socket.as_ref().unwrap();
    assert_eq!((socket.state, own.is_dead), (TcpState::Established, Some(false)));
    assert!(socket.round_trip_micros.is_some(), "by netlink within that network");
    let threads = topology.threads.unwrap();
    let main = threads.iter().find(|thread| thread.role == ThreadRole::Main).unwrap();
    assert!(main.id != 1 && main.clients == [own.id], "{main:?}");
    watch.shutdown.cancel();
}
