//! The address bar: what is shown can be reloaded, shared and gone back to.

use banyan_layout::geometry::Point;
use banyan_protocol::TargetId;
use banyan_scene::{Camera, ZoomStep};
use banyan_view::{CameraRoute, Chart, Route, View};
use gloo::timers::callback::Timeout;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::Control;
use crate::message::{FamilySource, Sample, ToEngine};

/// What the address asked for, kept until the scene that it speaks of is there.
#[derive(Clone, Debug, Default)]
pub(super) struct Wishes {
    pub view: View,
    pub camera: Option<CameraRoute>,
    /// How the family is to be opened.
    pub chart: Chart,
    pub arrangement: String,
    pub selected: Option<String>,
    /// Whether the camera goes to the selected one.
    pub is_visit: bool,
    pub related: Option<String>,
    pub target: Option<TargetId>,
}

/// While a hand moves the picture the engine hears six times a second what shows. The address is written
/// once the picture has stood still for so long: browsers take it two hundred times in half a minute, and
/// each time costs more than a frame.
const PAUSE_MILLIS: u32 = 160;

/// Whether the address is to be written in a moment.
#[derive(Default)]
pub(super) struct Pace {
    next: Option<Timeout>,
    /// Whether the camera has moved since that was set.
    has_moved: bool,
    /// Something moves the camera frame by frame and does not say when it ends: a wheel, a program.
    pub is_steered: bool,
}

fn current() -> Route {
    let hash = web_sys::window().and_then(|window| window.location().hash().ok());
    Route::parse(&hash.unwrap_or_default())
}

/// `sample:<name>`, `kept:<digest>:<name>`, or `file:<name>` for the latest of that name.
fn document_of(source: &FamilySource) -> String {
    match source {
        FamilySource::Sample(sample) => format!("sample:{}", sample.name()),
        FamilySource::Kept { name, digest: Some(digest) } => format!("kept:{digest}:{name}"),
        FamilySource::File { name, .. } | FamilySource::Kept { name, .. } => format!("file:{name}"),
    }
}

pub(super) fn source_of(document: &str) -> Option<FamilySource> {
    let (kind, name) = document.split_once(':')?;
    match kind {
        "sample" => {
            let sample = Sample::ALL.into_iter().find(|sample| sample.name() == name)?;
            Some(FamilySource::Sample(sample))
        }
        "kept" => {
            let (digest, name) = name.split_once(':')?;
            Some(FamilySource::Kept { name: name.to_owned(), digest: Some(digest.to_owned()) })
        }
        "file" => Some(FamilySource::Kept { name: name.to_owned(), digest: None }),
        _ => None,
    }
}

impl Control {
    /// Shows what the address names. Called at the start and when the person goes back or forth.
    pub fn open_address(&mut self) {
        let route = current();
        let is_open = |source: &FamilySource| {
            self.app.family.with_untracked(|family| {
                family
                    .as_ref()
                    .is_some_and(|family| document_of(&family.source) == document_of(source))
            })
        };
        let named = route.document.as_deref().and_then(source_of);
        let source = match named {
            Some(source) => (!is_open(&source)).then_some(source),
            None if self.family.is_none() && route.view != View::Lab => {
                Some(FamilySource::Sample(Self::first_sample()))
            }
            None => None,
        };
        let is_making = self.wants_to_make(&route);
        // The lab's document is no family, and says nothing of its chart.
        let arrangement = route.arrangement.unwrap_or_default();
        let is_charting = source.is_none()
            && route.view != View::Lab
            && self.ask_chart(route.chart.clone(), arrangement.clone());
        let is_loading = is_making || is_charting || source.is_some();
        self.wishes = Wishes {
            view: route.view,
            camera: route.camera,
            chart: if source.is_some() { route.chart } else { Chart::default() },
            arrangement: if source.is_some() { arrangement } else { String::new() },
            selected: route.selected,
            is_visit: false,
            related: route.related,
            target: route.target.map(TargetId),
        };
        if let Some(target) = self.wishes.target.clone()
            && self
                .app
                .targets
                .with_untracked(|targets| targets.iter().any(|info| info.id == target))
        {
            self.aim_at(target);
        }
        if let Some(source) = source {
            self.open_family(source, &JsValue::UNDEFINED);
        }
        self.end_kin();
        if route.view != View::Lab {
            self.ask_colouring(route.colouring);
        }
        self.open_table(route.table);
        self.show(route.view);
        if !is_loading || route.view.is_live() {
            self.grant_wishes();
        }
    }

    /// Applies what the address asked for, once its scene and its window are there.
    pub(super) fn grant_wishes(&mut self) {
        let view = self.stage.view;
        if self.wishes.view != view
            || self.stage.pane().scene.is_none()
            || self.stage.viewport.width_px == 0
            || (view == View::Family && self.charting > 0)
        {
            return;
        }
        let camera = self.wishes.camera.take();
        let is_placed = camera.is_some();
        if let Some(from) = self.wishes.related.take() {
            self.is_kin_still = is_placed;
            self.relate_to(from);
        }
        if let Some(CameraRoute { x, y, step }) = camera {
            let origin = self.origin();
            let camera = Camera {
                center_x: f64::from(x) + f64::from(origin.x),
                center_y: f64::from(y) + f64::from(origin.y),
                scale: ZoomStep(step.clamp(ZoomStep::MIN.0, ZoomStep::MAX.0)).scale(),
            };
            self.stage.set_camera(camera.snapped(&self.stage.viewport));
            self.app.scale.set(self.stage.camera().scale);
        }
        if let Some(id) = self.wishes.selected.take() {
            let serial = self.next_serial();
            if self.wishes.is_visit || !is_placed {
                self.finding = Some(serial);
            } else {
                // Selected without a flight where the address said what the camera shows.
                self.clicking = Some(serial);
            }
            let is_near_enough = self.wishes.is_visit;
            self.send(&ToEngine::Find { view, serial, id, is_near_enough });
        }
        self.ask_frame();
    }

    /// Writes where the camera rests, and tells the engine: at once, or where something holds the picture
    /// when it has held it still for a moment.
    pub(super) fn write_address_at_rest(&mut self) {
        if self.stage.hands.is_dragging() || self.address.is_steered {
            self.address.has_moved = true;
            if self.address.next.is_none() {
                self.wait_for_rest();
            }
            return;
        }
        self.address.next = None;
        self.tell_what_shows();
        self.write_address(false);
    }

    fn wait_for_rest(&mut self) {
        self.address.has_moved = false;
        self.address.next = Some(Timeout::new(PAUSE_MILLIS, || {
            super::with(|control| {
                // It has run; ending it now would take away what is running.
                if let Some(timeout) = control.address.next.take() {
                    timeout.forget();
                }
                control.tell_what_shows();
                if control.address.has_moved {
                    control.wait_for_rest();
                    return;
                }
                control.address.is_steered = false;
                control.write_address(false);
            });
        }));
    }

    /// What an address counts from, in world units.
    fn origin(&self) -> Point {
        self.stage.pane().scene.as_ref().map_or(Point::default(), |scene| scene.origin)
    }

    pub(super) fn camera_route(&self) -> CameraRoute {
        let (camera, origin) = (self.stage.camera(), self.origin());
        CameraRoute {
            // Casts saturate; the camera is held near its scene anyway.
            x: (camera.center_x - f64::from(origin.x)).round() as i32,
            y: (camera.center_y - f64::from(origin.y)).round() as i32,
            step: camera.step().0,
        }
    }

    /// Writes the state into the address bar; as a new entry of the history where it is another
    /// place, in place of the current one where only the camera or the selection moved.
    pub(super) fn write_address(&mut self, is_new_entry: bool) {
        // What is still wished for is not lost by a frame that comes before its scene.
        let has_scene = self.stage.pane().scene.is_some();
        let is_wishing = self.wishes.view == self.stage.view
            && (self.wishes.camera.is_some()
                || self.wishes.selected.is_some()
                || self.wishes.related.is_some());
        if (is_wishing || !has_scene) && !is_new_entry {
            return;
        }
        let view = self.stage.view;
        let route = Route {
            view,
            document: if view == View::Lab {
                self.app.lab.with_untracked(|lab| Some(lab.wanted.format()))
            } else {
                self.app.family.with_untracked(|family| {
                    family.as_ref().map(|family| document_of(&family.source))
                })
            },
            chart: if view == View::Lab { Chart::default() } else { self.chart.clone() },
            colouring: self.app.panels.get_untracked().colouring,
            arrangement: Some(self.arrangement.clone())
                .filter(|arrangement| view != View::Lab && !arrangement.is_empty()),
            table: self.table.as_ref().map(|table| table.order().to_owned()),
            target: if view.is_live() {
                self.app.target.get_untracked().map(|target| target.0)
            } else {
                None
            },
            selected: self.stage.selected.as_ref().map(|selected| selected.id.clone()),
            related: self.app.kin.with_untracked(|kin| kin.as_ref().map(|kin| kin.from.clone())),
            camera: has_scene.then(|| self.camera_route()),
        };
        let fragment = route.format();
        let Some(window) = web_sys::window() else { return };
        if window.location().hash().is_ok_and(|hash| hash == fragment) {
            return;
        }
        let Ok(history) = window.history() else { return };
        // Refused when written too often; the next rest of the camera writes again.
        let _ = if is_new_entry {
            history.push_state_with_url(&JsValue::NULL, "", Some(&fragment))
        } else {
            history.replace_state_with_url(&JsValue::NULL, "", Some(&fragment))
        };
    }
}
