//! Against a real memcached.

use std::{
    fs::Permissions,
    os::unix::fs::PermissionsExt,
    path::Path,
    process::Command,
    sync::Arc,
    time::{Duration, Instant},
};

use banyan_sources::{
    Deadlines, Link, ObserveOptions, Password, Target,
    demo::{NotStarted, PrivateServer, start_memcached_with},
    observe, snapshot,
};
use banyan_topology::{Client, ClientState, FaultKind, Part, ServerKind, Topology};
use tempfile::TempDir;
use tokio::time::timeout;

use crate::server::{Plain, Watch};

/// A memcached, or `None` with a message where it is not installed.
pub(crate) async fn memcached(more: &[&str]) -> Option<PrivateServer> {
    memcached_in(more, &[]).await
}

async fn memcached_in(more: &[&str], environment: &[(&str, &Path)]) -> Option<PrivateServer> {
    match start_memcached_with(more, environment).await {
        Ok(server) => Some(server),
        Err(NotStarted::NotInstalled { program }) => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A folder that the server, which may run as nobody, can read.
fn open_folder() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o755)).unwrap();
    folder
}

/// Stores an item.
pub(crate) fn store(client: &mut Plain, key: &str, secs: u32, value: &str) {
    let reply = client.say(&format!("set {key} 0 {secs} {}\r\n{value}", value.len()));
    assert_eq!(reply, "STORED", "{key}");
}

fn with_credentials(server: &PrivateServer, user: &str, password: &str) -> Target {
    Target {
        user: Some(user.to_owned()),
        password: Some(Password(password.to_owned())),
        ..server.target.clone()
    }
}

fn part(topology: &Topology, part: Part) -> Option<&str> {
    let withheld = topology.withheld.iter().find(|withheld| withheld.part == part);
    withheld.map(|withheld| withheld.reason.as_str())
}

fn fact<'a>(topology: &'a Topology, section: &str, name: &str) -> Option<&'a str> {
    topology.sections.get(section)?.get(name).map(String::as_str)
}

#[tokio::test]
async fn facts_are_told_in_the_words_of_the_server() {
    let Some(server) = memcached(&["-o", "track_sizes", "-D", ":"]).await else { return };
    let mut client = Plain::open(server.port);
    store(&mut client, "user:1", 0, "alice");
    store(&mut client, "user:2", 0, "bob");
    assert_eq!(client.say("get user:1"), "VALUE user:1 0 5");
    let topology = snapshot(&Link::new(server.target.clone()), Deadlines::default()).await.unwrap();
    let kept_by_server = topology
        .withheld
        .iter()
        .filter(|withheld| ![Part::Sockets, Part::Threads].contains(&withheld.part));
    assert_eq!(kept_by_server.count(), 0, "{:?}", topology.withheld);
    let facts = &topology.server;
    assert_eq!((facts.kind, facts.hits, facts.misses), (ServerKind::Memcached, Some(1), Some(0)));
    assert_eq!((facts.is_accepting, facts.rejected_connections), (Some(true), Some(0)));
    assert_eq!((facts.evicted_keys, facts.databases.get(&0)), (Some(0), Some(&2)));
    assert_eq!(facts.pid, server.pid());
    assert_eq!(facts.eviction_policy.as_deref(), Some("segmented LRU"));
    assert_eq!(fact(&topology, "settings", "num_threads"), Some("4"));
    assert_eq!(fact(&topology, "items", "items:1:number"), Some("2"));
    assert_eq!(fact(&topology, "slabs", "1:used_chunks"), Some("2"));
    let sizes = topology.sections.get("sizes").unwrap();
    assert_eq!(sizes.values().map(|items| items.parse::<u32>().unwrap()).sum::<u32>(), 2);
    assert_eq!(fact(&topology, "prefixes", "user"), Some("get 1 hit 1 set 2 del 0"));
    assert_eq!(fact(&topology, "stats", "uptime"), None, "a clock is no fact");
}

#[tokio::test]
async fn what_a_server_does_not_keep_is_withheld() {
    let Some(server) = memcached(&[]).await else { return };
    let topology = snapshot(&Link::new(server.target.clone()), Deadlines::default()).await.unwrap();
    assert_eq!(part(&topology, Part::Sizes), Some("needs -o track_sizes"));
    assert!(part(&topology, Part::Prefixes).is_some_and(|reason| reason.contains("detail")));
    let mut client = Plain::open(server.port);
    client.send("stats settings");
    while let line = client.read()
        && line != "END"
    {
        assert_ne!(line, "STAT detail_enabled yes", "nobody asked for it");
    }
}

#[tokio::test]
async fn connections_are_in_true_states() {
    let Some(server) = memcached(&[]).await else { return };
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let mut half_line = Plain::open(server.port);
    half_line.send_bytes(b"get us");
    let mut half_set = Plain::open(server.port);
    half_set.send_bytes(b"set a 0 0 100\r\nabc");
    let mut watcher = Plain::open(server.port);
    assert_eq!(watcher.say("watch mutations"), "OK");
    let find = |topology: &Topology, client: &Plain| -> Option<Client> {
        let addr = client.local_addr();
        topology.clients.values().find(|client| client.addr == addr).cloned()
    };
    let topology = watch
        .until(|topology| {
            let watcher = find(topology, &watcher);
            let half_set = find(topology, &half_set);
            watcher.is_some_and(|client| client.state == ClientState::Monitor)
                && half_set.is_some_and(|client| client.flags == "conn_nread")
                && topology.clients.len() == 4
        })
        .await;
    let half_line = find(&topology, &half_line).unwrap();
    assert_eq!(half_line.local_addr, Some(format!("127.0.0.1:{}", server.port)));
    assert_eq!(half_line.descriptor.map(u64::from), Some(half_line.id));
    assert_eq!(topology.clients.values().filter(|client| client.own).count(), 1);

    // The rate needs two looks that are a second apart.
    watch.until(|topology| topology.server.ops_per_sec == Some(0)).await;
    let mut busy = Plain::open(server.port);
    for _ in 0..100 {
        assert_eq!(busy.say("get nothing"), "END");
    }
    let topology = watch.until(|topology| topology.server.ops_per_sec > Some(0)).await;
    assert!(topology.server.misses > Some(0));
}

#[tokio::test]
async fn credentials_go_only_to_a_server_that_asks_for_them() {
    let folder = open_folder();
    let file = folder.path().join("users");
    std::fs::write(&file, "alice:secret1\n").unwrap();
    let Some(server) = memcached(&["-Y", file.to_str().unwrap()]).await else { return };
    let look = async |target| snapshot(&Link::new(target), Deadlines::default()).await;
    let topology = look(with_credentials(&server, "alice", "secret1")).await.unwrap();
    assert_eq!(topology.clients.len(), 1);
    for target in [server.target.clone(), with_credentials(&server, "alice", "wrong1")] {
        let fault = look(target).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unauthorized, "{fault}");
        assert!(!fault.to_string().contains("wrong1"));
    }

    // Without -Y the same words would be stored as an item.
    let Some(server) = memcached(&[]).await else { return };
    let topology = look(with_credentials(&server, "alice", "secret1")).await.unwrap();
    assert_eq!(topology.server.databases.get(&0), Some(&0));
    assert_eq!(fact(&topology, "stats", "cmd_set"), Some("0"));
}

#[tokio::test]
async fn sasl_speaks_the_binary_protocol() {
    let folder = open_folder();
    let database = folder.path().join("sasldb");
    let config = format!("mech_list: plain\nsasldb_path: {}\n", database.display());
    std::fs::write(folder.path().join("memcached.conf"), config).unwrap();
    // The server looks for users of its host's name.
    let saved = Command::new("sh")
        .arg("-c")
        .arg("echo secret1 | PATH=$PATH:/usr/sbin saslpasswd2 -p -c -f \"$0\" -u \"$(hostname)\" -a memcached alice")
        .arg(&database)
        .output()
        .unwrap();
    if !database.exists() {
        let why = String::from_utf8_lossy(&saved.stderr).into_owned();
        println!("skipped: saslpasswd2 of sasl2-bin made no database: {why}");
        return;
    }
    std::fs::set_permissions(&database, Permissions::from_mode(0o644)).unwrap();
    let environment = [("SASL_CONF_PATH", folder.path())];
    let Some(server) = memcached_in(&["-S", "-o", "track_sizes"], &environment).await else {
        return;
    };
    let look = async |target| snapshot(&Link::new(target), Deadlines::default()).await;
    let topology = look(with_credentials(&server, "alice", "secret1")).await.unwrap();
    assert_eq!(topology.server.pid, server.pid());
    assert_eq!(fact(&topology, "settings", "auth_enabled_sasl"), Some("yes"));
    assert!(part(&topology, Part::Clients).is_some_and(|reason| reason.contains("binary")));
    for target in [server.target.clone(), with_credentials(&server, "alice", "wrong1")] {
        let fault = look(target).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Unauthorized, "{fault}");
    }
}

#[tokio::test]
async fn a_unix_socket_is_as_good() {
    let folder = open_folder();
    std::fs::set_permissions(folder.path(), Permissions::from_mode(0o777)).unwrap();
    let path = folder.path().join("memcached.sock");
    // With a socket it listens on no port, so it is started without waiting for one.
    let child =
        Command::new("memcached").args(["-u", "nobody", "-a", "777", "-s"]).arg(&path).spawn();
    let Ok(mut child) = child else {
        println!("skipped: memcached is not installed");
        return;
    };
    let link = Link::new(format!("memcached+unix://{}", path.display()).parse().unwrap());
    let mut topology = snapshot(&link, Deadlines::default()).await;
    for _ in 0..200 {
        if topology.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
        topology = snapshot(&link, Deadlines::default()).await;
    }
    child.kill().unwrap();
    child.wait().unwrap();
    assert_eq!(topology.unwrap().clients.len(), 1);
}

#[tokio::test]
async fn a_window_shows_who_touches_what() {
    let Some(server) = memcached(&[]).await else { return };
    let mut writer = Plain::open(server.port);
    let mut reader = Plain::open(server.port);
    // On a busy machine a hundred commands outlast a short window: then a longer one is opened.
    for millis in [1500, 4000, 10_000] {
        let duration = Duration::from_millis(millis);
        if a_window_is_told(&server, &mut writer, &mut reader, duration).await {
            return;
        }
    }
    panic!("a hundred commands took longer than the longest window");
}

/// `false` if the window was over too soon to hold all commands.
async fn a_window_is_told(
    server: &PrivateServer,
    writer: &mut Plain,
    reader: &mut Plain,
    duration: Duration,
) -> bool {
    let link = Arc::new(Link::new(server.target.clone()));
    let begin = Instant::now();
    let window = {
        let link = Arc::clone(&link);
        tokio::spawn(async move {
            observe(&link, &ObserveOptions { duration, ..ObserveOptions::default() }).await
        })
    };
    // The window shows as a connection that watches.
    let mut watch = Watch::quick(&link);
    let is_open = |topology: &Topology| {
        let mut clients = topology.clients.values();
        clients.any(|client| client.state == ClientState::Monitor && client.own)
    };
    let opened = timeout(duration, watch.until(is_open)).await;
    for n in 0..50 {
        store(writer, &format!("user:{n}"), 0, "x");
        assert_eq!(reader.say(&format!("get page:{n}")), "END");
    }
    // Half of it is left for the lines to come.
    if opened.is_err() || begin.elapsed() > duration / 2 {
        window.abort();
        return false;
    }
    let again = observe(&link, &ObserveOptions::default()).await.unwrap_err();
    assert!(again.detail.contains("open already"));
    let window = window.await.unwrap().unwrap();
    assert_eq!((window.commands, window.missed), (100, 0));

    let topology = watch.until(|topology| topology.workload.window.is_some()).await;
    let touches: Vec<_> = topology
        .workload
        .touches
        .iter()
        .map(|touch| {
            let addr = topology.clients.get(&touch.client).unwrap().addr.clone();
            (addr, touch.prefix.as_str(), touch.reads, touch.writes)
        })
        .collect();
    assert!(touches.contains(&(writer.local_addr(), "user:", 0, 50)), "{touches:?}");
    assert!(touches.contains(&(reader.local_addr(), "page:", 50, 0)), "{touches:?}");
    assert_eq!(touches.len(), 2);
    true
}

#[tokio::test]
async fn a_server_that_may_not_be_watched_says_so() {
    let Some(server) = memcached(&["-W"]).await else { return };
    let link = Link::new(server.target.clone());
    let fault = observe(&link, &ObserveOptions::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Forbidden);
    assert!(fault.detail.contains("not allowed"), "{fault}");
}
