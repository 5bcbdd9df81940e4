//! What is known of a cache at one moment: server, threads, connections, replication, keys.
//!
//! Knows no sockets and no drawing. These types are also what travels to the browser, so fields and
//! variants are only ever added at the end.

pub mod client;
pub mod delta;
pub mod health;
pub mod keyspace;
pub mod printable;
pub mod server;

pub use client::{Client, ClientId, ClientState};
pub use delta::Delta;
pub use health::{Fault, FaultKind, Health};
pub use keyspace::{Inserted, KeyFacts, KeyType, Keyspace, PrefixNode, PrefixTrie};
pub use printable::printable;
pub use server::{
    Cost, Part, ReplicaFacts, Replication, ServerFacts, ServerKind, Thread, Topology, Withheld,
};
