//! A picture cut into pieces that fit into memory and onto a canvas.

use banyan_scene::Cutout;

use crate::job::ExportError;

/// What a strip of pixels may take.
pub const MOST_STRIP_BYTES: usize = 32 << 20;
/// Rows of a strip: enough that few cards are cut, few enough that the work comes in small pieces.
const MOST_ROWS: usize = 512;
/// Columns that are painted in one go: a canvas that every browser has, and some milliseconds of work.
const MOST_COLUMNS: i32 = 1024;
/// Px a side; larger pictures no decoder takes.
pub const MOST_SIDE_PX: i64 = 1 << 24;

/// The strips of a picture from top to bottom, each painted in pieces from left to right.
#[derive(Clone, Copy, Debug)]
pub struct Strips {
    whole: Cutout,
    rows: i32,
}

impl Strips {
    pub fn new(whole: Cutout) -> Result<Self, ExportError> {
        let (width, height) = (i64::from(whole.width), i64::from(whole.height));
        if width <= 0 || height <= 0 || width > MOST_SIDE_PX || height > MOST_SIDE_PX {
            return Err(ExportError::Size { width, height });
        }
        let rows = (MOST_STRIP_BYTES / (whole.width as usize * 3)).clamp(1, MOST_ROWS);
        Ok(Self { whole, rows: (rows as i32).min(whole.height) })
    }

    pub fn width(&self) -> usize {
        self.whole.width as usize
    }

    pub fn height(&self) -> usize {
        self.whole.height as usize
    }

    /// Rows of every strip but the last, which may have fewer.
    pub fn rows(&self) -> usize {
        self.rows as usize
    }

    /// The piece that begins at this column of the strip that begins at this row; `None` beyond the
    /// picture.
    pub fn piece(&self, column: usize, row: usize) -> Option<Cutout> {
        let (x, y) = (i32::try_from(column).ok()?, i32::try_from(row).ok()?);
        let (width, height) = (self.whole.width - x, self.whole.height - y);
        (width > 0 && height > 0)
            .then(|| self.whole.part(x, y, width.min(MOST_COLUMNS), height.min(self.rows)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use banyan_scene::Level;
    use proptest::prelude::*;

    fn strips(width: i32, height: i32) -> Result<Strips, ExportError> {
        let level = Level::of_scale(0.7);
        Strips::new(Cutout { level, x: -900, y: 77, width, height })
    }

    proptest! {
        #[test]
        fn pieces_cover_every_px_once(width in 1..200_000i32, height in 1..5000i32) {
            let strips = strips(width, height).unwrap();
            prop_assert!(strips.rows() * strips.width() * 3 <= MOST_STRIP_BYTES);
            let mut area = 0i64;
            let mut row = 0;
            while row < strips.height() {
                let mut column = 0;
                let mut height = 0;
                while let Some(piece) = strips.piece(column, row) {
                    prop_assert_eq!((piece.x, piece.y), (column as i64 - 900, row as i64 + 77));
                    area += i64::from(piece.width) * i64::from(piece.height);
                    column += piece.width as usize;
                    height = piece.height as usize;
                }
                prop_assert_eq!(column, strips.width());
                row += height;
            }
            prop_assert_eq!(area, i64::from(width) * i64::from(height));
        }
    }

    #[test]
    fn sizes_that_nobody_can_open_are_refused() {
        assert!(strips(0, 5).is_err());
        assert!(strips(5, -1).is_err());
        assert!(strips(i32::MAX, 5).is_err());
        assert!(strips(1 << 24, 1).is_ok());
    }
}
