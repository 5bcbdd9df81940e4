//! `banyan tree draw`

use std::path::PathBuf;

use anyhow::Context as _;
use banyan_scene::{Palette, Theme, svg_of};
use banyan_view::World as _;
use clap::ValueEnum;

/// The one place that says which colours there are.
const TOKENS: &str = include_str!("../../../../../style/tokens.css");

/// Draw a family file as an SVG picture.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A GEDCOM file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where the picture goes; `-` is standard output.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,

    #[arg(long, value_name = "THEME", default_value = "light")]
    theme: ThemeName,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

/// The picture, if it goes to standard output.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let tree = super::open(&args.file)?;
    let theme = match args.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let palette = Palette::parse(TOKENS, theme)?;
    let svg = svg_of(tree.world.scene(), &tree.world, &palette, 1.0);
    if args.out.as_os_str() == "-" {
        return Ok(svg);
    }
    std::fs::write(&args.out, svg).with_context(|| args.out.display().to_string())?;
    Ok(String::new())
}
