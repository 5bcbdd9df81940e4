//! What `banyan cache findings` and `banyan cache watch` say of a real server.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Output, Stdio},
};

use serde_json::Value;

use crate::{cli, redis::Redis};

fn findings(url: &str, more: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_banyan");
    let args = ["cache", "findings", url, "--json"];
    let span = if more.contains(&"--for") { &[][..] } else { &["--for", "1.5"] };
    let mut command = Command::new(program);
    command.args(args).args(span).args(more).stdin(Stdio::null()).output().unwrap()
}

/// What is printed, and with what code it ends.
fn told(url: &str, more: &[&str]) -> (Vec<Value>, i32) {
    let output = findings(url, more);
    let code = output.status.code().unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);
    let rows = serde_json::from_slice(&output.stdout);
    (rows.unwrap_or_else(|error| panic!("{error}: {complaint}")), code)
}

#[tokio::test]
async fn nothing_a_notice_and_a_warning() {
    let Some(redis) = Redis::start().await else { return };
    let mut client = redis.client().await;
    assert_eq!(told(&redis.url(), &[]), (Vec::new(), 0));

    client.ask("SETRANGE archive:2024 10000000 x").await;
    let (rows, code) = told(&redis.url(), &[]);
    assert_eq!((rows.len(), code), (1, 0), "{rows:?}");
    assert_eq!(rows[0]["rule"], "big_key");
    assert_eq!(rows[0]["severity"], "notice");
    let key = serde_json::json!({ "kind": "key", "db": 0, "key": "archive:2024" });
    assert_eq!(rows[0]["subject"], key);
    assert!(rows[0]["remedy"].as_str().unwrap().contains("UNLINK archive:2024"));
    assert_eq!(told(&redis.url(), &["--no-keys"]).0, Vec::<Value>::new());

    client.ask("CONFIG SET maxclients 10").await;
    let mut others = Vec::new();
    for _ in 0..7 {
        others.push(redis.client().await);
    }
    let (rows, code) = told(&redis.url(), &["--lang", "zh-CN", "--no-keys"]);
    assert_eq!((rows.len(), code), (1, 1), "{rows:?}");
    for field in
        ["rule", "severity", "title", "subject", "evidence", "explanation", "remedy", "since"]
    {
        assert!(!rows[0][field].is_null(), "{field} is missing");
    }
    assert_eq!(rows[0]["rule"], "near_client_limit");
    assert_eq!(rows[0]["title"], "连接数接近上限");
    assert_eq!(rows[0]["evidence"][1], serde_json::json!({ "name": "max_clients", "value": "10" }));
}

#[test]
fn a_server_that_cannot_be_looked_at_ends_with_2() {
    for url in ["redis://127.0.0.1:1", "http://:canary@127.0.0.1:1"] {
        let output = findings(url, &[]);
        assert_eq!(output.status.code(), Some(2), "{url}");
        assert!(output.stdout.is_empty());
        assert!(!String::from_utf8_lossy(&output.stderr).contains("canary"));
    }
}

#[tokio::test]
async fn a_server_that_goes_down_meanwhile_ends_with_2() {
    let Some(mut redis) = Redis::start().await else { return };
    let url = redis.url();
    let args = ["--for", "4", "--no-keys"];
    let told = tokio::task::spawn_blocking(move || findings(&url, &args));
    tokio::time::sleep(std::time::Duration::from_millis(1_500)).await;
    redis.kill();
    let output = told.await.unwrap();
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    assert!(!output.stderr.is_empty());
}

struct Watching(Child);

impl Drop for Watching {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[tokio::test]
async fn a_watch_tells_who_comes_waits_and_goes() {
    let Some(redis) = Redis::start().await else { return };
    let program = env!("CARGO_BIN_EXE_banyan");
    let url = redis.url();
    let mut command = Command::new(program);
    command.args(["cache", "watch", &url, "--json", "--for", "60", "--interval", "0.1"]);
    let mut child = Watching(command.stdout(Stdio::piped()).stdin(Stdio::null()).spawn().unwrap());
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let mut lines = lines.map(|line| serde_json::from_str::<Value>(&line.unwrap()).unwrap());
    let began = lines.next().unwrap();
    assert_eq!(began["event"], "began");
    assert_eq!(began["kind"], "redis");

    let mut worker = redis.client().await;
    worker.send("BRPOP jobs:mail 0").await;
    let addr = loop {
        let line = lines.next().unwrap();
        match line["event"].as_str().unwrap() {
            "client_blocked" => break line["client"]["addr"].clone(),
            "client_came" if line["client"]["state"] == "blocked" => {
                break line["client"]["addr"].clone();
            }
            _ => {}
        }
    };
    drop(worker);
    let gone = lines.find(|line| line["event"] == "client_gone" && line["client"]["addr"] == addr);
    assert!(gone.unwrap()["at"].as_u64().unwrap() >= began["at"].as_u64().unwrap());
}

#[tokio::test]
async fn a_watch_with_a_window_tells_who_waits_for_what() {
    let Some(redis) = Redis::start().await else { return };
    let mut worker = redis.client().await;
    worker.ask("CLIENT SETNAME worker").await;
    let asking = tokio::spawn(async move {
        loop {
            worker.ask("BRPOP jobs:mail 0.2").await;
        }
    });
    let url = redis.url();
    let args = ["cache", "watch", &url, "--json", "--monitor", "1", "--for", "60", "--interval"];
    let mut command = Command::new(env!("CARGO_BIN_EXE_banyan"));
    command.args(args).arg("0.1").stdout(Stdio::piped()).stdin(Stdio::null());
    let mut child = Watching(command.spawn().unwrap());
    let lines = BufReader::new(child.0.stdout.take().unwrap()).lines();
    let said = tokio::task::spawn_blocking(move || {
        let mut missing = vec!["client_touches", "client_waits", "window"];
        let mut said = Vec::new();
        for line in lines {
            let line: Value = serde_json::from_str(&line.unwrap()).unwrap();
            missing.retain(|event| line["event"] != *event);
            said.push(line);
            if missing.is_empty() {
                break;
            }
        }
        said
    });
    let said = said.await.unwrap();
    asking.abort();
    let of = |event: &str| said.iter().find(|line| line["event"] == event).unwrap();
    assert_eq!(
        (&of("client_waits")["key"], &of("client_waits")["place"]),
        (&"jobs:mail".into(), &1.into())
    );
    assert_eq!(of("client_touches")["prefix"], "jobs:");
    assert!(of("window")["window"]["commands"].as_u64().unwrap() > 0);
    let (_, complaint) = cli::failure(&["cache", "watch", &url, "--monitor", "60"]);
    assert!(complaint.contains("at most 10 seconds"), "{complaint}");
}
