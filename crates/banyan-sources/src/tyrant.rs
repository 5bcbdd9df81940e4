//! Tokyo Tyrant 1.1, in its binary protocol.
//!
//! The server tells no connections. It has a fixed number of workers: a request that is not whole, and
//! every stream to a replica, holds one for as long as it lasts. So nothing here asks for a stream,
//! and nothing uses the iterator, of which a database has one for everybody.

mod codec;
mod command;
mod connection;
mod facts;
mod keys;
mod newest;
mod poll;
mod replication;

pub(crate) use self::{keys::Keys, poll::Poller};
