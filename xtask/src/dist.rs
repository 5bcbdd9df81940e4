//! `cargo xtask dist`: what is handed to people who do not build.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::tools::Toolbox;
use crate::{app, bridge, process, workspace};

/// Packs the program, completions, manual pages and licences into `dist-release/`
#[derive(clap::Args)]
pub(crate) struct Arguments {}

const DOCUMENTS: [&str; 4] = ["CHANGELOG.md", "LICENSE-APACHE", "LICENSE-MIT", "README.md"];
const SHELLS: [(&str, &str); 4] = [
    ("bash", "banyan.bash"),
    ("elvish", "banyan.elv"),
    ("fish", "banyan.fish"),
    ("zsh", "_banyan"),
];

pub(crate) fn run() -> Result<()> {
    let root = workspace::root();
    let dist = app::build(&Toolbox::ready()?)?;
    let program = bridge::build(&dist)?;

    let host = process::capture(process::program("rustc").args(["--print", "host-tuple"]))?;
    let name = format!("banyan-{}-{}", env!("CARGO_PKG_VERSION"), host.trim());
    let release = root.join("dist-release");
    let bundle = release.join(&name);
    if bundle.exists() {
        fs::remove_dir_all(&bundle)?;
    }
    let completions = bundle.join("completions");
    let manual = bundle.join("man");
    fs::create_dir_all(&completions)?;
    fs::create_dir_all(&manual)?;

    let file_name = program.file_name().context("the program has no name")?;
    fs::copy(&program, bundle.join(file_name))?;
    for document in DOCUMENTS {
        fs::copy(root.join(document), bundle.join(document))
            .with_context(|| format!("cannot pack {document}"))?;
    }
    for (shell, file) in SHELLS {
        let script = process::capture(process::program(&program).args(["completions", shell]))?;
        fs::write(completions.join(file), script)?;
    }
    process::run(process::program(&program).args(["man", "--out"]).arg(&manual))?;

    let archive = release.join(format!("{name}.tar.gz"));
    pack(&release, &name, &archive)?;
    println!("{}", archive.display());
    Ok(())
}

/// Writes `folder/name` into an archive that is the same for the same files: sorted, without times
/// and owners.
fn pack(folder: &Path, name: &str, archive: &Path) -> Result<()> {
    let file =
        fs::File::create(archive).with_context(|| format!("cannot write {}", archive.display()))?;
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::best()));
    tar.mode(tar::HeaderMode::Deterministic);
    let files: Vec<PathBuf> = app::files(&folder.join(name))?;
    for path in files {
        tar.append_path_with_name(&path, path.strip_prefix(folder)?)?;
    }
    tar.into_inner()?.finish()?;
    Ok(())
}
