use std::{sync::Arc, time::Duration};

use banyan_sources::{
    Deadlines, Link, ObserveOptions, WalkOptions, keys, observe, redis::monitor::Waking, snapshot,
};
use banyan_topology::{FaultKind, Topology, WaitSource};

use crate::server::{Plain, Watch, named, redis};

fn for_millis(millis: u64) -> ObserveOptions {
    ObserveOptions { duration: Duration::from_millis(millis), ..ObserveOptions::default() }
}

/// A client of this name that has said `line`, and waits for the answer if that takes long.
fn client(port: u16, name: &str, line: &str) -> Plain {
    let mut client = Plain::open(port);
    assert_eq!(client.say(&format!("CLIENT SETNAME {name}")), "+OK");
    client.send(line);
    client
}

/// Queues as `key: name name`, hints with a question mark.
fn queues(topology: &Topology) -> Vec<String> {
    let name = |id| topology.clients.get(&id).map_or("?", |client| client.name.as_str());
    let mark = |source| if source == WaitSource::Length { "?" } else { "" };
    let waiting = |queue: &banyan_topology::Queue| -> String {
        let names = queue.waiting.iter();
        let names = names.map(|one| format!("{}{}", name(one.client), mark(one.source)));
        names.collect::<Vec<_>>().join(" ")
    };
    let queues = topology.workload.queues.iter();
    queues.map(|queue| format!("{}: {}", queue.key, waiting(queue))).collect()
}

async fn until_blocked(watch: &mut Watch, names: &[&str]) -> Topology {
    let is_blocked = |topology: &Topology, name: &&str| {
        named(topology, name)
            .is_some_and(|client| client.state == banyan_topology::ClientState::Blocked)
    };
    watch.until(|topology| names.iter().all(|name| is_blocked(topology, name))).await
}

#[tokio::test]
async fn a_window_tells_who_waits_for_what_in_order_and_who_touches_what() {
    let Some(server) = redis(&[]).await else { return };
    let port = server.port;
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    // This one was there before the window, whose list nobody knows: it stays untold.
    let _before = client(port, "before", "BRPOP nobody:knows 0");
    until_blocked(&mut watch, &["before"]).await;
    let window = tokio::spawn({
        let link = Arc::clone(&link);
        async move { observe(&link, &for_millis(4000)).await }
    });
    // The window is open as soon as the server counts a MONITOR.
    watch.until(|topology| topology.clients.values().any(|c| c.flags.contains('O'))).await;
    let again = observe(&link, &for_millis(100)).await.unwrap_err();
    assert!(again.detail.contains("open already"), "{again:?}");
    let _first = client(port, "first", "BRPOP jobs:mail jobs:img 0");
    until_blocked(&mut watch, &["first"]).await;
    let _second = client(port, "second", "BLPOP jobs:mail 0");
    until_blocked(&mut watch, &["second"]).await;
    let _third = client(port, "third", "XREAD BLOCK 0 STREAMS events $");
    let _fourth = client(port, "fourth", "BLMOVE from to LEFT LEFT 0");
    let mut busy = client(port, "busy", "PING");
    assert_eq!(busy.read(), "+PONG");
    busy.say_all(&(0..50).map(|n| format!("SET user:{n} x")).collect::<Vec<_>>());
    busy.say_all(&(0..20).map(|n| format!("EXISTS user:{n} cart:{n}")).collect::<Vec<_>>());
    assert_eq!(busy.say("EVAL \"redis.call('incr','hits:1') return 1\" 0"), ":1");
    let window = window.await.unwrap().unwrap();
    assert!(window.commands >= 75 && window.missed == 0, "{window:?}");

    let topology = watch.until(|topology| topology.workload.window == Some(window)).await;
    assert_eq!(
        queues(&topology),
        ["events: third", "from: fourth", "jobs:img: first", "jobs:mail: first second"]
    );
    let busy_id = named(&topology, "busy").unwrap().id;
    let touches = topology.workload.touches.iter().filter(|touch| touch.client == busy_id);
    let touches: Vec<(&str, u64, u64)> =
        touches.map(|touch| (touch.prefix.as_str(), touch.reads, touch.writes)).collect();
    assert_eq!(touches, [("cart:", 20, 0), ("hits:", 0, 1), ("user:", 20, 50)]);

    // The push is taken by the first of the queue, which then waits no more.
    busy.say("LPUSH jobs:mail x");
    let topology = watch.until(|topology| queues(topology).len() < 4).await;
    assert_eq!(queues(&topology), ["events: third", "from: fourth", "jobs:mail: second"]);
    watch.shutdown.cancel();
}

#[tokio::test]
async fn lengths_hint_at_the_list_that_a_client_waits_for() {
    let Some(server) = redis(&[]).await else { return };
    let mut owner = Plain::open(server.port);
    owner.say_all(&[
        "RPUSH queue:of:mails x".into(),
        "RPUSH q x".into(),
        "SET strings:are:no x".into(),
    ]);
    let link = Arc::new(Link::new(server.target.clone()));
    keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    owner.say("DEL queue:of:mails");
    let mut watch = Watch::quick(&link);
    let _waiting = client(server.port, "waiting", "BLPOP queue:of:mails 10");
    let topology = watch.until(|topology| !topology.workload.queues.is_empty()).await;
    assert_eq!(queues(&topology), ["queue:of:mails: waiting?"]);
    watch.shutdown.cancel();
}

#[tokio::test]
async fn a_client_is_woken_and_asks_again_only_if_told_to() {
    let Some(server) = redis(&[]).await else { return };
    let link = Link::new(server.target.clone());
    let mut worker = client(server.port, "worker", "BRPOP secret:queue 0");
    let asking_again = tokio::task::spawn_blocking(move || {
        assert_eq!(worker.read(), "*-1");
        worker.send("BRPOP secret:queue 0");
        worker
    });
    let topology = loop {
        let topology = snapshot(&link, Deadlines::default()).await.unwrap();
        if named(&topology, "worker").is_some_and(|client| client.flags.contains('b')) {
            break topology;
        }
    };
    assert_eq!(queues(&topology), Vec::<String>::new());
    let id = named(&topology, "worker").unwrap().id;
    let reveal = |number| {
        let waking = Waking { number, server: None };
        ObserveOptions { reveal: Some(waking), ..for_millis(2000) }
    };
    observe(&link, &reveal(id)).await.unwrap();
    let _worker = asking_again.await.unwrap();
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert_eq!(queues(&topology), ["secret:queue: worker"]);
    let fault = observe(&link, &reveal(id + 1000)).await.unwrap_err();
    assert!(fault.detail.contains("no such client"), "{fault:?}");
}

#[tokio::test]
async fn a_client_of_another_server_is_woken_by_its_address() {
    let Some(master) = redis(&["--repl-diskless-sync-delay", "0"]).await else { return };
    let port = master.port.to_string();
    let Some(replica) = redis(&["--replicaof", "127.0.0.1", &port]).await else { return };
    let Some(stranger) = redis(&[]).await else { return };
    Plain::open(master.port).say("XADD events * a b");
    // Until then it would come to the reader as something new.
    let mut copy = Plain::open(replica.port);
    while copy.say("XLEN events") != ":1" {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let link = Link::new(master.target.clone());
    let place = |topology: &Topology| named(topology, "reader").map(|it| it.id);
    let mut reader = client(replica.port, "reader", "XREAD BLOCK 0 STREAMS events $");
    let asking_again = tokio::task::spawn_blocking(move || {
        assert_eq!(reader.read(), "*-1");
        reader.send("XREAD BLOCK 0 STREAMS events $");
        reader
    });
    let id = loop {
        let topology = snapshot(&link, Deadlines::default()).await.unwrap();
        let is_blocked = named(&topology, "reader").is_some_and(|it| it.flags.contains('b'));
        if let Some(id) = place(&topology).filter(|_| is_blocked) {
            assert_eq!(queues(&topology), Vec::<String>::new());
            break id;
        }
    };
    assert_eq!(banyan_topology::node_of(id), 1, "it is the replica's");
    let number = banyan_topology::number_of(id);
    let at = |port: Option<u16>| {
        let server = port.map(|port| format!("127.0.0.1:{port}"));
        ObserveOptions { reveal: Some(Waking { number, server }), ..for_millis(1500) }
    };
    // Neither the first server nor one that does not belong to it is asked for that client.
    let fault = observe(&link, &at(Some(stranger.port))).await.unwrap_err();
    assert!(fault.detail.contains("belongs to it"), "{fault:?}");
    observe(&link, &at(Some(replica.port))).await.unwrap();
    let _reader = asking_again.await.unwrap();
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    assert_eq!(queues(&topology), ["events: reader"]);
    let mut counts = Plain::open(master.port);
    counts.send("INFO commandstats");
    let lines = std::iter::from_fn(|| Some(counts.read()).filter(|line| !line.is_empty()));
    let unblocked = lines.filter(|line| line.contains("unblock")).count();
    assert_eq!(unblocked, 0, "the master was not asked to wake anybody");
}

#[tokio::test]
async fn a_window_that_is_forbidden_says_so() {
    let Some(server) = redis(&[]).await else { return };
    let mut owner = Plain::open(server.port);
    owner.say("ACL SETUSER viewer on >pw ~* +@read +client|list +client|id +client|setname +info");
    let mut target = server.target.clone();
    target.user = Some("viewer".into());
    target.password = Some(banyan_sources::Password("pw".into()));
    let fault = observe(&Link::new(target), &for_millis(100)).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Forbidden);
    assert!(fault.detail.contains("monitor"), "{fault:?}");
}

#[tokio::test]
async fn a_window_ends_at_its_bytes() {
    let Some(server) = redis(&[]).await else { return };
    let link = Arc::new(Link::new(server.target.clone()));
    let window = tokio::spawn({
        let link = Arc::clone(&link);
        async move { observe(&link, &for_millis(10_000)).await }
    });
    let port = server.port;
    let flood = tokio::task::spawn_blocking(move || {
        let mut client = Plain::open(port);
        let value = "x".repeat(30_000);
        let mut sent = 0;
        while client.say("INFO clients").starts_with('$') && sent < 5_000 {
            // The rest of INFO.
            while !client.read().is_empty() {}
            client.say(&format!("SET big {value}"));
            sent += 1;
        }
    });
    let window = window.await.unwrap().unwrap();
    assert!(((8 << 20)..(9 << 20)).contains(&window.bytes), "{window:?}");
    flood.abort();
    let _ = flood.await;
}
