//! Prints the quality of the family layout for GEDCOM files:
//! `cargo run --release --example quality -- FILE...`; with `--svg` each is drawn beside the
//! current folder's other files as `NAME.svg`.
#![expect(clippy::print_stdout, reason = "printing is what it is for")]

use std::fmt::Write;
use std::time::Instant;

use banyan_layout::family::{FamilyLayout, FamilyRequest, Gaps, SiblingOrder, family};
use banyan_layout::geometry::Size;
use banyan_layout::quality;
use banyan_layout::routes::RouteKind;

mod crude;

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
        let (graph, names) = crude::read(&std::fs::read(&file)?);
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
            let begin = Instant::now();
            layout = family(&request, &mut |_, _| {});
            millis = millis.min(begin.elapsed().as_secs_f64() * 1e3);
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
        if flags.iter().any(|flag| flag == "--dbg") {
            let g = &request.graph;
            if name.contains("bible") { for who in [672u32, 2060] { let b = layout.boxes[who as usize]; let mut r: Vec<u32> = (0..g.persons).filter(|&p| layout.boxes[p as usize].y == b.y && (layout.boxes[p as usize].x - b.x).abs() < 1900).collect(); r.sort_by_key(|&p| layout.boxes[p as usize].x); println!("   near {:?}", r.iter().map(|&p| (names[p as usize].as_str(), p)).collect::<Vec<_>>()); } }
            let mut split = 0; let mut splitlone = 0; let mut n = 0;
            for u in 0..g.union_children.len() {
                let c = g.union_children.row(u);
                if c.len() < 2 { continue; }
                n += 1;
                let rows: std::collections::BTreeSet<u32> = c.iter().map(|&c| layout.generations[c as usize]).collect();
                if rows.len() > 1 { split += 1;
                    if splitlone < 6 { splitlone += 1; println!("  split {:?}", c.iter().map(|&c| (names[c as usize].as_str(), layout.generations[c as usize])).collect::<Vec<_>>()); }
                }
            }
            println!("  sibships {n} split {split}");
            for u in 0..g.union_partners.len() { let p = g.union_partners.row(u); if p.len() == 2 { let (a, b) = (layout.boxes[p[0] as usize], layout.boxes[p[1] as usize]); if a.y != b.y || (a.x - b.x).abs() > 700 { println!("  far {}({}) {}({}) {} {}", names[p[0] as usize], p[0], names[p[1] as usize], p[1], (a.x-b.x)/172, (a.y-b.y)/124); } } }
            let mut deg = vec![0; g.persons as usize];
            let mut other = 0; let mut norow = 0; let mut many = 0; let mut tot = 0;
            for u in 0..g.union_partners.len() { for &p in g.union_partners.row(u) { if g.union_partners.row(u).len() > 1 { deg[p as usize] += 1; } } }
            for u in 0..g.union_partners.len() { let p = g.union_partners.row(u); if p.len() < 2 { continue; } tot += 1; }
            for d in &deg { if *d > 2 { many += d - 2; } }
            for l in 0..layout.routes.len() { if layout.routes.kinds[l] == RouteKind::Cross { let (a, b) = layout.routes.ends[l]; let p = g.union_partners.row(layout.unions[l] as usize); if p.contains(&b) { if layout.generations[a as usize] != layout.generations[b as usize] { norow += 1; if norow < 6 { println!("  oblique {} {} {} {}", names[a as usize], layout.generations[a as usize], names[b as usize], layout.generations[b as usize]); } } else { other += 1; } } } }
            println!("  couples {tot} beyond two {many} oblique {norow} apart {other}");
        }
        if flags.iter().any(|flag| flag == "--svg") {
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
