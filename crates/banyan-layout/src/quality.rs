//! How good a family layout is, as numbers.
//!
//! Measured from the boxes, the lines and the graph alone, by code that shares nothing with the
//! layout. `measure` takes any placement, so that other programs' layouts can be compared.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::family::{FamilyLayout, KinGraph};
use crate::geometry::{Point, Rect};
use crate::routes::{RouteKind, Routes};

mod crossings;
mod neighbourhood;
mod sweeps;

use neighbourhood::Lines;

/// The measures; shares are 0 to 1, and 1 (or 0 for `children_away`) where there is nothing to
/// measure.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Quality {
    /// Pairs of boxes that share area.
    pub overlaps: u64,
    /// Share of persons with one box of positive area.
    pub drawn_once: f64,
    /// Share of couples on one line with nobody between them but other partners of one of the two
    /// (a line has two sides, so no third partner can touch).
    pub couples_adjacent: f64,
    /// Share of couples on one line with nobody at all between them.
    pub couples_touching: f64,
    /// Share of sibships (two or more children of one union) whose members stand together with
    /// nobody but their own partners between, not counting those who stand with a partner
    /// elsewhere.
    pub sibships_contiguous: f64,
    /// Share of children who stand away from their siblings, with a partner. An only child is
    /// away where its link to its parents is a cross link.
    pub children_away: f64,
    /// The number behind `children_away`.
    pub away: u64,
    /// Couples whose partners both have parents: what `away` is to be compared with.
    pub couples_of_two_families: u64,
    /// Pairs of unions whose bus lines run over each other.
    pub shared_tracks: u64,
    /// Crossings of straight links (union to child, partner to partner) per link. Above
    /// 20,000 links an even sample of them is measured against all.
    pub crossings_per_link: f64,
    /// Mean length of the cross links, end to end, in card widths.
    pub mean_cross_link: f64,
    /// Mean length of all links, straight (as their crossings are counted), in card widths.
    pub mean_link: f64,
    /// Width times height over the sum of the box areas.
    pub area_ratio: f64,
    /// World units.
    pub width: i32,
    /// World units.
    pub height: i32,
}

/// Measures a layout of this crate.
pub fn of_layout(graph: &KinGraph, layout: &FamilyLayout) -> Quality {
    measure(graph, &layout.boxes, &layout.routes, &layout.unions)
}

/// Measures any placement: one box per person, the lines with the union of each.
pub fn measure(graph: &KinGraph, boxes: &[Rect], routes: &Routes, unions: &[u32]) -> Quality {
    let lines = Lines::new(boxes);
    let persons = graph.persons as usize;
    let drawn = boxes.iter().take(persons).filter(|rect| !rect.is_empty()).count();
    let couples = couples(graph);
    let touching = couples.iter().filter(|&&(a, b)| lines.adjacent(a, b)).count();
    let partners = neighbourhood::partners(&couples);
    let places = neighbourhood::partner_places(&lines, &partners);
    let adjacent =
        couples.iter().filter(|&&(a, b)| neighbourhood::one_block(&lines, &places, a, b)).count();
    let has_parents = with_parents(graph);
    let sibships = neighbourhood::sibships(graph, &lines, &partners);
    let crossed = only_children_by_cross_link(graph, routes, unions);
    let away = sibships.away + crossed;
    let cross = cross_link_lengths(routes);
    let bounds = boxes.iter().fold(Rect::default(), |whole, rect| whole.union(rect));
    let area: f64 = boxes.iter().map(area).sum();
    let width = boxes.iter().map(|rect| f64::from(rect.width)).fold(1.0, f64::max);
    let links = links(graph, boxes, &lines, &origins(routes, unions));
    Quality {
        overlaps: sweeps::overlaps(boxes),
        drawn_once: share(drawn, persons),
        couples_adjacent: share(adjacent, couples.len()),
        couples_touching: share(touching, couples.len()),
        sibships_contiguous: share(sibships.contiguous, sibships.sibships),
        children_away: away as f64 / (sibships.children as f64).max(1.0),
        away,
        couples_of_two_families: couples
            .iter()
            .filter(|&&(a, b)| has_parents[a as usize] && has_parents[b as usize])
            .count() as u64,
        shared_tracks: sweeps::shared_tracks(routes, unions),
        crossings_per_link: crossings::per_link(&links),
        mean_cross_link: mean(cross.into_iter()) / width,
        mean_link: mean(links.iter().map(|&(a, b)| distance(a, b))) / width,
        area_ratio: if area > 0.0 { self::area(&bounds) / area } else { 1.0 },
        width: bounds.width,
        height: bounds.height,
    }
}

/// The links of any placement that no forest over its rows holds: partners who are no neighbours,
/// (union, partner, partner), and children who do not stand with their siblings or have another
/// family's too, (union, partner, child). A layout draws these as cross links.
pub fn cross_links(graph: &KinGraph, boxes: &[Rect]) -> Vec<(u32, u32, u32)> {
    let lines = Lines::new(boxes);
    let couples = couples(graph);
    let partners = neighbourhood::partners(&couples);
    let mut found = Vec::new();
    let mut told = BTreeSet::new();
    for (union, row) in graph.union_partners.rows().enumerate() {
        let Some((&first, others)) = row.split_first() else { continue };
        for &other in others.iter().filter(|&&other| first.max(other) < graph.persons) {
            if first != other
                && !lines.adjacent(first, other)
                && told.insert((first.min(other), first.max(other)))
            {
                found.push((union as u32, first, other));
            }
        }
    }
    for (union, child) in neighbourhood::sibships(graph, &lines, &partners).strays {
        if let Some(&parent) = graph.union_partners.row(union as usize).first() {
            found.push((union, parent, child));
        }
    }
    found
}

/// 0 where there is nothing.
fn mean(lengths: impl ExactSizeIterator<Item = f64>) -> f64 {
    let count = lengths.len().max(1) as f64;
    // Starting from 0.0 because the sum of nothing is -0.0.
    lengths.fold(0.0, |sum, length| sum + length) / count
}

fn distance(a: Point, b: Point) -> f64 {
    f64::from(a.x - b.x).hypot(f64::from(a.y - b.y))
}

fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 1.0 } else { part as f64 / whole as f64 }
}

fn area(rect: &Rect) -> f64 {
    f64::from(rect.width) * f64::from(rect.height)
}

/// Every two partners of a union of two, each pair once; in a bigger group the first with each.
fn couples(graph: &KinGraph) -> Vec<(u32, u32)> {
    let mut couples = BTreeMap::new();
    for partners in graph.union_partners.rows() {
        for &other in partners.iter().skip(1) {
            let first = partners[0];
            if first != other && first.max(other) < graph.persons {
                couples.insert((first.min(other), first.max(other)), ());
            }
        }
    }
    couples.into_keys().collect()
}

fn with_parents(graph: &KinGraph) -> Vec<bool> {
    let mut has = vec![false; graph.persons as usize];
    for (union, children) in graph.union_children.rows().enumerate() {
        if !graph.union_partners.row(union).is_empty() {
            children
                .iter()
                .filter(|&&child| child < graph.persons)
                .for_each(|&c| has[c as usize] = true);
        }
    }
    has
}

fn only_children_by_cross_link(graph: &KinGraph, routes: &Routes, unions: &[u32]) -> u64 {
    let only = |union: u32, child: u32| graph.union_children.row(union as usize) == [child];
    let mut crossed = BTreeMap::new();
    for ((&kind, &(_, child)), &union) in routes.kinds.iter().zip(&routes.ends).zip(unions) {
        if only(union, child) {
            *crossed.entry(child).or_insert(true) &= kind == RouteKind::Cross;
        }
    }
    crossed.values().filter(|&&always| always).count() as u64
}

fn cross_link_lengths(routes: &Routes) -> Vec<f64> {
    (0..routes.len())
        .filter(|&line| routes.kinds[line] == RouteKind::Cross)
        .map(|line| routes.line(line).windows(2).map(|ends| distance(ends[0], ends[1])).sum())
        .collect()
}

/// Union -> the x where its first line of descent begins.
fn origins(routes: &Routes, unions: &[u32]) -> BTreeMap<u32, i32> {
    let mut origins = BTreeMap::new();
    for (line, &union) in unions.iter().enumerate().take(routes.len()) {
        if let (RouteKind::Descent, Some(start)) = (routes.kinds[line], routes.line(line).first()) {
            origins.entry(union).or_insert(start.x);
        }
    }
    origins
}

/// Straight links: from where a union's lines begin, or the middle of its partners where it has
/// none, to the top of each child; and from there to each partner who is not beside it, over the
/// cards between.
fn links(
    graph: &KinGraph,
    boxes: &[Rect],
    lines: &Lines,
    origins: &BTreeMap<u32, i32>,
) -> Vec<(Point, Point)> {
    let mut links = Vec::new();
    let mut told = BTreeSet::new();
    let known = |&&person: &&u32| (person as usize) < boxes.len();
    let unions = graph.union_partners.len().max(graph.union_children.len());
    for union in 0..unions {
        let partners: Vec<u32> =
            graph.union_partners.row(union).iter().filter(known).copied().collect();
        let (Some(&first), Some(&last)) = (partners.first(), partners.get(1).or(partners.first()))
        else {
            continue;
        };
        let (one, two) = (boxes[first as usize], boxes[last as usize]);
        let between = i32::midpoint(one.center().x, two.center().x);
        let middle = origins.get(&(union as u32)).copied().unwrap_or(between);
        let from = Point::new(middle, i32::midpoint(one.bottom(), two.bottom()));
        for &child in graph.union_children.row(union).iter().filter(known) {
            let to = boxes[child as usize];
            links.push((from, Point::new(to.center().x, to.y)));
        }
        if partners.len() < 2 || !told.insert((first.min(last), first.max(last))) {
            continue;
        }
        for &partner in &partners {
            let card = boxes[partner as usize];
            if one.y != two.y {
                links.push((card.center(), Point::new(middle, from.y - card.height / 2)));
            } else if lines.parted(partner, middle, boxes) {
                // A hair above the cards, so that it meets the lines that come down to them.
                let over = card.y - 1;
                links.push((Point::new(card.center().x, over), Point::new(middle, over)));
            }
        }
    }
    links
}
