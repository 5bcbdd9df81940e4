//! One connection to a Redis server that can say nothing but [`RedisCommand`]s.

mod inbox;
mod monitor;

use std::time::Duration;

use banyan_topology::{Fault, FaultKind};
use tokio::time::{Instant, timeout};

use self::inbox::Inbox;
use super::{
    command::RedisCommand,
    resp::{Malformed, Reply},
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

pub struct Connection<'a> {
    stream: Stream,
    inbox: Inbox,
    deadlines: Deadlines,
    meter: &'a Meter,
    /// A call has begun and not ended: whatever comes next cannot be matched to a command.
    is_in_call: bool,
    spent_micros: f64,
    shortest_wall: Duration,
    version: Option<String>,
    protocol: u64,
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
        let mut connection = Self {
            stream,
            inbox: Inbox::default(),
            deadlines,
            meter,
            is_in_call: false,
            spent_micros: 0.0,
            shortest_wall: Duration::MAX,
            version: None,
            protocol: 2,
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
        let begun = loop {
            match self.inbox.reply(max_bytes).map_err(malformed)? {
                // A short list, which has come as a whole.
                Some(Reply::Bulk(list)) => {
                    let lines = list.split(|byte| *byte == b'\n');
                    lines.filter(|line| !line.is_empty()).for_each(on_line);
                    return Ok(Ok(()));
                }
                Some(Reply::Error(words)) => return Ok(Err(fault_of_error(&words))),
                Some(_) => return Err(Fault::new(FaultKind::Protocol, "CLIENT LIST is no list")),
                None => match self.inbox.hand_over_string() {
                    Some(begun) => break begun,
                    None => self.receive().await?,
                },
            }
        };
        while self.inbox.unread().len() < begun.format_bytes {
            self.receive().await?;
        }
        self.inbox.skip(begun.format_bytes);
        let mut left = begun.length - begun.format_bytes;
        let mut line = Vec::new();
        while left > 0 {
            if self.inbox.unread().is_empty() {
                self.receive().await?;
            }
            let unread = self.inbox.unread();
            let chunk = &unread[..unread.len().min(left)];
            let (piece, is_end) = match chunk.iter().position(|byte| *byte == b'\n') {
                Some(end) => (&chunk[..end], true),
                None => (chunk, false),
            };
            let room = MAX_CLIENT_LINE_BYTES.saturating_sub(line.len());
            line.extend_from_slice(&piece[..piece.len().min(room)]);
            let taken = piece.len() + usize::from(is_end);
            self.inbox.skip(taken);
            left -= taken;
            if is_end {
                on_line(&line);
                line.clear();
            }
        }
        if !line.is_empty() {
            on_line(&line);
        }
        while self.inbox.unread().len() < 2 {
            self.receive().await?;
        }
        if !self.inbox.unread().starts_with(b"\r\n") {
            return Err(malformed(Malformed::BadEnd));
        }
        self.inbox.skip(2);
        Ok(Ok(()))
    }

    async fn read_reply(&mut self, max_bulk_bytes: usize) -> Result<Reply, Fault> {
        loop {
            match self.inbox.reply(max_bulk_bytes).map_err(malformed)? {
                Some(reply) => return Ok(reply),
                None => self.receive().await?,
            }
        }
    }

    /// The next thing that the server says without being asked, which it does only after a command
    /// that asked for that. Waits for it; may be given up at any time.
    pub async fn next_push(&mut self) -> Result<Vec<Reply>, Fault> {
        match self.next_said().await? {
            Reply::Push(push) => Ok(push),
            Reply::Error(words) => Err(fault_of_error(&words)),
            _ => Err(unasked()),
        }
    }

    async fn next_said(&mut self) -> Result<Reply, Fault> {
        loop {
            match self.inbox.said().map_err(malformed)? {
                Some(reply) => return Ok(reply),
                None => self.receive().await?,
            }
        }
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
        match self.next_said().await? {
            Reply::Push(message) | Reply::Array(message) => Ok(message),
            Reply::Error(words) => Err(fault_of_error(&words)),
            _ => Err(unasked()),
        }
    }

    async fn receive(&mut self) -> Result<(), Fault> {
        self.stream.read(self.inbox.room()).await
    }

    fn begin(&mut self) -> Result<(), Fault> {
        if self.is_in_call {
            return Err(Fault::new(FaultKind::Lost, "an earlier command was given up"));
        }
        let is_surplus = self.stream.take_surplus(self.inbox.room())?;
        self.inbox.keep_pushes().map_err(malformed)?;
        // A push that is not there as a whole is read together with the reply.
        if is_surplus && !self.inbox.is_quiet() {
            // What a server says before it hangs up: too many clients, protected mode.
            return Err(match self.inbox.next(0) {
                Ok(Some(Reply::Error(words))) => fault_of_error(&words),
                _ => unasked(),
            });
        }
        self.is_in_call = true;
        Ok(())
    }

    fn end(&mut self) -> Result<(), Fault> {
        self.inbox.keep_pushes().map_err(malformed)?;
        if !self.inbox.is_quiet() {
            return Err(Fault::new(FaultKind::Protocol, "more replies than commands"));
        }
        // One long list is no reason to keep its memory.
        self.inbox.shrink();
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
