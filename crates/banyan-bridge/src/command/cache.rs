//! `banyan cache`

mod findings;
mod follow;
mod keys;
mod snapshot;
mod watch;
mod window;

pub(super) use keys::KeysJson;
pub(super) use snapshot::Snapshot;

use std::{io::Write as _, path::PathBuf, process::ExitCode};

use banyan_sources::Link;
use clap::Subcommand;

use crate::config::{file::TargetEntry, target};

/// Look at a server, once or for a while.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Snapshot(snapshot::Args),
    Keys(keys::Args),
    Findings(findings::Args),
    Watch(watch::Args),
}

/// Which server, and how its answer is printed.
#[derive(Debug, clap::Args)]
pub(super) struct ServerArgs {
    /// redis://[user:password@]host[:port][/db] (rediss:// for TLS, with ?ca=FILE&cert=FILE
    /// &key=FILE&server_name=NAME), redis+unix:///path, redis-sentinel://host[:port][/master],
    /// memcached://host[:port], tyrant://host[:port].
    #[arg(value_name = "URL")]
    url: String,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    pub(super) json: bool,

    /// File whose first line is the password, for a URL without one.
    #[arg(long, value_name = "FILE")]
    password_file: Option<PathBuf>,

    /// Variable of the environment that holds it.
    #[arg(long, value_name = "NAME")]
    password_env: Option<String>,

    /// The same for Sentinels, where the servers that they name have another password.
    #[arg(long, value_name = "FILE")]
    sentinel_password_file: Option<PathBuf>,

    /// Variable of the environment that holds that one.
    #[arg(long, value_name = "NAME")]
    sentinel_password_env: Option<String>,

    /// A network in which servers that this one names are followed, such as 10.0.0.0/8 [default:
    /// only those on the same host].
    #[arg(long, value_name = "NETWORK")]
    follow: Vec<String>,
}

impl ServerArgs {
    pub(super) fn link(&self) -> anyhow::Result<Link> {
        let entry = TargetEntry {
            url: Some(self.url.clone()),
            password_file: self.password_file.clone(),
            password_env: self.password_env.clone(),
            sentinel_password_file: self.sentinel_password_file.clone(),
            sentinel_password_env: self.sentinel_password_env.clone(),
            follow: self.follow.clone(),
            ..TargetEntry::default()
        };
        Ok(target::one(&entry).map_err(anyhow::Error::msg)?.link())
    }
}

pub(super) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        match command {
            Command::Snapshot(args) => printed(&snapshot::run(&args).await?),
            Command::Keys(args) => printed(&keys::run(args).await?),
            Command::Findings(args) => findings::run(&args).await,
            Command::Watch(args) => watch::run(&args).await,
        }
    })
}

fn printed(text: &str) -> anyhow::Result<ExitCode> {
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}
