//! Redis and Valkey.

mod batch;
pub mod client_list;
mod command;
mod connection;
pub mod info;
pub mod monitor;
mod notable;
mod poll;
pub mod resp;
mod waits;
mod walk;

pub use command::{OWN_NAME, RedisCommand};
pub use connection::Connection;
pub use monitor::ObserveOptions;
pub(crate) use monitor::{LONGEST_WINDOW, observe};
pub use notable::Notable;
pub(crate) use poll::{Poller, refusal};
pub(crate) use waits::Observed;
pub(crate) use walk::Walk;
pub use walk::WalkOptions;
