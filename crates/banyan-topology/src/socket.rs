//! What the kernel of a server's host knows of its connections.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// States of TCP, by the names that `ss` and RFC 9293 use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TcpState {
    Established,
    SynSent,
    SynReceived,
    FinWait1,
    FinWait2,
    TimeWait,
    Closed,
    CloseWait,
    LastAck,
    Listen,
    Closing,
}

impl TcpState {
    /// The state by its number in Linux (`include/net/tcp_states.h`).
    pub const fn of_linux(number: u8) -> Option<Self> {
        Some(match number {
            1 => Self::Established,
            2 => Self::SynSent,
            3 | 12 => Self::SynReceived,
            4 => Self::FinWait1,
            5 => Self::FinWait2,
            6 => Self::TimeWait,
            7 => Self::Closed,
            8 => Self::CloseWait,
            9 => Self::LastAck,
            10 => Self::Listen,
            11 => Self::Closing,
            _ => return None,
        })
    }

    /// As `ss` prints it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Established => "ESTAB",
            Self::SynSent => "SYN-SENT",
            Self::SynReceived => "SYN-RECV",
            Self::FinWait1 => "FIN-WAIT-1",
            Self::FinWait2 => "FIN-WAIT-2",
            Self::TimeWait => "TIME-WAIT",
            Self::Closed => "UNCONN",
            Self::CloseWait => "CLOSE-WAIT",
            Self::LastAck => "LAST-ACK",
            Self::Listen => "LISTEN",
            Self::Closing => "CLOSING",
        }
    }
}

/// What a connection's timer waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TcpTimer {
    /// To send again what was not acknowledged.
    Retransmit,
    Keepalive,
    TimeWait,
    /// To ask whether a window that was closed is open again.
    ZeroWindowProbe,
}

/// One socket of the server. Fields that only sock_diag gives are `None` where /proc/net/tcp alone
/// could be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Socket {
    pub state: TcpState,
    /// `None` if no timer runs; an established connection without any has keepalive off.
    pub timer: Option<TcpTimer>,
    /// Retransmissions of the same bytes in a row.
    pub retransmits: u32,
    /// Keepalive or window probes that nobody answered.
    pub unanswered_probes: Option<u32>,
    /// Bytes that the other end has not acknowledged.
    pub send_queue_bytes: u32,
    /// Bytes that the server has not read.
    pub receive_queue_bytes: u32,
    /// Smoothed round trip time, held still while it moves by less than a quarter.
    pub round_trip_micros: Option<u32>,
    /// Milliseconds since 1970, by the bridge's clock, of the last data and the last acknowledgement
    /// from the other end; held still between looks.
    pub data_at_millis: Option<u64>,
    pub acknowledged_at_millis: Option<u64>,
    /// Bytes sent again since the connection was opened.
    pub retransmitted_bytes: Option<u64>,
    pub inode: u64,
}

/// Sockets at the server's ports by state.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Census {
    pub states: BTreeMap<TcpState, u32>,
    /// Waiting to be accepted, and how many may wait, which /proc/net/tcp does not tell.
    pub backlog: u32,
    pub most_backlog: Option<u32>,
}
