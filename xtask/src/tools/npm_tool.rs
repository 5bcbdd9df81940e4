//! A program from the npm registry.

use std::path::PathBuf;

use anyhow::Result;

use super::folder;
use crate::process;

/// The folder with the package's programs, after installing it where it is missing; `None` where
/// Node is not at hand or the installation fails, which is said.
pub(crate) fn ensure(
    package: &str,
    version: &str,
    exact: &str,
    program: &str,
) -> Result<Option<PathBuf>> {
    if !has_node() {
        eprintln!("Node.js is not installed, so {program} is missing too.");
        return Ok(None);
    }
    let folder = folder(package, version)?;
    let programs = folder.join("node_modules").join(".bin");
    let works = || process::succeeds(process::program(programs.join(program)).arg("--version"));
    if works() {
        return Ok(Some(programs));
    }
    eprintln!("Installing {package} {exact} for this user, once. This may take a minute.");
    std::fs::create_dir_all(&folder)?;
    let installed = process::run(
        process::program("npm")
            .args(["install", "--no-audit", "--no-fund", "--no-save", "--prefix"])
            .arg(&folder)
            .arg(format!("{package}@{exact}")),
    );
    if let Err(error) = installed {
        eprintln!("{error:#}");
    }
    Ok(works().then_some(programs))
}

/// True if both `node` and `npm` can be started.
pub(crate) fn has_node() -> bool {
    ["node", "npm"].iter().all(|name| process::succeeds(process::program(name).arg("--version")))
}
