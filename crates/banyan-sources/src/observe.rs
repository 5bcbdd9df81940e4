//! A window in which every command of a server is seen, of whichever protocol.

use banyan_topology::{Fault, FaultKind, Window};

use crate::{link::Link, memcached, redis, redis::ObserveOptions, target::Protocol};

/// Opens a window. What it shows goes into [`Link`], and from there into each topology that is looked
/// at afterwards: who touches what and, of Redis, who waits for which key.
pub async fn observe(link: &Link, options: &ObserveOptions) -> Result<Window, Fault> {
    let other = |words: &str| Err(Fault::new(FaultKind::Other, words));
    match link.target.protocol {
        Protocol::Redis => redis::observe(link, options).await,
        Protocol::Memcached if options.reveal.is_some() => {
            other("no client of memcached waits for a key")
        }
        Protocol::Memcached => memcached::observe(link, options).await,
        Protocol::Sentinel => other("a Sentinel runs no commands on keys"),
        Protocol::Tyrant => other("Tokyo Tyrant shows its commands to nobody"),
    }
}
