//! The program `banyan`.

use std::process::ExitCode;

fn main() -> ExitCode {
    banyan_bridge::command::main()
}
