//! The programs that build the app, installed once per user and version.
//!
//! They live in `<cache>/tools/<name>-<version>/`, so that a new clone finds them and two versions
//! never meet.

mod cargo_tool;
pub(crate) mod npm_tool;
mod rust_target;
pub(crate) mod system;

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};

use crate::{process, workspace};

/// What the browser runs.
pub(crate) const WASM_TARGET: &str = "wasm32-unknown-unknown";
/// 0.22 wants a newer Rust than the pinned one.
const TRUNK: &str = "0.21.14";
/// The `wasm-opt` of Debian is too old for what rustc writes.
const BINARYEN: &str = "132";

/// Installs the standard library for [`WASM_TARGET`] where it is missing.
pub(crate) fn ensure_wasm_target() -> Result<()> {
    rust_target::ensure(WASM_TARGET)
}

/// The tools, ready to be started.
pub(crate) struct Toolbox {
    path: OsString,
    /// False without Node: the app is then built as rustc left it.
    pub(crate) has_wasm_opt: bool,
}

impl Toolbox {
    /// Installs what is missing and says so.
    pub(crate) fn ready() -> Result<Self> {
        ensure_wasm_target()?;
        let trunk = cargo_tool::ensure(&cargo_tool::Tool {
            name: "trunk",
            version: TRUNK,
            program: "trunk",
            arguments: &["--no-default-features"],
            minutes: 8,
        })?;
        let version = wasm_bindgen_version()?;
        let wasm_bindgen = cargo_tool::ensure(&cargo_tool::Tool {
            name: "wasm-bindgen-cli",
            version: &version,
            program: "wasm-bindgen",
            arguments: &[],
            minutes: 3,
        })?;
        let binaryen = npm_tool::ensure("binaryen", BINARYEN, "132.0.0", "wasm-opt")?;

        let has_wasm_opt = binaryen.is_some();
        let folders = [Some(trunk), Some(wasm_bindgen), binaryen].into_iter().flatten();
        let inherited = env::var_os("PATH").unwrap_or_default();
        let path = env::join_paths(folders.chain(env::split_paths(&inherited)))
            .context("the path of a tool has a character that PATH cannot hold")?;
        Ok(Self { path, has_wasm_opt })
    }

    /// A command that finds the tools before anything else of the same name.
    pub(crate) fn command(&self, program: &str) -> Command {
        // Looked up by hand: a PATH set on a command is that of the child, not of the search for it.
        let found = env::split_paths(&self.path)
            .map(|folder| folder.join(program))
            .find(|file| file.is_file())
            .unwrap_or_else(|| PathBuf::from(program));
        let mut command = process::program(found);
        command.env("PATH", &self.path);
        // Trunk 0.21 takes the value of NO_COLOR for a bool and stops at "1".
        command.env_remove("NO_COLOR");
        // Its stack says nothing about the error in our code that made it stop.
        command.env_remove("RUST_BACKTRACE");
        command
    }

    /// What the tools are, as a part of the app's fingerprint.
    pub(crate) fn versions(&self) -> Result<String> {
        let binaryen = if self.has_wasm_opt { BINARYEN } else { "none" };
        Ok(format!("trunk {TRUNK}, wasm-bindgen {}, binaryen {binaryen}", wasm_bindgen_version()?))
    }
}

/// The folder of one version of one tool.
fn folder(name: &str, version: &str) -> Result<PathBuf> {
    Ok(workspace::cache_dir()?.join("tools").join(format!("{name}-{version}")))
}

/// The version of the library in `Cargo.lock`: the command line tool must be its equal.
fn wasm_bindgen_version() -> Result<String> {
    let path = workspace::root().join("Cargo.lock");
    let lock = std::fs::read_to_string(&path)
        .with_context(|| format!("cannot read {}", path.display()))?;
    locked_version(&lock, "wasm-bindgen")
        .map(str::to_owned)
        .context("Cargo.lock names no wasm-bindgen")
}

/// The version of a package in the text of a `Cargo.lock`.
fn locked_version<'a>(lock: &'a str, package: &str) -> Option<&'a str> {
    let quoted = |line: &'a str, key: &str| line.strip_prefix(key)?.strip_suffix('"');
    let mut lines = lock.lines();
    lines.find(|line| quoted(line, "name = \"") == Some(package))?;
    quoted(lines.next()?, "version = \"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_locked_version_of_exactly_that_package() {
        let lock = "[[package]]\nname = \"wasm-bindgen-futures\"\nversion = \"0.4.1\"\n\n\
                    [[package]]\nname = \"wasm-bindgen\"\nversion = \"0.2.130\"\n";
        assert_eq!(locked_version(lock, "wasm-bindgen"), Some("0.2.130"));
        assert_eq!(locked_version(lock, "wasm"), None);
    }
}
