//! A connection that looks at a server, of whichever protocol.

use banyan_topology::{Fault, FaultKind, Topology};

use crate::{link::Link, memcached, redis, target::Protocol, watch::Deadlines};

/// Each protocol's own poller has these three: `open`, `look`, and `spent_micros`.
pub(crate) enum Poller<'a> {
    Redis(Box<redis::Poller<'a>>),
    Memcached(Box<memcached::Poller<'a>>),
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        match link.target.protocol {
            Protocol::Redis => {
                let poller = redis::Poller::open(link, deadlines).await?;
                Ok(Self::Redis(Box::new(poller)))
            }
            Protocol::Memcached => {
                let poller = memcached::Poller::open(link, deadlines).await?;
                Ok(Self::Memcached(Box::new(poller)))
            }
            Protocol::Sentinel | Protocol::Tyrant => {
                Err(Fault::new(FaultKind::Other, "this kind of server cannot be watched yet"))
            }
        }
    }

    /// One look. What the server refuses is withheld; an error means that the connection is of no
    /// use any more.
    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        match self {
            Self::Redis(poller) => poller.look().await,
            Self::Memcached(poller) => poller.look().await,
        }
    }

    /// Microseconds of the server's time that this connection has taken so far.
    pub(crate) fn spent_micros(&self) -> f64 {
        match self {
            Self::Redis(poller) => poller.spent_micros(),
            Self::Memcached(poller) => poller.spent_micros(),
        }
    }
}
