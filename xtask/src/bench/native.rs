//! Figures of the program itself: reading and laying out real genealogies.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::{process, workspace};

/// Files with the time that reading and laying out may take together, in milliseconds.
const FILES: [(&str, Option<f64>); 3] = [
    ("classic/royal92.ged", Some(100.0)),
    ("classic/pres2020.ged", None),
    ("classic/Queen.ged", None),
];

/// A family that is made up, and how fast its file is to be read.
const LARGE_PERSONS: u32 = 200_000;
const LARGE_MEGABYTES_PER_SECOND: f64 = 100.0;

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
        runs.sort_by(|a, b| a.total().total_cmp(&b.total()));
        let Some(middle) = runs.get(RUNS / 2) else { continue };
        let name = file.rsplit('/').next().unwrap_or(file);
        let total = format!("{name}: read and laid out, native");
        rows.push(match bar {
            Some(bar) => Row::at_most(&total, middle.total(), "ms", bar),
            None => Row::information(&total, middle.total(), "ms"),
        });
        rows.push(Row::information(&format!("{name}: read"), middle.parse, "ms"));
        rows.push(Row::information(&format!("{name}: laid out"), middle.layout, "ms"));
    }
    rows.push(large(program)?);
    Ok(rows)
}

/// How fast a large family is read, with the places of its records; the best of the runs, for nothing
/// makes reading faster than it is.
fn large(program: &Path) -> Result<Row> {
    let name = format!("banyan-large-{}.ged", std::process::id());
    let path = std::env::temp_dir().join(name);
    let persons = LARGE_PERSONS.to_string();
    let made = ["generate", "family", "-n", persons.as_str(), "--seed", "1", "-o"];
    process::run(process::program(program).args(made).arg(&path))?;
    let measured = (|| {
        let megabytes = std::fs::metadata(&path)?.len() as f64 / 1e6;
        let mut best = 0.0_f64;
        for _ in 0..RUNS {
            let times = Times::of(&inspect(program, &path)?)?;
            best = best.max(megabytes * 1000.0 / times.parse);
        }
        anyhow::Ok(best)
    })();
    std::fs::remove_file(&path)?;
    let name = "a family of 200,000 persons: read, native, with records";
    Ok(Row::at_least(name, measured?, "MB/s", LARGE_MEGABYTES_PER_SECOND))
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

    fn total(&self) -> f64 {
        self.parse + self.layout
    }
}

fn inspect(program: &Path, file: &Path) -> Result<Value> {
    let text =
        process::capture(process::program(program).args(["tree", "inspect", "--json"]).arg(file))?;
    serde_json::from_str(&text).context("`banyan tree inspect --json` printed no JSON")
}
