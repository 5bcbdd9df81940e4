//! SVG with real text.

use std::collections::BTreeSet;
use std::io::{self, Write};

use banyan_scene::{Cutout, SvgPainter, SvgPhotos};

use crate::job::{ExportError, Job, Step, Subject};
use crate::photos::{Album, Photo};
use crate::png;
use crate::walk::Walk;

/// Makes one SVG file. The same scene gives the same bytes.
pub struct SvgJob<W: Write> {
    cutout: Cutout,
    scale: f64,
    is_full: bool,
    out: W,
    walk: Option<Walk>,
    photos: SvgPhotos,
}

impl<W: Write> SvgJob<W> {
    /// A picture of `cutout` whose px are `scale` CSS px wide. `is_full` draws whole cards whatever
    /// their size: one can look closer.
    pub fn new(cutout: Cutout, scale: f64, is_full: bool, out: W) -> Result<Self, ExportError> {
        let (width, height) = (i64::from(cutout.width), i64::from(cutout.height));
        if width <= 0 || height <= 0 {
            return Err(ExportError::Size { width, height });
        }
        Ok(Self { cutout, scale, is_full, out, walk: None, photos: SvgPhotos::default() })
    }
}

impl<W: Write> Job for SvgJob<W> {
    fn photos(&self, subject: &Subject<'_>) -> BTreeSet<u32> {
        let mut photos = self.walk.as_ref().map(|walk| walk.photos(subject)).unwrap_or_default();
        photos.retain(|&photo| !self.photos.has(photo));
        photos
    }

    fn step(&mut self, subject: &Subject<'_>, album: &Album) -> Result<Step, ExportError> {
        let mut painter = SvgPainter::new(subject.palette);
        painter.photos = std::mem::take(&mut self.photos);
        for (number, photo) in album.drawn() {
            if !painter.photos.has(number) {
                painter.define_photo(number, &address(photo)?);
            }
        }
        let step = match &mut self.walk {
            None => {
                painter.begin(&self.cutout, self.scale);
                self.walk = Some(Walk::new(subject, self.cutout, self.is_full));
                Step::More(0.0)
            }
            Some(walk) => {
                if walk.step(subject, &mut painter) {
                    Step::More(walk.share())
                } else {
                    painter.end();
                    Step::Done
                }
            }
        };
        self.photos = std::mem::take(&mut painter.photos);
        self.out.write_all(painter.body.as_bytes())?;
        if step == Step::Done {
            self.out.flush()?;
        }
        Ok(step)
    }
}

/// A picture as an address that holds it.
fn address(photo: &Photo) -> io::Result<String> {
    let mut address = "data:image/png;base64,".to_owned();
    push_base64(&png::of_photo(photo)?, &mut address);
    Ok(address)
}

/// Base64 of RFC 4648, section 4.
fn push_base64(bytes: &[u8], out: &mut String) {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for part in bytes.chunks(3) {
        let mut three = [0; 4];
        for (to, from) in three[1..].iter_mut().zip(part) {
            *to = *from;
        }
        let bits = u32::from_be_bytes(three);
        for letter in 0..4 {
            let six = (bits >> (18 - 6 * letter)) & 63;
            out.push(if letter <= part.len() { char::from(LETTERS[six as usize]) } else { '=' });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        let base64 = |text: &str| {
            let mut out = String::new();
            push_base64(text.as_bytes(), &mut out);
            out
        };
        for (text, expect) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob?~", "Zm9vYj9+")]
        {
            assert_eq!(base64(text), expect);
        }
    }
}
