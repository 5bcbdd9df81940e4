//! Trees of boxes of any size, drawn tidily: parents over the middle of their children, equal
//! subtrees drawn equally, nothing overlapping, as narrow as that allows.
//!
//! A. van der Ploeg, *Drawing non-layered tidy trees in linear time* (Software: Practice and
//! Experience 44(12), 2014), without recursion: children have higher indices than their parents,
//! so running over the indices backwards is a walk from the leaves to the root.

use crate::csr::Csr;
use crate::geometry::{Point, Rect, Size};
use crate::routes::{RouteKind, Routes};

mod walk;

/// Which way the tree grows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Direction {
    #[default]
    Down,
    Right,
}

/// A tree to lay out; equal requests give equal layouts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeRequest {
    /// Node -> its parent, which has a lower index; node 0 is the root and its own parent. Any
    /// other entry hangs the node under the root. Children are drawn in the order of their
    /// indices. Pre-order numbering is the fastest.
    pub parents: Vec<u32>,
    /// Node -> the size of its box as drawn. A missing size is empty.
    pub sizes: Vec<Size>,
    /// Between children of one parent.
    pub gap_sibling: i32,
    /// Between nodes of different parents.
    pub gap_branch: i32,
    /// Between a parent and its children.
    pub gap_level: i32,
    pub direction: Direction,
    /// Whether all nodes of a depth share a line, which is as thick as the thickest of them.
    pub layered: bool,
}

/// Where the nodes stand.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TreeLayout {
    pub boxes: Vec<Rect>,
    /// One elbow per child, in the order of the children: from the middle of the parent's
    /// edge to the bus, along it, and on to the middle of the child's edge; always four points.
    pub routes: Routes,
    /// Its top left corner is (0, 0).
    pub bounds: Rect,
}

/// Lays out a tree in O(n) time and memory.
pub fn tree(request: &TreeRequest) -> TreeLayout {
    let count = request.parents.len();
    if count == 0 {
        return TreeLayout::default();
    }
    let parents: Vec<u32> = (request.parents.iter().enumerate())
        .map(|(node, &parent)| if (parent as usize) < node { parent } else { 0 })
        .collect();
    // Across is the direction in which siblings follow each other, along the one of growth.
    let (across, along): (Vec<i64>, Vec<i64>) = (0..count)
        .map(|node| {
            let size = request.sizes.get(node).copied().unwrap_or_default();
            let (width, height) = (i64::from(size.width.max(0)), i64::from(size.height.max(0)));
            if request.direction == Direction::Down { (width, height) } else { (height, width) }
        })
        .unzip();
    let gap_level = i64::from(request.gap_level.max(0));
    let starts = starts(&parents, &along, gap_level, request.layered);
    let edges: Vec<(u32, u32)> =
        (1..count as u32).map(|node| (parents[node as usize], node)).collect();
    let mut walk = walk::Walk::new(
        Csr::grouped(count, &edges),
        across,
        starts.iter().zip(&along).map(|(start, length)| start + length + gap_level).collect(),
        i64::from(request.gap_sibling.max(0)),
        i64::from(request.gap_branch.max(0)),
    );
    let mut x = walk.positions(&parents);
    let least = x.iter().min().copied().unwrap_or(0);
    x.iter_mut().for_each(|x| *x -= least);
    let boxes: Vec<Rect> = (0..count)
        .map(|node| {
            let size = request.sizes.get(node).copied().unwrap_or_default();
            let (x, y) = match request.direction {
                Direction::Down => (x[node], starts[node]),
                Direction::Right => (starts[node], x[node]),
            };
            Rect::new(narrow(x), narrow(y), size.width.max(0), size.height.max(0))
        })
        .collect();
    let bounds = boxes.iter().fold(Rect::default(), |whole, rect| {
        Rect::new(0, 0, whole.width.max(rect.right()), whole.height.max(rect.bottom()))
    });
    let routes = elbows(&parents, &boxes, request);
    TreeLayout { boxes, routes, bounds }
}

/// World units end where `i32` does; a tree that reaches there is cut, not wrapped round.
fn narrow(x: i64) -> i32 {
    x.clamp(0, i64::from(i32::MAX / 2)) as i32
}

/// Where every node begins in the direction of growth.
fn starts(parents: &[u32], along: &[i64], gap: i64, layered: bool) -> Vec<i64> {
    let mut starts = vec![0; parents.len()];
    if !layered {
        for node in 1..parents.len() {
            let parent = parents[node] as usize;
            starts[node] = starts[parent] + along[parent] + gap;
        }
        return starts;
    }
    let mut depth = vec![0usize; parents.len()];
    let mut thickness = vec![along[0]];
    for node in 1..parents.len() {
        depth[node] = depth[parents[node] as usize] + 1;
        if depth[node] == thickness.len() {
            thickness.push(0);
        }
        thickness[depth[node]] = thickness[depth[node]].max(along[node]);
    }
    let mut line = vec![0; thickness.len()];
    for level in 1..line.len() {
        line[level] = line[level - 1] + thickness[level - 1] + gap;
    }
    depth.iter().zip(&mut starts).for_each(|(&depth, start)| *start = line[depth]);
    starts
}

fn elbows(parents: &[u32], boxes: &[Rect], request: &TreeRequest) -> Routes {
    let mut routes = Routes::default();
    let half = request.gap_level.max(0) / 2;
    for node in 1..boxes.len() {
        let parent = parents[node];
        let (from, to) = (boxes[parent as usize], boxes[node]);
        let points = match request.direction {
            Direction::Down => {
                let (a, b, bus) = (from.center().x, to.center().x, to.y - half);
                [
                    Point::new(a, from.bottom()),
                    Point::new(a, bus),
                    Point::new(b, bus),
                    Point::new(b, to.y),
                ]
            }
            Direction::Right => {
                let (a, b, bus) = (from.center().y, to.center().y, to.x - half);
                [
                    Point::new(from.right(), a),
                    Point::new(bus, a),
                    Point::new(bus, b),
                    Point::new(to.x, b),
                ]
            }
        };
        routes.push(RouteKind::Descent, (parent, node as u32), &points);
    }
    routes
}
