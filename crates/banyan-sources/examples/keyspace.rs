//! How fast keys are walked, against `redis-cli --memkeys`, which gathers less.
//!
//! ```text
//! cargo run --release -p banyan-sources --example keyspace [KEYS]
//! ```
//!
//! Starts a private redis-server, fills it, and prints for each walk the seconds that it takes and the
//! seconds of the server's processor. Nobody else should be at work on the machine.

#![expect(clippy::print_stdout, reason = "its output is what an example is for")]

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    time::Instant,
};

use banyan_sources::{Link, WalkOptions, demo::start_redis_with, keys};

const PREFIXES: [(&str, u32); 4] = [("user", 70), ("session", 25), ("lock", 4), ("x", 1)];
const TURNS: u32 = 3;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let count: u32 = std::env::args().nth(1).map_or(Ok(1_000_000), |text| text.parse())?;
    let dir = std::env::temp_dir();
    let server = start_redis_with(&dir, None, &["--enable-debug-command", "yes"]).await?;
    for (prefix, percent) in PREFIXES {
        let keys = count / 100 * percent;
        say(server.port, &format!("DEBUG POPULATE {keys} {prefix} 20"))?;
    }
    let pid = server.pid().ok_or("the server is gone")?;
    let port = server.port.to_string();
    println!("{count} keys; best of {TURNS}");

    let cli = |more: &'static str| {
        let port = port.clone();
        async move {
            let mut command = Command::new("redis-cli");
            command.args(["-p", &port, more]).stdout(Stdio::null());
            let done = tokio::task::spawn_blocking(move || command.status()).await;
            done.map_err(|error| error.to_string())?.map_err(|error| error.to_string()).map(drop)
        }
    };
    let memkeys = best(pid, "redis-cli --memkeys", || cli("--memkeys")).await?;
    best(pid, "redis-cli --bigkeys", || cli("--bigkeys")).await?;
    let walk = |budget: f64| {
        let link = Link::new(server.target.clone());
        async move {
            let options = WalkOptions { budget, ..WalkOptions::default() };
            keys(&link, options, |_| {}).await.map(drop).map_err(|fault| fault.to_string())
        }
    };
    let full = best(pid, "banyan, budget 100 %", || walk(1.0)).await?;
    println!("ratio to --memkeys: {:.2}", full / memkeys);
    let estimate = || {
        let link = Link::new(server.target.clone());
        async move {
            let options = WalkOptions { is_estimate_enough: true, ..WalkOptions::default() };
            keys(&link, options, |_| {}).await.map(drop).map_err(|fault| fault.to_string())
        }
    };
    best(pid, "banyan, first estimate, budget 5 %", estimate).await?;
    let (begin, cpu) = (Instant::now(), cpu_secs(pid)?);
    walk(0.05).await?;
    let (wall, cpu) = (begin.elapsed().as_secs_f64(), cpu_secs(pid)? - cpu);
    println!("budget 5 %: {wall:.1} s, server {cpu:.2} s, a share of {:.1} %", cpu / wall * 100.0);
    Ok(())
}

/// Runs it some times and returns the seconds of the fastest.
async fn best<F>(pid: u32, name: &str, mut run: impl FnMut() -> F) -> Outcome<f64>
where
    F: Future<Output = Result<(), String>>,
{
    let mut best = (f64::MAX, 0.0);
    for _ in 0..TURNS {
        let (begin, cpu) = (Instant::now(), cpu_secs(pid)?);
        run().await?;
        let wall = begin.elapsed().as_secs_f64();
        if wall < best.0 {
            best = (wall, cpu_secs(pid)? - cpu);
        }
    }
    println!("{name}: {:.2} s, server {:.2} s", best.0, best.1);
    Ok(best.0)
}

/// Processor time of a process so far. Linux counts it in hundredths of a second.
fn cpu_secs(pid: u32) -> Outcome<f64> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat"))?;
    let fields = stat.rsplit(')').next().unwrap_or_default().split_whitespace();
    let ticks: f64 = fields.skip(11).take(2).filter_map(|field| field.parse::<f64>().ok()).sum();
    Ok(ticks / 100.0)
}

fn say(port: u16, line: &str) -> Outcome<()> {
    let mut stream = BufReader::new(TcpStream::connect(("127.0.0.1", port))?);
    stream.get_mut().write_all(format!("{line}\r\n").as_bytes())?;
    let mut reply = String::new();
    stream.read_line(&mut reply)?;
    if reply.starts_with('+') { Ok(()) } else { Err(reply.into()) }
}
