//! One connection to a Redis server that can say nothing but [`RedisCommand`]s.

mod monitor;

use std::{collections::VecDeque, time::Duration};

use banyan_topology::{Fault, FaultKind};
use tokio::time::{Instant, timeout};

use super::{
    command::RedisCommand,
    resp::{self, Decoded, Malformed, Reply},
};
use crate::{
    link::{Link, Meter, Own},
    stream::Stream,
    target::{Credentials, Target},
    watch::Deadlines,
};

/// Lines of CLIENT LIST longer than this are cut, in bytes: room for the longest name that has been
/// seen to pass (100,000 bytes), which is cut afterwards.
const MAX_CLIENT_LINE_BYTES: usize = 256 * 1024;

/// Bytes of one reply that is held as a whole.
const MAX_REPLY_BYTES: usize = 16 << 20;

/// Of what was said without being asked; the oldest is forgotten.
const MAX_PUSHES: usize = 4096;
/// The longest string in it, in bytes.
const MAX_PUSH_BULK_BYTES: usize = 1 << 20;

pub struct Connection<'a> {
    stream: Stream,
    /// Received and not yet read, from `start`.
    received: Vec<u8>,
    start: usize,
    deadlines: Deadlines,
    meter: &'a Meter,
    /// A call has begun and not ended: whatever comes next cannot be matched to a command.
    is_in_call: bool,
    spent_micros: f64,
    shortest_wall: Duration,
    version: Option<String>,
    protocol: u64,
    /// What the server has said without being asked, the oldest first.
    pushes: VecDeque<Vec<Reply>>,
}

impl<'a> Connection<'a> {
    /// Connects, logs in and names the connection.
    pub async fn open(
        target: &Target,
        deadlines: Deadlines,
        meter: &'a Meter,
    ) -> Result<Self, Fault> {
        let mut stream = Stream::connect(target, deadlines.connect).await?;
        stream.count_into(meter);
        let received = Vec::with_capacity(16 * 1024);
        let mut connection = Self {
            stream,
            received,
            start: 0,
            deadlines,
            meter,
            is_in_call: false,
            spent_micros: 0.0,
            shortest_wall: Duration::MAX,
            version: None,
            protocol: 2,
            pushes: VecDeque::new(),
        };
        match connection.log_in(target).await {
            Ok(()) => Ok(connection),
            Err(fault) if fault.kind == FaultKind::Lost && target.tls.is_none() => {
                let detail = format!("{}; perhaps it wants TLS: rediss://", fault.detail);
                Err(Fault { detail, ..fault })
            }
            Err(fault) => Err(fault),
        }
    }

    /// RESP 3, user and name in one step; each by itself where the server, before version 6, does
    /// not know that step.
    async fn log_in(&mut self, target: &Target) -> Result<(), Fault> {
        let Credentials { user, password } = target.credentials();
        let hello = RedisCommand::Hello { user: user.clone(), password: password.clone() };
        match self.call(hello).await? {
            Reply::Error(words) if is_unknown(&words) || words.starts_with(b"NOPROTO") => {}
            Reply::Error(words) => return Err(fault_of_error(&words)),
            hello => {
                self.version = hello.get("version").and_then(Reply::text);
                self.protocol = hello.get("proto").and_then(Reply::number).unwrap_or(2);
                return Ok(());
            }
        }
        if let Some(password) = password {
            let reply = self.call(RedisCommand::Auth { user, password }).await?;
            if let Reply::Error(words) = reply {
                let fault = fault_of_error(&words);
                return Err(Fault::new(FaultKind::Unauthorized, fault.detail));
            }
        }
        // The name is a courtesy to whoever reads CLIENT LIST: not being allowed to give it, or a
        // server that knows no names, harms nothing. Other errors concern the whole connection.
        match self.call(RedisCommand::ClientSetName).await? {
            Reply::Error(words) if !words.starts_with(b"NOPERM") && !is_unknown(&words) => {
                Err(fault_of_error(&words))
            }
            _ => Ok(()),
        }
    }

    /// The version of the server, where its greeting told it.
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The version of RESP that is spoken.
    pub fn protocol(&self) -> u64 {
        self.protocol
    }

    /// Version and cipher of TLS, where there is TLS.
    pub fn tls(&self) -> Option<&str> {
        self.stream.tls()
    }

    /// Marks this connection as one of ours for as long as the guard lives, if the server tells its
    /// id.
    pub(crate) async fn mark_as_own<'l>(
        &mut self,
        link: &'l Link,
    ) -> Result<Option<Own<'l>>, Fault> {
        match self.call(RedisCommand::ClientId).await? {
            Reply::Integer(id) => Ok(u64::try_from(id).ok().map(|id| link.own(id))),
            _ => Ok(None),
        }
    }

    /// The server's time that this connection has taken so far, as [`Meter`] estimates it.
    pub fn spent_micros(&self) -> f64 {
        self.spent_micros
    }

    /// Charges what a command turns out to have cost beyond what it was charged with.
    pub(crate) fn charge_more(&mut self, micros: f64) {
        self.spent_micros += micros;
        self.meter.charge_more(micros);
    }

    /// Sends one command and waits for its reply, which may be [`Reply::Error`]. After an `Err` the
    /// connection is of no use any more.
    pub async fn call(&mut self, command: RedisCommand) -> Result<Reply, Fault> {
        let mut replies = self.pipeline(std::slice::from_ref(&command)).await?;
        replies.pop().ok_or_else(|| Fault::new(FaultKind::Protocol, "no reply"))
    }

    /// Sends all commands at once; the replies come in the same order.
    pub async fn pipeline(&mut self, commands: &[RedisCommand]) -> Result<Vec<Reply>, Fault> {
        let begin = Instant::now();
        self.begin()?;
        let mut bytes = Vec::new();
        for command in commands {
            command.encode(&mut bytes);
        }
        let replies = timeout(self.deadlines.command, async {
            self.stream.write_all(&bytes).await?;
            let mut replies = Vec::with_capacity(commands.len());
            for command in commands {
                replies.push(self.read_reply(command.max_bulk_bytes()).await?);
            }
            Ok(replies)
        })
        .await
        .map_err(|_| self.late())??;
        self.end()?;
        self.charge(commands, begin.elapsed());
        Ok(replies)
    }

    /// Sends CLIENT LIST and hands over its lines as they come, so that the list is never held as a
    /// whole. An inner error is the server's refusal.
    pub async fn client_list(
        &mut self,
        mut on_line: impl FnMut(&[u8]),
    ) -> Result<Result<(), Fault>, Fault> {
        let begin = Instant::now();
        let command = RedisCommand::ClientList;
        self.begin()?;
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        let refusal = timeout(self.deadlines.command, async {
            self.stream.write_all(&bytes).await?;
            self.read_lines(command.max_bulk_bytes(), &mut on_line).await
        })
        .await
        .map_err(|_| self.late())??;
        self.end()?;
        self.charge(&[command], begin.elapsed());
        Ok(refusal)
    }

    async fn read_lines(
        &mut self,
        max_bytes: usize,
        on_line: &mut impl FnMut(&[u8]),
    ) -> Result<Result<(), Fault>, Fault> {
        let header = loop {
            self.keep_pushes()?;
            match resp::bulk_header(self.unread()).map_err(malformed)? {
                Some(None) if self.unread().first() == Some(&b'>') => self.receive().await?,
                Some(header) => break header,
                None => self.receive().await?,
            }
        };
        let Some((length, header_length)) = header else {
            return match self.read_reply(0).await? {
                Reply::Error(words) => Ok(Err(fault_of_error(&words))),
                _ => Err(Fault::new(FaultKind::Protocol, "CLIENT LIST is no list")),
            };
        };
        if length > max_bytes {
            return Err(malformed(Malformed::BulkTooLong));
        }
        self.start += header_length;
        let mut left = length;
        let mut line = Vec::new();
        while left > 0 {
            if self.unread().is_empty() {
                self.receive().await?;
            }
            let unread = self.unread();
            let chunk = &unread[..unread.len().min(left)];
            let (piece, is_end) = match chunk.iter().position(|byte| *byte == b'\n') {
                Some(end) => (&chunk[..end], true),
                None => (chunk, false),
            };
            let room = MAX_CLIENT_LINE_BYTES.saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            let taken = piece.len() + usize::from(is_end);
            self.start += taken;
            left -= taken;
            if is_end {
                on_line(&line);
                line.clear();
            }
        }
        if !line.is_empty() {
            on_line(&line);
        }
        while self.unread().len() < 2 {
            self.receive().await?;
        }
        if !self.unread().starts_with(b"\r\n") {
            return Err(malformed(Malformed::BadEnd));
        }
        self.start += 2;
        Ok(Ok(()))
    }

    async fn read_reply(&mut self, max_bulk_bytes: usize) -> Result<Reply, Fault> {
        loop {
            match resp::decode(self.unread(), max_bulk_bytes).map_err(malformed)? {
                Decoded::Reply(reply, taken) => {
                    self.start += taken;
                    match reply {
                        Reply::Push(push) => self.keep(push),
                        reply => return Ok(reply),
                    }
                }
                Decoded::Incomplete if self.unread().len() > MAX_REPLY_BYTES => {
                    return Err(malformed(Malformed::ReplyTooLong));
                }
                Decoded::Incomplete => self.receive().await?,
            }
        }
    }

    fn keep(&mut self, push: Vec<Reply>) {
        if self.pushes.len() >= MAX_PUSHES {
            self.pushes.pop_front();
        }
        self.pushes.push_back(push);
    }

    /// The next thing that the server says without being asked, which it does only after a command
    /// that asked for that. Waits for it; may be given up at any time.
    pub async fn next_push(&mut self) -> Result<Vec<Reply>, Fault> {
        loop {
            if let Some(push) = self.pushes.pop_front() {
                return Ok(push);
            }
            match resp::decode(self.unread(), MAX_PUSH_BULK_BYTES).map_err(malformed)? {
                Decoded::Reply(Reply::Push(push), taken) => {
                    self.start += taken;
                    self.keep(push);
                }
                Decoded::Reply(Reply::Error(words), _) => return Err(fault_of_error(&words)),
                Decoded::Reply(..) => return Err(unasked()),
                Decoded::Incomplete if self.unread().len() > MAX_REPLY_BYTES => {
                    return Err(malformed(Malformed::ReplyTooLong));
                }
                Decoded::Incomplete => self.receive().await?,
            }
        }
    }

    /// Keeps the pushes that stand at the beginning of what was received.
    fn keep_pushes(&mut self) -> Result<(), Fault> {
        while self.unread().first() == Some(&b'>') {
            match resp::decode(self.unread(), MAX_PUSH_BULK_BYTES).map_err(malformed)? {
                Decoded::Reply(Reply::Push(push), taken) => {
                    self.start += taken;
                    self.keep(push);
                }
                _ => break,
            }
        }
        Ok(())
    }

    fn unread(&self) -> &[u8] {
        self.received.get(self.start..).unwrap_or_default()
    }

    /// Asks for messages that come whenever they like; from now on nothing else can be asked.
    pub(crate) async fn subscribe(&mut self, command: RedisCommand) -> Result<(), Fault> {
        self.begin()?;
        let mut bytes = Vec::new();
        command.encode(&mut bytes);
        let writing = timeout(self.deadlines.command, self.stream.write_all(&bytes));
        writing.await.map_err(|_| self.late())?
    }

    /// The next message after [`Connection::subscribe`]: a push, or what RESP 2 has in its place.
    pub(crate) async fn next_message(&mut self) -> Result<Vec<Reply>, Fault> {
        if let Some(push) = self.pushes.pop_front() {
            return Ok(push);
        }
        loop {
            match resp::decode(self.unread(), MAX_PUSH_BULK_BYTES).map_err(malformed)? {
                Decoded::Reply(Reply::Push(message) | Reply::Array(message), taken) => {
                    self.start += taken;
                    return Ok(message);
                }
                Decoded::Reply(Reply::Error(words), _) => return Err(fault_of_error(&words)),
                Decoded::Reply(..) => return Err(unasked()),
                Decoded::Incomplete if self.unread().len() > MAX_REPLY_BYTES => {
                    return Err(malformed(Malformed::ReplyTooLong));
                }
                Decoded::Incomplete => self.receive().await?,
            }
        }
    }

    async fn receive(&mut self) -> Result<(), Fault> {
        self.received.drain(..self.start);
        self.start = 0;
        self.stream.read(&mut self.received).await
    }

    fn begin(&mut self) -> Result<(), Fault> {
        if self.is_in_call {
            return Err(Fault::new(FaultKind::Lost, "an earlier command was given up"));
        }
        let is_surplus = self.stream.take_surplus(&mut self.received)?;
        self.keep_pushes()?;
        // A push that is not there as a whole is read together with the reply.
        if is_surplus && !matches!(self.unread().first(), None | Some(b'>')) {
            // What a server says before it hangs up: too many clients, protected mode.
            return Err(match resp::decode(self.unread(), 0) {
                Ok(Decoded::Reply(Reply::Error(words), _)) => fault_of_error(&words),
                _ => unasked(),
            });
        }
        self.is_in_call = true;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.keep_pushes()?;
        if !matches!(self.unread().first(), None | Some(b'>')) {
            return Err(Fault::new(FaultKind::Protocol, "more replies than commands"));
        }
        self.received.drain(..self.start);
        self.start = 0;
        // One long list is no reason to keep its memory.
        self.received.shrink_to(256 * 1024);
        self.is_in_call = false;
        Ok(())
    }

    /// Our wait beyond the shortest that there has been, which is the way there and back, is the
    /// most that the server can have worked.
    fn charge(&mut self, commands: &[RedisCommand], wall: Duration) {
        self.shortest_wall = self.shortest_wall.min(wall);
        self.spent_micros += self.meter.charge(commands, wall - self.shortest_wall);
    }

    fn late(&self) -> Fault {
        let secs = self.deadlines.command.as_secs_f32();
        Fault::new(FaultKind::Timeout, format!("no reply within {secs} s"))
    }
}

fn unasked() -> Fault {
    Fault::new(FaultKind::Protocol, "the server speaks without being asked")
}

fn malformed(reason: Malformed) -> Fault {
    Fault::new(FaultKind::Protocol, format!("{reason:?}"))
}

/// Whether the error is that the server has no such command.
pub(crate) fn is_unknown(words: &[u8]) -> bool {
    let words = words.to_ascii_lowercase();
    words.windows(7).any(|window| window == b"unknown")
}

/// What an error reply means. Its first word is its code.
pub(super) fn fault_of_error(words: &[u8]) -> Fault {
    let words = banyan_topology::printable(words, 256);
    let kind = match words.split(' ').next().unwrap_or_default() {
        "NOAUTH" | "WRONGPASS" => FaultKind::Unauthorized,
        "NOPERM" | "DENIED" => FaultKind::Forbidden,
        "LOADING" | "MASTERDOWN" => FaultKind::Loading,
        // Versions before 6.
        "ERR" if words.contains("invalid password") => FaultKind::Unauthorized,
        _ => FaultKind::Other,
    };
    Fault { kind, detail: words }
}
