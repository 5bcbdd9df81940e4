//! How the app's files are served.

use crate::bridge::{Answer, Bridge};

#[tokio::test]
async fn the_page_has_a_fresh_nonce_and_a_strict_policy() {
    let bridge = Bridge::start(&[]).await;
    let (first, second) = (bridge.get("/", "").await, bridge.get("/index.html", "").await);
    let nonces: Vec<String> = [&first, &second].map(nonce).into();
    assert_ne!(nonces[0], nonces[1]);
    assert!(nonces[0].len() >= 22, "{nonces:?}");
    let policy = first.header("content-security-policy");
    for part in [
        "default-src 'none';",
        "'wasm-unsafe-eval'",
        "worker-src 'self';",
        "connect-src 'self';",
        "frame-ancestors 'none';",
        "require-trusted-types-for 'script';",
        "trusted-types default",
    ] {
        assert!(policy.contains(part), "{part} is not in {policy}");
    }
    for part in ["unsafe-inline", "'unsafe-eval'", "*", "http:", "https:"] {
        assert!(!policy.contains(part), "{part} is in {policy}");
    }
    assert_eq!(first.header("content-type"), "text/html; charset=utf-8");
    assert_eq!(first.header("cache-control"), "no-cache");
    assert_eq!(first.header("referrer-policy"), "no-referrer");
    assert_eq!(first.header("cross-origin-opener-policy"), "same-origin");
    bridge.stop().await;
}

/// The nonce of a page: the same in its policy and in its script.
fn nonce(page: &Answer) -> String {
    let policy = page.header("content-security-policy");
    let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next());
    let nonce = nonce.expect("a nonce in the policy");
    assert!(page.body.contains(&format!("<script nonce=\"{nonce}\">")), "{}", page.body);
    nonce.to_owned()
}

#[tokio::test]
async fn types_forms_and_caching() {
    let bridge = Bridge::start(&[]).await;
    let forever = "public, max-age=31536000, immutable";
    let rows = [
        ("/engine.js", "", "text/javascript; charset=utf-8", "no-cache", "", "plain engine"),
        (
            "/engine.js",
            "gzip",
            "text/javascript; charset=utf-8",
            "no-cache",
            "gzip",
            "gzipped engine",
        ),
        (
            "/engine.js",
            "gzip, br",
            "text/javascript; charset=utf-8",
            "no-cache",
            "br",
            "brotli engine",
        ),
        (
            "/engine.js",
            "br;q=0, gzip",
            "text/javascript; charset=utf-8",
            "no-cache",
            "gzip",
            "gzipped engine",
        ),
        (
            "/app-1a2b3c4d5e6f7a8b.js",
            "gzip, br",
            "text/javascript; charset=utf-8",
            forever,
            "",
            "script",
        ),
        ("/app-1a2b3c4d5e6f7a8b_bg.wasm", "", "application/wasm", forever, "", "wasm"),
        ("/icons/icon.svg", "", "image/svg+xml", "public, max-age=3600", "", "<svg/>"),
        (
            "/manifest.webmanifest",
            "",
            "application/manifest+json",
            "public, max-age=3600",
            "",
            "{}",
        ),
    ];
    for (path, accept, media, cache, encoding, body) in rows {
        let answer = bridge.get(path, &format!("Accept-Encoding: {accept}\n")).await;
        let found = (
            answer.status,
            answer.header("content-type"),
            answer.header("cache-control"),
            answer.header("content-encoding"),
            answer.body.as_str(),
        );
        assert_eq!(found, (200, media, cache, encoding, body), "{path} {accept}");
        assert_eq!(answer.header("vary"), "accept-encoding");

        let again =
            format!("Accept-Encoding: {accept}\nIf-None-Match: {}\n", answer.header("etag"));
        let again = bridge.get(path, &again).await;
        assert_eq!((again.status, again.body.as_str()), (304, ""), "{path} {accept}");
        assert_eq!(again.header("etag"), answer.header("etag"));
    }
    let plain = bridge.get("/engine.js", "").await;
    let brotli = bridge.get("/engine.js", "Accept-Encoding: br\n").await;
    assert_ne!(plain.header("etag"), brotli.header("etag"));
    let other = bridge.get("/engine.js", "If-None-Match: \"0\"\n").await;
    assert_eq!(other.status, 200);
    bridge.stop().await;
}

#[tokio::test]
async fn nothing_but_the_app_is_served() {
    let bridge = Bridge::start(&[]).await;
    for path in [
        "/nothing",
        "/.secret",
        "/../Cargo.toml",
        "/icons/../.secret",
        "/icons",
        "/icons/",
        "//etc/passwd",
        "/%2e%2e/etc/passwd",
        "/..%2fetc/passwd",
        "/icons\\icon.svg",
        "/engine.js/",
        "/engine.js%00",
    ] {
        let answer = bridge.get(path, "").await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.body);
        assert!(answer.header("content-security-policy").contains("default-src 'none'"));
    }
    bridge.stop().await;
}
