//! Stories of servers: what begins, what does not, what ends.

mod clients;
mod pools;
mod rest;
mod servers;
mod stored;

use super::*;
use crate::{Client, ClientState, ServerFacts, ServerKind};

/// When the stories begin, by the bridge's clock.
const START: u64 = 1_700_000_000_000;

/// A Redis, and nobody in it.
fn redis() -> Topology {
    Topology {
        taken_at_millis: START,
        server: ServerFacts {
            version: "7.0.15".into(),
            run_id: "r".into(),
            ..ServerFacts::default()
        },
        ..Topology::default()
    }
}

fn of_kind(kind: ServerKind, version: &str) -> Topology {
    let mut topology = redis();
    topology.server.kind = kind;
    topology.server.version = version.to_owned();
    topology
}

/// A connection that was opened and last used so many seconds before [`START`].
fn client(id: u64, age_secs: u64, idle_secs: u64) -> Client {
    Client {
        id,
        addr: format!("10.0.0.7:{}", 40_000 + id),
        state: ClientState::Idle,
        opened_at_millis: START - age_secs * 1000,
        active_at_millis: START - idle_secs * 1000,
        command: "get".into(),
        ..Client::default()
    }
}

fn with(mut topology: Topology, clients: impl IntoIterator<Item = Client>) -> Topology {
    topology.clients = clients.into_iter().map(|client| (client.id, client)).collect();
    topology
}

/// One look at a server that was never seen before.
#[track_caller]
fn once(topology: &Topology) -> Vec<Finding> {
    story(1, |_| topology.clone())
}

/// Looks every half second, `looks` of them; what is found at the last.
#[track_caller]
fn story(looks: u64, at: impl Fn(u64) -> Topology) -> Vec<Finding> {
    let mut observer = Observer::new();
    let mut findings = Vec::new();
    for look in 0..looks {
        let mut topology = at(look);
        topology.taken_at_millis = START + look * 500;
        findings = observer.look(&topology, None);
        for finding in &findings {
            for evidence in &finding.evidence {
                assert!(EVIDENCE.contains(&evidence.name.as_str()), "{}", evidence.name);
            }
        }
    }
    findings
}

/// The rules of `findings`, by their names.
fn rules(findings: &[Finding]) -> Vec<&'static str> {
    findings.iter().map(|finding| finding.rule.key()).collect()
}

/// The value of a fact of the only finding of `rule`.
#[track_caller]
fn fact<'a>(findings: &'a [Finding], rule: Rule, name: &str) -> &'a str {
    let finding = findings.iter().find(|finding| finding.rule == rule);
    let finding = finding.unwrap_or_else(|| panic!("no {rule:?} in {findings:?}"));
    let fact = finding.evidence.iter().find(|fact| fact.name == name);
    &fact.unwrap_or_else(|| panic!("no {name} in {finding:?}")).value
}
