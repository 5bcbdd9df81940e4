//! `banyan tree convert`

use std::{
    collections::BTreeMap,
    io::{BufWriter, IsTerminal as _, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, bail, ensure};
use banyan_gedcom::{
    Diagnostic, Document, Mask, ReadOptions, Records, Version, WriteEncoding, WriteOptions, write,
    write_csv, write_gedzip, write_json,
};
use clap::ValueEnum;

use super::{draw, drawn::Drawn};

/// Turn a family file into one of another kind: GEDCOM 5.5.1 or 7.0, GEDZip, JSON, CSV, or a picture.
///
/// Nothing is lost on the way between the versions of GEDCOM: what the other has no place for becomes
/// an extension, and is said on standard error.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A family file: GEDCOM, GEDZip, CSV or JSON. It is never written to.
    #[arg(value_name = "IN")]
    file: PathBuf,

    /// Where the result goes; `-` is standard output.
    #[arg(value_name = "OUT")]
    out: PathBuf,

    /// What it becomes; without this the ending of OUT says it, and `.ged` keeps the version.
    #[arg(long, value_name = "FORMAT")]
    to: Option<Format>,

    /// Encoding of GEDCOM 5.5.1: utf-8, utf-16, ansel or ascii.
    #[arg(long, value_name = "NAME", default_value = "utf-8", value_parser = encoding)]
    encoding: WriteEncoding,

    /// Encoding of IN, where it is not what its bytes and its header tell: GBK, windows-1250 ...
    #[arg(long, value_name = "NAME")]
    read_as: Option<String>,

    /// Overwrite OUT.
    #[arg(long)]
    force: bool,

    /// Hide who may be alive: leave of them only how they are linked.
    #[arg(long)]
    mask_living: bool,

    #[command(flatten)]
    drawn: Drawn,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    #[value(name = "5.5.1")]
    V551,
    #[value(name = "7.0", alias = "7")]
    V7,
    Gdz,
    Json,
    Csv,
    Svg,
    Pdf,
    Png,
}

fn encoding(name: &str) -> Result<WriteEncoding, String> {
    WriteEncoding::named(name).ok_or_else(|| "one of utf-8, utf-16, ansel, ascii".to_owned())
}

pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let is_piped = args.out.as_os_str() == "-";
    let place = || args.file.display().to_string();
    if !is_piped {
        let is_itself = match (args.file.canonicalize(), args.out.canonicalize()) {
            (Ok(file), Ok(out)) => file == out,
            _ => false,
        };
        ensure!(!is_itself, "{}: IN and OUT are the same file", args.out.display());
        let is_there = args.out.exists();
        ensure!(
            !is_there || args.force,
            "{} is there already; --force overwrites it",
            args.out.display()
        );
    }
    let bytes = std::fs::read(&args.file).with_context(place)?;
    let archive = bytes.starts_with(b"PK").then(|| bytes.clone());
    let options = ReadOptions { encoding: args.read_as.as_deref() };
    let (document, records) =
        banyan_gedcom::open(bytes, &options, &mut |_, _| {}).with_context(place)?;
    let living = args.mask_living.then(|| document.genealogy.living(this_year()));
    let mask = living.as_ref().map(|living| Mask::new(&records, &document.genealogy, living));
    let format = format(args, &records)?;
    if matches!(format, Format::Svg | Format::Pdf | Format::Png) {
        ensure!(!is_piped || format == Format::Svg, "only an SVG goes to standard output");
        // Pictures of persons are in the archive itself.
        let bytes = match (&mask, archive) {
            (None, Some(archive)) => archive,
            _ => as_written(&records, mask.as_ref())?,
        };
        return draw::convert(&args.file, bytes, ending(format), &args.out, &args.drawn);
    }
    ensure!(args.drawn.is_usual(), "who is drawn, and how, is for pictures: svg, pdf, png");
    let job = Job {
        args,
        format,
        document: &document,
        records: &records,
        living,
        mask: mask.as_ref(),
        archive,
    };
    let notes = if is_piped {
        job.write(&mut BufWriter::new(std::io::stdout().lock()))?
    } else {
        super::whole_file(&args.out, |out| job.write(out))?
    };
    tell(&notes);
    Ok(String::new())
}

/// What the file becomes: what was asked for, or what its name says.
fn format(args: &Args, records: &Records) -> anyhow::Result<Format> {
    if let Some(format) = args.to {
        return Ok(format);
    }
    let ending = args.out.extension().and_then(|ending| ending.to_str()).unwrap_or_default();
    Ok(match ending.to_ascii_lowercase().as_str() {
        "ged" if records.version().is_some_and(|version| version.starts_with('7')) => Format::V7,
        "ged" => Format::V551,
        "gdz" => Format::Gdz,
        "json" => Format::Json,
        "csv" => Format::Csv,
        "svg" => Format::Svg,
        "pdf" => Format::Pdf,
        "png" => Format::Png,
        _ => bail!("{}: the name does not say what it becomes; use --to", args.out.display()),
    })
}

const fn ending(format: Format) -> &'static str {
    match format {
        Format::Pdf => "pdf",
        Format::Png => "png",
        _ => "svg",
    }
}

/// The file as a picture of it is drawn.
fn as_written(records: &Records, mask: Option<&Mask>) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let version = if records.version().is_some_and(|version| version.starts_with('7')) {
        Version::V7
    } else {
        Version::V551
    };
    let options = WriteOptions { version, mask, ..WriteOptions::default() };
    write(records, &options, &mut bytes, &mut |_| {})?;
    Ok(bytes)
}

struct Job<'a> {
    args: &'a Args,
    format: Format,
    document: &'a Document,
    records: &'a Records,
    living: Option<Vec<bool>>,
    mask: Option<&'a Mask>,
    archive: Option<Vec<u8>>,
}

impl Job<'_> {
    fn write(&self, out: &mut dyn Write) -> anyhow::Result<Vec<Diagnostic>> {
        let is_terminal = std::io::stderr().is_terminal();
        let mut told = None;
        let mut progress = |share: f32| {
            let percent = (share * 100.0) as u32;
            if is_terminal && told != Some(percent) {
                told = Some(percent);
                // Whoever closed the terminal wants no progress.
                let end = if percent == 100 { "\n" } else { "" };
                let _ = write!(std::io::stderr(), "\rwriting {percent} %{end}");
            }
        };
        let version = if self.format == Format::V551 { Version::V551 } else { Version::V7 };
        let options = WriteOptions { version, encoding: self.args.encoding, mask: self.mask };
        let notes = match self.format {
            Format::Json => write_json(self.records, self.mask, out, &mut progress)?,
            Format::Csv => {
                write_csv(&self.document.genealogy, self.living.as_deref(), out, &mut progress)?;
                Vec::new()
            }
            Format::Gdz => {
                let folder = self.args.file.parent().unwrap_or(Path::new(""));
                let mut load = |path: &str| std::fs::read(folder.join(path)).ok();
                let archive = self.archive.as_deref();
                write_gedzip(self.records, self.mask, archive, &mut load, out, &mut progress)?
            }
            _ => write(self.records, &options, out, &mut progress)?,
        };
        out.flush()?;
        Ok(notes)
    }
}

/// Says on standard error what had no counterpart: each tag once, with how often.
fn tell(notes: &[Diagnostic]) {
    let mut kinds: BTreeMap<(String, String), (u32, u32)> = BTreeMap::new();
    for note in notes {
        let kind = (note.tag.clone(), super::told(&note.reason));
        kinds.entry(kind).or_insert((note.line, 0)).1 += 1;
    }
    for ((tag, reason), (line, count)) in kinds {
        let more = if count > 1 { format!(", and {} more", count - 1) } else { String::new() };
        let _ = writeln!(std::io::stderr(), "line {line} {tag}: {reason}{more}");
    }
}

/// The year by the clock of this machine, by days of the mean Gregorian year.
pub(super) fn this_year() -> i32 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let days = since.map_or(0, |since| since.as_secs() / 86_400);
    1970 + i32::try_from(days * 10_000 / 3_652_425).unwrap_or(0)
}
