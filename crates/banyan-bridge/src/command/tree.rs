//! `banyan tree`

mod draw;
mod inspect;
mod kin;

use std::{io::Write as _, path::Path, time::Instant};

use anyhow::Context as _;
use banyan_gedcom::{Document, Pictures};
use banyan_view::{FamilyWorld, Words, family::Stage};
use clap::Subcommand;

/// Look at a family file.
#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Inspect(inspect::Args),
    Draw(draw::Args),
    Kin(kin::Args),
}

pub(super) fn run(command: Command) -> anyhow::Result<()> {
    let text = match command {
        Command::Inspect(args) => inspect::run(&args)?,
        Command::Draw(args) => draw::run(&args)?,
        Command::Kin(args) => kin::run(&args)?,
    };
    Ok(std::io::stdout().write_all(text.as_bytes())?)
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

fn open(file: &Path) -> anyhow::Result<Tree> {
    let place = || file.display().to_string();
    let bytes = std::fs::read(file).with_context(place)?;
    let begin = Instant::now();
    let mut document = banyan_gedcom::read(&bytes, &mut |_, _| {}).with_context(place)?;
    let parse_millis = millis(begin);
    let mut genealogy = std::mem::take(&mut document.genealogy);
    // Only those that are in the file are drawn, so only they are given room.
    let pictures = Pictures::of(&bytes);
    genealogy.keep_photos(|path| pictures.has(path));
    let begin = Instant::now();
    let mut layout_millis = 0.0;
    let world = FamilyWorld::new(genealogy, Words::english(), &mut |stage, _| {
        if stage == Stage::LayingOut {
            layout_millis = millis(begin);
        }
    });
    Ok(Tree { bytes, pictures, document, world, parse_millis, layout_millis })
}

/// Milliseconds since `begin`, to the microsecond.
fn millis(begin: Instant) -> f64 {
    begin.elapsed().as_micros() as f64 / 1000.0
}
