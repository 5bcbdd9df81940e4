//! A family drawn by Graphviz `dot`, one box per person, couples on one rank.
//!
//! Persons are boxes of the card's size. A union of several partners is a small node on the rank of
//! its partners (`rank=same`), tied to them more strongly than to its children; a single parent's
//! children hang under that person. Boxes are as far apart as siblings are in our layout, ranks as
//! generations. Places are read from `-Tplain`. Lines are measured as straight ones, as ours are.

use std::fmt::Write;
use std::io::Read;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use banyan_layout::family::{Gaps, KinGraph};
use banyan_layout::geometry::{Point, Rect, Size};
use banyan_layout::quality;
use banyan_layout::routes::{RouteKind, Routes};

/// Units are points; `dot` speaks of inches.
const INCH: f64 = 72.0;
/// Side of a union's node.
const KNOB: f64 = 8.0;
/// Couples are drawn together before anything else.
const COUPLE_WEIGHT: u32 = 8;

/// Where `dot` put everyone.
pub(crate) struct Placement {
    pub(crate) boxes: Vec<Rect>,
    pub(crate) routes: Routes,
    pub(crate) unions: Vec<u32>,
    /// By the wall.
    pub(crate) millis: f64,
}

/// Lets `dot` lay out a graph; says why where it cannot within the time.
pub(crate) fn lay_out(
    graph: &KinGraph,
    card: Size,
    gaps: &Gaps,
    limit: Duration,
) -> Result<Placement, String> {
    let begin = Instant::now();
    let file = std::env::temp_dir().join(format!("banyan-{}.dot", std::process::id()));
    std::fs::write(&file, source(graph, card, gaps)).map_err(|error| error.to_string())?;
    let drawn = run(&file, limit);
    // What is left in the folder of temporary files harms nobody.
    let _ = std::fs::remove_file(&file);
    let millis = begin.elapsed().as_secs_f64() * 1e3;
    let mut placement = parse(&drawn?, graph)?;
    placement.millis = millis;
    Ok(placement)
}

fn source(graph: &KinGraph, card: Size, gaps: &Gaps) -> String {
    let inches = |units: i32| f64::from(units) / INCH;
    let mut out = format!(
        "digraph{{nodesep={};ranksep={};edge[dir=none];\
         node[shape=box,fixedsize=true,label=\"\",width={},height={}];\n",
        inches(gaps.sibling),
        inches(gaps.generation),
        inches(card.width),
        inches(card.height)
    );
    for person in 0..graph.persons {
        let _ = writeln!(out, "p{person};");
    }
    for (union, children) in graph.union_children.rows().enumerate() {
        let partners = graph.union_partners.row(union);
        let from = match partners {
            [] if children.len() < 2 => continue,
            &[one] => format!("p{one}"),
            _ => {
                let _ = writeln!(out, "u{union}[width={0},height={0}];", KNOB / INCH);
                format!("u{union}")
            }
        };
        if let Some((first, others)) = partners.split_first().filter(|(_, all)| !all.is_empty()) {
            let _ = write!(out, "{{rank=same;{from};");
            partners.iter().for_each(|partner| {
                let _ = write!(out, "p{partner};");
            });
            let _ = writeln!(out, "}}p{first}->{from}[weight={COUPLE_WEIGHT}];");
            for other in others {
                let _ = writeln!(out, "{from}->p{other}[weight={COUPLE_WEIGHT}];");
            }
        }
        for child in children {
            let _ = writeln!(out, "{from}->p{child};");
        }
    }
    out.push_str("}\n");
    out
}

fn run(file: &std::path::Path, limit: Duration) -> Result<String, String> {
    let mut child = Command::new("dot")
        .arg("-Tplain")
        .arg(file)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .map_err(|error| format!("dot cannot be started: {error}"))?;
    let Some(mut pipe) = child.stdout.take() else { return Err("dot has no output".into()) };
    let reader = std::thread::spawn(move || {
        let mut text = String::new();
        pipe.read_to_string(&mut text).map(|_| text)
    });
    let begin = Instant::now();
    let status = loop {
        match child.try_wait().map_err(|error| error.to_string())? {
            Some(status) => break status,
            None if begin.elapsed() > limit => {
                let _ = child.kill();
                let _ = child.wait();
                return Err(format!("dot was not done within {} s", limit.as_secs()));
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    if !status.success() {
        return Err(format!("dot failed: {status}"));
    }
    match reader.join() {
        Ok(text) => text.map_err(|error| error.to_string()),
        Err(_) => Err("dot's output cannot be read".into()),
    }
}

/// Reads `-Tplain`: `node NAME X Y WIDTH HEIGHT …` and `edge TAIL HEAD N X1 Y1 …`, y upwards.
fn parse(text: &str, graph: &KinGraph) -> Result<Placement, String> {
    let mut boxes = vec![Rect::default(); graph.persons as usize];
    let (mut routes, mut unions) = (Routes::default(), Vec::new());
    let units = |word: &str| word.parse::<f64>().map_or(0, |inches| (inches * INCH).round() as i32);
    for line in text.lines() {
        let words: Vec<&str> = line.split_ascii_whitespace().collect();
        let ["node", name, x, y, width, height, ..] = words[..] else { continue };
        let number = |kind| name.strip_prefix(kind).and_then(|number| number.parse::<usize>().ok());
        if let Some(union) = number('u') {
            let knob = Point::new(units(x), -units(y));
            routes.push(RouteKind::Descent, (0, 0), &[knob, knob]);
            unions.push(union as u32);
        }
        let Some(person) = number('p') else { continue };
        let (width, height) = (units(width), units(height));
        let place = Rect::new(units(x) - width / 2, -units(y) - height / 2, width, height);
        *boxes.get_mut(person).ok_or("dot made somebody up")? = place;
    }
    if boxes.iter().any(Rect::is_empty) {
        return Err("dot left somebody out".into());
    }
    for (union, from, to) in quality::cross_links(graph, &boxes) {
        let ends = [from, to].map(|person| boxes[person as usize].center());
        routes.push(RouteKind::Cross, (from, to), &ends);
        unions.push(union);
    }
    Ok(Placement { boxes, routes, unions, millis: 0.0 })
}
