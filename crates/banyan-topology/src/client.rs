//! One connection that a server holds.

use serde::{Deserialize, Serialize};

use crate::{finding::Evidence, socket::Socket};

/// The server's own number for a connection. Numbers start again at 1 when a server restarts, so
/// they mean something only together with [`crate::ServerFacts::run_id`].
///
/// In a fleet of several servers the upper 16 bits are the index of the server in
/// [`crate::Fleet::nodes`]; see [`id_on`].
pub type ClientId = u64;

const NUMBER_BITS: u32 = 48;

/// The connection that server `node` of a fleet calls `number`. Numbers of 2^48 and more, which no
/// server reaches, are cut.
pub const fn id_on(node: u16, number: u64) -> ClientId {
    ((node as u64) << NUMBER_BITS) | number_of(number)
}

/// What the server itself calls the connection.
pub const fn number_of(id: ClientId) -> u64 {
    id & ((1 << NUMBER_BITS) - 1)
}

/// Index of its server in [`crate::Fleet::nodes`]; 0 where there is no fleet.
pub const fn node_of(id: ClientId) -> u16 {
    (id >> NUMBER_BITS) as u16
}

/// What a connection is doing, as far as its server says.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "snake_case")]
pub enum ClientState {
    /// Ran a command within the last second or so.
    Active,
    /// Open, quiet.
    #[default]
    Idle,
    /// Waits in a blocking command (BRPOP, XREAD BLOCK, WAIT ...).
    Blocked,
    Subscriber,
    /// A replica that this server feeds.
    Replica,
    /// The link to this server's own master.
    Master,
    Monitor,
    /// Between MULTI and EXEC.
    InMulti,
    /// Will be closed by the server.
    Closing,
}

/// One connection. `None` means that the server, or its version, does not say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Client {
    pub id: ClientId,
    /// Peer address as the server prints it: `10.0.0.7:51234`, `[::1]:51234`, `unix:/path`.
    pub addr: String,
    /// What CLIENT SETNAME said; empty if nothing. Cut at 256 bytes.
    pub name: String,
    pub state: ClientState,
    pub db: Option<u32>,
    /// Milliseconds since 1970 by the bridge's clock when the connection was opened. Held still
    /// between polls (servers say whole seconds), so that an idle connection is not a change.
    pub opened_at_millis: u64,
    /// The same for its last command.
    pub active_at_millis: u64,
    /// The last command, lower case.
    pub command: String,
    pub user: Option<String>,
    /// `redis-py 5.0` as `redis-py` and `5.0`.
    pub library: Option<String>,
    pub library_version: Option<String>,
    /// Bytes that the server holds because the client has not read them.
    pub output_bytes: Option<u64>,
    /// Bytes received of a command that is not complete.
    pub query_bytes: Option<u64>,
    /// All memory that the server spends on the connection, in bytes.
    pub memory_bytes: Option<u64>,
    pub subscriptions: u32,
    /// Commands queued in MULTI.
    pub queued_commands: Option<u32>,
    pub watched_keys: Option<u32>,
    /// RESP version.
    pub protocol: Option<u8>,
    /// The flags as the server prints them.
    pub flags: String,
    /// I/O thread of the server.
    pub thread: Option<u32>,
    /// Whether this is one of Banyan's own connections.
    pub own: bool,
    /// The server's own end of the connection, like [`Client::addr`].
    pub local_addr: Option<String>,
    /// Descriptor of the socket in the server's process.
    pub descriptor: Option<u32>,
    /// Bytes of the arguments of the command that is being read or that blocks.
    pub argument_bytes: Option<u64>,
    /// Where invalidations of CLIENT TRACKING go.
    pub redirect: Option<ClientId>,
    /// Since the connection was opened.
    pub received_bytes: Option<u64>,
    pub sent_bytes: Option<u64>,
    pub commands: Option<u64>,
    /// What the server's kernel knows of it.
    pub socket: Option<Socket>,
    /// Whether its other end is gone for good though the server believes in it. `None` where the
    /// kernel cannot be asked.
    pub is_dead: Option<bool>,
    /// Why, as facts.
    pub dead_evidence: Vec<Evidence>,
    /// Whether a thread of the server is at work for it or has it in its queue, where that is known.
    pub is_busy: Option<bool>,
}
