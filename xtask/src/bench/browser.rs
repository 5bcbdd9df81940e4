//! Figures of the page, measured by `bench/browser.mjs` in one Chromium.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Arguments, Report, peers, row::Row};
use crate::tools::{npm_tool, system};
use crate::{process, workspace};

/// Adds what the browser's cases give to the report.
pub(super) fn measure(program: &Path, arguments: &Arguments, report: &mut Report) -> Result<()> {
    if !npm_tool::has_node() {
        eprintln!("Node.js is not installed: nothing is measured in the browser.");
        return Ok(());
    }
    let chromium = system::find("chromium").context("chromium is not installed")?;
    let folder = workspace::root().join("bench");
    npm_tool::install_locked(&folder)?;
    let out = folder.join("results");
    std::fs::create_dir_all(&out)?;
    let out = out.join("browser.json");
    let mut command = process::program("node");
    command.arg("browser.mjs").arg(&out);
    for (option, patterns) in [("--only", &arguments.only), ("--skip", &arguments.skip)] {
        command.args(patterns.iter().flat_map(|pattern| [option, pattern]));
    }
    command.current_dir(&folder).env("BANYAN_BIN", program).env("CHROMIUM", chromium);
    // What was measured before is not to be taken for what is measured now.
    if out.exists() {
        std::fs::remove_file(&out)?;
    }
    if let Err(error) = process::run(&mut command) {
        // The rows that could be measured are there all the same; the others are missed.
        eprintln!("{error:#}");
    }
    let text = std::fs::read_to_string(&out)
        .with_context(|| format!("the browser's rows are not in {}", out.display()))?;
    let measured: Value = serde_json::from_str(&text)?;
    let rows = measured["rows"].as_array().context("the browser's report has no rows")?;
    for row in rows {
        let row = Row::from_json(row).with_context(|| format!("this is no row: {row}"))?;
        report.rows.push(row);
    }
    let peers = measured["peers"].as_array().context("the browser's report has no peers")?;
    for peer in peers {
        let peer = peers::Measured::from_json(peer);
        report.peers.push(peer.context("a peer's figures lack its name or its size")?);
    }
    report.chromium = measured["chromium"].as_str().map(str::to_owned);
    Ok(())
}
