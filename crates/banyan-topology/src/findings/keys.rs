//! Rules about what is stored.

use super::{Candidate, Rule, Severity, Subject};
use crate::{Keyspace, PrefixNode, ServerKind, Topology};

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

pub(super) fn look(topology: &Topology, keyspace: &Keyspace, out: &mut Vec<Candidate>) {
    let rows = rows(keyspace);
    for row in &rows {
        out.extend(big_key(row));
        out.extend(keys_without_ttl(topology, row));
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
    for (index, node) in keyspace.nodes.iter().enumerate() {
        let above = rows.get(node.parent as usize).filter(|_| index > 0);
        let db = node.database.or(above.map(|above| above.db)).unwrap_or(0);
        let (text, depth) = match above {
            _ if node.database.is_some() => (String::new(), 0),
            Some(above) if above.depth > 0 => {
                (format!("{}{}{}", above.text, keyspace.delimiter, node.name), above.depth + 1)
            }
            Some(_) => (node.name.clone(), 1),
            None => (String::new(), 0),
        };
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

fn big_key(row: &Row<'_>) -> Option<Candidate> {
    let bytes = row.node.bytes;
    let severity = if bytes >= HUGE_KEY_BYTES { Severity::Warning } else { Severity::Notice };
    (row.node.is_key && bytes >= BIG_KEY_BYTES * 9 / 10).then(|| {
        Candidate::new(Rule::BigKey, severity, row.key())
            .told_by("bytes", bytes)
            .firm_if(bytes >= BIG_KEY_BYTES)
    })
}

/// Keys that stay for ever among keys that do not: of the first two levels of prefixes.
fn keys_without_ttl(topology: &Topology, row: &Row<'_>) -> Option<Candidate> {
    let node = row.node;
    let is_cache = node.with_ttl * 100 >= node.keys * MOSTLY_PERCENT;
    let stays = node.keys.saturating_sub(node.with_ttl);
    // memcached evicts all alike.
    let is_other = topology.server.kind == ServerKind::Memcached || node.is_key || row.depth > 2;
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
