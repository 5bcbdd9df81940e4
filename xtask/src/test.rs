//! `cargo xtask test`: everything that must hold before a change is merged.
//!
//! Each step runs whatever became of the others, so that one run tells all.

mod browser;
mod lint;
mod rust;
mod tally;

use std::cell::OnceCell;
use std::time::{Duration, Instant};

use anyhow::{Result, bail};
pub(crate) use browser::BUDGET_GZIP_BYTES;
pub(crate) use tally::Tally;

use crate::tools::{Toolbox, system};
use crate::{app, bridge, tidy};

/// Runs every check and test, and sums them up in one line
///
/// Installs what is missing where that needs no password. Takes about half an hour on two cores the
/// first time, and a few minutes when little has changed.
#[derive(clap::Args)]
#[command(after_help = after_help())]
pub(crate) struct Arguments {
    /// Runs these steps alone
    #[arg(long, value_name = "STEP", value_parser = step_names())]
    only: Vec<String>,
    /// Leaves these steps out
    #[arg(long, value_name = "STEP", value_parser = step_names())]
    skip: Vec<String>,
}

struct Step {
    name: &'static str,
    about: &'static str,
    run: fn(&Shared) -> Result<Tally>,
}

/// In the order of running: what is quick to fail comes first.
const STEPS: [Step; 10] = [
    Step {
        name: "tidy",
        about: "our own rules on text, crates and locales",
        run: |_| tidy::tally(),
    },
    Step { name: "format", about: "cargo fmt", run: |_| lint::format() },
    Step { name: "deny", about: "cargo deny, where installed", run: |_| lint::deny() },
    Step { name: "clippy", about: "clippy for this machine", run: |_| lint::clippy() },
    Step { name: "clippy-wasm", about: "clippy for the browser", run: |_| lint::clippy_wasm() },
    Step { name: "unit", about: "unit and integration tests", run: |_| rust::unit() },
    Step { name: "doc", about: "examples in the documentation", run: |_| rust::doc() },
    Step { name: "wasm", about: "wasm tests in headless Chromium", run: browser::wasm },
    Step { name: "size", about: "the app's size against its budget", run: browser::size },
    Step { name: "e2e", about: "Playwright against the real bridge", run: browser::end_to_end },
];

fn step_names() -> clap::builder::PossibleValuesParser {
    STEPS.iter().map(|step| step.name).collect::<Vec<_>>().into()
}

fn after_help() -> String {
    let lines = STEPS.iter().map(|step| format!("  {:<12} {}\n", step.name, step.about));
    format!("Steps:\n{}", lines.collect::<String>())
}

/// What several steps need and one makes.
#[derive(Default)]
struct Shared {
    tools: OnceCell<Toolbox>,
}

impl Shared {
    fn tools(&self) -> Result<&Toolbox> {
        if self.tools.get().is_none() {
            // A second value is refused only where a first one is, and either serves.
            let _ = self.tools.set(Toolbox::ready()?);
        }
        match self.tools.get() {
            Some(tools) => Ok(tools),
            None => bail!("the tools were made and are gone"),
        }
    }

    /// The folder of the app, up to date.
    fn app(&self) -> Result<std::path::PathBuf> {
        app::build(self.tools()?)
    }

    /// The `banyan` program with the app inside, up to date.
    fn bridge(&self) -> Result<std::path::PathBuf> {
        bridge::build(&self.app()?)
    }
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let is_wanted = |step: &&Step| {
        let names = |list: &[String]| list.iter().any(|name| name == step.name);
        (arguments.only.is_empty() || names(&arguments.only)) && !names(&arguments.skip)
    };
    if let Err(error) = system::ensure(&[]) {
        // What is missing makes its own step fail, with its own words.
        eprintln!("{error:#}");
    }
    let shared = Shared::default();
    let mut total = Tally::default();
    let mut report = String::new();
    for step in STEPS.iter().filter(is_wanted) {
        eprintln!("\n== {}: {}", step.name, step.about);
        let start = Instant::now();
        let tally = (step.run)(&shared).unwrap_or_else(|error| {
            eprintln!("error: {error:#}");
            Tally::of_one(false)
        });
        report.push_str(&line(step.name, &tally, start.elapsed()));
        total += tally;
    }
    println!("\n{report}\n{total}");
    if total.failed > 0 {
        bail!("{} failed", total.failed);
    }
    Ok(())
}

fn line(name: &str, tally: &Tally, time: Duration) -> String {
    let verdict = match tally {
        Tally { failed: 1.., .. } => "FAILED",
        Tally { passed: 0, .. } => "skipped",
        _ => "ok",
    };
    format!("{name:<12} {verdict:<8} {:>7.1} s   {tally}\n", time.as_secs_f64())
}
