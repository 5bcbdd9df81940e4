//! The talk on the WebSocket: hello, version, limits.

use std::time::Duration;

use banyan_bridge::config::Config;
use banyan_protocol::{FromBrowser, TargetId, ToBrowser, VERSION, Watch, WatchKind, encode};
use futures_util::SinkExt as _;
use tokio_tungstenite::tungstenite::Message;

use crate::bridge::Bridge;

const POLICY: u16 = 1008;

#[tokio::test]
async fn hello_names_the_targets_and_hides_their_secrets() {
    let urls = ["redis://ann:secret@127.0.0.1:1", "redis://127.0.0.1:2/3"];
    let bridge = Bridge::start(&urls).await;
    let (mut browser, response) = bridge.open("banyan.v1").await.unwrap();
    assert_eq!(response.headers()["sec-websocket-protocol"], "banyan.v1");
    browser.say(&FromBrowser::Hello { version: VERSION }).await;
    let ToBrowser::Hello { version, bridge: program, targets } = browser.hear().await else {
        panic!("no hello");
    };
    assert_eq!((version, program.as_str()), (VERSION, env!("CARGO_PKG_VERSION")));
    let found: Vec<_> =
        targets.iter().map(|target| (target.id.0.as_str(), target.address.as_str())).collect();
    assert_eq!(
        found,
        [("127.0.0.1:1", "redis://127.0.0.1:1"), ("127.0.0.1:2/3", "redis://127.0.0.1:2/3")]
    );
    // And then how each of them is doing, watched or not: nobody listens there.
    let mut down = Vec::new();
    browser
        .hear_until(|message| {
            if let ToBrowser::Health { target, health: banyan_protocol::Health::Down { .. } } =
                message
            {
                down.push(target);
            }
            (down.contains(&targets[0].id) && down.contains(&targets[1].id)).then_some(())
        })
        .await;
    bridge.stop().await;
}

#[tokio::test]
async fn a_page_of_another_version_learns_why() {
    let bridge = Bridge::start(&[]).await;
    let (mut browser, _) = bridge.open("banyan.v1").await.unwrap();
    browser.say(&FromBrowser::Hello { version: VERSION + 1 }).await;
    assert_eq!(browser.hear().await, ToBrowser::WrongVersion { version: VERSION });
    assert_eq!(browser.closed().await.map(|(code, _)| code), Some(POLICY));
    bridge.stop().await;
}

#[tokio::test]
async fn what_is_no_message_ends_the_talk() {
    let bridge = Bridge::start(&[]).await;
    let hello = encode(&FromBrowser::Hello { version: VERSION });
    let mut longer = hello.clone();
    longer.push(0);
    let rows: [(&str, Vec<Message>, u16); 6] = [
        ("text", vec![Message::Text("hello".into())], 1003),
        ("no message", vec![Message::Binary(vec![0xff; 9].into())], 1007),
        ("an empty frame", vec![Message::Binary(Vec::new().into())], 1007),
        ("bytes too many", vec![Message::Binary(longer.into())], 1007),
        (
            "no hello",
            vec![Message::Binary(encode(&FromBrowser::Ping { visible: true }).into())],
            POLICY,
        ),
        (
            "two hellos",
            vec![Message::Binary(hello.clone().into()), Message::Binary(hello.into())],
            POLICY,
        ),
    ];
    for (name, messages, code) in rows {
        let (mut browser, _) = bridge.open("banyan.v1").await.unwrap();
        for message in messages {
            browser.socket.send(message).await.unwrap();
        }
        assert_eq!(browser.closed().await.map(|(code, _)| code), Some(code), "{name}");
    }
    bridge.stop().await;
}

#[tokio::test]
async fn a_message_that_is_too_long_is_not_read() {
    let bridge = Bridge::start(&[]).await;
    let mut browser = bridge.browser().await;
    let long = vec![0; banyan_protocol::MAX_FROM_BROWSER_BYTES + 1];
    // The bridge may be gone before all of it is sent.
    let _ = browser.socket.send(Message::Binary(long.into())).await;
    let _ = browser.closed().await;
    // The others do not notice.
    let mut other = bridge.browser().await;
    other.say(&FromBrowser::Ping { visible: true }).await;
    assert_eq!(other.hear().await, ToBrowser::Pong);
    bridge.stop().await;
}

#[tokio::test]
async fn a_flood_ends_the_talk_and_a_burst_does_not() {
    let bridge = Bridge::start(&[]).await;
    let mut browser = bridge.browser().await;
    let ping = FromBrowser::Ping { visible: true };
    for _ in 0..30 {
        browser.say(&ping).await;
    }
    for _ in 0..30 {
        assert_eq!(browser.hear().await, ToBrowser::Pong);
    }
    for _ in 0..200 {
        if browser.socket.send(Message::Binary(encode(&ping).into())).await.is_err() {
            break;
        }
    }
    let (code, reason) = browser.closed().await.expect("a reason");
    assert_eq!((code, reason.as_str()), (POLICY, "too many messages"));
    bridge.stop().await;
}

#[tokio::test]
async fn only_configured_targets_are_watched() {
    let bridge = Bridge::start(&["redis://127.0.0.1:1"]).await;
    let mut browser = bridge.browser().await;
    let foreign = TargetId("127.0.0.1:6379".into());
    let watch = |target: &TargetId, kind, delimiter: &str| {
        FromBrowser::Watch(Watch { target: target.clone(), kind, delimiter: delimiter.into() })
    };
    let own = browser.targets[0].clone();
    let rows = [
        watch(&foreign, WatchKind::Connections, ""),
        watch(&foreign, WatchKind::Keyspace, ""),
        watch(&TargetId("http://169.254.169.254".into()), WatchKind::Connections, ""),
        FromBrowser::Rescan { target: foreign.clone() },
        watch(&own, WatchKind::Keyspace, "123456789"),
    ];
    for message in rows {
        let named = match &message {
            FromBrowser::Watch(watch) => watch.target.clone(),
            FromBrowser::Rescan { target } => target.clone(),
            _ => unreachable!(),
        };
        browser.say(&message).await;
        let refused = browser
            .hear_until(|message| match message {
                ToBrowser::Refused { target } => Some(target),
                _ => None,
            })
            .await;
        assert_eq!(refused, named);
    }
    bridge.stop().await;
}

#[tokio::test]
async fn too_many_browsers_are_turned_away_before_the_101() {
    let bridge = Bridge::start_with(&[], |config: &mut Config| config.limits.browsers = 2).await;
    let (_first, _second) = (bridge.browser().await, bridge.browser().await);
    let error = bridge.open("banyan.v1").await.map(|_| ()).unwrap_err();
    assert!(error.to_string().contains("503"), "{error}");
    bridge.stop().await;
}

#[tokio::test]
async fn the_end_of_the_bridge_is_told() {
    let bridge = Bridge::start(&[]).await;
    let mut browser = bridge.browser().await;
    let ((), closed) = tokio::join!(bridge.stop(), browser.closed());
    assert_eq!(closed.map(|(code, _)| code), Some(1001));
}

#[tokio::test]
async fn many_half_requests_keep_nobody_out() {
    use tokio::{io::AsyncWriteExt as _, net::TcpStream};
    let bridge = Bridge::start(&[]).await;
    let mut half = Vec::new();
    for _ in 0..300 {
        let mut stream = TcpStream::connect(bridge.address).await.unwrap();
        stream.write_all(b"GET / HTTP/1.1\r\nHost: loc").await.unwrap();
        half.push(stream);
    }
    let answer = tokio::time::timeout(Duration::from_secs(5), bridge.get("/", "")).await;
    assert_eq!(answer.expect("an answer").status, 200);
    bridge.stop().await;
}
