//! What takes long is left off.

use banyan_view::View;
use leptos::prelude::*;

use super::{Control, address::Wishes};
use crate::message::FamilySource;

impl Control {
    /// Ends the worker, and the work with it: nothing else reaches one that is at work. The family
    /// before one that was being opened stays as it is.
    pub(super) fn cancel(&mut self) {
        let was_loading = self.loading.take().is_some();
        let was_busy = self.app.progress.with_untracked(Option::is_some);
        self.app.progress.set(None);
        self.stop_making();
        self.stop_trial();
        if !was_loading && was_busy && self.stage.view == View::Family {
            self.open_again();
        }
    }

    /// Opens the family as it was before it was to be another, in a worker that holds nothing yet. Its
    /// picture stays meanwhile. A change is written down only once it is made, and so is gone.
    fn open_again(&mut self) {
        let source = self.app.family.with_untracked(|it| it.as_ref().map(|it| it.source.clone()));
        let (Some(engine), Some(source)) = (self.family.take(), source) else { return };
        let source = match source {
            FamilySource::Kept { name, .. } if !engine.file.is_undefined() => {
                FamilySource::File { name, is_forced: true }
            }
            other => other,
        };
        let file = engine.file.clone();
        drop(engine);
        self.charting = 0;
        self.app.toast.set(None);
        let charted = self.app.charted.get_untracked();
        (self.chart, self.arrangement) = (charted.chart, charted.arrangement);
        // Who was hidden is, and nobody else; the switch says so.
        self.look.hides_living = !charted.hidden.is_empty();
        self.app.hides_living.set(self.look.hides_living);
        self.wishes = Wishes {
            view: View::Family,
            camera: Some(self.camera_route()),
            chart: self.chart.clone(),
            arrangement: self.arrangement.clone(),
            selected: self.stage.selected.as_ref().map(|selected| selected.id.clone()),
            target: self.wishes.target.take(),
            ..Wishes::default()
        };
        self.open_family(source, &file);
        // There is nothing to go back to.
        self.app.progress.update(|progress| {
            if let Some(progress) = progress {
                progress.can_cancel = false;
            }
        });
    }
}
