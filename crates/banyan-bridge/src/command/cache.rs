//! `banyan cache`

mod keys;
mod snapshot;

pub(super) use keys::KeysJson;
pub(super) use snapshot::Snapshot;

use std::{io::Write as _, path::PathBuf};

use banyan_sources::Link;
use clap::Subcommand;

use crate::config::target;

/// Look at a server once.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Snapshot(snapshot::Args),
    Keys(keys::Args),
}

/// Which server, and how its answer is printed.
#[derive(Debug, clap::Args)]
struct ServerArgs {
    /// redis://[user:password@]host[:port][/db], redis+unix:///path, memcached://host[:port].
    #[arg(value_name = "URL")]
    url: String,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    json: bool,

    /// File whose first line is the password, for a URL without one.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,
}

impl ServerArgs {
    fn link(&self) -> anyhow::Result<Link> {
        let server = target::server(&self.url, self.password_file.as_deref());
        Ok(Link::new(server.map_err(anyhow::Error::msg)?))
    }
}

pub(super) fn run(command: Command) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let text = runtime.block_on(async {
        match command {
            Command::Snapshot(args) => snapshot::run(&args).await,
            Command::Keys(args) => keys::run(args).await,
        }
    })?;
    Ok(std::io::stdout().write_all(text.as_bytes())?)
}
