//! The standard library for another target.

use std::path::Path;

use anyhow::{Context, Result};

use crate::process;

/// Adds the target to the toolchain in use where it is missing.
///
/// `rust-toolchain.toml` names the target too, but rustup can be told to install nothing by itself.
pub(crate) fn ensure(target: &str) -> Result<()> {
    let sysroot = process::capture(process::program("rustc").args(["--print", "sysroot"]))?;
    let library = Path::new(sysroot.trim()).join("lib/rustlib").join(target).join("lib");
    if library.is_dir() {
        return Ok(());
    }
    eprintln!("Adding the Rust target {target}. This may take a minute.");
    process::run(process::program("rustup").args(["target", "add", target])).with_context(|| {
        format!("without rustup, install the standard library for {target} by hand")
    })
}
