//! How the link to a server is doing.

use std::fmt;

use serde::{Deserialize, Serialize};

/// How the bridge's own link to a target is doing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Health {
    Connecting,
    /// Answers; the last answer came at this time.
    Live {
        at_millis: u64,
    },
    /// Does not answer since `since_millis`; tried again in `retry_in_millis`.
    Down {
        fault: Fault,
        since_millis: Option<u64>,
        retry_in_millis: u64,
    },
}

/// Why a target cannot be read. `detail` is the other side's own words (English, as sent).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fault {
    pub kind: FaultKind,
    pub detail: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FaultKind {
    /// Nobody listens there.
    Refused,
    /// The name cannot be resolved.
    UnknownHost,
    /// No answer within the deadline.
    Timeout,
    /// The server wants a password, or another one.
    Unauthorized,
    /// The server's access list does not allow what is needed.
    Forbidden,
    /// The connection broke.
    Lost,
    /// The server is loading its data.
    Loading,
    /// The other side does not speak this protocol.
    Protocol,
    Other,
    /// The certificate of the server, or ours, will not do.
    Untrusted,
}

impl Fault {
    pub fn new(kind: FaultKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into() }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let what = match self.kind {
            FaultKind::Refused => "nobody listens there",
            FaultKind::UnknownHost => "no such host",
            FaultKind::Timeout => "no answer in time",
            FaultKind::Unauthorized => "the server wants a password, or another one",
            FaultKind::Forbidden => "the server does not allow it",
            FaultKind::Lost => "the connection broke",
            FaultKind::Loading => "the server is loading its data",
            FaultKind::Protocol => "the other side does not speak this protocol",
            FaultKind::Untrusted => "the certificates do not satisfy",
            FaultKind::Other => "the server answered with an error",
        };
        match self.detail.as_str() {
            "" => f.write_str(what),
            detail => write!(f, "{what} ({detail})"),
        }
    }
}

impl std::error::Error for Fault {}
