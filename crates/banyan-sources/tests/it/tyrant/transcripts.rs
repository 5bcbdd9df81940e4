//! The double answers as a real server did, byte for byte where the bytes do not depend on time,
//! memory or the order of a hash.

use std::path::Path;

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::double::Double;

struct Exchange {
    name: String,
    sent: Vec<u8>,
    /// `None` where the answer was made unreadable.
    received: Option<Vec<u8>>,
}

fn hex(text: &str) -> Option<Vec<u8>> {
    let digits = text.chars().map(|c| c.to_digit(16).map(|digit| digit as u8));
    let digits: Vec<u8> = digits.collect::<Option<_>>()?;
    let pairs = digits.chunks_exact(2).map(|pair| pair[0] * 16 + pair[1]);
    digits.len().is_multiple_of(2).then(|| pairs.collect())
}

fn exchanges() -> Option<Vec<Exchange>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../../shared/data/tokyo-tyrant/transcripts.json");
    let Ok(json) = std::fs::read_to_string(&path) else {
        println!("skipped: no transcripts at {}", path.display());
        return None;
    };
    let exchanges: Vec<serde_json::Value> = serde_json::from_str(&json).unwrap();
    let read = |exchange: &serde_json::Value| {
        let field = |name: &str| exchange.get(name).unwrap().as_str().unwrap().to_owned();
        Exchange {
            name: field("name"),
            sent: hex(&field("send")).unwrap(),
            received: hex(&field("recv")),
        }
    };
    Some(exchanges.iter().map(read).collect())
}

/// Sends a request and reads as many bytes as are expected.
async fn say(stream: &mut TcpStream, request: &[u8], expected: usize) -> Vec<u8> {
    stream.write_all(request).await.unwrap();
    let mut answer = vec![0; expected];
    stream.read_exact(&mut answer).await.unwrap();
    answer
}

/// The keys of an answer to fwmkeys, in order.
fn keys(answer: &[u8]) -> Vec<&[u8]> {
    let mut keys = Vec::new();
    let mut rest = &answer[5..];
    while let Some((length, after)) = rest.split_first_chunk() {
        let (key, after) = after.split_at(u32::from_be_bytes(*length) as usize);
        keys.push(key);
        rest = after;
    }
    keys.sort_unstable();
    keys
}

/// Names and values of an answer to stat, without those that depend on time and machine.
fn stat(answer: &[u8]) -> Vec<(&str, &str)> {
    const OWN: &[&str] = &[
        "time",
        "pid",
        "size",
        "fd",
        "loadavg",
        "memsize",
        "memrss",
        "ru_user",
        "ru_sys",
        "ru_real",
        "delay",
        "mport",
        // The real server was also asked what the double does not know.
        "cnt_iterinit",
        "cnt_iternext",
        "cnt_misc",
    ];
    let lines = str::from_utf8(&answer[5..]).unwrap().lines();
    let fields = lines.map(|line| line.split_once('\t').unwrap());
    fields.map(|(name, value)| (name, if OWN.contains(&name) { "" } else { value })).collect()
}

async fn stat_of(double: &Double) -> Vec<u8> {
    let mut stream = TcpStream::connect(("127.0.0.1", double.port)).await.unwrap();
    let mut answer = say(&mut stream, b"\xc8\x88", 5).await;
    let length = u32::from_be_bytes(answer[1..].try_into().unwrap());
    answer.extend(say(&mut stream, b"", length as usize).await);
    answer
}

#[tokio::test]
async fn requests_of_a_client() {
    let Some(exchanges) = exchanges() else { return };
    let double = Double::start("on-memory hash", 1, 8).await;
    let mut stream = TcpStream::connect(("127.0.0.1", double.port)).await.unwrap();
    let mut checked = 0;
    // The first server's exchanges, up to the database of another kind.
    for exchange in exchanges.iter().take_while(|exchange| !exchange.name.contains("B+ tree")) {
        if ["iter", "misc"].iter().any(|word| exchange.name.starts_with(word)) {
            continue;
        }
        let expected = exchange.received.as_deref().unwrap();
        checked += 1;
        match exchange.name.as_str() {
            "stat" => assert_eq!(stat(&stat_of(&double).await), stat(expected)),
            "size" => assert_eq!(say(&mut stream, &exchange.sent, 9).await[0], 0),
            name => {
                let answer = say(&mut stream, &exchange.sent, expected.len()).await;
                if name.starts_with("fwmkeys") {
                    assert_eq!(keys(&answer), keys(expected), "{name}");
                } else {
                    assert_eq!(answer, expected, "{name}");
                }
            }
        }
    }
    assert_eq!(checked, 20);

    let unknown = exchanges.iter().find(|exchange| exchange.name.starts_with("unknown command"));
    stream.write_all(&unknown.unwrap().sent).await.unwrap();
    assert_eq!(stream.read(&mut [0; 10]).await.unwrap(), 0, "no answer");
}

#[tokio::test]
async fn stat_of_servers_with_a_master() {
    let Some(exchanges) = exchanges() else { return };
    for (name, sid, setmst, repl) in [
        ("replica: stat", 2, 0, 0),
        ("dual master A: stat", 11, 1, 1),
        ("dual master B: stat", 12, 0, 1),
    ] {
        let double = Double::start("on-memory hash", sid, 8).await;
        {
            let mut state = double.state();
            state.master = Some(("127.0.0.1".to_owned(), 1));
            state.counts.extend([("setmst", setmst), ("repl", repl)]);
        }
        let exchange = exchanges.iter().find(|exchange| exchange.name == name).unwrap();
        let expected = exchange.received.as_deref().unwrap();
        assert_eq!(stat(&stat_of(&double).await), stat(expected), "{name}");
    }
}
