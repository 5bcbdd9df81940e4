//! Who of the family is shown.

use banyan_view::{Arrange, Chart, View};
use leptos::prelude::*;

use super::{Control, address::Wishes};
use crate::{
    app::{command::Command, state::Progress},
    message::{Charted, LoadStage, ToEngine},
};

impl Control {
    pub(super) fn run_chart(&mut self, command: Command) {
        let now = self.chart.clone();
        let shown = self.app.charted.with_untracked(|charted| charted.generations);
        let selected = self.stage.selected.as_ref().map(|selected| selected.id.clone());
        let chart = match command {
            Command::ShowPart(kind) => {
                let of = selected.clone().or_else(|| now.subject().map(str::to_owned));
                let of = of.or_else(|| kind.is_book().then(String::new));
                of.map(|of| Chart::Part { kind, of, most: kind.usual_most() })
            }
            Command::ShowTimeline => Some(Chart::Timeline),
            Command::Reach(what) => now.reaching(what, shown),
            _ => Some(Chart::Everyone),
        };
        if let Some(chart) = chart {
            self.show_chart(chart, selected);
        }
    }

    /// Somebody who is not on the chart is found among everyone.
    pub(super) fn look_among_everyone(&mut self, id: String) {
        self.show_chart(Chart::Everyone, Some(id));
    }

    /// Another place in the history, where somebody is selected if they are on the chart.
    fn show_chart(&mut self, chart: Chart, selected: Option<String>) {
        // A part begins with whom it is about; in the crowd one has to be gone to.
        let is_visit = chart.subject().is_none();
        if self.ask_chart(chart, self.arrangement.clone()) {
            let target = self.wishes.target.take();
            self.wishes =
                Wishes { view: View::Family, selected, is_visit, target, ..Wishes::default() };
            self.write_address(true);
        }
    }

    /// Asks the engine for a chart; whether it is another than the one that is shown.
    pub(super) fn ask_chart(&mut self, chart: Chart, arrangement: String) -> bool {
        let Some(engine) = &self.family else { return false };
        if self.chart == chart && self.arrangement == arrangement {
            return false;
        }
        (self.chart, self.arrangement) = (chart.clone(), arrangement.clone());
        engine.send(&ToEngine::Chart { chart, arrangement });
        self.charting += 1;
        self.await_layout(true);
        true
    }

    /// Asks for another arrangement of what is shown; the picture goes on from where it is.
    pub(super) fn arrange(&mut self, what: Arrange) {
        let of = self.stage.selected.as_ref().map(|selected| selected.id.clone());
        self.send(&ToEngine::Arrange { what, of });
        self.await_layout(true);
    }

    /// The scene that changes next is in another arrangement; asked for, it is another place in the
    /// history. Nothing is said where only the words are others.
    pub(super) fn hear_arranged(&mut self, charted: Charted, said: String, is_asked: bool) {
        self.arrangement.clone_from(&charted.arrangement);
        self.app.charted.set(charted);
        if said.is_empty() {
            return;
        }
        self.end_await();
        self.lose_export(View::Family);
        self.app.toast.set(Some(said));
        self.hover_nothing();
        if self.stage.view == View::Family {
            self.write_address(is_asked && self.charting == 0);
        }
    }

    /// Nothing is being laid out any more, unless something else is.
    pub(super) fn end_await(&self) {
        if self.charting == 0 && self.loading.is_none() {
            self.app.progress.set(None);
        }
    }

    /// The engine makes the family anew: what shows of it and who is selected stays, and is asked
    /// for once more.
    pub(super) fn stay_with_family(&mut self, can_cancel: bool) {
        if self.family.is_none() {
            return;
        }
        // What is wished for already belongs to the chart that comes.
        if self.stage.view == View::Family && self.charting == 0 {
            self.wishes = Wishes {
                view: View::Family,
                camera: Some(self.camera_route()),
                selected: self.stage.selected.as_ref().map(|selected| selected.id.clone()),
                related: self.app.kin.with_untracked(|kin| Some(kin.as_ref()?.from.clone())),
                target: self.wishes.target.take(),
                ..Wishes::default()
            };
        }
        self.charting += 1;
        self.await_layout(can_cancel);
    }

    pub(super) fn ask_figures(&mut self) {
        self.has_kept = false;
        if let Some(engine) = &self.family {
            engine.send(&ToEngine::Figures);
        }
    }

    fn await_layout(&mut self, can_cancel: bool) {
        self.lose_export(View::Family);
        let name =
            self.app.family.with_untracked(|family| family.as_ref().map(|it| it.name.clone()));
        let name = name.unwrap_or_default();
        let stage = LoadStage::LayingOut;
        self.app.progress.set(Some(Progress { name, stage, share: 0.0, can_cancel }));
    }

    pub(super) fn hear_charted(&mut self, charted: Charted) {
        self.charting = self.charting.saturating_sub(1);
        if self.charting > 0 {
            // Another is on its way, and what is wished for belongs to that one.
            return;
        }
        self.end_await();
        self.chart.clone_from(&charted.chart);
        self.arrangement.clone_from(&charted.arrangement);
        self.app.charted.set(charted);
        if self.stage.view != View::Family {
            // Who came away meanwhile finds nobody selected; what is wished for elsewhere stays.
            if self.wishes.view == View::Family {
                self.wishes.selected = None;
            }
            return;
        }
        // Nobody stands where they stood; who is still selected is so when they have been found.
        self.stage.selected = None;
        self.stage.hovered = None;
        self.app.hovered.set(None);
        if self.wishes.selected.is_none() {
            self.select(None);
        }
    }
}
