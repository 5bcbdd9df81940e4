//! What the kernel of this host tells of real servers.

use std::{
    collections::BTreeSet,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use banyan_sources::{Deadlines, Link, demo, snapshot};
use banyan_topology::{Part, TcpState, Thread, ThreadRole};

use crate::server::{Plain, Watch, named, redis};

#[tokio::test]
async fn each_connection_of_memcached_has_one_worker() {
    let server = match demo::start_memcached().await {
        Ok(server) => server,
        Err(error) => return println!("skipped: {error}"),
    };
    let link = Arc::new(Link::new(server.target.clone()));
    let mut clients: Vec<_> = (0..10).map(|_| Plain::open(server.port)).collect();
    for client in &mut clients {
        assert!(client.say("version").starts_with("VERSION"));
    }
    let mut watch = Watch::quick(&link);
    let topology = watch.until(|topology| topology.clients.len() == 11).await;
    if let Some(withheld) = topology.withheld.iter().find(|w| w.part == Part::Threads) {
        return println!("skipped: {}", withheld.reason);
    }
    let threads = topology.threads.unwrap();
    let workers: Vec<_> = threads.iter().filter(|t| t.role == ThreadRole::Worker).collect();
    assert_eq!(workers.len(), 4);
    assert!(workers.iter().all(|worker| !worker.clients.is_empty()));
    let listeners: Vec<_> = threads.iter().filter(|t| t.role == ThreadRole::Listener).collect();
    assert_eq!(
        listeners.iter().map(|thread| thread.id).collect::<Vec<_>>(),
        [server.pid().unwrap()]
    );
    assert!(threads.iter().any(|thread| thread.role == ThreadRole::Background));

    let owned: Vec<_> = threads.iter().flat_map(|thread| thread.clients.clone()).collect();
    let all: BTreeSet<_> = topology.clients.keys().copied().collect();
    assert_eq!(owned.len(), all.len());
    assert_eq!(owned.into_iter().collect::<BTreeSet<_>>(), all);

    for client in topology.clients.values() {
        let socket = client.socket.as_ref().unwrap();
        assert_eq!((socket.state, client.is_dead), (TcpState::Established, Some(false)));
    }
    let census = topology.census.unwrap();
    assert_eq!(census.states.get(&TcpState::Listen), Some(&1));
    assert_eq!(census.states.get(&TcpState::Established), Some(&11));
    assert!(census.most_backlog > Some(0));

    // A worker that is asked all the time takes a share of a processor that can be seen.
    let is_over = Arc::new(AtomicBool::new(false));
    let asking = std::thread::spawn({
        let is_over = Arc::clone(&is_over);
        move || {
            while !is_over.load(Ordering::Relaxed) {
                clients.iter_mut().for_each(|client| assert!(!client.say("version").is_empty()));
            }
        }
    });
    let is_at_work =
        |thread: &Thread| thread.role == ThreadRole::Worker && thread.cpu_permille > Some(0);
    watch.until(|topology| topology.threads.iter().flatten().any(is_at_work)).await;
    is_over.store(true, Ordering::Relaxed);
    asking.join().unwrap();
    watch.shutdown.cancel();
}

#[tokio::test]
async fn main_has_all_connections_of_redis() {
    let Some(server) = redis(&["--io-threads", "2"]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("CLIENT SETNAME worker");
    let topology = snapshot(&Link::new(server.target.clone()), Deadlines::default()).await.unwrap();
    let threads = topology.threads.as_ref().unwrap();
    let [main] = threads.iter().filter(|t| t.role == ThreadRole::Main).collect::<Vec<_>>()[..]
    else {
        panic!("one main thread in {threads:?}")
    };
    assert_eq!(main.id, server.pid().unwrap());
    assert_eq!(main.clients, topology.clients.keys().copied().collect::<Vec<_>>());
    assert!(threads.iter().any(|t| t.role == ThreadRole::Io && t.name == "io_thd_1"));
    assert!(threads.iter().any(|t| t.role == ThreadRole::Background && t.name.starts_with("bio")));
    let worker = named(&topology, "worker").unwrap();
    let socket = worker.socket.as_ref().unwrap();
    assert_eq!((socket.state, worker.is_dead), (TcpState::Established, Some(false)));
    assert!(socket.round_trip_micros.is_some());
}

#[tokio::test]
async fn a_unix_socket_leads_to_the_same_server() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("r.sock");
    let Some(server) = redis(&["--unixsocket", path.to_str().unwrap()]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("CLIENT SETNAME worker");
    let target = format!("redis+unix://{}", path.display()).parse().unwrap();
    let topology = snapshot(&Link::new(target), Deadlines::default()).await.unwrap();
    assert_eq!(topology.withheld, []);
    let states: Vec<_> = topology
        .clients
        .values()
        .map(|client| (client.name.as_str(), client.socket.is_some(), client.is_dead))
        .collect();
    assert_eq!(states, [("worker", true, Some(false)), ("banyan", false, Some(false))]);
    assert!(topology.threads.unwrap().iter().any(|t| t.clients.len() == 2));
}

#[tokio::test]
async fn behind_a_proxy_of_this_host_the_servers_own_port_is_found() {
    let Some(server) = redis(&[]).await else { return };
    let proxy = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (port, behind) = (proxy.local_addr().unwrap().port(), server.port);
    tokio::spawn(async move {
        while let Ok((mut client, _)) = proxy.accept().await {
            let mut server = tokio::net::TcpStream::connect(("127.0.0.1", behind)).await.unwrap();
            tokio::spawn(
                async move { tokio::io::copy_bidirectional(&mut client, &mut server).await },
            );
        }
    });
    let target = format!("redis://localhost:{port}").parse().unwrap();
    let topology = snapshot(&Link::new(target), Deadlines::default()).await.unwrap();
    // The server itself is on this host, and says so; its own port is what its sockets are at.
    assert!(topology.threads.is_some());
    assert!(!topology.clients.is_empty());
    let mut clients = topology.clients.values();
    assert!(clients.all(|client| client.socket.as_ref().is_some_and(|s| s.inode > 0)));
}
