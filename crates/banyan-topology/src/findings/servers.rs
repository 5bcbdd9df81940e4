//! Rules about a server's limits, its version and its slow commands.

use super::{Candidate, Look, Rule, Severity, Subject, hazards, history::servers, slabs};
use crate::{ServerFacts, ServerKind, TcpState, Thread, ThreadRole};

/// Shares of a limit, in percent: where a finding begins, and below which it ends.
const NEAR_PERCENT: u64 = 90;
const FAR_PERCENT: u64 = 85;
/// Here the next burst is refused.
const FULL_PERCENT: u64 = 98;

/// How long turned-away connections, and evictions, are news, in milliseconds.
const NEWS_MILLIS: u64 = 60_000;

/// Evictions are what a cache does. So many a second mean that what is stored does not stay.
const MANY_EVICTIONS_PER_SEC: u64 = 100;

/// A slow command is news for five minutes; this slow, in microseconds, everybody noticed: a hundred
/// ordinary timeouts are a second, and one command holds all clients.
const SLOW_NEWS_MILLIS: u64 = 300_000;
const SLOW_MICROS: u64 = 100_000;
/// So many less slow ones (the server's own limit, 10 ms) say the same.
const SLOW_COUNT: usize = 10;

/// Workers that serve nobody else for this long are held, in milliseconds.
const HELD_MILLIS: u64 = 4_000;
/// A worker that computes is busy, not held, in thousandths of a processor.
const COMPUTING_PERMILLE: u32 = 500;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    for (subject, server) in servers(look.topology) {
        out.extend(accepting_stopped(&subject, server));
        out.extend(near_client_limit(&subject, server));
        out.extend(near_memory_limit(&subject, server));
        out.extend(rejected(look, &subject, server));
        out.extend(evictions(look, &subject, server));
        out.extend(hazards::of(look.topology, server).map(|hazard| {
            Candidate::new(Rule::HazardousVersion, hazard.severity, subject.clone())
                .in_group(hazard.name.to_owned())
                .told_by("version", &server.version)
                .told_by("hazard", hazard.name)
                .told_by("fixed_in", hazard.fixed_in)
        }));
    }
    out.extend(unverified(look));
    out.extend(slow_commands(look));
    out.extend(workers_held(look));
}

/// Asked for by `insecure=1`, and easily forgotten.
fn unverified(look: &Look<'_>) -> Option<Candidate> {
    let verified = look.topology.sections.get("connection")?.get("verified")?;
    (verified == "no")
        .then(|| Candidate::new(Rule::UnverifiedServer, Severity::Warning, Subject::Server))
}

fn accepting_stopped(subject: &Subject, server: &ServerFacts) -> Option<Candidate> {
    (server.is_accepting == Some(false)).then(|| {
        Candidate::new(Rule::AcceptingStopped, Severity::Critical, subject.clone())
            .told_if("connected_clients", server.connected_clients)
            .told_if("max_clients", server.max_clients)
    })
}

/// `part` in percent of a limit that there is.
fn percent(part: Option<u64>, limit: Option<u64>) -> Option<u64> {
    let limit = limit.filter(|&limit| limit > 0)?;
    Some(part?.saturating_mul(100) / limit)
}

fn near_client_limit(subject: &Subject, server: &ServerFacts) -> Option<Candidate> {
    let percent = percent(server.connected_clients, server.max_clients)?;
    let severity = if percent >= FULL_PERCENT { Severity::Critical } else { Severity::Warning };
    (percent >= FAR_PERCENT).then(|| {
        Candidate::new(Rule::NearClientLimit, severity, subject.clone())
            .told_if("connected_clients", server.connected_clients)
            .told_if("max_clients", server.max_clients)
            .firm_if(percent >= NEAR_PERCENT)
    })
}

/// A cache that evicts is full by design; one that must not evict refuses writes.
fn near_memory_limit(subject: &Subject, server: &ServerFacts) -> Option<Candidate> {
    let policy = server.eviction_policy.as_deref()?;
    let percent = percent(server.used_memory_bytes, server.max_memory_bytes)?;
    let severity = if percent >= FULL_PERCENT { Severity::Critical } else { Severity::Warning };
    (policy == "noeviction" && percent >= FAR_PERCENT).then(|| {
        Candidate::new(Rule::NearMemoryLimit, severity, subject.clone())
            .told_if("used_memory_bytes", server.used_memory_bytes)
            .told_if("max_memory_bytes", server.max_memory_bytes)
            .told_by("eviction_policy", policy)
            .firm_if(percent >= NEAR_PERCENT)
    })
}

fn rejected(look: &Look<'_>, subject: &Subject, server: &ServerFacts) -> Option<Candidate> {
    let series = &look.history.counters.get(subject)?.rejected;
    let rise = series.rise(NEWS_MILLIS);
    (rise > 0).then(|| {
        Candidate::new(Rule::ConnectionsRejected, Severity::Critical, subject.clone())
            .told_by("rejected", rise)
            .told_if("connected_clients", server.connected_clients)
            .told_if("max_clients", server.max_clients)
    })
}

fn evictions(look: &Look<'_>, subject: &Subject, server: &ServerFacts) -> Option<Candidate> {
    let series = &look.history.counters.get(subject)?.evicted;
    let rise = series.rise(NEWS_MILLIS);
    let rate = rise / series.secs(NEWS_MILLIS);
    let severity =
        if rate >= MANY_EVICTIONS_PER_SEC { Severity::Warning } else { Severity::Notice };
    // Slab classes tell the same of memcached, and which; but they are asked less often.
    let is_told = server.kind == ServerKind::Memcached
        && look.history.slabs.keys().any(|class| slabs::server_of(class).as_ref() == Some(subject));
    (rise > 0 && !is_told).then(|| {
        Candidate::new(Rule::Evictions, severity, subject.clone())
            .told_by("evicted", rise)
            .told_if("used_memory_bytes", server.used_memory_bytes)
            .told_if("max_memory_bytes", server.max_memory_bytes)
            .told_if("eviction_policy", server.eviction_policy.as_deref())
    })
}

fn slow_commands(look: &Look<'_>) -> Option<Candidate> {
    let own = |addr: &str| {
        !addr.is_empty() && look.topology.clients.values().any(|it| it.own && it.addr == addr)
    };
    let recent: Vec<_> = look
        .topology
        .workload
        .slow
        .iter()
        .filter(|slow| look.now().saturating_sub(slow.at_millis) <= SLOW_NEWS_MILLIS)
        .filter(|slow| !own(&slow.addr))
        .collect();
    let slowest = recent.iter().max_by_key(|slow| (slow.micros, slow.id))?;
    let client = look.topology.clients.values().find(|client| client.addr == slowest.addr);
    let subject = client.map_or(Subject::Server, |client| Subject::Client(client.id));
    let is_firm = slowest.micros >= SLOW_MICROS || recent.len() >= SLOW_COUNT;
    is_firm.then(|| {
        Candidate::new(Rule::SlowCommands, Severity::Warning, subject)
            .told_by("slow_commands", recent.len())
            .told_by("slowest_micros", slowest.micros)
            .told_by("command", &slowest.command)
            .told_by("address", &slowest.addr)
    })
}

/// All workers serve a connection each and do not compute: Tokyo Tyrant's replicas and half requests
/// hold one each, and with the last the server stops answering.
fn workers_held(look: &Look<'_>) -> Option<Candidate> {
    let threads = look.topology.threads.as_ref()?;
    let workers: Vec<&Thread> =
        threads.iter().filter(|thread| thread.role == ThreadRole::Worker).collect();
    let is_held = |thread: &&Thread| {
        thread.is_busy == Some(true)
            && thread.cpu_permille.is_some_and(|permille| permille < COMPUTING_PERMILLE)
    };
    let held = workers.iter().filter(|&thread| is_held(thread)).count();
    if look.topology.server.kind != ServerKind::TokyoTyrant || held * 2 < workers.len() || held == 0
    {
        return None;
    }
    let severity = if held == workers.len() { Severity::Critical } else { Severity::Warning };
    let waiting = look
        .topology
        .census
        .as_ref()
        .map(|census| census.states.get(&TcpState::CloseWait).copied().unwrap_or(0));
    Some(
        Candidate::new(Rule::WorkersHeld, severity, Subject::Server)
            .told_by("held_workers", held)
            .told_by("workers", workers.len())
            .told_if("close_wait", waiting.filter(|&waiting| waiting > 0))
            .firm_if(held + 1 >= workers.len())
            .after_millis(HELD_MILLIS),
    )
}
