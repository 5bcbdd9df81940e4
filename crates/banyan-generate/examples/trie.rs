//! What a tree of keys takes in memory, and how long its rows take.
//!
//! ```text
//! cargo run --release -p banyan-generate --example trie -- [--json] [KEYS]
//! ```
//!
//! Memory is what the process has at most; with `--json` that and the seconds of the filling alone, for
//! `cargo xtask bench`.

#![expect(clippy::print_stdout, reason = "its output is what an example is for")]

use std::time::Instant;

use banyan_generate::keys;
use banyan_topology::PrefixTrie;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let (options, numbers): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument == "--json");
    let count: u32 = numbers.first().map_or(Ok(10_000_000), |text| text.parse())?;
    let mut trie = PrefixTrie::new(":");
    let begin = Instant::now();
    let mut bytes = 0;
    for (key, facts) in keys(count, 1) {
        bytes += key.len();
        trie.insert(None, key.as_bytes(), facts);
    }
    let filling = secs(begin);
    let filled = memory("VmRSS")?;
    let begin = Instant::now();
    let rows = trie.rows(20_000);
    let biggest = trie.biggest(100, 0);
    let most = memory("VmHWM")?;
    if !options.is_empty() {
        println!(r#"{{"keys": {count}, "most_mb": {most}, "seconds": {filling:.3}}}"#);
        return Ok(());
    }
    println!("{count} keys of {:.1} bytes: {filling:.1} s", bytes as f64 / f64::from(count));
    println!("{} rows and the {} biggest: {:.2} s", rows.len(), biggest.len(), secs(begin));
    println!("in memory {filled} MB, at most {most} MB");
    println!("{:.0} bytes a key at most", most as f64 * 1e6 / f64::from(count));
    Ok(())
}

fn secs(begin: Instant) -> f64 {
    begin.elapsed().as_secs_f64()
}

/// A figure of `/proc/self/status`, in megabytes.
fn memory(name: &str) -> Result<u64, Box<dyn std::error::Error>> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    let kilobytes = line.and_then(|line| line.split_whitespace().next()).unwrap_or("0");
    Ok(kilobytes.parse::<u64>()? / 1000)
}
