//! The messages between bridge and browser: one postcard value per binary WebSocket frame.
//!
//! Both enums only ever grow at their end; a change of meaning raises [`VERSION`].

mod codec;
mod message;

pub use banyan_topology::{Fault, FaultKind, Health};
pub use codec::{DecodeError, decode, encode};
pub use message::{FromBrowser, TargetId, TargetInfo, ToBrowser, Watch, WatchKind};

/// Version of the messages. Both sides say theirs in their hello; a bridge refuses another.
pub const VERSION: u16 = 3;

/// The largest message that a browser may send, in bytes.
pub const MAX_FROM_BROWSER_BYTES: usize = 64 * 1024;
