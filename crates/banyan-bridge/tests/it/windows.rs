//! Windows of MONITOR, asked for by a browser and on the command line.

use banyan_protocol::{FromBrowser, WatchKind};
use serde_json::Value;
use tokio::time::{Duration, sleep};

use crate::{bridge::Bridge, cli, fan_out::next_topology, redis::Redis};

/// A worker that asks for the same queue again and again, as programs do.
async fn worker(redis: &Redis) -> tokio::task::JoinHandle<()> {
    let mut client = redis.client().await;
    client.ask("CLIENT SETNAME worker").await;
    tokio::spawn(async move {
        loop {
            client.ask("BRPOP jobs:mail 0.2").await;
        }
    })
}

#[tokio::test]
async fn a_browser_opens_a_window_and_all_see_what_it_shows() {
    let Some(redis) = Redis::start().await else { return };
    let worker = worker(&redis).await;
    let bridge = Bridge::start(&[&redis.url()]).await;
    let (mut asking, mut other) = (bridge.browser().await, bridge.browser().await);
    let (mut known, mut of_other) = (None, None);
    asking.watch(0, WatchKind::Connections).await;
    other.watch(0, WatchKind::Connections).await;
    next_topology(&mut asking, &mut known).await;
    next_topology(&mut other, &mut of_other).await;
    assert_eq!(known.as_ref().unwrap().workload.window, None);
    assert_eq!(redis.calls("monitor").await, 0);
    let target = asking.targets[0].clone();
    // A second one is not opened while the first is.
    for _ in 0..2 {
        asking.say(&FromBrowser::Observe { target: target.clone(), millis: 1_500 }).await;
    }
    while known.as_ref().is_none_or(|topology| topology.workload.window.is_none()) {
        next_topology(&mut asking, &mut known).await;
    }
    while of_other.as_ref().is_none_or(|topology| topology.workload.window.is_none()) {
        next_topology(&mut other, &mut of_other).await;
    }
    let topology = known.unwrap();
    assert!(topology.workload.window.unwrap().commands > 0);
    // Between two calls nobody waits, and is not forgotten for that.
    let mut known = Some(topology.clone());
    while known.as_ref().is_some_and(|topology| topology.workload.queues.is_empty()) {
        next_topology(&mut asking, &mut known).await;
    }
    assert_eq!(known.unwrap().workload.queues[0].key, "jobs:mail");
    let worker_id = topology.clients.values().find(|client| client.name == "worker").unwrap().id;
    let touch = topology.workload.touches.iter().find(|touch| touch.client == worker_id).unwrap();
    assert_eq!((touch.prefix.as_str(), touch.reads), ("jobs:", 0));
    assert_eq!(redis.calls("monitor").await, 1);
    worker.abort();
    bridge.stop().await;
}

#[tokio::test]
async fn the_command_line_opens_a_window_and_wakes_only_with_a_yes() {
    let Some(redis) = Redis::start().await else { return };
    let url = redis.url();
    let mut client = redis.client().await;
    client.ask("CLIENT SETNAME worker").await;
    let id = client.ask("CLIENT ID").await.trim_start_matches(':').to_owned();
    let asking = tokio::spawn(async move {
        loop {
            client.ask("BRPOP jobs:mail 0").await;
        }
    });
    sleep(Duration::from_millis(200)).await;
    let args = ["cache", "snapshot", &url, "--reveal", &id, "--monitor", "0.5", "--json"];
    let (code, complaint) = cli::failure(&args);
    assert!(code == 2 && complaint.contains("--yes"), "{complaint}");
    for with_an_index in ["1:7".to_owned(), ((1_u64 << 48) + 7).to_string()] {
        let args = ["cache", "snapshot", &url, "--reveal", &with_an_index, "--yes"];
        let (code, complaint) = cli::failure(&args);
        assert!(code == 2 && complaint.contains("7@10.0.0.8:6379"), "{complaint}");
    }
    // A look, and a window, wake nobody.
    cli::json(&["cache", "snapshot", &url, "--monitor", "0.2", "--json"]);
    assert_eq!(redis.calls("client|unblock").await, 0);
    let url_of_task = url.clone();
    let id_of_task = id.clone();
    let snapshot = tokio::task::spawn_blocking(move || {
        let args = ["cache", "snapshot", &url_of_task, "--reveal", &id_of_task];
        cli::json(&[args.as_slice(), &["--yes", "--monitor", "0.5", "--json"]].concat())
    });
    let snapshot = snapshot.await.unwrap();
    assert_eq!(redis.calls("client|unblock").await, 1);
    let queue = &snapshot["workload"]["queues"][0];
    assert_eq!((&queue["key"], &queue["db"]), (&Value::from("jobs:mail"), &Value::from(0)));
    assert_eq!(queue["waiting"][0]["source"], "seen");
    assert_eq!(queue["waiting"][0]["client"].to_string(), id);
    asking.abort();
    let (code, complaint) = cli::failure(&["cache", "snapshot", &url, "--monitor", "60"]);
    assert!(code == 1 && complaint.contains("at most 10"), "{complaint}");
}
