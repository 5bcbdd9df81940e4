//! Servers that belong together: who they are, a poller for each, and one topology of them all.
//!
//! ```text
//! seed ──> node ─┐                      ┌─> picture (pure: what each of them said, as a Fleet)
//!  told          ├─> session (messages) ┤
//! other ─> node ─┘                      └─> merge (all connections as one Topology)
//! ```
//!
//! Each node has a [`Link`](crate::Link), a connection and a budget of its own, so a hung one delays
//! nobody. What a server names is connected to only where the link's list permits it.

mod address;
mod belong;
mod cluster;
mod command;
mod events;
mod masters;
mod members;
mod merge;
mod node;
mod picture;
mod reply;
mod ring;
mod sentinel;
mod session;
mod slots;
mod told;
mod tyrant;

pub use command::FleetCommand;
pub use masters::{Masters, masters};
pub(crate) use members::Members;
pub use ring::Ring;
pub(crate) use session::{member, snapshot, watch};
pub use slots::slot_keys;
pub(crate) use slots::{PIPELINE, count, own_slots};
