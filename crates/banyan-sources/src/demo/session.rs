//! A plain client of the demonstration, which may say anything to its own private server.

use std::time::Duration;

use banyan_topology::{Fault, FaultKind};

use crate::{
    redis::resp::{self, Decoded, Reply},
    stream::Stream,
    target::Target,
};

pub(super) struct Session {
    stream: Stream,
    received: Vec<u8>,
}

impl Session {
    pub(super) async fn open(port: u16) -> Result<Self, Fault> {
        let target = Target::redis_on_loopback(port);
        let stream = Stream::connect(&target, Duration::from_secs(2)).await?;
        Ok(Self { stream, received: Vec::new() })
    }

    pub(super) async fn send(&mut self, words: &[&str]) -> Result<(), Fault> {
        let arguments: Vec<&[u8]> = words.iter().map(|word| word.as_bytes()).collect();
        let mut bytes = Vec::new();
        resp::encode(&arguments, &mut bytes);
        self.stream.write_all(&bytes).await
    }

    /// The next reply or, for a subscriber, the next message.
    pub(super) async fn receive(&mut self) -> Result<Reply, Fault> {
        loop {
            let decoded = resp::decode(&self.received, 1 << 20)
                .map_err(|reason| Fault::new(FaultKind::Protocol, format!("{reason:?}")))?;
            match decoded {
                Decoded::Reply(reply, taken) => {
                    self.received.drain(..taken);
                    return Ok(reply);
                }
                Decoded::Incomplete => self.stream.read(&mut self.received).await?,
            }
        }
    }

    /// Sends a command and waits for its reply, for ever if it blocks.
    pub(super) async fn run(&mut self, words: &[&str]) -> Result<Reply, Fault> {
        self.send(words).await?;
        match self.receive().await? {
            Reply::Error(words) => {
                Err(Fault::new(FaultKind::Other, String::from_utf8_lossy(&words)))
            }
            reply => Ok(reply),
        }
    }

    /// A command in words that are parted by blanks.
    pub(super) async fn say(&mut self, line: &str) -> Result<Reply, Fault> {
        self.run(&line.split(' ').collect::<Vec<_>>()).await
    }

    /// Sends a line (and data) of memcached's text protocol and waits for the line that answers.
    pub(super) async fn say_text(&mut self, text: &str) -> Result<(), Fault> {
        self.stream.write_all(text.as_bytes()).await?;
        while !self.received.ends_with(b"\r\n") {
            self.stream.read(&mut self.received).await?;
        }
        self.received.clear();
        Ok(())
    }
}
