//! All keys of a server, by SCAN, into a prefix trie.
//!
//! SCAN may return a key twice; the trie holds every key and counts each once, at the price of
//! memory (see [`PrefixTrie`]). A key that lives through a whole pass is met by it; one that comes
//! or goes meanwhile may be or not.

use std::{convert::Infallible, time::Duration};

use banyan_topology::{Fault, FaultKind, Inserted, Keyspace, Part, PrefixTrie, Withheld};
use tokio::{
    sync::Notify,
    time::{Instant, sleep, sleep_until},
};

use super::{
    batch::Batch,
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
            deadlines: Deadlines::default(),
        }
    }
}

const LONGEST_REST: Duration = Duration::from_secs(3600);
/// Between two pictures when there is a whole one already.
const LATER_PICTURE_INTERVAL: Duration = Duration::from_secs(10);
/// A picture may take this share of the walk's time.
const PICTURE_SHARE: u32 = 20;
/// Between two looks at prices and totals.
const LOOK_INTERVAL: Duration = Duration::from_secs(1);
/// A SCAN is steered to take this long inside the server.
const SCAN_MICROS: f64 = 500.0;
const KEYSPACE: &[&str] = &["keyspace"];

/// What is known of a server's keys, from one connection to the next.
pub(crate) struct Walk {
    options: WalkOptions,
    trie: PrefixTrie,
    /// Whether keys stand below a node of their database.
    is_by_database: bool,
    total: u64,
    completed_at_millis: Option<u64>,
    withheld: Vec<Withheld>,
}

impl Walk {
    pub(crate) fn new(options: WalkOptions) -> Self {
        let trie = PrefixTrie::new(&options.delimiter);
        Self {
            options,
            trie,
            is_by_database: false,
            total: 0,
            completed_at_millis: None,
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
        self.trie.begin_pass();

        let mut pace = Pace::new(self.options.budget);
        let mut batch = Batch::default();
        let mut picture_due = Instant::now() + self.picture_interval();
        for db in databases {
            if let Reply::Error(words) = connection.call(RedisCommand::Select(db)).await? {
                let reason = format!("db{db}: {}", refusal(&Reply::Error(words))?);
                self.withheld.push(Withheld { part: Part::Keys, reason });
                continue;
            }
            let database = is_by_database.then_some(db);
            let mut cursor = Some(0);
            // Facts of the keys of one SCAN travel together with the next SCAN: one round trip.
            while cursor.is_some() || !batch.is_empty() {
                let scan = cursor.map(|cursor| RedisCommand::Scan { cursor, count: pace.count });
                let spent_before = connection.spent_micros();
                let (learnt, next) = batch.ask(connection, scan, &mut self.withheld).await?;
                cursor = next;
                for (key, facts) in learnt {
                    if self.trie.insert(database, &key, facts) == Inserted::Full {
                        return Err(Fault::new(FaultKind::Other, "more keys than fit into memory"));
                    }
                }
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
        self.completed_at_millis = Some(now_millis());
        self.look_at_totals(connection).await?;
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
                self.total = databases.iter().map(|facts| facts.keys).sum();
                Ok(Some(databases))
            }
            reply => {
                let reason = refusal(&reply)?;
                if !self.withheld.iter().any(|withheld| withheld.part == Part::Server) {
                    self.withheld.push(Withheld { part: Part::Server, reason });
                }
                self.total = self.trie.keys();
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
        let flattened = tokio::task::spawn_blocking(move || {
            let nodes = trie.rows(max_rows);
            (trie, nodes)
        });
        let (trie, nodes) =
            flattened.await.map_err(|error| Fault::new(FaultKind::Other, error.to_string()))?;
        self.trie = trie;
        Ok(Keyspace {
            taken_at_millis: now_millis(),
            delimiter: self.options.delimiter.clone(),
            seen: self.trie.seen(),
            total: self.total,
            complete: self.completed_at_millis.is_some(),
            completed_at_millis: self.completed_at_millis,
            nodes,
            withheld: self.withheld.clone(),
            cost: link.meter.cost(),
        })
    }
}

/// Keeps a pass within its budget and its SCANs short.
struct Pace {
    budget: f64,
    /// COUNT of the next SCAN.
    count: u32,
    /// When what has been spent so far is paid for.
    paid_at: Instant,
    look_due: Instant,
}

impl Pace {
    fn new(budget: f64) -> Self {
        let now = Instant::now();
        // The first look comes soon, so that prices are known after the first batches.
        let look_due = now + LOOK_INTERVAL / 20;
        Self { budget: budget.clamp(1e-4, 1.0), count: 100, paid_at: now, look_due }
    }

    fn spend(&mut self, micros: f64) {
        let due = Duration::from_secs_f64(micros.max(0.0) / 1e6 / self.budget);
        self.paid_at = self.paid_at.max(Instant::now() - due.min(LOOK_INTERVAL)) + due;
    }

    async fn wait(&self) {
        // Shorter than the timer's grain: paid with the next batch.
        if self.budget < 1.0 && self.paid_at > Instant::now() + Duration::from_millis(1) {
            sleep_until(self.paid_at).await;
        }
    }

    /// Steers COUNT by what a SCAN takes in the mean.
    fn steer(&mut self, scan_micros: Option<f64>) {
        let Some(micros) = scan_micros.filter(|micros| *micros > 0.0) else { return };
        let factor = (SCAN_MICROS / micros).clamp(0.5, 2.0);
        self.count = (f64::from(self.count) * factor).clamp(10.0, 1000.0) as u32;
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
