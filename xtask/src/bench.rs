//! `cargo xtask bench`: the figures that Banyan is measured by.
//!
//! A figure with a bar is a ratio within one run, a count, or a time that has room to spare on a
//! small machine; all other times stand beside them as information.

mod browser;
mod native;
mod row;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use row::Row;
use serde_json::json;

use crate::test::BUDGET_GZIP_BYTES;
use crate::tools::Toolbox;
use crate::{app, bridge};

/// Measures Banyan in release, natively and in Chromium, and prints a table
#[derive(clap::Args)]
pub(crate) struct Arguments {
    /// Writes `{"rows": [{"name", "value", "unit", "bar", "ok"}]}` to this file too
    #[arg(long, value_name = "FILE")]
    json: Option<PathBuf>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let tools = Toolbox::ready()?;
    let dist = app::build(&tools)?;
    let program = bridge::build(&dist)?;

    let mut rows = native::rows(&program)?;
    let bytes = app::main_wasm_gzip_bytes(&dist)?;
    rows.push(Row::at_most("app: main wasm, gzip", bytes as f64, "B", BUDGET_GZIP_BYTES as f64));
    rows.extend(browser::rows(&program)?);

    println!("{}", row::table(&rows));
    if let Some(path) = &arguments.json {
        let rows: Vec<_> = rows.iter().map(Row::to_json).collect();
        std::fs::write(path, format!("{:#}\n", json!({ "rows": rows })))
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    let missed = rows.iter().filter(|row| !row.ok).count();
    if missed > 0 {
        bail!("{missed} of {} figures miss their bar", rows.len());
    }
    Ok(())
}
