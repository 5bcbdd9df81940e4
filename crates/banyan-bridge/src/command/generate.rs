//! `banyan generate`

mod tree;

use std::{
    fs::File,
    io::{self, BufWriter, Write},
    path::PathBuf,
};

use anyhow::Context as _;
use clap::Subcommand;
use serde::Serialize;

use super::cache::{KeysJson, Snapshot};

/// Make up data of any size, to measure with and to look at; the same for the same seed.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Make up a genealogy, as a GEDCOM 5.5.1 file.
    ///
    /// Villages of a few lines each, over four centuries: people marry mostly somebody from elsewhere,
    /// sometimes a neighbour and seldom a cousin, marry again, adopt, or leave no trace but a name.
    Family(Args),
    /// Make up a tree of cards, placed in nested columns, as JSON that docs/json.md describes.
    Tree(Args),
    /// Make up a server with its clients, as the JSON that `banyan cache snapshot --json` prints.
    Topology(Args),
    /// Make up the keys of a server, as the JSON that `banyan cache keys --json` prints.
    Keyspace(Args),
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

/// The server that is made up; nobody listens there.
const TARGET: &str = "redis://made-up.invalid:6379";
/// The parts of a key between its delimiters, at most.
const MOST_PARTS: usize = 4;

pub(super) fn run(command: &Command) -> anyhow::Result<()> {
    let (Command::Family(args)
    | Command::Tree(args)
    | Command::Topology(args)
    | Command::Keyspace(args)) = command;
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
        Command::Topology(args) => {
            let server = banyan_generate::server(args.count, args.seed);
            write_json(&Snapshot::new(TARGET.to_owned(), server.topology()), out)?;
        }
        Command::Keyspace(args) => {
            // So many rows that none of them is folded.
            let rows = args.count as usize * MOST_PARTS + 1;
            let keyspace = banyan_generate::keyspace(args.count, rows, args.seed);
            write_json(&KeysJson::new(TARGET.to_owned(), &keyspace), out)?;
        }
    }
    out.flush()
}

fn write_json(document: &impl Serialize, out: &mut impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, document)?;
    out.write_all(b"\n")
}
