//! Keys that change while they are walked and after it.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
    time::Duration,
};

use banyan_sources::{
    Endpoint, KeyspaceEvent, Link, Password, Target, WalkOptions, keys, watch_keyspace,
};
use banyan_topology::{KeyType, Keyspace, Part, Role};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    sync::{Notify, mpsc},
    time::{sleep, timeout},
};
use tokio_util::sync::{CancellationToken, DropGuard};

use super::{full_speed, row};
use crate::server::{Plain, redis};

/// How many commands the server has refused.
pub(super) fn errors(client: &mut Plain) -> u64 {
    client.send("INFO errorstats");
    let mut errors = 0;
    loop {
        let line = client.read();
        if line.is_empty() {
            return errors;
        }
        if let Some((_, count)) = line.split_once(":count=") {
            errors += count.parse::<u64>().unwrap();
        }
    }
}

/// Pictures of a walk that listens to changes, until it is dropped.
pub(super) fn watch_changes(target: &Target) -> (mpsc::UnboundedReceiver<Keyspace>, DropGuard) {
    watch_changes_of(Link::new(target.clone()))
}

fn watch_changes_of(link: Link) -> (mpsc::UnboundedReceiver<Keyspace>, DropGuard) {
    let (sender, pictures) = mpsc::unbounded_channel();
    let shutdown = CancellationToken::new();
    let token = shutdown.clone();
    tokio::spawn(async move {
        let tracking = Some(Duration::ZERO);
        // No pass after the first, unless something asks for it.
        let options = WalkOptions { tracking, rest: Duration::from_secs(600), ..full_speed() };
        watch_keyspace(&link, options, &Notify::new(), token, |event| {
            if let KeyspaceEvent::Keyspace(keyspace) = event {
                let _ = sender.send(*keyspace);
            }
        })
        .await;
    });
    (pictures, shutdown.drop_guard())
}

pub(super) async fn until(
    pictures: &mut mpsc::UnboundedReceiver<Keyspace>,
    is_it: impl Fn(&Keyspace) -> bool,
) -> Keyspace {
    loop {
        let next = timeout(Duration::from_secs(60), pictures.recv()).await;
        let keyspace = next.expect("a picture within 60 s").expect("the walk goes on");
        if is_it(&keyspace) {
            return keyspace;
        }
    }
}

#[tokio::test]
async fn changes_are_followed_and_heat_their_prefixes() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&(0..100).map(|n| format!("SET a:{n} x")).collect::<Vec<_>>());
    let (mut pictures, _guard) = watch_changes(&server.target);
    let first = until(&mut pictures, |keyspace| keyspace.complete).await;
    assert_eq!((first.nodes[0].keys, first.tracking.is_some()), (100, true));
    client.say("DEL a:1 a:2");
    for n in 0..40 {
        // One after the other: of a key that changes several times in one turn of the server's loop,
        // it tells once.
        client.say(&format!("RPUSH queue:mail {n}"));
    }
    client.say("PEXPIRE a:3 300");
    let is_followed = |keyspace: &Keyspace| {
        row(keyspace, &["a"]).is_some_and(|row| row.keys == 97) && keyspace.nodes[0].keys == 98
    };
    let keyspace = until(&mut pictures, is_followed).await;
    let queue = row(&keyspace, &["queue"]).unwrap();
    assert_eq!((queue.types[KeyType::List as usize], queue.role), (1, Some(Role::TaskQueue)));
    assert!(queue.heat > row(&keyspace, &["a"]).unwrap().heat, "{queue:?}");
    assert!(keyspace.tracking.unwrap().events >= 40);
    // No lock is there to be read, so not even a server that lacks NO-TOUCH was asked for it.
    assert_eq!(errors(&mut client), 0);
    assert_eq!(keyspace.completed_at_millis, first.completed_at_millis, "no pass was needed");
    // Nothing names the keys of a flush.
    client.say("FLUSHALL");
    client.say("SET b 1");
    let keyspace = until(&mut pictures, |keyspace| keyspace.nodes[0].keys == 1).await;
    assert!(keyspace.completed_at_millis > first.completed_at_millis);
}

/// A way to the server on which `on_way` sees what is said and tells how long that is held up.
async fn by_way_of(
    server: &Target,
    on_way: impl FnMut(&[u8]) -> Duration + Send + 'static,
) -> Target {
    let Endpoint::Tcp { port, .. } = server.endpoint else { panic!("{server}") };
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let way = Target::redis_on_loopback(listener.local_addr().unwrap().port());
    let on_way = Arc::new(Mutex::new(on_way));
    tokio::spawn(async move {
        while let Ok((viewer, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            let (mut from_viewer, mut to_viewer) = viewer.into_split();
            let (mut from_server, mut to_server) = server.into_split();
            let on_way = Arc::clone(&on_way);
            tokio::spawn(async move {
                let mut bytes = vec![0; 64 * 1024];
                while let Ok(count @ 1..) = from_viewer.read(&mut bytes).await {
                    let held_up = (*on_way.lock().unwrap())(&bytes[..count]);
                    sleep(held_up).await;
                    if to_server.write_all(&bytes[..count]).await.is_err() {
                        return;
                    }
                }
            });
            tokio::spawn(async move {
                let _ = tokio::io::copy(&mut from_server, &mut to_viewer).await;
            });
        }
    });
    way
}

/// How often a word stands in what is said.
fn count(bytes: &[u8], word: &str) -> usize {
    bytes.windows(word.len()).filter(|window| *window == word.as_bytes()).count()
}

#[tokio::test]
async fn nothing_changes_unheard_while_the_listening_begins() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&["SET a x".into(), "SET b x".into()]);
    let slow_to_listen =
        |bytes: &[u8]| Duration::from_millis(500) * count(bytes, "TRACKING") as u32;
    let slow = by_way_of(&server.target, slow_to_listen).await;
    let (mut pictures, _guard) = watch_changes(&slow);
    until(&mut pictures, |keyspace| keyspace.complete).await;
    client.say("DEL a");
    until(&mut pictures, |_| true).await;
    let keyspace = until(&mut pictures, |_| true).await;
    assert_eq!((keyspace.nodes[0].keys, keyspace.tracking.unwrap().events), (1, 1));
}

#[tokio::test]
async fn what_cannot_be_heard_is_withheld() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("SET a:1 x");
    client.say("ACL SETUSER deaf on >pw ~* +@all -client|tracking");
    let mut target = server.target.clone();
    (target.user, target.password) = (Some("deaf".into()), Some(Password("pw".to_owned())));
    let (mut pictures, _guard) = watch_changes(&target);
    let has = |keyspace: &Keyspace, words: &str| {
        let mut withheld = keyspace.withheld.iter();
        withheld.any(|one| one.part == Part::Tracking && one.reason.contains(words))
    };
    until(&mut pictures, |keyspace| has(keyspace, "NOPERM")).await;
    let refused = errors(&mut client);
    for _ in 0..2 {
        assert!(has(&until(&mut pictures, |_| true).await, "NOPERM"));
    }
    assert_eq!(errors(&mut client), refused, "it is not asked again and again");
    client.say("SELECT 3");
    client.say("SET b x");
    let (mut pictures, _guard) = watch_changes(&server.target);
    until(&mut pictures, |keyspace| has(keyspace, "no database")).await;
}

/// A single walk that hears changes; `change` is done once, before its third SCAN, when the keys of the
/// first have been asked after.
async fn walk_during(server: &Target, change: impl FnOnce() + Send + 'static) -> Keyspace {
    let (mut scans, mut change) = (0, Some(change));
    let is_changed = Arc::new(AtomicBool::new(false));
    let told = Arc::clone(&is_changed);
    let way = by_way_of(server, move |bytes| {
        scans += count(bytes, "SCAN");
        if scans >= 3
            && let Some(change) = change.take()
        {
            change();
            told.store(true, Relaxed);
        }
        Duration::ZERO
    });
    // Over before the pass is: what changes meanwhile is asked after all the same.
    let options = WalkOptions { tracking: Some(Duration::from_millis(1)), ..full_speed() };
    let walked = keys(&Link::new(way.await), options, |_| {}).await.unwrap();
    assert!(is_changed.load(Relaxed), "the walk had a middle");
    walked
}

/// Lines that `each` makes of numbers.
fn lines(numbers: std::ops::Range<u32>, each: impl Fn(u32) -> String) -> Vec<String> {
    numbers.map(each).collect()
}

#[tokio::test]
async fn what_changes_during_the_walk_is_asked_again_once() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&lines(0..3000, |n| format!("SET a:{n} x")));
    let mut sniffer = Plain::open(server.port);
    assert_eq!(sniffer.say("MONITOR"), "+OK");
    let port = server.port;
    let keyspace = walk_during(&server.target, move || {
        let mut client = Plain::open(port);
        client.say_all(&lines(0..500, |n| format!("DEL a:{n}")));
        client
            .say_all(&lines(500..600, |n| format!("SETEX a:{n} 5000 xxxxxxxxxxxxxxxxxxxxxxxxxx")));
        client.say_all(&lines(600..700, |n| format!("PEXPIRE a:{n} 1")));
        client.say_all(&lines(700..720, |n| format!("DEL a:{n}")));
        client.say_all(&lines(700..720, |n| format!("RPUSH a:{n} x")));
        client.say_all(&lines(0..200, |n| format!("SET b:{n} x")));
    })
    .await;
    let a = row(&keyspace, &["a"]).unwrap();
    assert!(keyspace.complete && keyspace.withheld.is_empty(), "{:?}", keyspace.withheld);
    assert_eq!((a.keys, a.with_ttl, a.types[KeyType::List as usize]), (2400, 100, 20));
    assert_eq!(row(&keyspace, &["b"]).map(|row| row.keys), Some(200));
    let root = &keyspace.nodes[0];
    assert_eq!((root.keys, keyspace.seen, keyspace.total), (2600, 2600, Some(2600)));
    // What another walk finds, to the byte.
    let anew = keys(&Link::new(server.target.clone()), full_speed(), |_| {}).await.unwrap();
    assert_eq!((root.bytes, root.types), (anew.nodes[0].bytes, anew.nodes[0].types));

    // By what the server was asked: once for a key that the pass met, once more for one that changed.
    client.say("ECHO the-end");
    let mut asked: BTreeMap<String, u32> = BTreeMap::new();
    loop {
        let line = sniffer.read();
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        match &words[..] {
            [.., "the-end"] => break,
            ["TYPE", key] => *asked.entry((*key).to_owned()).or_default() += 1,
            _ => {}
        }
    }
    let of = |key: &str| asked.get(key).copied().unwrap_or(0);
    // The second walk has asked each of these once.
    for n in (500..600).chain(700..720) {
        assert!((2..=3).contains(&of(&format!("a:{n}"))), "a:{n}: {}", of(&format!("a:{n}")));
    }
    for n in 0..200 {
        assert!((2..=3).contains(&of(&format!("b:{n}"))), "b:{n}: {}", of(&format!("b:{n}")));
    }
    for n in 0..500 {
        assert!((1..=2).contains(&of(&format!("a:{n}"))), "a:{n}: {}", of(&format!("a:{n}")));
    }
    let unchanged = (720..3000).map(|n| of(&format!("a:{n}")));
    // A table that shrinks or grows makes SCAN name keys twice.
    assert!(unchanged.sum::<u32>() < 2 * 2280 + 300);
}

#[tokio::test]
async fn a_flush_during_the_walk_is_followed_by_another_pass() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&lines(0..3000, |n| format!("SET a:{n} x")));
    let keyspace = walk_during(&server.target, move || {
        client.say("FLUSHALL");
        client.say("SET b 1");
    })
    .await;
    let root = &keyspace.nodes[0];
    assert_eq!((root.keys, keyspace.seen, keyspace.total), (1, 1, Some(1)), "{:?}", keyspace.nodes);
    assert!(keyspace.complete);
}

#[tokio::test]
async fn keys_that_are_gone_are_counted_no_more() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&lines(0..300, |n| format!("SET a:{n} x")));
    let (mut pictures, _guard) = watch_changes(&server.target);
    until(&mut pictures, |keyspace| keyspace.complete).await;
    client.say_all(&lines(0..100, |n| format!("PEXPIRE a:{n} 1")));
    client.say_all(&lines(100..250, |n| format!("DEL a:{n}")));
    let is_followed = |keyspace: &Keyspace| keyspace.nodes[0].keys == 50;
    let keyspace = until(&mut pictures, is_followed).await;
    assert_eq!((keyspace.seen, keyspace.total), (50, Some(50)));
}

/// Neither Redis 5 nor one whose HELLO is taken away can tell of changes. The program that
/// `BANYAN_REDIS` names may be the former.
#[tokio::test]
async fn a_server_that_cannot_tell_of_changes_is_asked_once() {
    let Some(old) = redis(&[]).await else { return };
    let version = info(&mut Plain::open(old.port), "redis_version:");
    let is_old = version.split('.').next().unwrap().parse::<u32>().unwrap() < 6;
    let without_hello = ["--rename-command", "HELLO", ""];
    let (server, reason) = match is_old {
        true => (old, "needs 6.0"),
        false => match redis(&without_hello).await {
            Some(server) => (server, "needs RESP 3"),
            None => return,
        },
    };
    let mut client = Plain::open(server.port);
    client.say("SET a:1 x");
    let (mut pictures, _guard) = watch_changes(&server.target);
    let is_told = |keyspace: &Keyspace| {
        let mut withheld = keyspace.withheld.iter();
        withheld.any(|one| one.part == Part::Tracking && one.reason.contains(reason))
    };
    let first = until(&mut pictures, is_told).await;
    let connections = info(&mut client, "total_connections_received:");
    // Two pictures of the same pass are further apart than two tries would be.
    for _ in 0..2 {
        let next = until(&mut pictures, |_| true).await;
        assert!(is_told(&next) && next.completed_at_millis == first.completed_at_millis);
    }
    assert_eq!(info(&mut client, "total_connections_received:"), connections);
}

#[tokio::test]
async fn of_a_ring_those_are_heard_that_tell() {
    let (Some(deaf), Some(one)) =
        (redis(&["--rename-command", "HELLO", ""]).await, redis(&[]).await)
    else {
        return;
    };
    let mut client = Plain::open(one.port);
    client.say_all(&lines(0..10, |n| format!("SET a:{n} x")));
    let mut link = Link::new(deaf.target.clone());
    link.ring = vec![deaf.target.clone(), one.target.clone()];
    let (mut pictures, _guard) = watch_changes_of(link);
    let first = until(&mut pictures, |keyspace| keyspace.complete).await;
    client.say("DEL a:1");
    let keyspace = until(&mut pictures, |keyspace| keyspace.nodes[0].keys == 9).await;
    assert_eq!(keyspace.completed_at_millis, first.completed_at_millis, "it was heard");
    let mut withheld = keyspace.withheld.iter();
    assert!(withheld.any(|one| one.reason.contains("RESP 3")), "{:?}", keyspace.withheld);
}

/// A fact of INFO.
fn info(client: &mut Plain, name: &str) -> String {
    client.send("INFO");
    let header = client.read();
    let mut left: usize = header[1..].parse().unwrap();
    let mut fact = None;
    while left > 0 {
        let line = client.read();
        left = left.saturating_sub(line.len() + 2);
        fact = fact.or(line.strip_prefix(name).map(str::to_owned));
    }
    client.read();
    fact.unwrap()
}
