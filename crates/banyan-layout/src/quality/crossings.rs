//! Crossings of straight links.

use crate::geometry::Point;

/// More links than this are sampled.
const SAMPLE: usize = 20_000;

/// Proper crossings per link; links that only share an end do not cross.
pub(super) fn per_link(links: &[(Point, Point)]) -> f64 {
    if links.is_empty() {
        return 0.0;
    }
    let mut order: Vec<(Point, Point)> =
        links.iter().map(|&(a, b)| if a.y <= b.y { (a, b) } else { (b, a) }).collect();
    order.sort_unstable_by_key(|&(a, b)| (a.y, a.x, b.y, b.x));
    let every = order.len().div_ceil(SAMPLE);
    let mut open: Vec<(Point, Point)> = Vec::new();
    let mut crossings = 0u64;
    let mut reached = i32::MIN;
    for (turn, &link) in order.iter().enumerate() {
        // Thousands begin on one line, which ends none of them.
        if reached != link.0.y {
            reached = link.0.y;
            open.retain(|other| other.1.y >= reached);
        }
        if turn % every == 0 {
            crossings += open.iter().filter(|&&other| cross(link, other)).count() as u64;
        }
        open.push(link);
    }
    crossings as f64 * every as f64 / links.len() as f64
}

fn cross(one: (Point, Point), two: (Point, Point)) -> bool {
    if one.0.x.max(one.1.x) < two.0.x.min(two.1.x) || two.0.x.max(two.1.x) < one.0.x.min(one.1.x) {
        return false;
    }
    side(one, two.0) * side(one, two.1) < 0 && side(two, one.0) * side(two, one.1) < 0
}

/// On which side of a line a point lies: -1, 0 or 1.
fn side(line: (Point, Point), point: Point) -> i64 {
    let (ax, ay) = (i64::from(line.1.x - line.0.x), i64::from(line.1.y - line.0.y));
    let (bx, by) = (i64::from(point.x - line.0.x), i64::from(point.y - line.0.y));
    (ax * by - ay * bx).signum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn crossings_are_proper() {
        let link = |a: (i32, i32), b: (i32, i32)| (Point::new(a.0, a.1), Point::new(b.0, b.1));
        assert!((per_link(&[link((0, 0), (10, 10)), link((10, 0), (0, 10))]) - 0.5).abs() < 1e-9);
        assert!(per_link(&[link((0, 0), (10, 10)), link((0, 0), (0, 10))]).abs() < 1e-9);
        assert!((per_link(&[link((5, 0), (5, 10)), link((0, 5), (10, 6))]) - 0.5).abs() < 1e-9);
        assert!(per_link(&[link((5, 0), (5, 10)), link((6, 0), (6, 10))]).abs() < 1e-9);
    }
}
