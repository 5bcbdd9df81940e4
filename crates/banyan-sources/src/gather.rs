//! Keys that servers list in one stream each, gathered into pictures: memcached and Tokyo Tyrant, alone
//! or in a ring.
//!
//! Redis has a walk of its own, which chooses where to look next.

use std::{convert::Infallible, sync::Arc, time::Duration};

use banyan_topology::{
    Cost, Fault, FaultKind, Inserted, KeyFacts, Keyspace, MissingServer, PrefixTrie, Withheld,
};
use tokio::{
    sync::Notify,
    time::{Instant, sleep},
};

use crate::{
    clock::now_millis,
    fleet::{Masters, masters},
    link::{Link, Meter},
    missing,
    redis::{Oldest, WalkOptions},
};

/// A picture may take this share of the walk's time.
const PICTURE_SHARE: u32 = 20;
/// Between two pictures when there is a whole one already.
const LATER_PICTURE_INTERVAL: Duration = Duration::from_secs(10);
const LONGEST_REST: Duration = Duration::from_secs(3600);

/// A server whose keys can be listed.
pub(crate) trait Listing {
    /// Lists all keys once into `gather`, which gives `on_picture` something now and then.
    fn list(
        &self,
        link: &Link,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> impl Future<Output = Result<(), Fault>> + Send;
}

/// What is known of a server's keys.
pub(crate) struct Gather {
    pub(crate) options: WalkOptions,
    trie: PrefixTrie,
    /// Of each server, how many keys it says it has; the one that is listed now is the last.
    totals: Vec<Option<u64>>,
    pub(crate) withheld: Vec<Withheld>,
    /// Servers of a ring that do not answer.
    missing: Vec<MissingServer>,
    meters: Vec<Arc<Meter>>,
    completed_at_millis: Option<u64>,
    picture_due: Instant,
    /// Those of this pass that nobody has used for longest.
    oldest: Oldest,
}

/// Keys in the list of the biggest.
const NOTABLE_KEYS: usize = 100;

impl Gather {
    pub(crate) fn new(options: WalkOptions) -> Self {
        let trie = PrefixTrie::new(&options.delimiter);
        let picture_due = Instant::now() + options.picture_interval;
        Self {
            options,
            trie,
            totals: Vec::new(),
            withheld: Vec::new(),
            missing: Vec::new(),
            meters: Vec::new(),
            completed_at_millis: None,
            picture_due,
            oldest: Oldest::default(),
        }
    }

    /// Takes a key in; `idle_secs` since it was last used, where the server says.
    pub(crate) fn insert(
        &mut self,
        key: &[u8],
        facts: KeyFacts,
        idle_secs: Option<u64>,
    ) -> Result<(), Fault> {
        if let Some(idle_secs) = idle_secs {
            self.oldest.offer(0, key, facts, idle_secs);
        }
        match self.trie.insert(None, key, facts) {
            Inserted::Full => Err(Fault::new(FaultKind::Other, "more keys than fit into memory")),
            Inserted::New | Inserted::Again => Ok(()),
        }
    }

    /// How many keys the server that is listed now says it has.
    pub(crate) fn set_total(&mut self, total: Option<u64>) {
        if let Some(last) = self.totals.last_mut() {
            *last = total;
        }
    }

    /// Shows what is known so far, if it is time for that.
    pub(crate) async fn show(
        &mut self,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        let begin = Instant::now();
        if begin < self.picture_due {
            return Ok(());
        }
        on_picture(self.picture().await?);
        let interval = match self.completed_at_millis {
            None => self.options.picture_interval,
            Some(_) => LATER_PICTURE_INTERVAL.max(self.options.picture_interval),
        };
        self.picture_due = Instant::now() + interval.max(begin.elapsed() * PICTURE_SHARE);
        Ok(())
    }

    /// What is known now. Flattening millions of nodes takes a while, so it runs beside the tasks.
    async fn picture(&mut self) -> Result<Keyspace, Fault> {
        let trie = std::mem::replace(&mut self.trie, PrefixTrie::new(&self.options.delimiter));
        let max_rows = self.options.max_rows;
        let flattened = tokio::task::spawn_blocking(move || {
            let nodes = trie.rows(max_rows);
            let biggest = trie.biggest(NOTABLE_KEYS, 0);
            (trie, nodes, biggest)
        });
        let (trie, nodes, biggest) =
            flattened.await.map_err(|error| Fault::new(FaultKind::Other, error.to_string()))?;
        self.trie = trie;
        Ok(Keyspace {
            taken_at_millis: now_millis(),
            delimiter: self.options.delimiter.clone(),
            seen: self.trie.seen(),
            total: self
                .totals
                .iter()
                .try_fold(0_u64, |sum, total| Some(sum.saturating_add((*total)?))),
            complete: self.completed_at_millis.is_some(),
            completed_at_millis: self.completed_at_millis,
            nodes,
            withheld: self.withheld.clone(),
            cost: self.cost(),
            missing: self.missing.clone(),
            biggest,
            oldest: self.oldest.keys(),
            ..Keyspace::default()
        })
    }

    /// What all servers have been charged for.
    fn cost(&self) -> Cost {
        self.meters.iter().map(|meter| meter.cost()).fold(Cost::default(), |sum, cost| Cost {
            commands: sum.commands + cost.commands,
            micros: sum.micros + cost.micros,
            bytes: sum.bytes + cost.bytes,
            ..cost
        })
    }

    /// Lists the keys of all servers, one after the other. Of a ring, those that do not answer are
    /// missing. Returns the time that the pass has cost the server that it cost most.
    async fn pass(
        &mut self,
        servers: &Masters,
        listing: &impl Listing,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<Duration, Fault> {
        self.withheld.clear();
        self.missing.clear();
        self.totals.clear();
        self.oldest = Oldest::default();
        self.trie.begin_pass();
        self.meters = servers.links.iter().map(|link| link.meter.clone()).collect();
        let mut first = None;
        let mut most_micros = 0;
        for (at, link) in servers.links.iter().enumerate() {
            let addr = link.target.endpoint.to_string();
            let (spent_before, known) = (link.meter.cost().micros, self.withheld.len());
            self.totals.push(None);
            let listed = listing.list(link, self, on_picture).await;
            most_micros = most_micros.max(link.meter.cost().micros.saturating_sub(spent_before));
            let Some(share_ppm) = servers.shares_ppm.get(at).copied() else {
                listed?;
                continue;
            };
            for withheld in self.withheld.iter_mut().skip(known) {
                withheld.reason = format!("{addr}: {}", withheld.reason);
            }
            match listed {
                Ok(()) => {}
                // Ours, not the server's.
                Err(fault) if fault.kind == FaultKind::Other => return Err(fault),
                Err(fault) => {
                    self.totals.pop();
                    let reason = fault.to_string();
                    self.missing.push(MissingServer { addr, reason, share_ppm });
                    first.get_or_insert(fault);
                }
            }
        }
        if let (Some(fault), true) = (first, self.totals.is_empty()) {
            return Err(fault);
        }
        // What a server will not list is not known to be gone.
        if self.withheld.is_empty() {
            self.trie.end_pass();
            self.completed_at_millis = Some(now_millis());
        }
        Ok(Duration::from_micros(most_micros))
    }

    /// One pass, and the picture of all.
    pub(crate) async fn once(
        mut self,
        link: &Link,
        listing: &impl Listing,
        mut on_picture: impl FnMut(Keyspace) + Send,
    ) -> Result<Keyspace, Fault> {
        let servers = masters(link, self.options.deadlines).await?;
        self.pass(&servers, listing, &mut on_picture).await?;
        self.picture().await
    }

    /// Pass after pass with rests between, until one fails. `rescan` ends a rest.
    pub(crate) async fn follow(
        &mut self,
        link: &Link,
        listing: &impl Listing,
        rescan: &Notify,
        mut on_picture: impl FnMut(Keyspace) + Send,
    ) -> Fault {
        match self.try_follow(link, listing, rescan, &mut on_picture).await {
            Err(fault) => fault,
            Ok(never) => match never {},
        }
    }

    async fn try_follow(
        &mut self,
        link: &Link,
        listing: &impl Listing,
        rescan: &Notify,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<Infallible, Fault> {
        let servers = masters(link, self.options.deadlines).await?;
        loop {
            let begin = Instant::now();
            let spent = {
                let _turn = link.background.lock().await;
                self.pass(&servers, listing, on_picture).await?
            };
            on_picture(self.picture().await?);
            // A stream cannot be slowed down without holding a thread of the server, so the budget
            // is kept by the rest after it.
            let paid = spent.div_f64(self.options.budget.clamp(1e-4, 1.0));
            let rest = paid.max(begin.elapsed() * 4).clamp(self.options.rest, LONGEST_REST);
            let is_missing = |link: &&Link| {
                let addr = link.target.endpoint.to_string();
                self.missing.iter().any(|server| server.addr == addr)
            };
            let missing = servers.links.iter().filter(is_missing).cloned().collect();
            let (_tries, back) = missing::wait_for(missing, self.options.deadlines);
            tokio::select! {
                () = sleep(rest) => {}
                () = rescan.notified() => {}
                () = back.notified() => {}
            }
        }
    }
}
