//! Measures our layout of families and that of Graphviz `dot` by the same code, and prints JSON:
//! `cargo run --release --example beside_dot -- FILE...`, GEDCOM files each.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::time::{Duration, Instant};

use banyan_layout::family::{FamilyRequest, Gaps, SiblingOrder, family};
use banyan_layout::geometry::Size;
use banyan_layout::quality::{self, Quality};
use serde::Serialize;

#[path = "../quality/crude.rs"]
mod crude;
mod dot;

/// What `dot` takes longer for it cannot do.
const LIMIT: Duration = Duration::from_secs(120);

#[derive(Serialize)]
struct Compared {
    file: String,
    ours: Drawn,
    dot: Option<Drawn>,
    /// Why there is no figure of `dot`.
    fault: Option<String>,
}

#[derive(Serialize)]
struct Drawn {
    quality: Quality,
    /// Partners who are no neighbours, children away from their siblings, links to second families.
    cross_links: usize,
    millis: f64,
}

fn main() -> std::io::Result<()> {
    let mut all = Vec::new();
    for file in std::env::args().skip(1) {
        let (graph, _) = crude::read(&std::fs::read(&file)?);
        let request = FamilyRequest {
            graph,
            card: Size { width: 160, height: 60 },
            gaps: Gaps::default(),
            siblings: SiblingOrder::Free,
        };
        let begin = Instant::now();
        let layout = family(&request, &mut |_, _| {});
        let ours = Drawn {
            millis: begin.elapsed().as_secs_f64() * 1e3,
            quality: quality::of_layout(&request.graph, &layout),
            cross_links: layout.cross_links as usize,
        };
        let drawn = dot::lay_out(&request.graph, request.card, &request.gaps, LIMIT);
        let fault = drawn.as_ref().err().cloned();
        let dot = drawn.ok().map(|placed| Drawn {
            quality: quality::measure(
                &request.graph,
                &placed.boxes,
                &placed.routes,
                &placed.unions,
            ),
            cross_links: quality::cross_links(&request.graph, &placed.boxes).len(),
            millis: placed.millis,
        });
        let file = file.rsplit('/').next().unwrap_or(&file).to_owned();
        all.push(Compared { file, ours, dot, fault });
    }
    println!("{}", serde_json::to_string_pretty(&all)?);
    Ok(())
}
