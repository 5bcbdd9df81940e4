//! A redis-server of the test's own, and a client that speaks plain lines.

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::Duration,
};

use tempfile::TempDir;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::{sleep, timeout},
};

use crate::bridge::PATIENCE;

pub(crate) struct Redis {
    pub(crate) port: u16,
    child: Child,
    folder: TempDir,
}

impl Redis {
    /// `None`, with a message, where redis-server is not installed.
    pub(crate) async fn start() -> Option<Self> {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let folder = tempfile::tempdir().unwrap();
        let Some(child) = spawn(port, &folder) else {
            eprintln!("skipped: redis-server is not installed");
            return None;
        };
        let server = Self { port, child, folder };
        server.listens().await;
        Some(server)
    }

    pub(crate) fn url(&self) -> String {
        format!("redis://127.0.0.1:{}", self.port)
    }

    pub(crate) fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Starts a new server on the port of the one that was killed.
    pub(crate) async fn restart(&mut self) {
        self.child = spawn(self.port, &self.folder).unwrap();
        self.listens().await;
    }

    async fn listens(&self) {
        let connected = async {
            while TcpStream::connect(("127.0.0.1", self.port)).await.is_err() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        timeout(PATIENCE, connected).await.expect("redis-server does not listen");
    }

    pub(crate) async fn client(&self) -> Client {
        Client { stream: TcpStream::connect(("127.0.0.1", self.port)).await.unwrap() }
    }

    /// Connections of a bridge: their lines in CLIENT LIST.
    pub(crate) async fn bridges(&self) -> usize {
        let list = self.client().await.ask("CLIENT LIST").await;
        list.lines().filter(|line| line.contains(" name=banyan")).count()
    }

    /// Calls of a command since the start.
    pub(crate) async fn calls(&self, command: &str) -> u64 {
        let info = self.client().await.ask("INFO commandstats").await;
        let start = format!("cmdstat_{command}:calls=");
        let line = info.lines().find_map(|line| line.strip_prefix(&start));
        line.and_then(|line| line.split(',').next()).map_or(0, |calls| calls.parse().unwrap())
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn spawn(port: u16, folder: &TempDir) -> Option<Child> {
    Command::new("redis-server")
        .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
        .args(["--appendonly", "no", "--dir"])
        .arg(folder.path())
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .spawn()
        .ok()
}

/// A connection that people could type on.
pub(crate) struct Client {
    stream: TcpStream,
}

impl Client {
    pub(crate) async fn send(&mut self, lines: &str) {
        self.stream.write_all(format!("{lines}\r\n").as_bytes()).await.unwrap();
    }

    /// Sends one line and returns its reply, without the length of a bulk reply.
    pub(crate) async fn ask(&mut self, line: &str) -> String {
        self.send(line).await;
        let mut reply = Vec::new();
        loop {
            let mut buffer = [0; 64 * 1024];
            let length = timeout(PATIENCE, self.stream.read(&mut buffer)).await.unwrap().unwrap();
            assert!(length > 0, "the server closed");
            reply.extend_from_slice(&buffer[..length]);
            let text = String::from_utf8_lossy(&reply);
            let Some((head, body)) = text.split_once("\r\n") else { continue };
            match head.strip_prefix('$') {
                None => return head.to_owned(),
                Some(length) if body.len() >= length.parse().unwrap_or(0) + 2 => {
                    return body.trim_end().to_owned();
                }
                Some(_) => {}
            }
        }
    }
}
