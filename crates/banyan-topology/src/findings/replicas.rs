//! Rules about servers that belong together.

use super::{Candidate, Look, Rule, Severity, Subject};
use crate::{
    FleetKind, FleetNode, NodeRole, Reach, Replication, Topology,
    fleet::{IN_TIME_SECS, is_copying},
};

/// Replicas acknowledge once a second, and are given up after a minute (`repl-timeout`): this late is
/// not a second's delay any more. In seconds; below `IN_TIME_SECS` the finding ends.
const LATE_SECS: u64 = 10;

/// A burst of writes is caught up with in this time, in milliseconds.
const CATCH_UP_MILLIS: u64 = 2_000;

/// A replica connects again within a second of a break: a link that is down for longer stays down.
const DOWN_MILLIS: u64 = 2_000;

/// Masters say something once in ten seconds (`repl-ping-replica-period`).
const SILENT_SECS: u64 = 20;

const SLOTS: usize = 16_384;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    let Some(fleet) = &look.topology.fleet else {
        if let Some(replication) = &look.topology.replication {
            let backlog = look.topology.server.backlog_bytes.filter(|&bytes| bytes > 0);
            out.extend(of_replica(&Subject::Server, replication));
            out.extend(of_master(&Subject::Server, replication, backlog));
        }
        return;
    };
    for (node, index) in fleet.nodes.iter().zip(0..) {
        let subject = Subject::Node(index);
        out.extend(down(&subject, node));
        let master = node.master.and_then(|master| fleet.nodes.get(usize::from(master)));
        let backlog = master.and_then(FleetNode::backlog_bytes);
        if node.role == NodeRole::Replica {
            let lag = Lag { addr: &node.addr, bytes: node.lag_bytes, secs: node.lag_secs };
            out.extend(lag.look(&subject, backlog));
            let is_copying = is_copying(&node.state);
            out.extend(is_copying.then(|| full_resync(&subject, &node.addr, &node.state)));
        }
        if let Some(replication) = &node.replication {
            let known = out.len();
            out.extend(of_replica(&subject, replication));
            // Told by the replica and by its master: once is enough.
            if known > 0 && out.len() > known {
                let rule = out.get(known).map(|it| it.rule);
                let told = out.get(..known).is_some_and(|before| {
                    before.iter().any(|it| Some(it.rule) == rule && it.subject == subject)
                });
                if told {
                    out.truncate(known);
                }
            }
        }
    }
    let no_quorum = |subject, quorum: Option<u32>, name: Option<&str>| {
        Candidate::new(Rule::NoQuorum, Severity::Critical, subject)
            .told_if("quorum", quorum)
            .told_if("group", name)
    };
    let known = out.len();
    out.extend(
        fleet.nodes.iter().zip(0..).filter(|(node, _)| node.has_quorum == Some(false)).map(
            |(node, index)| no_quorum(Subject::Node(index), node.quorum, node.name.as_deref()),
        ),
    );
    // Of the group as a whole, unless its masters tell one by one.
    if out.len() == known && fleet.has_quorum == Some(false) {
        out.push(no_quorum(Subject::Server, fleet.quorum, fleet.name.as_deref()));
    }
    if fleet.kind == FleetKind::Cluster {
        out.extend(uncovered(&fleet.nodes));
    }
}

/// Whether a replica is so many bytes behind, and nobody says whether that is far.
pub(super) fn is_backlog_missing(topology: &Topology) -> bool {
    let is_missing = |bytes: Option<u64>, secs: Option<u64>, backlog: Option<u64>| {
        bytes.is_some_and(|bytes| bytes > 0) && secs.is_none() && backlog.is_none()
    };
    let Some(fleet) = &topology.fleet else {
        let backlog = topology.server.backlog_bytes.filter(|&bytes| bytes > 0);
        let mut replicas = topology.replication.iter().flat_map(|told| &told.replicas);
        return replicas.any(|told| is_missing(told.lag_bytes, told.lag_secs, backlog));
    };
    fleet.nodes.iter().filter(|node| node.role == NodeRole::Replica).any(|node| {
        let master = node.master.and_then(|master| fleet.nodes.get(usize::from(master)));
        is_missing(node.lag_bytes, node.lag_secs, master.and_then(FleetNode::backlog_bytes))
    })
}

struct Lag<'a> {
    addr: &'a str,
    bytes: Option<u64>,
    secs: Option<u64>,
}

impl Lag<'_> {
    /// `backlog` is that of the master, in bytes: without it, nobody knows how far is too far.
    fn look(&self, subject: &Subject, backlog: Option<u64>) -> Option<Candidate> {
        let is_beyond = |share: u64| {
            let both = self.bytes.zip(backlog);
            both.is_some_and(|(bytes, backlog)| bytes >= backlog / share)
        };
        let is_late = |limit: u64| self.secs.is_some_and(|secs| secs >= limit);
        (is_beyond(2) || is_late(IN_TIME_SECS)).then(|| {
            Candidate::new(Rule::ReplicaLagging, Severity::Warning, subject.clone())
                .in_group(self.addr.to_owned())
                .told_by("replica", self.addr)
                .told_if("lag_bytes", self.bytes)
                .told_if("lag_secs", self.secs)
                .told_if("backlog_bytes", backlog)
                .firm_if(is_beyond(1) || is_late(LATE_SECS))
                .after_millis(CATCH_UP_MILLIS)
        })
    }
}

/// What a master tells of its replicas.
fn of_master(subject: &Subject, replication: &Replication, backlog: Option<u64>) -> Vec<Candidate> {
    let mut out = Vec::new();
    for replica in &replication.replicas {
        if is_copying(&replica.state) {
            out.push(full_resync(subject, &replica.addr, &replica.state));
            continue;
        }
        let lag = Lag { addr: &replica.addr, bytes: replica.lag_bytes, secs: replica.lag_secs };
        out.extend(lag.look(subject, backlog));
    }
    out
}

/// What a replica tells of itself.
fn of_replica(subject: &Subject, replication: &Replication) -> Option<Candidate> {
    if replication.is_master {
        return None;
    }
    let master = replication.master.as_deref().unwrap_or_default();
    if replication.is_syncing == Some(true) {
        return Some(full_resync(subject, master, "sync"));
    }
    let is_silent = replication.silent_secs.is_some_and(|secs| secs >= SILENT_SECS);
    let is_down = replication.link.as_deref() == Some("down");
    (is_down || is_silent).then(|| {
        Candidate::new(Rule::ReplicaLinkDown, Severity::Critical, subject.clone())
            .told_by("master", master)
            .told_if("silent_secs", replication.silent_secs)
            .after_millis(DOWN_MILLIS)
    })
}

fn full_resync(subject: &Subject, addr: &str, state: &str) -> Candidate {
    Candidate::new(Rule::FullResync, Severity::Warning, subject.clone())
        .in_group(addr.to_owned())
        .told_by("replica", addr)
        .told_by("state", state)
}

/// A node is down if the bridge cannot reach it, or those who can say so. A single doubt (`fail?`,
/// `s_down`) is a warning.
fn down(subject: &Subject, node: &FleetNode) -> Option<Candidate> {
    let words = || node.state.split([',', ' ']);
    let is_failed = words().any(|word| matches!(word, "fail" | "failed" | "o_down"));
    let is_doubted = words().any(|word| matches!(word, "fail?" | "s_down" | "disconnected"));
    let fault = match &node.reach {
        Reach::Failed(fault) => Some(fault.to_string()),
        Reach::Polled | Reach::Told | Reach::NotPermitted => None,
    };
    let is_surely = is_failed || (fault.is_some() && node.role == NodeRole::Master);
    let severity = if is_surely && node.role == NodeRole::Master {
        Severity::Critical
    } else {
        Severity::Warning
    };
    (is_failed || is_doubted || fault.is_some()).then(|| {
        let state = (!node.state.is_empty()).then_some(&node.state);
        Candidate::new(Rule::NodeDown, severity, subject.clone())
            .in_group(node.addr.clone())
            .told_by("address", &node.addr)
            .told_if("state", state)
            .told_if("fault", fault)
    })
}

/// Slots of which no master that works has charge. A cluster of which no slot is known is not known.
fn uncovered(nodes: &[FleetNode]) -> Option<Candidate> {
    let mut covered = vec![false; SLOTS];
    let mut is_known = false;
    for node in nodes.iter().filter(|node| node.role == NodeRole::Master) {
        is_known |= !node.slots.is_empty();
        if node.state.split([',', ' ']).any(|word| matches!(word, "fail" | "failed")) {
            continue;
        }
        for &(from, to) in &node.slots {
            if let Some(slots) = covered.get_mut(usize::from(from)..=usize::from(to)) {
                slots.fill(true);
            }
        }
    }
    let first = covered.iter().position(|is_covered| !is_covered)?;
    let count = covered.iter().filter(|is_covered| !**is_covered).count();
    is_known.then(|| {
        Candidate::new(Rule::SlotsUncovered, Severity::Critical, Subject::Server)
            .told_by("uncovered_slots", count)
            .told_by("first_slot", first)
    })
}
