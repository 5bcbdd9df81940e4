//! Windows in which every command of a target is seen, of whichever protocol.

use banyan_topology::{Fault, FaultKind, Window};
use tokio::task::JoinSet;

use crate::{
    fleet::{self, masters},
    link::Link,
    memcached, redis,
    redis::ObserveOptions,
    target::Protocol,
};

/// Opens a window at each server that holds keys of the target, all at once. What it shows, or that
/// it was refused, goes into each topology that is looked at afterwards: who touches what and, of
/// Redis, who waits for which key.
///
/// # Errors
///
/// When nobody lets us look, when a window is open already, and when the client that was to be woken
/// is not blocked, or its server does not belong to the target.
pub async fn observe(link: &Link, options: &ObserveOptions) -> Result<Window, Fault> {
    let links = match &options.reveal {
        Some(waking) => {
            vec![fleet::member(link, waking.server.as_deref(), options.deadlines).await?]
        }
        None => masters(link, options.deadlines).await?.links,
    };
    let mut windows = JoinSet::new();
    for link in links {
        let options = options.clone();
        windows.spawn(async move {
            let window = at_one(&link, &options).await;
            if let Err(fault) = &window {
                link.observed().refuse(fault);
            }
            window
        });
    }
    let mut all: Option<Window> = None;
    let mut fault = None;
    while let Some(window) = windows.join_next().await {
        match window {
            Ok(Ok(window)) => all = Some(all.map_or(window, |all| both(all, window))),
            Ok(Err(why)) => fault = Some(why),
            Err(error) => fault = Some(Fault::new(FaultKind::Other, error.to_string())),
        }
    }
    let nobody = || Fault::new(FaultKind::Other, "no server holds keys");
    all.ok_or_else(|| fault.unwrap_or_else(nobody))
}

async fn at_one(link: &Link, options: &ObserveOptions) -> Result<Window, Fault> {
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

/// Two windows of different servers as one.
fn both(a: Window, b: Window) -> Window {
    Window {
        from_millis: a.from_millis.min(b.from_millis),
        to_millis: a.to_millis.max(b.to_millis),
        commands: a.commands + b.commands,
        missed: a.missed + b.missed,
        bytes: a.bytes + b.bytes,
    }
}
