//! What is known of a cache at one moment: server, threads, connections, replication, keys.
//!
//! Knows no sockets and no drawing. These types are also what travels to the browser, so fields and
//! variants are only ever added at the end.

pub mod client;
pub mod delta;
pub mod finding;
pub mod findings;
pub mod fleet;
pub mod health;
pub mod keyspace;
pub mod printable;
pub mod server;
pub mod socket;
pub mod workload;

pub use client::{Client, ClientId, ClientState, id_on, node_of, number_of};
pub use delta::{Delta, FleetDelta};
pub use finding::{Evidence, Finding, Rule, Severity, Subject};
pub use findings::{Judged, Observer};
pub use fleet::{
    Feed, Fleet, FleetEvent, FleetKind, FleetNode, FleetTotal, Migration, NodeRole, Reach,
};
pub use health::{Fault, FaultKind, Health};
pub use keyspace::{
    Estimate, Inserted, KeyEntry, KeyFacts, KeyType, Keyspace, KeyspaceDelta, Lock, LockQuorum,
    MissingServer, PrefixNode, PrefixTrie, Role, Tracking,
};
pub use printable::printable;
pub use server::{
    Cost, Part, ReplicaFacts, Replication, Sections, ServerFacts, ServerKind, Thread, ThreadRole,
    Topology, Withheld,
};
pub use socket::{Census, Socket, TcpState, TcpTimer};
pub use workload::{
    Channel, Consumer, ConsumerGroup, LatencyEvent, Queue, SlowCommand, Stream, Touch, WaitSource,
    Waiting, Window, Workload,
};
