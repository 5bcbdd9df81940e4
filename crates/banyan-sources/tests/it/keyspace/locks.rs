//! Keys that look like locks.

use banyan_sources::{Link, Password, keys};
use banyan_topology::{Keyspace, Role};

use super::{
    changes::{errors, until, watch_changes},
    full_speed, row,
};
use crate::server::{Plain, redis};

#[tokio::test]
async fn locks_are_told_with_what_is_left_of_them() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("SET lock:order:7 token-of-a-worker PX 90000 NX");
    client.say("SET lock:for:ever token NX");
    client.say("SET block:x y");
    client.say("RPUSH lock:list x");
    let link = Link::new(server.target.clone());
    let keyspace = keys(&link, full_speed(), |_| {}).await.unwrap();
    let [for_ever, order] = &keyspace.locks[..] else { panic!("{:?}", keyspace.locks) };
    assert_eq!((for_ever.key.as_str(), for_ever.ttl_millis), ("lock:for:ever", None));
    assert_eq!(order.key, "lock:order:7");
    assert!(order.ttl_millis.is_some_and(|left| (60_000..=90_000).contains(&left)), "{order:?}");
    let can_read = client.say("CLIENT NO-TOUCH ON") == "+OK";
    assert_eq!(order.holder.is_some(), can_read);
    assert_eq!(row(&keyspace, &["lock", "order"]).unwrap().role, Some(Role::Lock));
}

#[tokio::test]
async fn what_is_refused_of_locks_is_asked_once() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("SET lock:order:7 token NX");
    let may = "+info +select +scan +type +pttl +memory +client";
    client.say(&format!("ACL SETUSER v on >pw ~* {may}"));
    let mut target = server.target.clone();
    (target.user, target.password) = (Some("v".into()), Some(Password("pw".to_owned())));
    let (mut pictures, _guard) = watch_changes(&target);
    let has_lock = |keyspace: &Keyspace| !keyspace.locks.is_empty();
    let first = until(&mut pictures, has_lock).await;
    // NO-TOUCH where the server lacks it, GETRANGE where it does not.
    let refused = errors(&mut client);
    assert_eq!(first.locks[0].holder, None);
    for _ in 0..2 {
        assert!(has_lock(&until(&mut pictures, |_| true).await), "locks are looked at again");
    }
    assert_eq!(errors(&mut client), refused);
}

#[tokio::test]
async fn a_lock_of_several_servers_has_a_quorum() {
    let mut servers = Vec::new();
    for _ in 0..5 {
        let Some(server) = redis(&[]).await else { return };
        servers.push(server);
    }
    let mut clients: Vec<Plain> = servers.iter().map(|server| Plain::open(server.port)).collect();
    let mut set = |places: &[usize], line: &str| {
        for place in places {
            assert_eq!(clients[*place].say(line), "+OK");
        }
    };
    set(&[0, 2, 4], "SET lock:order:1 token-of-ann PX 90000 NX");
    // Two tried at the same time, and neither won.
    set(&[1], "SET lock:order:2 token-of-ann PX 90000 NX");
    set(&[2, 3], "SET lock:order:2 token-of-bob PX 60000 NX");
    set(&[3], "SET lock:order:3 token-of-eve PX 90000 NX");
    // Of a kind that a hash ring spreads: one server each.
    set(&[0], "SET mutex:a token PX 90000 NX");
    set(&[1], "SET mutex:b token PX 90000 NX");
    let mut link = Link::new(servers[0].target.clone());
    link.ring = servers.iter().map(|server| server.target.clone()).collect();
    let keyspace = keys(&link, full_speed(), |_| {}).await.unwrap();
    let quorum = |key: &str| {
        let lock = keyspace.locks.iter().find(|lock| lock.key == key).unwrap();
        lock.quorum.map(|quorum| (quorum.held, quorum.servers))
    };
    assert_eq!(quorum("lock:order:1"), Some((3, 5)));
    assert_eq!(quorum("lock:order:2"), Some((2, 5)));
    assert_eq!(quorum("lock:order:3"), Some((1, 5)));
    assert_eq!([quorum("mutex:a"), quorum("mutex:b")], [None; 2]);
    assert_eq!(keyspace.locks.len(), 5, "each once");
    let texts = keyspace.texts();
    let at = texts.iter().position(|(_, text)| text == "lock:order:1").unwrap();
    let evidence = &keyspace.nodes[at].evidence;
    assert!(evidence.iter().any(|fact| fact.value == "3 / 5"), "{evidence:?}");
}

#[tokio::test]
async fn a_server_that_is_down_holds_no_lock() {
    let mut servers = Vec::new();
    for _ in 0..3 {
        let Some(server) = redis(&[]).await else { return };
        servers.push(server);
    }
    for server in &servers {
        let mut client = Plain::open(server.port);
        assert_eq!(client.say("SET lock:order:1 token-of-ann PX 90000 NX"), "+OK");
    }
    let mut link = Link::new(servers[0].target.clone());
    link.ring = servers.iter().map(|server| server.target.clone()).collect();
    let quorum = async || {
        let keyspace = keys(&link, full_speed(), |_| {}).await.unwrap();
        let texts = keyspace.texts();
        let at = texts.iter().position(|(_, text)| text == "lock:order:1").unwrap();
        let quorum = keyspace.locks[0].quorum.unwrap();
        let evidence = keyspace.nodes[at].evidence.iter();
        let told = evidence.filter(|it| it.name == "unreached_servers").map(|it| it.value.clone());
        let told = told.collect::<Vec<_>>();
        (quorum.held, quorum.servers, quorum.unreached, quorum.is_majority(), told)
    };
    assert_eq!(quorum().await, (3, 3, 0, true, vec![]));
    servers[2].kill().await;
    assert_eq!(quorum().await, (2, 3, 1, true, vec!["1".to_owned()]));
    Plain::open(servers[1].port).say("DEL lock:order:1");
    servers[1].kill().await;
    let keyspace = keys(&link, full_speed(), |_| {}).await.unwrap();
    assert_eq!(keyspace.missing.len(), 2);
    // Of one copy nobody can tell whether it was spread; before, it was known to be.
    assert_eq!(keyspace.locks.len(), 1);
}
