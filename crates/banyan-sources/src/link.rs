//! What everything that Banyan does with one server shares.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering::Relaxed},
    },
    time::Duration,
};

use banyan_topology::{ClientId, Cost};

use crate::{
    allow_list::AllowList,
    fleet::Members,
    redis::{Notable, Observed, RedisCommand},
    target::Target,
};

/// One server: where it is, which of its connections are ours, what we have cost it, and the right
/// to run a background command, of which there is one at a time. A clone is the same link.
#[derive(Clone)]
pub struct Link {
    pub target: Target,
    /// Where further servers that this one names may be.
    pub follow: AllowList,
    /// Of a ring: all its servers, in the order of the configuration, with `target` the first.
    /// Empty for a server that stands alone.
    pub ring: Vec<Target>,
    pub meter: Arc<Meter>,
    own: Arc<Mutex<BTreeSet<ClientId>>>,
    /// Our ends of connections to servers that have no numbers for them.
    own_addrs: Arc<Mutex<BTreeSet<String>>>,
    notable: Arc<Mutex<Notable>>,
    observed: Arc<Mutex<Observed>>,
    /// Held while a window of MONITOR is open.
    pub(crate) window: Arc<tokio::sync::Mutex<()>>,
    pub(crate) background: Arc<tokio::sync::Mutex<()>>,
    /// The servers that belong together with this one.
    pub(crate) members: Arc<Members>,
}

impl Link {
    pub fn new(target: Target) -> Self {
        Self {
            target,
            follow: AllowList::default(),
            ring: Vec::new(),
            meter: Arc::default(),
            own: Arc::default(),
            own_addrs: Arc::default(),
            notable: Arc::default(),
            observed: Arc::default(),
            window: Arc::default(),
            background: Arc::default(),
            members: Arc::default(),
        }
    }

    /// Keys that a walk has found and others want to know of.
    pub fn notable(&self) -> MutexGuard<'_, Notable> {
        lock(&self.notable)
    }

    /// What windows of MONITOR have shown.
    pub(crate) fn observed(&self) -> MutexGuard<'_, Observed> {
        lock(&self.observed)
    }

    /// Marks a connection as one of ours for as long as the guard lives.
    pub(crate) fn own(&self, id: ClientId) -> Own<'_> {
        lock(&self.own).insert(id);
        Own { link: self, id }
    }

    pub(crate) fn is_own(&self, id: ClientId) -> bool {
        lock(&self.own).contains(&id)
    }

    /// The same by our end's address, for servers that do not tell us their number.
    pub(crate) fn own_addr(&self, addr: String) -> OwnAddr<'_> {
        lock(&self.own_addrs).insert(addr.clone());
        OwnAddr { link: self, addr }
    }

    pub(crate) fn is_own_addr(&self, addr: &str) -> bool {
        lock(&self.own_addrs).contains(addr)
    }
}

pub(crate) struct Own<'a> {
    link: &'a Link,
    id: ClientId,
}

impl Drop for Own<'_> {
    fn drop(&mut self) {
        lock(&self.link.own).remove(&self.id);
    }
}

pub(crate) struct OwnAddr<'a> {
    link: &'a Link,
    addr: String,
}

impl Drop for OwnAddr<'_> {
    fn drop(&mut self) {
        lock(&self.link.own_addrs).remove(&self.addr);
    }
}

/// Nothing that holds these locks can leave half a change behind, so poison means nothing.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What a command costs a server besides its own time: reading, parsing and answering it, in
/// microseconds. Measured as the difference of server CPU between a walk with and without TYPE,
/// PTTL and MEMORY USAGE: 1.7 s for 3 million commands.
const OVERHEAD_MICROS: f64 = 0.6;

/// Counts commands and estimates the server's time for them: calls times the mean time of a call
/// as INFO commandstats tells it. Until that is known, a call costs the part of our wait that the
/// network does not explain.
#[derive(Default)]
pub struct Meter {
    state: Mutex<MeterState>,
    bytes: Arc<AtomicU64>,
}

#[derive(Default)]
struct MeterState {
    commands: u64,
    micros: f64,
    /// Calls and microseconds of each command at the last look.
    known: BTreeMap<String, (u64, u64)>,
    /// Microseconds a call.
    prices: BTreeMap<String, f64>,
    /// As [`Cost::budget_ppm`] and [`Cost::interval_millis`].
    budget_ppm: u32,
    interval_millis: u32,
}

impl Meter {
    /// What has been spent since the beginning.
    pub fn cost(&self) -> Cost {
        let state = lock(&self.state);
        Cost {
            commands: state.commands,
            micros: state.micros as u64,
            bytes: self.bytes.load(Relaxed),
            budget_ppm: state.budget_ppm,
            interval_millis: state.interval_millis,
        }
    }

    /// Where bytes sent and received are counted.
    pub(crate) fn bytes(&self) -> Arc<AtomicU64> {
        self.bytes.clone()
    }

    /// Notes what share of the server's time looks may take, and how far apart they are for it.
    pub(crate) fn set_pace(&self, budget: f64, interval: Duration) {
        let mut state = lock(&self.state);
        state.budget_ppm = (budget * 1e6).round() as u32;
        state.interval_millis = u32::try_from(interval.as_millis()).unwrap_or(u32::MAX);
    }

    /// Adds commands that took at most `wall` all together. Returns the microseconds that they are
    /// taken to cost the server.
    pub(crate) fn charge(&self, commands: &[RedisCommand], wall: Duration) -> f64 {
        let mut state = lock(&self.state);
        let share_of_wall = wall.as_secs_f64() * 1e6 / commands.len().max(1) as f64;
        let mut micros = 0.0;
        // A pipeline asks the same few things of many keys.
        let mut looked_up: Vec<(&str, f64)> = Vec::new();
        for command in commands {
            let (name, old_name) = command.stat_names();
            let known = looked_up.iter().find(|(known, _)| *known == name);
            if let Some((_, price)) = known {
                micros += price;
                continue;
            }
            let price = state.prices.get(name).or_else(|| state.prices.get(old_name));
            let price = price.map_or(share_of_wall, |price| price + OVERHEAD_MICROS);
            looked_up.push((name, price));
            micros += price;
        }
        state.commands += commands.len() as u64;
        state.micros += micros;
        micros
    }

    pub(crate) fn charge_more(&self, micros: f64) {
        let mut state = lock(&self.state);
        state.micros = (state.micros + micros).max(0.0);
    }

    /// Adds commands of other protocols, whose price is not known.
    pub(crate) fn charge_wall(&self, commands: u64, wall: Duration) {
        let mut state = lock(&self.state);
        state.commands += commands;
        state.micros += wall.as_secs_f64() * 1e6;
    }

    /// Learns prices from (command, calls, microseconds) since the server's start: the mean since
    /// the last look, where there have been calls.
    pub(crate) fn learn<'a>(&self, stats: impl Iterator<Item = (&'a str, u64, u64)>) {
        let mut state = lock(&self.state);
        for (name, calls, micros) in stats {
            let (calls_before, micros_before) =
                state.known.insert(name.to_owned(), (calls, micros)).unwrap_or_default();
            let new_calls = calls.saturating_sub(calls_before);
            if new_calls > 0 && micros >= micros_before {
                let price = (micros - micros_before) as f64 / new_calls as f64;
                state.prices.insert(name.to_owned(), price);
            }
        }
    }

    /// Microseconds a call of this command takes inside the server.
    pub(crate) fn price(&self, name: &str) -> Option<f64> {
        lock(&self.state).prices.get(name).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_meter_learns_prices() {
        let meter = Meter::default();
        meter.charge(&[RedisCommand::ClientId], Duration::from_micros(100));
        assert_eq!(meter.cost(), Cost { commands: 1, micros: 100, ..Cost::default() });
        meter.learn([("client|id", 10, 50)].into_iter());
        meter.learn([("client|id", 30, 250)].into_iter());
        assert_eq!(meter.price("client|id"), Some(10.0));
        meter.charge(&vec![RedisCommand::ClientId; 10], Duration::from_secs(1));
        assert_eq!(meter.cost(), Cost { commands: 11, micros: 206, ..Cost::default() });
        // A restart of the server starts its counts again.
        meter.learn([("client|id", 1, 5)].into_iter());
        assert_eq!(meter.price("client|id"), Some(10.0));
    }

    #[test]
    fn own_connections_are_marked_while_they_live() {
        let link = Link::new(Target::redis_on_loopback(1));
        let own = link.own(7);
        assert!(link.is_own(7));
        drop(own);
        assert!(!link.is_own(7));
    }
}
