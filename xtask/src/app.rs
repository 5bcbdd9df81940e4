//! The browser app: Trunk's build of the two wasm programs, then compressed copies beside each file.

mod compress;
mod stamp;

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::tools::{self, Toolbox};
use crate::{process, workspace};

/// Builds the app where anything that it is made of has changed, and returns its folder.
pub(crate) fn build(tools: &Toolbox) -> Result<PathBuf> {
    let root = workspace::root();
    let dist = root.join("dist");
    let inputs = stamp::inputs(&root, &tools.versions()?)?;
    if stamp::matches(&inputs, &dist) {
        eprintln!("The app is up to date.");
        return Ok(dist);
    }
    eprintln!("Building the app. The first time this may take 5 minutes on two cores.");
    fetch()?;
    let mut trunk = tools.command("trunk");
    trunk.args(["build", "--cargo-profile=wasm", "--offline=true"]);
    trunk.arg("--dist").arg(&dist);
    if tools.has_wasm_opt {
        trunk.arg("--release=true");
    } else {
        // Trunk calls wasm-opt in release alone; the cargo profile stays the same.
        eprintln!("The app is built without wasm-opt: it will be a little larger and slower.");
        trunk.arg("--release=false");
    }
    process::run(&mut trunk)?;
    compress::beside(&dist)?;
    stamp::write(&inputs, &dist)?;
    Ok(dist)
}

/// Downloads the crates that are missing: Trunk itself is kept off the network.
fn fetch() -> Result<()> {
    let host = process::capture(process::program("rustc").args(["--print", "host-tuple"]))?;
    let mut fetch = process::cargo();
    fetch.args(["fetch", "--quiet", "--target", tools::WASM_TARGET, "--target", host.trim()]);
    process::run(&mut fetch)
}

/// The main program's size in bytes as gzip sends it.
pub(crate) fn main_wasm_gzip_bytes(dist: &Path) -> Result<u64> {
    let mut main = files(dist)?.into_iter().filter(|path| {
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        // The worker's program keeps its plain name; the main one carries a hash.
        name.ends_with("_bg.wasm") && !name.starts_with("engine")
    });
    let path = main.next().with_context(|| format!("no wasm in {}", dist.display()))?;
    Ok(compress::gzip(&std::fs::read(path)?)?.len() as u64)
}

/// All files below a folder, in the order of their paths.
pub(crate) fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(folder) = open.pop() {
        let entries = std::fs::read_dir(&folder)
            .with_context(|| format!("cannot list {}", folder.display()))?;
        for entry in entries {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                open.push(entry.path());
            } else {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    Ok(found)
}
