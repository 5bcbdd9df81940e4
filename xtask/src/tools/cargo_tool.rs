//! A program from crates.io.

use std::env::consts::EXE_SUFFIX;
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

use super::folder;
use crate::{process, workspace};

pub(crate) struct Tool<'a> {
    /// The name of the crate.
    pub(crate) name: &'a str,
    pub(crate) version: &'a str,
    /// The program whose presence shows that the tool is there.
    pub(crate) program: &'a str,
    /// Further arguments of `cargo install`.
    pub(crate) arguments: &'a [&'a str],
    /// How long it takes on two cores at most.
    pub(crate) minutes: u32,
}

/// The folder with the tool's programs, after installing it where it is missing.
pub(crate) fn ensure(tool: &Tool<'_>) -> Result<PathBuf> {
    let folder = folder(tool.name, tool.version)?;
    let programs = folder.join("bin");
    let program = programs.join(format!("{}{EXE_SUFFIX}", tool.program));
    if program.is_file() {
        return Ok(programs);
    }
    eprintln!(
        "Installing {} {} for this user, once. On two cores this may take {} minutes.",
        tool.name, tool.version, tool.minutes
    );
    if install(tool, &folder, true).is_err() {
        // The lock of a published program may name versions that a mirror of the registry does not
        // serve; the program itself stays at the version that is asked for.
        eprintln!("Trying {} {} again without its own lock file.", tool.name, tool.version);
        install(tool, &folder, false)?;
    }
    if !program.is_file() {
        bail!("{} {} was installed without {}", tool.name, tool.version, program.display());
    }
    Ok(programs)
}

fn install(tool: &Tool<'_>, folder: &Path, is_locked: bool) -> Result<()> {
    let mut command = process::cargo();
    command.args(["install", "--quiet", "--root"]).arg(folder);
    // A build folder apart: what tools are made of is of no use to the workspace.
    command.arg("--target-dir").arg(workspace::target_dir().join("tools"));
    if is_locked {
        command.arg("--locked");
    }
    command.args(tool.arguments).arg(format!("{}@{}", tool.name, tool.version));
    process::run(&mut command)
}
