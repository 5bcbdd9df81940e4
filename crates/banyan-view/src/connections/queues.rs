//! Which key each connection waits for, and at which place.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use banyan_topology::{ClientId, WaitSource, Workload};

/// A key with its database.
pub(super) type QueueKey = (u32, Arc<str>);

/// A connection in a queue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Place {
    pub(super) queue: QueueKey,
    /// From 1.
    pub(super) place: u32,
    /// Whether the key is a guess.
    pub(super) is_hint: bool,
}

/// All queues of a moment, by connection: who waits for several keys is in several.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Queues(BTreeMap<ClientId, Vec<Place>>);

impl Queues {
    pub(super) fn of(workload: &Workload) -> Self {
        let mut places: BTreeMap<ClientId, Vec<Place>> = BTreeMap::new();
        for queue in &workload.queues {
            let key: Arc<str> = queue.key.as_str().into();
            for (place, waiting) in (1..).zip(&queue.waiting) {
                places.entry(waiting.client).or_default().push(Place {
                    queue: (queue.db, Arc::clone(&key)),
                    place,
                    is_hint: waiting.source == WaitSource::Length,
                });
            }
        }
        Self(places)
    }

    /// Where a connection waits: in the queue in which it stood before if it waits there too.
    pub(super) fn place(&self, id: ClientId, before: Option<&QueueKey>) -> Option<&Place> {
        let places = self.0.get(&id)?;
        let stays = places.iter().find(|place| Some(&place.queue) == before);
        stays.or_else(|| places.first())
    }

    /// Those whose place is another one.
    pub(super) fn moved(&self, after: &Self) -> BTreeSet<ClientId> {
        let ids = self.0.keys().chain(after.0.keys());
        ids.filter(|id| self.0.get(id) != after.0.get(id)).copied().collect()
    }
}
