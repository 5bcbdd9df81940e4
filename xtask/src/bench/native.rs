//! Figures of the program itself: reading and laying out real genealogies.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::{process, workspace};

/// Files with the time that their layout may take, in milliseconds.
const FILES: [(&str, Option<f64>); 3] = [
    ("classic/royal92.ged", Some(50.0)),
    ("classic/pres2020.ged", None),
    ("classic/Queen.ged", Some(100.0)),
];

/// Families that are made up: persons, how they are called, and the time of their layout.
const LARGE: [(u32, &str, Option<f64>); 3] = [
    (40_000, "40,000", Some(1000.0)),
    (200_000, "200,000", None),
    (1_000_000, "10^6", Some(3000.0)),
];
/// How fast their files are to be read.
const MEGABYTES_PER_SECOND: f64 = 100.0;

/// Runs of each file; the middle one counts.
const RUNS: usize = 5;

pub(crate) fn rows(program: &Path) -> Result<Vec<Row>> {
    let folder = workspace::root().join("../shared/data/ged");
    let mut rows = Vec::new();
    for (file, bar) in FILES {
        let path = folder.join(file);
        if !path.is_file() {
            eprintln!("{file} is not on this machine and is left out.");
            continue;
        }
        let mut runs = Vec::new();
        for _ in 0..RUNS {
            runs.push(Times::of(&inspect(program, &path)?)?);
        }
        let name = file.rsplit('/').next().unwrap_or(file);
        let read = middle(runs.iter().map(|times| times.parse));
        rows.push(Row::information(&format!("{name}: read, native"), read, "ms"));
        rows.push(laid_out(name, &runs, bar));
    }
    for (persons, called, bar) in LARGE {
        let name = format!("a family of {called} persons");
        let (megabytes, runs) = large(program, persons)?;
        // The best run: nothing makes reading faster than it is.
        let best = runs.iter().map(|times| times.parse).fold(f64::INFINITY, f64::min);
        let read = format!("{name}: read, native, with records");
        rows.push(Row::at_least(&read, megabytes * 1000.0 / best, "MB/s", MEGABYTES_PER_SECOND));
        rows.push(laid_out(&name, &runs, bar));
    }
    Ok(rows)
}

fn laid_out(name: &str, runs: &[Times], bar: Option<f64>) -> Row {
    let name = format!("{name}: laid out, native");
    let layout = middle(runs.iter().map(|times| times.layout));
    match bar {
        Some(bar) => Row::at_most(&name, layout, "ms", bar),
        None => Row::information(&name, layout, "ms"),
    }
}

fn middle(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied().unwrap_or(f64::NAN)
}

/// The megabytes of a family's file, and what the runs say of it.
fn large(program: &Path, persons: u32) -> Result<(f64, Vec<Times>)> {
    let name = format!("banyan-large-{}.ged", std::process::id());
    let path = std::env::temp_dir().join(name);
    let persons = persons.to_string();
    let made = ["generate", "family", "-n", persons.as_str(), "--seed", "1", "-o"];
    process::run(process::program(program).args(made).arg(&path))?;
    let measured = (|| {
        let megabytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
        let runs = (0..RUNS).map(|_| Times::of(&inspect(program, &path)?));
        anyhow::Ok((megabytes, runs.collect::<Result<_>>()?))
    })();
    std::fs::remove_file(&path)?;
    measured
}

/// What the program says about its own work, in milliseconds.
struct Times {
    parse: f64,
    layout: f64,
}

impl Times {
    fn of(report: &Value) -> Result<Self> {
        let millis = |part: &str| {
            let value = report["millis"][part].as_f64();
            value.with_context(|| format!("`banyan tree inspect` has no millis.{part}"))
        };
        Ok(Self { parse: millis("parse")?, layout: millis("layout")? })
    }
}

fn inspect(program: &Path, file: &Path) -> Result<Value> {
    let text =
        process::capture(process::program(program).args(["tree", "inspect", "--json"]).arg(file))?;
    serde_json::from_str(&text).context("`banyan tree inspect --json` printed no JSON")
}
