//! Changes of keys as they happen, by CLIENT TRACKING in broadcast mode.
//!
//! The server names every key that is written, expires or is evicted; it names neither the database
//! nor what happened. It costs the server something for each of them, so nobody listens unless the
//! configuration or the command line says so.

mod heat;

use std::{
    collections::{BTreeMap, BTreeSet},
    convert::Infallible,
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use banyan_topology::{Fault, FaultKind, Keyspace, Part, Tracking, Withheld};
use tokio::{sync::Semaphore, time::sleep};

use self::heat::Heat;
use super::{
    command::RedisCommand,
    connection::{Connection, is_unknown},
    info::Info,
    poll::refusal,
    resp::Reply,
    version::is_at_least,
};
use crate::{clock::now_millis, link::Link, watch::Deadlines};

/// Changed keys that wait to be asked again.
const MOST_WAITING: usize = 50_000;
/// Between two tries to listen.
const RETRY: Duration = Duration::from_secs(2);
/// The same after a refusal: each is an entry in the server's log of them.
const RETRY_REFUSED: Duration = Duration::from_secs(300);

/// What was heard, for the walk to take up.
pub(super) struct Heard {
    state: Mutex<State>,
    /// A permit whenever a server has begun to tell, or will not.
    tried: Semaphore,
}

struct State {
    changed: BTreeSet<Vec<u8>>,
    heat: Heat,
    tracking: Tracking,
    /// Why servers do not tell, by their addresses.
    refusals: BTreeMap<String, String>,
    /// All keys were dropped, or some changes went unheard.
    is_pass_needed: bool,
}

impl Heard {
    pub(super) fn new(delimiter: &str) -> Self {
        let state = State {
            changed: BTreeSet::new(),
            heat: Heat::new(delimiter),
            tracking: Tracking { since_millis: now_millis(), ..Tracking::default() },
            refusals: BTreeMap::new(),
            is_pass_needed: false,
        };
        Self { state: Mutex::new(state), tried: Semaphore::new(0) }
    }

    /// Waits until so many servers tell their changes, or will not: whoever walks over the keys
    /// before that misses changes of those that he has met already.
    pub(super) async fn begun(&self, servers: usize) {
        let servers = u32::try_from(servers).unwrap_or(u32::MAX);
        // An error says that it is closed, which nobody does.
        let _ = self.tried.acquire_many(servers).await;
    }

    /// Listens to one server. What it does not allow is noted, and asked for again much later; a
    /// connection that is lost is made again. Ends where the server cannot tell: an upgrade of it
    /// ends the walk's own connections, and what comes after them listens anew.
    pub(super) async fn listen(&self, link: &Link, deadlines: Deadlines) {
        loop {
            let Deaf { reason, retry } = match self.try_listen(link, deadlines).await {
                Err(deaf) => deaf,
                Ok(never) => match never {},
            };
            self.state().refusals.insert(link.target.to_string(), reason);
            self.tried.add_permits(1);
            match retry {
                Some(retry) => sleep(retry).await,
                None => return,
            }
        }
    }

    async fn try_listen(&self, link: &Link, deadlines: Deadlines) -> Result<Infallible, Deaf> {
        let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
        let _own = connection.mark_as_own(link).await?;
        if connection.protocol() < 3 {
            let version = version(&mut connection).await?;
            let is_old = version.is_some_and(|version| !is_at_least(&version, (6, 0)));
            let reason = if is_old { "needs 6.0" } else { "needs RESP 3, which HELLO refuses" };
            return Err(Deaf { reason: reason.to_owned(), retry: None });
        }
        let reply = connection.call(RedisCommand::ClientTracking).await?;
        if let Reply::Error(words) = &reply {
            let retry = if is_unknown(words) { None } else { Some(RETRY_REFUSED) };
            return Err(Deaf { reason: refusal(&reply)?, retry });
        }
        {
            let mut state = self.state();
            // What happened while nobody listened.
            let refusal = state.refusals.remove(&link.target.to_string());
            state.is_pass_needed |= refusal.is_some();
        }
        self.tried.add_permits(1);
        loop {
            let push = connection.next_push().await?;
            if let [kind, keys] = push.as_slice()
                && kind.bytes() == Some(b"invalidate")
            {
                self.state().hear(keys, now_millis());
            }
        }
    }

    /// A pass begins, which meets what there is now.
    pub(super) fn begin_pass(&self) {
        let mut state = self.state();
        state.changed.clear();
        state.is_pass_needed = false;
    }

    /// Keys that have changed and wait to be asked again.
    pub(super) fn waiting(&self) -> usize {
        self.state().changed.len()
    }

    /// At most `most` keys that have changed, each once.
    pub(super) fn take_changed(&self, most: usize) -> Vec<Vec<u8>> {
        let mut state = self.state();
        let mut taken = Vec::new();
        while taken.len() < most
            && let Some(key) = state.changed.pop_first()
        {
            taken.push(key);
        }
        taken
    }

    /// Whether only a whole pass tells what there is now.
    pub(super) fn is_pass_needed(&self) -> bool {
        self.state().is_pass_needed
    }

    /// Forgets changes that cannot be asked after: with several databases, which of them is not said.
    pub(super) fn give_up_changes(&self) {
        self.state().changed.clear();
    }

    pub(super) fn apply(&self, keyspace: &mut Keyspace) {
        let state = self.state();
        keyspace.tracking = Some(state.tracking);
        state.heat.apply(keyspace, now_millis());
        let reasons: BTreeSet<&String> = state.refusals.values().collect();
        let withheld = |reason: &String| Withheld { part: Part::Tracking, reason: reason.clone() };
        keyspace.withheld.extend(reasons.into_iter().map(withheld));
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Why nothing is heard, and when to try again.
struct Deaf {
    reason: String,
    /// `None` where the server would say the same for ever.
    retry: Option<Duration>,
}

impl From<Fault> for Deaf {
    fn from(fault: Fault) -> Self {
        let retry = if fault.kind == FaultKind::Forbidden { RETRY_REFUSED } else { RETRY };
        Self { reason: fault.detail, retry: Some(retry) }
    }
}

/// The server's version, where it tells.
async fn version(connection: &mut Connection<'_>) -> Result<Option<String>, Fault> {
    let reply = connection.call(RedisCommand::Info(&["server"])).await?;
    let version = reply.bytes().map(|text| Info::parse(text).server_facts().version);
    Ok(version.filter(|version| !version.is_empty()))
}

impl State {
    fn hear(&mut self, keys: &Reply, now_millis: u64) {
        let Some(keys) = keys.elements() else {
            // FLUSHALL and FLUSHDB name no key.
            self.changed.clear();
            self.is_pass_needed = true;
            return;
        };
        for key in keys.iter().filter_map(Reply::bytes) {
            self.tracking.events += 1;
            self.heat.event(key, now_millis);
            if self.changed.len() < MOST_WAITING || self.changed.contains(key) {
                self.changed.insert(key.to_vec());
            } else {
                self.tracking.missed += 1;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(names: &[&str]) -> Reply {
        Reply::Array(names.iter().map(|name| Reply::Bulk(name.as_bytes().to_vec())).collect())
    }

    #[test]
    fn changes_wait_once_each() {
        let heard = Heard::new(":");
        heard.state().hear(&keys(&["b", "a", "b"]), 5);
        assert_eq!(heard.take_changed(1), [b"a"]);
        assert_eq!(heard.take_changed(9), [b"b"]);
        assert_eq!(heard.state().tracking.events, 3);
        assert!(!heard.is_pass_needed());
        heard.state().hear(&keys(&["c"]), 6);
        heard.state().hear(&Reply::Null, 7);
        assert!(heard.is_pass_needed());
        assert_eq!(heard.waiting(), 0);
        heard.state().hear(&keys(&["d"]), 8);
        heard.begin_pass();
        assert!(!heard.is_pass_needed());
        assert_eq!(heard.take_changed(9), Vec::<Vec<u8>>::new());
    }

    #[test]
    fn more_changes_than_can_wait_are_counted() {
        let heard = Heard::new(":");
        for n in 0..MOST_WAITING + 5 {
            heard.state().hear(&keys(&[&format!("{n}"), "0"]), 5);
        }
        let state = heard.state();
        assert_eq!((state.changed.len(), state.tracking.missed), (MOST_WAITING, 5));
    }
}
