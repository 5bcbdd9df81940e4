//! Lives on an axis of years: each person a box from birth to death, rows as free ones come.
//!
//! Nobody's box touches another's in its row; a child stands as near to its parents' row as there is
//! room. O(n log n) but for the search of rows, which looks at a bounded number of them.

use crate::{
    csr::Csr,
    family::{FamilyLayout, KinGraph},
    geometry::{Point, Rect},
    routes::{RouteKind, Routes},
};

/// What is known, or guessed, of a life: years, in any era that counts up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Life {
    pub from: i32,
    pub to: i32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Scale {
    /// World units of a year.
    pub year: i32,
    /// The least width of a box, and the height of all.
    pub least_width: i32,
    pub height: i32,
    /// Free space between boxes of a row, and between rows.
    pub gap: i32,
    pub row_gap: i32,
}

/// Rows that are looked at above and below the wanted one.
const REACH: usize = 256;

/// Where everyone stands. `lives` has an entry for each person of the graph; those without stand in
/// rows of their own at the end, in their order. x is `(year - first year) * scale.year`.
pub fn timeline(graph: &KinGraph, lives: &[Option<Life>], scale: &Scale) -> FamilyLayout {
    let persons = graph.persons as usize;
    let known = || lives.iter().flatten();
    let first = known().map(|life| life.from).min().unwrap_or_default();
    let last = known().map(|life| life.to.max(life.from)).max().unwrap_or(first);
    let x_of = |year: i32| (year.saturating_sub(first)).saturating_mul(scale.year);
    let parents = parents(graph);

    let mut boxes = vec![Rect::default(); persons];
    let mut rows = Rows::default();
    let mut generations = vec![0; persons];
    let mut order: Vec<(i32, u32)> = (0u32..)
        .zip(lives)
        .take(persons)
        .filter_map(|(person, life)| Some((life.as_ref()?.from, person)))
        .collect();
    order.sort_unstable();
    for (_, person) in order {
        let Some(Some(life)) = lives.get(person as usize) else { continue };
        let x = x_of(life.from);
        let width = (x_of(life.to) - x).max(scale.least_width);
        let of_parents: Vec<u32> = parents
            .row(person as usize)
            .iter()
            .filter(|&&parent| boxes.get(parent as usize).is_some_and(|rect| !rect.is_empty()))
            .filter_map(|&parent| generations.get(parent as usize).copied())
            .collect();
        let wanted = of_parents.iter().max().map_or(0, |row| row + 1);
        let row = rows.take(wanted as usize, x, x + width + scale.gap);
        let y = row as i32 * (scale.height + scale.row_gap);
        if let (Some(slot), Some(generation)) =
            (boxes.get_mut(person as usize), generations.get_mut(person as usize))
        {
            *slot = Rect::new(x, y, width, scale.height);
            *generation = row;
        }
    }
    let across = x_of(last).max(scale.least_width * 8);
    let undated =
        (0u32..).take(persons).filter(|&p| lives.get(p as usize).is_none_or(Option::is_none));
    let top = rows.ends.len() as i32;
    let in_row = (across / (scale.least_width + scale.gap)).max(1);
    for (place, person) in (0i32..).zip(undated) {
        let (row, column) = (top + 1 + place / in_row, place % in_row);
        let x = column * (scale.least_width + scale.gap);
        let y = row * (scale.height + scale.row_gap);
        if let (Some(slot), Some(generation)) =
            (boxes.get_mut(person as usize), generations.get_mut(person as usize))
        {
            *slot = Rect::new(x, y, scale.least_width, scale.height);
            *generation = row as u32;
        }
    }
    let (routes, unions) = lines(graph, &boxes, scale);
    let bounds = boxes.iter().fold(Rect::default(), |all, rect| all.union(rect));
    FamilyLayout {
        components: vec![0; persons],
        cross_links: 0,
        boxes,
        routes,
        generations,
        unions,
        bounds,
    }
}

fn parents(graph: &KinGraph) -> Csr {
    let mut pairs = Vec::new();
    for (partners, children) in graph.union_partners.rows().zip(graph.union_children.rows()) {
        for &child in children {
            pairs.extend(partners.iter().map(|&parent| (child, parent)));
        }
    }
    Csr::grouped(graph.persons as usize, &pairs)
}

/// Where each row is free from.
#[derive(Default)]
struct Rows {
    ends: Vec<i32>,
}

impl Rows {
    /// Takes the free row nearest to `wanted`, below before above; a new one if none is near.
    fn take(&mut self, wanted: usize, from: i32, to: i32) -> u32 {
        let is_free = |row: usize| self.ends.get(row).is_some_and(|&end| end <= from);
        let near = (0..REACH).flat_map(|far| [Some(wanted + far), wanted.checked_sub(far)]);
        let row = near
            .flatten()
            .find(|&row| is_free(row) || row == self.ends.len())
            .unwrap_or(self.ends.len());
        if row == self.ends.len() {
            self.ends.push(to);
        } else if let Some(end) = self.ends.get_mut(row) {
            *end = to;
        }
        row as u32
    }
}

/// From a family's first partner to its children, each at the child's birth; and between partners,
/// where the first child is born or the younger of them begins.
fn lines(graph: &KinGraph, boxes: &[Rect], scale: &Scale) -> (Routes, Vec<u32>) {
    let mut routes = Routes::default();
    let mut unions = Vec::new();
    let rect = |person: u32| boxes.get(person as usize).copied().filter(|rect| !rect.is_empty());
    let rows = graph.union_partners.rows().zip(graph.union_children.rows());
    for (union, (partners, children)) in (0u32..).zip(rows) {
        let eldest = children.iter().filter_map(|&child| rect(child)).map(|rect| rect.x).min();
        for pair in partners.windows(2) {
            let &[one, other] = pair else { continue };
            let (Some(a), Some(b)) = (rect(one), rect(other)) else { continue };
            let x = eldest.unwrap_or(a.x.max(b.x) + scale.gap).max(a.x.max(b.x) + scale.gap / 2);
            let (above, below) = if a.y < b.y { (a, b) } else { (b, a) };
            if above.bottom() < below.y {
                let x = x.min(above.right().max(below.right()));
                let ends = [Point::new(x, above.bottom()), Point::new(x, below.y)];
                routes.push(RouteKind::Couple, (one, other), &ends);
                unions.push(union);
            }
        }
        let Some((parent, above)) = partners.iter().find_map(|&p| Some((p, rect(p)?))) else {
            continue;
        };
        for &child in children {
            let Some(own) = rect(child) else { continue };
            // Down (or up) before the child's box, then into its edge.
            let x = (own.x - scale.gap / 2).max(above.x);
            let from_y = if own.y >= above.bottom() { above.bottom() } else { above.y };
            let middle = own.y + own.height / 2;
            let points = [Point::new(x, from_y), Point::new(x, middle), Point::new(own.x, middle)];
            routes.push(RouteKind::Descent, (parent, child), &points);
            unions.push(union);
        }
    }
    (routes, unions)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SCALE: Scale = Scale { year: 8, least_width: 160, height: 56, gap: 12, row_gap: 16 };

    fn graph(persons: u32, families: &[(Vec<u32>, Vec<u32>)]) -> KinGraph {
        let mut graph = KinGraph { persons, ..KinGraph::default() };
        for (partners, children) in families {
            graph.union_partners.push(partners.iter().copied());
            graph.union_children.push(children.iter().copied());
        }
        graph
    }

    #[test]
    fn lives_stand_at_their_years() {
        let life = |from, to| Some(Life { from, to });
        let lives = [life(1800, 1870), life(1805, 1880), life(1830, 1900), None];
        let layout = timeline(&graph(4, &[(vec![0, 1], vec![2])]), &lives, &SCALE);
        let at: Vec<(i32, i32)> = layout.boxes.iter().map(|r| (r.x, r.width)).collect();
        assert_eq!(at, [(0, 560), (40, 600), (240, 560), (0, 160)]);
        assert_eq!(layout.generations[..3], [0, 1, 2], "a child below its parents");
        assert_eq!(layout.routes.len(), 2);
        assert!(layout.boxes[3].y > layout.boxes[2].bottom(), "who has no years comes last");
    }

    proptest! {
        #[test]
        fn nobody_stands_on_another(lives in proptest::collection::vec(
            proptest::option::of((0..400_i32, 0..100_i32)), 1..60
        )) {
            let lives: Vec<Option<Life>> = lives
                .into_iter()
                .map(|life| life.map(|(from, age)| Life { from, to: from + age }))
                .collect();
            let persons = lives.len() as u32;
            let families: Vec<(Vec<u32>, Vec<u32>)> = (1..persons)
                .map(|child| (vec![child / 2], vec![child]))
                .collect();
            let layout = timeline(&graph(persons, &families), &lives, &SCALE);
            for (a, one) in layout.boxes.iter().enumerate() {
                prop_assert!(!one.is_empty());
                for other in &layout.boxes[..a] {
                    prop_assert!(!one.overlaps(other));
                }
            }
        }
    }
}
