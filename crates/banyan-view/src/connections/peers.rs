//! The servers of a fleet as a tree beside the root: masters, below each what copies from it and who
//! watches it; and the lines between them.
//!
//! The node of server `i` of [`Fleet::nodes`] is `1 + i`, and its line to whom it hangs by is line `i`,
//! for as long as the fleet is watched. Lines between servers that stand elsewhere come last of all.

use std::collections::{BTreeMap, BTreeSet};

use banyan_layout::{
    geometry::{Point, Rect},
    routes::{Dash, RouteKind},
};
use banyan_scene::Ink;
use banyan_topology::{Feed, Fleet, FleetNode, NodeRole};

use super::{CLIENT_CARD, SERVER_CARD};
use crate::world::Word;

/// Between rows, and from a master to its replicas, in world units.
const ROW_GAP: i32 = 12;
const STEP_GAP: i32 = 64;
/// Left of a column, with the lines that lead to it: the rail from the root, those of Sentinels, those
/// of slots that move.
const COLUMN_GAP: i32 = 96;
const RAIL: i32 = 72;
const WATCH_TRACK: i32 = 44;
const MOVE_TRACKS: [i32; 3] = [14, 22, 30];
/// Below the top of the root: the bus of the rails, that of slots that move, and the first row.
const BUS_Y: i32 = 12;
const MOVES_Y: i32 = 26;
const TOP: i32 = 40;
/// Up to so many rows stand in one column.
const FEW_ROWS: u32 = 8;
/// How far the corners and heads of lines reach beyond them.
const RIM: i32 = 8;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Peers {
    /// By index in [`Fleet::nodes`].
    pub(super) boxes: Vec<Rect>,
    /// The line by which each hangs, in the same order.
    pub(super) ties: Vec<Tie>,
    /// Slots on their way from one server to another.
    pub(super) moves: Vec<Tie>,
}

/// A line between two nodes, the root among them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Tie {
    pub(super) kind: RouteKind,
    pub(super) ink: Ink,
    /// By whom the second one hangs, and it. The points run from who feeds, watches or gives.
    pub(super) ends: (u32, u32),
    pub(super) points: Vec<Point>,
}

/// A line from a master to its replica says how the copying goes.
pub(super) const fn feed_look(feed: Feed) -> (RouteKind, Ink) {
    let (dash, ink) = match feed {
        Feed::Online => (Dash::Whole, Ink::Replica),
        Feed::Lagging => (Dash::Dashed, Ink::Waiting),
        Feed::Copying => (Dash::Dashed, Ink::Accent),
        Feed::Broken => (Dash::Dotted, Ink::Dead),
        Feed::Unknown => (Dash::Dotted, Ink::Idle),
    };
    (RouteKind::Flow(dash), ink)
}

/// What is not in order with the copying, in a word.
pub(super) const fn feed_word(feed: Feed) -> Option<Word> {
    match feed {
        Feed::Online | Feed::Unknown => None,
        Feed::Lagging => Some(Word::Lagging),
        Feed::Copying => Some(Word::FullCopy),
        Feed::Broken => Some(Word::Down),
    }
}

/// How a server is fed, or a Sentinel's own health; `None` for a master.
pub(super) fn feed(fleet: &Fleet, node: &FleetNode) -> Option<Feed> {
    let master = node.master.and_then(|at| fleet.nodes.get(usize::from(at)));
    (node.role != NodeRole::Master).then(|| node.feed(master))
}

/// Pairs of servers between which slots move, and how many: from whom, to whom.
pub(super) fn moves(fleet: &Fleet) -> BTreeMap<(u16, u16), usize> {
    let mut slots: BTreeMap<(u16, u16), BTreeSet<u16>> = BTreeMap::new();
    for (index, node) in (0u16..).zip(&fleet.nodes) {
        for migration in &node.migrations {
            let Some(other) = migration.other.filter(|&other| other != index) else { continue };
            let pair = if migration.is_leaving { (index, other) } else { (other, index) };
            // Both ends tell of it.
            slots.entry(pair).or_default().insert(migration.slot);
        }
    }
    slots.into_iter().map(|(pair, slots)| (pair, slots.len())).collect()
}

/// Where a server stands, in columns of its unit and rows of all.
#[derive(Clone, Copy, Debug, Default)]
struct Seat {
    depth: u32,
    row: u32,
}

impl Peers {
    pub(super) fn of(fleet: Option<&Fleet>) -> Self {
        let Some(fleet) = fleet else { return Self::default() };
        let above = above(&fleet.nodes);
        let (seats, units) = seats(&fleet.nodes, &above);
        let boxes = boxes(&seats, &units);
        let ties = (0..fleet.nodes.len())
            .map(|index| tie(fleet, &boxes, index, above.get(index).copied().flatten()))
            .collect();
        let between = moves(fleet).into_keys().zip(MOVE_TRACKS.into_iter().cycle());
        let moves = between.filter_map(|(pair, track)| move_tie(&boxes, pair, track)).collect();
        Self { boxes, ties, moves }
    }

    /// The height of root and fleet together, so that groups stand below both.
    pub(super) fn height(&self) -> i32 {
        self.boxes.iter().map(Rect::bottom).fold(SERVER_CARD.height, i32::max)
    }

    /// Where lines came, went, or look different.
    pub(super) fn changes(&self, after: &Self) -> Vec<Rect> {
        let mut dirty = Vec::new();
        for (these, others) in [(self, after), (after, self)] {
            for (ties, others) in [(&these.ties, &others.ties), (&these.moves, &others.moves)] {
                for tie in ties.iter().filter(|tie| !others.contains(tie)) {
                    let ends = tie.points.windows(2);
                    dirty.extend(ends.filter_map(|ends| match ends {
                        [from, to] => Some(Rect::spanning(*from, *to).inflated(RIM)),
                        _ => None,
                    }));
                }
            }
        }
        dirty
    }
}

/// By whom each hangs. Servers that copy from each other in a ring hang by the root.
fn above(nodes: &[FleetNode]) -> Vec<Option<usize>> {
    let told = |index: usize| {
        let node = nodes.get(index)?;
        let master = usize::from(node.master.filter(|_| node.role != NodeRole::Master)?);
        (master < nodes.len() && master != index).then_some(master)
    };
    let ends = |index: usize| {
        let mut at = index;
        for _ in 0..nodes.len() {
            match told(at) {
                Some(master) => at = master,
                None => return true,
            }
        }
        false
    };
    (0..nodes.len()).map(|index| told(index).filter(|_| ends(index))).collect()
}

/// A seat for everybody, and the rows of each unit: a top, and all that hangs by it.
fn seats(nodes: &[FleetNode], above: &[Option<usize>]) -> (Vec<Seat>, Vec<Vec<usize>>) {
    let is_sentinel =
        |index: usize| nodes.get(index).is_some_and(|node| node.role == NodeRole::Sentinel);
    let mut below: Vec<Vec<usize>> = vec![Vec::new(); nodes.len()];
    for (index, master) in above.iter().enumerate() {
        if let Some(below) = master.and_then(|master| below.get_mut(master)) {
            below.push(index);
        }
    }
    let mut seats = vec![Seat::default(); nodes.len()];
    let mut units = Vec::new();
    for top in (0..nodes.len()).filter(|&index| above.get(index) == Some(&None)) {
        let mut unit = Vec::new();
        let mut rows = 0;
        let mut left = vec![(top, Seat::default(), true)];
        while let Some((index, by, is_first)) = left.pop() {
            // The first that copies stands beside its master, the others below each other.
            let row = if is_first && index != top { by.row } else { rows };
            rows = rows.max(row + 1);
            let depth = by.depth + u32::from(index != top && !is_sentinel(index));
            let seat = Seat { depth, row };
            if let Some(place) = seats.get_mut(index) {
                *place = seat;
            }
            unit.push(index);
            let hanging = below.get(index).map_or(&[][..], Vec::as_slice);
            let (watching, copying): (Vec<usize>, Vec<usize>) =
                hanging.iter().partition(|&&index| is_sentinel(index));
            left.extend(watching.into_iter().rev().map(|index| (index, seat, false)));
            let copying = copying.into_iter().enumerate().rev();
            left.extend(copying.map(|(place, index)| (index, seat, place == 0)));
        }
        units.push(unit);
    }
    (seats, units)
}

/// Units below each other in as many columns as make a picture somewhat wider than tall.
fn boxes(seats: &[Seat], units: &[Vec<usize>]) -> Vec<Rect> {
    let of = |index: &usize| seats.get(*index).copied().unwrap_or_default();
    let rows_of = |unit: &Vec<usize>| unit.iter().map(|it| of(it).row + 1).max().unwrap_or(0);
    let steps_of = |unit: &Vec<usize>| unit.iter().map(|it| of(it).depth + 1).max().unwrap_or(0);
    let (step_x, step_y) = (CLIENT_CARD.width + STEP_GAP, CLIENT_CARD.height + ROW_GAP);
    let rows: u32 = units.iter().map(rows_of).sum();
    let steps = units.iter().map(steps_of).max().unwrap_or(0);
    let per_column = if rows <= FEW_ROWS {
        rows
    } else {
        let width = f64::from(steps as i32 * step_x + COLUMN_GAP);
        let columns = (f64::from(rows) * 1.6 * f64::from(step_y) / width).sqrt().ceil().max(1.0);
        rows.div_ceil(columns as u32).max(FEW_ROWS)
    };
    let mut boxes = vec![Rect::default(); seats.len()];
    let (mut x, mut row, mut widest) = (SERVER_CARD.width + COLUMN_GAP, 0, 0);
    for unit in units {
        let unit_rows = rows_of(unit);
        if row > 0 && row + unit_rows > per_column {
            (x, row, widest) = (x + widest * step_x - STEP_GAP + COLUMN_GAP, 0, 0);
        }
        for index in unit {
            let seat = of(index);
            if let Some(place) = boxes.get_mut(*index) {
                let (x, y) = (x + seat.depth as i32 * step_x, (row + seat.row) as i32 * step_y);
                *place = Rect::new(x, TOP + y, CLIENT_CARD.width, CLIENT_CARD.height);
            }
        }
        row += unit_rows;
        widest = widest.max(steps_of(unit) as i32);
    }
    boxes
}

fn tie(fleet: &Fleet, boxes: &[Rect], index: usize, above: Option<usize>) -> Tie {
    let at = |index: usize| boxes.get(index).copied().unwrap_or_default();
    let own = at(index);
    let middle = own.center().y;
    let node = index as u32 + 1;
    let Some((master, above)) = above.map(|above| (above as u32 + 1, at(above))) else {
        let rail = own.x - RAIL;
        let points = [
            Point::new(SERVER_CARD.width, BUS_Y),
            Point::new(rail, BUS_Y),
            Point::new(rail, middle),
            Point::new(own.x, middle),
        ];
        let (kind, ink) = (RouteKind::Descent, Ink::Line);
        return Tie { kind, ink, ends: (0, node), points: points.into() };
    };
    let told = fleet.nodes.get(index);
    let feed = told.and_then(|node| feed(fleet, node)).unwrap_or(Feed::Unknown);
    let ends = (master, node);
    if told.is_some_and(|node| node.role == NodeRole::Sentinel) {
        let track = own.x - WATCH_TRACK;
        let eye = above.center().y + 12;
        let points = vec![
            Point::new(own.x, middle),
            Point::new(track, middle),
            Point::new(track, eye),
            Point::new(above.x, eye),
        ];
        let ink = if feed == Feed::Broken { Ink::Dead } else { Ink::Subscriber };
        return Tie { kind: RouteKind::Flow(Dash::Dotted), ink, ends, points };
    }
    let (from, track) = (above.center().y, above.right() + STEP_GAP / 2);
    let mut points = vec![Point::new(above.right(), from)];
    if from != middle {
        points.extend([Point::new(track, from), Point::new(track, middle)]);
    }
    points.push(Point::new(own.x, middle));
    let (kind, ink) = feed_look(feed);
    Tie { kind, ink, ends, points }
}

/// From the upper left side of who gives to the lower left side of who takes.
fn move_tie(boxes: &[Rect], (from, to): (u16, u16), track: i32) -> Option<Tie> {
    let (giver, taker) = (boxes.get(usize::from(from))?, boxes.get(usize::from(to))?);
    let (leaves, comes) = (giver.center().y - 12, taker.center().y + 12);
    let (out, back) = (giver.x - track, taker.x - track);
    let mut points = vec![Point::new(giver.x, leaves), Point::new(out, leaves)];
    if out != back {
        points.extend([Point::new(out, MOVES_Y), Point::new(back, MOVES_Y)]);
    }
    points.extend([Point::new(back, comes), Point::new(taker.x, comes)]);
    Some(Tie {
        kind: RouteKind::Flow(Dash::Whole),
        ink: Ink::Accent,
        ends: (u32::from(from) + 1, u32::from(to) + 1),
        points,
    })
}
