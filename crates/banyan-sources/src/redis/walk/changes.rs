//! Between two passes: the pictures follow what was heard.

use std::{sync::Arc, time::Duration};

use banyan_topology::{Fault, Keyspace, Part, Withheld};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Node, Pace, Walk, WalkOptions};
use crate::{
    link::Link,
    redis::{batch::Batch, tracking::Heard},
};

/// Between two looks at what was heard.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// Between two pictures of what was heard.
const PICTURE_EVERY: Duration = Duration::from_secs(2);
/// Changed keys that are asked again at once.
const KEYS_AT_ONCE: usize = 500;
/// Between two passes that a flush or a gap in the hearing asks for.
const LEAST_REST: Duration = Duration::from_secs(5);

/// How long what a server has said may be on its way.
const UNDER_WAY: Duration = Duration::from_millis(100);
/// Passes of a single walk, of which each after the first follows a flush during the one before.
const MOST_PASSES: u32 = 3;

/// What is needed to ask after keys that have changed.
struct Asking {
    batch: Batch,
    pace: Pace,
}

impl Asking {
    fn new(walk: &Walk) -> Self {
        let WalkOptions { asks_idle, budget, .. } = walk.options;
        Self { batch: Batch::new(asks_idle), pace: Pace::new(budget) }
    }
}

impl Walk {
    /// Begins to listen to every server, if that is wanted; ends when the result is dropped.
    pub(super) async fn listen(&mut self, links: &[Link]) -> JoinSet<()> {
        let mut ears = JoinSet::new();
        if self.options.tracking.is_none() {
            return ears;
        }
        let heard = Arc::new(Heard::new(&self.options.delimiter));
        let deadlines = self.options.deadlines;
        for link in links {
            let (heard, link) = (heard.clone(), link.clone());
            ears.spawn(async move { heard.listen(&link, deadlines).await });
        }
        heard.begun(links.len()).await;
        self.heard = Some(heard);
        ears
    }

    /// Rests for so long, or until one of `calls`. Where changes are heard, keys that changed are asked
    /// again, as many as the budget allows.
    pub(super) async fn rest(
        &mut self,
        nodes: &mut [Node<'_>],
        rest: Duration,
        calls: [&Notify; 2],
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<(), Fault> {
        let begin = Instant::now();
        let until = begin + rest;
        let Some(heard) = self.heard.clone() else {
            tokio::select! {
                () = sleep(rest) => {}
                () = called(calls) => {}
            }
            return Ok(());
        };
        let mut asking = Asking::new(self);
        let mut picture_due = begin + PICTURE_EVERY;
        while Instant::now() < until {
            tokio::select! {
                () = sleep(LOOK_EVERY.min(until - Instant::now())) => {}
                () = called(calls) => return Ok(()),
            }
            if begin.elapsed() >= LEAST_REST && heard.is_pass_needed() {
                return Ok(());
            }
            self.catch_up(nodes, &heard, &mut asking, Some(until)).await?;
            if picture_due <= Instant::now() {
                self.look_at_locks(nodes).await?;
                on_picture(self.picture(nodes).await?);
                picture_due = Instant::now() + PICTURE_EVERY;
            }
        }
        Ok(())
    }

    /// After the one pass of a single walk: follows changes until `until`, and then what was heard
    /// by that time, however long the pass has taken.
    pub(super) async fn hear_out(
        &mut self,
        nodes: &mut [Node<'_>],
        until: Instant,
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<(), Fault> {
        let Some(heard) = self.heard.clone() else { return Ok(()) };
        let mut asking = Asking::new(self);
        for pass in 1.. {
            // What changed at the end of the pass is on its way.
            let left = until.saturating_duration_since(Instant::now()).max(UNDER_WAY);
            let never = Notify::new();
            self.rest(nodes, left, [&never, &never], on_picture).await?;
            // A server that is flushed again and again is shown as it was met last.
            if !heard.is_pass_needed() || pass == MOST_PASSES {
                break;
            }
            self.pass(nodes, on_picture).await?;
        }
        self.catch_up(nodes, &heard, &mut asking, None).await
    }

    /// Asks again after the keys that have changed so far, each once; those for which there is no
    /// time before `until` go on waiting.
    async fn catch_up(
        &mut self,
        nodes: &mut [Node<'_>],
        heard: &Heard,
        asking: &mut Asking,
        until: Option<Instant>,
    ) -> Result<(), Fault> {
        // Before a pass is through, the trie is a sample, or the pass will meet them itself.
        if self.completed_at_millis.is_none() {
            return Ok(());
        }
        if self.is_by_database || self.totals.len() > 1 {
            heard.give_up_changes();
            let reason = "a change names no database, and several have keys".to_owned();
            let withheld = Withheld { part: Part::Tracking, reason };
            if !self.withheld.contains(&withheld) {
                self.withheld.push(withheld);
            }
            return Ok(());
        }
        let mut left = heard.waiting();
        let is_any = left > 0;
        while left > 0 && until.is_none_or(|until| Instant::now() < until) {
            let changed = heard.take_changed(left.min(KEYS_AT_ONCE));
            left = if changed.is_empty() { 0 } else { left - changed.len() };
            self.ask_again(nodes, asking, changed).await?;
            asking.pace.wait().await;
        }
        if is_any {
            for node in &mut *nodes {
                node.look_at_totals(&mut self.withheld).await?;
            }
            self.add_totals(nodes);
        }
        Ok(())
    }

    /// Asks every server for the keys: those that none has are gone, if all can be asked.
    async fn ask_again(
        &mut self,
        nodes: &mut [Node<'_>],
        asking: &mut Asking,
        changed: Vec<Vec<u8>>,
    ) -> Result<(), Fault> {
        let db = self.totals.keys().next().copied();
        let mut gone = changed;
        let mut are_all_asked = true;
        for node in nodes {
            let db = db.unwrap_or(node.link.target.db);
            if gone.is_empty() {
                break;
            }
            if !node.select(db, &mut self.withheld).await? {
                are_all_asked = false;
                continue;
            }
            let spent_before = node.connection.spent_micros();
            let asked = gone.clone();
            let Asking { batch, pace } = asking;
            let learnt = batch.facts_of(&mut node.connection, asked, &mut self.withheld).await?;
            pace.spend(node.connection.spent_micros() - spent_before);
            if batch.asks_nothing() {
                // Neither what they are nor whether they are there: the next pass tells.
                return Ok(());
            }
            // Answers come in the order of the questions.
            let mut there = learnt.iter().peekable();
            gone.retain(|key| there.next_if(|one| one.key == *key).is_none());
            self.take(node.link, db, learnt)?;
            for key in &gone {
                node.link.notable().forget(db, key);
            }
        }
        if !are_all_asked {
            return Ok(());
        }
        for key in gone {
            self.trie.remove(None, &key);
            self.oldest.forget(db.unwrap_or_default(), &key);
        }
        Ok(())
    }
}

async fn called([one, other]: [&Notify; 2]) {
    tokio::select! {
        () = one.notified() => {}
        () = other.notified() => {}
    }
}
