//! `banyan completions`

use std::io::Write as _;

use clap::Command;
use clap_complete::Shell;

/// Print a completion script for a shell.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    shell: Shell,
}

pub(super) fn run(args: &Args, command: &mut Command) -> anyhow::Result<()> {
    // The generator panics where it cannot write, so it gets a place where it always can.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, command, "banyan", &mut script);
    std::io::stdout().write_all(&script)?;
    Ok(())
}
