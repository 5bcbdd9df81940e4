//! One browser: what it says, what it watches, what it is sent.
//!
//! A session holds for each thing that it watches the number of the frame that it sent last, and
//! nothing else that grows: what a slow browser misses is never queued, it is skipped.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use axum::{
    body::Bytes,
    extract::ws::{CloseFrame, Message, WebSocket, close_code},
};
use banyan_protocol::{FromBrowser, Health, TargetId, ToBrowser, VERSION, Watch, WatchKind};
use tokio::{sync::watch, time};

use super::Bridge;
use crate::{
    bucket::{Bucket, Rate},
    config::Limits,
    hub::{Frame, Hub},
};

const MESSAGES: Rate = Rate { burst: 40.0, per_sec: 20.0 };

/// More than the views of one page need, by far.
const MAX_WATCHED: usize = 64;

/// Why a session ends, as the close frame says it.
struct End {
    code: u16,
    reason: &'static str,
}

/// Ends that have nobody to tell.
const GONE: End = End { code: close_code::ABNORMAL, reason: "" };

struct Session {
    socket: WebSocket,
    hub: Arc<Hub>,
    limits: Limits,
    watched: Vec<Watched>,
    health: Vec<HealthOf>,
    visible: bool,
    messages: Bucket,
}

struct Watched {
    watch: Watch,
    /// `None` while the page is hidden, so that no poller works for it.
    frames: Option<watch::Receiver<Option<Arc<Frame>>>>,
    /// Number of the frame that the browser has.
    sent: Option<u64>,
}

impl Watched {
    fn is_of(&self, target: &TargetId, kind: WatchKind) -> bool {
        self.watch.target == *target && self.watch.kind == kind
    }
}

struct HealthOf {
    target: TargetId,
    health: watch::Receiver<Health>,
}

/// Talks to one browser until it goes or `bridge` ends.
pub(crate) async fn run(socket: WebSocket, bridge: Arc<Bridge>) {
    let mut session = Session {
        socket,
        hub: bridge.hub.clone(),
        limits: bridge.limits,
        watched: Vec::new(),
        health: Vec::new(),
        visible: true,
        messages: Bucket::new(MESSAGES, Instant::now()),
    };
    let talk = async {
        session.greet().await?;
        session.talk().await
    };
    let ended = tokio::select! {
        Err(end) = talk => end,
        () = bridge.shutdown.cancelled() => End { code: close_code::AWAY, reason: "the bridge ends" },
    };
    if ended.code != close_code::ABNORMAL {
        tracing::debug!(code = ended.code, "session ends: {}", ended.reason);
        let frame = CloseFrame { code: ended.code, reason: ended.reason.into() };
        let _ = time::timeout(Duration::from_secs(1), session.close(frame)).await;
    }
}

impl Session {
    /// Waits for the hello and answers it.
    async fn greet(&mut self) -> Result<(), End> {
        let deadline = time::timeout(self.limits.hello, self.receive()).await;
        let message = deadline.map_err(|_| policy("no hello in time"))??;
        match message {
            Some(FromBrowser::Hello { version: VERSION }) => {}
            Some(FromBrowser::Hello { .. }) => {
                self.say(&ToBrowser::WrongVersion { version: VERSION }).await?;
                return Err(policy("another version"));
            }
            _ => return Err(policy("the first message is a hello")),
        }
        self.say(&ToBrowser::Hello {
            version: VERSION,
            bridge: env!("CARGO_PKG_VERSION").into(),
            targets: self.hub.targets(),
        })
        .await?;
        self.health = self
            .hub
            .health()
            .map(|(target, mut health)| {
                health.mark_changed();
                HealthOf { target, health }
            })
            .collect();
        Ok(())
    }

    /// Serves the browser until one side ends it.
    async fn talk(&mut self) -> Result<std::convert::Infallible, End> {
        let Limits { ping_every, silence, .. } = self.limits;
        let mut changes = self.hub.changes();
        let mut ping = time::interval_at(time::Instant::now() + ping_every, ping_every);
        let mut heard_at = time::Instant::now();
        loop {
            if self.visible {
                self.send_latest().await?;
            }
            tokio::select! {
                message = self.receive() => {
                    heard_at = time::Instant::now();
                    if let Some(message) = message? {
                        self.obey(message).await?;
                    }
                }
                // The sender lives as long as the hub, and the hub as long as this session.
                _ = changes.changed() => {}
                _ = ping.tick() => self.send(Message::Ping(Bytes::new())).await?,
                () = time::sleep_until(heard_at + silence) => return Err(policy("silent for too long")),
            }
        }
    }

    async fn obey(&mut self, message: FromBrowser) -> Result<(), End> {
        match message {
            FromBrowser::Hello { .. } => return Err(policy("a second hello")),
            FromBrowser::Watch(watch) => return self.watch(watch).await,
            FromBrowser::Unwatch { target, kind } => {
                self.watched.retain(|watched| !watched.is_of(&target, kind));
            }
            FromBrowser::Ping { visible } => {
                self.say(&ToBrowser::Pong).await?;
                if self.visible != visible {
                    self.visible = visible;
                    for Watched { watch, .. } in std::mem::take(&mut self.watched) {
                        self.watch(watch).await?;
                    }
                }
            }
            FromBrowser::Observe { target, millis } => {
                let duration = Duration::from_millis(u64::from(millis));
                if !self.hub.observe(&target, duration) {
                    self.say(&ToBrowser::Refused { target }).await?;
                }
            }
            FromBrowser::Rescan { target } => {
                if !self.hub.rescan(&target) {
                    self.say(&ToBrowser::Refused { target }).await?;
                }
            }
        }
        Ok(())
    }

    async fn watch(&mut self, watch: Watch) -> Result<(), End> {
        self.watched.retain(|watched| !watched.is_of(&watch.target, watch.kind));
        let frames = if self.visible { self.hub.watch(&watch) } else { None };
        let is_refused = self.visible && frames.is_none();
        if is_refused || self.watched.len() >= MAX_WATCHED {
            return self.say(&ToBrowser::Refused { target: watch.target }).await;
        }
        self.watched.push(Watched { watch, frames, sent: None });
        Ok(())
    }

    /// Sends what has changed since the last time, the latest of each thing only.
    async fn send_latest(&mut self) -> Result<(), End> {
        let mut messages = Vec::new();
        for of in &mut self.health {
            if of.health.has_changed().unwrap_or(false) {
                let health = of.health.borrow_and_update().clone();
                let message = ToBrowser::Health { target: of.target.clone(), health };
                messages.push(Bytes::from(banyan_protocol::encode(&message)));
            }
        }
        for Watched { frames, sent, .. } in &mut self.watched {
            let Some(frames) = frames else { continue };
            let frame = frames.borrow_and_update().clone();
            let has = std::mem::replace(sent, frame.as_ref().map(|frame| frame.number));
            if let Some(frame) = frame.filter(|frame| has != Some(frame.number)) {
                messages.push(frame.for_browser_with(has));
            }
        }
        for message in messages {
            self.send(Message::Binary(message)).await?;
        }
        Ok(())
    }

    /// The next frame: a message, or `None` for one that only shows that the browser is there.
    ///
    /// Nothing is lost when the caller stops waiting.
    async fn receive(&mut self) -> Result<Option<FromBrowser>, End> {
        let message = match self.socket.recv().await {
            Some(Ok(message)) => message,
            Some(Err(error)) => {
                tracing::debug!("a browser's socket: {error}");
                return Err(GONE);
            }
            None => return Err(GONE),
        };
        if !self.messages.take(Instant::now()) {
            return Err(policy("too many messages"));
        }
        match message {
            Message::Binary(bytes) => match banyan_protocol::decode(&bytes) {
                Ok(message) => Ok(Some(message)),
                Err(error) => {
                    tracing::info!("a browser's {error}");
                    Err(End { code: close_code::INVALID, reason: "not a message of this version" })
                }
            },
            Message::Text(_) => {
                Err(End { code: close_code::UNSUPPORTED, reason: "messages are binary" })
            }
            Message::Close(_) => Err(End { code: close_code::NORMAL, reason: "" }),
            Message::Ping(_) | Message::Pong(_) => Ok(None),
        }
    }

    async fn say(&mut self, message: &ToBrowser) -> Result<(), End> {
        self.send(Message::Binary(banyan_protocol::encode(message).into())).await
    }

    async fn send(&mut self, message: Message) -> Result<(), End> {
        match time::timeout(self.limits.send, self.socket.send(message)).await {
            Ok(Ok(())) => Ok(()),
            Ok(Err(_)) | Err(_) => Err(GONE),
        }
    }

    /// Says goodbye and reads on until the browser has said it too, so that the kernel does not turn
    /// unread bytes into a reset that swallows the reason.
    async fn close(&mut self, frame: CloseFrame) {
        // Fails if the browser was first; then reading on sends the answer to its own goodbye.
        let _ = self.socket.send(Message::Close(Some(frame))).await;
        while let Some(Ok(_)) = self.socket.recv().await {}
    }
}

fn policy(reason: &'static str) -> End {
    End { code: close_code::POLICY, reason }
}
