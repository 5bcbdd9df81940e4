//! `banyan tree check`

use std::{
    io::Write as _,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use banyan_gedcom::{Comparison, Difference, Place, ReadOptions, Records, compare};
use serde::Serialize;

use crate::command::print;

/// Say whether two family files mean the same, and where they do not.
///
/// Version, encoding, and the order of records do not matter, nor do the numbers of the records. Ends
/// with 0 if they mean the same, 1 if not, 2 if one of them cannot be read.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A family file: GEDCOM, GEDZip, CSV or JSON.
    #[arg(value_name = "A")]
    first: PathBuf,

    /// What it is compared with.
    #[arg(value_name = "B")]
    second: PathBuf,

    /// Differences to list at most; all are counted.
    #[arg(long, value_name = "N", default_value_t = 100)]
    most: usize,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<ExitCode> {
    let (first, second) = match (records(&args.first), records(&args.second)) {
        (Ok(first), Ok(second)) => (first, second),
        (Err(error), _) | (_, Err(error)) => {
            print::complain(&error);
            return Ok(ExitCode::from(2));
        }
    };
    let comparison = compare(&first, &second, args.most);
    let text = if args.json {
        serde_json::to_string_pretty(&Report::new(&comparison))? + "\n"
    } else {
        readable(args, &comparison)
    };
    std::io::stdout().write_all(text.as_bytes())?;
    Ok(if comparison.is_same() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn records(file: &Path) -> anyhow::Result<Records> {
    let place = || file.display().to_string();
    let bytes = std::fs::read(file).with_context(place)?;
    let opened = banyan_gedcom::open(bytes, &ReadOptions::default(), &mut |_, _| {});
    Ok(opened.with_context(place)?.1)
}

/// The JSON of a comparison; see `docs/json.md`.
#[derive(Serialize)]
struct Report<'a> {
    same: bool,
    differences: u64,
    records: (u64, u64),
    listed: Vec<Row<'a>>,
}

#[derive(Serialize)]
struct Row<'a> {
    record: &'a str,
    path: &'a str,
    first: Option<Side<'a>>,
    second: Option<Side<'a>>,
}

#[derive(Serialize)]
struct Side<'a> {
    line: Option<u32>,
    text: &'a str,
}

impl<'a> Report<'a> {
    fn new(comparison: &'a Comparison) -> Self {
        let side = |place: &'a Option<Place>| {
            place.as_ref().map(|place| Side {
                line: (place.line > 0).then_some(place.line),
                text: &place.text,
            })
        };
        let row = |difference: &'a Difference| Row {
            record: &difference.record,
            path: &difference.path,
            first: side(&difference.first),
            second: side(&difference.second),
        };
        Self {
            same: comparison.is_same(),
            differences: comparison.total,
            records: comparison.records,
            listed: comparison.differences.iter().map(row).collect(),
        }
    }
}

fn readable(args: &Args, comparison: &Comparison) -> String {
    if comparison.is_same() {
        return format!("the same: {} records\n", print::count(comparison.records.0));
    }
    let side = |file: &Path, place: &Option<Place>| match place {
        None => format!("  {}: nothing\n", file.display()),
        Some(Place { line: 0, text }) => format!("  {}: {}\n", file.display(), excerpt(text)),
        Some(Place { line, text }) => {
            format!("  {}:{line}: {}\n", file.display(), excerpt(text))
        }
    };
    let mut text = String::new();
    for Difference { record, path, first, second } in &comparison.differences {
        let record = print::plain(record);
        text.push_str(&format!("{record} {}\n", print::plain(path)));
        text.push_str(&side(&args.first, first));
        text.push_str(&side(&args.second, second));
    }
    let listed = comparison.differences.len() as u64;
    let more = match comparison.total.saturating_sub(listed) {
        0 => String::new(),
        more => format!(", {} of them not listed", print::count(more)),
    };
    let total = print::count(comparison.total);
    text + &format!("{total} difference{}{more}\n", if comparison.total == 1 { "" } else { "s" })
}

/// The beginning of a text, in one line.
fn excerpt(text: &str) -> String {
    const MOST: usize = 200;
    let shown = print::plain(&text.replace('\n', "⏎"));
    match shown.char_indices().nth(MOST) {
        Some((end, _)) => format!("{}…", shown.get(..end).unwrap_or_default()),
        None => shown,
    }
}
