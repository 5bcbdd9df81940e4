//! The lab: scenes that are made up, and experiments.

use banyan_view::{Route, View};
use js_sys::{Function, Object};
use leptos::prelude::*;
use wasm_bindgen::JsValue;
use web_sys::ImageBitmap;

use super::{Control, tools};
use crate::{
    app::{
        engines::Engine,
        shell::{format, lab::kind_name},
        state::Progress,
    },
    message::{FromEngine, LoadStage, Made, ToEngine, Trial, Tried},
};

/// As often as in the experiment that the project grew from.
const REDRAWS: u32 = 1000;
/// Circles are redrawn less often: there are many of them.
const CIRCLE_REDRAWS: u32 = 100;

impl Control {
    /// Takes what an address names for the lab; whether it is still to be made.
    pub(super) fn wants_to_make(&mut self, route: &Route) -> bool {
        let Some(made) = route.document.as_deref().and_then(Made::parse) else { return false };
        if route.view != View::Lab {
            return false;
        }
        let is_shown = self.lab.is_some() && self.app.lab.with_untracked(|lab| lab.wanted == made);
        self.app.lab.update(|lab| lab.wanted = made);
        if !is_shown {
            self.make_wanted();
        }
        !is_shown
    }

    /// Makes up what is wanted, in a worker of its own; the one before ends, and gives its memory up.
    pub(super) fn make_wanted(&mut self) {
        let (made, changes_per_second) = self.app.lab.with_untracked(|lab| (lab.wanted, lab.churn));
        self.lab = None;
        self.lose_export(View::Lab);
        self.forget_scene(View::Lab);
        let locale = self.app.locale.get_untracked();
        let count = format::count(u64::from(made.nodes), locale);
        let name = format!("{} · {count}", kind_name(made.kind).of(locale));
        let stage = LoadStage::Reading;
        self.app.progress.set(Some(Progress { name, stage, share: 0.0, can_cancel: true }));
        let engine = Engine::start(|message, picture| {
            super::with(|control| control.hear_lab(message, picture));
        });
        match engine {
            Ok(engine) => {
                engine.send(&ToEngine::Look(self.look.clone()));
                engine.send(&ToEngine::Make(made));
                engine.send(&ToEngine::Churn { changes_per_second });
                self.lab = Some(engine);
            }
            Err(error) => self.report_panic(&format!("{error:?}")),
        }
    }

    /// Ends what is being made up; what is there already stays.
    pub(super) fn stop_making(&mut self) {
        let is_made = self.app.scenes.with_untracked(|scenes| scenes.get(&View::Lab).is_some());
        if !is_made {
            self.lab = None;
        }
    }

    fn hear_lab(&mut self, message: FromEngine, picture: Option<ImageBitmap>) {
        match message {
            FromEngine::Progress { stage, share } => self.show_progress(stage, share),
            FromEngine::Made { scene_millis, .. } => {
                self.app.progress.set(None);
                self.stage.first_picture.begin(scene_millis);
                if self.stage.view == View::Lab {
                    self.write_address(true);
                }
            }
            other => self.hear(other, picture),
        }
    }

    pub(super) fn set_churn(&mut self, changes_per_second: u32) {
        self.app.lab.update(|lab| lab.churn = changes_per_second);
        if let Some(lab) = &self.lab {
            lab.send(&ToEngine::Churn { changes_per_second });
        }
    }

    pub(super) fn try_circles(&mut self) {
        let count = self.app.lab.with_untracked(|lab| lab.circles);
        self.begin_trial(Trial::Circles { count, redraws: CIRCLE_REDRAWS });
    }

    pub(super) fn try_family(&mut self) {
        let trial = self.family_trial(REDRAWS);
        self.begin_trial(trial);
    }

    fn family_trial(&self, redraws: u32) -> Trial {
        let viewport = self.stage.viewport;
        let (width_px, height_px) = (viewport.width_px, viewport.height_px);
        Trial::Family { redraws, width_px, height_px }
    }

    /// Tries something in a worker of its own: it can be ended, and the page stays alive.
    fn begin_trial(&mut self, trial: Trial) {
        self.stop_trial();
        let engine = Engine::start(move |message, _| {
            super::with(|control| control.hear_trial(trial, message));
        });
        match engine {
            Ok(engine) => {
                engine.send(&ToEngine::Look(self.look.clone()));
                engine.send(&ToEngine::Try(trial));
                self.trial = Some(engine);
                self.app.lab.update(|lab| lab.trial = Some(trial));
            }
            Err(error) => self.report_panic(&format!("{error:?}")),
        }
    }

    /// Ends the experiment that runs; what it has measured already stays.
    pub(super) fn stop_trial(&mut self) {
        if self.trial.take().is_some() {
            self.app.lab.update(|lab| (lab.trial, lab.way) = (None, None));
        }
        if let Some((resolve, figures)) = self.measuring.take() {
            // Resolving a promise throws nothing.
            let _ = resolve.call1(&JsValue::NULL, &figures);
        }
    }

    fn hear_trial(&mut self, trial: Trial, message: FromEngine) {
        match message {
            FromEngine::Trying(way) => self.app.lab.update(|lab| lab.way = Some(way)),
            FromEngine::Tried(tried) => {
                if let Some((_, figures)) = &self.measuring {
                    tools::set_tried(figures, &tried);
                }
                self.app.lab.update(|lab| {
                    let is_same =
                        |(on, before): &(Trial, Tried)| *on == trial && before.way == tried.way;
                    match lab.tried.iter_mut().find(|entry| is_same(entry)) {
                        Some(before) => before.1 = tried,
                        None => lab.tried.push((trial, tried)),
                    }
                });
            }
            FromEngine::TrialDone => self.stop_trial(),
            FromEngine::Panicked { report } => {
                self.stop_trial();
                self.report_panic(&report);
            }
            _ => {}
        }
    }

    /// An experiment by its name, for `window.banyan`: its figures go to whoever waits.
    pub(super) fn measure(&mut self, name: &str, count: u32, resolve: Function) {
        let trial = match name {
            "circles" => Trial::Circles { count, redraws: CIRCLE_REDRAWS },
            "layout" => Trial::Layout { nodes: count },
            "dots" => Trial::Dots { nodes: count },
            _ => self.family_trial(count),
        };
        self.begin_trial(trial);
        self.measuring = Some((resolve, Object::new()));
    }
}
