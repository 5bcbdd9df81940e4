//! The bytes of a PNG file (W3C, third edition), for 8 bit RGB, row by row.
//!
//! Of our own because the `png` crate counts the pixels of a stream in a `usize`, which ends at four
//! gigabytes in a browser.

use std::io::{self, Write};

use flate2::{Compression, Crc, write::ZlibEncoder};

/// Bytes of a data chunk.
const CHUNK_BYTES: usize = 256 << 10;
const INCHES_PER_METRE: f64 = 39.370_078_74;
/// The filter that says how a row differs from the one above: posters have long even columns.
const UP: u8 = 2;

pub(super) struct PngStream<W: Write> {
    out: W,
    zlib: ZlibEncoder<Vec<u8>>,
    above: Vec<u8>,
    filtered: Vec<u8>,
}

impl<W: Write> PngStream<W> {
    /// Sides in px, as the format takes them: 1 to 2^31 - 1.
    pub(super) fn new(
        mut out: W,
        width: usize,
        height: usize,
        px_per_inch: f64,
    ) -> io::Result<Self> {
        out.write_all(b"\x89PNG\r\n\x1a\n")?;
        let mut header = Vec::with_capacity(13);
        header.extend((width as u32).to_be_bytes());
        header.extend((height as u32).to_be_bytes());
        // Eight bits a channel, RGB, the one compression and filtering there is, not interlaced.
        header.extend([8, 2, 0, 0, 0]);
        chunk(&mut out, b"IHDR", &header)?;
        chunk(&mut out, b"sRGB", &[0])?;
        let per_metre = (px_per_inch * INCHES_PER_METRE).round() as u32;
        let mut density = [per_metre.to_be_bytes(), per_metre.to_be_bytes()].concat();
        density.push(1);
        chunk(&mut out, b"pHYs", &density)?;
        Ok(Self {
            out,
            zlib: ZlibEncoder::new(Vec::with_capacity(2 * CHUNK_BYTES), Compression::fast()),
            above: vec![0; width * 3],
            filtered: vec![0; width * 3 + 1],
        })
    }

    /// The next row, RGB.
    pub(super) fn row(&mut self, row: &[u8]) -> io::Result<()> {
        if let Some((kind, differences)) = self.filtered.split_first_mut() {
            *kind = UP;
            for ((difference, here), above) in differences.iter_mut().zip(row).zip(&self.above) {
                *difference = here.wrapping_sub(*above);
            }
        }
        self.above.copy_from_slice(row);
        self.zlib.write_all(&self.filtered)?;
        if self.zlib.get_ref().len() >= CHUNK_BYTES {
            chunk(&mut self.out, b"IDAT", self.zlib.get_ref())?;
            self.zlib.get_mut().clear();
        }
        Ok(())
    }

    /// After the last row.
    pub(super) fn finish(&mut self) -> io::Result<()> {
        self.zlib.try_finish()?;
        chunk(&mut self.out, b"IDAT", self.zlib.get_ref())?;
        self.zlib.get_mut().clear();
        chunk(&mut self.out, b"IEND", &[])?;
        self.out.flush()
    }
}

fn chunk(out: &mut impl Write, kind: &[u8; 4], data: &[u8]) -> io::Result<()> {
    let mut crc = Crc::new();
    crc.update(kind);
    crc.update(data);
    out.write_all(&(data.len() as u32).to_be_bytes())?;
    out.write_all(kind)?;
    out.write_all(data)?;
    out.write_all(&crc.sum().to_be_bytes())
}
