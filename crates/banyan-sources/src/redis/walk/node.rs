//! The servers whose keys are walked: one, or all masters of a cluster, of a Sentinel, or of a ring.

use std::collections::BTreeMap;

use banyan_topology::{Fault, Part, Withheld};

use crate::{
    fleet::masters,
    link::{Link, Own},
    redis::{
        command::RedisCommand, connection::Connection, info::Info, poll::refusal, resp::Reply,
    },
    watch::Deadlines,
};

const KEYSPACE: &[&str] = &["keyspace"];

/// One of them, with a connection of the walk's own.
pub(super) struct Node<'a> {
    pub(super) link: &'a Link,
    pub(super) connection: Connection<'a>,
    _own: Option<Own<'a>>,
    /// Keys of each database, as the server says; the target's own database, of an unknown number of
    /// keys, where it does not.
    pub(super) totals: BTreeMap<u32, u64>,
    /// Whether values can be read without a trace, once it has been asked.
    pub(super) reads_untouched: Option<bool>,
}

/// The links of a target's servers, and what is not walked.
pub(super) async fn links(
    link: &Link,
    deadlines: Deadlines,
) -> Result<(Vec<Link>, Vec<Withheld>), Fault> {
    let found = masters(link, deadlines).await?;
    Ok((found.links, found.withheld))
}

impl<'a> Node<'a> {
    pub(super) async fn open_all(
        links: &'a [Link],
        deadlines: Deadlines,
    ) -> Result<Vec<Self>, Fault> {
        let mut nodes = Vec::with_capacity(links.len());
        for link in links {
            let mut connection = Connection::open(&link.target, deadlines, &link.meter).await?;
            let _own = connection.mark_as_own(link).await?;
            let totals = BTreeMap::new();
            nodes.push(Self { link, connection, _own, totals, reads_untouched: None });
        }
        Ok(nodes)
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
            }
            reply => {
                let reason = refusal(&reply)?;
                if !withheld.iter().any(|withheld| withheld.part == Part::Server) {
                    withheld.push(Withheld { part: Part::Server, reason });
                }
                self.totals = [(self.link.target.db, 0)].into();
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
        let reply = self.connection.call(RedisCommand::ClientNoTouch).await?;
        let reads = matches!(reply, Reply::Simple(_));
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
