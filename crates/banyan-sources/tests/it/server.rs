//! Servers and plain clients of the tests.

use std::{
    io::{BufRead, BufReader, Write},
    net::TcpStream,
    path::Path,
    sync::Arc,
    time::{Duration, Instant},
};

use banyan_sources::{
    Link, PollOptions, TopologyEvent,
    demo::{NotStarted, PrivateServer, start_like_redis},
    watch_topology,
};
use banyan_topology::{Client, Health, Topology};
use tokio::{sync::mpsc, time::timeout};
use tokio_util::sync::CancellationToken;

/// A redis-server, or `None` with a message where it is not installed. `BANYAN_REDIS` names another
/// program to try all tests with.
pub(crate) async fn redis(more: &[&str]) -> Option<PrivateServer> {
    redis_at(None, more).await
}

/// The same at a certain port.
pub(crate) async fn redis_at(port: Option<u16>, more: &[&str]) -> Option<PrivateServer> {
    let dir = Path::new(env!("CARGO_TARGET_TMPDIR"));
    started(start_like_redis(&program("BANYAN_REDIS", "redis-server"), dir, port, more).await)
}

/// A Valkey, of `BANYAN_VALKEY` or on PATH.
pub(crate) async fn valkey(dir: &Path, more: &[&str]) -> Option<PrivateServer> {
    started(start_like_redis(&program("BANYAN_VALKEY", "valkey-server"), dir, None, more).await)
}

fn program(variable: &str, otherwise: &str) -> String {
    std::env::var(variable).unwrap_or_else(|_| otherwise.to_owned())
}

fn started(outcome: Result<PrivateServer, NotStarted>) -> Option<PrivateServer> {
    match outcome {
        Ok(server) => Some(server),
        Err(NotStarted::NotInstalled { program }) => {
            println!("skipped: {program} is not installed");
            None
        }
        Err(error) => panic!("{error}"),
    }
}

/// A client that sends inline commands.
pub(crate) struct Plain {
    reader: BufReader<TcpStream>,
}

impl Plain {
    pub(crate) fn open(port: u16) -> Self {
        Self::over(TcpStream::connect(("127.0.0.1", port)).unwrap())
    }

    pub(crate) fn over(stream: TcpStream) -> Self {
        stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
        Self { reader: BufReader::new(stream) }
    }

    pub(crate) fn send(&mut self, line: &str) {
        self.send_bytes(format!("{line}\r\n").as_bytes());
    }

    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) {
        self.reader.get_mut().write_all(bytes).unwrap();
    }

    pub(crate) fn local_addr(&self) -> String {
        self.reader.get_ref().local_addr().unwrap().to_string()
    }

    /// The first line of the reply.
    pub(crate) fn say(&mut self, line: &str) -> String {
        self.send(line);
        self.read()
    }

    pub(crate) fn read(&mut self) -> String {
        let mut line = String::new();
        self.reader.read_line(&mut line).unwrap();
        line.trim_end().to_owned()
    }

    /// Sends all lines, then reads as many lines of reply.
    pub(crate) fn say_all(&mut self, lines: &[String]) {
        for chunk in lines.chunks(1000) {
            self.send(&chunk.join("\r\n"));
            for _ in chunk {
                let reply = self.read();
                assert!(!reply.starts_with('-'), "{reply}");
            }
        }
    }
}

/// How long a test waits for a state on a machine that does much else.
const PATIENCE: Duration = Duration::from_secs(120);

/// A watch and what it has told.
pub(crate) struct Watch {
    events: mpsc::UnboundedReceiver<TopologyEvent>,
    pub(crate) shutdown: CancellationToken,
}

impl Watch {
    pub(crate) fn of(link: &Arc<Link>, options: PollOptions) -> Self {
        let (sender, events) = mpsc::unbounded_channel();
        let shutdown = CancellationToken::new();
        let (link, token) = (Arc::clone(link), shutdown.clone());
        tokio::spawn(async move {
            watch_topology(&link, options, token, |event| {
                let _ = sender.send(event);
            })
            .await;
        });
        Self { events, shutdown }
    }

    pub(crate) fn quick(link: &Arc<Link>) -> Self {
        let interval = Duration::from_millis(50);
        Self::of(link, PollOptions { interval, budget: 1.0, ..PollOptions::default() })
    }

    async fn next(&mut self) -> TopologyEvent {
        let next = timeout(PATIENCE, self.events.recv());
        next.await.expect("an event in time").expect("the watch goes on")
    }

    /// The first topology that satisfies.
    pub(crate) async fn until(&mut self, mut is_it: impl FnMut(&Topology) -> bool) -> Topology {
        let begin = Instant::now();
        loop {
            match self.next().await {
                TopologyEvent::Topology(topology) if is_it(&topology) => return *topology,
                event => assert!(begin.elapsed() < PATIENCE, "it never came to be: {event:?}"),
            }
        }
    }

    pub(crate) async fn until_health(&mut self, is_it: impl Fn(&Health) -> bool) -> Health {
        loop {
            if let TopologyEvent::Health(health) = self.next().await
                && is_it(&health)
            {
                return health;
            }
        }
    }
}

pub(crate) fn named<'a>(topology: &'a Topology, name: &str) -> Option<&'a Client> {
    topology.clients.values().find(|client| client.name == name)
}
