//! How fast keys are walked, against `redis-cli --memkeys`, which gathers less.
//!
//! ```text
//! cargo run --release -p banyan-sources --example keyspace -- [--json] [KEYS]
//! ```
//!
//! Starts a private redis-server, fills it, and prints for each walk the seconds that it takes and the
//! seconds of the server's processor; with `--json` the former alone, for `cargo xtask bench`. Nobody
//! else should be at work on the machine.

#![expect(clippy::print_stdout, reason = "its output is what an example is for")]

use std::{
    error::Error,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpStream,
    process::{Command, Stdio},
    time::Instant,
};

use banyan_sources::{
    Link, WalkOptions,
    demo::{PrivateServer, start_redis_with},
    keys,
};

const PREFIXES: [(&str, u32); 4] = [("user", 70), ("session", 25), ("lock", 4), ("x", 1)];
const TURNS: u32 = 3;

type Outcome<T> = Result<T, Box<dyn Error>>;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Outcome<()> {
    let (options, numbers): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument == "--json");
    let count: u32 = numbers.first().map_or(Ok(1_000_000), |text| text.parse())?;
    let dir = std::env::temp_dir();
    let server = start_redis_with(&dir, None, &["--enable-debug-command", "yes"]).await?;
    for (prefix, percent) in PREFIXES {
        let keys = count / 100 * percent;
        say(server.port, &format!("DEBUG POPULATE {keys} {prefix} 20"))?;
    }
    let pid = server.pid().ok_or("the server is gone")?;
    // Turn by turn, so that whatever else the machine does concerns all of them.
    let mut best = [Took::WORST; RUNS.len()];
    for _ in 0..TURNS {
        for (run, best) in RUNS.into_iter().zip(&mut best) {
            let took = took(pid, run.go(&server)).await?;
            if took.wall < best.wall {
                *best = took;
            }
        }
    }
    let [memkeys, bigkeys, full, estimate] = best;
    if !options.is_empty() {
        println!(
            r#"{{"memkeys": {:.3}, "bigkeys": {:.3}, "walk": {:.3}, "estimate": {:.3}}}"#,
            memkeys.wall, bigkeys.wall, full.wall, estimate.wall
        );
        return Ok(());
    }
    println!("{count} keys; best of {TURNS}");
    for (run, best) in RUNS.into_iter().zip(&best) {
        println!("{}: {best}", run.name());
    }
    println!("ratio to --memkeys: {:.2}", full.wall / memkeys.wall);
    let slow = took(pid, walk(&server, 0.05, false)).await?;
    println!("banyan, budget 5 %: {slow}, a share of {:.1} %", slow.server / slow.wall * 100.0);
    Ok(())
}

#[derive(Clone, Copy)]
enum Run {
    Cli(&'static str),
    Walk,
    Estimate,
}

const RUNS: [Run; 4] = [Run::Cli("--memkeys"), Run::Cli("--bigkeys"), Run::Walk, Run::Estimate];

impl Run {
    const fn name(self) -> &'static str {
        match self {
            Self::Cli(option) => option,
            Self::Walk => "banyan, budget 100 %",
            Self::Estimate => "banyan, first estimate, budget 5 %",
        }
    }

    async fn go(self, server: &PrivateServer) -> Outcome<()> {
        match self {
            Self::Walk => walk(server, 1.0, false).await,
            Self::Estimate => walk(server, 0.05, true).await,
            Self::Cli(option) => {
                let mut command = Command::new("redis-cli");
                command.args(["-p", &server.port.to_string(), option]).stdout(Stdio::null());
                let status = tokio::task::spawn_blocking(move || command.status()).await??;
                if status.success() { Ok(()) } else { Err("redis-cli failed".into()) }
            }
        }
    }
}

async fn walk(server: &PrivateServer, budget: f64, is_estimate_enough: bool) -> Outcome<()> {
    let link = Link::new(server.target.clone());
    let options = WalkOptions { budget, is_estimate_enough, ..WalkOptions::default() };
    keys(&link, options, |_| {}).await.map(drop).map_err(|fault| fault.to_string().into())
}

/// Seconds: of the clock, of the server's processor, and of our own.
#[derive(Clone, Copy)]
struct Took {
    wall: f64,
    server: f64,
    own: f64,
}

impl Took {
    const WORST: Self = Self { wall: f64::MAX, server: f64::MAX, own: f64::MAX };
}

impl std::fmt::Display for Took {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:.2} s, server {:.2} s, own {:.2} s", self.wall, self.server, self.own)
    }
}

async fn took(pid: u32, run: impl Future<Output = Outcome<()>>) -> Outcome<Took> {
    let begin = Instant::now();
    let (server, own) = (cpu_secs(pid)?, cpu_secs(std::process::id())?);
    run.await?;
    let wall = begin.elapsed().as_secs_f64();
    Ok(Took { wall, server: cpu_secs(pid)? - server, own: cpu_secs(std::process::id())? - own })
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
