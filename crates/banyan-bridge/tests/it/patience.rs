//! Deadlines and limits, shortened so that a test can see them.

use std::time::Duration;

use banyan_bridge::config::{Config, Limits};
use banyan_protocol::{FromBrowser, ToBrowser, VERSION, encode};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::bridge::{Bridge, PATIENCE};

async fn impatient(change: impl FnOnce(&mut Limits)) -> Bridge {
    Bridge::start_with(&[], |config: &mut Config| change(&mut config.limits)).await
}

/// Reads until the bridge closes the connection.
async fn closed(stream: &mut TcpStream) -> Vec<u8> {
    let mut rest = Vec::new();
    // A reset is as good as an end.
    let _ = timeout(PATIENCE, stream.read_to_end(&mut rest)).await.expect("it stays open");
    rest
}

#[tokio::test]
async fn half_a_request_is_not_waited_for() {
    let bridge = impatient(|limits| limits.head = Duration::from_millis(300)).await;
    for head in ["", "GET / HT", "GET / HTTP/1.1\r\nHost: localhost\r\nX: "] {
        let mut stream = TcpStream::connect(bridge.address).await.unwrap();
        stream.write_all(head.as_bytes()).await.unwrap();
        let answer = closed(&mut stream).await;
        assert!(!answer.starts_with(b"HTTP/1.1 200"), "{head}");
    }
    // Nor is an idle connection kept after its answer.
    let mut stream = TcpStream::connect(bridge.address).await.unwrap();
    let request = format!("GET /engine.js HTTP/1.1\r\nHost: {}\r\n\r\n", bridge.address);
    stream.write_all(request.as_bytes()).await.unwrap();
    assert!(closed(&mut stream).await.starts_with(b"HTTP/1.1 200"));
    bridge.stop().await;
}

#[tokio::test]
async fn connections_beyond_the_limit_wait_for_a_place() {
    let bridge = impatient(|limits| {
        limits.connections = 2;
        limits.head = Duration::from_millis(500);
    })
    .await;
    let mut half = Vec::new();
    for _ in 0..2 {
        let mut stream = TcpStream::connect(bridge.address).await.unwrap();
        stream.write_all(b"GET / ").await.unwrap();
        half.push(stream);
    }
    assert_eq!(bridge.get("/engine.js", "").await.status, 200);
    bridge.stop().await;
}

#[tokio::test]
async fn a_socket_without_a_hello_is_closed() {
    let bridge = impatient(|limits| limits.hello = Duration::from_millis(200)).await;
    let (mut browser, _) = bridge.open("banyan.v1").await.unwrap();
    assert_eq!(browser.closed().await.unwrap(), (1008, "no hello in time".to_owned()));
    bridge.stop().await;
}

#[tokio::test]
async fn a_browser_that_answers_no_ping_is_dropped_and_one_that_does_is_kept() {
    let bridge = impatient(|limits| {
        limits.ping_every = Duration::from_millis(200);
        limits.silence = Duration::from_millis(900);
    })
    .await;
    let mut browser = bridge.browser().await;

    // By hand, so that nothing answers a ping: one masked frame with the hello.
    let mut stream = TcpStream::connect(bridge.address).await.unwrap();
    let request = format!(
        "GET /ws HTTP/1.1\r\nHost: {0}\r\nOrigin: http://{0}\r\nUpgrade: websocket\r\n\
         Connection: Upgrade\r\nSec-WebSocket-Version: 13\r\n\
         Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: banyan.v1\r\n\r\n",
        bridge.address
    );
    stream.write_all(request.as_bytes()).await.unwrap();
    let hello = encode(&FromBrowser::Hello { version: VERSION });
    let mut frame = vec![0x82, 0x80 | u8::try_from(hello.len()).unwrap(), 0, 0, 0, 0];
    frame.extend(hello);
    stream.write_all(&frame).await.unwrap();
    let heard = tokio::spawn(async move { closed(&mut stream).await });

    // The other one reads, which answers the pings, past the end of the silent one.
    let talk = async {
        loop {
            if let ToBrowser::Pong = browser.hear().await {
                break;
            }
        }
    };
    let heard = tokio::select! {
        heard = heard => heard.unwrap(),
        () = talk => panic!("nobody asked for a pong"),
    };
    assert!(heard.starts_with(b"HTTP/1.1 101"));
    let text = String::from_utf8_lossy(&heard);
    assert!(text.contains("silent for too long"), "{text}");
    browser.say(&FromBrowser::Ping { visible: true }).await;
    assert_eq!(browser.hear().await, ToBrowser::Pong);
    bridge.stop().await;
}
