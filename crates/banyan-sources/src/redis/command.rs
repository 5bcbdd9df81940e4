//! Everything that Banyan may say to a Redis server.

use std::sync::Arc;

use crate::{fleet::FleetCommand, target::Password};

/// A key that several things are asked of.
pub type Key = Arc<[u8]>;

/// The commands that a viewer sends: there is no other way to a server than this enum.
///
/// None writes, and none touches the LRU clock of a key. (A key that is already expired is deleted
/// by most commands that meet it; that is the server's lazy expiry.)
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RedisCommand {
    /// RESP 3, the user, and the name of the connection in one step. Every user may say it.
    Hello {
        user: Option<String>,
        password: Option<Password>,
    },
    Auth {
        user: Option<String>,
        password: Password,
    },
    ClientSetName,
    ClientId,
    ClientList,
    /// The given sections, or the default ones. Several at once need version 7.
    Info(&'static [&'static str]),
    Select(u32),
    /// `count` is held between 10 and 1000.
    Scan {
        cursor: u64,
        count: u32,
    },
    Type(Key),
    PTtl(Key),
    /// With the default number of samples: exact sizes stall the server for big values.
    MemoryUsage(Key),
    ObjectIdleTime(Key),
    ObjectEncoding(Key),
    /// What a server knows of others.
    Fleet(FleetCommand),
    /// The first 256 bytes of a string. Said only after [`Self::ClientNoTouch`] was granted.
    ReadUntouched(Vec<u8>),
    /// The names of up to eight fields of a hash, and the three lowest scores of a sorted set with their
    /// members. Said only after [`Self::ClientNoTouch`] was granted, of values that the server keeps
    /// packed: these are small.
    FieldNames(Key),
    LowestScores(Key),
    /// All commands that the server knows, with the places of their keys.
    Command,
    /// Said only when somebody asks for it, see [`super::monitor`].
    Monitor,
    /// In broadcast mode, of all keys. Said only when somebody asks for it.
    ClientTracking,
    /// Ends a client's blocking command as if its time were over. Said only when somebody asks for
    /// just that.
    ClientUnblock(u64),
    Role,
    MemoryStats,
    MemoryDoctor,
    /// The newest entries of the slow log.
    SlowLogGet,
    LatencyLatest,
    /// All channels that have subscribers; ask INFO first how many there are.
    PubSubChannels {
        is_sharded: bool,
    },
    PubSubNumSub {
        is_sharded: bool,
        channels: Vec<Vec<u8>>,
    },
    FunctionList,
    /// The three settings that say how long an idle or dead connection is kept, and how many fit.
    ConfigGet(Setting),
    /// From here on no command of this connection touches a key's LRU clock. Version 7.2.
    ClientNoTouch,
    /// These three touch the LRU clock unless [`Self::ClientNoTouch`] went before.
    XInfoStream(Vec<u8>),
    XInfoGroups(Vec<u8>),
    XInfoConsumers {
        key: Vec<u8>,
        group: Vec<u8>,
    },
    AclWhoAmI,
}

/// What a viewer asks of the configuration, which also holds passwords.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Setting {
    Timeout,
    TcpKeepalive,
    MaxClients,
}

impl Setting {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Timeout => "timeout",
            Self::TcpKeepalive => "tcp-keepalive",
            Self::MaxClients => "maxclients",
        }
    }
}

/// Entries of the slow log that are asked for.
pub const SLOW_ENTRIES: usize = 32;

/// The name of Banyan's own connections.
pub const OWN_NAME: &str = "banyan";

impl RedisCommand {
    /// The command on the wire.
    pub fn encode(&self, out: &mut Vec<u8>) {
        use super::resp::encode;
        match self {
            Self::Hello { user, password } => {
                let mut arguments = vec![b"HELLO".as_slice(), b"3"];
                if let Some(password) = password {
                    let user = user.as_deref().unwrap_or("default");
                    arguments.extend([b"AUTH", user.as_bytes(), password.0.as_bytes()]);
                }
                arguments.extend([b"SETNAME".as_slice(), OWN_NAME.as_bytes()]);
                encode(&arguments, out);
            }
            Self::Auth { user: None, password } => encode(&[b"AUTH", password.0.as_bytes()], out),
            Self::Auth { user: Some(user), password } => {
                encode(&[b"AUTH", user.as_bytes(), password.0.as_bytes()], out);
            }
            Self::ClientSetName => encode(&[b"CLIENT", b"SETNAME", OWN_NAME.as_bytes()], out),
            Self::ClientId => encode(&[b"CLIENT", b"ID"], out),
            Self::ClientList => encode(&[b"CLIENT", b"LIST"], out),
            Self::Info(sections) => {
                let mut arguments = vec![b"INFO".as_slice()];
                arguments.extend(sections.iter().map(|section| section.as_bytes()));
                encode(&arguments, out);
            }
            Self::Select(db) => encode(&[b"SELECT", db.to_string().as_bytes()], out),
            Self::Scan { cursor, count } => {
                let count = (*count).clamp(10, 1000).to_string();
                encode(&[b"SCAN", cursor.to_string().as_bytes(), b"COUNT", count.as_bytes()], out);
            }
            Self::Type(key) => encode(&[b"TYPE", key], out),
            Self::PTtl(key) => encode(&[b"PTTL", key], out),
            Self::MemoryUsage(key) => encode(&[b"MEMORY", b"USAGE", key], out),
            Self::ObjectIdleTime(key) => encode(&[b"OBJECT", b"IDLETIME", key], out),
            Self::ObjectEncoding(key) => encode(&[b"OBJECT", b"ENCODING", key], out),
            Self::Fleet(command) => command.encode(out),
            Self::ReadUntouched(key) => encode(&[b"GETRANGE", key, b"0", b"255"], out),
            Self::FieldNames(key) => encode(&[b"HRANDFIELD", key, b"8"], out),
            Self::LowestScores(key) => {
                encode(&[b"ZRANGE", key, b"0", b"2", b"WITHSCORES"], out);
            }
            Self::Command => encode(&[b"COMMAND"], out),
            Self::Monitor => encode(&[b"MONITOR"], out),
            Self::ClientTracking => encode(&[b"CLIENT", b"TRACKING", b"ON", b"BCAST"], out),
            Self::ClientUnblock(id) => {
                encode(&[b"CLIENT", b"UNBLOCK", id.to_string().as_bytes(), b"TIMEOUT"], out);
            }
            Self::Role => encode(&[b"ROLE"], out),
            Self::MemoryStats => encode(&[b"MEMORY", b"STATS"], out),
            Self::MemoryDoctor => encode(&[b"MEMORY", b"DOCTOR"], out),
            Self::SlowLogGet => {
                encode(&[b"SLOWLOG", b"GET", SLOW_ENTRIES.to_string().as_bytes()], out);
            }
            Self::LatencyLatest => encode(&[b"LATENCY", b"LATEST"], out),
            Self::PubSubChannels { is_sharded: false } => encode(&[b"PUBSUB", b"CHANNELS"], out),
            Self::PubSubChannels { is_sharded: true } => {
                encode(&[b"PUBSUB", b"SHARDCHANNELS"], out);
            }
            Self::PubSubNumSub { is_sharded, channels } => {
                let word: &[u8] = if *is_sharded { b"SHARDNUMSUB" } else { b"NUMSUB" };
                let mut arguments = vec![b"PUBSUB".as_slice(), word];
                arguments.extend(channels.iter().map(Vec::as_slice));
                encode(&arguments, out);
            }
            Self::FunctionList => encode(&[b"FUNCTION", b"LIST"], out),
            Self::ConfigGet(setting) => {
                encode(&[b"CONFIG", b"GET", setting.name().as_bytes()], out);
            }
            Self::ClientNoTouch => encode(&[b"CLIENT", b"NO-TOUCH", b"ON"], out),
            Self::XInfoStream(key) => encode(&[b"XINFO", b"STREAM", key], out),
            Self::XInfoGroups(key) => encode(&[b"XINFO", b"GROUPS", key], out),
            Self::XInfoConsumers { key, group } => {
                encode(&[b"XINFO", b"CONSUMERS", key, group], out);
            }
            Self::AclWhoAmI => encode(&[b"ACL", b"WHOAMI"], out),
        }
    }

    /// The names of the command in INFO commandstats: of its own, and before version 7.
    pub fn stat_names(&self) -> (&'static str, &'static str) {
        match self {
            Self::Hello { .. } => ("hello", "hello"),
            Self::Auth { .. } => ("auth", "auth"),
            Self::ClientSetName => ("client|setname", "client"),
            Self::ClientId => ("client|id", "client"),
            Self::ClientList => ("client|list", "client"),
            Self::Info(_) => ("info", "info"),
            Self::Select(_) => ("select", "select"),
            Self::Scan { .. } => ("scan", "scan"),
            Self::Type(_) => ("type", "type"),
            Self::PTtl(_) => ("pttl", "pttl"),
            Self::MemoryUsage(_) => ("memory|usage", "memory"),
            Self::ObjectIdleTime(_) => ("object|idletime", "object"),
            Self::ObjectEncoding(_) => ("object|encoding", "object"),
            Self::Fleet(command) => command.stat_names(),
            Self::ReadUntouched(_) => ("getrange", "getrange"),
            Self::FieldNames(_) => ("hrandfield", "hrandfield"),
            Self::LowestScores(_) => ("zrange", "zrange"),
            Self::Command => ("command", "command"),
            Self::Monitor => ("monitor", "monitor"),
            Self::ClientTracking => ("client|tracking", "client"),
            Self::ClientUnblock(_) => ("client|unblock", "client"),
            Self::Role => ("role", "role"),
            Self::MemoryStats => ("memory|stats", "memory"),
            Self::MemoryDoctor => ("memory|doctor", "memory"),
            Self::SlowLogGet => ("slowlog|get", "slowlog"),
            Self::LatencyLatest => ("latency|latest", "latency"),
            Self::PubSubChannels { is_sharded: false } => ("pubsub|channels", "pubsub"),
            Self::PubSubChannels { is_sharded: true } => ("pubsub|shardchannels", "pubsub"),
            Self::PubSubNumSub { is_sharded: false, .. } => ("pubsub|numsub", "pubsub"),
            Self::PubSubNumSub { is_sharded: true, .. } => ("pubsub|shardnumsub", "pubsub"),
            Self::FunctionList => ("function|list", "function"),
            Self::ConfigGet(_) => ("config|get", "config"),
            Self::ClientNoTouch => ("client|no-touch", "client"),
            Self::XInfoStream(_) => ("xinfo|stream", "xinfo"),
            Self::XInfoGroups(_) => ("xinfo|groups", "xinfo"),
            Self::XInfoConsumers { .. } => ("xinfo|consumers", "xinfo"),
            Self::AclWhoAmI => ("acl|whoami", "acl"),
        }
    }

    /// The longest bulk string that its reply may hold, in bytes.
    pub fn max_bulk_bytes(&self) -> usize {
        match self {
            Self::ClientList => 64 << 20,
            _ => 1 << 20,
        }
    }
}
