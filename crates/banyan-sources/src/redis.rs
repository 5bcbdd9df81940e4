//! Redis and Valkey.

mod batch;
pub mod client_list;
mod command;
mod connection;
mod facts;
pub mod info;
pub mod monitor;
mod notable;
mod permit;
mod poll;
pub mod resp;
mod tracking;
mod version;
mod waits;
mod walk;

pub use command::{OWN_NAME, RedisCommand, Setting};
pub use connection::Connection;
pub(crate) use connection::is_unknown;
pub(crate) use facts::reason;
pub(crate) use info::Info;
pub use monitor::ObserveOptions;
pub(crate) use monitor::{LONGEST_WINDOW, observe};
pub use notable::Notable;
pub use permit::{Occasion, PERMITS, Permit, permit_of};
pub(crate) use poll::{Poller, learn_prices, refusal};
pub(crate) use resp::Reply;
pub(crate) use version::is_at_least;
pub(crate) use waits::Observed;
pub use walk::WalkOptions;
pub(crate) use walk::{Oldest, Walk};
