//! What is wrong with a target, said with its evidence.
//!
//! A finding names its rule; what the rule means and what to do about it are texts of the interface
//! (`finding_<rule>`, `finding_<rule>_why`, `finding_<rule>_remedy` in `locales/`).

use serde::{Deserialize, Serialize};

use crate::client::ClientId;

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Loses data or work now.
    Critical,
    /// Will, if nobody acts.
    Warning,
    /// Worth knowing.
    Notice,
}

/// What a finding is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    Server,
    /// Index in [`crate::Fleet::nodes`].
    Node(u16),
    Client(ClientId),
    /// Connections that share a name, a library or an address.
    Clients(Vec<ClientId>),
    /// Printable.
    Key {
        db: u32,
        key: String,
    },
    Prefix {
        db: u32,
        prefix: String,
    },
    /// A slab class of memcached.
    SlabClass(u32),
    /// The same of one server among several: its index in [`crate::Fleet::nodes`].
    NodeSlabClass {
        node: u16,
        class: u32,
    },
}

/// One fact that a finding, a role or a death rests on: `idle_secs` = `9123`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Evidence {
    /// Key of the text in `locales/`: `evidence_<name>`.
    pub name: String,
    pub value: String,
}

impl Evidence {
    pub fn new(name: &str, value: impl std::fmt::Display) -> Self {
        Self { name: name.to_owned(), value: format!("{value}") }
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    pub rule: Rule,
    pub severity: Severity,
    pub subject: Subject,
    pub evidence: Vec<Evidence>,
    /// When it was first seen, by the bridge's clock.
    pub since_millis: u64,
}

macro_rules! rules {
    ($($(#[$doc:meta])* $name:ident = $key:literal),* $(,)?) => {
        /// What can be wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Rule {
            $($(#[$doc])* #[serde(rename = $key)] $name),*
        }

        impl Rule {
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The name in JSON and in `locales/`.
            pub const fn key(self) -> &'static str {
                match self {
                    $(Self::$name => $key),*
                }
            }
        }
    };
}

rules! {
    /// A client whose other end is gone waits in a blocking command: it will swallow the next job.
    DeadBlockedClient = "dead_blocked_client",
    DeadClient = "dead_client",
    /// Idle for long, and nothing would notice its death.
    IdleWithoutKeepalive = "idle_without_keepalive",
    /// Ever more idle connections of one kind.
    LeakingPool = "leaking_pool",
    /// Connections of one kind end and come again after about a second: timeouts of the client.
    ReconnectChurn = "reconnect_churn",
    GrowingOutputBuffer = "growing_output_buffer",
    /// One connection that selects one database after another, as shared connections do.
    ChangingDatabase = "changing_database",
    OpenTransaction = "open_transaction",
    /// A command of which only the beginning came.
    HalfSentCommand = "half_sent_command",
    /// The server has not closed what its clients have.
    CloseWaitLeak = "close_wait_leak",
    /// Clients have not closed what the server has.
    FinWaitLeak = "fin_wait_leak",
    ReplicaLagging = "replica_lagging",
    FullResync = "full_resync",
    ReplicaLinkDown = "replica_link_down",
    NodeDown = "node_down",
    NoQuorum = "no_quorum",
    SlotsUncovered = "slots_uncovered",
    AcceptingStopped = "accepting_stopped",
    ConnectionsRejected = "connections_rejected",
    NearClientLimit = "near_client_limit",
    NearMemoryLimit = "near_memory_limit",
    Evictions = "evictions",
    SlabOutOfMemory = "slab_out_of_memory",
    QueueWithoutConsumers = "queue_without_consumers",
    ConsumersWithoutQueue = "consumers_without_queue",
    LockWithoutTtl = "lock_without_ttl",
    LockHeldLong = "lock_held_long",
    BigKey = "big_key",
    HotPrefix = "hot_prefix",
    KeysWithoutTtl = "keys_without_ttl",
    WorkersHeld = "workers_held",
    HazardousVersion = "hazardous_version",
    SlowCommands = "slow_commands",
    /// Nobody checked whose certificate the server showed.
    UnverifiedServer = "unverified_server",
    /// No more than half of the servers of a lock have it: it keeps others out and nobody in.
    LockOnMinority = "lock_on_minority",
}
