//! A window of `watch`: every read and write of items, for a short time.
//!
//! The server's workers write into a buffer and never wait for it; what does not fit is skipped. It is
//! opened only when somebody asks for it, one at a time, on a connection of its own that is drained
//! at full speed.

use std::time::Duration;

use banyan_topology::{Fault, FaultKind, Window, printable};
use tokio::time::{Instant, timeout_at};

use super::{
    binary::LACKING,
    connection::Connection,
    log::Sampler,
    question::{Question, WATCH, WATCH_DELETIONS_TOO},
    stats::{number, text},
    text::Stats,
};
use crate::{
    clock::now_millis,
    link::Link,
    redis::{LONGEST_WINDOW, ObserveOptions},
};

/// Bytes of a window; then it closes before its time.
const MAX_WINDOW_BYTES: u64 = 8 << 20;
/// What a line costs the server's logger, in microseconds; about what a command costs.
const LINE_MICROS: f64 = 1.0;

/// Opens a window; see [`crate::observe`].
pub(crate) async fn observe(link: &Link, options: &ObserveOptions) -> Result<Window, Fault> {
    let Ok(_turn) = link.window.try_lock() else {
        return Err(Fault::new(FaultKind::Other, "a window is open already"));
    };
    let forbidden = |words: &str| Fault::new(FaultKind::Forbidden, words);
    let mut asking = Connection::open(link, options.deadlines).await?;
    let _own = asking.local_addr().map(|addr| link.own_addr(addr));
    if asking.is_binary() {
        return Err(forbidden(LACKING));
    }
    let before = stats(&mut asking).await?;
    let mut ear = Connection::open(link, options.deadlines).await?;
    let _own_ear = ear.local_addr().map(|addr| link.own_addr(addr));
    // One word that the version does not know makes it refuse all of them.
    let knows_deletions = text(&before, "version").is_some_and(is_at_least_1_6_20);
    let answer = ear.begin(if knows_deletions { WATCH_DELETIONS_TOO } else { WATCH }).await?;
    match answer.as_slice() {
        b"OK" => {}
        b"ERROR" => return Err(forbidden("needs 1.4.26")),
        words => return Err(forbidden(&printable(words, 256))),
    }

    let (mut stream, mut received) = ear.into_stream(None);
    let mut sampler = Sampler::new(&options.delimiter);
    let from_millis = now_millis();
    let until = Instant::now() + options.duration.min(LONGEST_WINDOW);
    let mut bytes = received.bytes.len() as u64;
    loop {
        while let Some(line) = received.line()? {
            sampler.line(line);
        }
        if bytes >= MAX_WINDOW_BYTES {
            break;
        }
        let length_before = received.bytes.len();
        match timeout_at(until, stream.read(&mut received.bytes)).await {
            Ok(read) => read?,
            Err(_) => break,
        }
        bytes += (received.bytes.len() - length_before) as u64;
    }
    drop(stream);
    let after = stats(&mut asking).await?;
    let touches = sampler.touches();
    let lines = Duration::from_secs_f64(sampler.commands as f64 * LINE_MICROS / 1e6);
    link.meter.charge_wall(3, lines);
    let window = Window {
        from_millis,
        to_millis: now_millis(),
        commands: sampler.commands,
        missed: sampler.missed.saturating_add(dropped(&after).saturating_sub(dropped(&before))),
        bytes,
    };
    link.observed().window(window, Vec::new(), touches);
    Ok(window)
}

async fn stats(connection: &mut Connection) -> Result<Stats, Fault> {
    let stats = connection.ask(Question::Stats).await?;
    stats.map_err(|reason| Fault::new(FaultKind::Protocol, reason))
}

/// Lines that workers had no room for, since the server's start.
fn dropped(stats: &Stats) -> u64 {
    number(stats, "log_worker_dropped").unwrap_or(0)
}

fn is_at_least_1_6_20(version: &str) -> bool {
    let mut parts = version.split(|c: char| !c.is_ascii_digit()).map(str::parse::<u32>);
    let mut next = || parts.next().and_then(Result::ok).unwrap_or(0);
    (next(), next(), next()) >= (1, 6, 20)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions() {
        for (version, expect) in [
            ("1.6.18", false),
            ("1.6.20", true),
            ("1.6.45-rc1", true),
            ("1.10", true),
            ("1.4.39", false),
            ("2.0", true),
            ("", false),
            ("x", false),
        ] {
            assert_eq!(is_at_least_1_6_20(version), expect, "{version}");
        }
    }
}
