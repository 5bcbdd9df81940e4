//! The lines of a picture: polylines in flat arrays, so that a million of them are a few allocations.

use crate::geometry::{Point, Rect};

/// What a line stands for, which decides how it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RouteKind {
    /// From a parent, or a couple, to a child; elbows.
    Descent,
    /// Between two partners that stand side by side.
    Couple,
    /// Between partners who stand apart, or from parents to a child who stands away with a partner:
    /// what a forest cannot hold. Drawn as a quiet arc.
    Cross,
    /// From one box to another that it feeds, moves to, or watches, whatever tree both stand in; an
    /// elbow with a head at its last point.
    Flow(Dash),
}

/// How a line is broken up: a second sign beside its colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dash {
    #[default]
    Whole,
    Dashed,
    Dotted,
}

/// Polylines in world units: line `i` has the points `points[starts[i]..starts[i + 1]]`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Routes {
    pub points: Vec<Point>,
    /// One more entry than there are lines.
    pub starts: Vec<u32>,
    pub kinds: Vec<RouteKind>,
    /// The boxes at both ends, as indices of the request's nodes.
    pub ends: Vec<(u32, u32)>,
}

impl Default for Routes {
    fn default() -> Self {
        Self { points: Vec::new(), starts: vec![0], kinds: Vec::new(), ends: Vec::new() }
    }
}

impl Routes {
    /// With room for so many lines of so many points together.
    pub fn with_capacity(lines: usize, points: usize) -> Self {
        let mut starts = Vec::with_capacity(lines + 1);
        starts.push(0);
        Self {
            points: Vec::with_capacity(points),
            starts,
            kinds: Vec::with_capacity(lines),
            ends: Vec::with_capacity(lines),
        }
    }

    pub fn len(&self) -> usize {
        self.kinds.len()
    }

    pub fn is_empty(&self) -> bool {
        self.kinds.is_empty()
    }

    pub fn push(&mut self, kind: RouteKind, ends: (u32, u32), points: &[Point]) {
        self.points.extend_from_slice(points);
        self.starts.push(self.points.len() as u32);
        self.kinds.push(kind);
        self.ends.push(ends);
    }

    /// The points of line `index`; `index < len()`.
    pub fn line(&self, index: usize) -> &[Point] {
        &self.points[self.starts[index] as usize..self.starts[index + 1] as usize]
    }

    /// The box around line `index`; it may have no width or no height.
    pub fn bounds(&self, index: usize) -> Rect {
        let mut points = self.line(index).iter();
        let Some(first) = points.next() else { return Rect::default() };
        let (mut low, mut high) = (*first, *first);
        for point in points {
            low = Point::new(low.x.min(point.x), low.y.min(point.y));
            high = Point::new(high.x.max(point.x), high.y.max(point.y));
        }
        Rect::spanning(low, high)
    }
}
