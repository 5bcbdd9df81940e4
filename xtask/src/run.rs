//! `cargo xtask run`: everything from a bare clone to a bridge that listens.

use anyhow::Result;

use crate::tools::Toolbox;
use crate::{app, bridge};

/// Builds the app and the bridge in release and starts the bridge
///
/// What is missing of the tools is installed for this user first. Arguments after `--` go to
/// `banyan serve`.
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  \
    cargo xtask run                                  the sample family, and demo caches where installed\n  \
    cargo xtask run -- redis://127.0.0.1:6379        a real server\n  \
    cargo xtask run -- --listen 127.0.0.1:9000       another address")]
pub(crate) struct Arguments {
    /// Arguments of `banyan serve`
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    serve: Vec<String>,
}

pub(crate) fn run(arguments: &Arguments) -> Result<()> {
    let dist = app::build(&Toolbox::ready()?)?;
    let program = bridge::build(&dist)?;
    bridge::become_it(&program, &arguments.serve)
}
