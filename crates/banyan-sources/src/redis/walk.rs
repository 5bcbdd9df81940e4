//! All keys of a server, by SCAN, into a prefix trie.
//!
//! A server of many keys is sampled first (see [`sample`]); until the first pass has met all keys,
//! pictures are estimates with their errors, from all that has been met.
//!
//! SCAN may return a key twice; the trie holds every key and counts each once, at the price of
//! memory (see [`PrefixTrie`]). A key that lives through a whole pass is met by it; one that comes
//! or goes meanwhile may be or not.

mod changes;
mod locks;
mod node;
mod oldest;
mod pace;
mod quorum;
mod sample;
mod values;

use std::{collections::BTreeMap, convert::Infallible, sync::Arc, time::Duration};

use banyan_topology::{
    Fault, FaultKind, Inserted, Keyspace, Lock, MissingServer, PrefixTrie, Withheld,
    keyspace::role::Behaviour,
};
use tokio::{sync::Notify, time::Instant};

pub(crate) use self::oldest::Oldest;
use self::{
    node::Node,
    pace::{LOOK_INTERVAL, Pace},
};
use super::{
    batch::{Batch, Learnt},
    command::RedisCommand,
    connection::fault_of_error,
    poll::learn_prices,
    resp::Reply,
    tracking::Heard,
};
use crate::{
    clock::now_millis,
    fleet::{Masters, masters},
    link::Link,
    missing,
    target::Protocol,
    watch::Deadlines,
};

/// How the keys are walked.
#[derive(Clone, Debug)]
pub struct WalkOptions {
    /// Between the parts of a key; keys are not split if it is empty.
    pub delimiter: String,
    /// Rows of a picture of the keys.
    pub max_rows: usize,
    /// Share of the server's time that a pass may take; 1 walks as fast as the server answers.
    pub budget: f64,
    /// The least time between two pictures while the first pass fills.
    pub picture_interval: Duration,
    /// The least time between two passes; a long pass is followed by a rest of four times its own
    /// length.
    pub rest: Duration,
    /// Asks for how long each key has not been used, which is one command more for each.
    pub asks_idle: bool,
    /// Listens to changes as they happen, at a cost to the server for each; a single walk at least for
    /// so long.
    pub tracking: Option<Duration>,
    /// Ends a single walk after the first estimate, where there is one.
    pub is_estimate_enough: bool,
    pub deadlines: Deadlines,
}

impl Default for WalkOptions {
    fn default() -> Self {
        Self {
            delimiter: ":".to_owned(),
            max_rows: 20_000,
            budget: 0.05,
            picture_interval: Duration::from_millis(500),
            rest: Duration::from_secs(5),
            asks_idle: false,
            tracking: None,
            is_estimate_enough: false,
            deadlines: Deadlines::default(),
        }
    }
}

const LONGEST_REST: Duration = Duration::from_secs(3600);
/// Between two pictures when there is a whole one already.
const LATER_PICTURE_INTERVAL: Duration = Duration::from_secs(10);
/// A picture may take this share of the walk's time.
const PICTURE_SHARE: u32 = 20;
/// Keys in the lists of those that stand out.
const NOTABLE_KEYS: usize = 100;

/// What is known of a server's keys, from one connection to the next.
pub(crate) struct Walk {
    options: WalkOptions,
    trie: PrefixTrie,
    /// Whether keys stand below a node of their database.
    is_by_database: bool,
    /// Whether each slot of a cluster has a hash table of its own: then the part of the keys that a
    /// SCAN has met first says nothing of the others.
    is_by_slot: bool,
    /// What was met at random places, where a pass that has come some way says nothing of the rest:
    /// of several servers, and of several slots, those come last that the pass comes to last.
    sampled: Option<PrefixTrie>,
    heard: Option<Arc<Heard>>,
    locks: Vec<Lock>,
    known_locks: locks::Known,
    /// Whether the servers know nothing of each other's keys, as the nodes of a cluster do.
    are_independent: bool,
    /// Which locks are kept by several servers.
    spread: quorum::Spread,
    /// Servers that are not walked.
    apart: Vec<Withheld>,
    /// Servers that do not answer, and how many there are with them.
    missing: Vec<MissingServer>,
    servers: usize,
    values: values::Looked,
    /// Keys of each database, as the servers say.
    totals: BTreeMap<u32, u64>,
    completed_at_millis: Option<u64>,
    oldest: Oldest,
    withheld: Vec<Withheld>,
}

impl Walk {
    pub(crate) fn new(options: WalkOptions) -> Self {
        let trie = PrefixTrie::new(&options.delimiter);
        Self {
            options,
            trie,
            is_by_database: false,
            is_by_slot: false,
            sampled: None,
            heard: None,
            locks: Vec::new(),
            known_locks: locks::Known::new(),
            are_independent: false,
            spread: quorum::Spread::default(),
            apart: Vec::new(),
            missing: Vec::new(),
            servers: 1,
            values: values::Looked::default(),
            totals: BTreeMap::new(),
            completed_at_millis: None,
            oldest: Oldest::default(),
            withheld: Vec::new(),
        }
    }

    /// One whole pass, over connections of its own.
    pub(crate) async fn once(
        mut self,
        link: &Link,
        mut on_picture: impl FnMut(Keyspace),
    ) -> Result<Keyspace, Fault> {
        let deadlines = self.options.deadlines;
        let servers = self.servers_of(link).await?;
        let mut nodes = Vec::with_capacity(servers.links.len());
        self.missing = node::open(&mut nodes, &servers, deadlines).await?;
        let _ears = self.listen(&servers.links).await;
        let begin = Instant::now();
        self.pass(&mut nodes, &mut on_picture).await?;
        if let Some(heard_for) = self.options.tracking {
            self.hear_out(&mut nodes, begin + heard_for, &mut on_picture).await?;
        }
        self.picture(&nodes).await
    }

    /// Pass after pass over the same connections, until one fails.
    pub(crate) async fn follow(
        &mut self,
        link: &Link,
        rescan: &Notify,
        mut on_picture: impl FnMut(Keyspace),
    ) -> Fault {
        match self.try_follow(link, rescan, &mut on_picture).await {
            Err(fault) => fault,
            Ok(never) => match never {},
        }
    }

    async fn try_follow(
        &mut self,
        link: &Link,
        rescan: &Notify,
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<Infallible, Fault> {
        let deadlines = self.options.deadlines;
        let servers = self.servers_of(link).await?;
        let mut nodes = Vec::with_capacity(servers.links.len());
        self.missing = node::open(&mut nodes, &servers, deadlines).await?;
        let _ears = self.listen(&servers.links).await;
        loop {
            let begin = Instant::now();
            {
                let _turn = link.background.lock().await;
                self.pass(&mut nodes, on_picture).await?;
            }
            on_picture(self.picture(&nodes).await?);
            let rest = (begin.elapsed() * 4).clamp(self.options.rest, LONGEST_REST);
            let (_tries, back) = missing::wait_for(node::closed(&nodes, &servers), deadlines);
            self.rest(&mut nodes, rest, [rescan, &back], on_picture).await?;
            self.missing = node::open(&mut nodes, &servers, deadlines).await?;
        }
    }

    async fn servers_of(&mut self, link: &Link) -> Result<Masters, Fault> {
        let servers = masters(link, self.options.deadlines).await?;
        self.apart.clone_from(&servers.withheld);
        self.servers = servers.links.len();
        self.are_independent = are_independent(link);
        Ok(servers)
    }

    async fn pass(
        &mut self,
        nodes: &mut [Node<'_>],
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<(), Fault> {
        self.withheld.clone_from(&self.apart);
        for node in &mut *nodes {
            node.look_at_totals(&mut self.withheld).await?;
        }
        self.add_totals(nodes);
        let is_by_database = self.totals.len() > 1;
        if is_by_database != self.is_by_database {
            self.is_by_database = is_by_database;
            self.trie = PrefixTrie::new(&self.options.delimiter);
            self.completed_at_millis = None;
        }
        let mut batch = Batch::new(self.options.asks_idle);
        if self.completed_at_millis.is_none() && self.sample(nodes, &mut batch).await? {
            if self.options.is_estimate_enough {
                return Ok(());
            }
            on_picture(self.picture(nodes).await?);
        }

        if let Some(heard) = &self.heard {
            heard.begin_pass();
        }
        self.trie.begin_pass();
        self.oldest = Oldest::default();
        let mut samples = values::Samples::default();
        let mut picture_due = Instant::now() + self.picture_interval();
        for at in 0..nodes.len() {
            let mut pace = Pace::new(self.options.budget);
            let Some(node) = nodes.get_mut(at) else { break };
            node.link.notable().begin_pass();
            for db in node.totals.keys().copied().collect::<Vec<_>>() {
                let Some(node) = nodes.get_mut(at) else { break };
                if !node.select(db, &mut self.withheld).await? {
                    continue;
                }
                let mut cursor = Some(0);
                let mut learnt = Vec::new();
                // Facts of the keys of one SCAN travel together with the next SCAN: one round trip,
                // during which the facts before them are put where they belong.
                while cursor.is_some() || !batch.is_empty() {
                    let Some(node) = nodes.get_mut(at) else { break };
                    let scan =
                        cursor.map(|cursor| RedisCommand::Scan { cursor, count: pace.count });
                    let spent_before = node.connection.spent_micros();
                    let mut withheld = std::mem::take(&mut self.withheld);
                    let known = std::mem::take(&mut learnt);
                    let (asked, taken) =
                        tokio::join!(batch.ask(&mut node.connection, scan, &mut withheld), async {
                            self.take(node.link, db, known)
                        });
                    self.withheld = withheld;
                    taken?;
                    (learnt, cursor) = asked?;
                    samples.offer(at, db, &learnt, &self.options.delimiter);
                    pace.spend(node.connection.spent_micros() - spent_before);

                    if pace.look_due <= Instant::now() {
                        pace.look_due = Instant::now() + LOOK_INTERVAL;
                        learn_prices(&mut node.connection, node.link).await?;
                        pace.steer(node.link.meter.price("scan"));
                        node.look_at_totals(&mut self.withheld).await?;
                        self.add_totals(nodes);
                    }
                    if picture_due <= Instant::now() {
                        let begin = Instant::now();
                        on_picture(self.picture(nodes).await?);
                        let rest = begin.elapsed() * PICTURE_SHARE;
                        picture_due = Instant::now() + rest.max(self.picture_interval());
                    }
                    pace.wait().await;
                }
                let Some(node) = nodes.get_mut(at) else { break };
                self.take(node.link, db, learnt)?;
            }
            let Some(node) = nodes.get_mut(at) else { break };
            node.link.notable().end_pass();
        }
        self.trie.end_pass();
        self.sampled = None;
        self.look_at_locks(nodes).await?;
        self.look_at_values(nodes, samples).await?;
        self.completed_at_millis = Some(now_millis());
        for node in &mut *nodes {
            node.look_at_totals(&mut self.withheld).await?;
        }
        self.add_totals(nodes);
        Ok(())
    }

    /// Puts what has been learnt of keys where it belongs.
    fn take(&mut self, link: &Link, db: u32, learnt: Vec<Learnt>) -> Result<(), Fault> {
        let database = self.is_by_database.then_some(db);
        let mut notable = link.notable();
        for Learnt { key, facts, idle_secs } in learnt {
            if self.trie.insert(database, &key, facts) == Inserted::Full {
                return Err(Fault::new(FaultKind::Other, "more keys than fit into memory"));
            }
            if let Some(idle_secs) = idle_secs {
                self.oldest.offer(db, &key, facts, idle_secs);
            }
            notable.offer(db, &key, facts);
        }
        Ok(())
    }

    fn add_totals(&mut self, nodes: &[Node<'_>]) {
        self.totals.clear();
        for (db, keys) in nodes.iter().flat_map(|node| &node.totals) {
            *self.totals.entry(*db).or_default() += keys;
        }
    }

    fn picture_interval(&self) -> Duration {
        match self.completed_at_millis {
            None => self.options.picture_interval,
            Some(_) => LATER_PICTURE_INTERVAL.max(self.options.picture_interval),
        }
    }

    /// What is known now. Flattening millions of nodes takes a while, so it runs beside the tasks.
    async fn picture(&mut self, nodes: &[Node<'_>]) -> Result<Keyspace, Fault> {
        let seen = self.trie.seen();
        let shown = self.sampled.as_mut().unwrap_or(&mut self.trie);
        let trie = std::mem::replace(shown, PrefixTrie::new(&self.options.delimiter));
        let max_rows = self.options.max_rows;
        let totals = self.totals_to_estimate(trie.keys());
        let only_db = self.totals.keys().next().copied().unwrap_or_default();
        let mut keyspace = Keyspace {
            delimiter: self.options.delimiter.clone(),
            seen,
            total: nodes
                .iter()
                .all(|node| node.is_counted)
                .then(|| self.totals.values().sum::<u64>().max(trie.keys())),
            complete: self.completed_at_millis.is_some(),
            completed_at_millis: self.completed_at_millis,
            oldest: self.oldest.keys(),
            locks: self.locks.clone(),
            withheld: self.withheld.clone(),
            missing: self.missing.clone(),
            ..Keyspace::default()
        };
        let flattened = tokio::task::spawn_blocking(move || {
            match totals {
                Some(totals) => {
                    let (nodes, estimate) = trie.estimated_rows(max_rows, &totals);
                    keyspace.nodes = nodes;
                    keyspace.estimate = Some(estimate);
                }
                None => keyspace.nodes = trie.rows(max_rows),
            }
            keyspace.biggest = trie.biggest(NOTABLE_KEYS, only_db);
            (trie, keyspace)
        });
        let (trie, mut keyspace) =
            flattened.await.map_err(|error| Fault::new(FaultKind::Other, error.to_string()))?;
        *self.sampled.as_mut().unwrap_or(&mut self.trie) = trie;
        let waiting = waiting(nodes);
        keyspace.assign_roles(|db, text| Behaviour {
            waiting: waiting.get(&(db, text.to_owned())).copied().unwrap_or(0),
            values: self.values.of(db, text, &self.options.delimiter),
        });
        keyspace.tell_quorums();
        if let Some(heard) = &self.heard {
            heard.apply(&mut keyspace);
        }
        keyspace.taken_at_millis = now_millis();
        for node in nodes {
            let cost = node.link.meter.cost();
            keyspace.cost.commands += cost.commands;
            keyspace.cost.micros += cost.micros;
            keyspace.cost.bytes += cost.bytes;
        }
        Ok(keyspace)
    }

    /// What an estimate is scaled up to; `None` where numbers are counted, or nothing is known to
    /// scale them by.
    fn totals_to_estimate(&self, met: u64) -> Option<BTreeMap<Option<u32>, u64>> {
        let is_met = self.totals.values().sum::<u64>() <= met;
        let is_by_slot_alone = self.is_by_slot && self.sampled.is_none();
        if self.completed_at_millis.is_some() || is_by_slot_alone || is_met {
            return None;
        }
        let of_database = |(db, keys): (&u32, &u64)| (self.is_by_database.then_some(*db), *keys);
        Some(self.totals.iter().map(of_database).collect())
    }
}

/// Whether the servers of a target are those of a ring, or masters that Sentinels watch.
fn are_independent(link: &Link) -> bool {
    !link.ring.is_empty() || link.target.protocol == Protocol::Sentinel
}

/// Clients that are known to wait, by database and the printable text of the key.
fn waiting(nodes: &[Node<'_>]) -> BTreeMap<(u32, String), u64> {
    let mut waiting = BTreeMap::new();
    for node in nodes {
        for (db, key) in node.link.observed().waited_for() {
            *waiting.entry((db, key)).or_default() += 1;
        }
    }
    waiting
}

/// SCAN's answer: the next cursor, `None` at the end, and keys.
pub(super) fn read_scan(reply: Reply) -> Result<(Option<u64>, Vec<Vec<u8>>), Fault> {
    let wrong = || Fault::new(FaultKind::Protocol, "SCAN answers with something else");
    let parts = match reply {
        Reply::Array(parts) => parts,
        Reply::Error(words) => return Err(fault_of_error(&words)),
        _ => return Err(wrong()),
    };
    let Ok([Reply::Bulk(cursor), Reply::Array(keys)]) = <[Reply; 2]>::try_from(parts) else {
        return Err(wrong());
    };
    let cursor: u64 =
        str::from_utf8(&cursor).ok().and_then(|c| c.parse().ok()).ok_or_else(wrong)?;
    let keys = keys
        .into_iter()
        .map(|key| match key {
            Reply::Bulk(key) => Ok(key),
            _ => Err(wrong()),
        })
        .collect::<Result<_, _>>()?;
    Ok(((cursor != 0).then_some(cursor), keys))
}
