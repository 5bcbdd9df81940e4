//! One poller for all browsers, and no browser in another's way.

use std::time::Duration;

use banyan_protocol::{FromBrowser, ToBrowser, WatchKind};
use banyan_topology::{ClientState, Keyspace, Topology};
use futures_util::StreamExt as _;
use tokio::{
    net::TcpSocket,
    time::{sleep, timeout},
};

use crate::{
    bridge::{Bridge, Browser, PATIENCE},
    redis::Redis,
};

/// The connections as a browser knows them after the next message about them.
pub(crate) async fn next_topology(browser: &mut Browser, known: &mut Option<Topology>) {
    browser
        .hear_until(|message| match message {
            ToBrowser::Topology { topology, .. } => {
                *known = Some(*topology);
                Some(())
            }
            ToBrowser::Delta { delta, .. } => {
                known.as_mut().expect("the whole comes before a delta").apply(*delta);
                Some(())
            }
            _ => None,
        })
        .await;
}

#[tokio::test]
async fn clients_appear_change_and_go() {
    let Some(redis) = Redis::start().await else { return };
    let bridge = Bridge::start(&[&redis.url()]).await;
    let mut browser = bridge.browser().await;
    browser.watch(0, WatchKind::Connections).await;
    let mut known = None;
    next_topology(&mut browser, &mut known).await;

    let mut consumer = redis.client().await;
    consumer.ask("CLIENT SETNAME consumer").await;
    consumer.send("BRPOP jobs 0").await;
    let consumers = |known: &Option<Topology>| {
        let clients = known.as_ref().unwrap().clients.values();
        clients.filter(|client| client.name == "consumer").map(|client| client.state).next()
    };
    while consumers(&known) != Some(ClientState::Blocked) {
        next_topology(&mut browser, &mut known).await;
    }
    assert!(known.as_ref().unwrap().clients.values().any(|client| client.own));
    drop(consumer);
    while consumers(&known).is_some() {
        next_topology(&mut browser, &mut known).await;
    }
    bridge.stop().await;
}

#[tokio::test]
async fn many_browsers_are_one_poller() {
    let Some(redis) = Redis::start().await else { return };
    let linger = Duration::from_millis(500);
    let bridge = Bridge::start_with(&[&redis.url()], |config| config.limits.linger = linger).await;
    let mut browsers = Vec::new();
    for _ in 0..8 {
        let mut browser = bridge.browser().await;
        browser.watch(0, WatchKind::Connections).await;
        browsers.push((browser, None));
    }
    for (browser, known) in &mut browsers {
        next_topology(browser, known).await;
    }
    assert_eq!(redis.bridges().await, 1);

    let before = redis.calls("client|list").await;
    let mut heard = 0;
    for _ in 0..4 {
        for (browser, known) in &mut browsers {
            next_topology(browser, known).await;
            heard += 1;
        }
    }
    // The test itself lists clients nowhere between; a poll or two may be under way at each end.
    let polls = redis.calls("client|list").await - before;
    assert_eq!(heard, 32);
    assert!((3..=12).contains(&polls), "{polls} polls for {heard} messages");

    let now: Vec<_> = browsers.into_iter().map(|(_, known)| known.unwrap().server.run_id).collect();
    assert!(now.windows(2).all(|pair| pair[0] == pair[1]));
    // All have gone: so does the poller, after a while.
    let gone = async {
        while redis.bridges().await > 0 {
            sleep(Duration::from_millis(200)).await;
        }
    };
    timeout(Duration::from_secs(40), gone).await.expect("the poller goes on for nobody");
    bridge.stop().await;
}

#[tokio::test]
async fn a_frozen_browser_stops_nobody() {
    let Some(redis) = Redis::start().await else { return };
    // Enough connections with names that one message fills a small receive buffer.
    let mut crowd = Vec::new();
    for number in 0..200 {
        let mut client = redis.client().await;
        client.ask(&format!("CLIENT SETNAME {number}-{}", "x".repeat(240))).await;
        crowd.push(client);
    }
    let bridge = Bridge::start(&[&redis.url()]).await;
    let narrow = TcpSocket::new_v4().unwrap();
    narrow.set_recv_buffer_size(8 * 1024).unwrap();
    let mut frozen = bridge.browser_on(narrow.connect(bridge.address).await.unwrap()).await;
    frozen.watch(0, WatchKind::Connections).await;
    let mut browser = bridge.browser().await;
    browser.watch(0, WatchKind::Connections).await;
    let mut known = None;
    for turn in 0..6 {
        // Every client changes between two polls, so that every message is a long one.
        for client in &mut crowd {
            client.ask(&format!("CLIENT SETNAME {turn}-{}", "y".repeat(240))).await;
        }
        next_topology(&mut browser, &mut known).await;
    }
    assert_eq!(known.unwrap().clients.len(), 202 - 1);
    // Thawed, it is up to date after what was under way: the whole state first, never a delta that
    // does not add up.
    let mut thawed: Option<Topology> = None;
    timeout(PATIENCE, async {
        loop {
            next_topology(&mut frozen, &mut thawed).await;
            let clients = &thawed.as_ref().unwrap().clients;
            if clients.values().filter(|client| client.name.starts_with("5-y")).count() == 200 {
                break;
            }
        }
    })
    .await
    .expect("the latest state");
    bridge.stop().await;
}

#[tokio::test]
async fn hidden_pages_are_left_alone_and_catch_up() {
    let Some(redis) = Redis::start().await else { return };
    let bridge = Bridge::start(&[&redis.url()]).await;
    let mut browser = bridge.browser().await;
    browser.watch(0, WatchKind::Connections).await;
    let mut known = None;
    next_topology(&mut browser, &mut known).await;
    browser.say(&FromBrowser::Ping { visible: false }).await;
    browser.hear_until(|message| (message == ToBrowser::Pong).then_some(())).await;
    let quiet = timeout(Duration::from_millis(1600), browser.socket.next()).await;
    assert!(quiet.is_err(), "a hidden page was sent {quiet:?}");
    browser.say(&FromBrowser::Ping { visible: true }).await;
    let before = known.as_ref().unwrap().taken_at_millis;
    next_topology(&mut browser, &mut known).await;
    assert!(known.unwrap().taken_at_millis >= before + 1000);
    bridge.stop().await;
}

/// The keys as a browser knows them once a walk has met so many; counts the deltas on the way.
async fn whole_keys(
    browser: &mut Browser,
    known: &mut Option<(u64, Keyspace)>,
    deltas: &mut u32,
    keys: u64,
) -> Keyspace {
    let pick = |message| {
        match message {
            ToBrowser::Keyspace { number, keyspace, .. } => *known = Some((number, *keyspace)),
            ToBrowser::KeyspaceDelta { number, delta, .. } => {
                let (before, keyspace) = known.as_mut().expect("the whole comes first");
                assert_eq!(*before + 1, number);
                assert!(keyspace.apply(*delta));
                *before = number;
                *deltas += 1;
            }
            _ => return None,
        }
        let (_, keyspace) = known.as_ref()?;
        (keyspace.complete && keyspace.seen == keys).then(|| keyspace.clone())
    };
    browser.hear_until(pick).await
}

#[tokio::test]
async fn keys_are_walked_while_watched_and_again_on_request() {
    let Some(redis) = Redis::start().await else { return };
    let mut client = redis.client().await;
    for number in 0..300 {
        client.ask(&format!("SET user:{number}:name x")).await;
    }
    client.ask("HSET page/1 a b").await;
    let bridge = Bridge::start(&[&redis.url()]).await;
    let mut browser = bridge.browser().await;
    browser.watch(0, WatchKind::Keyspace).await;
    let (mut known, mut deltas) = (None, 0);
    let keyspace = whole_keys(&mut browser, &mut known, &mut deltas, 301).await;
    let top: Vec<_> = keyspace.nodes.iter().skip(1).filter(|node| node.parent == 0).collect();
    assert_eq!((top[0].name.as_str(), top[0].keys), ("user", 300));

    client.ask("SET user:new x").await;
    let target = browser.targets[0].clone();
    browser.say(&FromBrowser::Rescan { target }).await;
    let keyspace = whole_keys(&mut browser, &mut known, &mut deltas, 302).await;
    assert!(keyspace.nodes.iter().any(|node| node.name == "new"));
    assert!(deltas > 0, "the second walk came as what is different");
    bridge.stop().await;
}
