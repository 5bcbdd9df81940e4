//! Formatting and lints.

use std::process::Command;

use anyhow::Result;

use super::tally::Tally;
use crate::tools::{self, WASM_TARGET};
use crate::{process, workspace};

pub(crate) fn format() -> Result<Tally> {
    check(process::cargo().args(["fmt", "--all", "--check"]))
}

/// Licences, sources and double versions of the crates we depend on.
pub(crate) fn deny() -> Result<Tally> {
    if !process::succeeds(process::cargo().args(["deny", "--version"])) {
        eprintln!("cargo-deny is not installed: `cargo install --locked cargo-deny`");
        return Ok(Tally::skipped());
    }
    check(process::cargo().args(["deny", "--offline", "check", "bans", "licenses", "sources"]))
}

pub(crate) fn clippy() -> Result<Tally> {
    check(process::cargo().args(["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))
}

/// The app and all of its crates, with a configuration that bans what a browser cannot do.
pub(crate) fn clippy_wasm() -> Result<Tally> {
    tools::ensure_wasm_target()?;
    let configuration = workspace::root().join("xtask/clippy-wasm");
    check(
        process::cargo()
            .args(["clippy", "--package", "banyan-app", "--target", WASM_TARGET])
            .args(["--", "-D", "warnings"])
            .env("CLIPPY_CONF_DIR", configuration),
    )
}

fn check(command: &mut Command) -> Result<Tally> {
    process::run(command)?;
    Ok(Tally::of_one(true))
}
