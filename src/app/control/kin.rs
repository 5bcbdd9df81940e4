//! How two persons are related: one is remembered, and whoever is selected next is the other. The
//! answer stands where the details of a person stand.

use banyan_view::{ToldDetails, ToldKinship};
use leptos::prelude::*;

use super::Control;
use crate::{
    app::{shell::text::text, state::Relating},
    message::ToEngine,
};

/// CSS px that the panel with the answer covers on the right.
const PANEL_CSS_PX: f64 = 356.0;

impl Control {
    /// Remembers the selected person, and asks for the other.
    pub(super) fn relate(&mut self) {
        if let Some(selected) = self.stage.selected.clone() {
            self.relate_to(selected.id, selected.title);
            self.write_address(false);
        }
    }

    /// The same for somebody whose name the answer will tell.
    pub(super) fn relate_to(&mut self, from: String, name: String) {
        self.app.kin.set(Some(Relating { from, name, ..Relating::default() }));
        self.hear_kinship(self.relating, None);
    }

    pub(super) fn end_kin(&mut self) {
        if self.app.kin.with_untracked(Option::is_none) {
            return;
        }
        self.app.kin.set(None);
        // What is on its way is no answer any more.
        self.relating = self.next_serial();
        self.show_way(None);
        self.app.details.set(None);
        let (view, id) =
            (self.stage.view, self.stage.selected.as_ref().map(|node| node.id.clone()));
        self.send(&ToEngine::Details { view, id });
    }

    /// What is the selected person to the one who is remembered, by the way of this number?
    pub(super) fn ask_kinship(&mut self, way: u32) {
        let Some(from) = self.app.kin.with_untracked(|kin| Some(kin.as_ref()?.from.clone())) else {
            return;
        };
        let to = self.stage.selected.as_ref().map(|selected| selected.id.clone());
        self.relating = self.next_serial();
        let (view, serial) = (self.stage.view, self.relating);
        match to.filter(|to| *to != from) {
            Some(to) => self.send(&ToEngine::Relate { view, serial, from, to, way }),
            None => self.hear_kinship(serial, None),
        }
    }

    pub(super) fn next_way(&mut self) {
        let way = self.app.kin.with_untracked(|kin| kin.as_ref().map_or(0, |kin| kin.way));
        self.ask_kinship(way + 1);
    }

    /// The same once more, in another language.
    pub(super) fn ask_kinship_again(&mut self) {
        if let Some(way) = self.app.kin.with_untracked(|kin| Some(kin.as_ref()?.way)) {
            self.is_kin_still = true;
            self.ask_kinship(way);
        }
    }

    /// An answer, or that there is nobody to compare with.
    pub(super) fn hear_kinship(&mut self, serial: u32, answer: Option<ToldKinship>) {
        let Some(mut kin) = self.app.kin.get_untracked().filter(|_| serial == self.relating) else {
            return;
        };
        self.show_way(answer.as_ref());
        let details = match answer {
            Some(answer) => {
                // An address that names a camera is obeyed.
                if !std::mem::take(&mut self.is_kin_still) && !answer.boxes.is_empty() {
                    self.fly_to(self.stage.fit(answer.bounds(), PANEL_CSS_PX));
                }
                (kin.name, kin.way, kin.ways) = (answer.from, answer.way, answer.ways);
                answer.details
            }
            None => {
                kin.ways = 0;
                let subtitle = text!(kin_ask).of(self.app.locale.get_untracked()).to_owned();
                ToldDetails { title: kin.name.clone(), subtitle, ..ToldDetails::default() }
            }
        };
        self.app.kin.set(Some(kin));
        self.app.details.set(Some(details));
    }

    fn show_way(&mut self, kinship: Option<&ToldKinship>) {
        self.stage.way = kinship.map(|it| (it.boxes.clone(), it.lines.clone())).unwrap_or_default();
        self.stage.touch_overlay();
        self.ask_frame();
    }
}
