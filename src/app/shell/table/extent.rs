//! Where the rows of a table lie on its page, in CSS px.

/// The height of a row, and of the headings above: as in `style/table.css`.
pub const ROW_PX: f64 = 28.0;
const HEAD_PX: i32 = 30;
/// No browser draws an element that is much higher. On the page of a longer table a px of scrolling
/// is more than a px of rows.
const MOST_PX: f64 = 16e6;

/// A table of so many rows in a frame of this height.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Extent {
    total: u32,
    /// Px that rows are seen on.
    frame_px: f64,
}

impl Extent {
    /// For a frame of so many px, headings included.
    pub fn new(total: u32, height_px: i32) -> Self {
        Self { total, frame_px: f64::from((height_px - HEAD_PX).max(0)) }
    }

    /// Of the page without headings.
    pub fn height(self) -> f64 {
        (f64::from(self.total) * ROW_PX).min(MOST_PX)
    }

    /// How many rows are seen at once.
    pub fn seen(self) -> f64 {
        self.frame_px / ROW_PX
    }

    /// The row at the upper edge; the fraction of it is above.
    pub fn top(self, scroll_px: f64) -> f64 {
        let most_px = (self.height() - self.frame_px).max(1.0);
        (scroll_px / most_px).clamp(0.0, 1.0) * self.most_top()
    }

    /// Where a row lies on the page while it is scrolled so far.
    pub fn place(self, row: u32, scroll_px: f64) -> f64 {
        scroll_px + (f64::from(row) - self.top(scroll_px)) * ROW_PX
    }

    /// How far to scroll so that a row is seen whole; `None` if it is.
    pub fn scroll_to(self, row: u32, scroll_px: f64) -> Option<f64> {
        let (row, top) = (f64::from(row), self.top(scroll_px));
        let wanted = if row < top - 0.01 {
            row
        } else if row + 1.0 > top + self.seen() + 0.01 {
            row + 1.0 - self.seen()
        } else {
            return None;
        };
        let most_top = self.most_top();
        let share = if most_top > 0.0 { wanted / most_top } else { 0.0 };
        Some((share * (self.height() - self.frame_px).max(0.0)).ceil())
    }

    /// The row at the upper edge when the last one is at the lower.
    fn most_top(self) -> f64 {
        (f64::from(self.total) - self.seen()).max(0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_reach(total: u32) {
        let extent = Extent::new(total, 30 + 280);
        assert!(extent.height() <= MOST_PX);
        let mut scroll = 0.0;
        for row in [0, 5, total / 2, total / 2 - 1, total - 1, 9, 0] {
            scroll = extent.scroll_to(row, scroll).unwrap_or(scroll);
            let at = extent.place(row, scroll) - scroll;
            assert!((-0.5..=280.5 - ROW_PX).contains(&at), "row {row} of {total} lies at {at}");
            assert_eq!(extent.scroll_to(row, scroll), None);
        }
    }

    #[test]
    fn every_row_can_be_seen_of_short_and_endless_tables() {
        [10, 20, 1_000, 571_429, 2_000_000].into_iter().for_each(check_reach);
    }

    #[test]
    fn rows_lie_one_below_the_other() {
        let extent = Extent::new(20_000, 30 + 280);
        assert_eq!(extent.top(2800.0).round() as u32, 100);
        assert!((extent.place(7, 1234.0) - 196.0).abs() < 1e-6, "wherever the page is scrolled");
        let empty = Extent::new(0, 310);
        assert_eq!((empty.height() as u32, empty.top(5.0) as u32), (0, 0));
        assert_eq!(Extent::new(3, 310).scroll_to(2, 0.0), None);
    }
}
