//! Says which folder `src/serve/app/embedded.rs` takes the app from.

use std::{env, path::PathBuf};

fn main() {
    println!("cargo::rerun-if-env-changed=BANYAN_APP_DIST");
    let folder = env::var_os("BANYAN_APP_DIST").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../dist"),
        PathBuf::from,
    );
    // A folder that is missing counts as changed for ever, which would rebuild the crate each time.
    if folder.is_dir() {
        println!("cargo::rerun-if-changed={}", folder.display());
    }
    println!("cargo::rustc-env=BANYAN_APP_DIST={}", folder.display());
}
