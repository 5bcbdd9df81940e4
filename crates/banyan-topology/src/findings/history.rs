//! What the observer remembers: digests of a few minutes, never topologies.

use std::{
    collections::{BTreeMap, VecDeque},
    sync::Arc,
};

use super::{
    pools::{CHURN_MILLIS, Pool, pool_of},
    series::Series,
    slabs,
};
use crate::{Client, ClientId, ClientState, ServerFacts, Subject, TcpState, Topology};

/// Unread bytes below this are a burst that the kernel's buffers take.
const UNREAD_BYTES: u64 = 64_000;

/// Lives that are remembered for each pool.
const MOST_LIVES: usize = 64;

/// Changes of database that are remembered for each connection.
const MOST_CHANGES: usize = 16;

#[derive(Debug, Default)]
pub(super) struct History {
    run_id: String,
    first_at: Option<u64>,
    last_at: u64,
    pub(super) counters: BTreeMap<Subject, Counters>,
    /// By subject: the class of the only server, or of one among several.
    pub(super) slabs: BTreeMap<Subject, Slab>,
    /// Connections of each pool.
    pub(super) pools: BTreeMap<Arc<Pool>, Series>,
    lives: BTreeMap<ClientId, Life>,
    pub(super) ends: BTreeMap<Arc<Pool>, VecDeque<End>>,
    /// Unread bytes of connections that have many.
    pub(super) outputs: BTreeMap<ClientId, Series>,
    /// When a connection selected which other database.
    pub(super) databases: BTreeMap<ClientId, VecDeque<(u64, u32)>>,
    pub(super) census: BTreeMap<TcpState, Series>,
}

/// What servers count since their start.
#[derive(Debug, Default)]
pub(super) struct Counters {
    /// Of the process that counts: another one, or another server in its place, starts anew.
    run_id: String,
    pub(super) evicted: Series,
    pub(super) rejected: Series,
    pub(super) connections: Series,
}

#[derive(Debug, Default)]
pub(super) struct Slab {
    pub(super) evicted: Series,
    pub(super) out_of_memory: Series,
}

/// A connection that was there at the last look.
#[derive(Debug)]
struct Life {
    pool: Arc<Pool>,
    addr: String,
    name: String,
    library: Option<String>,
    opened_at: u64,
    command: String,
    db: Option<u32>,
    /// The last look that saw it.
    seen_at: u64,
}

/// A connection that ended.
#[derive(Debug)]
pub(super) struct End {
    /// At the look that missed it.
    pub(super) at: u64,
    /// Until then, so at most.
    pub(super) lived_millis: u64,
    /// Until the look that saw it last, so at least.
    pub(super) seen_millis: u64,
    /// Its last command.
    pub(super) command: String,
    /// Whether another of its pool came when it had gone.
    pub(super) is_replaced: bool,
}

impl History {
    /// Another process, or a clock that was set back.
    pub(super) fn is_broken_by(&self, topology: &Topology) -> bool {
        self.first_at.is_some()
            && (topology.server.run_id != self.run_id || topology.taken_at_millis < self.last_at)
    }

    pub(super) fn watched_millis(&self) -> u64 {
        self.first_at.map_or(0, |first| self.last_at - first)
    }

    /// Returns the milliseconds since the look before.
    pub(super) fn take(&mut self, topology: &Topology) -> u64 {
        let now = topology.taken_at_millis;
        self.run_id.clone_from(&topology.server.run_id);
        let before = self.first_at.map(|_| self.last_at);
        self.first_at.get_or_insert(now);
        self.last_at = now;
        for (subject, server) in servers(topology) {
            self.count(now, subject, server);
        }
        self.take_slabs(now, topology);
        if let Some(census) = &topology.census {
            for state in [TcpState::CloseWait, TcpState::FinWait2] {
                let count = census.states.get(&state).copied().unwrap_or(0);
                self.census.entry(state).or_default().push(now, count.into());
            }
        }
        self.take_clients(topology, before);
        self.ends.retain(|_, ends| {
            ends.retain(|end| now.saturating_sub(end.at) <= CHURN_MILLIS);
            !ends.is_empty()
        });
        before.map_or(0, |before| now - before)
    }

    fn count(&mut self, now: u64, subject: Subject, server: &ServerFacts) {
        let counters = self.counters.entry(subject).or_default();
        if counters.run_id != server.run_id {
            *counters = Counters { run_id: server.run_id.clone(), ..Counters::default() };
        }
        for (series, value) in [
            (&mut counters.evicted, server.evicted_keys),
            (&mut counters.rejected, server.rejected_connections),
            (&mut counters.connections, server.total_connections),
        ] {
            if let Some(value) = value {
                series.push(now, value);
            }
        }
    }

    /// Forgets the classes of servers that tell no more, or count from zero again.
    fn take_slabs(&mut self, now: u64, topology: &Topology) {
        let mut before = std::mem::take(&mut self.slabs);
        for (subject, (evicted, out_of_memory)) in slabs::counters(topology) {
            let known = before.remove(&subject).filter(|slab| slab.evicted.last() <= Some(evicted));
            let mut slab = known.unwrap_or_default();
            slab.evicted.push(now, evicted);
            slab.out_of_memory.push(now, out_of_memory);
            self.slabs.insert(subject, slab);
        }
    }

    fn take_clients(&mut self, topology: &Topology, before: Option<u64>) {
        let now = topology.taken_at_millis;
        let mut counts: BTreeMap<Arc<Pool>, u64> = BTreeMap::new();
        let mut came: BTreeMap<Arc<Pool>, usize> = BTreeMap::new();
        let mut gone: Vec<Life> = Vec::new();
        for client in topology.clients.values().filter(|client| is_subject(client)) {
            let pool = self.take_client(now, client, &mut gone);
            if before.is_some() && pool.1 {
                *came.entry(Arc::clone(&pool.0)).or_default() += 1;
            }
            *counts.entry(pool.0).or_default() += 1;
        }
        gone.extend(self.lives.extract_if(.., |_, life| life.seen_at != now).map(|(_, life)| life));
        for life in gone {
            let others = came.entry(Arc::clone(&life.pool)).or_default();
            let is_replaced = *others > 0;
            *others = others.saturating_sub(1);
            let ends = self.ends.entry(life.pool).or_default();
            ends.push_back(End {
                at: now,
                lived_millis: now.saturating_sub(life.opened_at),
                seen_millis: life.seen_at.saturating_sub(life.opened_at),
                command: life.command,
                is_replaced,
            });
            if ends.len() > MOST_LIVES {
                ends.pop_front();
            }
        }
        // Whoever waits a moment before it comes again replaces the one that ended last.
        for (pool, mut count) in came {
            let ends = self.ends.get_mut(&pool).into_iter().flatten().rev();
            for end in ends.filter(|end| !end.is_replaced && now - end.at <= COMES_AGAIN_MILLIS) {
                if count == 0 {
                    break;
                }
                end.is_replaced = true;
                count -= 1;
            }
        }
        self.pools.retain(|pool, _| counts.contains_key(pool));
        for (pool, count) in counts {
            self.pools.entry(pool).or_default().push(now, count);
        }
        self.outputs.retain(|id, _| self.lives.contains_key(id));
        self.databases.retain(|id, _| self.lives.contains_key(id));
    }

    /// The pool of a connection that is there, and whether it has come. Costs next to nothing for one
    /// that stayed as it was.
    fn take_client(
        &mut self,
        now: u64,
        client: &Client,
        gone: &mut Vec<Life>,
    ) -> (Arc<Pool>, bool) {
        self.take_output(now, client);
        if let Some(life) = self.lives.get_mut(&client.id)
            && life.addr == client.addr
        {
            life.seen_at = now;
            life.opened_at = client.opened_at_millis;
            if life.command != client.command {
                life.command.clone_from(&client.command);
            }
            if life.name != client.name || life.library != client.library {
                life.name.clone_from(&client.name);
                life.library.clone_from(&client.library);
                life.pool = Arc::new(pool_of(client));
            }
            if let (Some(last), Some(db)) = (life.db, client.db)
                && last != db
            {
                let changes = self.databases.entry(client.id).or_default();
                changes.push_back((now, db));
                if changes.len() > MOST_CHANGES {
                    changes.pop_front();
                }
            }
            life.db = client.db.or(life.db);
            return (Arc::clone(&life.pool), false);
        }
        let pool = Arc::new(pool_of(client));
        let life = Life {
            pool: Arc::clone(&pool),
            addr: client.addr.clone(),
            name: client.name.clone(),
            library: client.library.clone(),
            opened_at: client.opened_at_millis,
            command: client.command.clone(),
            db: client.db,
            seen_at: now,
        };
        // memcached gives the number of a connection that ended to the next one.
        gone.extend(self.lives.insert(client.id, life));
        (pool, true)
    }

    /// The pool of a connection that is there now.
    pub(super) fn pool(&self, id: ClientId) -> Option<&Arc<Pool>> {
        self.lives.get(&id).map(|life| &life.pool)
    }

    fn take_output(&mut self, now: u64, client: &Client) {
        match client.output_bytes {
            Some(bytes) if bytes >= UNREAD_BYTES || self.outputs.contains_key(&client.id) => {
                self.outputs.entry(client.id).or_default().push(now, bytes);
            }
            _ => {}
        }
        // Half of it is read: whoever is behind by a little all the time keeps up.
        if client.output_bytes.is_some_and(|bytes| bytes < UNREAD_BYTES / 2) {
            self.outputs.remove(&client.id);
        }
    }
}

/// A connection that comes so late replaces nobody, in milliseconds: libraries wait up to two seconds
/// before they try again.
const COMES_AGAIN_MILLIS: u64 = 2_500;

/// Connections of the people whose server it is: neither Banyan's nor between servers.
pub(super) const fn is_subject(client: &Client) -> bool {
    !client.own && !matches!(client.state, ClientState::Replica | ClientState::Master)
}

/// The servers whose facts are known, each as the subject of findings.
pub(super) fn servers(topology: &Topology) -> Vec<(Subject, &ServerFacts)> {
    let nodes = topology.fleet.iter().flat_map(|fleet| fleet.nodes.iter().zip(0..));
    let known: Vec<_> = nodes
        .filter_map(|(node, index)| Some((Subject::Node(index), node.server.as_ref()?)))
        .collect();
    if known.is_empty() { vec![(Subject::Server, &topology.server)] } else { known }
}
