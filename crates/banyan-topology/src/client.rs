//! One connection that a server holds.

use serde::{Deserialize, Serialize};

/// The server's own number for a connection. Numbers start again at 1 when a server restarts, so
/// they mean something only together with [`crate::ServerFacts::run_id`].
pub type ClientId = u64;

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
    /// State of the TCP connection in the server's kernel.
    pub tcp_state: Option<String>,
    /// Whether this is one of Banyan's own connections.
    pub own: bool,
}
