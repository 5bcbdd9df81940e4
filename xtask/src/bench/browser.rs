//! Figures of the page, measured by `bench/browser.mjs` in one Chromium.

use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;

use super::row::Row;
use crate::tools::{npm_tool, system};
use crate::{process, workspace};

pub(crate) fn rows(program: &Path) -> Result<Vec<Row>> {
    if !npm_tool::has_node() {
        eprintln!("Node.js is not installed: nothing is measured in the browser.");
        return Ok(Vec::new());
    }
    system::ensure()?;
    let chromium = system::find("chromium").context("chromium is not installed")?;
    let folder = workspace::root().join("bench");
    npm_tool::install_locked(&folder)?;
    let out = folder.join("results");
    std::fs::create_dir_all(&out)?;
    let out = out.join("browser.json");
    let measured = process::run(
        process::program("node")
            .arg("browser.mjs")
            .arg(&out)
            .current_dir(&folder)
            .env("BANYAN_BIN", program)
            .env("CHROMIUM", chromium),
    );
    if let Err(error) = measured {
        // The rows that could be measured are there all the same; the others are missed.
        eprintln!("{error:#}");
    }
    let text = std::fs::read_to_string(&out)
        .with_context(|| format!("the browser's rows are not in {}", out.display()))?;
    let report: Value = serde_json::from_str(&text)?;
    let rows = report["rows"].as_array().context("the browser's report has no rows")?;
    rows.iter()
        .map(|row| Row::from_json(row).with_context(|| format!("this is no row: {row}")))
        .collect()
}
