//! Where things are: the workspace, the build folder, and the cache that outlives a clone.

use std::env;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use crate::process;

/// The folder of the root `Cargo.toml`.
///
/// Cargo says at run time where this package is, so a program built in one clone and found again in
/// a shared build folder still works on the clone that it was started for.
pub(crate) fn root() -> PathBuf {
    let package = env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map(Path::to_path_buf).unwrap_or(package)
}

/// The folder that cargo builds into, absolute.
pub(crate) fn target_dir() -> PathBuf {
    match env::var_os("CARGO_TARGET_DIR") {
        Some(folder) => root().join(folder),
        None => root().join("target"),
    }
}

/// `$BANYAN_CACHE`, or else `banyan` in the user's cache folder: what is slow to make and does not
/// depend on a clone.
pub(crate) fn cache_dir() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(folder) = set("BANYAN_CACHE") {
        return std::path::absolute(&folder).context("BANYAN_CACHE is no path");
    }
    set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .map(|cache| cache.join("banyan"))
        .context("no place for the cache: set BANYAN_CACHE, XDG_CACHE_HOME or HOME")
}

/// What cargo knows of the workspace's own packages, in the form of
/// `cargo metadata --format-version 1 --no-deps`.
pub(crate) fn metadata() -> Result<Value> {
    let text = process::capture(process::cargo().args([
        "metadata",
        "--format-version",
        "1",
        "--no-deps",
    ]))?;
    serde_json::from_str(&text).context("cargo metadata printed no JSON")
}

/// True where a continuous integration runs this, or another script that cannot answer questions.
pub(crate) fn is_ci() -> bool {
    env::var_os("CI").is_some_and(|value| !value.is_empty() && value != "false")
}
