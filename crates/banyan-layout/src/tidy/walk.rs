//! The two walks of the algorithm: from the leaves up, subtrees are moved apart until their
//! contours touch; from the root down, the moves are added up. Names are the paper's.

use crate::csr::Csr;

const NONE: u32 = u32::MAX;

pub(super) struct Walk {
    children: Csr,
    width: Vec<i64>,
    /// Where the space of a node ends, its gap to the children included.
    bottom: Vec<i64>,
    gap_sibling: i64,
    gap_branch: i64,
    prelim: Vec<i64>,
    modifier: Vec<i64>,
    shift: Vec<i64>,
    change: Vec<i64>,
    left: Side,
    right: Side,
    /// Siblings by the lowest point of their right contour, the nearest one last:
    /// (lowest, index).
    lowest: Vec<(i64, usize)>,
}

/// What makes walking down one contour of a subtree cost nothing but its length.
struct Side {
    /// The next node of the contour after a leaf.
    thread: Vec<u32>,
    /// The deepest node, and the sum of modifiers down to it.
    extreme: Vec<u32>,
    sum: Vec<i64>,
}

impl Side {
    fn new(count: usize) -> Self {
        Self {
            thread: vec![NONE; count],
            extreme: (0..count as u32).collect(),
            sum: vec![0; count],
        }
    }

    fn take_over(&mut self, to: usize, from: usize) {
        self.extreme[to] = self.extreme[from];
        self.sum[to] = self.sum[from];
    }
}

impl Walk {
    pub(super) fn new(
        children: Csr,
        width: Vec<i64>,
        bottom: Vec<i64>,
        gap_sibling: i64,
        gap_branch: i64,
    ) -> Self {
        let count = width.len();
        Self {
            children,
            width,
            bottom,
            gap_sibling,
            gap_branch,
            prelim: vec![0; count],
            modifier: vec![0; count],
            shift: vec![0; count],
            change: vec![0; count],
            left: Side::new(count),
            right: Side::new(count),
            lowest: Vec::new(),
        }
    }

    /// The left edge of every node; may be negative.
    pub(super) fn positions(&mut self, parents: &[u32]) -> Vec<i64> {
        let count = self.width.len();
        for node in (0..count).rev() {
            self.gather(node);
        }
        // `modifier` becomes the sum over all ancestors.
        for (node, &parent) in parents.iter().enumerate() {
            if node > 0 {
                self.modifier[node] += self.modifier[parent as usize];
            }
            self.spread_shifts(node);
        }
        (0..count).map(|node| self.prelim[node] + self.modifier[node]).collect()
    }

    fn child(&self, node: usize, index: usize) -> usize {
        self.children.items[self.children.starts[node] as usize + index] as usize
    }

    /// Places the children of a node beside each other, and the node over them.
    fn gather(&mut self, node: usize) {
        let count = self.children.row(node).len();
        if count == 0 {
            return;
        }
        self.lowest.clear();
        for index in 0..count {
            let child = self.child(node, index);
            // Moving apart may hand the child's right extreme over to its neighbour's.
            let deepest =
                if index == 0 { self.left.extreme[child] } else { self.right.extreme[child] };
            let end = self.bottom[deepest as usize];
            if index > 0 {
                self.separate(node, index);
            }
            while self.lowest.last().is_some_and(|&(low, _)| low <= end) {
                self.lowest.pop();
            }
            self.lowest.push((end, index));
        }
        let (first, last) = (self.child(node, 0), self.child(node, count - 1));
        let from = self.prelim[first] + self.modifier[first];
        let to = self.prelim[last] + self.modifier[last] + self.width[last];
        self.prelim[node] = (from + to - self.width[node]).div_euclid(2);
        self.left.take_over(node, first);
        self.right.take_over(node, last);
    }

    /// Moves child `index` to the right until its left contour clears the right contour of those
    /// before it.
    fn separate(&mut self, node: usize, index: usize) {
        let (left, right) = (self.child(node, index - 1), self.child(node, index));
        let (mut a, mut b) = (left as u32, right as u32);
        let (mut sum_a, mut sum_b) = (self.modifier[left], self.modifier[right]);
        let mut near = self.lowest.len();
        while a != NONE && b != NONE {
            let (at, bt) = (a as usize, b as usize);
            while near > 1 && self.bottom[at] > self.lowest[near - 1].0 {
                near -= 1;
            }
            let siblings = at == left && bt == right;
            let gap = if siblings { self.gap_sibling } else { self.gap_branch };
            let overlap =
                sum_a + self.prelim[at] + self.width[at] + gap - (sum_b + self.prelim[bt]);
            if overlap > 0 {
                sum_b += overlap;
                let from = self.lowest[near - 1].1;
                self.move_subtree(node, index, from, overlap);
            }
            let (end_a, end_b) = (self.bottom[at], self.bottom[bt]);
            if end_a <= end_b {
                a = self.next(at, false);
                sum_a += self.modifier.get(a as usize).copied().unwrap_or(0);
            }
            if end_a >= end_b {
                b = self.next(bt, true);
                sum_b += self.modifier.get(b as usize).copied().unwrap_or(0);
            }
        }
        if a == NONE && b != NONE {
            self.thread_left(self.child(node, 0), right, b, sum_b);
        } else if a != NONE {
            self.thread_right(left, right, a, sum_a);
        }
    }

    /// The next node down a contour.
    fn next(&self, node: usize, left: bool) -> u32 {
        let children = self.children.row(node);
        if left {
            children.first().copied().unwrap_or(self.left.thread[node])
        } else {
            children.last().copied().unwrap_or(self.right.thread[node])
        }
    }

    /// Moves a child and shares the new space among the siblings between it and the one it
    /// touched.
    fn move_subtree(&mut self, node: usize, index: usize, from: usize, distance: i64) {
        let child = self.child(node, index);
        self.modifier[child] += distance;
        self.left.sum[child] += distance;
        self.right.sum[child] += distance;
        if from + 1 < index {
            let steps = (index - from) as i64;
            let share = distance / steps;
            let next = self.child(node, from + 1);
            self.shift[next] += share;
            self.shift[child] -= share;
            // Whole numbers: what the steps before add up to, not the distance less one share.
            self.change[child] -= share * (steps - 1);
        }
    }

    /// The subtrees so far end above `to`: their left contour goes on there.
    fn thread_left(&mut self, first: usize, right: usize, to: u32, sum: i64) {
        let end = self.left.extreme[first] as usize;
        self.left.thread[end] = to;
        let difference = sum - self.modifier[to as usize] - self.left.sum[first];
        self.modifier[end] += difference;
        self.prelim[end] -= difference;
        self.left.take_over(first, right);
    }

    /// The new subtree ends above `to`: its right contour goes on there.
    fn thread_right(&mut self, left: usize, right: usize, to: u32, sum: i64) {
        let end = self.right.extreme[right] as usize;
        self.right.thread[end] = to;
        let difference = sum - self.modifier[to as usize] - self.right.sum[right];
        self.modifier[end] += difference;
        self.prelim[end] -= difference;
        self.right.take_over(right, left);
    }

    fn spread_shifts(&mut self, node: usize) {
        let (mut step, mut total) = (0, 0);
        for index in 0..self.children.row(node).len() {
            let child = self.child(node, index);
            step += self.shift[child];
            total += step + self.change[child];
            self.modifier[child] += total;
        }
    }
}
