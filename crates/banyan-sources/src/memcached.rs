//! memcached 1.4 to 1.6: what `stats` and its kin tell, over the text protocol or, with SASL, the binary
//! one.
//!
//! Source: `doc/protocol.txt` of memcached. The server does not say what a connection did last, its
//! bytes or its thread, so those are unknown here.

mod binary;
mod connection;
mod dump;
mod keys;
mod log;
mod meta;
mod poll;
mod question;
mod sections;
mod stats;
mod text;
mod window;

pub use self::meta::items;
pub(crate) use self::{keys::Dump, poll::Poller, window::observe};
