//! Rules about single connections.

use super::{Candidate, Look, MOST_CLIENTS, Rule, Severity, Subject, history::is_subject};
use crate::{Client, ClientId, ClientState, ServerKind, TcpState};

/// An idle connection that is older than this has outlived what firewalls and load balancers keep in
/// mind (350 s to an hour): whether its other end is still there, nobody knows.
const FORGOTTEN_SECS: u64 = 3_600;

/// Between MULTI and EXEC lie milliseconds. The same time for a command of which a part is missing.
const STUCK_SECS: u64 = 5;

/// Output that grows without a pause for this long is not read, in milliseconds.
const GROWING_MILLIS: u64 = 2_000;
const GROWING_STEPS: usize = 3;

/// Above this, Redis closes a subscriber after a minute (`client-output-buffer-limit pubsub 32mb 8mb
/// 60`), whether it still grows or not.
const MUCH_UNREAD_BYTES: u64 = 8_000_000;

/// Changes of database within [`CHANGES_MILLIS`] that make one connection the connection of many.
const CHANGES: usize = 3;
const CHANGES_MILLIS: u64 = 60_000;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    let clients = || look.topology.clients.values().filter(|client| is_subject(client));
    for client in clients() {
        out.extend(dead(look, client));
        out.extend(open_transaction(look, client));
        out.extend(half_sent(look, client));
        out.extend(growing_output(look, client));
        out.extend(changing_database(look, client));
    }
    out.extend(idle_without_keepalive(look, clients()));
}

/// What every finding about one connection says of it.
fn about(client: &Client, rule: Rule, severity: Severity) -> Candidate {
    let name = (!client.name.is_empty()).then_some(&client.name);
    Candidate::new(rule, severity, Subject::Client(client.id))
        .told_by("address", &client.addr)
        .told_if("name", name)
}

fn dead(look: &Look<'_>, client: &Client) -> Option<Candidate> {
    if client.is_dead != Some(true) {
        return None;
    }
    let queues = look.topology.workload.queues.iter();
    let queue = queues
        .filter(|queue| queue.waiting.iter().any(|waiting| waiting.client == client.id))
        .map(|queue| queue.key.as_str())
        .next();
    let candidate = match client.state {
        ClientState::Blocked => about(client, Rule::DeadBlockedClient, Severity::Critical)
            .told_by("command", &client.command)
            .told_if("queue", queue),
        _ => about(client, Rule::DeadClient, Severity::Warning),
    };
    Some(client.dead_evidence.iter().fold(candidate, |candidate, evidence| {
        let mut candidate = candidate;
        candidate.evidence.push(evidence.clone());
        candidate
    }))
}

fn open_transaction(look: &Look<'_>, client: &Client) -> Option<Candidate> {
    let idle_secs = look.secs_since(client.active_at_millis);
    (client.state == ClientState::InMulti && idle_secs >= STUCK_SECS).then(|| {
        about(client, Rule::OpenTransaction, Severity::Warning)
            .told_by("idle_secs", idle_secs)
            .told_if("queued_commands", client.queued_commands)
            .told_if("watched_keys", client.watched_keys.filter(|&keys| keys > 0))
    })
}

fn half_sent(look: &Look<'_>, client: &Client) -> Option<Candidate> {
    let idle_secs = look.secs_since(client.active_at_millis);
    let bytes = client.query_bytes.filter(|&bytes| bytes > 0);
    // memcached says no bytes, but that it reads the value of a `set`.
    let is_reading = client.flags == "conn_nread";
    // Behind a command that blocks, others may lie ready.
    let can_wait = matches!(client.state, ClientState::Blocked | ClientState::Monitor);
    ((bytes.is_some() || is_reading) && !can_wait && idle_secs >= STUCK_SECS).then(|| {
        about(client, Rule::HalfSentCommand, Severity::Warning)
            .told_if("query_bytes", bytes)
            .told_by("idle_secs", idle_secs)
    })
}

fn growing_output(look: &Look<'_>, client: &Client) -> Option<Candidate> {
    let bytes = client.output_bytes?;
    let series = look.history.outputs.get(&client.id)?;
    let grows =
        series.span() >= GROWING_MILLIS && series.only_rises(GROWING_MILLIS * 2, GROWING_STEPS);
    Some(
        about(client, Rule::GrowingOutputBuffer, Severity::Warning)
            .told_by("output_bytes", bytes)
            .told_by("command", &client.command)
            .firm_if(grows || bytes >= MUCH_UNREAD_BYTES)
            // Much at one moment is one big answer on its way.
            .after_millis(if grows { 0 } else { GROWING_MILLIS }),
    )
}

fn changing_database(look: &Look<'_>, client: &Client) -> Option<Candidate> {
    let changes = look.history.databases.get(&client.id)?;
    let recent = changes.iter().filter(|(at, _)| look.now() - at <= CHANGES_MILLIS);
    let mut databases: Vec<u32> = recent.clone().map(|&(_, db)| db).collect();
    let count = databases.len();
    databases.sort_unstable();
    databases.dedup();
    // Once to a database and back is how a tool looks around.
    (count > 0 && databases.len() > 1).then(|| {
        let databases: Vec<String> = databases.iter().map(u32::to_string).collect();
        about(client, Rule::ChangingDatabase, Severity::Notice)
            .told_by("changes", count)
            .told_by("databases", databases.join(", "))
            .firm_if(count >= CHANGES)
    })
}

/// All of them as one finding: the cause is one setting.
fn idle_without_keepalive<'a>(
    look: &Look<'_>,
    clients: impl Iterator<Item = &'a Client>,
) -> Option<Candidate> {
    let server = &look.topology.server;
    if server.idle_timeout_secs.is_some_and(|secs| secs > 0) {
        return None;
    }
    // A tenth below the line lets the finding go on: clocks of whole seconds tremble.
    let idle_secs = |client: &Client| look.secs_since(client.active_at_millis);
    let mut found: Vec<&Client> = clients
        .filter(|client| idle_secs(client) >= FORGOTTEN_SECS * 9 / 10)
        .filter(|client| is_remote(client) && has_keepalive_off(client, server.keepalive_secs))
        .collect();
    found.sort_by_key(|client| (client.active_at_millis, client.id));
    let oldest = found.first()?;
    let ids: Vec<ClientId> = found.iter().take(MOST_CLIENTS).map(|client| client.id).collect();
    let candidate =
        Candidate::new(Rule::IdleWithoutKeepalive, Severity::Notice, Subject::Clients(ids))
            .told_by("connections", found.len())
            .told_by("idle_secs", idle_secs(oldest))
            .told_by("address", &oldest.addr)
            .told_if("keepalive_secs", server.keepalive_secs);
    Some(candidate.firm_if(idle_secs(oldest) >= FORGOTTEN_SECS))
}

/// The kernel says so of this connection, or the server of all.
fn has_keepalive_off(client: &Client, keepalive_secs: Option<u64>) -> bool {
    match &client.socket {
        Some(socket) => socket.state == TcpState::Established && socket.timer.is_none(),
        None => keepalive_secs == Some(0),
    }
}

/// On one host, the kernel tells of every end.
fn is_remote(client: &Client) -> bool {
    let addr = client.addr.as_str();
    let is_local = ["/", "unix:", "127.", "[::1]", "localhost"];
    !addr.is_empty() && !is_local.iter().any(|start| addr.starts_with(start))
}

/// Whether half-sent commands of this kind of server can be seen.
pub(super) const fn tells_half_commands(kind: ServerKind) -> bool {
    matches!(kind, ServerKind::Redis | ServerKind::Valkey | ServerKind::Memcached)
}
