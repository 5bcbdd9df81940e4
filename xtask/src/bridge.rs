//! The `banyan` program with the app inside.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::{process, workspace};

/// Builds `banyan` in release around the app in `dist` and returns the path of the program.
pub(crate) fn build(dist: &Path) -> Result<PathBuf> {
    process::run(
        process::cargo()
            .args(["build", "--release", "--package", "banyan-bridge", "--bin", "banyan"])
            .env("BANYAN_APP_DIST", dist),
    )?;
    Ok(workspace::target_dir().join("release").join(format!("banyan{EXE_SUFFIX}")))
}

/// Runs `banyan serve` in the place of this process, so that Ctrl-C reaches it alone and its exit
/// code is ours. Returns only if it cannot be started.
#[cfg(unix)]
pub(crate) fn become_it(program: &Path, arguments: &[String]) -> Result<()> {
    use anyhow::Context;
    use std::os::unix::process::CommandExt;

    let error = process::program(program).arg("serve").args(arguments).exec();
    Err(error).with_context(|| format!("cannot start {}", program.display()))
}

/// Runs `banyan serve` and waits for its end.
#[cfg(not(unix))]
pub(crate) fn become_it(program: &Path, arguments: &[String]) -> Result<()> {
    process::run(process::program(program).arg("serve").args(arguments))
}
