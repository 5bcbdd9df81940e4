//! All keys of a server, by SCAN, into a prefix trie.
//!
//! A server of many keys is sampled first (see [`sample`]); until the first pass has met all keys,
//! pictures are estimates with their errors, from all that has been met.
//!
//! SCAN may return a key twice; the trie holds every key and counts each once, at the price of
//! memory (see [`PrefixTrie`]). A key that lives through a whole pass is met by it; one that comes
//! or goes meanwhile may be or not.

mod oldest;
mod pace;
mod sample;

use std::{collections::BTreeMap, convert::Infallible, time::Duration};

use banyan_topology::{
    Fault, FaultKind, Inserted, Keyspace, Part, PrefixTrie, Withheld, keyspace::role::Behaviour,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

pub(crate) use self::oldest::Oldest;
use self::pace::{LOOK_INTERVAL, Pace};
use super::{
    batch::{Batch, Learnt},
    command::RedisCommand,
    connection::{Connection, fault_of_error},
    info::{DatabaseFacts, Info},
    poll::{learn_prices, refusal},
    resp::Reply,
};
use crate::{clock::now_millis, link::Link, watch::Deadlines};

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
const KEYSPACE: &[&str] = &["keyspace"];
/// Keys in the lists of those that stand out.
const NOTABLE_KEYS: usize = 100;

/// What is known of a server's keys, from one connection to the next.
pub(crate) struct Walk {
    options: WalkOptions,
    trie: PrefixTrie,
    /// Whether keys stand below a node of their database.
    is_by_database: bool,
    /// Whether each slot of a cluster has a hash table of its own (since version 8): then the part
    /// of the keys that a SCAN has met first says nothing of the others.
    is_by_slot: bool,
    /// Keys of each database, as the server says.
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
            totals: BTreeMap::new(),
            completed_at_millis: None,
            oldest: Oldest::default(),
            withheld: Vec::new(),
        }
    }

    /// One whole pass over a connection of its own.
    pub(crate) async fn once(
        mut self,
        link: &Link,
        mut on_picture: impl FnMut(Keyspace),
    ) -> Result<Keyspace, Fault> {
        let mut connection =
            Connection::open(&link.target, self.options.deadlines, &link.meter).await?;
        let _own = connection.mark_as_own(link).await?;
        self.pass(link, &mut connection, &mut on_picture).await?;
        self.picture(link).await
    }

    /// Pass after pass over one connection, until it fails.
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
        let mut connection =
            Connection::open(&link.target, self.options.deadlines, &link.meter).await?;
        let _own = connection.mark_as_own(link).await?;
        loop {
            let begin = Instant::now();
            {
                let _turn = link.background.lock().await;
                self.pass(link, &mut connection, on_picture).await?;
            }
            on_picture(self.picture(link).await?);
            let rest = (begin.elapsed() * 4).clamp(self.options.rest, LONGEST_REST);
            tokio::select! {
                () = sleep(rest) => {}
                () = rescan.notified() => {}
            }
        }
    }

    async fn pass(
        &mut self,
        link: &Link,
        connection: &mut Connection<'_>,
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<(), Fault> {
        self.withheld.clear();
        let databases = match self.look_at_totals(connection).await? {
            Some(databases) => databases.iter().map(|facts| facts.db).collect(),
            None => vec![link.target.db],
        };
        let is_by_database = databases.len() > 1;
        if is_by_database != self.is_by_database {
            self.is_by_database = is_by_database;
            self.trie = PrefixTrie::new(&self.options.delimiter);
            self.completed_at_millis = None;
        }
        let mut pace = Pace::new(self.options.budget);
        let mut batch = Batch::new(self.options.asks_idle);
        if self.completed_at_millis.is_none()
            && self.sample(link, connection, &mut batch, &mut pace).await?
        {
            if self.options.is_estimate_enough {
                return Ok(());
            }
            on_picture(self.picture(link).await?);
        }

        self.trie.begin_pass();
        self.oldest = Oldest::default();
        link.notable().begin_pass();
        let mut picture_due = Instant::now() + self.picture_interval();
        for db in databases {
            if let Reply::Error(words) = connection.call(RedisCommand::Select(db)).await? {
                let reason = format!("db{db}: {}", refusal(&Reply::Error(words))?);
                self.withheld.push(Withheld { part: Part::Keys, reason });
                continue;
            }
            let mut cursor = Some(0);
            // Facts of the keys of one SCAN travel together with the next SCAN: one round trip.
            while cursor.is_some() || !batch.is_empty() {
                let scan = cursor.map(|cursor| RedisCommand::Scan { cursor, count: pace.count });
                let spent_before = connection.spent_micros();
                let (learnt, next) = batch.ask(connection, scan, &mut self.withheld).await?;
                cursor = next;
                self.take(link, db, learnt)?;
                pace.spend(connection.spent_micros() - spent_before);

                if pace.look_due <= Instant::now() {
                    pace.look_due = Instant::now() + LOOK_INTERVAL;
                    learn_prices(connection, link).await?;
                    pace.steer(link.meter.price("scan"));
                    self.look_at_totals(connection).await?;
                }
                if picture_due <= Instant::now() {
                    let begin = Instant::now();
                    on_picture(self.picture(link).await?);
                    let rest = begin.elapsed() * PICTURE_SHARE;
                    picture_due = Instant::now() + rest.max(self.picture_interval());
                }
                pace.wait().await;
            }
        }
        self.trie.end_pass();
        link.notable().end_pass();
        self.completed_at_millis = Some(now_millis());
        self.look_at_totals(connection).await?;
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

    /// The databases that have keys; `None` where the server does not say.
    async fn look_at_totals(
        &mut self,
        connection: &mut Connection<'_>,
    ) -> Result<Option<Vec<DatabaseFacts>>, Fault> {
        match connection.call(RedisCommand::Info(KEYSPACE)).await? {
            Reply::Bulk(text) => {
                let databases = Info::parse(&text).databases();
                self.totals = databases.iter().map(|facts| (facts.db, facts.keys)).collect();
                Ok(Some(databases))
            }
            reply => {
                let reason = refusal(&reply)?;
                if !self.withheld.iter().any(|withheld| withheld.part == Part::Server) {
                    self.withheld.push(Withheld { part: Part::Server, reason });
                }
                self.totals.clear();
                Ok(None)
            }
        }
    }

    fn picture_interval(&self) -> Duration {
        match self.completed_at_millis {
            None => self.options.picture_interval,
            Some(_) => LATER_PICTURE_INTERVAL.max(self.options.picture_interval),
        }
    }

    /// What is known now. Flattening millions of nodes takes a while, so it runs beside the tasks.
    async fn picture(&mut self, link: &Link) -> Result<Keyspace, Fault> {
        let trie = std::mem::replace(&mut self.trie, PrefixTrie::new(&self.options.delimiter));
        let max_rows = self.options.max_rows;
        let totals = self.totals_to_estimate();
        let only_db = self.totals.keys().next().copied().unwrap_or(link.target.db);
        let mut keyspace = Keyspace {
            delimiter: self.options.delimiter.clone(),
            seen: trie.seen(),
            total: self.totals.values().sum::<u64>().max(trie.keys()),
            complete: self.completed_at_millis.is_some(),
            completed_at_millis: self.completed_at_millis,
            oldest: self.oldest.keys(),
            withheld: self.withheld.clone(),
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
            keyspace.assign_roles(|_, _| Behaviour::default());
            (trie, keyspace)
        });
        let (trie, keyspace) =
            flattened.await.map_err(|error| Fault::new(FaultKind::Other, error.to_string()))?;
        self.trie = trie;
        Ok(Keyspace { taken_at_millis: now_millis(), cost: link.meter.cost(), ..keyspace })
    }

    /// What an estimate is scaled up to; `None` where numbers are counted, or nothing is known to
    /// scale them by.
    fn totals_to_estimate(&self) -> Option<BTreeMap<Option<u32>, u64>> {
        let is_met = self.totals.values().sum::<u64>() <= self.trie.keys();
        if self.completed_at_millis.is_some() || self.is_by_slot || is_met {
            return None;
        }
        let of_database = |(db, keys): (&u32, &u64)| (self.is_by_database.then_some(*db), *keys);
        Some(self.totals.iter().map(of_database).collect())
    }
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
