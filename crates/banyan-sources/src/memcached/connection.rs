//! One connection to a memcached, in its text protocol, that can say nothing but [`Question`]s.

use banyan_topology::{Fault, FaultKind, printable};
use tokio::time::timeout;

use crate::{stream::Stream, target::Target, watch::Deadlines};

const MAX_LINE_BYTES: usize = 64 * 1024;
/// Lines of one answer to `stats`: `stats conns` has four a connection.
const MAX_STATS: usize = 1 << 20;

pub(super) struct Connection {
    stream: Stream,
    received: Vec<u8>,
    /// Read already, from the beginning of `received`.
    start: usize,
    deadlines: Deadlines,
}

/// The questions that are asked of a memcached. None of them touches an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Question {
    Stats,
    Settings,
    Connections,
}

impl Connection {
    pub(super) async fn open(target: &Target, deadlines: Deadlines) -> Result<Self, Fault> {
        let stream = Stream::connect(target, deadlines.connect).await?;
        Ok(Self { stream, received: Vec::new(), start: 0, deadlines })
    }

    /// Our own address as the server sees it, unless something between changes it.
    pub(super) fn local_addr(&self) -> Option<String> {
        self.stream.local_addr()
    }

    /// The `STAT name value` pairs up to END. An inner error is the server's refusal.
    pub(super) async fn ask(
        &mut self,
        question: Question,
    ) -> Result<Result<Vec<(String, String)>, String>, Fault> {
        let request: &[u8] = match question {
            Question::Stats => b"stats\r\n",
            Question::Settings => b"stats settings\r\n",
            Question::Connections => b"stats conns\r\n",
        };
        let deadline = self.deadlines.command;
        let stats = async {
            self.stream.write_all(request).await?;
            let mut stats = Vec::new();
            loop {
                let line = self.line().await?;
                if line == b"END" {
                    return Ok(Ok(stats));
                }
                let Some(stat) = line.strip_prefix(b"STAT ") else {
                    return Ok(Err(printable(&line, 256)));
                };
                if stats.len() >= MAX_STATS {
                    return Err(Fault::new(FaultKind::Protocol, "endless stats"));
                }
                let at = stat.iter().position(|byte| *byte == b' ').unwrap_or(stat.len());
                let value = stat.get(at + 1..).unwrap_or_default();
                stats.push((printable(&stat[..at], 256), printable(value, 1024)));
            }
        };
        timeout(deadline, stats).await.map_err(|_| {
            let secs = deadline.as_secs_f32();
            Fault::new(FaultKind::Timeout, format!("no reply within {secs} s"))
        })?
    }

    /// One line without its end.
    async fn line(&mut self) -> Result<Vec<u8>, Fault> {
        loop {
            let unread = self.received.get(self.start..).unwrap_or_default();
            if let Some(end) = unread.windows(2).position(|window| window == b"\r\n") {
                let line = unread[..end].to_vec();
                self.start += end + 2;
                return Ok(line);
            }
            if unread.len() > MAX_LINE_BYTES {
                return Err(Fault::new(FaultKind::Protocol, "a line without end"));
            }
            self.received.drain(..self.start);
            self.start = 0;
            self.stream.read(&mut self.received).await?;
        }
    }
}
