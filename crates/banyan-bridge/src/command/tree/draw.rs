//! `banyan tree draw`

use std::{
    io::{IsTerminal as _, Write},
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use banyan_export::{
    Job, Layout, Paper, PdfJob, PdfOrder, PhotoSource, PngJob, Subject, SvgJob, run as make,
};
use banyan_layout::geometry::Rect;
use banyan_raster::{FontGlyphs, RasterPainter, Typesetter, decode_photo};
use banyan_scene::{Cutout, Footer, Ink, Legend, Level, Palette, Scene, Theme};
use banyan_view::{Chart, Colouring, FamilyWorld, Language, World as _};
use clap::ValueEnum;

use super::drawn::Drawn;

/// The one place that says which colours there are.
const TOKENS: &str = include_str!("../../../../../style/tokens.css");
/// A CSS px, which a world unit is at scale 1, is a 96th of an inch; a point is a 72nd.
const POINTS_PER_UNIT: f64 = 72.0 / 96.0;

/// Draw a family file as a picture: PNG, SVG or PDF, as large as you like.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A GEDCOM file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    /// Where the picture goes; its ending (.png, .svg, .pdf) says what it becomes. `-` is an SVG on
    /// standard output.
    #[arg(short, long, value_name = "FILE")]
    out: PathBuf,

    #[command(flatten)]
    drawn: Drawn,

    /// What the colours say: sex, generation, surname, branch, zibei, completeness, place (of birth),
    /// century (of birth), living. All but the first have their legend below the picture.
    #[arg(long, value_name = "BY", default_value = "sex", value_parser = colouring)]
    colour: Colouring,

    #[arg(long, value_name = "THEME", default_value = "light")]
    theme: ThemeName,

    /// Pixels for each unit of the tree; a card is 176 units wide.
    #[arg(long, value_name = "S", default_value_t = 1.0)]
    scale: f64,

    /// Width of the picture in pixels, in place of a scale.
    #[arg(long, value_name = "PX", conflicts_with = "scale")]
    width: Option<u32>,

    /// The part of the tree to draw, in its units: left, top, width, height.
    #[arg(long, value_name = "X,Y,W,H", value_parser = region, allow_hyphen_values = true)]
    region: Option<Rect>,

    /// Spreads a PDF over sheets of this paper, to be cut and glued. Without it the PDF has one page
    /// of the picture's size.
    #[arg(long, value_name = "PAPER")]
    page: Option<PaperName>,

    /// Shows persons who may be alive as "Living", without any fact.
    #[arg(long)]
    mask_living: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum ThemeName {
    Light,
    Dark,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum PaperName {
    A4,
    A3,
    Letter,
}

fn colouring(text: &str) -> Result<Colouring, String> {
    let names = Colouring::ALL.map(Colouring::name).join(", ");
    text.parse().map_err(|()| format!("one of {names}"))
}

fn region(text: &str) -> Result<Rect, String> {
    let numbers: Result<Vec<i32>, _> = text.split(',').map(|part| part.trim().parse()).collect();
    match numbers.as_deref() {
        Ok(&[x, y, width, height]) if width > 0 && height > 0 => Ok(Rect::new(x, y, width, height)),
        _ => Err("four whole numbers, the last two above zero".to_owned()),
    }
}

/// Draws the picture; nothing is said but how far it has come, on a terminal.
pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let is_piped = args.out.as_os_str() == "-";
    let ending =
        if is_piped { Some("svg") } else { args.out.extension().and_then(|it| it.to_str()) };
    let ending = ending.unwrap_or_default().to_ascii_lowercase();
    ensure!(
        matches!(ending.as_str(), "png" | "svg" | "pdf"),
        "{}: the name must end in .png, .svg or .pdf",
        args.out.display(),
    );
    ensure!(args.page.is_none() || ending == "pdf", "--page is for PDF");
    let place = || args.file.display().to_string();
    let bytes = std::fs::read(&args.file).with_context(place)?;
    let plan = args.drawn.plan()?;
    let mut tree = super::lay_out(bytes, &plan, args.mask_living).with_context(place)?;
    tree.world.paint(args.colour, super::convert::this_year());
    picture(args, &ending, &tree)
}

/// Draws a file that has been read already, as large as it is.
pub(super) fn convert(
    file: &Path,
    bytes: Vec<u8>,
    ending: &str,
    out: &Path,
    drawn: &Drawn,
) -> anyhow::Result<String> {
    let plan = drawn.plan()?;
    let args = Args {
        file: file.to_owned(),
        out: out.to_owned(),
        drawn: drawn.clone(),
        colour: Colouring::Sex,
        theme: ThemeName::Light,
        scale: 1.0,
        width: None,
        region: None,
        page: None,
        mask_living: false,
    };
    picture(&args, ending, &super::lay_out(bytes, &plan, false)?)
}

fn picture(args: &Args, ending: &str, tree: &super::Tree) -> anyhow::Result<String> {
    let theme = match args.theme {
        ThemeName::Light => Theme::Light,
        ThemeName::Dark => Theme::Dark,
    };
    let palette = Palette::parse(TOKENS, theme)?;
    let scene = tree.world.scene();
    let legend = (args.colour != Colouring::Sex).then(|| tree.world.legend(Language::English));
    let (cutout, footer) = cutout(args, ending, scene, legend.as_ref())?;
    let footer = footer.as_ref();
    let subject = Subject { scene, cards: &tree.world, palette: &palette, footer };
    let mut photo = |photo| {
        let picture = tree.pictures.bytes(&tree.bytes, tree.world.photo_path(photo))?;
        decode_photo(&picture, palette.tone(Ink::Card.into()))
    };
    let facts = facts(&tree.world);
    if args.out.as_os_str() == "-" {
        draw(args, ending, (cutout, &facts), &subject, &mut photo, std::io::stdout().lock())?;
        return Ok(String::new());
    }
    super::whole_file(&args.out, |out| {
        draw(args, ending, (cutout, &facts), &subject, &mut photo, out)
    })?;
    Ok(String::new())
}

/// What the title block of a PDF tells: the chart, and how many persons it shows.
fn facts(world: &FamilyWorld) -> Vec<String> {
    let figures = world.figures();
    let people = format!("{} persons, {} generations", figures.persons, figures.generations);
    match world.chart() {
        Chart::Everyone => vec![people],
        chart => vec![format!("{chart} {}", world.subject()).trim_end().to_owned(), people],
    }
}

/// The picture with room for a legend, and the legend.
fn cutout(
    args: &Args,
    ending: &str,
    scene: &Scene,
    legend: Option<&Legend>,
) -> anyhow::Result<(Cutout, Option<Footer>)> {
    // Lines and letters are as fine at any scale.
    let scale = if ending == "png" { scale_of(args, scene)? } else { 1.0 };
    let picture = Cutout::of_region(region_of(args, scene), Level::of_scale(scale));
    Ok(match legend {
        Some(legend) => {
            let (whole, footer) = Footer::below(&picture, legend);
            (whole, Some(footer))
        }
        None => (picture, None),
    })
}

fn draw(
    args: &Args,
    ending: &str,
    (cutout, facts): (Cutout, &[String]),
    subject: &Subject<'_>,
    photo: &mut PhotoSource<'_>,
    out: impl Write,
) -> anyhow::Result<()> {
    let scale = scale_of(args, subject.scene)?;
    match ending {
        "png" => {
            let painter = RasterPainter::new(subject.palette.clone(), Typesetter::of_system())?;
            show(&mut PngJob::new(cutout, 96.0, painter, out)?, subject, photo)
        }
        "svg" => show(&mut SvgJob::new(cutout, scale, true, out)?, subject, photo),
        _ => {
            let points_per_px = scale * POINTS_PER_UNIT;
            let layout = match args.page {
                None => Layout::One { points_per_px },
                Some(page) => {
                    let paper = match page {
                        PaperName::A4 => Paper::A4,
                        PaperName::A3 => Paper::A3,
                        PaperName::Letter => Paper::Letter,
                    };
                    Layout::Tiled { points_per_px, paper }
                }
            };
            let title = args.file.file_stem().unwrap_or_default().to_string_lossy().into_owned();
            let facts = facts.to_vec();
            let order = PdfOrder { cutout, is_full: true, layout, title, facts };
            let glyphs = FontGlyphs::new(Typesetter::of_system());
            show(&mut PdfJob::new(order, subject.palette.clone(), glyphs, out)?, subject, photo)
        }
    }
}

fn region_of(args: &Args, scene: &Scene) -> Rect {
    args.region.unwrap_or_else(|| scene.framed())
}

/// Px per world unit.
fn scale_of(args: &Args, scene: &Scene) -> anyhow::Result<f64> {
    let scale = match args.width {
        Some(width) => f64::from(width) / f64::from(region_of(args, scene).width),
        None => args.scale,
    };
    if !(1e-5..=64.0).contains(&scale) {
        bail!("a scale of {scale} is beyond 0.00001 to 64");
    }
    Ok(scale)
}

/// Does the work, and tells a terminal how far it has come.
fn show(
    job: &mut dyn Job,
    subject: &Subject<'_>,
    photo: &mut PhotoSource<'_>,
) -> anyhow::Result<()> {
    let mut terminal = std::io::stderr();
    let is_terminal = terminal.is_terminal();
    let mut told = None;
    make(job, subject, Some(photo), &mut |share| {
        let percent = (share * 100.0) as u32;
        if is_terminal && told != Some(percent) {
            told = Some(percent);
            // Whoever closed the terminal wants no progress.
            let _ = write!(terminal, "\rdrawing {percent} %");
        }
        ControlFlow::Continue(())
    })?;
    if is_terminal {
        let _ = writeln!(terminal);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn regions_are_four_numbers_with_an_area() {
        assert_eq!(region("-10, 20,300,40"), Ok(Rect::new(-10, 20, 300, 40)));
        for text in ["", "1,2,3", "1,2,3,0", "1,2,-3,4", "a,b,c,d", "1,2,3,4,5"] {
            assert!(region(text).is_err(), "{text}");
        }
    }
}
