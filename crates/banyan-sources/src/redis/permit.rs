//! What access lists must permit, command by command.

use banyan_topology::Part;

/// When a command is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// By every viewer.
    Viewing,
    /// By a viewer whom the server lets; the access list that Banyan proposes does not, because
    /// the command can tell secrets too.
    IfPermitted,
    /// When a person asks for it.
    OnRequest,
}

/// A command as access lists name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// `client|list`; also its name in INFO commandstats since version 7.
    pub name: &'static str,
    pub part: Part,
    /// The first version that has it.
    pub since: (u32, u32),
    pub occasion: Occasion,
}

const fn permit(name: &'static str, part: Part, since: (u32, u32)) -> Permit {
    Permit { name, part, since, occasion: Occasion::Viewing }
}

/// All that [`super::RedisCommand`] can say to a server that holds keys, but for HELLO and AUTH,
/// which every user may say.
pub const PERMITS: &[Permit] = &[
    permit("info", Part::Server, (1, 0)),
    permit("role", Part::Replication, (2, 8)),
    permit("client|list", Part::Clients, (2, 4)),
    permit("client|id", Part::Clients, (5, 0)),
    permit("client|setname", Part::Clients, (2, 6)),
    permit("acl|whoami", Part::Server, (6, 0)),
    permit("select", Part::Keys, (1, 0)),
    permit("scan", Part::Keys, (2, 8)),
    permit("type", Part::KeyTypes, (1, 0)),
    permit("pttl", Part::KeyTtls, (2, 6)),
    permit("memory|usage", Part::KeyBytes, (4, 0)),
    permit("object|idletime", Part::KeyIdle, (2, 2)),
    permit("object|encoding", Part::Keys, (2, 2)),
    permit("memory|stats", Part::Memory, (4, 0)),
    permit("memory|doctor", Part::Memory, (4, 0)),
    permit("slowlog|get", Part::SlowLog, (2, 2)),
    permit("latency|latest", Part::Latency, (2, 8)),
    permit("pubsub|channels", Part::Channels, (2, 8)),
    permit("pubsub|numsub", Part::Channels, (2, 8)),
    permit("pubsub|shardchannels", Part::Channels, (7, 0)),
    permit("pubsub|shardnumsub", Part::Channels, (7, 0)),
    permit("function|list", Part::Functions, (7, 0)),
    permit("client|no-touch", Part::Streams, (7, 2)),
    // Older than that, and said only after it: alone they touch the LRU clock.
    permit("xinfo|stream", Part::Streams, (7, 2)),
    permit("xinfo|groups", Part::Streams, (7, 2)),
    permit("xinfo|consumers", Part::Streams, (7, 2)),
    permit("cluster|nodes", Part::Fleet, (3, 0)),
    permit("cluster|shards", Part::Fleet, (7, 0)),
    permit("cluster|links", Part::Fleet, (7, 0)),
    permit("cluster|countkeysinslot", Part::Fleet, (3, 0)),
    Permit { occasion: Occasion::OnRequest, ..permit("command", Part::Commands, (2, 8)) },
    Permit { occasion: Occasion::OnRequest, ..permit("monitor", Part::Commands, (1, 0)) },
    Permit { occasion: Occasion::OnRequest, ..permit("client|unblock", Part::Commands, (5, 0)) },
    Permit { occasion: Occasion::OnRequest, ..permit("client|tracking", Part::Tracking, (6, 0)) },
    Permit { occasion: Occasion::IfPermitted, ..permit("getrange", Part::Keys, (2, 4)) },
    Permit { occasion: Occasion::IfPermitted, ..permit("hrandfield", Part::Keys, (6, 2)) },
    Permit { occasion: Occasion::IfPermitted, ..permit("zrange", Part::Keys, (1, 2)) },
    Permit { occasion: Occasion::IfPermitted, ..permit("config|get", Part::Settings, (2, 0)) },
];

/// The entry of a command by its name.
pub fn permit_of(name: &str) -> Option<&'static Permit> {
    PERMITS.iter().find(|permit| permit.name == name)
}
