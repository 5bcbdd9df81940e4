//! Clients and pollers of caches: Redis and Valkey, memcached, Tokyo Tyrant.
//!
//! One [`Link`] per server; [`watch_topology`] and [`watch_keyspace`] follow it, [`snapshot`] and
//! [`keys`] look once. What can be said to a server is a closed enum of commands that neither write
//! nor touch a key's LRU clock, and what it costs the server is metered and held under a budget.
//!
//! Knows no HTTP and no browsers, and draws nothing. Only [`demo`] writes, and only to servers that
//! it started itself.

mod allow_list;
mod clock;
pub mod demo;
pub mod doctor;
pub mod fleet;
mod gather;
pub mod kernel;
pub mod link;
mod liveness;
pub mod memcached;
mod missing;
mod observe;
mod pace;
mod poller;
mod prefix;
mod rate;
pub mod redis;
mod stream;
pub mod target;
mod tyrant;
mod walker;
mod watch;

pub use allow_list::{AllowList, Network};
pub use link::Link;
pub use observe::observe;
pub use redis::{ObserveOptions, WalkOptions};
pub use target::{Credentials, Endpoint, Password, Protocol, Target, TlsOptions};
pub use watch::{
    Deadlines, KeyspaceEvent, PollOptions, TopologyEvent, keys, snapshot, watch_keyspace,
    watch_topology,
};
