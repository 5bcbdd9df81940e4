//! The tests that need a browser, and the size of what the browser loads.

use std::path::PathBuf;

use anyhow::{Context, Result};

use super::Shared;
use super::tally::Tally;
use crate::tools::{WASM_TARGET, npm_tool, system};
use crate::{app, process, workspace};

/// What the main program may weigh, compressed by gzip.
pub(crate) const BUDGET_GZIP_BYTES: u64 = 300_000;

/// The tests of the app that need a real browser's canvas and events.
pub(crate) fn wasm(shared: &Shared) -> Result<Tally> {
    let has_tests = ["src", "tests"].iter().any(|folder| {
        app::files(&workspace::root().join(folder))
            .is_ok_and(|files| files.iter().any(is_wasm_test))
    });
    if !has_tests {
        eprintln!("The app has no #[wasm_bindgen_test].");
        return Ok(Tally::skipped());
    }
    let driver = system::find("chromedriver").context("chromedriver is not installed")?;
    let mut command = shared.tools()?.command("cargo");
    command
        .args(["test", "--package", "banyan-app", "--lib", "--tests", "--target", WASM_TARGET])
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER", "wasm-bindgen-test-runner")
        .env("WASM_BINDGEN_TEST_TIMEOUT", "120")
        .env("CHROMEDRIVER", driver);
    let (has_passed, output) = process::tee(&mut command)?;
    Ok(Tally::of_run(has_passed, &output))
}

fn is_wasm_test(path: &PathBuf) -> bool {
    std::fs::read_to_string(path).is_ok_and(|text| text.contains("#[wasm_bindgen_test"))
}

/// The main program against its budget.
pub(crate) fn size(shared: &Shared) -> Result<Tally> {
    let bytes = app::main_wasm_gzip_bytes(&shared.app()?)?;
    eprintln!("The main program has {bytes} bytes as gzip; the budget is {BUDGET_GZIP_BYTES}.");
    if !shared.tools()?.has_wasm_opt {
        eprintln!("It was built without wasm-opt, so this says nothing.");
        return Ok(Tally::skipped());
    }
    Ok(Tally::of_one(bytes < BUDGET_GZIP_BYTES))
}

/// The whole: browser, bridge, Redis, and files.
pub(crate) fn end_to_end(shared: &Shared) -> Result<Tally> {
    if !npm_tool::has_node() && !workspace::is_ci() {
        eprintln!("Node.js is not installed, so Playwright cannot run.");
        return Ok(Tally::skipped());
    }
    let chromium = system::find("chromium").context("chromium is not installed")?;
    let bridge = shared.bridge()?;
    let folder = workspace::root().join("e2e");
    npm_tool::install_locked(&folder)?;
    let mut command = process::program(folder.join("node_modules/.bin/playwright"));
    command
        .arg("test")
        .current_dir(&folder)
        .env("BANYAN_BIN", bridge)
        .env("CHROMIUM", chromium)
        // Playwright would print a remark about the two on each line of its workers.
        .env_remove("NO_COLOR")
        .env_remove("FORCE_COLOR");
    let (has_passed, output) = process::tee(&mut command)?;
    Ok(Tally::of_run(has_passed, &output))
}
