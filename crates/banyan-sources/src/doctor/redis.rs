//! Trying each question at a Redis, a Valkey or a Sentinel.

use banyan_topology::{Fault, Part, ServerKind};

use super::{Check, Examination, Verdict, access, hazards_of_the_way, looks_a_minute};
use crate::{
    fleet::FleetCommand,
    link::Link,
    redis::{
        Connection, Info, Occasion, PERMITS, Permit, RedisCommand, Reply, Setting, is_at_least,
        learn_prices, reason,
    },
    watch::Deadlines,
};

/// A key that nobody has: asking for its facts says whether they may be asked for.
const NO_KEY: &[u8] = b"banyan:doctor:no-such-key";
/// Rounds of the slower questions a minute.
const ROUNDS_A_MINUTE: f64 = 12.0;
const MOST_LISTED: u64 = 1000;
/// A list of connections that takes longer stalls the server for everybody, in microseconds.
const LONG_STALL_MICROS: f64 = 2000.0;

pub(super) async fn examine(link: &Link, deadlines: Deadlines) -> Result<Examination, Fault> {
    let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
    let _own = connection.mark_as_own(link).await?;
    let info = match connection.call(RedisCommand::Info(&[])).await? {
        Reply::Bulk(text) => Info::parse(&text),
        _ => Info::default(),
    };
    let facts = info.server_facts();
    let version = match facts.version.as_str() {
        "" => connection.version().unwrap_or_default().to_owned(),
        version => version.to_owned(),
    };
    let user = match connection.call(RedisCommand::AclWhoAmI).await? {
        Reply::Error(_) => link.target.credentials().user,
        reply => reply.text(),
    };
    learn_prices(&mut connection, link).await?;
    let mut checks = Vec::new();
    let is_sentinel = facts.kind == ServerKind::Sentinel;
    for permit in if is_sentinel { SENTINEL } else { PERMITS } {
        let verdict = match is_endless(permit.name, &info) {
            true => Verdict::NotTried,
            false => attempt(&mut connection, link.target.db, permit, &version).await?,
        };
        checks.push(Check {
            part: permit.part,
            command: permit.name.to_owned(),
            verdict,
            micros: None,
            calls_a_minute: 0.0,
        });
    }
    learn_prices(&mut connection, link).await?;
    price(&mut checks, link);

    let mut hazards = hazards_of_the_way(&link.target);
    let is_permitted =
        |name: &str| checks.iter().any(|c| c.command == name && c.verdict == Verdict::Permitted);
    if is_permitted("config|get") {
        hazards.push(
            "this user may read the configuration, and the passwords in it: more than a viewer \
             needs"
                .to_owned(),
        );
    }
    let list = checks.iter().find(|check| check.command == "client|list");
    if let Some(micros) = list.and_then(|c| c.micros).filter(|m| *m > LONG_STALL_MICROS) {
        hazards.push(format!(
            "a list of its connections stops the server for {:.1} ms each time",
            micros / 1000.0
        ));
    }
    if !is_sentinel && !version.is_empty() && !is_at_least(&version, (6, 0)) {
        hazards.push(format!("version {version} has no access lists: every user may do anything"));
    }
    let has_lists = !is_sentinel && (version.is_empty() || is_at_least(&version, (6, 0)));
    Ok(Examination {
        target: link.target.to_string(),
        kind: facts.kind,
        user,
        tls: connection.tls().map(str::to_owned),
        is_verified: link.target.tls.as_ref().map(|tls| !tls.insecure),
        resp: Some(connection.protocol()),
        checks,
        hazards,
        viewer: has_lists.then(|| access::viewer_line(&version)),
        viewer_on_request: has_lists.then(|| access::viewer_line_on_request(&version)),
        version,
    })
}

/// What a Sentinel is asked.
const SENTINEL: &[Permit] = &[
    Permit { name: "info", part: Part::Server, since: (1, 0), occasion: Occasion::Viewing },
    Permit { name: "client|list", part: Part::Clients, since: (2, 4), occasion: Occasion::Viewing },
    Permit {
        name: "sentinel|masters",
        part: Part::Fleet,
        since: (2, 8),
        occasion: Occasion::Viewing,
    },
];

async fn attempt(
    connection: &mut Connection<'_>,
    db: u32,
    permit: &Permit,
    version: &str,
) -> Result<Verdict, Fault> {
    let Some(command) = trial(permit.name, db) else { return Ok(Verdict::NotTried) };
    if !version.is_empty() && !is_at_least(version, permit.since) {
        let (major, minor) = permit.since;
        return Ok(Verdict::Needs(format!("{major}.{minor}")));
    }
    if command == RedisCommand::ClientList {
        // Read as it comes: it may be longer than any other reply.
        return Ok(match connection.client_list(|_| ()).await? {
            Ok(()) => Verdict::Permitted,
            Err(fault) => Verdict::Refused(fault.detail),
        });
    }
    let reply = connection.call(command).await?;
    let Reply::Error(words) = &reply else { return Ok(Verdict::Permitted) };
    let is_lacking = crate::redis::is_unknown(words);
    if !words.starts_with(b"NOPERM") && !is_lacking {
        // It ran, and had nothing to say of a key that nobody has or of a cluster that is none.
        return Ok(Verdict::Permitted);
    }
    let reason = reason(permit.name, &reply, version)?;
    Ok(match reason.strip_prefix("needs ") {
        Some(needs) => Verdict::Needs(needs.to_owned()),
        None => Verdict::Refused(reason),
    })
}

/// A harmless call of the command; `None` for those that are said only on request.
fn trial(name: &str, db: u32) -> Option<RedisCommand> {
    use RedisCommand as C;
    let key = || NO_KEY.to_vec();
    Some(match name {
        "info" => C::Info(&["server"]),
        "role" => C::Role,
        "client|list" => C::ClientList,
        "client|id" => C::ClientId,
        "client|setname" => C::ClientSetName,
        "acl|whoami" => C::AclWhoAmI,
        "select" => C::Select(db),
        "scan" => C::Scan { cursor: 0, count: 10 },
        "type" => C::Type(NO_KEY.into()),
        "pttl" => C::PTtl(NO_KEY.into()),
        "memory|usage" => C::MemoryUsage(NO_KEY.into()),
        "object|idletime" => C::ObjectIdleTime(NO_KEY.into()),
        "object|encoding" => C::ObjectEncoding(NO_KEY.into()),
        "memory|stats" => C::MemoryStats,
        "memory|doctor" => C::MemoryDoctor,
        "slowlog|get" => C::SlowLogGet,
        "latency|latest" => C::LatencyLatest,
        // Names none, so that the answer is short whatever there is.
        "pubsub|numsub" => C::PubSubNumSub { is_sharded: false, channels: Vec::new() },
        "pubsub|shardnumsub" => C::PubSubNumSub { is_sharded: true, channels: Vec::new() },
        "pubsub|channels" => C::PubSubChannels { is_sharded: false },
        "pubsub|shardchannels" => C::PubSubChannels { is_sharded: true },
        "function|list" => C::FunctionList,
        "client|no-touch" => C::ClientNoTouch,
        "getrange" => C::ReadUntouched(key()),
        "hrandfield" => C::FieldNames(NO_KEY.into()),
        "zrange" => C::LowestScores(NO_KEY.into()),
        "xinfo|stream" => C::XInfoStream(key()),
        "xinfo|groups" => C::XInfoGroups(key()),
        "xinfo|consumers" => C::XInfoConsumers { key: key(), group: b"none".to_vec() },
        "cluster|nodes" => C::Fleet(FleetCommand::ClusterNodes),
        "cluster|shards" => C::Fleet(FleetCommand::ClusterShards),
        "cluster|links" => C::Fleet(FleetCommand::ClusterLinks),
        "cluster|countkeysinslot" => C::Fleet(FleetCommand::ClusterCountKeysInSlot(0)),
        "sentinel|masters" => C::Fleet(FleetCommand::SentinelMasters),
        "config|get" => C::ConfigGet(Setting::Timeout),
        _ => return None,
    })
}

/// A list that is so long that nobody asks for it.
fn is_endless(name: &str, info: &Info) -> bool {
    let count = match name {
        "pubsub|channels" => info.number("pubsub_channels"),
        "pubsub|shardchannels" => info.number("pubsubshard_channels"),
        "function|list" => info.number("number_of_functions"),
        _ => None,
    };
    count.is_some_and(|count| count > MOST_LISTED)
}

/// What each question costs, and how often it is asked by whoever watches connections.
fn price(checks: &mut [Check], link: &Link) {
    for check in &mut *checks {
        let old_name = check.command.split('|').next().unwrap_or_default();
        let price = link.meter.price(&check.command).or_else(|| link.meter.price(old_name));
        check.micros = price.filter(|_| check.verdict == Verdict::Permitted);
    }
    let of = |name: &str| {
        checks.iter().find(|check| check.command == name).and_then(|check| check.micros)
    };
    let looks = looks_a_minute(of("info").unwrap_or(0.0) + of("client|list").unwrap_or(0.0));
    for check in checks {
        check.calls_a_minute = match (check.command.as_str(), check.part) {
            ("info" | "client|list", _) => looks,
            ("role" | "acl|whoami" | "config|get", _)
            | (
                _,
                Part::Memory | Part::SlowLog | Part::Latency | Part::Functions | Part::Channels,
            ) => ROUNDS_A_MINUTE,
            _ => 0.0,
        };
    }
}
