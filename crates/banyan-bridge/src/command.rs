//! The command line: one file per command.
//!
//! Results go to standard output, everything else to standard error. The program ends with 0, with 1
//! when something failed, with 2 when it was called wrongly.

mod cache;
mod completions;
mod doctor;
mod generate;
mod man;
mod print;
mod serve;
mod tree;

use std::{io::IsTerminal as _, process::ExitCode};

use clap::{CommandFactory as _, Parser, Subcommand};
use tracing_subscriber::EnvFilter;

/// Look around in very large living trees: families, and what lives in a cache.
#[derive(Debug, Parser)]
#[command(name = "banyan", version, max_term_width = 100)]
struct Cli {
    /// What to log: error, warn, info, debug, or a filter such as `banyan_bridge=debug`.
    #[arg(long, global = true, env = "BANYAN_LOG", default_value = "info", value_name = "LEVEL")]
    log: EnvFilter,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Serve(serve::Args),
    Demo(serve::DemoArgs),
    #[command(subcommand)]
    Tree(tree::Command),
    #[command(subcommand)]
    Cache(cache::Command),
    Doctor(doctor::Args),
    #[command(subcommand)]
    Generate(generate::Command),
    Completions(completions::Args),
    Man(man::Args),
}

/// Runs the command that the process was called with.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(cli.log)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    let done = match cli.command {
        Command::Serve(args) => serve::run(args),
        Command::Demo(args) => serve::run(args.into()),
        Command::Tree(command) => match tree::run(command) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Command::Cache(command) => match cache::run(command) {
            Ok(code) => return code,
            Err(error) => Err(error),
        },
        Command::Doctor(args) => doctor::run(&args),
        Command::Generate(command) => generate::run(&command),
        Command::Completions(args) => completions::run(&args, &mut Cli::command()),
        Command::Man(args) => man::run(&args, Cli::command()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever read the output has seen enough.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            print::complain(&error);
            ExitCode::FAILURE
        }
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .downcast_ref::<std::io::Error>()
        .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_is_sound() {
        Cli::command().debug_assert();
    }
}
