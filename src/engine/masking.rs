//! Those of a family who may live, hidden and shown again.

use banyan_view::View;

use super::{Engine, family, post::post, this_year};
use crate::message::{DiagnosticRow, FromEngine};

impl Engine {
    /// The year in which nobody is to be seen alive; `None` where everybody may be seen.
    pub(super) fn mask_year(&self) -> Option<i32> {
        self.look.hides_living.then(this_year)
    }

    /// Puts the mask on or takes it off, or has its words changed.
    pub(super) fn mask_family(&mut self) {
        let (year, words) = (self.mask_year(), self.words());
        if let Some(shown) = self.shown.get(&View::Family) {
            post(&FromEngine::Notes(notes(&shown.notes, year)));
        }
        self.remake_family(|world| world.masked(year, words, &mut family::tell_placing));
    }
}

/// The notes on a file; under a mask without their particulars, which quote it.
pub(super) fn notes(all: &[DiagnosticRow], mask_year: Option<i32>) -> Vec<DiagnosticRow> {
    let mut notes = all.to_vec();
    if mask_year.is_some() {
        notes.iter_mut().for_each(|note| note.details = Default::default());
    }
    notes
}
