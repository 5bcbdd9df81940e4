//! What a Sentinel knows: its masters, their replicas, and the other Sentinels.

use banyan_topology::{Fault, Part, Withheld};

use super::{
    address::address,
    command::FleetCommand,
    reply::{field, granted, items, number},
};
use crate::redis::{Connection, RedisCommand, resp::Reply};

/// Masters of one Sentinel that are read, and servers of one master.
const MAX_MASTERS: usize = 100;
const MAX_SERVERS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct SentinelView {
    pub(super) masters: Vec<Watched>,
}

/// A master that Sentinels watch.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Watched {
    pub(super) name: String,
    pub(super) master: Seen,
    pub(super) quorum: Option<u32>,
    pub(super) has_quorum: Option<bool>,
    pub(super) replicas: Vec<Seen>,
    /// The others: the Sentinel that was asked is not among them.
    pub(super) sentinels: Vec<Seen>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Seen {
    pub(super) address: Option<String>,
    pub(super) id: String,
    /// In the Sentinel's words, without what its role says: `s_down,o_down`.
    pub(super) state: String,
    pub(super) offset: Option<u64>,
}

/// Asks a Sentinel of all its masters, or of the one that is named `only`.
pub(super) async fn ask(
    connection: &mut Connection<'_>,
    only: Option<&str>,
    withheld: &mut Vec<Withheld>,
) -> Result<Option<SentinelView>, Fault> {
    let reply = connection.call(RedisCommand::Fleet(FleetCommand::SentinelMasters)).await?;
    let Some(reply) = granted(reply, withheld)? else { return Ok(None) };
    let mut masters: Vec<Watched> = items(&reply).iter().filter_map(watched).collect();
    masters.retain(|master| only.is_none_or(|only| master.name == only));
    masters.truncate(MAX_MASTERS);
    if let (Some(only), true) = (only, masters.is_empty()) {
        let reason = format!("the Sentinel knows no master named {only}");
        withheld.push(Withheld { part: Part::Fleet, reason });
    }
    for master in &mut masters {
        let name = || master.name.clone();
        let commands = [
            FleetCommand::SentinelReplicas(name()),
            FleetCommand::SentinelSentinels(name()),
            FleetCommand::SentinelCkquorum(name()),
        ]
        .map(RedisCommand::Fleet);
        let replies = connection.pipeline(&commands).await?;
        let [replicas, sentinels, quorum] = replies.as_slice() else { continue };
        master.replicas = items(replicas).iter().take(MAX_SERVERS).filter_map(seen).collect();
        master.sentinels = items(sentinels).iter().take(MAX_SERVERS).filter_map(seen).collect();
        master.has_quorum = has_quorum(quorum);
    }
    Ok(Some(SentinelView { masters }))
}

fn watched(reply: &Reply) -> Option<Watched> {
    let quorum = number(reply, "quorum").and_then(|quorum| quorum.try_into().ok());
    let name = field(reply, "name")?;
    Some(Watched { name, master: seen(reply)?, quorum, ..Watched::default() })
}

fn seen(reply: &Reply) -> Option<Seen> {
    let flags = field(reply, "flags").unwrap_or_default();
    let roles = ["master", "slave", "sentinel"];
    let state: Vec<&str> = flags.split(',').filter(|flag| !roles.contains(flag)).collect();
    let (host, port) = (field(reply, "ip")?, field(reply, "port")?);
    Some(Seen {
        address: address(&host, &port),
        id: field(reply, "runid").unwrap_or_default(),
        state: state.join(","),
        offset: number(reply, "slave-repl-offset"),
    })
}

/// `OK 3 usable Sentinels. ...`, or `NOQUORUM ...`, or `NOGOODSLAVE` of a failover that has no use.
fn has_quorum(reply: &Reply) -> Option<bool> {
    match reply {
        Reply::Simple(words) | Reply::Bulk(words) => Some(words.starts_with(b"OK")),
        Reply::Error(words) if words.starts_with(b"NOQUORUM") => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::redis::resp::{Decoded, decode};

    fn reply(facts: &[&str]) -> Reply {
        Reply::Array(facts.iter().map(|fact| Reply::Bulk(fact.as_bytes().to_vec())).collect())
    }

    #[test]
    fn masters_and_replicas() {
        let facts = ["name", "main", "ip", "10.0.0.1", "port", "6379", "runid", "ab", "flags"];
        let master = [&facts[..], &["s_down,o_down,master", "quorum", "2"]].concat();
        let master = watched(&reply(&master)).unwrap();
        assert_eq!((master.name.as_str(), master.quorum), ("main", Some(2)));
        assert_eq!(master.master.address.as_deref(), Some("10.0.0.1:6379"));
        assert_eq!(master.master.state, "s_down,o_down");
        let replica = ["ip", "::1", "port", "1", "flags", "slave", "slave-repl-offset", "77"];
        let replica = seen(&reply(&replica)).unwrap();
        assert_eq!((replica.address.as_deref(), replica.offset), (Some("[::1]:1"), Some(77)));
        assert_eq!(replica.state, "");
        assert_eq!(watched(&reply(&["name"])), None);
    }

    #[test]
    fn quorums() {
        let check = |bytes: &[u8], expect: Option<bool>| {
            let Ok(Decoded::Reply(reply, _)) = decode(bytes, 100) else { unreachable!() };
            assert_eq!(has_quorum(&reply), expect);
        };
        check(
            b"+OK 3 usable Sentinels. Quorum and failover authorization can be reached\r\n",
            Some(true),
        );
        check(b"-NOQUORUM 1 usable Sentinels. Not enough\r\n", Some(false));
        check(b"-NOPERM no\r\n", None);
    }

    proptest::proptest! {
        #[test]
        fn any_answer_is_servers_or_none(
            facts in proptest::collection::vec(
                "(name|ip|port|runid|flags|quorum|slave-repl-offset|[0-9]{0,20}|-1|::1|s_down,,|\\PC{0,9})",
                0..20,
            ),
        ) {
            let facts: Vec<&str> = facts.iter().map(String::as_str).collect();
            let told = reply(&facts);
            let lists = Reply::Array(vec![told.clone(), Reply::Null, Reply::Map(Vec::new())]);
            for server in items(&lists).iter().filter_map(seen) {
                // What is no address is not connected to.
                proptest::prop_assert!(server.address.is_none_or(|address| address.contains(':')));
            }
            let _ = (watched(&told), has_quorum(&told), has_quorum(&Reply::Error(Vec::new())));
        }
    }
}
