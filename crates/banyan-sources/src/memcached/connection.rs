//! One connection to a memcached, in the text protocol or, where SASL is asked for, the binary one.

use std::time::Duration;

use banyan_topology::{Fault, FaultKind, printable};
use tokio::time::timeout;

use super::{
    binary::{self, Opcode, Response},
    question::{Question, VERSION, text_auth},
    text::{Received, StatLine, Stats, stat_line},
};
use crate::{link::Link, stream::Stream, target::Target, watch::Deadlines};

/// Lines of one answer to `stats`: `stats conns` has four a connection.
const MAX_STATS: usize = 1 << 20;
/// Bytes of their names and values.
const MAX_STATS_BYTES: usize = 128 << 20;

pub(super) struct Connection {
    stream: Stream,
    received: Received,
    is_binary: bool,
    deadlines: Deadlines,
}

impl Connection {
    /// Connects, and finds out which of the three ways to log in the server wants: none, the words
    /// of `-Y`, or SASL over the binary protocol.
    pub(super) async fn open(link: &Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let target = &link.target;
        let mut connection = Self::connect(link, deadlines, false).await?;
        let lost = match connection.log_in_by_text(target).await {
            Err(fault) if fault.kind == FaultKind::Lost => fault,
            logged_in => return logged_in.map(|()| connection),
        };
        let mut connection = Self::connect(link, deadlines, true).await?;
        match connection.log_in_by_sasl(target).await {
            // It closes connections whatever is said: it has too many, or wants something else.
            Err(fault) if fault.kind == FaultKind::Lost => Err(lost),
            logged_in => logged_in.map(|()| connection),
        }
    }

    async fn connect(link: &Link, deadlines: Deadlines, is_binary: bool) -> Result<Self, Fault> {
        let mut stream = Stream::connect(&link.target, deadlines.connect).await?;
        stream.count_into(&link.meter);
        Ok(Self { stream, received: Received::default(), is_binary, deadlines })
    }

    /// Our own address as the server sees it, unless something between changes it.
    pub(super) fn local_addr(&self) -> Option<String> {
        self.stream.local_addr()
    }

    /// Whether this is the binary protocol, which lacks connections, dumps and `watch`.
    pub(super) fn is_binary(&self) -> bool {
        self.is_binary
    }

    async fn log_in_by_text(&mut self, target: &Target) -> Result<(), Fault> {
        let answer = self.say(VERSION).await?;
        if answer.starts_with(b"VERSION ") {
            return Ok(());
        }
        let said = printable(&answer, 256);
        if answer != b"CLIENT_ERROR unauthenticated" {
            return Err(Fault::new(FaultKind::Protocol, said));
        }
        let (user, password) = credentials(target, said)?;
        let answer = self.say(&text_auth(user, password)).await?;
        match answer == b"STORED" {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::Unauthorized, printable(&answer, 256))),
        }
    }

    async fn log_in_by_sasl(&mut self, target: &Target) -> Result<(), Fault> {
        let request = binary::request(Opcode::SaslMechanisms, b"", b"");
        let answer = self.say_binary(&request).await?;
        let mechanisms = printable(&answer.value, 256);
        if !answer.is_ok() || !mechanisms.split(' ').any(|name| name == "PLAIN") {
            let reason = format!("SASL without PLAIN: {mechanisms}");
            return Err(Fault::new(FaultKind::Unauthorized, reason));
        }
        let (user, password) = credentials(target, "the server asks for SASL".to_owned())?;
        let answer = self.say_binary(&binary::sasl_plain(user, password)).await?;
        match answer.is_ok() {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::Unauthorized, printable(&answer.value, 256))),
        }
    }

    /// The `STAT name value` pairs up to END. An inner error is the server's refusal.
    pub(super) async fn ask(&mut self, question: Question) -> Result<Result<Stats, String>, Fault> {
        within(self.deadlines.command, async {
            let request = match self.is_binary {
                true => binary::request(Opcode::Stat, question.argument().as_bytes(), b""),
                false => question.text(),
            };
            self.stream.write_all(&request).await?;
            let mut stats = Stats::new();
            let mut bytes = 0;
            loop {
                for line in self.stat_lines().await? {
                    match line {
                        StatLine::Stat(name, value) => {
                            bytes += name.len() + value.len();
                            stats.push((name, value));
                        }
                        StatLine::End => return self.nothing_more().map(|()| Ok(stats)),
                        StatLine::Refusal(reason) => {
                            return self.nothing_more().map(|()| Err(reason));
                        }
                    }
                }
                if stats.len() > MAX_STATS || bytes > MAX_STATS_BYTES {
                    return Err(Fault::new(FaultKind::Protocol, "endless stats"));
                }
            }
        })
        .await
    }

    /// Sends a request of the text protocol whose answer is one line.
    pub(super) async fn say(&mut self, request: &[u8]) -> Result<Vec<u8>, Fault> {
        within(self.deadlines.command, async {
            self.stream.write_all(request).await?;
            let line = self.line().await?;
            self.nothing_more().map(|()| line)
        })
        .await
    }

    /// Sends a request of the text protocol that is answered by a stream of lines, of which this is
    /// the first.
    pub(super) async fn begin(&mut self, request: &[u8]) -> Result<Vec<u8>, Fault> {
        within(self.deadlines.command, async {
            self.stream.write_all(request).await?;
            self.line().await
        })
        .await
    }

    /// The connection as a stream, with what has been received of it. `line` becomes the first line
    /// again.
    pub(super) fn into_stream(self, line: Option<&[u8]>) -> (Stream, Received) {
        let mut received = Received::default();
        if let Some(line) = line {
            received.bytes.extend_from_slice(line);
            received.bytes.extend_from_slice(b"\r\n");
        }
        received.bytes.extend_from_slice(self.received.unread());
        (self.stream, received)
    }

    async fn say_binary(&mut self, request: &[u8]) -> Result<Response, Fault> {
        within(self.deadlines.command, async {
            self.stream.write_all(request).await?;
            let response = self.response().await?;
            self.nothing_more().map(|()| response)
        })
        .await
    }

    /// Bytes beyond an answer mean that questions and answers no longer belong together.
    fn nothing_more(&self) -> Result<(), Fault> {
        match self.received.unread().is_empty() {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::Protocol, "an answer that nobody asked for")),
        }
    }

    async fn stat_lines(&mut self) -> Result<Vec<StatLine>, Fault> {
        match self.is_binary {
            true => self.response().await?.stat_lines(),
            false => Ok(vec![stat_line(&self.line().await?)]),
        }
    }

    /// One line without its end.
    async fn line(&mut self) -> Result<Vec<u8>, Fault> {
        loop {
            if let Some(line) = self.received.line()? {
                return Ok(line.to_vec());
            }
            self.stream.read(&mut self.received.bytes).await?;
        }
    }

    async fn response(&mut self) -> Result<Response, Fault> {
        loop {
            if let Some((response, length)) = binary::parse(self.received.unread())? {
                self.received.skip(length);
                return Ok(response);
            }
            self.received.forget_read();
            self.stream.read(&mut self.received.bytes).await?;
        }
    }
}

async fn within<T>(
    deadline: Duration,
    exchange: impl Future<Output = Result<T, Fault>>,
) -> Result<T, Fault> {
    timeout(deadline, exchange).await.unwrap_or_else(|_| {
        let secs = deadline.as_secs_f32();
        Err(Fault::new(FaultKind::Timeout, format!("no reply within {secs} s")))
    })
}

fn credentials(target: &Target, otherwise: String) -> Result<(&str, &str), Fault> {
    let user = target.user.as_deref().unwrap_or_default();
    match &target.password {
        Some(password) => Ok((user, &password.0)),
        None => Err(Fault::new(FaultKind::Unauthorized, otherwise)),
    }
}
