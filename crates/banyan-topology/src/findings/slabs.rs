//! Rules about memcached's slab classes.

use std::collections::BTreeMap;

use super::{Candidate, Look, Rule, Severity, Subject};
use crate::Topology;

/// How long evictions are news, in milliseconds.
const NEWS_MILLIS: u64 = 60_000;

/// Items evicted younger than this were worth storing, in seconds: the class is too small for what is
/// in it, rather than full of what nobody wants.
const YOUNG_SECS: u64 = 300;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    if look.history.slabs.is_empty() {
        return;
    }
    let facts = facts(look.topology);
    for (&class, slab) in &look.history.slabs {
        let fact = |name: &str| facts.get(&class)?.get(name).copied();
        let about = |rule, severity| {
            Candidate::new(rule, severity, Subject::SlabClass(class))
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

/// Class, evictions, and refused writes since the start.
pub(super) fn counters(topology: &Topology) -> Vec<(u32, u64, u64)> {
    let facts = facts(topology);
    let count = |facts: &BTreeMap<&str, u64>, name| facts.get(name).copied();
    facts
        .iter()
        .filter_map(|(&class, facts)| {
            let evicted = count(facts, "evicted")?;
            Some((class, evicted, count(facts, "outofmemory").unwrap_or(0)))
        })
        .collect()
}

/// The numbers of `stats items` and `stats slabs` by class and name, however the sections cut
/// `items:3:evicted`.
fn facts(topology: &Topology) -> BTreeMap<u32, BTreeMap<&str, u64>> {
    let mut facts: BTreeMap<u32, BTreeMap<&str, u64>> = BTreeMap::new();
    let sections = topology
        .sections
        .iter()
        .filter(|(section, _)| section.starts_with("items") || section.starts_with("slabs"));
    for (section, values) in sections {
        for (name, value) in values {
            let (before, last) = name.rsplit_once(':').unwrap_or(("", name));
            let class = before.rsplit(':').next().unwrap_or_default().parse().ok();
            let class = class.or_else(|| section.rsplit([':', ' ']).next()?.parse().ok());
            if let (Some(class), Ok(value)) = (class, value.parse()) {
                facts.entry(class).or_default().insert(last, value);
            }
        }
    }
    facts
}
