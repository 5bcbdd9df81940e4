//! SVG with real text.

use std::io::Write;

use banyan_scene::{Cutout, SvgPainter};

use crate::job::{ExportError, Job, Step, Subject};
use crate::walk::Walk;

/// Makes one SVG file. The same scene gives the same bytes.
pub struct SvgJob<W: Write> {
    cutout: Cutout,
    scale: f64,
    is_full: bool,
    out: W,
    walk: Option<Walk>,
}

impl<W: Write> SvgJob<W> {
    /// A picture of `cutout` whose px are `scale` CSS px wide. `is_full` draws whole cards whatever
    /// their size: one can look closer.
    pub fn new(cutout: Cutout, scale: f64, is_full: bool, out: W) -> Result<Self, ExportError> {
        let (width, height) = (i64::from(cutout.width), i64::from(cutout.height));
        if width <= 0 || height <= 0 {
            return Err(ExportError::Size { width, height });
        }
        Ok(Self { cutout, scale, is_full, out, walk: None })
    }
}

impl<W: Write> Job for SvgJob<W> {
    fn step(&mut self, subject: &Subject<'_>) -> Result<Step, ExportError> {
        let mut painter = SvgPainter::new(subject.palette);
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
        self.out.write_all(painter.body.as_bytes())?;
        if step == Step::Done {
            self.out.flush()?;
        }
        Ok(step)
    }
}
