//! Connections that a server does not tell, read from its process: this test is that process. It
//! serves as Tokyo Tyrant does, with one epoll whose connections are disarmed while a worker has
//! them. Sockets of other tests would be taken for connections of the same server, so it is alone.

#![cfg(target_os = "linux")]

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    os::fd::AsRawFd,
    time::Duration,
};

use banyan_sources::{Endpoint, kernel::Host};
use banyan_topology::{Client, ServerFacts, ServerKind, TcpState, ThreadRole, Topology};
use rustix::event::{Timespec, epoll};

#[tokio::test]
async fn connections_of_a_server_that_does_not_tell_them() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let connect = || {
        let client = TcpStream::connect(("127.0.0.1", port)).unwrap();
        (client, listener.accept().unwrap().0)
    };
    let (idle_client, idle_end) = connect();
    let (mut busy, mut busy_end) = connect();
    let (leaving, leaving_end) = connect();
    let (left, left_end) = connect();

    let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).unwrap();
    let once = epoll::EventFlags::IN | epoll::EventFlags::ONESHOT;
    let data = epoll::EventData::new_u64(0);
    epoll::add(&epoll, &listener, data, epoll::EventFlags::IN).unwrap();
    for end in [&idle_end, &busy_end, &leaving_end] {
        epoll::add(&epoll, end, data, once).unwrap();
    }
    // Half a request, which a worker then waits in for the rest.
    busy.write_all(&[0xc8]).unwrap();
    let mut events = Vec::with_capacity(8);
    let patience = Timespec::try_from(Duration::from_secs(5)).unwrap();
    epoll::wait(&epoll, rustix::buffer::spare_capacity(&mut events), Some(&patience)).unwrap();
    assert_eq!(events.len(), 1);
    let busy_descriptor = busy_end.as_raw_fd() as u32;
    let worker = std::thread::spawn(move || {
        let mut request = [0; 2];
        busy_end.read_exact(&mut request).unwrap();
    });
    // One end has closed and the server has not, and the other way round.
    drop(leaving);
    drop(left_end);

    let endpoint = Endpoint::Tcp { host: "127.0.0.1".to_owned(), port };
    let mut host = Host::new(endpoint);
    let look = async |host: &mut Host| {
        let mut topology = Topology {
            server: ServerFacts {
                kind: ServerKind::TokyoTyrant,
                pid: Some(std::process::id()),
                ..ServerFacts::default()
            },
            ..Topology::default()
        };
        host.complete(&mut topology).await;
        topology
    };
    let first = look(&mut host).await;
    assert_eq!(first.withheld, []);
    let at = |topology: &Topology, descriptor: u32| -> Client {
        topology.clients.get(&u64::from(descriptor)).unwrap().clone()
    };
    assert_eq!(first.clients.len(), 3);
    let idle = at(&first, idle_end.as_raw_fd() as u32);
    assert_eq!((idle.is_busy, idle.is_dead), (Some(false), Some(false)));
    assert_eq!(idle.addr, idle_client.local_addr().unwrap().to_string());
    assert_eq!(at(&first, busy_descriptor).is_busy, Some(true));
    let closing = at(&first, leaving_end.as_raw_fd() as u32);
    assert_eq!((closing.socket.unwrap().state, closing.is_dead), (TcpState::CloseWait, None));

    // What closes may be on its way; what still closes at the next look is stuck. The worker has
    // come to its call by then, and other tests start their servers without our descriptors.
    let states = [TcpState::Listen, TcpState::Established, TcpState::CloseWait, TcpState::FinWait2];
    let later = loop {
        let topology = look(&mut host).await;
        let census = topology.census.as_ref().unwrap();
        let counts = states.map(|state| census.states.get(&state).copied().unwrap_or(0));
        let leaving = at(&topology, leaving_end.as_raw_fd() as u32);
        if counts == [1, 2, 1, 1] && leaving.is_dead == Some(true) {
            break topology;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    };
    assert_eq!(at(&later, idle_end.as_raw_fd() as u32), idle);
    let threads = later.threads.unwrap();
    let owner =
        threads.iter().find(|thread| thread.clients == [u64::from(busy_descriptor)]).unwrap();
    assert_eq!((owner.role, owner.is_busy), (ThreadRole::Worker, Some(true)));

    busy.write_all(&[0x58]).unwrap();
    worker.join().unwrap();
    drop(left);
}
