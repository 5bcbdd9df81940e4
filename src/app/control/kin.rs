//! How two persons are related: one is remembered, and whoever is selected next is the other. The
//! answer stands where the details of a person stand.

use banyan_layout::geometry::{Point, Rect};
use banyan_view::ToldKinship;
use leptos::prelude::*;

use super::Control;
use crate::{app::state::Relating, message::ToEngine};

/// CSS px that the panel with the answer covers on the right.
const PANEL_CSS_PX: f64 = 356.0;

impl Control {
    /// Remembers the selected person, and asks for the other.
    pub(super) fn relate(&mut self) {
        if let Some(from) = self.stage.selected.as_ref().map(|selected| selected.id.clone()) {
            self.is_kin_still = false;
            self.relate_to(from);
            self.write_address(false);
        }
    }

    pub(super) fn relate_to(&mut self, from: String) {
        self.app.kin.set(Some(Relating { from, ..Relating::default() }));
        self.ask_kinship(0);
    }

    pub(super) fn end_kin(&mut self) {
        if self.app.kin.with_untracked(Option::is_none) {
            return;
        }
        self.app.kin.set(None);
        // What is on its way is no answer any more.
        self.relating = self.next_serial();
        self.show_way(Vec::new(), Vec::new());
        self.app.details.set(None);
        let (view, id) =
            (self.stage.view, self.stage.selected.as_ref().map(|node| node.id.clone()));
        self.send(&ToEngine::Details { view, id });
    }

    /// What is the selected person to the one who is remembered, by the way of this number? The
    /// engine asks for another person while there is but one.
    pub(super) fn ask_kinship(&mut self, way: u32) {
        let Some(from) = self.app.kin.with_untracked(|kin| Some(kin.as_ref()?.from.clone())) else {
            return;
        };
        let selected = self.stage.selected.as_ref();
        let to = selected.map_or_else(|| from.clone(), |selected| selected.id.clone());
        self.relating = self.next_serial();
        let (view, serial) = (self.stage.view, self.relating);
        self.send(&ToEngine::Relate { view, serial, from, to, way });
    }

    pub(super) fn next_way(&mut self) {
        let way = self.app.kin.with_untracked(|kin| kin.as_ref().map_or(0, |kin| kin.way));
        self.ask_kinship(way + 1);
    }

    /// The same once more, in another language.
    pub(super) fn ask_kinship_again(&mut self) {
        if let Some(kin) = self.app.kin.get_untracked() {
            self.is_kin_still = kin.ways > 0;
            self.ask_kinship(kin.way);
        }
    }

    /// `None` where one of the two is gone.
    pub(super) fn hear_kinship(&mut self, serial: u32, answer: Option<ToldKinship>) {
        if serial != self.relating {
            return;
        }
        let Some(answer) = answer else { return self.end_kin() };
        // An address that names a camera is obeyed.
        if !answer.boxes.is_empty() && !std::mem::take(&mut self.is_kin_still) {
            self.fly_to(self.stage.fit(answer.bounds(), PANEL_CSS_PX));
        }
        self.app.kin.update(|kin| {
            if let Some(kin) = kin {
                (kin.way, kin.ways) = (answer.way, answer.ways);
            }
        });
        self.app.details.set(Some(answer.details));
        self.show_way(answer.boxes, answer.lines);
    }

    fn show_way(&mut self, boxes: Vec<Rect>, lines: Vec<Vec<Point>>) {
        self.stage.way = (boxes, lines);
        self.stage.touch_overlay();
        self.ask_frame();
    }
}
