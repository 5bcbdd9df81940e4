//! `banyan man`

use std::{io::Write as _, path::PathBuf};

use anyhow::Context as _;

/// Print the manual page, or write those of all commands into a folder.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Write `banyan.1`, `banyan-serve.1` and so on into this folder.
    #[arg(long, value_name = "FOLDER")]
    out: Option<PathBuf>,
}

pub(super) fn run(args: &Args, command: clap::Command) -> anyhow::Result<()> {
    match &args.out {
        Some(folder) => clap_mangen::generate_to(command, folder)
            .with_context(|| format!("cannot write manual pages into {}", folder.display())),
        None => {
            let mut page = Vec::new();
            clap_mangen::Man::new(command).render(&mut page)?;
            Ok(std::io::stdout().write_all(&page)?)
        }
    }
}
