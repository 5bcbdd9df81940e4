//! What a server tells besides its connections and keys.

use std::{sync::Arc, time::Duration};

use banyan_sources::{Deadlines, Link, WalkOptions, keys, snapshot};
use banyan_topology::{Channel, Part};

use crate::server::{Plain, Watch, redis};

#[tokio::test]
async fn all_facts_of_one_server() {
    let Some(server) = redis(&["--latency-monitor-threshold", "1", "--timeout", "77"]).await else {
        return;
    };
    let mut client = Plain::open(server.port);
    client.say("CONFIG SET slowlog-log-slower-than 0");
    client.say("SET slow:key value");
    client.say("CONFIG SET slowlog-log-slower-than 10000000");
    // Longer than the millisecond that counts, on any machine.
    client.say("EVAL \"local i = 0 while i < 5000000 do i = i + 1 end\" 0");
    let mut board = Plain::open(server.port);
    board.say("SUBSCRIBE news");
    let mut shard = Plain::open(server.port);
    shard.say("SSUBSCRIBE sharded");
    let library = "#!lua name=lib\nredis.register_function('hello', function() return 1 end)";
    let load = format!("FUNCTION LOAD {library:?}");
    client.say(&load);

    let link = Link::new(server.target.clone());
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    let workload = &topology.workload;
    let slow = workload.slow.iter().find(|slow| slow.command.contains("slow:key")).unwrap();
    assert_eq!(slow.command, "SET slow:key value");
    assert!(slow.addr.starts_with("127.0.0.1:"), "{slow:?}");
    assert!(slow.at_millis.abs_diff(topology.taken_at_millis) < 120_000, "{slow:?}");
    let channel =
        |name: &str, is_sharded| Channel { name: name.into(), subscribers: 1, is_sharded };
    assert_eq!(workload.channels, [channel("news", false), channel("sharded", true)]);
    assert_eq!(workload.functions, ["lib.hello"]);
    let latency = workload.latency.iter().find(|event| event.name == "command").unwrap();
    assert!(latency.most_millis >= 1, "{latency:?}");

    let names: Vec<&str> = topology.sections.keys().map(String::as_str).collect();
    for section in ["clients", "commandstats", "cpu", "doctor", "latencystats", "memory", "server"]
    {
        assert!(names.contains(&section), "{section}: {names:?}");
    }
    assert!(topology.sections["memory_stats"]["peak.allocated"].parse::<u64>().is_ok());
    assert!(!topology.sections["server"].contains_key("uptime_in_seconds"));
    let connection = &topology.sections["connection"];
    assert_eq!((connection["resp"].as_str(), connection["user"].as_str()), ("3", "default"));
    assert_eq!(topology.server.idle_timeout_secs, Some(77));
    assert!(topology.server.keepalive_secs.is_some());
    assert_eq!(topology.withheld, []);

    let own = topology.clients.values().find(|client| client.own).unwrap();
    assert_eq!(own.protocol, Some(3));
    assert!(own.local_addr.as_deref().is_some_and(|addr| addr.ends_with(&server.port.to_string())));
    assert!(own.descriptor.is_some() && own.argument_bytes.is_some());
}

#[tokio::test]
async fn facts_stay_between_the_rounds() {
    let Some(server) = redis(&[]).await else { return };
    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    let first = watch.until(|_| true).await;
    assert!(first.sections.contains_key("memory_stats"));
    let (mut last, mut rounds) = (first.clone(), 0);
    for _ in 0..10 {
        let next = watch.until(|_| true).await;
        let is_same = (&next.sections, &next.workload) == (&last.sections, &last.workload);
        rounds += u64::from(!is_same);
        last = next;
    }
    // On a busy machine ten looks take longer than the five seconds between two rounds.
    let millis = last.taken_at_millis - first.taken_at_millis;
    assert!(rounds <= millis / 5_000, "{rounds} rounds of facts in {millis} ms");
    watch.shutdown.cancel();
}

/// Version 7.2 has CLIENT NO-TOUCH; before it, streams are left alone.
#[tokio::test]
async fn streams_are_looked_at_without_touching_them() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say("XADD events 1-1 a b");
    client.read();
    client.say("XADD events 1-2 a b");
    client.read();
    assert_eq!(client.say("XGROUP CREATE events workers 0"), "+OK");
    client.send("XREADGROUP GROUP workers ann COUNT 1 STREAMS events >");
    // A walk finds what a look may then ask about.
    let link = Link::new(server.target.clone());
    keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    tokio::time::sleep(Duration::from_millis(2200)).await;
    let topology = snapshot(&link, Deadlines::default()).await.unwrap();
    let mut client = Plain::open(server.port);
    let idle_secs: u32 = client.say("OBJECT IDLETIME events")[1..].parse().unwrap();
    assert!(idle_secs >= 2, "a look has touched it: {idle_secs} s");

    let withheld = topology.withheld.iter().find(|withheld| withheld.part == Part::Streams);
    if let Some(withheld) = withheld {
        assert!(topology.server.version.starts_with("7.0"), "{withheld:?}");
        assert_eq!((withheld.reason.as_str(), topology.workload.streams), ("needs 7.2", vec![]));
        return;
    }
    let [stream] = &topology.workload.streams[..] else { panic!("{:?}", topology.workload) };
    assert_eq!((stream.db, stream.key.as_str(), stream.entries), (0, "events", 2));
    let [group] = &stream.groups[..] else { panic!("{stream:?}") };
    assert_eq!((group.name.as_str(), group.pending, group.lag), ("workers", 1, Some(1)));
    let [ann] = &group.consumers[..] else { panic!("{group:?}") };
    assert_eq!((ann.name.as_str(), ann.pending), ("ann", 1));
    assert!(ann.seen_at_millis.abs_diff(topology.taken_at_millis) < 60_000, "{ann:?}");
}
