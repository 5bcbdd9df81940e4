//! The charts of printed Chinese genealogies (族谱): descendants of one ancestor, each once, read from
//! right to left, for boxes that are higher than wide.
//!
//! - [`su`]: 苏式, the hanging-line chart: children hang under their father, wives beside him.
//! - [`ou`]: 欧式, tables of five generations, each beginning with somebody whom one before ended with.
//! - [`pagoda`]: 宝塔式, each generation one row around the middle.
//! - [`list`]: 牒记式, generation after generation, column beside column.
//!
//! All of them draw a [`Descent`].

use crate::{
    family::FamilyLayout,
    geometry::{Point, Rect, Size},
    routes::RouteKind,
};

mod buses;
mod descent;
mod list;
mod ou;
mod pagoda;
mod rows;
mod shelves;
mod su;

pub use descent::{Descent, first_ancestor};
pub use list::list;
pub use ou::ou;
pub use pagoda::pagoda;
pub use su::su;

/// Sizes in world units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Plates {
    /// Of somebody of the line.
    pub plate: Size,
    /// Of somebody who married into it.
    pub partner: Size,
}

/// Space between plates, in world units.
const PARTNER_GAP: i32 = 4;
const SIBLING_GAP: i32 = 14;
const BRANCH_GAP: i32 = 26;
/// From a generation to the next, but for lines that run side by side.
const ROW_GAP: i32 = 44;
const TRACK: i32 = 8;

/// A chart, and what it says beside its boxes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Book {
    /// Who is not on the chart has an empty box, and the component `u32::MAX`.
    pub layout: FamilyLayout,
    /// Places that name somebody who stands elsewhere: who, and the box.
    pub repeats: Vec<(u32, Rect)>,
    /// The tables of a book in their order; none where it has no tables.
    pub tables: Vec<Table>,
}

/// A table of some generations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Table {
    pub frame: Rect,
    /// With whom it begins.
    pub head: u32,
    /// The generations that it has, counted from 0.
    pub first: u32,
    pub last: u32,
}

impl Book {
    fn of(persons: u32) -> Self {
        let persons = persons as usize;
        let layout = FamilyLayout {
            boxes: vec![Rect::default(); persons],
            generations: vec![0; persons],
            components: vec![u32::MAX; persons],
            ..FamilyLayout::default()
        };
        Self { layout, ..Self::default() }
    }

    fn put(&mut self, person: u32, generation: u32, rect: Rect) {
        let at = person as usize;
        let FamilyLayout { boxes, generations, components, .. } = &mut self.layout;
        if let (Some(slot), Some(row), Some(component)) =
            (boxes.get_mut(at), generations.get_mut(at), components.get_mut(at))
        {
            (*slot, *row, *component) = (rect, generation, 0);
        }
    }

    fn line(&mut self, kind: RouteKind, union: u32, ends: (u32, u32), points: &[Point]) {
        self.layout.routes.push(kind, ends, points);
        self.layout.unions.push(union);
    }

    /// From above a child up to its family's bus, along it, and up to the parent.
    fn hang(&mut self, union: u32, ends: (u32, u32), from: Point, bus: i32, to: Point) {
        let points = [from, Point::new(from.x, bus), Point::new(to.x, bus), to];
        self.line(RouteKind::Descent, union, ends, &points);
    }

    /// From right to left, and with the top left corner at (0, 0).
    fn mirrored(mut self) -> Self {
        let there = |rect: &&Rect| !rect.is_empty();
        let boxes = self.layout.boxes.iter().filter(there);
        let all = boxes.chain(self.repeats.iter().map(|(_, rect)| rect));
        let bounds = all.fold(Rect::default(), |all, rect| all.union(rect));
        let bounds = self.tables.iter().fold(bounds, |all, table| all.union(&table.frame));
        let turn = |rect: &mut Rect| {
            if !rect.is_empty() {
                (rect.x, rect.y) = (bounds.right() - rect.right(), rect.y - bounds.y);
            }
        };
        self.layout.boxes.iter_mut().for_each(turn);
        self.repeats.iter_mut().for_each(|(_, rect)| turn(rect));
        self.tables.iter_mut().for_each(|table| turn(&mut table.frame));
        for point in &mut self.layout.routes.points {
            *point = Point::new(bounds.right() - point.x, point.y - bounds.y);
        }
        self.layout.bounds = Rect::new(0, 0, bounds.width, bounds.height);
        self
    }
}

/// The middle of a box's lower edge, and of its upper one.
const fn foot(rect: &Rect) -> Point {
    Point::new(rect.x + rect.width / 2, rect.bottom())
}

const fn head(rect: &Rect) -> Point {
    Point::new(rect.x + rect.width / 2, rect.y)
}

#[cfg(test)]
mod tests;
