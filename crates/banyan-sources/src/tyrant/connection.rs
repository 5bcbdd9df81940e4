//! One connection to a Tokyo Tyrant.

use std::time::Duration;

use banyan_topology::{Fault, FaultKind, printable};
use tokio::time::timeout;

use super::{
    codec::{self, Parsed},
    command::Command,
};
use crate::{link::Link, stream::Stream, watch::Deadlines};

/// Bytes of all keys of one answer. Half a kilobyte for each of a million; more would be one that
/// never ends.
const MAX_LISTED_BYTES: usize = 512 << 20;

/// A name and a value, as stat has them.
pub(super) type Stat = Vec<(String, String)>;

pub(super) struct Connection {
    stream: Stream,
    received: Vec<u8>,
    /// Read already, from the beginning of `received`.
    start: usize,
    deadline: Duration,
}

impl Connection {
    pub(super) async fn open(link: &Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let mut stream = Stream::connect(&link.target, deadlines.connect).await?;
        stream.count_into(&link.meter);
        let deadline = deadlines.command;
        Ok(Self { stream, received: Vec::new(), start: 0, deadline })
    }

    pub(super) fn local_addr(&self) -> Option<String> {
        self.stream.local_addr()
    }

    pub(super) async fn stat(&mut self) -> Result<Stat, Fault> {
        let text = self
            .ask(&Command::Stat, |bytes| {
                let text = codec::text(bytes)?;
                Ok(text.map(|(text, length)| (text.map(<[u8]>::to_vec), length)))
            })
            .await?
            .ok_or_else(|| Fault::new(FaultKind::Forbidden, "the server's mask refuses stat"))?;
        let lines = text.split(|byte| *byte == b'\n').filter(|line| !line.is_empty());
        let fields = lines.map(|line| {
            let at = line.iter().position(|byte| *byte == b'\t').unwrap_or(line.len());
            let (name, value) = line.split_at(at);
            (printable(name, 256), printable(value.get(1..).unwrap_or_default(), 1024))
        });
        Ok(fields.collect())
    }

    /// The number of records; `None` if the server refuses.
    pub(super) async fn record_count(&mut self) -> Result<Option<u64>, Fault> {
        self.ask(&Command::RecordCount, codec::record_count).await
    }

    /// Up to `max` keys that begin with `prefix`; `None` if the server refuses.
    pub(super) async fn keys(
        &mut self,
        prefix: &[u8],
        max: u32,
    ) -> Result<Option<Vec<Vec<u8>>>, Fault> {
        let command = Command::ForwardKeys { prefix: prefix.to_vec(), max };
        let Some(count) = self.ask_for_more(&command, codec::key_count).await? else {
            return self.nothing_more().map(|()| None);
        };
        if count > max {
            return Err(Fault::new(FaultKind::Protocol, "more keys than were asked for"));
        }
        let mut keys = Vec::new();
        let mut bytes = 0;
        for _ in 0..count {
            let owned = |bytes: &[u8]| -> Parsed<Vec<u8>> {
                Ok(codec::key(bytes)?.map(|(key, length)| (key.to_vec(), length)))
            };
            let key = self.read(owned).await?;
            bytes += key.len();
            if bytes > MAX_LISTED_BYTES {
                return Err(Fault::new(FaultKind::Protocol, "more bytes of keys than fit"));
            }
            keys.push(key);
        }
        self.nothing_more().map(|()| Some(keys))
    }

    /// The sizes of the values of `keys`, asked for in one go; `None` for a key that is gone.
    pub(super) async fn value_sizes(
        &mut self,
        keys: &[Vec<u8>],
    ) -> Result<Vec<Option<u32>>, Fault> {
        let mut request = Vec::new();
        for key in keys {
            Command::ValueSize(key.clone()).encode(&mut request);
        }
        self.send(&request).await?;
        let mut sizes = Vec::with_capacity(keys.len());
        for _ in keys {
            sizes.push(self.read(codec::value_size).await?);
        }
        self.nothing_more().map(|()| sizes)
    }

    async fn ask<T>(
        &mut self,
        command: &Command,
        parse: impl Fn(&[u8]) -> Parsed<T>,
    ) -> Result<T, Fault> {
        let answer = self.ask_for_more(command, parse).await?;
        self.nothing_more().map(|()| answer)
    }

    async fn ask_for_more<T>(
        &mut self,
        command: &Command,
        parse: impl Fn(&[u8]) -> Parsed<T>,
    ) -> Result<T, Fault> {
        let mut request = Vec::new();
        command.encode(&mut request);
        self.send(&request).await?;
        self.read(parse).await
    }

    async fn send(&mut self, request: &[u8]) -> Result<(), Fault> {
        let sent = timeout(self.deadline, self.stream.write_all(request)).await;
        sent.unwrap_or_else(|_| Err(self.silence()))
    }

    /// The next part of an answer.
    async fn read<T>(&mut self, parse: impl Fn(&[u8]) -> Parsed<T>) -> Result<T, Fault> {
        loop {
            let unread = self.received.get(self.start..).unwrap_or_default();
            if let Some((part, length)) = parse(unread)? {
                self.start += length;
                return Ok(part);
            }
            self.received.drain(..self.start);
            self.start = 0;
            let received = timeout(self.deadline, self.stream.read(&mut self.received)).await;
            received.unwrap_or_else(|_| Err(self.silence()))?;
        }
    }

    /// The server's kernel has taken the connection, and no worker has taken the request.
    fn silence(&self) -> Fault {
        let secs = self.deadline.as_secs_f32();
        let reason = format!(
            "workers held: it takes connections and has answered nothing for {secs} s; each \
             replica and each half-sent request holds one worker"
        );
        Fault::new(FaultKind::Timeout, reason)
    }

    fn nothing_more(&self) -> Result<(), Fault> {
        match self.start == self.received.len() {
            true => Ok(()),
            false => Err(Fault::new(FaultKind::Protocol, "an answer that nobody asked for")),
        }
    }
}
