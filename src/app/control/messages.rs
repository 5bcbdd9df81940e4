//! What the engines say, and what follows from it.

use banyan_view::{NodeSummary, ToldFindings, View};
use leptos::prelude::*;
use web_sys::ImageBitmap;

use super::Control;
use crate::{
    app::{
        engines::is_out_of_memory,
        state::{Heard, Progress, SearchResults},
    },
    message::{FamilySource, FromEngine, LoadError, LoadStage, SceneInfo},
    stage::Motion,
};

/// The longest pause between news that is taken for the bridge's own pace.
const MOST_PAUSE_MILLIS: f64 = 10_000.0;

impl Control {
    /// The file that was being opened is not.
    fn fail(&mut self, error: LoadError) {
        self.loading = None;
        self.app.progress.set(None);
        // A kept file that is gone leaves the page with the sample, not with nothing.
        if self.family.is_none() {
            self.wishes = super::address::Wishes { view: self.wishes.view, ..Default::default() };
            let sample = FamilySource::Sample(Self::first_sample());
            self.open_family(sample, &wasm_bindgen::JsValue::UNDEFINED);
        }
        self.app.load_error.set(Some(error));
    }

    /// From the engine of a family: the one that is shown, or the one that is being opened.
    pub(super) fn hear_family(&mut self, message: FromEngine, picture: Option<ImageBitmap>) {
        match message {
            FromEngine::Progress { stage, share } => self.show_progress(stage, share),
            FromEngine::Opened(summary) => {
                if let Some(engine) = self.loading.take() {
                    // The engine before ends here.
                    self.family = Some(engine);
                    self.charting = 0;
                    self.lose_export(View::Family);
                }
                self.app.progress.set(None);
                self.app.load_error.set(None);
                self.app.figures.set(ToldFindings::default());
                if !matches!(summary.source, FamilySource::Sample(_)) {
                    self.persist();
                }
                self.app.family.set(Some(summary));
                // Its engine tells of branches where there are any.
                self.app.places.update(|places| places.remove(&View::Family));
                self.app.form.set(None);
                self.app.can_undo.set(false);
                self.app.can_redo.set(false);
                if !self.stage.view.is_live() {
                    self.end_kin();
                    self.select(None);
                    self.clear_search();
                }
            }
            FromEngine::Failed(error) => self.fail(error),
            FromEngine::Panicked { report }
                if self.loading.is_some() && is_out_of_memory(&report) =>
            {
                let progress = self.app.progress.get_untracked();
                let name = progress.map(|progress| progress.name).unwrap_or_default();
                self.fail(LoadError::new(&name, "out_of_memory"));
            }
            FromEngine::Charted(charted) => self.hear_charted(charted),
            FromEngine::Figures(figures) => self.app.figures.set(figures),
            FromEngine::Legend(legend) => self.app.legend.set(legend),
            FromEngine::Table(table) => self.hear_table(table),
            FromEngine::Form(form) => self.app.form.set(Some(form)),
            FromEngine::Edited(edited) => self.hear_edited(edited),
            FromEngine::Arranged { charted, said, is_asked } => {
                self.hear_arranged(charted, said, is_asked);
            }
            FromEngine::Refused(said) => {
                self.end_await();
                self.app.toast.set(Some(said));
            }
            FromEngine::Lit(said) => self.app.toast.set(Some(said).filter(|said| !said.is_empty())),
            FromEngine::Notes(notes) => self.app.family.update(|family| {
                if let Some(family) = family {
                    family.diagnostics = notes;
                }
            }),
            other => self.hear(other, picture),
        }
    }

    pub(super) fn show_progress(&mut self, stage: LoadStage, share: f32) {
        self.app.progress.update(|progress| {
            if let Some(Progress { stage: at, share: done, .. }) = progress {
                (*at, *done) = (stage, share);
            }
        });
    }

    /// From the engine that holds the link to the bridge.
    pub(super) fn hear_live(&mut self, message: FromEngine, picture: Option<ImageBitmap>) {
        match message {
            FromEngine::Link(link) => self.app.link.set(link),
            FromEngine::Targets(targets) => {
                let chosen = self.app.target.get_untracked();
                let is_there =
                    |id: &banyan_protocol::TargetId| targets.iter().any(|info| info.id == *id);
                let target = chosen
                    .filter(is_there)
                    .or_else(|| self.wishes.target.clone().filter(is_there))
                    .or_else(|| targets.first().map(|info| info.id.clone()));
                self.app.targets.set(targets);
                self.app.target.set(target);
                // A new link knows nothing of what was watched on the old one.
                self.watched = None;
                self.watch();
            }
            FromEngine::Health { target, health } => {
                self.app.heard.update(|all| {
                    all.get_or_insert_with(target, Heard::default).health = Some(health);
                });
            }
            FromEngine::Facts { target, facts } => self.app.heard.update(|all| {
                let now = js_sys::Date::now();
                let heard = all.get_or_insert_with(target, Heard::default);
                if let Some(before) = heard.at_millis.replace(now) {
                    // Half of what was remembered goes with each news, and a pause counts once.
                    let passed = (now - before).min(MOST_PAUSE_MILLIS);
                    heard.every_millis = (heard.every_millis / 2.0).max(passed);
                }
                heard.facts = Some(facts);
            }),
            FromEngine::Findings(findings) => self.app.findings.set(findings),
            other => self.hear(other, picture),
        }
    }

    pub(super) fn hear(&mut self, message: FromEngine, picture: Option<ImageBitmap>) {
        match message {
            FromEngine::Scene(info) => self.hear_scene(info),
            FromEngine::Tile { view, key, revision, ink } => {
                if let Some(picture) = picture {
                    self.stage.accept_tile(view, key, revision, (ink, picture));
                }
            }
            FromEngine::Thumbnail { view, .. } => {
                if let Some(picture) = picture {
                    self.stage.accept_thumbnail(view, picture);
                }
            }
            FromEngine::Hit { view, serial, node } | FromEngine::Found { view, serial, node } => {
                if view == self.stage.view {
                    self.hear_node(serial, node);
                }
            }
            FromEngine::Results { view, serial, nodes, total } => {
                let is_lit = serial == self.lighting || serial == self.searching;
                if view == self.stage.view && is_lit {
                    // Who is not on the chart is nowhere. Of a colour with more than are named here the
                    // colour is enough: frames around the first of them would say that these are all.
                    let is_whole = total as usize == nodes.len();
                    let is_search = self.app.search.with_untracked(|it| !it.query.is_empty());
                    let places =
                        nodes.iter().map(|node| node.rect).filter(|_| is_whole || is_search);
                    self.stage.lit = places.filter(|rect| !rect.is_empty()).collect();
                    self.stage.touch_overlay();
                }
                if view == self.stage.view && serial == self.searching {
                    let query = self.app.search.with_untracked(|search| search.query.clone());
                    self.app.search.set(SearchResults { query, nodes, total });
                }
            }
            FromEngine::Places { view, names } => self.app.places.update(|places| {
                places.insert(view, names);
            }),
            FromEngine::Details { view, id, details, summary } => {
                // An answer about what was selected before says nothing any more.
                let is_current =
                    self.stage.selected.as_ref().is_some_and(|selected| selected.id == id);
                if view == self.stage.view && is_current {
                    if let Some(summary) = summary {
                        // The node may have moved, or carry another number in a changed scene.
                        let is_flying = matches!(self.stage.motion, Motion::Fly { .. });
                        let before = self.stage.selected.as_ref().map(|selected| selected.rect);
                        if is_flying && before != Some(summary.rect) {
                            self.fly_to_node(&summary);
                        } else if let Some(before) = before {
                            self.stage.follow(before, summary.rect);
                        }
                        self.app.selected.set(Some(summary.clone()));
                        self.stage.selected = Some(summary);
                        self.stage.touch_overlay();
                        if self.app.kin.with_untracked(Option::is_none) {
                            self.app.details.set(details);
                        }
                    } else {
                        self.select(None);
                    }
                }
            }
            FromEngine::Related { view, serial, kinship } => {
                if view == self.stage.view {
                    self.hear_kinship(serial, kinship);
                }
            }
            FromEngine::Stats(stats) => {
                self.engine_stats.insert(self.stage.view, stats);
            }
            FromEngine::Export(news) => self.hear_export(news),
            FromEngine::Foretold(size) => self.app.foretold.set(size),
            FromEngine::Panicked { report } => self.report_panic(&report),
            // Said to the callers above and in the lab, or to the engine's handle.
            FromEngine::Ready
            | FromEngine::Progress { .. }
            | FromEngine::Opened(_)
            | FromEngine::Failed(_)
            | FromEngine::Link(_)
            | FromEngine::Targets(_)
            | FromEngine::Health { .. }
            | FromEngine::Facts { .. }
            | FromEngine::Findings(_)
            | FromEngine::Made { .. }
            | FromEngine::Trying(_)
            | FromEngine::Tried(_)
            | FromEngine::TrialDone
            | FromEngine::Charted(_)
            | FromEngine::Arranged { .. }
            | FromEngine::Notes(_)
            | FromEngine::Figures(_)
            | FromEngine::Legend(_)
            | FromEngine::Lit(_)
            | FromEngine::Table(_)
            | FromEngine::Form(_)
            | FromEngine::Edited(_)
            | FromEngine::Refused(_) => {}
        }
        self.ask_frame();
    }

    fn hear_scene(&mut self, info: SceneInfo) {
        let is_shown = info.view == self.stage.view;
        let is_new = info.is_new;
        if is_new && info.view == View::Family {
            self.stage.first_picture.answer();
        }
        self.app.scenes.update(|scenes| {
            scenes.insert(info.view, info.clone());
        });
        self.stage.accept_scene(info, super::is_motion_reduced());
        if is_shown {
            if is_new {
                // Whatever was asked of the scene before has no answer any more.
                self.forget_questions();
                self.app.scale.set(self.stage.camera().scale);
                self.grant_wishes();
                if let Some(wanted) = self.stage.ask_ahead() {
                    self.ask_tiles(wanted);
                }
                // What was found stands elsewhere now.
                let query = self.app.search.with_untracked(|search| search.query.clone());
                self.search(query);
                // Everybody stands elsewhere.
                self.ask_kinship(0);
                self.ask_table_again();
            } else {
                self.light_again();
                self.ask_kinship_again();
            }
            self.ask_thumbnail();
        }
    }

    fn hear_node(&mut self, serial: u32, node: Option<NodeSummary>) {
        if self.hovering == Some(serial) {
            if self.stage.hovered != node {
                self.stage.hovered.clone_from(&node);
                self.stage.touch_overlay();
                self.app.hovered.set(node);
            }
            self.hover_next();
        } else if self.clicking == Some(serial) {
            self.clicking = None;
            self.select(node);
        } else if self.finding == Some(serial) {
            self.finding = None;
            if let Some(node) = node {
                self.go_to(node);
            }
        }
    }
}
