//! The lines of a scene: elbows with rounded corners, arcs for cross links.

use std::collections::BTreeMap;

use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::{Dash, RouteKind, Routes};

use crate::cutout::Cutout;
use crate::detail::ramp;
use crate::ink::Ink;
use crate::painter::Painter;
use crate::path::{Path, PathOp};
use crate::scene::Scene;
use crate::zoom::Level;

/// World units by which an elbow's corner is rounded.
const CORNER_UNITS: f64 = 8.0;
/// Heights between the ends of a cross link beyond which it runs as an S and not as an arc.
const ARC_UNITS: i32 = 48;
/// Length, and half the width, of the head of a flow, in world units.
const HEAD_UNITS: f64 = 7.0;
const HALF_HEAD_UNITS: f64 = 4.0;
/// An axis-parallel line is cut this far outside of what is painted: floats of a canvas are exact
/// there.
const BEYOND_PX: f64 = 1024.0;

/// Around what is drawn for a route, which for an arc is more than its two ends.
pub(crate) fn bounds(routes: &Routes, route: u32) -> Rect {
    let bounds = routes.bounds(route as usize);
    match curve(routes, route) {
        None if matches!(routes.kinds[route as usize], RouteKind::Flow(_)) => {
            bounds.inflated(HALF_HEAD_UNITS as i32)
        }
        None => bounds,
        Some(controls) => controls.iter().fold(bounds, |all, &(x, y)| {
            let (low_x, low_y) = (all.x.min(x.floor() as i32), all.y.min(y.floor() as i32));
            let (right, bottom) =
                (all.right().max(x.ceil() as i32), all.bottom().max(y.ceil() as i32));
            Rect::new(low_x, low_y, right - low_x, bottom - low_y)
        }),
    }
}

/// The longer side of a route's bounds, in world units.
pub(crate) fn extent(routes: &Routes, route: u32) -> i32 {
    let bounds = routes.bounds(route as usize);
    bounds.width.max(bounds.height)
}

/// Start, two controls and end of a cross link that is drawn as a curve, in world units: one with
/// two points (its ends), or with four (taken as they are). `None` for whatever is drawn straight.
fn curve(routes: &Routes, route: u32) -> Option<[(f64, f64); 4]> {
    if routes.kinds[route as usize] != RouteKind::Cross {
        return None;
    }
    let exact = |p: &Point| (f64::from(p.x), f64::from(p.y));
    match routes.line(route as usize) {
        [from, to] => {
            let (start, end) = (exact(from), exact(to));
            if (from.y - to.y).abs() > ARC_UNITS {
                let middle = (start.1 + end.1) / 2.0;
                return Some([start, (start.0, middle), (end.0, middle), end]);
            }
            let rise = ((end.0 - start.0).abs() * 0.18).clamp(16.0, 480.0);
            let top = start.1.min(end.1) - rise;
            let lean = (end.0 - start.0) * 0.15;
            Some([start, (start.0 + lean, top), (end.0 - lean, top), end])
        }
        [a, b, c, d] => Some([exact(a), exact(b), exact(c), exact(d)]),
        _ => None,
    }
}

/// The route as straight pieces, in world units; curves in 24 pieces.
pub(crate) fn flattened(routes: &Routes, route: u32, points: &mut Vec<(f64, f64)>) {
    points.clear();
    match curve(routes, route) {
        None => {
            let line = routes.line(route as usize);
            points.extend(line.iter().map(|p| (f64::from(p.x), f64::from(p.y))));
        }
        Some([a, b, c, d]) => points.extend((0..=24).map(|i| {
            let t = f64::from(i) / 24.0;
            let u = 1.0 - t;
            let (p, q, r, s) = (u * u * u, 3.0 * u * u * t, 3.0 * u * t * t, t * t * t);
            (p * a.0 + q * b.0 + r * c.0 + s * d.0, p * a.1 + q * b.1 + r * c.1 + s * d.1)
        })),
    }
}

/// World units from a point to the route as it is drawn.
pub(crate) fn distance(routes: &Routes, route: u32, point: Point) -> f64 {
    let (x, y) = (f64::from(point.x), f64::from(point.y));
    let mut points = Vec::new();
    flattened(routes, route, &mut points);
    let to_piece = |pair: &[(f64, f64)]| {
        let (a, b) = (pair[0], pair[1]);
        let (dx, dy) = (b.0 - a.0, b.1 - a.1);
        let along = (x - a.0) * dx + (y - a.1) * dy;
        let share = (along / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
        (a.0 + share * dx - x).hypot(a.1 + share * dy - y)
    };
    points.windows(2).map(to_piece).fold(f64::INFINITY, f64::min)
}

/// How the lines of one kind are stroked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Stroke {
    Cross,
    Descent,
    Couple,
    Flow(Dash),
}

/// Lines of a lower number are stroked first, below the others.
pub fn stroke_order(kind: RouteKind) -> u8 {
    match stroke(kind) {
        Stroke::Cross => 0,
        Stroke::Descent => 1,
        Stroke::Couple => 2,
        Stroke::Flow(_) => 3,
    }
}

const fn stroke(kind: RouteKind) -> Stroke {
    match kind {
        RouteKind::Descent => Stroke::Descent,
        RouteKind::Couple => Stroke::Couple,
        RouteKind::Cross => Stroke::Cross,
        RouteKind::Flow(dash) => Stroke::Flow(dash),
    }
}

/// Strokes `routes` of the scene with one path for each style: in the px of a cutout, or of the
/// whole level if there is none. Lines too short to see are left out.
pub(crate) fn paint_links(
    scene: &Scene,
    routes: &[u32],
    level: &Level,
    cutout: Option<&Cutout>,
    painter: &mut impl Painter,
) {
    let origin = cutout.map_or((0, 0), Cutout::origin);
    let node_height = level.css(scene.typical_height);
    let hairline = level.hairline();
    let mut batches: BTreeMap<(Stroke, Ink), Path> = BTreeMap::new();
    let mut points = Vec::new();
    for &route in routes {
        let stroke = stroke(scene.routes.kinds[route as usize]);
        if level.px_per_unit * f64::from(extent(&scene.routes, route)) < 1.5 {
            continue;
        }
        let style = (stroke, scene.route_inks[route as usize]);
        let path = batches.entry(style).or_default();
        // The middle of a px, so that a line of odd width fills whole ones.
        let odd = if (stroke_width(stroke, hairline) as i64) % 2 == 1 { 0.5 } else { 0.0 };
        if let Some(controls) = curve(&scene.routes, route) {
            let [a, b, c, d] = controls.map(|(x, y)| {
                (x * level.px_per_unit - origin.0 as f64, y * level.px_per_unit - origin.1 as f64)
            });
            path.ops.push(PathOp::Move(a.0, a.1));
            path.ops.push(PathOp::Cubic(b.0, b.1, c.0, c.1, d.0, d.1));
            continue;
        }
        let line = scene.routes.line(route as usize);
        points.clear();
        points.extend(line.iter().map(|p| {
            ((level.px(p.x) - origin.0) as f64 + odd, (level.px(p.y) - origin.1) as f64 + odd)
        }));
        let is_elbow = line.windows(2).all(|pair| pair[0].x == pair[1].x || pair[0].y == pair[1].y);
        let is_flow = matches!(stroke, Stroke::Flow(_));
        // A line that is cut would begin its dashes elsewhere in each tile.
        if is_elbow
            && !is_flow
            && let Some(cutout) = cutout
        {
            let low = -BEYOND_PX;
            let right = f64::from(cutout.width) + BEYOND_PX;
            let bottom = f64::from(cutout.height) + BEYOND_PX;
            for point in &mut points {
                *point = (point.0.clamp(low, right), point.1.clamp(low, bottom));
            }
        }
        elbows(path, &points, CORNER_UNITS * level.px_per_unit);
        if is_flow {
            let whole = (Stroke::Flow(Dash::Whole), scene.route_inks[route as usize]);
            head(batches.entry(whole).or_default(), &points, level.px_per_unit);
        }
    }
    let quiet = 0.45 + 0.55 * ramp(node_height, 5.0, 16.0);
    for ((stroke, ink), path) in &batches {
        let opacity = if *stroke == Stroke::Cross { 0.6 * quiet } else { quiet };
        let width = stroke_width(*stroke, hairline);
        match stroke {
            Stroke::Flow(Dash::Dashed) => {
                painter.stroke_dashed(path, width, 7.0 * hairline, ink.at(opacity));
            }
            Stroke::Flow(Dash::Dotted) => {
                painter.stroke_dashed(path, width, 2.0 * hairline, ink.at(opacity));
            }
            _ => painter.stroke_path(path, width, ink.at(opacity)),
        }
    }
}

/// The head of a flow, at its last point.
fn head(path: &mut Path, points: &[(f64, f64)], px_per_unit: f64) {
    let [.., before, tip] = points else { return };
    let length = (tip.0 - before.0).hypot(tip.1 - before.1);
    if length < 1.0 {
        return;
    }
    let (along_x, along_y) = ((tip.0 - before.0) / length, (tip.1 - before.1) / length);
    let (back, side) = (HEAD_UNITS * px_per_unit, HALF_HEAD_UNITS * px_per_unit);
    let wing = |side: f64| {
        (tip.0 - along_x * back - along_y * side, tip.1 - along_y * back + along_x * side)
    };
    path.polyline(&[wing(side), *tip, wing(-side)]);
}

fn stroke_width(stroke: Stroke, hairline: f64) -> f64 {
    match stroke {
        Stroke::Cross | Stroke::Descent => hairline,
        Stroke::Couple | Stroke::Flow(_) => 2.0 * hairline,
    }
}

/// A line with its corners rounded by at most `radius` px.
fn elbows(path: &mut Path, points: &[(f64, f64)], radius: f64) {
    let Some(&first) = points.first() else { return };
    path.ops.push(PathOp::Move(first.0, first.1));
    for three in points.windows(3) {
        let (a, b, c) = (three[0], three[1], three[2]);
        let (before, after) = ((a.0 - b.0).hypot(a.1 - b.1), (c.0 - b.0).hypot(c.1 - b.1));
        let is_straight = ((b.0 - a.0) * (c.1 - b.1) - (b.1 - a.1) * (c.0 - b.0)).abs() < 1e-9;
        let round = radius.min(before / 2.0).min(after / 2.0);
        if is_straight || round < 1.0 {
            path.ops.push(PathOp::Line(b.0, b.1));
            continue;
        }
        let toward = |p: (f64, f64), length: f64| {
            (b.0 + (p.0 - b.0) / length * round, b.1 + (p.1 - b.1) / length * round)
        };
        let (from, to) = (toward(a, before), toward(c, after));
        path.ops.push(PathOp::Line(from.0, from.1));
        path.ops.push(PathOp::Quad(b.0, b.1, to.0, to.1));
    }
    if let [.., last] = points
        && points.len() > 1
    {
        path.ops.push(PathOp::Line(last.0, last.1));
    }
}
