//! PNG of any size: painted strip by strip, written row by row.

mod stream;

use std::collections::BTreeSet;
use std::io::{self, Write};

use banyan_scene::{
    Cutout, Easel, Pixels, density_of_cutout, paint_cutout, paint_cutout_over_density, photos_in,
};

use crate::job::{ExportError, Job, Step, Subject};
use crate::photos::{Album, Photo};
use crate::strips::Strips;
use crate::surface::Surface;

use self::stream::PngStream;

/// Bytes of pixels that are compressed in one step.
const STEP_BYTES: usize = 1 << 20;

/// Makes one PNG.
pub struct PngJob<S, W: Write> {
    surface: S,
    easel: Easel,
    strips: Strips,
    stream: PngStream<W>,
    /// RGB of the strip at hand.
    strip: Vec<u8>,
    /// RGBA of the piece at hand, and what it is made of where it is a raster.
    piece: Vec<u8>,
    density: Pixels,
    /// The row at which the strip begins, and the column up to which it is painted.
    row: usize,
    column: usize,
    /// Rows of the strip that are written.
    written: usize,
}

impl<S: Surface, W: Write> PngJob<S, W> {
    /// A picture of `cutout`, meant to be printed at so many px per inch.
    pub fn new(cutout: Cutout, px_per_inch: f64, surface: S, out: W) -> Result<Self, ExportError> {
        let strips = Strips::new(cutout)?;
        let stream = PngStream::new(out, strips.width(), strips.height(), px_per_inch)?;
        Ok(Self {
            surface,
            // Of one atlas: a card is painted once, or twice where a strip ends in it.
            easel: Easel::new(0),
            strips,
            stream,
            strip: Vec::new(),
            piece: Vec::new(),
            density: Pixels::default(),
            row: 0,
            column: 0,
            written: 0,
        })
    }

    /// Bytes of pixels that it holds at the moment.
    pub fn held_bytes(&self) -> usize {
        self.strip.capacity() + self.piece.capacity() + self.density.bytes()
    }

    fn paint(&mut self, subject: &Subject<'_>, piece: &Cutout) -> Result<(), ExportError> {
        let Subject { scene, cards, palette, footer } = *subject;
        let (width, height) = (piece.width as usize, piece.height as usize);
        self.surface.begin(piece.width as u32, piece.height as u32)?;
        if piece.is_density(scene) {
            density_of_cutout(scene, piece, palette, &mut self.density);
            self.surface.put(&self.density.rgba)?;
            paint_cutout_over_density(scene, cards, piece, &mut self.surface, &mut self.easel);
        } else {
            paint_cutout(scene, cards, piece, &mut self.surface, &mut self.easel);
        }
        if let Some(footer) = footer {
            footer.paint(piece, &mut self.surface);
        }
        self.surface.read(&mut self.piece)?;
        self.strip.resize(self.strips.width() * height * 3, 0);
        let rows = self.strip.chunks_exact_mut(self.strips.width() * 3);
        for (to, from) in rows.zip(self.piece.chunks_exact(width * 4)) {
            let to = &mut to[self.column * 3..][..width * 3];
            for (to, from) in to.chunks_exact_mut(3).zip(from.chunks_exact(4)) {
                to.copy_from_slice(&from[..3]);
            }
        }
        self.column += width;
        Ok(())
    }

    /// Writes some rows of a strip that is painted.
    fn write(&mut self) -> Result<(), ExportError> {
        let row_bytes = self.strips.width() * 3;
        let rows = (STEP_BYTES / row_bytes).max(1);
        for row in self.strip.chunks_exact(row_bytes).skip(self.written).take(rows) {
            self.stream.row(row)?;
            self.written += 1;
        }
        let height = self.strip.len() / row_bytes;
        if self.written == height {
            self.row += height;
            (self.column, self.written) = (0, 0);
        }
        Ok(())
    }
}

impl<S: Surface, W: Write> Job for PngJob<S, W> {
    fn photos(&self, subject: &Subject<'_>) -> BTreeSet<u32> {
        let piece = self.strips.piece(self.column, self.row);
        piece.map(|piece| photos_in(subject.scene, subject.cards, &piece)).unwrap_or_default()
    }

    fn step(&mut self, subject: &Subject<'_>, album: &Album) -> Result<Step, ExportError> {
        if self.row == self.strips.height() {
            self.stream.finish()?;
            return Ok(Step::Done);
        }
        match self.strips.piece(self.column, self.row) {
            Some(piece) => {
                self.surface.take_photos(album)?;
                self.paint(subject, &piece)?;
            }
            None => self.write()?,
        }
        let of_strip = self.column as f32 / self.strips.width() as f32 * self.strips.rows() as f32;
        Ok(Step::More(((self.row as f32 + of_strip) / self.strips.height() as f32).min(1.0)))
    }
}

/// A picture as a file of its own.
pub(crate) fn of_photo(photo: &Photo) -> io::Result<Vec<u8>> {
    let mut file = Vec::new();
    let side = photo.side() as usize;
    let mut stream = PngStream::new(&mut file, side, side, 96.0)?;
    for row in photo.rgb().chunks_exact(side * 3) {
        stream.row(row)?;
    }
    stream.finish()?;
    drop(stream);
    Ok(file)
}
