//! `banyan generate`

mod tree;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Subcommand;

/// Make up data of any size, to measure with and to look at; the same for the same seed.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make up a genealogy, as a GEDCOM 5.5.1 file.
    ///
    /// Villages of a few lines each, over four centuries: people marry mostly somebody from elsewhere,
    /// sometimes a neighbour and seldom a cousin, marry again, adopt, or leave no trace but a name.
    Family(Args),
    /// Make up a tree of cards, laid out tidily, as JSON that docs/json.md describes.
    Tree(Args),
}

/// How much of it, and where it goes.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// How many persons, nodes, clients or keys; exactly so many are made.
    #[arg(short = 'n', long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=MOST))]
    count: u32,

    /// Another seed gives other data of the same kind.
    #[arg(long, value_name = "SEED", default_value_t = 1)]
    seed: u64,

    /// Where it goes; `-` is standard output.
    #[arg(short, long, value_name = "FILE", default_value = "-")]
    out: PathBuf,
}

const MOST: i64 = banyan_generate::family::MOST_PERSONS as i64;

pub(super) fn run(command: &Command) -> anyhow::Result<()> {
    let (Command::Family(args) | Command::Tree(args)) = command;
    if args.out.as_os_str() == "-" {
        return Ok(write(command, &mut io::stdout().lock())?);
    }
    let place = || args.out.display().to_string();
    let mut file = BufWriter::new(File::create(&args.out).with_context(place)?);
    write(command, &mut file).and_then(|()| file.flush()).with_context(place)
}

fn write(command: &Command, out: &mut impl Write) -> io::Result<()> {
    match command {
        Command::Family(args) => {
            banyan_generate::family(args.count, args.seed).write_gedcom(out)?;
        }
        Command::Tree(args) => tree::write(args.count, args.seed, out)?,
    }
    out.flush()
}
