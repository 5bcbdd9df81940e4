//! Rules about memcached's slab classes, of each server by itself.

use std::collections::BTreeMap;

use super::{Candidate, Look, Rule, Severity, Subject};
use crate::Topology;

/// How long evictions are news, in milliseconds.
const NEWS_MILLIS: u64 = 60_000;

/// Items evicted younger than this were worth storing, in seconds: the class is too small for what is
/// in it, rather than full of what nobody wants.
const YOUNG_SECS: u64 = 300;

/// What is read of a class.
const FACTS: [&str; 5] =
    ["chunk_size", "evicted", "evicted_time", "evicted_unfetched", "outofmemory"];

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    if look.history.slabs.is_empty() {
        return;
    }
    let facts = facts(look.topology);
    for (subject, slab) in &look.history.slabs {
        let Some(class) = class_of(subject) else { continue };
        let fact = |name: &str| facts.get(subject)?.get(name).copied();
        let about = |rule, severity| {
            Candidate::new(rule, severity, subject.clone())
                .told_by("slab_class", class)
                .told_if("chunk_bytes", fact("chunk_size"))
        };
        let evicted = slab.evicted.rise(NEWS_MILLIS);
        if evicted > 0 {
            let age_secs = fact("evicted_time");
            let is_young = age_secs.is_some_and(|secs| secs < YOUNG_SECS);
            let severity = if is_young { Severity::Warning } else { Severity::Notice };
            out.push(
                about(Rule::Evictions, severity)
                    .told_by("evicted", evicted)
                    .told_if("evicted_age_secs", age_secs)
                    .told_if("unread_evicted", fact("evicted_unfetched").filter(|&n| n > 0)),
            );
        }
        // Refused writes stay worth knowing after they happened, until the counts are reset.
        if let Some(refused) = fact("outofmemory").filter(|&refused| refused > 0) {
            let is_now = slab.out_of_memory.rise(NEWS_MILLIS) > 0;
            let severity = if is_now { Severity::Critical } else { Severity::Notice };
            out.push(about(Rule::SlabOutOfMemory, severity).told_by("refused_writes", refused));
        }
    }
}

/// Whether a rule reads this fact of this section: of servers beyond those whose sections are shown,
/// just these are kept.
pub fn is_slab_fact(section: &str, name: &str) -> bool {
    let last = name.rsplit(':').next().unwrap_or_default();
    matches!(section, "items" | "slabs") && FACTS.contains(&last)
}

/// The server that a class is of, as it is the subject of findings.
pub(super) fn server_of(class: &Subject) -> Option<Subject> {
    match class {
        Subject::SlabClass(_) => Some(Subject::Server),
        Subject::NodeSlabClass { node, .. } => Some(Subject::Node(*node)),
        _ => None,
    }
}

const fn class_of(subject: &Subject) -> Option<u32> {
    match subject {
        Subject::SlabClass(class) | Subject::NodeSlabClass { class, .. } => Some(*class),
        _ => None,
    }
}

/// Evictions, and refused writes, of each class since the start.
pub(super) fn counters(topology: &Topology) -> BTreeMap<Subject, (u64, u64)> {
    let count = |facts: &BTreeMap<&str, u64>, name| facts.get(name).copied();
    facts(topology)
        .into_iter()
        .filter_map(|(class, facts)| {
            let evicted = count(&facts, "evicted")?;
            Some((class, (evicted, count(&facts, "outofmemory").unwrap_or(0))))
        })
        .collect()
}

/// The numbers of `stats items` and `stats slabs` by class and name, however the sections cut
/// `items:3:evicted`. Sections of another server than the first begin with its address.
fn facts(topology: &Topology) -> BTreeMap<Subject, BTreeMap<&str, u64>> {
    let nodes: BTreeMap<&str, u16> = topology
        .fleet
        .iter()
        .flat_map(|fleet| (0..).zip(&fleet.nodes))
        .map(|(index, node)| (node.addr.as_str(), index))
        .collect();
    let mut facts: BTreeMap<Subject, BTreeMap<&str, u64>> = BTreeMap::new();
    for (section, values) in &topology.sections {
        let (addr, section) = match section.rsplit_once(' ') {
            Some((addr, section)) => (Some(addr), section),
            None => (None, section.as_str()),
        };
        let node = match addr {
            Some(addr) => nodes.get(addr).copied(),
            None => topology.fleet.is_some().then_some(0),
        };
        let is_of_classes = section.starts_with("items") || section.starts_with("slabs");
        if !is_of_classes || (addr.is_some() && node.is_none()) {
            continue;
        }
        for (name, value) in values {
            let (before, last) = name.rsplit_once(':').unwrap_or(("", name));
            let class = before.rsplit(':').next().unwrap_or_default().parse().ok();
            let class = class.or_else(|| section.rsplit(':').next()?.parse().ok());
            if let (Some(class), Ok(value), true) = (class, value.parse(), FACTS.contains(&last)) {
                let subject = match node {
                    Some(node) => Subject::NodeSlabClass { node, class },
                    None => Subject::SlabClass(class),
                };
                facts.entry(subject).or_default().insert(last, value);
            }
        }
    }
    facts
}
