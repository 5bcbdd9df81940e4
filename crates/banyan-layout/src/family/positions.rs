//! The x of every node.

use super::Gaps;
use super::contours;
use super::forest::Forest;

/// The left edge of every node, per component from 0 on.
pub(super) fn positions(forest: &Forest, gaps: &Gaps) -> Vec<i64> {
    let mut x = contours::tidy(forest, gaps);
    let components = forest.component.iter().max().map_or(0, |&last| last as usize + 1);
    let mut left = vec![i64::MAX; components];
    for (node, &x) in x.iter().enumerate() {
        let left = &mut left[forest.component[node] as usize];
        *left = (*left).min(x);
    }
    for (node, x) in x.iter_mut().enumerate() {
        *x -= left[forest.component[node] as usize];
    }
    x
}
