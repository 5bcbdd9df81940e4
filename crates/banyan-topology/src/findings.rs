//! Looks at a target again and again, and says what is wrong.
//!
//! ```text
//! topology, keyspace ─> rules ─> candidates ─> Observer ─> findings
//!                         ▲                      │
//!                         └──────── history <────┘
//! ```
//!
//! A rule says what it sees at one moment, and what the [`History`] of a few minutes adds. The
//! [`Observer`] makes findings of it that rest: a finding begins when its fact has held for as long as
//! the rule asks, and ends when the fact is well below the line rather than at it. Whatever a server
//! does not tell is `None`, and no rule fires on it. Banyan's own connections are never the subject.

mod candidate;
mod clients;
mod evidence;
mod hazards;
mod history;
mod judged;
mod keys;
mod pools;
mod queues;
mod replicas;
mod series;
mod servers;
mod slabs;
mod sockets;

use std::collections::BTreeMap;

use crate::{Evidence, Finding, Keyspace, Rule, Severity, Subject, Topology};

pub use evidence::EVIDENCE;
pub use judged::{Judged, judged};
pub use pools::{host, stem};
pub use slabs::is_slab_fact;

use self::{candidate::Candidate, history::History};

/// A finding whose fact went away for less than this goes on: a client that blocks, works for a
/// moment and blocks again is one story. Five looks at the usual pace; where the budget makes looks
/// slower, until the second look that misses it.
const REST_MILLIS: u64 = 2_500;
/// The longest wait between two looks: after a longer one, the server could not be looked at.
const LONGEST_REST_MILLIS: u64 = 30_000;

/// Findings of one rule about single connections or keys; the rest is told as one.
const MOST_OF_A_RULE: usize = 20;

/// Connections that a finding names; how many there are stands in its evidence.
pub const MOST_CLIENTS: usize = 50;

/// Watches one target.
#[derive(Debug, Default)]
pub struct Observer {
    history: History,
    tracks: BTreeMap<Mark, Track>,
    /// What the rules over keys said of the keyspace of this moment: it changes seldom.
    keys: (u64, Vec<Candidate>),
}

/// What makes two sightings the same finding.
type Mark = (Rule, Subject, String);

#[derive(Debug)]
struct Track {
    /// Since when the fact holds without a break.
    seen_at: u64,
    last_at: u64,
    /// Since when it is a finding.
    began_at: Option<u64>,
    candidate: Candidate,
}

impl Observer {
    pub fn new() -> Self {
        Self::default()
    }

    /// What is wrong at the moment of `topology`, worst first. Moments must not go back; if the clock
    /// does, or the server restarts, the observer starts anew.
    pub fn look(&mut self, topology: &Topology, keyspace: Option<&Keyspace>) -> Vec<Finding> {
        if self.history.is_broken_by(topology) {
            *self = Self::new();
        }
        let since_look = self.history.take(topology);
        let rest_millis = since_look.clamp(REST_MILLIS, LONGEST_REST_MILLIS);
        let mut candidates = Vec::new();
        let look = Look { topology, keyspace, history: &self.history };
        for rules in RULES {
            rules(&look, &mut candidates);
        }
        candidates.extend(self.of_keys(topology, keyspace));
        let candidates = fold(candidates);
        self.follow(topology.taken_at_millis, rest_millis, candidates);
        self.tell()
    }

    /// How long the target has been looked at, in milliseconds.
    pub fn watched_millis(&self) -> u64 {
        self.history.watched_millis()
    }

    fn of_keys(&mut self, topology: &Topology, keyspace: Option<&Keyspace>) -> Vec<Candidate> {
        let Some(keyspace) = keyspace else { return Vec::new() };
        if self.keys.0 != keyspace.taken_at_millis {
            let mut candidates = Vec::new();
            keys::look(topology, keyspace, &mut candidates);
            self.keys = (keyspace.taken_at_millis, candidates);
        }
        self.keys.1.clone()
    }

    fn follow(&mut self, now: u64, rest_millis: u64, candidates: Vec<Candidate>) {
        for candidate in candidates {
            let mark = candidate.mark();
            match self.tracks.get_mut(&mark) {
                Some(track) => {
                    // What is neither firm nor a finding yet has to begin again.
                    if track.began_at.is_none() && !candidate.is_firm {
                        track.seen_at = now;
                    }
                    track.last_at = now;
                    track.candidate.renew(candidate);
                }
                None if candidate.is_firm => {
                    let track = Track { seen_at: now, last_at: now, began_at: None, candidate };
                    self.tracks.insert(mark, track);
                }
                None => {}
            }
        }
        self.tracks.retain(|_, track| {
            let rest = if track.began_at.is_some() { rest_millis } else { 0 };
            now - track.last_at <= rest
        });
        for track in self.tracks.values_mut() {
            let held = now - track.seen_at;
            if track.began_at.is_none() && held >= track.candidate.patience_millis {
                track.began_at = Some(track.seen_at);
            }
        }
    }

    fn tell(&self) -> Vec<Finding> {
        let mut findings: Vec<Finding> = self
            .tracks
            .values()
            .filter_map(|track| Some((track.began_at?, &track.candidate)))
            .map(|(since_millis, candidate)| Finding {
                rule: candidate.rule,
                severity: candidate.severity,
                subject: candidate.subject.clone(),
                evidence: candidate.evidence.clone(),
                since_millis,
            })
            .collect();
        // The sort is stable: within a rule, the order of subjects stays.
        findings.sort_by_key(|finding| (finding.severity, finding.rule));
        findings
    }
}

/// What rules see.
struct Look<'a> {
    topology: &'a Topology,
    keyspace: Option<&'a Keyspace>,
    history: &'a History,
}

impl Look<'_> {
    const fn now(&self) -> u64 {
        self.topology.taken_at_millis
    }

    /// Seconds from a moment until now.
    const fn secs_since(&self, at_millis: u64) -> u64 {
        self.now().saturating_sub(at_millis) / 1000
    }
}

/// Each family of rules; the one over keys comes when there are new keys.
const RULES: [fn(&Look<'_>, &mut Vec<Candidate>); 7] = [
    clients::look,
    pools::look,
    sockets::look,
    servers::look,
    replicas::look,
    queues::look,
    slabs::look,
];

/// Tells at most [`MOST_OF_A_RULE`] connections, and keys, of one rule one by one. In a mishap of
/// ten thousand connections, the page has to go on.
fn fold(candidates: Vec<Candidate>) -> Vec<Candidate> {
    let mut counts: BTreeMap<Rule, usize> = BTreeMap::new();
    let mut rest: BTreeMap<Rule, (Severity, Vec<u64>, usize)> = BTreeMap::new();
    let mut kept = Vec::new();
    for candidate in candidates {
        let count = counts.entry(candidate.rule).or_default();
        *count += 1;
        if *count <= MOST_OF_A_RULE {
            kept.push(candidate);
            continue;
        }
        if let Subject::Client(id) = candidate.subject
            && candidate.is_firm
        {
            let (severity, ids, all) =
                rest.entry(candidate.rule).or_insert((candidate.severity, Vec::new(), 0));
            *severity = candidate.severity.min(*severity);
            *all += 1;
            if ids.len() < MOST_CLIENTS {
                ids.push(id);
            }
        }
    }
    kept.extend(rest.into_iter().map(|(rule, (severity, ids, all))| {
        Candidate::new(rule, severity, Subject::Clients(ids)).told_by("connections", all)
    }));
    kept
}

#[cfg(test)]
mod tests;
