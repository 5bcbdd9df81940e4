//! Which part of the picture goes onto which sheet.

use std::iter;

use banyan_scene::Cutout;

use crate::job::ExportError;

/// Sizes that printers know, upright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paper {
    A4,
    A3,
    Letter,
}

/// How a picture is spread over pages.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layout {
    /// One page as large as the picture.
    One { points_per_px: f64 },
    /// Sheets to be cut and glued: each shows a margin of its neighbours again.
    Tiled { points_per_px: f64, paper: Paper },
}

/// Points; a point is a 72nd of an inch.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sheet {
    pub width_pt: f64,
    pub height_pt: f64,
    /// Left free on each side.
    pub margin_pt: f64,
    /// Above the picture, for the title block.
    pub head_pt: f64,
}

/// One page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Page {
    pub sheet: Sheet,
    /// Points that count as one in the file, for pages larger than a reader takes.
    pub user_unit: f64,
    /// From the left and from the top, counted from 0.
    pub column: u32,
    pub row: u32,
    pub columns: u32,
    pub rows: u32,
    /// What it shows.
    pub part: Cutout,
}

const POINTS_PER_MM: f64 = 72.0 / 25.4;
/// What most printers cannot reach, and room for marks and the label.
const MARGIN_PT: f64 = 12.0 * POINTS_PER_MM;
/// What neighbours share.
const OVERLAP_PT: f64 = 8.0 * POINTS_PER_MM;
/// Sides beyond which readers want a larger unit.
const LARGEST_SIDE: f64 = 14_400.0;
/// More pages than this are a mistake.
const MOST_PAGES: u64 = 10_000;

impl Paper {
    /// Width and height in points.
    pub const fn sides_pt(self) -> (f64, f64) {
        match self {
            Self::A4 => (210.0 * POINTS_PER_MM, 297.0 * POINTS_PER_MM),
            Self::A3 => (297.0 * POINTS_PER_MM, 420.0 * POINTS_PER_MM),
            Self::Letter => (612.0, 792.0),
        }
    }
}

/// A grid of sheets of one size.
struct Grid {
    sheet: Sheet,
    /// Px of the picture on a sheet, and from one sheet to the next.
    shown: (f64, f64),
    step: (f64, f64),
    columns: u64,
    rows: u64,
}

impl Grid {
    fn new(cutout: &Cutout, points_per_px: f64, (width_pt, height_pt): (f64, f64)) -> Self {
        let sheet = Sheet { width_pt, height_pt, margin_pt: MARGIN_PT, head_pt: 0.0 };
        let px = |points: f64| (points / points_per_px).floor().max(1.0);
        let shown = (px(width_pt - 2.0 * MARGIN_PT), px(height_pt - 2.0 * MARGIN_PT));
        let overlap = (OVERLAP_PT / points_per_px).floor();
        let step = ((shown.0 - overlap).max(1.0), (shown.1 - overlap).max(1.0));
        let count = |side: i32, shown: f64, step: f64| {
            1 + ((f64::from(side) - shown) / step).ceil().max(0.0) as u64
        };
        Self {
            sheet,
            shown,
            step,
            columns: count(cutout.width, shown.0, step.0),
            rows: count(cutout.height, shown.1, step.1),
        }
    }

    fn count(&self) -> u64 {
        self.columns.saturating_mul(self.rows)
    }

    /// A sheet as large as the others, for the title block and the plan of them.
    fn cover(&self, cutout: &Cutout) -> Page {
        let part = Cutout { width: 0, height: 0, ..*cutout };
        let (columns, rows) = (self.columns as u32, self.rows as u32);
        Page { sheet: self.sheet, user_unit: 1.0, column: 0, row: 0, columns, rows, part }
    }

    /// The upright or the lying sheet, whichever needs fewer.
    fn best(cutout: &Cutout, points_per_px: f64, paper: Paper) -> Self {
        let (short, long) = paper.sides_pt();
        let upright = Self::new(cutout, points_per_px, (short, long));
        let lying = Self::new(cutout, points_per_px, (long, short));
        if lying.count() < upright.count() { lying } else { upright }
    }
}

/// How many pages a picture takes, with the cover of a poster.
pub fn page_count(cutout: &Cutout, layout: Layout) -> u64 {
    match layout {
        Layout::One { .. } => 1,
        Layout::Tiled { points_per_px, paper } => {
            Grid::best(cutout, points_per_px, paper).count().saturating_add(1)
        }
    }
}

impl Layout {
    pub(crate) fn points_per_px(&self) -> f64 {
        match *self {
            Self::One { points_per_px } | Self::Tiled { points_per_px, .. } => points_per_px,
        }
    }

    /// The cover of a poster, which shows nothing of the picture, and its sheets row by row; or the
    /// one page, with `head_pt` points more at its top.
    pub(crate) fn pages(&self, cutout: &Cutout, head_pt: f64) -> Result<Vec<Page>, ExportError> {
        let (width, height) = (cutout.width, cutout.height);
        let is_scale = self.points_per_px().is_finite() && self.points_per_px() > 0.0;
        if width <= 0 || height <= 0 || !is_scale {
            return Err(ExportError::Size { width: width.into(), height: height.into() });
        }
        let (points_per_px, paper) = match *self {
            Self::One { points_per_px } => return Ok(vec![whole(cutout, points_per_px, head_pt)]),
            Self::Tiled { points_per_px, paper } => (points_per_px, paper),
        };
        let grid = Grid::best(cutout, points_per_px, paper);
        let pages = grid.count();
        if pages > MOST_PAGES {
            return Err(ExportError::Pages { pages });
        }
        let (columns, rows) = (grid.columns as u32, grid.rows as u32);
        let page = |row: u32, column: u32| {
            let (x, y) = (f64::from(column) * grid.step.0, f64::from(row) * grid.step.1);
            let (right, bottom) = (f64::from(width) - x, f64::from(height) - y);
            let part = cutout.part(
                x as i32,
                y as i32,
                grid.shown.0.min(right) as i32,
                grid.shown.1.min(bottom) as i32,
            );
            Page { sheet: grid.sheet, user_unit: 1.0, column, row, columns, rows, part }
        };
        let sheets = (0..rows).flat_map(|row| (0..columns).map(move |column| page(row, column)));
        Ok(iter::once(grid.cover(cutout)).chain(sheets).collect())
    }
}

fn whole(cutout: &Cutout, points_per_px: f64, head_pt: f64) -> Page {
    let width_pt = f64::from(cutout.width) * points_per_px;
    let height_pt = head_pt + f64::from(cutout.height) * points_per_px;
    let user_unit = (width_pt.max(height_pt) / LARGEST_SIDE).ceil().max(1.0);
    let sheet = Sheet { width_pt, height_pt, margin_pt: 0.0, head_pt };
    Page { sheet, user_unit, column: 0, row: 0, columns: 1, rows: 1, part: *cutout }
}

impl Page {
    pub(super) const fn is_cover(&self) -> bool {
        self.part.width == 0
    }

    /// Letters from the left, numbers from the top, as on a city map: B3, AA10.
    pub fn label(&self) -> String {
        label(self.column, self.row)
    }
}

/// The label of the sheet at a column and a row, both counted from 0.
pub(super) fn label(column: u32, row: u32) -> String {
    let mut letters = Vec::new();
    let mut column = column + 1;
    while column > 0 {
        letters.push(char::from(b'A' + ((column - 1) % 26) as u8));
        column = (column - 1) / 26;
    }
    letters.iter().rev().collect::<String>() + &(row + 1).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use banyan_scene::Level;
    use proptest::prelude::*;

    fn cutout(width: i32, height: i32) -> Cutout {
        Cutout { level: Level::of_scale(1.0), x: 40, y: -7, width, height }
    }

    proptest! {
        #[test]
        fn sheets_cover_the_picture(width in 1..9000i32, height in 1..9000i32, scale in 0.2..3.0) {
            let layout = Layout::Tiled { points_per_px: scale, paper: Paper::A4 };
            let cutout = cutout(width, height);
            let pages = layout.pages(&cutout, 0.0).unwrap();
            prop_assert_eq!(pages.len() as u64, page_count(&cutout, layout));
            prop_assert!(pages[0].is_cover());
            let pages = &pages[1..];
            for pair in pages.windows(2).filter(|pair| pair[0].row == pair[1].row) {
                let end = pair[0].part.x + i64::from(pair[0].part.width);
                prop_assert!(pair[1].part.x < end, "neighbours overlap");
            }
            let first = pages[0].part;
            let last = pages[pages.len() - 1].part;
            prop_assert_eq!((first.x, first.y), (40, -7));
            prop_assert_eq!(last.x + i64::from(last.width), 40 + i64::from(width));
            prop_assert_eq!(last.y + i64::from(last.height), -7 + i64::from(height));
            for page in pages {
                let room = page.sheet.width_pt - 2.0 * page.sheet.margin_pt;
                prop_assert!(f64::from(page.part.width) * scale <= room + scale);
            }
        }
    }

    #[test]
    fn pages_are_called_as_on_a_map() {
        let check = |column, row, expect: &str| {
            let page = Page { column, row, ..whole(&cutout(1, 1), 1.0, 0.0) };
            assert_eq!(page.label(), expect);
        };
        check(0, 0, "A1");
        check(1, 2, "B3");
        check(25, 0, "Z1");
        check(26, 9, "AA10");
    }

    #[test]
    fn what_no_printer_does_is_refused() {
        let tiled = |points_per_px| Layout::Tiled { points_per_px, paper: Paper::A3 };
        assert!(tiled(1.0).pages(&cutout(900_000, 900_000), 0.0).is_err());
        assert!(tiled(f64::NAN).pages(&cutout(10, 10), 0.0).is_err());
        assert!(tiled(0.0).pages(&cutout(10, 10), 0.0).is_err());
        assert_eq!(whole(&cutout(20_000, 10), 1.0, 0.0).user_unit, 2.0);
    }
}
