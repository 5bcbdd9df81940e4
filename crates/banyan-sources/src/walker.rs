//! A walk over the keys of a server, of whichever protocol.

use banyan_topology::{Fault, Keyspace};
use tokio::sync::Notify;

use crate::{
    gather::Gather,
    link::Link,
    memcached,
    redis::{Walk, WalkOptions},
    target::Protocol,
    tyrant,
};

/// What is known of a server's keys, from one connection to the next.
pub(crate) enum Walker {
    Redis(Box<Walk>),
    Memcached(Box<Gather>),
    Tyrant(Box<Gather>),
}

impl Walker {
    pub(crate) fn new(link: &Link, options: WalkOptions) -> Self {
        match link.target.protocol {
            Protocol::Redis | Protocol::Sentinel => Self::Redis(Box::new(Walk::new(options))),
            Protocol::Memcached => Self::Memcached(Box::new(Gather::new(options))),
            Protocol::Tyrant => Self::Tyrant(Box::new(Gather::new(options))),
        }
    }

    /// One whole walk. `on_picture` gets the pictures in between.
    pub(crate) async fn once(
        self,
        link: &Link,
        on_picture: impl FnMut(Keyspace) + Send,
    ) -> Result<Keyspace, Fault> {
        match self {
            Self::Redis(walk) => walk.once(link, on_picture).await,
            Self::Memcached(gather) => gather.once(link, &memcached::Dump, on_picture).await,
            Self::Tyrant(gather) => gather.once(link, &tyrant::Keys, on_picture).await,
        }
    }

    /// Walk after walk, until something fails.
    pub(crate) async fn follow(
        &mut self,
        link: &Link,
        rescan: &Notify,
        on_picture: impl FnMut(Keyspace) + Send,
    ) -> Fault {
        match self {
            Self::Redis(walk) => walk.follow(link, rescan, on_picture).await,
            Self::Memcached(gather) => {
                gather.follow(link, &memcached::Dump, rescan, on_picture).await
            }
            Self::Tyrant(gather) => gather.follow(link, &tyrant::Keys, rescan, on_picture).await,
        }
    }
}
