//! `banyan cache watch`

mod changes;

use std::{
    io::Write as _,
    process::ExitCode,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use banyan_topology::Topology;
use banyan_view::texts::Language;

use self::changes::{Change, changes};
use super::{
    ServerArgs,
    findings::{language, seconds},
    follow::{Follow, Sight, follow},
    window::window,
};
use crate::command::print;

/// Follow a server and print a line for each change: connections that come, go, wait or die, findings
/// that begin and end, servers of a fleet that change, keys that somebody waits for.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    #[command(flatten)]
    server: ServerArgs,

    /// How long to watch, in seconds [default: until it is ended].
    #[arg(long = "for", value_name = "SECS", value_parser = seconds)]
    span: Option<f64>,

    /// Between two looks, in seconds; longer where the budget asks for it.
    #[arg(long, value_name = "SECS", default_value_t = 0.5, value_parser = seconds)]
    interval: f64,

    /// Language of the findings: en or zh-CN.
    #[arg(long, value_name = "TAG", default_value = "en", value_parser = language)]
    lang: Language,

    /// Walk the keys too, for findings about them.
    #[arg(long)]
    keys: bool,

    /// See every command for the first so many seconds (at most 10), to tell who waits for which key
    /// and who touches what. MONITOR costs the server about as much again as the commands themselves.
    #[arg(long, value_name = "SECS")]
    monitor: Option<f64>,
}

pub(super) async fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let link = args.server.link()?;
    let plan = Follow {
        interval: Duration::from_secs_f64(args.interval),
        span: args.span.map(Duration::from_secs_f64),
        with_keys: args.keys,
        window: args.monitor.map(window).transpose()?,
    };
    let mut earlier: Option<Topology> = None;
    let mut out = std::io::stdout();
    let followed = follow(&link, plan, |sight| {
        let now = match sight {
            Sight::Look(topology) => topology.taken_at_millis,
            Sight::Up(at) => *at,
            Sight::Down(_) => now_millis(),
        };
        let lines = match sight {
            Sight::Look(topology) => {
                let lines = changes(earlier.as_ref(), topology, args.lang);
                earlier = Some(Topology::clone(topology));
                lines
            }
            Sight::Up(_) => vec![Change::up()],
            Sight::Down(fault) => vec![Change::down(fault)],
        };
        for line in lines {
            if args.server.json {
                writeln!(out, "{}", line.json(now))?;
            } else {
                writeln!(out, "{}  {}", clock(now), print::plain(&line.text))?;
            }
        }
        Ok(out.flush()?)
    })
    .await?;
    if followed.topology.is_none() {
        let fault = followed.fault.map_or_else(|| "no answer in time".into(), |it| it.to_string());
        anyhow::bail!("{}: {fault}", link.target);
    }
    Ok(ExitCode::SUCCESS)
}

fn now_millis() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
}

/// `13:05:09.250` in UTC.
fn clock(millis: u64) -> String {
    let secs = millis / 1000;
    let (hours, minutes) = (secs / 3600 % 24, secs / 60 % 60);
    format!("{hours:02}:{minutes:02}:{:02}.{:03}Z", secs % 60, millis % 1000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock() {
        assert_eq!(clock(0), "00:00:00.000Z");
        assert_eq!(clock(1_700_000_000_250), "22:13:20.250Z");
    }
}
