//! A window of MONITOR: every command that a server runs, for a short time.
//!
//! It costs the server about as much again as the commands themselves, so it is opened only when
//! somebody asks for it, one at a time, for some seconds and some megabytes, on a connection of its
//! own that is drained at full speed.

mod key_spec;
mod line;
mod sampler;

use std::time::Duration;

use banyan_topology::{Client, ClientState, Fault, FaultKind, Window};
use tokio::time::{Instant, sleep};

use self::{key_spec::CommandTable, line::Splitter, sampler::Sampler};
use super::{
    client_list::parse_client, command::RedisCommand, connection::Connection, resp::Reply,
};
use crate::{clock::now_millis, link::Link, watch::Deadlines};

/// How long a window is open, and what it is for.
#[derive(Clone, Debug)]
pub struct ObserveOptions {
    /// At most ten seconds.
    pub duration: Duration,
    /// Between the parts of a key.
    pub delimiter: String,
    /// Wakes this client out of its blocking command, as if its time were over (CLIENT UNBLOCK), so
    /// that it asks again and shows for what. It must be blocked, and its program must be one that
    /// asks again.
    pub reveal: Option<Waking>,
    pub deadlines: Deadlines,
}

impl Default for ObserveOptions {
    fn default() -> Self {
        Self {
            duration: Duration::from_secs(2),
            delimiter: ":".to_owned(),
            reveal: None,
            deadlines: Deadlines::default(),
        }
    }
}

/// A client that is to be woken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waking {
    /// Its server's own number for it.
    pub number: u64,
    /// Its server among those that belong together, by its address: an index may be another's by now.
    /// `None` for the one that the target names.
    pub server: Option<String>,
}

pub const LONGEST_WINDOW: Duration = Duration::from_secs(10);
/// Bytes of a window; then it closes before its time.
const MAX_WINDOW_BYTES: u64 = 8 << 20;
/// Between the beginning of a window and the waking of a client.
const BEFORE_REVEAL: Duration = Duration::from_millis(100);

/// Opens a window. What it shows goes into [`Link`], and from there into each topology that is looked
/// at afterwards: who waits for which key, and who touches what.
pub(crate) async fn observe(link: &Link, options: &ObserveOptions) -> Result<Window, Fault> {
    let other = |words: &str| Fault::new(FaultKind::Other, words);
    let Ok(_turn) = link.window.try_lock() else {
        return Err(other("a window is open already"));
    };
    let open = || Connection::open(&link.target, options.deadlines, &link.meter);
    let mut asking = open().await?;
    let _own = asking.mark_as_own(link).await?;
    let mut ear = open().await?;
    let _own_ear = ear.mark_as_own(link).await?;
    let table = match asking.call(RedisCommand::Command).await? {
        Reply::Error(_) => CommandTable::of_queues(),
        reply => CommandTable::parse(&reply),
    };
    if let Some(waking) = &options.reveal {
        let clients = clients(&mut asking).await?;
        let is_blocked = |client: &Client| client.state == ClientState::Blocked;
        let found = clients.iter().find(|client| client.id == waking.number);
        if !found.is_some_and(is_blocked) {
            return Err(other("no such client is blocked"));
        }
    }

    let mut sampler = Sampler::new(table, &options.delimiter);
    let mut splitter = Splitter::default();
    let from_millis = now_millis();
    let until = Instant::now() + options.duration.min(LONGEST_WINDOW);
    let listen = ear.monitor(until, MAX_WINDOW_BYTES, |bytes| {
        let (before, now) = (sampler.commands, now_millis());
        splitter.feed(bytes, |line, _| sampler.line(line, now));
        sampler.commands - before
    });
    let wake = async {
        let Some(waking) = &options.reveal else { return Ok(Reply::Null) };
        sleep(BEFORE_REVEAL).await;
        asking.call(RedisCommand::ClientUnblock(waking.number)).await
    };
    let (heard, woken) = tokio::join!(listen, wake);
    let bytes = heard??;
    if let Reply::Error(words) = woken? {
        return Err(super::connection::fault_of_error(&words));
    }
    let to_millis = now_millis();
    let clients = clients(&mut asking).await?;
    let others: Vec<Client> =
        clients.into_iter().filter(|client| !link.is_own(client.id)).collect();
    let window = Window {
        from_millis,
        to_millis,
        commands: sampler.commands,
        missed: sampler.missed,
        bytes,
    };
    for (db, key) in sampler.waitable() {
        link.notable().saw(db, key);
    }
    link.observed().window(window, sampler.waits(&others), sampler.touches(&others));
    Ok(window)
}

async fn clients(connection: &mut Connection<'_>) -> Result<Vec<Client>, Fault> {
    let now = now_millis();
    let mut clients = Vec::new();
    connection.client_list(|line| clients.extend(parse_client(line, now))).await??;
    Ok(clients)
}
