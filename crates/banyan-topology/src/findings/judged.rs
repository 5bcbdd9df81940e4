//! Which rules could be judged: no finding means something only where somebody looked.

use crate::{Part, Rule, ServerKind, Topology};

use super::{clients::tells_half_commands, replicas};

/// What the silence of a rule means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Judged {
    /// There is nothing of the kind.
    Yes,
    /// Not watched for long enough: so many milliseconds are needed.
    NotYet(u64),
    /// The part is withheld, for this reason, or was not looked at (empty).
    Unknown(Part, String),
    /// This kind of server, or one alone, has nothing of the kind.
    NotHere,
    /// It may have, and this kind of server never tells.
    NeverTold,
}

/// Every rule, and whether it could be judged after `watched_millis` of looking at `topology`.
pub fn judged(
    topology: &Topology,
    has_keyspace: bool,
    watched_millis: u64,
) -> impl Iterator<Item = (Rule, Judged)> + '_ {
    Rule::ALL.iter().map(move |&rule| (rule, of(rule, topology, has_keyspace, watched_millis)))
}

fn of(rule: Rule, topology: &Topology, has_keyspace: bool, watched_millis: u64) -> Judged {
    let kind = topology.server.kind;
    if !is_here(rule, topology, kind) {
        return Judged::NotHere;
    }
    // A Tokyo Tyrant does not say how the link to its master is.
    if rule == Rule::ReplicaLinkDown && kind == ServerKind::TokyoTyrant {
        return Judged::NeverTold;
    }
    if let Some((part, is_known)) = part(rule, topology, has_keyspace) {
        let withheld = topology.withheld.iter().find(|withheld| withheld.part == part);
        if let Some(withheld) = withheld.filter(|_| !is_known || part == Part::Clients) {
            return Judged::Unknown(part, withheld.reason.clone());
        }
        if !is_known {
            return Judged::Unknown(part, String::new());
        }
    }
    match needs_millis(rule) {
        needs if needs > watched_millis => Judged::NotYet(needs),
        _ => Judged::Yes,
    }
}

/// How long a rule has to watch before its silence means anything.
const fn needs_millis(rule: Rule) -> u64 {
    match rule {
        Rule::ReconnectChurn | Rule::ChangingDatabase => 60_000,
        Rule::ConnectionsRejected | Rule::Evictions | Rule::FinWaitLeak => 10_000,
        Rule::CloseWaitLeak
        | Rule::WorkersHeld
        | Rule::GrowingOutputBuffer
        | Rule::QueueWithoutConsumers => 4_000,
        Rule::ReplicaLagging | Rule::ReplicaLinkDown => 2_000,
        _ => 0,
    }
}

/// The part that a rule rests on, if that is not the server's own figures, and whether it is known.
fn part(rule: Rule, topology: &Topology, has_keyspace: bool) -> Option<(Part, bool)> {
    let has_sockets = topology.clients.values().any(|client| client.socket.is_some());
    Some(match rule {
        Rule::DeadBlockedClient | Rule::DeadClient => {
            (Part::Sockets, has_sockets || topology.clients.values().any(|it| it.is_dead.is_some()))
        }
        Rule::CloseWaitLeak | Rule::FinWaitLeak => (Part::Sockets, topology.census.is_some()),
        Rule::IdleWithoutKeepalive => {
            (Part::Sockets, has_sockets || topology.server.keepalive_secs.is_some())
        }
        Rule::LeakingPool
        | Rule::ReconnectChurn
        | Rule::GrowingOutputBuffer
        | Rule::ChangingDatabase
        | Rule::OpenTransaction
        | Rule::HalfSentCommand => (Part::Clients, true),
        Rule::WorkersHeld => (Part::Threads, topology.threads.is_some()),
        Rule::NearMemoryLimit => (Part::Settings, topology.server.eviction_policy.is_some()),
        Rule::HotPrefix => (Part::Commands, topology.workload.window.is_some()),
        Rule::ConsumersWithoutQueue => (
            Part::Commands,
            topology.workload.window.is_some() || !topology.workload.queues.is_empty(),
        ),
        Rule::QueueWithoutConsumers
        | Rule::LockWithoutTtl
        | Rule::LockHeldLong
        | Rule::BigKey
        | Rule::KeysWithoutTtl => (Part::Keys, has_keyspace),
        Rule::SlotsUncovered | Rule::NoQuorum | Rule::NodeDown => {
            (Part::Fleet, topology.fleet.is_some())
        }
        Rule::SlabOutOfMemory => {
            let is_of_classes = |section: &String| section.rsplit(' ').next() == Some("items");
            (Part::Slabs, topology.sections.keys().any(is_of_classes))
        }
        Rule::SlowCommands => (Part::SlowLog, true),
        Rule::ReplicaLagging | Rule::FullResync | Rule::ReplicaLinkDown => {
            let is_told = topology.replication.is_some() || topology.fleet.is_some();
            let is_known = rule != Rule::ReplicaLagging || !replicas::is_backlog_missing(topology);
            (Part::Replication, is_told && is_known)
        }
        _ => return None,
    })
}

fn is_here(rule: Rule, topology: &Topology, kind: ServerKind) -> bool {
    let is_redis = matches!(kind, ServerKind::Redis | ServerKind::Valkey);
    match rule {
        Rule::DeadBlockedClient
        | Rule::GrowingOutputBuffer
        | Rule::ChangingDatabase
        | Rule::OpenTransaction
        | Rule::FullResync
        | Rule::QueueWithoutConsumers
        | Rule::ConsumersWithoutQueue
        | Rule::LockWithoutTtl
        | Rule::LockHeldLong
        | Rule::KeysWithoutTtl
        | Rule::SlowCommands => is_redis,
        Rule::HalfSentCommand => tells_half_commands(kind),
        Rule::ReplicaLagging | Rule::ReplicaLinkDown => {
            is_redis || matches!(kind, ServerKind::TokyoTyrant | ServerKind::Sentinel)
        }
        Rule::NearMemoryLimit => is_redis || kind == ServerKind::Memcached,
        Rule::SlabOutOfMemory => kind == ServerKind::Memcached,
        Rule::UnverifiedServer => {
            topology.sections.get("connection").is_some_and(|facts| facts.contains_key("verified"))
        }
        Rule::WorkersHeld => kind == ServerKind::TokyoTyrant,
        Rule::NodeDown | Rule::NoQuorum | Rule::SlotsUncovered => topology.fleet.is_some(),
        _ => true,
    }
}
