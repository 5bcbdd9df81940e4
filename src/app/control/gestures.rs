//! From hands to the camera and the selection.

use banyan_layout::geometry::Point;
use banyan_scene::Inertia;
use leptos::prelude::Set as _;

use super::{Control, now_millis};
use crate::{
    message::ToEngine,
    stage::{Gesture, Motion},
};

/// CSS px around a pointer within which something small is still meant.
const SLACK_CSS_PX: f64 = 6.0;

impl Control {
    /// `is_touch` for a finger, which does not hover before it presses.
    pub fn pointer_down(&mut self, id: i32, at: (f64, f64), is_touch: bool) {
        self.stage.hands.down(id, at, now_millis());
        if is_touch {
            // A long press opens the menu of what lies under it, which is known by then.
            self.hover(at);
        }
        // A hand on a gliding picture stops it.
        if matches!(self.stage.motion, Motion::Glide(_) | Motion::Fly { .. }) {
            self.stage.motion = Motion::Rest;
        }
    }

    pub fn pointer_move(&mut self, id: i32, at: (f64, f64)) {
        if let Some(gesture) = self.stage.hands.moved(id, at, now_millis()) {
            self.follow(gesture);
        }
    }

    pub fn pointer_up(&mut self, id: i32, at: (f64, f64)) {
        if let Some(gesture) = self.stage.hands.up(id, at) {
            self.follow(gesture);
        }
    }

    fn follow(&mut self, gesture: Gesture) {
        match gesture {
            Gesture::Drag { dx, dy } => self.pan_by(dx, dy),
            Gesture::Pinch { at, factor, dx, dy } => {
                self.stage.motion = Motion::Rest;
                let camera = self.stage.camera();
                let viewport = self.stage.viewport;
                let camera = camera.pan_by_css_px(dx, dy);
                let (least, most) = self.stage.scale_limits();
                let scale = (camera.scale * factor).max(least).min(most);
                self.stage.set_camera(camera.zoom_at(&viewport, at, scale));
                self.app.scale.set(self.stage.camera().scale);
            }
            Gesture::PinchEnd => {
                // Settles on the lattice, where tiles are sharp.
                let (camera, middle) = (self.stage.camera(), self.middle());
                let limits = self.stage.scale_limits();
                self.stage.motion.zoom_by(&camera, middle, 1.0, limits, now_millis());
            }
            Gesture::Throw(samples) => {
                let inertia = Inertia::of_samples(&samples, now_millis());
                if self.stage.motion.is_resting() && !super::is_motion_reduced() {
                    self.stage.motion = Motion::Glide(inertia);
                }
            }
            Gesture::Click { at } => {
                let serial = self.hit_test(at, true);
                self.clicking = Some(serial);
            }
            Gesture::Hover { at } => self.hover(at),
        }
        self.ask_frame();
    }

    pub fn pan_by(&mut self, dx: f64, dy: f64) {
        self.stage.motion = Motion::Rest;
        let camera = self.stage.camera().pan_by_css_px(dx, dy);
        self.stage.set_camera(camera);
        self.ask_frame();
    }

    /// The same by a wheel that turns, in as many small steps as there are frames.
    pub fn scroll_by(&mut self, dx: f64, dy: f64) {
        self.address.is_steered = true;
        self.pan_by(dx, dy);
    }

    pub fn zoom_at(&mut self, at: (f64, f64), factor: f64) {
        let camera = self.stage.camera();
        let limits = self.stage.scale_limits();
        self.stage.motion.zoom_by(&camera, at, factor, limits, now_millis());
        self.ask_frame();
    }

    pub fn look_at_minimap(&mut self, at: (f64, f64)) {
        if let Some(camera) = self.stage.camera_at_minimap(at) {
            self.stage.motion = Motion::Rest;
            self.address.is_steered = true;
            self.stage.set_camera(camera);
            self.ask_frame();
        }
    }

    /// Asks what lies under the pointer; while one question is on its way the next one waits.
    fn hover(&mut self, at: (f64, f64)) {
        if self.hovering.is_some() {
            self.next_hover = Some(at);
        } else {
            self.hovering = Some(self.hit_test(at, false));
        }
    }

    pub fn hover_nothing(&mut self) {
        self.next_hover = None;
        self.hovering = None;
        if self.stage.hovered.take().is_some() {
            self.app.hovered.set(None);
            self.stage.touch_overlay();
            self.ask_frame();
        }
    }

    pub(super) fn hover_next(&mut self) {
        self.hovering = None;
        if let Some(at) = self.next_hover.take() {
            self.hover(at);
        }
    }

    fn hit_test(&mut self, at: (f64, f64), is_press: bool) -> u32 {
        let serial = self.next_serial();
        let (x, y) = self.stage.world_at(at);
        // Casts saturate: a point beyond every scene hits nothing.
        let point = Point::new(x.floor() as i32, y.floor() as i32);
        let slack = (SLACK_CSS_PX / self.stage.camera().scale).ceil() as i32;
        let view = self.stage.view;
        self.send(&ToEngine::HitTest { view, serial, point, slack, is_press });
        serial
    }
}
