use std::sync::Arc;

use banyan_sources::{Deadlines, Link, Password, snapshot};
use banyan_topology::{ClientState, FaultKind, Health, Part, ServerKind};

use crate::server::{Plain, Watch, named, redis, redis_at};

#[tokio::test]
async fn clients_come_change_and_go() {
    let Some(server) = redis(&[]).await else { return };
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    watch.until_health(|health| matches!(health, Health::Live { .. })).await;
    let first = watch.until(|topology| topology.clients.len() == 1).await;
    let own = first.clients.values().next().unwrap();
    assert!(own.own);
    assert_eq!(own.name, "banyan");
    assert!(matches!(first.server.kind, ServerKind::Redis | ServerKind::Valkey));
    assert!(first.server.version.starts_with(|c: char| c.is_ascii_digit()));
    assert_eq!(first.withheld, []);

    let state = async |watch: &mut Watch, name: &str, state: ClientState| {
        watch.until(|t| named(t, name).is_some_and(|client| client.state == state)).await
    };
    let mut client = Plain::open(server.port);
    client.say("CLIENT SETNAME worker");
    client.say("SELECT 3");
    let topology = watch.until(|t| named(t, "worker").is_some_and(|c| c.db == Some(3))).await;
    let worker = named(&topology, "worker").unwrap();
    assert_eq!((worker.state, worker.own), (ClientState::Active, false));
    assert_eq!(worker.command, "select");
    let opened_at_millis = worker.opened_at_millis;

    client.send("BRPOP queue:a 0");
    let blocked = state(&mut watch, "worker", ClientState::Blocked).await;
    assert_eq!(named(&blocked, "worker").unwrap().command, "brpop");
    assert_eq!(blocked.server.blocked_clients, Some(1));

    let mut buyer = Plain::open(server.port);
    buyer.say("CLIENT SETNAME buyer");
    buyer.say("MULTI");
    buyer.say("SET a 1");
    let topology = state(&mut watch, "buyer", ClientState::InMulti).await;
    assert_eq!(named(&topology, "buyer").unwrap().queued_commands, Some(1));
    buyer.say("DISCARD");

    let mut board = Plain::open(server.port);
    board.say("CLIENT SETNAME board");
    board.say("SUBSCRIBE news");
    let topology = state(&mut watch, "board", ClientState::Subscriber).await;
    assert_eq!(named(&topology, "board").unwrap().subscriptions, 1);

    let mut spy = Plain::open(server.port);
    spy.say("CLIENT SETNAME spy");
    spy.say("MONITOR");
    state(&mut watch, "spy", ClientState::Monitor).await;

    let idle = state(&mut watch, "buyer", ClientState::Idle).await;
    assert_eq!(named(&idle, "worker").unwrap().opened_at_millis, opened_at_millis);

    drop((client, board));
    let topology =
        watch.until(|t| named(t, "worker").is_none() && named(t, "board").is_none()).await;
    assert!(named(&topology, "buyer").is_some());
    assert!(topology.cost.commands > 0);
    watch.shutdown.cancel();
}

#[tokio::test]
async fn a_replica_is_seen_from_both_sides() {
    let Some(master) = redis(&[]).await else { return };
    let port = master.port.to_string();
    let Some(replica) = redis(&["--replicaof", "127.0.0.1", &port]).await else { return };
    let link = Arc::new(Link::new(master.target.clone()));
    let mut watch = Watch::quick(&link);
    let topology = watch
        .until(|t| {
            let is_online = |r: &banyan_topology::Replication| {
                r.replicas.iter().any(|replica| replica.state == "online")
            };
            t.replication.as_ref().is_some_and(is_online)
        })
        .await;
    assert!(topology.clients.values().any(|client| client.state == ClientState::Replica));
    assert_eq!(
        topology.replication.unwrap().replicas[0].addr,
        format!("127.0.0.1:{}", replica.port)
    );

    let link = Link::new(replica.target.clone());
    let below = snapshot(&link, Deadlines::default()).await.unwrap();
    assert!(below.clients.values().any(|client| client.state == ClientState::Master));
    let replication = below.replication.unwrap();
    assert_eq!((replication.is_master, replication.link.as_deref()), (false, Some("up")));
    assert_eq!(replication.master, Some(format!("127.0.0.1:{port}")));
}

#[tokio::test]
async fn passwords() {
    let Some(server) = redis(&["--requirepass", "secret"]).await else { return };
    let fault = async |password: Option<&str>, user: Option<&str>| {
        let mut target = server.target.clone();
        target.password = password.map(|password| Password(password.to_owned()));
        target.user = user.map(str::to_owned);
        snapshot(&Link::new(target), Deadlines::default()).await.err()
    };
    assert_eq!(fault(Some("secret"), None).await, None);
    assert_eq!(fault(Some("secret"), Some("default")).await, None);
    for (password, user) in [(None, None), (Some("wrong"), None), (Some("secret"), Some("nobody"))]
    {
        let fault = fault(password, user).await.unwrap();
        assert_eq!(fault.kind, FaultKind::Unauthorized, "{fault}");
        assert!(!fault.to_string().contains("secret"));
    }
}

#[tokio::test]
async fn what_an_access_list_forbids_is_withheld() {
    let Some(server) = redis(&[]).await else { return };
    let mut admin = Plain::open(server.port);
    let mut look = async |name: &str, rules: &str| {
        assert_eq!(admin.say(&format!("ACL SETUSER {name} on >pw {rules}")), "+OK");
        let mut target = server.target.clone();
        target.user = Some(name.to_owned());
        target.password = Some(Password("pw".to_owned()));
        let link = Link::new(target);
        let topology = snapshot(&link, Deadlines::default()).await.unwrap();
        let parts: Vec<Part> = topology.withheld.iter().map(|withheld| withheld.part).collect();
        (parts, topology.clients.len())
    };
    use Part::*;
    let facts = [SlowLog, Latency, Functions, Memory, Settings];
    assert_eq!(look("all", "+@all").await, (vec![], 2));
    assert_eq!(look("most", "+info +client").await, (facts.to_vec(), 2));
    assert_eq!(look("info", "+info").await, ([&[Clients], &facts[..]].concat(), 0));
    let nothing_of_info = [&[Server, Replication], &facts[..]].concat();
    assert_eq!(look("clients", "+client|list").await, (nothing_of_info, 2));
    // ROLE tells of replication what INFO may not.
    let nothing_of_info = [&[Server], &facts[..]].concat();
    assert_eq!(look("role", "+client|list +role").await, (nothing_of_info, 2));
}

#[tokio::test]
async fn a_server_that_dies_is_down_and_comes_back() {
    let Some(mut server) = redis(&[]).await else { return };
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let run_id = watch.until(|_| true).await.server.run_id;
    server.kill().await;
    let down = watch.until_health(|health| matches!(health, Health::Down { .. })).await;
    let Health::Down { fault, since_millis, .. } = down else { unreachable!() };
    assert!(since_millis.is_some());
    assert!(matches!(fault.kind, FaultKind::Lost | FaultKind::Refused), "{fault}");
    watch
        .until_health(|health| {
            matches!(health, Health::Down { fault, .. } if fault.kind == FaultKind::Refused)
        })
        .await;

    // The same port again.
    let Some(again) = redis_at(Some(server.port), &[]).await else { return };
    watch.until_health(|health| matches!(health, Health::Live { .. })).await;
    let topology = watch.until(|_| true).await;
    assert_ne!(topology.server.run_id, run_id);
    drop(again);
}

#[tokio::test]
async fn faults_of_places_without_a_server() {
    let fault = async |url: &str| {
        let link = Link::new(url.parse().unwrap());
        snapshot(&link, Deadlines::default()).await.unwrap_err().kind
    };
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    assert_eq!(fault(&format!("redis://127.0.0.1:{closed}")).await, FaultKind::Refused);
    assert_eq!(fault("redis+unix:///nowhere/redis.sock").await, FaultKind::Refused);
    assert_eq!(fault("redis://no-such-host.invalid").await, FaultKind::UnknownHost);
}

#[tokio::test]
async fn a_unix_socket_is_as_good() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("redis.sock");
    let Some(_server) = redis(&["--unixsocket", path.to_str().unwrap()]).await else { return };
    let link = Link::new(format!("redis+unix://{}", path.display()).parse().unwrap());
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert!(topology.clients.values().any(|client| client.own));
}

#[tokio::test]
async fn hostile_names_are_harmless() {
    let Some(server) = redis(&[]).await else { return };
    let long = "n".repeat(100_000);
    let names = ["<img/src=x/onerror=alert(1)>", "id=7", "a=b=c", "\\x00", long.as_str()];
    let mut clients = Vec::new();
    for name in names {
        let mut client = Plain::open(server.port);
        // An inline command has no room for 100 kB.
        client.send(&format!("*3\r\n$6\r\nCLIENT\r\n$7\r\nSETNAME\r\n${}\r\n{name}", name.len()));
        assert_eq!(client.read(), "+OK");
        client.say("SELECT 5");
        clients.push(client);
    }
    let link = Link::new(server.target.clone());
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    for name in &names[..4] {
        assert_eq!(named(&topology, name).map(|client| client.db), Some(Some(5)), "{name}");
    }
    let cut = topology.clients.values().find(|client| client.name.starts_with("nnn")).unwrap();
    assert_eq!((cut.name.chars().count(), cut.db), (257, Some(5)));
}
