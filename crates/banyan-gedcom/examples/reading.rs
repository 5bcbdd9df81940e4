//! Reads and writes files and prints what is in them, how fast it went, and their diagnostics.
//!
//! `cargo run --release -p banyan-gedcom --example reading -- [--megabytes N] FILE...` repeats each
//! file, with fresh identifiers, until it has N megabytes.

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::{collections::BTreeMap, time::Instant};

use banyan_gedcom::{Records, Stage, Version, WriteOptions, read, write};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut megabytes = 0;
    let mut arguments = std::env::args().skip(1);
    while let Some(argument) = arguments.next() {
        if argument == "--megabytes" {
            megabytes = arguments.next().and_then(|number| number.parse().ok()).unwrap_or(100);
            continue;
        }
        let mut bytes = std::fs::read(&argument)?;
        if megabytes > 0 {
            bytes = repeated(&bytes, megabytes * 1_000_000);
        }
        let start = Instant::now();
        let mut starts: BTreeMap<Stage, f64> = BTreeMap::new();
        let document = read(&bytes, &mut |stage, _| {
            starts.entry(stage).or_insert_with(|| start.elapsed().as_secs_f64());
        })?;
        let seconds = start.elapsed().as_secs_f64();
        let size = f64::from(u32::try_from(bytes.len())?) / 1e6;
        let genealogy = &document.genealogy;
        println!(
            "{argument}: {} persons, {} families, {} ({}), {size:.1} MB in {:.1} ms: {:.0} MB/s",
            genealogy.persons.len(),
            document.families,
            document.encoding.name,
            document.encoding.reason.code(),
            seconds * 1e3,
            size / seconds
        );
        let linking = starts.get(&Stage::Linking).copied().unwrap_or_default();
        println!("  linking and indexing from {:.1} ms on", linking * 1e3);
        let start = Instant::now();
        let found = genealogy.search("an", 20).len();
        println!("  search: {found} shown in {:.2} ms", start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let records = Records::new(bytes, &document);
        let count = records.ids().count();
        println!("  records: {count} in {:.1} ms", start.elapsed().as_secs_f64() * 1e3);
        let start = Instant::now();
        let lines: usize = records.ids().map(|id| records.lines(id).count()).sum();
        println!("  lines: {lines}, {:.0} MB/s", size / start.elapsed().as_secs_f64());
        for version in [Version::V551, Version::V7] {
            let start = Instant::now();
            let options = WriteOptions { version, ..WriteOptions::default() };
            let mut written = Counted(0);
            write(&records, &options, &mut written, &mut |_| {})?;
            let seconds = start.elapsed().as_secs_f64();
            let (name, written) = (version.name(), written.0 as f64 / 1e6);
            println!("  written as {name}: {written:.1} MB, {:.0} MB/s", size / seconds);
        }
        let mut kinds: BTreeMap<&str, (u32, String)> = BTreeMap::new();
        for diagnostic in &document.diagnostics {
            let kind = kinds.entry(diagnostic.reason.code()).or_default();
            kind.0 += 1;
            if kind.1.is_empty() {
                kind.1 =
                    format!("line {} {}: {:?}", diagnostic.line, diagnostic.tag, diagnostic.reason);
            }
        }
        for (code, (count, first)) in kinds {
            println!("  {count:5} {code}: {first}");
        }
        if let Ok(status) = std::fs::read_to_string("/proc/self/status") {
            let peak = status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or_default();
            println!("  {peak}");
        }
    }
    Ok(())
}

/// Counts what is written.
struct Counted(usize);

impl std::io::Write for Counted {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0 += bytes.len();
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// The file again and again, the identifiers of each copy marked with its number.
fn repeated(bytes: &[u8], length: usize) -> Vec<u8> {
    let mut all = Vec::with_capacity(length + bytes.len());
    let mut copy = 0;
    while all.len() < length {
        let mark = format!("{copy}");
        for line in bytes.split_inclusive(|&b| b == b'\n') {
            let words: Vec<&[u8]> = line.splitn(3, |&b| b == b' ').collect();
            if copy > 0 && line.starts_with(b"0 TRLR") {
                continue;
            }
            for (place, word) in words.iter().enumerate() {
                if place > 0 {
                    all.push(b' ');
                }
                if let Some(rest) = word.strip_prefix(b"@").filter(|rest| !rest.starts_with(b"#")) {
                    all.push(b'@');
                    all.extend_from_slice(mark.as_bytes());
                    all.extend_from_slice(rest);
                } else {
                    all.extend_from_slice(word);
                }
            }
        }
        copy += 1;
    }
    all
}
