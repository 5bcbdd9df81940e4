//! The program as people call it: what it prints, and how it ends.

mod tree;

use std::{
    io::{BufRead as _, BufReader, Read as _},
    path::Path,
    process::{Command, Output, Stdio},
};

use serde_json::Value;

use crate::redis::Redis;

const BANYAN: &str = env!("CARGO_BIN_EXE_banyan");

const FAMILY: &str = "0 HEAD\n1 GEDC\n2 VERS 5.5.1\n1 CHAR UTF-8\n\
    0 @I1@ INDI\n1 NAME Ann /Oak/\n1 SEX F\n1 FAMS @F1@\n\
    0 @I2@ INDI\n1 NAME 贾 /宝玉/\n1 SEX M\n1 FAMS @F1@\n\
    0 @I3@ INDI\n1 NAME Ben /Oak/\n1 FAMC @F1@\n\
    0 @F1@ FAM\n1 WIFE @I1@\n1 HUSB @I2@\n1 CHIL @I3@\n1 CHIL @I9@\n0 TRLR\n";

fn banyan(args: &[&str]) -> Output {
    Command::new(BANYAN).args(args).stdin(Stdio::null()).output().unwrap()
}

/// What a successful call prints.
fn stdout(args: &[&str]) -> String {
    let output = banyan(args);
    let complaint = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(0), "{args:?}: {complaint}");
    String::from_utf8(output.stdout).unwrap()
}

pub(crate) fn json(args: &[&str]) -> Value {
    serde_json::from_str(&stdout(args)).unwrap()
}

/// Exit code and complaint of a call that fails.
pub(crate) fn failure(args: &[&str]) -> (i32, String) {
    let output = banyan(args);
    assert!(output.stdout.is_empty(), "{args:?} printed a result");
    (output.status.code().unwrap(), String::from_utf8(output.stderr).unwrap())
}

fn with_file(text: impl AsRef<[u8]>, use_it: impl FnOnce(&str, &Path)) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("family.ged");
    std::fs::write(&file, text).unwrap();
    use_it(file.to_str().unwrap(), folder.path());
}

/// Whether all of `fields` are in `value`, whatever they are.
fn check_fields(value: &Value, fields: &[&str]) {
    let object = value.as_object().unwrap_or_else(|| panic!("not an object: {value}"));
    for field in fields {
        assert!(object.contains_key(*field), "{field} is missing in {value}");
    }
}

#[tokio::test]
async fn snapshot_tells_the_connections() {
    let Some(redis) = Redis::start().await else { return };
    let mut client = redis.client().await;
    client.ask("CLIENT SETNAME steady").await;
    let url = redis.url();
    let snapshot = json(&["cache", "snapshot", &url, "--json"]);
    check_fields(
        &snapshot,
        &["target", "kind", "version", "taken_at", "clients", "threads", "replication", "cost"],
    );
    assert_eq!(snapshot["target"], Value::from(url.clone()));
    assert_eq!(snapshot["kind"], "redis");
    check_fields(&snapshot["cost"], &["commands", "micros"]);
    let clients = snapshot["clients"].as_array().unwrap();
    let steady = clients.iter().find(|client| client["name"] == "steady").unwrap();
    check_fields(
        steady,
        &[
            "id",
            "addr",
            "name",
            "state",
            "db",
            "age_secs",
            "idle_secs",
            "command",
            "output_bytes",
            "thread",
            "tcp_state",
            "dead",
            "dead_evidence",
        ],
    );
    // The server is on this host, so that its kernel knows more than it tells.
    assert_eq!(
        (&steady["tcp_state"], &steady["dead"]),
        (&Value::from("ESTAB"), &Value::from(false))
    );
    assert_eq!(snapshot["census"]["states"]["listen"], 1);
    assert_eq!(snapshot["threads"][0]["role"], "main");
    assert!(snapshot["threads"][0]["clients"].as_array().unwrap().contains(&steady["id"]));
    assert_eq!(steady["db"], 0);
    assert!(steady["thread"].is_null(), "Redis 7 does not tell its threads");
    let text = stdout(&["cache", "snapshot", &url]);
    assert!(text.contains("steady") && text.contains("(banyan)"), "{text}");
}

#[tokio::test]
async fn snapshot_tells_the_fleet() {
    let (Some(master), Some(replica)) = (Redis::start().await, Redis::start().await) else {
        return;
    };
    let mut client = replica.client().await;
    client.ask(&format!("REPLICAOF 127.0.0.1 {}", master.port)).await;
    while !client.ask("INFO replication").await.contains("master_link_status:up") {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    let snapshot = json(&["cache", "snapshot", &replica.url(), "--json"]);
    let fleet = &snapshot["fleet"];
    check_fields(fleet, &["name", "quorum", "has_quorum", "uncovered", "total", "events"]);
    assert_eq!(fleet["kind"], "replication");
    let nodes = fleet["nodes"].as_array().unwrap();
    let told: Vec<_> = nodes.iter().map(|n| (&n["role"], &n["reach"], &n["master"])).collect();
    let (polled, none) = (Value::from("polled"), Value::Null);
    assert_eq!(
        told,
        [
            (&Value::from("replica"), &polled, &Value::from(1)),
            (&Value::from("master"), &polled, &none)
        ]
    );
    assert_eq!(nodes[1]["addr"], Value::from(format!("127.0.0.1:{}", master.port)));
    check_fields(&nodes[0], &["node", "id", "state", "lag_bytes", "slots", "keys", "server"]);
    let clients = snapshot["clients"].as_array().unwrap();
    for client in clients {
        let (node, number) = (client["node"].as_u64().unwrap(), client["number"].as_u64().unwrap());
        assert_eq!(client["id"].as_u64(), Some((node << 48) + number));
    }
    assert!(clients.iter().any(|client| client["node"] == 1 && client["state"] == "replica"));
    let text = stdout(&["cache", "snapshot", &master.url()]);
    assert!(text.contains("fleet") && text.contains(&replica.port.to_string()), "{text}");
    // The master alone is no fleet.
    client.ask("REPLICAOF NO ONE").await;
    let mut client = master.client().await;
    while !client.ask("INFO replication").await.contains("connected_slaves:0") {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    assert!(json(&["cache", "snapshot", &master.url(), "--json"])["fleet"].is_null());
}

#[tokio::test]
async fn keys_are_a_tree_of_prefixes() {
    let Some(redis) = Redis::start().await else { return };
    let mut client = redis.client().await;
    for line in ["SET user:1:name a", "SET user:2:name b", "RPUSH queue/mail x", "SETEX token 50 t"]
    {
        client.ask(line).await;
    }
    let url = redis.url();
    let keys = json(&["cache", "keys", &url, "--json"]);
    check_fields(&keys, &["keys", "complete", "bytes", "types", "prefixes"]);
    check_fields(&keys, &["total", "ttls", "estimate", "biggest", "oldest", "locks", "tracking"]);
    assert!(keys["estimate"].is_null());
    check_fields(&keys["biggest"][0], &["db", "key", "type", "bytes", "ttl_secs", "idle_secs"]);
    assert_eq!(keys["ttls"], serde_json::json!([1, 0, 0, 0, 0, 0]));
    assert_eq!((&keys["keys"], &keys["complete"]), (&Value::from(4), &Value::from(true)));
    assert_eq!(keys["types"], serde_json::json!({"string": 3, "list": 1}));
    let user = &keys["prefixes"][0];
    check_fields(user, &["prefix", "keys", "bytes", "with_ttl", "types", "children"]);
    check_fields(user, &["ttls", "keys_error", "bytes_error", "heat", "role", "evidence"]);
    assert_eq!((&user["prefix"], &user["keys"]), (&Value::from("user"), &Value::from(2)));
    let children = user["children"].as_array().unwrap();
    let names: Vec<_> = children.iter().map(|child| child["prefix"].as_str().unwrap()).collect();
    assert_eq!(names, ["user:1", "user:2"]);
    assert_eq!(children[0]["children"][0]["prefix"], "user:1:name");

    let by_slash = json(&["cache", "keys", &url, "--json", "--delimiter", "/"]);
    let prefixes = by_slash["prefixes"].as_array().unwrap();
    assert!(prefixes.iter().any(|prefix| prefix["prefix"] == "queue"), "{by_slash}");
    let few = json(&["cache", "keys", &url, "--json", "--limit", "2"]);
    assert_eq!(few["keys"], 4);
    let text = stdout(&["cache", "keys", &url]);
    assert!(text.contains("user:") && text.contains("50.0 %"), "{text}");
}

#[tokio::test]
async fn the_doctor_says_what_is_permitted_and_whom_to_make() {
    let Some(redis) = Redis::start().await else { return };
    let report = json(&["doctor", &redis.url(), "--json"]);
    assert_eq!(report["kind"], "redis");
    assert_eq!(report["user"], "default");
    assert_eq!(report["verified"], Value::Null);
    let checks = report["checks"].as_array().unwrap();
    let list = checks.iter().find(|check| check["command"] == "client|list").unwrap();
    assert_eq!((&list["part"], &list["verdict"]), (&"clients".into(), &"permitted".into()));
    assert!(list["calls_a_minute"].as_f64().unwrap() > 1.0);
    let viewer = report["viewer"].as_str().unwrap();
    assert!(viewer.starts_with("ACL SETUSER banyan reset on >PASSWORD "), "{viewer}");
    let text = stdout(&["doctor", &redis.url()]);
    assert!(text.contains(viewer) && text.contains("not tried"), "{text}");
    let (code, complaint) = failure(&["doctor", "redis://127.0.0.1:1"]);
    assert!(code == 1 && complaint.contains("nobody listens"), "{complaint}");
}

#[tokio::test]
async fn a_server_that_cannot_be_asked_is_named_without_its_password() {
    let Some(redis) = Redis::start().await else { return };
    redis.client().await.ask("CONFIG SET requirepass right").await;
    let url = |password: &str| format!("redis://:{password}@127.0.0.1:{}", redis.port);
    for command in ["snapshot", "keys"] {
        stdout(&["cache", command, &url("right"), "--json"]);
        let (code, complaint) = failure(&["cache", command, &url("canary"), "--json"]);
        assert_eq!(code, 1);
        assert!(complaint.contains(&redis.url()), "{complaint}");
        assert!(!complaint.contains("canary"), "{complaint}");
        let (code, complaint) = failure(&["cache", command, "redis://:canary@127.0.0.1:1"]);
        assert!(code == 1 && complaint.contains("redis://127.0.0.1:1"), "{complaint}");
        let (code, complaint) = failure(&["cache", command, "http://:canary@127.0.0.1:1"]);
        assert!(code == 1 && !complaint.contains("canary"), "{complaint}");
    }
}

#[test]
fn made_up_servers_look_like_real_ones() {
    let snapshot = json(&["generate", "topology", "-n", "300", "--seed", "2"]);
    check_fields(&snapshot, &["target", "kind", "version", "taken_at", "server", "cost"]);
    let clients = snapshot["clients"].as_array().unwrap();
    assert_eq!(clients.len(), 300);
    assert!(clients.iter().any(|client| client["state"] == "blocked"));
    check_fields(&clients[0], &["id", "addr", "state", "db", "age_secs", "idle_secs", "command"]);

    let keys = json(&["generate", "keyspace", "-n", "3000"]);
    assert_eq!((&keys["keys"], &keys["complete"]), (&Value::from(3000), &Value::from(true)));
    let mut found = 0;
    let mut below: Vec<&Value> = keys["prefixes"].as_array().unwrap().iter().collect();
    while let Some(row) = below.pop() {
        assert_eq!(row["folded"], 0);
        found += u32::from(row["is_key"] == true);
        below.extend(row["children"].as_array().unwrap());
    }
    assert_eq!(found, 3000);
}

#[test]
fn wrong_calls_end_with_2() {
    for args in [
        &[][..],
        &["nonsense"],
        &["tree", "inspect"],
        &["tree", "draw", "x.ged"],
        &["serve", "--listen", "somewhere"],
        &["cache", "keys", "redis://h", "--limit", "many"],
        &["completions", "tcsh-like"],
        &["generate", "family"],
        &["generate", "tree", "-n", "0"],
    ] {
        assert_eq!(failure(args).0, 2, "{args:?}");
    }
}

#[test]
fn wrong_configurations_end_with_1() {
    for (args, reason) in [
        (&["serve", "--listen", "0.0.0.0:0"][..], "--behind-proxy"),
        (&["serve", "http://h"], "redis://"),
        (&["serve", "--budget", "0"], "budget"),
        (&["serve", "--delimiter", ""], "delimiter"),
        (&["serve", "--config", "/nowhere/banyan.toml"], "/nowhere/banyan.toml"),
        (&["serve", "--allow-host", "a/b"], "a/b"),
    ] {
        let (code, complaint) = failure(args);
        assert!(code == 1 && complaint.contains(reason), "{args:?}: {complaint}");
    }
}

#[test]
fn completions_and_manual_pages_name_every_command() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = stdout(&["completions", shell]);
        for word in ["serve", "inspect", "snapshot"] {
            assert!(script.contains(word), "{word} is missing for {shell}");
        }
    }
    assert!(stdout(&["man"]).contains(".TH banyan 1"));
    let folder = tempfile::tempdir().unwrap();
    stdout(&["man", "--out", folder.path().to_str().unwrap()]);
    for page in ["banyan.1", "banyan-serve.1", "banyan-tree-inspect.1"] {
        assert!(folder.path().join(page).exists(), "{page} is missing");
    }
}

#[test]
fn serve_says_where_and_ends_on_a_signal() {
    let mut child = Command::new(BANYAN)
        .args(["serve", "--listen", "127.0.0.1:0", "--demo", "never"])
        .args(["redis://ann:canary@127.0.0.1:1"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    let address =
        line.strip_prefix("Banyan listens on http://").and_then(|l| l.strip_suffix("/\n"));
    let address: std::net::SocketAddr = address.expect(&line).parse().unwrap();
    assert!(std::net::TcpStream::connect(address).is_ok());

    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let (mut rest, mut log) = (String::new(), String::new());
    stdout.read_to_string(&mut rest).unwrap();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    assert_eq!(rest, "", "one line on standard output, no more");
    assert!(log.contains("redis://127.0.0.1:1"), "{log}");
    assert!(!log.contains("canary"), "{log}");
}

#[test]
fn the_demonstration_runs_with_what_is_installed_and_leaves_nothing() {
    let folder = tempfile::tempdir().unwrap();
    // No PATH, no servers: it says what to install and goes on.
    let mut child = Command::new(BANYAN)
        .args(["demo", "--listen", "127.0.0.1:0"])
        .env("PATH", folder.path())
        .env("TMPDIR", folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = BufReader::new(child.stdout.take().unwrap());
    let mut line = String::new();
    stdout.read_line(&mut line).unwrap();
    assert!(line.starts_with("Banyan listens on "), "{line}");
    Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    let mut log = String::new();
    child.stderr.take().unwrap().read_to_string(&mut log).unwrap();
    for program in ["redis-server", "memcached"] {
        assert!(log.contains(&format!("apt-get install {program}")), "{log}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0, "the folder is left behind");
}
