//! `cargo xtask bench`: the figures that Banyan is measured by.
//!
//! A figure with a bar is a ratio within one run, a count, or a time that has room to spare on a
//! small machine; all other times stand beside them as information.

mod browser;
mod document;
mod graphviz;
mod keys;
mod machine;
mod native;
mod peers;
mod row;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use row::Row;
use serde_json::{Value, json};

use crate::test::BUDGET_GZIP_BYTES;
use crate::tools::{Toolbox, system};
use crate::{app, bridge, workspace};

/// Measures Banyan in release, natively and in Chromium beside its peers, and prints a table
///
/// All of it takes about a quarter of an hour and is written to `docs/benchmarks.md`; a machine that
/// does something else at the same time spoils it.
#[derive(clap::Args)]
#[command(after_help = AFTER_HELP)]
pub(crate) struct Arguments {
    /// Measures the cases alone whose names contain this
    #[arg(long, value_name = "PATTERN")]
    only: Vec<String>,
    /// Leaves out the cases whose names contain this
    #[arg(long, value_name = "PATTERN")]
    skip: Vec<String>,
    /// Writes `{"rows": [{"name", "value", "unit", "bar", "ok"}], "peers": […]}` to this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

const AFTER_HELP: &str = "Cases:
  native    reading and laying out real genealogies, and large ones
  graphviz  real genealogies beside Graphviz dot
  keys      a walk of the 10^6 keys of a Redis, beside redis-cli
  size      the app's size
  redraws   a tree of 800 persons redrawn 1000 times, by every way there is
  panning   a hand that drags a real family
  million   a tree of a million nodes
  peers     vis-network, Cytoscape, ECharts, d3, sigma, Pixi, family-chart, G6
  layouts   a tidy layout of a million nodes, beside d3.tree and d3-flextree
  dots      a million dots
  families  families of 100,000 to 2,000,000 persons: read, first picture, searches, pan";

/// What was measured.
#[derive(Default)]
struct Report {
    rows: Vec<Row>,
    peers: Vec<peers::Measured>,
    /// Of the browser that measured.
    chromium: Option<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let tools = Toolbox::ready()?;
    if let Err(error) = system::ensure(system::PACKAGES_OF_BENCH) {
        // Cases whose programs are missing are left out, or say so.
        eprintln!("{error:#}");
    }
    let dist = app::build(&tools)?;
    let program = bridge::build(&dist)?;

    let mut report = Report::default();
    if arguments.wants("native") {
        report.rows.extend(native::rows(&program)?);
    }
    if arguments.wants("graphviz") {
        report.rows.extend(graphviz::rows()?);
    }
    if arguments.wants("keys") {
        report.rows.extend(keys::rows()?);
    }
    if arguments.wants("size") {
        let bytes = app::main_wasm_gzip_bytes(&dist)?;
        let budget = BUDGET_GZIP_BYTES as f64;
        report.rows.push(Row::at_most("app: main wasm, gzip", bytes as f64, "B", budget));
    }
    browser::measure(&program, arguments, &mut report)?;

    println!("{}", row::table(&report.rows));
    print!("{}", peers::table(&report.peers));
    if let Some(path) = &arguments.json {
        std::fs::write(path, format!("{:#}\n", report.to_json()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    if arguments.is_everything() {
        let path = workspace::root().join("docs/benchmarks.md");
        std::fs::write(&path, document::text(&report, &machine::Machine::this()))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let missed = report.rows.iter().filter(|row| !row.ok).count();
    match report.rows.len() {
        0 => bail!("no case has such a name; `cargo xtask bench --help` lists them"),
        all if missed > 0 => bail!("{missed} of {all} figures miss their bar"),
        _ => Ok(()),
    }
}

impl Arguments {
    fn wants(&self, case: &str) -> bool {
        let is_named = |patterns: &[String]| patterns.iter().any(|pattern| case.contains(pattern));
        (self.only.is_empty() || is_named(&self.only)) && !is_named(&self.skip)
    }

    fn is_everything(&self) -> bool {
        self.only.is_empty() && self.skip.is_empty()
    }
}

impl Report {
    fn to_json(&self) -> Value {
        let rows: Vec<_> = self.rows.iter().map(Row::to_json).collect();
        let peers: Vec<_> = self.peers.iter().map(peers::Measured::to_json).collect();
        json!({ "rows": rows, "peers": peers, "chromium": self.chromium })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_are_chosen_by_a_part_of_their_names() {
        let check = |only: &[&str], skip: &[&str], case: &str| {
            let owned = |patterns: &[&str]| patterns.iter().map(ToString::to_string).collect();
            Arguments { only: owned(only), skip: owned(skip), json: None }.wants(case)
        };
        assert!(check(&[], &[], "peers"));
        assert!(check(&["peer", "dots"], &[], "peers"));
        assert!(!check(&["dots"], &[], "peers"));
        assert!(!check(&[], &["peers"], "peers"));
        assert!(!check(&["peers"], &["peer"], "peers"));
    }
}
