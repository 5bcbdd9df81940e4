//! The next box in a direction, for the arrow keys.

use banyan_layout::geometry::Rect;

use crate::world::Direction;

/// The box that a reader would call the next one in `direction`: wholly on that side, near, and
/// little off the straight line. O(n).
pub(crate) fn next_box(boxes: &[Rect], node: u32, direction: Direction) -> Option<u32> {
    let from = boxes.get(node as usize)?;
    let distance = |to: &Rect| -> Option<i64> {
        let (ahead, aside) = match direction {
            Direction::Up => (from.y - to.bottom(), off(from.x, from.right(), to.x, to.right())),
            Direction::Down => (to.y - from.bottom(), off(from.x, from.right(), to.x, to.right())),
            Direction::Left => (from.x - to.right(), off(from.y, from.bottom(), to.y, to.bottom())),
            Direction::Right => {
                (to.x - from.right(), off(from.y, from.bottom(), to.y, to.bottom()))
            }
        };
        (ahead >= 0).then(|| i64::from(ahead) + 4 * i64::from(aside))
    };
    let others = (0u32..).zip(boxes).filter(|&(other, rect)| other != node && !rect.is_empty());
    others.filter_map(|(other, rect)| Some((distance(rect)?, other))).min().map(|(_, other)| other)
}

/// How far apart two spans are; 0 where they share a part.
fn off(a_low: i32, a_high: i32, b_low: i32, b_high: i32) -> i32 {
    (a_low.max(b_low) - a_high.min(b_high)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_next_box_is_the_one_ahead() {
        // 0 1
        // 2   3
        let boxes = [
            Rect::new(0, 0, 10, 10),
            Rect::new(20, 0, 10, 10),
            Rect::new(0, 20, 10, 10),
            Rect::new(40, 20, 10, 10),
        ];
        let check = |node, direction, expect| assert_eq!(next_box(&boxes, node, direction), expect);
        check(0, Direction::Right, Some(1));
        check(0, Direction::Down, Some(2));
        check(3, Direction::Left, Some(2));
        check(3, Direction::Up, Some(1));
        check(0, Direction::Up, None);
        check(9, Direction::Up, None);
    }
}
