//! All automation of Banyan, as `cargo xtask <command>`.
//!
//! It has no network code of its own: it starts cargo, rustup, npm, apt-get and Trunk, says what it
//! starts, and ends with their result.

#![expect(clippy::print_stdout, reason = "results go to standard output")]

mod app;
mod bench;
mod bridge;
mod dist;
mod process;
mod run;
mod test;
mod tidy;
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
    Run(run::Arguments),
    Test(test::Arguments),
    Bench(bench::Arguments),
    Dist(dist::Arguments),
    Tidy(tidy::Arguments),
}

fn main() -> ExitCode {
    let result = match CommandLine::parse().command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Test(arguments) => test::run(&arguments),
        Command::Bench(arguments) => bench::run(&arguments),
        Command::Dist(dist::Arguments {}) => dist::run(),
        Command::Tidy(tidy::Arguments {}) => tidy::run(),
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
