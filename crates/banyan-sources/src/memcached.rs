//! memcached, as far as `stats`, `stats settings` and `stats conns` tell of it.
//!
//! Source: `doc/protocol.txt` of memcached. The server does not say what a connection did last, its
//! bytes or its thread, so those are unknown here.

mod connection;
mod poll;
mod stats;

pub(crate) use self::poll::Poller;
