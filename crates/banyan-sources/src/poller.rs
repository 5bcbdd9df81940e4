//! A connection that looks at a server, of whichever protocol.

use banyan_topology::{Fault, Topology};

use crate::{
    kernel::Host, link::Link, memcached, redis, target::Protocol, tyrant, watch::Deadlines,
};

/// Asks the server, and the kernel of its host where that is ours.
pub(crate) struct Poller<'a> {
    server: ServerPoller<'a>,
    host: Host,
    /// Whether the certificate of a server with TLS was checked.
    verified: Option<&'static str>,
}

/// Each protocol's own poller has these three: `open`, `look`, and `spent_micros`.
enum ServerPoller<'a> {
    Redis(Box<redis::Poller<'a>>),
    Memcached(Box<memcached::Poller<'a>>),
    Tyrant(Box<tyrant::Poller<'a>>),
}

impl<'a> Poller<'a> {
    pub(crate) async fn open(link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let server = match link.target.protocol {
            Protocol::Redis | Protocol::Sentinel => {
                let poller = redis::Poller::open(link, deadlines).await?;
                ServerPoller::Redis(Box::new(poller))
            }
            Protocol::Memcached => {
                let poller = memcached::Poller::open(link, deadlines).await?;
                ServerPoller::Memcached(Box::new(poller))
            }
            Protocol::Tyrant => {
                let poller = tyrant::Poller::open(link, deadlines).await?;
                ServerPoller::Tyrant(Box::new(poller))
            }
        };
        let host = Host::new(link.target.endpoint.clone());
        let verified = link.target.tls.as_ref().map(|tls| if tls.insecure { "no" } else { "yes" });
        Ok(Self { server, host, verified })
    }

    /// One look. What the server refuses is withheld; an error means that the connection is of no
    /// use any more.
    pub(crate) async fn look(&mut self) -> Result<Topology, Fault> {
        let mut topology = match &mut self.server {
            ServerPoller::Redis(poller) => poller.look().await?,
            ServerPoller::Memcached(poller) => poller.look().await?,
            ServerPoller::Tyrant(poller) => poller.look().await?,
        };
        if let Some(verified) = self.verified {
            let facts = topology.sections.entry("connection".to_owned()).or_default();
            facts.insert("verified".to_owned(), verified.to_owned());
        }
        self.host.complete(&mut topology).await;
        if let ServerPoller::Tyrant(poller) = &self.server {
            poller.adopt_clients(&mut topology);
        }
        Ok(topology)
    }

    /// The connection, where it speaks as Redis does, for questions besides a look's own.
    pub(crate) fn redis_connection(&mut self) -> Option<&mut redis::Connection<'a>> {
        match &mut self.server {
            ServerPoller::Redis(poller) => Some(poller.connection()),
            ServerPoller::Memcached(_) | ServerPoller::Tyrant(_) => None,
        }
    }

    /// Microseconds of the server's time that this connection has taken so far.
    pub(crate) fn spent_micros(&self) -> f64 {
        match &self.server {
            ServerPoller::Redis(poller) => poller.spent_micros(),
            ServerPoller::Memcached(poller) => poller.spent_micros(),
            ServerPoller::Tyrant(poller) => poller.spent_micros(),
        }
    }
}
