//! Connections of one kind.

use super::*;

/// `count` connections of a pool; number `n` was opened and last used so many seconds ago.
fn pool(count: u64, age_secs: fn(u64) -> u64, idle_secs: fn(u64) -> u64) -> Topology {
    let member = |n| Client { name: format!("web-{n}"), ..client(n, age_secs(n), idle_secs(n)) };
    with(redis(), (0..count).map(member))
}

#[test]
fn a_pool_that_leaks_is_seen_at_once_by_the_ages_of_its_connections() {
    let leaking = pool(40, |n| 35 + n * 10, |n| 34 + n * 10);
    let findings = once(&leaking);
    assert_eq!(rules(&findings), ["leaking_pool"]);
    assert_eq!(fact(&findings, Rule::LeakingPool, "name"), "web");
    assert_eq!(fact(&findings, Rule::LeakingPool, "idle_connections"), "40");
    // Opened all at once when the program started.
    assert_eq!(once(&pool(40, |_| 435, |_| 434)), []);
    // Each is used now and then.
    assert_eq!(once(&pool(40, |n| 35 + n * 10, |n| n % 30)), []);
    // Few.
    assert_eq!(once(&pool(19, |n| 35 + n * 20, |n| 34 + n * 20)), []);
    // memcached does not say when a connection was opened.
    let mut memcached = leaking.clone();
    memcached.server.kind = ServerKind::Memcached;
    memcached.server.version = "1.6.45".into();
    assert_eq!(once(&memcached), []);
    // It ends when the half of them is closed or used.
    let half = pool(40, |n| 35 + n * 10, |n| if n < 21 { 0 } else { 34 + n * 10 });
    assert_eq!(story(9, |look| if look < 2 { leaking.clone() } else { half.clone() }), []);
    let less = pool(40, |n| 35 + n * 10, |n| if n < 12 { 0 } else { 34 + n * 10 });
    assert_eq!(story(9, |look| if look < 2 { leaking.clone() } else { less.clone() }).len(), 1);
}

#[test]
fn a_pool_that_leaks_is_seen_by_its_growth_where_ages_are_not_told() {
    let growing = |step: u64| {
        move |look: u64| {
            let mut topology = pool(30 + look / step, |_| 500, |_| 400);
            topology.server.kind = ServerKind::Memcached;
            topology.server.version = "1.6.45".into();
            topology
        }
    };
    assert_eq!(rules(&story(130, growing(10))), ["leaking_pool"]);
    // Not watched for a minute; and too slow to tell.
    assert_eq!(story(110, growing(10)), []);
    assert_eq!(story(130, growing(20)), []);
}

/// A worker whose connection ends every `period` looks, and comes again `pause` looks later.
fn coming_again(period: u64, pause: u64) -> impl Fn(u64) -> Topology {
    move |look| {
        let (round, phase) = (look / period, look % period);
        let opened_at_millis = START + round * period * 500;
        let worker =
            Client { opened_at_millis, name: "worker".into(), ..client(100 + round, 0, 0) };
        let other = client(1, 900, 0);
        with(redis(), std::iter::once(other).chain((phase < period - pause).then_some(worker)))
    }
}

#[test]
fn connections_that_end_and_come_again() {
    // One second, as a socket timeout shorter than that of BRPOP makes them.
    let findings = story(12, coming_again(2, 0));
    assert_eq!(rules(&findings), ["reconnect_churn"]);
    assert_eq!(fact(&findings, Rule::ReconnectChurn, "name"), "worker");
    assert_eq!(fact(&findings, Rule::ReconnectChurn, "lifetime_millis"), "1000");
    assert_eq!(rules(&story(16, coming_again(3, 1))), ["reconnect_churn"]);
    // So short that a look sees each of them by chance, if at all.
    assert_eq!(story(60, coming_again(2, 1)), []);
    // Three of them.
    assert_eq!(story(8, coming_again(2, 0)), []);
    // A pool that renews its connections every twenty seconds.
    assert_eq!(story(300, coming_again(40, 0)), []);
    // Nobody comes again.
    let leaving = |look: u64| with(redis(), (look..20).map(|id| client(id, 1, 0)));
    assert_eq!(story(15, leaving), []);
    // A minute after the last, it is over.
    let over = |look: u64| coming_again(2, 0)(look.min(13));
    assert_eq!(rules(&story(100, over)), ["reconnect_churn"]);
    assert_eq!(story(160, over), []);
}

#[test]
fn a_connection_for_each_request() {
    let rate = |per_look: u64| {
        move |look: u64| {
            let mut topology = redis();
            topology.server.total_connections = Some(1_000_000 + look * per_look);
            topology
        }
    };
    let findings = story(8, rate(15));
    assert_eq!(rules(&findings), ["reconnect_churn"]);
    assert_eq!(findings[0].subject, Subject::Server);
    assert_eq!(story(8, rate(7)), []);
    assert_eq!(story(4, rate(15)), []);
}
