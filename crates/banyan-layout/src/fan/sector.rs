//! Parts of rings around the origin.

use std::f64::consts::TAU;

use serde::{Deserialize, Serialize};

use crate::geometry::{Point, Rect};

/// Angles are in so many parts of a turn, clockwise from upwards: halves of halves stay whole.
pub const TURN: i32 = 1 << 16;

/// What lies between two radii and two angles, in world units around the origin.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sector {
    /// 0 for a disc, or a part of one.
    pub inner: i32,
    pub outer: i32,
    /// In [`TURN`]s, from -TURN/2 on.
    pub from: i32,
    pub sweep: i32,
}

impl Sector {
    /// The angle in the middle, in radians.
    pub fn angle(&self) -> f64 {
        radians(f64::from(self.from) + f64::from(self.sweep) / 2.0)
    }

    /// Both angles, in radians.
    pub fn angles(&self) -> (f64, f64) {
        (radians(f64::from(self.from)), radians(f64::from(self.from + self.sweep)))
    }

    /// The length of the arc half way between the radii.
    pub fn arc(&self) -> f64 {
        radians(f64::from(self.sweep)) * f64::from(self.inner + self.outer) / 2.0
    }

    pub const fn thickness(&self) -> i32 {
        self.outer - self.inner
    }

    /// A point inside, as much in its midst as there is one.
    pub fn middle(&self) -> Point {
        if self.sweep >= TURN {
            return Point::default();
        }
        at(f64::from(self.inner + self.outer) / 2.0, self.angle())
    }

    pub fn contains(&self, point: Point) -> bool {
        let (x, y) = (f64::from(point.x), f64::from(point.y));
        let radius = x.hypot(y);
        if radius < f64::from(self.inner) || radius >= f64::from(self.outer) {
            return false;
        }
        let turn = f64::from(TURN);
        let from_start = (x.atan2(-y) / TAU * turn - f64::from(self.from)).rem_euclid(turn);
        self.sweep >= TURN || from_start < f64::from(self.sweep)
    }

    /// The rectangle around it.
    pub fn bounds(&self) -> Rect {
        let (from, to) = (self.from, self.from + self.sweep);
        // Where an arc turns back: straight up, right, down, left.
        let axes = (-4..=4).map(|quarter| quarter * (TURN / 4));
        let ends = [from, to].into_iter().chain(axes.filter(|axis| (from..=to).contains(axis)));
        let angles: Vec<f64> = ends.map(|angle| radians(f64::from(angle))).collect();
        let points = angles.iter().flat_map(|&angle| {
            [self.inner, self.outer].map(|radius| spot(f64::from(radius), angle))
        });
        let (mut low, mut high) = ((f64::MAX, f64::MAX), (f64::MIN, f64::MIN));
        for (x, y) in points {
            low = (low.0.min(x), low.1.min(y));
            high = (high.0.max(x), high.1.max(y));
        }
        // Sines are not exact: what is a whole number but for that stays it.
        let (floor, ceil) = (|v: f64| (v + 1e-6).floor() as i32, |v: f64| (v - 1e-6).ceil() as i32);
        Rect::spanning(
            Point::new(floor(low.0), floor(low.1)),
            Point::new(ceil(high.0), ceil(high.1)),
        )
    }

    /// Its edge as a closed line.
    pub fn outline(&self) -> Vec<Point> {
        let (from, to) = self.angles();
        let pieces = (self.sweep / (TURN / 64)).max(4);
        let step = (to - from) / f64::from(pieces);
        let angles = || (0..=pieces).map(|piece| from + step * f64::from(piece));
        let mut line: Vec<Point> = angles().map(|angle| at(f64::from(self.outer), angle)).collect();
        if self.sweep < TURN {
            line.extend(angles().rev().map(|angle| at(f64::from(self.inner), angle)));
        }
        line.extend(line.first().copied());
        line.dedup();
        line
    }
}

fn radians(turns: f64) -> f64 {
    turns / f64::from(TURN) * TAU
}

fn spot(radius: f64, angle: f64) -> (f64, f64) {
    (radius * angle.sin(), -radius * angle.cos())
}

fn at(radius: f64, angle: f64) -> Point {
    let (x, y) = spot(radius, angle);
    Point::new(x.round() as i32, y.round() as i32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sector_knows_what_is_in_it() {
        let quarter = Sector { inner: 100, outer: 200, from: -TURN / 4, sweep: TURN / 4 };
        assert_eq!(quarter.bounds(), Rect::new(-200, -200, 200, 200));
        assert!(quarter.contains(quarter.middle()) && quarter.contains(Point::new(-150, -1)));
        for (x, y) in [(-150, 1), (1, -150), (-60, -60), (-190, -190), (150, -1)] {
            assert!(!quarter.contains(Point::new(x, y)), "{x} {y}");
        }
        let outline = quarter.outline();
        assert_eq!(
            (outline.first(), outline.last()),
            (Some(&Point::new(-200, 0)), Some(&Point::new(-200, 0)))
        );
        assert!(outline.contains(&Point::new(0, -100)));
    }

    #[test]
    fn a_disc_is_whole() {
        let disc = Sector { inner: 0, outer: 50, from: -TURN / 2, sweep: TURN };
        assert_eq!(disc.bounds(), Rect::new(-50, -50, 100, 100));
        for (x, y) in [(0, 0), (49, 0), (0, 49), (-30, -30)] {
            assert!(disc.contains(Point::new(x, y)));
        }
        assert_eq!((disc.middle(), disc.contains(Point::new(50, 0))), (Point::default(), false));
    }
}
