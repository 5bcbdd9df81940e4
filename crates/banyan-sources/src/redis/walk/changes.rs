//! Between two passes: the pictures follow what was heard.

use std::{sync::Arc, time::Duration};

use banyan_topology::{Fault, Keyspace, Part, Withheld};
use tokio::{
    sync::Notify,
    task::JoinSet,
    time::{Instant, sleep},
};

use super::{Node, Pace, Walk};
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

    /// Rests for so long, or until `rescan`. Where changes are heard, keys that changed are asked
    /// again, as many as the budget allows.
    pub(super) async fn rest(
        &mut self,
        nodes: &mut [Node<'_>],
        rest: Duration,
        rescan: &Notify,
        on_picture: &mut impl FnMut(Keyspace),
    ) -> Result<(), Fault> {
        let begin = Instant::now();
        let until = begin + rest;
        let Some(heard) = self.heard.clone() else {
            tokio::select! {
                () = sleep(rest) => {}
                () = rescan.notified() => {}
            }
            return Ok(());
        };
        let mut pace = Pace::new(self.options.budget);
        let mut batch = Batch::new(self.options.asks_idle);
        let mut picture_due = begin + PICTURE_EVERY;
        while Instant::now() < until {
            tokio::select! {
                () = sleep(LOOK_EVERY.min(until - Instant::now())) => {}
                () = rescan.notified() => return Ok(()),
            }
            if begin.elapsed() >= LEAST_REST && heard.takes_pass() {
                return Ok(());
            }
            if self.is_by_database {
                heard.give_up_changes();
                let reason = "a change names no database, and several have keys".to_owned();
                let withheld = Withheld { part: Part::Tracking, reason };
                if !self.withheld.contains(&withheld) {
                    self.withheld.push(withheld);
                }
            }
            loop {
                let changed = heard.take_changed(KEYS_AT_ONCE);
                if changed.is_empty() || Instant::now() >= until {
                    break;
                }
                self.ask_again(nodes, &mut batch, &mut pace, changed).await?;
                pace.wait().await;
            }
            if picture_due <= Instant::now() {
                self.look_at_locks(nodes).await?;
                on_picture(self.picture(nodes).await?);
                picture_due = Instant::now() + PICTURE_EVERY;
            }
        }
        Ok(())
    }

    /// Asks every server for the keys: those that none has are gone.
    async fn ask_again(
        &mut self,
        nodes: &mut [Node<'_>],
        batch: &mut Batch,
        pace: &mut Pace,
        changed: Vec<Vec<u8>>,
    ) -> Result<(), Fault> {
        let db = self.totals.keys().next().copied();
        let mut gone = changed;
        for node in nodes {
            let db = db.unwrap_or(node.link.target.db);
            if gone.is_empty() || !node.select(db, &mut self.withheld).await? {
                continue;
            }
            let spent_before = node.connection.spent_micros();
            let asked = gone.clone();
            let learnt = batch.facts_of(&mut node.connection, asked, &mut self.withheld).await?;
            pace.spend(node.connection.spent_micros() - spent_before);
            // Answers come in the order of the questions.
            let mut there = learnt.iter().peekable();
            gone.retain(|key| there.next_if(|one| one.key == *key).is_none());
            self.take(node.link, db, learnt)?;
            for key in &gone {
                node.link.notable().forget(db, key);
            }
        }
        let database = self.is_by_database.then_some(db.unwrap_or_default());
        for key in gone {
            self.trie.remove(database, &key);
            self.oldest.forget(db.unwrap_or_default(), &key);
        }
        Ok(())
    }
}
