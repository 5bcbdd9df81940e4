//! Boxes one after the other, in lines that are not much wider than all of them are high.

use crate::geometry::Size;

/// How much wider than high.
const SHAPE: f64 = 1.8;

/// The width of a line: of boxes with `gap` around each.
pub(super) fn line_width(sizes: impl Iterator<Item = Size> + Clone, gap: i32) -> i32 {
    let widest = sizes.clone().map(|size| size.width).max().unwrap_or_default();
    let area = |size: Size| f64::from(size.width + gap) * f64::from(size.height + gap);
    let side = (sizes.map(area).sum::<f64>() * SHAPE).sqrt();
    widest.max(side.ceil() as i32)
}
