//! The servers that hold the keys of a target, for whoever walks them.

use banyan_topology::{Fault, FaultKind, Part, ServerKind, Withheld};

use super::{cluster, members::Dialled, sentinel};
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
    /// Those that the configuration does not permit, and slots that nobody serves.
    pub withheld: Vec<Withheld>,
}

/// Finds them: one connection to the target's server, none to the others.
///
/// # Errors
///
/// When the target's server does not answer, or knows no master.
pub async fn masters(link: &Link, deadlines: Deadlines) -> Result<Masters, Fault> {
    link.members.start(link);
    let mut found = Masters { links: Vec::new(), withheld: Vec::new() };
    if !link.ring.is_empty() {
        found.links = link.members.links(link);
        return Ok(found);
    }
    if !matches!(link.target.protocol, Protocol::Redis | Protocol::Sentinel) {
        found.links.push(link.clone());
        return Ok(found);
    }
    let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
    let _own = connection.mark_as_own(link).await?;
    let server = match connection.call(RedisCommand::Info(SERVER)).await? {
        Reply::Bulk(text) => Info::parse(&text).server_facts(),
        // INFO may be forbidden where SCAN is not: then it is taken for the lone server that most are.
        reply => {
            refusal(&reply)?;
            found.links.push(link.clone());
            return Ok(found);
        }
    };
    let addresses: Vec<String> = if server.kind == ServerKind::Sentinel {
        let only = link.target.master.as_deref();
        let view = sentinel::ask(&mut connection, only, &mut found.withheld).await?;
        view.unwrap_or_default().masters.into_iter().filter_map(|m| m.master.address).collect()
    } else if server.is_cluster == Some(true) {
        let view = cluster::ask(&mut connection, &mut found.withheld).await?.unwrap_or_default();
        let gaps = cluster::uncovered(&view.nodes);
        if !gaps.is_empty() {
            let reason = format!("nobody serves the slots {}", ranges(&gaps));
            found.withheld.push(Withheld { part: Part::Keys, reason });
        }
        let serving = view.nodes.into_iter().filter(|n| !n.is_replica && !n.slots.is_empty());
        let own = || Some(link.target.endpoint.to_string());
        serving.filter_map(|node| if node.is_myself { own() } else { node.address }).collect()
    } else {
        found.links.push(link.clone());
        return Ok(found);
    };
    for address in addresses {
        let Some((serial, _)) = link.members.enter(&address, Protocol::Redis) else { continue };
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

/// `1, 3-5`.
fn ranges(ranges: &[(u16, u16)]) -> String {
    let range = |&(first, last): &(u16, u16)| match first == last {
        true => first.to_string(),
        false => format!("{first}-{last}"),
    };
    ranges.iter().map(range).collect::<Vec<_>>().join(", ")
}
