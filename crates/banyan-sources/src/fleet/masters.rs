//! The servers that hold the keys of a target, for whoever walks them.

use banyan_topology::{Fault, FaultKind, NodeRole, Part, ServerKind, Withheld};

use super::{cluster, members::Dialled, ring::Ring, sentinel};
use crate::{
    link::Link,
    redis::{Connection, RedisCommand, info::Info, refusal, resp::Reply},
    target::Protocol,
    watch::Deadlines,
};

const SERVER: &[&str] = &["server"];

/// The servers whose keys together are the target's, each once.
pub struct Masters {
    /// Each with a meter of its own: its budget is its own too. A lone server, master or replica, is
    /// the link itself.
    pub links: Vec<Link>,
    /// Of a ring, the share of each of all possible keys, in parts of a million; empty of others.
    pub shares_ppm: Vec<u32>,
    /// Those that the configuration does not permit, and slots that nobody serves.
    pub withheld: Vec<Withheld>,
}

/// Finds them, over one connection to a server of the target.
///
/// # Errors
///
/// When no server of the target answers, or none knows a master.
pub async fn masters(link: &Link, deadlines: Deadlines) -> Result<Masters, Fault> {
    link.members.start(link);
    let mut found = Masters { links: Vec::new(), shares_ppm: Vec::new(), withheld: Vec::new() };
    if !link.ring.is_empty() {
        found.links = link.members.links(link);
        found.shares_ppm = Ring::of(&link.ring).shares_ppm();
        return Ok(found);
    }
    if !matches!(link.target.protocol, Protocol::Redis | Protocol::Sentinel) {
        found.links.push(link.clone());
        return Ok(found);
    }
    // The seed first; a cluster has its say without it too.
    let mut asked = ask(link, link, deadlines, &mut found.withheld).await;
    let others = link.members.links(link).into_iter().skip(1);
    for other in others.filter(|other| other.target.protocol == link.target.protocol) {
        if asked.is_ok() {
            break;
        }
        if let answer @ Ok(_) = ask(link, &other, deadlines, &mut found.withheld).await {
            asked = answer;
        }
    }
    let Some(addresses) = asked? else {
        found.links.push(link.clone());
        return Ok(found);
    };
    for address in addresses {
        let Some(serial) = link.members.enter(&address, Protocol::Redis, NodeRole::Master) else {
            continue;
        };
        let master = match link.members.dial(link, serial, deadlines).await {
            Ok(Dialled::SameAs(same)) => link.members.link(link, same),
            Ok(Dialled::Link(master)) => Some(*master),
            Ok(Dialled::NotPermitted) => None,
            Err(fault) => return Err(fault),
        };
        match master {
            Some(master) => found.links.push(master),
            None => {
                let reason = format!("{address} is not in `follow` of the configuration");
                found.withheld.push(Withheld { part: Part::Keys, reason });
            }
        }
    }
    if found.links.is_empty() {
        let reason = found.withheld.first().map_or("it knows no master", |first| &first.reason);
        return Err(Fault::new(FaultKind::Other, reason));
    }
    Ok(found)
}

/// The addresses of the masters, as the server `at` tells them. `None` if it stands alone, or is a
/// part of no more than replication.
async fn ask(
    link: &Link,
    at: &Link,
    deadlines: Deadlines,
    withheld: &mut Vec<Withheld>,
) -> Result<Option<Vec<String>>, Fault> {
    let mut connection = Connection::open(&at.target, deadlines, &at.meter).await?;
    let _own = connection.mark_as_own(at).await?;
    let server = match connection.call(RedisCommand::Info(SERVER)).await? {
        Reply::Bulk(text) => Info::parse(&text).server_facts(),
        // INFO may be forbidden where SCAN is not: then it is taken for the lone server that most are.
        reply => return refusal(&reply).map(|_| None),
    };
    if server.kind == ServerKind::Sentinel {
        let view = sentinel::ask(&mut connection, link.target.master.as_deref(), withheld).await?;
        let masters = view.unwrap_or_default().masters.into_iter();
        return Ok(Some(masters.filter_map(|watched| watched.master.address).collect()));
    }
    if server.is_cluster != Some(true) {
        return Ok(None);
    }
    let view = cluster::ask(&mut connection, withheld).await?.unwrap_or_default();
    let gaps = cluster::uncovered(&view.nodes);
    if !gaps.is_empty() {
        let reason = format!("nobody serves the slots {}", ranges(&gaps));
        withheld.push(Withheld { part: Part::Keys, reason });
    }
    let serving = view
        .nodes
        .into_iter()
        .filter(|node| !node.is_replica && !node.slots.is_empty() && !node.has_failed());
    let own = || Some(at.target.endpoint.to_string());
    Ok(Some(serving.filter_map(|node| if node.is_myself { own() } else { node.address }).collect()))
}

/// `1, 3-5`.
fn ranges(ranges: &[(u16, u16)]) -> String {
    let range = |&(first, last): &(u16, u16)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}
