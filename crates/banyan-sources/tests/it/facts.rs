//! What a server tells besides its connections and keys.

use std::sync::Arc;

use banyan_sources::{Deadlines, Link, snapshot};
use banyan_topology::Channel;

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
    let second = watch.until(|_| true).await;
    assert!(first.sections.contains_key("memory_stats"));
    assert_eq!(first.sections, second.sections);
    assert_eq!(first.workload, second.workload);
    watch.shutdown.cancel();
}
