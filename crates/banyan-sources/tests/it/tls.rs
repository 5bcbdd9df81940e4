//! TLS with an authority of the test's own.

use std::{path::Path, process::Command, time::Duration};

use banyan_sources::{
    Deadlines, Link, Protocol, Target, TlsOptions, demo::PrivateServer, snapshot,
};
use banyan_topology::{Fault, FaultKind};
use tempfile::TempDir;

use crate::server::redis;

/// An authority, a server's certificate of `names` until `days` from now, and a client's.
struct Papers(TempDir);

impl Papers {
    /// `None` with a message where openssl is not installed.
    fn make(names: &str, days: &str) -> Option<Self> {
        if Command::new("openssl").arg("version").output().is_err() {
            println!("skipped: openssl is not installed");
            return None;
        }
        let papers = Self(tempfile::tempdir().unwrap());
        let authority = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 30 \
            -keyout ca.key -out ca.pem -subj /CN=authority";
        papers.openssl(authority);
        for (name, extension) in [
            ("server", format!("subjectAltName={names}")),
            ("client", "keyUsage=critical,digitalSignature".into()),
        ] {
            std::fs::write(papers.path("extension"), extension).unwrap();
            papers.openssl(&format!(
                "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout {name}.key \
                 -out {name}.csr -subj /CN={name}"
            ));
            papers.openssl(&format!(
                "x509 -req -in {name}.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days {days} \
                 -extfile extension -out {name}.pem"
            ));
        }
        Some(papers)
    }

    fn openssl(&self, words: &str) {
        let mut command = Command::new("openssl");
        command.args(words.split_whitespace()).current_dir(self.0.path());
        let output = command.output().unwrap();
        assert!(output.status.success(), "{words}: {}", String::from_utf8_lossy(&output.stderr));
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.0.path().join(name)
    }

    fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }
}

/// A server that speaks TLS at its port and nothing else.
async fn server(papers: &Papers, auth_clients: &str) -> Option<PrivateServer> {
    let (cert, key, ca) =
        (papers.text("server.pem"), papers.text("server.key"), papers.text("ca.pem"));
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let tls_port = port.to_string();
    // The last word on `port` is the plain one, which nobody asks; both listen.
    let arguments = [
        "--tls-port",
        &tls_port,
        "--tls-cert-file",
        &cert,
        "--tls-key-file",
        &key,
        "--tls-ca-cert-file",
        &ca,
        "--tls-auth-clients",
        auth_clients,
    ];
    let mut server = redis(&arguments).await?;
    server.target = Target { tls: Some(TlsOptions::default()), ..Target::redis_on_loopback(port) };
    Some(server)
}

async fn look(server: &PrivateServer, tls: TlsOptions) -> Result<(), Fault> {
    let verified = if tls.insecure { "no" } else { "yes" };
    let target = Target { tls: Some(tls), ..server.target.clone() };
    let deadlines =
        Deadlines { connect: Duration::from_secs(20), command: Duration::from_secs(20) };
    let topology = snapshot(&Link::new(target), deadlines).await?;
    assert!(topology.clients.values().any(|client| client.own));
    let connection = &topology.sections["connection"];
    assert_eq!(connection["verified"], verified);
    // A look at a memcached does not tell it.
    let is_redis = server.target.protocol == Protocol::Redis;
    let tls = connection.get("tls").is_some_and(|tls| tls.starts_with("TLS 1."));
    assert_eq!(tls, is_redis, "{connection:?}");
    Ok(())
}

fn ca(papers: &Papers) -> TlsOptions {
    TlsOptions { ca: Some(papers.path("ca.pem")), ..TlsOptions::default() }
}

#[track_caller]
fn check(result: Result<(), Fault>, advice: &str) {
    let fault = result.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Untrusted, "{fault}");
    assert!(fault.detail.contains(advice), "{fault}");
}

#[tokio::test]
async fn names_and_authorities() {
    let Some(papers) = Papers::make("DNS:cache.example,IP:127.0.0.1", "30") else { return };
    let Some(server) = server(&papers, "no").await else { return };
    look(&server, ca(&papers)).await.unwrap();
    let name = |name: &str| TlsOptions { server_name: Some(name.to_owned()), ..ca(&papers) };
    look(&server, name("cache.example")).await.unwrap();
    check(look(&server, name("other.example")).await, "other.example, but for");
    check(look(&server, TlsOptions::default()).await, "?ca=FILE");
    look(&server, TlsOptions { insecure: true, ..TlsOptions::default() }).await.unwrap();

    // A URL says the same, and whoever speaks no TLS is told so.
    let url = format!("rediss://127.0.0.1:{}?ca={}", port(&server), papers.text("ca.pem"));
    assert_eq!(url.parse::<Target>().unwrap().tls, Some(ca(&papers)));
    let plain = Target { tls: Some(ca(&papers)), ..Target::redis_on_loopback(server.port) };
    let soon = Deadlines { connect: Duration::from_secs(2), ..Deadlines::default() };
    let fault = snapshot(&Link::new(plain), soon).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Timeout, "{fault}");
    assert!(fault.detail.contains("TLS"), "{fault}");
    let clear = Target::redis_on_loopback(port(&server));
    let fault = snapshot(&Link::new(clear), Deadlines::default()).await.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost, "{fault}");
    assert!(fault.detail.contains("TLS"), "{fault}");
}

fn port(server: &PrivateServer) -> u16 {
    match &server.target.endpoint {
        banyan_sources::Endpoint::Tcp { port, .. } => *port,
        banyan_sources::Endpoint::Unix(_) => unreachable!(),
    }
}

#[tokio::test]
async fn certificates_of_ones_own() {
    let Some(papers) = Papers::make("IP:127.0.0.1", "30") else { return };
    let Some(server) = server(&papers, "yes").await else { return };
    check(look(&server, ca(&papers)).await, "?cert=FILE&key=FILE");
    let own = |cert: &str, key: &str| TlsOptions {
        cert: Some(papers.path(cert)),
        key: Some(papers.path(key)),
        ..ca(&papers)
    };
    look(&server, own("client.pem", "client.key")).await.unwrap();
    check(look(&server, own("client.pem", "server.key")).await, "do not belong together");
    check(look(&server, own("client.pem", "client.pem")).await, "no private key");
    check(look(&server, own("client.key", "client.key")).await, "no certificates");
    check(look(&server, own("nowhere", "client.key")).await, "nowhere");
    let other = Papers::make("IP:127.0.0.1", "30").unwrap();
    let strange = TlsOptions {
        cert: Some(other.path("client.pem")),
        key: Some(other.path("client.key")),
        ..ca(&papers)
    };
    check(look(&server, strange).await, "?cert=FILE&key=FILE");
}

#[tokio::test]
async fn an_expired_certificate() {
    let Some(papers) = Papers::make("IP:127.0.0.1", "-1") else { return };
    let Some(server) = server(&papers, "no").await else { return };
    check(look(&server, ca(&papers)).await, "has expired");
}

#[tokio::test]
async fn memcached_in_tls() {
    let Some(papers) = Papers::make("IP:127.0.0.1", "30") else { return };
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let readable = |name: &str| {
        use std::os::unix::fs::PermissionsExt;
        // The server may become another user before it reads them.
        let mode = std::fs::Permissions::from_mode(0o755);
        let path: &Path = &papers.path(name);
        std::fs::set_permissions(path, mode).unwrap();
        papers.text(name)
    };
    let folder = papers.0.path();
    std::fs::set_permissions(folder, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let options =
        format!("ssl_chain_cert={},ssl_key={}", readable("server.pem"), readable("server.key"));
    let command = tokio::process::Command::new("memcached")
        .args(["-l", "127.0.0.1", "-U", "0", "-u", "nobody", "-p", &port.to_string(), "-Z", "-o"])
        .arg(options)
        .kill_on_drop(true)
        .spawn();
    let Ok(mut child) = command else {
        println!("skipped: memcached is not installed");
        return;
    };
    let target = Target { tls: Some(ca(&papers)), ..Target::memcached_on_loopback(port) };
    assert_eq!(target.protocol, Protocol::Memcached);
    let link = Link::new(target);
    for _ in 0..200 {
        if let Ok(Some(status)) = child.try_wait() {
            println!("skipped: this memcached has no TLS ({status})");
            return;
        }
        match snapshot(&link, Deadlines::default()).await {
            Err(fault) if fault.kind == FaultKind::Refused => {
                tokio::time::sleep(Duration::from_millis(25)).await;
            }
            looked => {
                assert!(looked.unwrap().clients.values().any(|client| client.own));
                return;
            }
        }
    }
    panic!("it does not listen");
}

#[tokio::test]
async fn memcached_too() {
    use banyan_sources::demo::{NotStarted, start_memcached_with};
    use std::os::unix::fs::PermissionsExt;

    let Some(papers) = Papers::make("IP:127.0.0.1", "30") else { return };
    // The server runs as nobody.
    for (path, mode) in [(papers.path("."), 0o755), (papers.path("server.key"), 0o644)] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    let chain = format!("ssl_chain_cert={}", papers.text("server.pem"));
    let key = format!("ssl_key={}", papers.text("server.key"));
    let server = match start_memcached_with(&["-Z", "-o", &chain, "-o", &key], &[]).await {
        Ok(server) => server,
        Err(NotStarted::NotInstalled { program }) => {
            println!("skipped: {program} is not installed");
            return;
        }
        Err(error) => {
            println!("skipped: this memcached was built without TLS: {error}");
            return;
        }
    };
    look(&server, ca(&papers)).await.unwrap();
    check(look(&server, TlsOptions::default()).await, "?ca=FILE");
    let url = format!("memcacheds://127.0.0.1:{}?ca={}", server.port, papers.text("ca.pem"));
    let link = Link::new(url.parse().unwrap());
    let keyspace =
        banyan_sources::keys(&link, banyan_sources::WalkOptions::default(), |_| {}).await;
    assert!(keyspace.unwrap().complete);
    let clear = snapshot(&Link::new(server.target.clone()), Deadlines::default()).await;
    let fault = clear.unwrap_err();
    assert_eq!(fault.kind, FaultKind::Lost, "{fault}");
}
