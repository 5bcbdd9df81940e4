//! The servers whose keys are walked: one, or all masters of a cluster, of a Sentinel, or of a ring.

use std::{collections::BTreeMap, future::poll_fn, pin::Pin, task::Poll};

use banyan_topology::{Fault, FaultKind, MissingServer, Part, Withheld};

use crate::{
    fleet::Masters,
    link::{Link, Own},
    redis::{
        command::RedisCommand, connection::Connection, info::Info, poll::refusal, resp::Reply,
        version::is_at_least,
    },
    watch::Deadlines,
};

const KEYSPACE: &[&str] = &["keyspace"];
const SERVER: &[&str] = &["server"];

/// One of them, with a connection of the walk's own.
pub(super) struct Node<'a> {
    /// Index in [`Masters::links`].
    at: usize,
    pub(super) link: &'a Link,
    pub(super) connection: Connection<'a>,
    _own: Option<Own<'a>>,
    /// Keys of each database, as the server says; the target's own database, of an unknown number of
    /// keys, where it does not.
    pub(super) totals: BTreeMap<u32, u64>,
    /// Whether the server says [`Self::totals`].
    pub(super) is_counted: bool,
    /// Commands that the server refuses: each refusal is an entry in its log of them.
    pub(super) refused: Vec<&'static str>,
    /// Whether values can be read without a trace, once it has been asked.
    pub(super) reads_untouched: Option<bool>,
}

/// Connects to all servers that `nodes` has not, each within its own deadline. Those of a ring that do
/// not answer are the result.
///
/// # Errors
///
/// When nobody answers, or not all do that together hold the keys by another rule: who took over is
/// asked again then.
pub(super) async fn open<'a>(
    nodes: &mut Vec<Node<'a>>,
    servers: &'a Masters,
    deadlines: Deadlines,
) -> Result<Vec<MissingServer>, Fault> {
    let is_open = |at: usize| nodes.iter().any(|node| node.at == at);
    let closed: Vec<usize> = (0..servers.links.len()).filter(|at| !is_open(*at)).collect();
    let links = closed.iter().filter_map(|at| Some((*at, servers.links.get(*at)?)));
    let tries: Vec<_> = links.map(|(at, link)| Node::open(at, link, deadlines)).collect();
    let mut missing = Vec::new();
    let mut first = None;
    for (at, opened) in closed.into_iter().zip(all(tries).await) {
        let share_ppm = servers.shares_ppm.get(at).copied();
        match (opened, share_ppm) {
            (Ok(node), _) => nodes.push(node),
            (Err(fault), None) => return Err(fault),
            (Err(fault), Some(share_ppm)) => {
                let link = servers.links.get(at);
                let addr = link.map(|link| link.target.endpoint.to_string()).unwrap_or_default();
                missing.push(MissingServer { addr, reason: fault.to_string(), share_ppm });
                first.get_or_insert(fault);
            }
        }
    }
    if nodes.is_empty() {
        return Err(first.unwrap_or_else(|| Fault::new(FaultKind::Other, "no server holds keys")));
    }
    nodes.sort_by_key(|node| node.at);
    Ok(missing)
}

/// The servers that are not among `nodes`.
pub(super) fn closed(nodes: &[Node<'_>], servers: &Masters) -> Vec<Link> {
    let all = servers.links.iter().enumerate();
    let closed = all.filter(|(at, _)| nodes.iter().all(|node| node.at != *at));
    closed.map(|(_, link)| link.clone()).collect()
}

/// What all of the futures give, which go on at the same time.
async fn all<F: Future>(futures: Vec<F>) -> Vec<F::Output> {
    let mut futures: Vec<Pin<Box<F>>> = futures.into_iter().map(Box::pin).collect();
    let mut outputs: Vec<Option<F::Output>> = futures.iter().map(|_| None).collect();
    poll_fn(|context| {
        let mut is_done = true;
        for (future, output) in futures.iter_mut().zip(&mut outputs) {
            if output.is_none()
                && let Poll::Ready(ready) = future.as_mut().poll(context)
            {
                *output = Some(ready);
            }
            is_done &= output.is_some();
        }
        if is_done { Poll::Ready(()) } else { Poll::Pending }
    })
    .await;
    outputs.into_iter().flatten().collect()
}

impl<'a> Node<'a> {
    async fn open(at: usize, link: &'a Link, deadlines: Deadlines) -> Result<Self, Fault> {
        let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
        let _own = connection.mark_as_own(link).await?;
        Ok(Self {
            at,
            link,
            connection,
            _own,
            totals: BTreeMap::new(),
            is_counted: false,
            refused: Vec::new(),
            reads_untouched: None,
        })
    }

    /// Asks for [`Self::totals`].
    pub(super) async fn look_at_totals(
        &mut self,
        withheld: &mut Vec<Withheld>,
    ) -> Result<(), Fault> {
        match self.connection.call(RedisCommand::Info(KEYSPACE)).await? {
            Reply::Bulk(text) => {
                let databases = Info::parse(&text).databases();
                self.totals = databases.iter().map(|facts| (facts.db, facts.keys)).collect();
                self.is_counted = true;
            }
            reply => {
                let reason = refusal(&reply)?;
                if !withheld.iter().any(|withheld| withheld.part == Part::Server) {
                    withheld.push(Withheld { part: Part::Server, reason });
                }
                self.totals = [(self.link.target.db, 0)].into();
                self.is_counted = false;
            }
        }
        Ok(())
    }

    /// Whether values can be read without a trace (CLIENT NO-TOUCH). A refusal holds as long as the
    /// connection: each is an entry in the server's log of them.
    pub(super) async fn reads_untouched(&mut self) -> Result<bool, Fault> {
        if let Some(reads) = self.reads_untouched {
            return Ok(reads);
        }
        let version = match self.connection.call(RedisCommand::Info(SERVER)).await? {
            Reply::Bulk(text) => Info::parse(&text).server_facts().version,
            _ => String::new(),
        };
        let is_new_enough = version.is_empty() || is_at_least(&version, (7, 2));
        let reads = is_new_enough
            && matches!(self.connection.call(RedisCommand::ClientNoTouch).await?, Reply::Simple(_));
        self.reads_untouched = Some(reads);
        Ok(reads)
    }

    pub(super) fn total(&self) -> u64 {
        self.totals.values().sum()
    }

    /// `false`, with the reason withheld, where the database is not permitted.
    pub(super) async fn select(
        &mut self,
        db: u32,
        withheld: &mut Vec<Withheld>,
    ) -> Result<bool, Fault> {
        let reply = self.connection.call(RedisCommand::Select(db)).await?;
        if let Reply::Error(_) = reply {
            let reason = format!("db{db}: {}", refusal(&reply)?);
            let refused = Withheld { part: Part::Keys, reason };
            if !withheld.contains(&refused) {
                withheld.push(refused);
            }
            return Ok(false);
        }
        Ok(true)
    }
}
