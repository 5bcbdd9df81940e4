//! Rules about what is stored.

use super::{Candidate, Rule, Severity, Subject};
use crate::{Keyspace, Part, PrefixNode, Role, ServerKind, Topology};

/// A value this big takes a tenth of a second to send and stops everybody else when it is deleted
/// with DEL, in bytes.
const BIG_KEY_BYTES: u64 = 10_000_000;
/// Here both take a second.
const HUGE_KEY_BYTES: u64 = 100_000_000;

/// Keys below a prefix with fewer are not worth a finding.
const LEAST_KEYS: u64 = 100;

/// Where most keys of a prefix expire, so many of a hundred that do not were forgotten.
const FORGOTTEN_PERCENT: u64 = 5;
const MOSTLY_PERCENT: u64 = 50;

/// Locks guard work of seconds; five minutes with one holder is a lock that is forgotten or renewed by
/// habit.
const LONG_HELD_SECS: u64 = 300;

/// Who wins no majority takes its copies back at once; what is still there after this was left behind.
const LEFT_BEHIND_SECS: u64 = 5;

/// Where most changes happen, in percent of all, and how many a second a server feels.
const HOT_PERCENT: u64 = 50;
const HOT_OVER_PERCENT: u64 = 40;
const HOT_PER_SEC: u64 = 100;

pub(super) fn look(topology: &Topology, keyspace: &Keyspace, out: &mut Vec<Candidate>) {
    let rows = rows(keyspace);
    out.extend(big_keys(keyspace, &rows));
    out.extend(locks(keyspace, &rows));
    out.extend(hot_prefix(keyspace, &rows));
    if !keyspace.withheld.iter().any(|withheld| withheld.part == Part::KeyTtls) {
        let mut told: Vec<String> = Vec::new();
        for row in &rows {
            // What is told of a prefix is not told again of those below it.
            let is_below = |above: &String| {
                let rest = row.text.strip_prefix(above.as_str());
                rest.is_some_and(|rest| rest.starts_with(keyspace.delimiter.as_str()))
            };
            if !told.iter().any(is_below)
                && let Some(candidate) = keys_without_ttl(topology, row)
            {
                told.push(row.text.clone());
                out.push(candidate);
            }
        }
    }
}

/// A row with the text of its prefix, or of its key.
struct Row<'a> {
    node: &'a PrefixNode,
    db: u32,
    text: String,
    /// Prefixes above it.
    depth: u32,
}

impl Row<'_> {
    fn key(&self) -> Subject {
        Subject::Key { db: self.db, key: self.text.clone() }
    }

    fn prefix(&self) -> Subject {
        Subject::Prefix { db: self.db, prefix: self.text.clone() }
    }
}

/// The rows that are keys or prefixes.
fn rows(keyspace: &Keyspace) -> Vec<Row<'_>> {
    let mut rows: Vec<Row<'_>> = Vec::with_capacity(keyspace.nodes.len());
    for (node, (db, text)) in keyspace.nodes.iter().zip(keyspace.texts()) {
        let above = rows.get(node.parent as usize).filter(|_| node.database.is_none());
        let depth = above.map_or(0, |above| above.depth + 1);
        rows.push(Row { node, db, text, depth });
    }
    rows.retain(|row| row.depth > 0 && row.node.folded == 0);
    rows
}

/// The row of a key, where it is told one by one.
pub(super) fn find<'a>(keyspace: &'a Keyspace, db: u32, key: &str) -> Option<&'a PrefixNode> {
    let last = key.rsplit(keyspace.delimiter.as_str()).next()?;
    // Most keyspaces have no row with this name at all.
    if !keyspace.nodes.iter().any(|node| node.is_key && (node.name == last || node.name == key)) {
        return None;
    }
    let found = rows(keyspace).into_iter();
    found
        .filter(|row| row.node.is_key && row.db == db)
        .find(|row| row.text == key)
        .map(|row| row.node)
}

fn big_keys(keyspace: &Keyspace, rows: &[Row<'_>]) -> Vec<Candidate> {
    let of = |subject: Subject, bytes: u64| {
        let severity = if bytes >= HUGE_KEY_BYTES { Severity::Warning } else { Severity::Notice };
        (bytes >= BIG_KEY_BYTES * 9 / 10).then(|| {
            Candidate::new(Rule::BigKey, severity, subject)
                .told_by("bytes", bytes)
                .firm_if(bytes >= BIG_KEY_BYTES)
        })
    };
    if keyspace.biggest.is_empty() {
        let keys = rows.iter().filter(|row| row.node.is_key);
        return keys.filter_map(|row| of(row.key(), row.node.bytes)).collect();
    }
    let biggest = keyspace.biggest.iter();
    biggest.filter_map(|it| of(Subject::Key { db: it.db, key: it.key.clone() }, it.bytes)).collect()
}

/// Locks without a time to live, and those that one holder has for long.
fn locks(keyspace: &Keyspace, rows: &[Row<'_>]) -> Vec<Candidate> {
    let mut out = Vec::new();
    let endless = |subject| Candidate::new(Rule::LockWithoutTtl, Severity::Warning, subject);
    let ttls_are_known = !keyspace.withheld.iter().any(|withheld| withheld.part == Part::KeyTtls);
    for lock in &keyspace.locks {
        let held_secs = keyspace.taken_at_millis.saturating_sub(lock.since_millis) / 1000;
        let subject = || Subject::Key { db: lock.db, key: lock.key.clone() };
        let minority = lock.quorum.filter(|quorum| !quorum.is_majority());
        if let Some(quorum) = minority.filter(|_| held_secs >= LEFT_BEHIND_SECS) {
            let mut candidate = Candidate::new(Rule::LockOnMinority, Severity::Warning, subject())
                .told_by("held_secs", held_secs)
                .told_if("ttl_secs", lock.ttl_millis.map(|millis| millis / 1000));
            candidate.evidence.splice(0..0, quorum.evidence());
            out.push(candidate);
        }
        if lock.ttl_millis.is_none() && ttls_are_known {
            let candidate = endless(subject()).told_if("holder", lock.holder.as_deref());
            out.push(candidate.told_by("held_secs", held_secs));
        } else if held_secs >= LONG_HELD_SECS && minority.is_none() {
            let candidate = Candidate::new(Rule::LockHeldLong, Severity::Notice, subject())
                .told_if("holder", lock.holder.as_deref())
                .told_by("held_secs", held_secs)
                .told_if("ttl_secs", lock.ttl_millis.map(|millis| millis / 1000));
            out.push(candidate);
        }
    }
    if keyspace.locks.is_empty() && ttls_are_known {
        let is_endless = |row: &&Row<'_>| {
            row.node.is_key && row.node.role == Some(Role::Lock) && row.node.with_ttl == 0
        };
        out.extend(rows.iter().filter(is_endless).map(|row| {
            let mut candidate = endless(row.key());
            candidate.evidence.extend(row.node.evidence.iter().cloned());
            candidate
        }));
    }
    out
}

/// Where most changes happen, as CLIENT TRACKING tells them: on top, where all keys are below one.
fn hot_prefix(keyspace: &Keyspace, rows: &[Row<'_>]) -> Option<Candidate> {
    let all = keyspace.nodes.first()?.heat?;
    let heat = |row: &Row<'_>| row.node.heat.unwrap_or(0);
    let top = rows.iter().filter(|row| row.depth == 1 && !row.node.is_key);
    let hottest = top.clone().max_by_key(|row| heat(row)).filter(|_| top.count() > 1)?;
    let percent = heat(hottest).saturating_mul(100) / all.max(1);
    let per_sec = heat(hottest) / 1000;
    (percent >= HOT_OVER_PERCENT && per_sec >= HOT_PER_SEC).then(|| {
        Candidate::new(Rule::HotPrefix, Severity::Notice, hottest.prefix())
            .told_by("share_percent", percent)
            .told_by("events_per_sec", per_sec)
            .firm_if(percent >= HOT_PERCENT)
    })
}

/// Lists and sorted sets of work, each with its database and its name.
pub(super) fn queues(keyspace: &Keyspace) -> Vec<(u32, String)> {
    let is_queue = |node: &PrefixNode| node.is_key && node.role == Some(Role::TaskQueue);
    if !keyspace.nodes.iter().any(is_queue) {
        return Vec::new();
    }
    rows(keyspace)
        .into_iter()
        .filter(|row| is_queue(row.node))
        .map(|row| (row.db, row.text))
        .collect()
}

/// Keys that stay for ever among keys that do not, or in what is a cache by its name: of the first
/// two levels of prefixes.
fn keys_without_ttl(topology: &Topology, row: &Row<'_>) -> Option<Candidate> {
    let node = row.node;
    let is_cache =
        node.with_ttl * 100 >= node.keys * MOSTLY_PERCENT || node.role == Some(Role::CachedRow);
    let stays = node.keys.saturating_sub(node.with_ttl);
    // memcached evicts all alike; and an estimate may be wrong by more than what is looked for.
    let is_other = topology.server.kind == ServerKind::Memcached
        || node.is_key
        || row.depth > 2
        || node.keys_error > 0;
    if is_other || node.keys < LEAST_KEYS || !is_cache || stays == 0 {
        return None;
    }
    let percent = stays * 100 / node.keys;
    let policy = topology.server.eviction_policy.as_deref();
    // Here only keys with a TTL can make room.
    let is_stuck = policy.is_some_and(|policy| policy.starts_with("volatile"));
    let severity = if is_stuck { Severity::Warning } else { Severity::Notice };
    Some(
        Candidate::new(Rule::KeysWithoutTtl, severity, row.prefix())
            .told_by("keys_without_ttl", stays)
            .told_by("keys", node.keys)
            .told_if("eviction_policy", policy)
            .firm_if(percent >= FORGOTTEN_PERCENT),
    )
}
