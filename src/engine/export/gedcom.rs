//! The family that is open as a file of its own kind, with everything that its file says and every
//! change that was made; those who may live are left out where they are hidden on the screen.

use std::{collections::BTreeSet, io};

use banyan_export::{Album, ExportError, Job, Step, Subject};
use banyan_gedcom::{Mask, Records, Version, WriteEncoding, WriteError, WriteOptions, write};

use super::Sink;
use crate::{
    engine::{Engine, lines::Lines},
    message::{ExportFormat, ExportOrder},
};

/// A file that was written at once: a second for a million persons.
pub(super) struct Written;

impl Job for Written {
    fn photos(&self, _: &Subject<'_>) -> BTreeSet<u32> {
        BTreeSet::new()
    }

    fn step(&mut self, _: &Subject<'_>, _: &Album) -> Result<Step, ExportError> {
        Ok(Step::Done)
    }
}

impl Engine {
    pub(super) fn write_family(
        &self,
        order: &ExportOrder,
        mut sink: Sink,
    ) -> Result<Box<dyn Job>, ExportError> {
        let lines = self.shown.get(&order.view).and_then(|shown| shown.lines.as_ref());
        // Begun only when they are there.
        let Some(records) = lines.and_then(Lines::held) else { return Ok(Box::new(Written)) };
        let mask = self.mask_year().map(|year| mask(records, year)).transpose()?;
        let version = match order.format {
            ExportFormat::Gedcom7 => Version::V7,
            _ => Version::V551,
        };
        let encoding = WriteEncoding::default();
        let options = WriteOptions { version, encoding, mask: mask.as_ref() };
        match write(records, &options, &mut sink, &mut |_| {}) {
            Ok(_) => Ok(Box::new(Written)),
            Err(WriteError::Io(error)) => Err(ExportError::Io(error)),
            Err(error) => Err(ExportError::Io(io::Error::other(error.to_string()))),
        }
    }
}

/// Hides those who may live in a year.
fn mask(records: &Records, year: i32) -> Result<Mask, ExportError> {
    // Lines are counted anew.
    let mut lines = records.clone();
    let document = lines.reread(&mut |_, _| {});
    let document =
        document.map_err(|error| ExportError::Io(io::Error::other(error.to_string())))?;
    let living = document.genealogy.living(year);
    Ok(Mask::new(&lines, &document.genealogy, &living))
}
