//! `banyan tree inspect`

use std::{collections::BTreeMap, path::PathBuf};

use banyan_kin::{DateKind, Genealogy};
use banyan_layout::quality::Quality;
use serde::Serialize;

use super::{Tree, drawn::Drawn};
use crate::command::print::{self, Align};

/// Say what a family file holds, what is odd about it, and how well it can be drawn.
#[derive(Debug, clap::Args)]
pub(in crate::command) struct Args {
    /// A GEDCOM file.
    #[arg(value_name = "FILE")]
    file: PathBuf,

    #[command(flatten)]
    drawn: Drawn,

    /// Print JSON, as docs/json.md describes it.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &Args) -> anyhow::Result<String> {
    let tree = super::open(&args.file, &args.drawn)?;
    let report = Report::new(&tree);
    if args.json {
        return Ok(serde_json::to_string_pretty(&report)? + "\n");
    }
    Ok(readable(args, &report))
}

/// The JSON of a family file; see `docs/json.md`.
#[derive(Serialize)]
struct Report<'a> {
    persons: u32,
    families: u32,
    unions: u32,
    components: u32,
    generations: u32,
    cross_links: u32,
    encoding: &'a str,
    gedcom_version: Option<&'a str>,
    source: Option<&'a str>,
    lines: u32,
    dates: BTreeMap<&'static str, u32>,
    diagnostics: Vec<DiagnosticRow<'a>>,
    layout: Quality,
    millis: Millis,
}

#[derive(Serialize)]
struct DiagnosticRow<'a> {
    line: u32,
    tag: &'a str,
    severity: &'static str,
    reason: String,
    code: &'static str,
}

#[derive(Serialize)]
struct Millis {
    parse: f64,
    layout: f64,
}

impl<'a> Report<'a> {
    fn new(tree: &'a Tree) -> Self {
        let Tree { document, world, .. } = tree;
        let figures = world.figures();
        let row = |diagnostic: &'a banyan_gedcom::Diagnostic| DiagnosticRow {
            line: diagnostic.line,
            tag: &diagnostic.tag,
            severity: diagnostic.severity.code(),
            reason: super::told(&diagnostic.reason),
            code: diagnostic.reason.code(),
        };
        Self {
            persons: figures.persons,
            families: document.families,
            unions: figures.unions,
            components: figures.components,
            generations: figures.generations,
            cross_links: figures.cross_links,
            encoding: document.encoding.name,
            gedcom_version: document.version.as_deref(),
            source: document.source.as_deref(),
            lines: document.lines,
            dates: dates(world.genealogy()),
            diagnostics: document.diagnostics.iter().map(row).collect(),
            layout: world.quality(),
            millis: Millis { parse: tree.parse_millis, layout: tree.layout_millis },
        }
    }
}

/// How many dates there are of each calendar, and phrases.
fn dates(genealogy: &Genealogy) -> BTreeMap<&'static str, u32> {
    let mut counts = BTreeMap::new();
    for date in genealogy.facts.iter().map(|fact| fact.date) {
        let name = match date.kind {
            DateKind::None => continue,
            DateKind::Phrase => "phrase",
            _ => date.first.calendar.code(),
        };
        *counts.entry(name).or_default() += 1;
    }
    counts
}

fn readable(args: &Args, report: &Report<'_>) -> String {
    let count = |number: u32| print::count(u64::from(number));
    let layout = &report.layout;
    let facts = [
        ("file", args.file.display().to_string()),
        ("written by", print::plain(report.source.unwrap_or("(does not say)"))),
        ("GEDCOM version", print::plain(report.gedcom_version.unwrap_or("(does not say)"))),
        ("encoding", report.encoding.to_owned()),
        ("lines", count(report.lines)),
        ("dates", by_calendar(&report.dates)),
        ("persons", count(report.persons)),
        ("families", count(report.families)),
        ("unions", count(report.unions)),
        ("components", count(report.components)),
        ("generations", count(report.generations)),
        ("cross links", count(report.cross_links)),
        ("parsed in", format!("{:.1} ms", report.millis.parse)),
        ("laid out in", format!("{:.1} ms", report.millis.layout)),
    ];
    let drawing = [
        ("size", format!("{} x {} px", layout.width, layout.height)),
        ("overlaps", print::count(layout.overlaps)),
        ("drawn once", print::percent(layout.drawn_once)),
        ("couples adjacent", print::percent(layout.couples_adjacent)),
        ("sibships contiguous", print::percent(layout.sibships_contiguous)),
        ("children away", print::percent(layout.children_away)),
        ("shared tracks", print::count(layout.shared_tracks)),
        ("crossings per link", format!("{:.3}", layout.crossings_per_link)),
        ("mean cross link", format!("{:.1} cards", layout.mean_cross_link)),
        ("mean link", format!("{:.1} cards", layout.mean_link)),
        ("area ratio", format!("{:.1}", layout.area_ratio)),
    ];
    format!(
        "{}\nlayout\n{}\n{}",
        print::pairs(&facts),
        print::pairs(&drawing),
        diagnostics(&report.diagnostics)
    )
}

/// The calendar of most dates first.
fn by_calendar(dates: &BTreeMap<&'static str, u32>) -> String {
    let mut dates: Vec<_> = dates.iter().collect();
    dates.sort_by_key(|&(_, &number)| std::cmp::Reverse(number));
    let texts: Vec<String> = dates
        .into_iter()
        .map(|(name, &number)| format!("{} {name}", print::count(u64::from(number))))
        .collect();
    if texts.is_empty() { "none".to_owned() } else { texts.join(", ") }
}

/// The first of each kind, with how many more there are.
fn diagnostics(rows: &[DiagnosticRow<'_>]) -> String {
    const SHOWN_OF_EACH: usize = 5;
    if rows.is_empty() {
        return "nothing odd\n".into();
    }
    let mut seen: BTreeMap<&str, usize> = BTreeMap::new();
    let mut shown = Vec::new();
    for row in rows {
        let number = seen.entry(row.code).or_default();
        *number += 1;
        if *number <= SHOWN_OF_EACH {
            shown.push(vec![
                row.line.to_string(),
                print::plain(row.tag),
                row.severity.to_owned(),
                print::plain(&row.reason),
            ]);
        }
    }
    let columns = [
        ("line", Align::Right),
        ("tag", Align::Left),
        ("severity", Align::Left),
        ("reason", Align::Left),
    ];
    let more: String = seen
        .iter()
        .filter(|(_, number)| **number > SHOWN_OF_EACH)
        .map(|(code, number)| format!("... and {} more of {code}\n", number - SHOWN_OF_EACH))
        .collect();
    format!("{}{more}", print::table(&columns, &shown))
}
