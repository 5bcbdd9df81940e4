//! Single connections.

use super::*;
use crate::{Queue, Socket, TcpState, TcpTimer, WaitSource, Waiting};

fn socket(timer: Option<TcpTimer>) -> Option<Socket> {
    Some(Socket {
        state: TcpState::Established,
        timer,
        retransmits: 0,
        unanswered_probes: None,
        send_queue_bytes: 0,
        receive_queue_bytes: 0,
        round_trip_micros: None,
        data_at_millis: None,
        acknowledged_at_millis: None,
        retransmitted_bytes: None,
        inode: 1,
    })
}

#[test]
fn one_connection_at_one_moment() {
    type Change = fn(&mut Client);
    let blocked: Change = |it| it.state = ClientState::Blocked;
    let table: &[(&[Change], &[&str])] = &[
        (&[], &[]),
        (&[|it| it.is_dead = Some(true)], &["dead_client"]),
        (&[|it| it.is_dead = Some(true), blocked], &["dead_blocked_client"]),
        (&[|it| it.is_dead = Some(false), blocked], &[]),
        (&[|it| it.is_dead = None], &[]),
        (&[|it| it.is_dead = Some(true), |it| it.own = true], &[]),
        // MULTI, five seconds.
        (&[|it| it.state = ClientState::InMulti], &["open_transaction"]),
        (&[|it| it.state = ClientState::InMulti, |it| it.active_at_millis = START - 4_999], &[]),
        // A command of which a part is missing.
        (&[|it| it.query_bytes = Some(1)], &["half_sent_command"]),
        (&[|it| it.query_bytes = Some(0)], &[]),
        (&[|it| it.query_bytes = Some(1), blocked], &[]),
        (&[|it| it.query_bytes = Some(1), |it| it.active_at_millis = START - 4_000], &[]),
        (&[|it| it.flags = "conn_nread".into()], &["half_sent_command"]),
        // Much that is unread may be one big answer on its way.
        (&[|it| it.output_bytes = Some(90_000_000)], &[]),
    ];
    for (changes, expect) in table {
        let mut client = client(7, 60, 5);
        for change in *changes {
            change(&mut client);
        }
        assert_eq!(rules(&once(&with(redis(), [client.clone()]))), *expect, "{client:?}");
    }
}

#[test]
fn a_dead_client_that_waits_is_told_with_its_queue_and_why_it_is_dead() {
    let mut dead = client(7, 60, 50);
    dead.state = ClientState::Blocked;
    dead.command = "brpop".into();
    dead.is_dead = Some(true);
    dead.dead_evidence = vec![Evidence::new("unanswered_probes", 3)];
    let mut topology = with(redis(), [dead]);
    let waiting = vec![Waiting { client: 7, source: WaitSource::Seen, since_millis: START }];
    topology.workload.queues = vec![Queue { db: 0, key: "jobs:mail".into(), waiting }];
    let findings = once(&topology);
    assert_eq!(findings[0].severity, Severity::Critical);
    assert_eq!(findings[0].subject, Subject::Client(7));
    assert_eq!(fact(&findings, Rule::DeadBlockedClient, "queue"), "jobs:mail");
    assert_eq!(fact(&findings, Rule::DeadBlockedClient, "unanswered_probes"), "3");
    topology.clients.clear();
    assert_eq!(story(8, |look| if look == 0 { topology.clone() } else { redis() }), []);
}

#[test]
fn idle_connections_that_nothing_probes() {
    let idle = |secs: u64, timer| Client { socket: socket(timer), ..client(7, secs, secs) };
    let check = |client: Client, change: fn(&mut Topology), expect: &[&str]| {
        let mut topology = with(redis(), [client.clone()]);
        change(&mut topology);
        assert_eq!(rules(&once(&topology)), expect, "{client:?}");
    };
    let fires = &["idle_without_keepalive"];
    check(idle(3_600, None), |_| {}, fires);
    check(idle(3_599, None), |_| {}, &[]);
    check(idle(3_600, Some(TcpTimer::Keepalive)), |_| {}, &[]);
    check(idle(3_600, None), |it| it.server.idle_timeout_secs = Some(0), fires);
    check(idle(3_600, None), |it| it.server.idle_timeout_secs = Some(7_200), &[]);
    check(client(7, 3_600, 3_600), |_| {}, &[]);
    check(client(7, 3_600, 3_600), |it| it.server.keepalive_secs = Some(0), fires);
    check(client(7, 3_600, 3_600), |it| it.server.keepalive_secs = Some(300), &[]);
    let local = Client { addr: "127.0.0.1:9".into(), ..idle(9_000, None) };
    check(local, |_| {}, &[]);
    check(Client { addr: "/run/redis.sock:0".into(), ..idle(9_000, None) }, |_| {}, &[]);
}

/// A subscriber with so many unread bytes at each look.
fn unread(bytes: impl Fn(u64) -> u64) -> impl Fn(u64) -> Topology {
    move |look| with(redis(), [Client { output_bytes: Some(bytes(look)), ..client(7, 60, 5) }])
}

#[test]
fn output_that_only_grows() {
    let check = |looks: u64, bytes: fn(u64) -> u64, expect: &[&str]| {
        assert_eq!(rules(&story(looks, unread(bytes))), expect);
    };
    check(5, |look| 100_000 + look * 50_000, &["growing_output_buffer"]);
    check(4, |look| 100_000 + look * 50_000, &[]);
    check(9, |look| 100_000 + (look % 3) * 50_000, &[]);
    check(9, |look| 1_000 + look * 500, &[]);
    check(9, |_| 100_000, &[]);
    check(5, |_| 8_000_000, &["growing_output_buffer"]);
    check(4, |_| 8_000_000, &[]);
    check(9, |_| 7_999_999, &[]);
    // It ends when the client has read.
    check(5 + 6, |look| if look < 5 { 100_000 + look * 50_000 } else { 0 }, &[]);
    check(
        5 + 5,
        |look| if look < 5 { 100_000 + look * 50_000 } else { 0 },
        &["growing_output_buffer"],
    );
    // Or keeps up again, with a little on its way at every look.
    check(5 + 6, |look| if look < 5 { 100_000 + look * 50_000 } else { 9_000 }, &[]);
}

#[test]
fn one_connection_for_many_databases() {
    let selecting = |db: fn(u64) -> u32| {
        move |look| with(redis(), [Client { db: Some(db(look)), ..client(7, 60, 0) }])
    };
    let findings = story(4, selecting(|look| look as u32 % 3));
    assert_eq!(rules(&findings), ["changing_database"]);
    assert_eq!(fact(&findings, Rule::ChangingDatabase, "databases"), "0, 1, 2");
    assert_eq!(story(3, selecting(|look| look as u32)), []);
    assert_eq!(story(9, selecting(|look| u32::from(look > 4))), []);
    // A minute later it is forgotten.
    assert_eq!(story(130, selecting(|look| if look < 4 { look as u32 } else { 3 })), []);
    assert_eq!(story(100, selecting(|look| if look < 4 { look as u32 } else { 3 })).len(), 1);
}

#[test]
fn a_mishap_of_thousands_is_told_as_a_few() {
    let dead = (1..=10_000).map(|id| Client { is_dead: Some(true), ..client(id, 9, 9) });
    let findings = once(&with(redis(), dead));
    assert_eq!(findings.len(), MOST_OF_A_RULE + 1);
    let last = findings.last().unwrap();
    assert!(matches!(&last.subject, Subject::Clients(ids) if ids.len() == MOST_CLIENTS));
    assert_eq!(last.evidence, [Evidence::new("connections", 10_000 - MOST_OF_A_RULE)]);
}
