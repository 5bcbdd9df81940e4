//! Whether the app in `dist` was made from what lies in the workspace now.
//!
//! The stamp holds a hash of everything that the app is made of and one of what came out, so that a
//! build by another hand, or a deleted file, is noticed too.

use std::collections::hash_map::DefaultHasher;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::Value;

use super::files;
use crate::workspace;

/// What the app is made of besides its crates; what does not exist counts as such.
const PARTS: [&str; 12] = [
    ".cargo",
    "Cargo.lock",
    "Cargo.toml",
    "Trunk.toml",
    "build.rs",
    "data",
    "index.html",
    "locales",
    "public",
    "rust-toolchain.toml",
    "src",
    "style",
];

/// The hash of all that goes in, as text.
pub(crate) fn inputs(root: &Path, tools: &str) -> Result<String> {
    let parts = PARTS.iter().map(|part| root.join(part));
    let crates = crates_of_app(&workspace::metadata()?)?;
    let mut paths: Vec<PathBuf> = parts.chain(crates).collect();
    paths.sort();
    hash(root, &paths, tools)
}

/// True if `dist` is what was built from these inputs.
pub(crate) fn matches(inputs: &str, dist: &Path) -> bool {
    let Ok(stamp) = std::fs::read_to_string(path()) else { return false };
    dist.is_dir() && line(inputs, dist).is_ok_and(|line| line == stamp)
}

pub(crate) fn write(inputs: &str, dist: &Path) -> Result<()> {
    let path = path();
    std::fs::create_dir_all(path.parent().unwrap_or(&path))?;
    std::fs::write(&path, line(inputs, dist)?)
        .with_context(|| format!("cannot write {}", path.display()))
}

fn path() -> PathBuf {
    workspace::target_dir().join("xtask").join("app.stamp")
}

fn line(inputs: &str, dist: &Path) -> Result<String> {
    let outputs = hash(dist, &[dist.to_path_buf()], "")?;
    Ok(format!("made of {inputs}, became {outputs}\n"))
}

/// The folders of the root package's own crates, near and far.
fn crates_of_app(metadata: &Value) -> Result<Vec<PathBuf>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let folders_needed_by = |name: &str| -> Vec<(String, PathBuf)> {
        packages
            .iter()
            .filter(|package| package["name"] == name)
            .flat_map(|package| package["dependencies"].as_array().into_iter().flatten())
            .filter_map(|dependency| {
                let name = dependency["name"].as_str()?.to_owned();
                Some((name, PathBuf::from(dependency["path"].as_str()?)))
            })
            .collect()
    };
    let mut found = std::collections::BTreeMap::new();
    let mut open = folders_needed_by("banyan-app");
    while let Some((name, folder)) = open.pop() {
        if found.insert(name.clone(), folder).is_none() {
            open.extend(folders_needed_by(&name));
        }
    }
    Ok(found.into_values().collect())
}

/// One number for the names and contents of files and folders, relative to `base`.
fn hash(base: &Path, paths: &[PathBuf], salt: &str) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    salt.hash(&mut hasher);
    for path in paths {
        let found = match path {
            path if path.is_dir() => files(path)?,
            path if path.is_file() => vec![path.clone()],
            _ => Vec::new(),
        };
        for file in found {
            file.strip_prefix(base).unwrap_or(&file).hash(&mut hasher);
            std::fs::read(&file)
                .with_context(|| format!("cannot read {}", file.display()))?
                .hash(&mut hasher);
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn follows_path_dependencies_to_their_end() {
        let metadata = json!({"packages": [
            {"name": "banyan-app", "dependencies": [
                {"name": "banyan-view", "path": "/w/view"}, {"name": "serde"}]},
            {"name": "banyan-view", "dependencies": [{"name": "banyan-kin", "path": "/w/kin"}]},
            {"name": "banyan-kin", "dependencies": []},
            {"name": "banyan-bridge", "dependencies": [{"name": "banyan-kin", "path": "/w/kin"}]},
        ]});
        let folders = crates_of_app(&metadata).unwrap();
        assert_eq!(folders, [PathBuf::from("/w/kin"), PathBuf::from("/w/view")]);
    }

    #[test]
    fn a_changed_byte_changes_the_hash() {
        let folder = std::env::temp_dir().join(format!("banyan-stamp-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join("a");
        let of = |bytes: &[u8]| {
            std::fs::write(&file, bytes).unwrap();
            hash(&folder, std::slice::from_ref(&folder), "").unwrap()
        };
        let (first, second, third) = (of(b"one"), of(b"two"), of(b"one"));
        std::fs::remove_dir_all(&folder).unwrap();
        assert_ne!(first, second);
        assert_eq!(first, third);
    }
}
