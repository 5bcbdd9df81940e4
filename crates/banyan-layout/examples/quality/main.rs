//! Prints the quality of the family layout for GEDCOM files:
//! `cargo run --release --example quality -- FILE...`; with `--svg` each is drawn beside the
//! current folder's other files as `NAME.svg`. `generate:N` stands for a population of about N,
//! `tree:N` for a tidy tree of N nodes. Times are those of the processor, with `--stages` those
//! of each stage too.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::fmt::Write;
use std::time::Instant;

use banyan_layout::family::{FamilyLayout, FamilyRequest, Gaps, SiblingOrder, family};
use banyan_layout::geometry::Size;
use banyan_layout::quality;
use banyan_layout::routes::RouteKind;
use banyan_layout::tidy::tree;

mod cpu;
mod crude;
mod generated;

fn main() -> std::io::Result<()> {
    let (flags, files): (Vec<String>, Vec<String>) =
        std::env::args().skip(1).partition(|argument| argument.starts_with("--"));
    println!(
        "{:<28}{:>8}{:>8}{:>6}{:>8}{:>8}{:>7}{:>7}{:>7}{:>7}{:>8}{:>8}{:>8}{:>9}{:>9}{:>8}",
        "file",
        "persons",
        "overlap",
        "once",
        "couples",
        "sibs",
        "away",
        "both",
        "cross",
        "tracks",
        "x/link",
        "length",
        "area",
        "width",
        "height",
        "ms"
    );
    for file in files {
        if let Some(count) = file.strip_prefix("tree:").and_then(|count| count.parse().ok()) {
            let request = generated::tree_request(count);
            let begin = Instant::now();
            let layout = tree(&request);
            let millis = begin.elapsed().as_secs_f64() * 1e3;
            println!(
                "{file:<28}{:>8}{:>107}{:>9}{millis:>8.1}",
                layout.boxes.len(),
                layout.bounds.width,
                layout.bounds.height
            );
            continue;
        }
        let (graph, names) =
            match file.strip_prefix("generate:").and_then(|count| count.parse().ok()) {
                Some(count) => (generated::population(count), Vec::new()),
                None => crude::read(&std::fs::read(&file)?),
            };
        let request = FamilyRequest {
            graph,
            card: Size { width: 160, height: 60 },
            gaps: Gaps::default(),
            siblings: if flags.iter().any(|flag| flag == "--birth") {
                SiblingOrder::Birth
            } else {
                SiblingOrder::Free
            },
        };
        // The best of some runs: other programs share the machine.
        let mut millis = f64::MAX;
        let mut layout = FamilyLayout::default();
        for _ in 0..if flags.iter().any(|flag| flag == "--time") { 9 } else { 1 } {
            let begin = cpu::Clock::start();
            let mut stages = Vec::new();
            layout = family(&request, &mut |stage, _| stages.push((stage, begin.millis())));
            millis = millis.min(begin.millis());
            if flags.iter().any(|flag| flag == "--stages") {
                println!("{stages:?}");
            }
        }
        let q = quality::of_layout(&request.graph, &layout);
        let name = file.rsplit('/').next().unwrap_or(&file);
        println!(
            "{:<28}{:>8}{:>8}{:>6.2}{:>8.4}{:>8.4}{:>7}{:>7}{:>7}{:>7}{:>8.2}{:>8.1}{:>8.1}{:>9}{:>9}{:>8.1}",
            name,
            request.graph.persons,
            q.overlaps,
            q.drawn_once,
            q.couples_adjacent,
            q.sibships_contiguous,
            q.away,
            q.couples_of_two_families,
            layout.cross_links,
            q.shared_tracks,
            q.crossings_per_link,
            q.mean_cross_link,
            q.area_ratio,
            q.width,
            q.height,
            millis
        );
        if !names.is_empty() && flags.iter().any(|flag| flag == "--svg") {
            std::fs::write(format!("{name}.svg"), svg(&layout, &names, &request.graph.rank))?;
        }
    }
    Ok(())
}

fn svg(layout: &FamilyLayout, names: &[String], rank: &[u8]) -> String {
    let mut out = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='-20 -20 {} {}' width='100%' height='100%'>\
         <rect x='-20' y='-20' width='100%' height='100%' fill='#fff'/>\n",
        layout.bounds.width + 40,
        layout.bounds.height + 40
    );
    for line in 0..layout.routes.len() {
        let points = layout.routes.line(line);
        let hue = layout.unions[line].wrapping_mul(47) % 360;
        let (Some(first), Some(last)) = (points.first(), points.last()) else { continue };
        if layout.routes.kinds[line] == RouteKind::Cross {
            let (x, y) = ((first.x + last.x) / 2, first.y.min(last.y) - 40);
            let _ = writeln!(
                out,
                "<path d='M{} {}Q{x} {y} {} {}' fill='none' stroke='#c33' stroke-opacity='.35' stroke-dasharray='6 4' stroke-width='2'/>",
                first.x, first.y, last.x, last.y
            );
            continue;
        }
        let list: Vec<String> =
            points.iter().map(|point| format!("{},{}", point.x, point.y)).collect();
        let _ = writeln!(
            out,
            "<polyline points='{}' fill='none' stroke='hsl({hue} 70% 40%)' stroke-width='2'/>",
            list.join(" ")
        );
    }
    for (person, rect) in layout.boxes.iter().enumerate() {
        let fill = if rank[person] == 0 { "#dbe7f5" } else { "#f7dfe6" };
        let name: String = names[person]
            .chars()
            .take(20)
            .map(|c| if "<&".contains(c) { '?' } else { c })
            .collect();
        let _ = writeln!(
            out,
            "<rect x='{}' y='{}' width='{}' height='{}' rx='6' fill='{fill}' stroke='#777'/><text x='{}' y='{}' font-size='15' text-anchor='middle'>{name}</text>",
            rect.x,
            rect.y,
            rect.width,
            rect.height,
            rect.center().x,
            rect.center().y + 5
        );
    }
    out.push_str("</svg>\n");
    out
}
