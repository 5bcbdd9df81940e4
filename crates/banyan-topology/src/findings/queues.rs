//! Rules about who waits for work and who has it.

use std::collections::BTreeMap;

use super::{Candidate, Look, Rule, Severity, Subject};
use crate::{Client, ClientState, ConsumerGroup, Part, WaitSource};

/// So long without any work, every waiter of a queue, in seconds: a queue that is used has a pause of
/// minutes.
const WAITED_SECS: u64 = 1_800;

/// Nobody takes anything for this long, in milliseconds: longer than a worker is away between two
/// looks, as its connection shows its last command.
const UNTAKEN_MILLIS: u64 = 4_000;

/// Commands that take work, as CLIENT LIST names them.
const TAKING: [&str; 16] = [
    "lpop",
    "rpop",
    "blpop",
    "brpop",
    "lmove",
    "blmove",
    "rpoplpush",
    "brpoplpush",
    "lmpop",
    "blmpop",
    "zpopmin",
    "zpopmax",
    "bzpopmin",
    "bzpopmax",
    "bzmpop",
    "zmpop",
];

/// Where most commands go, in percent of those that touched a key, at a rate that a server feels: a
/// thousandth of what it can do.
const HOT_PERCENT: u64 = 50;
const HOT_OVER_PERCENT: u64 = 40;
const HOT_PER_SEC: u64 = 100;

/// A consumer that has not read for this long has left, in seconds.
const AWAY_SECS: u64 = 600;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    let workload = &look.topology.workload;
    for queue in &workload.queues {
        let seen = || queue.waiting.iter().filter(|it| it.source == WaitSource::Seen);
        let Some(last) = seen().map(|waiting| waiting.since_millis).max() else { continue };
        let waited_secs = look.secs_since(last);
        if waited_secs < WAITED_SECS * 9 / 10 {
            continue;
        }
        let has_items = look
            .keyspace
            .is_some_and(|keyspace| super::keys::find(keyspace, queue.db, &queue.key).is_some());
        let writes = workload.touches.iter().any(|touch| {
            touch.db == queue.db && touch.writes > 0 && queue.key.starts_with(&touch.prefix)
        });
        if has_items || writes {
            continue;
        }
        let subject = Subject::Key { db: queue.db, key: queue.key.clone() };
        out.push(
            Candidate::new(Rule::ConsumersWithoutQueue, Severity::Notice, subject)
                .told_by("waiting", queue.waiting.len())
                .told_by("waited_secs", waited_secs)
                .firm_if(waited_secs >= WAITED_SECS),
        );
    }
    out.extend(work_that_nobody_takes(look));
    out.extend(hot_prefix(look));
    for stream in &workload.streams {
        for group in &stream.groups {
            let subject = Subject::Key { db: stream.db, key: stream.key.clone() };
            out.extend(unread_group(look, subject, group));
        }
    }
}

/// Lists of work that have entries, while no client waits anywhere, takes anything, or took something
/// last. A worker between two jobs is one of these.
fn work_that_nobody_takes(look: &Look<'_>) -> Vec<Candidate> {
    let topology = look.topology;
    let Some(keyspace) = look.keyspace else { return Vec::new() };
    let is_unknown = topology.withheld.iter().any(|withheld| withheld.part == Part::Clients);
    let takes = |client: &Client| {
        let command = client.command.split('|').next().unwrap_or_default();
        client.state == ClientState::Blocked || TAKING.contains(&command)
    };
    if is_unknown || topology.clients.values().any(|client| !client.own && takes(client)) {
        return Vec::new();
    }
    let is_read = |db: u32, key: &str| {
        let mut touches = topology.workload.touches.iter();
        touches.any(|touch| touch.db == db && touch.reads > 0 && key.starts_with(&touch.prefix))
    };
    super::keys::queues(keyspace)
        .into_iter()
        .filter(|(db, key)| !is_read(*db, key))
        .map(|(db, key)| {
            Candidate::new(Rule::QueueWithoutConsumers, Severity::Warning, Subject::Key { db, key })
                .told_by("consumers", 0)
                .told_by("clients", topology.clients.values().filter(|it| !it.own).count())
                .after_millis(UNTAKEN_MILLIS)
        })
        .collect()
}

/// Of the commands of the window, where most went.
fn hot_prefix(look: &Look<'_>) -> Option<Candidate> {
    let window = look.topology.workload.window?;
    let millis = window.to_millis.saturating_sub(window.from_millis).max(1);
    let mut prefixes: BTreeMap<(u32, &str), (u64, u64)> = BTreeMap::new();
    for touch in &look.topology.workload.touches {
        let (reads, writes) = prefixes.entry((touch.db, &touch.prefix)).or_default();
        *reads += touch.reads;
        *writes += touch.writes;
    }
    let all: u64 = prefixes.values().map(|(reads, writes)| reads + writes).sum();
    let (&(db, prefix), &(reads, writes)) =
        prefixes.iter().max_by_key(|(_, (reads, writes))| reads + writes)?;
    let percent = (reads + writes) * 100 / all.max(1);
    let per_sec = (reads + writes).saturating_mul(1000) / millis;
    (percent >= HOT_OVER_PERCENT && per_sec >= HOT_PER_SEC && prefixes.len() > 1).then(|| {
        let subject = Subject::Prefix { db, prefix: prefix.to_owned() };
        Candidate::new(Rule::HotPrefix, Severity::Notice, subject)
            .told_by("share_percent", percent)
            .told_by("reads_per_sec", reads.saturating_mul(1000) / millis)
            .told_by("writes_per_sec", writes.saturating_mul(1000) / millis)
            .firm_if(percent >= HOT_PERCENT)
    })
}

/// A group of a stream that has entries for nobody.
fn unread_group(look: &Look<'_>, subject: Subject, group: &ConsumerGroup) -> Option<Candidate> {
    let entries = group.pending.saturating_add(group.lag.unwrap_or(0));
    let newest = group.consumers.iter().map(|consumer| consumer.seen_at_millis).max();
    let away_secs = newest.map(|at| look.secs_since(at));
    let is_away = away_secs.is_none_or(|secs| secs >= AWAY_SECS);
    (entries > 0 && is_away).then(|| {
        Candidate::new(Rule::QueueWithoutConsumers, Severity::Warning, subject)
            .in_group(group.name.clone())
            .told_by("group", &group.name)
            .told_by("pending", group.pending)
            .told_if("lag_entries", group.lag)
            .told_by("consumers", group.consumers.len())
            .told_if("away_secs", away_secs)
    })
}
