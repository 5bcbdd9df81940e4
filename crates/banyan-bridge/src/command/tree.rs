//! `banyan tree`

mod check;
mod convert;
mod draw;
mod drawn;
mod inspect;
mod kin;
mod stats;

use std::{
    io::{BufWriter, Write},
    path::Path,
    process::ExitCode,
    time::Instant,
};

use anyhow::{Context as _, ensure};
use banyan_gedcom::{Document, Pictures, Reason};
use banyan_kin::Genealogy;
use banyan_view::{Chart, FamilyWorld, Plan, Words, family::Stage, texts::Language};
use clap::Subcommand;

/// Look at a family file.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Inspect(inspect::Args),
    Draw(draw::Args),
    Convert(convert::Args),
    Check(check::Args),
    Kin(kin::Args),
    Stats(stats::Args),
}

pub(super) fn run(command: Command) -> anyhow::Result<ExitCode> {
    let text = match command {
        Command::Inspect(args) => inspect::run(&args)?,
        Command::Draw(args) => draw::run(&args)?,
        Command::Convert(args) => convert::run(&args)?,
        Command::Check(args) => return check::run(&args),
        Command::Kin(args) => kin::run(&args)?,
        Command::Stats(args) => stats::run(&args)?,
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(ExitCode::SUCCESS)
}

/// A family file, read and laid out.
struct Tree {
    /// The file as it is, and which pictures of persons are in it.
    bytes: Vec<u8>,
    pictures: Pictures,
    /// Without its genealogy, which is in the world.
    document: Document,
    world: FamilyWorld,
    parse_millis: f64,
    layout_millis: f64,
}

/// What is odd in a file, in words.
fn told(reason: &Reason) -> String {
    Language::English.oddity(reason.code(), &reason.values())
}

/// The genealogy of a file.
fn genealogy(file: &Path) -> anyhow::Result<Genealogy> {
    let place = || file.display().to_string();
    let bytes = std::fs::read(file).with_context(place)?;
    Ok(banyan_gedcom::read(&bytes, &mut |_, _| {}).with_context(place)?.genealogy)
}

/// Reads a file and has it drawn, all whom it is about being in it.
fn open(file: &Path, drawn: &drawn::Drawn) -> anyhow::Result<Tree> {
    let place = || file.display().to_string();
    let plan = drawn.plan()?;
    lay_out(std::fs::read(file).with_context(place)?, &plan, false).with_context(place)
}

/// With `hides_living`, without anything about those who may live but their links.
fn lay_out(bytes: Vec<u8>, plan: &Plan, hides_living: bool) -> anyhow::Result<Tree> {
    let begin = Instant::now();
    let mut document = banyan_gedcom::read(&bytes, &mut |_, _| {})?;
    let parse_millis = millis(begin);
    let mut genealogy = std::mem::take(&mut document.genealogy);
    // Only those that are in the file are drawn, so only they are given room.
    let pictures = Pictures::of(&bytes);
    genealogy.keep_photos(|path| pictures.has(path));
    let begin = Instant::now();
    let mut layout_millis = 0.0;
    let year = hides_living.then(convert::this_year);
    let mut progress = |stage: Stage, _: f32| {
        if stage == Stage::LayingOut {
            layout_millis = millis(begin);
        }
    };
    let words = Words::english();
    drawn::check(plan, &genealogy)?;
    let world = FamilyWorld::with_mask(genealogy, year, words, plan.clone(), &mut progress);
    let subject = plan.chart.subject().unwrap_or_default();
    let is_there = *world.chart() == plan.chart || subject.is_empty();
    ensure!(is_there, "nobody has the id {subject}");
    Ok(Tree { bytes, pictures, document, world, parse_millis, layout_millis })
}

/// Writes a file that has its name only once it is whole.
fn whole_file<T>(
    out: &Path,
    write: impl FnOnce(&mut BufWriter<&std::fs::File>) -> anyhow::Result<T>,
) -> anyhow::Result<T> {
    let folder = out.parent().filter(|folder| !folder.as_os_str().is_empty());
    let place = || out.display().to_string();
    let mut builder = tempfile::Builder::new();
    #[cfg(unix)]
    builder.permissions(std::os::unix::fs::PermissionsExt::from_mode(0o666));
    let file = builder
        .prefix(".banyan-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .with_context(place)?;
    let mut buffer = BufWriter::new(file.as_file());
    let written = write(&mut buffer).with_context(place)?;
    buffer.flush().with_context(place)?;
    drop(buffer);
    file.persist(out).with_context(place)?;
    Ok(written)
}

/// A chart as the command line and addresses name it.
fn chart(text: &str) -> Result<Chart, String> {
    let forms = "everyone, timeline, or one of ancestors, descendants, hourglass, relatives, fan, \
        half-fan with an id and generations: ancestors:I52:4, hourglass:I52:3+2; or one of su, ou, pagoda, list, with or \
        without an id";
    text.parse().map_err(|()| forms.to_owned())
}

/// Milliseconds since `begin`, to the microsecond.
fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_micros() as f64 / 1000.0
}
