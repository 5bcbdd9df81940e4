use std::{
    net::{TcpListener, TcpStream},
    path::Path,
    process::Stdio,
    sync::Arc,
    time::Duration,
};

use banyan_sources::{Deadlines, Link, fleet::masters, snapshot};
use banyan_topology::{Fault, FaultKind, FleetKind, NodeRole, Part, Reach, ServerKind, Topology};
use tokio::process::{Child, Command};

use super::{fleet, folder, is_polled_as, node_at};
use crate::server::{Plain, Watch, redis};

struct Sentinel {
    port: u16,
    _child: Child,
}

/// A Sentinel of the masters at `ports`, called `main`, `main1` ...
async fn sentinel(folder: &Path, ports: &[u16], quorum: usize) -> Sentinel {
    sentinel_with(folder, ports, quorum, "").await
}

async fn sentinel_with(folder: &Path, ports: &[u16], quorum: usize, more: &str) -> Sentinel {
    let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let mut config = format!("port {port}\nbind 127.0.0.1\ndir {}\n", folder.display());
    for (index, master) in ports.iter().enumerate() {
        let name = if index == 0 { "main".to_owned() } else { format!("main{index}") };
        config += &format!(
            "sentinel monitor {name} 127.0.0.1 {master} {quorum}\n\
             sentinel down-after-milliseconds {name} 500\nsentinel failover-timeout {name} 3000\n"
        );
    }
    config += more;
    let file = folder.join(format!("sentinel-{port}.conf"));
    std::fs::write(&file, config).unwrap();
    let child = Command::new("redis-server")
        .arg(&file)
        .arg("--sentinel")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    for _ in 0..200 {
        if TcpStream::connect(("127.0.0.1", port)).is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    Sentinel { port, _child: child }
}

fn url(port: u16, more: &str) -> Arc<Link> {
    Arc::new(Link::new(format!("redis-sentinel://127.0.0.1:{port}{more}").parse().unwrap()))
}

#[tokio::test]
async fn a_failover_is_followed() {
    let Some(mut master) = redis(&["--repl-diskless-sync-delay", "0"]).await else { return };
    let of_master = ["--replicaof", "127.0.0.1", &master.port.to_string()];
    let more = ["--repl-diskless-sync-delay", "0"];
    let of_master = [&of_master[..], &more].concat();
    let Some(one) = redis(&of_master).await else { return };
    let Some(two) = redis(&of_master).await else { return };
    let folder = folder();
    let mut sentinels = Vec::new();
    for _ in 0..3 {
        sentinels.push(sentinel(folder.path(), &[master.port], 2).await);
    }
    let link = url(sentinels[0].port, "/main");
    let mut watch = Watch::quick(&link);
    // One that is read already is drawn without a master until the one that is asked names it.
    let knows_master = |t: &Topology, sentinel: &Sentinel| {
        node_at(t, sentinel.port).is_some_and(|(_, node)| node.master.is_some())
    };
    let whole = watch
        .until(|t| {
            t.fleet.as_ref().is_some_and(|fleet| {
                fleet.nodes.len() == 6
                    && fleet.has_quorum == Some(true)
                    && fleet.nodes.iter().all(|node| node.reach == Reach::Polled)
            }) && is_polled_as(t, one.port, NodeRole::Replica)
                && is_polled_as(t, two.port, NodeRole::Replica)
                && sentinels.iter().all(|sentinel| knows_master(t, sentinel))
        })
        .await;
    let before = fleet(&whole);
    assert_eq!((before.kind, before.quorum), (FleetKind::Sentinel, Some(2)));
    assert_eq!(before.name.as_deref(), Some("main"));
    assert_eq!(whole.server.kind, ServerKind::Sentinel);
    let (at, node) = node_at(&whole, master.port).unwrap();
    assert_eq!((node.role, node.name.as_deref()), (NodeRole::Master, Some("main")));
    for sentinel in &sentinels {
        let (_, node) = node_at(&whole, sentinel.port).unwrap();
        assert_eq!((node.role, node.master.map(usize::from)), (NodeRole::Sentinel, Some(at)));
    }

    let found = masters(&link, Deadlines::default()).await.unwrap();
    let found: Vec<String> = found.links.iter().map(|link| link.target.to_string()).collect();
    assert_eq!(found, [format!("redis://127.0.0.1:{}", master.port)]);

    master.kill().await;
    let is_master = |t: &Topology, port| is_polled_as(t, port, NodeRole::Master);
    let after = watch
        .until(|t| {
            (is_master(t, one.port) || is_master(t, two.port))
                && fleet(t).events.iter().any(|event| event.name == "+switch-master")
        })
        .await;
    let addresses =
        |t: &Topology| fleet(t).nodes.iter().map(|node| node.addr.clone()).collect::<Vec<_>>();
    assert_eq!(addresses(&after), addresses(&whole), "indices are kept");
    let gone = &fleet(&after).nodes[at];
    assert!(matches!(gone.reach, Reach::Failed(_)), "{gone:?}");
    let names: Vec<&str> = fleet(&after).events.iter().map(|e| e.name.as_str()).collect();
    assert!(names.contains(&"+sdown") && names.contains(&"+odown"), "{names:?}");
    let event = fleet(&after).events.iter().find(|e| e.name == "+switch-master").unwrap();
    assert!(event.detail.contains(&master.port.to_string()), "{event:?}");
    watch.shutdown.cancel();
}

#[tokio::test]
async fn several_masters_of_a_sentinel_without_its_quorum() {
    let Some(one) = redis(&[]).await else { return };
    let Some(two) = redis(&[]).await else { return };
    let folder = folder();
    let sentinel = sentinel(folder.path(), &[one.port, two.port], 2).await;
    Plain::open(two.port).say("SET a 1");
    let link = url(sentinel.port, "");
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    let both = fleet(&topology);
    assert_eq!((both.kind, both.name.as_deref()), (FleetKind::Sentinel, None));
    assert_eq!((both.has_quorum, both.total.keys), (Some(false), Some(1)));
    let name = |port: u16| node_at(&topology, port).unwrap().1.name.clone().unwrap();
    assert_eq!((name(one.port).as_str(), name(two.port).as_str()), ("main", "main1"));

    let topology = snapshot(&url(sentinel.port, "/main1"), Deadlines::default()).await.unwrap();
    assert_eq!(fleet(&topology).nodes.len(), 2);
    assert_eq!(fleet(&topology).quorum, Some(2));
    assert!(node_at(&topology, one.port).is_none());

    let topology = snapshot(&url(sentinel.port, "/other"), Deadlines::default()).await.unwrap();
    let withheld = topology.withheld.iter().find(|withheld| withheld.part == Part::Fleet).unwrap();
    assert!(withheld.reason.contains("no master named other"), "{withheld:?}");
}

#[tokio::test]
async fn sentinels_and_servers_have_passwords_of_their_own() {
    let data = ["--requirepass", "data", "--masterauth", "data"];
    let Some(master) = redis(&data).await else { return };
    let port = master.port.to_string();
    let more = ["--replicaof", "127.0.0.1", &port, "--repl-diskless-sync-delay", "0"];
    let Some(replica) = redis(&[&data[..], &more].concat()).await else { return };
    let folder = folder();
    let more = "requirepass watch\nsentinel auth-pass main data\n";
    let one = sentinel_with(folder.path(), &[master.port], 2, more).await;
    let two = sentinel_with(folder.path(), &[master.port], 2, more).await;

    let link = Arc::new(Link::new(
        format!("redis-sentinel://:data@127.0.0.1:{}/main?sentinel_password=watch", one.port)
            .parse()
            .unwrap(),
    ));
    let mut watch = Watch::quick(&link);
    let whole = watch
        .until(|t| {
            t.fleet.as_ref().is_some_and(|fleet| fleet.nodes.len() == 4)
                && is_polled_as(t, master.port, NodeRole::Master)
                && is_polled_as(t, replica.port, NodeRole::Replica)
                && is_polled_as(t, two.port, NodeRole::Sentinel)
        })
        .await;
    assert_eq!(fleet(&whole).has_quorum, Some(true));
    watch.shutdown.cancel();
    let found = masters(&link, Deadlines::default()).await.unwrap();
    assert_eq!(found.links.len(), 1);
    assert!(snapshot(&found.links[0], Deadlines::default()).await.is_ok());

    // With either password alone, the other kind of server is out of reach, and says why.
    let refused = snapshot(&url_with(one.port, ":data@"), Deadlines::default()).await.unwrap_err();
    assert_eq!(refused.kind, FaultKind::Unauthorized);
    let alone = snapshot(&url_with(one.port, ":watch@"), Deadlines::default()).await.unwrap();
    let (_, node) = node_at(&alone, master.port).unwrap();
    let is_refused = |fault: &Fault| fault.kind == FaultKind::Unauthorized;
    assert!(matches!(&node.reach, Reach::Failed(fault) if is_refused(fault)), "{node:?}");
}

fn url_with(port: u16, credentials: &str) -> Arc<Link> {
    let url = format!("redis-sentinel://{credentials}127.0.0.1:{port}/main");
    Arc::new(Link::new(url.parse().unwrap()))
}
