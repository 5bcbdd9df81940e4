//! What the two sides say.

use banyan_topology::{Delta, Health, Keyspace, KeyspaceDelta, ServerKind, Topology};
use serde::{Deserialize, Serialize};

/// Name of a target in the bridge's configuration. The browser never names a host or a port.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct TargetId(pub String);

/// A target as the bridge lists it. The address is for people to read, not to connect to, and
/// never holds a password.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetInfo {
    pub id: TargetId,
    pub kind: ServerKind,
    pub address: String,
    /// Whether the bridge started it itself, for the demonstration.
    pub demo: bool,
}

/// What a browser wants to see of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum WatchKind {
    Connections,
    Keyspace,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watch {
    pub target: TargetId,
    pub kind: WatchKind,
    /// For [`WatchKind::Keyspace`]: what separates the parts of a key; the bridge's default if
    /// empty. At most 8 bytes.
    pub delimiter: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FromBrowser {
    /// The first message.
    Hello {
        version: u16,
    },
    /// Replaces what this browser watched of the same target and kind.
    Watch(Watch),
    Unwatch {
        target: TargetId,
        kind: WatchKind,
    },
    /// Every 15 s, and when the page is shown or hidden: hidden pages get no updates.
    Ping {
        visible: bool,
    },
    /// Walk the keys again, from the start.
    Rescan {
        target: TargetId,
    },
    /// See every command of the target for so long, at most ten seconds. What is seen comes with the
    /// topology, as its workload; that it is refused, as what is withheld.
    Observe {
        target: TargetId,
        millis: u32,
    },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ToBrowser {
    /// The answer to a hello.
    Hello {
        version: u16,
        bridge: String,
        targets: Vec<TargetInfo>,
    },
    /// The hello's version is not this bridge's; the bridge closes after it.
    WrongVersion {
        version: u16,
    },
    Health {
        target: TargetId,
        health: Health,
    },
    /// The whole state: first after a watch, and whenever deltas would not add up.
    Topology {
        target: TargetId,
        topology: Box<Topology>,
    },
    Delta {
        target: TargetId,
        delta: Box<Delta>,
    },
    /// The whole keys: first after a watch, and whenever deltas would not add up.
    Keyspace {
        target: TargetId,
        /// Of this state among those of the target.
        number: u64,
        keyspace: Box<Keyspace>,
    },
    Pong,
    /// No such target, or not allowed.
    Refused {
        target: TargetId,
    },
    /// What turns state `number - 1` of the keys into state `number`. Whoever has another one watches
    /// anew, and is sent the whole.
    KeyspaceDelta {
        target: TargetId,
        number: u64,
        delta: Box<KeyspaceDelta>,
    },
}
