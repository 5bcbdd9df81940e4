//! How pictures look, and what is painted again when that changes.

use banyan_view::Colouring;
use leptos::prelude::*;

use super::{Control, device_pixel_ratio};
use crate::{
    app::state::{App, Panels},
    message::{KeptAsk, Look, ToEngine},
};

/// What the person wants. Tracked.
pub fn wanted(app: App) -> Look {
    Look {
        is_dark: app.is_dark.get(),
        device_pixel_ratio: device_pixel_ratio(),
        language: app.locale.get(),
        pictures: app.pictures.get(),
        hides_living: app.hides_living.get(),
        calendar: app.calendar.get(),
        colouring: app.panels.get().colouring,
    }
}

impl Control {
    /// A new theme, language, calendar, pixel ratio, budget, mask or other colours: everything is
    /// painted again.
    pub fn set_look(&mut self, look: Look) {
        if look == self.look {
            return;
        }
        let has_new_mask = look.hides_living != self.look.hides_living;
        let is_remade = has_new_mask || (look.hides_living && look.language != self.look.language);
        self.look.colouring = look.colouring;
        if look == self.look {
            // What shows stays until the same is there in other colours.
            self.send_look();
            self.write_address(false);
            return;
        }
        self.look = look;
        self.stage.set_tile_budget(self.look.pictures.tile_bytes());
        self.stage.inks.forget();
        self.stage.forget_tiles();
        self.send_look();
        if is_remade {
            // From words in another language there is nothing to go back to.
            self.stay_with_family(has_new_mask);
        }
        if self.app.has_figures() {
            if self.has_kept {
                self.ask_kept(KeptAsk::List);
            } else {
                self.ask_figures();
            }
        }
        self.ask_kinship_again();
        self.ask_table_again();
        self.ask_frame();
    }

    /// What the colours of the family are to say. Whoever comes by an address sees what they mean.
    pub(super) fn ask_colouring(&self, colouring: Colouring) {
        let panels = self.app.panels.get_untracked();
        if panels.colouring != colouring {
            self.app.panels.set(Panels { colouring, legend: true, ..panels });
        }
    }

    /// The canvases lost what they showed, and the engine's may have too.
    pub fn redraw_everything(&mut self) {
        self.stage.forget_pictures();
        self.send_look();
        self.ask_frame();
    }

    pub(super) fn send_look(&self) {
        let message = ToEngine::Look(self.look.clone());
        let all = [&self.family, &self.loading, &self.next, &self.live, &self.lab];
        for engine in all.into_iter().flatten() {
            engine.send(&message);
        }
        self.ask_thumbnail();
    }
}
