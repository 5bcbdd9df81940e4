//! Everything there is to see, in flat arrays without a single string per node.

use banyan_layout::fan::Sector;
use banyan_layout::geometry::{Point, Rect};
use banyan_layout::routes::Routes;
use serde::{Deserialize, Serialize};

use crate::detail::LEAST_READ_CSS_PX;
use crate::index::PackedIndex;
use crate::ink::Ink;
use crate::links;
use crate::ring;
use crate::zoom::ZoomStep;

/// World units that a file of a whole scene leaves free around it.
pub const FRAME_UNITS: i32 = 24;

/// How a node is framed; part of the scene because it shows at every size.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
pub enum Shape {
    /// A card on the paper.
    #[default]
    Card,
    /// The head of a group: a tinted plate.
    Header,
    /// The root of a live tree: a plate with a strong edge.
    Root,
    /// Something that has gone or is not certain: a dashed outline.
    Ghost,
    /// A plate higher than wide, its text written from top to bottom.
    Column,
}

/// The name of a region, as on a map: a branch of a family, a group of clients.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Landmark {
    /// What it names; the label stands in its middle.
    pub region: Rect,
    /// Of two labels in each other's way the heavier one is drawn.
    pub weight: u32,
    pub text: String,
}

/// What a scene is made from. Arrays that are shorter than `boxes` (or `routes`) count as filled up
/// with a default.
#[derive(Clone, Debug, Default)]
pub struct SceneParts {
    /// One box a node, in world units, in drawing order. A node whose box has no area is not in the
    /// picture: it keeps its number, and nothing draws or finds it.
    pub boxes: Vec<Rect>,
    /// What of its box each node takes, in a picture of rings; none in all others.
    pub sectors: Vec<Sector>,
    /// The colour of each node from afar, where no card can be read.
    pub tints: Vec<Ink>,
    pub shapes: Vec<Shape>,
    pub routes: Routes,
    pub route_inks: Vec<Ink>,
    pub landmarks: Vec<Landmark>,
}

/// A scene with its indexes. The arrays must not change under the indexes: a changed picture is a
/// new scene.
#[derive(Clone, Debug)]
pub struct Scene {
    pub boxes: Vec<Rect>,
    pub sectors: Vec<Sector>,
    pub tints: Vec<Ink>,
    pub shapes: Vec<Shape>,
    pub routes: Routes,
    pub route_inks: Vec<Ink>,
    /// The heaviest first.
    pub landmarks: Vec<Landmark>,
    /// Around all boxes and lines.
    pub bounds: Rect,
    /// The median of [`Self::reading_height`]: what decides between density and drawn nodes.
    pub typical_height: i32,
    /// Nodes more than half as high again as the typical one, which can be read from further away.
    pub(crate) tall: Vec<u32>,
    /// The longest routes, the longest first, with their lengths.
    long_routes: Vec<(i32, u32)>,
    node_index: PackedIndex,
    route_index: PackedIndex,
}

impl Scene {
    pub fn new(parts: SceneParts) -> Self {
        let SceneParts {
            boxes,
            sectors,
            mut tints,
            mut shapes,
            routes,
            mut route_inks,
            mut landmarks,
        } = parts;
        tints.resize(boxes.len(), Ink::Idle);
        shapes.resize(boxes.len(), Shape::Card);
        route_inks.resize(routes.len(), Ink::Line);
        landmarks.sort_by(|a, b| b.weight.cmp(&a.weight).then_with(|| a.text.cmp(&b.text)));
        let seen = (0..boxes.len() as u32).filter(|&node| !boxes[node as usize].is_empty());
        let node_index = PackedIndex::new(seen, |node| boxes[node as usize]);
        let lines = 0..routes.len() as u32;
        let around_lines: Vec<Rect> =
            lines.clone().map(|route| links::bounds(&routes, route)).collect();
        let route_index = PackedIndex::new(lines, |route| around_lines[route as usize]);
        let around_boxes = boxes.iter().fold(Rect::default(), |all, rect| all.union(rect));
        // A line has no area; one unit more makes it count.
        let bounds =
            around_lines.iter().fold(around_boxes, |all, &line| all.union(&with_area(line)));
        let height = |node: u32| {
            let at = node as usize;
            reading_height(&boxes[at], shapes[at], sectors.get(at))
        };
        let typical_height = median_height(&boxes, height);
        let is_tall =
            |node: &u32| height(*node) > typical_height.saturating_add(typical_height / 2);
        let tall = (0..boxes.len() as u32).filter(is_tall).collect();
        let long_routes = longest(&routes);
        Self {
            boxes,
            sectors,
            tints,
            shapes,
            routes,
            route_inks,
            landmarks,
            bounds,
            typical_height,
            tall,
            long_routes,
            node_index,
            route_index,
        }
    }

    /// What a file of the whole scene shows, in world units.
    pub fn framed(&self) -> Rect {
        self.bounds.inflated(FRAME_UNITS)
    }

    pub fn len(&self) -> usize {
        self.boxes.len()
    }

    pub fn is_empty(&self) -> bool {
        self.boxes.is_empty()
    }

    /// The first step at which more of any card shows than its box and its colour.
    pub fn read_from(&self) -> ZoomStep {
        let usual = self.typical_height.saturating_add(self.typical_height / 2);
        let heights = self.tall.iter().map(|&node| self.reading_height(node));
        let tallest = heights.fold(usual, i32::max);
        ZoomStep::floor(LEAST_READ_CSS_PX / f64::from(tallest.max(1)))
    }

    /// The height of a card whose text is as large as the node's: what says how much of it can be
    /// read at which zoom.
    pub fn reading_height(&self, node: u32) -> i32 {
        let at = node as usize;
        reading_height(&self.boxes[at], self.shapes[at], self.sectors.get(at))
    }

    /// Replaces `found` by the nodes whose boxes touch `rect`, in drawing order.
    pub fn nodes_in(&self, rect: &Rect, found: &mut Vec<u32>) {
        found.clear();
        self.visit_nodes_in(rect, |node| found.push(node));
        found.sort_unstable();
    }

    /// The same without an order and without a list.
    pub(crate) fn visit_nodes_in(&self, rect: &Rect, visit: impl FnMut(u32)) {
        self.node_index.query(rect, |node| self.boxes[node as usize], visit);
    }

    /// Replaces `found` by the routes whose bounds touch `rect`, in drawing order.
    pub fn routes_in(&self, rect: &Rect, found: &mut Vec<u32>) {
        found.clear();
        self.visit_routes_in(rect, |route| found.push(route));
        found.sort_unstable();
    }

    pub(crate) fn visit_routes_in(&self, rect: &Rect, visit: impl FnMut(u32)) {
        self.route_index.query(rect, |route| links::bounds(&self.routes, route), visit);
    }

    /// The routes at least `least_units` long in one direction, or `None` if there are too many to
    /// have them at hand.
    pub(crate) fn long_routes(&self, least_units: f64) -> Option<impl Iterator<Item = u32>> {
        let count =
            self.long_routes.partition_point(|(length, _)| f64::from(*length) >= least_units);
        let is_complete = count < self.long_routes.len() || count == self.routes.len();
        is_complete.then(|| self.long_routes[..count].iter().map(|(_, route)| *route))
    }

    pub(crate) fn route_touches(&self, route: u32, rect: &Rect) -> bool {
        links::bounds(&self.routes, route).inflated(1).overlaps(rect)
    }

    /// The names of the regions that `seen` lies in, the largest first, at most `most`, the smallest
    /// ones: for a view so near that the labels on the map are gone. Empty from further away.
    pub fn places(&self, seen: &Rect, most: usize) -> Vec<&str> {
        // So few rows of nodes on the screen can be read, and hide their region's name.
        const ROWS: i32 = 80;
        if seen.height > self.typical_height.saturating_mul(ROWS) {
            return Vec::new();
        }
        let middle = seen.center();
        let holds = |landmark: &&Landmark| {
            landmark.region.contains(middle) && landmark.region.width > seen.width / 2
        };
        let mut names: Vec<&str> = Vec::new();
        for landmark in self.landmarks.iter().filter(holds) {
            // A branch of a branch that is called the same is no other place.
            if names.last() != Some(&landmark.text.as_str()) {
                names.push(&landmark.text);
            }
        }
        names.split_off(names.len().saturating_sub(most))
    }

    /// The node under a world point: the topmost that holds it, or else the nearest within `slack`
    /// units (half a hit target at the camera's scale, so that dots can be hit too).
    pub fn hit(&self, point: Point, slack: i32) -> Option<u32> {
        let mut topmost = None;
        self.visit_nodes_in(&Rect::new(point.x, point.y, 0, 0), |node| {
            let at = node as usize;
            let is_there = self.sectors.get(at).is_none_or(|sector| sector.contains(point));
            if is_there && self.boxes[at].contains(point) {
                topmost = topmost.max(Some(node));
            }
        });
        // The boxes of rings reach over each other: near says nothing there.
        let slack = if self.sectors.is_empty() { Some(slack) } else { None };
        topmost.or_else(|| self.nearest(point, slack?))
    }

    /// The node whose box is nearest to a world point, no further than `within` units.
    pub fn nearest(&self, point: Point, within: i32) -> Option<u32> {
        self.node_index.nearest(point, within, |node| self.boxes[node as usize])
    }

    /// The route that is drawn nearest to a world point, no further than `slack` units.
    pub fn hit_route(&self, point: Point, slack: i32) -> Option<u32> {
        let mut best: Option<(f64, u32)> = None;
        let around = Rect::new(point.x, point.y, 0, 0).inflated(slack);
        self.visit_routes_in(&around, |route| {
            let distance = links::distance(&self.routes, route, point);
            let is_nearer = best.is_none_or(|(least, other)| {
                distance < least || (distance == least && route > other)
            });
            if distance <= f64::from(slack) && is_nearer {
                best = Some((distance, route));
            }
        });
        best.map(|(_, route)| route)
    }
}

fn with_area(rect: Rect) -> Rect {
    Rect::new(rect.x, rect.y, rect.width.max(1), rect.height.max(1))
}

/// Routes kept at hand for pictures from afar, where nothing but long lines shows.
const LONG_ROUTES: usize = 1 << 15;

fn longest(routes: &Routes) -> Vec<(i32, u32)> {
    let mut all: Vec<(i32, u32)> =
        (0..routes.len() as u32).map(|route| (links::extent(routes, route), route)).collect();
    let order = |a: &(i32, u32), b: &(i32, u32)| b.0.cmp(&a.0).then(a.1.cmp(&b.1));
    if all.len() > LONG_ROUTES {
        all.select_nth_unstable_by(LONG_ROUTES, order);
        all.truncate(LONG_ROUTES);
        all.shrink_to_fit();
    }
    all.sort_unstable_by(order);
    all
}

/// Of a card with a name of 15 units.
const CARD_HEIGHT: i32 = 56;

fn reading_height(rect: &Rect, shape: Shape, sector: Option<&Sector>) -> i32 {
    match (shape, sector) {
        (_, Some(sector)) => {
            let share = ring::title_units(sector) / ring::TITLE_UNITS;
            (f64::from(CARD_HEIGHT) * share) as i32
        }
        (Shape::Column, None) => rect.width.saturating_mul(2).min(CARD_HEIGHT),
        _ => rect.height,
    }
}

/// Of at most some thousand nodes spread evenly over the scene.
fn median_height(boxes: &[Rect], height: impl Fn(u32) -> i32) -> i32 {
    let stride = (boxes.len() / 4096).max(1);
    let seen = (0u32..).zip(boxes).filter(|(_, rect)| !rect.is_empty());
    let mut heights: Vec<i32> = seen.step_by(stride).map(|(node, _)| height(node)).collect();
    heights.sort_unstable();
    heights.get(heights.len() / 2).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::paint::look;
    use crate::zoom::{Level, ZoomStep};
    use banyan_layout::routes::RouteKind;
    use proptest::prelude::*;

    fn grid() -> Scene {
        let boxes = (0..100).map(|i| Rect::new(i % 10 * 100, i / 10 * 50, 80, 30)).collect();
        let mut routes = Routes::default();
        routes.push(RouteKind::Descent, (0, 10), &[Point::new(40, 30), Point::new(40, 50)]);
        Scene::new(SceneParts { boxes, routes, ..SceneParts::default() })
    }

    #[test]
    fn hits_are_the_box_or_the_nearest_one() {
        let scene = grid();
        let check = |x, y, slack, expect| assert_eq!(scene.hit(Point::new(x, y), slack), expect);
        check(0, 0, 0, Some(0));
        check(79, 29, 0, Some(0));
        check(81, 10, 0, None);
        check(85, 10, 6, Some(0));
        check(95, 10, 6, Some(1));
        check(950, 470, 0, Some(99));
        check(-50, -50, 20, None);
    }

    proptest! {
        /// At every zoom: a press in the middle of what is drawn for a node hits that node, or one
        /// that is drawn over it there.
        #[test]
        fn what_is_drawn_is_what_is_hit(
            boxes in prop::collection::vec((-3000..3000i32, -3000..3000i32, 8..400i32, 8..200i32), 1..40),
            step in -32..=16i32,
            device_pixel_ratio in prop::sample::select(vec![1.0, 1.5, 2.0]),
        ) {
            let boxes = boxes.into_iter().map(|(x, y, w, h)| Rect::new(x, y, w, h)).collect();
            let scene = Scene::new(SceneParts { boxes, ..SceneParts::default() });
            let level = Level::new(ZoomStep(step), device_pixel_ratio);
            let drawn = |node: u32| look(&scene, node, &level, (0, 0)).rect;
            let nodes = || 0..scene.len() as u32;
            for node in nodes() {
                let rect = drawn(node);
                let (x, y) = (rect.x + rect.width / 2.0, rect.y + rect.height / 2.0);
                let world = |px: f64| (px / level.px_per_unit).floor() as i32;
                // Edges are drawn on whole px, so within one px of an edge both are right.
                let is_near = |other: u32, reach: f64| {
                    let it = drawn(other);
                    x > it.x - reach && x < it.right() + reach && y > it.y - reach && y < it.bottom() + reach
                };
                let slack = (1.0 / level.px_per_unit).ceil() as i32;
                let hit = scene.hit(Point::new(world(x), world(y)), slack);
                prop_assert!(hit.is_some_and(|hit| is_near(hit, 1.5)), "{node} {hit:?}");
                let surely_topmost = nodes().filter(|&other| is_near(other, -1.5)).max();
                if let (Some(hit), Some(topmost)) = (hit, surely_topmost) {
                    prop_assert!(hit >= topmost || !is_near(hit, -1.5), "{hit} under {topmost}");
                }
            }
        }
    }

    #[test]
    fn a_near_view_knows_where_it_is() {
        let landmark = |text: &str, region, weight| Landmark { region, weight, text: text.into() };
        let boxes = (0..100).map(|i| Rect::new(i % 10 * 100, i / 10 * 50, 80, 30)).collect();
        let landmarks = vec![
            landmark("half", Rect::new(0, 0, 500, 500), 50),
            landmark("all", Rect::new(0, 0, 1000, 500), 100),
            landmark("corner", Rect::new(0, 0, 90, 90), 4),
        ];
        let scene = Scene::new(SceneParts { boxes, landmarks, ..SceneParts::default() });
        let check = |x, y, width, height, expect: &[&str]| {
            assert_eq!(scene.places(&Rect::new(x, y, width, height), 3), expect);
        };
        check(0, 0, 300, 200, &["all", "half"]);
        check(0, 0, 80, 60, &["all", "half", "corner"]);
        check(600, 100, 300, 200, &["all"]);
        check(2000, 100, 300, 200, &[]);
        check(0, 0, 5000, 3000, &[]);
        assert_eq!(scene.places(&Rect::new(0, 0, 80, 60), 1), ["corner"]);
    }

    #[test]
    fn nodes_come_in_drawing_order() {
        let mut found = Vec::new();
        grid().nodes_in(&Rect::new(0, 0, 150, 60), &mut found);
        assert_eq!(found, [0, 1, 10, 11]);
    }

    #[test]
    fn routes_are_hit_near_their_line() {
        let scene = grid();
        assert_eq!(scene.hit_route(Point::new(43, 40), 4), Some(0));
        assert_eq!(scene.hit_route(Point::new(50, 40), 4), None);
    }

    #[test]
    fn short_arrays_are_filled_up() {
        let scene = grid();
        assert_eq!((scene.tints.len(), scene.shapes.len(), scene.route_inks.len()), (100, 100, 1));
        assert_eq!((scene.bounds, scene.typical_height), (Rect::new(0, 0, 980, 480), 30));
        assert!(Scene::new(SceneParts::default()).hit(Point::new(0, 0), 10).is_none());
    }
}
