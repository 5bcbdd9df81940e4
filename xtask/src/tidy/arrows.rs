//! Which crate may know which: the arrows of `ARCHITECTURE.md`, held.

use anyhow::{Context, Result};
use serde_json::Value;

use super::{Finding, SourceFile};
use crate::workspace;

/// Each crate with the crates of ours that it may use. Tests are held to it too.
const ALLOWED: [(&str, &[&str]); 14] = [
    ("banyan-kin", &[]),
    ("banyan-gedcom", &["banyan-kin"]),
    ("banyan-topology", &[]),
    ("banyan-generate", &["banyan-gedcom", "banyan-kin", "banyan-topology"]),
    ("banyan-layout", &[]),
    ("banyan-scene", &["banyan-layout"]),
    ("banyan-export", &["banyan-layout", "banyan-scene"]),
    ("banyan-raster", &["banyan-export", "banyan-layout", "banyan-scene"]),
    (
        "banyan-view",
        &[
            "banyan-gedcom",
            "banyan-generate",
            "banyan-kin",
            "banyan-layout",
            "banyan-scene",
            "banyan-topology",
        ],
    ),
    ("banyan-protocol", &["banyan-topology"]),
    ("banyan-sources", &["banyan-topology"]),
    (
        "banyan-bridge",
        &[
            "banyan-export",
            "banyan-gedcom",
            "banyan-generate",
            "banyan-kin",
            "banyan-layout",
            "banyan-protocol",
            "banyan-raster",
            "banyan-scene",
            "banyan-sources",
            "banyan-topology",
            "banyan-view",
        ],
    ),
    (
        "banyan-app",
        &[
            "banyan-export",
            "banyan-gedcom",
            "banyan-generate",
            "banyan-kin",
            "banyan-layout",
            "banyan-protocol",
            "banyan-scene",
            "banyan-topology",
            "banyan-view",
        ],
    ),
    ("xtask", &[]),
];

/// The browser belongs to the app alone, and everything that waits to the two at the rim.
const RIMS: [(&[&str], &[&str]); 2] = [
    (&["gloo", "js-sys", "leptos", "wasm-bindgen", "web-sys"], &["banyan-app"]),
    (&["axum", "hyper", "redis", "socket2", "tokio"], &["banyan-bridge", "banyan-sources"]),
];

pub(crate) fn direction(_: &[SourceFile]) -> Result<Vec<Finding>> {
    faults(&workspace::metadata()?)
}

fn faults(metadata: &Value) -> Result<Vec<Finding>> {
    let packages = metadata["packages"].as_array().context("cargo metadata has no packages")?;
    let mut findings = Vec::new();
    for package in packages {
        let name = package["name"].as_str().unwrap_or_default();
        let mut find = |message: String| {
            findings.push(Finding { path: manifest(name), line: 1, message });
        };
        let Some((_, allowed)) = ALLOWED.iter().find(|(known, _)| *known == name) else {
            find(format!("{name} has no arrows in xtask/src/tidy/arrows.rs yet"));
            continue;
        };
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let used = dependency["name"].as_str().unwrap_or_default();
            if dependency["path"].is_string() && !allowed.contains(&used) {
                find(format!("{name} must not know {used}"));
            }
            let is_beyond = |(crates, rim): &&(&[&str], &[&str])| {
                crates.contains(&used) && !rim.contains(&name)
            };
            if let Some((_, rim)) = RIMS.iter().find(is_beyond) {
                find(format!("{name} must not use {used}: that is for {}", rim.join(" and ")));
            }
        }
    }
    Ok(findings)
}

fn manifest(name: &str) -> String {
    match name {
        "banyan-app" => "Cargo.toml".to_owned(),
        "xtask" => "xtask/Cargo.toml".to_owned(),
        name => format!("crates/{name}/Cargo.toml"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn finds_arrows_against_the_stream() {
        let check = |name: &str, used: Value, expect: usize| {
            let metadata = json!({"packages": [{"name": name, "dependencies": [used]}]});
            assert_eq!(faults(&metadata).unwrap().len(), expect, "{metadata}");
        };
        check("banyan-gedcom", json!({"name": "banyan-kin", "path": "x"}), 0);
        check("banyan-kin", json!({"name": "banyan-gedcom", "path": "x"}), 1);
        check("banyan-layout", json!({"name": "web-sys"}), 1);
        check("banyan-app", json!({"name": "web-sys"}), 0);
        check("banyan-view", json!({"name": "tokio"}), 1);
        check("banyan-other", json!({"name": "serde"}), 1);
    }
}
