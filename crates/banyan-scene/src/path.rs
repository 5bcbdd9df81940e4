//! Outlines, as every canvas knows them.

use crate::painter::PxRect;

/// One step of a path, in px of the painter's target.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum PathOp {
    Move(f64, f64),
    Line(f64, f64),
    /// Quadratic Bézier: control point, end.
    Quad(f64, f64, f64, f64),
    /// Cubic Bézier: two control points, end.
    Cubic(f64, f64, f64, f64, f64, f64),
    Close,
}

/// A path of any number of parts, filled or stroked as one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Path {
    pub ops: Vec<PathOp>,
}

/// How far, as a share of the radius, the controls of a cubic stand from the ends of a quarter
/// circle.
const QUARTER: f64 = 0.552_284_75;

impl Path {
    pub fn is_empty(&self) -> bool {
        self.ops.is_empty()
    }

    pub fn clear(&mut self) {
        self.ops.clear();
    }

    /// An open line through points.
    pub fn polyline(&mut self, points: &[(f64, f64)]) {
        for (i, &(x, y)) in points.iter().enumerate() {
            self.ops.push(if i == 0 { PathOp::Move(x, y) } else { PathOp::Line(x, y) });
        }
    }

    pub fn polygon(&mut self, points: &[(f64, f64)]) {
        self.polyline(points);
        self.ops.push(PathOp::Close);
    }

    pub fn circle(&mut self, x: f64, y: f64, radius: f64) {
        let side = 2.0 * radius;
        self.round_rect(PxRect::new(x - radius, y - radius, side, side), [radius; 4]);
    }

    /// A rectangle with the radii of its corners, clockwise from the top left.
    pub fn round_rect(&mut self, rect: PxRect, radii: [f64; 4]) {
        let PxRect { x, y, width, height } = rect;
        let (right, bottom) = (x + width, y + height);
        let most = width.min(height) / 2.0;
        let [tl, tr, br, bl] = radii.map(|radius| radius.clamp(0.0, most.max(0.0)));
        let k = 1.0 - QUARTER;
        let ops = &mut self.ops;
        ops.push(PathOp::Move(x + tl, y));
        ops.push(PathOp::Line(right - tr, y));
        if tr > 0.0 {
            ops.push(PathOp::Cubic(right - tr * k, y, right, y + tr * k, right, y + tr));
        }
        ops.push(PathOp::Line(right, bottom - br));
        if br > 0.0 {
            let (cx, cy) = (right - br * k, bottom - br * k);
            ops.push(PathOp::Cubic(right, cy, cx, bottom, right - br, bottom));
        }
        ops.push(PathOp::Line(x + bl, bottom));
        if bl > 0.0 {
            ops.push(PathOp::Cubic(x + bl * k, bottom, x, bottom - bl * k, x, bottom - bl));
        }
        ops.push(PathOp::Line(x, y + tl));
        if tl > 0.0 {
            ops.push(PathOp::Cubic(x, y + tl * k, x + tl * k, y, x + tl, y));
        }
        ops.push(PathOp::Close);
    }

    /// The left `width` px of a rectangle whose corners have this radius.
    pub fn left_band(&mut self, rect: PxRect, width: f64, radius: f64) {
        let PxRect { x, y, .. } = rect;
        let bottom = rect.bottom();
        if width >= radius {
            self.round_rect(PxRect { width, ..rect }, [radius, 0.0, 0.0, radius]);
            return;
        }
        // The band ends within the corners: a part of their arcs, as one cubic each.
        let angle = ((radius - width) / radius).acos();
        let (sin, cos) = angle.sin_cos();
        let reach = 4.0 / 3.0 * (angle / 4.0).tan() * radius;
        // Where the arc meets the band's right side, and the control before it.
        let (end_x, end_dy) = (x + width, radius * (1.0 - sin));
        let (control_x, control_dy) = (end_x - sin * reach, end_dy + cos * reach);
        self.ops.push(PathOp::Move(end_x, y + end_dy));
        self.ops.push(PathOp::Cubic(
            control_x,
            y + control_dy,
            x,
            y + radius - reach,
            x,
            y + radius,
        ));
        self.ops.push(PathOp::Line(x, bottom - radius));
        self.ops.push(PathOp::Cubic(
            x,
            bottom - radius + reach,
            control_x,
            bottom - control_dy,
            end_x,
            bottom - end_dy,
        ));
        self.ops.push(PathOp::Close);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_band_lies_within_its_rectangles_corners() {
        let rect = PxRect::new(10.0, 20.0, 100.0, 50.0);
        let mut path = Path::default();
        path.left_band(rect, 4.0, 7.0);
        let (center_x, center_y) = (17.0, 27.0);
        let PathOp::Cubic(ax, ay, bx, by, ex, ey) = path.ops[1] else { panic!("{path:?}") };
        let PathOp::Move(sx, sy) = path.ops[0] else { panic!("{path:?}") };
        for i in 0..=8 {
            let t = f64::from(i) / 8.0;
            let u = 1.0 - t;
            let bezier = |a: f64, b: f64, c: f64, d: f64| {
                u * u * u * a + 3.0 * u * u * t * b + 3.0 * u * t * t * c + t * t * t * d
            };
            let (x, y) = (bezier(sx, ax, bx, ex), bezier(sy, ay, by, ey));
            let distance = (x - center_x).hypot(y - center_y);
            assert!((distance - 7.0).abs() < 0.01, "{distance} at {t}");
        }
    }
}
