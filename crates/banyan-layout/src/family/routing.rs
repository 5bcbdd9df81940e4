//! Rows get their y, and families their lines: a bus per family and gap, on a track of its own.

use super::Gaps;
use super::chains::Chains;
use super::forest::{Descent, Forest, Pin};
use super::kin::{Kin, NONE};
use crate::geometry::{Point, Rect, Size};
use crate::routes::{RouteKind, Routes};

/// A layout whose components all lie at (0, 0).
pub(super) struct Drawing {
    pub(super) boxes: Vec<Rect>,
    pub(super) routes: Routes,
    /// The union of every route.
    pub(super) unions: Vec<u32>,
    pub(super) sizes: Vec<Size>,
}

/// Verticals closer than this to the one below are drawn as one, in world units.
const SNAP: u32 = 4;

/// The horizontal part of a family's line in one gap.
#[derive(Clone, Copy)]
struct Bus {
    /// Index of the gap among all components' gaps.
    gap: u32,
    low: i32,
    high: i32,
    track: u32,
}

/// Everything that knows where things are.
struct Plan<'a> {
    kin: &'a Kin,
    rows: &'a [u32],
    chains: &'a Chains,
    forest: &'a Forest,
    x: &'a [i64],
    card: Size,
    /// Component -> index of the gap above its row 0; the gap above row r follows r later.
    first_gap: Vec<u32>,
    /// The upper edge of every gap.
    gap_top: Vec<i32>,
    gap_height: Vec<i32>,
    tracks: Vec<u32>,
    track_gap: i32,
}

pub(super) fn route(
    kin: &Kin,
    rows: &[u32],
    chains: &Chains,
    forest: &Forest,
    x: &[i64],
    card: Size,
    gaps: &Gaps,
) -> Drawing {
    let mut heights = vec![0u32; kin.component_sizes.len()];
    for person in 0..kin.persons {
        let height = &mut heights[kin.component[person] as usize];
        *height = (*height).max(rows[person] + 1);
    }
    let mut first_gap = Vec::with_capacity(heights.len());
    let mut total = 0;
    for &height in &heights {
        first_gap.push(total);
        // One below the last row keeps the sums simple; nothing ever runs there.
        total += height + 1;
    }
    let mut plan = Plan {
        kin,
        rows,
        chains,
        forest,
        x,
        card,
        first_gap,
        gap_top: vec![0; total as usize],
        gap_height: vec![0; total as usize],
        tracks: vec![0; total as usize],
        track_gap: gaps.track.max(1),
    };
    let mut buses = plan.buses();
    colour(&mut buses, &mut plan.tracks);
    let mut sizes = plan.stack(&heights, gaps);
    let boxes: Vec<Rect> = (0..kin.persons).map(|person| plan.card_of(person as u32)).collect();
    for (person, rect) in boxes.iter().enumerate() {
        let size = &mut sizes[kin.component[person] as usize];
        size.width = size.width.max(rect.right());
    }
    let (mut routes, mut unions) = (Routes::default(), Vec::new());
    plan.draw_descents(&buses, &mut routes, &mut unions);
    plan.draw_brackets(&buses, &mut routes, &mut unions);
    plan.draw_couples(&boxes, &mut routes, &mut unions);
    plan.draw_cross_links(&boxes, &mut routes, &mut unions);
    Drawing { boxes, routes, unions, sizes }
}

impl Plan<'_> {
    fn x_of(&self, pin: Pin) -> i32 {
        let (node, offset) = self.forest.pin(pin);
        (self.x[node as usize] + i64::from(offset)) as i32
    }

    fn middle_of(&self, person: u32) -> i32 {
        self.x_of(Pin::Person(person))
    }

    /// The gap above a person's row.
    fn gap_above(&self, person: u32) -> u32 {
        self.first_gap[self.kin.component[person as usize] as usize] + self.rows[person as usize]
    }

    fn row_top(&self, gap_above: u32) -> i32 {
        self.gap_top[gap_above as usize] + self.gap_height[gap_above as usize]
    }

    fn card_of(&self, person: u32) -> Rect {
        let x = self.middle_of(person) - self.card.width / 2;
        Rect::new(x, self.row_top(self.gap_above(person)), self.card.width, self.card.height)
    }

    fn children_of(&self, descent: &Descent) -> &[u32] {
        self.chains.core.row(descent.unit as usize)
    }

    /// Units of a union without partners, whose members are tied by a bracket above them.
    fn brackets(&self) -> impl Iterator<Item = (u32, &[u32])> {
        self.chains.core.rows().zip(&self.chains.union_of).filter_map(|(core, &union)| {
            let tied =
                union != NONE && core.len() > 1 && self.forest.anchors[union as usize].is_none();
            tied.then_some((union, core))
        })
    }

    /// One bus per step of every descent, in order; then one per bracket.
    fn buses(&self) -> Vec<Bus> {
        let (mut buses, mut verticals) = (Vec::new(), Vec::new());
        for descent in &self.forest.descents {
            let Some(&child) = self.children_of(descent).first() else { continue };
            let last_gap = self.gap_above(child);
            self.verticals(descent, &mut verticals);
            for (step, ends) in verticals.windows(2).enumerate() {
                let gap = last_gap - (descent.knots - step as u32);
                let (low, high) = (ends[0].min(ends[1]), ends[0].max(ends[1]));
                buses.push(Bus { gap, low, high, track: 0 });
            }
            buses.push(self.bus_over(
                last_gap,
                self.children_of(descent),
                verticals.last().copied(),
            ));
        }
        for (_, core) in self.brackets() {
            buses.push(self.bus_over(self.gap_above(core[0]), core, None));
        }
        buses
    }

    /// The x of a descent's verticals, from the anchor through its knots; `out` is replaced. A
    /// vertical that is off by next to nothing is moved into line with the one below.
    fn verticals(&self, descent: &Descent, out: &mut Vec<i32>) {
        out.clear();
        out.push(self.x_of(Pin::Union(descent.union)));
        out.extend((0..descent.knots).map(|knot| self.x_of(Pin::Knot(descent.first_knot + knot))));
        let mut below = match self.children_of(descent) {
            &[child] => Some(self.middle_of(child)),
            _ => None,
        };
        for x in out.iter_mut().rev() {
            if let Some(below) = below.filter(|below| below.abs_diff(*x) <= SNAP) {
                *x = below;
            }
            below = Some(*x);
        }
    }

    fn bus_over(&self, gap: u32, children: &[u32], from: Option<i32>) -> Bus {
        let (mut low, mut high) = from.map_or((i32::MAX, i32::MIN), |x| (x, x));
        for &child in children {
            let x = self.middle_of(child);
            (low, high) = (low.min(x), high.max(x));
        }
        Bus { gap, low, high, track: 0 }
    }

    /// Gives gaps their heights and rows their y; returns the components' heights.
    fn stack(&mut self, heights: &[u32], gaps: &Gaps) -> Vec<Size> {
        let mut sizes = Vec::with_capacity(heights.len());
        for (component, &height) in heights.iter().enumerate() {
            let mut y = 0;
            for row in 0..height {
                let gap = (self.first_gap[component] + row) as usize;
                let tracks = self.tracks[gap] as i32;
                self.gap_top[gap] = y;
                let busy = (tracks - 1).max(0) * self.track_gap + gaps.generation / 2;
                self.gap_height[gap] = match (row, tracks) {
                    (0, 0) => 0,
                    (0, _) => busy,
                    _ => busy.max(gaps.generation),
                };
                y += self.gap_height[gap] + self.card.height;
            }
            sizes.push(Size { width: 0, height: y });
        }
        sizes
    }

    fn track_y(&self, bus: &Bus) -> i32 {
        let gap = bus.gap as usize;
        let spread = (self.tracks[gap] as i32 - 1).max(0) * self.track_gap;
        self.gap_top[gap] + (self.gap_height[gap] - spread) / 2 + bus.track as i32 * self.track_gap
    }

    fn draw_descents(&self, buses: &[Bus], routes: &mut Routes, unions: &mut Vec<u32>) {
        let mut buses = buses.iter();
        let (mut stem, mut line, mut verticals) = (Vec::new(), Vec::new(), Vec::new());
        for descent in &self.forest.descents {
            let (children, Some(anchor)) =
                (self.children_of(descent), self.forest.anchors[descent.union as usize])
            else {
                continue;
            };
            let top = self.row_top(self.gap_above(anchor.person));
            let leaves_card = anchor.partner == NONE;
            let y = top + if leaves_card { self.card.height } else { self.card.height / 2 };
            self.verticals(descent, &mut verticals);
            let mut x = verticals[0];
            stem.clear();
            stem.push(Point::new(x, y));
            for (&next, bus) in verticals[1..].iter().zip(&mut buses) {
                let y = self.track_y(bus);
                if next != x {
                    stem.extend([Point::new(x, y), Point::new(next, y)]);
                }
                x = next;
            }
            let Some(bus) = buses.next() else { return };
            let y = self.track_y(bus);
            for &child in children {
                let (to, top) = (self.middle_of(child), self.row_top(self.gap_above(child)));
                line.clone_from(&stem);
                if to != x {
                    line.extend([Point::new(x, y), Point::new(to, y)]);
                }
                line.push(Point::new(to, top));
                routes.push(RouteKind::Descent, (anchor.person, child), &line);
                unions.push(descent.union);
            }
        }
    }

    fn draw_brackets(&self, buses: &[Bus], routes: &mut Routes, unions: &mut Vec<u32>) {
        let count = self.brackets().count();
        let buses = &buses[buses.len() - count..];
        for ((union, core), bus) in self.brackets().zip(buses) {
            let (y, top) = (self.track_y(bus), self.row_top(self.gap_above(core[0])));
            for pair in core.windows(2) {
                let (a, b) = (self.middle_of(pair[0]), self.middle_of(pair[1]));
                let line =
                    [Point::new(a, top), Point::new(a, y), Point::new(b, y), Point::new(b, top)];
                routes.push(RouteKind::Descent, (pair[0], pair[1]), &line);
                unions.push(union);
            }
        }
    }

    fn draw_couples(&self, boxes: &[Rect], routes: &mut Routes, unions: &mut Vec<u32>) {
        let mut apart = self.forest.apart.iter().peekable();
        for &(a, b, union) in &self.kin.couples {
            // Both lists have the same order.
            if apart.next_if(|&&pair| pair == (a, b, union)).is_none() {
                routes.push(RouteKind::Couple, (a, b), &facing(boxes, a, b));
                unions.push(union);
            }
        }
    }

    fn draw_cross_links(&self, boxes: &[Rect], routes: &mut Routes, unions: &mut Vec<u32>) {
        for &(a, b, union) in &self.forest.apart {
            routes.push(RouteKind::Cross, (a, b), &facing(boxes, a, b));
            unions.push(union);
        }
        for &(union, child) in &self.forest.away {
            if let Some(anchor) = self.forest.anchors[union as usize] {
                routes.push(
                    RouteKind::Cross,
                    (anchor.person, child),
                    &facing(boxes, anchor.person, child),
                );
                unions.push(union);
            }
        }
    }
}

/// The middles of the card edges that face each other: the sides on one row, else lower and upper.
fn facing(boxes: &[Rect], a: u32, b: u32) -> [Point; 2] {
    let (a, b) = (boxes[a as usize], boxes[b as usize]);
    let beside = |from: Rect, to: Rect| {
        Point::new(if from.x <= to.x { from.right() } else { from.x }, from.center().y)
    };
    let above = |from: Rect, to: Rect| {
        Point::new(from.center().x, if from.y < to.y { from.bottom() } else { from.y })
    };
    if a.y == b.y { [beside(a, b), beside(b, a)] } else { [above(a, b), above(b, a)] }
}

/// Gives every bus the first track of its gap that is free (interval-graph colouring, left edge
/// first), and counts the tracks of every gap. Buses on one track never touch.
fn colour(buses: &mut [Bus], tracks: &mut [u32]) {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;
    let mut order: Vec<(u32, i32, i32, usize)> = buses
        .iter()
        .enumerate()
        .filter(|(_, bus)| bus.low < bus.high)
        .map(|(at, bus)| (bus.gap, bus.low, bus.high, at))
        .collect();
    order.sort_unstable();
    for in_gap in order.chunk_by(|a, b| a.0 == b.0) {
        let mut busy: BinaryHeap<Reverse<(i32, u32)>> = BinaryHeap::new();
        let mut free: BinaryHeap<Reverse<u32>> = BinaryHeap::new();
        let mut count = 0;
        for &(.., at) in in_gap {
            let bus = &mut buses[at];
            while let Some(&Reverse((high, track))) = busy.peek() {
                if high >= bus.low {
                    break;
                }
                busy.pop();
                free.push(Reverse(track));
            }
            bus.track = free.pop().map_or_else(
                || {
                    count += 1;
                    count - 1
                },
                |Reverse(track)| track,
            );
            busy.push(Reverse((bus.high, bus.track)));
            tracks[bus.gap as usize] = count;
        }
    }
}
