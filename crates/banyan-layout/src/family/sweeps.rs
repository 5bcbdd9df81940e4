//! Sweeps over lines whose order stays: their nodes are drawn to where their links want them.

use super::forest::Forest;
use super::positions::{Side, Spring, Springs};
use super::regression::{OPEN, Placer, Wish};

/// A placement at work, in the order of the lines: what a sweep reads stands side by side in memory.
pub(super) struct Sweeps {
    lines: Vec<Line>,
    /// Place -> its node; line follows line.
    nodes: Vec<u32>,
    places: Vec<Place>,
    pulls: Vec<Pull>,
    /// Place -> the left edge.
    x: Vec<i64>,
    placer: Placer,
}

struct Line {
    begin: usize,
    end: usize,
    component: usize,
    /// How wide its last node is.
    last_width: i64,
}

struct Place {
    /// From the left edge of the place before, at the least.
    distance: i64,
    /// Its pulls are `pulls[begin..end]`; those before `below` come from below.
    begin: u32,
    below: u32,
    end: u32,
}

/// The wish to stand `offset` to the right of another place.
struct Pull {
    other: u32,
    offset: i32,
    weight: i32,
}

impl Sweeps {
    pub(super) fn new(springs: &Springs, forest: &Forest, x: &[i64]) -> Self {
        let nodes = forest.lines.items.clone();
        let mut place_of = vec![0u32; forest.len()];
        for (place, &node) in (0..).zip(&nodes) {
            place_of[node as usize] = place;
        }
        let mut sweeps = Self {
            lines: Vec::with_capacity(forest.lines.len()),
            places: Vec::with_capacity(nodes.len()),
            pulls: Vec::with_capacity(springs.len()),
            x: nodes.iter().map(|&node| x[node as usize]).collect(),
            nodes,
            placer: Placer::default(),
        };
        for line in forest.lines.rows() {
            let (Some(&first), Some(&last)) = (line.first(), line.last()) else { continue };
            let begin = sweeps.places.len();
            let mut distance = 0;
            for &node in line {
                distance += springs.margin(node);
                sweeps.push(distance, springs, node, &place_of);
                distance = springs.width(node) + springs.margin(node);
            }
            sweeps.lines.push(Line {
                begin,
                end: sweeps.places.len(),
                component: forest.component[first as usize] as usize,
                last_width: springs.width(last),
            });
        }
        sweeps
    }

    fn push(&mut self, distance: i64, springs: &Springs, node: u32, place_of: &[u32]) {
        let pull = |spring: &Spring| Pull {
            other: place_of[spring.other as usize],
            offset: spring.offset(),
            weight: spring.weight,
        };
        let begin = self.pulls.len() as u32;
        self.pulls.extend(springs.of(node, Side::Below).iter().map(pull));
        let below = self.pulls.len() as u32;
        self.pulls.extend(springs.of(node, Side::Rest).iter().map(pull));
        let end = self.pulls.len() as u32;
        self.places.push(Place { distance, begin, below, end });
    }

    /// Moves the nodes of each line to the mean of what their links want, as near as the neighbours
    /// let them, within the walls of their component, where it has any. Whether anything moved.
    pub(super) fn sweep(&mut self, downwards: bool, side: Side, walls: &[(i64, i64)]) -> bool {
        let mut moved = false;
        for turn in 0..self.lines.len() {
            let line = if downwards { turn } else { self.lines.len() - 1 - turn };
            moved |= self.place_line(line, side, walls);
        }
        moved
    }

    /// Whether anything moved.
    #[inline(never)] // Hot code of its own: see ARCHITECTURE.md.
    fn place_line(&mut self, line: usize, side: Side, walls: &[(i64, i64)]) -> bool {
        let Self { lines, places, pulls, x, placer, .. } = self;
        let &Line { begin, end, component, last_width } = &lines[line];
        placer.wishes.clear();
        for (place, &own) in places[begin..end].iter().zip(&x[begin..end]) {
            let end = if side == Side::Below { place.below } else { place.end };
            let (mut sum, mut weight) = (0, 0);
            for pull in &pulls[place.begin as usize..end as usize] {
                sum += (x[pull.other as usize] + i64::from(pull.offset)) * i64::from(pull.weight);
                weight += i64::from(pull.weight);
            }
            placer.wishes.push(Wish::of_links(sum, weight, own, place.distance));
        }
        let walls = walls.get(component).map_or(OPEN, |walls| (walls.0, walls.1 - last_width));
        let placed = placer.place(walls);
        let own = &mut x[begin..end];
        let moved = own != placed;
        own.copy_from_slice(placed);
        moved
    }

    /// Writes the left edge of every node.
    pub(super) fn finish(self, x: &mut [i64]) {
        for (node, at) in self.nodes.into_iter().zip(self.x) {
            x[node as usize] = at;
        }
    }
}
