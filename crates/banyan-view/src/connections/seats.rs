//! Who stands in which group, what each looks like, and when the clock alone will change that.
//!
//! An update costs by what it touches: the connections that it names, those whose time has come, and
//! the groups of either.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
};

use banyan_layout::blocks::SlotBook;
use banyan_scene::Card;
use banyan_topology::{Client, ClientId, ClientState, Topology};

use super::{
    age, card,
    grouping::{self, GroupBy, Purpose, Rank, Waits},
    queues::{Place, QueueKey, Queues},
    state::{self, Counts, Mood},
};
use crate::{picture, world::Words};

/// A connection that ended is still to be seen for so long.
const GHOST_MILLIS: u64 = 1500;

#[derive(Clone, Debug, Default)]
pub(super) struct Seats {
    seats: BTreeMap<ClientId, Seat>,
    groups: BTreeMap<Arc<str>, Group>,
    /// The living of all groups.
    counts: Counts,
    /// Connections that ended a moment ago.
    ghosts: BTreeMap<ClientId, Ghost>,
    /// The blocking command of connections that were seen waiting. The first one stays: who waits
    /// now for this and now for that must not wander.
    consumers: BTreeMap<ClientId, String>,
    /// The queue in which connections were last seen, for those that stand by queue.
    queues: BTreeMap<ClientId, QueueKey>,
    /// When somebody may look different next, in milliseconds since 1970.
    wakes: BTreeSet<(u64, ClientId)>,
    slots: SlotBook,
}

#[derive(Clone, Debug)]
struct Seat {
    /// Key of its group.
    group: Arc<str>,
    /// `None` for one that ended.
    mood: Option<Mood>,
    looks: u64,
    wake_at_millis: Option<u64>,
}

/// Connections that stand together.
#[derive(Clone, Debug)]
pub(super) struct Group {
    pub(super) purpose: Purpose,
    /// The living ones.
    pub(super) counts: Counts,
    /// How its header looked last.
    pub(super) looks: u64,
}

#[derive(Clone, Debug)]
struct Ghost {
    client: Client,
    gone_at_millis: u64,
}

/// What the seats are given by.
pub(super) struct Glance<'a> {
    pub(super) topology: &'a Topology,
    pub(super) group_by: GroupBy,
    /// Empty unless connections stand by queue.
    pub(super) queues: &'a Queues,
    pub(super) words: &'a Words,
}

/// What came of an update.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Somebody came, went, or stands elsewhere.
    pub(super) is_rearranged: bool,
    /// Those who look different where they are, and whether that goes for their colours too.
    pub(super) repainted: Vec<(ClientId, bool)>,
    /// Keys of the groups whose numbers differ.
    pub(super) groups: BTreeSet<Arc<str>>,
}

impl Seats {
    pub(super) fn slots(&self) -> &SlotBook {
        &self.slots
    }

    pub(super) fn counts(&self) -> &Counts {
        &self.counts
    }

    /// A group that has a place, and its key for keeps.
    pub(super) fn group(&self, key: &str) -> Option<(&Arc<str>, &Group)> {
        self.groups.get_key_value(key)
    }

    pub(super) fn group_mut(&mut self, key: &str) -> Option<&mut Group> {
        self.groups.get_mut(key)
    }

    /// Key of the group in which a connection, or its ghost, stands.
    pub(super) fn group_of(&self, id: ClientId) -> Option<&str> {
        self.seats.get(&id).map(|seat| &*seat.group)
    }

    /// Where a connection waits now in the queue that it stands in.
    pub(super) fn place<'a>(&self, id: ClientId, queues: &'a Queues) -> Option<&'a Place> {
        queues.place(id, self.queues.get(&id))
    }

    pub(super) fn ghost(&self, id: ClientId) -> Option<&Client> {
        self.ghosts.get(&id).map(|ghost| &ghost.client)
    }

    /// Remembers what a connection was that has ended now.
    pub(super) fn mourn(&mut self, client: &Client, now_millis: u64) {
        let ghost = Ghost { client: client.clone(), gone_at_millis: now_millis };
        self.ghosts.insert(client.id, ghost);
    }

    /// Everybody who has a seat.
    pub(super) fn everybody(&self) -> impl Iterator<Item = ClientId> {
        self.seats.keys().copied()
    }

    /// Takes those out of the queue whose looks may have changed by `now_millis`.
    pub(super) fn wake(&mut self, now_millis: u64, woken: &mut BTreeSet<ClientId>) {
        while let Some(&(at, id)) = self.wakes.first()
            && at <= now_millis
        {
            self.wakes.pop_first();
            woken.insert(id);
        }
    }

    /// Gives each of `touched` the seat that is due to it now, and takes the seats of those who are
    /// neither living nor ghosts.
    pub(super) fn settle(&mut self, touched: &BTreeSet<ClientId>, glance: &Glance<'_>) -> Turn {
        let mut turn = Turn::default();
        let mut left: Vec<(Arc<str>, ClientId)> = Vec::new();
        let mut joined: Vec<(Rank, Arc<str>, u32, ClientId)> = Vec::new();
        let mut card = Card::default();
        for &id in touched {
            let before = self.seats.remove(&id);
            if let Some(at) = before.as_ref().and_then(|seat| seat.wake_at_millis) {
                self.wakes.remove(&(at, id));
            }
            let after = self.seat(id, before.as_ref(), glance, &mut card);
            let stood = before.as_ref().map(|seat| (&seat.group, seat.mood));
            let stands = after.as_ref().map(|seat| (&seat.group, seat.mood));
            if stood != stands {
                for ((group, mood), is_more) in stood
                    .map(|seat| (seat, false))
                    .into_iter()
                    .chain(stands.map(|seat| (seat, true)))
                {
                    self.count(group, mood, is_more);
                    turn.groups.insert(Arc::clone(group));
                }
            }
            match (&before, &after) {
                (Some(before), Some(after)) if before.group == after.group => {
                    if before.looks != after.looks {
                        turn.repainted.push((id, before.mood != after.mood));
                    }
                }
                (before, after) => {
                    left.extend(before.as_ref().map(|seat| (Arc::clone(&seat.group), id)));
                    joined.extend(after.as_ref().and_then(|seat| {
                        let rank = self.groups.get(&seat.group)?.purpose.rank;
                        let place = self.place(id, glance.queues).map_or(u32::MAX, |it| it.place);
                        Some((rank, Arc::clone(&seat.group), place, id))
                    }));
                }
            }
            if let Some(seat) = after {
                self.wakes.extend(seat.wake_at_millis.map(|at| (at, id)));
                self.seats.insert(id, seat);
            }
        }
        // New groups take their places in the order in which an operator wants them, and who comes
        // into a queue at the same time as others stands in its order.
        joined.sort();
        let left: Vec<(&str, u64)> = left.iter().map(|(group, id)| (&**group, *id)).collect();
        let joined: Vec<(&str, u64)> =
            joined.iter().map(|(_, group, _, id)| (&**group, *id)).collect();
        turn.is_rearranged = self.slots.change(&left, &joined);
        if turn.is_rearranged {
            let slots = &self.slots;
            self.groups.retain(|key, _| slots.has_place(key));
        }
        turn
    }

    /// The seat of one who lives, or ended a moment ago.
    fn seat(
        &mut self,
        id: ClientId,
        before: Option<&Seat>,
        glance: &Glance<'_>,
        card: &mut Card,
    ) -> Option<Seat> {
        let now = glance.topology.taken_at_millis;
        card.clear();
        let Some(client) = glance.topology.clients.get(&id) else {
            self.consumers.remove(&id);
            self.queues.remove(&id);
            let end = self.ghosts.get(&id).map(|ghost| ghost.gone_at_millis + GHOST_MILLIS);
            let (Some(ghost), Some(end), Some(before)) =
                (self.ghosts.get(&id), end.filter(|&end| now < end), before)
            else {
                self.ghosts.remove(&id);
                return None;
            };
            let moment = card::Moment { is_gone: true, now_millis: now, place: None };
            card::fill_client(&ghost.client, moment, glance.words, card);
            let (tint, shape) = state::GHOST_LOOK;
            return Some(Seat {
                group: Arc::clone(&before.group),
                mood: None,
                looks: picture::looks(card, shape, tint),
                wake_at_millis: Some(end),
            });
        };
        self.ghosts.remove(&id);
        if client.state == ClientState::Blocked {
            self.consumers.entry(id).or_insert_with(|| client.command.clone());
        }
        let place = self.place(id, glance.queues);
        if let Some(place) = place {
            self.queues.insert(id, place.queue.clone());
        }
        let waits = Waits {
            command: self.consumers.get(&id).map(String::as_str),
            queue: self.queues.get(&id),
        };
        let purpose = grouping::purpose(client, glance.group_by, waits, glance.topology);
        let moment = card::Moment { is_gone: false, now_millis: now, place };
        card::fill_client(client, moment, glance.words, card);
        let mood = Mood::of(client);
        let (tint, shape) = state::look(mood);
        Some(Seat {
            group: self.key_of(purpose),
            mood: Some(mood),
            looks: picture::looks(card, shape, tint),
            wake_at_millis: age::next_look_millis(client, now),
        })
    }

    fn key_of(&mut self, purpose: Purpose) -> Arc<str> {
        let key = purpose.key();
        if let Some((key, _)) = self.groups.get_key_value(key.as_str()) {
            return Arc::clone(key);
        }
        let key: Arc<str> = key.into();
        let group = Group { purpose, counts: Counts::default(), looks: 0 };
        self.groups.insert(Arc::clone(&key), group);
        key
    }

    fn count(&mut self, group: &str, mood: Option<Mood>, is_more: bool) {
        let Some(mood) = mood else { return };
        self.counts.count(mood, is_more);
        if let Some(group) = self.groups.get_mut(group) {
            group.counts.count(mood, is_more);
        }
    }
}

#[cfg(test)]
impl Seats {
    /// The same slots and the same memory, with nobody seated but ghosts.
    pub(super) fn afresh(&self) -> Self {
        let mut groups = self.groups.clone();
        for group in groups.values_mut() {
            (group.counts, group.looks) = (Counts::default(), 0);
        }
        let ghosts = self.seats.iter().filter(|(_, seat)| seat.mood.is_none());
        Self {
            seats: ghosts.map(|(&id, seat)| (id, Seat { looks: 0, ..seat.clone() })).collect(),
            groups,
            counts: Counts::default(),
            wakes: BTreeSet::new(),
            ..self.clone()
        }
    }
}
