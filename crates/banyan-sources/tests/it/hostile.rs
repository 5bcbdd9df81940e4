//! Servers that are broken, hung or hostile.

use std::time::Duration;

use banyan_sources::{Deadlines, Link, Target, WalkOptions, keys, snapshot};
use banyan_topology::FaultKind;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// Listens, and gives each read of each connection the next of `answers`.
async fn double(answers: Vec<Vec<u8>>) -> Target {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(answer(stream, answers.clone()));
        }
    });
    Target::redis_on_loopback(port)
}

async fn answer(mut stream: TcpStream, answers: Vec<Vec<u8>>) {
    let mut bytes = vec![0; 64 * 1024];
    for answer in answers {
        if stream.read(&mut bytes).await.unwrap_or(0) == 0 {
            return;
        }
        if stream.write_all(&answer).await.is_err() {
            return;
        }
    }
    // Then it listens and says nothing, until the other side hangs up.
    while stream.read(&mut bytes).await.unwrap_or(0) > 0 {}
}

fn soon() -> Deadlines {
    Deadlines { command: Duration::from_millis(300), ..Deadlines::default() }
}

/// For what must not be mistaken for silence on a busy machine.
fn late() -> Deadlines {
    Deadlines { command: Duration::from_secs(20), ..Deadlines::default() }
}

/// Answers after the name and the id, and the fault of one look.
async fn check(answers: &[&[u8]], expect: FaultKind) {
    let mut all = vec![b"+OK\r\n".to_vec(), b":7\r\n".to_vec(), b"$2\r\n#\r\r\n".to_vec()];
    all.extend(answers.iter().map(|answer| answer.to_vec()));
    let target = double(all).await;
    let deadlines = if expect == FaultKind::Timeout { soon() } else { late() };
    let fault = snapshot(&Link::new(target), deadlines).await.unwrap_err();
    assert_eq!(
        fault.kind,
        expect,
        "{:?}: {fault}",
        answers.iter().map(|a| a.escape_ascii().to_string()).collect::<Vec<_>>()
    );
}

#[tokio::test]
async fn replies_that_make_no_sense_end_the_connection() {
    let info: &[u8] = b"$20\r\nredis_version:7.0.15\r\n";
    check(&[b"HTTP/1.1 400 Bad Request\r\n"], FaultKind::Protocol).await;
    check(&[b"$99999999999\r\n"], FaultKind::Protocol).await;
    check(&[b"*2147483647\r\n"], FaultKind::Protocol).await;
    check(&[&b"*1\r\n".repeat(10_000)], FaultKind::Protocol).await;
    check(&[b":1\r\n"], FaultKind::Protocol).await;
    check(&[b"-NOAUTH Authentication required.\r\n"], FaultKind::Unauthorized).await;
    check(&[b"-LOADING Redis is loading the dataset in memory\r\n"], FaultKind::Loading).await;
    // A reply too many, at once and later.
    check(&[b"$1\r\na\r\n+OK\r\n"], FaultKind::Protocol).await;
    check(&[info, b"$10\r\nid=1 name=\r\n:1\r\n"], FaultKind::Protocol).await;
    check(&[info, b"$999999999\r\n"], FaultKind::Protocol).await;
    check(&[info, b"$3\r\nid=1\r\n"], FaultKind::Protocol).await;
    check(&[info, b"*1\r\n$1\r\na\r\n"], FaultKind::Protocol).await;
    // Never the end of it.
    check(&[info, b"$50\r\nid=1 name=\n"], FaultKind::Timeout).await;
    check(&[], FaultKind::Timeout).await;
}

#[tokio::test]
async fn what_a_server_says_before_it_hangs_up_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.write_all(b"-ERR max number of clients reached\r\n").await;
        }
    });
    let link = Link::new(Target::redis_on_loopback(port));
    let fault = snapshot(&link, late()).await.unwrap_err();
    assert!(
        fault.detail.contains("max number of clients") || fault.kind == FaultKind::Lost,
        "{fault}"
    );
}

#[tokio::test]
async fn an_endless_list_takes_no_memory() {
    // 60 MB of CLIENT LIST without a line's end.
    let mut answers = vec![b"+OK\r\n".to_vec(), b":7\r\n".to_vec(), b"$0\r\n\r\n".to_vec()];
    answers.push(b"$0\r\n\r\n".to_vec());
    let mut list = format!("${}\r\n", 60 << 20).into_bytes();
    list.extend(std::iter::repeat_n(b'x', 60 << 20));
    list.extend_from_slice(b"\r\n");
    answers.push(list);
    // To the questions about all else, which come in one go.
    answers.push(b"-ERR unknown command\r\n".repeat(11));
    let target = double(answers).await;
    let before = resident_bytes();
    let topology = snapshot(&Link::new(target), late()).await.unwrap();
    assert!(topology.clients.is_empty());
    if let (Some(before), Some(after)) = (before, resident_bytes()) {
        // The double itself holds two copies of its list by now or before.
        assert!(after < before + (80 << 20), "grew from {before} to {after} bytes");
    }
}

/// Memory of this process, where the system tells.
fn resident_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/statm").ok()?;
    Some(status.split(' ').nth(1)?.parse::<u64>().ok()? * 4096)
}

#[tokio::test]
async fn a_scan_that_lies_is_a_protocol_fault() {
    let prices = b"$0\r\n\r\n".to_vec();
    for scan in
        ["*1\r\n$1\r\n0\r\n", "*2\r\n$1\r\nx\r\n*0\r\n", "*2\r\n$1\r\n0\r\n*1\r\n:1\r\n", "+OK\r\n"]
    {
        let answers = vec![
            b"+OK\r\n".to_vec(),
            b":7\r\n".to_vec(),
            b"$26\r\ndb0:keys=5,expires=0,avg_t\r\n".to_vec(),
            b"+OK\r\n".to_vec(),
            scan.as_bytes().to_vec(),
            prices.clone(),
        ];
        let link = Link::new(double(answers).await);
        let options = WalkOptions { deadlines: late(), ..WalkOptions::default() };
        let fault = keys(&link, options, |_| {}).await.unwrap_err();
        assert_eq!(fault.kind, FaultKind::Protocol, "{scan:?}: {fault}");
    }
}

#[tokio::test]
async fn a_hung_server_is_down_and_a_woken_one_live() {
    use banyan_topology::Health;
    let Some(server) = crate::server::redis(&[]).await else { return };
    let signal = |name: &str| {
        let pid = server.pid().unwrap().to_string();
        std::process::Command::new("kill").args([name, &pid]).status().unwrap()
    };
    let link = std::sync::Arc::new(Link::new(server.target.clone()));
    let options = banyan_sources::PollOptions {
        interval: Duration::from_millis(50),
        deadlines: soon(),
        ..Default::default()
    };
    let mut watch = crate::server::Watch::of(&link, options);
    watch.until(|_| true).await;
    signal("-STOP");
    let down = watch.until_health(|health| matches!(health, Health::Down { .. })).await;
    assert!(matches!(down, Health::Down { fault, .. } if fault.kind == FaultKind::Timeout));
    signal("-CONT");
    watch.until_health(|health| matches!(health, Health::Live { .. })).await;
}
