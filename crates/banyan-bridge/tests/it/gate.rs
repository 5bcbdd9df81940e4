//! Who is let in. Everything here happens on raw TCP, and every refusal comes before the 101.

use crate::bridge::{Answer, Bridge};

/// What makes a request a WebSocket's.
const UPGRADE: &str = "Upgrade: websocket\nConnection: Upgrade\nSec-WebSocket-Version: 13\n\
    Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\nSec-WebSocket-Protocol: banyan.v1\n";

#[tokio::test]
async fn hosts_origins_and_upgrades() {
    let bridge = Bridge::start_with(&[], |config| {
        config.allow_hosts = vec!["trees.example".parse().unwrap()];
    })
    .await;
    let own = "Host: localhost:PORT\n";
    let ours = "Origin: http://localhost:PORT\n";
    let rows: &[(u16, &str, &str)] = &[
        // Hosts of the page.
        (200, "GET / HTTP/1.1", "Host: 127.0.0.1:PORT\n"),
        (200, "GET / HTTP/1.1", "Host: localhost:PORT\n"),
        (200, "GET / HTTP/1.1", "Host: LocalHost:PORT\n"),
        (200, "GET / HTTP/1.1", "Host: [::1]:PORT\n"),
        (200, "GET / HTTP/1.1", "Host: trees.example\n"),
        (200, "GET / HTTP/1.1", "Host: trees.example:443\n"),
        (200, "GET / HTTP/1.0", "Host: localhost:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: localhost\n"),
        (421, "GET / HTTP/1.1", "Host: localhost:1\n"),
        (421, "GET / HTTP/1.1", "Host: 127.evil.com:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: 127.0.0.1.evil.com:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: localhost.evil.com:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: evil.com\n"),
        (421, "GET / HTTP/1.1", "Host: evil.com:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: 0.0.0.0:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: 127.1:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: 2130706433:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: [::ffff:127.0.0.1]:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: localhost.:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: a@localhost:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: sub.trees.example\n"),
        (421, "GET / HTTP/1.1", "Host: \n"),
        (421, "GET / HTTP/1.1", ""),
        (421, "GET / HTTP/1.1", "Host: localhost:PORT\nHost: localhost:PORT\n"),
        (421, "GET / HTTP/1.1", "Host: localhost:PORT\nHost: evil.com\n"),
        (421, "GET /engine.js HTTP/1.1", "Host: evil.com\n"),
        (421, "GET /nothing HTTP/1.1", "Host: evil.com\n"),
        (200, "GET http://localhost:PORT/ HTTP/1.1", own),
        (421, "GET http://evil.com/ HTTP/1.1", own),
        (421, "GET http://localhost:PORT/ HTTP/1.1", "Host: 127.0.0.1:PORT\n"),
        // Methods and bodies.
        (200, "HEAD / HTTP/1.1", own),
        (405, "POST / HTTP/1.1", "Host: localhost:PORT\nContent-Length: 0\n"),
        (405, "PUT /engine.js HTTP/1.1", own),
        (405, "OPTIONS / HTTP/1.1", own),
        (405, "DELETE /ws HTTP/1.1", own),
        (400, "GET / HTTP/1.1", "Host: localhost:PORT\nContent-Length: 5\n"),
        (400, "GET / HTTP/1.1", "Host: localhost:PORT\nTransfer-Encoding: chunked\n"),
    ];
    for (expect, line, headers) in rows {
        let answer = bridge.raw(&format!("{line}\n{headers}Connection: close\n\n")).await;
        check(*expect, &format!("{line} / {headers}"), &answer);
    }

    let sockets: &[(u16, &str, &str)] = &[
        (101, own, ours),
        (101, "Host: 127.0.0.1:PORT\n", "Origin: http://127.0.0.1:PORT\n"),
        (101, "Host: [::1]:PORT\n", "Origin: http://[::1]:PORT\n"),
        (101, "Host: trees.example\n", "Origin: https://trees.example\n"),
        // A program on this machine.
        (101, own, ""),
        (403, own, "Origin: null\n"),
        (403, own, "Origin: http://evil.com\n"),
        (403, own, "Origin: http://localhost\n"),
        (403, own, "Origin: http://localhost:3000\n"),
        (403, own, "Origin: https://localhost:PORT\n"),
        (403, own, "Origin: http://127.0.0.1:PORT\n"),
        (403, own, "Origin: http://localhost:PORT.evil.com\n"),
        (403, own, "Origin: http://localhost.evil.com:PORT\n"),
        (403, own, "Origin: http://evil.com:PORT\n"),
        (403, own, "Origin: http://a@localhost:PORT\n"),
        (403, own, "Origin: http://localhost:PORT/\n"),
        (403, own, "Origin: file://\n"),
        (403, own, "Origin: \n"),
        (403, own, "Origin: http://localhost:PORT\nOrigin: http://evil.com\n"),
        (403, own, "Origin: http://localhost:PORT http://evil.com\n"),
        (403, "Host: trees.example\n", "Origin: https://evil.com\n"),
        (403, "Host: trees.example\n", ""),
        (421, "Host: evil.com:PORT\n", "Origin: http://evil.com:PORT\n"),
        (421, "Host: evil.com\n", ours),
        (421, "", ours),
    ];
    for (expect, host, origin) in sockets {
        let answer = bridge.raw(&format!("GET /ws HTTP/1.1\n{host}{origin}{UPGRADE}\n")).await;
        check(*expect, &format!("{host} / {origin}"), &answer);
    }

    let handshakes: &[(u16, &str, &str)] = &[
        (400, "GET /ws HTTP/1.1", ""),
        (405, "POST /ws HTTP/1.1", UPGRADE),
        (400, "GET /ws HTTP/1.1", &UPGRADE.replace("banyan.v1", "banyan.v2")),
        (400, "GET /ws HTTP/1.1", &UPGRADE.replace("Sec-WebSocket-Protocol: banyan.v1\n", "")),
        (400, "GET /ws HTTP/1.1", &UPGRADE.replace("13", "8")),
        (400, "GET /ws HTTP/1.1", &UPGRADE.replace("Upgrade: websocket\n", "")),
        (400, "GET /ws HTTP/1.1", &UPGRADE.replace("Sec-WebSocket-Key", "X")),
        (400, "GET /ws HTTP/1.1", &format!("{UPGRADE}Content-Length: 3\n")),
        (426, "GET /ws HTTP/1.0", UPGRADE),
    ];
    for (expect, line, headers) in handshakes {
        let answer = bridge.raw(&format!("{line}\n{own}{ours}{headers}\n")).await;
        if *expect == 426 {
            assert!(!answer.starts_with("HTTP/1.1 101"), "{answer}");
        } else {
            check(*expect, &format!("{line} / {headers}"), &answer);
        }
    }
    assert!(rows.len() + sockets.len() + handshakes.len() >= 60);
    bridge.stop().await;
}

fn check(expect: u16, row: &str, answer: &str) {
    let found = Answer::parse(answer);
    assert_eq!(found.status, expect, "{row}\n{answer}");
    assert_eq!(answer.contains(" 101 "), expect == 101, "{row}\n{answer}");
    for header in ["access-control-allow-origin", "access-control-allow-credentials"] {
        assert_eq!(found.header(header), "", "{row}");
    }
    if expect != 101 {
        assert_eq!(found.header("x-content-type-options"), "nosniff", "{row}\n{answer}");
        assert_eq!(found.header("cross-origin-resource-policy"), "same-origin", "{row}");
        assert!(found.header("content-security-policy").contains("default-src 'none'"), "{row}");
    }
}
