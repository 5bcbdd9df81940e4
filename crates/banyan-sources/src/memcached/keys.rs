//! All keys of a memcached, by `lru_crawler metadump all`.
//!
//! A thread of the server's own walks the items, and writes into a buffer that we must read as fast
//! as it comes: `all` walks class by class, so that a reader that stalls holds that thread alone.
//! Never `hash`, which before 1.6.19 holds up everybody, and never `stats cachedump`.

use std::time::Duration;

use banyan_topology::{Fault, FaultKind, Keyspace, Part, Withheld, printable};
use tokio::{
    sync::mpsc,
    task::JoinSet,
    time::{sleep, timeout},
};

use super::{
    binary::LACKING,
    connection::Connection,
    dump::Item,
    question::{METADUMP, Question},
    stats::number,
    text::Received,
};
use crate::{
    gather::{Gather, Listing},
    link::Link,
    stream::Stream,
};

/// How often to ask while the crawler is at work for itself or for another, and the wait between.
const TRIES: u32 = 50;
const RETRY: Duration = Duration::from_millis(100);

/// Chunks of up to 16 KiB that wait to be read, 256 MB in all.
const MAX_WAITING_CHUNKS: usize = 16 * 1024;

/// What an item costs the server's crawler, in microseconds: 0.4 to 0.6 s for a million.
const ITEM_MICROS: f64 = 0.6;

/// The keys of a memcached.
pub(crate) struct Dump;

impl Listing for Dump {
    async fn list(
        &self,
        link: &Link,
        gather: &mut Gather,
        on_picture: &mut (impl FnMut(Keyspace) + Send),
    ) -> Result<(), Fault> {
        let deadlines = gather.options.deadlines;
        let mut connection = Connection::open(link, deadlines).await?;
        let _own = connection.local_addr().map(|addr| link.own_addr(addr));
        let stats = connection
            .ask(Question::Stats)
            .await?
            .map_err(|reason| Fault::new(FaultKind::Protocol, reason))?;
        gather.set_total(number(&stats, "curr_items"));
        let now_secs = number(&stats, "time").unwrap_or(0);

        let (mut stream, mut received) = match start(connection).await? {
            Ok(started) => started,
            Err(reason) => {
                gather.withheld.push(Withheld { part: Part::Keys, reason });
                return Ok(());
            }
        };
        let (sender, mut chunks) = mpsc::channel(MAX_WAITING_CHUNKS);
        // Reads on while we are at work. It ends with this set at the latest.
        let mut reader = JoinSet::new();
        reader.spawn(async move {
            loop {
                let mut chunk = Vec::new();
                let read = timeout(deadlines.command, stream.read(&mut chunk)).await;
                let read = read.unwrap_or_else(|_| {
                    Err(Fault::new(FaultKind::Timeout, "the dump has come to a halt"))
                });
                let is_over = read.is_err();
                if sender.send(read.map(|()| chunk)).await.is_err() || is_over {
                    return;
                }
            }
        });
        let mut items = 0_u64;
        loop {
            while let Some(line) = received.line()? {
                if line == b"END" {
                    link.meter.charge_wall(2, Duration::ZERO);
                    return Ok(());
                }
                let item = Item::parse(line)
                    .ok_or_else(|| Fault::new(FaultKind::Protocol, printable(line, 256)))?;
                gather.insert(&item.key, item.facts(now_secs), item.idle_secs(now_secs))?;
                items += 1;
            }
            link.meter.charge_wall(0, Duration::from_secs_f64(items as f64 * ITEM_MICROS / 1e6));
            items = 0;
            gather.show(on_picture).await?;
            match chunks.recv().await {
                Some(chunk) => received.bytes.extend_from_slice(&chunk?),
                None => return Err(Fault::new(FaultKind::Lost, "the dump was cut off")),
            }
        }
    }
}

/// Begins a dump. An inner error is the server's reason against it.
async fn start(mut connection: Connection) -> Result<Result<(Stream, Received), String>, Fault> {
    if connection.is_binary() {
        return Ok(Err(LACKING.to_owned()));
    }
    let mut line = Vec::new();
    for _ in 0..TRIES {
        line = connection.begin(METADUMP).await?;
        if line.starts_with(b"key=") || line == b"END" {
            return Ok(Ok(connection.into_stream(Some(&line))));
        }
        if !line.starts_with(b"BUSY") {
            break;
        }
        sleep(RETRY).await;
    }
    // A version that does not know the command has no words for it.
    Ok(Err(match line.as_slice() {
        b"ERROR" => "needs 1.4.31".to_owned(),
        line => printable(line, 256),
    }))
}
