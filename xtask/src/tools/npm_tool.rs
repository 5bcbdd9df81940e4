//! A program from the npm registry.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

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

/// Installs a folder's packages exactly as its lock file says, where they are not there yet.
pub(crate) fn install_locked(folder: &Path) -> Result<()> {
    let lock = folder.join("package-lock.json");
    let wanted = std::fs::read(&lock).with_context(|| format!("cannot read {}", lock.display()))?;
    let stamp = folder.join("node_modules").join(".installed-from");
    if std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(());
    }
    eprintln!("Installing the packages of {}. This may take a minute.", folder.display());
    process::run(
        process::program("npm")
            .args(["ci", "--no-audit", "--no-fund"])
            // The system's Chromium is used; Playwright need not look for its own.
            .env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1")
            .current_dir(folder),
    )?;
    std::fs::write(&stamp, wanted).with_context(|| format!("cannot write {}", stamp.display()))
}
