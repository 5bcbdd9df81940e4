//! Opens families the way the engine does and prints what each stage takes:
//! `cargo run --release -p banyan-view --example measure -- PERSONS...` or with files.
//!
//! Resident memory is what the process holds after the stage; the last line has its peak.

#![expect(clippy::print_stdout, reason = "a program for the terminal")]

use std::{error::Error, time::Instant};

use banyan_view::{FamilyWorld, Words, World as _};

const SEED: u64 = 1;

fn main() -> Result<(), Box<dyn Error>> {
    for what in std::env::args().skip(1) {
        let bytes = match what.parse() {
            Ok(persons) => banyan_generate::gedcom(persons, SEED),
            Err(_) => std::fs::read(&what)?,
        };
        println!("{what}: {:.1} MB", bytes.len() as f64 / 1e6);
        measure(bytes)?;
    }
    Ok(())
}

fn measure(bytes: Vec<u8>) -> Result<(), Box<dyn Error>> {
    let before = status("VmRSS:");
    let begin = Instant::now();
    let mut last = (String::new(), begin);
    let mut stage = |name: String| {
        if last.0 != name {
            let millis = last.1.elapsed().as_secs_f64() * 1e3;
            let resident = status("VmRSS:") - before;
            if !last.0.is_empty() {
                let peak = status("VmHWM:") - before;
                println!("  {:12} {millis:8.1} ms {resident:8.1} MB, peak {peak:.1} MB", last.0);
            }
            last = (name, Instant::now());
        }
    };
    let document = banyan_gedcom::read(&bytes, &mut |at, _| stage(format!("{at:?}")))?;
    drop(bytes);
    let persons = document.genealogy.persons.len() as f64;
    let world = FamilyWorld::new(document.genealogy, Words::english(), &mut |at, _| {
        stage(format!("{at:?}"));
    });
    stage("done".to_owned());
    println!(
        "  {} persons, {} diagnostics, {:?} in {:.1} ms, peak {:.0} MB, {:.0} bytes a person",
        persons,
        document.diagnostics.len(),
        world.scene().bounds,
        begin.elapsed().as_secs_f64() * 1e3,
        status("VmHWM:"),
        status("VmHWM:") * 1e6 / persons,
    );
    Ok(())
}

/// A line of `/proc/self/status`, in megabytes; 0 where there is none.
fn status(name: &str) -> f64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default();
    let kilobytes: f64 = line.trim().trim_end_matches(" kB").parse().unwrap_or(0.0);
    kilobytes * 1024.0 / 1e6
}
