//! How much and how long.

use std::time::Duration;

/// Limits on what browsers may take up, and on how long they may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// HTTP connections at once; more wait in the kernel's backlog.
    pub connections: usize,
    /// WebSockets at once; more are turned away.
    pub browsers: usize,
    /// A request's head has to be there within this time, counted from the opening of the connection
    /// or from the end of the request before.
    pub head: Duration,
    /// A new WebSocket has to say its hello within this time.
    pub hello: Duration,
    pub ping_every: Duration,
    /// A browser that has said nothing for this long, not even the pong to a ping, is gone.
    pub silence: Duration,
    /// A browser that cannot take a message within this time is gone too.
    pub send: Duration,
    /// How long a poller goes on after its last browser left: a reload must not start it anew.
    pub linger: Duration,
    /// How long what is under way may take after the end was asked for.
    pub drain: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 8192,
            browsers: 5000,
            head: Duration::from_secs(10),
            hello: Duration::from_secs(10),
            ping_every: Duration::from_secs(15),
            silence: Duration::from_secs(35),
            send: Duration::from_secs(30),
            linger: Duration::from_secs(10),
            drain: Duration::from_secs(3),
        }
    }
}
