//! What Banyan reaches at a target, what the server keeps from it, and what would help.

mod access;
mod redis;

use banyan_topology::{Fault, Part, ServerKind, Topology};

use crate::{
    link::Link,
    poller::Poller,
    target::{Endpoint, Protocol, Target},
    watch::{Deadlines, PollOptions},
};

pub use access::{viewer_line, viewer_line_on_request};

/// The answer to "why do I not see that?".
#[derive(Clone, Debug, PartialEq)]
pub struct Examination {
    pub target: String,
    pub kind: ServerKind,
    pub version: String,
    /// Who we are to the server, where it says.
    pub user: Option<String>,
    /// Version and cipher of TLS.
    pub tls: Option<String>,
    /// Of a connection with TLS: whether the server's certificate was checked.
    pub is_verified: Option<bool>,
    /// Version of RESP.
    pub resp: Option<u64>,
    pub checks: Vec<Check>,
    /// What is dangerous about how the server is reached, or would be.
    pub hazards: Vec<String>,
    /// The command that makes a user who may do what a viewer does and nothing else. `None` for
    /// servers without access lists.
    pub viewer: Option<String>,
    /// What adds to it what is done only when a person asks for it.
    pub viewer_on_request: Option<String>,
}

/// One question that a viewer asks.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    pub part: Part,
    /// As access lists name it, or the server's own word; empty where the kernel is asked.
    pub command: String,
    pub verdict: Verdict,
    /// Microseconds of the server's time for one call, where it was tried and is known.
    pub micros: Option<f64>,
    /// How often a viewer of connections asks, at most.
    pub calls_a_minute: f64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Permitted,
    /// In the server's words.
    Refused(String),
    /// The version that brings it.
    Needs(String),
    /// Said only when a person asks for it, so it was not tried.
    NotTried,
}

impl Examination {
    /// Microseconds of the server's time that watching its connections takes a minute.
    pub fn micros_a_minute(&self) -> f64 {
        let cost = |check: &Check| check.micros.unwrap_or(0.0) * check.calls_a_minute;
        self.checks.iter().map(cost).sum()
    }
}

/// Connects to the target, not to others of its fleet, and tries each question once.
pub async fn examine(link: &Link, deadlines: Deadlines) -> Result<Examination, Fault> {
    match link.target.protocol {
        Protocol::Redis | Protocol::Sentinel => redis::examine(link, deadlines).await,
        Protocol::Memcached | Protocol::Tyrant => {
            let topology = Poller::open(link, deadlines).await?.look().await?;
            Ok(without_access_lists(link, &topology))
        }
    }
}

/// The parts that each kind of server can tell, by what a look has found withheld.
fn without_access_lists(link: &Link, topology: &Topology) -> Examination {
    use Part::{Clients, Prefixes, Replication, Server, Settings, Sizes, Slabs};
    let parts: &[Part] = match link.target.protocol {
        Protocol::Tyrant => &[Server, Replication, Clients],
        _ => &[Server, Settings, Clients, Slabs, Sizes, Prefixes],
    };
    let cost = topology.cost;
    let looks = looks_a_minute(cost.micros as f64);
    let mut checks: Vec<Check> = parts
        .iter()
        .map(|part| {
            let refusal = topology.withheld.iter().find(|withheld| withheld.part == *part);
            let verdict = refusal.map_or(Verdict::Permitted, |withheld| {
                match withheld.reason.strip_prefix("needs ") {
                    Some(needs) => Verdict::Needs(needs.to_owned()),
                    None => Verdict::Refused(withheld.reason.clone()),
                }
            });
            let (micros, calls) = match part {
                Server => (Some(cost.micros as f64), looks),
                _ => (None, looks),
            };
            let command = command(link.target.protocol, *part).to_owned();
            Check { part: *part, command, verdict, micros, calls_a_minute: calls }
        })
        .collect();
    let dump = topology.sections.get("settings").and_then(|settings| settings.get("dump_enabled"));
    let verdict = match dump.map(String::as_str) {
        Some("no") => Verdict::Refused("the server was started without dumps of its keys".into()),
        _ => Verdict::NotTried,
    };
    for (part, verdict) in [(Part::Keys, verdict), (Part::Commands, Verdict::NotTried)] {
        let command = command(link.target.protocol, part);
        if command.is_empty() {
            continue;
        }
        checks.push(Check {
            part,
            command: command.to_owned(),
            verdict,
            micros: None,
            calls_a_minute: 0.0,
        });
    }
    Examination {
        target: link.target.to_string(),
        kind: topology.server.kind,
        version: topology.server.version.clone(),
        user: link.target.credentials().user,
        tls: link.target.tls.as_ref().map(|_| "TLS".to_owned()),
        is_verified: link.target.tls.as_ref().map(|tls| !tls.insecure),
        resp: None,
        checks,
        hazards: hazards_of_the_way(&link.target),
        viewer: None,
        viewer_on_request: None,
    }
}

/// What tells a part, in the server's language; empty where nothing does.
const fn command(protocol: Protocol, part: Part) -> &'static str {
    match (protocol, part) {
        (Protocol::Tyrant, Part::Server | Part::Replication) => "stat",
        (Protocol::Tyrant, Part::Keys) => "fwmkeys",
        (Protocol::Memcached, Part::Server) => "stats",
        (Protocol::Memcached, Part::Settings) => "stats settings",
        (Protocol::Memcached, Part::Clients) => "stats conns",
        (Protocol::Memcached, Part::Slabs) => "stats slabs",
        (Protocol::Memcached, Part::Sizes) => "stats sizes",
        (Protocol::Memcached, Part::Prefixes) => "stats detail dump",
        (Protocol::Memcached, Part::Keys) => "lru_crawler metadump",
        (Protocol::Memcached, Part::Commands) => "watch",
        _ => "",
    }
}

/// Looks a minute that a budget of its default size allows, when one takes `micros`.
fn looks_a_minute(micros: f64) -> f64 {
    let options = PollOptions::default();
    60.0 / options.interval.as_secs_f64().max(micros / 1e6 / options.budget)
}

/// What is dangerous about the way to the server.
fn hazards_of_the_way(target: &Target) -> Vec<String> {
    let mut hazards = Vec::new();
    let is_far = match &target.endpoint {
        Endpoint::Unix(_) => false,
        Endpoint::Tcp { host, .. } => {
            host != "localhost"
                && !host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
        }
    };
    match &target.tls {
        Some(tls) if tls.insecure => hazards.push(
            "insecure=1: nobody checked whose certificate it is, so whoever stands between can \
             read the password and make up what is shown"
                .to_owned(),
        ),
        None if is_far && target.password.is_some() => hazards.push(
            "the password goes over the network in the clear: use TLS where the server has it"
                .to_owned(),
        ),
        _ => {}
    }
    hazards
}
