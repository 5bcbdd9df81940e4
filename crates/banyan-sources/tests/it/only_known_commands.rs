use std::{collections::BTreeSet, sync::Arc, time::Duration};

use banyan_sources::{Deadlines, Link, WalkOptions, keys, redis::PERMITS, snapshot};

use crate::server::{Plain, Watch, redis};

/// What [`banyan_sources::redis::RedisCommand`] can say, as MONITOR shows it.
fn known() -> BTreeSet<String> {
    let names = PERMITS.iter().map(|permit| permit.name.replace('|', " ").to_uppercase());
    names.chain(["HELLO".to_owned()]).collect()
}

#[tokio::test]
async fn a_sniffer_sees_only_what_the_enum_can_say() {
    let Some(server) = redis(&[]).await else { return };
    let mut client = Plain::open(server.port);
    client.say_all(&(0..300).map(|n| format!("SET user:{n} x")).collect::<Vec<_>>());
    // Admin commands are not shown by MONITOR; the server's own counts tell of them.
    client.say("CONFIG RESETSTAT");
    let mut sniffer = Plain::open(server.port);
    assert_eq!(sniffer.say("MONITOR"), "+OK");

    let link = Arc::new(Link::new(server.target.clone()));
    let mut watch = Watch::quick(&link);
    for _ in 0..15 {
        watch.until(|_| true).await;
    }
    snapshot(&link, Deadlines::default()).await.unwrap();
    keys(&link, WalkOptions::default(), |_| {}).await.unwrap();
    watch.shutdown.cancel();
    tokio::time::sleep(Duration::from_millis(100)).await;
    client.say("ECHO the-end");

    let known = known();
    let mut seen = BTreeSet::new();
    loop {
        let line = sniffer.read();
        let words: Vec<&str> = line.split('"').skip(1).step_by(2).collect();
        if words.contains(&"the-end") {
            break;
        }
        let one = words[0].to_uppercase();
        let two = format!("{one} {}", words.get(1).unwrap_or(&"").to_uppercase());
        let name = [one, two].into_iter().find(|name| known.contains(name));
        seen.insert(name.unwrap_or_else(|| panic!("unknown command: {line}")));
    }
    for needed in ["INFO", "ROLE", "SCAN", "TYPE", "PTTL", "MEMORY USAGE"] {
        assert!(seen.contains(needed), "{needed} was not seen: the sniffer is blind");
    }

    client.send("INFO commandstats");
    let mut counted = BTreeSet::new();
    loop {
        let line = client.read();
        if let Some((name, _)) = line.strip_prefix("cmdstat_").and_then(|rest| rest.split_once(':'))
        {
            counted.insert(name.replace('|', " ").to_uppercase());
        }
        if line.is_empty() {
            break;
        }
    }
    for of_this_test in ["CONFIG RESETSTAT", "MONITOR", "ECHO"] {
        counted.remove(of_this_test);
    }
    let unknown: Vec<_> = counted.iter().filter(|name| !known.contains(*name)).collect();
    assert!(unknown.is_empty(), "{unknown:?}");
    assert!(counted.contains("CLIENT LIST") && counted.contains("SCAN"), "{counted:?}");
}
