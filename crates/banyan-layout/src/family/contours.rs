//! Tidy positions of a forest of chains: subtrees are moved together until their contours touch
//! (van der Ploeg 2014, on rows), and each stands as near under its family as its neighbours let
//! it. O(n) merges, smaller contours into bigger ones.

use super::Gaps;
use super::forest::Forest;
use super::kin::NONE;
use super::regression::{self, Placer, Wish};

/// The outline of a subtree, the deepest row first, in a frame of its own.
#[derive(Default)]
struct Contour {
    /// The deepest row.
    bottom: u32,
    /// Left and right edge per row from `bottom` upwards; [`OPEN`] where nothing stands.
    sides: Vec<(i64, i64)>,
    /// To be added to the sides for x in the frame of the subtree's root.
    shift: i64,
}

const OPEN: (i64, i64) = (i64::MAX / 4, i64::MIN / 4);

impl Contour {
    fn top(&self) -> u32 {
        self.bottom + 1 - self.sides.len() as u32
    }

    /// The sides at a row, or [`OPEN`].
    fn at(&self, row: u32) -> (i64, i64) {
        if row > self.bottom {
            return OPEN;
        }
        self.sides
            .get((self.bottom - row) as usize)
            .filter(|&&side| side != OPEN)
            .map_or(OPEN, |&(left, right)| (left + self.shift, right + self.shift))
    }

    /// Joins two outlines in one frame; costs the shorter one.
    fn merged(self, other: Self) -> Self {
        let (mut long, short) =
            if self.bottom >= other.bottom { (self, other) } else { (other, self) };
        while long.top() > short.top() {
            long.sides.push(OPEN);
        }
        for row in short.top()..=short.bottom {
            let side = short.at(row);
            let mine = &mut long.sides[(long.bottom - row) as usize];
            mine.0 = mine.0.min(side.0 - long.shift);
            mine.1 = mine.1.max(side.1 - long.shift);
        }
        long
    }
}

/// The left edge of every node; each component has a frame of its own.
pub(super) fn tidy(forest: &Forest, gaps: &Gaps) -> Vec<i64> {
    let count = forest.len();
    // From the top down.
    let order = &forest.lines.items;
    let mut contours: Vec<Option<Contour>> = Vec::new();
    contours.resize_with(count, || None);
    // First relative to the parent, then within the component.
    let mut x = vec![0i64; count];
    let mut packer = Packer::new(&forest.row, i64::from(gaps.branch));
    for &node in order.iter().rev() {
        let children = forest.children.row(node as usize);
        let mut outline = packer
            .place(forest, node, children, &mut contours, &mut x)
            .unwrap_or_else(|| Contour { bottom: forest.row[node as usize], ..Contour::default() });
        if !children.is_empty() {
            while outline.top() > forest.row[node as usize] + 1 {
                outline.sides.push(OPEN);
            }
        }
        outline
            .sides
            .push((-outline.shift, i64::from(forest.width[node as usize]) - outline.shift));
        contours[node as usize] = Some(outline);
    }
    let tops = forest.children.row(count);
    let mut by_component: Vec<u32> = tops.to_vec();
    by_component.sort_by_key(|&node| forest.component[node as usize]);
    for tops in
        by_component.chunk_by(|&a, &b| forest.component[a as usize] == forest.component[b as usize])
    {
        packer.place(forest, NONE, tops, &mut contours, &mut x);
    }
    for &node in order {
        let parent = forest.parent_of(node);
        if parent != NONE {
            x[node as usize] += x[parent as usize];
        }
    }
    x
}

/// Scratch space for placing one node's children side by side.
struct Packer {
    gap: i64,
    /// Row -> right edge of what has been placed; only rows from `top` to `floor` count.
    right: Vec<i64>,
    wanted: Vec<Option<i64>>,
    placer: Placer,
}

impl Packer {
    fn new(rows: &[u32], gap: i64) -> Self {
        let deepest = rows.iter().max().copied().unwrap_or(0);
        Self {
            gap,
            right: vec![OPEN.1; deepest as usize + 1],
            wanted: Vec::new(),
            placer: Placer::default(),
        }
    }

    /// Places children in the parent's frame and returns their common outline.
    fn place(
        &mut self,
        forest: &Forest,
        parent: u32,
        children: &[u32],
        contours: &mut [Option<Contour>],
        x: &mut [i64],
    ) -> Option<Contour> {
        self.list_wishes(forest, parent, children, contours);
        let mut whole: Option<Contour> = None;
        for (&child, &at) in children.iter().zip(self.placer.place(regression::OPEN)) {
            x[child as usize] = at;
            let Some(mut outline) = contours[child as usize].take() else { continue };
            outline.shift += at;
            whole = Some(match whole {
                Some(whole) => whole.merged(outline),
                None => outline,
            });
        }
        whole
    }

    fn list_wishes(
        &mut self,
        forest: &Forest,
        parent: u32,
        children: &[u32],
        contours: &[Option<Contour>],
    ) {
        self.placer.wishes.clear();
        self.wanted.clear();
        let outlines = || children.iter().filter_map(|&child| contours[child as usize].as_ref());
        // Rows below the second deepest subtree cannot collide: looking at them would cost the
        // deepest subtree at every ancestor.
        let (mut deepest, mut floor) = (0, 0);
        for outline in outlines() {
            floor = floor.max(outline.bottom.min(deepest));
            deepest = deepest.max(outline.bottom);
        }
        let top = outlines().map(Contour::top).min().unwrap_or(0);
        if children.len() > 1 && floor >= top {
            self.right[top as usize..=floor as usize].fill(OPEN.1);
        }
        let mut before = 0;
        for (turn, &child) in children.iter().enumerate() {
            let Some(outline) = &contours[child as usize] else { continue };
            let mut packed = before;
            if children.len() > 1 {
                for row in outline.top()..=outline.bottom.min(floor) {
                    let (left, _) = outline.at(row);
                    let right = self.right[row as usize];
                    if left < OPEN.0 && right > OPEN.1 {
                        packed = packed.max(right + self.gap - left);
                    }
                }
                for row in outline.top()..=outline.bottom.min(floor) {
                    let (_, right) = outline.at(row);
                    if right > OPEN.1 {
                        self.right[row as usize] = self.right[row as usize].max(right + packed);
                    }
                }
            }
            let up = forest.edges.get(forest.up_edge[child as usize] as usize);
            let wish = up
                .filter(|_| parent != NONE)
                .map(|edge| i64::from(forest.pin(edge.from).1) - i64::from(forest.pin(edge.to).1));
            self.wanted.push(wish);
            self.placer.wishes.push(Wish {
                x: packed,
                weight: 1,
                distance: if turn == 0 { 0 } else { packed - before },
            });
            before = packed;
        }
        self.blend(forest, parent);
    }

    /// A child with a wish counts; the others keep their packed place relative to the rest.
    fn blend(&mut self, forest: &Forest, parent: u32) {
        const FIRM: i64 = 1 << 8;
        let (mut sum, mut count) = (0, 0);
        for (wish, wanted) in self.placer.wishes.iter().zip(&self.wanted) {
            if let Some(wanted) = wanted {
                sum += wanted - wish.x;
                count += 1;
            }
        }
        let shift = match (count, self.placer.wishes.last()) {
            (0, Some(last)) if parent != NONE => {
                (i64::from(forest.width[parent as usize]) - last.x) / 2
            }
            (0, _) => 0,
            _ => sum / count,
        };
        for (wish, wanted) in self.placer.wishes.iter_mut().zip(&self.wanted) {
            match wanted {
                Some(wanted) => (wish.x, wish.weight) = (*wanted, FIRM),
                None => wish.x += shift,
            }
        }
    }
}
