//! What the bridge says, turned into worlds.

use std::collections::BTreeMap;

use banyan_protocol::{FromBrowser, TargetId, ToBrowser, Watch, WatchKind};
use banyan_topology::{Delta, Keyspace, KeyspaceDelta, ServerKind, Topology};
use banyan_view::{
    ConnectionsWorld, KeyspaceWorld, ToldFindings, View, findings::notes, told::tell_findings,
};

use crate::{
    engine::{
        Engine,
        post::post,
        shown::AnyWorld,
        socket::{Heard, Socket},
        with,
    },
    message::{FromEngine, GroupBy, LiveFacts},
};

/// Long enough to meet every worker that asks again each second.
const WINDOW_MILLIS: u32 = 2_000;

/// The link, and what was asked of it.
#[derive(Default)]
pub(super) struct Live {
    socket: Option<Socket>,
    watches: BTreeMap<WatchKind, Watch>,
    /// What the worlds show, watched or not: a view that is looked at again goes on where it was.
    shown: BTreeMap<WatchKind, Watch>,
    /// What people read for each target.
    addresses: BTreeMap<TargetId, String>,
    /// The state of the keys that the world shows; `None` until a whole one has come.
    keys_number: Option<u64>,
    pub(super) group_by: GroupBy,
    /// What the page was told last of what is wrong, and since when its target is looked at.
    findings: ToldFindings,
    began_millis: Option<u64>,
}

/// The view that shows a kind of watch.
pub(super) const fn view_of(kind: WatchKind) -> View {
    match kind {
        WatchKind::Connections => View::Connections,
        WatchKind::Keyspace => View::Keyspace,
    }
}

impl Live {
    pub(super) fn connect(&mut self, url: String) {
        self.socket = Some(Socket::open(url, |heard| match heard {
            Heard::Link(link) => post(&FromEngine::Link(link)),
            Heard::Message(message) => {
                with(|engine| engine.hear_bridge(message));
            }
        }));
    }

    fn send(&self, message: &FromBrowser) {
        if let Some(socket) = &self.socket {
            socket.send(message);
        }
    }

    /// Returns whether this is something else than the world of this kind shows.
    pub(super) fn watch(&mut self, target: TargetId, kind: WatchKind, delimiter: String) -> bool {
        let watch = Watch { target, kind, delimiter };
        self.send(&FromBrowser::Watch(watch.clone()));
        self.watches.insert(kind, watch.clone());
        let before = self.shown.insert(kind, watch);
        let is_new = before.as_ref() != self.shown.get(&kind);
        if is_new && kind == WatchKind::Connections {
            self.began_millis = None;
            // What was wrong with another target says nothing of this one.
            self.findings = ToldFindings::default();
            post(&FromEngine::Findings(ToldFindings::default()));
        }
        if kind == WatchKind::Keyspace {
            self.keys_number = None;
        }
        is_new
    }

    pub(super) fn unwatch(&mut self, target: &TargetId, kind: WatchKind) {
        self.watches.remove(&kind);
        self.send(&FromBrowser::Unwatch { target: target.clone(), kind });
    }

    pub(super) fn rescan(&self, target: TargetId) {
        self.send(&FromBrowser::Rescan { target });
    }

    pub(super) fn observe(&self, target: TargetId) {
        self.send(&FromBrowser::Observe { target, millis: WINDOW_MILLIS });
    }

    pub(super) fn set_visible(&self, is_visible: bool) {
        if let Some(socket) = &self.socket {
            socket.set_visible(is_visible);
        }
    }

    /// Bytes and messages that came from the bridge.
    pub(super) fn received(&self) -> (u64, u64) {
        self.socket.as_ref().map_or((0, 0), Socket::received)
    }

    /// Whether the keys that are shown are those of the target whose connections are.
    fn has_keys_of_target(&self) -> bool {
        let target_of = |kind| self.shown.get(&kind).map(|watch| &watch.target);
        target_of(WatchKind::Keyspace) == target_of(WatchKind::Connections)
    }

    /// Whether this is what was asked for: an answer to an older question is dropped.
    fn is_watched(&self, target: &TargetId, kind: WatchKind) -> bool {
        self.watches.get(&kind).is_some_and(|watch| watch.target == *target)
    }
}

impl Engine {
    fn hear_bridge(&mut self, message: ToBrowser) {
        match message {
            ToBrowser::Hello { targets, .. } => {
                // A new link knows nothing of what was watched: the page asks again.
                self.live.watches.clear();
                self.live.addresses = targets
                    .iter()
                    .map(|target| (target.id.clone(), target.address.clone()))
                    .collect();
                post(&FromEngine::Targets(targets));
            }
            ToBrowser::Health { target, health } => post(&FromEngine::Health { target, health }),
            ToBrowser::Topology { target, topology } => {
                if self.live.is_watched(&target, WatchKind::Connections) {
                    self.hear_topology(target, *topology);
                }
            }
            ToBrowser::Delta { target, delta } => {
                if self.live.is_watched(&target, WatchKind::Connections) {
                    self.hear_delta(target, *delta);
                }
            }
            ToBrowser::Keyspace { target, number, keyspace } => {
                if self.live.is_watched(&target, WatchKind::Keyspace) {
                    self.live.keys_number = Some(number);
                    self.hear_keyspace(target, *keyspace);
                }
            }
            ToBrowser::KeyspaceDelta { target, number, delta } => {
                if self.live.is_watched(&target, WatchKind::Keyspace) {
                    self.hear_keyspace_delta(target, number, *delta);
                }
            }
            ToBrowser::Refused { target } => {
                log::warn!("the bridge does not allow {}", target.0);
            }
            ToBrowser::Pong | ToBrowser::WrongVersion { .. } => {}
        }
    }

    fn hear_topology(&mut self, target: TargetId, topology: Topology) {
        let facts = facts_of_topology(&topology);
        if let Some(shown) = self.shown.get_mut(&View::Connections)
            && let AnyWorld::Connections(world) = &mut shown.any
        {
            let change = world.update(&topology);
            shown.changed(change);
        } else {
            let words = self.words();
            let address = self.live.addresses.get(&target).map_or("", String::as_str);
            let world = ConnectionsWorld::new(topology, address, self.live.group_by, words);
            let world = AnyWorld::Connections(Box::new(world));
            self.show(View::Connections, world);
        }
        self.post_facts(target, facts);
    }

    /// Of the connections, unless the keys are looked at: they have figures of their own.
    fn post_facts(&mut self, target: TargetId, facts: LiveFacts) {
        if !self.live.watches.contains_key(&WatchKind::Keyspace) {
            post(&FromEngine::Facts { target, facts });
        }
        self.post_findings(false);
    }

    /// Tells what is wrong, if that is news.
    pub(super) fn post_findings(&mut self, is_asked: bool) {
        let has_keys = self.shown.contains_key(&View::Keyspace) && self.live.has_keys_of_target();
        let Some(shown) = self.shown.get(&View::Connections) else { return };
        let AnyWorld::Connections(world) = &shown.any else { return };
        let topology = world.topology();
        let began = *self.live.began_millis.get_or_insert(topology.taken_at_millis);
        let watched = topology.taken_at_millis.saturating_sub(began);
        let language = self.look.language;
        let notes = notes(topology, has_keys, watched, language);
        let findings = tell_findings(topology, notes, language);
        if is_asked || findings != self.live.findings {
            self.live.findings.clone_from(&findings);
            post(&FromEngine::Findings(findings));
        }
    }

    fn hear_delta(&mut self, target: TargetId, delta: Delta) {
        // A delta without its snapshot means nothing; the bridge sends the snapshot first.
        let Some(shown) = self.shown.get_mut(&View::Connections) else { return };
        let AnyWorld::Connections(world) = &mut shown.any else { return };
        let change = world.apply(delta);
        let facts = facts_of_topology(world.topology());
        shown.changed(change);
        self.post_facts(target, facts);
    }

    fn hear_keyspace(&mut self, target: TargetId, keyspace: Keyspace) {
        let facts = facts_of_keyspace(&keyspace);
        if let Some(shown) = self.shown.get_mut(&View::Keyspace)
            && let AnyWorld::Keyspace(world) = &mut shown.any
        {
            let change = world.update(keyspace);
            shown.changed(change);
        } else {
            let world = KeyspaceWorld::new(keyspace, self.words());
            let world = AnyWorld::Keyspace(Box::new(world));
            self.show(View::Keyspace, world);
        }
        post(&FromEngine::Facts { target, facts });
    }

    fn hear_keyspace_delta(&mut self, target: TargetId, number: u64, delta: KeyspaceDelta) {
        // Before a whole state a delta means nothing, and where one is missing the whole has been
        // asked for.
        let Some(known) = self.live.keys_number else { return };
        let facts = facts_of_keyspace(&delta.head);
        let change = match self.shown.get_mut(&View::Keyspace).map(|shown| &mut shown.any) {
            Some(AnyWorld::Keyspace(world)) if known.checked_add(1) == Some(number) => {
                world.apply(delta)
            }
            _ => None,
        };
        let (Some(change), Some(shown)) = (change, self.shown.get_mut(&View::Keyspace)) else {
            self.live.keys_number = None;
            if let Some(watch) = self.live.watches.get(&WatchKind::Keyspace) {
                self.live.send(&FromBrowser::Watch(watch.clone()));
            }
            return;
        };
        self.live.keys_number = Some(number);
        shown.changed(change);
        post(&FromEngine::Facts { target, facts });
    }
}

fn facts_of_keyspace(keyspace: &Keyspace) -> LiveFacts {
    LiveFacts {
        taken_at_millis: keyspace.taken_at_millis,
        keys_seen: keyspace.seen,
        keys_total: keyspace.total,
        keys_complete: keyspace.complete,
        cost_commands: Some(keyspace.cost.commands),
        cost_micros: Some(keyspace.cost.micros),
        ..LiveFacts::default()
    }
}

fn facts_of_topology(topology: &Topology) -> LiveFacts {
    let server = &topology.server;
    let blocked = match server.kind {
        // Nothing there can be waited for.
        ServerKind::Memcached | ServerKind::TokyoTyrant => Some(0),
        ServerKind::Redis | ServerKind::Valkey | ServerKind::Sentinel => server.blocked_clients,
    };
    LiveFacts {
        taken_at_millis: topology.taken_at_millis,
        version: server.version.clone(),
        clients: topology.clients.len() as u64,
        blocked,
        ops_per_sec: server.ops_per_sec,
        memory_bytes: server.used_memory_bytes,
        keys_seen: 0,
        keys_total: server.keys(),
        keys_complete: false,
        cost_commands: Some(topology.cost.commands),
        cost_micros: Some(topology.cost.micros),
    }
}
