//! `docs/benchmarks.md`.

use super::{Report, machine::Machine, peers, row::Row, row::shown};

const BEFORE: &str = "# Benchmarks

`cargo xtask bench` measured these figures and wrote this page. Times depend on the machine; ratios,
measured side by side in one run of one browser, much less. Figures without a bar are information.
";

const MEASURES: &str = "## How it is measured

*Presented* is the interval between the beginnings of two animation frames, in a Chromium that neither
waits for a screen nor limits its rate (`--disable-frame-rate-limit --disable-gpu-vsync`): what the
whole pipeline takes. *Flushed* is one redraw and a read-back of one pixel, which waits for the raster.
*Recorded* is the time until the browser has written down what is to be drawn; what a later full clear
hides, it never draws. Canvas, page and WebGL are drawn by the processor: there is no GPU.

Banyan and its peers get the same trees (`banyan generate tree --seed 7`), with cards of 160 x 56, in
a window of 1600 x 900, each on a page of its own in one browser process. Positions are given, except
to ECharts and family-chart, which lay out by themselves. vis-network has its physics off; Cytoscape
stands with its defaults, and with the texture that it takes while a hand moves the picture; sigma
draws discs, for it has no cards. *Near* pans 7 px a frame at full size over the middle of the tree,
*with all in view* 3 px a frame, *zoom* goes 2 % a frame from everything in view to full size and back.
A figure is the mean of the middle half of a run's frames (the page's clock ticks in tenths of a
millisecond), and of three runs the middle one; where a frame takes seconds there are fewer, and a zoom is
sampled at levels that lie evenly on its way. *Load* is the time from the tree in memory to the first
picture: for Banyan, layout and all tiles in the window. That is also what a *first whole picture* of a family
is: the first frame that lacks no tile of its level; its file is chosen two seconds after somebody began to look
for it, and in a row of its own at once. *Memory*
is the proportional set (PSS) of the page's processes above that of an empty page.

Graphviz `dot` gets the same families: persons as boxes of 160 x 60, a union of several partners as a node
of 8 x 8 on their rank (`rank=same`), tied to them eight times as strongly as to its children; boxes 16
apart, ranks 64. One code measures both: straight links, and couples that are apart joined over the cards
between them. Cross links are those to partners who are no neighbours, to children who do not stand with
their siblings, and to second families; there are a dozen times as many of them where `dot` draws.
";

/// The whole page.
pub(crate) fn text(report: &Report, machine: &Machine) -> String {
    let mut facts = vec![machine.shown()];
    facts.extend(report.chromium.as_ref().map(|version| format!("Chromium {version}")));
    facts.extend(machine.date.clone());
    let mut parts = vec![
        BEFORE.to_owned(),
        format!("Measured on: {}.\n", facts.join("; ")),
        figures(&report.rows),
    ];
    if !report.peers.is_empty() {
        let table = peers::table(&report.peers);
        let what = "Medians of runs, presented; of a run the mean of its middle half.";
        parts.push(format!("## Beside its peers\n\n{what}\n\n{table}"));
    }
    parts.push(MEASURES.to_owned());
    parts.join("\n")
}

fn figures(rows: &[Row]) -> String {
    let mut lines = vec!["| figure | value | bar | |".to_owned(), "|---|--:|--:|---|".to_owned()];
    lines.extend(rows.iter().map(|row| {
        let value = row.value.map_or_else(|| "–".to_owned(), shown);
        let value = format!("{value} {}", row.unit);
        let bar = row.bar.map_or_else(String::new, shown);
        let name = row.name.replace('|', "\\|");
        format!("| {name} | {} | {bar} | {} |", value.trim_end(), row.verdict())
    }));
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_has_all_figures_and_says_where_they_come_from() {
        let report = Report {
            rows: vec![
                Row::at_most("a frame", 0.5, "ms", 4.0),
                Row { value: None, ok: false, ..Row::information("a | b", 0.0, "") },
            ],
            chromium: Some("156".to_owned()),
            ..Report::default()
        };
        let machine = Machine {
            processor: Some("EPYC".to_owned()),
            date: Some("2026-11-22".to_owned()),
            ..Machine::default()
        };
        let text = text(&report, &machine);
        assert!(text.contains("Measured on: EPYC; Chromium 156; 2026-11-22.\n"), "{text}");
        assert!(text.contains("| a frame | 0.500 ms | 4 | ok |\n"), "{text}");
        assert!(text.contains("| a \\| b | – |  | MISSED |\n"), "{text}");
        assert!(!text.contains("Beside its peers"), "{text}");
    }
}
