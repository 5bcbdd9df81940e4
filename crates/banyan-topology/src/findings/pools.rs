//! Rules about connections of one kind: pools that leak, connections that end and come again.

use std::collections::BTreeMap;

use super::{Candidate, Look, MOST_CLIENTS, Rule, Severity, Subject, history::is_subject};
use crate::{Client, ClientId, ClientState, ServerKind};

/// What connections of one pool share: the first of these that they have.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Pool {
    /// The name without the number at its end: `web-12` and `web-3` are `web`.
    Name(String),
    Library(String),
    Host(String),
}

impl Pool {
    /// The name of its evidence, and its value.
    fn told(&self) -> (&'static str, &str) {
        match self {
            Self::Name(name) => ("name", name),
            Self::Library(library) => ("library", library),
            Self::Host(host) => ("address", host),
        }
    }
}

/// The pool that a connection seems to be of.
pub(super) fn pool_of(client: &Client) -> Pool {
    if !client.name.is_empty() {
        return Pool::Name(stem(&client.name).to_owned());
    }
    match client.library.as_deref() {
        Some(library) if !library.is_empty() => Pool::Library(library.to_owned()),
        _ => Pool::Host(host(&client.addr).to_owned()),
    }
}

/// A name without the number at its end: `web-12` and `web-3` are of one pool.
pub fn stem(name: &str) -> &str {
    let stem = name
        .trim_end_matches(|c: char| c.is_ascii_digit())
        .trim_end_matches(['-', '_', ':', '.', '#', '/', ' ']);
    if stem.is_empty() { name } else { stem }
}

/// An address without its port.
pub fn host(addr: &str) -> &str {
    match addr.rsplit_once(':') {
        _ if addr.starts_with('/') || addr.starts_with("unix:") => addr,
        Some((host, _)) => host,
        None => addr,
    }
}

/// A pool of fewer connections is small enough to live with, leak or not.
const LEAK_LEAST: usize = 20;
/// A connection not used again within this after it was opened was used once: a request takes less.
const USED_ONCE_MILLIS: u64 = 5_000;
/// One that rests for this long is not about to be used again, in seconds.
const LEAK_IDLE_SECS: u64 = 30;
/// The share of forgotten connections, in percent, where a leak begins and where it ends.
const LEAK_PERCENT: usize = 80;
const LEAK_OVER_PERCENT: usize = 50;
/// A pool that was filled at a stroke, when its program started, is no leak: of each quarter of the
/// time since the oldest connection was opened, this share of them, in percent, must come from.
const LEAK_QUARTER_PERCENT: usize = 8;

/// Growth of a pool while it was watched: so long, in so many steps, without one step back.
const GROWTH_MILLIS: u64 = 60_000;
const GROWTH_STEPS: usize = 8;
const GROWTH_LEAST: u64 = 10;

/// Lives of a second or so: shorter ones are a connection for each request (told by their number),
/// longer ones are pools that renew themselves, in milliseconds.
const SHORT_LIFE_MILLIS: std::ops::RangeInclusive<u64> = 400..=15_000;
pub(super) const CHURN_MILLIS: u64 = 60_000;
/// So many of them within a minute; twice the number that a person at a shell makes.
const CHURN_LIVES: usize = 4;

/// New connections a second, over [`RATE_MILLIS`], that mean one for each request.
const CONNECTIONS_PER_SEC: u64 = 20;
const RATE_MILLIS: u64 = 10_000;
const RATE_LEAST_SECS: u64 = 3;

pub(super) fn look(look: &Look<'_>, out: &mut Vec<Candidate>) {
    let mut pools: BTreeMap<&Pool, Vec<&Client>> = BTreeMap::new();
    for client in look.topology.clients.values().filter(|client| is_subject(client)) {
        if let Some(pool) = look.history.pool(client.id) {
            pools.entry(pool).or_default().push(client);
        }
    }
    for (pool, clients) in &pools {
        out.extend(leaking(look, pool, clients));
    }
    for pool in look.history.ends.keys() {
        out.extend(churning(look, pool, pools.get(&**pool).map_or(&[], Vec::as_slice)));
    }
    out.extend(connections_for_each_request(look));
}

fn of_pool(rule: Rule, pool: &Pool, clients: &[&Client]) -> Candidate {
    let ids: Vec<ClientId> = clients.iter().take(MOST_CLIENTS).map(|client| client.id).collect();
    let (name, value) = pool.told();
    Candidate::new(rule, Severity::Warning, Subject::Clients(ids))
        .in_group(format!("{name} {value}"))
        .told_by(name, value)
}

fn leaking(look: &Look<'_>, pool: &Pool, clients: &[&Client]) -> Option<Candidate> {
    let rests = |client: &&&Client| {
        let may_rest = matches!(client.state, ClientState::Idle | ClientState::InMulti);
        may_rest && look.secs_since(client.active_at_millis) >= LEAK_IDLE_SECS
    };
    let resting = clients.iter().filter(rests).count();
    if clients.len() < LEAK_LEAST / 2 || resting * 100 < clients.len() * LEAK_OVER_PERCENT {
        return None;
    }
    let series = look.history.pools.get(pool);
    let grew = series.filter(|series| {
        series.span() >= GROWTH_MILLIS
            && series.only_rises(GROWTH_MILLIS, GROWTH_STEPS)
            && series.rise(GROWTH_MILLIS) >= GROWTH_LEAST
    });
    let was_leaking = is_fed_and_forgotten(look, clients);
    let is_firm = clients.len() >= LEAK_LEAST
        && resting * 100 >= clients.len() * LEAK_PERCENT
        && (was_leaking || grew.is_some());
    let oldest = clients.iter().map(|client| client.opened_at_millis).min()?;
    Some(
        of_pool(Rule::LeakingPool, pool, clients)
            .told_by("connections", clients.len())
            .told_by("idle_connections", resting)
            .told_by("age_secs", look.secs_since(oldest))
            .told_if("grew_by", grew.map(|series| series.rise(GROWTH_MILLIS)))
            .firm_if(is_firm),
    )
}

/// Whether most of them were used once, and new ones came all the time. memcached does not say when
/// a connection was opened.
fn is_fed_and_forgotten(look: &Look<'_>, clients: &[&Client]) -> bool {
    if look.topology.server.kind == ServerKind::Memcached {
        return false;
    }
    let used_once = |client: &&&Client| {
        client.active_at_millis.saturating_sub(client.opened_at_millis) <= USED_ONCE_MILLIS
    };
    if clients.iter().filter(used_once).count() * 100 < clients.len() * LEAK_PERCENT {
        return false;
    }
    let opened = || clients.iter().map(|client| client.opened_at_millis);
    let Some(oldest) = opened().min() else { return false };
    let quarter = look.now().saturating_sub(oldest) / 4 + 1;
    let mut quarters = [0_usize; 4];
    for at in opened() {
        let index = usize::try_from((at - oldest) / quarter).unwrap_or(3).min(3);
        if let Some(count) = quarters.get_mut(index) {
            *count += 1;
        }
    }
    quarters.iter().all(|count| count * 100 >= clients.len() * LEAK_QUARTER_PERCENT)
}

fn churning(look: &Look<'_>, pool: &Pool, clients: &[&Client]) -> Option<Candidate> {
    let ends = look.history.ends.get(pool)?;
    let short: Vec<_> = ends
        .iter()
        .filter(|end| look.now() - end.at <= CHURN_MILLIS && end.is_replaced)
        // A life of milliseconds that a look met by chance is not one of a second.
        .filter(|end| end.seen_millis >= *SHORT_LIFE_MILLIS.start())
        .filter(|end| SHORT_LIFE_MILLIS.contains(&end.lived_millis))
        .collect();
    let last = short.last()?;
    let mut lives: Vec<u64> = short.iter().map(|end| end.lived_millis).collect();
    lives.sort_unstable();
    let median = lives.get(lives.len() / 2).copied()?;
    Some(
        of_pool(Rule::ReconnectChurn, pool, clients)
            .told_by("ended", short.len())
            .told_by("lifetime_millis", median / 100 * 100)
            .told_by("command", &last.command)
            .firm_if(short.len() >= CHURN_LIVES),
    )
}

fn connections_for_each_request(look: &Look<'_>) -> Option<Candidate> {
    let (subject, counters) = look.history.counters.iter().next()?;
    let series = &counters.connections;
    let secs = series.secs(RATE_MILLIS);
    let rate = series.rise(RATE_MILLIS) / secs;
    (secs >= RATE_LEAST_SECS && rate >= CONNECTIONS_PER_SEC / 2).then(|| {
        Candidate::new(Rule::ReconnectChurn, Severity::Warning, subject.clone())
            .told_by("connections_per_sec", rate)
            .told_if("connections", look.topology.server.connected_clients)
            .firm_if(rate >= CONNECTIONS_PER_SEC)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_of_one_pool_share_a_name_a_library_or_a_host() {
        let client = |name: &str, library: Option<&str>, addr: &str| {
            pool_of(&Client {
                name: name.to_owned(),
                library: library.map(str::to_owned),
                addr: addr.to_owned(),
                ..Client::default()
            })
        };
        assert_eq!(client("web-12", Some("jedis"), ""), Pool::Name("web".into()));
        assert_eq!(client("42", None, ""), Pool::Name("42".into()));
        assert_eq!(client("", Some("jedis"), "h:1"), Pool::Library("jedis".into()));
        assert_eq!(client("", None, "[::1]:51234"), Pool::Host("[::1]".into()));
        assert_eq!(client("", Some(""), "/run/x:0"), Pool::Host("/run/x:0".into()));
    }

    #[test]
    fn names_lose_their_numbers() {
        for (name, expect) in [
            ("web-12", "web"),
            ("worker:mail#3", "worker:mail"),
            ("42", "42"),
            ("db2x", "db2x"),
            ("爬虫7", "爬虫"),
        ] {
            assert_eq!(stem(name), expect);
        }
    }

    #[test]
    fn addresses_lose_their_ports() {
        for (addr, expect) in [
            ("10.0.0.7:51234", "10.0.0.7"),
            ("[::1]:51234", "[::1]"),
            ("/run/redis.sock:0", "/run/redis.sock:0"),
            ("unix:/run/x", "unix:/run/x"),
            ("", ""),
        ] {
            assert_eq!(host(addr), expect);
        }
    }
}
