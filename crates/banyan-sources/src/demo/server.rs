//! Servers of our own on loopback.

use std::{io, net::TcpListener, path::Path, process::Stdio, time::Duration};

use tokio::{
    net::TcpStream,
    process::{Child, Command},
    time::sleep,
};

use crate::target::Target;

/// A server that is killed when this value is dropped.
pub struct PrivateServer {
    pub target: Target,
    pub port: u16,
    child: Child,
}

impl PrivateServer {
    /// The server's process.
    pub fn pid(&self) -> Option<u32> {
        self.child.id()
    }

    /// Kills the server and waits for its end.
    pub async fn kill(&mut self) {
        // It may be dead already, which is as good.
        let _ = self.child.kill().await;
    }
}

/// Why there is no server.
#[derive(Debug)]
pub enum NotStarted {
    /// The program is not on PATH; Debian's package of that name brings it.
    NotInstalled {
        program: String,
    },
    Failed {
        program: String,
        reason: String,
    },
}

impl std::fmt::Display for NotStarted {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::NotInstalled { program } => write!(f, "{program} is not installed"),
            Self::Failed { program, reason } => write!(f, "{program} did not start: {reason}"),
        }
    }
}

impl std::error::Error for NotStarted {}

/// Starts a redis-server that keeps nothing; `dir` is its working directory.
pub async fn start_redis(dir: &Path) -> Result<PrivateServer, NotStarted> {
    start_redis_with(dir, None, &[]).await
}

/// The same at a certain port, or with more arguments, such as `--requirepass x`.
pub async fn start_redis_with(
    dir: &Path,
    port: Option<u16>,
    more: &[&str],
) -> Result<PrivateServer, NotStarted> {
    start_like_redis("redis-server", dir, port, more).await
}

/// The same of another program that takes the arguments of redis-server, as Valkey does.
pub async fn start_like_redis(
    program: &str,
    dir: &Path,
    port: Option<u16>,
    more: &[&str],
) -> Result<PrivateServer, NotStarted> {
    start(program, Target::redis_on_loopback, port, |command, port| {
        // A replica writes what its master sends into a file, and whoever starts in the same folder
        // would load it, or end if another version wrote it.
        let file = format!("{port}.rdb");
        let _ = std::fs::remove_file(dir.join(&file));
        command
            .args(["--port", &port.to_string(), "--bind", "127.0.0.1", "--save", ""])
            .args(["--appendonly", "no", "--daemonize", "no", "--dbfilename", &file, "--dir"])
            .arg(dir)
            .args(more);
    })
    .await
}

/// Starts a memcached with four worker threads and 64 MB.
pub async fn start_memcached() -> Result<PrivateServer, NotStarted> {
    start_memcached_with(&[], &[]).await
}

/// The same with more arguments, such as `-Y file`, which win over those above, and more of an
/// environment.
pub async fn start_memcached_with(
    more: &[&str],
    environment: &[(&str, &Path)],
) -> Result<PrivateServer, NotStarted> {
    start("memcached", Target::memcached_on_loopback, None, |command, port| {
        // It refuses to run as root without a user to become; other users ignore -u.
        command.args(["-l", "127.0.0.1", "-U", "0", "-m", "64", "-t", "4", "-u", "nobody", "-p"]);
        command.arg(port.to_string()).args(more).envs(environment.iter().copied());
    })
    .await
}

async fn start(
    program: &str,
    target: impl Fn(u16) -> Target,
    port: Option<u16>,
    arguments: impl Fn(&mut Command, u16),
) -> Result<PrivateServer, NotStarted> {
    let failed = |reason: String| NotStarted::Failed { program: program.to_owned(), reason };
    let mut reason = String::new();
    // Another process may take the free port before the server does.
    for _ in 0..3 {
        let port = match port {
            Some(port) => port,
            None => free_port().map_err(|error| failed(error.to_string()))?,
        };
        let mut command = Command::new(program);
        arguments(&mut command, port);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        command.kill_on_drop(true);
        let child = command.spawn().map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => NotStarted::NotInstalled { program: program.to_owned() },
            _ => failed(error.to_string()),
        })?;
        let mut server = PrivateServer { target: target(port), port, child };
        match wait_until_it_listens(&mut server).await {
            Ok(()) => return Ok(server),
            Err(why) => reason = why,
        }
    }
    Err(failed(reason))
}

async fn wait_until_it_listens(server: &mut PrivateServer) -> Result<(), String> {
    for _ in 0..200 {
        if let Ok(Some(status)) = server.child.try_wait() {
            return Err(format!("it ended with {status}"));
        }
        if TcpStream::connect(("127.0.0.1", server.port)).await.is_ok() {
            return Ok(());
        }
        sleep(Duration::from_millis(25)).await;
    }
    Err("it does not listen after five seconds".to_owned())
}

fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind(("127.0.0.1", 0))?.local_addr()?.port())
}
