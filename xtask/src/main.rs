//! All automation of Banyan, as `cargo xtask <command>`.
//!
//! It has no network code of its own: it starts cargo, rustup, npm, apt-get and Trunk, says what it
//! starts, and ends with their result.

mod app;
mod bridge;
mod process;
mod run;
mod tools;
mod workspace;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// Builds, runs, tests and packs Banyan.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct CommandLine {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Builds the app and the bridge in release and starts the bridge
    Run(run::Arguments),
}

fn main() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Run(arguments) => run::run(&arguments),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        // One line for a person; a backtrace through this program would explain nothing.
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}
