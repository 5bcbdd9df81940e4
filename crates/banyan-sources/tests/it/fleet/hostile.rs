use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use banyan_sources::{AllowList, Deadlines, Link, Target, snapshot};
use banyan_topology::{Reach, Topology};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

use super::fleet;
use crate::server::Watch;

/// A server that says what it is asked to on INFO and the commands of a cluster or a Sentinel.
#[derive(Clone, Default)]
struct Liar {
    info: String,
    nodes: String,
    shards: String,
    masters: String,
    /// How often somebody wanted to hear its events, which it lets nobody.
    listeners: Arc<AtomicUsize>,
}

fn bulk(text: &str) -> String {
    format!("${}\r\n{text}\r\n", text.len())
}

async fn start(liar: Liar) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(stream, liar.clone()));
        }
    });
    port
}

/// Answers each command by its words; a pipeline comes as one read on loopback.
async fn serve(mut stream: TcpStream, liar: Liar) {
    let mut bytes = vec![0; 64 * 1024];
    loop {
        let Ok(count @ 1..) = stream.read(&mut bytes).await else { return };
        let text = String::from_utf8_lossy(&bytes[..count]).to_lowercase();
        let mut answer = String::new();
        for command in text.split('*').skip(1) {
            let words: Vec<&str> =
                command.lines().skip(1).filter(|line| !line.starts_with('$')).collect();
            answer += &match words.as_slice() {
                ["client", "id"] => ":7\r\n".to_owned(),
                ["client", "list"] => bulk("id=7 addr=127.0.0.1:1 name=x\n"),
                ["client" | "auth", ..] => "+OK\r\n".to_owned(),
                ["info", ..] => bulk(&liar.info),
                ["cluster", "nodes"] => bulk(&liar.nodes),
                ["cluster", "shards"] => liar.shards.clone(),
                ["sentinel", "masters"] => liar.masters.clone(),
                ["sentinel", "replicas" | "sentinels", ..] => "*0\r\n".to_owned(),
                ["psubscribe", ..] => {
                    liar.listeners.fetch_add(1, Ordering::SeqCst);
                    "-NOPERM no\r\n".to_owned()
                }
                _ => "-ERR unknown command\r\n".to_owned(),
            };
        }
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

/// Counts connects on an address of this machine that is not the seed's host.
async fn trap() -> (u16, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("[::]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let count = Arc::new(AtomicUsize::new(0));
    let counted = count.clone();
    tokio::spawn(async move {
        while listener.accept().await.is_ok() {
            counted.fetch_add(1, Ordering::SeqCst);
        }
    });
    (port, count)
}

/// An address of this machine besides loopback, if it has one. No packet is sent.
fn other_address() -> Option<String> {
    let socket = std::net::UdpSocket::bind("0.0.0.0:0").unwrap();
    socket.connect("192.0.2.1:9").ok()?;
    let address = socket.local_addr().unwrap().ip();
    (!address.is_loopback() && !address.is_unspecified()).then(|| address.to_string())
}

fn soon() -> Deadlines {
    Deadlines { connect: Duration::from_secs(5), command: Duration::from_secs(5) }
}

async fn look(url: &str, port: u16, follow: AllowList) -> Topology {
    let mut link = Link::new(format!("{url}://127.0.0.1:{port}").parse::<Target>().unwrap());
    link.follow = follow;
    snapshot(&link, soon()).await.unwrap()
}

const INFO: &str = "redis_version:7.0.15\r\nrun_id:abc\r\n";

/// Each way to name a server.
fn liars(host: &str, port: u16) -> Vec<(&'static str, Liar)> {
    let place = format!("{host}:{port}");
    let replica = format!(
        "{INFO}role:master\r\nconnected_slaves:1\r\n\
         slave0:ip={host},port={port},state=online,offset=1,lag=0\r\nmaster_repl_offset:1\r\n"
    );
    let master = format!(
        "{INFO}role:slave\r\nmaster_host:{host}\r\nmaster_port:{port}\r\nmaster_link_status:up\r\n"
    );
    let cluster = format!("{INFO}redis_mode:cluster\r\nrole:master\r\n");
    let nodes = format!(
        "aa :0@0 myself,master - 0 0 1 connected 0-100\nbb {place}@1{port} master - 0 0 1 connected 101-200\n"
    );
    let unplaced =
        "aa :0@0 myself,master - 0 0 1 connected 0-100\nbb :0@0 master - 0 0 1 connected 101-200\n";
    let node = format!(
        "*6\r\n{}{}{}{}{}:{port}\r\n",
        bulk("id"),
        bulk("bb"),
        bulk("ip"),
        bulk(host),
        bulk("port")
    );
    let shards =
        format!("*1\r\n*4\r\n{}*2\r\n:101\r\n:200\r\n{}*1\r\n{node}", bulk("slots"), bulk("nodes"));
    let sentinel = format!("{INFO}redis_mode:sentinel\r\n");
    let masters = format!(
        "*1\r\n*8\r\n{}{}{}{}{}{}{}{}",
        bulk("name"),
        bulk("main"),
        bulk("ip"),
        bulk(host),
        bulk("port"),
        bulk(&port.to_string()),
        bulk("flags"),
        bulk("master")
    );
    let liar = Liar::default();
    vec![
        ("redis", Liar { info: replica, ..liar.clone() }),
        ("redis", Liar { info: master, ..liar.clone() }),
        (
            "redis",
            Liar { info: cluster.clone(), nodes, shards: "-ERR x\r\n".into(), ..liar.clone() },
        ),
        ("redis", Liar { info: cluster, nodes: unplaced.into(), shards, ..liar.clone() }),
        ("redis-sentinel", Liar { info: sentinel, masters, ..liar }),
    ]
}

#[tokio::test]
async fn what_a_server_names_is_connected_to_only_if_it_is_permitted() {
    let (trap_port, connects) = trap().await;
    let mut hosts = vec![("169.254.169.254".to_owned(), 80)];
    match other_address() {
        Some(host) => hosts.push((host, trap_port)),
        None => println!("skipped: no address besides loopback"),
    }
    for (host, port) in &hosts {
        for (url, liar) in liars(host, *port) {
            let seed = start(liar).await;
            let topology = look(url, seed, AllowList::default()).await;
            let fleet = fleet(&topology);
            assert_eq!(fleet.nodes.len(), 2, "{fleet:?}");
            assert_eq!(fleet.nodes[1].addr, format!("{host}:{port}"));
            assert_eq!(fleet.nodes[1].reach, Reach::NotPermitted);
        }
    }
    assert_eq!(connects.load(Ordering::SeqCst), 0);
    // The trap would have shut: with the address listed, each of the five leads there.
    if let Some((host, port)) = hosts.get(1) {
        for (index, (url, liar)) in liars(host, *port).into_iter().enumerate() {
            let seed = start(liar).await;
            let follow = AllowList::new(vec![host.parse().unwrap()]);
            let mut link = Link::new(format!("{url}://127.0.0.1:{seed}").parse().unwrap());
            link.follow = follow;
            let deadlines = Deadlines { command: Duration::from_millis(200), ..soon() };
            let _ = snapshot(&link, deadlines).await;
            assert!(connects.load(Ordering::SeqCst) > index, "{url}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_followed_nowhere() {
    let (trap_port, connects) = trap().await;
    let host = other_address().unwrap_or_else(|| "127.0.0.1".to_owned());
    for word in ["MOVED", "ASK"] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let answer = format!("-{word} 1 {host}:{trap_port}\r\n");
        tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                let answer = answer.clone();
                tokio::spawn(async move {
                    let mut bytes = [0; 4096];
                    while matches!(stream.read(&mut bytes).await, Ok(1..))
                        && stream.write_all(answer.as_bytes()).await.is_ok()
                    {}
                });
            }
        });
        let link = Link::new(Target::redis_on_loopback(port));
        let _ = snapshot(&link, Deadlines { command: Duration::from_millis(500), ..soon() }).await;
    }
    assert_eq!(connects.load(Ordering::SeqCst), 0);
}

#[tokio::test]
async fn replication_in_a_circle_comes_to_an_end() {
    let listeners = [
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
        TcpListener::bind("127.0.0.1:0").await.unwrap(),
    ];
    let ports = [0, 1].map(|at: usize| listeners[at].local_addr().unwrap().port());
    for (at, listener) in listeners.into_iter().enumerate() {
        let other = ports[1 - at];
        let info = format!(
            "redis_version:7.0.15\r\nrun_id:run{at}\r\nrole:slave\r\nmaster_host:127.0.0.1\r\n\
             master_port:{other}\r\nconnected_slaves:1\r\n\
             slave0:ip=127.0.0.1,port={other},state=online,offset=1,lag=0\r\n"
        );
        let liar = Liar { info, ..Liar::default() };
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, liar.clone()));
            }
        });
    }
    let topology = look("redis", ports[0], AllowList::default()).await;
    let masters: Vec<_> = fleet(&topology).nodes.iter().map(|node| node.master).collect();
    assert_eq!(masters, [Some(1), Some(0)]);
}

#[tokio::test]
async fn a_sentinel_that_lets_nobody_listen_is_not_asked_at_each_look() {
    let Some((url, liar)) = liars("169.254.169.254", 80).pop() else { unreachable!() };
    let listeners = liar.listeners.clone();
    let seed = start(liar).await;
    let link = Arc::new(Link::new(format!("{url}://127.0.0.1:{seed}").parse().unwrap()));
    let mut watch = Watch::quick(&link);
    watch.until(|_| listeners.load(Ordering::SeqCst) > 0).await;
    let mut looks = 0;
    watch
        .until(|_| {
            looks += 1;
            looks > 20
        })
        .await;
    // Once, or again after a pause where those looks took long.
    assert!(listeners.load(Ordering::SeqCst) < 5);
    watch.shutdown.cancel();
}
